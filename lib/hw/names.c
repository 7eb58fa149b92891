/* SPDX-License-Identifier: MIT */
/* Names of commands, status codes and events. The device's codes are untrusted: each may be
 * unknown. */
#include "lib/hw/regs.h"

const char *vio__hw_opcode_name(unsigned opcode)
{
    switch (opcode) {
#define O(name, code, changes, idempotent, doc) \
    case VIO_HW_OP_##name:                      \
        return #name;
#include "lib/hw/opcodes.def"
#undef O
    default:
        return NULL;
    }
}

bool vio__hw_opcode_changes(unsigned opcode)
{
    enum { NO, YES };

    switch (opcode) {
#define O(name, code, changes, idempotent, doc) \
    case VIO_HW_OP_##name:                      \
        return changes;
#include "lib/hw/opcodes.def"
#undef O
    default:
        return false;
    }
}

const char *vio__hw_status_name(unsigned status)
{
    switch (status) {
#define S(name, code, doc)     \
    case VIO_HW_STATUS_##name: \
        return #name;
#include "lib/hw/status.def"
#undef S
    default:
        return NULL;
    }
}

const char *vio__hw_status_text(unsigned status)
{
    switch (status) {
#define S(name, code, doc)     \
    case VIO_HW_STATUS_##name: \
        return doc;
#include "lib/hw/status.def"
#undef S
    default:
        return NULL;
    }
}

const char *vio__hw_event_name(unsigned type)
{
    switch (type) {
#define E(name, code, object, value, doc) \
    case VIO_HW_EVENT_##name:             \
        return #name;
#include "lib/hw/events.def"
#undef E
    default:
        return NULL;
    }
}

enum vio_hw_block vio__hw_event_object(unsigned type)
{
    switch (type) {
#define E(name, code, object, value, doc) \
    case VIO_HW_EVENT_##name:             \
        return VIO_HW_BLOCK_##object;
#include "lib/hw/events.def"
#undef E
    default:
        return VIO_HW_BLOCKS;
    }
}
