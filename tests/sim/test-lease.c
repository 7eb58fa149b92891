/* SPDX-License-Identifier: MIT */
/* The lease, tags and outcomes: one writer at a time, and every command accounted for. */
#include <string.h>

#include "lib/hw/wire.h"
#include "tests/support/rig.h"
#include "tests/support/test.h"

#define OLD UINT64_C(0x1111)
#define NEW UINT64_C(0x2222)

static uint32_t create(struct rig *rig, uint32_t n)
{
    uint8_t record[VIO_HW_RECORD_SIZE];
    uint32_t function;

    rig_record(rig, record, 0, n);
    assert_int_equal(rig_create(rig, record, &function), VIO_HW_STATUS_OK);
    return function;
}

static unsigned outcome_of(struct rig *rig, uint64_t lease, uint32_t number,
                           struct vio_hw_completion *ret_completion)
{
    struct vio_hw_command command = {.opcode = VIO_HW_OP_OUTCOME,
                                     .arg = {(uint32_t)lease, (uint32_t)(lease >> 32), number},
                                     .data_offset = RIG_DATA,
                                     .data_length = VIO_HW_COMPLETION_SIZE};
    unsigned status = rig_do(rig, command, NULL);

    if (status == VIO_HW_STATUS_OK)
        vio__hw_completion_decode(rig_data(rig), ret_completion);
    return status;
}

static void only_the_lease_changes_state(void **state)
{
    struct rig rig;

    (void)state;
    rig_open(&rig, "?seed=1");
    assert_int_equal(rig_target(&rig, VIO_HW_OP_PORT_CONTROL, 0, 1), VIO_HW_STATUS_NOT_LEASED);
    assert_int_equal(rig_target(&rig, VIO_HW_OP_LEASE_RELEASE, 0, 0), VIO_HW_STATUS_NOT_LEASED);
    assert_int_equal(rig_claim_lease(&rig, OLD, 0), VIO_HW_STATUS_OK);
    assert_true(rig_get64(&rig, VIO_HW_GLOBAL_LEASE) == OLD);
    assert_true(rig_get32(&rig, rig_reg(&rig, VIO_HW_QUEUE_STATUS)) &
                VIO_HW_BIT(QUEUE_STATUS, LEASE));
    assert_int_equal(rig_target(&rig, VIO_HW_OP_PORT_CONTROL, 0, 1), VIO_HW_STATUS_OK);
    rig.lease = NEW;
    assert_int_equal(rig_target(&rig, VIO_HW_OP_PORT_CONTROL, 0, 1), VIO_HW_STATUS_NOT_LEASED);
    rig.lease = OLD;
    assert_int_equal(rig_target(&rig, VIO_HW_OP_LEASE_RELEASE, 0, 0), VIO_HW_STATUS_OK);
    assert_true(rig_get64(&rig, VIO_HW_GLOBAL_LEASE) == 0);
    assert_int_equal(rig_target(&rig, VIO_HW_OP_PORT_CONTROL, 0, 1), VIO_HW_STATUS_NOT_LEASED);
    assert_int_equal(rig.interrupts[0], 1); /* until the cause is cleared */
    rig_close(&rig);
}

static void a_live_lease_is_taken_only_by_force(void **state)
{
    struct rig a, b;
    uint8_t holder[4];

    (void)state;
    rig_open(&a, "?seed=1");
    rig_join(&b, a.sim, 1);
    assert_int_equal(rig_claim_lease(&a, OLD, 0), VIO_HW_STATUS_OK);
    sim_client_read(b.client, 0, VIO_HW_GLOBAL_LEASE_HOLDER, holder, sizeof holder);
    assert_memory_equal(holder, "rig", 4);
    assert_int_equal(rig_claim_lease(&b, NEW, 0), VIO_HW_STATUS_LEASED);
    assert_int_equal(rig_claim_lease(&b, NEW, VIO_HW_COMMAND_FORCE), VIO_HW_STATUS_OK);
    assert_int_equal(rig_target(&a, VIO_HW_OP_PORT_CONTROL, 0, 1), VIO_HW_STATUS_NOT_LEASED);
    assert_int_equal(rig_target(&b, VIO_HW_OP_PORT_CONTROL, 0, 1), VIO_HW_STATUS_OK);
    /* The number alone does not help: the set must have claimed it. */
    a.lease = NEW;
    a.number = 100;
    assert_int_equal(rig_target(&a, VIO_HW_OP_PORT_CONTROL, 0, 1), VIO_HW_STATUS_NOT_LEASED);
    rig_close(&a);
    rig_close(&b);
}

