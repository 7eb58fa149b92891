/* SPDX-License-Identifier: MIT */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libvio/error.h>

#include "sim/cfgspace.h"
#include "sim/describe.h"
#include "sim/pci.h"
#include "tests/sim/adapters.h"

#define HEADER "vendor-id: 0xcafe\ndevice-id: 0x1234\nclass: "

static struct sim_adapter_parts describe(const char *yaml)
{
    struct sim_adapter_parts parts;
    struct sim_diag diag = {0};
    if (sim_describe_parse(NULL, "card.yaml", yaml, strlen(yaml), &parts, &diag))
        fail_msg("%s", diag.text);
    return parts;
}

static void assert_refused(const char *yaml, const char *expected)
{
    struct sim_adapter_parts parts;
    struct sim_diag diag = {0};
    int err = sim_describe_parse(NULL, "card.yaml", yaml, strlen(yaml), &parts, &diag);
    assert_string_equal(diag.text, expected);
    assert_int_equal(err, VIO_EPARSE);
}

static void capabilities_are_linked_in_the_order_of_the_list(void **state)
{
    (void)state;
    struct sim_adapter_parts parts =
        describe(HEADER "0x020000\n"
                        "capabilities:\n"
                        "  - {id: pm, offset: 0x80, pme: 0x1f, d1: on}\n"
                        "  - {id: vendor, offset: 0x40, data: 0a 1b-2c}\n"
                        "  - {id: af, offset: 0x60}\n"
                        "extended-capabilities:\n"
                        "  - {id: acs, offset: 0x100, abilities: 0x15}\n"
                        "  - {id: ats, offset: 0x300, queue-depth: 4, version: 2}\n"
                        "  - {id: ltr, offset: 0x200}\n");
    static const uint8_t pm[] = {0x01, 0x40, 0x03, 0xfa};
    static const uint8_t vendor[] = {0x09, 0x60, 0x06, 0x0a, 0x1b, 0x2c};
    static const uint8_t af[] = {0x13, 0x00, 0x00, 0x02};
    assert_int_equal(parts.image[PCI_CAPABILITIES], 0x80);
    assert_int_equal(parts.image[PCI_STATUS], 0x10);
    assert_memory_equal(parts.image + 0x80, pm, sizeof(pm));
    assert_memory_equal(parts.image + 0x40, vendor, sizeof(vendor));
    assert_memory_equal(parts.image + 0x60, af, sizeof(af));
    assert_int_equal(sim_get32(parts.image + 0x100), 0x3001000d);
    assert_int_equal(sim_get32(parts.image + 0x104), 0x15);
    assert_int_equal(sim_get32(parts.image + 0x300), 0x2002000f);
    assert_int_equal(sim_get32(parts.image + 0x200), 0x00010018);
}

static void described_controls_are_live_in_a_function(void **state)
{
    (void)state;
    struct sim_adapter_parts parts =
        describe(HEADER "0x020000\n"
                        "capabilities:\n  - {id: af, offset: 0x60}\n"
                        "extended-capabilities:\n"
                        "  - {id: acs, offset: 0x100, abilities: 0x15}\n"
                        "  - {id: ats, offset: 0x110}\n"
                        "  - {id: ltr, offset: 0x120}\n");
    struct sim_adapter *adapter;
    struct sim_cfgspace *space;
    assert_int_equal(sim_adapter_new(NULL, &parts, &adapter), 0);
    assert_int_equal(sim_cfgspace_new(adapter, &space), 0);
    sim_cfgspace_put(space, 0x106, 2, 0xffff);
    assert_int_equal(sim_cfgspace_get(space, 0x106, 2), 0x15);
    sim_cfgspace_put(space, 0x116, 2, 0xffff);
    assert_int_equal(sim_cfgspace_get(space, 0x116, 2), 0x801f);
    sim_cfgspace_put(space, 0x124, 4, 0xffffffff);
    assert_int_equal(sim_cfgspace_get(space, 0x124, 4), 0x1fff1fff);
    sim_cfgspace_put(space, 0x64, 1, 1); /* function-level reset */
    assert_int_equal(sim_cfgspace_get(space, 0x106, 2), 0);
    sim_cfgspace_free(space);
    sim_adapter_free(adapter);
}

static void what_is_not_said_is_usual_for_the_class(void **state)
{
    (void)state;
    static const struct {
        const char *yaml;
        uint32_t speed;
        uint64_t capacity;
    } cards[] = {
        {HEADER "0x020000\n", 1000, 0},
        {HEADER "0x020000\ncapabilities:\n  - {id: express, offset: 0x40, speed: 2, width: 4}\n",
         10000, 0},
        {HEADER "0x0c0400\n", 8000, 0},
        {HEADER "0x010700\n", 6000, UINT64_C(1) << 40},
        {HEADER "0x010802\ncapabilities:\n  - {id: express, offset: 0x40, speed: 3, width: 4}\n",
         31508, UINT64_C(1) << 40},
        {HEADER "0x030000\ncapacity: 5G\n", 1000, 0},
    };
    for (unsigned i = 0; i < sizeof(cards) / sizeof(cards[0]); i++) {
        struct sim_adapter_parts parts = describe(cards[i].yaml);
        assert_int_equal(parts.port_speed, cards[i].speed);
        assert_int_equal(parts.capacity, cards[i].capacity);
        assert_int_equal(parts.functions, 32);
        assert_int_equal(parts.ports, 1);
    }
}

