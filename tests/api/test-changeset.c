/* SPDX-License-Identifier: MIT */
/* Change sets: what a plan tells, and that a set is applied as a whole or not at all. */
#include <string.h>

#include "tests/api/session.h"

static struct session session;

static int set_up(void **state)
{
    (void)state;
    session_open(&session);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    session_close(&session);
    return 0;
}

static struct vio_changeset *new_set(void)
{
    struct vio_changeset *changeset;

    assert_int_equal(vio_changeset_new(vio_chassis_store(session.chassis), &changeset), 0);
    return changeset;
}

static void add_creation(struct vio_changeset *changeset, const char *name, const char *server)
{
    struct vio_vadapter_spec *spec = session_spec(name, VIO_VADAPTER_VNIC, NULL, server);

    assert_int_equal(vio_changeset_create_vadapter(changeset, session.chassis, spec), 0);
    vio_vadapter_spec_free(spec);
}

/* Waits for a plan, which the caller gives up, of a request that ended so. */
static struct vio_plan *plan_of(int submitted, struct vio_req **req, int status)
{
    struct vio_plan *plan;

    assert_int_equal(submitted, 0);
    assert_int_equal(vio_req_wait(*req, 30000), 0);
    if (vio_req_status(*req) != status)
        fail_msg("%s: %s, not %s: %s", vio_req_name(*req), vio_error_name(vio_req_status(*req)),
                 vio_error_name(status), vio_req_message(*req));
    plan = vio_plan_ref(vio_req_get_plan(*req));
    assert_non_null(plan);
    vio_req_unref(*req);
    return plan;
}

static struct vio_plan *apply(struct vio_changeset *changeset, int status)
{
    struct vio_req *req = NULL;

    return plan_of(vio_changeset_apply(changeset, NULL, NULL, &req), &req, status);
}

static void expect_vadapters(size_t count)
{
    struct vio_inventory *inventory = session_observe(&session);

    assert_int_equal(vio_inventory_num_vadapters(inventory), count);
    vio_inventory_unref(inventory);
}

static const char *field_after(const struct vio_plan *plan, size_t at, const char *name)
{
    for (size_t i = 0; i < vio_plan_edit_num_fields(plan, at); i++)
        if (strcmp(vio_plan_edit_field(plan, at, i), name) == 0)
            return vio_plan_edit_after(plan, at, i);
    return NULL;
}

/* -- Planning ---------------------------------------------------------------------------------- */

static void a_plan_tells_what_would_be_done_and_does_nothing(void **state)
{
    struct vio_changeset *changeset = new_set();
    struct vio_plan *plan;
    struct vio_req *req = NULL;

    (void)state;
    add_creation(changeset, "vnic0", "server1");
    add_creation(changeset, "vnic1", NULL);
    plan = plan_of(vio_changeset_plan(changeset, NULL, NULL, &req), &req, 0);
    assert_int_equal(vio_plan_state(plan), VIO_PLAN_STATE_PLANNED);
    assert_int_equal(vio_plan_status(plan), 0);
    assert_int_equal(vio_plan_number(plan), 0);
    assert_int_equal(vio_plan_num_edits(plan), 2);
    assert_int_equal(vio_plan_edit_object(plan, 0), VIO_OBJECT_VADAPTER);
    assert_int_equal(vio_plan_edit_action(plan, 0), VIO_EDIT_ACTION_CREATE);
    assert_string_equal(vio_plan_edit_name(plan, 0), "vnic0");
    assert_string_equal(field_after(plan, 0, "server"), "server1");
    assert_int_equal(vio_plan_num_steps(plan), 3);
    assert_int_equal(vio_plan_step_action(plan, 0), VIO_ACTION_CREATE);
    assert_int_equal(vio_plan_step_state(plan, 0), VIO_STEP_STATE_PLANNED);
    assert_string_equal(vio_plan_step_object(plan, 0), "vnic0");
    assert_true(strlen(vio_plan_step_chassis(plan, 0)) > 0);
    vio_plan_unref(plan);
    expect_vadapters(0);
    vio_changeset_free(changeset);
}

