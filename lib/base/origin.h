/* SPDX-License-Identifier: MIT */
/* Tells the process in which something was made from a forked child of it. From any thread. */
#ifndef VIO_BASE_ORIGIN_H
#define VIO_BASE_ORIGIN_H

#include <stdbool.h>
#include <sys/types.h>

struct vio_origin {
    volatile char *page; /* its first byte is 1 here and 0 in a child; NULL: the pid tells */
    pid_t pid;
};

/* Never fails: without the page it only costs a system call to ask. */
void vio__origin_init(struct vio_origin *origin);
void vio__origin_fini(struct vio_origin *origin);

bool vio__origin_forked(const struct vio_origin *origin);

#endif
