/* SPDX-License-Identifier: MIT */
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#include "lib/hw/ring.h"

static const uint8_t command_bytes[VIO_HW_COMMAND_SIZE] = {
    0x21, 0x00, 0x01, 0x00, 0x04, 0x03, 0x02, 0x01, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11,
    0x14, 0x13, 0x12, 0x11, 0x24, 0x23, 0x22, 0x21, 0xa0, 0x00, 0x00, 0x00, 0xa1, 0x01, 0x00, 0x00,
    0xa2, 0x00, 0x02, 0x00, 0xa3, 0x00, 0x00, 0x03, 0xa4, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff,
    0x00, 0x80, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
};
static const struct vio_hw_command command = {
    .opcode = VIO_HW_OP_FUNCTION_BIND,
    .flags = VIO_HW_COMMAND_FORCE,
    .number = 0x01020304,
    .lease = UINT64_C(0x1122334455667788),
    .target = 0x11121314,
    .generation = 0x21222324,
    .arg = {0xa0, 0x1a1, 0x200a2, 0x30000a3, 0xa4, VIO_HW_NONE},
    .data_offset = UINT64_C(0x100008000),
    .data_length = 512,
};

static const uint8_t completion_bytes[VIO_HW_COMPLETION_SIZE] = {
    0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 0x04, 0x03, 0x02, 0x01, 0x08, 0x00, 0x03, 0x00,
    0x14, 0x13, 0x12, 0x11, 0xff, 0xff, 0xff, 0xff, 0x08, 0x07, 0x06, 0x05, 0x04, 0x03, 0x02, 0x01,
};
static const struct vio_hw_completion completion = {
    .lease = UINT64_C(0x1122334455667788),
    .number = 0x01020304,
    .status = VIO_HW_STATUS_STALE,
    .flags = VIO_HW_PHASE | VIO_HW_CPL_REPLAYED,
    .result = 0x11121314,
    .detail = VIO_HW_NONE,
    .generation = UINT64_C(0x0102030405060708),
};

static const uint8_t event_bytes[VIO_HW_EVENT_SIZE] = {
    0x08, 0x07, 0x06, 0x05, 0x04, 0x03, 0x02, 0x01, 0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11,
    0x31, 0x00, 0x03, 0x00, 0x24, 0x23, 0x22, 0x21, 0x38, 0x37, 0x36, 0x35, 0x34, 0x33, 0x32, 0x31,
    0x48, 0x47, 0x46, 0x45, 0x44, 0x43, 0x42, 0x41, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
    0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x03, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff,
};
static const struct vio_hw_event event = {
    .sequence = UINT64_C(0x0102030405060708),
    .time = UINT64_C(0x1112131415161718),
    .type = VIO_HW_EVENT_FUNCTION_BOUND,
    .flags = VIO_HW_PHASE | VIO_HW_EVENT_OVERFLOW,
    .index = 0x21222324,
    .value = UINT64_C(0x3132333435363738),
    .lost = UINT64_C(0x4142434445464748),
    .cookie = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    .server = 3,
    .slot = VIO_HW_NONE,
};

static void entries_are_encoded_as_the_manual_lays_them_out(void **state)
{
    uint8_t wire[VIO_HW_COMMAND_SIZE];

    (void)state;
    vio__hw_command_encode(&command, wire);
    assert_memory_equal(wire, command_bytes, sizeof command_bytes);
    vio__hw_completion_encode(&completion, wire);
    assert_memory_equal(wire, completion_bytes, sizeof completion_bytes);
    vio__hw_event_encode(&event, wire);
    assert_memory_equal(wire, event_bytes, sizeof event_bytes);
}

static void entries_are_decoded_field_by_field(void **state)
{
    struct vio_hw_command c;
    struct vio_hw_completion d;
    struct vio_hw_event e;

    (void)state;
    vio__hw_command_decode(command_bytes, &c);
    assert_int_equal(c.opcode, command.opcode);
    assert_int_equal(c.flags, command.flags);
    assert_int_equal(c.number, command.number);
    assert_int_equal(c.lease, command.lease);
    assert_int_equal(c.target, command.target);
    assert_int_equal(c.generation, command.generation);
    assert_memory_equal(c.arg, command.arg, sizeof c.arg);
    assert_int_equal(c.data_offset, command.data_offset);
    assert_int_equal(c.data_length, command.data_length);

    vio__hw_completion_decode(completion_bytes, &d);
    assert_int_equal(d.lease, completion.lease);
    assert_int_equal(d.number, completion.number);
    assert_int_equal(d.status, completion.status);
    assert_int_equal(d.flags, completion.flags);
    assert_int_equal(d.result, completion.result);
    assert_int_equal(d.detail, completion.detail);
    assert_int_equal(d.generation, completion.generation);

    vio__hw_event_decode(event_bytes, &e);
    assert_int_equal(e.sequence, event.sequence);
    assert_int_equal(e.time, event.time);
    assert_int_equal(e.type, event.type);
    assert_int_equal(e.flags, event.flags);
    assert_int_equal(e.index, event.index);
    assert_int_equal(e.value, event.value);
    assert_int_equal(e.lost, event.lost);
    assert_memory_equal(e.cookie, event.cookie, sizeof e.cookie);
    assert_int_equal(e.server, event.server);
    assert_int_equal(e.slot, event.slot);
}

/* Random bytes decode to something that encodes to the same bytes, reserved ones apart. */
static void random_bytes_survive_decode_and_encode(void **state)
{
    unsigned rounds = test_rounds(1000);
    uint64_t seed = 1;

    (void)state;
    while (rounds--) {
        uint8_t in[VIO_HW_COMMAND_SIZE], out[VIO_HW_COMMAND_SIZE];
        struct vio_hw_command c;
        struct vio_hw_completion d;
        struct vio_hw_event e;

        for (unsigned i = 0; i < sizeof in; i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
            in[i] = (uint8_t)(seed >> 56);
        }
        vio__hw_event_decode(in, &e);
        vio__hw_event_encode(&e, out);
        assert_memory_equal(in, out, VIO_HW_EVENT_SIZE);
        vio__hw_completion_decode(in, &d);
        vio__hw_completion_encode(&d, out);
        assert_memory_equal(in, out, VIO_HW_COMPLETION_SIZE);
        vio__hw_command_decode(in, &c);
        vio__hw_command_encode(&c, out);
        memset(in + 60, 0, 4);
        assert_memory_equal(in, out, VIO_HW_COMMAND_SIZE);
    }
}

static void flags_lie_where_the_offsets_say(void **state)
{
    (void)state;
    assert_int_equal(completion_bytes[VIO_HW_COMPLETION_FLAGS_OFFSET], completion.flags);
    assert_int_equal(event_bytes[VIO_HW_EVENT_FLAGS_OFFSET], event.flags);
}

static void the_phase_bit_turns_with_each_pass(void **state)
{
    (void)state;
    assert_true(vio__hw_phase(0, 16));
    assert_true(vio__hw_phase(15, 16));
    assert_false(vio__hw_phase(16, 16));
    assert_false(vio__hw_phase(31, 16));
    assert_true(vio__hw_phase(32, 16));
    /* The index wraps at 2^32, an even number of passes of any ring. */
    assert_false(vio__hw_phase(UINT32_MAX, VIO_HW_MAX_RING));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_encoded_as_the_manual_lays_them_out),
        cmocka_unit_test(entries_are_decoded_field_by_field),
        cmocka_unit_test(random_bytes_survive_decode_and_encode),
        cmocka_unit_test(flags_lie_where_the_offsets_say),
        cmocka_unit_test(the_phase_bit_turns_with_each_pass),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
