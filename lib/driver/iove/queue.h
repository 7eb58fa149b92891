/* SPDX-License-Identifier: MIT */
/*
 * A queue set: commands go down its command ring, their completions and the chassis' events come
 * back. Commands beyond the ring's depth wait. Who claims and enables the set is claim.h.
 *
 * A command that was given up while the device had it leaves a ghost: its data buffer and its
 * number stay taken until its completion comes or the set is reset, as the device may still use
 * them.
 */
#ifndef VIO_LIB_DRIVER_IOVE_QUEUE_H
#define VIO_LIB_DRIVER_IOVE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/dlist.h"
#include "lib/hw/ring.h"

struct vio_iove_claim;
struct vio_iove_queue;
struct vio_iove_slot;
struct vio_loop;

/* A member of the object that it is about; in one submission at a time. */
struct vio_iove_command {
    /* The caller's. `in` and `out` stay valid until `done`. */
    struct vio_hw_command wire; /* but data_offset and data_length */
    const void *in;             /* data that the device reads */
    void *out;                  /* where data that the device writes is copied to */
    size_t in_size, out_size;   /* one of them is 0 */
    uint64_t deadline;          /* on the loop's clock; UINT64_MAX: none */

    /*
     * Called once, later, unless the command is withdrawn. 0: `completion` says what the device
     * made of it. VIO_EPROTO: its status code is none. VIO_ETIMEDOUT: the deadline passed. Others:
     * why the set went down. May submit it again, or free it.
     */
    void (*done)(struct vio_iove_command *command, int status);
    struct vio_hw_completion completion;
    bool dispatched; /* the device may have seen it */

    /* The queue's. */
    struct vio_dlist node;
    enum vio_iove_command_state {
        VIO_IOVE_COMMAND_IDLE = 0,
        VIO_IOVE_COMMAND_WAITING = 1,
        VIO_IOVE_COMMAND_ACTIVE = 2, /* the device has it */
        VIO_IOVE_COMMAND_ENDING = 3, /* `done` is about to come */
    } state;
    struct vio_iove_slot *slot;
};

struct vio_iove_queue_listener {
    void *user;
    void (*event)(void *user, const struct vio_hw_event *event);
    void (*gap)(void *user); /* an event could not be read */
};

struct vio_iove_queue_counters {
    uint64_t commands;    /* dispatched */
    uint64_t completions; /* matched */
    uint64_t ignored;     /* completions of no command, or twice */
    uint64_t unreadable;  /* entries that the device wrote without their phase bit */
    uint64_t garbled;     /* completions with an unknown status code */
};

/* VIO_ENOMEM. */
int vio__iove_queue_new(struct vio_loop *loop, const struct vio_iove_queue_listener *listener,
                        struct vio_iove_queue **ret_queue);

/* Commands that are left are completed with VIO_ECLOSED first. Only after the transport has closed;
 * NULL is fine. */
void vio__iove_queue_free(struct vio_iove_queue *queue);

/* Takes a set that was claimed and enabled into use; takes over the claim's part. VIO_ENOMEM. */
int vio__iove_queue_up(struct vio_iove_queue *queue, struct vio_iove_claim *claim);

/* The set is gone: completes what the device had with `status`; what waits goes on waiting. */
void vio__iove_queue_down(struct vio_iove_queue *queue, int status);

/* Gives the command its number, and the device when there is room. */
void vio__iove_queue_submit(struct vio_iove_queue *queue, struct vio_iove_command *command);

/* As submit, before all that waits: for what the others need. */
void vio__iove_queue_submit_first(struct vio_iove_queue *queue, struct vio_iove_command *command);

/* Takes the next number without a command: for one that is submitted later as it is. */
uint32_t vio__iove_queue_number(struct vio_iove_queue *queue);

/* As submit, for a command that has its number: one sent before, or from vio__iove_queue_number().
 */
void vio__iove_queue_resubmit(struct vio_iove_queue *queue, struct vio_iove_command *command);

/* Forgets the command: `done` does not come. Fine for one that is not submitted. */
void vio__iove_queue_withdraw(struct vio_iove_queue *queue, struct vio_iove_command *command);

/* Completes all with `status`, those that wait included. */
void vio__iove_queue_fail(struct vio_iove_queue *queue, int status);

/* Tells the device what was submitted; without it, that is done in the loop's next turn. */
void vio__iove_queue_kick(struct vio_iove_queue *queue);

/* Looks for completions and events. True if there were any, or it takes a while to look. */
bool vio__iove_queue_drain(struct vio_iove_queue *queue);

/* As drain, knowing the set's registers: entries that the device wrote and that cannot be read are
 * skipped. False when the registers contradict what was submitted. */
bool vio__iove_queue_reconcile(struct vio_iove_queue *queue, uint32_t cmd_head, uint32_t cpl_tail,
                               uint32_t evt_tail);

size_t vio__iove_queue_outstanding(const struct vio_iove_queue *queue); /* waiting ones included */
size_t vio__iove_queue_ghosts(const struct vio_iove_queue *queue);
size_t vio__iove_queue_block_max(
    const struct vio_iove_queue *queue); /* largest in_size, out_size */
const struct vio_iove_queue_counters *vio__iove_queue_counters(const struct vio_iove_queue *queue);

#endif
