/* SPDX-License-Identifier: MIT */
/* lspci is the judge: what it makes of a server's hierarchy holds no complaint that it does not
 * make of the card itself. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/buf.h"
#include "sim/hierarchy.h"
#include "tests/sim/adapters.h"

#define CARDS_MAX 32

static char directory[] = "vio-lspci-XXXXXX";
static char dump_path[64], out_path[64];

/* Runs lspci over the dump and returns what it prints, on both channels; the caller frees. */
static char *run_lspci(const char *options)
{
    char command[256];
    snprintf(command, sizeof(command), "lspci -F %s %s > %s 2>&1", dump_path, options, out_path);
    int status = system(command);
    FILE *file = fopen(out_path, "r");
    assert_non_null(file);
    char *text = calloc(1, 8 << 20);
    assert_non_null(text);
    size_t n = fread(text, 1, (8 << 20) - 1, file);
    fclose(file);
    text[n] = '\0';
    if (status)
        fail_msg("%s: %s", command, text);
    return text;
}

static void write_dump(const char *text)
{
    FILE *file = fopen(dump_path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* The card itself, as lspci -xxxx shows it. */
static void write_card(const struct sim_adapter *adapter)
{
    const uint8_t *image = sim_adapter_image(adapter);
    FILE *file = fopen(dump_path, "w");
    assert_non_null(file);
    fputs("01:00.0 Card\n", file);
    for (unsigned i = 0; i < SIM_CONFIG_SIZE; i++) {
        if (i % 16 == 0)
            fprintf(file, "%02x:", i);
        fprintf(file, " %02x%s", image[i], i % 16 == 15 ? "\n" : "");
    }
    assert_int_equal(fclose(file), 0);
}

static bool is_complaint(const char *line)
{
    static const char *const marks[] = {"<?>",      "!!!",       "looped", "<unknown>", "<invalid",
                                        "<ignored", "<access d", "pcilib", "??",        "lspci:"};
    if (strstr(line, "libkmod")) /* lspci about its own installation */
        return false;
    for (unsigned i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (strstr(line, marks[i]))
            return true;
    return false;
}

/* Fails unless every complaint in `text` is in `allowed` as well. Frees `text`. */
static void assert_no_new_complaint(char *text, const char *allowed, const char *what)
{
    char *save = NULL;
    for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
        if (is_complaint(line) && !strstr(allowed, line))
            fail_msg("%s: lspci prints \"%s\"", what, line);
    free(text);
}

static unsigned collect(const char *cards[CARDS_MAX], char *paths[CARDS_MAX])
{
    unsigned count = 0, path_count = 0;
    for (unsigned i = 0; test_descriptions[i]; i++)
        cards[count++] = test_descriptions[i];
    for (unsigned i = 0; test_dumps[i]; i++) {
        char *path = test_captured(test_dumps[i]);
        if (path)
            cards[count++] = paths[path_count++] = path;
    }
    return count;
}

static void write_hierarchy(const struct sim_hierarchy *hierarchy)
{
    struct vio_buf buf;
    vio__buf_init(&buf, NULL, 4 << 20);
    assert_int_equal(sim_hierarchy_dump(hierarchy, &buf), 0);
    write_dump(vio__buf_str(&buf));
    vio__buf_free(&buf);
}

static void check_card(const char *where)
{
    static const struct sim_link link = {.speed = 3, .width = 8};
    struct sim_adapter *adapter = test_load(where);
    struct sim_cfgspace *space;
    struct sim_hierarchy *hierarchy;
    assert_int_equal(sim_cfgspace_new(adapter, &space), 0);
    assert_int_equal(sim_hierarchy_new(NULL, 4, &link, NULL, NULL, &hierarchy), 0);
    write_card(adapter);
    char *original = run_lspci("-vvxxx");
    assert_int_equal(sim_hierarchy_plug(hierarchy, 2, space, "card"), 0);
    write_hierarchy(hierarchy);
    assert_no_new_complaint(run_lspci("-vvxxx"), original, where);
    assert_int_equal(sim_hierarchy_unplug(hierarchy, 2, true), 0);
    write_hierarchy(hierarchy);
    assert_no_new_complaint(run_lspci("-vvxxx"), "", where);
    free(original);
    sim_hierarchy_free(hierarchy);
    sim_cfgspace_free(space);
    sim_adapter_free(adapter);
}

static void lspci_decodes_every_card_in_a_server_without_new_complaints(void **state)
{
    (void)state;
    const char *cards[CARDS_MAX];
    char *paths[CARDS_MAX] = {NULL};
    unsigned count = collect(cards, paths);
    for (unsigned i = 0; i < count; i++)
        check_card(cards[i]);
    for (unsigned i = 0; i < CARDS_MAX; i++)
        free(paths[i]);
}

static void lspci_draws_the_whole_hierarchy_as_one_tree(void **state)
{
    (void)state;
    static const struct sim_link link = {.speed = 4, .width = 16};
    struct sim_cfgspace *spaces[64] = {NULL};
    struct sim_hierarchy *hierarchy;
    assert_int_equal(sim_hierarchy_new(NULL, 64, &link, NULL, NULL, &hierarchy), 0);
    for (unsigned i = 0; i < 64; i++) {
        struct sim_adapter *adapter = test_load(test_descriptions[i % 7]);
        assert_int_equal(sim_cfgspace_new(adapter, &spaces[i]), 0);
        assert_int_equal(sim_hierarchy_plug(hierarchy, i, spaces[i], NULL), 0);
        sim_adapter_free(adapter);
    }
    write_hierarchy(hierarchy);
    char *tree = run_lspci("-tvn");
    assert_non_null(strstr(tree, "-[0000:00]---01.0-[01-42]----00.0-[02-42]--+-00.0-[03]----00.0"));
    assert_non_null(strstr(tree, "\\-07.7-[42]----00.0"));
    unsigned endpoints = 0;
    for (const char *at = tree; (at = strstr(at, "]----00.0  ")); at++)
        endpoints++;
    assert_int_equal(endpoints, 64);
    assert_no_new_complaint(tree, "", "tree");
    assert_no_new_complaint(run_lspci("-vv"), "", "64 slots");
    sim_hierarchy_free(hierarchy);
    for (unsigned i = 0; i < 64; i++)
        sim_cfgspace_free(spaces[i]);
}

static void the_machines_own_dump_loads(void **state)
{
    (void)state;
    char command[128];
    struct sim_adapter *adapter = NULL;
    struct sim_diag diag = {0};
    snprintf(command, sizeof(command), "lspci -xxxx > %s 2>/dev/null", dump_path);
    if (system(command) || sim_adapter_load(NULL, dump_path, NULL, &adapter, &diag)) {
        if (strstr(diag.text, "no network")) /* a machine without adapters, such as a container */
            skip();
        fail_msg("%s: %s", command, diag.text);
    }
    assert_int_not_equal(sim_adapter_kind(adapter), SIM_ADAPTER_OTHER);
    sim_adapter_free(adapter);
    char copy[64];
    snprintf(copy, sizeof(copy), "%s/machine", directory);
    assert_int_equal(rename(dump_path, copy), 0);
    check_card(copy);
    unlink(copy);
}

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(directory))
        return -1;
    snprintf(dump_path, sizeof(dump_path), "%s/dump", directory);
    snprintf(out_path, sizeof(out_path), "%s/out", directory);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(dump_path);
    unlink(out_path);
    return rmdir(directory);
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");
    if (tmp && chdir(tmp))
        return 1;
    if (system("lspci --version > /dev/null 2>&1"))
        return 77;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lspci_decodes_every_card_in_a_server_without_new_complaints),
        cmocka_unit_test(lspci_draws_the_whole_hierarchy_as_one_tree),
        cmocka_unit_test(the_machines_own_dump_loads),
    };
    return cmocka_run_group_tests_name("lspci", tests, set_up, tear_down);
}
