/* SPDX-License-Identifier: MIT */
/* Each status code of the manual, provoked. */
#include <string.h>

#include "lib/hw/wire.h"
#include "tests/support/rig.h"
#include "tests/support/test.h"

#define LEASE UINT64_C(0x1122334455667788)
#define GIGA  UINT64_C(1000000000)

/* Slots of the default chassis. */
enum { SRIOV_NIC = 0, PROXIED_NIC = 2, HBA = 4, RAID = 6, NVME = 7 };

static int set_up(void **state)
{
    static struct rig rig;

    rig_open(&rig, "?seed=1&hotplug=1ms&training=1ms");
    assert_int_equal(rig_claim_lease(&rig, LEASE, 0), VIO_HW_STATUS_OK);
    *state = &rig;
    return 0;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;

    assert_true(viosim_stat(rig->sim, VIOSIM_STAT_LIVE_TWICE) == 0);
    rig_close(rig);
    return 0;
}

static uint32_t create(struct rig *rig, uint32_t slot, uint32_t n)
{
    uint8_t record[VIO_HW_RECORD_SIZE];
    uint32_t function;

    rig_record(rig, record, slot, n);
    assert_int_equal(rig_create(rig, record, &function), VIO_HW_STATUS_OK);
    return function;
}

/* FUNCTION_CREATE of a good record with one field changed. */
static unsigned create_with64(struct rig *rig, uint32_t slot, uint32_t offset, uint64_t value,
                              struct vio_hw_completion *ret_completion)
{
    struct vio_hw_command command = {.opcode = VIO_HW_OP_FUNCTION_CREATE,
                                     .lease = LEASE,
                                     .data_offset = RIG_DATA,
                                     .data_length = VIO_HW_RECORD_SIZE};

    rig_record(rig, rig_data(rig), slot, 77);
    vio__hw_put64(rig_data(rig) + offset, value);
    return rig_do(rig, command, ret_completion);
}

static void commands_and_fields_that_are_none_are_named(void **state)
{
    struct rig *rig = *state;
    struct vio_hw_completion completion;
    struct vio_hw_command command = {.opcode = 0x3f, .lease = LEASE};

    assert_int_equal(rig_do(rig, command, NULL), VIO_HW_STATUS_INVALID_OPCODE);
    command.opcode = 0xffff;
    assert_int_equal(rig_do(rig, command, NULL), VIO_HW_STATUS_INVALID_OPCODE);
    command.opcode = VIO_HW_OP_NOP;
    command.flags = 1;
    assert_int_equal(rig_do(rig, command, &completion), VIO_HW_STATUS_INVALID_FIELD);
    assert_int_equal(completion.detail, 2);
    assert_int_equal(rig_target(rig, VIO_HW_OP_READ, 0, 6), VIO_HW_STATUS_INVALID_FIELD);
    assert_int_equal(rig_target(rig, VIO_HW_OP_LOG, 0, 3), VIO_HW_STATUS_INVALID_FIELD);
    assert_int_equal(rig_target(rig, VIO_HW_OP_PORT_CONTROL, 0, 4), VIO_HW_STATUS_INVALID_FIELD);
    assert_int_equal(rig_target(rig, VIO_HW_OP_SLOT_CONTROL, 0, 6), VIO_HW_STATUS_INVALID_FIELD);
    assert_int_equal(rig_target(rig, VIO_HW_OP_BATCH, 0, 0), VIO_HW_STATUS_INVALID_FIELD);
    assert_int_equal(rig_target(rig, VIO_HW_OP_BATCH, 0, 65), VIO_HW_STATUS_INVALID_FIELD);
    assert_int_equal(rig_claim_lease(rig, 0, 0), VIO_HW_STATUS_INVALID_FIELD);
}

static void targets_that_are_not_there_are_refused(void **state)
{
    struct rig *rig = *state;

    assert_int_equal(rig_target(rig, VIO_HW_OP_PORT_CONTROL, 9999, 1),
                     VIO_HW_STATUS_INVALID_TARGET);
    assert_int_equal(rig_target(rig, VIO_HW_OP_SLOT_CONTROL, 8, 4), VIO_HW_STATUS_INVALID_TARGET);
    assert_int_equal(rig_target(rig, VIO_HW_OP_FUNCTION_DESTROY, 5, 0),
                     VIO_HW_STATUS_INVALID_TARGET);
    assert_int_equal(rig_target(rig, VIO_HW_OP_FUNCTION_DESTROY, VIO_HW_NONE, 0),
                     VIO_HW_STATUS_INVALID_TARGET);
    assert_int_equal(create_with64(rig, 0, VIO_HW_FUNCTION_KIND, 1 | UINT64_C(8) << 32, NULL),
                     VIO_HW_STATUS_INVALID_TARGET);
}

