/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "tests/api/session.h"

static const enum vio_vadapter_kind kinds[] = {VIO_VADAPTER_VNIC, VIO_VADAPTER_VHBA,
                                               VIO_VADAPTER_VDISK};

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

static enum vio_vadapter_state state_of(const char *name)
{
    struct vio_vadapter *vadapter = session_find(&session, name);
    enum vio_vadapter_state state = vio_vadapter_state(vadapter);

    vio_vadapter_unref(vadapter);
    return state;
}

/* vDisks that were removed: their functions stay. */
static unsigned retired;

static void each_kind_lives_through_all_it_can(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct vio_address before, after;
        struct vio_vadapter *vadapter;
        struct vio_req *req = NULL;

        assert_int_equal(session_create(&session, "it", kinds[i], NULL, "server1"), 0);
        vadapter = session_find(&session, "it");
        assert_int_equal(vio_vadapter_state(vadapter), VIO_VADAPTER_STATE_ATTACHED);
        assert_string_equal(vio_vadapter_server(vadapter), "server1");
        assert_int_not_equal(vio_vadapter_bdf(vadapter), UINT32_MAX);
        assert_int_equal(vio_vadapter_generation(vadapter), 1);
        assert_int_equal(vio_vadapter_address(vadapter, &before), 0);
        assert_true(vio_address_is_valid(&before));
        vio_vadapter_unref(vadapter);

        session_expect(vio_vadapter_disable(session.chassis, "it", NULL, NULL, &req), &req, 0);
        vadapter = session_find(&session, "it");
        assert_false(vio_vadapter_is_enabled(vadapter));
        vio_vadapter_unref(vadapter);
        session_expect(vio_vadapter_enable(session.chassis, "it", NULL, NULL, &req), &req, 0);
        session_expect(vio_vadapter_detach(session.chassis, "it", false, NULL, NULL, &req), &req,
                       0);
        assert_int_equal(state_of("it"), VIO_VADAPTER_STATE_DETACHED);
        session_expect(vio_vadapter_attach(session.chassis, "it", "server2", NULL, NULL, &req),
                       &req, 0);
        vadapter = session_find(&session, "it");
        assert_string_equal(vio_vadapter_server(vadapter), "server2");
        assert_int_equal(vio_vadapter_address(vadapter, &after), 0);
        assert_true(vio_address_equal(&before, &after));
        vio_vadapter_unref(vadapter);
        session_expect(vio_vadapter_remove(session.chassis, "it", NULL, NULL, &req), &req,
                       VIO_ESTATE);
        session_expect(vio_vadapter_detach(session.chassis, "it", true, NULL, NULL, &req), &req, 0);
        session_expect(vio_vadapter_remove(session.chassis, "it", NULL, NULL, &req), &req, 0);
        if (kinds[i] == VIO_VADAPTER_VDISK) { /* which keeps its data */
            assert_int_equal(state_of("it"), VIO_VADAPTER_STATE_RETIRED);
            retired++;
            continue;
        }
        assert_null(session_find(&session, "it"));
        assert_int_equal(viosim_stat(session.sim, VIOSIM_STAT_FUNCTIONS), retired);
    }
}

