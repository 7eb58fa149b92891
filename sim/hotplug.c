/* SPDX-License-Identifier: MIT */
/* Plugging functions into servers and taking them out. */
#include <libvio/error.h>

#include "sim/command.h"

#define ARG_1        28 /* byte offsets in a command entry */
#define ARG_2        32

#define UNBIND_LIMIT (VIO_HW_UNBIND_LIMIT_MS * SIM_MS)

static struct sim_server *server_of(struct viosim *sim, const struct sim_function *function)
{
    return &sim->server[SIM_GET32(function->record, FUNCTION_SERVER)];
}

/* Whether there is somebody to shake hands with. */
static bool server_answers(struct viosim *sim, const struct sim_function *function)
{
    uint32_t server = SIM_GET32(function->record, FUNCTION_SERVER);
    uint32_t port = sim_server_port(sim, server, SIM_GET32(function->record, FUNCTION_PATH));

    return sim_server_powered(&sim->server[server]) && sim_port_up(&sim->port[port]);
}

static void put_hotplug_used(struct viosim *sim, struct sim_server *server)
{
    SIM_PUT32(server->record, SERVER_HOTPLUG_USED, __builtin_popcountll(server->reserved));
    SIM_TOUCH(sim, server->record, SERVER);
}

void sim_function_pull(struct viosim *sim, uint32_t index, bool surprise)
{
    struct sim_function *function = &sim->function[index];

    if (!function->space)
        return;
    sim_hierarchy_unplug(server_of(sim, function)->hierarchy,
                         SIM_GET32(function->record, FUNCTION_HOTPLUG_SLOT), surprise);
    sim_cfgspace_free(function->space);
    function->space = NULL;
    sim_identity_live(sim, index, false);
}

void sim_function_leave(struct viosim *sim, uint32_t index)
{
    struct sim_function *function = &sim->function[index];
    struct sim_server *server;

    if (SIM_GET32(function->record, FUNCTION_SERVER) == VIO_HW_NONE)
        return;
    server = server_of(sim, function);
    server->reserved &= ~(UINT64_C(1) << SIM_GET32(function->record, FUNCTION_HOTPLUG_SLOT));
    sim_account(sim, function, false);
    SIM_PUT32(function->record, FUNCTION_SERVER, VIO_HW_NONE);
    SIM_PUT32(function->record, FUNCTION_PATH, 0);
    SIM_PUT32(function->record, FUNCTION_BDF, VIO_HW_NONE);
    SIM_PUT32(function->record, FUNCTION_HOTPLUG_SLOT, VIO_HW_NONE);
    sim_account(sim, function, true);
    put_hotplug_used(sim, server);
}

/* Ends the handshake's command, which may be one of a batch. */
static void done(struct sim_job *job, enum vio_hw_status status)
{
    struct viosim *sim = job->queue->sim;
    struct sim_function *function = &sim->function[sim_job_command(job)->target];

    function->job = NULL;
    sim_job_outcome(job)->generation = SIM_GET64(function->record, FUNCTION_GENERATION);
    sim_job_done(job, status);
}

static void bound(struct viosim *sim, uint32_t index)
{
    sim_function_set_life(&sim->function[index], VIO_HW_LIFE_BOUND);
    sim_function_changed(sim, index, VIO_HW_EVENT_FUNCTION_BOUND);
    sim_function_relink(sim, index);
}

static void detached(struct viosim *sim, uint32_t index, bool surprise)
{
    struct sim_function *function = &sim->function[index];

    sim_function_pull(sim, index, surprise);
    sim_function_set_life(function, VIO_HW_LIFE_DETACHED);
    SIM_PUT32(function->record, FUNCTION_STATUS, VIO_HW_STATUS_OK);
    sim_function_relink(sim, index);
    sim_function_changed(sim, index, VIO_HW_EVENT_FUNCTION_UNBOUND); /* names the server it left */
    sim_function_leave(sim, index);
}

static void bind_give_up(struct sim_job *job)
{
    struct viosim *sim = job->queue->sim;
    uint32_t index = sim_job_command(job)->target;
    struct sim_function *function = &sim->function[index];

    if (server_answers(sim, function) || !sim_server_powered(server_of(sim, function))) {
        bound(sim, index);
        done(job, VIO_HW_STATUS_OK);
        return;
    }
    sim_function_pull(sim, index, true);
    sim_function_leave(sim, index);
    sim_function_set_life(function, VIO_HW_LIFE_DETACHED);
    SIM_TOUCH(sim, function->record, FUNCTION);
    done(job, VIO_HW_STATUS_TIMEOUT);
}

