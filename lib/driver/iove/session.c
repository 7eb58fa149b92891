/* SPDX-License-Identifier: MIT */
#include "lib/driver/iove/session.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/alloc.h"
#include "lib/driver/iove/claim.h"
#include "lib/driver/iove/look.h"
#include "lib/driver/iove/queue.h"
#include "lib/hw/wire.h"
#include "lib/loop/loop.h"
#include "lib/transport/transport.h"

#define MS         UINT64_C(1000000)
#define POLL_BUSY  (100 * MS) /* while commands are outstanding */
#define POLL_IDLE  (1000 * MS)
#define READY_WAIT (20 * MS) /* between looks at a VPC that is being reset */
#define RETRY_MIN  (50 * MS)
#define RETRY_MAX  (2000 * MS)
#define LEAVE_WAIT (500 * MS) /* for the device to take the set back */

enum state {
    CONNECTING = 1, /* the transport */
    READING = 2,    /* the limits */
    CLAIMING = 3,   /* a queue set */
    UP = 4,
    PAUSING = 5, /* until the next try */
    FAILED = 6,  /* opening it did not work */
    LEAVING = 7, /* the set is being given back */
    CLOSING = 8,
};

struct vio_iove_session {
    struct vio_loop *loop;
    char *uri;
    uint64_t timeout;
    uint32_t depth, events;
    struct vio_iove_session_listener listener;
    enum state state;
    bool opened;       /* it was up once */
    bool unreachable;  /* `lost` was told and `restored` was not yet */
    bool disconnected; /* the transport is to be opened anew */
    vio_iove_session_done done;
    void *user;
    struct vio_transport *transport;
    struct vio_iove_limits limits;
    struct vio_iove_claim *claim;
    struct vio_iove_queue *queue;
    struct vio_timer timer; /* the next try; while leaving, its end */
    struct vio_timer limit; /* of the opening */
    uint64_t retry;
    struct vio_iove_look look;
    uint8_t global[VIO_IOVE_GLOBAL_SIZE];
    uint8_t last[8]; /* read when leaving */
    char error[VIO_IOVE_ERROR_SIZE];
};

static void read_limits(struct vio_iove_session *session);

__attribute__((format(printf, 2, 3))) static void set_error(struct vio_iove_session *session,
                                                            const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(session->error, sizeof session->error, fmt, args);
    va_end(args);
}

static void set_transport_error(struct vio_iove_session *session, int status)
{
    const char *text = vio__transport_error(session->transport);

    set_error(session, "%s", text[0] ? text : vio_strerror(status));
}

/* -- Trying ------------------------------------------------------------------------------------ */

static void ended(struct vio_iove_session *session, int status)
{
    vio__timer_stop(&session->limit);
    session->done(session->user, status);
}

static void pause_for(struct vio_iove_session *session, uint64_t wait)
{
    session->state = PAUSING;
    vio__timer_start(&session->timer, vio__loop_now(session->loop) + wait);
}

/* A try did not work: the opening ends, a session that was up tries again. */
static void failed(struct vio_iove_session *session, int status)
{
    if (!session->opened) {
        session->state = FAILED;
        ended(session, status);
        return;
    }
    pause_for(session, session->retry);
    session->retry = session->retry * 2 < RETRY_MAX ? session->retry * 2 : RETRY_MAX;
}

static void tell_lost(struct vio_iove_session *session)
{
    if (session->unreachable || !session->opened)
        return;
    session->unreachable = true;
    session->listener.lost(session->listener.user);
}

/* The set is not to be used any more. `status` is what became of what the device had. */
static void go_down(struct vio_iove_session *session, int status)
{
    vio__iove_look_stop(&session->look);
    session->retry = RETRY_MIN;
    session->state = PAUSING;
    vio__iove_queue_down(session->queue, status);
}

/* -- Up ---------------------------------------------------------------------------------------- */

static void come_up(struct vio_iove_session *session)
{
    int status;

    /* What must be done first through a new set is submitted before what waits is sent. */
    session->listener.up(session->listener.user, vio__iove_claim_sequence(session->claim));
    status = vio__iove_queue_up(session->queue, session->claim);
    if (status) {
        set_error(session, "no memory for a ring of commands");
        vio__iove_claim_release(session->claim);
        failed(session, status);
        return;
    }
    session->state = UP;
    vio__iove_look_start(&session->look, session->transport, session->claim, POLL_BUSY);
    if (!session->opened) {
        session->opened = true;
        ended(session, 0);
    } else if (session->unreachable) {
        session->unreachable = false;
        session->listener.restored(session->listener.user);
    }
}

