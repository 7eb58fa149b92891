/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/state.h"

static void about_function(const struct viosim *sim, uint32_t index, struct vio_hw_event *event)
{
    const uint8_t *record = sim->function[index].record;

    memcpy(event->cookie, record + VIO_HW_FUNCTION_COOKIE, sizeof event->cookie);
    event->server = SIM_GET32(record, FUNCTION_SERVER);
    event->slot = SIM_GET32(record, FUNCTION_SLOT);
}

void sim_event(struct viosim *sim, enum vio_hw_event_type type, uint32_t index, uint64_t value)
{
    struct vio_hw_event event = {
        .sequence = sim->sequence++,
        .time = sim_uptime(sim),
        .type = (uint16_t)type,
        .index = index,
        .value = value,
        .server = VIO_HW_NONE,
        .slot = VIO_HW_NONE,
    };

    if (vio__hw_event_object(type) == VIO_HW_BLOCK_FUNCTION)
        about_function(sim, index, &event);
    sim->stat[VIOSIM_STAT_EVENTS]++;
    vio__hw_event_encode(&event, sim->event_log[sim->events_logged++ % SIM_EVENT_LOG_COUNT]);
    for (unsigned i = 0; i < sim->queues; i++)
        sim_ring_event(&sim->queue[i], &event);
}

/* The oldest lines make room. */
void sim_log_fault(struct viosim *sim, const char *format, ...)
{
    char line[256];
    va_list args;
    int n = snprintf(line, sizeof line, "%llu ", (unsigned long long)sim_uptime(sim));
    size_t length;

    va_start(args, format);
    vsnprintf(line + n, sizeof line - (size_t)n - 1, format, args);
    va_end(args);
    length = strlen(line);
    line[length++] = '\n';
    while (length > SIM_FAULT_LOG_SIZE - sim->fault_log_length) {
        char *end = memchr(sim->fault_log, '\n', sim->fault_log_length);
        size_t first = (size_t)(end - sim->fault_log) + 1;

        sim->fault_log_length -= first;
        memmove(sim->fault_log, sim->fault_log + first, sim->fault_log_length);
    }
    memcpy(sim->fault_log + sim->fault_log_length, line, length);
    sim->fault_log_length += length;
}