static void bind_step(struct sim_job *job)
{
    struct viosim *sim = job->queue->sim;
    struct sim_function *function = &sim->function[sim_job_command(job)->target];

    if (server_answers(sim, function) || !sim_server_powered(server_of(sim, function)))
        bind_give_up(job);
    else /* its link may still come up */
        sim_job_wait(job, UNBIND_LIMIT, bind_give_up);
}

/* The wanted slot, or the first free one; a status, if that cannot be. */
static int choose_slot(struct sim_run *run, const struct sim_server *server, uint32_t *slot)
{
    unsigned slots = sim_hierarchy_slots(server->hierarchy);

    if (*slot == VIO_HW_NONE)
        for (*slot = 0; *slot < slots && server->reserved >> *slot & 1; (*slot)++)
            continue;
    else if (*slot >= slots)
        return sim_run_refuse(run, VIO_HW_STATUS_INVALID_FIELD, ARG_2);
    return *slot >= slots || server->reserved >> *slot & 1 ? VIO_HW_STATUS_NO_HOTPLUG_SLOT
                                                           : VIO_HW_STATUS_OK;
}

static int check_bind(struct sim_run *run, const struct sim_function *function, uint32_t *slot)
{
    struct viosim *sim = run->sim;
    uint32_t server = run->command->arg[0], path = run->command->arg[1], port;
    const struct sim_slot *adapter = &sim->slot[SIM_GET32(function->record, FUNCTION_SLOT)];
    struct sim_guarantee none = {0, 0}, wants = sim_guarantee_of(function->record);
    int status;

    if (path >= SIM_SERVER_PATHS_MAX)
        return sim_run_refuse(run, VIO_HW_STATUS_INVALID_FIELD, ARG_1);
    if (server >= sim->servers || path >= SIM_GET32(sim->server[server].record, SERVER_PATHS))
        return VIO_HW_STATUS_SERVER_GONE;
    if (sim_function_life(function) != VIO_HW_LIFE_DETACHED) {
        run->outcome->result = SIM_GET32(function->record, FUNCTION_STATE);
        return VIO_HW_STATUS_STATE;
    }
    if (!sim_slot_working(adapter) || adapter->card != function->card)
        return VIO_HW_STATUS_ADAPTER_GONE;
    status = choose_slot(run, &sim->server[server], slot);
    if (status != VIO_HW_STATUS_OK)
        return status;
    status = sim_guarantee_check(sim, &none, &wants, sim_server_port(sim, server, path), &port);
    if (status != VIO_HW_STATUS_OK)
        run->outcome->result = port;
    return status;
}

/* Puts the function into the server's hierarchy. Returns false if there is no memory. */
static bool plug(struct viosim *sim, uint32_t index, const struct vio_hw_command *command,
                 uint32_t slot)
{
    struct sim_function *function = &sim->function[index];
    struct sim_server *server = &sim->server[command->arg[0]];
    const struct sim_adapter *adapter =
        sim->slot[SIM_GET32(function->record, FUNCTION_SLOT)].adapter;

    if (sim_cfgspace_new(adapter, &function->space) != 0)
        return false;
    if (sim_hierarchy_plug(server->hierarchy, slot, function->space,
                           (const char *)function->record + VIO_HW_FUNCTION_LABEL) != 0) {
        sim_cfgspace_free(function->space);
        function->space = NULL;
        return false;
    }
    sim_account(sim, function, false);
    SIM_PUT32(function->record, FUNCTION_SERVER, command->arg[0]);
    SIM_PUT32(function->record, FUNCTION_PATH, command->arg[1]);
    SIM_PUT32(function->record, FUNCTION_HOTPLUG_SLOT, slot);
    SIM_PUT32(function->record, FUNCTION_BDF, sim_hierarchy_slot_bdf(server->hierarchy, slot));
    sim_account(sim, function, true);
    server->reserved |= UINT64_C(1) << slot;
    put_hotplug_used(sim, server);
    sim_identity_live(sim, index, true);
    return true;
}

/* Whether the function is where the command wants it. */
static bool there_already(const struct sim_function *function, const struct vio_hw_command *command)
{
    return sim_function_life(function) == VIO_HW_LIFE_BOUND &&
           SIM_GET32(function->record, FUNCTION_SERVER) == command->arg[0] &&
           SIM_GET32(function->record, FUNCTION_PATH) == command->arg[1] &&
           (command->arg[2] == VIO_HW_NONE ||
            SIM_GET32(function->record, FUNCTION_HOTPLUG_SLOT) == command->arg[2]);
}

