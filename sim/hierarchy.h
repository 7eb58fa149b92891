/* SPDX-License-Identifier: MIT */
/*
 * What one server sees of the chassis: a root port, the upstream port of its virtual switch, and
 * one hot-plug downstream port per slot, with an endpoint behind each port that is in use.
 *
 *   00:01.0 root port ── 01:00.0 upstream port ─┬─ 02:00.0 downstream port, slot 0 ── 03:00.0
 *                                               ├─ 02:01.0 downstream port, slot 1 ── 04:00.0
 *                                               └─ …
 *
 * The root port is device 1: 00:00.0 is the server's own host bridge, which is no part of this
 * hierarchy, and every enumerator copes with its absence. Up to 32 slots are devices 0-31 of bus
 * 2; more than that are packed as eight functions per device.
 *
 * Bus numbers and windows are those that firmware would have assigned; a server may change them,
 * and accesses are routed by what the registers say at that moment.
 */
#ifndef SIM_HIERARCHY_H
#define SIM_HIERARCHY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/cfgspace.h"

#define SIM_HIERARCHY_SLOTS_MAX    64

/* Ids of the ports: vendor VirtenSys Limited (1a68 in pci.ids), device ids of this project. */
#define SIM_PORT_VENDOR            0x1a68
#define SIM_PORT_DEVICE_ROOT       0x0100
#define SIM_PORT_DEVICE_UPSTREAM   0x0101
#define SIM_PORT_DEVICE_DOWNSTREAM 0x0102

/* Bus, device and function as they are in a requester id: bus 15:8, device 7:3, function 2:0. */
typedef uint16_t sim_bdf;
#define SIM_BDF(bus, dev, fn) ((sim_bdf)(((bus) << 8) | ((dev) << 3) | (fn)))

struct sim_hierarchy;
struct vio_alloc;
struct vio_buf;

/* What the server may notice or has done at a slot. */
enum sim_hotplug_event {
    SIM_HOTPLUG_PRESENCE = 1,  /* an endpoint came or went */
    SIM_HOTPLUG_LINK = 2,      /* the data link layer went up or down */
    SIM_HOTPLUG_ATTENTION = 3, /* the attention button was pressed */
    SIM_HOTPLUG_COMMAND = 4,   /* a write to slot control was completed */
    SIM_HOTPLUG_POWER_OFF = 5, /* the server switched the slot off: it has let go of the function */
    SIM_HOTPLUG_POWER_ON = 6,  /* the server switched the slot on again */
};

typedef void sim_hotplug_fn(void *data, unsigned slot, enum sim_hotplug_event event);

struct sim_link {
    uint8_t speed; /* generation: 1 = 2.5 GT/s … 6 = 64 GT/s, as Link Status has it */
    uint8_t width; /* lanes: 1, 2, 4, 8, 12, 16, 32 */
};

/* `slots`: 1 to SIM_HIERARCHY_SLOTS_MAX. `fn` (may be NULL) is called inside the call that caused
 * the event, after the registers have changed. Returns 0, VIO_EINVAL, VIO_ENOMEM. */
int sim_hierarchy_new(const struct vio_alloc *alloc, unsigned slots, const struct sim_link *link,
                      sim_hotplug_fn *fn, void *data, struct sim_hierarchy **ret_hierarchy);
/* Endpoints still plugged in are left to their owners. NULL is fine. */
void sim_hierarchy_free(struct sim_hierarchy *hierarchy);

unsigned sim_hierarchy_slots(const struct sim_hierarchy *hierarchy);
/* First empty slot, or -1. */
int sim_hierarchy_free_slot(const struct sim_hierarchy *hierarchy);
/* NULL if the slot is empty. */
struct sim_cfgspace *sim_hierarchy_endpoint(const struct sim_hierarchy *hierarchy, unsigned slot);
/* Where the endpoint of this slot is, or would be. */
sim_bdf sim_hierarchy_slot_bdf(const struct sim_hierarchy *hierarchy, unsigned slot);

/* The label that it was plugged in with; "" for an empty slot. */
const char *sim_hierarchy_label(const struct sim_hierarchy *hierarchy, unsigned slot);

/*
 * Puts a function into a slot: present, powered, link up, its BARs assigned within the slot's
 * windows. `space` is borrowed until it is unplugged. `label` (may be NULL) names it in the dump;
 * it is copied. Returns 0, VIO_EINVAL (no such slot), VIO_EBUSY (in use).
 */
int sim_hierarchy_plug(struct sim_hierarchy *hierarchy, unsigned slot, struct sim_cfgspace *space,
                       const char *label);
/* Takes the function out in order; `surprise`: without the server having been asked, so the port
 * records the surprise-down error as well. Returns 0, VIO_EINVAL, VIO_ENOENT (empty). */
int sim_hierarchy_unplug(struct sim_hierarchy *hierarchy, unsigned slot, bool surprise);
/* Asks the server to let go: attention button and blinking power indicator. */
int sim_hierarchy_press_attention(struct sim_hierarchy *hierarchy, unsigned slot);

/* The server's power-on or reset: every port and endpoint starts over, as firmware leaves them. */
void sim_hierarchy_reset(struct sim_hierarchy *hierarchy);

/* Config accesses of the server; an absent function reads as ones and ignores writes. */
void sim_hierarchy_read(const struct sim_hierarchy *hierarchy, sim_bdf bdf, size_t offset,
                        void *buf, size_t len);
void sim_hierarchy_write(struct sim_hierarchy *hierarchy, sim_bdf bdf, size_t offset,
                         const void *buf, size_t len);

/* Writes the functions that answer, in the order of their BDF, and returns how many there are;
 * at most `max` are written. */
size_t sim_hierarchy_list(const struct sim_hierarchy *hierarchy, sim_bdf *ret_bdfs, size_t max);

/* Appends the whole hierarchy in the form that `lspci -F` reads. Returns 0 or the buffer's status.
 */
int sim_hierarchy_dump(const struct sim_hierarchy *hierarchy, struct vio_buf *buf);

#endif
