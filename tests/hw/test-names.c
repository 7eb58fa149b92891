/* SPDX-License-Identifier: MIT */
#include "tests/support/test.h"

#include <string.h>

#include "lib/hw/regs.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct code {
    const char *name;
    unsigned code;
};

static const struct code opcodes[] = {
#define O(name, code, changes, idempotent, doc) {#name, code},
#include "lib/hw/opcodes.def"
#undef O
};
static const struct code statuses[] = {
#define S(name, code, doc) {#name, code},
#include "lib/hw/status.def"
#undef S
};
static const struct code events[] = {
#define E(name, code, object, value, doc) {#name, code},
#include "lib/hw/events.def"
#undef E
};

static void check_codes(const struct code *codes, size_t count, const char *(*name_of)(unsigned))
{
    size_t known = 0;

    for (size_t i = 0; i < count; i++) {
        assert_string_equal(name_of(codes[i].code), codes[i].name);
        for (size_t j = 0; j < i; j++) {
            assert_int_not_equal(codes[i].code, codes[j].code);
            assert_string_not_equal(codes[i].name, codes[j].name);
        }
    }
    for (unsigned code = 0; code <= 0xffff; code++)
        known += name_of(code) != NULL;
    assert_int_equal(known, count);
    assert_null(name_of(0x10000));
    assert_null(name_of(~0u));
}

static void codes_are_unique_and_only_they_have_names(void **state)
{
    (void)state;
    check_codes(opcodes, COUNT(opcodes), vio__hw_opcode_name);
    check_codes(statuses, COUNT(statuses), vio__hw_status_name);
    check_codes(events, COUNT(events), vio__hw_event_name);
}

static void every_status_has_a_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(statuses); i++)
        assert_true(strlen(vio__hw_status_text(statuses[i].code)) > 0);
    assert_null(vio__hw_status_text(0xffff));
}

static void commands_that_change_state_are_known(void **state)
{
    (void)state;
    assert_true(vio__hw_opcode_changes(VIO_HW_OP_FUNCTION_CREATE));
    assert_true(vio__hw_opcode_changes(VIO_HW_OP_SLOT_CONTROL));
    assert_false(vio__hw_opcode_changes(VIO_HW_OP_READ));
    assert_false(vio__hw_opcode_changes(VIO_HW_OP_LEASE_CLAIM));
    assert_false(vio__hw_opcode_changes(0xffff));
}

static void events_name_the_kind_of_their_object(void **state)
{
    (void)state;
    assert_int_equal(vio__hw_event_object(VIO_HW_EVENT_PORT_LINK_UP), VIO_HW_BLOCK_PORT);
    assert_int_equal(vio__hw_event_object(VIO_HW_EVENT_FUNCTION_BOUND), VIO_HW_BLOCK_FUNCTION);
    assert_int_equal(vio__hw_event_object(VIO_HW_EVENT_RESET), VIO_HW_BLOCK_GLOBAL);
    assert_int_equal(vio__hw_event_object(0xffff), VIO_HW_BLOCKS);
}

/* What commands.def may name besides events. */
enum command_part {
    PART_TARGET,
    PART_FLAG_FORCE,
    PART_FLAG_ERASE,
    PART_ARG_0,
    PART_ARG_1,
    PART_ARG_2,
    PART_DATA_IN,
    PART_DATA_OUT,
    PART_RESULT,
    PART_DETAIL,
    PART_GENERATION,
    PART_EVENT = 0x10000, /* plus the event's code */
#define E(name, code, object, value, doc) PART_EVENT_##name = PART_EVENT + code,
#include "lib/hw/events.def"
#undef E
};

static void commands_are_described_once_with_known_parts(void **state)
{
    static const struct {
        unsigned opcode, part;
    } rows[] = {
#define C(command, where, doc) {VIO_HW_OP_##command, PART_##where},
#include "lib/hw/commands.def"
#undef C
    };
    bool described[0x10000] = {false};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        described[rows[i].opcode] = true;
        for (size_t j = 0; j < i; j++)
            assert_false(rows[i].opcode == rows[j].opcode && rows[i].part == rows[j].part);
    }
    for (size_t i = 0; i < COUNT(opcodes); i++)
        assert_int_equal(described[opcodes[i].code], opcodes[i].code != VIO_HW_OP_NOP);
}

static void answers_name_each_status_of_a_command_once(void **state)
{
    static const struct {
        unsigned opcode, status;
    } rows[] = {
#define A(command, status, when) {VIO_HW_OP_##command, VIO_HW_STATUS_##status},
#include "lib/hw/answers.def"
#undef A
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_not_equal(rows[i].status, VIO_HW_STATUS_OK);
        for (size_t j = 0; j < i; j++)
            assert_false(rows[i].opcode == rows[j].opcode && rows[i].status == rows[j].status);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_unique_and_only_they_have_names),
        cmocka_unit_test(every_status_has_a_text),
        cmocka_unit_test(commands_that_change_state_are_known),
        cmocka_unit_test(events_name_the_kind_of_their_object),
        cmocka_unit_test(commands_are_described_once_with_known_parts),
        cmocka_unit_test(answers_name_each_status_of_a_command_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
