/* SPDX-License-Identifier: MIT */
/*
 * The software chassis inside this process: libviosim, loaded when the first `sim:` URI is opened,
 * and stepped on the loop.
 */
#include <dlfcn.h>
#include <inttypes.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/hw/bus.h"
#include "lib/transport/ops.h"

#define LIBRARY "libviosim.so.0"
#define VECTORS 64

struct sim_transport {
    struct vio_transport base;
    void *library;
    const struct vio_bus_ops *bus;
    void *device;
    struct vio_timer timer;     /* the device's next step */
    struct vio_post interrupts; /* delivers `pending` */
    uint64_t pending;           /* vectors */
    struct vio_post waking;
    atomic_bool woken;
    bool clock; /* the loop's clock was joined */
};

static struct sim_transport *of(struct vio_transport *transport)
{
    return VIO_CONTAINER_OF(transport, struct sim_transport, base);
}

/* -- Time and interrupts ----------------------------------------------------------------------- */

/* What only waits for silence of ours is housekeeping: virtual time would otherwise run on for
 * ever, from one heartbeat to the next. */
static void rearm(struct sim_transport *sim)
{
    uint64_t next = sim->device ? sim->bus->next(sim->device) : UINT64_MAX;

    vio__timer_stop(&sim->timer);
    if (next == UINT64_MAX)
        return;
    sim->timer.background = !sim->bus->busy(sim->device);
    vio__timer_start(&sim->timer, next);
}

static void step(struct vio_timer *timer, void *user)
{
    struct sim_transport *sim = user;

    (void)timer;
    sim->bus->step(sim->device, vio__loop_now(sim->base.loop));
    rearm(sim);
}

static void woken(struct vio_post *post)
{
    struct sim_transport *sim = VIO_CONTAINER_OF(post, struct sim_transport, waking);

    atomic_store(&sim->woken, false);
    rearm(sim);
}

/* From any thread, also inside a call into the device. */
static void wake(void *user)
{
    struct sim_transport *sim = user;

    if (!atomic_exchange(&sim->woken, true))
        vio__loop_post(sim->base.loop, &sim->waking);
}

static void deliver(struct vio_post *post)
{
    struct sim_transport *sim = VIO_CONTAINER_OF(post, struct sim_transport, interrupts);
    const struct vio_transport_listener *listener = &sim->base.listener;
    uint64_t pending = sim->pending;

    sim->pending = 0;
    for (unsigned vector = 0; vector < VECTORS && sim->base.state == VIO_TRANSPORT_UP; vector++)
        if (pending >> vector & 1)
            listener->interrupt(listener->user, vector);
}

static void interrupt(void *user, unsigned vector)
{
    struct sim_transport *sim = user;

    if (vector >= VECTORS)
        return;
    if (!sim->pending)
        vio__loop_post(sim->base.loop, &sim->interrupts);
    sim->pending |= UINT64_C(1) << vector;
}

/* -- The library ------------------------------------------------------------------------------- */

static void *load_beside(const void *symbol)
{
    char path[PATH_MAX];
    Dl_info info;
    const char *slash;
    int length;

    if (!dladdr(symbol, &info) || !info.dli_fname || !(slash = strrchr(info.dli_fname, '/')))
        return NULL;
    length =
        snprintf(path, sizeof path, "%.*s/" LIBRARY, (int)(slash - info.dli_fname), info.dli_fname);
    if (length < 0 || (size_t)length >= sizeof path)
        return NULL;
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

/* libviosim of this libvio: from its own directory, else where the system finds it. */
static int load(struct sim_transport *sim)
{
    vio_bus_entry_fn entry;

    sim->library = load_beside(&vio__transport_sim_ops);
    if (!sim->library)
        sim->library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!sim->library) {
        vio__transport_set_error(&sim->base,
                                 "sim: " LIBRARY " is neither beside libvio nor installed");
        return VIO_ENOENT;
    }
    *(void **)&entry = dlsym(sim->library, VIO_BUS_ENTRY);
    sim->bus = entry ? entry(VIO_BUS_VERSION) : NULL;
    if (!sim->bus || sim->bus->version < VIO_BUS_VERSION) {
        vio__transport_set_error(
            &sim->base, "sim: " LIBRARY " does not offer version %d of the bus", VIO_BUS_VERSION);
        return VIO_EVERSION;
    }
    return 0;
}

/* -- Operations -------------------------------------------------------------------------------- */

