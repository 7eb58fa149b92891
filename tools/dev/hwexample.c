/* SPDX-License-Identifier: MIT */
#include "tools/dev/hwtables.h"

#include <string.h>

#include "lib/hw/ring.h"
#include "lib/hw/wire.h"

#define LEASE UINT64_C(0x1122334455667788)

static const uint8_t cookie[16] = {0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x41, 0xd1,
                                   0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
static const uint8_t mac[6] = {0x02, 0x1a, 0x68, 0x00, 0x00, 0x01};

/* Rows of zeros between others are left out, as the offsets show. */
static void print_bytes(FILE *out, const char *title, const uint8_t *bytes, size_t size)
{
    static const uint8_t zeros[16];

    fprintf(out, "%s\n\n", title);
    for (size_t at = 0; at < size; at += 16) {
        if (size > VIO_HW_COMMAND_SIZE && memcmp(bytes + at, zeros, 16) == 0)
            continue;
        fprintf(out, "    %03zx ", at);
        for (size_t i = 0; i < 16; i++)
            fprintf(out, "%s%02x", i == 8 ? "  " : " ", bytes[at + i]);
        fputs("\n", out);
    }
    fputs("\n", out);
}

static void print_command(FILE *out, const char *title, const struct vio_hw_command *command)
{
    uint8_t wire[VIO_HW_COMMAND_SIZE];

    vio__hw_command_encode(command, wire);
    print_bytes(out, title, wire, sizeof wire);
}

static void print_completion(FILE *out, const char *title,
                             const struct vio_hw_completion *completion)
{
    uint8_t wire[VIO_HW_COMPLETION_SIZE];

    vio__hw_completion_encode(completion, wire);
    print_bytes(out, title, wire, sizeof wire);
}

static void print_record(FILE *out)
{
    uint8_t record[VIO_HW_RECORD_SIZE] = {0};

    vio__hw_put32(record + VIO_HW_FUNCTION_STATE, (uint32_t)VIO_HW_BIT(FUNCTION_STATE, ENABLED));
    vio__hw_put32(record + VIO_HW_FUNCTION_KIND, VIO_HW_KIND_VNIC);
    vio__hw_put32(record + VIO_HW_FUNCTION_SLOT, 1);
    memcpy(record + VIO_HW_FUNCTION_COOKIE, cookie, sizeof cookie);
    record[VIO_HW_FUNCTION_ADDRESS] = VIO_HW_ADDRESS_MAC48;
    record[VIO_HW_FUNCTION_ADDRESS + 1] = sizeof mac;
    memcpy(record + VIO_HW_FUNCTION_ADDRESS + VIO_HW_ADDRESS_HEADER, mac, sizeof mac);
    vio__hw_put32(record + VIO_HW_FUNCTION_VLAN,
                  (uint32_t)(VIO_HW_PUT(FUNCTION_VLAN, MODE, VIO_HW_VLAN_ACCESS) |
                             VIO_HW_PUT(FUNCTION_VLAN, VLAN, 100)));
    vio__hw_put64(record + VIO_HW_FUNCTION_TX_CIR, 1000000000);
    vio__hw_put64(record + VIO_HW_FUNCTION_TX_CBS, 65536);
    memcpy(record + VIO_HW_FUNCTION_LABEL, "web0", 4);
    print_bytes(out, "The record at offset 0x8000 of the part (rows of zeros left out):", record,
                sizeof record);
}

static void print_event(FILE *out, const char *title)
{
    struct vio_hw_event event = {
        .sequence = 9,
        .time = 12000000000,
        .type = VIO_HW_EVENT_FUNCTION_BOUND,
        .flags = VIO_HW_PHASE,
        .index = 0,
        .value = VIO_HW_PUT(FUNCTION_STATE, LIFE, VIO_HW_LIFE_BOUND) |
                 VIO_HW_BIT(FUNCTION_STATE, ENABLED) | VIO_HW_BIT(FUNCTION_STATE, LINK_UP),
        .server = 3,
        .slot = 1,
    };
    uint8_t wire[VIO_HW_EVENT_SIZE];

    memcpy(event.cookie, cookie, sizeof cookie);
    vio__hw_event_encode(&event, wire);
    print_bytes(out, title, wire, sizeof wire);
}

bool hwtables_example(FILE *out)
{
    const struct vio_hw_command claim = {
        .opcode = VIO_HW_OP_LEASE_CLAIM,
        .number = 1,
        .lease = LEASE,
        .arg = {(uint32_t)LEASE, (uint32_t)(LEASE >> 32)},
        .data_offset = 0x8000,
        .data_length = VIO_HW_LABEL_SIZE,
    };
    const struct vio_hw_command create = {
        .opcode = VIO_HW_OP_FUNCTION_CREATE,
        .number = 2,
        .lease = LEASE,
        .data_offset = 0x8000,
        .data_length = VIO_HW_RECORD_SIZE,
    };
    const struct vio_hw_completion created = {
        .lease = LEASE, .number = 2, .flags = VIO_HW_PHASE, .generation = 42};
    const struct vio_hw_command bind = {
        .opcode = VIO_HW_OP_FUNCTION_BIND,
        .number = 3,
        .lease = LEASE,
        .generation = 42,
        .arg = {3, 0, VIO_HW_NONE},
    };
    const struct vio_hw_completion bound = {
        .lease = LEASE, .number = 3, .flags = VIO_HW_PHASE, .result = 0x0300, .generation = 44};

    fputs("\n", out);
    print_command(out, "Entry 0 of the command ring, LEASE_CLAIM:", &claim);
    print_record(out);
    print_command(out, "Entry 1 of the command ring, FUNCTION_CREATE:", &create);
    print_completion(out, "Entry 1 of the completion ring, function 0 at generation 42:", &created);
    print_command(out, "Entry 2 of the command ring, FUNCTION_BIND:", &bind);
    print_completion(out,
                     "Entry 2 of the completion ring, BDF 03:00.0 at hot-plug slot 0:", &bound);
    print_event(out, "The event FUNCTION_BOUND:");
    return !ferror(out);
}
