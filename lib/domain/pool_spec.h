/* SPDX-License-Identifier: MIT */
/*
 * A description of a pool to be made, or of a change to one: which values are set, and the edits of
 * its ranges in their order. The setters check what can be judged by itself; what it makes of a
 * pool is judged by vio__pool_check().
 */
#ifndef VIO_LIB_DOMAIN_POOL_SPEC_H
#define VIO_LIB_DOMAIN_POOL_SPEC_H

#include "lib/domain/pool.h"

#define VIO_POOL_EDITS_MAX 1024 /* of ranges, in one description */

/* The lists of a pool. */
enum vio_pool_list {
    VIO_POOL_LIST_RANGES = 0,
    VIO_POOL_LIST_EXCLUSIONS = 1,
    VIO_POOL_LIST_EXTERNALS = 2,
};

struct vio_pool_spec;

int vio__pool_spec_new(const struct vio_alloc *alloc, struct vio_pool_spec **ret_spec);
int vio__pool_spec_copy(const struct vio_alloc *alloc, const struct vio_pool_spec *from,
                        struct vio_pool_spec **ret_spec);
void vio__pool_spec_free(struct vio_pool_spec *spec); /* NULL is fine */

/* As <libvio/pool.h> says of each; no pointer may be NULL but where it says so. */
int vio__pool_spec_set_name(struct vio_pool_spec *spec, const char *name);
int vio__pool_spec_set_purpose(struct vio_pool_spec *spec, enum vio_pool_purpose purpose);
int vio__pool_spec_set_order(struct vio_pool_spec *spec, enum vio_pool_order order);
int vio__pool_spec_set_quarantine(struct vio_pool_spec *spec, uint32_t seconds);
int vio__pool_spec_set_description(struct vio_pool_spec *spec, const char *description);
int vio__pool_spec_set_label(struct vio_pool_spec *spec, const char *key, const char *value);
void vio__pool_spec_set_generation(struct vio_pool_spec *spec, uint64_t generation);
int vio__pool_spec_edit(struct vio_pool_spec *spec, enum vio_pool_list list, bool add,
                        const struct vio_address *first, const struct vio_address *last);

const char *vio__pool_spec_name(const struct vio_pool_spec *spec);    /* "" where it is not set */
uint64_t vio__pool_spec_generation(const struct vio_pool_spec *spec); /* 0: any */

/*
 * Writes what is set into a pool that is being made (`creating`, as vio__pool_new() left it) or
 * changed. Complains of each edit that does not fit: VIO_EEXIST, VIO_ENOENT, VIO_EADDR, VIO_EINVAL,
 * VIO_ELIMIT; the first one's code. VIO_ENOMEM is returned without a complaint.
 */
int vio__pool_spec_apply(const struct vio_pool_spec *spec, bool creating,
                         struct vio_pool_info *pool, vio_pool_complain complain, void *user);

#endif
