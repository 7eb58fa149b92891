/* SPDX-License-Identifier: MIT */
/* What the store keeps of each chassis that it has met. */
#ifndef VIO_LIB_ENGINE_MEET_H
#define VIO_LIB_ENGINE_MEET_H

#include <stdbool.h>

struct vio_engine;

/* Whether the chassis has started again since its functions were known to be there. */
bool vio__meet_is_other_boot(const struct vio_engine *engine);

/*
 * The chassis was opened for writing. `whole`: nothing that was lost before this boot is missing.
 * Where it is met for the first time, *ret_waits is set, and `done` comes when that is durable,
 * never inside the call. VIO_ENOMEM.
 */
int vio__meet(struct vio_engine *engine, bool whole,
              void (*done)(struct vio_engine *engine, int status), bool *ret_waits);

/* Nothing of it is missing any more: its boot id is kept, if it is another one. */
void vio__meet_again(struct vio_engine *engine);

#endif
