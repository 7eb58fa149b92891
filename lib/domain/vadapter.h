/* SPDX-License-Identifier: MIT */
/*
 * A vAdapter as it is desired: the durable object that a store keeps. It is filled once and
 * immutable afterwards; a change makes another one with the same UUID and a higher generation.
 */
#ifndef VIO_LIB_DOMAIN_VADAPTER_H
#define VIO_LIB_DOMAIN_VADAPTER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/alloc.h"
#include "lib/base/ref.h"
#include "lib/base/uuid.h"
#include "lib/domain/labels.h"
#include "lib/domain/observation.h"

struct vio_vadapter_info {
    struct vio_ref ref;
    struct vio_alloc alloc; /* a copy: it may outlive its context */
    uint8_t uuid[VIO_UUID_SIZE];
    uint64_t generation; /* 1 after its creation */
    char name[VIO_NAME_SIZE];
    enum vio_vadapter_kind kind;

    uint8_t chassis[VIO_UUID_SIZE]; /* where it is placed */
    uint32_t adapter;
    uint32_t server; /* VIO_NO_INDEX: none */
    uint32_t path;   /* VIO_NO_INDEX while in no server */

    struct vio_address address;
    struct vio_address node_address;    /* kind 0: none */
    struct vio_address factory_address; /* of the adapter that backs it; kind 0: not known */
    uint64_t size;
    bool enabled;
    struct vio_vlan_config vlan;
    struct vio_qos_config qos;

    /* Known to the store alone: no chassis keeps them. */
    uint64_t
        retired; /* ns since 1970: when a vDisk was removed, whose data is kept; 0: it is not */
    char *description; /* NULL: "" */
    struct vio_labels labels;
};

/* All zero but for what cannot be: no server, no path, enabled, no VLAN handling. VIO_ENOMEM. */
int vio__vadapter_new(const struct vio_alloc *alloc, struct vio_vadapter_info **ret_vadapter);

/* Another one with the same content, to be changed and then kept. VIO_ENOMEM. */
int vio__vadapter_copy(const struct vio_vadapter_info *from,
                       struct vio_vadapter_info **ret_vadapter);

struct vio_vadapter_info *vio__vadapter_ref(struct vio_vadapter_info *vadapter);
void vio__vadapter_unref(struct vio_vadapter_info *vadapter); /* NULL is fine */

/* VIO_ENOMEM. */
int vio__vadapter_set_description(struct vio_vadapter_info *vadapter, const char *text);

/* The function that the chassis should have for it; its index is not set. */
void vio__vadapter_function(const struct vio_vadapter_info *vadapter,
                            struct vio_function_info *ret_function);

/* Whether a function says of itself whose it is: it carries a UUID and a valid name. */
bool vio__vadapter_is_adoptable(const struct vio_function_info *function);

/* The vAdapter that a function must have been made for. VIO_ENOMEM. */
int vio__vadapter_adopt(const struct vio_alloc *alloc, const uint8_t chassis[VIO_UUID_SIZE],
                        const struct vio_function_info *function,
                        struct vio_vadapter_info **ret_vadapter);

/* Whether they are the same but for their generations. */
bool vio__vadapter_equal(const struct vio_vadapter_info *a, const struct vio_vadapter_info *b);

/* The kind of address that names a vAdapter of that kind; 0 for no kind. */
int vio__vadapter_address_kind(enum vio_vadapter_kind kind);

const char *vio__vadapter_kind_name(enum vio_vadapter_kind kind);

#endif
