/* SPDX-License-Identifier: MIT */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libvio/error.h>

#include "sim/adapter_parts.h"
#include "sim/describe.h"
#include "sim/dump.h"
#include "tests/sim/adapters.h"

static void shipped_descriptions_state_the_facts(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t id, class_code;
        enum sim_adapter_kind kind;
        enum sim_adapter_sharing sharing;
        unsigned functions, ports;
        uint32_t speed;
    } facts[] = {
        {"intel-82599es", 0x10fb8086, 0x020000, SIM_ADAPTER_NIC, SIM_SHARING_SRIOV, 64, 2, 10000},
        {"intel-82576", 0x10c98086, 0x020000, SIM_ADAPTER_NIC, SIM_SHARING_SRIOV, 8, 2, 1000},
        {"myricom-10g", 0x000814c1, 0x020000, SIM_ADAPTER_NIC, SIM_SHARING_PROXIED, 32, 1, 10000},
        {"mellanox-connectx3-pro", 0x100715b3, 0x020000, SIM_ADAPTER_NIC, SIM_SHARING_PROXIED, 64,
         1, 40000},
        {"qlogic-isp2532", 0x25321077, 0x0c0400, SIM_ADAPTER_HBA, SIM_SHARING_PROXIED, 32, 2, 8000},
        {"lsi-sas2008", 0x00721000, 0x010700, SIM_ADAPTER_DISK, SIM_SHARING_PROXIED, 32, 8, 6000},
        {"samsung-pm1743", 0xa826144d, 0x010802, SIM_ADAPTER_DISK, SIM_SHARING_SRIOV, 64, 1, 56000},
    };
    for (unsigned i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
        struct sim_adapter *adapter = test_load(facts[i].name);
        const struct sim_pci_id *id = sim_adapter_pci_id(adapter);
        assert_string_equal(sim_adapter_name(adapter), facts[i].name);
        assert_int_equal((uint32_t)id->device << 16 | id->vendor, facts[i].id);
        assert_int_equal(id->class_code, facts[i].class_code);
        assert_int_equal(sim_adapter_kind(adapter), facts[i].kind);
        assert_int_equal(sim_adapter_sharing(adapter), facts[i].sharing);
        assert_int_equal(sim_adapter_functions_max(adapter), facts[i].functions);
        assert_int_equal(sim_adapter_ports(adapter), facts[i].ports);
        assert_int_equal(sim_adapter_port_speed(adapter), facts[i].speed);
        assert_true(sim_adapter_identity(adapter)[0]);
        assert_int_equal(sim_adapter_capacity(adapter) != 0, facts[i].kind == SIM_ADAPTER_DISK);
        sim_adapter_free(adapter);
    }
}

static void sriov_is_what_the_description_says(void **state)
{
    (void)state;
    struct sim_adapter *adapter = test_load("intel-82599es");
    const struct sim_sriov *sriov = sim_adapter_sriov(adapter);
    assert_int_equal(sriov->total_vfs, 64);
    assert_int_equal(sriov->vf_offset, 128);
    assert_int_equal(sriov->vf_stride, 2);
    assert_int_equal(sriov->vf_device_id, 0x10ed);
    assert_int_equal(sriov->bar[0].size, 16384);
    assert_int_equal(sriov->bar[3].type, SIM_BAR_MEM64);
    assert_true(sim_adapter_has_ari(adapter));
    assert_int_equal(sim_adapter_rom_size(adapter), 4 << 20);
    sim_adapter_free(adapter);
}

static void captured_dumps_load_with_the_sizes_of_their_cards(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint16_t device;
        uint64_t sizes[SIM_BARS];
        unsigned vfs;
    } cards[] = {
        {"intel-82599es.lspci", 0x10fb, {4 << 20, 0, 32, 0, 16384, 0}, 64},
        {"intel-82576-sriov.lspci", 0x10c9, {128 << 10, 4 << 20, 32, 16384, 0, 0}, 8},
        {"lsi-sas2008.lspci", 0x0072, {256, 16384, 0, 256 << 10, 0, 0}, 0},
        {"mellanox-mt27520.lspci", 0x1007, {1 << 20, 0, 8 << 20, 0, 0, 0}, 0},
        {"myricom-myri10g.lspci", 0x0008, {16 << 20, 0, 1 << 20, 0, 0, 0}, 0},
        {"samsung-pm174x-nvme-sriov.lspci", 0xa826, {32768, 0, 0, 0, 0, 0}, 64},
        {"tree-x58-nf200-switch.lspci", 0x8168, {256, 0, 4096, 0, 65536, 0}, 0},
    };
    for (unsigned i = 0; i < sizeof(cards) / sizeof(cards[0]); i++) {
        char *path = test_captured(cards[i].name);
        if (!path)
            skip();
        struct sim_adapter *adapter = test_load(path);
        assert_int_equal(sim_adapter_pci_id(adapter)->device, cards[i].device);
        for (unsigned b = 0; b < SIM_BARS; b++)
            assert_int_equal(sim_adapter_bar(adapter, b)->size, cards[i].sizes[b]);
        assert_int_equal(sim_adapter_sriov(adapter)->total_vfs, cards[i].vfs);
        sim_adapter_free(adapter);
        free(path);
    }
}

