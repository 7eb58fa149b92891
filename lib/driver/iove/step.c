/* SPDX-License-Identifier: MIT */
#include "lib/driver/iove/step.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/base/alloc.h"
#include "lib/base/hash.h"
#include "lib/driver/iove/ask.h"
#include "lib/driver/iove/lease.h"
#include "lib/driver/iove/observe.h"
#include "lib/driver/iove/queue.h"
#include "lib/driver/iove/refuse.h"
#include "lib/driver/iove/session.h"

#define MS         UINT64_C(1000000)
#define LANES_MAX  65536
#define GRACE_MIN  (60 * MS) /* for asking, after the deadline */
#define GRACE_MAX  (3000 * MS)
#define ASK_TRIES  3
#define SEND_TRIES 3

/* The steps about one object, in their order. The first one is under way. */
struct lane {
    uint64_t key;
    struct vio_dlist steps;
};

struct step {
    struct vio_iove_steps *steps;
    struct vio_dlist all;
    struct vio_dlist node; /* in its lane */
    struct lane *lane;     /* NULL: a new function */
    struct vio_step step;
    struct vio_tag tag;
    uint64_t deadline;
    vio_driver_stepped done;
    void *user;
    struct vio_iove_command command;
    struct vio_iove_ask ask;
    struct vio_timer timer; /* the deadline of one that waits in its lane */
    unsigned sent;          /* how often */
    bool purged;            /* what the device had not begun of it was dropped */
    bool reading;           /* back; it cannot be stopped */
    bool ended;             /* while reading back */
    char error[VIO_IOVE_ERROR_SIZE];
    uint8_t data[VIO_HW_RECORD_SIZE];
};

struct vio_iove_steps {
    struct vio_loop *loop;
    struct vio_iove_session *session;
    struct vio_iove_lease *lease;
    uint64_t timeout;
    struct vio_hash *lanes;
    struct vio_dlist all;
    size_t count;
};

static void send(struct step *step);
static void doubt(struct step *step);

static uint64_t grace(const struct vio_iove_steps *steps)
{
    uint64_t time = steps->timeout / 4;

    return time < GRACE_MIN ? GRACE_MIN : time > GRACE_MAX ? GRACE_MAX : time;
}

/* -- Lanes ------------------------------------------------------------------------------------- */

static uint64_t key_of(const struct vio_step *step)
{
    uint64_t noun = step->action == VIO_STEP_PORT ? 1 : step->action == VIO_STEP_SLOT ? 2 : 0;

    return noun << 32 | step->index;
}

static struct lane *get_lane(struct vio_iove_steps *steps, uint64_t key)
{
    const struct vio_alloc *alloc = vio__loop_alloc(steps->loop);
    struct lane *lane = vio__hash_get_u64(steps->lanes, key);

    if (lane)
        return lane;
    lane = vio__alloc(alloc, sizeof *lane);
    if (!lane)
        return NULL;
    lane->key = key;
    vio__dlist_init(&lane->steps);
    if (vio__hash_put_u64(steps->lanes, key, lane)) {
        vio__free(alloc, lane);
        return NULL;
    }
    return lane;
}

/* Leaves its lane; the next one's turn has come, if that was the first. */
static struct step *leave_lane(struct step *step)
{
    struct lane *lane = step->lane;
    bool first = lane && lane->steps.next == &step->node;

    if (!lane)
        return NULL;
    vio__dlist_remove(&step->node);
    if (vio__dlist_empty(&lane->steps)) {
        vio__hash_remove_u64(step->steps->lanes, lane->key);
        vio__free(vio__loop_alloc(step->steps->loop), lane);
        return NULL;
    }
    return first ? VIO_CONTAINER_OF(lane->steps.next, struct step, node) : NULL;
}

/* -- Ending ------------------------------------------------------------------------------------ */

static void end(struct step *step, const struct vio_outcome *outcome)
{
    struct vio_iove_steps *steps = step->steps;
    struct step *next = leave_lane(step);
    vio_driver_stepped done = step->done;
    void *user = step->user;

    step->lane = NULL;
    vio__dlist_remove(&step->all);
    steps->count--;
    vio__timer_stop(&step->timer);
    vio__iove_ask_stop(&step->ask);
    vio__iove_queue_withdraw(vio__iove_session_queue(steps->session), &step->command);
    step->ended = true;
    if (!step->reading)
        vio__free(vio__loop_alloc(steps->loop), step);
    if (next)
        send(next);
    done(user, outcome);
}

static void fail(struct step *step, int status, const char *text)
{
    struct vio_outcome outcome;

    vio__iove_step_failed(&step->step, status, text, &outcome);
    end(step, &outcome);
}

static void succeed(struct step *step, uint32_t index)
{
    struct vio_outcome outcome = {.index = index};

    end(step, &outcome);
}

/* -- Answers ----------------------------------------------------------------------------------- */