static void data_outside_of_the_part_are_refused(void **state)
{
    struct rig *rig = *state;
    struct vio_hw_command command = {.opcode = VIO_HW_OP_READ,
                                     .arg = {VIO_HW_READ_SLOT, 0, 0},
                                     .data_offset = VIO_HW_PART_SIZE - 511,
                                     .data_length = 512};

    assert_int_equal(rig_do(rig, command, NULL), VIO_HW_STATUS_DATA_RANGE);
    command.data_offset = UINT64_MAX - 10;
    assert_int_equal(rig_do(rig, command, NULL), VIO_HW_STATUS_DATA_RANGE);
    command.data_offset = RIG_DATA;
    command.data_length = 511;
    assert_int_equal(rig_do(rig, command, NULL), VIO_HW_STATUS_DATA_RANGE);
    command.data_length = VIO_HW_MAX_DATA + 1;
    assert_int_equal(rig_do(rig, command, NULL), VIO_HW_STATUS_DATA_RANGE);
    command.opcode = VIO_HW_OP_BATCH;
    command.lease = LEASE;
    command.arg[0] = 2;
    command.data_length = 64;
    assert_int_equal(rig_do(rig, command, NULL), VIO_HW_STATUS_DATA_RANGE);
}

static void a_command_for_an_older_generation_is_stale(void **state)
{
    struct rig *rig = *state;
    uint32_t function = create(rig, SRIOV_NIC, 1);
    uint32_t generation = rig_get32(rig, RIG_AT(FUNCTION, function, GENERATION));
    struct vio_hw_command command = {.opcode = VIO_HW_OP_FUNCTION_SET_STATE,
                                     .lease = LEASE,
                                     .target = function,
                                     .generation = generation};
    struct vio_hw_completion completion;

    assert_int_equal(rig_do(rig, command, &completion), VIO_HW_STATUS_OK);
    assert_true(completion.generation > generation);
    assert_int_equal(rig_do(rig, command, &completion), VIO_HW_STATUS_STALE);
    assert_int_equal(completion.result, rig_get32(rig, RIG_AT(FUNCTION, function, GENERATION)));
}

static void a_cookie_and_an_identity_belong_to_one_function(void **state)
{
    struct rig *rig = *state;
    uint32_t function = create(rig, SRIOV_NIC, 1);
    struct vio_hw_command command = {.opcode = VIO_HW_OP_FUNCTION_CREATE,
                                     .lease = LEASE,
                                     .data_offset = RIG_DATA,
                                     .data_length = VIO_HW_RECORD_SIZE};
    struct vio_hw_completion completion;

    rig_record(rig, rig_data(rig), SRIOV_NIC, 1);
    assert_int_equal(rig_do(rig, command, &completion), VIO_HW_STATUS_EXISTS);
    assert_int_equal(completion.result, function);
    rig_data(rig)[VIO_HW_FUNCTION_COOKIE + 1] = 9;
    assert_int_equal(rig_do(rig, command, &completion), VIO_HW_STATUS_ADDRESS_IN_USE);
    assert_int_equal(completion.result, function);
    assert_int_equal(rig_target(rig, VIO_HW_OP_FUNCTION_DESTROY, function, 0), VIO_HW_STATUS_OK);
    assert_int_equal(rig_do(rig, command, NULL), VIO_HW_STATUS_OK);
}

static void identities_must_suit_their_kind(void **state)
{
    struct rig *rig = *state;
    const uint32_t address = VIO_HW_FUNCTION_ADDRESS, node = VIO_HW_FUNCTION_NODE_ADDRESS;
    struct vio_hw_completion completion;

    assert_int_equal(create_with64(rig, SRIOV_NIC, address, 0, NULL),
                     VIO_HW_STATUS_ADDRESS_INVALID);
    assert_int_equal(create_with64(rig, SRIOV_NIC, address + 8, 0, NULL), /* all zero */
                     VIO_HW_STATUS_ADDRESS_INVALID);
    assert_int_equal(create_with64(rig, SRIOV_NIC, address + 8, 0x03, NULL), /* multicast */
                     VIO_HW_STATUS_ADDRESS_INVALID);
    assert_int_equal(create_with64(rig, SRIOV_NIC, address + 16, 1, NULL), /* not padded */
                     VIO_HW_STATUS_ADDRESS_INVALID);
    assert_int_equal(create_with64(rig, SRIOV_NIC, node, 0x601, &completion),
                     VIO_HW_STATUS_ADDRESS_INVALID);
    assert_int_equal(completion.detail, node);
    assert_int_equal(create_with64(rig, HBA, address + 8, 0x30, NULL), /* NAA 3 */
                     VIO_HW_STATUS_ADDRESS_INVALID);
    assert_int_equal(create_with64(rig, HBA, node, 0, NULL), VIO_HW_STATUS_ADDRESS_INVALID);
    assert_int_equal(create_with64(rig, RAID, address, 0x0601, NULL),
                     VIO_HW_STATUS_ADDRESS_INVALID);
}

