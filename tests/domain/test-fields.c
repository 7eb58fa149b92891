/* SPDX-License-Identifier: MIT */
/* Fields of objects as text: each that differs is told once, with both values. */
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/fields.h"
#include "tests/support/test.h"

#define SEEN_MAX 16

static struct {
    size_t count;
    char line[SEEN_MAX][200];
} told;

static void tell(void *user, const char *field, const char *before, const char *after)
{
    (void)user;
    assert_true(told.count < SEEN_MAX);
    snprintf(told.line[told.count++], sizeof(told.line[0]), "%s: %s -> %s", field, before, after);
}

static int forget(void **state)
{
    (void)state;
    memset(&told, 0, sizeof(told));
    return 0;
}

static struct vio_observation *new_observation(void)
{
    struct vio_observation *seen;

    assert_int_equal(vio__observation_new(NULL, 0, 2, 1, 0, &seen), 0);
    strcpy(seen->servers[1].name, "server2");
    strcpy(seen->adapters[0].name, "slot1");
    return seen;
}

static struct vio_vadapter_info *new_vadapter(void)
{
    struct vio_vadapter_info *vadapter;

    assert_int_equal(vio__vadapter_new(NULL, &vadapter), 0);
    strcpy(vadapter->name, "vnic0");
    vadapter->uuid[0] = 0xab;
    vadapter->kind = VIO_VADAPTER_VNIC;
    vadapter->adapter = 0;
    vadapter->address =
        (struct vio_address){.kind = VIO_ADDRESS_MAC48, .length = 6, .bytes = {2, 0, 0, 0, 0, 1}};
    return vadapter;
}

static void what_is_made_is_told_in_the_order_of_the_table(void **state)
{
    struct vio_observation *seen = new_observation();
    struct vio_vadapter_info *after = new_vadapter();

    (void)state;
    after->server = 1;
    after->path = 0;
    assert_int_equal(vio__labels_set(NULL, &after->labels, "rack", "7", 32), 0);
    assert_int_equal(vio__labels_set(NULL, &after->labels, "row", "b", 32), 0);
    assert_int_equal(vio__vadapter_set_description(after, "front"), 0);
    assert_int_equal(vio__fields_of_vadapter(NULL, after, seen, tell, NULL), 0);
    assert_int_equal(told.count, 10);
    assert_string_equal(told.line[0], "name:  -> vnic0");
    assert_string_equal(told.line[1], "uuid:  -> ab000000-0000-0000-0000-000000000000");
    assert_string_equal(told.line[2], "type:  -> vnic");
    assert_string_equal(told.line[3], "adapter:  -> slot1");
    assert_string_equal(told.line[4], "server:  -> server2");
    assert_string_equal(told.line[5], "path:  -> 0");
    assert_string_equal(told.line[6], "address:  -> 02:00:00:00:00:01");
    assert_string_equal(told.line[7], "enabled:  -> true");
    assert_string_equal(told.line[8], "description:  -> front");
    assert_string_equal(told.line[9], "labels:  -> rack=7, row=b");
    vio__vadapter_unref(after);
    vio__observation_unref(seen);
}

static void what_is_the_same_is_not_told(void **state)
{
    struct vio_vadapter_info *before = new_vadapter();
    struct vio_vadapter_info *after;

    (void)state;
    assert_int_equal(vio__vadapter_copy(before, &after), 0);
    after->generation = 9;
    assert_int_equal(vio__fields_of_vadapter(before, after, NULL, tell, NULL), 0);
    assert_int_equal(told.count, 0);
    after->enabled = false;
    after->vlan = (struct vio_vlan_config){.mode = VIO_VLAN_ACCESS, .vlan = 10};
    assert_int_equal(vio__fields_of_vadapter(before, after, NULL, tell, NULL), 0);
    assert_int_equal(told.count, 2);
    assert_string_equal(told.line[0], "vlan:  -> 10");
    assert_string_equal(told.line[1], "enabled: true -> false");
    vio__vadapter_unref(after);
    vio__vadapter_unref(before);
}

static void places_without_a_name_are_told_by_number(void **state)
{
    struct vio_vadapter_info *before = new_vadapter();

    (void)state;
    before->server = 7;
    assert_int_equal(vio__fields_of_vadapter(before, NULL, NULL, tell, NULL), 0);
    assert_string_equal(told.line[3], "adapter: 0 -> ");
    assert_string_equal(told.line[4], "server: 7 -> ");
    vio__vadapter_unref(before);
}

static void settings_of_functions_are_told(void **state)
{
    struct vio_function_info before = {.kind = VIO_VADAPTER_VHBA, .server = 1, .path = 1};
    struct vio_function_info after = before;

    (void)state;
    after.path = VIO_NO_INDEX; /* any */
    assert_int_equal(vio__fields_of_function(&before, &after, NULL, tell, NULL), 0);
    assert_int_equal(told.count, 0);
    after.node_address = (struct vio_address){
        .kind = VIO_ADDRESS_WWN, .length = 8, .bytes = {0x20, 0, 0, 0, 0, 0, 0, 1}};
    after.size = 1048576;
    after.qos.tx.cir = 1000;
    after.vlan = (struct vio_vlan_config){
        .mode = VIO_VLAN_TRUNK, .vlan = 5, .ranges = 1, .range = {{20, 29}}};
    assert_int_equal(vio__fields_of_function(&before, &after, NULL, tell, NULL), 0);
    assert_int_equal(told.count, 4);
    assert_string_equal(told.line[0], "node_address:  -> 20:00:00:00:00:00:00:01");
    assert_string_equal(told.line[1], "size:  -> 1048576");
    assert_string_equal(told.line[2], "vlan:  -> trunk 20-29 native 5");
    assert_string_equal(told.line[3],
                        "qos:  -> tx 1000/0 to 0/0 shape, rx 0/0 to 0/0 shape, weight 0, class 0");
}

static void a_path_counts_where_the_server_changes(void **state)
{
    struct vio_function_info before = {.server = 1, .path = 1};
    struct vio_function_info after = {.server = VIO_NO_INDEX, .path = VIO_NO_INDEX};

    (void)state;
    assert_int_equal(vio__fields_of_function(&before, &after, NULL, tell, NULL), 0);
    assert_int_equal(told.count, 2);
    assert_string_equal(told.line[0], "server: 1 -> ");
    assert_string_equal(told.line[1], "path: 1 -> ");
}

int main(void)
{
    const struct CMUnitTest fields[] = {
        cmocka_unit_test_setup(what_is_made_is_told_in_the_order_of_the_table, forget),
        cmocka_unit_test_setup(what_is_the_same_is_not_told, forget),
        cmocka_unit_test_setup(places_without_a_name_are_told_by_number, forget),
        cmocka_unit_test_setup(settings_of_functions_are_told, forget),
        cmocka_unit_test_setup(a_path_counts_where_the_server_changes, forget),
    };

    return cmocka_run_group_tests(fields, NULL, NULL);
}