static void a_request_shows_the_vadapter_after_the_change(void **state)
{
    struct vio_vadapter_spec *spec = session_spec("web0", VIO_VADAPTER_VNIC, "slot1", "server1");
    struct vio_vadapter *vadapter;
    struct vio_address uuid;
    struct vio_req *req;
    char text[VIO_ADDRESS_TEXT_SIZE];

    (void)state;
    assert_int_equal(vio_vadapter_spec_set_vlan_trunk(spec, "30,10-12,13", 5), 0);
    assert_int_equal(vio_vadapter_spec_set_description(spec, "front end"), 0);
    assert_int_equal(vio_vadapter_spec_set_label(spec, "tier", "web"), 0);
    assert_int_equal(vio_vadapter_spec_set_label(spec, "env", "test"), 0);
    assert_int_equal(vio_vadapter_create(session.chassis, spec, NULL, NULL, &req), 0);
    vio_vadapter_spec_free(spec);
    assert_int_equal(vio_req_wait(req, -1), 0);
    vadapter = vio_vadapter_ref(vio_req_get_vadapter(req));
    vio_req_unref(req);
    assert_non_null(vadapter);
    assert_string_equal(vio_vadapter_name(vadapter), "web0");
    assert_int_equal(vio_vadapter_kind(vadapter), VIO_VADAPTER_VNIC);
    assert_string_equal(vio_vadapter_adapter(vadapter), "slot1");
    assert_int_equal(vio_vadapter_vlan_mode(vadapter), VIO_VLAN_TRUNK);
    assert_int_equal(vio_vadapter_vlan(vadapter), 5);
    assert_string_equal(vio_vadapter_vlan_trunk(vadapter), "10-13,30");
    assert_string_equal(vio_vadapter_description(vadapter), "front end");
    assert_int_equal(vio_vadapter_num_labels(vadapter), 2);
    assert_string_equal(vio_vadapter_label_key(vadapter, 0), "env");
    assert_string_equal(vio_vadapter_label_value(vadapter, 1), "web");
    assert_null(vio_vadapter_label_key(vadapter, 2));
    assert_string_equal(vio_vadapter_label(vadapter, "tier"), "web");
    assert_null(vio_vadapter_label(vadapter, "none"));
    assert_int_equal(vio_vadapter_uuid(vadapter, &uuid), 0);
    assert_int_equal(vio_address_format(&uuid, text, sizeof(text)), 0);
    vio_vadapter_unref(vadapter);

    session_expect(vio_vadapter_detach(session.chassis, text, false, NULL, NULL, &req), &req, 0);
    session_expect(vio_vadapter_remove(session.chassis, text, NULL, NULL, &req), &req, 0);
}

static void set_changes_all_of_it(void **state)
{
    struct vio_vadapter_spec *spec;
    struct vio_vadapter *vadapter;
    struct vio_address mac, seen;
    struct vio_req *req;

    (void)state;
    assert_int_equal(session_create(&session, "old", VIO_VADAPTER_VNIC, "slot1", NULL), 0);
    assert_int_equal(vio_address_parse("02:00:00:00:12:34", VIO_ADDRESS_MAC48, &mac), 0);
    assert_int_equal(vio_vadapter_spec_new(&spec), 0);
    assert_int_equal(vio_vadapter_spec_set_name(spec, "new"), 0);
    assert_int_equal(vio_vadapter_spec_set_address(spec, &mac), 0);
    assert_int_equal(vio_vadapter_spec_set_vlan_access(spec, 100), 0);
    assert_int_equal(vio_vadapter_spec_set_enabled(spec, false), 0);
    session_expect(vio_vadapter_set(session.chassis, "old", spec, NULL, NULL, &req), &req, 0);
    vio_vadapter_spec_free(spec);
    assert_null(session_find(&session, "old"));
    vadapter = session_find(&session, "new");
    assert_int_equal(vio_vadapter_address(vadapter, &seen), 0);
    assert_true(vio_address_equal(&mac, &seen));
    assert_int_equal(vio_vadapter_vlan_mode(vadapter), VIO_VLAN_ACCESS);
    assert_int_equal(vio_vadapter_vlan(vadapter), 100);
    assert_false(vio_vadapter_is_enabled(vadapter));
    assert_int_equal(vio_vadapter_generation(vadapter), 2);
    vio_vadapter_unref(vadapter);
    session_expect(vio_vadapter_remove(session.chassis, "new", NULL, NULL, &req), &req, 0);
}

static void the_same_again_writes_nothing(void **state)
{
    struct vio_req *req;
    uint64_t changes;

    (void)state;
    assert_int_equal(session_create(&session, "same", VIO_VADAPTER_VNIC, NULL, "server1"), 0);
    changes = viosim_stat(session.sim, VIOSIM_STAT_CHANGES);
    session_expect(vio_vadapter_attach(session.chassis, "same", "server1", NULL, NULL, &req), &req,
                   0);
    session_expect(vio_vadapter_enable(session.chassis, "same", NULL, NULL, &req), &req, 0);
    assert_int_equal(viosim_stat(session.sim, VIOSIM_STAT_CHANGES), changes);
    session_expect(vio_vadapter_detach(session.chassis, "same", false, NULL, NULL, &req), &req, 0);
    changes = viosim_stat(session.sim, VIOSIM_STAT_CHANGES);
    session_expect(vio_vadapter_detach(session.chassis, "same", false, NULL, NULL, &req), &req, 0);
    assert_int_equal(viosim_stat(session.sim, VIOSIM_STAT_CHANGES), changes);
    session_expect(vio_vadapter_remove(session.chassis, "same", NULL, NULL, &req), &req, 0);
}

