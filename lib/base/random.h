/* SPDX-License-Identifier: MIT */
/* Randomness of the system, and a seeded generator for what must be repeatable. */
#ifndef VIO_BASE_RANDOM_H
#define VIO_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* From the kernel; VIO_EIO where it gives none. */
int vio__random_bytes(void *ret_data, size_t size);

/* xoshiro256** (Blackman and Vigna), seeded by splitmix64. Not for secrets. */
struct vio_prng {
    uint64_t state[4];
};

void vio__prng_seed(struct vio_prng *prng, uint64_t seed);
uint64_t vio__prng_next(struct vio_prng *prng);
uint64_t vio__prng_below(struct vio_prng *prng, uint64_t bound); /* 0 to bound - 1; bound > 0 */
void vio__prng_bytes(struct vio_prng *prng, void *ret_data, size_t size);

#endif
