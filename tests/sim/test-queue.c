/* SPDX-License-Identifier: MIT */
/* Queue sets: claiming, rings, doorbells, events, interrupts. */
#include <string.h>

#include "lib/hw/wire.h"
#include "tests/support/rig.h"
#include "tests/support/test.h"

static uint32_t status_of(struct rig *rig)
{
    return rig_get32(rig, rig_reg(rig, VIO_HW_QUEUE_STATUS));
}

static void assert_error(struct rig *rig, unsigned error)
{
    assert_int_equal(status_of(rig), VIO_HW_BIT(QUEUE_STATUS, ERROR));
    assert_int_equal(rig_get32(rig, rig_reg(rig, VIO_HW_QUEUE_ERROR)), error);
    rig_put32(rig, rig_reg(rig, VIO_HW_QUEUE_CONTROL), VIO_HW_BIT(QUEUE_CONTROL, RESET));
    assert_int_equal(status_of(rig), 0);
    rig_claim(rig, rig->set);
}

static void a_set_belongs_to_its_claimant_until_it_is_silent(void **state)
{
    struct rig a, b;
    uint64_t owner;

    (void)state;
    rig_open(&a, "?seed=1");
    rig_join(&b, a.sim, 1);
    owner = rig_reg(&a, VIO_HW_QUEUE_OWNER);
    rig_put64(&b, owner, 42);
    assert_true(rig_get64(&b, owner) != 42);
    rig_put64(&b, owner, 0);
    assert_true(rig_get64(&b, owner) != 0);
    rig_put32(&b, rig_reg(&a, VIO_HW_QUEUE_CONTROL), VIO_HW_BIT(QUEUE_CONTROL, RESET));
    assert_int_equal(status_of(&a), VIO_HW_BIT(QUEUE_STATUS, READY));
    for (unsigned i = 0; i < 5; i++) { /* heartbeats keep it */
        rig_pass(&a, 2000000000);
        rig_put64(&a, rig_reg(&a, VIO_HW_QUEUE_BEAT), rig_get64(&a, owner));
    }
    rig_put64(&b, owner, 42);
    assert_true(rig_get64(&b, owner) != 42);
    rig_pass(&a, 3200000000);
    rig_put64(&b, owner, 42);
    assert_true(rig_get64(&b, owner) == 42);
    assert_int_equal(rig_get32(&b, rig_reg(&a, VIO_HW_QUEUE_STATUS)), 0);
    assert_int_equal(viosim_stat(a.sim, VIOSIM_STAT_QUEUES), 2);
    rig_close(&a);
    rig_close(&b);
}

static void a_client_that_leaves_gives_its_sets_back(void **state)
{
    struct rig a, b;

    (void)state;
    rig_open(&a, "?seed=1");
    rig_join(&b, a.sim, 1);
    rig_close(&b);
    assert_true(rig_get64(&a, RIG_AT(QUEUE, 1, OWNER)) == 0);
    sim_client_reset(a.client);
    assert_true(rig_get64(&a, RIG_AT(QUEUE, 0, OWNER)) == 0);
    rig_close(&a);
}

static void rings_that_do_not_fit_are_refused(void **state)
{
    static const struct {
        uint32_t cmd, cpl, evt;
    } sizes[] = {{3, 4, 4}, {0, 4, 4}, {1, 4, 4}, {8192, 4, 4}, {4, 5, 4}, {4, 4, 3}, {4, 4, 1}};
    struct rig rig;

    (void)state;
    rig_open(&rig, "?seed=1");
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        rig_enable(&rig, sizes[i].cmd, sizes[i].cpl, sizes[i].evt);
        assert_error(&rig, VIO_HW_STATUS_INVALID_FIELD);
    }
    static const uint32_t bases[] = {VIO_HW_QUEUE_CMD_BASE, VIO_HW_QUEUE_CPL_BASE,
                                     VIO_HW_QUEUE_EVT_BASE};
    static const uint64_t wrong[] = {1, 32, VIO_HW_PART_SIZE, VIO_HW_PART_SIZE - 64,
                                     UINT64_MAX - 63};
    for (size_t i = 0; i < 15; i++) {
        rig_enable(&rig, 4, 4, 4);
        rig_put32(&rig, rig_reg(&rig, VIO_HW_QUEUE_CONTROL), 0);
        rig_put64(&rig, rig_reg(&rig, bases[i % 3]), wrong[i / 3]);
        rig_put32(&rig, rig_reg(&rig, VIO_HW_QUEUE_CONTROL), 1);
        assert_error(&rig, VIO_HW_STATUS_DATA_RANGE);
    }
    rig_enable(&rig, 4, 4, 4);
    rig_put32(&rig, rig_reg(&rig, VIO_HW_QUEUE_CONTROL), 0);
    rig_put32(&rig, rig_reg(&rig, VIO_HW_QUEUE_CONTROL),
              VIO_HW_BIT(QUEUE_CONTROL, ENABLE) | VIO_HW_BIT(QUEUE_CONTROL, HOST));
    assert_error(&rig, VIO_HW_STATUS_INVALID_FIELD); /* CAPS.HOST_RINGS is not set */
    rig_close(&rig);
}

