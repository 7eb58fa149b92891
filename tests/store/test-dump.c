/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/store/objects.h"
#include "tests/store/dumps.h"
#include "tests/support/test.h"

#define HEAD                                          \
    "{\"format\": \"libvio-store\", \"version\": 1, " \
    "\"store\": \"123e4567-e89b-42d3-a456-426614174000\""
#define VNIC_WITH(name, last, more)                                                   \
    "{\"name\": \"" name "\", \"uuid\": \"00000000-0000-4000-8000-0000000000" last    \
    "\", \"kind\": \"vnic\", \"chassis\": \"11111111-2222-4333-8444-555555555555\", " \
    "\"adapter\": 1, \"address\": \"02:00:00:00:00:" last "\"" more "}"
#define VNIC(more) HEAD ", \"vadapters\": [" VNIC_WITH("web0", "01", more) "]}"

#define POOL(more)                                                                              \
    HEAD ", \"pools\": [{\"name\": \"p\", \"uuid\": \"00000000-0000-4000-8000-000000000001\", " \
         "\"order\": \"lowest\", " more "}]}"

static struct vio_dump *parse(const char *text)
{
    struct vio_dump *dump;

    assert_int_equal(vio__dump_parse(NULL, text, strlen(text), &dump), 0);
    return dump;
}

static void what_is_written_is_read_again(void **state)
{
    unsigned rounds = test_rounds(200);

    (void)state;
    for (unsigned seed = 0; seed < rounds; seed++) {
        struct vio_dump *written = dumps_random(seed, seed % 40);
        struct vio_dump *read = parse(written->text);

        assert_int_equal(read->status, 0);
        assert_int_equal(read->size, written->size);
        assert_memory_equal(read->text, written->text, written->size);
        for (size_t kind = 0; kind < VIO_DUMP_KINDS; kind++)
            assert_int_equal(read->set[kind].count, written->set[kind].count);
        vio__dump_unref(read);
        vio__dump_unref(written);
    }
}

/* Equal text could also come of a field that is neither written nor read. */
static void every_field_of_a_vadapter_comes_back(void **state)
{
    const size_t vadapters = VIO_DUMP_KINDS - 1;
    struct vio_dump *written = dumps_random(7, 2000);
    struct vio_dump *read = parse(written->text);

    (void)state;
    for (size_t i = 0; i < written->set[vadapters].count; i++) {
        const struct vio_vadapter_info *a = written->set[vadapters].object[i];
        const struct vio_vadapter_info *b = read->set[vadapters].object[i];

        assert_true(vio__vadapter_equal(a, b));
        assert_string_equal(a->name, b->name);
        assert_memory_equal(a->uuid, b->uuid, sizeof(a->uuid));
        assert_memory_equal(&a->factory_address, &b->factory_address, sizeof(a->factory_address));
    }
    vio__dump_unref(read);
    vio__dump_unref(written);
}

static void shuffle(struct vio_dump *dump)
{
    for (size_t kind = 0; kind < VIO_DUMP_KINDS; kind++) {
        void **object = dump->set[kind].object;

        for (size_t i = 0, j = dump->set[kind].count; j > i + 1; i++) {
            void *first = object[i];

            object[i] = object[--j];
            object[j] = first;
        }
    }
}

static void the_order_in_which_objects_came_does_not_show(void **state)
{
    struct vio_dump *dump = dumps_random(3, 100);
    char *text = dump->text;
    size_t size = dump->size;

    (void)state;
    shuffle(dump);
    assert_int_equal(vio__dump_finish(dump), 0);
    assert_int_equal(dump->size, size);
    assert_memory_equal(dump->text, text, size);
    free(text);
    vio__dump_unref(dump);
}

/* -- Documents that are refused ---------------------------------------------------------------- */

