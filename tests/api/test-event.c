/* SPDX-License-Identifier: MIT */
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

/* The next event, waited for. */
static struct vio_event *next(struct vio_subscription *subscription)
{
    struct vio_event *event;
    struct vio_req *req = NULL;

    while (vio_subscription_take(subscription, &event) == VIO_EAGAIN)
        session_expect(vio_subscription_wait(subscription, NULL, NULL, &req), &req, 0);
    return event;
}

static void what_happens_to_a_vadapter_comes_in_order_with_its_names(void **state)
{
    static const enum vio_event_type expected[] = {VIO_EVENT_FUNCTION_CREATED,
                                                   VIO_EVENT_FUNCTION_BOUND};
    struct vio_subscription *subscription;
    uint64_t last = 0;
    size_t seen = 0;

    (void)state;
    assert_int_equal(vio_subscription_new(session.chassis, 100, &subscription), 0);
    assert_int_equal(session_create(&session, "web0", VIO_VADAPTER_VNIC, "slot1", "server1"), 0);
    while (seen < 2) {
        struct vio_event *event = next(subscription);
        struct vio_address uuid;

        assert_true(last == 0 || vio_event_sequence(event) == last + 1);
        last = vio_event_sequence(event);
        if (vio_event_type(event) == expected[seen]) {
            assert_string_equal(vio_event_object(event), "web0");
            assert_string_equal(vio_event_adapter(event), "slot1");
            assert_int_equal(vio_event_vadapter(event, &uuid), 0);
            assert_true(vio_event_time(event) > UINT64_C(1600000000000000000));
            seen++;
        }
        vio_event_unref(event);
    }
    vio_subscription_unref(subscription);
}

static void a_server_that_loses_power_is_named(void **state)
{
    struct vio_subscription *subscription;
    struct vio_event *event;

    (void)state;
    assert_int_equal(vio_subscription_new(session.chassis, 100, &subscription), 0);
    assert_int_equal(viosim_server_power(session.sim, "server5", 0), 0);
    do
        event = next(subscription);
    while (vio_event_type(event) != VIO_EVENT_SERVER_OFF && (vio_event_unref(event), true));
    assert_string_equal(vio_event_object(event), "server5");
    assert_int_equal(vio_event_vadapter(event, &(struct vio_address){0}), VIO_ENOENT);
    vio_event_unref(event);
    vio_subscription_unref(subscription);
}

static void losses_are_visible_and_explain_the_gap(void **state)
{
    struct vio_subscription *subscription;
    struct vio_event *event;
    uint64_t last = 0, lost = 0;
    unsigned overflows = 0;
    struct vio_req *req = NULL;

    (void)state;
    assert_int_equal(vio_subscription_new(session.chassis, 3, &subscription), 0);
    viosim_event_burst(session.sim, 50);
    session_expect(vio_subscription_wait(subscription, NULL, NULL, &req), &req, 0);
    for (int i = 0; i < 20; i++) /* by then all have come */
        vio_inventory_unref(session_observe(&session));
    while (vio_subscription_take(subscription, &event) == 0) {
        if (vio_event_type(event) == VIO_EVENT_OVERFLOW) {
            overflows++;
            lost += vio_event_value(event);
        } else if (last != 0) {
            assert_int_equal(vio_event_sequence(event), last + 1);
        }
        last = vio_event_sequence(event);
        vio_event_unref(event);
    }
    assert_true(overflows >= 1);
    assert_true(lost > 0);
    vio_subscription_unref(subscription);
}

static void one_request_waits_at_a_time_and_can_be_canceled(void **state)
{
    struct vio_subscription *subscription;
    struct vio_event *event;
    struct vio_req *first, *second = NULL;

    (void)state;
    vio_inventory_unref(session_observe(&session));
    assert_int_equal(vio_subscription_new(session.chassis, 3, &subscription), 0);
    while (vio_subscription_take(subscription, &event) == 0)
        vio_event_unref(event);
    assert_int_equal(vio_subscription_wait(subscription, NULL, NULL, &first), 0);
    session_expect(vio_subscription_wait(subscription, NULL, NULL, &second), &second, VIO_EBUSY);
    assert_int_equal(vio_req_cancel(first), 0);
    session_expect(0, &first, VIO_ECANCELED);
    vio_subscription_unref(subscription);
}

static void a_subscription_outlives_its_chassis(void **state)
{
    struct vio_subscription *subscription;
    struct session other;
    struct vio_event *event;

    (void)state;
    session_open(&other);
    assert_int_equal(vio_subscription_new(other.chassis, 3, &subscription), 0);
    session_close(&other);
    while (vio_subscription_take(subscription, &event) == 0)
        vio_event_unref(event);
    vio_subscription_unref(subscription);
}

static void arguments_are_checked(void **state)
{
    struct vio_subscription *subscription;

    (void)state;
    assert_int_equal(vio_subscription_new(session.chassis, 0, &subscription), VIO_EINVAL);
    assert_int_equal(vio_subscription_new(session.chassis, 65537, &subscription), VIO_EINVAL);
    assert_int_equal(vio_subscription_new(session.chassis, 1, NULL), VIO_EINVAL);
    assert_string_equal(vio_event_type_name(VIO_EVENT_RESTORED), "restored");
    assert_string_equal(vio_event_type_name((enum vio_event_type)99), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_happens_to_a_vadapter_comes_in_order_with_its_names),
        cmocka_unit_test(a_server_that_loses_power_is_named),
        cmocka_unit_test(losses_are_visible_and_explain_the_gap),
        cmocka_unit_test(one_request_waits_at_a_time_and_can_be_canceled),
        cmocka_unit_test(a_subscription_outlives_its_chassis),
        cmocka_unit_test(arguments_are_checked),
    };

    return cmocka_run_group_tests(tests, open_session, close_session);
}
