/* SPDX-License-Identifier: MIT */
/* The history: what was applied is listed, forgotten, and undone. */
#include <string.h>

#include "tests/api/session.h"

static struct session session;
static struct vio_store *store;

static int set_up(void **state)
{
    (void)state;
    session_open(&session);
    store = vio_chassis_store(session.chassis);
    for (int i = 0; i < 5; i++)
        assert_int_equal(session_create(&session, NULL, VIO_VADAPTER_VNIC, NULL, NULL), 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    session_close(&session);
    return 0;
}

static struct vio_history *list(const struct vio_history_filter *filter)
{
    struct vio_history *history;
    struct vio_req *req;

    assert_int_equal(vio_history_list(store, filter, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, 30000), 0);
    if (vio_req_status(req) != 0)
        fail_msg("%s", vio_req_message(req));
    history = vio_history_ref(vio_req_get_history(req));
    vio_req_unref(req);
    return history;
}

static void the_newest_comes_first_with_its_plan(void **state)
{
    struct vio_history *history = list(NULL);
    struct vio_plan *plan = vio_history_plan(history, 0);

    (void)state;
    assert_int_equal(vio_history_count(history), 5);
    assert_null(vio_history_plan(history, 5));
    assert_true(vio_plan_number(plan) > vio_plan_number(vio_history_plan(history, 1)));
    assert_int_equal(vio_plan_state(plan), VIO_PLAN_STATE_DONE);
    assert_int_equal(vio_plan_num_edits(plan), 1);
    assert_string_equal(vio_plan_edit_name(plan, 0), "vnic4");
    vio_plan_ref(plan);
    vio_history_unref(history);
    assert_string_equal(vio_plan_edit_name(plan, 0), "vnic4");
    vio_plan_unref(plan);
}

static void a_filter_selects_by_object_number_and_count(void **state)
{
    struct vio_history_filter *filter;
    struct vio_history *history;
    uint64_t second;

    (void)state;
    assert_int_equal(vio_history_filter_new(&filter), 0);
    assert_int_equal(vio_history_filter_set_limit(filter, 2), 0);
    history = list(filter);
    assert_int_equal(vio_history_count(history), 2);
    second = vio_plan_number(vio_history_plan(history, 1));
    vio_history_unref(history);
    assert_int_equal(vio_history_filter_set_before(filter, second), 0);
    history = list(filter);
    assert_int_equal(vio_history_count(history), 2);
    assert_string_equal(vio_plan_edit_name(vio_history_plan(history, 0), 0), "vnic2");
    vio_history_unref(history);
    assert_int_equal(vio_history_filter_set_before(filter, 0), 0);
    assert_int_equal(vio_history_filter_set_object(filter, "vnic1"), 0);
    history = list(filter);
    assert_int_equal(vio_history_count(history), 1);
    vio_history_unref(history);
    assert_int_equal(vio_history_filter_set_object(filter, "vnic9"), 0);
    history = list(filter);
    assert_int_equal(vio_history_count(history), 0);
    vio_history_unref(history);
    vio_history_filter_free(filter);
}

static void a_filter_selects_by_token(void **state)
{
    struct vio_history_filter *filter;
    struct vio_changeset *changeset;
    struct vio_history *history;
    struct vio_address token;
    struct vio_req *req = NULL;

    (void)state;
    assert_int_equal(
        vio_address_parse("6b1d4a52-8c57-4f0e-a3ce-0a62f4f1be11", VIO_ADDRESS_UUID, &token), 0);
    assert_int_equal(vio_changeset_new(store, &changeset), 0);
    assert_int_equal(vio_changeset_set_token(changeset, &token), 0);
    assert_int_equal(vio_changeset_disable(changeset, session.chassis, "vnic3"), 0);
    session_expect(vio_changeset_apply(changeset, NULL, NULL, &req), &req, 0);
    vio_changeset_free(changeset);
    assert_int_equal(vio_history_filter_new(&filter), 0);
    assert_int_equal(vio_history_filter_set_token(filter, &token), 0);
    history = list(filter);
    assert_int_equal(vio_history_count(history), 1);
    assert_string_equal(vio_plan_edit_name(vio_history_plan(history, 0), 0), "vnic3");
    vio_history_unref(history);
    vio_history_filter_free(filter);
}

static void values_that_no_filter_has_are_refused(void **state)
{
    struct vio_history_filter *filter;
    struct vio_address mac = {.kind = VIO_ADDRESS_MAC48, .length = 6, .bytes = {2}};
    char text[100];

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_int_equal(vio_history_filter_new(&filter), 0);
    assert_int_equal(vio_history_filter_set_limit(filter, 0), VIO_EINVAL);
    assert_int_equal(vio_history_filter_set_limit(filter, 10001), VIO_EINVAL);
    assert_int_equal(vio_history_filter_set_object(filter, text), VIO_ENAME);
    assert_int_equal(vio_history_filter_set_token(filter, &mac), VIO_EADDR);
    assert_int_equal(vio_history_filter_set_since(filter, 1), 0);
    assert_int_equal(vio_history_filter_set_until(filter, 2), 0);
    vio_history_filter_free(filter);
}

static void what_is_pruned_is_forgotten(void **state)
{
    struct vio_history *history;
    struct vio_req *req = NULL;

    (void)state;
    session_expect(vio_history_prune(store, 1, 0, NULL, NULL, &req), &req, 0);
    history = list(NULL);
    assert_true(vio_history_count(history) > 2);
    vio_history_unref(history);
    session_expect(vio_history_prune(store, 0, 2, NULL, NULL, &req), &req, 0);
    history = list(NULL);
    assert_int_equal(vio_history_count(history), 2);
    assert_string_equal(vio_plan_edit_name(vio_history_plan(history, 0), 0), "vnic4");
    vio_history_unref(history);
}

static void undoing_is_planned_and_applied(void **state)
{
    struct vio_history *history = list(NULL);
    uint64_t number = vio_plan_number(vio_history_plan(history, 0));
    struct vio_plan *plan;
    struct vio_req *req;

    (void)state;
    vio_history_unref(history);
    assert_int_equal(vio_history_undo(store, number, true, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, 30000), 0);
    assert_int_equal(vio_req_status(req), 0);
    plan = vio_req_get_plan(req);
    assert_int_equal(vio_plan_undoes(plan), number);
    assert_int_equal(vio_plan_edit_action(plan, 0), VIO_EDIT_ACTION_REMOVE);
    assert_int_equal(vio_plan_state(plan), VIO_PLAN_STATE_PLANNED);
    vio_req_unref(req);
}

static void what_was_undone_is_gone_and_undone_once(void **state)
{
    struct vio_history *history = list(NULL);
    uint64_t number = vio_plan_number(vio_history_plan(history, 0));
    struct vio_req *req = NULL;

    (void)state;
    vio_history_unref(history);
    session_expect(vio_history_undo(store, number, false, NULL, NULL, &req), &req, 0);
    assert_null(session_find(&session, "vnic4"));
    assert_int_not_equal(
        session_end(vio_history_undo(store, number, false, NULL, NULL, &req), &req), 0);
    session_expect(vio_history_undo(store, 999999, false, NULL, NULL, &req), &req, VIO_ENOENT);
    assert_int_equal(vio_history_undo(store, 0, false, NULL, NULL, &req), VIO_EINVAL);
}

int main(void)
{
    const struct CMUnitTest histories[] = {
        cmocka_unit_test_setup_teardown(the_newest_comes_first_with_its_plan, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_filter_selects_by_object_number_and_count, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_filter_selects_by_token, set_up, tear_down),
        cmocka_unit_test_setup_teardown(values_that_no_filter_has_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_pruned_is_forgotten, set_up, tear_down),
        cmocka_unit_test_setup_teardown(undoing_is_planned_and_applied, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_undone_is_gone_and_undone_once, set_up, tear_down),
    };

    return cmocka_run_group_tests(histories, NULL, NULL);
}
