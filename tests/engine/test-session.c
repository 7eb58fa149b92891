/* SPDX-License-Identifier: MIT */
/* Opening, adopting, closing; who owns; what is foreign. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "tests/engine/fixture.h"

static const struct vio_engine_config defaults = {
    .driver = &fake_driver_ops,
    .adopt = true,
    .uri = "fake:",
    .holder = "a test",
    .timeout = 1000000000,
};

static struct vio_function_info function_of(uint8_t uuid, const char *label, uint8_t mac)
{
    struct vio_function_info function = {
        .kind = VIO_VADAPTER_VNIC,
        .state = VIO_FUNCTION_DETACHED,
        .enabled = true,
        .server = VIO_NO_INDEX,
        .path = VIO_NO_INDEX,
        .bdf = VIO_NO_INDEX,
        .address = {.kind = VIO_ADDRESS_MAC48, .length = 6, .bytes = {2, 0, 0, 0, 0, mac}},
        .vlan = {.mode = VIO_VLAN_NONE},
    };

    function.cookie[0] = uuid;
    snprintf(function.label, sizeof(function.label), "%s", label);
    return function;
}

static void put(struct fixture *fixture, uint8_t uuid, const char *label, uint8_t mac)
{
    const struct vio_function_info function = function_of(uuid, label, mac);

    fake_put(&fixture->fake, &function);
}

static void functions_that_say_whose_they_are_are_adopted(void **state)
{
    struct vio_inventory *inventory;
    struct fixture fixture;

    (void)state;
    for (int read_only = 0; read_only < 2; read_only++) {
        struct vio_engine_config config = defaults;

        config.read_only = read_only != 0;
        fixture_make(&fixture);
        put(&fixture, 1, "mine", 1);
        put(&fixture, 0, "nobody's", 2); /* no UUID */
        put(&fixture, 3, "", 3);         /* no name */
        put(&fixture, 4, "mine", 4);     /* a name that another one has */
        put(&fixture, 5, "twin", 1);     /* an identity that another one has */
        put(&fixture, 1, "copy", 6);     /* a UUID that another one has */
        fixture_open(&fixture, &config);
        assert_int_equal(fixture.status, 0);
        assert_int_equal(fixture.fake.owned, !read_only);
        assert_int_equal(fixture_observe(&fixture, &inventory), 0);
        assert_int_equal(vio__inventory_count(inventory, VIO_NOUN_VADAPTER), 1);
        assert_non_null(vio__inventory_find(inventory, VIO_NOUN_VADAPTER, "mine"));
        assert_non_null(vio__function_vadapter(vio__inventory_function(inventory, 0)));
        for (uint32_t i = 1; i < 6; i++)
            assert_null(vio__function_vadapter(vio__inventory_function(inventory, i)));
        vio__inventory_unref(inventory);
        assert_int_equal(fixture.fake.steps, 0);
        fixture_drop(&fixture);
    }
}

static void what_was_adopted_can_be_changed(void **state)
{
    struct fixture fixture;

    (void)state;
    fixture_make(&fixture);
    put(&fixture, 1, "mine", 1);
    fixture_open(&fixture, &defaults);
    assert_int_equal(fixture_change(&fixture, VIO_EDIT_ATTACH, "mine", "server1", NULL), 0);
    assert_int_equal(fake_find(&fixture.fake, "mine")->server, 0);
    fixture_drop(&fixture);
}

static void the_identity_of_a_foreign_function_is_taken(void **state)
{
    struct vio_vadapter_spec *spec = fixture_vnic("new", NULL, NULL);
    struct vio_address mac = {.kind = VIO_ADDRESS_MAC48, .length = 6, .bytes = {2, 0, 0, 0, 0, 9}};
    struct fixture fixture;

    (void)state;
    fixture_make(&fixture);
    put(&fixture, 0, "", 9);
    mac.bytes[5] = 8;
    fixture.fake.seen->adapters[0].factory_address = mac;
    fixture_open(&fixture, &defaults);
    assert_int_equal(vio__spec_set_address(spec, &mac), 0);
    assert_int_equal(fixture_change(&fixture, VIO_EDIT_CREATE, NULL, NULL, spec), VIO_EDUPLICATE);
    mac.bytes[5] = 9;
    assert_int_equal(vio__spec_set_address(spec, &mac), 0);
    assert_int_equal(fixture_change(&fixture, VIO_EDIT_CREATE, NULL, NULL, spec), VIO_EDUPLICATE);
    mac.bytes[5] = 7;
    assert_int_equal(vio__spec_set_address(spec, &mac), 0);
    assert_int_equal(fixture_change(&fixture, VIO_EDIT_CREATE, NULL, NULL, spec), 0);
    vio__spec_free(spec);
    fixture_drop(&fixture);
}