/* Waits for a request that fails, and looks for a text in its message. */
static void expect_message(int submitted, struct vio_req **req, int status, const char *text)
{
    assert_int_equal(submitted, 0);
    assert_int_equal(vio_req_wait(*req, -1), 0);
    assert_int_equal(vio_req_status(*req), status);
    if (!strstr(vio_req_message(*req), text))
        fail_msg("\"%s\" is not in \"%s\"", text, vio_req_message(*req));
    assert_true(vio_req_num_problems(*req) > 0);
    vio_req_unref(*req);
}

static void unknown_names_are_answered_with_those_there_are(void **state)
{
    char longest[301];
    struct vio_req *req;

    (void)state;
    assert_int_equal(session_create(&session, "known", VIO_VADAPTER_VNIC, NULL, NULL), 0);
    expect_message(vio_vadapter_attach(session.chassis, "unknown", "server1", NULL, NULL, &req),
                   &req, VIO_ENOENT, "known");
    expect_message(vio_vadapter_attach(session.chassis, "known", "server99", NULL, NULL, &req),
                   &req, VIO_ENOENT, "server1, server2");
    memset(longest, 'x', 300);
    longest[300] = '\0';
    expect_message(vio_vadapter_attach(session.chassis, longest, "server1", NULL, NULL, &req), &req,
                   VIO_ENAME, "1 to 63 bytes");
    expect_message(vio_vadapter_attach(session.chassis, "known", longest, NULL, NULL, &req), &req,
                   VIO_ENAME, "63 bytes");
    session_expect(vio_vadapter_remove(session.chassis, "known", NULL, NULL, &req), &req, 0);
}

static void a_refusal_lists_every_problem(void **state)
{
    struct vio_vadapter_spec *spec = session_spec("bad", VIO_VADAPTER_VHBA, "slot99", "server99");
    struct vio_req *req;

    (void)state;
    assert_int_equal(vio_vadapter_spec_set_vlan_access(spec, 5), 0);
    assert_int_equal(vio_vadapter_spec_set_size(spec, UINT64_C(1) << 20), 0);
    assert_int_equal(vio_vadapter_create(session.chassis, spec, NULL, NULL, &req), 0);
    vio_vadapter_spec_free(spec);
    assert_int_equal(vio_req_wait(req, -1), 0);
    assert_int_equal(vio_req_num_problems(req), 4);
    assert_int_equal(vio_req_problem_code(req, 0), vio_req_status(req));
    for (size_t i = 0; i < 4; i++)
        assert_string_not_equal(vio_req_problem_text(req, i), "");
    assert_null(vio_req_get_vadapter(req));
    vio_req_unref(req);
    assert_int_equal(viosim_stat(session.sim, VIOSIM_STAT_FUNCTIONS), retired);
}

static void a_name_or_identity_is_given_once(void **state)
{
    struct vio_vadapter_spec *spec;
    struct vio_address mac;
    struct vio_req *req;

    (void)state;
    assert_int_equal(vio_address_parse("02:00:00:00:00:01", VIO_ADDRESS_MAC48, &mac), 0);
    spec = session_spec("one", VIO_VADAPTER_VNIC, NULL, NULL);
    assert_int_equal(vio_vadapter_spec_set_address(spec, &mac), 0);
    session_expect(vio_vadapter_create(session.chassis, spec, NULL, NULL, &req), &req, 0);
    assert_int_equal(vio_vadapter_spec_set_name(spec, "two"), 0);
    expect_message(vio_vadapter_create(session.chassis, spec, NULL, NULL, &req), &req,
                   VIO_EDUPLICATE, "one");
    vio_vadapter_spec_free(spec);
    assert_int_equal(session_create(&session, "one", VIO_VADAPTER_VNIC, NULL, NULL), VIO_EEXIST);
    session_expect(vio_vadapter_remove(session.chassis, "one", NULL, NULL, &req), &req, 0);
}

