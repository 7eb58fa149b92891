/* SPDX-License-Identifier: MIT */
/*
 * A chassis opened through a driver, for tests: each call runs the loop until what it started has
 * ended, and fails the test after 20 s.
 */
#ifndef TESTS_SUPPORT_BOARD_H
#define TESTS_SUPPORT_BOARD_H

#include <stdbool.h>

#include <libvio/error.h>
#include <libvio/sim.h>

#include "lib/driver/driver.h"
#include "lib/loop/loop.h"

#define BOARD_NOTICES 32
#define BOARD_SECOND  UINT64_C(1000000000)

struct board {
    struct vio_loop *loop;
    bool own_loop;
    const struct vio_driver_ops *ops;
    struct vio_driver *driver;
    struct viosim *sim;
    unsigned notices[BOARD_NOTICES]; /* by type */
    uint64_t sequence;               /* of the last notice */
    uint64_t lost;                   /* of the last overflow */
    struct vio_notice last;
};

struct vio_loop *board_loop_new(void);
void board_loop_free(struct vio_loop *loop);

/* Runs the loop until *flag; virtual time may jump to background timers meanwhile. */
void board_await(struct vio_loop *loop, const bool *flag);
/* Runs the loop for a time on its clock. */
void board_sleep(struct vio_loop *loop, uint64_t ns);

/* Opens `uri` with a time-out in ns, on a loop of its own where `loop` is NULL. */
int board_try_open(struct board *board, struct vio_loop *loop, const char *uri, uint64_t timeout);
/* As above; fails the test where it cannot be opened. */
void board_open(struct board *board, const char *uri);
void board_close(struct board *board);

int board_observe(struct board *board, struct vio_observation **ret_observation);
int board_read(struct board *board, uint32_t index, struct vio_function_info *ret_info);
int board_claim(struct board *board, bool take_over);
int board_release(struct board *board);

/* Does a step; deadline in ns from now. */
struct vio_outcome board_step(struct board *board, const struct vio_step *step, uint64_t timeout);
struct vio_outcome board_outcome(struct board *board, struct vio_tag tag);

/* Steps that have started, to be awaited together. */
struct board_step {
    struct vio_outcome outcome;
    struct vio_tag tag;
    bool done;
};
int board_start(struct board *board, const struct vio_step *step, uint64_t timeout,
                struct board_step *ret_step);

/* Steps as tests need them: a vNIC on slot 0 with a cookie and a MAC that end in `n`. */
struct vio_step board_create(unsigned n);
struct vio_step board_bind(uint32_t index, uint32_t server);
struct vio_step board_simple(enum vio_step_action action, uint32_t index);

/* How many functions an observation shows; fails the test where it cannot be had. */
size_t board_functions(struct board *board);

#endif