static void a_plan_has_every_problem(void **state)
{
    struct vio_changeset *changeset = new_set();
    struct vio_plan *plan;
    struct vio_req *req = NULL;

    (void)state;
    add_creation(changeset, "vnic0", "nowhere");
    assert_int_equal(vio_changeset_remove_vadapter(changeset, session.chassis, "ghost"), 0);
    plan = plan_of(vio_changeset_plan(changeset, NULL, NULL, &req), &req, VIO_ENOENT);
    assert_int_equal(vio_plan_state(plan), VIO_PLAN_STATE_REFUSED);
    assert_int_equal(vio_plan_num_problems(plan), 2);
    assert_int_equal(vio_plan_problem_code(plan, 0), VIO_ENOENT);
    assert_non_null(strstr(vio_plan_problem_text(plan, 0), "nowhere"));
    assert_non_null(strstr(vio_plan_problem_text(plan, 1), "ghost"));
    vio_plan_unref(plan);
    vio_plan_unref(apply(changeset, VIO_ENOENT));
    expect_vadapters(0);
    vio_changeset_free(changeset);
}

/* -- Applying ---------------------------------------------------------------------------------- */

static void a_set_is_applied_and_may_be_used_again(void **state)
{
    struct vio_changeset *changeset = new_set();
    struct vio_plan *plan;

    (void)state;
    add_creation(changeset, NULL, "server1");
    assert_int_equal(vio_changeset_set_author(changeset, "admin"), 0);
    assert_int_equal(vio_changeset_set_comment(changeset, "one more"), 0);
    plan = apply(changeset, 0);
    assert_int_equal(vio_plan_state(plan), VIO_PLAN_STATE_DONE);
    assert_true(vio_plan_number(plan) > 0);
    assert_string_equal(vio_plan_author(plan), "admin");
    assert_string_equal(vio_plan_comment(plan), "one more");
    assert_int_equal(vio_plan_step_state(plan, 0), VIO_STEP_STATE_DONE);
    vio_plan_unref(plan);
    vio_plan_unref(apply(changeset, 0));
    expect_vadapters(2);
    vio_changeset_free(changeset);
}

static void an_edit_sees_what_those_before_it_leave(void **state)
{
    struct vio_changeset *changeset = new_set();
    struct vio_vadapter *vadapter;

    (void)state;
    add_creation(changeset, "vnic0", NULL);
    assert_int_equal(vio_changeset_attach(changeset, session.chassis, "vnic0", "server2"), 0);
    assert_int_equal(vio_changeset_disable(changeset, session.chassis, "vnic0"), 0);
    vio_plan_unref(apply(changeset, 0));
    vadapter = session_find(&session, "vnic0");
    assert_string_equal(vio_vadapter_server(vadapter), "server2");
    assert_false(vio_vadapter_is_enabled(vadapter));
    vio_vadapter_unref(vadapter);

    vio_changeset_clear(changeset);
    assert_int_equal(vio_changeset_enable(changeset, session.chassis, "vnic0"), 0);
    assert_int_equal(vio_changeset_detach(changeset, session.chassis, "vnic0", false), 0);
    assert_int_equal(vio_changeset_remove_vadapter(changeset, session.chassis, "vnic0"), 0);
    assert_int_equal(vio_changeset_count(changeset), 3);
    vio_plan_unref(apply(changeset, 0));
    expect_vadapters(0);
    vio_changeset_free(changeset);
}

static void all_is_undone_when_a_step_fails(void **state)
{
    struct vio_changeset *changeset = new_set();
    struct vio_plan *plan;
    struct vio_req *req;

    (void)state;
    assert_int_equal(session_create(&session, "vnic0", VIO_VADAPTER_VNIC, NULL, "server1"), 0);
    assert_int_equal(viosim_server_stick(session.sim, "server1", 1), 0);
    add_creation(changeset, "vnic1", "server2");
    assert_int_equal(vio_changeset_detach(changeset, session.chassis, "vnic0", false), 0);
    assert_int_equal(vio_changeset_apply(changeset, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, 30000), 0);
    assert_int_not_equal(vio_req_status(req), 0);
    plan = vio_req_get_plan(req);
    assert_int_equal(vio_plan_state(plan), VIO_PLAN_STATE_UNDONE);
    assert_int_equal(vio_plan_status(plan), vio_req_status(req));
    assert_string_equal(vio_plan_message(plan), vio_req_message(req));
    vio_req_unref(req);
    assert_int_equal(viosim_server_stick(session.sim, "server1", 0), 0);
    expect_vadapters(1);
    vio_changeset_free(changeset);
}