static void an_opening_that_fails_leaves_nothing_open(void **state)
{
    struct fixture fixture;

    (void)state;
    for (int which = 0; which < 3; which++) {
        fixture_make(&fixture);
        fixture.fake.open_status = which == 0 ? VIO_ETRANSPORT : 0;
        fixture.fake.claim_status = which == 1 ? VIO_EOWNED : 0;
        fixture.fake.observe_status = which == 2 ? VIO_EPROTO : 0;
        fixture_open(&fixture, &defaults);
        assert_int_equal(fixture.status, which == 0   ? VIO_ETRANSPORT
                                         : which == 1 ? VIO_EOWNED
                                                      : VIO_EPROTO);
        assert_string_equal(fixture.text, "the fake says so");
        assert_false(fixture.fake.open);
        fixture_drop(&fixture);
    }
}

static void a_live_owner_is_waited_for_or_displaced(void **state)
{
    struct fixture fixture;

    (void)state;
    for (int which = 0; which < 3; which++) {
        struct vio_engine_config config = defaults;

        config.wait = which == 0 ? 1000000000 : which == 1 ? 150000000 : 0;
        config.take_over = which == 2;
        fixture_make(&fixture);
        fixture.fake.claims_refused = 5;
        fixture_open(&fixture, &config);
        assert_int_equal(fixture.status, which == 1 ? VIO_EOWNED : 0);
        fixture_drop(&fixture);
    }
}

static void on_end(void *user, int status, const char *text)
{
    struct fixture *fixture = user;

    (void)text;
    fixture->ended = true;
    fixture->status = status;
}

static void an_opening_can_be_given_up_at_any_time(void **state)
{
    (void)state;
    for (int silent = 0; silent < 2; silent++) {
        for (int turns = 0; turns < 12; turns++) {
            struct fixture fixture;

            fixture_make(&fixture);
            fixture.fake.silent = silent != 0;
            assert_int_equal(fixture_new_engine(&fixture, &defaults), 0);
            assert_int_equal(vio__engine_open(fixture.engine, on_end, &fixture), 0);
            for (int i = 0; i < turns; i++)
                assert_int_equal(vio__loop_dispatch(fixture.loop), 0);
            if (!fixture.ended) {
                vio__engine_abort(fixture.engine, VIO_ECANCELED);
                fixture_run(&fixture, &fixture.ended);
                assert_int_equal(fixture.status, VIO_ECANCELED);
                assert_false(fixture.fake.open);
                vio__engine_free(fixture.engine);
                fixture.engine = NULL;
            }
            fixture_drop(&fixture);
        }
    }
}

static void an_opening_without_memory_leaves_nothing_open(void **state)
{
    bool reached = true;

    (void)state;
    for (unsigned at = 0; reached; at++) {
        struct fixture fixture;
        int status;

        fixture_make(&fixture);
        put(&fixture, 1, "mine", 1);
        fixture.refuse_at = fixture.allocations + at;
        status = fixture_new_engine(&fixture, &defaults);
        if (status == 0) {
            status = vio__engine_open(fixture.engine, on_end, &fixture);
            if (status == 0) {
                fixture_run(&fixture, &fixture.ended);
                status = fixture.status;
            }
            if (status != 0) {
                vio__engine_free(fixture.engine);
                fixture.engine = NULL;
            }
        }
        reached = fixture.allocations > fixture.refuse_at;
        fixture.refuse_at = UINT_MAX;
        assert_int_equal(status, reached ? VIO_ENOMEM : 0);
        fixture_drop(&fixture);
    }
}

static void a_reader_and_a_fenced_owner_change_nothing(void **state)
{
    struct vio_engine_config config = defaults;
    struct vio_vadapter_spec *spec = fixture_vnic("new", NULL, NULL);
    struct fixture fixture;

    (void)state;
    config.read_only = true;
    fixture_make(&fixture);
    fixture_open(&fixture, &config);
    assert_int_equal(fixture_change(&fixture, VIO_EDIT_CREATE, NULL, NULL, spec), VIO_EPERM);
    fixture_drop(&fixture);

    fixture_ready(&fixture);
    fake_notice(&fixture.fake, VIO_NOTICE_FENCED, 0);
    assert_int_equal(fixture_change(&fixture, VIO_EDIT_CREATE, NULL, NULL, spec), VIO_EFENCED);
    assert_int_equal(fixture.fake.steps, 0);
    fixture_drop(&fixture);
    vio__spec_free(spec);
}

