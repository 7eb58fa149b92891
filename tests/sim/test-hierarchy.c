/* SPDX-License-Identifier: MIT */
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/buf.h"
#include "sim/hierarchy.h"
#include "sim/pci.h"
#include "sim/pcie_port.h"
#include "tests/sim/adapters.h"

#define SLOT_CONTROL (SIM_PORT_CAP_EXPRESS + PCI_EXP_SLTCTL)
#define SLOT_STATUS  (SIM_PORT_CAP_EXPRESS + PCI_EXP_SLTSTA)
#define LINK_STATUS  (SIM_PORT_CAP_EXPRESS + PCI_EXP_LNKSTA)

static const struct sim_link link8 = {.speed = 3, .width = 8};

/* What the hierarchy told its owner, oldest first, as one letter each. */
static char told[64];

static void on_event(void *data, unsigned slot, enum sim_hotplug_event event)
{
    (void)slot;
    assert_ptr_equal(data, told);
    size_t len = strlen(told);
    assert_true(len + 1 < sizeof(told));
    told[len] = " PLACFO"[event];
    told[len + 1] = '\0';
}

static struct sim_hierarchy *hierarchy_of(unsigned slots)
{
    struct sim_hierarchy *hierarchy;
    told[0] = '\0';
    assert_int_equal(sim_hierarchy_new(NULL, slots, &link8, on_event, told, &hierarchy), 0);
    return hierarchy;
}

static struct sim_cfgspace *space_of(const char *where)
{
    struct sim_adapter *adapter = test_load(where);
    struct sim_cfgspace *space;
    assert_int_equal(sim_cfgspace_new(adapter, &space), 0);
    sim_adapter_free(adapter);
    return space;
}

static uint32_t get(const struct sim_hierarchy *hierarchy, sim_bdf bdf, size_t offset, unsigned len)
{
    uint8_t bytes[4] = {0};
    sim_hierarchy_read(hierarchy, bdf, offset, bytes, len);
    return sim_get32(bytes);
}

static void put(struct sim_hierarchy *hierarchy, sim_bdf bdf, size_t offset, unsigned len,
                uint32_t value)
{
    uint8_t bytes[4];
    sim_put32(bytes, value);
    sim_hierarchy_write(hierarchy, bdf, offset, bytes, len);
}

static void ports_are_where_firmware_would_find_them(void **state)
{
    (void)state;
    struct sim_hierarchy *hierarchy = hierarchy_of(3);
    static const sim_bdf expected[] = {SIM_BDF(0, 1, 0), SIM_BDF(1, 0, 0), SIM_BDF(2, 0, 0),
                                       SIM_BDF(2, 1, 0), SIM_BDF(2, 2, 0)};
    sim_bdf bdfs[8];
    assert_int_equal(sim_hierarchy_list(hierarchy, bdfs, 8), 5);
    assert_memory_equal(bdfs, expected, sizeof(expected));
    static const unsigned types[] = {4, 5, 6, 6, 6};
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(get(hierarchy, bdfs[i], 0, 2), 0x1a68);
        assert_int_equal(get(hierarchy, bdfs[i], 0x0e, 1), 1);
        assert_int_equal(get(hierarchy, bdfs[i], SIM_PORT_CAP_EXPRESS + 2, 2) >> 4 & 0xf, types[i]);
    }
    assert_int_equal(get(hierarchy, SIM_BDF(0, 1, 0), 0x18, 4), 0x00050100);
    assert_int_equal(get(hierarchy, SIM_BDF(1, 0, 0), 0x18, 4), 0x00050201);
    assert_int_equal(get(hierarchy, SIM_BDF(2, 2, 0), 0x18, 4), 0x00050502);
    sim_hierarchy_free(hierarchy);
}

static void sixty_four_slots_share_devices(void **state)
{
    (void)state;
    struct sim_hierarchy *hierarchy = hierarchy_of(64);
    sim_bdf bdfs[200];
    assert_int_equal(sim_hierarchy_list(hierarchy, bdfs, 200), 66);
    assert_int_equal(bdfs[2], SIM_BDF(2, 0, 0));
    assert_int_equal(bdfs[3], SIM_BDF(2, 0, 1));
    assert_int_equal(bdfs[65], SIM_BDF(2, 7, 7));
    assert_int_equal(get(hierarchy, SIM_BDF(2, 7, 7), 0x0e, 1), 0x81);
    assert_int_equal(sim_hierarchy_slot_bdf(hierarchy, 63), SIM_BDF(66, 0, 0));
    struct sim_cfgspace *space = space_of("myricom-10g");
    assert_int_equal(sim_hierarchy_plug(hierarchy, 63, space, "last"), 0);
    assert_int_equal(get(hierarchy, SIM_BDF(66, 0, 0), 0, 4), 0x000814c1);
    assert_true(get(hierarchy, SIM_BDF(66, 0, 0), 0x10, 4) > 0xf);
    sim_hierarchy_free(hierarchy);
    sim_cfgspace_free(space);
}

