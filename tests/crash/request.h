/* SPDX-License-Identifier: MIT */
/* An order as a request of the public API: 0, and `cb` will be called; or why it was refused. */
#ifndef TESTS_CRASH_REQUEST_H
#define TESTS_CRASH_REQUEST_H

#include "tests/crash/tell.h"
#include "tests/crash/words.h"

/* The call for one object that the order's first edit asks for. */
int request_single(struct worker *worker, const struct order *order, vio_req_cb cb, void *user);
/* All of its edits as a change set. */
int request_set(struct worker *worker, const struct order *order, vio_req_cb cb, void *user);
int request_drift(struct worker *worker, const struct order *order, vio_req_cb cb, void *user);
int request_reconcile(struct worker *worker, const struct order *order, vio_req_cb cb, void *user);
int request_undo(struct worker *worker, const struct order *order, vio_req_cb cb, void *user);

/* The `at`th address of the range of the tests' pool of this name ("p0" to "p9"). */
void request_pool_address(const char *pool, uint32_t at, struct vio_address *ret_address);

#endif
