/* SPDX-License-Identifier: MIT */
/*
 * The actual state as it is known now: the last observation, and what was read of single functions
 * since. Usage of adapters and servers follows.
 *
 * An observation takes time; what was learnt of a function after it began is newer.
 * vio__actual_now() when it begins and vio__actual_observe() when it ends keep the newer.
 */
#ifndef VIO_LIB_DOMAIN_ACTUAL_H
#define VIO_LIB_DOMAIN_ACTUAL_H

#include <stdint.h>

#include "lib/base/alloc.h"
#include "lib/domain/observation.h"

struct vio_actual;

int vio__actual_new(const struct vio_alloc *alloc, struct vio_actual **ret_actual); /* VIO_ENOMEM */
void vio__actual_free(struct vio_actual *actual);                                   /* NULL: fine */

uint64_t vio__actual_now(const struct vio_actual *actual);

/* Replaces all that is not newer than `since`. On failure (VIO_ENOMEM) nothing has changed. */
int vio__actual_observe(struct vio_actual *actual, struct vio_observation *observation,
                        uint64_t since);

/* A function was read: it is so, or (NULL) there is none of that number. VIO_ENOMEM. */
int vio__actual_put(struct vio_actual *actual, uint32_t index,
                    const struct vio_function_info *function);

/* The last one; its functions are not the current ones. NULL before the first. */
struct vio_observation *vio__actual_observation(const struct vio_actual *actual);

/* What is there; NULL where there is none. Pointers live until the next change. */
const struct vio_function_info *vio__actual_function(const struct vio_actual *actual,
                                                     uint32_t index);
const struct vio_function_info *vio__actual_by_cookie(const struct vio_actual *actual,
                                                      const uint8_t cookie[16]);
const struct vio_function_info *vio__actual_by_address(const struct vio_actual *actual,
                                                       const struct vio_address *address);
const struct vio_adapter_info *vio__actual_adapter(const struct vio_actual *actual,
                                                   const char *name);
const struct vio_server_info *vio__actual_server(const struct vio_actual *actual, const char *name);

/* A copy of all functions, ascending, to be freed with the same alloc. VIO_ENOMEM. */
int vio__actual_functions(const struct vio_actual *actual, struct vio_function_info **ret_functions,
                          size_t *ret_count);

/* By the numbers of objects of the observation. */
uint32_t vio__actual_room(const struct vio_actual *actual, uint32_t adapter);  /* functions */
uint64_t vio__actual_space(const struct vio_actual *actual, uint32_t adapter); /* free bytes */
uint32_t vio__actual_slots(const struct vio_actual *actual, uint32_t server);  /* hot-plug slots */
uint32_t vio__actual_load(const struct vio_actual *actual, uint32_t server, uint32_t path);

#endif
