/* SPDX-License-Identifier: MIT */
/* Commands that only read: READ, OUTCOME, LOG. */
#include <stdlib.h>
#include <string.h>

#include "sim/command.h"

#define ARG_0 24 /* byte offsets in a command entry */
#define ARG_1 28

static bool block_of(uint32_t kind, enum vio_hw_block *ret_block)
{
    static const enum vio_hw_block blocks[] = {
        [VIO_HW_READ_CHASSIS] = VIO_HW_BLOCK_GLOBAL,    [VIO_HW_READ_PORT] = VIO_HW_BLOCK_PORT,
        [VIO_HW_READ_SERVER] = VIO_HW_BLOCK_SERVER,     [VIO_HW_READ_SLOT] = VIO_HW_BLOCK_SLOT,
        [VIO_HW_READ_FUNCTION] = VIO_HW_BLOCK_FUNCTION,
    };

    if (kind < VIO_HW_READ_CHASSIS || kind > VIO_HW_READ_FUNCTION)
        return false;
    *ret_block = blocks[kind];
    return true;
}

/* The next record at or behind `index` that is there; false at the end. */
static bool next_record(struct sim_run *run, enum vio_hw_block block, uint32_t *index,
                        uint8_t *record)
{
    uint32_t count = block == VIO_HW_BLOCK_FUNCTION ? run->sim->functions_end
                                                    : sim_record_count(run->sim, block);

    if (block == VIO_HW_BLOCK_FUNCTION)
        *index = sim_function_next(run->sim, *index);
    for (; *index < count; (*index)++)
        if (sim_record_read(run->sim, run->queue->client, block, *index, record))
            return true;
    return false;
}

int sim_run_read(struct sim_run *run)
{
    const struct vio_hw_command *command = run->command;
    uint32_t most = command->data_length / VIO_HW_RECORD_SIZE, index = command->arg[1], done = 0;
    uint8_t record[VIO_HW_RECORD_SIZE];
    enum vio_hw_block block;
    bool more;

    if (!block_of(command->arg[0], &block))
        return sim_run_refuse(run, VIO_HW_STATUS_INVALID_FIELD, ARG_0);
    if (command->arg[2] && command->arg[2] < most)
        most = command->arg[2];
    run->outcome->generation = run->sim->change;
    while ((more = next_record(run, block, &index, record)) && done < most) {
        uint64_t to = command->data_offset + (uint64_t)done * VIO_HW_RECORD_SIZE;
        int status = sim_data_write(run->queue, to, record, sizeof record);

        if (status != VIO_HW_STATUS_OK)
            return status;
        done++;
        index++;
    }
    run->outcome->result = done;
    run->outcome->detail = more ? index : VIO_HW_NONE;
    return VIO_HW_STATUS_OK;
}

int sim_run_outcome(struct sim_run *run)
{
    const struct vio_hw_command *command = run->command;
    uint64_t lease = command->arg[0] | (uint64_t)command->arg[1] << 32;
    uint8_t wire[VIO_HW_COMPLETION_SIZE];
    const struct vio_hw_completion *known;

    if (lease && sim_jobs_tag(run->sim, lease, command->arg[2]))
        return VIO_HW_STATUS_IN_PROGRESS;
    known = sim_outcomes_find(run->sim->outcomes, lease, command->arg[2]);
    if (!known)
        return VIO_HW_STATUS_UNKNOWN_TAG;
    vio__hw_completion_encode(known, wire);
    return sim_data_write(run->queue, command->data_offset, wire, sizeof wire);
}

/* The last events, oldest first. */
static size_t event_page(const struct viosim *sim, uint8_t *page)
{
    uint32_t count =
        sim->events_logged < SIM_EVENT_LOG_COUNT ? sim->events_logged : SIM_EVENT_LOG_COUNT;

    for (uint32_t i = 0; i < count; i++)
        memcpy(page + (size_t)i * VIO_HW_EVENT_SIZE,
               sim->event_log[(sim->events_logged - count + i) % SIM_EVENT_LOG_COUNT],
               VIO_HW_EVENT_SIZE);
    return (size_t)count * VIO_HW_EVENT_SIZE;
}

int sim_run_log(struct sim_run *run)
{
    const struct vio_hw_command *command = run->command;
    uint8_t events[SIM_EVENT_LOG_COUNT * VIO_HW_EVENT_SIZE];
    const void *page = events;
    uint32_t start = command->arg[1];
    size_t total, n = 0;

    if (command->arg[0] == VIO_HW_LOG_EVENTS) {
        total = event_page(run->sim, events);
    } else if (command->arg[0] == VIO_HW_LOG_FAULTS) {
        page = run->sim->fault_log;
        total = run->sim->fault_log_length;
    } else {
        return sim_run_refuse(run, VIO_HW_STATUS_INVALID_FIELD, ARG_0);
    }
    if (start < total)
        n = total - start < command->data_length ? total - start : command->data_length;
    run->outcome->result = (uint32_t)n;
    run->outcome->detail = (uint32_t)total;
    return sim_data_write(run->queue, command->data_offset, (const uint8_t *)page + (n ? start : 0),
                          n);
}
