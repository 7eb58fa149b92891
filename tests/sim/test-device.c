/* SPDX-License-Identifier: MIT */
/* The life of functions, as a driver sees it. */
#include <string.h>

#include "lib/hw/wire.h"
#include "tests/support/rig.h"
#include "tests/support/test.h"

#define LEASE UINT64_C(0x1122334455667788)

static void a_vnic_is_made_plugged_and_taken_away(void **state)
{
    uint8_t record[VIO_HW_RECORD_SIZE];
    struct vio_hw_event event;
    struct rig rig;
    uint32_t function;

    (void)state;
    rig_open(&rig, "?seed=1");
    assert_int_equal(rig_claim_lease(&rig, LEASE, 0), VIO_HW_STATUS_OK);
    rig_record(&rig, record, 0, 1);
    assert_int_equal(rig_create(&rig, record, &function), VIO_HW_STATUS_OK);
    assert_int_equal(rig_life(&rig, function), VIO_HW_LIFE_DETACHED);
    assert_int_equal(rig_bind(&rig, function, 3), VIO_HW_STATUS_OK);
    assert_int_equal(rig_life(&rig, function), VIO_HW_LIFE_BOUND);
    assert_true(rig_get32(&rig, RIG_AT(FUNCTION, function, STATE)) &
                VIO_HW_BIT(FUNCTION_STATE, LINK_UP));
    assert_int_equal(rig_get32(&rig, RIG_AT(FUNCTION, function, SERVER)), 3);
    assert_int_equal(rig_get32(&rig, RIG_AT(SERVER, 3, HOTPLUG_USED)), 1);
    assert_int_equal(rig_unbind(&rig, function, 0), VIO_HW_STATUS_OK);
    assert_int_equal(rig_life(&rig, function), VIO_HW_LIFE_DETACHED);
    assert_int_equal(rig_target(&rig, VIO_HW_OP_FUNCTION_DESTROY, function, 0), VIO_HW_STATUS_OK);
    assert_int_equal(rig_life(&rig, function), VIO_HW_LIFE_FREE);
    static const unsigned expected[] = {
        VIO_HW_EVENT_LEASE_CLAIMED,     VIO_HW_EVENT_FUNCTION_CREATED,
        VIO_HW_EVENT_FUNCTION_BOUND,    VIO_HW_EVENT_FUNCTION_LINK,
        VIO_HW_EVENT_FUNCTION_LINK,     VIO_HW_EVENT_FUNCTION_UNBOUND,
        VIO_HW_EVENT_FUNCTION_DESTROYED};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_true(rig_event(&rig, &event));
        assert_int_equal(event.type, expected[i]);
    }
    assert_false(rig_event(&rig, &event));
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_vnic_is_made_plugged_and_taken_away),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