/* Sent again after it was done, under whatever tag, it leaves nothing to do. */
static bool was_done(const struct step *step, const struct vio_hw_completion *completion)
{
    return step->sent > 1 &&
           ((step->step.action == VIO_STEP_CREATE && completion->status == VIO_HW_STATUS_EXISTS) ||
            (step->step.action == VIO_STEP_DESTROY &&
             completion->status == VIO_HW_STATUS_INVALID_TARGET));
}

static void take(struct step *step, const struct vio_hw_completion *completion)
{
    struct vio_iove_steps *steps = step->steps;
    bool create = step->step.action == VIO_STEP_CREATE;
    struct vio_outcome outcome;

    if (completion->status == VIO_HW_STATUS_OK || was_done(step, completion)) {
        if (create && completion->result >= vio__iove_session_limits(steps->session)->num_functions)
            doubt(step);
        else
            succeed(step, create ? completion->result : step->step.index);
        return;
    }
    if (completion->status == VIO_HW_STATUS_IN_PROGRESS) {
        doubt(step);
        return;
    }
    vio__iove_step_refused(&step->step, completion, &outcome);
    if (outcome.status == VIO_EFENCED)
        vio__iove_lease_lost(steps->lease, step->tag.lease);
    if (completion->status == VIO_HW_STATUS_ABORTED)
        outcome.status = vio__iove_lease_number(steps->lease) != step->tag.lease ? VIO_EFENCED
                         : step->purged                                          ? VIO_ETIMEDOUT
                                                                                 : VIO_ERESET;
    end(step, &outcome);
}

static void command_done(struct vio_iove_command *command, int status)
{
    struct step *step = VIO_CONTAINER_OF(command, struct step, command);

    if (status == 0)
        take(step, &command->completion);
    else if (status == VIO_ERESET)
        fail(step, status, "the chassis was reset: every function is gone");
    else if (status == VIO_ECLOSED)
        fail(step, status, "the chassis was closed");
    else if (!command->dispatched && step->sent == 1)
        fail(step, status, "the chassis took no command in time; nothing was done");
    else
        doubt(step);
}

static void send(struct step *step)
{
    struct vio_iove_steps *steps = step->steps;
    uint64_t now = vio__loop_now(steps->loop);

    vio__timer_stop(&step->timer);
    step->sent++;
    step->command.deadline = step->deadline;
    if (step->deadline - now > steps->timeout && step->deadline > now)
        step->command.deadline = now + steps->timeout;
    if (step->sent > 1 && step->command.deadline < now + grace(steps))
        step->command.deadline = now + grace(steps);
    vio__iove_queue_resubmit(vio__iove_session_queue(steps->session), &step->command);
}

/* -- Doubt ------------------------------------------------------------------------------------- */

static void read_back(void *user, int status, struct vio_observation *observation)
{
    struct step *step = user;
    struct vio_iove_steps *steps = step->steps;
    bool ended = step->ended, reached = false;
    uint32_t index = VIO_NO_INDEX;

    step->reading = false;
    if (status == 0)
        reached = vio__iove_step_reached(&step->step, observation, &index);
    vio__observation_unref(observation);
    if (ended)
        vio__free(vio__loop_alloc(steps->loop), step);
    else if (status)
        fail(step, VIO_EINDOUBT, "its outcome is unknown, and it could not be read back");
    else if (reached)
        succeed(step, index);
    else if (vio__iove_lease_number(steps->lease) != step->tag.lease)
        fail(step, VIO_EFENCED, "not done: the chassis has another owner now");
    else
        fail(step, VIO_EINDOUBT, "its outcome is unknown, and it reads as not done");
}

static void start_reading_back(struct step *step)
{
    struct vio_iove_steps *steps = step->steps;

    step->reading = true;
    if (vio__iove_observe(steps->loop, steps->session, grace(steps), step->error, read_back,
                          step) == 0)
        return;
    step->reading = false;
    fail(step, VIO_EINDOUBT, "its outcome is unknown, and there is no memory to read it back");
}

static void answered(struct vio_iove_ask *ask, enum vio_iove_answer answer)
{
    struct step *step = VIO_CONTAINER_OF(ask, struct step, ask);

    switch (answer) {
    case VIO_IOVE_ANSWER_KNOWN:
        take(step, &ask->completion);
        break;
    case VIO_IOVE_ANSWER_UNKNOWN:
        if (step->sent < SEND_TRIES &&
            vio__iove_lease_number(step->steps->lease) == step->tag.lease)
            send(step);
        else
            start_reading_back(step);
        break;
    case VIO_IOVE_ANSWER_AT_WORK:
        /* Out of time: if it has not begun, it shall not begin. */
        if (!step->purged) {
            step->purged = true;
            vio__iove_session_purge(step->steps->session);
            doubt(step);
            break;
        }
        fail(step, VIO_EINDOUBT, "the chassis is still at work on it");
        break;
    case VIO_IOVE_ANSWER_RESET:
        fail(step, VIO_ERESET, "the chassis was reset: every function is gone");
        break;
    case VIO_IOVE_ANSWER_CLOSED:
        fail(step, VIO_ECLOSED, "the chassis was closed");
        break;
    default:
        fail(step, VIO_EINDOUBT, "its outcome is unknown: the chassis does not answer");
        break;
    }
}

