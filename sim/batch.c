/* SPDX-License-Identifier: MIT */
/* BATCH: commands in a row, up to the first that fails. */
#include <stdlib.h>

#include "sim/command.h"

#define ARG_0 24 /* byte offset in a command entry */

/* Executes the command at `position`. */
static int run_part(struct sim_job *job)
{
    struct viosim *sim = job->queue->sim;
    struct sim_run run = {sim, job->queue, &job->part, &job->part_outcome, job};
    struct vio_hw_command part;

    vio__hw_command_decode(job->batch + (size_t)job->position * VIO_HW_COMMAND_SIZE, &part);
    job->part_outcome = (struct vio_hw_completion){.lease = part.lease, .number = part.number};
    job->part.opcode = VIO_HW_OP_NOP; /* it is not at work yet */
    job->part.lease = 0;
    if (job->dropped)
        return VIO_HW_STATUS_ABORTED;
    if (part.opcode == VIO_HW_OP_BATCH || part.opcode == VIO_HW_OP_LEASE_CLAIM ||
        part.opcode == VIO_HW_OP_LEASE_RELEASE)
        return VIO_HW_STATUS_INVALID_OPCODE;
    if (sim_command_remembered(&part) && sim_jobs_tag(sim, part.lease, part.number))
        return VIO_HW_STATUS_IN_PROGRESS;
    job->part = part;
    job->part_leased = sim_lease_held(job->queue, part.lease);
    return sim_command_run(&run);
}

int sim_batch_continue(struct sim_job *job, int status)
{
    for (;;) {
        if (status == SIM_PENDING)
            return SIM_PENDING;
        job->part_outcome.status = (uint16_t)status;
        sim_command_finish(job->queue->sim, job->part.opcode, &job->part_outcome, job->part_leased);
        if (status != VIO_HW_STATUS_OK)
            break;
        if (++job->position == job->command.arg[0]) {
            job->outcome.result = job->position;
            return VIO_HW_STATUS_OK;
        }
        status = run_part(job);
    }
    job->outcome.result = job->position;
    job->outcome.detail = (uint32_t)status;
    return VIO_HW_STATUS_BATCH_FAILED;
}

int sim_run_batch(struct sim_run *run)
{
    const struct vio_hw_command *command = run->command;
    uint32_t count = command->arg[0];
    size_t size = (size_t)count * VIO_HW_COMMAND_SIZE;
    struct sim_job *job = run->job;
    uint8_t *commands;
    int status;

    if (count == 0 || count > VIO_HW_MAX_BATCH)
        return sim_run_refuse(run, VIO_HW_STATUS_INVALID_FIELD, ARG_0);
    if (command->data_length < size)
        return VIO_HW_STATUS_DATA_RANGE;
    commands = malloc(size);
    if (!commands)
        return VIO_HW_STATUS_INTERNAL;
    status = sim_data_read(run->queue, command->data_offset, commands, size);
    if (status != VIO_HW_STATUS_OK) {
        free(commands);
        return status;
    }
    job->batch = commands;
    job->position = 0;
    return sim_batch_continue(job, run_part(job));
}
