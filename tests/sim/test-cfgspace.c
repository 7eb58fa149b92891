/* SPDX-License-Identifier: MIT */
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#include "sim/adapter_parts.h"
#include "sim/cfgspace.h"
#include "sim/pci.h"
#include "tests/sim/adapters.h"

static struct sim_cfgspace *space_of(const char *where)
{
    struct sim_adapter *adapter = test_load(where);
    struct sim_cfgspace *space;
    assert_int_equal(sim_cfgspace_new(adapter, &space), 0);
    sim_adapter_free(adapter); /* the space has to live on without it */
    return space;
}

static uint32_t get(const struct sim_cfgspace *space, unsigned offset, unsigned len)
{
    return sim_cfgspace_get(space, offset, len);
}

static void a_function_has_the_ids_of_its_card_and_nothing_enabled(void **state)
{
    (void)state;
    for (const char *const *name = test_descriptions; *name; name++) {
        struct sim_adapter *adapter = test_load(*name);
        struct sim_cfgspace *space = space_of(*name);
        const struct sim_pci_id *id = sim_adapter_pci_id(adapter);
        assert_int_equal(get(space, 0, 2), id->vendor);
        assert_int_equal(get(space, 2, 2), id->device);
        assert_int_equal(get(space, 8, 4), id->class_code << 8 | id->revision);
        assert_int_equal(get(space, 0x2c, 4), (uint32_t)id->subdevice << 16 | id->subvendor);
        assert_int_equal(get(space, 4, 2), 0);
        assert_int_equal(get(space, 6, 2), 0x10);
        assert_int_equal(get(space, 0x0e, 1), 0);
        sim_cfgspace_free(space);
        sim_adapter_free(adapter);
    }
}

static void bars_are_sized_by_writing_all_ones(void **state)
{
    (void)state;
    struct sim_cfgspace *space = space_of("intel-82599es");
    static const uint32_t masks[] = {0xffc0000c, 0xffffffff, 0xffffffe1, 0, 0xffffc00c, 0xffffffff};
    for (unsigned i = 0; i < 6; i++) {
        sim_cfgspace_put(space, 0x10 + 4 * i, 4, 0xffffffff);
        assert_int_equal(get(space, 0x10 + 4 * i, 4), masks[i]);
    }
    sim_cfgspace_put(space, 0x30, 4, 0xfffffffe);
    assert_int_equal(get(space, 0x30, 4), 0xffc00000);
    sim_cfgspace_put(space, 0x30, 4, 0xffffffff);
    assert_int_equal(get(space, 0x30, 4), 0xffc00001);
    sim_cfgspace_put(space, 0x10, 4, 0x12345678);
    assert_int_equal(get(space, 0x10, 4), 0x1200000c | 0x00000000);
    sim_cfgspace_put(space, 0x12, 2, 0xabff); /* half a register */
    assert_int_equal(get(space, 0x10, 4), 0xabc0000c);
    sim_cfgspace_free(space);
}

static void sriov_and_ari_are_not_in_the_chain(void **state)
{
    (void)state;
    struct sim_cfgspace *space = space_of("intel-82599es");
    assert_int_equal(sim_cfgspace_find_ext_cap(space, PCI_EXT_SRIOV), 0);
    assert_int_equal(sim_cfgspace_find_ext_cap(space, PCI_EXT_ARI), 0);
    assert_int_equal(sim_cfgspace_find_ext_cap(space, PCI_EXT_AER), 0x100);
    assert_int_equal(sim_cfgspace_find_ext_cap(space, PCI_EXT_SERIAL), 0x140);
    assert_int_equal(get(space, 0x140, 4) >> 20, 0);
    for (unsigned offset = 0x150; offset < 0x1a0; offset += 4)
        assert_int_equal(get(space, offset, 4), 0);
    sim_cfgspace_free(space);
}

static void a_hidden_capability_at_the_head_leaves_the_rest_reachable(void **state)
{
    (void)state;
    struct sim_cfgspace *space = space_of("mellanox-connectx3-pro");
    assert_int_equal(get(space, 0x100, 4), 0x14800000); /* a null capability, next 0x148 */
    assert_int_equal(sim_cfgspace_find_ext_cap(space, PCI_EXT_SERIAL), 0x148);
    assert_int_equal(sim_cfgspace_find_ext_cap(space, PCI_EXT_AER), 0x154);
    assert_int_equal(sim_cfgspace_find_ext_cap(space, PCI_EXT_SECONDARY), 0x18c);
    sim_cfgspace_free(space);
}

