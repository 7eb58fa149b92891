/* SPDX-License-Identifier: MIT */
/*
 * A driver of the register interface for tests, written from the manual and sharing nothing with
 * lib/driver: one client of a software chassis with one queue set.
 */
#ifndef TESTS_SUPPORT_RIG_H
#define TESTS_SUPPORT_RIG_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/hw/regs.h"
#include "lib/hw/ring.h"
#include "sim/device.h"

/* Where the rig puts things in its part. */
#define RIG_CMD  0x00000u
#define RIG_CPL  0x40000u
#define RIG_EVT  0x60000u
#define RIG_DATA 0xa0000u

struct rig {
    struct viosim *sim;
    struct sim_client *client;
    uint32_t set;
    uint8_t *part;
    uint32_t cmd_size, cpl_size, evt_size;
    uint32_t cmd_tail, cpl_head, evt_head;
    uint64_t lease;  /* that commands carry */
    uint32_t number; /* of the last command */
    uint64_t now;    /* ns */
    unsigned interrupts[VIO_HW_VECTORS], wakes;
};

/* A chassis from a location, and a client with set 0 enabled. Asserts on failure. */
void rig_open(struct rig *rig, const char *location);
/* One more client of the same chassis, with another set. */
void rig_join(struct rig *rig, struct viosim *sim, uint32_t set);
void rig_close(struct rig *rig);

/* Registers of BAR 0, and of the rig's set. */
uint32_t rig_get32(struct rig *rig, uint64_t offset);
uint64_t rig_get64(struct rig *rig, uint64_t offset);
void rig_put32(struct rig *rig, uint64_t offset, uint32_t value);
void rig_put64(struct rig *rig, uint64_t offset, uint64_t value);
uint64_t rig_reg(const struct rig *rig, uint32_t reg);
/* A register of instance `index` of a block. */
#define RIG_AT(block, index, reg) \
    (VIO_HW_##block##_BASE + (uint64_t)VIO_HW_##block##_STRIDE * (index) + VIO_HW_##block##_##reg)

void rig_claim(struct rig *rig, uint32_t set);
/* Rings of these sizes, emptied; EVT may be 0. */
void rig_enable(struct rig *rig, uint32_t cmd, uint32_t cpl, uint32_t evt);

/* Puts a command into the ring and rings the doorbell; draws a number where it is 0. */
void rig_send(struct rig *rig, struct vio_hw_command *command);
/* Takes a completion; false if none is there. */
bool rig_take(struct rig *rig, struct vio_hw_completion *ret_completion);
bool rig_event(struct rig *rig, struct vio_hw_event *ret_event);
/* Lets time jump to what is due until a completion is there, beating for the lease. Asserts that
 * one comes. */
void rig_wait(struct rig *rig, struct vio_hw_completion *ret_completion);
/* Sends and waits; returns the status. */
unsigned rig_do(struct rig *rig, struct vio_hw_command command,
                struct vio_hw_completion *ret_completion);
/* Does what is due up to `ns` from now. */
void rig_pass(struct rig *rig, uint64_t ns);

/* Common commands; each returns the status. */
unsigned rig_claim_lease(struct rig *rig, uint64_t lease, unsigned flags);
unsigned rig_create(struct rig *rig, const uint8_t *record, uint32_t *ret_function);
unsigned rig_bind(struct rig *rig, uint32_t function, uint32_t server);
unsigned rig_unbind(struct rig *rig, uint32_t function, unsigned flags);
unsigned rig_target(struct rig *rig, unsigned opcode, uint32_t target, uint32_t arg0);

/* A FUNCTION record that is right for this slot, with identities made of `n`. */
void rig_record(struct rig *rig, uint8_t *record, uint32_t slot, uint32_t n);
void rig_mac(uint8_t *address, uint32_t n);
uint8_t *rig_data(struct rig *rig); /* RIG_DATA of the part */
/* LIFE of a function. */
uint32_t rig_life(struct rig *rig, uint32_t function);

#endif