static void doubt(struct step *step)
{
    struct vio_iove_steps *steps = step->steps;
    uint64_t now = vio__loop_now(steps->loop);

    step->ask.loop = steps->loop;
    step->ask.session = steps->session;
    step->ask.tag = step->tag;
    step->ask.until = (step->deadline > now ? step->deadline : now) + grace(steps);
    step->ask.wait = grace(steps) / ASK_TRIES;
    step->ask.done = answered;
    vio__iove_ask_start(&step->ask);
}

/* -- Submitting -------------------------------------------------------------------------------- */

static void waited_too_long(struct vio_timer *timer, void *user)
{
    (void)timer;
    fail(user, VIO_ETIMEDOUT, "an earlier step on it is still at work; nothing was done");
}

static struct step *new_step(struct vio_iove_steps *steps, const struct vio_step *what)
{
    const struct vio_alloc *alloc = vio__loop_alloc(steps->loop);
    struct step *step = vio__calloc(alloc, 1, sizeof *step);

    if (!step)
        return NULL;
    step->steps = steps;
    step->step = *what;
    vio__dlist_init(&step->node);
    vio__timer_init(&step->timer, steps->loop, false, waited_too_long, step);
    if (what->action == VIO_STEP_CREATE)
        return step;
    step->lane = get_lane(steps, key_of(what));
    if (step->lane)
        return step;
    vio__free(alloc, step);
    return NULL;
}

static void put_tag(struct step *step, uint64_t lease)
{
    uint32_t number = vio__iove_queue_number(vio__iove_session_queue(step->steps->session));

    step->tag = (struct vio_tag){.lease = lease, .number = number};
    step->command.wire.lease = lease;
    step->command.wire.number = number;
}

int vio__iove_steps_submit(struct vio_iove_steps *steps, const struct vio_step *what,
                           uint64_t deadline, vio_driver_stepped done, void *user,
                           struct vio_tag *ret_tag)
{
    uint64_t lease = vio__iove_lease_number(steps->lease);
    struct vio_hw_command wire;
    uint8_t data[VIO_HW_RECORD_SIZE];
    bool has_data;
    struct step *step;
    int status = vio__iove_step_encode(what, &wire, data, &has_data);

    if (status)
        return status;
    if (!lease)
        return vio__iove_lease_lost_number(steps->lease) ? VIO_EFENCED : VIO_ESTATE;
    step = new_step(steps, what);
    if (!step)
        return VIO_ENOMEM;
    step->command.wire = wire;
    step->command.done = command_done;
    if (has_data) {
        memcpy(step->data, data, sizeof data);
        step->command.in = step->data;
        step->command.in_size = sizeof step->data;
    }
    step->done = done;
    step->user = user;
    step->deadline =
        deadline && deadline != UINT64_MAX ? deadline : vio__loop_now(steps->loop) + steps->timeout;
    put_tag(step, lease);
    *ret_tag = step->tag;
    vio__dlist_append(&steps->all, &step->all);
    steps->count++;
    if (step->lane)
        vio__dlist_append(&step->lane->steps, &step->node);
    if (step->lane && step->lane->steps.next != &step->node)
        vio__timer_start(&step->timer, step->deadline);
    else
        send(step);
    return 0;
}

/* -- All of them ------------------------------------------------------------------------------- */

size_t vio__iove_steps_count(const struct vio_iove_steps *steps)
{
    return steps->count;
}

void vio__iove_steps_end_all(struct vio_iove_steps *steps, int status, const char *text)
{
    struct vio_dlist all;

    vio__dlist_init(&all);
    vio__dlist_splice(&all, &steps->all);
    /* From the last to the first, so that none has a turn. */
    while (!vio__dlist_empty(&all))
        fail(VIO_CONTAINER_OF(all.prev, struct step, all), status, text);
}

/* -- The object -------------------------------------------------------------------------------- */

int vio__iove_steps_new(struct vio_loop *loop, struct vio_iove_session *session,
                        struct vio_iove_lease *lease, uint64_t timeout,
                        struct vio_iove_steps **ret_steps)
{
    const struct vio_alloc *alloc = vio__loop_alloc(loop);
    struct vio_iove_steps *steps = vio__calloc(alloc, 1, sizeof *steps);

    if (!steps)
        return VIO_ENOMEM;
    if (vio__hash_new(alloc, LANES_MAX, &steps->lanes)) {
        vio__free(alloc, steps);
        return VIO_ENOMEM;
    }
    steps->loop = loop;
    steps->session = session;
    steps->lease = lease;
    steps->timeout = timeout;
    vio__dlist_init(&steps->all);
    *ret_steps = steps;
    return 0;
}

void vio__iove_steps_free(struct vio_iove_steps *steps)
{
    if (!steps)
        return;
    vio__hash_free(steps->lanes, NULL);
    vio__free(vio__loop_alloc(steps->loop), steps);
}
