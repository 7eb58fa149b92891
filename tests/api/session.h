/* SPDX-License-Identifier: MIT */
/* A chassis for tests of the public API: a software chassis in this process, in virtual time. */
#ifndef TESTS_API_SESSION_H
#define TESTS_API_SESSION_H

#include <libvio/libvio.h>
#include <libvio/sim.h>
#include <stdbool.h>

#include "tests/support/test.h"

#define SIM "sim:?time=virtual&seed=1"

struct session {
    struct vio_ctx *ctx;
    struct vio_chassis *chassis;
    struct viosim *sim;
};

void session_open(struct session *session);
void session_open_at(struct session *session, const char *uri,
                     const struct vio_chassis_config *config);
void session_close(struct session *session);

/* Asserts that a call was submitted, waits for its request and gives it up; its status. The request
 * comes by address, since the call that sets it may be another argument. */
int session_end(int submitted, struct vio_req **req);

/* As session_end(), but asserts the status and prints the request's message where it is another. */
void session_expect(int submitted, struct vio_req **req, int status);

struct vio_inventory *session_observe(struct session *session);

/* Creates a vAdapter; NULL for any adapter, or no server. Its status. */
int session_create(struct session *session, const char *name, enum vio_vadapter_kind kind,
                   const char *adapter, const char *server);

struct vio_vadapter_spec *session_spec(const char *name, enum vio_vadapter_kind kind,
                                       const char *adapter, const char *server);

/* The vAdapter of a fresh snapshot; the caller gives it up. NULL: there is none. */
struct vio_vadapter *session_find(struct session *session, const char *name);

#endif