static const struct {
    const char *text, *path, *said;
    int code;
} refused[] = {
    {"", "", "line 1", VIO_EPARSE},
    {"{", "", "line 1", VIO_EPARSE},
    {"[]", "", "an array is not allowed here; allowed: an object", VIO_EPARSE},
    {"{}", "format", "nothing is not allowed here; allowed: \"libvio-store\"", VIO_EPARSE},
    {"{\"format\": 3}", "format", "3 is not allowed", VIO_EPARSE},
    {"{\"format\": \"libvio-store\", \"version\": 2}", "version",
     "2 is not allowed here; allowed: an integer from 1 to 1", VIO_EPARSE},
    {"{\"format\": \"libvio-store\", \"version\": 1}", "store", "nothing", VIO_EPARSE},
    {HEAD ", \"a\\u0001\\\"\": 1}", "", "\"a\\u0001\\\"\" is not allowed here; allowed: format",
     VIO_EPARSE},
    {HEAD ", \"store\": 1}", "", "duplicate", VIO_EPARSE},
    {HEAD ", \"vadapters\": {}}", "vadapters", "an object is not allowed", VIO_EPARSE},
    {HEAD ", \"vadapters\": [7]}", "vadapters[0]", "7 is not allowed here; allowed: an object",
     VIO_EPARSE},
    {HEAD ", \"vadapters\": [{}]}", "vadapters[0].name", "is missing", VIO_EPARSE},
    {VNIC(", \"color\": 1"), "vadapters[0]", "the key \"color\" is unknown; allowed: name, uuid",
     VIO_EPARSE},
    {VNIC(", \"server\": 1"), "vadapters[0]", "server and path go together", VIO_EPARSE},
    {VNIC(", \"server\": -1, \"path\": 0"), "vadapters[0].server", "from 0 to 65535", VIO_EPARSE},
    {VNIC(", \"server\": 1.5, \"path\": 0"), "vadapters[0].server", "1.5 is not", VIO_EPARSE},
    {VNIC(", \"server\": \"1\", \"path\": 0"), "vadapters[0].server", "\"1\" is not", VIO_EPARSE},
    {VNIC(", \"path\": 2, \"server\": 0"), "vadapters[0].path", "from 0 to 1", VIO_EPARSE},
    {VNIC(", \"enabled\": 1"), "vadapters[0].enabled", "true or false", VIO_EPARSE},
    {VNIC(", \"size\": 1048576"), "vadapters[0].size", "a vdisk only", VIO_EINVAL},
    {VNIC(", \"node_address\": \"20:00:00:00:00:00:00:01\""), "vadapters[0].node_address",
     "a vhba only", VIO_EADDR},
    {VNIC(", \"factory_address\": \"03:00:00:00:00:01\""), "vadapters[0].factory_address",
     "neither multicast", VIO_EADDR},
    {VNIC(", \"vlan\": {\"mode\": \"access\", \"vlan\": 4095}"), "vadapters[0].vlan.vlan",
     "from 1 to 4094", VIO_EPARSE},
    {VNIC(", \"vlan\": {\"mode\": \"trunk\"}"), "vadapters[0].vlan", "vlans are needed",
     VIO_EPARSE},
    {VNIC(", \"vlan\": {\"mode\": \"trunk\", \"vlans\": \"5,,6\"}"), "vadapters[0].vlan.vlans",
     "\"5,,6\" is not allowed", VIO_EPARSE},
    {VNIC(", \"vlan\": {\"mode\": \"q\"}"), "vadapters[0].vlan.mode",
     "\"none\", \"access\", \"trunk\"", VIO_EPARSE},
    {VNIC(", \"qos\": {\"tx\": {\"cir\": \"18446744073709551616\"}}"), "vadapters[0].qos.tx.cir",
     "beyond 9007199254740991 as text", VIO_EPARSE},
    {VNIC(", \"qos\": {\"tx\": {\"cir\": \"7\"}}"), "vadapters[0].qos.tx.cir", "\"7\" is not",
     VIO_EPARSE},
    {VNIC(", \"qos\": {\"class\": 8}"), "vadapters[0].qos.class", "from 0 to 7", VIO_EPARSE},
    {VNIC(", \"description\": \"a\\nb\""), "vadapters[0].description", "\"a\\nb\" is not allowed",
     VIO_ENAME},
    {VNIC(", \"labels\": {\"a b\": \"\"}"), "vadapters[0].labels", "\"a b\" is not allowed",
     VIO_ENAME},
    {VNIC(", \"labels\": {\"a\": 1}"), "vadapters[0].labels.a", "127 bytes", VIO_ENAME},
    {HEAD ", \"vadapters\": [" VNIC_WITH("a", "01", "") "," VNIC_WITH("a", "02", "") "]}",
     "vadapters[1].name", "is that of vadapters[0] too", VIO_EDUPLICATE},
    {HEAD ", \"holds\": [{\"address\": \"02:00:00:00:00:01\", \"state\": \"assigned\"}]}",
     "holds[0].state", "\"reserved\", \"quarantined\", \"external\"", VIO_EPARSE},
    {HEAD ", \"holds\": [{\"address\": \"02:00:00:00:00:01\", \"state\": \"external\"}], "
          "\"vadapters\": [" VNIC_WITH("a", "01", "") "]}",
     "vadapters[0].address", "is that of holds[0] too", VIO_EDUPLICATE},
    {POOL("\"purpose\": \"ip\""), "pools[0].purpose", "\"mac\", \"wwnn\"", VIO_EPARSE},
    {POOL("\"purpose\": \"mac\", \"ranges\": [{\"first\": \"02:00:00:00:00:01\"}]"),
     "pools[0].ranges[0].last", "is missing", VIO_EPARSE},
    {POOL("\"purpose\": \"mac\", \"ranges\": [{\"first\": \"02:00:00:00:00:01\", "
          "\"last\": \"20:00:00:00:00:00:00:01\"}]"),
     "pools[0]", "a pool of purpose mac has", VIO_EADDR},
    {POOL("\"purpose\": \"mac\", \"ranges\": 1"), "pools[0].ranges", "at most 256 ranges",
     VIO_EPARSE},
    {POOL("\"purpose\": \"mac\", \"quarantine\": 31536001"), "pools[0].quarantine",
     "from 0 to 31536000", VIO_EPARSE},
    {HEAD ", \"chassis\": [{\"uuid\": \"00000000-0000-0000-0000-000000000000\"}]}",
     "chassis[0].uuid", "not nil", VIO_EPARSE},
};