static void data_that_make_no_sense_are_named_by_their_offset(void **state)
{
    static const struct {
        uint32_t slot, offset;
        uint64_t value;
        uint32_t detail;
    } bad[] = {
        {SRIOV_NIC, VIO_HW_FUNCTION_SIZE, 512, VIO_HW_FUNCTION_SIZE},
        {RAID, VIO_HW_FUNCTION_SIZE, 0, VIO_HW_FUNCTION_SIZE},
        {RAID, VIO_HW_FUNCTION_SIZE, 513, VIO_HW_FUNCTION_SIZE},
        {SRIOV_NIC, VIO_HW_FUNCTION_KIND, 2, VIO_HW_FUNCTION_KIND},
        {SRIOV_NIC, VIO_HW_FUNCTION_KIND, 0, VIO_HW_FUNCTION_KIND},
        {SRIOV_NIC, VIO_HW_FUNCTION_LABEL, 0xff, VIO_HW_FUNCTION_LABEL},
        {SRIOV_NIC, VIO_HW_FUNCTION_LABEL, 0x61006100, VIO_HW_FUNCTION_LABEL},
        {SRIOV_NIC, VIO_HW_FUNCTION_SCHEDULER, 1u << 31, VIO_HW_FUNCTION_SCHEDULER},
        {SRIOV_NIC, VIO_HW_FUNCTION_VLAN, 1, VIO_HW_FUNCTION_VLAN}, /* access, 0 */
        {SRIOV_NIC, VIO_HW_FUNCTION_VLAN, 1 | 4095u << 16, VIO_HW_FUNCTION_VLAN},
        {SRIOV_NIC, VIO_HW_FUNCTION_VLAN, 3, VIO_HW_FUNCTION_VLAN},
        {SRIOV_NIC, VIO_HW_FUNCTION_VLAN, 2, VIO_HW_FUNCTION_VLAN_RANGES}, /* no ranges */
        {SRIOV_NIC, VIO_HW_FUNCTION_VLAN, 2 | UINT64_C(17) << 32, VIO_HW_FUNCTION_VLAN_RANGES},
        {SRIOV_NIC, VIO_HW_FUNCTION_VLAN, 2 | UINT64_C(1) << 32, VIO_HW_FUNCTION_VLAN_RANGE},
        {SRIOV_NIC, VIO_HW_FUNCTION_VLAN_RANGE, 0x00010001, VIO_HW_FUNCTION_VLAN_RANGE},
    };
    struct rig *rig = *state;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct vio_hw_completion completion;

        assert_int_equal(create_with64(rig, bad[i].slot, bad[i].offset, bad[i].value, &completion),
                         VIO_HW_STATUS_INVALID_DATA);
        assert_int_equal(completion.detail, bad[i].detail);
    }
}

static unsigned set_ranges(struct rig *rig, uint32_t function, const uint16_t *ranges,
                           uint32_t count)
{
    memset(rig_data(rig), 0, VIO_HW_RECORD_SIZE);
    vio__hw_put32(rig_data(rig) + VIO_HW_FUNCTION_VLAN, VIO_HW_VLAN_TRUNK | 7u << 16);
    vio__hw_put32(rig_data(rig) + VIO_HW_FUNCTION_VLAN_RANGES, count);
    for (uint32_t i = 0; i < 2 * count; i++)
        vio__hw_put16(rig_data(rig) + VIO_HW_FUNCTION_VLAN_RANGE + (size_t)2 * i, ranges[i]);
    return rig_target(rig, VIO_HW_OP_FUNCTION_SET_VLAN, function, 0);
}

static void trunk_ranges_ascend_and_do_not_overlap(void **state)
{
    struct rig *rig = *state;
    uint32_t function = create(rig, SRIOV_NIC, 1);

    assert_int_equal(set_ranges(rig, function, (uint16_t[]){1, 9, 10, 10, 4094, 4094}, 3),
                     VIO_HW_STATUS_OK);
    assert_int_equal(rig_get32(rig, RIG_AT(FUNCTION, function, VLAN_RANGES)), 3);
    assert_int_equal(set_ranges(rig, function, (uint16_t[]){1, 9, 9, 10}, 2),
                     VIO_HW_STATUS_INVALID_DATA);
    assert_int_equal(set_ranges(rig, function, (uint16_t[]){20, 30, 1, 2}, 2),
                     VIO_HW_STATUS_INVALID_DATA);
    assert_int_equal(set_ranges(rig, function, (uint16_t[]){5, 4}, 1), VIO_HW_STATUS_INVALID_DATA);
    assert_int_equal(set_ranges(rig, function, (uint16_t[]){1, 4095}, 1),
                     VIO_HW_STATUS_INVALID_DATA);
    assert_int_equal(rig_get32(rig, RIG_AT(FUNCTION, function, VLAN_RANGES)), 3);
}