static void doorbells_that_break_the_ring_stop_the_set(void **state)
{
    struct rig rig;

    (void)state;
    rig_open(&rig, "?seed=1");
    rig_enable(&rig, 4, 4, 4);
    rig_put32(&rig, rig_reg(&rig, VIO_HW_QUEUE_CMD_TAIL), 5);
    assert_int_equal(rig_get32(&rig, rig_reg(&rig, VIO_HW_QUEUE_IRQ_CAUSE)),
                     VIO_HW_BIT(QUEUE_IRQ_CAUSE, ERROR));
    assert_error(&rig, VIO_HW_STATUS_INVALID_FIELD);
    rig_enable(&rig, 4, 4, 4);
    rig_put32(&rig, rig_reg(&rig, VIO_HW_QUEUE_CPL_HEAD), 1);
    assert_error(&rig, VIO_HW_STATUS_INVALID_FIELD);
    rig_enable(&rig, 4, 4, 4);
    rig_put32(&rig, rig_reg(&rig, VIO_HW_QUEUE_EVT_HEAD), UINT32_MAX);
    assert_error(&rig, VIO_HW_STATUS_INVALID_FIELD);
    rig_close(&rig);
}

static void a_full_completion_ring_holds_commands_back(void **state)
{
    struct vio_hw_command nop = {.opcode = VIO_HW_OP_NOP};
    struct vio_hw_completion completion;
    struct rig rig;

    (void)state;
    rig_open(&rig, "?seed=1");
    rig_enable(&rig, 16, 4, 0);
    for (unsigned i = 0; i < 10; i++) {
        nop.number = 0;
        rig_send(&rig, &nop);
    }
    assert_int_equal(rig_get32(&rig, rig_reg(&rig, VIO_HW_QUEUE_CMD_HEAD)), 4);
    assert_int_equal(rig_get32(&rig, rig_reg(&rig, VIO_HW_QUEUE_CPL_TAIL)), 4);
    for (unsigned i = 1; i <= 10; i++) {
        assert_true(rig_take(&rig, &completion));
        assert_int_equal(completion.number, i);
    }
    assert_false(rig_take(&rig, &completion));
    assert_int_equal(rig_get32(&rig, rig_reg(&rig, VIO_HW_QUEUE_CMD_HEAD)), 10);
    rig_close(&rig);
}

static void commands_in_flight_keep_their_completion_slots(void **state)
{
    struct vio_hw_command nop = {.opcode = VIO_HW_OP_NOP};
    struct rig rig;

    (void)state;
    rig_open(&rig, "?seed=1&latency=1ms");
    rig_enable(&rig, 16, 2, 0);
    for (unsigned i = 0; i < 6; i++) {
        nop.number = 0;
        rig_send(&rig, &nop);
    }
    assert_int_equal(rig_get32(&rig, rig_reg(&rig, VIO_HW_QUEUE_CMD_HEAD)), 2);
    for (unsigned i = 0; i < 6; i++) {
        struct vio_hw_completion completion;

        rig_wait(&rig, &completion);
        assert_int_equal(completion.number, i + 1);
    }
    rig_close(&rig);
}