static void a_stale_generation_refuses_the_set(void **state)
{
    struct vio_changeset *changeset = new_set();
    struct vio_vadapter *vadapter;
    struct vio_plan *plan;

    (void)state;
    assert_int_equal(vio_changeset_expect(changeset, 1), VIO_ESTATE);
    assert_int_equal(session_create(&session, "vnic0", VIO_VADAPTER_VNIC, NULL, NULL), 0);
    vadapter = session_find(&session, "vnic0");
    assert_int_equal(vio_changeset_disable(changeset, session.chassis, "vnic0"), 0);
    assert_int_equal(vio_changeset_expect(changeset, vio_vadapter_generation(vadapter)), 0);
    vio_vadapter_unref(vadapter);
    vio_plan_unref(apply(changeset, 0));
    plan = apply(changeset, VIO_ESTALE);
    assert_int_equal(vio_plan_num_problems(plan), 1);
    vio_plan_unref(plan);
    vio_changeset_free(changeset);
}

static void a_token_is_used_once(void **state)
{
    struct vio_changeset *changeset = new_set();
    struct vio_address token, told;
    struct vio_plan *first, *second;

    (void)state;
    assert_int_equal(
        vio_address_parse("6b1d4a52-8c57-4f0e-a3ce-0a62f4f1be11", VIO_ADDRESS_UUID, &token), 0);
    assert_int_equal(vio_changeset_set_token(changeset, &token), 0);
    add_creation(changeset, NULL, NULL);
    first = apply(changeset, 0);
    second = apply(changeset, 0);
    assert_int_equal(vio_plan_number(first), vio_plan_number(second));
    assert_int_equal(vio_plan_token(second, &told), 0);
    assert_true(vio_address_equal(&token, &told));
    expect_vadapters(1);
    vio_plan_unref(first);
    vio_plan_unref(second);
    vio_changeset_free(changeset);
}

static void a_single_call_has_its_plan_beside_its_vadapter(void **state)
{
    struct vio_vadapter_spec *spec = session_spec("vnic0", VIO_VADAPTER_VNIC, NULL, "server1");
    struct vio_req *req;

    (void)state;
    assert_int_equal(vio_vadapter_create(session.chassis, spec, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, 30000), 0);
    assert_int_equal(vio_req_status(req), 0);
    assert_string_equal(vio_vadapter_name(vio_req_get_vadapter(req)), "vnic0");
    assert_int_equal(vio_plan_num_steps(vio_req_get_plan(req)), 2);
    vio_req_unref(req);
    vio_vadapter_spec_free(spec);
}

/* -- Arguments --------------------------------------------------------------------------------- */

static void a_chassis_of_another_store_is_refused(void **state)
{
    struct vio_changeset *changeset = new_set();
    struct vio_chassis *other;
    struct vio_req *req;

    (void)state;
    assert_int_equal(vio_chassis_open(session.ctx, SIM, NULL, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, 30000), 0);
    other = vio_chassis_ref(vio_req_get_chassis(req));
    vio_req_unref(req);
    assert_int_equal(vio_changeset_enable(changeset, other, "vnic0"), VIO_EINVAL);
    vio_chassis_unref(other);
    vio_changeset_free(changeset);
}

