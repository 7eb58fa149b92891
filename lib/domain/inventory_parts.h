/* SPDX-License-Identifier: MIT */
/* The bodies of a snapshot and its objects, for inventory.c and objects.c alone. */
#ifndef VIO_LIB_DOMAIN_INVENTORY_PARTS_H
#define VIO_LIB_DOMAIN_INVENTORY_PARTS_H

#include <stddef.h>

#include "lib/base/ref.h"
#include "lib/domain/inventory.h"

/* Each object begins with these two. */
struct vio_port {
    struct vio_inventory *inventory;
    const char *name;
    const struct vio_port_info *info;
};

struct vio_server {
    struct vio_inventory *inventory;
    const char *name;
    const struct vio_server_info *info;
    size_t vadapters;
};

struct vio_adapter {
    struct vio_inventory *inventory;
    const char *name;
    const struct vio_adapter_info *info;
};

struct vio_function {
    struct vio_inventory *inventory;
    const char *name;
    const struct vio_function_info *info;
    struct vio_vadapter *vadapter;
};

struct vio_vadapter {
    struct vio_inventory *inventory;
    const char *name;
    struct vio_vadapter_info *info;
    const struct vio_function_info *function; /* NULL: there is none */
    char *trunk;                              /* NULL: "" */
};

struct vio_inventory_object {
    struct vio_inventory *inventory;
    const char *name;
};

struct vio_inventory_array {
    size_t count;
    size_t size; /* of one object */
    char *objects;
};

#define VIO_NOUNS (VIO_NOUN_VADAPTER + 1)

struct vio_inventory {
    struct vio_ref ref;
    struct vio_alloc alloc; /* a copy: it may outlive its context */
    struct vio_observation *observation;
    struct vio_function_info *functions;
    struct vio_inventory_array array[VIO_NOUNS];
    struct vio_vadapter **by_uuid;
};

#endif
