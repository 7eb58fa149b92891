/* SPDX-License-Identifier: MIT */
/* Ring entries: what was decoded and encoded once stays the same when that is done again. */
#include <stdlib.h>
#include <string.h>

#include "lib/hw/ring.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_command(const uint8_t *wire)
{
    struct vio_hw_command command;
    uint8_t once[VIO_HW_COMMAND_SIZE], twice[VIO_HW_COMMAND_SIZE];

    vio__hw_command_decode(wire, &command);
    vio__hw_command_encode(&command, once);
    vio__hw_command_decode(once, &command);
    vio__hw_command_encode(&command, twice);
    if (memcmp(once, twice, sizeof once) != 0)
        abort();
}

static void check_completion(const uint8_t *wire)
{
    struct vio_hw_completion completion;
    uint8_t once[VIO_HW_COMPLETION_SIZE], twice[VIO_HW_COMPLETION_SIZE];

    vio__hw_completion_decode(wire, &completion);
    vio__hw_completion_encode(&completion, once);
    vio__hw_completion_decode(once, &completion);
    vio__hw_completion_encode(&completion, twice);
    if (memcmp(once, twice, sizeof once) != 0)
        abort();
}

static void check_event(const uint8_t *wire)
{
    struct vio_hw_event event;
    uint8_t once[VIO_HW_EVENT_SIZE], twice[VIO_HW_EVENT_SIZE];

    vio__hw_event_decode(wire, &event);
    vio__hw_event_encode(&event, once);
    vio__hw_event_decode(once, &event);
    vio__hw_event_encode(&event, twice);
    if (memcmp(once, twice, sizeof once) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size >= VIO_HW_COMMAND_SIZE)
        check_command(data);
    if (size >= VIO_HW_COMPLETION_SIZE)
        check_completion(data);
    if (size >= VIO_HW_EVENT_SIZE)
        check_event(data);
    return 0;
}
