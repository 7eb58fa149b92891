/* SPDX-License-Identifier: MIT */
#include "lib/base/random.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include <libvio/error.h>

int vio__random_bytes(void *ret_data, size_t size)
{
    uint8_t *at = ret_data;
    int saved = errno;

    while (size > 0) {
        ssize_t got = getrandom(at, size, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            errno = saved;
            return VIO_EIO;
        }
        at += got;
        size -= (size_t)got;
    }
    errno = saved;
    return 0;
}

static uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15U;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
}

static uint64_t rotate_left(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

void vio__prng_seed(struct vio_prng *prng, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        prng->state[i] = splitmix64(&seed);
}

uint64_t vio__prng_next(struct vio_prng *prng)
{
    uint64_t *s = prng->state;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

/* Draws again what lies in the last, incomplete run of `bound`, so that all are equally likely. */
uint64_t vio__prng_below(struct vio_prng *prng, uint64_t bound)
{
    uint64_t skip = (0 - bound) % bound;
    uint64_t value;

    do
        value = vio__prng_next(prng);
    while (value < skip);
    return value % bound;
}

void vio__prng_bytes(struct vio_prng *prng, void *ret_data, size_t size)
{
    uint8_t *at = ret_data;

    while (size > 0) {
        uint64_t value = vio__prng_next(prng);

        for (int i = 0; i < 8 && size > 0; i++, size--)
            *at++ = (uint8_t)(value >> 8 * i);
    }
}