static void what_happened_meanwhile_is_observed_before_the_next_change(void **state)
{
    struct vio_vadapter_spec *spec = fixture_vnic("new", "nic0", NULL);
    struct fixture fixture;

    (void)state;
    fixture_ready(&fixture);
    fixture.fake.seen->adapters[0].fault = true;
    assert_int_equal(fixture_change(&fixture, VIO_EDIT_CREATE, NULL, NULL, spec), 0);
    fake_notice(&fixture.fake, VIO_NOTICE_ADAPTER_FAULT, 0);
    assert_int_equal(vio__spec_set_name(spec, "newer"), 0);
    assert_int_equal(fixture_change(&fixture, VIO_EDIT_CREATE, NULL, NULL, spec), VIO_EGONE);
    vio__spec_free(spec);
    fixture_drop(&fixture);
}

static void a_lost_function_is_shown_and_made_again_by_the_next_attach(void **state)
{
    struct vio_vadapter_spec *spec = fixture_vnic("web", NULL, NULL);
    struct vio_inventory *inventory;
    struct fixture fixture;

    (void)state;
    fixture_ready(&fixture);
    assert_int_equal(fixture_change(&fixture, VIO_EDIT_CREATE, NULL, NULL, spec), 0);
    memset(fixture.fake.exists, 0, sizeof(fixture.fake.exists));
    fake_notice(&fixture.fake, VIO_NOTICE_RESET, 0);
    assert_int_equal(fixture_observe(&fixture, &inventory), 0);
    assert_int_equal(vio__vadapter_state(vio__inventory_find(inventory, VIO_NOUN_VADAPTER, "web")),
                     VIO_VADAPTER_STATE_LOST);
    vio__inventory_unref(inventory);
    assert_int_equal(fixture_change(&fixture, VIO_EDIT_ATTACH, "web", "server2", NULL), 0);
    assert_int_equal(fake_find(&fixture.fake, "web")->server, 1);
    vio__spec_free(spec);
    fixture_drop(&fixture);
}

static void places_go_where_there_is_most_room(void **state)
{
    struct vio_vadapter_spec *spec = fixture_vnic(NULL, NULL, "server1");
    struct vio_inventory *inventory;
    struct fixture fixture;
    unsigned on_nic1 = 0, on_path1 = 0;

    (void)state;
    fixture_ready(&fixture);
    for (int i = 0; i < 3; i++)
        assert_int_equal(fixture_change(&fixture, VIO_EDIT_CREATE, NULL, NULL, spec), 0);
    assert_int_equal(fixture_change(&fixture, VIO_EDIT_CREATE, NULL, NULL, spec), VIO_EFULL);
    for (unsigned i = 0; i < 3; i++) {
        on_nic1 += fixture.fake.functions[i].adapter == 1;
        on_path1 += fixture.fake.functions[i].path == 1;
    }
    assert_int_equal(on_nic1, 2); /* 4, 3 and then as many as on nic0, which is first */
    assert_int_equal(on_path1, 1);
    assert_int_equal(fixture_observe(&fixture, &inventory), 0);
    assert_int_equal(
        vio__server_vadapters(vio__inventory_find(inventory, VIO_NOUN_SERVER, "server1")), 3);
    vio__inventory_unref(inventory);
    vio__spec_free(spec);
    fixture_drop(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_that_say_whose_they_are_are_adopted),
        cmocka_unit_test(what_was_adopted_can_be_changed),
        cmocka_unit_test(the_identity_of_a_foreign_function_is_taken),
        cmocka_unit_test(an_opening_that_fails_leaves_nothing_open),
        cmocka_unit_test(a_live_owner_is_waited_for_or_displaced),
        cmocka_unit_test(an_opening_can_be_given_up_at_any_time),
        cmocka_unit_test(an_opening_without_memory_leaves_nothing_open),
        cmocka_unit_test(a_reader_and_a_fenced_owner_change_nothing),
        cmocka_unit_test(what_happened_meanwhile_is_observed_before_the_next_change),
        cmocka_unit_test(a_lost_function_is_shown_and_made_again_by_the_next_attach),
        cmocka_unit_test(places_go_where_there_is_most_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