static int join_clock(struct sim_transport *sim)
{
    const char *time = vio__uri_param(&sim->base.uri, "time");
    bool virtual = time && strcmp(time, "virtual") == 0;
    int status = vio__loop_join_clock(sim->base.loop, virtual);

    sim->clock = status == 0;
    if (status && virtual)
        vio__transport_set_error(&sim->base, "sim: time=virtual is refused: the context has a "
                                             "chassis in real time; use another context");
    else if (status)
        vio__transport_set_error(&sim->base, "sim: the context's time is virtual: give "
                                             "time=virtual, or use another context");
    return status;
}

static int open_device(struct sim_transport *sim)
{
    struct vio_bus_host host = {.user = sim, .interrupt = interrupt, .wake = wake};
    char error[sizeof sim->base.error] = "";
    int status = load(sim);

    if (!status)
        status = join_clock(sim);
    if (status)
        return status;
    status = sim->bus->open(sim->base.location, &host, &sim->device, error, sizeof error);
    if (status)
        vio__transport_set_error(&sim->base, "sim: %s",
                                 error[0] ? error : "the chassis cannot be opened");
    return status;
}

static void sim_connect(struct vio_transport *transport, uint64_t timeout_ns,
                        struct vio_transport_call *call)
{
    struct sim_transport *sim = of(transport);
    int status;

    (void)timeout_ns;
    vio__timer_init(&sim->timer, transport->loop, false, step, sim);
    sim->interrupts.fn = deliver;
    sim->waking.fn = woken;
    status = open_device(sim);
    if (!status)
        sim->bus->step(sim->device, vio__loop_now(transport->loop));
    rearm(sim);
    vio__transport_finish(call, status);
}

static void sim_disconnect(struct vio_transport *transport)
{
    struct sim_transport *sim = of(transport);

    if (sim->timer.loop)
        vio__timer_stop(&sim->timer);
    if (sim->device)
        sim->bus->close(sim->device);
    sim->device = NULL;
    if (sim->clock)
        vio__loop_leave_clock(transport->loop);
    sim->clock = false;
    if (sim->library)
        dlclose(sim->library);
    sim->library = NULL;
}

/* After each call into the device. */
static bool check(struct sim_transport *sim, int status)
{
    if (status != VIO_EGONE)
        return true;
    vio__transport_set_error(&sim->base, "sim: the device is not there any more");
    vio__transport_lose(&sim->base, VIO_ETRANSPORT);
    return false;
}

static void sim_read(struct vio_transport *transport, unsigned bar, uint64_t offset, void *data,
                     size_t size, struct vio_transport_call *call)
{
    struct sim_transport *sim = of(transport);
    int status = sim->bus->read(sim->device, bar, offset, data, size);

    if (check(sim, status))
        vio__transport_finish(call, status);
}

static void sim_write(struct vio_transport *transport, unsigned bar, uint64_t offset,
                      const void *data, size_t size, struct vio_transport_call *call)
{
    struct sim_transport *sim = of(transport);
    int status = sim->bus->write(sim->device, bar, offset, data, size);

    if (check(sim, status))
        vio__transport_finish(call, status);
}

static void sim_post(struct vio_transport *transport, unsigned bar, uint64_t offset,
                     const void *data, size_t size)
{
    struct sim_transport *sim = of(transport);

    check(sim, sim->bus->write(sim->device, bar, offset, data, size));
}

static void sim_config_read(struct vio_transport *transport, unsigned offset, void *data,
                            size_t size, struct vio_transport_call *call)
{
    struct sim_transport *sim = of(transport);
    int status = sim->bus->config_read(sim->device, offset, data, size);

    if (check(sim, status))
        vio__transport_finish(call, status);
}

static void *sim_map(struct vio_transport *transport, unsigned bar, size_t *ret_size)
{
    struct sim_transport *sim = of(transport);

    return sim->bus->map(sim->device, bar, ret_size);
}

static void sim_reset(struct vio_transport *transport, struct vio_transport_call *call)
{
    struct sim_transport *sim = of(transport);
    int status = sim->bus->reset(sim->device);

    if (check(sim, status))
        vio__transport_finish(call, status);
}

static void *sim_handle(struct vio_transport *transport)
{
    struct sim_transport *sim = of(transport);

    return sim->bus->handle(sim->device);
}

const struct vio_transport_ops vio__transport_sim_ops = {
    .scheme = "sim",
    .size = sizeof(struct sim_transport),
    .connect = sim_connect,
    .disconnect = sim_disconnect,
    .read = sim_read,
    .write = sim_write,
    .post = sim_post,
    .config_read = sim_config_read,
    .map = sim_map,
    .reset = sim_reset,
    .sim = sim_handle,
};
