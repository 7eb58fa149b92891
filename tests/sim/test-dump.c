/* SPDX-License-Identifier: MIT */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "sim/dump.h"
#include "tests/sim/adapters.h"

static char text[65536];

static void start(void)
{
    text[0] = '\0';
}

static void add(const char *line)
{
    assert_true(strlen(text) + strlen(line) < sizeof(text));
    strcat(text, line);
}

/* A function's hex lines: the header of a device with this class, and zeros. */
static void add_bytes(unsigned size, unsigned device, unsigned class, unsigned header)
{
    char line[80];
    snprintf(line, sizeof(line), "00: 86 80 %02x %02x 00 00 00 00 00 00 %02x %02x 00 00 %02x 00\n",
             device & 0xff, device >> 8, class & 0xff, class >> 8, header);
    add(line);
    for (unsigned offset = 16; offset < size; offset += 16) {
        snprintf(line, sizeof(line), "%02x: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n",
                 offset);
        add(line);
    }
    add("\n");
}

static int parse(const char *wanted, struct sim_dump *dump, struct sim_diag *diag)
{
    struct sim_dump_address address;
    if (wanted)
        assert_int_equal(sim_dump_address_parse(wanted, strlen(wanted), &address), strlen(wanted));
    return sim_dump_parse("card.txt", text, strlen(text), wanted ? &address : NULL, dump, diag);
}

static void assert_refused(const char *expected)
{
    struct sim_dump dump = {.held = 77};
    struct sim_diag diag = {0};
    assert_int_equal(parse(NULL, &dump, &diag), VIO_EPARSE);
    assert_string_equal(diag.text, expected);
    assert_int_equal(dump.held, 77);
}

static void a_network_function_is_taken_before_fibre_channel_and_storage(void **state)
{
    (void)state;
    static const struct {
        unsigned class[3];
        unsigned device; /* 1 + the index of what is to be taken */
    } cases[] = {{{0x0108, 0x0c04, 0x0200}, 3},
                 {{0x0200, 0x0c04, 0x0200}, 1},
                 {{0x0107, 0x0c04, 0x0604}, 2},
                 {{0x0600, 0x0104, 0x0108}, 2}};
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sim_dump dump;
        struct sim_diag diag = {0};
        start();
        add("00:01.0 One\n");
        add_bytes(64, 1, cases[i].class[0], 0x80);
        add("00:02.0 Two\n");
        add_bytes(256, 2, cases[i].class[1], 0);
        add("00:03.0 Three\n");
        add_bytes(4096, 3, cases[i].class[2], cases[i].class[2] == 0x0604);
        assert_int_equal(parse(NULL, &dump, &diag), 0);
        assert_int_equal(dump.image[2], cases[i].device);
        assert_int_equal(dump.address.device, cases[i].device);
    }
}

static void a_named_function_is_taken_with_or_without_its_domain(void **state)
{
    (void)state;
    struct sim_dump dump;
    struct sim_diag diag = {0};
    start();
    add("0000:00:01.0 Ethernet controller: One\n");
    add_bytes(64, 1, 0x0200, 0);
    add("0000:00:01.1 VGA compatible controller: Two (rev 03) (prog-if 00 [VGA controller])\n");
    add_bytes(64, 2, 0x0300, 0);
    add("0001:00:01.1 VGA compatible controller: Three\n");
    add_bytes(64, 3, 0x0300, 0);
    assert_int_equal(parse("00:01.1", &dump, &diag), 0);
    assert_int_equal(dump.image[2], 2);
    assert_string_equal(dump.title, "Two");
    assert_int_equal(parse("0001:00:01.1", &dump, &diag), 0);
    assert_int_equal(dump.image[2], 3);
    assert_int_equal(parse("00:1f.7", &dump, &diag), VIO_ENOENT);
    assert_non_null(strstr(diag.text, "0000:00:1f.7"));
}

static void sizes_of_regions_are_read_from_both_verbose_forms(void **state)
{
    (void)state;
    struct sim_dump dump;
    struct sim_diag diag = {0};
    start();
    add("03:00.0 Ethernet controller: Card\r\n"
        "\tSubsystem: Somebody\n"
        "\tRegion 0: Memory at f0000000 (64-bit, prefetchable) [size=4M]\n"
        "\tRegion 2: I/O ports at e000 [disabled] [size=32]\n"
        "\tMemory at f1000000 (32-bit, non-prefetchable) [virtual] [size=16K]\n"
        "\tExpansion ROM at f2000000 [disabled] [size=512K]\n"
        "\tCapabilities: [160 v1] Single Root I/O Virtualization (SR-IOV)\n"
        "\t\tRegion 0: Memory at f3000000 (64-bit, prefetchable) [size=1M]\n");
    add_bytes(64, 1, 0x0200, 0);
    assert_int_equal(parse(NULL, &dump, &diag), 0);
    assert_int_equal(dump.region_count, 3);
    assert_int_equal(dump.regions[0].index, 0);
    assert_int_equal(dump.regions[0].size, 4 << 20);
    assert_int_equal(dump.regions[1].index, 2);
    assert_int_equal(dump.regions[1].size, 32);
    assert_int_equal(dump.regions[2].index, -1);
    assert_int_equal(dump.regions[2].address, 0xf1000000);
    assert_int_equal(dump.regions[2].size, 16 << 10);
    assert_int_equal(dump.rom_size, 512 << 10);
}