static void an_adapter_gives_no_more_than_it_has(void **state)
{
    struct rig *rig = *state;
    uint8_t record[VIO_HW_RECORD_SIZE];
    uint32_t most = rig_get32(rig, RIG_AT(SLOT, SRIOV_NIC, MAX_FUNCTIONS)), function;
    uint64_t space = rig_get64(rig, RIG_AT(SLOT, RAID, SPACE));

    for (uint32_t i = 0; i < most; i++) {
        function = create(rig, SRIOV_NIC, 1 + i);
        assert_int_equal(rig_get32(rig, RIG_AT(FUNCTION, function, VF)), i);
    }
    rig_record(rig, record, SRIOV_NIC, 1000);
    assert_int_equal(rig_create(rig, record, &function), VIO_HW_STATUS_NO_VF);
    assert_int_equal(create_with64(rig, RAID, VIO_HW_FUNCTION_SIZE, space, NULL), VIO_HW_STATUS_OK);
    assert_true(rig_get64(rig, RIG_AT(SLOT, RAID, SPACE_USED)) == space);
    rig_record(rig, record, RAID, 1001);
    vio__hw_put64(record + VIO_HW_FUNCTION_SIZE, 512);
    assert_int_equal(rig_create(rig, record, &function), VIO_HW_STATUS_NO_SPACE);
}

static void contexts_run_out(void **state)
{
    static const char text[] = "name: small\nlimits: {functions: 2}\n"
                               "servers:\n  - {name: a, paths: 1}\n"
                               "slots:\n  - {name: s, adapter: intel-82599es}\n";
    uint8_t record[VIO_HW_RECORD_SIZE];
    struct sim_chassis_spec *spec;
    struct sim_diag diag = {0};
    struct viosim *sim = NULL;
    struct rig rig;

    (void)state;
    if (sim_chassis_spec_parse(NULL, "text", text, strlen(text), NULL, &spec, &diag) != 0 ||
        sim_device_new(spec, NULL, &sim, &diag) != 0)
        fail_msg("%s", diag.text);
    sim_chassis_spec_free(spec);
    rig_join(&rig, sim, 0);
    viosim_unref(sim);
    assert_int_equal(rig_get32(&rig, VIO_HW_GLOBAL_NUM_FUNCTIONS), 2);
    assert_int_equal(rig_claim_lease(&rig, LEASE, 0), VIO_HW_STATUS_OK);
    create(&rig, 0, 1);
    create(&rig, 0, 2);
    rig_record(&rig, record, 0, 3);
    assert_int_equal(rig_create(&rig, record, NULL), VIO_HW_STATUS_NO_FUNCTION);
    assert_int_equal(rig_target(&rig, VIO_HW_OP_FUNCTION_DESTROY, 0, 0), VIO_HW_STATUS_OK);
    assert_int_equal(rig_create(&rig, record, NULL), VIO_HW_STATUS_OK);
    rig_close(&rig);
}

static void guarantees_are_bounded_by_every_link(void **state)
{
    struct rig *rig = *state;
    struct vio_hw_completion completion;
    uint32_t function;

    assert_int_equal(create_with64(rig, SRIOV_NIC, VIO_HW_FUNCTION_TX_CIR, 11 * GIGA, &completion),
                     VIO_HW_STATUS_NO_CAPACITY);
    assert_int_equal(completion.result, rig_get32(rig, RIG_AT(SLOT, SRIOV_NIC, FIRST_EXTERNAL)));
    assert_int_equal(create_with64(rig, SRIOV_NIC, VIO_HW_FUNCTION_RX_CIR, UINT64_MAX, NULL),
                     VIO_HW_STATUS_NO_CAPACITY);
    assert_int_equal(create_with64(rig, SRIOV_NIC, VIO_HW_FUNCTION_TX_CIR, 9 * GIGA, &completion),
                     VIO_HW_STATUS_OK);
    function = completion.result;
    assert_true(rig_get64(rig, RIG_AT(SLOT, SRIOV_NIC, TX_COMMITTED)) == 9 * GIGA);
    assert_int_equal(rig_bind(rig, function, 0), VIO_HW_STATUS_OK);
    assert_true(rig_get64(rig, RIG_AT(PORT, 0, TX_COMMITTED)) == 9 * GIGA);
    memset(rig_data(rig), 0, VIO_HW_RECORD_SIZE);
    vio__hw_put64(rig_data(rig) + VIO_HW_FUNCTION_TX_CIR, 11 * GIGA);
    assert_int_equal(rig_target(rig, VIO_HW_OP_FUNCTION_SET_QOS, function, 0),
                     VIO_HW_STATUS_NO_CAPACITY);
    vio__hw_put64(rig_data(rig) + VIO_HW_FUNCTION_TX_CIR, 1 * GIGA);
    vio__hw_put64(rig_data(rig) + VIO_HW_FUNCTION_TX_PIR, GIGA / 2);
    assert_int_equal(rig_target(rig, VIO_HW_OP_FUNCTION_SET_QOS, function, 0),
                     VIO_HW_STATUS_INVALID_DATA);
    vio__hw_put64(rig_data(rig) + VIO_HW_FUNCTION_TX_PIR, 0);
    assert_int_equal(rig_target(rig, VIO_HW_OP_FUNCTION_SET_QOS, function, 0), VIO_HW_STATUS_OK);
    assert_true(rig_get64(rig, RIG_AT(SLOT, SRIOV_NIC, TX_COMMITTED)) == GIGA);
    assert_true(rig_get64(rig, RIG_AT(PORT, 0, TX_COMMITTED)) == GIGA);
    assert_int_equal(rig_unbind(rig, function, 0), VIO_HW_STATUS_OK);
    assert_true(rig_get64(rig, RIG_AT(PORT, 0, TX_COMMITTED)) == 0);
}

