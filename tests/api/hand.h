/* SPDX-License-Identifier: MIT */
/*
 * A chassis in this process, driven by hand: the test's own thread runs the library's loop, so that
 * a fault can strike between any two steps of it.
 */
#ifndef TESTS_API_HAND_H
#define TESTS_API_HAND_H

#include <stdbool.h>
#include <stdint.h>

#include <libvio/libvio.h>
#include <libvio/sim.h>

struct hand {
    struct vio_ctx *ctx;
    struct vio_chassis *chassis;
    struct viosim *sim;
    /* Called before each turn of the loop while a request is awaited; NULL: nothing is. */
    void (*between)(struct hand *hand, void *user);
    void *user;
};

/* Opens `uri` or fails the test. */
void hand_open(struct hand *hand, const char *uri);

/* Ends everything; fails the test when that hangs. */
void hand_close(struct hand *hand);

/* Turns the loop until the request has completed; its status. Fails the test when it never does. */
int hand_wait(struct hand *hand, struct vio_req *req);

/* Waits for what a call started, when it did; the request goes. */
int hand_finish(struct hand *hand, int started, struct vio_req *req);

/* A fresh inventory; NULL where the chassis could not be read. */
struct vio_inventory *hand_observe(struct hand *hand);

#endif
