/* SPDX-License-Identifier: MIT */
/* Dumps of stores that never were. */
#ifndef TESTS_STORE_DUMPS_H
#define TESTS_STORE_DUMPS_H

#include "lib/base/random.h"
#include "lib/store/dump_document.h"

/* One of `count` vAdapters and some of all else, in random order; no two objects share what they
 * must not. The same for the same seed. Ends the process without memory. */
struct vio_dump *dumps_random(uint64_t seed, size_t count);

/* A vAdapter of any kind with a bit of everything. */
struct vio_vadapter_info *dumps_random_vadapter(struct vio_prng *prng, size_t number);

#endif
