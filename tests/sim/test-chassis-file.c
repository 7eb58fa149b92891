/* SPDX-License-Identifier: MIT */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/alloc.h"
#include "sim/chassis_file.h"
#include "sim/yaml.h"
#include "tests/sim/adapters.h"

#define SERVERS "servers:\n  - {name: s1}\n"
#define SLOTS   "slots:\n  - {name: a1}\n"

static int parse(const char *text, struct sim_chassis_spec **ret_spec, struct sim_diag *diag)
{
    return sim_chassis_spec_parse(NULL, "my.yaml", text, strlen(text), NULL, ret_spec, diag);
}

static void assert_refused(const char *text, const char *expected)
{
    struct sim_chassis_spec *spec = NULL;
    struct sim_diag diag = {0};
    int err = parse(text, &spec, &diag);
    assert_string_equal(diag.text, expected);
    assert_int_equal(err, VIO_EPARSE);
    assert_null(spec);
}

static void the_default_chassis_has_sixteen_servers_and_eight_cards(void **state)
{
    (void)state;
    struct sim_chassis_spec *spec;
    struct sim_diag diag = {0};
    if (sim_chassis_spec_load(NULL, NULL, NULL, &spec, &diag))
        fail_msg("%s", diag.text);
    assert_string_equal(sim_chassis_spec_name(spec), "vio-4000");
    assert_int_equal(sim_chassis_spec_servers(spec), 16);
    assert_int_equal(sim_chassis_spec_slots(spec), 8);
    unsigned paths = 0, kinds[4] = {0}, sharing[3] = {0};
    for (unsigned i = 0; i < 16; i++)
        paths += sim_chassis_spec_server(spec, i)->paths;
    assert_int_equal(paths, 18);
    assert_string_equal(sim_chassis_spec_server(spec, 0)->name, "server1");
    assert_null(sim_chassis_spec_server(spec, 16));
    char identities[8][64];
    for (unsigned i = 0; i < 8; i++) {
        struct sim_adapter *adapter;
        if (sim_chassis_spec_adapter(spec, i, &adapter, &diag))
            fail_msg("%s", diag.text);
        kinds[sim_adapter_kind(adapter)]++;
        sharing[sim_adapter_sharing(adapter)]++;
        snprintf(identities[i], sizeof(identities[i]), "%s", sim_adapter_identity(adapter));
        for (unsigned k = 0; k < i; k++)
            assert_string_not_equal(identities[i], identities[k]);
        sim_adapter_free(adapter);
    }
    assert_int_equal(kinds[SIM_ADAPTER_NIC], 4);
    assert_int_equal(kinds[SIM_ADAPTER_HBA], 2);
    assert_int_equal(kinds[SIM_ADAPTER_DISK], 2);
    assert_int_equal(sharing[SIM_SHARING_SRIOV], 3);
    assert_int_equal(sharing[SIM_SHARING_PROXIED], 5);
    sim_chassis_spec_free(spec);
}

static void every_key_is_read_and_has_a_default(void **state)
{
    (void)state;
    struct sim_chassis_spec *spec;
    struct sim_diag diag = {0};
    assert_int_equal(parse("uuid: 01234567-89ab-cdef-0123-456789abcdef\nname: n\nmodel: m\n"
                           "serial: \"0042\"\n"
                           "limits: {functions: 16384, ring-entries: 64, queue-sets: 16}\n"
                           "timing: {command: 1, hotplug: 2, link-training: 0x3}\n"
                           "servers:\n  - name: s1\n    paths: 2\n    hotplug-slots: 64\n"
                           "    power: off\n    speed: 5\n    lanes: 16\n  - {name: s2}\n"
                           "slots:\n  - {name: a1, adapter: myricom-10g, speed: 1, lanes: 12}\n"
                           "  - {name: a2, adapter: }\n  - {name: a3, adapter: none}\n",
                           &spec, &diag),
                     0);
    assert_memory_equal(sim_chassis_spec_uuid(spec), "\x01\x23\x45\x67", 4);
    assert_string_equal(sim_chassis_spec_model(spec), "m");
    assert_string_equal(sim_chassis_spec_serial(spec), "0042");
    assert_int_equal(sim_chassis_spec_limits(spec)->functions, 16384);
    assert_int_equal(sim_chassis_spec_limits(spec)->ring_entries, 64);
    assert_int_equal(sim_chassis_spec_limits(spec)->queue_sets, 16);
    assert_int_equal(sim_chassis_spec_timing(spec)->link_training_us, 3);
    const struct sim_server_spec *server = sim_chassis_spec_server(spec, 0);
    assert_int_equal(server->paths, 2);
    assert_int_equal(server->hotplug_slots, 64);
    assert_false(server->power);
    assert_int_equal(server->link.speed, 5);
    assert_int_equal(server->link.width, 16);
    server = sim_chassis_spec_server(spec, 1);
    assert_int_equal(server->paths, 1);
    assert_true(server->power);
    assert_string_equal(sim_chassis_spec_slot(spec, 0)->adapter, "myricom-10g");
    assert_int_equal(sim_chassis_spec_slot(spec, 0)->link.width, 12);
    assert_null(sim_chassis_spec_slot(spec, 1)->adapter);
    assert_null(sim_chassis_spec_slot(spec, 2)->adapter);
    sim_chassis_spec_free(spec);
}

