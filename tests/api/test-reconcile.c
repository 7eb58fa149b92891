/* SPDX-License-Identifier: MIT */
/* Drift and reconcile through the API, against a software chassis in this process. */
#include <string.h>

#include <libvio/libvio.h>
#include <libvio/sim.h>

#include "tests/api/session.h"

static void create(struct session *session)
{
    assert_int_equal(session_create(session, "lan", VIO_VADAPTER_VNIC, NULL, "server1"), 0);
    assert_int_equal(session_create(session, "san", VIO_VADAPTER_VHBA, NULL, "server1"), 0);
    assert_int_equal(session_create(session, "spare", VIO_VADAPTER_VNIC, NULL, NULL), 0);
}

static struct vio_address address_of(struct session *session, const char *name)
{
    struct vio_vadapter *vadapter = session_find(session, name);
    struct vio_address address = {0};

    assert_non_null(vadapter);
    assert_int_equal(vio_vadapter_address(vadapter, &address), 0);
    vio_vadapter_unref(vadapter);
    return address;
}

static size_t count_drift(struct session *session)
{
    struct vio_req *req = NULL;
    size_t count;

    assert_int_equal(vio_chassis_drift(session->chassis, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, -1), 0);
    assert_int_equal(vio_req_status(req), 0);
    assert_int_equal(vio_plan_num_edits(vio_req_get_plan(req)), 0);
    count = vio_plan_num_steps(vio_req_get_plan(req));
    vio_req_unref(req);
    return count;
}

static void reconcile(struct session *session, int status, size_t steps)
{
    struct vio_req *req = NULL;

    assert_int_equal(vio_chassis_reconcile(session->chassis, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, -1), 0);
    if (vio_req_status(req) != status)
        print_message("%s\n", vio_req_message(req));
    assert_int_equal(vio_req_status(req), status);
    if (status == 0) {
        const struct vio_plan *plan = vio_req_get_plan(req);

        assert_int_equal(vio_plan_state(plan), VIO_PLAN_STATE_DONE);
        assert_int_equal(vio_plan_num_steps(plan), steps);
        for (size_t i = 0; i < steps; i++)
            assert_int_equal(vio_plan_step_state(plan, i), VIO_STEP_STATE_DONE);
    }
    vio_req_unref(req);
}

static uint64_t changes(struct session *session)
{
    return viosim_stat(session->sim, VIOSIM_STAT_CHANGES);
}

static void a_chassis_that_loses_power_gets_all_back_by_reconcile(void **state)
{
    struct vio_address lan, san;
    struct session session;
    uint64_t before;

    (void)state;
    session_open(&session);
    create(&session);
    lan = address_of(&session, "lan");
    san = address_of(&session, "san");
    assert_int_equal(count_drift(&session), 0);
    viosim_power_cycle(session.sim);
    assert_int_equal(count_drift(&session), 5); /* three created, two bound */
    reconcile(&session, 0, 5);
    assert_int_equal(count_drift(&session), 0);
    assert_memory_equal(address_of(&session, "lan").bytes, lan.bytes, sizeof(lan.bytes));
    assert_memory_equal(address_of(&session, "san").bytes, san.bytes, sizeof(san.bytes));
    before = changes(&session);
    reconcile(&session, 0, 0);
    assert_int_equal(changes(&session), before);
    assert_int_equal(session_create(&session, "more", VIO_VADAPTER_VNIC, NULL, "server2"), 0);
    session_close(&session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chassis_that_loses_power_gets_all_back_by_reconcile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
