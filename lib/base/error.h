/* SPDX-License-Identifier: MIT */
/* The error table of <libvio/error.h> for both libraries. */
#ifndef VIO_BASE_ERROR_H
#define VIO_BASE_ERROR_H

#include <libvio/error.h>

const char *vio__error_text(int code);
const char *vio__error_name(int code);
enum vio_error_category vio__error_category(int code);
int vio__error_retryable(int code);

/* The code that says best what a system call's errno value (positive) means. */
int vio__error_from_errno(int number);

#endif
