/* SPDX-License-Identifier: MIT */
/*
 * A store's backend whose content outlives it, can be copied at any time, and fails as it is told.
 */
#ifndef TESTS_ENGINE_VAULT_H
#define TESTS_ENGINE_VAULT_H

#include "lib/store/backend.h"

#define VAULT_MAX 256

struct vault_thing {
    uint64_t id;
    int kind; /* of a row; the state of an entry */
    struct vio_entry entry;
    uint8_t *body; /* NULL: it is not there */
    size_t size;
};

struct vault {
    struct vault_thing rows[VAULT_MAX], entries[VAULT_MAX];
    uint64_t last_row, last_entry;

    unsigned commits;         /* so far */
    unsigned fail_at;         /* the commit that fails; UINT_MAX: none */
    bool fail_at_once;        /* by the call itself, not later */
    void (*hook)(void *user); /* before and after each commit is durable */
    void *user;
};

/* The one that backends open. */
extern struct vault *the_vault;

extern const struct vio_backend_ops vault_ops;

void vault_copy(const struct vault *from, struct vault *to);
void vault_empty(struct vault *vault);
size_t vault_count_open(const struct vault *vault); /* entries that are open or blocked */

#endif
