/* SPDX-License-Identifier: MIT */
/* Whatever a client writes, the device keeps its books. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/random.h"
#include "lib/hw/wire.h"
#include "tests/support/rig.h"
#include "tests/support/test.h"

#define LEASE UINT64_C(0x77)

/* What the functions together take of one slot. */
struct sums {
    uint64_t functions, tx, rx, space;
};

static void add_function(struct rig *rig, uint32_t index, uint32_t slot, struct sums *sums)
{
    uint8_t record[VIO_HW_RECORD_SIZE];

    assert_int_equal(
        sim_client_read(rig->client, 0, RIG_AT(FUNCTION, index, INDEX), record, sizeof record), 0);
    assert_int_equal(vio__hw_get32(record + VIO_HW_FUNCTION_INDEX), index);
    if (VIO_HW_GET(FUNCTION_STATE, LIFE, vio__hw_get32(record + VIO_HW_FUNCTION_STATE)) == 0 ||
        vio__hw_get32(record + VIO_HW_FUNCTION_SLOT) != slot)
        return;
    sums->functions++;
    sums->tx += vio__hw_get64(record + VIO_HW_FUNCTION_TX_CIR);
    sums->rx += vio__hw_get64(record + VIO_HW_FUNCTION_RX_CIR);
    sums->space += vio__hw_get64(record + VIO_HW_FUNCTION_SIZE);
}

#define FUNCTIONS_SEEN 64 /* contexts are given from the lowest on; the test makes fewer */

static void check_books(struct rig *rig)
{
    uint64_t used = 0;

    for (uint32_t slot = 0; slot < rig_get32(rig, VIO_HW_GLOBAL_NUM_SLOTS); slot++) {
        struct sums sums = {0};
        uint32_t port = rig_get32(rig, RIG_AT(SLOT, slot, PORT));

        for (uint32_t i = 0; i < FUNCTIONS_SEEN; i++)
            add_function(rig, i, slot, &sums);
        used += sums.functions;
        assert_int_equal(rig_get32(rig, RIG_AT(SLOT, slot, USED_FUNCTIONS)), sums.functions);
        assert_true(rig_get64(rig, RIG_AT(SLOT, slot, TX_COMMITTED)) == sums.tx);
        assert_true(rig_get64(rig, RIG_AT(SLOT, slot, RX_COMMITTED)) == sums.rx);
        assert_true(rig_get64(rig, RIG_AT(PORT, port, TX_COMMITTED)) == sums.tx);
        if (rig_get32(rig, RIG_AT(SLOT, slot, STATE)) & VIO_HW_BIT(SLOT_STATE, PRESENT))
            assert_true(rig_get64(rig, RIG_AT(SLOT, slot, SPACE_USED)) == sums.space);
    }
    assert_true(viosim_stat(rig->sim, VIOSIM_STAT_FUNCTIONS) == used);
    assert_true(viosim_stat(rig->sim, VIOSIM_STAT_LIVE_TWICE) == 0);
}

static void random_record(struct rig *rig, struct vio_prng *prng, uint8_t *record)
{
    rig_record(rig, record, (uint32_t)vio__prng_below(prng, 8),
               1 + (uint32_t)vio__prng_below(prng, 40));
    if (vio__prng_below(prng, 2))
        vio__hw_put64(record + VIO_HW_FUNCTION_TX_CIR, vio__prng_below(prng, 1500000000));
    if (vio__prng_below(prng, 4) == 0)
        record[vio__prng_below(prng, VIO_HW_RECORD_SIZE)] ^= (uint8_t)vio__prng_next(prng);
    memcpy(rig_data(rig), record, VIO_HW_RECORD_SIZE);
}

/* Anywhere but in the rings: an answer that is written there takes the place of other entries. */
static uint64_t random_place(struct vio_prng *prng)
{
    uint64_t place = vio__prng_next(prng) >> vio__prng_below(prng, 64);

    return place < RIG_DATA ? RIG_DATA + place : place;
}

