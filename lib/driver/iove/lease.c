/* SPDX-License-Identifier: MIT */
#include "lib/driver/iove/lease.h"

#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/alloc.h"
#include "lib/base/random.h"
#include "lib/driver/iove/limits.h"
#include "lib/driver/iove/queue.h"
#include "lib/driver/iove/record.h"
#include "lib/driver/iove/session.h"
#include "lib/hw/wire.h"
#include "lib/loop/loop.h"
#include "lib/transport/transport.h"

#define TRIES 3 /* claiming again with the same number is harmless */

struct vio_iove_lease {
    struct vio_loop *loop;
    struct vio_iove_session *session;
    uint64_t timeout;
    char *error;
    void (*fenced)(void *user);
    void *fenced_user;
    uint64_t number;  /* ours, in force; else 0 */
    uint64_t lost;    /* the last one that was ours */
    unsigned strange; /* looks in a row that found another one */
    struct vio_timer beat;
    struct vio_iove_command command; /* claim or release */
    struct vio_iove_command renewal;
    bool busy;
    uint64_t wanted; /* number being claimed */
    uint64_t deadline;
    unsigned tries;
    vio_iove_lease_done done;
    void *user;
    uint8_t global[VIO_IOVE_GLOBAL_SIZE];
    char holder[VIO_HW_LABEL_SIZE];
};

/* -- Heartbeat --------------------------------------------------------------------------------- */

static void beat(struct vio_timer *timer, void *user)
{
    struct vio_iove_lease *lease = user;
    uint64_t limit = vio__iove_session_limits(lease->session)->lease_limit;

    if (vio__iove_session_is_up(lease->session))
        (void)vio__transport_post(vio__iove_session_transport(lease->session), VIO_HW_BAR_REGISTERS,
                                  VIO_HW_GLOBAL_LEASE_BEAT, lease->number, 8);
    vio__timer_start(timer, vio__loop_now(lease->loop) + limit / 4);
}

static void forget(struct vio_iove_lease *lease)
{
    lease->lost = lease->number;
    lease->number = 0;
    vio__timer_stop(&lease->beat);
}

void vio__iove_lease_lost(struct vio_iove_lease *lease, uint64_t number)
{
    if (lease->number == 0 || number != lease->number)
        return;
    forget(lease);
    lease->fenced(lease->fenced_user);
}

void vio__iove_lease_seen(struct vio_iove_lease *lease, uint64_t number)
{
    if (lease->number == 0 || number == lease->number) {
        lease->strange = 0;
        return;
    }
    if (++lease->strange > 1)
        vio__iove_lease_lost(lease, lease->number);
}

/* -- Claiming ---------------------------------------------------------------------------------- */

static void end(struct vio_iove_lease *lease, int status)
{
    lease->busy = false;
    lease->done(lease->user, status);
}

static void fail(struct vio_iove_lease *lease, int status, const char *text)
{
    snprintf(lease->error, VIO_IOVE_ERROR_SIZE, "the chassis cannot be owned: %s", text);
    end(lease, status);
}

/* Names who has it. */
static void read_holder(void *user, int status)
{
    struct vio_iove_lease *lease = user;
    char holder[VIO_HW_LABEL_SIZE];
    struct vio_iove_record record = {
        .bytes = lease->global, .noun = "chassis", .error = lease->error};

    if (status) {
        fail(lease, VIO_EOWNED, "it has another owner");
        return;
    }
    vio__iove_record_text(&record, "LEASE_HOLDER", VIO_HW_GLOBAL_LEASE_HOLDER, holder,
                          sizeof holder);
    snprintf(lease->error, VIO_IOVE_ERROR_SIZE,
             "the chassis is owned by \"%s\", who was last heard of %u ms ago; take it over, or "
             "wait until it is released",
             holder, vio__hw_get32(lease->global + VIO_HW_GLOBAL_LEASE_AGE));
    end(lease, VIO_EOWNED);
}

static void refused(struct vio_iove_lease *lease, unsigned status)
{
    int error;

    if (status != VIO_HW_STATUS_LEASED) {
        fail(lease, VIO_EDEVICE, vio__hw_status_text(status));
        return;
    }
    error = vio__transport_read(vio__iove_session_transport(lease->session), VIO_HW_BAR_REGISTERS,
                                VIO_HW_GLOBAL_BASE, lease->global, sizeof lease->global,
                                read_holder, lease);
    if (error)
        fail(lease, VIO_EOWNED, "it has another owner");
}

static void try_claim(struct vio_iove_lease *lease)
{
    uint64_t now = vio__loop_now(lease->loop);
    uint64_t left = lease->deadline > now ? lease->deadline - now : 0;

    lease->tries++;
    lease->command.deadline = lease->tries < TRIES ? now + left / 2 : lease->deadline;
    vio__iove_queue_submit(vio__iove_session_queue(lease->session), &lease->command);
}

