/* SPDX-License-Identifier: MIT */
/* Where a failed sim_ call says what was wrong and what is allowed: one line for a person. */
#ifndef SIM_DIAG_H
#define SIM_DIAG_H

#include <stddef.h>

#define SIM_DIAG_TEXT_MAX 512

struct sim_diag {
    int code;                     /* the VIO_E… that the call returned */
    char text[SIM_DIAG_TEXT_MAX]; /* one line, printable, no newline, always terminated */
};

/* Fills `diag` (may be NULL) and returns `code`. Bytes that are not printable become '?', so that
 * text quoted from a file cannot break the line; an over-long line is cut at a UTF-8 boundary. */
int sim_diag_set(struct sim_diag *diag, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
