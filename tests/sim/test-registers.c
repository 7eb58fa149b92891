/* SPDX-License-Identifier: MIT */
/* Each register of the .def files: how it can be accessed, and what resets leave in it. */
#include <stdio.h>
#include <string.h>

#include "lib/hw/wire.h"
#include "tests/support/rig.h"
#include "tests/support/test.h"

#define LEASE UINT64_C(0x1122334455667788)

/* Registers whose value moves by itself or with the command that reads. */
static bool is_live(const struct vio_hw_reg *reg)
{
    return reg->block == VIO_HW_BLOCK_GLOBAL &&
           (strcmp(reg->name, "LEASE_AGE") == 0 || strcmp(reg->name, "UPTIME") == 0);
}

static uint64_t address_of(const struct rig *rig, const struct vio_hw_reg *reg)
{
    uint32_t instance = reg->block == VIO_HW_BLOCK_QUEUE ? rig->set : 0;

    return vio__hw_block_base(reg->block) + (uint64_t)instance * vio__hw_block_stride(reg->block) +
           reg->offset;
}

static void read_reg(struct rig *rig, const struct vio_hw_reg *reg, uint8_t *value)
{
    assert_int_equal(sim_client_read(rig->client, 0, address_of(rig, reg), value, reg->size), 0);
}

static void write_ones(struct rig *rig, const struct vio_hw_reg *reg)
{
    uint8_t ones[8];

    memset(ones, 0xff, sizeof ones);
    for (uint32_t at = 0; at < reg->size; at += reg->size == 4 ? 4 : 8)
        assert_int_equal(sim_client_write(rig->client, 0, address_of(rig, reg) + at, ones,
                                          reg->size == 4 ? 4 : 8),
                         0);
}

static void read_only_registers_ignore_writes_and_write_only_ones_read_zero(void **state)
{
    static const uint8_t zero[8];
    size_t count;
    const struct vio_hw_reg *regs = vio__hw_regs(&count);
    struct rig rig;

    (void)state;
    rig_open(&rig, "?seed=1");
    for (size_t i = 0; i < count; i++) {
        uint8_t before[128], after[128];

        assert_true(regs[i].size <= sizeof before);
        read_reg(&rig, &regs[i], before);
        if (strcmp(regs[i].access, "WO") == 0)
            assert_memory_equal(before, zero, regs[i].size);
        if (strcmp(regs[i].access, "RO") != 0 || is_live(&regs[i]))
            continue;
        write_ones(&rig, &regs[i]);
        read_reg(&rig, &regs[i], after);
        if (memcmp(before, after, regs[i].size) != 0)
            fail_msg("%s.%s changed", vio__hw_block_name(regs[i].block), regs[i].name);
    }
    assert_int_equal(rig_do(&rig, (struct vio_hw_command){.opcode = VIO_HW_OP_NOP}, NULL), 0);
    rig_close(&rig);
}

static void writable_registers_hold_what_was_written(void **state)
{
    size_t count;
    const struct vio_hw_reg *regs = vio__hw_regs(&count);
    struct rig rig;

    (void)state;
    rig_open(&rig, "?seed=1");
    rig_put32(&rig, rig_reg(&rig, VIO_HW_QUEUE_CONTROL), 0);
    for (size_t i = 0; i < count; i++) {
        uint8_t value[8] = {1}, after[8];
        const char *name = regs[i].name;

        if (strcmp(regs[i].access, "RW") != 0 || strcmp(name, "OWNER") == 0 ||
            strcmp(name, "CONTROL") == 0 || strcmp(name, "CMD_TAIL") == 0 ||
            strcmp(name, "CPL_HEAD") == 0 || strcmp(name, "EVT_HEAD") == 0)
            continue;
        sim_client_write(rig.client, 0, address_of(&rig, &regs[i]), value, regs[i].size);
        read_reg(&rig, &regs[i], after);
        if (memcmp(value, after, regs[i].size) != 0)
            fail_msg("%s does not hold 1", name);
    }
    rig_close(&rig);
}