static void claim_done(struct vio_iove_command *command, int status)
{
    struct vio_iove_lease *lease = VIO_CONTAINER_OF(command, struct vio_iove_lease, command);

    if (status == 0 && command->completion.status == VIO_HW_STATUS_OK) {
        lease->number = lease->wanted;
        lease->strange = 0;
        beat(&lease->beat, lease);
        end(lease, 0);
    } else if (status == 0) {
        refused(lease, command->completion.status);
    } else if (status != VIO_ECLOSED && lease->tries < TRIES) {
        try_claim(lease);
    } else {
        fail(lease, status, vio_strerror(status));
    }
}

static void fill_claim(struct vio_iove_lease *lease, struct vio_iove_command *command,
                       uint64_t number, bool take_over)
{
    *command = (struct vio_iove_command){
        .wire = {.opcode = VIO_HW_OP_LEASE_CLAIM,
                 .flags = take_over ? VIO_HW_COMMAND_FORCE : 0,
                 .arg = {(uint32_t)number, (uint32_t)(number >> 32)}},
        .in = lease->holder,
        .in_size = sizeof lease->holder,
    };
}

int vio__iove_lease_claim(struct vio_iove_lease *lease, bool take_over, vio_iove_lease_done done,
                          void *user)
{
    if (lease->busy)
        return VIO_EBUSY;
    if (lease->number)
        return VIO_ESTATE;
    if (vio__random_bytes(&lease->wanted, sizeof lease->wanted))
        return VIO_EIO;
    lease->wanted |= 1; /* never 0 */
    lease->done = done;
    lease->user = user;
    lease->busy = true;
    lease->tries = 0;
    lease->deadline = vio__loop_now(lease->loop) + lease->timeout;
    fill_claim(lease, &lease->command, lease->wanted, take_over);
    lease->command.done = claim_done;
    try_claim(lease);
    return 0;
}

static void renewed(struct vio_iove_command *command, int status)
{
    struct vio_iove_lease *lease = VIO_CONTAINER_OF(command, struct vio_iove_lease, renewal);

    if (status == 0 && command->completion.status == VIO_HW_STATUS_LEASED)
        vio__iove_lease_lost(lease, lease->number);
}

void vio__iove_lease_renew(struct vio_iove_lease *lease)
{
    struct vio_iove_queue *queue = vio__iove_session_queue(lease->session);

    if (!lease->number)
        return;
    vio__iove_queue_withdraw(queue, &lease->renewal);
    fill_claim(lease, &lease->renewal, lease->number, false);
    lease->renewal.done = renewed;
    lease->renewal.deadline = vio__loop_now(lease->loop) + lease->timeout;
    vio__iove_queue_submit_first(queue, &lease->renewal);
}

/* -- Releasing --------------------------------------------------------------------------------- */

static void release_done(struct vio_iove_command *command, int status)
{
    struct vio_iove_lease *lease = VIO_CONTAINER_OF(command, struct vio_iove_lease, command);

    if (status == 0 && command->completion.status != VIO_HW_STATUS_OK)
        status = command->completion.status == VIO_HW_STATUS_NOT_LEASED ? VIO_EFENCED : VIO_EDEVICE;
    if (status)
        snprintf(lease->error, VIO_IOVE_ERROR_SIZE, "the chassis was not released: %s",
                 vio_strerror(status));
    end(lease, status);
}

int vio__iove_lease_release(struct vio_iove_lease *lease, uint64_t timeout,
                            vio_iove_lease_done done, void *user)
{
    if (lease->busy)
        return VIO_EBUSY;
    if (!lease->number)
        return VIO_ESTATE;
    lease->done = done;
    lease->user = user;
    lease->busy = true;
    lease->command = (struct vio_iove_command){
        .wire = {.opcode = VIO_HW_OP_LEASE_RELEASE, .lease = lease->number},
        .deadline = vio__loop_now(lease->loop) + timeout,
        .done = release_done,
    };
    forget(lease);
    vio__iove_queue_submit(vio__iove_session_queue(lease->session), &lease->command);
    return 0;
}

/* -- The object -------------------------------------------------------------------------------- */

int vio__iove_lease_new(struct vio_loop *loop, struct vio_iove_session *session, const char *holder,
                        uint64_t timeout, char *error, void (*fenced)(void *user), void *user,
                        struct vio_iove_lease **ret_lease)
{
    struct vio_iove_lease *lease = vio__calloc(vio__loop_alloc(loop), 1, sizeof *lease);

    if (!lease)
        return VIO_ENOMEM;
    lease->loop = loop;
    lease->session = session;
    lease->timeout = timeout;
    lease->error = error;
    lease->fenced = fenced;
    lease->fenced_user = user;
    if (holder)
        memcpy(lease->holder, holder, strnlen(holder, sizeof lease->holder - 1));
    vio__timer_init(&lease->beat, loop, true, beat, lease);
    *ret_lease = lease;
    return 0;
}

void vio__iove_lease_free(struct vio_iove_lease *lease)
{
    if (!lease)
        return;
    vio__timer_stop(&lease->beat);
    vio__free(vio__loop_alloc(lease->loop), lease);
}

uint64_t vio__iove_lease_number(const struct vio_iove_lease *lease)
{
    return lease->number;
}

uint64_t vio__iove_lease_lost_number(const struct vio_iove_lease *lease)
{
    return lease->lost;
}
