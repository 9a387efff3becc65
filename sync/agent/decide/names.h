/*
 * Which names from the network may become names on disk. Thread: any.
 */
#ifndef TP_AGENT_DECIDE_NAMES_H
#define TP_AGENT_DECIDE_NAMES_H

#include <stdbool.h>

/* Leaves room for "-HASH", a prefix and a suffix within NAME_MAX (255). */
#define TP_LISTED_ID_MAX 128
#define TP_MEDIA_NAME_MAX 200

/* 1 to 128 of A-Z a-z 0-9 . _ -, not beginning with a dot. */
bool tp_name_is_form_id(const char *name);

/* 1 to 200 bytes of valid UTF-8 without a control character, slash, backslash or colon, not
 * beginning with a dot, and not the name of a file that the package itself makes (form.xml). */
bool tp_name_is_media(const char *name);

/* 32 hex digits after "md5:", as OpenRosa's form list and manifest write a hash; the digits are
 * copied in lower case. */
#define TP_MD5_TEXT_MAX 33
bool tp_name_is_md5(const char *text, char digits[TP_MD5_TEXT_MAX]);

#endif
