/* SPDX-License-Identifier: MIT */
/*
 * Who has which name and which identity. A change claims what it needs before it is committed, so
 * that two changes under way cannot end up with the same; what is committed the index knows.
 */
#ifndef VIO_LIB_STORE_CLAIMS_H
#define VIO_LIB_STORE_CLAIMS_H

#include <stdint.h>

#include <libvio/address.h>

#include "lib/base/alloc.h"
#include "lib/base/uuid.h"
#include "lib/domain/vadapter.h"

struct vio_claims;
struct vio_index;
struct vio__store;

/* `index` tells what committed objects have; identities are claimed from the store's. VIO_ENOMEM.
 */
int vio__claims_new(const struct vio__store *store, const struct vio_index *index,
                    struct vio_claims **ret_claims);
void vio__claims_free(struct vio_claims *claims); /* NULL is fine */

/*
 * Claims for the object `uuid`, which may claim the same any number of times and has to give it
 * back as often. VIO_EEXIST when another object has it; VIO_ENOMEM.
 */
int vio__claims_name(struct vio_claims *claims, const char *name,
                     const uint8_t uuid[VIO_UUID_SIZE]);
void vio__claims_drop_name(struct vio_claims *claims, const char *name);
void vio__claims_drop_address(struct vio_claims *claims, const struct vio_address *address);

/* The name and identities of a vAdapter together: all or nothing. What vio__identities_take() says
 * too. */
int vio__claims_take(struct vio_claims *claims, const struct vio_vadapter_info *vadapter);
void vio__claims_drop(struct vio_claims *claims, const struct vio_vadapter_info *vadapter);

/* The UUID of the object that has or claims it, borrowed until the next change; NULL: nobody. */
const uint8_t *vio__claims_who_named(const struct vio_claims *claims, const char *name);
const uint8_t *vio__claims_who_has(struct vio_claims *claims, const struct vio_address *address);

#endif