static void one_function_of_a_machine_can_be_named(void **state)
{
    (void)state;
    char *path = test_captured("tree-x58-nf200-switch.lspci");
    char where[4096];
    if (!path)
        skip();
    snprintf(where, sizeof(where), "%s@04:00.0", path);
    struct sim_adapter *adapter = test_load(where);
    assert_int_equal(sim_adapter_pci_id(adapter)->device, 0x0072);
    assert_int_equal(sim_adapter_kind(adapter), SIM_ADAPTER_DISK);
    sim_adapter_free(adapter);
    snprintf(where, sizeof(where), "%s@06:00.0", path);
    adapter = test_load(where);
    assert_int_equal(sim_adapter_kind(adapter), SIM_ADAPTER_OTHER);
    assert_int_equal(sim_adapter_sharing(adapter), SIM_SHARING_NONE);
    assert_int_equal(sim_adapter_functions_max(adapter), 0);
    sim_adapter_free(adapter);
    free(path);
}

static void a_network_card_has_the_mac_of_its_serial_number(void **state)
{
    (void)state;
    char *path = test_captured("intel-82576-sriov.lspci");
    if (!path)
        skip();
    struct sim_adapter *adapter = test_load(path);
    assert_string_equal(sim_adapter_identity(adapter), "00:1b:21:2b:46:e0");
    sim_adapter_free(adapter);
    free(path);
}

static void cards_of_one_description_differ_in_identity_and_serial_number(void **state)
{
    (void)state;
    struct sim_adapter *first, *second;
    assert_int_equal(sim_adapter_load_number(NULL, "intel-82576", NULL, 0, 0, &first, NULL), 0);
    assert_int_equal(sim_adapter_load_number(NULL, "intel-82576", NULL, 3, 0, &second, NULL), 0);
    assert_string_equal(sim_adapter_identity(first), "00:1b:21:a1:00:10");
    assert_string_equal(sim_adapter_identity(second), "00:1b:21:a1:03:10");
    assert_memory_not_equal(sim_adapter_image(first) + 0x144, sim_adapter_image(second) + 0x144, 8);
    sim_adapter_free(second);
    assert_int_equal(sim_adapter_load_number(NULL, "qlogic-isp2532", NULL, 1, 1, &second, NULL), 0);
    assert_string_equal(sim_adapter_identity(second), "21:00:00:24:ff:2c:80:9a");
    sim_adapter_free(second);
    sim_adapter_free(first);
}

/* A card nobody described: sizes come from the address, the next region and the MSI-X table. */
static void sizes_are_judged_where_nothing_tells_them(void **state)
{
    (void)state;
    struct sim_dump dump = {.held = 256};
    struct sim_adapter_parts parts;
    uint8_t *image = dump.image;
    memcpy(image, (uint8_t[]){0xfe, 0xca, 1, 0, 0, 0, 0x10, 0, 0, 0, 0, 2}, 12);
    image[0x34] = 0x40;
    memcpy(image + 0x40, (uint8_t[]){0x11, 0, 0x0f, 0, 3, 0, 0x40, 0, 3, 0, 0x48, 0}, 12);
    memcpy(image + 0x10, (uint8_t[]){0x00, 0x00, 0x80, 0xe0}, 4); /* 8 MiB aligned */
    memcpy(image + 0x14, (uint8_t[]){0x00, 0x00, 0x84, 0xe0}, 4); /* 256 KiB further */
    memcpy(image + 0x18, (uint8_t[]){0x01, 0xc0, 0x00, 0x00}, 4); /* I/O c000 */
    memcpy(image + 0x1c, (uint8_t[]){0x00, 0x00, 0x00, 0xf0}, 4); /* holds MSI-X up to 0x480008 */
    memcpy(image + 0x20, (uint8_t[]){0x0c, 0x00, 0x00, 0x00, 0x08}, 5);
    sim_adapter_parts_from_dump(&dump, NULL, &parts);
    assert_int_equal(parts.bars[0].size, 256 << 10);
    assert_int_equal(parts.bars[1].size, 256 << 10);
    assert_int_equal(parts.bars[2].type, SIM_BAR_IO);
    assert_int_equal(parts.bars[2].size, 256);
    assert_int_equal(parts.bars[3].size, 8 << 20);
    assert_int_equal(parts.bars[4].type, SIM_BAR_MEM64);
    assert_true(parts.bars[4].prefetchable);
    assert_int_equal(parts.bars[4].size, 16 << 20);
    assert_int_equal(parts.bars[5].type, SIM_BAR_NONE);
}

