/* SPDX-License-Identifier: MIT */
/* Asking the device by its tag what became of a command. */
#ifndef VIO_LIB_DRIVER_IOVE_ASK_H
#define VIO_LIB_DRIVER_IOVE_ASK_H

#include "lib/driver/driver.h"
#include "lib/driver/iove/queue.h"
#include "lib/loop/loop.h"

struct vio_iove_session;

enum vio_iove_answer {
    VIO_IOVE_ANSWER_KNOWN = 1,   /* `completion` says what it was */
    VIO_IOVE_ANSWER_UNKNOWN = 2, /* the device knows of no such command */
    VIO_IOVE_ANSWER_AT_WORK = 3, /* it was not finished in time */
    VIO_IOVE_ANSWER_SILENCE = 4, /* the device did not answer in time */
    VIO_IOVE_ANSWER_RESET = 5,   /* the chassis was reset, and with it the function */
    VIO_IOVE_ANSWER_CLOSED = 6,  /* the session was closed */
};

/* A member of the object that asks. */
struct vio_iove_ask {
    /* Set by the caller. */
    struct vio_loop *loop;
    struct vio_iove_session *session;
    struct vio_tag tag;
    uint64_t until; /* when to give up */
    uint64_t wait;  /* for each answer, ns */
    void (*done)(struct vio_iove_ask *ask, enum vio_iove_answer answer);
    struct vio_hw_completion completion;

    /* Its own. */
    struct vio_iove_command command;
    struct vio_timer pause;
    uint8_t data[VIO_HW_COMPLETION_SIZE];
    bool at_work;
};

/* Asks until there is an answer or time is up, at least once. `done` comes later, once; it may free
 * `ask`. */
void vio__iove_ask_start(struct vio_iove_ask *ask);
void vio__iove_ask_stop(struct vio_iove_ask *ask); /* fine when not started: all zero */

#endif
