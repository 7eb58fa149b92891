/* SPDX-License-Identifier: MIT */
/* A store for tests: each call runs the loop until what it started has ended. */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include <libvio/error.h>

#include "lib/loop/loop.h"
#include "lib/store/store.h"
#include "tests/support/test.h"

struct fixture {
    const struct vio_backend_ops *ops;
    const char *location;
    struct vio_loop *loop;
    struct vio__store *store;
    char text[256];          /* of the opening */
    unsigned long fail_at;   /* the allocation that fails; 0: none */
    unsigned long allocated; /* so far, while fail_at is not 0 */
};

struct fixture_end {
    bool done;
    int status;
    unsigned order; /* among the ends */
};

void fixture_loop_new(struct fixture *fixture);
void fixture_loop_free(struct fixture *fixture);

/* After fixture_loop_new(). */
int fixture_try_open(struct fixture *fixture);
void fixture_open(struct fixture *fixture); /* fails the test where it cannot be opened */
void fixture_close(struct fixture *fixture);

void fixture_end(void *user, int status); /* a vio_store_done; `user`: a struct fixture_end */
int fixture_await(struct fixture *fixture, struct fixture_end *end);
int fixture_commit(struct fixture *fixture, const struct vio_record *records, size_t count);
int fixture_commit_one(struct fixture *fixture, struct vio_record record);
int fixture_refresh(struct fixture *fixture);

/* vAdapters as tests need them: of chassis 7, in server 1, on adapter 2. */
struct vio_vadapter_info *fixture_make(uint8_t uuid, const char *name, uint8_t mac);
struct vio_record fixture_put(const struct vio_vadapter_info *vadapter);    /* its generation - 1 */
struct vio_record fixture_remove(const struct vio_vadapter_info *vadapter); /* as it is */
struct vio_vadapter_info *fixture_next(const struct vio_vadapter_info *vadapter, const char *name);

bool fixture_has_name(struct fixture *fixture, const char *name);
bool fixture_has_mac(struct fixture *fixture, uint8_t mac);
struct vio_address fixture_mac(uint8_t mac);

#endif
