/* SPDX-License-Identifier: MIT */
/* The lease: who may change state. */
#include <string.h>

#include "sim/command.h"

#define ARG_0 24 /* byte offset in a command entry */

static void finish(struct viosim *sim)
{
    uint64_t ended = sim->lease.number;

    sim_timer_stop(&sim->timers, &sim->lease.silence);
    sim->lease.number = 0;
    sim->lease.queue = NULL;
    memset(sim->global + VIO_HW_GLOBAL_LEASE_HOLDER, 0, VIO_HW_GLOBAL_LEASE_HOLDER_SIZE);
    sim->change++;
    sim_event(sim, VIO_HW_EVENT_LEASE_ENDED, 0, ended);
    sim_global_cause(sim, VIO_HW_BIT(GLOBAL_IRQ_CAUSE, LEASE));
}

static void went_silent(void *owner)
{
    finish(owner);
}

void sim_lease_init(struct viosim *sim)
{
    if (sim->lease.silence.fn)
        sim_timer_stop(&sim->timers, &sim->lease.silence);
    memset(&sim->lease, 0, sizeof sim->lease);
    memset(sim->global + VIO_HW_GLOBAL_LEASE_HOLDER, 0, VIO_HW_GLOBAL_LEASE_HOLDER_SIZE);
    sim_timer_init(&sim->lease.silence, went_silent, sim);
    sim->lease.silence.watches = true;
}

static void restart(struct viosim *sim)
{
    if (sim->lease.silence.state != SIM_TIMER_FRESH)
        sim_timer_arm(&sim->timers, &sim->lease.silence, VIO_HW_LEASE_LIMIT_MS * SIM_MS,
                      SIM_BEAT_SLACK);
}

void sim_lease_beat(struct viosim *sim, uint64_t number)
{
    if (number && number == sim->lease.number)
        restart(sim);
}

/* A lease holds only through the set that claimed it. */
bool sim_lease_held(const struct sim_queue *queue, uint64_t lease)
{
    return lease && lease == queue->sim->lease.number && queue == queue->sim->lease.queue;
}

/* From the timer rather than from the beat, which may have come between two steps. */
uint32_t sim_lease_age(const struct viosim *sim)
{
    const struct sim_timer *silence = &sim->lease.silence;

    if (!sim->lease.number || silence->state != SIM_TIMER_ARMED)
        return 0;
    return (uint32_t)(VIO_HW_LEASE_LIMIT_MS - (silence->due - sim->timers.now) / SIM_MS);
}

int sim_run_lease_claim(struct sim_run *run)
{
    struct viosim *sim = run->sim;
    const struct vio_hw_command *command = run->command;
    uint64_t lease = command->arg[0] | (uint64_t)command->arg[1] << 32;
    uint8_t holder[VIO_HW_GLOBAL_LEASE_HOLDER_SIZE];
    bool known = lease == sim->lease.number;
    int status;

    if (!lease)
        return sim_run_refuse(run, VIO_HW_STATUS_INVALID_FIELD, ARG_0);
    status = sim_data_read(run->queue, command->data_offset, holder, sizeof holder);
    if (status != VIO_HW_STATUS_OK)
        return status;
    if (!sim_text_valid(holder, sizeof holder))
        return sim_run_refuse(run, VIO_HW_STATUS_INVALID_DATA, 0);
    if (sim->lease.number && !known && !(command->flags & VIO_HW_COMMAND_FORCE))
        return VIO_HW_STATUS_LEASED;
    if (sim_jobs_abort_older(sim, lease, run->job)) {
        if (sim->lease.number && !known) /* none is in force until they are out of the way */
            finish(sim);
        return SIM_BLOCKED;
    }
    sim->lease.number = lease;
    sim->lease.queue = run->queue;
    memcpy(sim->global + VIO_HW_GLOBAL_LEASE_HOLDER, holder, sizeof holder);
    restart(sim);
    if (known)
        return VIO_HW_STATUS_OK;
    sim->change++;
    sim_event(sim, VIO_HW_EVENT_LEASE_CLAIMED, 0, lease);
    sim_global_cause(sim, VIO_HW_BIT(GLOBAL_IRQ_CAUSE, LEASE));
    return VIO_HW_STATUS_OK;
}

int sim_run_lease_release(struct sim_run *run)
{
    struct viosim *sim = run->sim;

    if (!run->command->lease || run->command->lease != sim->lease.number)
        return VIO_HW_STATUS_NOT_LEASED;
    if (sim_jobs_of_lease(sim, sim->lease.number, run->job))
        return SIM_BLOCKED;
    finish(sim);
    return VIO_HW_STATUS_OK;
}
