/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>

#include "tools/vioctl/vioctl.h"

static void say(const char *format, va_list list)
{
    char line[1024];

    vsnprintf(line, sizeof line, format, list);
    fputs("vioctl: ", stderr);
    for (const char *c = line; *c != '\0'; c++)
        fputc((unsigned char)*c < 0x20 || *c == 0x7f ? '?' : *c, stderr);
    fputc('\n', stderr);
}

int complain(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    say(format, list);
    va_end(list);
    return EXIT_REFUSED;
}

int misuse(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    say(format, list);
    va_end(list);
    return EXIT_USAGE;
}
