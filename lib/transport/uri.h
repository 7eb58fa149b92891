/* SPDX-License-Identifier: MIT */
/*
 * URIs of chassis: SCHEME:PATH[?KEY=VALUE[&KEY=VALUE]…]. There are no escapes: a path may hold any
 * printable character but "?".
 */
#ifndef VIO_LIB_TRANSPORT_URI_H
#define VIO_LIB_TRANSPORT_URI_H

#include <stddef.h>

#define VIO_URI_MAX        4096 /* bytes of a whole URI */
#define VIO_URI_SCHEME_MAX 16
#define VIO_URI_PARAMS_MAX 16
#define VIO_URI_ERROR_SIZE 256

struct vio_uri_param {
    const char *key;
    const char *value;
};

/* The texts lie in `text`. */
struct vio_uri {
    const char *scheme;
    const char *path; /* may be empty */
    size_t num_params;
    struct vio_uri_param param[VIO_URI_PARAMS_MAX];
    char text[VIO_URI_MAX + 1];
};

/* VIO_EPARSE, with one line that says what is wrong and what is allowed in `error`. */
int vio__uri_parse(const char *text, struct vio_uri *ret_uri, char error[VIO_URI_ERROR_SIZE]);

/* The value of a parameter; NULL when it is not there. */
const char *vio__uri_param(const struct vio_uri *uri, const char *key);

#endif
