/*
 * Functions nobody may call, because a safe one stands beside each. Included before every source
 * file by the build; a call does not compile.
 */
#ifndef TP_BASE_BANNED_H
#define TP_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define TP_BANNED(name) tp_the_function_##name##_is_banned

#undef strcpy
#define strcpy(a, b) TP_BANNED(strcpy)
#undef strcat
#define strcat(a, b) TP_BANNED(strcat)
#undef strncpy
#define strncpy(a, b, n) TP_BANNED(strncpy)
#undef strncat
#define strncat(a, b, n) TP_BANNED(strncat)
#undef sprintf
#define sprintf(...) TP_BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) TP_BANNED(vsprintf)
#undef strtok
#define strtok(a, b) TP_BANNED(strtok)
#undef gmtime
#define gmtime(t) TP_BANNED(gmtime)
#undef localtime
#define localtime(t) TP_BANNED(localtime)
#undef ctime
#define ctime(t) TP_BANNED(ctime)
#undef asctime
#define asctime(t) TP_BANNED(asctime)
#undef atoi
#define atoi(s) TP_BANNED(atoi)
#undef atof
#define atof(s) TP_BANNED(atof)
#undef tmpnam
#define tmpnam(s) TP_BANNED(tmpnam)
#undef system
#define system(s) TP_BANNED(system)

#endif