static void a_silent_lease_ends(void **state)
{
    struct vio_hw_event event;
    struct rig a, b;

    (void)state;
    rig_open(&a, "?seed=1");
    rig_join(&b, a.sim, 1);
    assert_int_equal(rig_claim_lease(&a, OLD, 0), VIO_HW_STATUS_OK);
    for (unsigned i = 0; i < 4; i++) {
        rig_pass(&a, 2000000000);
        rig_put64(&a, VIO_HW_GLOBAL_LEASE_BEAT, NEW); /* not its number */
        rig_put64(&a, VIO_HW_GLOBAL_LEASE_BEAT, OLD);
    }
    b.now = a.now;
    assert_int_equal(rig_claim_lease(&b, NEW, 0), VIO_HW_STATUS_LEASED);
    rig_pass(&a, 3500000000);
    assert_true(rig_get64(&a, VIO_HW_GLOBAL_LEASE) == 0);
    assert_int_equal(rig_get32(&a, VIO_HW_GLOBAL_LEASE_AGE), 0);
    assert_int_equal(rig_get32(&a, VIO_HW_GLOBAL_LEASE_HOLDER), 0);
    while (rig_event(&a, &event))
        continue;
    assert_int_equal(event.type, VIO_HW_EVENT_LEASE_ENDED);
    assert_true(event.value == OLD);
    rig_close(&b);
    rig_join(&b, a.sim, 2);
    b.now = a.now;
    assert_int_equal(rig_claim_lease(&b, NEW, 0), VIO_HW_STATUS_OK);
    rig_close(&b);
    rig_close(&a);
}

static void a_slow_holder_has_to_claim_anew(void **state)
{
    struct rig rig;

    (void)state;
    rig_open(&rig, "?seed=1");
    assert_int_equal(rig_claim_lease(&rig, OLD, 0), VIO_HW_STATUS_OK);
    rig_pass(&rig, 60000000000);
    rig_put64(&rig, VIO_HW_GLOBAL_LEASE_BEAT, OLD);
    assert_int_equal(rig_target(&rig, VIO_HW_OP_PORT_CONTROL, 0, 1), VIO_HW_STATUS_NOT_LEASED);
    assert_int_equal(rig_claim_lease(&rig, NEW, 0), VIO_HW_STATUS_OK);
    assert_int_equal(rig_target(&rig, VIO_HW_OP_PORT_CONTROL, 0, 1), VIO_HW_STATUS_OK);
    rig_close(&rig);
}

static void a_holder_goes_on_through_another_set(void **state)
{
    struct rig rig;

    (void)state;
    rig_open(&rig, "?seed=1");
    assert_int_equal(rig_claim_lease(&rig, OLD, 0), VIO_HW_STATUS_OK);
    rig_claim(&rig, 3);
    rig_enable(&rig, 8, 8, 8);
    assert_int_equal(rig_target(&rig, VIO_HW_OP_PORT_CONTROL, 0, 1), VIO_HW_STATUS_NOT_LEASED);
    assert_int_equal(rig_claim_lease(&rig, OLD, 0), VIO_HW_STATUS_OK);
    assert_int_equal(rig_target(&rig, VIO_HW_OP_PORT_CONTROL, 0, 1), VIO_HW_STATUS_OK);
    rig_close(&rig);
}

static void a_claim_waits_for_what_is_at_work_and_drops_the_rest(void **state)
{
    struct vio_hw_command bind = {
        .opcode = VIO_HW_OP_FUNCTION_BIND, .lease = OLD, .arg = {3, 0, VIO_HW_NONE}};
    struct vio_hw_command enable = {.opcode = VIO_HW_OP_FUNCTION_SET_STATE, .lease = OLD};
    struct vio_hw_completion completion;
    struct rig a, b;

    (void)state;
    rig_open(&a, "?seed=1&hotplug=50ms");
    rig_join(&b, a.sim, 1);
    assert_int_equal(rig_claim_lease(&a, OLD, 0), VIO_HW_STATUS_OK);
    bind.target = enable.target = create(&a, 1);
    rig_send(&a, &bind);
    rig_send(&a, &enable); /* waits for the bind */
    assert_int_equal(rig_life(&a, bind.target), VIO_HW_LIFE_BINDING);
    assert_int_equal(outcome_of(&b, OLD, bind.number, &completion), VIO_HW_STATUS_IN_PROGRESS);
    assert_int_equal(rig_claim_lease(&b, NEW, VIO_HW_COMMAND_FORCE), VIO_HW_STATUS_OK);
    assert_int_equal(rig_life(&a, bind.target), VIO_HW_LIFE_BOUND);
    assert_int_equal(outcome_of(&b, OLD, bind.number, &completion), VIO_HW_STATUS_OK);
    assert_int_equal(completion.status, VIO_HW_STATUS_OK);
    assert_int_equal(outcome_of(&b, OLD, enable.number, &completion), VIO_HW_STATUS_OK);
    assert_int_equal(completion.status, VIO_HW_STATUS_ABORTED);
    assert_int_equal(outcome_of(&b, OLD, 999, &completion), VIO_HW_STATUS_UNKNOWN_TAG);
    assert_true(rig_take(&a, &completion));
    assert_int_equal(completion.status, VIO_HW_STATUS_ABORTED);
    rig_close(&a);
    rig_close(&b);
}