static struct sim_cfgspace *space_of_parts(const struct sim_adapter_parts *parts)
{
    struct sim_adapter *adapter;
    struct sim_cfgspace *space;
    assert_int_equal(sim_adapter_new(NULL, parts, &adapter), 0);
    assert_int_equal(sim_cfgspace_new(adapter, &space), 0);
    sim_adapter_free(adapter);
    return space;
}

static void a_lone_hidden_capability_leaves_no_chain(void **state)
{
    (void)state;
    struct sim_adapter_parts parts = {0};
    sim_put32(parts.image + 0x100, 0x00010010); /* SR-IOV, the only one */
    sim_put16(parts.image + 0x10e, 8);
    struct sim_cfgspace *space = space_of_parts(&parts);
    assert_int_equal(get(space, 0x100, 4), 0);
    assert_int_equal(get(space, 0x10c, 4), 0);
    sim_cfgspace_free(space);
}

static void fixed_addresses_are_hidden_from_the_middle_of_the_chain(void **state)
{
    (void)state;
    struct sim_adapter_parts parts = {0};
    parts.image[PCI_STATUS] = PCI_STATUS_CAPS;
    parts.image[PCI_CAPABILITIES] = 0x40;
    sim_put16(parts.image + 0x40, 0x5000 | PCI_CAP_PM);
    sim_put16(parts.image + 0x50, 0x6000 | PCI_CAP_EA);
    sim_put16(parts.image + 0x60, PCI_CAP_VENDOR);
    struct sim_cfgspace *space = space_of_parts(&parts);
    assert_int_equal(get(space, 0x40, 2), 0x6000 | PCI_CAP_PM);
    assert_int_equal(sim_cfgspace_find_cap(space, PCI_CAP_EA), 0);
    assert_int_equal(sim_cfgspace_find_cap(space, PCI_CAP_VENDOR), 0x60);
    sim_cfgspace_free(space);
}

static void chains_that_loop_or_leave_the_space_are_ended(void **state)
{
    (void)state;
    struct sim_adapter_parts parts = {0};
    parts.image[6] = 0x10;
    parts.image[0x34] = 0x40;
    sim_put16(parts.image + 0x40, 0x5001);
    sim_put16(parts.image + 0x50, 0x4009);      /* back to the first */
    sim_put32(parts.image + 0x100, 0x20010001); /* to 0x200 */
    sim_put32(parts.image + 0x200, 0x10010003); /* back to 0x100 */
    struct sim_cfgspace *space = space_of_parts(&parts);
    assert_int_equal(get(space, 0x40, 2), 0x5001);
    assert_int_equal(get(space, 0x50, 2), 0x0009);
    assert_int_equal(get(space, 0x100, 4) >> 20, 0x200);
    assert_int_equal(get(space, 0x200, 4), 0x00010003);
    sim_cfgspace_free(space);
}

static void command_is_live_and_status_clears_by_ones(void **state)
{
    (void)state;
    struct sim_cfgspace *space = space_of("intel-82599es");
    sim_cfgspace_put(space, 4, 2, 0xffff);
    assert_int_equal(get(space, 4, 2), 0x0547);
    sim_cfgspace_set(space, 6, 2, 0xf910);
    sim_cfgspace_put(space, 6, 2, 0x8000);
    assert_int_equal(get(space, 6, 2), 0x7910);
    sim_cfgspace_put(space, 4, 4, 0xffff0006);
    assert_int_equal(get(space, 4, 4), 0x00100006);
    sim_cfgspace_free(space);

    space = space_of("myricom-10g"); /* it has no I/O region */
    sim_cfgspace_put(space, 4, 2, 0xffff);
    assert_int_equal(get(space, 4, 2), 0x0546);
    sim_cfgspace_free(space);
}

static void interrupt_capabilities_are_writable_where_drivers_write(void **state)
{
    (void)state;
    struct sim_cfgspace *space = space_of("intel-82599es");
    unsigned msi = sim_cfgspace_find_cap(space, PCI_CAP_MSI);
    unsigned msix = sim_cfgspace_find_cap(space, PCI_CAP_MSIX);
    assert_int_equal(msi, 0x50);
    assert_int_equal(msix, 0x70);
    sim_cfgspace_put(space, msi + 2, 2, 0xffff);
    assert_int_equal(get(space, msi + 2, 2), 0x0180 | 0x0071);
    sim_cfgspace_put(space, msi + 4, 4, 0xfee0000f);
    assert_int_equal(get(space, msi + 4, 4), 0xfee0000c);
    sim_cfgspace_put(space, msi + 0x10, 4, 0xffffffff); /* masks of one vector */
    assert_int_equal(get(space, msi + 0x10, 4), 1);
    sim_cfgspace_put(space, msix + 2, 2, 0xffff);
    assert_int_equal(get(space, msix + 2, 2), 0xc03f);
    sim_cfgspace_put(space, msix + 4, 4, 0xffffffff);
    assert_int_equal(get(space, msix + 4, 4), 4);
    sim_cfgspace_free(space);
}

