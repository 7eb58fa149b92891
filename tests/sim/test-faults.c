/* SPDX-License-Identifier: MIT */
/* Misfortunes: each mishap, surprise removal, power, and the lines of text that cause them. */
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/hw/bus.h"
#include "lib/hw/wire.h"
#include "tests/support/rig.h"
#include "tests/support/test.h"

#define LEASE UINT64_C(0x77)
#define MS    UINT64_C(1000000)

static int set_up(void **state)
{
    static struct rig rig;

    rig_open(&rig, "?seed=3&hotplug=1ms&training=1ms");
    assert_int_equal(rig_claim_lease(&rig, LEASE, 0), VIO_HW_STATUS_OK);
    *state = &rig;
    return 0;
}

static int tear_down(void **state)
{
    rig_close(*state);
    return 0;
}

static uint32_t bound_function(struct rig *rig, uint32_t server)
{
    uint8_t record[VIO_HW_RECORD_SIZE];
    uint32_t function;

    rig_record(rig, record, 0, 1);
    assert_int_equal(rig_create(rig, record, &function), VIO_HW_STATUS_OK);
    assert_int_equal(rig_bind(rig, function, server), VIO_HW_STATUS_OK);
    return function;
}

/* Sends a NOP in whose way something is, and counts what comes of it. */
static unsigned completions_of_nop(struct rig *rig, uint64_t time)
{
    struct vio_hw_command nop = {.opcode = VIO_HW_OP_NOP};
    struct vio_hw_completion completion;
    unsigned count = 0;

    rig_send(rig, &nop);
    rig_pass(rig, time);
    while (rig_take(rig, &completion))
        count++;
    return count;
}

static void commands_and_completions_are_lost_late_or_doubled(void **state)
{
    struct rig *rig = *state;

    for (int what = VIOSIM_COMMAND; what <= VIOSIM_COMPLETION; what++) {
        assert_int_equal(viosim_mishap(rig->sim, (enum viosim_what)what, VIOSIM_LOST, 1, 1, 0), 0);
        assert_int_equal(completions_of_nop(rig, MS), 1); /* skipped */
        assert_int_equal(completions_of_nop(rig, MS), 0);
        assert_int_equal(completions_of_nop(rig, MS), 1);
        viosim_mishap(rig->sim, (enum viosim_what)what, VIOSIM_LATE, 0, 1, 5 * MS);
        assert_int_equal(completions_of_nop(rig, 4 * MS), 0);
        assert_int_equal(completions_of_nop(rig, 2 * MS), 2);
        viosim_mishap(rig->sim, (enum viosim_what)what, VIOSIM_DOUBLED, 0, 1, 0);
        assert_int_equal(completions_of_nop(rig, MS), 2);
        assert_int_equal(completions_of_nop(rig, MS), 1);
    }
}

static void a_doubled_change_is_executed_once(void **state)
{
    struct rig *rig = *state;
    struct vio_hw_command create = {.opcode = VIO_HW_OP_FUNCTION_CREATE,
                                    .lease = LEASE,
                                    .data_offset = RIG_DATA,
                                    .data_length = VIO_HW_RECORD_SIZE};
    struct vio_hw_completion first, second;

    viosim_mishap(rig->sim, VIOSIM_COMMAND, VIOSIM_DOUBLED, 0, 1, 0);
    rig_record(rig, rig_data(rig), 0, 1);
    rig_send(rig, &create);
    assert_true(rig_take(rig, &first));
    assert_true(rig_take(rig, &second));
    assert_int_equal(second.flags & VIO_HW_CPL_REPLAYED, VIO_HW_CPL_REPLAYED);
    assert_int_equal(second.result, first.result);
    assert_int_equal(viosim_stat(rig->sim, VIOSIM_STAT_FUNCTIONS), 1);
}

