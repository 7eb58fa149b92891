/* SPDX-License-Identifier: MIT */
/*
 * The connection to a chassis: opened, watched by a slow poll that finds what interrupts did not
 * tell, and brought up again after the transport was lost, the chassis was reset, or the queue set
 * failed. What is submitted meanwhile waits.
 */
#ifndef VIO_LIB_DRIVER_IOVE_SESSION_H
#define VIO_LIB_DRIVER_IOVE_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/driver/iove/limits.h"
#include "lib/hw/ring.h"

struct vio_iove_claim;
struct vio_iove_queue;
struct vio_iove_session;
struct vio_loop;
struct vio_transport;

typedef void (*vio_iove_session_done)(void *user, int status);

struct vio_iove_session_listener {
    void *user;
    void (*event)(void *user, const struct vio_hw_event *event);
    void (*gap)(void *user);                   /* an event could not be read */
    void (*up)(void *user, uint64_t sequence); /* a set comes into use; number of its next event */
    void (*lost)(void *user);                  /* the chassis cannot be reached */
    void (*restored)(void *user);              /* it can again; after `reset` where that is so */
    void (*reset)(void *user);                 /* it has another boot id */
    void (*lease)(void *user, uint64_t lease); /* what it says is in force, at each look */
    bool (*quiet)(void *user);                 /* asked: nobody cares for what is in the set */
};

struct vio_iove_session_config {
    const char *uri;
    uint64_t timeout; /* for the opening, and for each connection, ns */
    uint32_t depth, events;
    struct vio_iove_session_listener listener;
};

/* `done` comes once, later. *ret_session is to be closed in either case. VIO_ENOMEM. */
int vio__iove_session_open(struct vio_loop *loop, const struct vio_iove_session_config *config,
                           vio_iove_session_done done, void *user,
                           struct vio_iove_session **ret_session);

/* Not inside a callback of the session or of a command. Completes every command with VIO_ECLOSED,
 * gives the set back and frees the session; then `done`. An open under way does not end any more.
 */
void vio__iove_session_close(struct vio_iove_session *session, vio_iove_session_done done,
                             void *user);

/* One line about the last failure. */
const char *vio__iove_session_error(const struct vio_iove_session *session);

/* Looks at the registers now, not only at the next poll. */
void vio__iove_session_look(struct vio_iove_session *session);

/* Resets the queue set, if no command is outstanding: the device then drops what it has fetched and
 * not begun. */
void vio__iove_session_purge(struct vio_iove_session *session);

bool vio__iove_session_is_up(const struct vio_iove_session *session);
struct vio_iove_queue *vio__iove_session_queue(struct vio_iove_session *session);
struct vio_transport *vio__iove_session_transport(struct vio_iove_session *session);
const struct vio_iove_limits *vio__iove_session_limits(const struct vio_iove_session *session);
const struct vio_iove_claim *vio__iove_session_claim(const struct vio_iove_session *session);

#endif