static void sizes_out_of_range_are_refused(void **state)
{
    (void)state;
    struct sim_hierarchy *hierarchy = NULL;
    struct sim_link none = {0, 8}, wide = {3, 33};
    assert_int_equal(sim_hierarchy_new(NULL, 0, &link8, NULL, NULL, &hierarchy), VIO_EINVAL);
    assert_int_equal(sim_hierarchy_new(NULL, 65, &link8, NULL, NULL, &hierarchy), VIO_EINVAL);
    assert_int_equal(sim_hierarchy_new(NULL, 4, &none, NULL, NULL, &hierarchy), VIO_EINVAL);
    assert_int_equal(sim_hierarchy_new(NULL, 4, &wide, NULL, NULL, &hierarchy), VIO_EINVAL);
    assert_null(hierarchy);
}

static void plugging_shows_presence_power_and_link(void **state)
{
    (void)state;
    struct sim_hierarchy *hierarchy = hierarchy_of(4);
    struct sim_cfgspace *space = space_of("intel-82599es");
    sim_bdf port = SIM_BDF(2, 1, 0);
    assert_int_equal(get(hierarchy, port, SLOT_STATUS, 2), 0);
    assert_int_equal(get(hierarchy, port, SLOT_CONTROL, 2) & 0x700, 0x700);
    assert_int_equal(get(hierarchy, port, LINK_STATUS, 2), 0x1001);

    assert_int_equal(sim_hierarchy_plug(hierarchy, 1, space, "web0"), 0);
    assert_string_equal(told, "PL");
    assert_int_equal(get(hierarchy, port, SLOT_STATUS, 2), 0x148);
    assert_int_equal(get(hierarchy, port, SLOT_CONTROL, 2) & 0x700, 0x100);
    assert_int_equal(get(hierarchy, port, LINK_STATUS, 2), 0x3082); /* 5 GT/s, 8 lanes, active */
    assert_string_equal(sim_hierarchy_label(hierarchy, 1), "web0");
    sim_bdf bdf = sim_hierarchy_slot_bdf(hierarchy, 1);
    assert_int_equal(bdf, SIM_BDF(4, 0, 0));
    assert_int_equal(get(hierarchy, bdf, 0, 4), 0x10fb8086);
    assert_int_equal(get(hierarchy, SIM_BDF(4, 0, 1), 0, 4), 0xffffffff);
    assert_int_equal(sim_hierarchy_free_slot(hierarchy), 0);

    assert_int_equal(sim_hierarchy_plug(hierarchy, 1, space, NULL), VIO_EBUSY);
    assert_int_equal(sim_hierarchy_plug(hierarchy, 4, space, NULL), VIO_EINVAL);
    put(hierarchy, port, SLOT_STATUS, 2, 0x108);
    assert_int_equal(get(hierarchy, port, SLOT_STATUS, 2), 0x040);
    sim_hierarchy_free(hierarchy);
    sim_cfgspace_free(space);
}

static void unplugging_takes_it_away_in_order_or_by_surprise(void **state)
{
    (void)state;
    struct sim_hierarchy *hierarchy = hierarchy_of(2);
    struct sim_cfgspace *space = space_of("intel-82599es");
    sim_bdf port = SIM_BDF(2, 0, 0);
    unsigned status = SIM_PORT_EXT_AER + PCI_AER_UNCOR_STATUS;
    assert_int_equal(sim_hierarchy_unplug(hierarchy, 0, false), VIO_ENOENT);
    for (unsigned surprise = 0; surprise < 2; surprise++) {
        assert_int_equal(sim_hierarchy_plug(hierarchy, 0, space, "x"), 0);
        told[0] = '\0';
        assert_int_equal(sim_hierarchy_unplug(hierarchy, 0, surprise), 0);
        assert_string_equal(told, "LP");
        assert_null(sim_hierarchy_endpoint(hierarchy, 0));
        assert_int_equal(get(hierarchy, SIM_BDF(3, 0, 0), 0, 4), 0xffffffff);
        assert_int_equal(get(hierarchy, port, SLOT_STATUS, 2) & 0x40, 0);
        assert_int_equal(get(hierarchy, port, LINK_STATUS, 2) & 0x2000, 0);
        assert_int_equal(get(hierarchy, port, status, 4), surprise ? 0x20 : 0);
        assert_int_equal(get(hierarchy, port, SIM_PORT_CAP_EXPRESS + PCI_EXP_DEVSTA, 2),
                         surprise ? 4 : 0);
    }
    sim_hierarchy_free(hierarchy);
    sim_cfgspace_free(space);
}

