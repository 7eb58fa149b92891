/* SPDX-License-Identifier: MIT */
#include "lib/driver/iove/claim.h"

#include <stdio.h>

#include <libvio/error.h>

#include "lib/base/alloc.h"
#include "lib/base/random.h"
#include "lib/hw/wire.h"
#include "lib/loop/loop.h"

struct vio_iove_claim {
    struct vio_loop *loop;
    struct vio_transport *transport;
    struct vio_iove_limits limits;
    uint64_t owner; /* our random number */
    uint32_t index; /* the set being tried, or claimed */
    bool forcing;   /* second round: sets with an owner, who may have gone silent */
    struct vio_iove_layout wanted, layout;
    struct vio_iove_part *part;
    uint64_t sequence;
    uint8_t regs[VIO_IOVE_QUEUE_REGS];
    vio_iove_claim_done done;
    void *user;
    char error[VIO_IOVE_ERROR_SIZE];
};

int vio__iove_claim_new(struct vio_loop *loop, struct vio_transport *transport,
                        struct vio_iove_claim **ret_claim)
{
    struct vio_iove_claim *claim = vio__calloc(vio__loop_alloc(loop), 1, sizeof *claim);

    if (!claim)
        return VIO_ENOMEM;
    claim->loop = loop;
    claim->transport = transport;
    if (vio__random_bytes(&claim->owner, sizeof claim->owner)) {
        vio__free(vio__loop_alloc(loop), claim);
        return VIO_EIO;
    }
    claim->owner |= 1; /* never 0 */
    *ret_claim = claim;
    return 0;
}

void vio__iove_claim_free(struct vio_iove_claim *claim)
{
    if (!claim)
        return;
    vio__iove_part_free(claim->part);
    vio__free(vio__loop_alloc(claim->loop), claim);
}

uint64_t vio__iove_claim_base(const struct vio_iove_claim *claim)
{
    return claim->limits.queue_base + (uint64_t)claim->index * claim->limits.queue_stride;
}

void vio__iove_claim_post(struct vio_iove_claim *claim, uint32_t offset, uint64_t value,
                          size_t size)
{
    (void)vio__transport_post(claim->transport, VIO_HW_BAR_REGISTERS,
                              vio__iove_claim_base(claim) + offset, value, size);
}

static void post32(struct vio_iove_claim *claim, uint32_t offset, uint32_t value)
{
    vio__iove_claim_post(claim, offset, value, 4);
}

static void post64(struct vio_iove_claim *claim, uint32_t offset, uint64_t value)
{
    vio__iove_claim_post(claim, offset, value, 8);
}

static void finish(struct vio_iove_claim *claim, int status)
{
    claim->done(claim->user, status);
}

static void fail(struct vio_iove_claim *claim, int status, const char *text)
{
    snprintf(claim->error, sizeof claim->error, "queue set %u: %s", claim->index, text);
    finish(claim, status);
}

/* Reads the set's registers, then goes on with `next`. */
static void read_regs(struct vio_iove_claim *claim, vio_transport_done next)
{
    int status =
        vio__transport_read(claim->transport, VIO_HW_BAR_REGISTERS, vio__iove_claim_base(claim),
                            claim->regs, sizeof claim->regs, next, claim);

    if (status)
        fail(claim, status, "its registers cannot be read");
}

/* -- Bringing into use ------------------------------------------------------------------------- */

static void enabled(void *user, int status)
{
    struct vio_iove_claim *claim = user;
    uint32_t state = vio__hw_get32(claim->regs + VIO_HW_QUEUE_STATUS);
    uint32_t error = vio__hw_get32(claim->regs + VIO_HW_QUEUE_ERROR);

    if (status) {
        fail(claim, status, "its registers cannot be read");
    } else if (!(state & VIO_HW_BIT(QUEUE_STATUS, READY)) ||
               (state & VIO_HW_BIT(QUEUE_STATUS, ERROR))) {
        const char *name = vio__hw_status_name(error);

        snprintf(claim->error, sizeof claim->error,
                 "queue set %u does not come up: STATUS 0x%x, ERROR 0x%x (%s)", claim->index, state,
                 error, name ? name : "unknown");
        vio__iove_claim_release(claim);
        finish(claim, VIO_EDEVICE);
    } else {
        claim->sequence = vio__hw_get64(claim->regs + VIO_HW_QUEUE_EVT_SEQUENCE);
        finish(claim, 0);
    }
}

/* The largest rings that the device, the caller and the part allow. */
static int make_part(struct vio_iove_claim *claim)
{
    uint64_t offset = vio__hw_get64(claim->regs + VIO_HW_QUEUE_PART_OFFSET);
    uint64_t size = vio__hw_get64(claim->regs + VIO_HW_QUEUE_PART_SIZE);
    struct vio_iove_layout layout = claim->wanted;
    int status;

    while (layout.depth > claim->limits.max_ring)
        layout.depth /= 2;
    while (layout.events > claim->limits.max_ring)
        layout.events /= 2;
    vio__iove_part_free(claim->part);
    claim->part = NULL;
    do {
        status = vio__iove_part_new(vio__loop_alloc(claim->loop), claim->transport, offset, size,
                                    &layout, &claim->part);
        claim->layout = layout;
        layout.depth /= 2;
        layout.events /= 2;
    } while (status == VIO_ELIMIT && layout.depth >= 2 && layout.events >= 2);
    return status;
}

