/* SPDX-License-Identifier: MIT */
/* The driver for chassis that have the register interface. */
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/alloc.h"
#include "lib/driver/driver.h"
#include "lib/driver/iove/events.h"
#include "lib/driver/iove/inquiry.h"
#include "lib/driver/iove/lease.h"
#include "lib/driver/iove/observe.h"
#include "lib/driver/iove/queue.h"
#include "lib/driver/iove/raw.h"
#include "lib/driver/iove/session.h"
#include "lib/driver/iove/step.h"
#include "lib/loop/loop.h"
#include "lib/transport/transport.h"

#define TIMEOUT      UINT64_C(10000000000) /* where the caller names none */
#define RELEASE_WAIT UINT64_C(500000000)
#define DEPTH        1024u
#define EVENTS       1024u

struct vio_driver {
    struct vio_loop *loop;
    uint64_t timeout;
    char *holder;
    struct vio_iove_session *session;
    struct vio_iove_lease *lease; /* this and what follows: once it was opened */
    struct vio_iove_steps *steps;
    struct vio_iove_inquiries inquiries;
    struct vio_device *device;
    struct vio_iove_events events;
    bool reset;              /* since the set was up the last time */
    vio_driver_done opening; /* NULL when it was told */
    void *opening_user;
    struct vio_post close;
    vio_driver_done closed;
    void *closed_user;
    char error[VIO_IOVE_ERROR_SIZE];
};

/* -- What the session tells -------------------------------------------------------------------- */

static void on_event(void *user, const struct vio_hw_event *event)
{
    struct vio_driver *driver = user;

    vio__iove_events_take(&driver->events, vio__iove_session_limits(driver->session), event);
    if (event->type == VIO_HW_EVENT_LEASE_CLAIMED && driver->lease) {
        vio__iove_lease_seen(driver->lease, event->value);
        vio__iove_session_look(driver->session);
    }
}

static void on_gap(void *user)
{
    struct vio_driver *driver = user;

    vio__iove_events_gap(&driver->events);
}

static void on_up(void *user, uint64_t sequence)
{
    struct vio_driver *driver = user;
    uint64_t expected = driver->events.expected;

    vio__iove_events_start(&driver->events, sequence);
    if (!driver->opening && !driver->reset && sequence != expected)
        vio__iove_events_tell(&driver->events, VIO_NOTICE_OVERFLOW);
    driver->reset = false;
    if (driver->lease)
        vio__iove_lease_renew(driver->lease);
}

static void on_lost(void *user)
{
    struct vio_driver *driver = user;

    vio__iove_events_tell(&driver->events, VIO_NOTICE_LOST);
}

static void on_restored(void *user)
{
    struct vio_driver *driver = user;

    vio__iove_events_tell(&driver->events, VIO_NOTICE_RESTORED);
}

static void on_reset(void *user)
{
    struct vio_driver *driver = user;

    driver->reset = true;
    vio__iove_events_tell(&driver->events, VIO_NOTICE_RESET);
    if (!driver->steps) /* opening it lacked memory, and it is about to be closed */
        return;
    vio__iove_lease_lost(driver->lease, vio__iove_lease_number(driver->lease));
    vio__iove_steps_end_all(driver->steps, VIO_ERESET,
                            "the chassis was reset: every function is gone");
}

static void on_lease(void *user, uint64_t lease)
{
    struct vio_driver *driver = user;

    if (driver->lease)
        vio__iove_lease_seen(driver->lease, lease);
}

static bool on_quiet(void *user)
{
    struct vio_driver *driver = user;

    return !driver->steps || vio__iove_steps_count(driver->steps) == 0;
}

static void on_fenced(void *user)
{
    struct vio_driver *driver = user;

    vio__iove_events_tell(&driver->events, VIO_NOTICE_FENCED);
}

/* -- Opening and closing ----------------------------------------------------------------------- */