static void indices_wrap_and_phases_alternate(void **state)
{
    struct vio_hw_command nop = {.opcode = VIO_HW_OP_NOP};
    struct rig rig;

    (void)state;
    rig_open(&rig, "?seed=1");
    rig_enable(&rig, 2, 8, 0);
    for (unsigned i = 0; i < 1000; i++)
        assert_int_equal(rig_do(&rig, nop, NULL), VIO_HW_STATUS_OK);
    assert_int_equal(rig_get32(&rig, rig_reg(&rig, VIO_HW_QUEUE_CPL_TAIL)), 1000);
    rig_close(&rig);
}

static void lost_events_are_counted_and_told(void **state)
{
    struct vio_hw_event event;
    struct rig rig;
    uint64_t first;

    (void)state;
    rig_open(&rig, "?seed=1");
    rig_enable(&rig, 4, 4, 4);
    first = rig_get64(&rig, rig_reg(&rig, VIO_HW_QUEUE_EVT_SEQUENCE));
    viosim_event_burst(rig.sim, 10);
    assert_true(rig_get64(&rig, rig_reg(&rig, VIO_HW_QUEUE_EVT_LOST)) == 6);
    for (unsigned i = 0; i < 4; i++) {
        assert_true(rig_event(&rig, &event));
        assert_true(event.sequence == first + i);
        assert_false(event.flags & VIO_HW_EVENT_OVERFLOW);
    }
    assert_false(rig_event(&rig, &event));
    viosim_event_burst(rig.sim, 2);
    assert_true(rig_event(&rig, &event));
    assert_true(event.sequence == first + 10);
    assert_true(event.flags & VIO_HW_EVENT_OVERFLOW);
    assert_true(event.lost == 6);
    assert_true(rig_event(&rig, &event));
    assert_false(event.flags & VIO_HW_EVENT_OVERFLOW);
    rig_close(&rig);
}

static void every_enabled_set_gets_every_event(void **state)
{
    struct vio_hw_event event;
    struct rig a, b;

    (void)state;
    rig_open(&a, "?seed=1");
    rig_join(&b, a.sim, 5);
    viosim_event_burst(a.sim, 1);
    assert_true(rig_event(&a, &event));
    assert_int_equal(event.type, VIO_HW_EVENT_PORT_CHANGED);
    assert_true(rig_event(&b, &event));
    rig_close(&a);
    rig_close(&b);
}

static void a_cause_interrupts_once_until_it_is_cleared(void **state)
{
    struct vio_hw_command nop = {.opcode = VIO_HW_OP_NOP};
    struct rig rig;
    uint64_t cause, mask;

    (void)state;
    rig_open(&rig, "?seed=1");
    cause = rig_reg(&rig, VIO_HW_QUEUE_IRQ_CAUSE);
    mask = rig_reg(&rig, VIO_HW_QUEUE_IRQ_MASK);
    rig_do(&rig, nop, NULL);
    rig_do(&rig, nop, NULL);
    assert_int_equal(rig.interrupts[1], 1);
    rig_put32(&rig, cause, VIO_HW_NONE);
    assert_int_equal(rig_get32(&rig, cause), 0);
    rig_do(&rig, nop, NULL);
    assert_int_equal(rig.interrupts[1], 2);
    rig_put32(&rig, cause, VIO_HW_NONE);
    rig_put32(&rig, mask, VIO_HW_BIT(QUEUE_IRQ_CAUSE, COMPLETION));
    rig_do(&rig, nop, NULL);
    assert_int_equal(rig.interrupts[1], 2);
    rig_put32(&rig, mask, 0);
    assert_int_equal(rig.interrupts[1], 3);
    assert_int_equal(rig.interrupts[0], 0);
    rig_close(&rig);
}

/* From another thread only the wake may come; the interrupt waits for the clients' thread. */
static void interrupts_of_faults_wait_for_the_next_step(void **state)
{
    struct rig rig;

    (void)state;
    rig_open(&rig, "?seed=1");
    rig_pass(&rig, 1000000000);
    rig.wakes = 0;
    viosim_event_burst(rig.sim, 1);
    assert_int_equal(rig.interrupts[1], 0);
    assert_true(rig.wakes > 0);
    assert_true(viosim_next(rig.sim) <= rig.now);
    viosim_step(rig.sim, rig.now);
    assert_int_equal(rig.interrupts[1], 1);
    rig_close(&rig);
}