static void a_corrupt_entry_differs_in_one_byte(void **state)
{
    struct rig *rig = *state;
    struct vio_hw_command nop = {.opcode = VIO_HW_OP_NOP, .lease = LEASE};
    struct vio_hw_completion completion;

    for (unsigned i = 0; i < 200; i++) {
        nop.number = 0;
        viosim_mishap(rig->sim, VIOSIM_COMMAND, VIOSIM_CORRUPT, 0, 1, 0);
        rig_send(rig, &nop);
        assert_true(rig_take(rig, &completion));
        assert_true(completion.status == VIO_HW_STATUS_INVALID_OPCODE ||
                    completion.number != nop.number || completion.lease != LEASE);
        nop.number = 0;
        viosim_mishap(rig->sim, VIOSIM_COMPLETION, VIOSIM_CORRUPT, 0, 1, 0);
        rig_send(rig, &nop);
        assert_true(rig_take(rig, &completion));
        assert_true(completion.status || completion.number != nop.number ||
                    completion.lease != LEASE || completion.result || completion.detail ||
                    completion.generation);
    }
}

static unsigned events_after_burst(struct rig *rig, uint64_t time)
{
    struct vio_hw_event event;
    unsigned count = 0;

    viosim_event_burst(rig->sim, 1);
    rig_pass(rig, time);
    while (rig_event(rig, &event))
        count++;
    return count;
}

static void events_are_lost_late_corrupt_or_doubled(void **state)
{
    struct rig *rig = *state;
    struct vio_hw_event event;

    events_after_burst(rig, MS);
    viosim_mishap(rig->sim, VIOSIM_EVENT, VIOSIM_LOST, 0, 1, 0);
    assert_int_equal(events_after_burst(rig, MS), 0);
    viosim_mishap(rig->sim, VIOSIM_EVENT, VIOSIM_LATE, 0, 1, 5 * MS);
    assert_int_equal(events_after_burst(rig, 4 * MS), 0);
    assert_int_equal(events_after_burst(rig, 2 * MS), 2);
    viosim_mishap(rig->sim, VIOSIM_EVENT, VIOSIM_DOUBLED, 0, 1, 0);
    assert_int_equal(events_after_burst(rig, MS), 2);
    viosim_mishap(rig->sim, VIOSIM_EVENT, VIOSIM_CORRUPT, 0, 1, 0);
    viosim_event_burst(rig->sim, 1);
    assert_true(rig_event(rig, &event)); /* the phase is right */
}