static void claimed(void *user, int status)
{
    struct vio_iove_session *session = user;

    if (session->state != CLAIMING)
        return;
    if (status) {
        set_error(session, "%s", vio__iove_claim_error(session->claim));
        failed(session, status);
    } else {
        come_up(session);
    }
}

static void claim_set(struct vio_iove_session *session)
{
    int status = 0;

    session->state = CLAIMING;
    if (!session->claim)
        status = vio__iove_claim_new(session->loop, session->transport, &session->claim);
    if (!status)
        status = vio__iove_claim_start(session->claim, &session->limits, session->depth,
                                       session->events, claimed, session);
    if (status) {
        set_error(session, "a queue set cannot be claimed: %s", vio_strerror(status));
        failed(session, status);
    }
}

/* -- Limits ------------------------------------------------------------------------------------ */

/* What the chassis is now is compared with what it was. */
static int take_limits(struct vio_iove_session *session)
{
    struct vio_iove_limits limits;
    int status = vio__iove_limits_parse(session->global, &limits, session->error);

    if (status)
        return status;
    if (session->opened && memcmp(limits.uuid, session->limits.uuid, sizeof limits.uuid) != 0) {
        set_error(session, "another chassis answers there now");
        return VIO_EGONE;
    }
    if (limits.status & VIO_HW_BIT(GLOBAL_STATUS, FAULT)) {
        set_error(session, "the chassis' VPC has stopped with fault %u and needs a reset",
                  limits.fault);
        return VIO_EDEVICE;
    }
    if (session->opened && limits.boot_id != session->limits.boot_id) {
        session->limits = limits;
        session->listener.reset(session->listener.user);
    }
    session->limits = limits;
    return 0;
}

static void got_limits(void *user, int status)
{
    struct vio_iove_session *session = user;

    if (session->state != READING)
        return;
    if (status)
        set_transport_error(session, status);
    else
        status = take_limits(session);
    if (status) {
        failed(session, status);
    } else if (!(session->limits.status & VIO_HW_BIT(GLOBAL_STATUS, READY))) {
        set_error(session, "the chassis' VPC does not become ready");
        pause_for(session, READY_WAIT);
    } else {
        claim_set(session);
    }
}

static void read_limits(struct vio_iove_session *session)
{
    int status;

    session->state = READING;
    status = vio__transport_read(session->transport, VIO_HW_BAR_REGISTERS, VIO_HW_GLOBAL_BASE,
                                 session->global, sizeof session->global, got_limits, session);
    if (status) {
        set_error(session, "%s", vio_strerror(status));
        failed(session, status);
    }
}

/* -- Connecting -------------------------------------------------------------------------------- */

static void connected(void *user, int status)
{
    struct vio_iove_session *session = user;

    if (session->state != CONNECTING)
        return;
    if (status) {
        set_transport_error(session, status);
        failed(session, status);
    } else {
        /* What was claimed through another connection is not ours in this one. */
        vio__iove_claim_free(session->claim);
        session->claim = NULL;
        session->disconnected = false;
        read_limits(session);
    }
}

static void try_again(struct vio_timer *timer, void *user)
{
    struct vio_iove_session *session = user;
    int status;

    (void)timer;
    if (!session->disconnected) {
        read_limits(session);
        return;
    }
    session->state = CONNECTING;
    status = vio__transport_reopen(session->transport, session->timeout, connected, session);
    if (status)
        failed(session, status);
}

static void transport_lost(void *user, int code, const char *text)
{
    struct vio_iove_session *session = user;

    if (session->state >= FAILED)
        return;
    set_error(session, "%s", text[0] ? text : vio_strerror(code));
    if (!session->opened) {
        failed(session, code);
        return;
    }
    session->disconnected = true;
    vio__timer_stop(&session->timer);
    go_down(session, VIO_ETRANSPORT);
    tell_lost(session);
    failed(session, code);
}

static void out_of_time(struct vio_timer *timer, void *user)
{
    struct vio_iove_session *session = user;

    (void)timer;
    if (session->opened || session->state >= FAILED)
        return;
    vio__timer_stop(&session->timer);
    if (!session->error[0])
        set_error(session, "the chassis does not answer");
    session->state = FAILED;
    ended(session, VIO_ETIMEDOUT);
}

/* -- Looking ----------------------------------------------------------------------------------- */