static void enable(struct vio_iove_claim *claim)
{
    struct vio_iove_ring completions, events;
    int status = make_part(claim);

    if (status) {
        vio__iove_claim_release(claim);
        fail(claim, status == VIO_ELIMIT ? VIO_EPROTO : status,
             status == VIO_ENOMEM ? "no memory for its rings"
                                  : "PART_OFFSET and PART_SIZE do not fit BAR 2");
        return;
    }
    vio__iove_part_rings(claim->part, &completions, &events);
    post64(claim, VIO_HW_QUEUE_CMD_BASE, vio__iove_part_commands(claim->part));
    post32(claim, VIO_HW_QUEUE_CMD_SIZE, claim->layout.depth);
    post64(claim, VIO_HW_QUEUE_CPL_BASE, completions.offset);
    post32(claim, VIO_HW_QUEUE_CPL_SIZE, completions.size);
    post64(claim, VIO_HW_QUEUE_EVT_BASE, events.offset);
    post32(claim, VIO_HW_QUEUE_EVT_SIZE, events.size);
    post32(claim, VIO_HW_QUEUE_CMD_TAIL, 0);
    post32(claim, VIO_HW_QUEUE_CPL_HEAD, 0);
    post32(claim, VIO_HW_QUEUE_EVT_HEAD, 0);
    post32(claim, VIO_HW_QUEUE_IRQ_MASK, 0);
    post32(claim, VIO_HW_QUEUE_CONTROL, VIO_HW_BIT(QUEUE_CONTROL, ENABLE));
    read_regs(claim, enabled);
}

/* -- Claiming ---------------------------------------------------------------------------------- */

static void try_set(struct vio_iove_claim *claim);

static void try_next(struct vio_iove_claim *claim)
{
    if (++claim->index < claim->limits.num_queues) {
        try_set(claim);
    } else if (!claim->forcing) {
        claim->forcing = true;
        claim->index = 0;
        try_set(claim);
    } else {
        snprintf(claim->error, sizeof claim->error,
                 "each of the chassis' %u queue sets is in use by another client",
                 claim->limits.num_queues);
        finish(claim, VIO_EBUSY);
    }
}

static void claimed(void *user, int status)
{
    struct vio_iove_claim *claim = user;

    if (status)
        fail(claim, status, "its registers cannot be read");
    else if (vio__hw_get64(claim->regs + VIO_HW_QUEUE_OWNER) == claim->owner)
        enable(claim);
    else
        try_next(claim);
}

static void looked(void *user, int status)
{
    struct vio_iove_claim *claim = user;
    uint64_t owner = vio__hw_get64(claim->regs + VIO_HW_QUEUE_OWNER);

    if (status) {
        fail(claim, status, "its registers cannot be read");
    } else if (owner == 0 || owner == claim->owner || claim->forcing) {
        if (owner == claim->owner)
            vio__iove_claim_release(claim); /* from before: it starts anew */
        post64(claim, VIO_HW_QUEUE_OWNER, claim->owner);
        read_regs(claim, claimed);
    } else {
        try_next(claim);
    }
}

static void try_set(struct vio_iove_claim *claim)
{
    read_regs(claim, looked);
}

int vio__iove_claim_start(struct vio_iove_claim *claim, const struct vio_iove_limits *limits,
                          uint32_t depth, uint32_t events, vio_iove_claim_done done, void *user)
{
    claim->limits = *limits;
    claim->wanted = (struct vio_iove_layout){.depth = depth, .events = events};
    claim->index = 0;
    claim->forcing = false;
    claim->done = done;
    claim->user = user;
    claim->error[0] = '\0';
    return vio__transport_read(claim->transport, VIO_HW_BAR_REGISTERS, vio__iove_claim_base(claim),
                               claim->regs, sizeof claim->regs, looked, claim);
}

const char *vio__iove_claim_error(const struct vio_iove_claim *claim)
{
    return claim->error;
}

uint32_t vio__iove_claim_index(const struct vio_iove_claim *claim)
{
    return claim->index;
}

uint64_t vio__iove_claim_owner(const struct vio_iove_claim *claim)
{
    return claim->owner;
}

uint64_t vio__iove_claim_sequence(const struct vio_iove_claim *claim)
{
    return claim->sequence;
}

const struct vio_iove_layout *vio__iove_claim_layout(const struct vio_iove_claim *claim)
{
    return &claim->layout;
}

struct vio_iove_part *vio__iove_claim_take_part(struct vio_iove_claim *claim)
{
    struct vio_iove_part *part = claim->part;

    claim->part = NULL;
    return part;
}

void vio__iove_claim_release(struct vio_iove_claim *claim)
{
    post32(claim, VIO_HW_QUEUE_CONTROL, VIO_HW_BIT(QUEUE_CONTROL, RESET));
}