static void wide_registers_take_effect_with_their_high_half(void **state)
{
    struct rig rig;
    uint64_t at;

    (void)state;
    rig_open(&rig, "?seed=1");
    at = rig_reg(&rig, VIO_HW_QUEUE_WINDOW);
    rig_put32(&rig, at, 0x00020001);
    assert_true(rig_get64(&rig, at) == 0);
    rig_put32(&rig, at + 4, 0x0008);
    assert_true(rig_get64(&rig, at) == UINT64_C(0x0000000800020001));
    rig_close(&rig);
}

static void reserved_space_and_absent_instances_read_zero(void **state)
{
    uint8_t block[300], zero[300] = {0};
    struct rig rig;

    (void)state;
    rig_open(&rig, "?seed=1");
    assert_int_equal(sim_client_read(rig.client, 0, 0x200, block, sizeof block), 0);
    assert_memory_equal(block, zero, sizeof block);
    sim_client_read(rig.client, 0, RIG_AT(SERVER, 255, INDEX), block, sizeof block);
    assert_memory_equal(block, zero, sizeof block);
    assert_int_equal(rig_get32(&rig, RIG_AT(FUNCTION, 1000, INDEX)), 1000);
    assert_int_not_equal(sim_client_read(rig.client, 0, VIO_HW_BAR0_SIZE - 1, block, 2), 0);
    assert_int_not_equal(sim_client_read(rig.client, 1, 0, block, 1), 0);
    assert_int_not_equal(sim_client_write(rig.client, 0, UINT64_MAX - 3, block, 8), 0);
    rig_close(&rig);
}

static void a_block_read_is_the_reads_of_its_parts(void **state)
{
    static uint8_t whole[0x4000], piece[0x4000];
    struct rig rig;

    (void)state;
    rig_open(&rig, "?seed=1");
    for (uint64_t base = 0; base < 0x130000; base += 0x10000) {
        sim_client_read(rig.client, 0, base, whole, sizeof whole);
        for (size_t at = 0; at < sizeof piece; at += 7)
            sim_client_read(rig.client, 0, base + at, piece + at,
                            at + 7 < sizeof piece ? 7 : sizeof piece - at);
        assert_memory_equal(whole, piece, sizeof whole);
    }
    rig_close(&rig);
}

static void command_and_events_make_a_function(struct rig *rig)
{
    uint8_t record[VIO_HW_RECORD_SIZE];
    uint32_t function;

    assert_int_equal(rig_claim_lease(rig, LEASE, 0), VIO_HW_STATUS_OK);
    rig_record(rig, record, 0, 1);
    vio__hw_put64(record + VIO_HW_FUNCTION_TX_CIR, 1000000);
    assert_int_equal(rig_create(rig, record, &function), VIO_HW_STATUS_OK);
    assert_int_equal(rig_bind(rig, function, 0), VIO_HW_STATUS_OK);
    assert_int_equal(viosim_traffic(rig->sim, function, 1000, 1, 2000, 2), 0);
    assert_int_equal(viosim_link_set(rig->sim, "slot2", 0), 0);
    assert_int_equal(viosim_link_set(rig->sim, "slot2", 1), 0);
    rig_pass(rig, 1000000000);
    rig_put32(rig, VIO_HW_GLOBAL_IRQ_MASK, 1);
    rig_put32(rig, VIO_HW_GLOBAL_IRQ_MASK, 4);
}

enum reset { SET_RESET, VPC_RESET, POWER_CYCLE };

static const struct {
    const char *name;
    const char *left[3];
} expected[] = {
#define S(name, set, vpc, power, removal) {#name, {#set, #vpc, #power}},
#include "lib/hw/resets.def"
#undef S
};