static void a_full_adapter_is_named(void **state)
{
    struct vio_inventory *inventory = session_observe(&session);
    uint32_t room = vio_adapter_max_functions(vio_inventory_find_adapter(inventory, "slot1"));
    struct vio_vadapter_spec *spec = session_spec("over", VIO_VADAPTER_VNIC, "slot1", NULL);
    struct vio_req *req;

    (void)state;
    vio_inventory_unref(inventory);
    for (uint32_t i = 0; i < room; i++)
        assert_int_equal(session_create(&session, NULL, VIO_VADAPTER_VNIC, "slot1", NULL), 0);
    expect_message(vio_vadapter_create(session.chassis, spec, NULL, NULL, &req), &req, VIO_EFULL,
                   "slot1");
    vio_vadapter_spec_free(spec);
    for (uint32_t i = 0; i < room; i++) {
        char name[32];

        snprintf(name, sizeof(name), "vnic%u", i);
        session_expect(vio_vadapter_remove(session.chassis, name, NULL, NULL, &req), &req, 0);
    }
}

static void calls_on_one_vadapter_run_in_order(void **state)
{
    struct vio_vadapter_spec *spec = session_spec("seq", VIO_VADAPTER_VNIC, NULL, NULL);
    struct vio_req *reqs[6];

    (void)state;
    assert_int_equal(vio_vadapter_create(session.chassis, spec, NULL, NULL, &reqs[0]), 0);
    assert_int_equal(vio_vadapter_attach(session.chassis, "seq", "server1", NULL, NULL, &reqs[1]),
                     0);
    assert_int_equal(vio_vadapter_detach(session.chassis, "seq", false, NULL, NULL, &reqs[2]), 0);
    assert_int_equal(vio_vadapter_remove(session.chassis, "seq", NULL, NULL, &reqs[3]), 0);
    assert_int_equal(vio_vadapter_create(session.chassis, spec, NULL, NULL, &reqs[4]), 0);
    assert_int_equal(vio_vadapter_remove(session.chassis, "seq", NULL, NULL, &reqs[5]), 0);
    vio_vadapter_spec_free(spec);
    for (size_t i = 0; i < 6; i++)
        session_expect(0, &reqs[i], 0);
}

static void many_at_once_get_different_identities(void **state)
{
    enum { MANY = 32 };
    struct vio_req *reqs[MANY];
    struct vio_address address[MANY];

    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        struct vio_vadapter_spec *spec = session_spec(NULL, VIO_VADAPTER_VNIC, NULL, NULL);

        assert_int_equal(vio_vadapter_create(session.chassis, spec, NULL, NULL, &reqs[i]), 0);
        vio_vadapter_spec_free(spec);
    }
    for (size_t i = 0; i < MANY; i++) {
        struct vio_vadapter *vadapter;
        struct vio_req *req;

        assert_int_equal(vio_req_wait(reqs[i], -1), 0);
        assert_int_equal(vio_req_status(reqs[i]), 0);
        vadapter = vio_req_get_vadapter(reqs[i]);
        assert_int_equal(vio_vadapter_address(vadapter, &address[i]), 0);
        for (size_t k = 0; k < i; k++)
            assert_false(vio_address_equal(&address[i], &address[k]));
        session_expect(
            vio_vadapter_remove(session.chassis, vio_vadapter_name(vadapter), NULL, NULL, &req),
            &req, 0);
        vio_req_unref(reqs[i]);
    }
}

static void a_canceled_or_expired_call_leaves_nothing_half_made(void **state)
{
    (void)state;
    for (int expire = 0; expire < 2; expire++) {
        struct vio_vadapter_spec *spec = session_spec("brief", VIO_VADAPTER_VNIC, NULL, "server1");
        struct vio_req *req;
        int status;

        assert_int_equal(vio_vadapter_create(session.chassis, spec, NULL, NULL, &req), 0);
        vio_vadapter_spec_free(spec);
        assert_int_equal(expire ? vio_req_set_deadline(req, 1) : vio_req_cancel(req), 0);
        assert_int_equal(vio_req_wait(req, -1), 0);
        status = vio_req_status(req);
        assert_true(status == 0 || status == (expire ? VIO_ETIMEDOUT : VIO_ECANCELED));
        vio_req_unref(req);
        if (status != 0) {
            assert_null(session_find(&session, "brief"));
            assert_int_equal(viosim_stat(session.sim, VIOSIM_STAT_FUNCTIONS), retired);
            continue;
        }
        session_expect(vio_vadapter_detach(session.chassis, "brief", true, NULL, NULL, &req), &req,
                       0);
        session_expect(vio_vadapter_remove(session.chassis, "brief", NULL, NULL, &req), &req, 0);
    }
}