int sim_run_bind(struct sim_run *run)
{
    struct viosim *sim = run->sim;
    uint32_t index = run->command->target, slot = run->command->arg[2];
    struct sim_function *function = &sim->function[index];

    if (!there_already(function, run->command)) {
        int status = check_bind(run, function, &slot);

        if (status != VIO_HW_STATUS_OK)
            return status;
        if (!plug(sim, index, run->command, slot))
            return VIO_HW_STATUS_INTERNAL;
        sim_function_set_life(function, VIO_HW_LIFE_BINDING);
        SIM_TOUCH(sim, function->record, FUNCTION);
    }
    run->outcome->result = SIM_GET32(function->record, FUNCTION_BDF);
    run->outcome->detail = SIM_GET32(function->record, FUNCTION_HOTPLUG_SLOT);
    if (sim_function_life(function) == VIO_HW_LIFE_BOUND)
        return VIO_HW_STATUS_OK;
    if (sim_server_powered(server_of(sim, function)) &&
        (sim->hotplug || !server_answers(sim, function))) {
        function->job = run->job;
        sim_job_wait(run->job, sim->hotplug, bind_step);
        return SIM_PENDING;
    }
    bound(sim, index);
    return VIO_HW_STATUS_OK;
}

static void unbind_consented(struct sim_job *job)
{
    detached(job->queue->sim, sim_job_command(job)->target, false);
    done(job, VIO_HW_STATUS_OK);
}

static void unbind_give_up(struct sim_job *job)
{
    struct viosim *sim = job->queue->sim;
    uint32_t index = sim_job_command(job)->target;
    struct sim_function *function = &sim->function[index];

    if (!server_of(sim, function)->stuck || !server_answers(sim, function)) {
        unbind_consented(job);
        return;
    }
    sim_function_set_life(function, VIO_HW_LIFE_BOUND);
    SIM_TOUCH(sim, function->record, FUNCTION);
    sim_function_relink(sim, index);
    sim_log_fault(sim, "server %u did not let go of function %u",
                  SIM_GET32(function->record, FUNCTION_SERVER), index);
    done(job, VIO_HW_STATUS_TIMEOUT);
}

static void unbind_step(struct sim_job *job)
{
    struct viosim *sim = job->queue->sim;
    struct sim_function *function = &sim->function[sim_job_command(job)->target];

    if (!server_of(sim, function)->stuck || !server_answers(sim, function))
        unbind_give_up(job);
    else
        sim_job_wait(job, UNBIND_LIMIT, unbind_give_up);
}

int sim_run_unbind(struct sim_run *run)
{
    struct viosim *sim = run->sim;
    uint32_t index = run->command->target;
    struct sim_function *function = &sim->function[index];
    bool force = run->command->flags & VIO_HW_COMMAND_FORCE;
    uint32_t life = sim_function_life(function);

    if (life == VIO_HW_LIFE_DETACHED)
        return VIO_HW_STATUS_OK;
    if (life == VIO_HW_LIFE_BOUND && !force && server_answers(sim, function) &&
        (sim->hotplug || server_of(sim, function)->stuck)) {
        sim_function_set_life(function, VIO_HW_LIFE_UNBINDING);
        SIM_TOUCH(sim, function->record, FUNCTION);
        sim_function_relink(sim, index);
        sim_hierarchy_press_attention(server_of(sim, function)->hierarchy,
                                      SIM_GET32(function->record, FUNCTION_HOTPLUG_SLOT));
        function->job = run->job;
        sim_job_wait(run->job, sim->hotplug, unbind_step);
        return SIM_PENDING;
    }
    detached(sim, index, force);
    return VIO_HW_STATUS_OK;
}

void sim_hotplug_hurry(struct viosim *sim, uint32_t server)
{
    for (uint32_t i = 0; i < sim->functions_end; i++) {
        struct sim_function *function = &sim->function[i];

        if (function->job && SIM_GET32(function->record, FUNCTION_SERVER) == server)
            sim_job_wait(function->job, 0, function->job->step);
    }
}

/* The command goes on at the next step: this comes from within a write to the slot's registers. */
void sim_hotplug_consent(struct viosim *sim, uint32_t server, uint32_t slot)
{
    for (uint32_t i = 0; i < sim->functions_end; i++) {
        struct sim_function *function = &sim->function[i];

        if (function->job && sim_function_life(function) == VIO_HW_LIFE_UNBINDING &&
            SIM_GET32(function->record, FUNCTION_SERVER) == server &&
            SIM_GET32(function->record, FUNCTION_HOTPLUG_SLOT) == slot)
            sim_job_wait(function->job, 0, unbind_consented);
    }
}
