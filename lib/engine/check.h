/* SPDX-License-Identifier: MIT */
/* Judging where a change wants to go, each problem with a text that says what is allowed. */
#ifndef VIO_LIB_ENGINE_CHECK_H
#define VIO_LIB_ENGINE_CHECK_H

#include <stdint.h>

#include "lib/engine/change.h"

/* Adds a problem of an item to the change's request; the first one's text becomes the message. */
void vio__check_problem(struct vio_item *item, int code, const char *object, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Complains that the target is no vAdapter. */
void vio__check_target(struct vio_item *item);

/* Sets server and path of `after`; path VIO_NO_INDEX: the least used. */
void vio__check_server(struct vio_item *item, const char *name, uint32_t path);

/* Sets the adapter of `after`; "": the one with most room. */
void vio__check_adapter(struct vio_item *item, const char *name);

/* Judges the place that `after` has already. */
void vio__check_place(struct vio_item *item);

/* Whether the adapter can do what the description asks. */
void vio__check_behind(struct vio_item *item);
void vio__check_caps(struct vio_item *item);

#endif
