/* SPDX-License-Identifier: MIT */
#include "lib/hw/ring.h"

#include <string.h>

#include "lib/hw/wire.h"

/* The last byte of each entry belongs to a field that its encoder writes. */
_Static_assert(60 + 4 == VIO_HW_COMMAND_SIZE, "command entry");
_Static_assert(24 + 8 == VIO_HW_COMPLETION_SIZE, "completion entry");
_Static_assert(60 + 4 == VIO_HW_EVENT_SIZE, "event entry");

void vio__hw_command_encode(const struct vio_hw_command *command, uint8_t wire[VIO_HW_COMMAND_SIZE])
{
    vio__hw_put16(wire + 0, command->opcode);
    vio__hw_put16(wire + 2, command->flags);
    vio__hw_put32(wire + 4, command->number);
    vio__hw_put64(wire + 8, command->lease);
    vio__hw_put32(wire + 16, command->target);
    vio__hw_put32(wire + 20, command->generation);
    for (unsigned i = 0; i < 6; i++)
        vio__hw_put32(wire + 24 + 4 * i, command->arg[i]);
    vio__hw_put64(wire + 48, command->data_offset);
    vio__hw_put32(wire + 56, command->data_length);
    vio__hw_put32(wire + 60, 0);
}

void vio__hw_command_decode(const uint8_t wire[VIO_HW_COMMAND_SIZE],
                            struct vio_hw_command *ret_command)
{
    ret_command->opcode = vio__hw_get16(wire + 0);
    ret_command->flags = vio__hw_get16(wire + 2);
    ret_command->number = vio__hw_get32(wire + 4);
    ret_command->lease = vio__hw_get64(wire + 8);
    ret_command->target = vio__hw_get32(wire + 16);
    ret_command->generation = vio__hw_get32(wire + 20);
    for (unsigned i = 0; i < 6; i++)
        ret_command->arg[i] = vio__hw_get32(wire + 24 + 4 * i);
    ret_command->data_offset = vio__hw_get64(wire + 48);
    ret_command->data_length = vio__hw_get32(wire + 56);
}

void vio__hw_completion_encode(const struct vio_hw_completion *completion,
                               uint8_t wire[VIO_HW_COMPLETION_SIZE])
{
    vio__hw_put64(wire + 0, completion->lease);
    vio__hw_put32(wire + 8, completion->number);
    vio__hw_put16(wire + 12, completion->status);
    vio__hw_put16(wire + VIO_HW_COMPLETION_FLAGS_OFFSET, completion->flags);
    vio__hw_put32(wire + 16, completion->result);
    vio__hw_put32(wire + 20, completion->detail);
    vio__hw_put64(wire + 24, completion->generation);
}

void vio__hw_completion_decode(const uint8_t wire[VIO_HW_COMPLETION_SIZE],
                               struct vio_hw_completion *ret_completion)
{
    ret_completion->lease = vio__hw_get64(wire + 0);
    ret_completion->number = vio__hw_get32(wire + 8);
    ret_completion->status = vio__hw_get16(wire + 12);
    ret_completion->flags = vio__hw_get16(wire + VIO_HW_COMPLETION_FLAGS_OFFSET);
    ret_completion->result = vio__hw_get32(wire + 16);
    ret_completion->detail = vio__hw_get32(wire + 20);
    ret_completion->generation = vio__hw_get64(wire + 24);
}

void vio__hw_event_encode(const struct vio_hw_event *event, uint8_t wire[VIO_HW_EVENT_SIZE])
{
    vio__hw_put64(wire + 0, event->sequence);
    vio__hw_put64(wire + 8, event->time);
    vio__hw_put16(wire + 16, event->type);
    vio__hw_put16(wire + VIO_HW_EVENT_FLAGS_OFFSET, event->flags);
    vio__hw_put32(wire + 20, event->index);
    vio__hw_put64(wire + 24, event->value);
    vio__hw_put64(wire + 32, event->lost);
    memcpy(wire + 40, event->cookie, sizeof event->cookie);
    vio__hw_put32(wire + 56, event->server);
    vio__hw_put32(wire + 60, event->slot);
}

void vio__hw_event_decode(const uint8_t wire[VIO_HW_EVENT_SIZE], struct vio_hw_event *ret_event)
{
    ret_event->sequence = vio__hw_get64(wire + 0);
    ret_event->time = vio__hw_get64(wire + 8);
    ret_event->type = vio__hw_get16(wire + 16);
    ret_event->flags = vio__hw_get16(wire + VIO_HW_EVENT_FLAGS_OFFSET);
    ret_event->index = vio__hw_get32(wire + 20);
    ret_event->value = vio__hw_get64(wire + 24);
    ret_event->lost = vio__hw_get64(wire + 32);
    memcpy(ret_event->cookie, wire + 40, sizeof ret_event->cookie);
    ret_event->server = vio__hw_get32(wire + 56);
    ret_event->slot = vio__hw_get32(wire + 60);
}
