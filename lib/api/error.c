/* SPDX-License-Identifier: MIT */
#include <libvio/error.h>

#include "lib/base/error.h"

const char *vio_strerror(int code)
{
    return vio__error_text(code);
}

const char *vio_error_name(int code)
{
    return vio__error_name(code);
}

enum vio_error_category vio_error_category(int code)
{
    return vio__error_category(code);
}

int vio_error_retryable(int code)
{
    return vio__error_retryable(code);
}
