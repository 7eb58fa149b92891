/* SPDX-License-Identifier: MIT */
/* Plans: what the snapshot of one tells, how long it lives, and that threads may share stores. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "tests/api/session.h"

#define THREADS 4
#define ROUNDS  10

/* The plan of a vNIC that is made in "server1" of a chassis that is gone meanwhile. */
static struct vio_plan *make(void)
{
    struct session session;
    struct vio_vadapter_spec *spec;
    struct vio_plan *plan;
    struct vio_req *req;

    session_open(&session);
    spec = session_spec("vnic0", VIO_VADAPTER_VNIC, "slot1", "server1");
    assert_int_equal(vio_vadapter_create(session.chassis, spec, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, 30000), 0);
    assert_int_equal(vio_req_status(req), 0);
    plan = vio_plan_ref(vio_req_get_plan(req));
    vio_req_unref(req);
    vio_vadapter_spec_free(spec);
    session_close(&session);
    return plan;
}

static void a_plan_outlives_request_chassis_and_context(void **state)
{
    struct vio_plan *plan = make();
    bool named = false;

    (void)state;
    assert_int_equal(vio_plan_num_edits(plan), 1);
    assert_int_equal(vio_plan_edit_object(plan, 0), VIO_OBJECT_VADAPTER);
    for (size_t i = 0; i < vio_plan_edit_num_fields(plan, 0); i++) {
        assert_string_equal(vio_plan_edit_before(plan, 0, i), "");
        if (strcmp(vio_plan_edit_field(plan, 0, i), "adapter") == 0)
            named = strcmp(vio_plan_edit_after(plan, 0, i), "slot1") == 0;
    }
    assert_true(named);
    assert_int_equal(vio_plan_num_steps(plan), 2);
    assert_int_equal(vio_plan_step_action(plan, 0), VIO_ACTION_CREATE);
    assert_int_equal(vio_plan_step_action(plan, 1), VIO_ACTION_BIND);
    assert_true(vio_plan_step_num_fields(plan, 1) > 0);
    assert_true(vio_plan_disruption(plan) >= VIO_DISRUPTION_NONE);
    assert_int_equal(vio_plan_num_problems(plan), 0);
    assert_true(vio_plan_time(plan) > 0);
    assert_int_equal(vio_plan_undoes(plan), 0);
    vio_plan_unref(plan);
}

static void what_is_beyond_the_last_is_nothing(void **state)
{
    struct vio_plan *plan = make();
    struct vio_address token;

    (void)state;
    assert_int_equal(vio_plan_token(plan, &token), VIO_ENOENT);
    assert_null(vio_plan_edit_name(plan, 1));
    assert_int_equal(vio_plan_edit_object(plan, 1), VIO_OBJECT_UNKNOWN);
    assert_int_equal(vio_plan_edit_num_fields(plan, 1), 0);
    assert_null(vio_plan_edit_field(plan, 0, 1000));
    assert_null(vio_plan_step_chassis(plan, 2));
    assert_int_equal(vio_plan_step_state(plan, 2), VIO_STEP_STATE_UNKNOWN);
    assert_null(vio_plan_step_after(plan, 2, 0));
    assert_int_equal(vio_plan_problem_code(plan, 0), 0);
    assert_string_equal(vio_plan_problem_text(plan, 0), "");
    vio_plan_unref(plan);
}

static void words_have_names(void **state)
{
    (void)state;
    assert_string_equal(vio_disruption_name(VIO_DISRUPTION_DATA_LOST), "data-lost");
    assert_string_equal(vio_action_name(VIO_ACTION_SET_IDENTITY), "set-identity");
    assert_string_equal(vio_step_state_name(VIO_STEP_STATE_UNDONE), "undone");
    assert_string_equal(vio_plan_state_name(VIO_PLAN_STATE_BLOCKED), "blocked");
    assert_string_equal(vio_object_kind_name(VIO_OBJECT_POOL), "pool");
    assert_string_equal(vio_edit_action_name(VIO_EDIT_ACTION_CHANGE), "change");
    assert_string_equal(vio_plan_state_name((enum vio_plan_state)99), "unknown");
}

/* -- Threads ----------------------------------------------------------------------------------- */

struct worker {
    struct session *session;
    pthread_t thread;
    unsigned number, failures;
};

/* As session_end(), which only the test's own thread may call. */
static int end(int submitted, struct vio_req **req)
{
    int status = submitted;

    if (submitted == 0) {
        status = vio_req_wait(*req, 30000);
        if (status == 0)
            status = vio_req_status(*req);
        vio_req_unref(*req);
    }
    return status;
}

/* Makes, plans, lists and removes, beside the others, on the one store. */
static void *work(void *user)
{
    struct worker *worker = user;
    struct vio_chassis *chassis = worker->session->chassis;
    struct vio_store *store = vio_store_ref(vio_chassis_store(chassis));

    for (unsigned i = 0; i < ROUNDS; i++) {
        struct vio_vadapter_spec *spec;
        struct vio_changeset *changeset;
        struct vio_req *req = NULL;
        char name[32];

        snprintf(name, sizeof(name), "vnic%u-%u", worker->number, i);
        if (vio_vadapter_spec_new(&spec) != 0 || vio_changeset_new(store, &changeset) != 0) {
            worker->failures++;
            break;
        }
        vio_vadapter_spec_set_name(spec, name);
        vio_vadapter_spec_set_kind(spec, VIO_VADAPTER_VNIC);
        worker->failures += vio_changeset_create_vadapter(changeset, chassis, spec) != 0;
        worker->failures += end(vio_changeset_plan(changeset, NULL, NULL, &req), &req) != 0;
        worker->failures += end(vio_changeset_apply(changeset, NULL, NULL, &req), &req) != 0;
        worker->failures += end(vio_history_list(store, NULL, NULL, NULL, &req), &req) != 0;
        worker->failures += end(vio_store_observe(store, NULL, NULL, &req), &req) != 0;
        worker->failures += end(vio_vadapter_remove(chassis, name, NULL, NULL, &req), &req) != 0;
        vio_changeset_free(changeset);
        vio_vadapter_spec_free(spec);
    }
    vio_store_unref(store);
    return NULL;
}

static void threads_share_a_store(void **state)
{
    struct worker workers[THREADS] = {0};
    struct vio_inventory *inventory;
    struct session session;

    (void)state;
    session_open(&session);
    for (unsigned i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.session = &session, .number = i};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
        assert_int_equal(workers[i].failures, 0);
    }
    inventory = session_observe(&session);
    assert_int_equal(vio_inventory_num_vadapters(inventory), 0);
    vio_inventory_unref(inventory);
    session_close(&session);
}

int main(void)
{
    const struct CMUnitTest plans[] = {
        cmocka_unit_test(a_plan_outlives_request_chassis_and_context),
        cmocka_unit_test(what_is_beyond_the_last_is_nothing),
        cmocka_unit_test(words_have_names),
        cmocka_unit_test(threads_share_a_store),
    };

    return cmocka_run_group_tests(plans, NULL, NULL);
}