static void an_old_tag_brings_the_old_outcome(void **state)
{
    struct vio_hw_command command = {.opcode = VIO_HW_OP_FUNCTION_CREATE,
                                     .lease = OLD,
                                     .number = 500,
                                     .data_offset = RIG_DATA,
                                     .data_length = VIO_HW_RECORD_SIZE};
    struct vio_hw_completion first, again;
    struct rig a, b;

    (void)state;
    rig_open(&a, "?seed=1");
    assert_int_equal(rig_claim_lease(&a, OLD, 0), VIO_HW_STATUS_OK);
    rig_record(&a, rig_data(&a), 0, 1);
    assert_int_equal(rig_do(&a, command, &first), VIO_HW_STATUS_OK);
    assert_int_equal(first.flags & VIO_HW_CPL_REPLAYED, 0);
    rig_record(&a, rig_data(&a), 0, 2); /* it is not executed again, whatever the data */
    assert_int_equal(rig_do(&a, command, &again), VIO_HW_STATUS_OK);
    assert_int_equal(again.flags & VIO_HW_CPL_REPLAYED, VIO_HW_CPL_REPLAYED);
    assert_int_equal(again.result, first.result);
    assert_true(again.generation == first.generation);
    assert_int_equal(viosim_stat(a.sim, VIOSIM_STAT_FUNCTIONS), 1);
    assert_int_equal(viosim_stat(a.sim, VIOSIM_STAT_REPLAYS), 1);
    rig_join(&b, a.sim, 1); /* across owners too */
    assert_int_equal(rig_claim_lease(&b, NEW, VIO_HW_COMMAND_FORCE), VIO_HW_STATUS_OK);
    assert_int_equal(rig_do(&a, command, &again), VIO_HW_STATUS_OK);
    assert_int_equal(again.flags & VIO_HW_CPL_REPLAYED, VIO_HW_CPL_REPLAYED);
    viosim_vpc_reset(a.sim);
    rig_close(&b);
    rig_claim(&a, 0);
    rig_enable(&a, 8, 8, 8);
    assert_int_equal(outcome_of(&a, OLD, 500, &again), VIO_HW_STATUS_UNKNOWN_TAG);
    assert_int_equal(rig_do(&a, command, &again), VIO_HW_STATUS_NOT_LEASED);
    rig_close(&a);
}

static void so_many_outcomes_are_remembered(void **state)
{
    struct vio_hw_command command = {
        .opcode = VIO_HW_OP_PORT_CONTROL, .lease = OLD, .arg = {VIO_HW_PORT_ENABLE}};
    struct vio_hw_completion completion;
    struct rig rig;

    (void)state;
    rig_open(&rig, "?seed=1");
    assert_int_equal(rig_claim_lease(&rig, OLD, 0), VIO_HW_STATUS_OK);
    for (uint32_t i = 0; i < VIO_HW_OUTCOMES; i++) {
        command.number = 1000 + i;
        assert_int_equal(rig_do(&rig, command, NULL), VIO_HW_STATUS_OK);
    }
    assert_int_equal(outcome_of(&rig, OLD, 1000, &completion), VIO_HW_STATUS_OK);
    assert_int_equal(outcome_of(&rig, OLD, 1, &completion), VIO_HW_STATUS_UNKNOWN_TAG);
    command.number = 1000 + VIO_HW_OUTCOMES;
    assert_int_equal(rig_do(&rig, command, NULL), VIO_HW_STATUS_OK);
    assert_int_equal(outcome_of(&rig, OLD, 1000, &completion), VIO_HW_STATUS_UNKNOWN_TAG);
    assert_int_equal(outcome_of(&rig, OLD, 1001, &completion), VIO_HW_STATUS_OK);
    rig_close(&rig);
}