static void random_command(struct rig *rig, struct vio_prng *prng, struct vio_hw_command *command)
{
    static const uint16_t opcodes[] = {
#define O(name, code, changes, idempotent, doc) code,
#include "lib/hw/opcodes.def"
#undef O
    };
    uint8_t record[VIO_HW_RECORD_SIZE];

    random_record(rig, prng, record);
    *command = (struct vio_hw_command){
        .opcode = opcodes[vio__prng_below(prng, sizeof opcodes / sizeof opcodes[0])],
        .flags = vio__prng_below(prng, 4) ? 0 : 1,
        .lease = vio__prng_below(prng, 50) ? LEASE : vio__prng_next(prng),
        .number = vio__prng_below(prng, 30) ? 0 : 1 + (uint32_t)vio__prng_below(prng, 50),
        .target = (uint32_t)vio__prng_below(prng, 12),
        .arg = {(uint32_t)vio__prng_below(prng, 6), (uint32_t)vio__prng_below(prng, 3),
                VIO_HW_NONE},
        .data_offset = RIG_DATA,
        .data_length = VIO_HW_RECORD_SIZE,
    };
    if (command->opcode == VIO_HW_OP_LEASE_CLAIM) {
        command->arg[0] = LEASE;
        command->arg[1] = 0;
        memset(rig_data(rig), 0, 64);
    }
    if (vio__prng_below(prng, 10) == 0)
        command->arg[vio__prng_below(prng, 6)] = (uint32_t)vio__prng_next(prng);
    if (vio__prng_below(prng, 20) == 0)
        command->data_offset = random_place(prng);
    if (vio__prng_below(prng, 20) == 0)
        command->data_length = (uint32_t)(vio__prng_next(prng) >> vio__prng_below(prng, 64));
}

static void random_misfortune(struct rig *rig, struct vio_prng *prng)
{
    char slot[16], server[16];

    snprintf(slot, sizeof slot, "%u", (unsigned)vio__prng_below(prng, 8));
    snprintf(server, sizeof server, "%u", (unsigned)vio__prng_below(prng, 4));
    switch (vio__prng_below(prng, 40)) {
    case 0:
        viosim_adapter_pull(rig->sim, slot);
        break;
    case 1:
    case 2:
        viosim_adapter_insert(rig->sim, slot, NULL, NULL, 0);
        break;
    case 3:
        viosim_server_power(rig->sim, server, (int)vio__prng_below(prng, 2));
        break;
    case 4:
        viosim_server_stick(rig->sim, server, (int)vio__prng_below(prng, 2));
        break;
    case 5:
        viosim_link_set(rig->sim, slot, (int)vio__prng_below(prng, 2));
        break;
    default:
        break;
    }
}

static void drain(struct rig *rig)
{
    struct vio_hw_completion completion;
    struct vio_hw_event event;

    while (rig_take(rig, &completion))
        assert_in_range(completion.status, 0, VIO_HW_STATUS_INTERNAL);
    while (rig_event(rig, &event))
        assert_non_null(vio__hw_event_name(event.type));
}

/* Waits until the ring has room, and has the lease again where a command released it. */
static void make_room(struct rig *rig)
{
    while (rig->cmd_tail - rig_get32(rig, rig_reg(rig, VIO_HW_QUEUE_CMD_HEAD)) >= rig->cmd_size) {
        rig_pass(rig, 1000000000);
        drain(rig);
    }
    if (rig_get64(rig, VIO_HW_GLOBAL_LEASE) == LEASE)
        return;
    rig_pass(rig, 30000000000);
    drain(rig);
    assert_int_equal(rig_claim_lease(rig, LEASE, VIO_HW_COMMAND_FORCE), VIO_HW_STATUS_OK);
}

