/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "tests/api/session.h"

static struct session session;

static int open_session(void **state)
{
    (void)state;
    session_open(&session);
    return 0;
}

static int close_session(void **state)
{
    (void)state;
    session_close(&session);
    return 0;
}

static void a_chassis_is_described_by_its_snapshot(void **state)
{
    struct vio_inventory *inventory = session_observe(&session);
    const struct vio_server *server = vio_inventory_find_server(inventory, "server1");
    const struct vio_adapter *adapter = vio_inventory_find_adapter(inventory, "slot1");
    const struct vio_port *port = vio_inventory_find_port(inventory, "server1/0");
    struct vio_address uuid;

    (void)state;
    assert_int_equal(vio_inventory_uuid(inventory, &uuid), 0);
    assert_true(vio_inventory_boot_id(inventory) != 0);
    assert_true(vio_inventory_max_functions(inventory) > 0);
    assert_int_equal(vio_inventory_num_servers(inventory), 16);
    assert_int_equal(vio_inventory_num_adapters(inventory), 8);
    assert_string_equal(vio_server_state_name(server), "on");
    assert_ptr_equal(vio_server_port(server, 0), port);
    assert_null(vio_server_port(server, 2));
    assert_true(vio_server_capacity(server) >= vio_port_capacity(port));
    assert_string_equal(vio_port_owner(port), "server1");
    assert_int_equal(vio_port_type(port), VIO_PORT_SERVER);
    assert_true(vio_port_speed(port) >= 2500);
    assert_string_equal(vio_adapter_state_name(adapter), "ok");
    assert_int_equal(vio_adapter_kind(adapter), VIO_VADAPTER_VNIC);
    assert_true(vio_adapter_max_functions(adapter) > 0);
    assert_null(vio_inventory_find_server(inventory, "none"));
    assert_null(vio_inventory_find_function(inventory, 0));
    vio_inventory_unref(inventory);
}

static void pages_cover_all_in_order_of_names(void **state)
{
    struct vio_inventory *inventory = session_observe(&session);
    struct vio_filter *filter;
    struct vio_list *list, *next;
    size_t seen = 0;
    int status;

    (void)state;
    assert_int_equal(vio_filter_new(&filter), 0);
    assert_int_equal(vio_filter_set_page(filter, 5), 0);
    assert_int_equal(vio_list_new(inventory, VIO_NOUN_SERVER, filter, &list), 0);
    vio_filter_free(filter);
    vio_inventory_unref(inventory);
    do {
        assert_int_equal(vio_list_total(list), 16);
        assert_null(vio_list_port(list, 0));
        assert_null(vio_list_server(list, vio_list_count(list)));
        for (size_t i = 0; i < vio_list_count(list); i++)
            assert_int_equal(
                strtoul(vio_server_name(vio_list_server(list, i)) + strlen("server"), NULL, 10),
                ++seen);
        status = vio_list_next(list, &next);
        vio_list_unref(list);
        list = next;
    } while (status == 0);
    assert_int_equal(status, VIO_ENOENT);
    assert_int_equal(seen, 16);
}

/* How many pass. */
static size_t count(struct vio_inventory *inventory, enum vio_noun noun, struct vio_filter *filter)
{
    struct vio_list *list;
    size_t total;

    assert_int_equal(vio_list_new(inventory, noun, filter, &list), 0);
    assert_int_equal(vio_list_noun(list), noun);
    total = vio_list_total(list);
    vio_list_unref(list);
    vio_filter_free(filter);
    return total;
}

static struct vio_filter *filter_by(int (*set)(struct vio_filter *, const char *), const char *text)
{
    struct vio_filter *filter;

    assert_int_equal(vio_filter_new(&filter), 0);
    if (set)
        assert_int_equal(set(filter, text), 0);
    return filter;
}

static struct vio_filter *filter_by_label(const char *key, const char *value)
{
    struct vio_filter *filter = filter_by(NULL, NULL);

    assert_int_equal(vio_filter_add_label(filter, key, value), 0);
    return filter;
}

