/* SPDX-License-Identifier: MIT */
/*
 * A pool as it is desired: the durable object that a store keeps. It is filled once and immutable
 * afterwards; a change makes another one with the same UUID and a higher generation. Which of its
 * values are used, and which is drawn next, is pools.h's.
 */
#ifndef VIO_LIB_DOMAIN_POOL_H
#define VIO_LIB_DOMAIN_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libvio/address.h>
#include <libvio/pool.h>

#include "lib/base/alloc.h"
#include "lib/base/ref.h"
#include "lib/base/uuid.h"
#include "lib/domain/labels.h"
#include "lib/domain/observation.h"

/* Limits of one pool. A range of UUIDs lies within one upper half: its ends share the first eight
 * bytes; and it has at most 2^62 values, as many as one variant of RFC 4122 has there. */
#define VIO_POOL_RANGES_MAX     256                 /* ranges; exclusions; externals */
#define VIO_POOL_RANGE_MAX      (UINT64_C(1) << 36) /* values of a range of MACs or WWNs */
#define VIO_POOL_RANGE_UUID_MAX (UINT64_C(1) << 62)
#define VIO_POOL_QUARANTINE_MAX UINT32_C(31536000) /* s: 365 days */

/* Both ends belong to it. */
struct vio_pool_range {
    struct vio_address first, last;
};

/* In ascending order and apart from each other; neighbours are joined. */
struct vio_pool_ranges {
    struct vio_pool_range *range;
    size_t count;
};

struct vio_pool_info {
    struct vio_ref ref;
    struct vio_alloc alloc; /* a copy: it may outlive its context */
    uint8_t uuid[VIO_UUID_SIZE];
    uint64_t generation; /* 1 after its creation; 0: a default pool that was not kept yet */
    char name[VIO_NAME_SIZE];
    enum vio_pool_purpose purpose;
    enum vio_pool_order order;
    uint32_t quarantine;               /* s */
    struct vio_pool_ranges ranges;     /* what it gives; a pool of UUIDs without: random ones */
    struct vio_pool_ranges exclusions; /* what of it is not given */
    struct vio_pool_ranges externals;  /* what of it somebody outside the store uses */
    char *description;                 /* NULL: "" */
    struct vio_labels labels;
};

/* Without ranges, LOWEST, no quarantine. VIO_ENOMEM. */
int vio__pool_new(const struct vio_alloc *alloc, struct vio_pool_info **ret_pool);

/* Another one with the same content, to be changed and then kept. VIO_ENOMEM. */
int vio__pool_copy(const struct vio_pool_info *from, struct vio_pool_info **ret_pool);

struct vio_pool_info *vio__pool_ref(struct vio_pool_info *pool);
void vio__pool_unref(struct vio_pool_info *pool); /* NULL is fine */

/* VIO_ENOMEM. */
int vio__pool_set_description(struct vio_pool_info *pool, const char *text);

/*
 * Adds values to a list of ranges, or takes values out of it, in whole or in part. Joins and splits
 * ranges as needed. Adding what is in already is VIO_EEXIST, taking out what is not in VIO_ENOENT;
 * VIO_EINVAL when the ends differ in kind or (UUIDs) in the first half or come in the wrong order,
 * VIO_ELIMIT beyond VIO_POOL_RANGES_MAX, VIO_ENOMEM. Nothing is changed on failure.
 */
int vio__pool_ranges_add(const struct vio_alloc *alloc, struct vio_pool_ranges *ranges,
                         const struct vio_address *first, const struct vio_address *last);
int vio__pool_ranges_remove(const struct vio_alloc *alloc, struct vio_pool_ranges *ranges,
                            const struct vio_address *first, const struct vio_address *last);

/* Appends a range to a list that is being read from where it was kept. VIO_ENOMEM. */
int vio__pool_ranges_append(const struct vio_alloc *alloc, struct vio_pool_ranges *ranges,
                            const struct vio_pool_range *range);

/* "A to B", or "A" where it is one value. */
#define VIO_POOL_RANGE_TEXT_SIZE (2 * VIO_ADDRESS_TEXT_SIZE)
void vio__pool_range_format(const struct vio_pool_range *range,
                            char ret_text[VIO_POOL_RANGE_TEXT_SIZE]);

/* The range that an address is in; NULL. */
const struct vio_pool_range *vio__pool_ranges_find(const struct vio_pool_ranges *ranges,
                                                   const struct vio_address *address);

/* Takes one complaint: what is wrong and what is allowed. */
typedef void (*vio_pool_complain)(void *user, int code, const char *text);

/* Complains (NULL: in silence) of everything that no pool may be, by itself: its name, purpose,
 * order, times, kinds, order and size of ranges, forbidden values in them. The first one's code. */
int vio__pool_check(const struct vio_pool_info *pool, vio_pool_complain complain, void *user);

/* How many values its ranges have; at most UINT64_MAX. */
uint64_t vio__pool_size(const struct vio_pool_info *pool);

/* Whether they are the same but for their generations. */
bool vio__pool_equal(const struct vio_pool_info *a, const struct vio_pool_info *b);

/* The kind of the addresses of pools of that purpose; 0 for none. */
int vio__pool_address_kind(enum vio_pool_purpose purpose);

/* "mac", "wwnn", "wwpn", "uuid", "wwn"; "lowest", "sequential"; or "unknown". */
const char *vio__pool_purpose_name(enum vio_pool_purpose purpose);
const char *vio__pool_order_name(enum vio_pool_order order);

/* -- Default pools ----------------------------------------------------------------------------- */

#define VIO_POOL_DEFAULT_QUARANTINE \
    300 /* s, as bridges remember addresses: IEEE 802.1D-2004, 7.9.2 */

/* "default-mac" … for MAC, WWNN, WWPN, UUID; NULL for others. */
const char *vio__pool_default_name(enum vio_pool_purpose purpose);

/* The default pool of that purpose, always the same for a store: of generation 0, SEQUENTIAL, with
 * the ranges of identity.h. That of UUIDs has none, so that it gives random ones. VIO_ENOMEM. */
int vio__pool_default(const struct vio_alloc *alloc, const uint8_t store[VIO_UUID_SIZE],
                      enum vio_pool_purpose purpose, struct vio_pool_info **ret_pool);

#endif
