/* SPDX-License-Identifier: MIT */
#include "tests/engine/fake.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/dlist.h"
#include "lib/domain/diff.h"
#include "lib/loop/loop.h"
#include "tests/support/test.h"

#define FUNCTIONS 16

#define FAKES     4

/* Those that there are; a driver finds its own by the URI. */
static struct fake *fakes[FAKES];

struct vio_driver {
    struct fake *fake;
    struct vio_dlist calls; /* outstanding */
};

union answer_to {
    vio_driver_done status;
    vio_driver_observed observed;
    vio_driver_read read;
    vio_driver_stepped stepped;
};

#define TO(member, fn) ((union answer_to){.member = (fn)})

/* A call that is to come back. */
struct call {
    struct vio_post post;
    struct vio_dlist node;
    struct vio_driver *driver;
    void (*answer)(struct call *call);
    union answer_to done;
    void *user;
    int status;
    uint32_t index;
    bool posted;
    struct vio_outcome outcome;
};

static void run(struct vio_post *post)
{
    struct call *call = VIO_CONTAINER_OF(post, struct call, post);

    vio__dlist_remove(&call->node);
    call->answer(call);
    free(call);
}

static void post(struct call *call)
{
    call->posted = true;
    call->post.fn = run;
    if (vio__loop_post(call->driver->fake->loop, &call->post) != 0)
        abort();
}

static struct call *call_new(struct vio_driver *driver, void (*answer)(struct call *),
                             union answer_to done, void *user, int status)
{
    struct call *call = calloc(1, sizeof(*call));

    if (!call)
        abort();
    call->driver = driver;
    call->answer = answer;
    call->done = done;
    call->user = user;
    call->status = status;
    vio__dlist_append(&driver->calls, &call->node);
    if (!driver->fake->silent)
        post(call);
    return call;
}

static void answer_status(struct call *call)
{
    vio_driver_done done = call->done.status;

    done(call->user, call->status);
}

static struct fake *find_fake(const char *uri)
{
    for (size_t i = 0; i < FAKES; i++)
        if (fakes[i] && strcmp(fakes[i]->uri, uri) == 0)
            return fakes[i];
    return NULL;
}

static int fake_open(struct vio_loop *loop, const struct vio_driver_config *config,
                     vio_driver_done done, void *user, struct vio_driver **ret_driver)
{
    struct vio_driver *driver = calloc(1, sizeof(*driver));

    (void)loop;
    if (!driver)
        return VIO_ENOMEM;
    driver->fake = find_fake(config->uri);
    assert_non_null(driver->fake);
    vio__dlist_init(&driver->calls);
    driver->fake->listener = config->listener;
    driver->fake->open = true;
    call_new(driver, answer_status, TO(status, done), user, driver->fake->open_status);
    *ret_driver = driver;
    return 0;
}

static void answer_close(struct call *call)
{
    vio_driver_done done = call->done.status;

    call->driver->fake->open = false;
    free(call->driver);
    done(call->user, 0);
}

static void fake_close(struct vio_driver *driver, vio_driver_done done, void *user)
{
    struct call *last;

    VIO_DLIST_FOREACH (node, &driver->calls) {
        struct call *call = VIO_CONTAINER_OF(node, struct call, node);

        call->status = VIO_ECLOSED;
        call->outcome.status = VIO_ECLOSED;
        if (!call->posted)
            post(call);
    }
    last = call_new(driver, answer_close, TO(status, done), user, 0);
    if (!last->posted)
        post(last);
}

static const char *fake_error(const struct vio_driver *driver)
{
    (void)driver;
    return "the fake says so";
}

static bool has_hit(const struct fake *fake)
{
    return fake->steps > fake->fault_at;
}

static void answer_observe(struct call *call)
{
    vio_driver_observed done = call->done.observed;
    struct fake *fake = call->driver->fake;
    struct vio_observation *copy = NULL;
    const struct vio_observation *seen = fake->seen;
    size_t count = 0;

    if (call->status != 0) {
        done(call->user, call->status, NULL);
        return;
    }
    if (vio__observation_new(NULL, seen->num_ports, seen->num_servers, seen->num_adapters,
                             FUNCTIONS, &copy) != 0)
        abort();
    copy->chassis = seen->chassis;
    memcpy(copy->ports, seen->ports, seen->num_ports * sizeof(*seen->ports));
    memcpy(copy->servers, seen->servers, seen->num_servers * sizeof(*seen->servers));
    memcpy(copy->adapters, seen->adapters, seen->num_adapters * sizeof(*seen->adapters));
    for (uint32_t i = 0; i < FUNCTIONS; i++)
        if (fake->exists[i])
            copy->functions[count++] = fake->functions[i];
    copy->num_functions = count;
    done(call->user, 0, copy);
}