static void a_set_without_edits_and_one_with_too_many_are_refused(void **state)
{
    struct vio_changeset *changeset = new_set();
    struct vio_req *req = NULL;

    (void)state;
    assert_int_equal(vio_changeset_apply(changeset, NULL, NULL, &req), VIO_EINVAL);
    assert_int_equal(vio_changeset_plan(changeset, NULL, NULL, &req), VIO_EINVAL);
    for (int i = 0; i < 1024; i++)
        assert_int_equal(vio_changeset_enable(changeset, session.chassis, "vnic0"), 0);
    assert_int_equal(vio_changeset_enable(changeset, session.chassis, "vnic0"), VIO_ELIMIT);
    assert_int_equal(vio_changeset_count(changeset), 1024);
    vio_changeset_free(changeset);
}

static void texts_that_are_none_are_refused(void **state)
{
    struct vio_changeset *changeset = new_set();
    struct vio_address mac = {.kind = VIO_ADDRESS_MAC48, .length = 6, .bytes = {2}};
    char text[300];

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_int_equal(vio_changeset_set_author(changeset, text), VIO_ENAME);
    assert_int_equal(vio_changeset_set_comment(changeset, text), VIO_ENAME);
    assert_int_equal(vio_changeset_set_comment(changeset, "a\nb"), VIO_ENAME);
    assert_int_equal(vio_changeset_set_token(changeset, &mac), VIO_EADDR);
    assert_int_equal(vio_changeset_set_token(changeset, NULL), 0);
    vio_changeset_free(changeset);
}

static void a_set_keeps_its_chassis_and_outlives_a_closed_one(void **state)
{
    struct vio_changeset *changeset = new_set();
    struct vio_req *req = NULL;
    int status;

    (void)state;
    add_creation(changeset, "vnic0", NULL);
    session_expect(vio_chassis_close(session.chassis, NULL, NULL, &req), &req, 0);
    status = vio_changeset_apply(changeset, NULL, NULL, &req);
    assert_int_equal(status == 0 ? session_end(status, &req) : status, VIO_ECLOSED);
    vio_changeset_free(changeset);
}

static void a_set_on_a_chassis_that_closes_beside_its_store_ends_closed(void **state)
{
    struct vio_chassis_config *config;
    struct vio_changeset *changeset;
    struct vio_chassis *chassis;
    struct vio_store *store;
    struct vio_req *req = NULL;

    (void)state;
    assert_int_equal(vio_store_open(session.ctx, "memory:", NULL, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, 30000), 0);
    store = vio_store_ref(vio_req_get_store(req));
    vio_req_unref(req);
    assert_int_equal(vio_chassis_config_new(&config), 0);
    assert_int_equal(vio_chassis_config_set_store(config, store), 0);
    assert_int_equal(vio_chassis_open(session.ctx, SIM, config, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, 30000), 0);
    chassis = vio_chassis_ref(vio_req_get_chassis(req));
    vio_req_unref(req);
    vio_chassis_config_free(config);
    assert_int_equal(vio_changeset_new(store, &changeset), 0);
    assert_int_equal(vio_changeset_enable(changeset, chassis, "vnic0"), 0);
    session_expect(vio_chassis_close(chassis, NULL, NULL, &req), &req, 0);
    session_expect(vio_changeset_apply(changeset, NULL, NULL, &req), &req, VIO_ECLOSED);
    vio_chassis_unref(chassis);
    vio_changeset_free(changeset);
    vio_store_unref(store);
}

int main(void)
{
    const struct CMUnitTest changesets[] = {
        cmocka_unit_test_setup_teardown(a_plan_tells_what_would_be_done_and_does_nothing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_plan_has_every_problem, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_set_is_applied_and_may_be_used_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_edit_sees_what_those_before_it_leave, set_up, tear_down),
        cmocka_unit_test_setup_teardown(all_is_undone_when_a_step_fails, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stale_generation_refuses_the_set, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_token_is_used_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_single_call_has_its_plan_beside_its_vadapter, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_chassis_of_another_store_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_set_without_edits_and_one_with_too_many_are_refused,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_that_are_none_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_set_keeps_its_chassis_and_outlives_a_closed_one, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_set_on_a_chassis_that_closes_beside_its_store_ends_closed,
                                        set_up, tear_down),
    };

    return cmocka_run_group_tests(changesets, NULL, NULL);
}
