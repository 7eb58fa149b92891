/* SPDX-License-Identifier: MIT */
/* A device that lies: in its limits, records, completions, events and registers. */
#include <stdio.h>
#include <string.h>

#include "lib/driver/device.h"
#include "lib/hw/wire.h"
#include "tests/driver/fake.h"
#include "tests/support/board.h"
#include "tests/support/test.h"

#define S  BOARD_SECOND
#define MS UINT64_C(1000000)

static int honest(void **state)
{
    (void)state;
    fake_reset();
    return 0;
}

static void an_honest_device_is_believed(void **state)
{
    struct board board;
    struct vio_observation *o;

    (void)state;
    board_open(&board, "sim:");
    assert_int_equal(board_observe(&board, &o), 0);
    assert_int_equal(o->num_ports, 3);
    assert_int_equal(o->num_functions, 1);
    assert_int_equal(o->functions[0].index, 2);
    assert_string_equal(o->chassis.name, "fake");
    vio__observation_unref(o);
    board_close(&board);
}

/* -- Limits ------------------------------------------------------------------------------------ */

struct lie {
    uint8_t *(*record)(void);
    uint32_t offset;
    uint32_t value;
    const char *about; /* what the error must name */
};

static uint8_t *global(void)
{
    return fake.global;
}
static uint8_t *port1(void)
{
    return fake.port[1];
}
static uint8_t *server0(void)
{
    return fake.server[0];
}
static uint8_t *slot0(void)
{
    return fake.slot[0];
}
static uint8_t *function2(void)
{
    return fake.function[2];
}
static uint8_t *regs(void)
{
    return fake.regs;
}

