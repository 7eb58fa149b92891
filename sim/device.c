/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <libvio/error.h>
#include <libvio/version.h>

#include "lib/base/uuid.h"
#include "sim/command.h"
#include "sim/state.h"

#define BAR2_SIZE ((size_t)SIM_QUEUES_MAX * VIO_HW_PART_SIZE)

void sim_enter(struct viosim *sim)
{
    pthread_mutex_lock(&sim->lock);
}

/* `wake` may come from any thread and does not call back, so it is called under the lock. */
static void wake(struct viosim *sim)
{
    uint64_t next = sim->interrupts_pending ? 0 : sim_timers_next(&sim->timers);

    if (next >= sim->told)
        return;
    sim->told = next;
    for (struct sim_client *client = sim->clients; client; client = client->next)
        if (client->host.wake)
            client->host.wake(client->host.user);
}

void sim_leave(struct viosim *sim)
{
    if (sim->settle)
        sim_jobs_settle(sim);
    if (sim->interrupts_pending)
        sim_interrupts_deliver(sim);
    wake(sim);
    pthread_mutex_unlock(&sim->lock);
}

void sim_leave_fault(struct viosim *sim)
{
    if (sim->settle)
        sim_jobs_settle(sim);
    wake(sim);
    pthread_mutex_unlock(&sim->lock);
}

uint64_t sim_next(struct viosim *sim)
{
    uint64_t next;

    sim_enter(sim);
    next = sim->interrupts_pending ? 0 : sim_timers_next(&sim->timers);
    sim->told = next;
    pthread_mutex_unlock(&sim->lock);
    return next;
}

bool sim_busy(struct viosim *sim)
{
    bool busy;

    sim_enter(sim);
    busy = sim->interrupts_pending || sim->timers.working > 0;
    pthread_mutex_unlock(&sim->lock);
    return busy;
}

void sim_step(struct viosim *sim, uint64_t now)
{
    sim_enter(sim);
    sim_timers_step(&sim->timers, now);
    sim_leave(sim);
}

uint64_t viosim_next(struct viosim *sim)
{
    return sim_next(sim);
}

void viosim_step(struct viosim *sim, uint64_t now)
{
    sim_step(sim, now);
}

void sim_touch(struct viosim *sim, uint8_t *record, uint32_t generation_offset)
{
    sim->change++;
    vio__hw_put64(record + generation_offset, ++sim->generation);
}

uint64_t sim_uptime(const struct viosim *sim)
{
    return sim->timers.now - sim->boot_time;
}

