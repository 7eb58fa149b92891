/* SPDX-License-Identifier: MIT */
/* What a worker tells the judge. */
#ifndef TESTS_CRASH_TELL_H
#define TESTS_CRASH_TELL_H

#include <stdbool.h>

#include "tests/crash/words.h"
#include "tests/store/vfs.h"

struct worker {
    int socket;
    bool polled;      /* this thread drives the context */
    struct vfs *disk; /* NULL: the system's */
    _Atomic uint32_t *disk_calls;
    struct vio_ctx *ctx;
    struct vio_store *store;
    struct vio_chassis *chassis;
};

void tell(const struct worker *worker, const struct answer *answer);
/* Which identities an order that was done has drawn. */
void tell_drawn(const struct worker *worker, const struct order *order, const struct vio_req *req);
/* Everything that the API shows, but not inside a callback; 0 or what a request ended with. */
int tell_all(const struct worker *worker);

#endif