static void a_function_level_reset_undoes_what_was_written(void **state)
{
    (void)state;
    struct sim_cfgspace *space = space_of("intel-82599es");
    uint8_t fresh[SIM_CONFIG_SIZE], now[SIM_CONFIG_SIZE];
    sim_cfgspace_read(space, 0, fresh, sizeof(fresh));
    sim_cfgspace_put(space, 4, 2, 7);
    sim_cfgspace_put(space, 0x10, 4, 0x80000000);
    unsigned exp = sim_cfgspace_find_cap(space, PCI_CAP_EXPRESS);
    sim_cfgspace_put(space, exp + 8, 2, 0x2810 | 0x8000);
    sim_cfgspace_read(space, 0, now, sizeof(now));
    assert_memory_equal(now, fresh, sizeof(fresh));
    sim_cfgspace_free(space);
}

static void leaving_d3hot_resets_unless_the_function_keeps_its_state(void **state)
{
    (void)state;
    struct sim_cfgspace *resets = space_of("intel-82599es");
    struct sim_cfgspace *keeps = space_of("lsi-sas2008");
    sim_cfgspace_put(resets, 4, 2, 6);
    sim_cfgspace_put(resets, 0x44, 2, 3);
    assert_int_equal(get(resets, 4, 2), 6);
    sim_cfgspace_put(resets, 0x44, 2, 0);
    assert_int_equal(get(resets, 4, 2), 0);
    sim_cfgspace_put(resets, 0x44, 2, 1); /* D1 is not supported: ignored */
    assert_int_equal(get(resets, 0x44, 2) & 3, 0);

    sim_cfgspace_put(keeps, 4, 2, 6);
    sim_cfgspace_put(keeps, 0x54, 2, 1);
    assert_int_equal(get(keeps, 0x54, 2) & 3, 1);
    sim_cfgspace_put(keeps, 0x54, 2, 3);
    sim_cfgspace_put(keeps, 0x54, 2, 0);
    assert_int_equal(get(keeps, 4, 2), 6);
    sim_cfgspace_free(keeps);
    sim_cfgspace_free(resets);
}

static void vital_product_data_reads_as_empty_at_once(void **state)
{
    (void)state;
    struct sim_cfgspace *space = space_of("qlogic-isp2532");
    unsigned vpd = sim_cfgspace_find_cap(space, PCI_CAP_VPD);
    sim_cfgspace_put(space, vpd + 2, 2, 0);
    assert_int_equal(get(space, vpd + 2, 2), 0x8000);
    assert_int_equal(get(space, vpd + 4, 4), 0x78);
    sim_cfgspace_put(space, vpd + 2, 2, 0x8004);
    assert_int_equal(get(space, vpd + 2, 2), 0x0004);
    sim_cfgspace_free(space);
}

static void accesses_past_the_end_read_ones_and_write_nothing(void **state)
{
    (void)state;
    struct sim_cfgspace *space = space_of("intel-82576");
    uint8_t buf[8];
    memset(buf, 0x55, sizeof(buf));
    sim_cfgspace_read(space, SIM_CONFIG_SIZE - 4, buf, 8);
    assert_memory_equal(buf + 4, "\xff\xff\xff\xff", 4);
    assert_int_equal(buf[0], 0);
    sim_cfgspace_read(space, SIZE_MAX - 2, buf, 8);
    assert_int_equal(buf[7], 0xff);
    sim_cfgspace_write(space, SIM_CONFIG_SIZE - 4, buf, 8);
    sim_cfgspace_write(space, SIZE_MAX - 2, buf, 8);
    sim_cfgspace_free(space);
}

/* Bytes that identify a function and its capabilities: no write changes them. */
static void mark_constant(const uint8_t *image, bool *is_constant)
{
    static const uint8_t header[] = {0,  1,    2,    3,    8,    9,    10,   11,   13,   14,
                                     15, 0x2c, 0x2d, 0x2e, 0x2f, 0x34, 0x35, 0x3d, 0x3e, 0x3f};
    for (unsigned i = 0; i < sizeof(header); i++)
        is_constant[header[i]] = true;
    unsigned offset = 0;
    for (int i = 0; i < 48 && (offset = sim_pci_next_cap(image, offset)); i++) {
        is_constant[offset] = is_constant[offset + 1] = true;
        if (image[offset] == PCI_CAP_MSIX)
            for (unsigned b = 4; b < 12; b++)
                is_constant[offset + b] = true;
        if (image[offset] == PCI_CAP_EXPRESS)
            for (unsigned b = 2; b < 20; b++)
                is_constant[offset + b] = b < 8 || (b >= 12 && b < 16) || b >= 18;
    }
    offset = 0;
    for (int i = 0; i < 960 && (offset = sim_pci_next_ext_cap(image, offset)); i++)
        for (unsigned b = 0; b < (sim_get16(image + offset) == PCI_EXT_SERIAL ? 12 : 4); b++)
            is_constant[offset + b] = true;
}

