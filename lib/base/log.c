/* SPDX-License-Identifier: MIT */
#include "lib/base/log.h"

#include <errno.h>
#include <stdio.h>

void vio__log_va(const struct vio_log *log, int level, const char *fmt, va_list args)
{
    char text[VIO_LOG_TEXT_MAX];
    int saved = errno;

    if (log == NULL || log->fn == NULL || level > log->level)
        return;
    if (vsnprintf(text, sizeof(text), fmt, args) >= 0)
        log->fn(log->user, level, text);
    errno = saved;
}

void vio__log(const struct vio_log *log, int level, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vio__log_va(log, level, fmt, args);
    va_end(args);
}