static void a_refusal_says_where_what_and_what_is_allowed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct vio_dump *dump = parse(refused[i].text);
        const struct vio_dump_problem *problem = dump->problems.problem;

        if (dump->problems.count == 0)
            fail_msg("%s was taken", refused[i].text);
        if (strcmp(problem->path, refused[i].path) != 0 || !strstr(problem->text, refused[i].said))
            fail_msg("%s: said '%s: %s'", refused[i].text, problem->path, problem->text);
        assert_int_equal(problem->code, refused[i].code);
        assert_int_equal(dump->status, refused[i].code);
        assert_null(dump->text);
        vio__dump_unref(dump);
    }
}

static void every_problem_is_said_not_the_first_alone(void **state)
{
    struct vio_dump *dump =
        parse(HEAD ", \"x\": 1, \"vadapters\": [{\"name\": \"-\", \"kind\": 3}, 4]}");
    const char *const paths[] = {"",
                                 "vadapters[0].name",
                                 "vadapters[0].kind",
                                 "vadapters[0].uuid",
                                 "vadapters[0].chassis",
                                 "vadapters[0].adapter",
                                 "vadapters[0].address",
                                 "vadapters[1]"};

    (void)state;
    assert_int_equal(dump->problems.count, sizeof paths / sizeof *paths);
    for (size_t i = 0; i < dump->problems.count; i++)
        assert_string_equal(dump->problems.problem[i].path, paths[i]);
    vio__dump_unref(dump);
}

static void problems_are_bounded_and_counted(void **state)
{
    const size_t count = 3 * VIO_DUMP_PROBLEMS_MAX;
    char *text = malloc(sizeof HEAD + 64 + 2 * count);
    size_t used = (size_t)sprintf(text, HEAD ", \"holds\": [0");
    struct vio_dump *dump;

    (void)state;
    for (size_t i = 1; i < count; i++, used += 2)
        memcpy(text + used, ",0", 2);
    strcpy(text + used, "]}");
    dump = parse(text);
    assert_int_equal(dump->problems.count, VIO_DUMP_PROBLEMS_MAX + 1);
    assert_string_equal(dump->problems.problem[VIO_DUMP_PROBLEMS_MAX].text,
                        "there are 2000 more problems, which are not listed");
    vio__dump_unref(dump);
    free(text);
}

static void long_values_are_shown_in_part(void **state)
{
    char text[sizeof HEAD + 4096] = HEAD ", \"vadapters\": [{\"name\": \"";
    struct vio_dump *dump;

    (void)state;
    for (unsigned i = 0; i < 500; i++)
        strcat(text, "\xe6\x97\xa5\x7f");
    strcat(text, "\"}]}");
    dump = parse(text);
    assert_true(dump->problems.count > 0);
    assert_true(strlen(dump->problems.problem[0].text) < 512);
    assert_non_null(strstr(dump->problems.problem[0].text, "..."));
    assert_null(strchr(dump->problems.problem[0].text, 0x7f));
    vio__dump_unref(dump);
}

static void a_hundred_thousand_vadapters_come_back(void **state)
{
    struct vio_dump *written = dumps_random(1, 100000);
    struct vio_dump *read = parse(written->text);

    (void)state;
    assert_int_equal(read->status, 0);
    assert_int_equal(read->size, written->size);
    assert_memory_equal(read->text, written->text, written->size);
    vio__dump_unref(read);
    vio__dump_unref(written);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(every_field_of_a_vadapter_comes_back),
        cmocka_unit_test(the_order_in_which_objects_came_does_not_show),
        cmocka_unit_test(a_refusal_says_where_what_and_what_is_allowed),
        cmocka_unit_test(every_problem_is_said_not_the_first_alone),
        cmocka_unit_test(problems_are_bounded_and_counted),
        cmocka_unit_test(long_values_are_shown_in_part),
        cmocka_unit_test(a_hundred_thousand_vadapters_come_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
