/* SPDX-License-Identifier: MIT */
#include "tests/crash/trouble.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void trouble(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fputs("crash test: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(2);
}

void check_system(long result, const char *what)
{
    if (result < 0)
        trouble("%s: %s", what, strerror(errno));
}