static void a_server_has_so_many_slots_and_paths(void **state)
{
    struct rig *rig = *state;
    uint32_t slots = rig_get32(rig, RIG_AT(SERVER, 4, HOTPLUG_SLOTS));
    struct vio_hw_command bind = {.opcode = VIO_HW_OP_FUNCTION_BIND, .lease = LEASE};
    struct vio_hw_completion completion;

    bind.target = create(rig, SRIOV_NIC, 1);
    bind.arg[0] = 4;
    bind.arg[1] = 2;
    assert_int_equal(rig_do(rig, bind, NULL), VIO_HW_STATUS_INVALID_FIELD);
    bind.arg[1] = 1; /* server5 has one path */
    assert_int_equal(rig_do(rig, bind, NULL), VIO_HW_STATUS_SERVER_GONE);
    bind.arg[1] = 0;
    bind.arg[2] = slots;
    assert_int_equal(rig_do(rig, bind, NULL), VIO_HW_STATUS_INVALID_FIELD);
    bind.arg[2] = slots - 1;
    assert_int_equal(rig_do(rig, bind, &completion), VIO_HW_STATUS_OK);
    assert_int_equal(completion.detail, slots - 1);
    assert_int_equal(completion.result, rig_get32(rig, RIG_AT(FUNCTION, bind.target, BDF)));
    assert_int_equal(rig_do(rig, bind, NULL), VIO_HW_STATUS_OK); /* there already */
    bind.arg[0] = 5;
    assert_int_equal(rig_do(rig, bind, &completion), VIO_HW_STATUS_STATE);
    assert_int_equal(VIO_HW_GET(FUNCTION_STATE, LIFE, completion.result), VIO_HW_LIFE_BOUND);
    bind.arg[0] = 999;
    assert_int_equal(rig_do(rig, bind, NULL), VIO_HW_STATUS_SERVER_GONE);
    bind.arg[0] = 4;
    bind.target = create(rig, SRIOV_NIC, 2);
    assert_int_equal(rig_do(rig, bind, NULL), VIO_HW_STATUS_NO_HOTPLUG_SLOT);
    for (uint32_t i = 1; i < slots; i++)
        assert_int_equal(rig_bind(rig, create(rig, SRIOV_NIC, 10 + i), 4), VIO_HW_STATUS_OK);
    assert_int_equal(rig_bind(rig, bind.target, 4), VIO_HW_STATUS_NO_HOTPLUG_SLOT);
}

static void what_an_adapter_cannot_do_is_not_supported(void **state)
{
    struct rig *rig = *state;
    uint32_t function = create(rig, HBA, 1);

    memset(rig_data(rig), 0, VIO_HW_RECORD_SIZE);
    assert_int_equal(rig_target(rig, VIO_HW_OP_FUNCTION_SET_VLAN, function, 0),
                     VIO_HW_STATUS_NOT_SUPPORTED);
    assert_int_equal(create_with64(rig, RAID, VIO_HW_FUNCTION_VLAN, 1 | 5u << 16, NULL),
                     VIO_HW_STATUS_NOT_SUPPORTED);
    assert_int_equal(rig_bind(rig, function, 0), VIO_HW_STATUS_OK);
    rig_record(rig, rig_data(rig), HBA, 5);
    assert_int_equal(rig_target(rig, VIO_HW_OP_FUNCTION_SET_IDENTITY, function, 0),
                     VIO_HW_STATUS_STATE);
    assert_int_equal(rig_target(rig, VIO_HW_OP_FUNCTION_DESTROY, function, 0), VIO_HW_STATUS_STATE);
    assert_int_equal(rig_unbind(rig, function, 0), VIO_HW_STATUS_OK);
    assert_int_equal(rig_target(rig, VIO_HW_OP_FUNCTION_SET_IDENTITY, function, 0),
                     VIO_HW_STATUS_OK);
}