static void limits_that_cannot_be_are_refused(void **state)
{
    static const struct lie lies[] = {
        {global, VIO_HW_GLOBAL_MAGIC, 0xffffffff, "MAGIC"},
        {global, VIO_HW_GLOBAL_VERSION, 0x00020000, "version 2.0"},
        {global, VIO_HW_GLOBAL_NUM_PORTS, 1025, "NUM_PORTS"},
        {global, VIO_HW_GLOBAL_NUM_SERVERS, 0xffffffff, "NUM_SERVERS"},
        {global, VIO_HW_GLOBAL_NUM_SLOTS, 65, "NUM_SLOTS"},
        {global, VIO_HW_GLOBAL_NUM_FUNCTIONS, 16385, "NUM_FUNCTIONS"},
        {global, VIO_HW_GLOBAL_NUM_QUEUES, 0, "NUM_QUEUES"},
        {global, VIO_HW_GLOBAL_MAX_RING, 1, "MAX_RING"},
        {global, VIO_HW_GLOBAL_RECORD_SIZE, 256, "RECORD_SIZE"},
        {global, VIO_HW_GLOBAL_QUEUE_BASE, 0xfffff000, "QUEUE_BASE"},
        {global, VIO_HW_GLOBAL_QUEUE_STRIDE, 0, "QUEUE_STRIDE"},
        {global, VIO_HW_GLOBAL_STATUS, 5, "fault"},
        {regs, VIO_HW_QUEUE_PART_OFFSET, 0xffffff00, "PART_OFFSET"},
        {regs, VIO_HW_QUEUE_PART_SIZE, 64, "PART_SIZE"},
        {regs, VIO_HW_QUEUE_PART_SIZE, 0x200000, "PART_SIZE"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        struct board board;
        int status;

        fake_reset();
        vio__hw_put32(lies[i].record() + lies[i].offset, lies[i].value);
        status = board_try_open(&board, NULL, "sim:", S);
        if (status == 0 || !strstr(board.ops->error(board.driver), lies[i].about))
            fail_msg("%s: %d: %s", lies[i].about, status, board.ops->error(board.driver));
        board_close(&board);
    }
}

static void a_device_that_is_never_ready_ends_in_a_time_out(void **state)
{
    struct board board;

    (void)state;
    vio__hw_put32(fake.global + VIO_HW_GLOBAL_STATUS, 2);
    assert_int_equal(board_try_open(&board, NULL, "sim:", S), VIO_ETIMEDOUT);
    assert_non_null(strstr(board.ops->error(board.driver), "ready"));
    board_close(&board);
}

static void queue_sets_that_are_all_in_use_are_named(void **state)
{
    struct board board;

    (void)state;
    vio__hw_put64(fake.regs + VIO_HW_QUEUE_OWNER, 99);
    assert_int_equal(board_try_open(&board, NULL, "sim:", S), VIO_EBUSY);
    assert_non_null(strstr(board.ops->error(board.driver), "queue sets"));
    board_close(&board);
}

/* -- Records ----------------------------------------------------------------------------------- */

static void records_that_contradict_are_named(void **state)
{
    static const struct lie lies[] = {
        {port1, VIO_HW_PORT_INDEX, 2, "port 1: INDEX"},
        {port1, VIO_HW_PORT_TYPE, 9, "port 1: TYPE"},
        {port1, VIO_HW_PORT_OWNER, 7, "port 1: OWNER"},
        {port1, VIO_HW_PORT_LABEL, 0xffffffff, "port 1: LABEL"},
        {server0, VIO_HW_SERVER_PATHS, 3, "server 0: PATHS"},
        {server0, VIO_HW_SERVER_PATHS, 2, "server 0: PORT_1"},
        {server0, VIO_HW_SERVER_PORT_0, 3, "server 0: PORT_0"},
        {server0, VIO_HW_SERVER_HOTPLUG_USED, 1, "server 0: HOTPLUG_USED"},
        {slot0, VIO_HW_SLOT_KIND, 4, "slot 0: KIND"},
        {slot0, VIO_HW_SLOT_SHARING, 3, "slot 0: SHARING"},
        {slot0, VIO_HW_SLOT_PORT, 3, "slot 0: PORT"},
        {slot0, VIO_HW_SLOT_EXTERNALS, 2, "slot 0: EXTERNALS"},
        {slot0, VIO_HW_SLOT_USED_FUNCTIONS, 9, "slot 0: USED_FUNCTIONS"},
        {slot0, VIO_HW_SLOT_FACTORY_ADDRESS, 0x0701, "slot 0: FACTORY_ADDRESS"},
        {slot0, VIO_HW_SLOT_MODEL, 0xc0c0c0c0, "slot 0: MODEL"},
        {function2, VIO_HW_FUNCTION_STATE, 6, "function 2: STATE"},
        {function2, VIO_HW_FUNCTION_STATE, VIO_HW_LIFE_BOUND, "function 2: is bound"},
        {function2, VIO_HW_FUNCTION_SERVER, 0, "function 2: is detached"},
        {function2, VIO_HW_FUNCTION_SERVER, 1, "function 2: SERVER"},
        {function2, VIO_HW_FUNCTION_KIND, 0, "function 2: KIND"},
        {function2, VIO_HW_FUNCTION_SLOT, 1, "function 2: SLOT"},
        {function2, VIO_HW_FUNCTION_BDF, 0x10000, "function 2: BDF"},
        {function2, VIO_HW_FUNCTION_ADDRESS, 0x0009, "function 2: ADDRESS"},
        {function2, VIO_HW_FUNCTION_ADDRESS + 4, 1, "function 2: ADDRESS"},
        {function2, VIO_HW_FUNCTION_ADDRESS + 36, 1, "function 2: ADDRESS"},
        {function2, VIO_HW_FUNCTION_VLAN, 3, "function 2: VLAN.MODE"},
        {function2, VIO_HW_FUNCTION_VLAN, 0x0fff0001, "function 2: VLAN.VLAN"},
        {function2, VIO_HW_FUNCTION_VLAN_RANGES, 17, "function 2: VLAN_RANGES"},
        {function2, VIO_HW_FUNCTION_VLAN_RANGES, 1, "function 2: VLAN_RANGE 0"},
        {function2, VIO_HW_FUNCTION_INDEX, 8, "function 8"},
        {function2, VIO_HW_FUNCTION_INDEX, 0xffffffff, "function 4294967295"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        struct board board;
        struct vio_observation *o;
        int status;

        fake_reset();
        board_open(&board, "sim:");
        vio__hw_put32(lies[i].record() + lies[i].offset, lies[i].value);
        status = board_observe(&board, &o);
        if (status != VIO_EPROTO || !strstr(board.ops->error(board.driver), lies[i].about))
            fail_msg("%s: %d: %s", lies[i].about, status, board.ops->error(board.driver));
        board_close(&board);
    }
}

static void a_function_of_a_chassis_without_slots_is_not_believed(void **state)
{
    struct vio_observation *o;
    struct board board;

    (void)state;
    vio__hw_put32(fake.global + VIO_HW_GLOBAL_NUM_SLOTS, 0);
    vio__hw_put32(fake.port[1] + VIO_HW_PORT_OWNER, VIO_HW_NONE);
    vio__hw_put32(fake.port[2] + VIO_HW_PORT_OWNER, VIO_HW_NONE);
    board_open(&board, "sim:");
    assert_int_equal(board_observe(&board, &o), VIO_EPROTO);
    assert_non_null(strstr(board.ops->error(board.driver), "function 2: SLOT"));
    board_close(&board);
}

static void control_characters_of_a_text_are_replaced(void **state)
{
    struct board board;
    struct vio_observation *o;

    (void)state;
    memcpy(fake.function[2] + VIO_HW_FUNCTION_LABEL, "a\033[2J\nb", 8);
    board_open(&board, "sim:");
    assert_int_equal(board_observe(&board, &o), 0);
    assert_string_equal(o->functions[0].label, "a?[2J?b");
    vio__observation_unref(o);
    board_close(&board);
}

/* -- Pages ------------------------------------------------------------------------------------- */

struct page_lie {
    uint32_t kind;
    uint32_t result, detail;
    uint16_t status;
};

static bool tamper_page(struct fake *f, const struct vio_hw_command *command,
                        struct vio_hw_completion *completion, uint8_t *data, size_t size)
{
    const struct page_lie *lie = f->user;

    (void)data;
    (void)size;
    if (command->opcode == VIO_HW_OP_READ && command->arg[0] == lie->kind) {
        completion->result = lie->result;
        completion->detail = lie->detail;
        completion->status = lie->status;
    }
    return true;
}

static void pages_that_cannot_be_are_refused(void **state)
{
    static struct page_lie lies[] = {
        {VIO_HW_READ_PORT, 4, VIO_HW_NONE, 0},       /* more than there are */
        {VIO_HW_READ_PORT, 0xffffffff, 0, 0},        /* far more */
        {VIO_HW_READ_PORT, 2, VIO_HW_NONE, 0},       /* fewer */
        {VIO_HW_READ_PORT, 1, 2, 0},                 /* one is left out */
        {VIO_HW_READ_PORT, 0, 0, 0},                 /* for ever */
        {VIO_HW_READ_FUNCTION, 0, 0, 0},             /* for ever */
        {VIO_HW_READ_FUNCTION, 0, 1, 0},             /* nothing, but on */
        {VIO_HW_READ_FUNCTION, 1, 2, 0},             /* the same one again */
        {VIO_HW_READ_FUNCTION, 1, 8, 0},             /* beyond the end */
        {VIO_HW_READ_CHASSIS, 0, 0, 0x1234},         /* an unknown status */
        {VIO_HW_READ_SERVER, 1, VIO_HW_NONE, 0x001b} /* the device says that it failed */
    };

    (void)state;
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        struct board board;
        struct vio_observation *o;
        int status;

        fake_reset();
        board_open(&board, "sim:");
        fake.tamper = tamper_page;
        fake.user = &lies[i];
        status = board_observe(&board, &o);
        assert_null(o);
        if (status != (lies[i].status == 0x1b ? VIO_EDEVICE : VIO_EPROTO))
            fail_msg("%zu: %d: %s", i, status, board.ops->error(board.driver));
        assert_string_not_equal(board.ops->error(board.driver), "");
        fake.tamper = NULL;
        assert_int_equal(board_functions(&board), 1);
        board_close(&board);
    }
}

/* -- Completions ------------------------------------------------------------------------------- */

static bool flood(struct fake *f, const struct vio_hw_command *command,
                  struct vio_hw_completion *completion, uint8_t *data, size_t size)
{
    struct vio_hw_completion wrong = *completion;
    uint8_t entry[VIO_HW_COMPLETION_SIZE];

    (void)f;
    (void)command;
    (void)data;
    (void)size;
    for (unsigned i = 0; i < 20; i++) {
        wrong.number = completion->number + 1 + i * 3;
        wrong.lease = i;
        vio__hw_completion_encode(&wrong, entry);
        fake_complete(entry);
    }
    vio__hw_completion_encode(completion, entry);
    fake_complete(entry); /* and twice */
    return true;
}

static void completions_of_no_command_are_ignored(void **state)
{
    struct board board;

    (void)state;
    board_open(&board, "sim:");
    fake.tamper = flood;
    for (unsigned i = 0; i < 20; i++)
        assert_int_equal(board_functions(&board), 1);
    board_close(&board);
}

static bool garble(struct fake *f, const struct vio_hw_command *command,
                   struct vio_hw_completion *completion, uint8_t *data, size_t size)
{
    (void)f;
    (void)data;
    (void)size;
    if (command->opcode == VIO_HW_OP_FUNCTION_CREATE)
        completion->result = 0xfffffff0;
    return true;
}

static void a_new_function_that_cannot_be_is_not_believed(void **state)
{
    struct board board;
    struct vio_step step = board_create(1);
    struct vio_outcome out;

    (void)state;
    board_open(&board, "sim:");
    assert_int_equal(board_claim(&board, false), 0);
    fake.tamper = garble;
    out = board_step(&board, &step, S);
    assert_int_equal(out.status, VIO_EINDOUBT);
    assert_string_not_equal(out.text, "");
    board_close(&board);
}

static bool outcome_lies(struct fake *f, const struct vio_hw_command *command,
                         struct vio_hw_completion *completion, uint8_t *data, size_t size)
{
    const unsigned *how = f->user;
    struct vio_hw_completion record = {.number = command->arg[2],
                                       .lease = command->arg[0] | (uint64_t)command->arg[1] << 32};

    if (command->opcode == VIO_HW_OP_FUNCTION_BIND)
        return false;
    if (command->opcode != VIO_HW_OP_OUTCOME)
        return true;
    completion->status = VIO_HW_STATUS_OK;
    if (*how == 0)
        record.number++;
    else if (*how == 1)
        record.status = 0x7777;
    else if (*how == 2)
        completion->status = VIO_HW_STATUS_IN_PROGRESS;
    else if (*how == 3)
        completion->status = 0x6666;
    else
        record.status = VIO_HW_STATUS_SERVER_GONE;
    if (size >= VIO_HW_COMPLETION_SIZE)
        vio__hw_completion_encode(&record, data);
    return true;
}

static void an_outcome_that_cannot_be_is_not_believed(void **state)
{
    (void)state;
    for (unsigned how = 0; how < 5; how++) {
        struct board board;
        struct vio_step step = board_bind(2, 0);
        struct vio_outcome out;

        fake_reset();
        board_open(&board, "sim:");
        assert_int_equal(board_claim(&board, false), 0);
        fake.tamper = outcome_lies;
        fake.user = &how;
        out = board_step(&board, &step, S);
        assert_int_equal(out.status, how == 4 ? VIO_EGONE : VIO_EINDOUBT);
        board_close(&board);
    }
}

static void a_command_without_answer_ends_in_doubt(void **state)
{
    struct board board;
    struct vio_step step = board_bind(2, 0);
    struct vio_outcome out;

    (void)state;
    board_open(&board, "sim:");
    assert_int_equal(board_claim(&board, false), 0);
    fake.silent = true;
    out = board_step(&board, &step, S);
    assert_int_equal(out.status, VIO_EINDOUBT);
    fake.silent = false;
    assert_int_equal(board_functions(&board), 1);
    board_close(&board);
}

/* -- Events ------------------------------------------------------------------------------------ */

static void send_event(uint64_t sequence, unsigned type, uint32_t index, unsigned flags)
{
    struct vio_hw_event event = {
        .sequence = sequence, .type = (uint16_t)type, .index = index, .flags = (uint16_t)flags};
    uint8_t entry[VIO_HW_EVENT_SIZE];

    vio__hw_event_encode(&event, entry);
    fake_event(entry);
}

static void events_are_counted_without_gaps(void **state)
{
    struct board board;

    (void)state;
    board_open(&board, "sim:");
    send_event(1, VIO_HW_EVENT_PORT_LINK_UP, 0, 0);
    send_event(2, VIO_HW_EVENT_PORT_LINK_DOWN, 1, 0);
    send_event(2, VIO_HW_EVENT_PORT_LINK_DOWN, 1, 0); /* doubled */
    send_event(5, VIO_HW_EVENT_PORT_CHANGED, 2, 0);   /* two are missing */
    board_sleep(board.loop, MS);
    assert_int_equal(board.notices[VIO_NOTICE_PORT_UP], 1);
    assert_int_equal(board.notices[VIO_NOTICE_PORT_DOWN], 1);
    assert_int_equal(board.notices[VIO_NOTICE_PORT_CHANGED], 1);
    assert_int_equal(board.notices[VIO_NOTICE_OVERFLOW], 1);
    assert_int_equal(board.lost, 2);
    send_event(0xfedcba9876543210, VIO_HW_EVENT_PORT_LINK_UP, 0, 0);
    send_event(7, VIO_HW_EVENT_PORT_LINK_UP, 0, 0);
    board_sleep(board.loop, MS);
    assert_int_equal(board.notices[VIO_NOTICE_OVERFLOW], 2);
    assert_int_equal(board.notices[VIO_NOTICE_PORT_UP], 3);
    board_close(&board);
}

static void events_about_nothing_ask_for_a_look(void **state)
{
    struct board board;

    (void)state;
    board_open(&board, "sim:");
    send_event(1, VIO_HW_EVENT_FUNCTION_BOUND, FAKE_FUNCTIONS, 0);
    send_event(2, 0x7777, 0, 0);
    send_event(3, VIO_HW_EVENT_SLOT_REMOVED, 0xffffffff, 0);
    send_event(4, VIO_HW_EVENT_FUNCTION_BOUND, 2, VIO_HW_EVENT_OVERFLOW);
    board_sleep(board.loop, MS);
    assert_int_equal(board.notices[VIO_NOTICE_OVERFLOW], 4);
    assert_int_equal(board.notices[VIO_NOTICE_FUNCTION_BOUND], 1);
    assert_int_equal(board.notices[VIO_NOTICE_ADAPTER_REMOVED], 0);
    board_close(&board);
}

static void more_events_than_a_ring_wrap_it(void **state)
{
    struct board board;

    (void)state;
    board_open(&board, "sim:");
    for (unsigned i = 1; i <= 1000; i++) {
        send_event(i, VIO_HW_EVENT_PORT_CHANGED, 0, 0);
        if (i % 50 == 0)
            board_sleep(board.loop, MS);
    }
    assert_int_equal(board.notices[VIO_NOTICE_PORT_CHANGED], 1000);
    assert_int_equal(board.notices[VIO_NOTICE_OVERFLOW], 0);
    board_close(&board);
}

/* -- Registers --------------------------------------------------------------------------------- */

static void registers_that_cannot_be_bring_the_set_up_anew(void **state)
{
    static const struct lie lies[] = {
        {regs, VIO_HW_QUEUE_OWNER, 0, ""},         {regs, VIO_HW_QUEUE_STATUS, 0, ""},
        {regs, VIO_HW_QUEUE_STATUS, 3, ""},        {regs, VIO_HW_QUEUE_CMD_HEAD, 0x500, ""},
        {regs, VIO_HW_QUEUE_CPL_TAIL, 0x5000, ""}, {regs, VIO_HW_QUEUE_EVT_TAIL, 0x5000, ""},
        {global, VIO_HW_GLOBAL_BOOT_ID, 78, ""},   {global, VIO_HW_GLOBAL_MAGIC, 0xffffffff, ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        struct board board;

        fake_reset();
        board_open(&board, "sim:");
        vio__hw_put32(lies[i].record() + lies[i].offset, lies[i].value);
        if (lies[i].offset == VIO_HW_QUEUE_OWNER && lies[i].record == regs)
            vio__hw_put64(fake.regs, 0);
        board_sleep(board.loop, 3 * S);
        if (lies[i].value == 0xffffffff) {
            assert_int_equal(board.notices[VIO_NOTICE_LOST], 1);
            vio__hw_put32(fake.global + VIO_HW_GLOBAL_MAGIC, VIO_HW_MAGIC);
            board_sleep(board.loop, 3 * S);
            assert_int_equal(board.notices[VIO_NOTICE_RESTORED], 1);
        }
        assert_int_equal(board_functions(&board), 1);
        board_close(&board);
    }
}

static void a_look_that_is_refused_is_not_the_last(void **state)
{
    struct board board;

    (void)state;
    board_open(&board, "sim:");
    fake.odd_offset = VIO_HW_GLOBAL_BASE;
    fake.odd_status = VIO_EIO;
    fake.odd = true;
    board_sleep(board.loop, 3 * S);
    fake.odd = false;
    vio__hw_put32(fake.global + VIO_HW_GLOBAL_BOOT_ID, 78);
    board_sleep(board.loop, 5 * S);
    assert_int_equal(board.notices[VIO_NOTICE_RESET], 1);
    board_close(&board);
}

/* -- Configuration spaces ---------------------------------------------------------------------- */

struct config {
    bool done;
    int status;
    uint8_t bytes[64];
};

static void config_done(void *user, int status)
{
    struct config *config = user;

    config->done = true;
    config->status = status;
}

/* Starts reading one whose window the device will answer oddly. */
static void start_odd_config(struct board *board, struct config *config)
{
    struct vio_device *device = board->ops->device(board->driver);

    memset(config, 0, sizeof *config);
    vio__hw_put32(fake.regs + VIO_HW_QUEUE_WINDOW_STATUS, 1);
    fake.odd_offset = VIO_HW_QUEUE_BASE + VIO_HW_WINDOW_OFFSET;
    fake.odd = true;
    assert_int_equal(vio__device_ops(device)->config_read(device, VIO_CONFIG_ADAPTER, 0, 0, 0,
                                                          config->bytes, sizeof config->bytes,
                                                          config_done, config),
                     0);
}

static void a_configuration_space_that_is_refused_is_not_made_up(void **state)
{
    struct config config;
    struct board board;

    (void)state;
    board_open(&board, "sim:");
    fake.odd_status = VIO_EIO;
    start_odd_config(&board, &config);
    board_await(board.loop, &config.done);
    assert_int_equal(config.status, VIO_EIO);
    board_close(&board);
}

static void answers_in_another_order_are_waited_for(void **state)
{
    struct config config;
    struct board board;

    (void)state;
    board_open(&board, "sim:");
    fake.odd_waits = true;
    start_odd_config(&board, &config);
    board_sleep(board.loop, S);
    assert_false(config.done); /* or the caller would free what is still to be written */
    fake_answer(0x5a);
    board_await(board.loop, &config.done);
    assert_int_equal(config.status, 0);
    assert_int_equal(config.bytes[63], 0x5a);
    board_close(&board);
}

static void a_storm_of_interrupts_is_borne(void **state)
{
    struct board board;

    (void)state;
    board_open(&board, "sim:");
    for (unsigned i = 0; i < 1000; i++) {
        fake_interrupt(i % 64);
        board_sleep(board.loop, 1000);
    }
    assert_int_equal(board_functions(&board), 1);
    board_close(&board);
}

/* -- Transport --------------------------------------------------------------------------------- */

static void without_a_mapping_everything_is_trapped(void **state)
{
    struct board board;
    struct vio_step step = board_create(1);

    (void)state;
    fake.unmapped = true;
    board_open(&board, "sim:");
    for (unsigned i = 0; i < 50; i++)
        assert_int_equal(board_functions(&board), 1);
    assert_int_equal(board_claim(&board, false), 0);
    assert_int_equal(board_step(&board, &step, S).status, 0);
    send_event(1, VIO_HW_EVENT_PORT_LINK_UP, 0, 0);
    board_sleep(board.loop, MS);
    assert_int_equal(board.notices[VIO_NOTICE_PORT_UP], 1);
    for (unsigned i = 0; i < 10; i++) {
        vio__hw_put32(fake.regs + VIO_HW_QUEUE_STATUS, 0);
        assert_int_equal(board_functions(&board), 1);
        board_sleep(board.loop, 2 * S);
    }
    board_close(&board);
}

static void a_lost_transport_is_opened_again(void **state)
{
    struct board board;
    struct board_step started;
    struct vio_step step = board_create(1);

    (void)state;
    for (unsigned unmapped = 0; unmapped < 2; unmapped++) {
        fake_reset();
        fake.unmapped = unmapped;
        board_open(&board, "sim:");
        assert_int_equal(board_claim(&board, false), 0);
        fake.silent = true;
        assert_int_equal(board_start(&board, &step, 10 * S, &started), 0);
        board_sleep(board.loop, MS);
        fake_lose(false);
        fake.silent = false;
        board_await(board.loop, &started.done);
        assert_int_equal(started.outcome.status, 0);
        assert_int_equal(board.notices[VIO_NOTICE_LOST], 1);
        assert_int_equal(board.notices[VIO_NOTICE_RESTORED], 1);
        assert_true(board.ops->owns(board.driver));
        assert_int_equal(board_functions(&board), 1);
        board_close(&board);
    }
}

static void a_step_on_a_device_that_is_gone_stays_in_doubt(void **state)
{
    struct board board;
    struct board_step started;
    struct vio_step step = board_create(1);
    struct vio_observation *o;

    (void)state;
    board_open(&board, "sim:");
    assert_int_equal(board_claim(&board, false), 0);
    fake.silent = true;
    assert_int_equal(board_start(&board, &step, 2 * S, &started), 0);
    board_sleep(board.loop, MS);
    fake_lose(true);
    board_await(board.loop, &started.done);
    assert_int_equal(started.outcome.status, VIO_EINDOUBT);
    assert_int_equal(board_observe(&board, &o), VIO_ETIMEDOUT);
    assert_string_not_equal(board.ops->error(board.driver), "");
    board_close(&board);
}

static void another_chassis_at_the_same_place_is_not_taken(void **state)
{
    struct board board;
    struct vio_observation *o;

    (void)state;
    board_open(&board, "sim:");
    fake_lose(false);
    fake.global[VIO_HW_GLOBAL_UUID] = 1;
    board_sleep(board.loop, 5 * S);
    assert_int_equal(board.notices[VIO_NOTICE_RESTORED], 0);
    assert_int_equal(board_observe(&board, &o), VIO_ETIMEDOUT);
    board_close(&board);
}

#define TEST(name) cmocka_unit_test_setup(name, honest)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(an_honest_device_is_believed),
        TEST(limits_that_cannot_be_are_refused),
        TEST(a_device_that_is_never_ready_ends_in_a_time_out),
        TEST(queue_sets_that_are_all_in_use_are_named),
        TEST(records_that_contradict_are_named),
        TEST(a_function_of_a_chassis_without_slots_is_not_believed),
        TEST(control_characters_of_a_text_are_replaced),
        TEST(pages_that_cannot_be_are_refused),
        TEST(completions_of_no_command_are_ignored),
        TEST(a_new_function_that_cannot_be_is_not_believed),
        TEST(an_outcome_that_cannot_be_is_not_believed),
        TEST(a_command_without_answer_ends_in_doubt),
        TEST(events_are_counted_without_gaps),
        TEST(events_about_nothing_ask_for_a_look),
        TEST(more_events_than_a_ring_wrap_it),
        TEST(registers_that_cannot_be_bring_the_set_up_anew),
        TEST(a_look_that_is_refused_is_not_the_last),
        TEST(a_configuration_space_that_is_refused_is_not_made_up),
        TEST(answers_in_another_order_are_waited_for),
        TEST(a_storm_of_interrupts_is_borne),
        TEST(without_a_mapping_everything_is_trapped),
        TEST(a_lost_transport_is_opened_again),
        TEST(a_step_on_a_device_that_is_gone_stays_in_doubt),
        TEST(another_chassis_at_the_same_place_is_not_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