static void a_broken_line_is_named_with_what_is_allowed(void **state)
{
    (void)state;
    start();
    add("03:00.0 Card\n00: 86 80 fb 10 00 00 10 00 01 00 00 02 10 00 80\n");
    assert_refused("card.txt:2: byte 15 is missing or not two hex digits; 16 bytes have to follow "
                   "the offset");
    start();
    add("03:00.0 Card\n00: 86 80 fb 10 00 00 1g 00 01 00 00 02 10 00 80 00\n");
    assert_refused("card.txt:2: byte 6 is missing or not two hex digits; 16 bytes have to follow "
                   "the offset");
    start();
    add("03:00.0 Card\n00: 86 80 fb 10 00 00 10 00 01 00 00 02 10 00 80 00 11\n");
    assert_refused("card.txt:2: more than 16 bytes in a line");
    start();
    add("03:00.0 Card\n00: 86 80 fb 10 00 00 10 00 01 00 00 02 10 00 80 00\n"
        "20: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n");
    assert_refused("card.txt:3: offset 0x20 where 0x10 or another function is due");
    start();
    add("03:00.0 Card\n00: 86 80 fb 10 00 00 10 00 01 00 00 02 10 00 80 00\n\n");
    assert_refused("card.txt:3: the dump ends at offset 0x10; allowed are 64, 128, 256 and 4096 "
                   "bytes");
    start();
    add("00: 86 80 fb 10 00 00 10 00 01 00 00 02 10 00 80 00\n");
    assert_refused("card.txt:1: bytes before the first headline (\"03:00.0 Ethernet controller: "
                   "…\")");
    start();
    add("03:00.0 Card\n10 86 80 fb 10 00 00 10 00 01 00 00 02 10 00 80 00\n");
    assert_refused("card.txt:2: neither a headline (\"03:00.0 …\") nor bytes (\"10: 0c 00 …\")");
    start();
    add("03:00.0 Card\n\tRegion 0: Memory at f0000000 [size=3M]\n");
    add_bytes(64, 1, 0x0200, 0);
    assert_refused("card.txt:2: a function has regions 0 to 5, each with a power of two up to 1T");
    start();
    add("03:00.0 Card\n\tRegion 6: Memory at f0000000 [size=4K]\n");
    add_bytes(64, 1, 0x0200, 0);
    assert_refused("card.txt:2: a function has regions 0 to 5, each with a power of two up to 1T");
}

static void a_dump_without_an_adapter_is_refused(void **state)
{
    (void)state;
    struct sim_dump dump;
    struct sim_diag diag = {0};
    start();
    add("00:00.0 Host bridge: One\n");
    add_bytes(64, 1, 0x0600, 0);
    assert_int_equal(parse(NULL, &dump, &diag), VIO_ENOENT);
    assert_non_null(strstr(diag.text, "no network, Fibre Channel or storage function"));
    start();
    assert_int_equal(parse(NULL, &dump, &diag), VIO_ENOENT);
    start();
    add("00:01.0 PCI bridge: One\n");
    add_bytes(64, 1, 0x0604, 1);
    assert_int_equal(parse("00:01.0", &dump, &diag), VIO_EPARSE);
    assert_string_equal(diag.text,
                        "card.txt:1: this is a bridge; an adapter's function has header type 0");
}

static void notes_around_the_dump_are_ignored(void **state)
{
    (void)state;
    struct sim_dump dump;
    struct sim_diag diag = {0};
    start();
    add("lspci: Unable to load libkmod resources: error -2\n# my server\n\n");
    add("03:00.0 Ethernet controller: Card\n");
    add_bytes(256, 1, 0x0200, 0);
    add("pcilib: something\n");
    assert_int_equal(parse(NULL, &dump, &diag), 0);
    assert_int_equal(dump.held, 256);
    assert_int_equal(dump.line, 4);
}

static void a_damaged_dump_never_crashes_and_fails_with_a_line(void **state)
{
    (void)state;
    uint64_t random = 1;
    start();
    add("03:00.0 Ethernet controller: Card\n\tRegion 0: Memory at f0000000 [size=4M]\n");
    add_bytes(4096, 1, 0x0200, 0);
    size_t len = strlen(text);
    char *copy = malloc(len);
    assert_non_null(copy);
    for (unsigned round = test_rounds(2000); round; round--) {
        struct sim_dump dump;
        struct sim_diag diag = {0};
        memcpy(copy, text, len);
        for (unsigned n = test_random(&random) % 4 + 1; n; n--)
            copy[test_random(&random) % len] = (char)test_random(&random);
        size_t cut = test_random(&random) % 4 ? len : test_random(&random) % len;
        int err = sim_dump_parse("card.txt", copy, cut, NULL, &dump, &diag);
        if (err)
            assert_memory_equal(diag.text, "card.txt:", 9);
        assert_int_equal(diag.code, err);
    }
    free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_network_function_is_taken_before_fibre_channel_and_storage),
        cmocka_unit_test(a_named_function_is_taken_with_or_without_its_domain),
        cmocka_unit_test(sizes_of_regions_are_read_from_both_verbose_forms),
        cmocka_unit_test(a_broken_line_is_named_with_what_is_allowed),
        cmocka_unit_test(a_dump_without_an_adapter_is_refused),
        cmocka_unit_test(notes_around_the_dump_are_ignored),
        cmocka_unit_test(a_damaged_dump_never_crashes_and_fails_with_a_line),
    };
    return cmocka_run_group_tests_name("dump", tests, NULL, NULL);
}