static void mistakes_are_named_with_line_and_remedy(void **state)
{
    (void)state;
    assert_refused("", "my.yaml:1: the file is empty");
    assert_refused("- a\n", "my.yaml:1: a chassis has to be a mapping (\"key: value\" lines)");
    assert_refused("name: x\ncolour: red\n",
                   "my.yaml:2: \"colour\" is no key of a chassis; allowed are uuid, name, model, "
                   "serial, limits, timing, servers, slots");
    assert_refused("name: x\nname: y\n", "my.yaml:2: \"name\" is given twice");
    assert_refused("uuid: 1234\n",
                   "my.yaml:1: uuid has to look like 01234567-89ab-cdef-0123-456789abcdef");
    assert_refused("name: x\n", "my.yaml:1: servers is missing: a list of at least one");
    assert_refused("servers: []\n", "my.yaml:1: servers is empty; at least one is needed");
    assert_refused("servers: many\n", "my.yaml:1: servers has to be a list (\"- item\" lines)");
    assert_refused(SERVERS, "my.yaml:1: slots is missing: a list of at least one");
    assert_refused(SERVERS "  - {name: s1}\n" SLOTS, "my.yaml:3: server \"s1\" is there already");
    assert_refused(SERVERS SLOTS "  - {speed: 3}\n", "my.yaml:5: the slot needs a name");
    assert_refused("servers:\n  - {name: s, paths: 3}\n",
                   "my.yaml:2: paths is \"3\"; allowed is a number from 1 to 2");
    assert_refused("servers:\n  - {name: s, power: maybe}\n",
                   "my.yaml:2: power is \"maybe\"; allowed are on and off");
    assert_refused("servers:\n  - {name: s, lanes: 3}\n",
                   "my.yaml:2: lanes is 3; allowed are 1, 2, 4, 8, 12, 16 and 32");
    assert_refused("limits: {functions: 16385}\n",
                   "my.yaml:1: functions is \"16385\"; allowed is a number from 1 to 16384");
    assert_refused("limits: {ring-entries: 100}\n",
                   "my.yaml:1: ring-entries has to be a power of two");
    assert_refused("timing: {command: [1]}\n",
                   "my.yaml:1: command is \"a list or a mapping\"; allowed is a number from 0 to "
                   "60000000");
    assert_refused(SERVERS "slots:\n  - {name: a=b}\n",
                   "my.yaml:4: a slot's name must not contain \"=\"");
    assert_refused("name: \"a\\nb\"\n", "my.yaml:1: name must not contain control characters");
    assert_refused("name: \"a\\0b\"\n", "my.yaml:1: text must not contain a zero byte");
    assert_refused("name: &a x\n", "my.yaml:1: anchors, aliases and tags are not allowed");
    assert_refused("name: !!str x\n", "my.yaml:1: anchors, aliases and tags are not allowed");
    assert_refused("name: x\n---\nname: y\n", "my.yaml:2: only one document is allowed in a file");
    assert_refused("name: [x\n", "my.yaml:2: not YAML: did not find expected ',' or ']'");
}

static void names_have_at_most_63_bytes(void **state)
{
    (void)state;
    char text[512], name[301];
    struct sim_chassis_spec *spec = NULL;
    memset(name, 'x', 300);
    name[300] = '\0';
    snprintf(text, sizeof(text), "servers:\n  - {name: %s}\n" SLOTS, name);
    assert_refused(text, "my.yaml:2: name has 300 bytes; allowed are 1 to 63");
    snprintf(text, sizeof(text), "servers:\n  - {name: %.63s}\n" SLOTS, name);
    assert_int_equal(parse(text, &spec, NULL), 0);
    sim_chassis_spec_free(spec);
    assert_refused("servers:\n  - {name: \"\"}\n",
                   "my.yaml:2: name has 0 bytes; allowed are 1 to 63");
}