static void the_server_lets_go_by_switching_the_slot_off(void **state)
{
    (void)state;
    struct sim_hierarchy *hierarchy = hierarchy_of(2);
    struct sim_cfgspace *space = space_of("intel-82599es");
    sim_bdf port = SIM_BDF(2, 0, 0), bdf = SIM_BDF(3, 0, 0);
    sim_hierarchy_plug(hierarchy, 0, space, NULL);
    told[0] = '\0';
    assert_int_equal(sim_hierarchy_press_attention(hierarchy, 0), 0);
    assert_int_equal(get(hierarchy, port, SLOT_STATUS, 2) & 1, 1);
    assert_int_equal(get(hierarchy, port, SLOT_CONTROL, 2) & 0x300, 0x200);
    put(hierarchy, port, SLOT_CONTROL, 2, 0x7c0);
    assert_string_equal(told, "ALCF");
    assert_int_equal(get(hierarchy, port, SLOT_STATUS, 2) & 0x110, 0x110);
    assert_int_equal(get(hierarchy, bdf, 0, 4), 0xffffffff);
    told[0] = '\0';
    put(hierarchy, port, SLOT_CONTROL, 2, 0x1c0);
    assert_string_equal(told, "LCO");
    assert_int_equal(get(hierarchy, bdf, 0, 4), 0x10fb8086);
    told[0] = '\0';
    put(hierarchy, port, SLOT_CONTROL, 1, 0xc0); /* a command that changes nothing completes too */
    assert_string_equal(told, "C");
    told[0] = '\0';
    put(hierarchy, port, SIM_PORT_CAP_EXPRESS + PCI_EXP_LNKCTL, 2, 0x10); /* link disable */
    assert_string_equal(told, "L");
    assert_int_equal(get(hierarchy, bdf, 0, 4), 0xffffffff);
    put(hierarchy, port, SIM_PORT_CAP_EXPRESS + PCI_EXP_LNKCTL, 2, 0);
    assert_int_equal(get(hierarchy, bdf, 0, 4), 0x10fb8086);
    sim_hierarchy_free(hierarchy);
    sim_cfgspace_free(space);
}

/* Base and limit of the window of a port that holds an address of this kind of BAR. */
static void assert_inside(const struct sim_hierarchy *hierarchy, sim_bdf port, uint32_t bar)
{
    unsigned reg = bar & 1 ? PCI_IO_BASE : (bar & 0xc) == 0xc ? PCI_PREF_BASE : PCI_MEM_BASE;
    uint32_t word = get(hierarchy, port, reg, 4);
    uint64_t base = bar & 1 ? (word & 0xf0) << 8 : (word & 0xfff0) << 16;
    uint64_t limit = bar & 1 ? (word & 0xf000) | 0xfff : (word & 0xfff00000) | 0xfffff;
    uint32_t address = bar & ~(bar & 1 ? 3u : 15u);
    if (address < base || address > limit)
        fail_msg("BAR 0x%x is not within 0x%llx-0x%llx of port %x", bar, (unsigned long long)base,
                 (unsigned long long)limit, port);
}

