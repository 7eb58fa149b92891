/* SPDX-License-Identifier: MIT */
/* Which function has an identity or a cookie: a hash table of fixed-size keys. */
#ifndef SIM_KEYS_H
#define SIM_KEYS_H

#include <stddef.h>
#include <stdint.h>

#define SIM_KEY_SIZE 40
#define SIM_NO_KEY   UINT32_MAX

struct sim_keys;

/* Room for `count` keys. Returns 0 or VIO_ENOMEM. */
int sim_keys_new(size_t count, struct sim_keys **ret_keys);
void sim_keys_free(struct sim_keys *keys); /* NULL is fine */
void sim_keys_clear(struct sim_keys *keys);

/* The value stored with the key, SIM_NO_KEY if it is not there. */
uint32_t sim_keys_find(const struct sim_keys *keys, const uint8_t key[SIM_KEY_SIZE]);
/* The key must not be there yet; `value` is not SIM_NO_KEY. */
void sim_keys_add(struct sim_keys *keys, const uint8_t key[SIM_KEY_SIZE], uint32_t value);
void sim_keys_remove(struct sim_keys *keys, const uint8_t key[SIM_KEY_SIZE]);

#endif