/* BAR 2: other processes map it, so its size must not change under them. */
static int make_rings(struct viosim *sim)
{
    sim->rings_fd = memfd_create("vio-rings", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (sim->rings_fd < 0 || ftruncate(sim->rings_fd, BAR2_SIZE) != 0 ||
        fcntl(sim->rings_fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        return VIO_EIO;
    sim->rings = mmap(NULL, BAR2_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, sim->rings_fd, 0);
    if (sim->rings == MAP_FAILED) {
        sim->rings = NULL;
        return VIO_ENOMEM;
    }
    return 0;
}

static void put_global(struct viosim *sim, const struct sim_chassis_spec *spec)
{
    uint8_t *g = sim->global;

    SIM_PUT32(g, GLOBAL_MAGIC, VIO_HW_MAGIC);
    SIM_PUT32(g, GLOBAL_VERSION,
              VIO_HW_PUT(GLOBAL_VERSION, MAJOR, VIO_HW_VERSION_MAJOR) |
                  VIO_HW_PUT(GLOBAL_VERSION, MINOR, VIO_HW_VERSION_MINOR));
    memcpy(g + VIO_HW_GLOBAL_UUID, sim_chassis_spec_uuid(spec), 16);
    if (vio__uuid_is_nil(g + VIO_HW_GLOBAL_UUID))
        vio__uuid_from_prng(&sim->random, g + VIO_HW_GLOBAL_UUID);
    SIM_PUT32(g, GLOBAL_LEASE_LIMIT, VIO_HW_LEASE_LIMIT_MS);
    SIM_PUT32(g, GLOBAL_QUEUE_LIMIT, VIO_HW_QUEUE_LIMIT_MS);
    SIM_PUT32(g, GLOBAL_UNBIND_LIMIT, VIO_HW_UNBIND_LIMIT_MS);
    SIM_PUT32(g, GLOBAL_NUM_SERVERS, sim->servers);
    SIM_PUT32(g, GLOBAL_NUM_SLOTS, sim->slots);
    SIM_PUT32(g, GLOBAL_NUM_FUNCTIONS, sim->functions);
    SIM_PUT32(g, GLOBAL_NUM_QUEUES, sim->queues);
    SIM_PUT32(g, GLOBAL_MAX_RING, sim->max_ring);
    SIM_PUT32(g, GLOBAL_COMMAND_SIZE, VIO_HW_COMMAND_SIZE);
    SIM_PUT32(g, GLOBAL_COMPLETION_SIZE, VIO_HW_COMPLETION_SIZE);
    SIM_PUT32(g, GLOBAL_EVENT_SIZE, VIO_HW_EVENT_SIZE);
    SIM_PUT32(g, GLOBAL_RECORD_SIZE, VIO_HW_RECORD_SIZE);
    SIM_PUT32(g, GLOBAL_MAX_BATCH, VIO_HW_MAX_BATCH);
    SIM_PUT32(g, GLOBAL_OUTCOMES, VIO_HW_OUTCOMES);
    SIM_PUT32(g, GLOBAL_MAX_DATA, VIO_HW_MAX_DATA);
    SIM_PUT32(g, GLOBAL_PORT_BASE, VIO_HW_PORT_BASE);
    SIM_PUT32(g, GLOBAL_SERVER_BASE, VIO_HW_SERVER_BASE);
    SIM_PUT32(g, GLOBAL_SLOT_BASE, VIO_HW_SLOT_BASE);
    SIM_PUT32(g, GLOBAL_FUNCTION_BASE, VIO_HW_FUNCTION_BASE);
    SIM_PUT32(g, GLOBAL_QUEUE_BASE, VIO_HW_QUEUE_BASE);
    SIM_PUT32(g, GLOBAL_QUEUE_STRIDE, VIO_HW_QUEUE_STRIDE);
    sim_text_put(g + VIO_HW_GLOBAL_NAME, VIO_HW_GLOBAL_NAME_SIZE, sim_chassis_spec_name(spec));
    sim_text_put(g + VIO_HW_GLOBAL_MODEL, VIO_HW_GLOBAL_MODEL_SIZE, sim_chassis_spec_model(spec));
    sim_text_put(g + VIO_HW_GLOBAL_SERIAL, VIO_HW_GLOBAL_SERIAL_SIZE,
                 sim_chassis_spec_serial(spec));
    sim_text_put(g + VIO_HW_GLOBAL_FIRMWARE, VIO_HW_GLOBAL_FIRMWARE_SIZE, VIO_VERSION_STRING);
}

static uint64_t option(uint64_t wanted, uint32_t file_us)
{
    return wanted != UINT64_MAX ? wanted : file_us * UINT64_C(1000);
}

static void take_limits(struct viosim *sim, const struct sim_chassis_spec *spec,
                        const struct sim_options *options)
{
    const struct sim_chassis_limits *limits = sim_chassis_spec_limits(spec);
    const struct sim_chassis_timing *timing = sim_chassis_spec_timing(spec);

    sim->functions = limits->functions;
    sim->max_ring = limits->ring_entries;
    sim->queues = limits->queue_sets;
    sim->latency = option(options->latency_ns, timing->command_us);
    sim->hotplug = option(options->hotplug_ns, timing->hotplug_us);
    sim->training = option(options->training_ns, timing->link_training_us);
}

static int make_tables(struct viosim *sim)
{
    sim->function = calloc(sim->functions, sizeof *sim->function);
    sim->function_map = calloc(sim->functions / 64 + 1, sizeof *sim->function_map);
    if (!sim->function || !sim->function_map)
        return VIO_ENOMEM;
    /* Each function has an identity and a cookie. */
    int err = sim_keys_new((size_t)sim->functions * 2, &sim->keys);
    if (err == 0)
        err = sim_keys_new(sim->functions, &sim->live);
    if (err == 0)
        err = sim_outcomes_new(&sim->outcomes);
    return err;
}

static int build(struct viosim *sim, const struct sim_chassis_spec *spec,
                 const struct sim_options *options, struct sim_diag *diag)
{
    uint64_t seed = options->seed;
    int err = seed == UINT64_MAX ? vio__random_bytes(&seed, sizeof seed) : 0;

    vio__prng_seed(&sim->random, seed);
    if (err == 0)
        err = make_rings(sim);
    if (err != 0)
        return sim_diag_set(diag, err, "cannot set up the device's memory");
    take_limits(sim, spec, options);
    err = make_tables(sim);
    if (err == 0)
        err = sim_parts_build(sim, spec, diag);
    if (err == VIO_ENOMEM)
        return sim_diag_set(diag, err, "out of memory");
    if (err != 0)
        return err;
    put_global(sim, spec);
    for (unsigned i = 0; i < SIM_QUEUES_MAX; i++)
        sim_queue_init(sim, i);
    sim_lease_init(sim);
    sim->boot_id = vio__prng_next(&sim->random) | 1;
    return 0;
}

static void destroy(struct viosim *sim)
{
    sim_jobs_drop(sim);
    sim_lates_drop(sim, NULL);
    sim_parts_free(sim);
    free(sim->function);
    free(sim->function_map);
    sim_keys_free(sim->keys);
    sim_keys_free(sim->live);
    sim_outcomes_free(sim->outcomes);
    if (sim->rings)
        munmap(sim->rings, BAR2_SIZE);
    if (sim->rings_fd >= 0)
        close(sim->rings_fd);
    pthread_mutex_destroy(&sim->lock);
    free(sim);
}

int sim_device_new(const struct sim_chassis_spec *spec, const struct sim_options *options,
                   struct viosim **ret_sim, struct sim_diag *diag)
{
    static const struct sim_options defaults = SIM_OPTIONS_DEFAULT;
    struct viosim *sim = calloc(1, sizeof *sim);
    int err;

    if (!sim)
        return sim_diag_set(diag, VIO_ENOMEM, "out of memory");
    sim->rings_fd = -1;
    sim->told = SIM_NEVER;
    atomic_init(&sim->references, 1);
    sim_timers_init(&sim->timers);
    if (pthread_mutex_init(&sim->lock, NULL) != 0) {
        free(sim);
        return sim_diag_set(diag, VIO_ENOMEM, "out of memory");
    }
    err = build(sim, spec, options ? options : &defaults, diag);
    if (err != 0) {
        destroy(sim);
        return err;
    }
    *ret_sim = sim;
    return 0;
}

struct viosim *viosim_ref(struct viosim *sim)
{
    atomic_fetch_add(&sim->references, 1);
    return sim;
}

void viosim_unref(struct viosim *sim)
{
    if (sim && atomic_fetch_sub(&sim->references, 1) == 1)
        destroy(sim);
}

static void reset_queues(struct viosim *sim, bool power_cycle)
{
    for (unsigned i = 0; i < sim->queues; i++) {
        struct sim_queue *queue = &sim->queue[i];
        struct sim_client *client = queue->client;

        sim_queue_reset(queue);
        if (!client)
            continue;
        if (!power_cycle)
            queue->irq_cause = VIO_HW_BIT(QUEUE_IRQ_CAUSE, RESET);
        sim_interrupt(client, 1 + i);
    }
}

void sim_reset(struct viosim *sim, bool power_cycle)
{
    sim_jobs_drop(sim);
    sim_lates_drop(sim, NULL);
    sim_lease_init(sim);
    sim_functions_clear(sim);
    sim_outcomes_clear(sim->outcomes);
    sim->boot_id = vio__prng_next(&sim->random) | 1;
    sim->boot_time = sim->timers.now;
    sim->sequence += 1 + vio__prng_next(&sim->random) % 1024; /* no client takes it for its own */
    sim->irq_mask = 0;
    sim->irq_cause = 0;
    sim->stuck = false;
    reset_queues(sim, power_cycle);
    sim_parts_reset(sim, power_cycle);
    sim_event(sim, VIO_HW_EVENT_RESET, 0, sim->boot_id);
    sim_log_fault(sim, "%s", power_cycle ? "chassis power cycle" : "VPC reset");
    sim_global_cause(sim, VIO_HW_BIT(GLOBAL_IRQ_CAUSE, RESET));
    if (power_cycle) {
        for (struct sim_client *client = sim->clients; client; client = client->next)
            sim_management_init(client);
        memset(sim->stat, 0, sizeof sim->stat);
        sim->change = 0;
    }
}
