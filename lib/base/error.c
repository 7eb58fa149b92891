/* SPDX-License-Identifier: MIT */
#include "lib/base/error.h"

#include <errno.h>
#include <stddef.h>

struct error_info {
    int code;
    int retryable;
    enum vio_error_category category;
    const char *name;
    const char *text;
};

static const struct error_info table[] = {
#define ERROR_INFO(code, number, text, retryable, category) \
    {code, retryable, category, #code, text},
    VIO_ERROR_MAP(ERROR_INFO)
#undef ERROR_INFO
};

static const struct error_info *find(int code)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (table[i].code == code)
            return &table[i];
    return NULL;
}

const char *vio__error_text(int code)
{
    const struct error_info *info = find(code);

    if (code == VIO_OK)
        return "success";
    return info != NULL ? info->text : "unknown error";
}

const char *vio__error_name(int code)
{
    const struct error_info *info = find(code);

    if (code == VIO_OK)
        return "VIO_OK";
    return info != NULL ? info->name : "VIO_EUNKNOWN";
}

enum vio_error_category vio__error_category(int code)
{
    const struct error_info *info = find(code);

    return info != NULL ? info->category : VIO_CATEGORY_UNKNOWN;
}

int vio__error_retryable(int code)
{
    const struct error_info *info = find(code);

    return info != NULL ? info->retryable : 0;
}

int vio__error_from_errno(int number)
{
    switch (number) {
    case ENOMEM:
    case EMFILE:
    case ENFILE:
        return VIO_ENOMEM;
    case EINVAL:
    case ENAMETOOLONG:
        return VIO_EINVAL;
    case ENOENT:
    case ENOTDIR:
    case ENODEV:
    case ENXIO:
        return VIO_ENOENT;
    case EEXIST:
        return VIO_EEXIST;
    case EACCES:
    case EPERM:
    case EROFS:
        return VIO_EPERM;
    case EBUSY:
        return VIO_EBUSY;
    case EAGAIN:
        return VIO_EAGAIN;
    case ENOSPC:
        return VIO_EFULL;
    case ENOSYS:
    case EOPNOTSUPP:
        return VIO_ENOTSUP;
    case ETIMEDOUT:
        return VIO_ETIMEDOUT;
    case ECONNREFUSED:
    case ECONNRESET:
    case ECONNABORTED:
    case ENOTCONN:
    case EPIPE:
        return VIO_ETRANSPORT;
    default:
        return VIO_EIO;
    }
}
