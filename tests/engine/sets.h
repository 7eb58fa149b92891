/* SPDX-License-Identifier: MIT */
/* Change sets over two chassis that tests apply, break off and undo. */
#ifndef TESTS_ENGINE_SETS_H
#define TESTS_ENGINE_SETS_H

#include "tests/engine/world.h"

#define NUM_SETS 4

/* Opens both chassis; then: on chassis 0 "a" in server1 and "b", on chassis 1 "c" in server1 and
 * "d". */
void sets_populate(struct world *world);

struct vio_change *sets_prepare(struct world *world, size_t set, struct vio_req **ret_req);
struct vio_req *sets_submit(struct world *world, size_t set); /* NULL: no memory */
int sets_apply(struct world *world, size_t set);

#endif