static void capabilities_that_cannot_be_are_refused(void **state)
{
    (void)state;
#define CAP(text) HEADER "0x020000\ncapabilities:\n  - " text "\n"
#define EXT(text) HEADER "0x020000\nextended-capabilities:\n  - " text "\n"
    assert_refused(CAP("{id: pm}"), "card.yaml:5: pm needs an offset that is a multiple of 4");
    assert_refused(CAP("{id: pm, offset: 0x42}"),
                   "card.yaml:5: pm needs an offset that is a multiple of 4");
    assert_refused(CAP("{id: express, offset: 0xd0}"),
                   "card.yaml:5: express at 0xd0 does not fit: it has 60 bytes");
    assert_refused(CAP("{id: express, offset: 0x40, payload: 100}"),
                   "card.yaml:5: payload is 100; allowed is 128, 256, 512, 1024, 2048 and 4096, in "
                   "a register of 3 bits");
    assert_refused(
        CAP("{id: msix, offset: 0x40, vectors: 0}"),
        "card.yaml:5: vectors is 0; allowed is a count from 1 on, in a register of 11 bits");
    assert_refused(
        CAP("{id: msix, offset: 0x40, table-offset: 9}"),
        "card.yaml:5: table-offset is 9; allowed is a multiple of 8, in a register of 32 bits");
    assert_refused(CAP("{id: vendor, offset: 0x40, data: xyz}"),
                   "card.yaml:5: data has to be hexadecimal bytes, up to the end of the space");
    assert_refused(EXT("{id: sriov, offset: 0x100, vfs: 4}"),
                   "card.yaml:5: sriov needs vfs, vf-offset and vf-device-id");
    assert_refused(EXT("{id: aer, offset: 0x100, colour: red}"),
                   "card.yaml:5: \"colour\" is no key of capability aer; allowed are id, offset, "
                   "ecrc-generation, ecrc-check, version");
    assert_refused(HEADER "0x020000\nbars:\n  - {type: io, size: 32}\n",
                   "card.yaml:5: a BAR needs a number (bar: 0 to 5) and a size that is a power of "
                   "two");
    assert_refused("device-id: 1\n", "card.yaml:1: vendor-id is missing");
}

static void a_description_is_found_by_its_path_too(void **state)
{
    (void)state;
    char path[] = "vio-describe-XXXXXX.yaml";
    int fd = mkstemps(path, 5);
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");
    assert_non_null(file);
    fputs(HEADER "0x020000\n", file);
    fclose(file);
    char where[64];
    snprintf(where, sizeof(where), "./%s", path);
    struct sim_adapter *adapter = test_load(where);
    assert_int_equal(sim_adapter_pci_id(adapter)->vendor, 0xcafe);
    assert_memory_equal(sim_adapter_name(adapter), "vio-describe-", 13);
    assert_string_equal(sim_adapter_model(adapter), sim_adapter_name(adapter));
    sim_adapter_free(adapter);
    unlink(path);
}

static void a_file_that_is_too_large_is_refused(void **state)
{
    (void)state;
    char path[] = "vio-describe-XXXXXX.yaml";
    struct sim_adapter *adapter = NULL;
    struct sim_diag diag = {0};
    char where[64], expected[128];
    int fd = mkstemps(path, 5);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, SIM_YAML_SIZE_MAX + 1), 0);
    close(fd);
    snprintf(where, sizeof(where), "./%s", path);
    assert_int_equal(sim_adapter_load(NULL, where, NULL, &adapter, &diag), VIO_ELIMIT);
    snprintf(expected, sizeof(expected), "%s: larger than 1048576 bytes, which are allowed", where);
    assert_string_equal(diag.text, expected);
    unlink(path);
}

static void a_message_is_one_line_and_ends_between_characters(void **state)
{
    (void)state;
    struct sim_diag diag;
    char text[SIM_DIAG_TEXT_MAX + 8];
    assert_int_equal(sim_diag_set(NULL, VIO_EPARSE, "x"), VIO_EPARSE);
    assert_int_equal(sim_diag_set(&diag, VIO_EPARSE, "a\nb\x1b[0m\x7f"), VIO_EPARSE);
    assert_string_equal(diag.text, "a?b?[0m?");
    for (unsigned shift = 0; shift < 4; shift++) {
        memset(text, 'x', shift);
        for (size_t i = shift; i + 4 < sizeof(text); i += 4)
            memcpy(text + i, "\xf0\x9f\x98\x80", 5);
        sim_diag_set(&diag, VIO_EPARSE, "%s", text);
        assert_int_equal((strlen(diag.text) - shift) % 4, 0);
        assert_true(strlen(diag.text) > SIM_DIAG_TEXT_MAX - 5);
    }
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");
    if (tmp && chdir(tmp))
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(capabilities_are_linked_in_the_order_of_the_list),
        cmocka_unit_test(described_controls_are_live_in_a_function),
        cmocka_unit_test(what_is_not_said_is_usual_for_the_class),
        cmocka_unit_test(capabilities_that_cannot_be_are_refused),
        cmocka_unit_test(a_description_is_found_by_its_path_too),
        cmocka_unit_test(a_file_that_is_too_large_is_refused),
        cmocka_unit_test(a_message_is_one_line_and_ends_between_characters),
    };
    return cmocka_run_group_tests_name("describe", tests, NULL, NULL);
}