static void write_at_random(const char *where, unsigned rounds)
{
    struct sim_cfgspace *space = space_of(where);
    uint8_t before[SIM_CONFIG_SIZE], after[SIM_CONFIG_SIZE];
    bool is_constant[SIM_CONFIG_SIZE] = {false};
    uint64_t random = 7;
    sim_cfgspace_read(space, 0, before, sizeof(before));
    mark_constant(before, is_constant);
    for (; rounds; rounds--) {
        unsigned len = 1u << test_random(&random) % 3;
        unsigned offset = test_random(&random) % (test_random(&random) % 2 ? 256 : SIM_CONFIG_SIZE);
        sim_cfgspace_put(space, offset & ~(len - 1), len, test_random(&random));
    }
    sim_cfgspace_read(space, 0, after, sizeof(after));
    for (unsigned i = 0; i < SIM_CONFIG_SIZE; i++)
        if (is_constant[i] && before[i] != after[i])
            fail_msg("%s: byte 0x%x was 0x%02x and is 0x%02x", where, i, before[i], after[i]);
    sim_cfgspace_reset(space);
    sim_cfgspace_read(space, 0, after, sizeof(after));
    assert_memory_equal(before, after, sizeof(before));
    sim_cfgspace_free(space);
}

static void random_writes_never_change_what_identifies_a_function(void **state)
{
    (void)state;
    for (const char *const *name = test_descriptions; *name; name++)
        write_at_random(*name, test_rounds(20000));
    for (const char *const *name = test_dumps; *name; name++) {
        char *path = test_captured(*name);
        if (path)
            write_at_random(path, test_rounds(20000));
        free(path);
    }
}

static void a_card_of_random_bytes_makes_a_space_that_holds(void **state)
{
    (void)state;
    uint64_t random = 3;
    for (unsigned round = test_rounds(300); round; round--) {
        struct sim_adapter_parts parts = {0};
        for (unsigned i = 0; i < SIM_CONFIG_SIZE; i++)
            parts.image[i] = (uint8_t)(test_random(&random) % 3 ? test_random(&random) & 0x50
                                                                : test_random(&random));
        parts.image[6] |= 0x10;
        struct sim_cfgspace *space = space_of_parts(&parts);
        for (unsigned n = 0; n < 500; n++)
            sim_cfgspace_put(space, test_random(&random) % SIM_CONFIG_SIZE & ~3u, 4,
                             test_random(&random));
        for (uint16_t id = 0; id < 0x30; id++)
            assert_true(sim_cfgspace_find_ext_cap(space, id) < SIM_CONFIG_SIZE);
        assert_int_equal(sim_cfgspace_find_ext_cap(space, PCI_EXT_SRIOV), 0);
        sim_cfgspace_free(space);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_function_has_the_ids_of_its_card_and_nothing_enabled),
        cmocka_unit_test(bars_are_sized_by_writing_all_ones),
        cmocka_unit_test(sriov_and_ari_are_not_in_the_chain),
        cmocka_unit_test(a_hidden_capability_at_the_head_leaves_the_rest_reachable),
        cmocka_unit_test(a_lone_hidden_capability_leaves_no_chain),
        cmocka_unit_test(fixed_addresses_are_hidden_from_the_middle_of_the_chain),
        cmocka_unit_test(chains_that_loop_or_leave_the_space_are_ended),
        cmocka_unit_test(command_is_live_and_status_clears_by_ones),
        cmocka_unit_test(interrupt_capabilities_are_writable_where_drivers_write),
        cmocka_unit_test(a_function_level_reset_undoes_what_was_written),
        cmocka_unit_test(leaving_d3hot_resets_unless_the_function_keeps_its_state),
        cmocka_unit_test(vital_product_data_reads_as_empty_at_once),
        cmocka_unit_test(accesses_past_the_end_read_ones_and_write_nothing),
        cmocka_unit_test(random_writes_never_change_what_identifies_a_function),
        cmocka_unit_test(a_card_of_random_bytes_makes_a_space_that_holds),
    };
    return cmocka_run_group_tests_name("cfgspace", tests, NULL, NULL);
}