static void free_driver(struct vio_driver *driver)
{
    const struct vio_alloc *alloc = vio__loop_alloc(driver->loop);

    vio__iove_raw_free(driver->device);
    vio__iove_steps_free(driver->steps);
    vio__iove_lease_free(driver->lease);
    vio__free(alloc, driver->holder);
    vio__free(alloc, driver);
}

static void opened(void *user, int status)
{
    struct vio_driver *driver = user;
    struct vio_loop *loop = driver->loop;
    vio_driver_done done = driver->opening;

    if (status)
        snprintf(driver->error, sizeof driver->error, "%s",
                 vio__iove_session_error(driver->session));
    else
        status = vio__iove_lease_new(loop, driver->session, driver->holder, driver->timeout,
                                     driver->error, on_fenced, driver, &driver->lease);
    if (!status)
        status = vio__iove_steps_new(loop, driver->session, driver->lease, driver->timeout,
                                     &driver->steps);
    if (!status)
        status = vio__iove_raw_new(loop, driver->session, &driver->device);
    vio__iove_inquiries_init(&driver->inquiries, loop, driver->session, driver->timeout);
    if (status && !driver->error[0])
        snprintf(driver->error, sizeof driver->error, "%s", vio_strerror(status));
    driver->opening = NULL;
    done(driver->opening_user, status);
}

static int iove_open(struct vio_loop *loop, const struct vio_driver_config *config,
                     vio_driver_done done, void *user, struct vio_driver **ret_driver)
{
    const struct vio_alloc *alloc = vio__loop_alloc(loop);
    struct vio_driver *driver = vio__calloc(alloc, 1, sizeof *driver);
    struct vio_iove_session_config session = {
        .uri = config->uri,
        .timeout = config->timeout_ns ? config->timeout_ns : TIMEOUT,
        .depth = DEPTH,
        .events = EVENTS,
        .listener = {.user = driver,
                     .event = on_event,
                     .gap = on_gap,
                     .up = on_up,
                     .lost = on_lost,
                     .restored = on_restored,
                     .reset = on_reset,
                     .lease = on_lease,
                     .quiet = on_quiet},
    };
    int status = VIO_ENOMEM;

    if (!driver)
        return VIO_ENOMEM;
    driver->loop = loop;
    driver->timeout = session.timeout;
    driver->opening = done;
    driver->opening_user = user;
    driver->events.loop = loop;
    driver->events.listener = config->listener;
    driver->holder = vio__strdup(alloc, config->holder ? config->holder : "");
    if (driver->holder)
        status = vio__iove_session_open(loop, &session, opened, driver, &driver->session);
    if (status) {
        free_driver(driver);
        return status;
    }
    *ret_driver = driver;
    return 0;
}

static void session_closed(void *user, int status)
{
    struct vio_driver *driver = user;
    vio_driver_done opening = driver->opening, closed = driver->closed;
    void *opening_user = driver->opening_user, *closed_user = driver->closed_user;

    (void)status;
    free_driver(driver);
    if (opening)
        opening(opening_user, VIO_ECLOSED);
    closed(closed_user, 0);
}

static void close_session(struct vio_post *post)
{
    struct vio_driver *driver = VIO_CONTAINER_OF(post, struct vio_driver, close);

    vio__iove_session_close(driver->session, session_closed, driver);
}

/* The session calls this, and is not to be closed underneath itself. */
static void released(void *user, int status)
{
    struct vio_driver *driver = user;

    (void)status;
    driver->close.fn = close_session;
    vio__loop_post(driver->loop, &driver->close);
}

static void close_now(struct vio_post *post)
{
    struct vio_driver *driver = VIO_CONTAINER_OF(post, struct vio_driver, close);

    if (driver->steps) {
        vio__iove_steps_end_all(driver->steps, VIO_ECLOSED, "the chassis was closed");
        vio__iove_inquiries_close(&driver->inquiries);
    }
    if (!driver->lease || !vio__iove_session_is_up(driver->session) ||
        vio__iove_lease_release(driver->lease, RELEASE_WAIT, released, driver))
        released(driver, 0);
}