static void settings_that_change_nothing_make_no_generation(void **state)
{
    static const uint16_t opcodes[] = {VIO_HW_OP_FUNCTION_SET_IDENTITY, VIO_HW_OP_FUNCTION_SET_QOS,
                                       VIO_HW_OP_FUNCTION_SET_VLAN, VIO_HW_OP_FUNCTION_SET_LABEL,
                                       VIO_HW_OP_FUNCTION_SET_STATE};
    struct rig *rig = *state;
    uint32_t function = create(rig, SRIOV_NIC, 1);
    uint64_t generation = rig_get64(rig, RIG_AT(FUNCTION, function, GENERATION));

    rig_record(rig, rig_data(rig), SRIOV_NIC, 1);
    for (size_t i = 0; i < sizeof opcodes / sizeof opcodes[0]; i++)
        assert_int_equal(rig_target(rig, opcodes[i], function, 1), VIO_HW_STATUS_OK);
    assert_true(rig_get64(rig, RIG_AT(FUNCTION, function, GENERATION)) == generation);
    rig_record(rig, rig_data(rig), SRIOV_NIC, 2);
    vio__hw_put64(rig_data(rig) + VIO_HW_FUNCTION_TX_PIR, 5);
    vio__hw_put32(rig_data(rig) + VIO_HW_FUNCTION_VLAN, 1 | 5u << 16);
    for (size_t i = 0; i < sizeof opcodes / sizeof opcodes[0]; i++) {
        assert_int_equal(rig_target(rig, opcodes[i], function, 0), VIO_HW_STATUS_OK);
        assert_true(rig_get64(rig, RIG_AT(FUNCTION, function, GENERATION)) > generation);
        generation = rig_get64(rig, RIG_AT(FUNCTION, function, GENERATION));
    }
}

static void a_missing_adapter_is_gone(void **state)
{
    struct rig *rig = *state;
    uint32_t function = create(rig, SRIOV_NIC, 1);
    uint8_t record[VIO_HW_RECORD_SIZE];

    rig_record(rig, record, SRIOV_NIC, 2);
    assert_int_equal(viosim_adapter_pull(rig->sim, "slot1"), 0);
    assert_int_equal(rig_life(rig, function), VIO_HW_LIFE_FAULT);
    assert_int_equal(rig_create(rig, record, NULL), VIO_HW_STATUS_ADAPTER_GONE);
    assert_int_equal(rig_target(rig, VIO_HW_OP_SLOT_CONTROL, 0, VIO_HW_SLOT_POWER_ON),
                     VIO_HW_STATUS_ADAPTER_GONE);
    assert_int_equal(rig_target(rig, VIO_HW_OP_SLOT_CONTROL, 0, VIO_HW_SLOT_RESET),
                     VIO_HW_STATUS_ADAPTER_GONE);
    assert_int_equal(rig_bind(rig, function, 0), VIO_HW_STATUS_STATE);
    assert_int_equal(rig_target(rig, VIO_HW_OP_FUNCTION_SET_STATE, function, 1),
                     VIO_HW_STATUS_STATE);
    assert_int_equal(rig_unbind(rig, function, 0), VIO_HW_STATUS_OK);
    assert_int_equal(rig_bind(rig, function, 0), VIO_HW_STATUS_ADAPTER_GONE);
    assert_int_equal(viosim_adapter_insert(rig->sim, "slot1", NULL, NULL, 0), 0);
    assert_int_equal(rig_bind(rig, function, 0), VIO_HW_STATUS_OK);
}

static void slots_and_ports_obey(void **state)
{
    struct rig *rig = *state;
    uint32_t function = create(rig, SRIOV_NIC, 1);
    struct vio_hw_command off = {.opcode = VIO_HW_OP_SLOT_CONTROL,
                                 .lease = LEASE,
                                 .target = SRIOV_NIC,
                                 .arg = {VIO_HW_SLOT_POWER_OFF}};
    uint32_t up = VIO_HW_BIT(PORT_STATE, LINK_UP);

    assert_int_equal(rig_bind(rig, function, 0), VIO_HW_STATUS_OK);
    assert_int_equal(rig_target(rig, VIO_HW_OP_SLOT_CONTROL, 0, VIO_HW_SLOT_ATTENTION_ON),
                     VIO_HW_STATUS_OK);
    assert_true(rig_get32(rig, RIG_AT(SLOT, 0, STATE)) & VIO_HW_BIT(SLOT_STATE, ATTENTION));
    assert_int_equal(rig_target(rig, VIO_HW_OP_SLOT_CONTROL, 0, VIO_HW_SLOT_RESET),
                     VIO_HW_STATUS_OK);
    assert_int_equal(rig_life(rig, function), VIO_HW_LIFE_BOUND);
    rig_pass(rig, GIGA);
    assert_int_equal(rig_target(rig, VIO_HW_OP_PORT_CONTROL, 0, VIO_HW_PORT_DISABLE),
                     VIO_HW_STATUS_OK);
    assert_false(rig_get32(rig, RIG_AT(PORT, 0, STATE)) & up);
    assert_true(rig_get64(rig, RIG_AT(PORT, 0, CAPACITY)) == 0);
    assert_int_equal(rig_target(rig, VIO_HW_OP_PORT_CONTROL, 0, VIO_HW_PORT_ENABLE),
                     VIO_HW_STATUS_OK);
    rig_pass(rig, GIGA);
    assert_true(rig_get32(rig, RIG_AT(PORT, 0, STATE)) & up);
    rig_put64(rig, VIO_HW_GLOBAL_LEASE_BEAT, LEASE);
    assert_int_equal(rig_target(rig, VIO_HW_OP_PORT_CONTROL, 0, VIO_HW_PORT_RETRAIN),
                     VIO_HW_STATUS_OK);
    assert_true(rig_get64(rig, RIG_AT(PORT, 0, LINK_DOWNS)) == 2);
    rig_pass(rig, GIGA);
    assert_int_equal(rig_do(rig, off, NULL), VIO_HW_STATUS_STATE);
    off.flags = VIO_HW_COMMAND_FORCE;
    assert_int_equal(rig_do(rig, off, NULL), VIO_HW_STATUS_OK);
    assert_int_equal(rig_life(rig, function), VIO_HW_LIFE_FAULT);
}