static void the_largest_chassis_loads_and_one_more_server_does_not(void **state)
{
    (void)state;
    size_t size = 32768;
    char *text = malloc(size);
    assert_non_null(text);
    for (unsigned extra = 0; extra < 3; extra++) {
        struct sim_chassis_spec *spec = NULL;
        struct sim_diag diag = {0};
        size_t len = (size_t)snprintf(text, size, "servers:\n");
        for (unsigned i = 0; i < 256 + (extra == 1); i++)
            len += (size_t)snprintf(text + len, size - len, "  - {name: s%u}\n", i);
        len += (size_t)snprintf(text + len, size - len, "slots:\n");
        for (unsigned i = 0; i < 64 + (extra == 2); i++)
            len += (size_t)snprintf(text + len, size - len, "  - {name: a%u}\n", i);
        int err = parse(text, &spec, &diag);
        assert_int_equal(err, extra ? VIO_EPARSE : 0);
        if (extra)
            assert_string_equal(diag.text, extra == 1 ? "my.yaml:258: more than 256 servers"
                                                      : "my.yaml:323: more than 64 slots");
        sim_chassis_spec_free(spec);
    }
    free(text);
}

static void bombs_are_refused_quickly(void **state)
{
    (void)state;
    struct sim_chassis_spec *spec = NULL;
    struct sim_diag diag = {0};
    char *text = malloc(SIM_YAML_SIZE_MAX + 2);
    assert_non_null(text);
    memset(text, '[', 1000);
    text[1000] = '\0';
    assert_int_equal(parse(text, &spec, &diag), VIO_ELIMIT);
    assert_string_equal(diag.text, "my.yaml:1: nested more than 16 levels deep");
    text[0] = '[';
    for (unsigned i = 1; i < 200000; i += 2)
        memcpy(text + i, "a,", 2);
    text[200001] = '\0';
    assert_int_equal(parse(text, &spec, &diag), VIO_ELIMIT);
    assert_string_equal(diag.text, "my.yaml:1: more than 65536 values");
    memset(text, '#', SIM_YAML_SIZE_MAX + 1);
    text[SIM_YAML_SIZE_MAX + 1] = '\0';
    assert_int_equal(parse(text, &spec, &diag), VIO_ELIMIT);
    assert_string_equal(diag.text, "my.yaml: larger than 1 MiB");
    free(text);
    assert_null(spec);
}

static void another_card_can_be_put_into_a_slot(void **state)
{
    (void)state;
    struct sim_chassis_spec *spec;
    struct sim_adapter *adapter = NULL;
    struct sim_diag diag = {0};
    assert_int_equal(
        parse(SERVERS SLOTS "  - {name: a2, adapter: nothing-like-it}\n", &spec, &diag), 0);
    assert_int_equal(sim_chassis_spec_set_adapter(spec, "a1", "lsi-sas2008", &diag), 0);
    assert_int_equal(sim_chassis_spec_adapter(spec, 0, &adapter, &diag), 0);
    assert_int_equal(sim_adapter_kind(adapter), SIM_ADAPTER_DISK);
    sim_adapter_free(adapter);
    adapter = NULL;
    assert_int_equal(sim_chassis_spec_set_adapter(spec, "a1", "none", &diag), 0);
    assert_int_equal(sim_chassis_spec_adapter(spec, 0, &adapter, &diag), 0);
    assert_null(adapter);
    assert_int_equal(sim_chassis_spec_set_adapter(spec, "a9", "lsi-sas2008", &diag), VIO_ENOENT);
    assert_string_equal(diag.text, "no slot \"a9\" in my.yaml; there are 2, from \"a1\" to \"a2\"");
    assert_int_equal(sim_chassis_spec_adapter(spec, 1, &adapter, &diag), VIO_ENOENT);
    assert_memory_equal(diag.text, "my.yaml:5: slot \"a2\": adapter \"nothing-like-it\": no such",
                        56);
    assert_int_equal(sim_chassis_spec_adapter(spec, 2, &adapter, &diag), VIO_EINVAL);
    sim_chassis_spec_free(spec);
}

static void a_missing_file_is_named(void **state)
{
    (void)state;
    struct sim_chassis_spec *spec = NULL;
    struct sim_diag diag = {0};
    assert_int_equal(sim_chassis_spec_load(NULL, "/nowhere/x.yaml", NULL, &spec, &diag),
                     VIO_ENOENT);
    assert_memory_equal(diag.text, "/nowhere/x.yaml: cannot be read", 31);
}

/* Fails the `left`th allocation and all that follow. */
struct scarce {
    unsigned left;
    unsigned live;
};

static void *scarce_realloc(void *ptr, size_t size, void *user)
{
    struct scarce *scarce = user;
    if (!scarce->left)
        return NULL;
    scarce->left--;
    scarce->live += !ptr;
    return realloc(ptr, size);
}

static void *scarce_malloc(size_t size, void *user)
{
    return scarce_realloc(NULL, size, user);
}