static void iove_close(struct vio_driver *driver, vio_driver_done done, void *user)
{
    driver->closed = done;
    driver->closed_user = user;
    driver->close.fn = close_now;
    vio__loop_post(driver->loop, &driver->close);
}

static const char *iove_error(const struct vio_driver *driver)
{
    return driver->error[0] ? driver->error : vio__iove_session_error(driver->session);
}

/* -- Operations -------------------------------------------------------------------------------- */

static int iove_observe(struct vio_driver *driver, vio_driver_observed done, void *user)
{
    return vio__iove_observe(driver->loop, driver->session, driver->timeout, driver->error, done,
                             user);
}

static int iove_read(struct vio_driver *driver, uint32_t index, vio_driver_read done, void *user)
{
    return vio__iove_read_function(driver->loop, driver->session, driver->timeout, index,
                                   driver->error, done, user);
}

static int iove_claim(struct vio_driver *driver, bool take_over, vio_driver_done done, void *user)
{
    return vio__iove_lease_claim(driver->lease, take_over, done, user);
}

static int iove_release(struct vio_driver *driver, vio_driver_done done, void *user)
{
    return vio__iove_lease_release(driver->lease, driver->timeout, done, user);
}

static bool iove_owns(const struct vio_driver *driver)
{
    return driver->lease && vio__iove_lease_number(driver->lease) != 0;
}

static int iove_step(struct vio_driver *driver, const struct vio_step *step, uint64_t deadline,
                     vio_driver_stepped done, void *user, struct vio_tag *ret_tag)
{
    return vio__iove_steps_submit(driver->steps, step, deadline, done, user, ret_tag);
}

static int iove_outcome(struct vio_driver *driver, struct vio_tag tag, vio_driver_stepped done,
                        void *user)
{
    return vio__iove_inquire(&driver->inquiries, tag, done, user);
}

static enum vio_disruption iove_disruption(const struct vio_driver *driver,
                                           const struct vio_step *step, bool bound)
{
    (void)driver;
    switch (step->action) {
    case VIO_STEP_UNKNOWN:
        return VIO_DISRUPTION_UNKNOWN;
    case VIO_STEP_UNBIND:
        return bound ? VIO_DISRUPTION_FUNCTION_RESET : VIO_DISRUPTION_NONE;
    case VIO_STEP_DESTROY:
        return step->function.kind == VIO_VADAPTER_VDISK ? VIO_DISRUPTION_DATA_LOST
                                                         : VIO_DISRUPTION_NONE;
    case VIO_STEP_SET_IDENTITY:
    case VIO_STEP_SET_ENABLED:
        return bound ? VIO_DISRUPTION_LINK_FLAP : VIO_DISRUPTION_NONE;
    case VIO_STEP_PORT:
    case VIO_STEP_SLOT:
        return step->function.enabled ? VIO_DISRUPTION_NONE : VIO_DISRUPTION_OTHERS;
    default:
        return VIO_DISRUPTION_NONE;
    }
}

static struct vio_device *iove_device(struct vio_driver *driver)
{
    return driver->device;
}

static struct viosim *iove_sim(struct vio_driver *driver)
{
    return vio__transport_sim(vio__iove_session_transport(driver->session));
}

const struct vio_driver_ops vio__iove_driver_ops = {
    .name = "iove",
    .schemes = "sim vfio-user",
    .open = iove_open,
    .close = iove_close,
    .error = iove_error,
    .observe = iove_observe,
    .read = iove_read,
    .claim = iove_claim,
    .release = iove_release,
    .owns = iove_owns,
    .step = iove_step,
    .outcome = iove_outcome,
    .disruption = iove_disruption,
    .device = iove_device,
    .sim = iove_sim,
};