static void books_hold_under_random_commands_and_misfortunes(void **state)
{
    struct vio_prng prng;
    struct rig rig;

    (void)state;
    vio__prng_seed(&prng, 42);
    rig_open(&rig, "?seed=42&latency=1us&hotplug=50us&training=20us");
    rig.number = 1000; /* below, numbers are used again at random */
    assert_int_equal(rig_claim_lease(&rig, LEASE, 0), VIO_HW_STATUS_OK);
    for (unsigned i = 0; i < test_rounds(20000); i++) {
        struct vio_hw_command command;

        make_room(&rig);
        random_command(&rig, &prng, &command);
        rig_send(&rig, &command);
        random_misfortune(&rig, &prng);
        if (vio__prng_below(&prng, 3) == 0)
            rig_pass(&rig, vio__prng_below(&prng, 100000));
        drain(&rig);
        if (i % 100 == 0)
            check_books(&rig);
        rig_put64(&rig, VIO_HW_GLOBAL_LEASE_BEAT, LEASE);
    }
    rig_pass(&rig, 60000000000);
    drain(&rig);
    check_books(&rig);
    assert_true(viosim_stat(rig.sim, VIOSIM_STAT_CHANGES) > 1000);
    rig_close(&rig);
}

/* A client that writes anything anywhere harms at most itself. */
static void random_register_writes_spare_the_other_client(void **state)
{
    struct vio_prng prng;
    struct rig good, bad;

    (void)state;
    vio__prng_seed(&prng, 7);
    rig_open(&good, "?seed=7&hotplug=0ns");
    rig_join(&bad, good.sim, 1);
    assert_int_equal(rig_claim_lease(&good, LEASE, 0), VIO_HW_STATUS_OK);
    for (unsigned i = 0; i < test_rounds(20000); i++) {
        uint64_t offset = vio__prng_below(&prng, 8) ? VIO_HW_QUEUE_BASE : 0;
        uint64_t value = vio__prng_next(&prng) >> vio__prng_below(&prng, 64);
        uint8_t raw[8];

        offset += vio__prng_below(&prng, 3) ? vio__prng_below(&prng, 3 * VIO_HW_QUEUE_STRIDE)
                                            : VIO_HW_QUEUE_STRIDE + vio__prng_below(&prng, 0x90);
        if (vio__prng_below(&prng, 20) == 0)
            offset = vio__prng_below(&prng, VIO_HW_BAR0_SIZE - 8);
        offset &= ~(uint64_t)(vio__prng_below(&prng, 8) ? 3 : 0);
        vio__hw_put64(raw, value);
        sim_client_write(bad.client, 0, offset, raw, 4 << vio__prng_below(&prng, 2));
        sim_client_read(bad.client, 0, offset, raw, 1 + vio__prng_below(&prng, 8));
        if (i % 1000 == 0) {
            rig_pass(&good, 1000);
            rig_put64(&good, VIO_HW_GLOBAL_LEASE_BEAT, LEASE);
            assert_int_equal(rig_target(&good, VIO_HW_OP_PORT_CONTROL, 0, VIO_HW_PORT_ENABLE),
                             VIO_HW_STATUS_OK);
        }
    }
    rig_close(&bad);
    rig_close(&good);
}

/* The rings themselves hold anything: their owner may write them at any time. */
static void random_bytes_in_rings_end_in_completions(void **state)
{
    struct vio_prng prng;
    struct rig rig;

    (void)state;
    vio__prng_seed(&prng, 9);
    rig_open(&rig, "?seed=9&hotplug=0ns&training=0ns");
    for (unsigned i = 0; i < test_rounds(5000); i++) {
        struct vio_hw_completion completion;

        vio__prng_bytes(
            &prng, rig.part + RIG_CMD + (size_t)(rig.cmd_tail % rig.cmd_size) * VIO_HW_COMMAND_SIZE,
            VIO_HW_COMMAND_SIZE);
        if (vio__prng_below(&prng, 2)) /* often a real command */
            rig.part[RIG_CMD + (rig.cmd_tail % rig.cmd_size) * VIO_HW_COMMAND_SIZE + 1] = 0;
        rig_put32(&rig, rig_reg(&rig, VIO_HW_QUEUE_CMD_TAIL), ++rig.cmd_tail);
        rig_wait(&rig, &completion);
        assert_true(completion.status <= VIO_HW_STATUS_INTERNAL);
    }
    check_books(&rig);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(books_hold_under_random_commands_and_misfortunes),
        cmocka_unit_test(random_register_writes_spare_the_other_client),
        cmocka_unit_test(random_bytes_in_rings_end_in_completions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