static void reads_page_through_what_is_there(void **state)
{
    struct rig *rig = *state;
    struct vio_hw_command read = {.opcode = VIO_HW_OP_READ,
                                  .arg = {VIO_HW_READ_SERVER, 0, 5},
                                  .data_offset = RIG_DATA,
                                  .data_length = 0x10000};
    struct vio_hw_completion completion;
    unsigned pages = 0, records = 0;

    do {
        assert_int_equal(rig_do(rig, read, &completion), VIO_HW_STATUS_OK);
        assert_true(completion.result <= 5);
        assert_int_equal(vio__hw_get32(rig_data(rig)), read.arg[1]);
        records += completion.result;
        read.arg[1] = completion.detail;
        pages++;
    } while (completion.detail != VIO_HW_NONE);
    assert_int_equal(records, 16);
    assert_int_equal(pages, 4);
    create(rig, SRIOV_NIC, 1);
    create(rig, SRIOV_NIC, 2);
    assert_int_equal(rig_target(rig, VIO_HW_OP_FUNCTION_DESTROY, 0, 0), VIO_HW_STATUS_OK);
    read.arg[0] = VIO_HW_READ_FUNCTION;
    read.arg[1] = 0;
    assert_int_equal(rig_do(rig, read, &completion), VIO_HW_STATUS_OK);
    assert_int_equal(completion.result, 1);
    assert_int_equal(vio__hw_get32(rig_data(rig)), 1);
    assert_true(completion.generation == rig_get64(rig, VIO_HW_GLOBAL_CHANGE));
    read.arg[0] = VIO_HW_READ_CHASSIS;
    assert_int_equal(rig_do(rig, read, &completion), VIO_HW_STATUS_OK);
    assert_int_equal(completion.result, 1);
    assert_int_equal(vio__hw_get32(rig_data(rig)), VIO_HW_MAGIC);
}

static void logs_hold_events_and_faults(void **state)
{
    struct rig *rig = *state;
    struct vio_hw_command log = {.opcode = VIO_HW_OP_LOG,
                                 .arg = {VIO_HW_LOG_EVENTS},
                                 .data_offset = RIG_DATA,
                                 .data_length = 0x10000};
    struct vio_hw_completion completion;
    struct vio_hw_event event;

    assert_int_equal(rig_do(rig, log, &completion), VIO_HW_STATUS_OK);
    assert_int_equal(completion.result, VIO_HW_EVENT_SIZE);
    vio__hw_event_decode(rig_data(rig), &event);
    assert_int_equal(event.type, VIO_HW_EVENT_LEASE_CLAIMED);
    for (unsigned i = 0; i < 500; i++)
        assert_int_equal(viosim_link_set(rig->sim, "0", (int)(i & 1)), 0);
    log.arg[0] = VIO_HW_LOG_FAULTS;
    assert_int_equal(rig_do(rig, log, &completion), VIO_HW_STATUS_OK);
    assert_true(completion.result > 1000 && completion.result <= 8192);
    assert_int_equal(completion.result, completion.detail);
    assert_int_equal(rig_data(rig)[completion.result - 1], '\n');
    log.arg[1] = completion.detail + 1;
    assert_int_equal(rig_do(rig, log, &completion), VIO_HW_STATUS_OK);
    assert_int_equal(completion.result, 0);
}

static void put_command(struct rig *rig, unsigned position, struct vio_hw_command command)
{
    vio__hw_command_encode(&command, rig_data(rig) + 0x1000 + (size_t)position * 64);
}