/* What the device did by itself to the set, or what it says of it that cannot be. */
static void set_failed(struct vio_iove_session *session, const char *what)
{
    set_error(session, "queue set %u %s", vio__iove_claim_index(session->claim), what);
    go_down(session, VIO_ETRANSPORT);
    read_limits(session);
}

static bool is_dead(const uint8_t *global)
{
    return vio__hw_get32(global + VIO_HW_GLOBAL_MAGIC) != VIO_HW_MAGIC;
}

/* As set_failed, for a set that is still ours. */
static void reset_set(struct vio_iove_session *session, const char *why)
{
    vio__iove_claim_release(session->claim);
    set_failed(session, why);
}

static void check_set(struct vio_iove_session *session)
{
    const uint8_t *regs = session->look.regs;
    uint32_t status = vio__hw_get32(regs + VIO_HW_QUEUE_STATUS);
    size_t ghosts;
    char text[64];

    if (vio__hw_get64(regs + VIO_HW_QUEUE_OWNER) != vio__iove_claim_owner(session->claim)) {
        set_failed(session, "was taken from us");
        return;
    } else if (status & VIO_HW_BIT(QUEUE_STATUS, ERROR)) {
        snprintf(text, sizeof text, "stopped with ERROR 0x%x",
                 vio__hw_get32(regs + VIO_HW_QUEUE_ERROR));
        reset_set(session, text);
        return;
    } else if (!(status & VIO_HW_BIT(QUEUE_STATUS, READY))) {
        reset_set(session, "is not ready any more");
        return;
    } else if (!vio__iove_queue_reconcile(session->queue,
                                          vio__hw_get32(regs + VIO_HW_QUEUE_CMD_HEAD),
                                          vio__hw_get32(regs + VIO_HW_QUEUE_CPL_TAIL),
                                          vio__hw_get32(regs + VIO_HW_QUEUE_EVT_TAIL))) {
        reset_set(session, "shows indices that cannot be");
        return;
    }
    /* What the device never completed is cleared away once nobody is hurt by it. */
    ghosts = session->state == UP ? vio__iove_queue_ghosts(session->queue) : 0;
    if (ghosts > vio__iove_claim_layout(session->claim)->depth / 2 ||
        (ghosts > 0 && vio__iove_queue_outstanding(session->queue) == 0 &&
         session->listener.quiet(session->listener.user)))
        reset_set(session, "did not complete every command");
}

void vio__iove_session_purge(struct vio_iove_session *session)
{
    if (session->state == UP && vio__iove_queue_outstanding(session->queue) == 0)
        reset_set(session, "was purged");
}

static void looked(struct vio_iove_look *look)
{
    struct vio_iove_session *session = VIO_CONTAINER_OF(look, struct vio_iove_session, look);

    if (is_dead(look->global)) {
        set_error(session, "the chassis reads as 0x%08x: it has no power or is gone",
                  vio__hw_get32(look->global + VIO_HW_GLOBAL_MAGIC));
        go_down(session, VIO_ETRANSPORT);
        tell_lost(session);
        failed(session, VIO_EGONE);
        return;
    }
    if (vio__hw_get64(look->global + VIO_HW_GLOBAL_BOOT_ID) != session->limits.boot_id) {
        set_error(session, "the chassis was reset");
        go_down(session, VIO_ERESET);
        read_limits(session);
        return;
    }
    session->listener.lease(session->listener.user,
                            vio__hw_get64(look->global + VIO_HW_GLOBAL_LEASE));
    check_set(session);
    if (session->state == UP)
        vio__iove_look_later(look,
                             vio__iove_queue_outstanding(session->queue) ? POLL_BUSY : POLL_IDLE);
}

void vio__iove_session_look(struct vio_iove_session *session)
{
    vio__iove_look_now(&session->look);
}

/* Interrupts may come on a vector that is not ours, twice or for nothing. */
static void interrupt(void *user, unsigned vector)
{
    struct vio_iove_session *session = user;

    if (session->state != UP)
        return;
    vio__iove_claim_post(session->claim, VIO_HW_QUEUE_IRQ_CAUSE, UINT32_MAX, 4);
    if (vector == 0)
        (void)vio__transport_post(session->transport, VIO_HW_BAR_REGISTERS, VIO_HW_GLOBAL_IRQ_CAUSE,
                                  UINT32_MAX, 4);
    if (!vio__iove_queue_drain(session->queue) || vector == 0)
        vio__iove_session_look(session);
}

/* -- Opening and closing ----------------------------------------------------------------------- */

