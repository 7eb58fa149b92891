/* SPDX-License-Identifier: MIT */
/* Where stores lie by default: the system's for root, else the user's (XDG Base Directory). */
#ifndef VIO_LIB_STORE_PLACE_H
#define VIO_LIB_STORE_PLACE_H

#include <stdbool.h>

#include "lib/base/alloc.h"

/* The default store's path. VIO_ENOMEM; VIO_ENOENT where this user has no home. */
int vio__place_default(const struct vio_alloc *alloc, char **ret_path);

/* The path lies where the system's store does. */
bool vio__place_is_system(const char *path);

/* Makes the folders above the path, where it is the default store's; 0 or an errno value. */
int vio__place_prepare(const struct vio_alloc *alloc, const char *path);

#endif
