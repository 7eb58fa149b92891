/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>

#include "tools/vioctl/vioctl.h"

static const char *about;
static size_t about_line;

void complain_about(const char *file, size_t number)
{
    about = file;
    about_line = number;
}

static void say(const char *format, va_list list)
{
    char line[1024] = "";
    size_t used = 0;

    if (about != NULL)
        used = (size_t)snprintf(line, sizeof line, "%.255s:%zu: ", about, about_line);
    vsnprintf(line + used, sizeof line - used, format, list);
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