static void every_bar_lies_in_the_windows_of_all_bridges_above(void **state)
{
    (void)state;
    struct sim_hierarchy *hierarchy = hierarchy_of(8);
    struct sim_cfgspace *spaces[8] = {NULL};
    for (unsigned i = 0; test_descriptions[i]; i++) {
        spaces[i] = space_of(test_descriptions[i]);
        assert_int_equal(sim_hierarchy_plug(hierarchy, i, spaces[i], test_descriptions[i]), 0);
        sim_bdf bdf = sim_hierarchy_slot_bdf(hierarchy, i);
        unsigned regions = 0;
        for (unsigned b = 0; b < 6; b++) {
            uint32_t bar = get(hierarchy, bdf, 0x10 + 4 * b, 4);
            if (!bar)
                continue;
            regions++;
            assert_inside(hierarchy, SIM_BDF(2, i, 0), bar);
            assert_inside(hierarchy, SIM_BDF(1, 0, 0), bar);
            assert_inside(hierarchy, SIM_BDF(0, 1, 0), bar);
            b += (bar & 7) == 4; /* the upper half is zero: all of it is below 4 GiB */
        }
        assert_true(regions > 0);
        assert_int_equal(get(hierarchy, bdf, PCI_COMMAND, 2) & 2, 2);
    }
    sim_hierarchy_free(hierarchy);
    for (unsigned i = 0; i < 8; i++)
        sim_cfgspace_free(spaces[i]);
}

static void accesses_follow_the_bus_numbers_that_the_server_writes(void **state)
{
    (void)state;
    struct sim_hierarchy *hierarchy = hierarchy_of(2);
    struct sim_cfgspace *space = space_of("intel-82576");
    sim_hierarchy_plug(hierarchy, 1, space, NULL);
    assert_int_equal(get(hierarchy, SIM_BDF(4, 0, 0), 0, 4), 0x10c98086);
    put(hierarchy, SIM_BDF(0, 1, 0), 0x1a, 1, 0x40);
    put(hierarchy, SIM_BDF(1, 0, 0), 0x1a, 1, 0x40);
    put(hierarchy, SIM_BDF(2, 1, 0), 0x18, 4, 0x00202002);
    assert_int_equal(get(hierarchy, SIM_BDF(4, 0, 0), 0, 4), 0xffffffff);
    assert_int_equal(get(hierarchy, SIM_BDF(0x20, 0, 0), 0, 4), 0x10c98086);
    assert_int_equal(sim_hierarchy_slot_bdf(hierarchy, 1), SIM_BDF(0x20, 0, 0));
    put(hierarchy, SIM_BDF(0, 1, 0), 0x18, 4, 0);
    sim_bdf bdf;
    assert_int_equal(sim_hierarchy_list(hierarchy, &bdf, 1), 1);
    sim_hierarchy_reset(hierarchy);
    assert_int_equal(sim_hierarchy_list(hierarchy, &bdf, 1), 5);
    assert_int_equal(get(hierarchy, SIM_BDF(4, 0, 0), 0, 4), 0x10c98086);
    assert_int_equal(get(hierarchy, SIM_BDF(2, 1, 0), SLOT_STATUS, 2), 0x40);
    sim_hierarchy_free(hierarchy);
    sim_cfgspace_free(space);
}

static void a_bus_reset_reaches_what_is_below(void **state)
{
    (void)state;
    struct sim_hierarchy *hierarchy = hierarchy_of(2);
    struct sim_cfgspace *space = space_of("intel-82576");
    sim_hierarchy_plug(hierarchy, 0, space, NULL);
    sim_bdf bdf = SIM_BDF(3, 0, 0);
    assert_true(get(hierarchy, bdf, 0x10, 4) != 0);
    put(hierarchy, SIM_BDF(2, 0, 0), PCI_BRIDGE_CONTROL, 2, 0x40);
    put(hierarchy, SIM_BDF(2, 0, 0), PCI_BRIDGE_CONTROL, 2, 0);
    assert_int_equal(get(hierarchy, bdf, 0x10, 4), 0);
    assert_int_equal(get(hierarchy, bdf, 4, 2), 0);
    put(hierarchy, SIM_BDF(0, 1, 0), PCI_BRIDGE_CONTROL, 2, 0x40);
    assert_int_equal(get(hierarchy, SIM_BDF(1, 0, 0), 0x18, 4), 0);
    assert_int_equal(get(hierarchy, SIM_BDF(2, 0, 0), 0, 4), 0xffffffff);
    sim_hierarchy_free(hierarchy);
    sim_cfgspace_free(space);
}

static void a_reset_function_keeps_its_link(void **state)
{
    (void)state;
    struct sim_hierarchy *hierarchy;
    struct sim_link narrow = {.speed = 1, .width = 4};
    assert_int_equal(sim_hierarchy_new(NULL, 1, &narrow, NULL, NULL, &hierarchy), 0);
    struct sim_cfgspace *space = space_of("intel-82599es");
    sim_hierarchy_plug(hierarchy, 0, space, NULL);
    sim_bdf bdf = SIM_BDF(3, 0, 0);
    assert_int_equal(get(hierarchy, bdf, 0xa0 + PCI_EXP_LNKSTA, 2), 0x1041);
    put(hierarchy, bdf, 0xa0 + PCI_EXP_DEVCTL, 2, 0x8000);
    assert_int_equal(get(hierarchy, bdf, 0xa0 + PCI_EXP_LNKSTA, 2), 0x1041);
    sim_hierarchy_free(hierarchy);
    sim_cfgspace_free(space);
}

