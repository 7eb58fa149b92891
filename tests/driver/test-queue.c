/* SPDX-License-Identifier: MIT */
/* A queue set by itself, on the software chassis: deep rings, back-pressure, deadlines. */
#include <string.h>

#include "lib/base/dlist.h"
#include "lib/driver/iove/claim.h"
#include "lib/driver/iove/queue.h"
#include "lib/driver/iove/session.h"
#include "lib/transport/transport.h"
#include "tests/support/board.h"
#include "tests/support/ops.h"
#include "tests/support/test.h"

#define MS   UINT64_C(1000000)
#define DEEP VIO_HW_MAX_RING

struct line {
    struct vio_loop *loop;
    struct vio_iove_session *session;
    struct vio_iove_queue *queue;
    bool opened, closed;
    int status;
};

static void on_opened(void *user, int status)
{
    struct line *line = user;

    line->status = status;
    line->opened = true;
}

static void on_closed(void *user, int status)
{
    struct line *line = user;

    line->status = status;
    line->closed = true;
}

static void ignore(void *user)
{
    (void)user;
}

static void ignore_number(void *user, uint64_t number)
{
    (void)user;
    (void)number;
}

static void ignore_event(void *user, const struct vio_hw_event *event)
{
    (void)user;
    (void)event;
}

static bool never(void *user)
{
    (void)user;
    return false;
}

static void open_line(struct line *line, const char *uri, uint32_t depth)
{
    struct vio_iove_session_config config = {
        .uri = uri,
        .timeout = BOARD_SECOND,
        .depth = depth,
        .events = 64,
        .listener = {.event = ignore_event,
                     .gap = ignore,
                     .up = ignore_number,
                     .lost = ignore,
                     .restored = ignore,
                     .reset = ignore,
                     .lease = ignore_number,
                     .quiet = never},
    };

    memset(line, 0, sizeof *line);
    line->loop = board_loop_new();
    assert_int_equal(vio__iove_session_open(line->loop, &config, on_opened, line, &line->session),
                     0);
    board_await(line->loop, &line->opened);
    if (line->status)
        fail_msg("%s", vio__iove_session_error(line->session));
    line->queue = vio__iove_session_queue(line->session);
}

static void close_line(struct line *line)
{
    vio__iove_session_close(line->session, on_closed, line);
    board_await(line->loop, &line->closed);
    board_loop_free(line->loop);
}

/* -- Commands ---------------------------------------------------------------------------------- */

struct nop {
    struct vio_iove_command command;
    unsigned done;
    int status;
};

static unsigned outstanding;
static bool idle;

static void nop_done(struct vio_iove_command *command, int status)
{
    struct nop *nop = VIO_CONTAINER_OF(command, struct nop, command);

    nop->done++;
    nop->status = status;
    idle = --outstanding == 0;
}

static void submit(struct line *line, struct nop *nops, unsigned count, uint64_t timeout)
{
    outstanding = count;
    idle = false;
    for (unsigned i = 0; i < count; i++) {
        nops[i] = (struct nop){.command = {.wire = {.opcode = VIO_HW_OP_NOP},
                                           .deadline = vio__loop_now(line->loop) + timeout,
                                           .done = nop_done}};
        vio__iove_queue_submit(line->queue, &nops[i].command);
    }
}

static void the_deepest_rings_wrap(void **state)
{
    static struct nop nops[3 * DEEP + 17];
    const unsigned count = sizeof nops / sizeof nops[0];
    struct line line;

    (void)state;
    open_line(&line, "sim:?time=virtual&seed=1&latency=1us", DEEP);
    assert_int_equal(vio__iove_claim_layout(vio__iove_session_claim(line.session))->depth, DEEP);
    for (unsigned round = 0; round < test_rounds(2); round++) {
        submit(&line, nops, count, BOARD_SECOND);
        board_await(line.loop, &idle);
        for (unsigned i = 0; i < count; i++) {
            assert_int_equal(nops[i].done, 1);
            assert_int_equal(nops[i].status, 0);
        }
    }
    assert_int_equal(vio__iove_queue_outstanding(line.queue), 0);
    assert_int_equal(vio__iove_queue_counters(line.queue)->ignored, 0);
    assert_int_equal(vio__iove_queue_counters(line.queue)->unreadable, 0);
    close_line(&line);
}

static void commands_beyond_the_ring_wait_for_their_turn(void **state)
{
    static struct nop nops[500];
    struct line line;

    (void)state;
    open_line(&line, "sim:?time=virtual&seed=1", 2);
    submit(&line, nops, 500, BOARD_SECOND);
    assert_int_equal(vio__iove_queue_outstanding(line.queue), 500);
    board_await(line.loop, &idle);
    for (unsigned i = 0; i < 500; i++)
        assert_int_equal(nops[i].status, 0);
    close_line(&line);
}

static void a_deadline_ends_both_the_sent_and_the_waiting(void **state)
{
    static struct nop nops[20];
    struct viosim *sim;
    struct line line;
    uint64_t start;

    (void)state;
    open_line(&line, "sim:?time=virtual&seed=1", 8);
    sim = vio__transport_sim(vio__iove_session_transport(line.session));
    viosim_stick(sim, 1);
    start = vio__loop_now(line.loop);
    submit(&line, nops, 20, 300 * MS);
    board_await(line.loop, &idle);
    assert_in_range(vio__loop_now(line.loop) - start, 300 * MS, 301 * MS);
    for (unsigned i = 0; i < 20; i++) {
        assert_int_equal(nops[i].status, VIO_ETIMEDOUT);
        assert_int_equal(nops[i].command.dispatched, i < 8);
    }
    viosim_stick(sim, 0);
    submit(&line, nops, 20, BOARD_SECOND);
    board_await(line.loop, &idle);
    for (unsigned i = 0; i < 20; i++)
        assert_int_equal(nops[i].status, 0);
    assert_int_equal(vio__iove_queue_ghosts(line.queue), 0);
    close_line(&line);
}

static void a_withdrawn_command_never_ends(void **state)
{
    static struct nop nops[4];
    struct line line;

    (void)state;
    open_line(&line, "sim:?time=virtual&seed=1&latency=1ms", 2);
    submit(&line, nops, 4, BOARD_SECOND);
    vio__iove_queue_withdraw(line.queue, &nops[0].command);
    vio__iove_queue_withdraw(line.queue, &nops[3].command);
    vio__iove_queue_withdraw(line.queue, &nops[3].command);
    outstanding -= 2;
    board_await(line.loop, &idle);
    assert_int_equal(nops[0].done + nops[3].done, 0);
    assert_int_equal(nops[1].done + nops[2].done, 2);
    close_line(&line);
}

static void closing_ends_all(void **state)
{
    static struct nop nops[20];
    struct line line;

    (void)state;
    open_line(&line, "sim:?time=virtual&seed=1&latency=1s", 8);
    submit(&line, nops, 20, 60 * BOARD_SECOND);
    board_sleep(line.loop, MS);
    close_line(&line);
    for (unsigned i = 0; i < 20; i++) {
        assert_int_equal(nops[i].done, 1);
        assert_int_equal(nops[i].status, VIO_ECLOSED);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_deepest_rings_wrap),
        cmocka_unit_test(commands_beyond_the_ring_wait_for_their_turn),
        cmocka_unit_test(a_deadline_ends_both_the_sent_and_the_waiting),
        cmocka_unit_test(a_withdrawn_command_never_ends),
        cmocka_unit_test(closing_ends_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
