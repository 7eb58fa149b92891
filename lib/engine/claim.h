/* SPDX-License-Identifier: MIT */
/* What a change takes before it is committed, so that no other can take it too: names, identities,
 * and room on adapters. */
#ifndef VIO_LIB_ENGINE_CLAIM_H
#define VIO_LIB_ENGINE_CLAIM_H

struct vio_item;
struct vio_object;

/* Draws the identities that were not given, from the pools that the description names.
 * VIO_ENOMEM, VIO_EIO; problems are added. */
int vio__claim_draw(struct vio_item *item);

/* The same where a change names pools, for identities in place of those that there are. */
int vio__claim_draw_anew(struct vio_item *item);

/* Complains of an identity that somebody else has. */
void vio__claim_check(struct vio_item *item);

/* Takes what the object has and what it is to have. VIO_ENOMEM; problems are added. */
int vio__claim(struct vio_object *object);

/* Takes room for an object that is made, and hides it until it is. VIO_ENOMEM. */
int vio__claim_creation(struct vio_object *object);

/* Gives all of it back. */
void vio__claim_drop(struct vio_object *object);

/* What the object has stays taken when the change ends, but for its room. */
void vio__claim_keep(struct vio_object *object);

#endif