static int fake_observe(struct vio_driver *driver, vio_driver_observed done, void *user)
{
    struct fake *fake = driver->fake;

    fake->observes++;
    call_new(driver, answer_observe, TO(observed, done), user,
             has_hit(fake) ? fake->read_status : fake->observe_status);
    return 0;
}

static void answer_read(struct call *call)
{
    vio_driver_read done = call->done.read;
    struct fake *fake = call->driver->fake;
    struct vio_function_info function;

    if (call->status == 0 && !fake->exists[call->index])
        call->status = VIO_ENOENT;
    function = fake->functions[call->index];
    done(call->user, call->status, call->status == 0 ? &function : NULL);
}

static int fake_read(struct vio_driver *driver, uint32_t index, vio_driver_read done, void *user)
{
    struct fake *fake = driver->fake;

    fake->reads++;
    call_new(driver, answer_read, TO(read, done), user, has_hit(fake) ? fake->read_status : 0)
        ->index = index;
    return 0;
}

static int fake_claim(struct vio_driver *driver, bool take_over, vio_driver_done done, void *user)
{
    struct fake *fake = driver->fake;
    int status = fake->claim_status;

    if (fake->claims_refused > 0 && !take_over) {
        fake->claims_refused--;
        status = VIO_EOWNED;
    }
    fake->owned = status == 0;
    call_new(driver, answer_status, TO(status, done), user, status);
    return 0;
}

static int fake_release(struct vio_driver *driver, vio_driver_done done, void *user)
{
    driver->fake->owned = false;
    call_new(driver, answer_status, TO(status, done), user, 0);
    return 0;
}

static bool fake_owns(const struct vio_driver *driver)
{
    return driver->fake->owned;
}

static void do_step(struct fake *fake, struct vio_step *step)
{
    struct vio_function_info *function;

    if (step->action == VIO_STEP_CREATE) {
        step->index = 0;
        while (fake->exists[step->index])
            step->index++;
        assert_true(step->index < FUNCTIONS);
    }
    function = &fake->functions[step->index];
    fake->erased += step->erase;
    vio__diff_apply(step, &fake->exists[step->index], function);
    function->generation++;
}

static void answer_step(struct call *call)
{
    vio_driver_stepped done = call->done.stepped;

    done(call->user, &call->outcome);
}

static int fake_step(struct vio_driver *driver, const struct vio_step *asked, uint64_t deadline,
                     vio_driver_stepped done, void *user, struct vio_tag *ret_tag)
{
    struct fake *fake = driver->fake;
    unsigned number = fake->steps++;
    enum fake_fault fault = number == fake->fault_at ? fake->fault : FAKE_WORKS;
    struct vio_step step = *asked;
    struct vio_outcome outcome = {0};

    (void)deadline;
    if (fake->stepping)
        fake->stepping(fake->user, asked);
    if (fault == FAKE_REFUSED_AT_ONCE)
        return VIO_ETRANSPORT;
    if (fault == FAKE_WORKS || fault == FAKE_ANSWERED_LATE || fault == FAKE_DOUBT_DONE)
        do_step(fake, &step);
    if (fake->stepped)
        fake->stepped(fake->user);
    outcome.index = step.index;
    if (fault == FAKE_REFUSED) {
        outcome.status = VIO_EDEVICE;
        outcome.device_status = 7;
        snprintf(outcome.text, sizeof(outcome.text), "the fake refuses");
    } else if (fault != FAKE_WORKS && fault != FAKE_LIED) {
        outcome.status = VIO_EINDOUBT;
    }
    if (fault == FAKE_LIED)
        outcome.index = FUNCTIONS - 1;
    *ret_tag = (struct vio_tag){.lease = step.index, .number = fault};
    call_new(driver, answer_step, TO(stepped, done), user, 0)->outcome = outcome;
    return 0;
}

/* The tag remembers what happened to the step. */
static int fake_outcome(struct vio_driver *driver, struct vio_tag tag, vio_driver_stepped done,
                        void *user)
{
    struct vio_outcome outcome = {.status = VIO_EINDOUBT, .index = (uint32_t)tag.lease};

    if (tag.number == FAKE_ANSWERED_LATE)
        outcome.status = 0;
    else if (tag.number == FAKE_REFUSED_LATE)
        outcome.status = VIO_EDEVICE;
    call_new(driver, answer_step, TO(stepped, done), user, 0)->outcome = outcome;
    return 0;
}

static enum vio_disruption fake_disruption(const struct vio_driver *driver,
                                           const struct vio_step *step, bool bound)
{
    (void)driver;
    (void)step;
    (void)bound;
    return VIO_DISRUPTION_NONE;
}