static void filters_let_pass_what_they_say(void **state)
{
    struct vio_vadapter_spec *spec = session_spec("web0", VIO_VADAPTER_VNIC, "slot1", "server1");
    struct vio_inventory *inventory;
    struct vio_filter *filter;
    struct vio_req *req;

    (void)state;
    assert_int_equal(vio_vadapter_spec_set_label(spec, "tier", "web"), 0);
    session_expect(vio_vadapter_create(session.chassis, spec, NULL, NULL, &req), &req, 0);
    vio_vadapter_spec_free(spec);
    assert_int_equal(session_create(&session, "san0", VIO_VADAPTER_VHBA, NULL, "server2"), 0);
    assert_int_equal(session_create(&session, "disk0", VIO_VADAPTER_VDISK, NULL, NULL), 0);
    inventory = session_observe(&session);
    assert_int_equal(count(inventory, VIO_NOUN_VADAPTER, NULL), 3);
    assert_int_equal(count(inventory, VIO_NOUN_VADAPTER, filter_by(vio_filter_set_name, "w*")), 1);
    assert_int_equal(count(inventory, VIO_NOUN_VADAPTER, filter_by(vio_filter_set_name, "*0")), 3);
    assert_int_equal(
        count(inventory, VIO_NOUN_VADAPTER, filter_by(vio_filter_set_server, "server2")), 1);
    assert_int_equal(
        count(inventory, VIO_NOUN_FUNCTION, filter_by(vio_filter_set_adapter, "slot1")), 1);
    assert_int_equal(
        count(inventory, VIO_NOUN_VADAPTER, filter_by(vio_filter_set_state, "detached")), 1);
    assert_int_equal(count(inventory, VIO_NOUN_SERVER, filter_by(vio_filter_set_state, "on")), 16);
    assert_int_equal(count(inventory, VIO_NOUN_PORT, filter_by(vio_filter_set_server, "server1")),
                     vio_server_num_ports(vio_inventory_find_server(inventory, "server1")));
    assert_int_equal(count(inventory, VIO_NOUN_VADAPTER, filter_by_label("tier", "web")), 1);
    assert_int_equal(count(inventory, VIO_NOUN_VADAPTER, filter_by_label("tier", NULL)), 1);
    assert_int_equal(count(inventory, VIO_NOUN_VADAPTER, filter_by_label("tier", "db")), 0);
    assert_int_equal(count(inventory, VIO_NOUN_PORT, filter_by_label("tier", NULL)), 0);
    filter = filter_by(NULL, NULL);
    assert_int_equal(vio_filter_set_kind(filter, VIO_VADAPTER_VDISK), 0);
    assert_int_equal(count(inventory, VIO_NOUN_VADAPTER, filter), 1);
    vio_inventory_unref(inventory);
}

static void filters_check_what_they_are_given(void **state)
{
    struct vio_filter *filter = filter_by(NULL, NULL);
    char longest[65];

    (void)state;
    memset(longest, 'x', 64);
    longest[64] = '\0';
    assert_int_equal(vio_filter_set_name(filter, longest), VIO_ENAME);
    assert_int_equal(vio_filter_set_state(filter, "happy"), VIO_EINVAL);
    assert_int_equal(vio_filter_set_state(filter, NULL), 0);
    assert_int_equal(vio_filter_set_kind(filter, (enum vio_vadapter_kind)9), VIO_EINVAL);
    assert_int_equal(vio_filter_set_page(filter, 0), VIO_EINVAL);
    assert_int_equal(vio_filter_set_page(filter, 100001), VIO_EINVAL);
    assert_int_equal(vio_filter_add_label(filter, "", NULL), VIO_ENAME);
    for (int i = 0; i < 16; i++) {
        const char key[] = {'k', (char)('a' + i), '\0'};

        assert_int_equal(vio_filter_add_label(filter, key, "v"), 0);
    }
    assert_int_equal(vio_filter_add_label(filter, "one-more", NULL), VIO_ELIMIT);
    vio_filter_free(filter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chassis_is_described_by_its_snapshot),
        cmocka_unit_test(pages_cover_all_in_order_of_names),
        cmocka_unit_test(filters_let_pass_what_they_say),
        cmocka_unit_test(filters_check_what_they_are_given),
    };

    return cmocka_run_group_tests(tests, open_session, close_session);
}