/* Memory of a client, for rings outside of BAR 2. */
static uint8_t host_memory[0x10000];

static int host_read(void *user, uint64_t address, void *data, size_t size)
{
    (void)user;
    if (address > sizeof host_memory || size > sizeof host_memory - address)
        return -1;
    memcpy(data, host_memory + address, size);
    return 0;
}

static int host_write(void *user, uint64_t address, const void *data, size_t size)
{
    (void)user;
    if (address > sizeof host_memory || size > sizeof host_memory - address)
        return -1;
    memcpy(host_memory + address, data, size);
    return 0;
}

static void rings_may_lie_in_the_memory_of_a_client(void **state)
{
    struct sim_host host = {.dma_read = host_read, .dma_write = host_write};
    struct vio_hw_command read = {.opcode = VIO_HW_OP_READ,
                                  .number = 7,
                                  .arg = {VIO_HW_READ_CHASSIS},
                                  .data_offset = 0x4000,
                                  .data_length = 512};
    struct vio_hw_completion completion;
    struct rig rig;

    (void)state;
    rig_open(&rig, "?seed=1");
    sim_client_free(rig.client);
    memset(host_memory, 0, sizeof host_memory);
    assert_int_equal(sim_client_new(rig.sim, &host, &rig.client), 0);
    assert_true(rig_get64(&rig, VIO_HW_GLOBAL_CAPS) & VIO_HW_BIT(GLOBAL_CAPS, HOST_RINGS));
    rig_claim(&rig, 2);
    rig_put32(&rig, rig_reg(&rig, VIO_HW_QUEUE_CMD_SIZE), 4);
    rig_put64(&rig, rig_reg(&rig, VIO_HW_QUEUE_CPL_BASE), 0x1000);
    rig_put32(&rig, rig_reg(&rig, VIO_HW_QUEUE_CPL_SIZE), 4);
    rig_put32(&rig, rig_reg(&rig, VIO_HW_QUEUE_CONTROL),
              VIO_HW_BIT(QUEUE_CONTROL, ENABLE) | VIO_HW_BIT(QUEUE_CONTROL, HOST));
    assert_int_equal(status_of(&rig), VIO_HW_BIT(QUEUE_STATUS, READY));
    vio__hw_command_encode(&read, host_memory);
    rig_put32(&rig, rig_reg(&rig, VIO_HW_QUEUE_CMD_TAIL), 1);
    vio__hw_completion_decode(host_memory + 0x1000, &completion);
    assert_int_equal(completion.number, 7);
    assert_int_equal(completion.status, VIO_HW_STATUS_OK);
    assert_int_equal(completion.flags, VIO_HW_PHASE);
    assert_int_equal(vio__hw_get32(host_memory + 0x4000), VIO_HW_MAGIC);
    read.data_offset = sizeof host_memory - 100;
    vio__hw_command_encode(&read, host_memory + 64);
    rig_put32(&rig, rig_reg(&rig, VIO_HW_QUEUE_CMD_TAIL), 2);
    vio__hw_completion_decode(host_memory + 0x1020, &completion);
    assert_int_equal(completion.status, VIO_HW_STATUS_DATA_RANGE);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_belongs_to_its_claimant_until_it_is_silent),
        cmocka_unit_test(a_client_that_leaves_gives_its_sets_back),
        cmocka_unit_test(rings_that_do_not_fit_are_refused),
        cmocka_unit_test(doorbells_that_break_the_ring_stop_the_set),
        cmocka_unit_test(a_full_completion_ring_holds_commands_back),
        cmocka_unit_test(commands_in_flight_keep_their_completion_slots),
        cmocka_unit_test(indices_wrap_and_phases_alternate),
        cmocka_unit_test(lost_events_are_counted_and_told),
        cmocka_unit_test(every_enabled_set_gets_every_event),
        cmocka_unit_test(a_cause_interrupts_once_until_it_is_cleared),
        cmocka_unit_test(interrupts_of_faults_wait_for_the_next_step),
        cmocka_unit_test(rings_may_lie_in_the_memory_of_a_client),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