const struct vio_driver_ops fake_driver_ops = {
    .name = "fake",
    .schemes = "fake",
    .open = fake_open,
    .close = fake_close,
    .error = fake_error,
    .observe = fake_observe,
    .read = fake_read,
    .claim = fake_claim,
    .release = fake_release,
    .owns = fake_owns,
    .step = fake_step,
    .outcome = fake_outcome,
    .disruption = fake_disruption,
};

/* -- The chassis ------------------------------------------------------------------------------- */

static void make_adapter(struct vio_adapter_info *adapter, uint32_t index, const char *name,
                         enum vio_vadapter_kind kind, uint32_t functions, uint32_t caps)
{
    *adapter = (struct vio_adapter_info){
        .index = index,
        .present = true,
        .powered = true,
        .kind = kind,
        .sharing = VIO_SHARING_SRIOV,
        .caps = caps,
        .max_functions = functions,
        .port = VIO_NO_INDEX,
        .first_external = VIO_NO_INDEX,
        .space = kind == VIO_VADAPTER_VDISK ? UINT64_C(1) << 30 : 0,
    };
    snprintf(adapter->name, sizeof(adapter->name), "%s", name);
}

static void make_server(struct vio_observation *seen, uint32_t index)
{
    struct vio_server_info *server = &seen->servers[index];

    server->index = index;
    server->present = server->powered = true;
    server->paths = 2;
    server->hotplug_slots = 3;
    snprintf(server->name, sizeof(server->name), "server%u", index + 1);
    for (uint32_t path = 0; path < 2; path++) {
        struct vio_port_info *port = &seen->ports[2 * index + path];

        server->port[path] = 2 * index + path;
        port->index = 2 * index + path;
        port->type = VIO_PORT_SERVER;
        port->owner = index;
        port->path = path;
        port->enabled = port->link_up = true;
        snprintf(port->name, sizeof(port->name), "server%u/%u", index + 1, path);
    }
}

void fake_make(struct fake *fake, struct vio_loop *loop)
{
    const uint32_t all = VIO_ADAPTER_CAP_VLAN_ACCESS | VIO_ADAPTER_CAP_VLAN_TRUNK |
                         VIO_ADAPTER_CAP_ADDRESS | VIO_ADAPTER_CAP_LIVE_ADDRESS;
    size_t at = 0;

    *fake = (struct fake){.loop = loop, .uri = "fake:", .fault_at = UINT_MAX};
    assert_int_equal(vio__observation_new(NULL, 4, 2, 4, 0, &fake->seen), 0);
    memset(fake->seen->chassis.uuid, 0xc4, sizeof(fake->seen->chassis.uuid));
    snprintf(fake->seen->chassis.name, sizeof(fake->seen->chassis.name), "fake");
    make_adapter(&fake->seen->adapters[0], 0, "nic0", VIO_VADAPTER_VNIC, 2, all);
    make_adapter(&fake->seen->adapters[1], 1, "nic1", VIO_VADAPTER_VNIC, 4,
                 VIO_ADAPTER_CAP_VLAN_ACCESS | VIO_ADAPTER_CAP_ADDRESS);
    make_adapter(&fake->seen->adapters[2], 2, "hba0", VIO_VADAPTER_VHBA, 4, all);
    make_adapter(&fake->seen->adapters[3], 3, "disk0", VIO_VADAPTER_VDISK, 4, all);
    make_server(fake->seen, 0);
    make_server(fake->seen, 1);
    while (fakes[at])
        at++;
    fakes[at] = fake;
}

void fake_drop(struct fake *fake)
{
    vio__observation_unref(fake->seen);
    for (size_t i = 0; i < FAKES; i++)
        if (fakes[i] == fake)
            fakes[i] = NULL;
}

unsigned fake_count(const struct fake *fake)
{
    unsigned count = 0;

    for (unsigned i = 0; i < FUNCTIONS; i++)
        count += fake->exists[i];
    return count;
}

const struct vio_function_info *fake_find(const struct fake *fake, const char *label)
{
    for (unsigned i = 0; i < FUNCTIONS; i++)
        if (fake->exists[i] && strcmp(fake->functions[i].label, label) == 0)
            return &fake->functions[i];
    return NULL;
}

uint32_t fake_put(struct fake *fake, const struct vio_function_info *function)
{
    uint32_t index = 0;

    while (fake->exists[index])
        index++;
    fake->exists[index] = true;
    fake->functions[index] = *function;
    fake->functions[index].index = index;
    return index;
}

void fake_notice(struct fake *fake, enum vio_notice_type type, uint32_t index)
{
    static uint64_t sequence;
    const struct vio_notice notice = {.type = type, .sequence = ++sequence, .index = index};

    fake->listener.notice(fake->listener.user, &notice);
}
