/* SPDX-License-Identifier: MIT */
/*
 * A description of a vAdapter to be made, or of a change to one: which values are set, and what
 * they are. The setters check what can be judged by itself; vio__spec_check() what contradicts.
 */
#ifndef VIO_LIB_DOMAIN_SPEC_H
#define VIO_LIB_DOMAIN_SPEC_H

#include <stdbool.h>

#include <libvio/vadapter.h>

#include "lib/base/alloc.h"
#include "lib/domain/vadapter.h"

enum vio_spec_field {
    VIO_SPEC_NAME = 1,
    VIO_SPEC_KIND = 2,
    VIO_SPEC_SERVER = 4,
    VIO_SPEC_ADAPTER = 8,
    VIO_SPEC_PATH = 16,
    VIO_SPEC_ADDRESS = 32,
    VIO_SPEC_NODE_ADDRESS = 64,
    VIO_SPEC_SIZE = 128,
    VIO_SPEC_VLAN = 256,
    VIO_SPEC_ENABLED = 512,
    VIO_SPEC_DESCRIPTION = 1024,
    VIO_SPEC_POOL = 2048,
    VIO_SPEC_NODE_POOL = 4096,
};

/* Which may be given when a vAdapter is made only. */
#define VIO_SPEC_CREATION \
    (VIO_SPEC_KIND | VIO_SPEC_SERVER | VIO_SPEC_ADAPTER | VIO_SPEC_PATH | VIO_SPEC_SIZE)

int vio__spec_new(const struct vio_alloc *alloc, struct vio_vadapter_spec **ret_spec);
int vio__spec_copy(const struct vio_alloc *alloc, const struct vio_vadapter_spec *from,
                   struct vio_vadapter_spec **ret_spec);
void vio__spec_free(struct vio_vadapter_spec *spec);

/* As <libvio/vadapter.h> says of each; no pointer may be NULL but where it says so. */
int vio__spec_set_name(struct vio_vadapter_spec *spec, const char *name);
int vio__spec_set_kind(struct vio_vadapter_spec *spec, enum vio_vadapter_kind kind);
int vio__spec_set_server(struct vio_vadapter_spec *spec, const char *server);   /* NULL: none */
int vio__spec_set_adapter(struct vio_vadapter_spec *spec, const char *adapter); /* NULL: any */
int vio__spec_set_path(struct vio_vadapter_spec *spec, uint32_t path);
int vio__spec_set_address(struct vio_vadapter_spec *spec, const struct vio_address *address);
int vio__spec_set_node_address(struct vio_vadapter_spec *spec, const struct vio_address *address);
int vio__spec_set_pool(struct vio_vadapter_spec *spec, const char *pool);      /* NULL: default */
int vio__spec_set_node_pool(struct vio_vadapter_spec *spec, const char *pool); /* NULL: default */
void vio__spec_set_generation(struct vio_vadapter_spec *spec, uint64_t generation);
int vio__spec_set_size(struct vio_vadapter_spec *spec, uint64_t bytes);
int vio__spec_set_vlan_none(struct vio_vadapter_spec *spec);
int vio__spec_set_vlan_access(struct vio_vadapter_spec *spec, uint16_t vlan);
int vio__spec_set_vlan_trunk(struct vio_vadapter_spec *spec, const char *vlans, uint16_t native);
int vio__spec_set_enabled(struct vio_vadapter_spec *spec, bool enabled);
int vio__spec_set_description(struct vio_vadapter_spec *spec, const char *description);
int vio__spec_set_label(struct vio_vadapter_spec *spec, const char *key, const char *value);

/* The fields that are set, or-ed. */
unsigned vio__spec_fields(const struct vio_vadapter_spec *spec);
const char *vio__spec_name(const struct vio_vadapter_spec *spec);      /* "" where it is not set */
const char *vio__spec_server(const struct vio_vadapter_spec *spec);    /* "": none */
const char *vio__spec_adapter(const struct vio_vadapter_spec *spec);   /* "": any */
const char *vio__spec_pool(const struct vio_vadapter_spec *spec);      /* "": the default one */
const char *vio__spec_node_pool(const struct vio_vadapter_spec *spec); /* "": the default one */
uint64_t vio__spec_generation(const struct vio_vadapter_spec *spec);   /* 0: any */
uint32_t vio__spec_path(const struct vio_vadapter_spec *spec);         /* VIO_NO_INDEX: any */
enum vio_vadapter_kind vio__spec_kind(const struct vio_vadapter_spec *spec);

/* Takes one complaint: what is wrong and what is allowed. */
typedef void (*vio_spec_complain)(void *user, int code, const char *text);

/* Complains of everything in it that does not fit the making (`creating`) or the changing of a
 * vAdapter of that kind. */
void vio__spec_check(const struct vio_vadapter_spec *spec, enum vio_vadapter_kind kind,
                     bool creating, vio_spec_complain complain, void *user);

/* Writes the values that are set, but for the place, into a vAdapter that is being made or changed.
 * VIO_ELIMIT (labels), VIO_ENOMEM. */
int vio__spec_apply(const struct vio_vadapter_spec *spec, struct vio_vadapter_info *vadapter);

#endif
