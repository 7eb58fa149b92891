/* SPDX-License-Identifier: MIT */
/*
 * A device that obeys its test: the transport for `sim:` URIs in programs that are linked with
 * fake.c, in place of the software chassis. It is honest until it is told otherwise.
 */
#ifndef TESTS_DRIVER_FAKE_H
#define TESTS_DRIVER_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/hw/regs.h"
#include "lib/hw/ring.h"

#define FAKE_PORTS     3
#define FAKE_SERVERS   1
#define FAKE_SLOTS     1
#define FAKE_FUNCTIONS 8
#define FAKE_PART      0x100000u

/* What a test sees of the one device there is. */
struct fake {
    /* Before the opening. */
    bool unmapped; /* BAR 2 can only be reached by trapped access */
    bool silent;   /* takes commands and never completes one */

    /* Called with the honest answer to each command, which it may change; false: no answer. */
    bool (*tamper)(struct fake *fake, const struct vio_hw_command *command,
                   struct vio_hw_completion *completion, uint8_t *data, size_t size);
    void *user;

    /* Reads of BAR 0 from `odd_offset`, while `odd`: they end with `odd_status`, or not before
     * fake_answer(). */
    bool odd, odd_waits;
    uint64_t odd_offset;
    int odd_status;

    uint8_t global[VIO_HW_RECORD_SIZE];
    uint8_t port[FAKE_PORTS][VIO_HW_RECORD_SIZE];
    uint8_t server[FAKE_SERVERS][VIO_HW_RECORD_SIZE];
    uint8_t slot[FAKE_SLOTS][VIO_HW_RECORD_SIZE];
    uint8_t function[FAKE_FUNCTIONS][VIO_HW_RECORD_SIZE]; /* LIFE 0: free */
    uint8_t regs[VIO_HW_WINDOW_OFFSET];                   /* of queue set 0 */
    uint8_t part[FAKE_PART];

    struct vio_hw_command last; /* the last command that was taken */
    unsigned commands;
};

extern struct fake fake;

/* Makes it new and honest: 3 ports, a server, a slot with a NIC, function 2. */
void fake_reset(void);

/* An entry for the completion or event ring, put in as it is but for its phase bit; interrupts. */
void fake_complete(const uint8_t *entry);
void fake_event(const uint8_t *entry);
void fake_interrupt(unsigned vector);

/* Ends the read that waits, with its bytes all `byte`. */
void fake_answer(uint8_t byte);

/* The device cannot be reached any more; whether it can be reached again. */
void fake_lose(bool for_ever);

#endif
