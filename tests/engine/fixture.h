/* SPDX-License-Identifier: MIT */
/* An engine on the fake driver, driven by the test's own thread in virtual time. */
#ifndef TESTS_ENGINE_FIXTURE_H
#define TESTS_ENGINE_FIXTURE_H

#include "lib/engine/change.h"
#include "lib/engine/engine.h"
#include "tests/engine/fake.h"
#include "tests/support/test.h"

struct fixture {
    struct vio_loop *loop;
    struct vio_ledgers *ledgers;
    struct vio_engine *engine;
    struct fake fake;
    int status; /* of the last opening or closing */
    char text[512];
    bool ended;

    /* The engine's memory: counted, and refused once. */
    unsigned allocations;
    unsigned refuse_at; /* the allocation refused; UINT_MAX: none */
};

void fixture_make(struct fixture *fixture);
int fixture_new_engine(struct fixture *fixture, const struct vio_engine_config *config);
void fixture_open(struct fixture *fixture, const struct vio_engine_config *config); /* may fail */
void fixture_close(struct fixture *fixture); /* the engine; drops it */
void fixture_drop(struct fixture *fixture);

/* Opens with the defaults, and asserts that it works. */
void fixture_ready(struct fixture *fixture);

/* Runs the loop until `done`. */
void fixture_run(struct fixture *fixture, const bool *done);

/* A change, submitted; `spec` may be NULL and is copied. NULL when there was no memory for it. */
struct vio_req *fixture_submit(struct fixture *fixture, enum vio_edit edit, const char *target,
                               const char *server, const struct vio_vadapter_spec *spec);

/* Runs the loop until the request has completed; its status. */
int fixture_finish(struct fixture *fixture, struct vio_req *req);

/* Both, and gives the request up. */
int fixture_change(struct fixture *fixture, enum vio_edit edit, const char *target,
                   const char *server, const struct vio_vadapter_spec *spec);

/* Observes as a user does; the snapshot is the caller's. */
int fixture_observe(struct fixture *fixture, struct vio_inventory **ret_inventory);

/* A description of a vNIC: name, adapter and server may be NULL. */
struct vio_vadapter_spec *fixture_vnic(const char *name, const char *adapter, const char *server);

#endif