static void an_adapter_that_is_pulled_and_a_reset_are_seen(void **state)
{
    struct vio_vadapter_spec *spec;
    struct vio_req *req;

    (void)state;
    assert_int_equal(session_create(&session, "prey", VIO_VADAPTER_VNIC, "slot1", "server1"), 0);
    assert_int_equal(viosim_adapter_pull(session.sim, "slot1"), 0);
    assert_int_equal(state_of("prey"), VIO_VADAPTER_STATE_FAULT);
    assert_int_equal(session_create(&session, "none", VIO_VADAPTER_VNIC, "slot1", NULL), VIO_EGONE);
    assert_int_equal(vio_vadapter_spec_new(&spec), 0);
    assert_int_equal(vio_vadapter_spec_set_vlan_access(spec, 5), 0);
    assert_int_equal(vio_vadapter_set(session.chassis, "prey", spec, NULL, NULL, &req), 0);
    vio_vadapter_spec_free(spec);
    assert_int_equal(vio_req_wait(req, -1), 0);
    assert_int_equal(vio_req_status(req), VIO_EGONE);
    assert_non_null(strstr(vio_req_message(req), "\"slot1\""));
    vio_req_unref(req);
    session_expect(vio_vadapter_disable(session.chassis, "prey", NULL, NULL, &req), &req,
                   VIO_EGONE);
    assert_int_equal(viosim_adapter_insert(session.sim, "slot1", NULL, NULL, 0), 0);
    session_expect(vio_vadapter_detach(session.chassis, "prey", true, NULL, NULL, &req), &req, 0);
    session_expect(vio_vadapter_remove(session.chassis, "prey", NULL, NULL, &req), &req, 0);
}

static uint64_t commands_to_create(const char *name)
{
    uint64_t before = viosim_stat(session.sim, VIOSIM_STAT_COMMANDS);

    assert_int_equal(session_create(&session, name, VIO_VADAPTER_VNIC, NULL, NULL), 0);
    return viosim_stat(session.sim, VIOSIM_STAT_COMMANDS) - before;
}

/* Else each of them would cost more, the more functions there are. */
static void own_changes_do_not_have_the_chassis_observed_anew(void **state)
{
    struct vio_req *req = NULL;
    uint64_t usual;

    (void)state;
    commands_to_create("first");
    usual = commands_to_create("second");
    session_expect(vio_vadapter_remove(session.chassis, "first", NULL, NULL, &req), &req, 0);
    assert_int_equal(commands_to_create("third"), usual);
    session_expect(vio_vadapter_remove(session.chassis, "second", NULL, NULL, &req), &req, 0);
    session_expect(vio_vadapter_remove(session.chassis, "third", NULL, NULL, &req), &req, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_lives_through_all_it_can),
        cmocka_unit_test(a_request_shows_the_vadapter_after_the_change),
        cmocka_unit_test(set_changes_all_of_it),
        cmocka_unit_test(the_same_again_writes_nothing),
        cmocka_unit_test(unknown_names_are_answered_with_those_there_are),
        cmocka_unit_test(a_refusal_lists_every_problem),
        cmocka_unit_test(a_name_or_identity_is_given_once),
        cmocka_unit_test(a_full_adapter_is_named),
        cmocka_unit_test(calls_on_one_vadapter_run_in_order),
        cmocka_unit_test(many_at_once_get_different_identities),
        cmocka_unit_test(a_canceled_or_expired_call_leaves_nothing_half_made),
        cmocka_unit_test(an_adapter_that_is_pulled_and_a_reset_are_seen),
        cmocka_unit_test(own_changes_do_not_have_the_chassis_observed_anew),
    };

    return cmocka_run_group_tests(tests, open_session, close_session);
}