static void a_target_at_work_for_another_set_is_busy(void **state)
{
    struct vio_hw_command bind = {
        .opcode = VIO_HW_OP_FUNCTION_BIND, .lease = OLD, .arg = {3, 0, VIO_HW_NONE}};
    struct vio_hw_completion completion;
    struct rig a, b;

    (void)state;
    rig_open(&a, "?seed=1&hotplug=50ms");
    rig_join(&b, a.sim, 1);
    b.number = 100;
    assert_int_equal(rig_claim_lease(&a, OLD, 0), VIO_HW_STATUS_OK);
    bind.target = create(&a, 1);
    rig_send(&a, &bind);
    assert_int_equal(rig_claim_lease(&b, OLD, 0), VIO_HW_STATUS_OK); /* the holder's other set */
    assert_int_equal(rig_target(&b, VIO_HW_OP_FUNCTION_SET_STATE, bind.target, 0),
                     VIO_HW_STATUS_BUSY);
    assert_int_equal(rig_target(&b, VIO_HW_OP_PORT_CONTROL, 0, 1), VIO_HW_STATUS_OK);
    rig_send(&b, &bind); /* its tag is at work already */
    assert_true(rig_take(&b, &completion));
    assert_int_equal(completion.status, VIO_HW_STATUS_IN_PROGRESS);
    rig_close(&a);
    rig_close(&b);
}

static void a_reset_drops_what_has_not_begun(void **state)
{
    struct vio_hw_command bind = {
        .opcode = VIO_HW_OP_FUNCTION_BIND, .lease = OLD, .arg = {3, 0, VIO_HW_NONE}};
    struct vio_hw_command later = {.opcode = VIO_HW_OP_FUNCTION_SET_STATE, .lease = OLD};
    struct vio_hw_completion completion;
    struct rig rig;

    (void)state;
    rig_open(&rig, "?seed=1&hotplug=50ms");
    assert_int_equal(rig_claim_lease(&rig, OLD, 0), VIO_HW_STATUS_OK);
    bind.target = later.target = create(&rig, 1);
    rig_send(&rig, &bind);
    rig_send(&rig, &later);
    rig_put32(&rig, rig_reg(&rig, VIO_HW_QUEUE_CONTROL), VIO_HW_BIT(QUEUE_CONTROL, RESET));
    rig_claim(&rig, 0);
    rig_enable(&rig, 8, 8, 8);
    assert_int_equal(outcome_of(&rig, OLD, later.number, &completion), VIO_HW_STATUS_OK);
    assert_int_equal(completion.status, VIO_HW_STATUS_ABORTED);
    rig_pass(&rig, 100000000);
    assert_false(rig_take(&rig, &completion)); /* the rings are other ones now */
    assert_int_equal(outcome_of(&rig, OLD, bind.number, &completion), VIO_HW_STATUS_OK);
    assert_int_equal(completion.status, VIO_HW_STATUS_OK);
    assert_int_equal(rig_life(&rig, bind.target), VIO_HW_LIFE_BOUND);
    rig_close(&rig);
}

static void commands_on_one_target_keep_their_order(void **state)
{
    struct vio_hw_command bind = {
        .opcode = VIO_HW_OP_FUNCTION_BIND, .lease = OLD, .arg = {3, 0, VIO_HW_NONE}};
    struct vio_hw_command unbind = {.opcode = VIO_HW_OP_FUNCTION_UNBIND, .lease = OLD};
    struct vio_hw_command nop = {.opcode = VIO_HW_OP_NOP};
    struct vio_hw_completion completion;
    struct rig rig;

    (void)state;
    rig_open(&rig, "?seed=1&hotplug=50ms");
    assert_int_equal(rig_claim_lease(&rig, OLD, 0), VIO_HW_STATUS_OK);
    bind.target = unbind.target = create(&rig, 1);
    rig_send(&rig, &bind);
    rig_send(&rig, &unbind);
    rig_send(&rig, &nop);
    rig_wait(&rig, &completion);
    assert_int_equal(completion.number, nop.number); /* overtakes: it has another target, none */
    rig_wait(&rig, &completion);
    assert_int_equal(completion.number, bind.number);
    rig_wait(&rig, &completion);
    assert_int_equal(completion.number, unbind.number);
    assert_int_equal(completion.status, VIO_HW_STATUS_OK);
    assert_int_equal(rig_life(&rig, bind.target), VIO_HW_LIFE_DETACHED);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_lease_changes_state),
        cmocka_unit_test(a_live_lease_is_taken_only_by_force),
        cmocka_unit_test(a_silent_lease_ends),
        cmocka_unit_test(a_slow_holder_has_to_claim_anew),
        cmocka_unit_test(a_holder_goes_on_through_another_set),
        cmocka_unit_test(a_claim_waits_for_what_is_at_work_and_drops_the_rest),
        cmocka_unit_test(an_old_tag_brings_the_old_outcome),
        cmocka_unit_test(so_many_outcomes_are_remembered),
        cmocka_unit_test(a_target_at_work_for_another_set_is_busy),
        cmocka_unit_test(a_reset_drops_what_has_not_begun),
        cmocka_unit_test(commands_on_one_target_keep_their_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
