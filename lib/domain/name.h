/* SPDX-License-Identifier: MIT */
/* Names and texts that people give: what is allowed, and one line that says so. */
#ifndef VIO_LIB_DOMAIN_NAME_H
#define VIO_LIB_DOMAIN_NAME_H

#include <stdbool.h>
#include <stddef.h>

#define VIO_NAME_MAX        63 /* bytes */
#define VIO_DESCRIPTION_MAX 255
#define VIO_LABEL_VALUE_MAX 127
#define VIO_LABELS_MAX      32

/* What vio__name_is_valid() asks, for messages. */
#define VIO_NAME_RULE                                                                  \
    "1 to 63 bytes: letters, digits, '.', '_', '-', ':' and non-ASCII UTF-8, first a " \
    "letter, a digit or non-ASCII, and no UUID"

bool vio__name_is_valid(const char *name);

/* Valid UTF-8 (no surrogates, nothing overlong, at most U+10FFFF) of at most `max` bytes without
 * control characters. */
bool vio__text_is_valid(const char *text, size_t max);

/* Orders names for people: runs of digits by their value, so that "server2" is before "server10".
 * 0 for equal bytes only. */
int vio__name_compare(const char *a, const char *b);

/* Whether `name` matches `pattern`, in which `*` stands for any text and `?` for one character. */
bool vio__name_matches(const char *name, const char *pattern);

#endif
