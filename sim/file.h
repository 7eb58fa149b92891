/* SPDX-License-Identifier: MIT */
/* Reading a whole file into memory. */
#ifndef SIM_FILE_H
#define SIM_FILE_H

#include <stddef.h>

#include "sim/diag.h"

struct vio_buf;

/* Appends the file's bytes to `buf`, whose maximum bounds them. Returns 0, VIO_ENOENT, VIO_EPERM,
 * VIO_EIO (not readable, a directory), VIO_ELIMIT (larger than the buffer's maximum), VIO_ENOMEM.
 */
int sim_file_read(const char *path, struct vio_buf *buf, struct sim_diag *diag);

#endif