static const char *left_by(enum vio_hw_block block, const char *name, enum reset reset)
{
    char wanted[64];

    snprintf(wanted, sizeof wanted, "%s_%s", vio__hw_block_name(block), name);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        if (strcmp(expected[i].name, wanted) == 0)
            return expected[i].left[reset];
    fail_msg("no row for %s", wanted);
    return "";
}

static void do_reset(struct rig *rig, enum reset reset)
{
    if (reset == SET_RESET)
        rig_put32(rig, rig_reg(rig, VIO_HW_QUEUE_CONTROL), VIO_HW_BIT(QUEUE_CONTROL, RESET));
    else if (reset == VPC_RESET)
        rig_put64(rig, VIO_HW_GLOBAL_VPC_RESET, LEASE);
    else
        viosim_power_cycle(rig->sim);
}

static void check_reset(enum reset reset)
{
    static const uint8_t zero[128];
    static uint8_t before[400][128];
    size_t count;
    const struct vio_hw_reg *regs = vio__hw_regs(&count);
    struct rig rig;

    assert_true(count <= 400);
    rig_open(&rig, "?seed=1&training=0ns&hotplug=0ns");
    command_and_events_make_a_function(&rig);
    for (size_t i = 0; i < count; i++)
        read_reg(&rig, &regs[i], before[i]);
    do_reset(&rig, reset);
    for (size_t i = 0; i < count; i++) {
        const char *left = left_by(regs[i].block, regs[i].name, reset);
        uint8_t after[128];
        bool same, cleared;

        read_reg(&rig, &regs[i], after);
        same = memcmp(after, before[i], regs[i].size) == 0;
        cleared = memcmp(after, zero, regs[i].size) == 0;
        if ((strcmp(left, "KEEP") == 0 && !same && !is_live(&regs[i])) ||
            (strcmp(left, "ZERO") == 0 && !cleared) || (strcmp(left, "NEW") == 0 && same) ||
            (strcmp(left, "RESET") == 0 && cleared))
            fail_msg("%s.%s: not %s", vio__hw_block_name(regs[i].block), regs[i].name, left);
    }
    rig_close(&rig);
}

static void a_set_reset_leaves_what_the_manual_says(void **state)
{
    (void)state;
    check_reset(SET_RESET);
}

static void a_vpc_reset_leaves_what_the_manual_says(void **state)
{
    (void)state;
    check_reset(VPC_RESET);
}

static void a_power_cycle_leaves_what_the_manual_says(void **state)
{
    (void)state;
    check_reset(POWER_CYCLE);
}

static void windows_show_adapters_functions_and_hierarchies(void **state)
{
    struct rig rig;
    uint64_t status, window, space;

    (void)state;
    rig_open(&rig, "?seed=1&hotplug=0ns");
    status = rig_reg(&rig, VIO_HW_QUEUE_WINDOW_STATUS);
    window = rig_reg(&rig, VIO_HW_QUEUE_WINDOW);
    space = rig_reg(&rig, VIO_HW_WINDOW_OFFSET);
    assert_int_equal(rig_get32(&rig, status), 0);
    assert_int_equal(rig_get32(&rig, space), VIO_HW_NONE);
    rig_put64(&rig, window, 1);
    assert_int_equal(rig_get32(&rig, status), 1);
    assert_int_equal(rig_get32(&rig, space), rig_get32(&rig, RIG_AT(SLOT, 0, ID)));
    rig_put64(&rig, window, 2);
    assert_int_equal(rig_get32(&rig, status), 2);
    command_and_events_make_a_function(&rig);
    assert_int_equal(rig_get32(&rig, status), 1);
    assert_int_equal(rig_get32(&rig, space) & 0xffff, 0x8086);
    rig_put64(&rig, window, 3 | (uint64_t)rig_get32(&rig, RIG_AT(FUNCTION, 0, BDF)) << 32);
    assert_int_equal(rig_get32(&rig, status), 1);
    assert_int_equal(rig_get32(&rig, space) & 0xffff, 0x8086);
    rig_put64(&rig, window, 3 | UINT64_C(0xffff) << 32);
    assert_int_equal(rig_get32(&rig, status), 2);
    rig_put32(&rig, space + 4, 0xffffffff);
    assert_int_equal(rig_get32(&rig, space), VIO_HW_NONE);
    rig_close(&rig);
}