static void interrupts_are_lost_late_misled_or_doubled(void **state)
{
    struct rig *rig = *state;
    uint64_t cause = rig_reg(rig, VIO_HW_QUEUE_IRQ_CAUSE);

    static const struct {
        enum viosim_mishap mishap;
        unsigned at_once, later, next_vector;
    } cases[] = {
        {VIOSIM_LOST, 0, 0, 0},
        {VIOSIM_LATE, 0, 1, 0},
        {VIOSIM_CORRUPT, 0, 0, 1},
        {VIOSIM_DOUBLED, 2, 2, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rig_put32(rig, cause, VIO_HW_NONE);
        memset(rig->interrupts, 0, sizeof rig->interrupts);
        viosim_mishap(rig->sim, VIOSIM_INTERRUPT, cases[i].mishap, 0, 1, 5 * MS);
        completions_of_nop(rig, MS);
        assert_int_equal(rig->interrupts[1], cases[i].at_once);
        rig_pass(rig, 10 * MS);
        assert_int_equal(rig->interrupts[1], cases[i].later);
        assert_int_equal(rig->interrupts[2], cases[i].next_vector);
    }
}

static void a_pulled_adapter_faults_its_functions(void **state)
{
    struct rig *rig = *state;
    uint32_t function = bound_function(rig, 0);
    struct vio_hw_event event;

    while (rig_event(rig, &event))
        continue;
    assert_int_equal(viosim_adapter_pull(rig->sim, "slot1"), 0);
    assert_int_equal(viosim_adapter_pull(rig->sim, "slot1"), VIO_ESTATE);
    assert_true(rig_event(rig, &event));
    assert_int_equal(event.type, VIO_HW_EVENT_SLOT_REMOVED);
    assert_true(rig_event(rig, &event));
    assert_int_equal(event.type, VIO_HW_EVENT_FUNCTION_FAULT);
    assert_int_equal(event.index, function);
    assert_int_equal(event.server, 0);
    assert_int_equal(rig_life(rig, function), VIO_HW_LIFE_FAULT);
    assert_int_equal(rig_get32(rig, RIG_AT(FUNCTION, function, STATUS)),
                     VIO_HW_STATUS_ADAPTER_GONE);
    assert_int_equal(rig_get32(rig, RIG_AT(SLOT, 0, STATE)), VIO_HW_BIT(SLOT_STATE, FAULT));
    assert_int_equal(rig_get32(rig, RIG_AT(SLOT, 0, USED_FUNCTIONS)), 1);
    assert_int_equal(viosim_stat(rig->sim, VIOSIM_STAT_BOUND), 0);
    /* Another card is not the one that the function was made on. */
    char error[VIOSIM_TEXT_SIZE];
    assert_int_equal(viosim_adapter_insert(rig->sim, "slot1", "myricom-10g", error, sizeof error),
                     0);
    assert_int_equal(viosim_adapter_insert(rig->sim, "slot1", NULL, error, sizeof error),
                     VIO_ESTATE);
    assert_int_equal(rig_unbind(rig, function, 0), VIO_HW_STATUS_OK);
    assert_int_equal(rig_bind(rig, function, 0), VIO_HW_STATUS_ADAPTER_GONE);
    assert_int_equal(rig_get32(rig, RIG_AT(SLOT, 0, USED_FUNCTIONS)), 0);
    assert_int_equal(rig_target(rig, VIO_HW_OP_FUNCTION_DESTROY, function, 0), VIO_HW_STATUS_OK);
    assert_int_equal(rig_get32(rig, RIG_AT(SLOT, 0, USED_FUNCTIONS)), 0);
}

static void an_adapter_pulled_in_a_handshake_ends_the_command(void **state)
{
    struct rig *rig = *state;
    struct vio_hw_command unbind = {.opcode = VIO_HW_OP_FUNCTION_UNBIND, .lease = LEASE};
    struct vio_hw_completion completion;

    unbind.target = bound_function(rig, 0);
    rig_send(rig, &unbind);
    assert_int_equal(rig_life(rig, unbind.target), VIO_HW_LIFE_UNBINDING);
    assert_int_equal(viosim_adapter_pull(rig->sim, "0"), 0);
    assert_true(rig_take(rig, &completion));
    assert_int_equal(completion.status, VIO_HW_STATUS_ADAPTER_GONE);
    assert_int_equal(rig_life(rig, unbind.target), VIO_HW_LIFE_FAULT);
}

static void a_server_without_power_is_not_asked(void **state)
{
    struct rig *rig = *state;
    uint32_t function = bound_function(rig, 0);
    struct vio_hw_command unbind = {
        .opcode = VIO_HW_OP_FUNCTION_UNBIND, .lease = LEASE, .target = function};
    struct vio_hw_completion completion;

    viosim_server_stick(rig->sim, "server1", 1);
    rig_send(rig, &unbind);
    rig_pass(rig, 5 * MS);
    assert_false(rig_take(rig, &completion));
    assert_int_equal(viosim_server_power(rig->sim, "server1", 0), 0);
    rig_pass(rig, MS);
    assert_true(rig_take(rig, &completion));
    assert_int_equal(completion.status, VIO_HW_STATUS_OK);
    assert_int_equal(rig_bind(rig, function, 0), VIO_HW_STATUS_OK);
    assert_false(rig_get32(rig, RIG_AT(FUNCTION, function, STATE)) &
                 VIO_HW_BIT(FUNCTION_STATE, LINK_UP));
    assert_int_equal(viosim_server_power(rig->sim, "server1", 1), 0);
    rig_pass(rig, 10 * MS);
    assert_true(rig_get32(rig, RIG_AT(FUNCTION, function, STATE)) &
                VIO_HW_BIT(FUNCTION_STATE, LINK_UP));
}

/* What the driver of a hot-plug port does: it finds the button pressed and switches the slot off.
 */
static void a_server_lets_go_by_switching_its_slot_off(void **state)
{
    struct rig *rig = *state;
    struct vio_hw_command unbind = {.opcode = VIO_HW_OP_FUNCTION_UNBIND, .lease = LEASE};
    struct vio_hw_completion completion;
    uint8_t raw[4], capability;
    uint16_t port = 0x0200; /* downstream port of slot 0 */

    viosim_server_stick(rig->sim, "server1", 1); /* it would not let go by itself */
    unbind.target = bound_function(rig, 0);
    rig_send(rig, &unbind);
    sim_server_config_read(rig->sim, 0, port, 0x34, &capability, 1);
    for (sim_server_config_read(rig->sim, 0, port, capability, raw, 2); raw[0] != 0x10;
         sim_server_config_read(rig->sim, 0, port, capability, raw, 2))
        capability = raw[1];
    sim_server_config_read(rig->sim, 0, port, capability + 0x1a, raw, 2);
    assert_true(raw[0] & 1); /* attention button pressed */
    sim_server_config_read(rig->sim, 0, port, capability + 0x18, raw, 2);
    raw[1] |= 0x04; /* power controller control: off */
    assert_int_equal(sim_server_config_write(rig->sim, 0, port, capability + 0x18, raw, 2), 0);
    rig_pass(rig, MS);
    assert_true(rig_take(rig, &completion));
    assert_int_equal(completion.status, VIO_HW_STATUS_OK);
    assert_int_equal(rig_life(rig, unbind.target), VIO_HW_LIFE_DETACHED);
    assert_int_equal(sim_server_config_read(rig->sim, 99, port, 0, raw, 1), VIO_ENOENT);
}

static void a_cut_link_takes_the_functions_link_and_traffic(void **state)
{
    struct rig *rig = *state;
    uint32_t function = bound_function(rig, 0);
    uint32_t external = rig_get32(rig, RIG_AT(SLOT, 0, FIRST_EXTERNAL));
    uint32_t up = VIO_HW_BIT(FUNCTION_STATE, LINK_UP);
    char name[16];

    snprintf(name, sizeof name, "%u", external);
    assert_int_equal(viosim_traffic(rig->sim, function, 10, 1, 20, 2), 0);
    assert_true(rig_get64(rig, RIG_AT(FUNCTION, function, RX_BYTES)) == 10);
    assert_true(rig_get64(rig, RIG_AT(PORT, external, TX_BYTES)) == 20);
    assert_int_equal(viosim_link_set(rig->sim, name, 0), 0);
    assert_false(rig_get32(rig, RIG_AT(FUNCTION, function, STATE)) & up);
    assert_int_equal(viosim_traffic(rig->sim, function, 10, 1, 20, 2), VIO_ESTATE);
    assert_int_equal(viosim_traffic(rig->sim, 99, 1, 1, 1, 1), VIO_ENOENT);
    assert_int_equal(viosim_link_set(rig->sim, name, 1), 0);
    assert_true(rig_get32(rig, RIG_AT(PORT, external, STATE)) & VIO_HW_BIT(PORT_STATE, TRAINING));
    rig_pass(rig, 2 * MS);
    assert_true(rig_get32(rig, RIG_AT(FUNCTION, function, STATE)) & up);
    assert_true(rig_get64(rig, RIG_AT(PORT, external, LINK_DOWNS)) == 1);
    assert_int_equal(rig_target(rig, VIO_HW_OP_FUNCTION_SET_STATE, function, 0), VIO_HW_STATUS_OK);
    assert_false(rig_get32(rig, RIG_AT(FUNCTION, function, STATE)) & up);
}

static void a_stuck_vpc_goes_on_where_it_stopped(void **state)
{
    struct rig *rig = *state;
    struct vio_hw_command nop = {.opcode = VIO_HW_OP_NOP};
    struct vio_hw_completion completion;

    viosim_stick(rig->sim, 1);
    for (unsigned i = 0; i < 5; i++) {
        nop.number = 0;
        rig_send(rig, &nop);
    }
    rig_pass(rig, 10000 * MS);
    assert_false(rig_take(rig, &completion));
    viosim_stick(rig->sim, 0);
    for (unsigned i = 0; i < 5; i++)
        assert_true(rig_take(rig, &completion));
    viosim_slow(rig->sim, 50 * MS);
    assert_int_equal(completions_of_nop(rig, 40 * MS), 0);
    viosim_slow(rig->sim, 0);
    assert_int_equal(completions_of_nop(rig, 20 * MS), 2);
}

static void resets_in_the_midst_leave_nothing_behind(void **state)
{
    struct rig *rig = *state;
    struct vio_hw_command unbind = {.opcode = VIO_HW_OP_FUNCTION_UNBIND, .lease = LEASE};
    uint64_t boot = rig_get64(rig, VIO_HW_GLOBAL_BOOT_ID);

    for (unsigned i = 0; i < 2; i++) {
        unbind.target = bound_function(rig, 0);
        unbind.number = 0;
        rig_send(rig, &unbind);
        viosim_mishap(rig->sim, VIOSIM_COMPLETION, VIOSIM_LATE, 0, 1, 100 * MS);
        completions_of_nop(rig, 0);
        if (i == 0)
            viosim_vpc_reset(rig->sim);
        else
            viosim_power_cycle(rig->sim);
        assert_true(rig_get64(rig, VIO_HW_GLOBAL_BOOT_ID) != boot);
        assert_int_equal(rig_get32(rig, RIG_AT(SERVER, 0, HOTPLUG_USED)), 0);
        assert_int_equal(viosim_stat(rig->sim, VIOSIM_STAT_FUNCTIONS), 0);
        viosim_mishap(rig->sim, VIOSIM_COMPLETION, VIOSIM_LATE, 0, 0, 0);
        rig_claim(rig, 0);
        rig_enable(rig, 64, 64, 64);
        rig_pass(rig, 200 * MS);
        assert_int_equal(rig_claim_lease(rig, LEASE, 0), VIO_HW_STATUS_OK);
    }
}

static void rewrite(void *data, enum viosim_what what, void *entry, size_t size)
{
    unsigned *seen = data;

    *seen |= 1u << what;
    if (what == VIOSIM_COMMAND)
        memset(entry, 0xff, size);
}

static void an_entry_is_copied_once(void **state)
{
    struct rig *rig = *state;
    unsigned seen = 0;

    viosim_ring_hook(rig->sim, rewrite, &seen);
    assert_int_equal(rig_target(rig, VIO_HW_OP_PORT_CONTROL, 0, VIO_HW_PORT_DISABLE),
                     VIO_HW_STATUS_OK);
    assert_int_equal(seen, 1u << VIOSIM_COMMAND | 1u << VIOSIM_COMPLETION | 1u << VIOSIM_EVENT);
    viosim_ring_hook(rig->sim, NULL, NULL);
}

static const char *const good_lines[] = {
    "help",
    "stat",
    "link slot1 down",
    "link slot1 up",
    "pull slot2",
    "insert slot2",
    "pull 1",
    "insert slot2 myricom-10g",
    "server server3 off",
    "server 2 on",
    "server server3 stuck",
    "server server3 free",
    "slow 5us",
    "slow 0ns",
    "vpc stuck",
    "vpc free",
    "events 10",
    "mishap event lost",
    "mishap command late skip=1 count=all delay=3ms",
    "mishap interrupt doubled count=0",
    "vpc-reset",
    "power-cycle",
};
static const char *const bad_lines[] = {
    "",
    "   ",
    "nonsense",
    "link slot1",
    "link slot1 sideways",
    "link x up",
    "pull nowhere",
    "insert slot1",
    "server x on",
    "server server1 maybe",
    "slow 5",
    "slow 99999999999999999999s",
    "vpc",
    "events -1",
    "events all",
    "mishap x lost",
    "mishap event x",
    "mishap event lost count=x",
    "mishap event late delay=5",
    "mishap event lost what=1",
    "link a b c d e f g h i j",
    "insert slot3 /nowhere",
    "pull slot99",
};

static void lines_of_text_do_what_functions_do(void **state)
{
    struct rig *rig = *state;
    char reply[VIOSIM_TEXT_SIZE];

    for (size_t i = 0; i < sizeof good_lines / sizeof good_lines[0]; i++)
        if (viosim_control(rig->sim, good_lines[i], reply, sizeof reply) != 0)
            fail_msg("%s: %s", good_lines[i], reply);
    for (size_t i = 0; i < sizeof bad_lines / sizeof bad_lines[0]; i++) {
        assert_int_not_equal(viosim_control(rig->sim, bad_lines[i], reply, sizeof reply), 0);
        if (!reply[0] || strchr(reply, '\n'))
            fail_msg("\"%s\" is answered by \"%s\"", bad_lines[i], reply);
    }
    assert_int_equal(viosim_control(rig->sim, "help", reply, 4), 0);
    assert_int_equal(strlen(reply), 3);
    assert_int_not_equal(viosim_control(rig->sim, NULL, NULL, 0), 0);
}

static void locations_are_read_strictly(void **state)
{
    static const char *const bad[] = {
        "/nowhere.yaml", "?seed",
        "?seed=",        "?seed=x",
        "?seed=-1",      "?seed=1x",
        "?time=maybe",   "?latency=5",
        "?latency=2h",   "?color=red",
        "?seed=1&",      "?seed=1?seed=2",
        "?hotplug=1e3s", "?seed=18446744073709551616",
    };
    struct viosim *sim = NULL;
    char error[VIOSIM_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        error[0] = '\0';
        assert_int_not_equal(viosim_new(bad[i], &sim, error, sizeof error), 0);
        assert_null(sim);
        if (strlen(error) < 10 || strchr(error, '\n'))
            fail_msg("\"%s\" is refused with \"%s\"", bad[i], error);
    }
    assert_int_equal(
        viosim_new("?time=virtual&seed=5&latency=1us&hotplug=2ms&training=1s", &sim, NULL, 0), 0);
    viosim_unref(sim);
    viosim_unref(NULL);
}

static void one_seed_gives_one_chassis(void **state)
{
    struct rig a, b;

    (void)state;
    rig_open(&a, "?seed=11");
    rig_open(&b, "?seed=11");
    assert_true(rig_get64(&a, VIO_HW_GLOBAL_BOOT_ID) == rig_get64(&b, VIO_HW_GLOBAL_BOOT_ID));
    rig_close(&b);
    rig_open(&b, "?seed=12");
    assert_true(rig_get64(&a, VIO_HW_GLOBAL_BOOT_ID) != rig_get64(&b, VIO_HW_GLOBAL_BOOT_ID));
    rig_close(&a);
    rig_close(&b);
}

static void the_bus_drives_a_chassis_of_its_own(void **state)
{
    const struct vio_bus_ops *ops = viosim_bus_entry(VIO_BUS_VERSION);
    const struct vio_bus_host host = {0};
    char error[VIOSIM_TEXT_SIZE];
    void *device = NULL;
    uint8_t raw[8];
    size_t size;

    (void)state;
    assert_null(viosim_bus_entry(VIO_BUS_VERSION + 1));
    assert_int_equal(ops->version, VIO_BUS_VERSION);
    assert_int_not_equal(ops->open("?x=y", &host, &device, error, sizeof error), 0);
    assert_null(device);
    assert_int_equal(ops->open("?seed=1", &host, &device, error, sizeof error), 0);
    assert_int_equal(ops->read(device, 0, 0, raw, 4), 0);
    assert_int_equal(vio__hw_get32(raw), VIO_HW_MAGIC);
    assert_non_null(ops->map(device, 2, &size));
    assert_int_equal(size, sim_bar_size(2));
    assert_null(ops->map(device, 0, &size));
    assert_int_equal(ops->config_read(device, 0, raw, 2), 0);
    assert_int_equal(vio__hw_get16(raw), VIO_HW_PCI_VENDOR);
    vio__hw_put64(raw, 9);
    assert_int_equal(ops->write(device, 0, RIG_AT(QUEUE, 0, OWNER), raw, 8), 0);
    assert_int_equal(viosim_stat(ops->handle(device), VIOSIM_STAT_QUEUES), 1);
    assert_true(ops->next(device) < UINT64_MAX); /* should its owner fall silent */
    assert_false(ops->busy(device));
    assert_int_equal(ops->reset(device), 0);
    assert_int_equal(viosim_stat(ops->handle(device), VIOSIM_STAT_QUEUES), 0);
    ops->step(device, 1000);
    assert_true(ops->next(device) == UINT64_MAX);
    ops->close(device);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(commands_and_completions_are_lost_late_or_doubled),
        TEST(a_doubled_change_is_executed_once),
        TEST(a_corrupt_entry_differs_in_one_byte),
        TEST(events_are_lost_late_corrupt_or_doubled),
        TEST(interrupts_are_lost_late_misled_or_doubled),
        TEST(a_pulled_adapter_faults_its_functions),
        TEST(an_adapter_pulled_in_a_handshake_ends_the_command),
        TEST(a_server_without_power_is_not_asked),
        TEST(a_server_lets_go_by_switching_its_slot_off),
        TEST(a_cut_link_takes_the_functions_link_and_traffic),
        TEST(a_stuck_vpc_goes_on_where_it_stopped),
        TEST(resets_in_the_midst_leave_nothing_behind),
        TEST(an_entry_is_copied_once),
        TEST(lines_of_text_do_what_functions_do),
        cmocka_unit_test(locations_are_read_strictly),
        cmocka_unit_test(one_seed_gives_one_chassis),
        cmocka_unit_test(the_bus_drives_a_chassis_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