static void random_accesses_never_lose_a_port_for_good(void **state)
{
    (void)state;
    struct sim_hierarchy *hierarchy;
    struct sim_cfgspace *spaces[2] = {space_of("intel-82599es"), space_of("lsi-sas2008")};
    uint64_t random = 11;
    assert_int_equal(sim_hierarchy_new(NULL, 5, &link8, NULL, NULL, &hierarchy), 0);
    for (unsigned round = test_rounds(20000); round; round--) {
        unsigned slot = test_random(&random) % 2;
        sim_bdf bdf = (sim_bdf)SIM_BDF(test_random(&random) % 9, test_random(&random) % 6, 0);
        switch (test_random(&random) % 32) {
        case 0:
            sim_hierarchy_plug(hierarchy, slot, spaces[slot], "x");
            break;
        case 1:
            sim_hierarchy_unplug(hierarchy, slot, test_random(&random) & 1);
            break;
        case 2:
            sim_hierarchy_press_attention(hierarchy, slot);
            break;
        case 3:
            sim_hierarchy_reset(hierarchy);
            break;
        default:
            put(hierarchy, bdf, test_random(&random) % 256 & ~3u, 4, test_random(&random));
        }
    }
    sim_hierarchy_unplug(hierarchy, 0, false);
    sim_hierarchy_unplug(hierarchy, 1, false);
    sim_hierarchy_reset(hierarchy);
    sim_bdf bdfs[16];
    assert_int_equal(sim_hierarchy_list(hierarchy, bdfs, 16), 7);
    for (unsigned i = 0; i < 7; i++)
        assert_int_equal(get(hierarchy, bdfs[i], 0, 2), 0x1a68);
    sim_hierarchy_free(hierarchy);
    sim_cfgspace_free(spaces[0]);
    sim_cfgspace_free(spaces[1]);
}

static void the_dump_names_each_function_and_holds_all_its_bytes(void **state)
{
    (void)state;
    struct sim_hierarchy *hierarchy = hierarchy_of(1);
    struct sim_cfgspace *space = space_of("qlogic-isp2532");
    struct vio_buf buf;
    vio__buf_init(&buf, NULL, 1 << 20);
    sim_hierarchy_plug(hierarchy, 0, space, "web0");
    assert_int_equal(sim_hierarchy_dump(hierarchy, &buf), 0);
    const char *text = vio__buf_str(&buf);
    assert_non_null(strstr(text, "03:00.0 Class 0c04: Device 1077:2532 (rev 02) web0\n"
                                 "00: 77 10 32 25 "));
    unsigned lines = 0;
    for (const char *c = text; *c; c++)
        lines += *c == '\n';
    assert_int_equal(lines, 4 * (1 + 256 + 1));
    vio__buf_free(&buf);

    vio__buf_init(&buf, NULL, 100);
    assert_int_equal(sim_hierarchy_dump(hierarchy, &buf), VIO_ELIMIT);
    vio__buf_free(&buf);
    sim_hierarchy_free(hierarchy);
    sim_cfgspace_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ports_are_where_firmware_would_find_them),
        cmocka_unit_test(sixty_four_slots_share_devices),
        cmocka_unit_test(sizes_out_of_range_are_refused),
        cmocka_unit_test(plugging_shows_presence_power_and_link),
        cmocka_unit_test(unplugging_takes_it_away_in_order_or_by_surprise),
        cmocka_unit_test(the_server_lets_go_by_switching_the_slot_off),
        cmocka_unit_test(every_bar_lies_in_the_windows_of_all_bridges_above),
        cmocka_unit_test(accesses_follow_the_bus_numbers_that_the_server_writes),
        cmocka_unit_test(a_bus_reset_reaches_what_is_below),
        cmocka_unit_test(a_reset_function_keeps_its_link),
        cmocka_unit_test(random_accesses_never_lose_a_port_for_good),
        cmocka_unit_test(the_dump_names_each_function_and_holds_all_its_bytes),
    };
    return cmocka_run_group_tests_name("hierarchy", tests, NULL, NULL);
}
