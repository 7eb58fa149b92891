/* SPDX-License-Identifier: MIT */
#ifndef VIO_API_STORE_CONFIG_H
#define VIO_API_STORE_CONFIG_H

#include <libvio/store.h>

#include "lib/engine/ledger.h"

/* Writes the settings of a configuration, or (NULL) the defaults. */
void vio__store_config_fill(const struct vio_store_config *config,
                            struct vio_ledger_config *ret_config);

/* The URI of the default store, to be freed with the same alloc: $VIO_STORE where it is set.
 * VIO_ENOENT: there is no home folder; VIO_ENOMEM. */
int vio__store_config_default(const struct vio_alloc *alloc, char **ret_uri);

/* Whether a store of that URI is kept in memory alone. */
bool vio__store_is_memory(const char *uri);

/* As default, for a chassis of that URI: what is simulated inside the process is not kept, and
 * reading makes no file. */
int vio__store_config_default_for(const struct vio_alloc *alloc, const char *chassis,
                                  bool read_only, char **ret_uri);

#endif