static void told_sizes_win_over_everything(void **state)
{
    (void)state;
    struct sim_dump dump = {.held = 64, .region_count = 2, .rom_size = 65536};
    struct sim_adapter_parts parts;
    memcpy(dump.image, (uint8_t[]){0xfe, 0xca, 1, 0, 0, 0, 0x10, 0, 0, 0, 0, 2}, 12);
    dump.image[0x34] = 0x40; /* a capability that the dump does not hold */
    memcpy(dump.image + 0x10, (uint8_t[]){0x00, 0x00, 0x80, 0xe0}, 4);
    memcpy(dump.image + 0x14, (uint8_t[]){0x00, 0x00, 0xc0, 0xe0}, 4);
    dump.regions[0] = (struct sim_dump_region){.index = 0, .size = 2 << 20};
    dump.regions[1] = (struct sim_dump_region){.index = -1, .address = 0xe0c00000, .size = 8192};
    sim_adapter_parts_from_dump(&dump, NULL, &parts);
    assert_int_equal(parts.bars[0].size, 2 << 20);
    assert_int_equal(parts.bars[1].size, 8192);
    assert_int_equal(parts.rom_size, 65536);
    assert_int_equal(parts.image[0x34], 0);
    assert_int_equal(parts.image[0x06], 0);
}

static void an_unknown_adapter_is_refused_with_those_known(void **state)
{
    (void)state;
    struct sim_adapter *adapter = NULL;
    struct sim_diag diag = {0};
    assert_int_equal(sim_adapter_load(NULL, "no-such-card", NULL, &adapter, &diag), VIO_ENOENT);
    assert_non_null(strstr(diag.text, "\"no-such-card\": no such file or description"));
    assert_non_null(strstr(diag.text, "intel-82576, intel-82599es"));
    assert_null(adapter);
    assert_int_equal(sim_adapter_load(NULL, "/", NULL, &adapter, &diag), VIO_EIO);
    assert_null(strchr(diag.text, '\n'));
}

static void assert_description_refused(const char *yaml, const char *expected)
{
    struct sim_adapter_parts parts;
    struct sim_diag diag = {0};
    char text[2048];
    snprintf(text, sizeof(text), "vendor-id: 0x8086\ndevice-id: 0x1234\nclass: 0x020000\n%s", yaml);
    int err = sim_describe_parse(NULL, "card.yaml", text, strlen(text), &parts, &diag);
    assert_string_equal(diag.text, expected);
    assert_int_equal(err, VIO_EPARSE);
}

static void a_wrong_description_is_refused_with_its_line(void **state)
{
    (void)state;
    assert_description_refused("bars:\n  - {bar: 5, type: mem64, size: 4K}\n",
                               "card.yaml:5: bar is \"5\"; allowed is a number from 0 to 4");
    assert_description_refused(
        "bars:\n  - {bar: 0, type: mem64, size: 4K}\n  - {bar: 1, type: io, size: 32}\n",
        "card.yaml:6: BAR 1 is in use (mem64 takes two)");
    assert_description_refused("bars:\n  - {bar: 0, type: mem16, size: 4K}\n",
                               "card.yaml:5: a BAR needs a type; allowed are io, mem32 and mem64");
    assert_description_refused(
        "capabilities:\n  - {id: pm, offset: 0x40}\n  - {id: vpd, offset: 0x44}\n",
        "card.yaml:6: vpd at 0x44 overlaps another capability");
    assert_description_refused(
        "capabilities:\n  - {id: agp, offset: 0x40}\n",
        "card.yaml:5: a capability needs an id; allowed are pm, vpd, msi, vendor, express, msix, "
        "af");
    assert_description_refused(
        "capabilities:\n  - {id: msi, offset: 0x50, vectors: 3}\n",
        "card.yaml:5: vectors is 3; allowed is 1, 2, 4, 8, 16 and 32, in a register of 3 bits");
    assert_description_refused("extended-capabilities:\n  - {id: aer, offset: 0x140}\n",
                               "card.yaml:5: the first one has to be at 0x100");
    assert_description_refused(
        "extended-capabilities:\n  - {id: serial, offset: 0x100, number: 00-11}\n",
        "card.yaml:5: number has to be 8 bytes, as 00-1b-21-ff-ff-2b-46-e0");
    assert_description_refused("revision: 256\n",
                               "card.yaml:4: revision is \"256\"; allowed is a number from 0 to "
                               "255");
    assert_description_refused("rom: 3K\n", "card.yaml:4: rom has to be a power of two");
    assert_description_refused("vendor-id: 1\n", "card.yaml:4: \"vendor-id\" is given twice");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_descriptions_state_the_facts),
        cmocka_unit_test(sriov_is_what_the_description_says),
        cmocka_unit_test(captured_dumps_load_with_the_sizes_of_their_cards),
        cmocka_unit_test(one_function_of_a_machine_can_be_named),
        cmocka_unit_test(a_network_card_has_the_mac_of_its_serial_number),
        cmocka_unit_test(cards_of_one_description_differ_in_identity_and_serial_number),
        cmocka_unit_test(sizes_are_judged_where_nothing_tells_them),
        cmocka_unit_test(told_sizes_win_over_everything),
        cmocka_unit_test(an_unknown_adapter_is_refused_with_those_known),
        cmocka_unit_test(a_wrong_description_is_refused_with_its_line),
    };
    return cmocka_run_group_tests_name("adapter", tests, NULL, NULL);
}