static void the_management_function_decodes_as_one(void **state)
{
    struct rig rig;
    uint8_t raw[4];

    (void)state;
    rig_open(&rig, "?seed=1");
    assert_int_equal(sim_client_config_read(rig.client, 0, raw, 4), 0);
    assert_int_equal(vio__hw_get32(raw), VIO_HW_PCI_VENDOR | VIO_HW_PCI_DEVICE << 16);
    vio__hw_put32(raw, VIO_HW_NONE);
    sim_client_config_write(rig.client, 0x10, raw, 4); /* BAR 0: how large is it */
    sim_client_config_read(rig.client, 0x10, raw, 4);
    assert_int_equal(vio__hw_get32(raw) & ~0xfu, ~(VIO_HW_BAR0_SIZE - 1));
    sim_client_config_write(rig.client, 0x10 + 8, (uint8_t[4]){0xff, 0xff, 0xff, 0xff}, 4);
    sim_client_config_read(rig.client, 0x10 + 8, raw, 4);
    assert_int_equal(vio__hw_get32(raw) & ~0xfu, ~(uint32_t)(sim_bar_size(2) - 1));
    assert_int_not_equal(sim_client_config_read(rig.client, 4093, raw, 4), 0);
    assert_int_not_equal(sim_client_config_write(rig.client, 4096, raw, 1), 0);
    /* Function level reset: the set is free again, the configuration space as at power-on. */
    sim_client_config_write(rig.client, 0x58 + 1, (uint8_t[1]){0x80}, 1);
    assert_true(rig_get64(&rig, rig_reg(&rig, VIO_HW_QUEUE_OWNER)) == 0);
    sim_client_config_read(rig.client, 0x10, raw, 4);
    assert_int_equal(vio__hw_get32(raw), 0x4);
    rig_close(&rig);
}

static void vector_table_is_memory_and_pending_bits_are_not(void **state)
{
    struct rig rig;
    uint8_t raw[16], ones[16];

    (void)state;
    memset(ones, 0xff, sizeof ones);
    rig_open(&rig, "?seed=1");
    sim_client_read(rig.client, 4, 0, raw, 16);
    assert_int_equal(raw[12], 1);
    assert_int_equal(sim_client_write(rig.client, 4, 0, ones, 16), 0);
    sim_client_read(rig.client, 4, 0, raw, 16);
    assert_memory_equal(raw, ones, 16);
    sim_client_write(rig.client, 4, VIO_HW_MSIX_PBA - 8, ones, 16);
    sim_client_read(rig.client, 4, VIO_HW_MSIX_PBA, raw, 8);
    assert_int_equal(raw[0], 0);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_only_registers_ignore_writes_and_write_only_ones_read_zero),
        cmocka_unit_test(writable_registers_hold_what_was_written),
        cmocka_unit_test(wide_registers_take_effect_with_their_high_half),
        cmocka_unit_test(reserved_space_and_absent_instances_read_zero),
        cmocka_unit_test(a_block_read_is_the_reads_of_its_parts),
        cmocka_unit_test(a_set_reset_leaves_what_the_manual_says),
        cmocka_unit_test(a_vpc_reset_leaves_what_the_manual_says),
        cmocka_unit_test(a_power_cycle_leaves_what_the_manual_says),
        cmocka_unit_test(windows_show_adapters_functions_and_hierarchies),
        cmocka_unit_test(the_management_function_decodes_as_one),
        cmocka_unit_test(vector_table_is_memory_and_pending_bits_are_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
