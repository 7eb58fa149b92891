/* SPDX-License-Identifier: MIT */
#include "lib/driver/iove/events.h"

#include <string.h>

#include "lib/loop/loop.h"

#define LOST_MOST (UINT64_C(1) << 32) /* a larger gap is a number that was garbled */

static void tell(struct vio_iove_events *events, struct vio_notice *notice)
{
    notice->sequence = ++events->count;
    notice->time = vio__loop_now(events->loop);
    events->listener.notice(events->listener.user, notice);
}

void vio__iove_events_tell(struct vio_iove_events *events, enum vio_notice_type type)
{
    struct vio_notice notice = {.type = type};

    tell(events, &notice);
}

static void tell_overflow(struct vio_iove_events *events, uint64_t lost)
{
    struct vio_notice notice = {.type = VIO_NOTICE_OVERFLOW, .value = lost};

    tell(events, &notice);
}

void vio__iove_events_start(struct vio_iove_events *events, uint64_t sequence)
{
    events->expected = sequence;
}

void vio__iove_events_gap(struct vio_iove_events *events)
{
    events->expected++;
    tell_overflow(events, 1);
}

static enum vio_notice_type type_of(unsigned type)
{
    switch (type) {
    case VIO_HW_EVENT_PORT_LINK_UP:
        return VIO_NOTICE_PORT_UP;
    case VIO_HW_EVENT_PORT_LINK_DOWN:
        return VIO_NOTICE_PORT_DOWN;
    case VIO_HW_EVENT_PORT_CHANGED:
        return VIO_NOTICE_PORT_CHANGED;
    case VIO_HW_EVENT_SERVER_POWER_ON:
        return VIO_NOTICE_SERVER_ON;
    case VIO_HW_EVENT_SERVER_POWER_OFF:
        return VIO_NOTICE_SERVER_OFF;
    case VIO_HW_EVENT_SLOT_INSERTED:
        return VIO_NOTICE_ADAPTER_INSERTED;
    case VIO_HW_EVENT_SLOT_REMOVED:
        return VIO_NOTICE_ADAPTER_REMOVED;
    case VIO_HW_EVENT_SLOT_FAULT:
        return VIO_NOTICE_ADAPTER_FAULT;
    case VIO_HW_EVENT_FUNCTION_CREATED:
        return VIO_NOTICE_FUNCTION_CREATED;
    case VIO_HW_EVENT_FUNCTION_BOUND:
        return VIO_NOTICE_FUNCTION_BOUND;
    case VIO_HW_EVENT_FUNCTION_UNBOUND:
        return VIO_NOTICE_FUNCTION_UNBOUND;
    case VIO_HW_EVENT_FUNCTION_DESTROYED:
        return VIO_NOTICE_FUNCTION_DESTROYED;
    case VIO_HW_EVENT_FUNCTION_CHANGED:
        return VIO_NOTICE_FUNCTION_CHANGED;
    case VIO_HW_EVENT_FUNCTION_FAULT:
        return VIO_NOTICE_FUNCTION_FAULT;
    case VIO_HW_EVENT_FUNCTION_LINK:
        return VIO_NOTICE_FUNCTION_LINK;
    case VIO_HW_EVENT_LEASE_CLAIMED:
    case VIO_HW_EVENT_LEASE_ENDED:
        return VIO_NOTICE_OWNER_CHANGED;
    default:
        return VIO_NOTICE_UNKNOWN;
    }
}

/* How many objects there are of what the event is about. */
static uint32_t count_of(const struct vio_iove_limits *limits, unsigned type)
{
    switch (vio__hw_event_object(type)) {
    case VIO_HW_BLOCK_PORT:
        return limits->num_ports;
    case VIO_HW_BLOCK_SERVER:
        return limits->num_servers;
    case VIO_HW_BLOCK_SLOT:
        return limits->num_slots;
    case VIO_HW_BLOCK_FUNCTION:
        return limits->num_functions;
    default:
        return UINT32_MAX;
    }
}

/*
 * Follows the device's numbers. A repeated event is dropped; any other surprise, in either
 * direction, means that something was lost, came late or was garbled, and the next number is taken
 * on trust again.
 */
static bool check_sequence(struct vio_iove_events *events, const struct vio_hw_event *event)
{
    uint64_t expected = events->expected;
    uint64_t lost = event->sequence - expected;

    if (event->sequence + 1 == expected)
        return false;
    if (lost > LOST_MOST) {
        events->expected++;
        tell_overflow(events, 0);
        return true;
    }
    events->expected = event->sequence + 1;
    if (lost > 0 || event->flags & VIO_HW_EVENT_OVERFLOW)
        tell_overflow(events, lost);
    return true;
}

void vio__iove_events_take(struct vio_iove_events *events, const struct vio_iove_limits *limits,
                           const struct vio_hw_event *event)
{
    struct vio_notice notice = {.type = type_of(event->type), .index = event->index};

    if (!check_sequence(events, event))
        return;
    if (event->index >= count_of(limits, event->type)) {
        tell_overflow(events, 0);
        return;
    }
    if (notice.type == VIO_NOTICE_UNKNOWN) {
        /* One of a later version of the interface may tell of anything. */
        if (!vio__hw_event_name(event->type))
            tell_overflow(events, 0);
        return;
    }
    if (notice.type == VIO_NOTICE_FUNCTION_LINK)
        notice.value = VIO_HW_GET(FUNCTION_STATE, LINK_UP, event->value);
    if (vio__hw_event_object(event->type) == VIO_HW_BLOCK_FUNCTION)
        memcpy(notice.cookie, event->cookie, sizeof notice.cookie);
    tell(events, &notice);
}
