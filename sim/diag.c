/* SPDX-License-Identifier: MIT */
#include "sim/diag.h"

#include <stdarg.h>
#include <stdio.h>

/* Length of `text` cut back so that it does not end inside a UTF-8 sequence. */
static size_t cut_at_character(const char *text, size_t len)
{
    size_t start = len;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
        start--;
    if (start == 0 || (unsigned char)text[start - 1] < 0xc0)
        return len;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t need = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    return len - (start - 1) < need ? start - 1 : len;
}

int sim_diag_set(struct sim_diag *diag, int code, const char *fmt, ...)
{
    if (!diag)
        return code;
    diag->code = code;
    va_list args;
    va_start(args, fmt);
    int len = vsnprintf(diag->text, sizeof(diag->text), fmt, args);
    va_end(args);
    if (len < 0)
        diag->text[0] = '\0';
    if (len >= (int)sizeof(diag->text))
        diag->text[cut_at_character(diag->text, sizeof(diag->text) - 1)] = '\0';
    for (char *c = diag->text; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = '?';
    return code;
}