static void free_session(struct vio_iove_session *session)
{
    const struct vio_alloc *alloc = vio__loop_alloc(session->loop);

    vio__iove_queue_free(session->queue);
    vio__iove_claim_free(session->claim);
    vio__free(alloc, session->uri);
    vio__free(alloc, session);
}

static void queue_event(void *user, const struct vio_hw_event *event)
{
    struct vio_iove_session *session = user;

    session->listener.event(session->listener.user, event);
}

static void queue_gap(void *user)
{
    struct vio_iove_session *session = user;

    session->listener.gap(session->listener.user);
}

static int start(struct vio_iove_session *session)
{
    struct vio_transport_listener transport = {
        .user = session, .interrupt = interrupt, .lost = transport_lost};
    struct vio_iove_queue_listener queue = {
        .user = session, .event = queue_event, .gap = queue_gap};
    int status;

    status = vio__iove_queue_new(session->loop, &queue, &session->queue);
    if (status)
        return status;
    status = vio__transport_open(session->loop, session->uri, &transport, session->timeout,
                                 connected, session, &session->transport);
    if (status)
        vio__iove_queue_free(session->queue);
    return status;
}

int vio__iove_session_open(struct vio_loop *loop, const struct vio_iove_session_config *config,
                           vio_iove_session_done done, void *user,
                           struct vio_iove_session **ret_session)
{
    const struct vio_alloc *alloc = vio__loop_alloc(loop);
    struct vio_iove_session *session = vio__calloc(alloc, 1, sizeof *session);
    int status = VIO_ENOMEM;

    if (!session)
        return VIO_ENOMEM;
    session->loop = loop;
    session->timeout = config->timeout;
    session->depth = config->depth;
    session->events = config->events;
    session->listener = config->listener;
    session->done = done;
    session->user = user;
    session->retry = RETRY_MIN;
    session->state = CONNECTING;
    vio__timer_init(&session->timer, loop, true, try_again, session);
    vio__timer_init(&session->limit, loop, false, out_of_time, session);
    vio__iove_look_init(&session->look, loop, looked);
    session->uri = vio__strdup(alloc, config->uri);
    if (session->uri)
        status = start(session);
    if (status) {
        vio__free(alloc, session->uri);
        vio__free(alloc, session);
        return status;
    }
    vio__timer_start(&session->limit, vio__loop_now(loop) + session->timeout);
    *ret_session = session;
    return 0;
}

static void transport_closed(void *user, int status)
{
    struct vio_iove_session *session = user;
    vio_iove_session_done done = session->done;
    void *done_user = session->user;

    (void)status;
    free_session(session);
    done(done_user, 0);
}

static void leave(struct vio_iove_session *session)
{
    if (session->state == CLOSING)
        return;
    session->state = CLOSING;
    vio__timer_stop(&session->timer);
    vio__transport_close(session->transport, transport_closed, session);
}

static void left(void *user, int status)
{
    (void)status;
    leave(user);
}

static void left_late(struct vio_timer *timer, void *user)
{
    (void)timer;
    leave(user);
}

void vio__iove_session_close(struct vio_iove_session *session, vio_iove_session_done done,
                             void *user)
{
    bool up = session->state == UP;

    session->done = done;
    session->user = user;
    vio__timer_stop(&session->timer);
    vio__timer_stop(&session->limit);
    vio__iove_look_stop(&session->look);
    session->state = LEAVING;
    vio__iove_queue_fail(session->queue, VIO_ECLOSED);
    if (up) {
        /* The read comes after the write, so the set is free when it ends. */
        vio__iove_claim_release(session->claim);
        vio__timer_init(&session->timer, session->loop, false, left_late, session);
        vio__timer_start(&session->timer, vio__loop_now(session->loop) + LEAVE_WAIT);
        if (vio__transport_read(session->transport, VIO_HW_BAR_REGISTERS,
                                vio__iove_claim_base(session->claim), session->last,
                                sizeof session->last, left, session) == 0)
            return;
    }
    leave(session);
}

const char *vio__iove_session_error(const struct vio_iove_session *session)
{
    return session->error;
}

bool vio__iove_session_is_up(const struct vio_iove_session *session)
{
    return session->state == UP;
}

struct vio_iove_queue *vio__iove_session_queue(struct vio_iove_session *session)
{
    return session->queue;
}

struct vio_transport *vio__iove_session_transport(struct vio_iove_session *session)
{
    return session->transport;
}

const struct vio_iove_limits *vio__iove_session_limits(const struct vio_iove_session *session)
{
    return &session->limits;
}

const struct vio_iove_claim *vio__iove_session_claim(const struct vio_iove_session *session)
{
    return session->claim;
}
