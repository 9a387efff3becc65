/* cmocka with the headers it wants before it, in its order. Every test file includes this first. */
#ifndef TP_TEST_H
#define TP_TEST_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
/* clang-format on */

#endif