static void scarce_free(void *ptr, void *user)
{
    struct scarce *scarce = user;
    scarce->live -= ptr != NULL;
    free(ptr);
}

static int make_all(const struct vio_alloc *alloc)
{
    static const struct sim_link link = {.speed = 3, .width = 8};
    struct sim_chassis_spec *spec = NULL;
    struct sim_adapter *adapter = NULL, *dumped = NULL;
    struct sim_cfgspace *space = NULL;
    struct sim_hierarchy *hierarchy = NULL;
    struct sim_diag diag = {0};
    char *dump = test_captured("intel-82599es.lspci");
    int err = sim_chassis_spec_load(alloc, NULL, NULL, &spec, &diag);
    if (!err)
        err = sim_chassis_spec_set_adapter(spec, "slot1", "lsi-sas2008", &diag);
    if (!err)
        err = sim_chassis_spec_adapter(spec, 0, &adapter, &diag);
    if (!err && dump)
        err = sim_adapter_load(alloc, dump, NULL, &dumped, &diag);
    assert_int_equal(diag.code, err);
    if (!err && dumped) /* not without its description for want of memory */
        assert_int_equal(sim_adapter_functions_max(dumped), 64);
    if (!err)
        err = sim_cfgspace_new(adapter, &space);
    if (!err)
        err = sim_hierarchy_new(alloc, 4, &link, NULL, NULL, &hierarchy);
    sim_hierarchy_free(hierarchy);
    sim_cfgspace_free(space);
    sim_adapter_free(dumped);
    sim_adapter_free(adapter);
    sim_chassis_spec_free(spec);
    free(dump);
    return err;
}

static void running_out_of_memory_fails_cleanly_everywhere(void **state)
{
    (void)state;
    struct scarce scarce;
    struct vio_alloc alloc = {scarce_malloc, scarce_realloc, scarce_free, &scarce};
    unsigned allowed = 0;
    for (int err = VIO_ENOMEM; err; allowed++) {
        scarce = (struct scarce){.left = allowed};
        err = make_all(&alloc);
        assert_true(err == 0 || err == VIO_ENOMEM);
        assert_int_equal(scarce.live, 0);
        assert_true(allowed < 10000);
    }
    assert_true(allowed > 20);
}

static void a_damaged_file_never_crashes_and_fails_with_one_line(void **state)
{
    (void)state;
    static const char text[] = "uuid: 01234567-89ab-cdef-0123-456789abcdef\nname: n\n"
                               "limits: {functions: 16384, ring-entries: 64, queue-sets: 16}\n"
                               "timing: {command: 1, hotplug: 2, link-training: 0x3}\n"
                               "servers:\n  - name: s1\n    paths: 2\n    hotplug-slots: 64\n"
                               "    power: off\n    speed: 5\n    lanes: 16\n  - {name: s2}\n"
                               "slots:\n  - {name: a1, adapter: myricom-10g, speed: 1}\n";
    static const char letters[] = "\n :-[]{}&*!|>'\"#%@,?0x9a~\\\xc3\xff";
    uint64_t random = 5;
    for (unsigned round = test_rounds(5000); round; round--) {
        char copy[sizeof(text)];
        struct sim_chassis_spec *spec = NULL;
        struct sim_diag diag = {0};
        memcpy(copy, text, sizeof(text));
        for (unsigned n = test_random(&random) % 5 + 1; n; n--)
            copy[test_random(&random) % (sizeof(text) - 1)] =
                letters[test_random(&random) % (sizeof(letters) - 1)];
        int err =
            sim_chassis_spec_parse(NULL, "my.yaml", copy, sizeof(text) - 1, NULL, &spec, &diag);
        assert_int_equal(diag.code, err);
        assert_int_equal(err != 0, spec == NULL);
        assert_int_equal(err != 0, diag.text[0] != '\0');
        sim_chassis_spec_free(spec);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_default_chassis_has_sixteen_servers_and_eight_cards),
        cmocka_unit_test(every_key_is_read_and_has_a_default),
        cmocka_unit_test(mistakes_are_named_with_line_and_remedy),
        cmocka_unit_test(names_have_at_most_63_bytes),
        cmocka_unit_test(the_largest_chassis_loads_and_one_more_server_does_not),
        cmocka_unit_test(bombs_are_refused_quickly),
        cmocka_unit_test(another_card_can_be_put_into_a_slot),
        cmocka_unit_test(a_missing_file_is_named),
        cmocka_unit_test(running_out_of_memory_fails_cleanly_everywhere),
        cmocka_unit_test(a_damaged_file_never_crashes_and_fails_with_one_line),
    };
    return cmocka_run_group_tests_name("chassis-file", tests, NULL, NULL);
}