static void a_batch_stops_at_the_first_failure(void **state)
{
    struct rig *rig = *state;
    struct vio_hw_command batch = {.opcode = VIO_HW_OP_BATCH,
                                   .lease = LEASE,
                                   .arg = {3},
                                   .data_offset = RIG_DATA + 0x1000,
                                   .data_length = 3 * 64};
    struct vio_hw_command bind = {.opcode = VIO_HW_OP_FUNCTION_BIND,
                                  .lease = LEASE,
                                  .number = 901,
                                  .arg = {2, 0, VIO_HW_NONE}};
    struct vio_hw_command enable = {.opcode = VIO_HW_OP_FUNCTION_SET_STATE, .lease = LEASE};
    struct vio_hw_command outcome = {.opcode = VIO_HW_OP_OUTCOME,
                                     .arg = {(uint32_t)LEASE, LEASE >> 32, 901},
                                     .data_offset = RIG_DATA,
                                     .data_length = VIO_HW_RECORD_SIZE};
    struct vio_hw_completion completion;

    bind.target = enable.target = create(rig, SRIOV_NIC, 1);
    enable.number = 900;
    put_command(rig, 0, enable);
    put_command(rig, 1, bind);
    put_command(rig, 2, (struct vio_hw_command){.opcode = VIO_HW_OP_NOP});
    assert_int_equal(rig_do(rig, batch, &completion), VIO_HW_STATUS_OK);
    assert_int_equal(completion.result, 3);
    assert_int_equal(rig_life(rig, bind.target), VIO_HW_LIFE_BOUND);
    assert_int_equal(rig_do(rig, outcome, NULL), VIO_HW_STATUS_OK);
    vio__hw_completion_decode(rig_data(rig), &completion);
    assert_int_equal(completion.result, rig_get32(rig, RIG_AT(FUNCTION, bind.target, BDF)));
    enable.number = 902;
    enable.arg[0] = 2;
    put_command(rig, 1, enable);
    assert_int_equal(rig_do(rig, batch, &completion), VIO_HW_STATUS_BATCH_FAILED);
    assert_int_equal(completion.result, 1);
    assert_int_equal(completion.detail, VIO_HW_STATUS_INVALID_FIELD);
    batch.arg[0] = 1;
    put_command(rig, 0, batch);
    assert_int_equal(rig_do(rig, batch, &completion), VIO_HW_STATUS_BATCH_FAILED);
    assert_int_equal(completion.detail, VIO_HW_STATUS_INVALID_OPCODE);
}

static void a_server_that_keeps_its_function_times_the_command_out(void **state)
{
    struct rig *rig = *state;
    uint32_t function = create(rig, SRIOV_NIC, 1);

    assert_int_equal(rig_bind(rig, function, 1), VIO_HW_STATUS_OK);
    assert_int_equal(viosim_server_stick(rig->sim, "server2", 1), 0);
    rig_put64(rig, VIO_HW_GLOBAL_LEASE_BEAT, LEASE);
    assert_int_equal(rig_unbind(rig, function, 0), VIO_HW_STATUS_TIMEOUT);
    assert_int_equal(rig_life(rig, function), VIO_HW_LIFE_BOUND);
    assert_int_equal(rig_unbind(rig, function, VIO_HW_COMMAND_FORCE), VIO_HW_STATUS_OK);
    assert_int_equal(viosim_server_stick(rig->sim, "server2", 0), 0);
    /* A link that does not come up keeps a function out. */
    assert_int_equal(viosim_link_set(rig->sim, "server2/0", 0), 0);
    assert_int_equal(rig_bind(rig, function, 1), VIO_HW_STATUS_TIMEOUT);
    assert_int_equal(rig_life(rig, function), VIO_HW_LIFE_DETACHED);
    assert_int_equal(rig_get32(rig, RIG_AT(SERVER, 1, HOTPLUG_USED)), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(commands_and_fields_that_are_none_are_named),
        TEST(targets_that_are_not_there_are_refused),
        TEST(data_outside_of_the_part_are_refused),
        TEST(a_command_for_an_older_generation_is_stale),
        TEST(a_cookie_and_an_identity_belong_to_one_function),
        TEST(identities_must_suit_their_kind),
        TEST(data_that_make_no_sense_are_named_by_their_offset),
        TEST(trunk_ranges_ascend_and_do_not_overlap),
        TEST(an_adapter_gives_no_more_than_it_has),
        TEST(contexts_run_out),
        TEST(guarantees_are_bounded_by_every_link),
        TEST(a_server_has_so_many_slots_and_paths),
        TEST(what_an_adapter_cannot_do_is_not_supported),
        TEST(settings_that_change_nothing_make_no_generation),
        TEST(a_missing_adapter_is_gone),
        TEST(slots_and_ports_obey),
        TEST(reads_page_through_what_is_there),
        TEST(logs_hold_events_and_faults),
        TEST(a_batch_stops_at_the_first_failure),
        TEST(a_server_that_keeps_its_function_times_the_command_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
