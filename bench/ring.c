/* SPDX-License-Identifier: MIT */
/*
 * Commands through a queue set of the software chassis in process, one at a time and 256 at a time,
 * beside a bare ring in memory with entries of the same sizes. In both the device runs inline, when
 * the doorbell rings.
 */
#include <poll.h>
#include <string.h>

#include "bench/bench.h"
#include "lib/driver/iove/queue.h"
#include "lib/driver/iove/session.h"
#include "lib/loop/loop.h"

#define MOST  256u
#define LIMIT UINT64_C(5000000000)

/* -- A bare ring ------------------------------------------------------------------------------- */

struct bare {
    _Alignas(64) uint8_t commands[MOST][VIO_HW_COMMAND_SIZE];
    _Alignas(64) uint8_t completions[MOST][VIO_HW_COMPLETION_SIZE];
    uint32_t tail, head;         /* the client's */
    uint32_t fetched, completed; /* the device's */
    uint64_t sum;
};

static struct bare bare;

/* Behind a pointer that the compiler does not see through, as a device is. */
static void bare_device(struct bare *ring)
{
    while (ring->fetched != ring->tail) {
        uint8_t command[VIO_HW_COMMAND_SIZE];
        uint8_t *at = ring->completions[ring->completed % MOST];

        memcpy(command, ring->commands[ring->fetched++ % MOST], sizeof command);
        memcpy(at, command + 4, 12);
        __atomic_store_n(at + VIO_HW_COMPLETION_FLAGS_OFFSET,
                         vio__hw_phase(ring->completed, MOST) ? VIO_HW_PHASE : 0, __ATOMIC_RELEASE);
        ring->completed++;
    }
}

static void (*volatile bare_doorbell)(struct bare *ring) = bare_device;

static void bare_batch(unsigned depth)
{
    for (unsigned i = 0; i < depth; i++) {
        uint8_t *at = bare.commands[bare.tail % MOST];

        memset(at, 0, VIO_HW_COMMAND_SIZE);
        memcpy(at + 4, &bare.tail, sizeof bare.tail);
        bare.tail++;
    }
    bare_doorbell(&bare);
    while (bare.head != bare.completed) {
        uint8_t entry[VIO_HW_COMPLETION_SIZE];
        const uint8_t *at = bare.completions[bare.head % MOST];

        if ((__atomic_load_n(at + VIO_HW_COMPLETION_FLAGS_OFFSET, __ATOMIC_ACQUIRE) & 1) !=
            vio__hw_phase(bare.head, MOST))
            break;
        memcpy(entry, at, sizeof entry);
        bare.sum += entry[0];
        bare.head++;
    }
}

static int bare_run(void *user, unsigned long count)
{
    unsigned depth = *(const unsigned *)user;

    for (unsigned long i = 0; i < count; i += depth)
        bare_batch(depth);
    return bare.head == bare.tail ? 0 : -1;
}

/* -- A queue set ------------------------------------------------------------------------------- */

static struct vio_loop *loop;
static struct vio_iove_session *session;
static struct vio_iove_queue *queue;
static struct vio_iove_command commands[MOST];
static unsigned done, failed;

static void command_done(struct vio_iove_command *command, int status)
{
    done++;
    failed += status != 0 || command->completion.status != VIO_HW_STATUS_OK;
}

static int queue_run(void *user, unsigned long count)
{
    unsigned depth = *(const unsigned *)user;

    for (unsigned long i = 0; i < count; i += depth) {
        done = 0;
        for (unsigned n = 0; n < depth; n++)
            vio__iove_queue_submit(queue, &commands[n]);
        vio__iove_queue_kick(queue);
        while (done < depth)
            if (!vio__iove_queue_drain(queue))
                return -1;
    }
    /* Interrupts and heartbeats have their turn between the rounds. */
    vio__loop_dispatch(loop);
    for (unsigned n = 0; n < MOST; n++)
        commands[n].deadline = vio__loop_now(loop) + LIMIT;
    return failed ? -1 : 0;
}

/* -- Setting up -------------------------------------------------------------------------------- */

static int opened = 1;
static bool closed;

static void on_opened(void *user, int status)
{
    (void)user;
    opened = status;
}

static void on_closed(void *user, int status)
{
    (void)user;
    (void)status;
    closed = true;
}

static void on_loop_closed(void *user)
{
    on_closed(user, 0);
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

static void turn(void)
{
    struct pollfd pollfd = {.fd = vio__loop_fd(loop), .events = POLLIN};

    poll(&pollfd, 1, vio__loop_poll_timeout(loop));
    vio__loop_dispatch(loop);
}

static void open_session(void)
{
    struct vio_loop_config config = {
        .drive = VIO_LOOP_POLL, .alloc = vio__alloc_default(), .queue_max = 1};
    struct vio_iove_session_config session_config = {
        .uri = "sim:?latency=0ns",
        .timeout = LIMIT,
        .depth = 1024,
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

    if (vio__loop_new(&config, &loop) || vio__loop_start(loop) ||
        vio__iove_session_open(loop, &session_config, on_opened, NULL, &session))
        bench_fail("ring: no memory");
    while (opened > 0)
        turn();
    if (opened < 0)
        bench_fail(vio__iove_session_error(session));
    queue = vio__iove_session_queue(session);
    for (unsigned n = 0; n < MOST; n++)
        commands[n] = (struct vio_iove_command){.wire = {.opcode = VIO_HW_OP_NOP},
                                                .deadline = vio__loop_now(loop) + LIMIT,
                                                .done = command_done};
}

static void close_session(void)
{
    vio__iove_session_close(session, on_closed, NULL);
    while (!closed)
        turn();
    closed = false;
    vio__loop_close(loop, on_loop_closed, NULL);
    while (!closed)
        turn();
    vio__loop_dispose(loop);
    vio__loop_unref(loop);
}

int main(void)
{
    static unsigned one = 1, many = MOST;
    const struct bench_case cases[] = {
        {"bare ring, one at a time", bare_run, &one, NULL, 0, 0, NULL},
        {"queue set, one at a time", queue_run, &one, &cases[0], 0, 1e6, NULL},
        {"bare ring, 256 at a time", bare_run, &many, NULL, 0, 0, NULL},
        {"queue set, 256 at a time", queue_run, &many, &cases[2], 0, 5e6, NULL},
    };
    int status;

    open_session();
    status = bench_run("ring: a NOP from submission to its callback, in process", cases,
                       sizeof cases / sizeof cases[0]);
    close_session();
    return status ? 1 : 0;
}
