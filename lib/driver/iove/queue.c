/* SPDX-License-Identifier: MIT */
#include "lib/driver/iove/queue.h"

#include <libvio/error.h>

#include "lib/base/alloc.h"
#include "lib/driver/iove/claim.h"
#include "lib/driver/iove/part.h"
#include "lib/driver/iove/slots.h"
#include "lib/hw/wire.h"
#include "lib/loop/loop.h"

#define FETCH_BATCH 64u /* entries that are brought at once where BAR 2 is not mapped */

/* A ring whose entries are under way where BAR 2 is not mapped. */
struct fetch {
    struct vio_iove_queue *queue;
    struct vio_iove_ring *ring;
    bool (*drain)(struct vio_iove_queue *queue);
    bool busy, again;
};

struct vio_iove_queue {
    struct vio_loop *loop;
    struct vio_iove_queue_listener listener;
    struct vio_iove_claim *claim; /* NULL while the set is down */
    struct vio_iove_part *part;
    uint32_t depth;
    uint32_t tail, rung, fetched; /* of the command ring */
    uint32_t number;              /* of the last command */
    struct vio_iove_ring completions, events;
    uint32_t told; /* CPL_HEAD as the device has it */
    struct fetch fetch_completions, fetch_events;
    struct vio_iove_slots *slots;
    uint32_t free;                          /* first free slot */
    uint32_t used;                          /* slots in use, ghosts included */
    uint32_t seen_completions, seen_events; /* heads at the last look at the registers */
    struct vio_dlist active, waiting;
    size_t num_active, num_waiting;
    struct vio_timer timer; /* the first deadline, or earlier */
    uint64_t timer_due;
    struct vio_post kick;
    bool kicking, freed;
    struct vio_iove_queue_counters counters;
};

static void pump(struct vio_iove_queue *queue);
static bool drain_completions(struct vio_iove_queue *queue);
static bool drain_events(struct vio_iove_queue *queue);

/* The slot and its data buffer are free again. */
static void free_slot(struct vio_iove_queue *queue, struct vio_iove_slot *slot)
{
    if (slot->block != VIO_IOVE_NO_BLOCK)
        vio__iove_part_block_put(queue->part, slot->block);
    vio__iove_slots_put(queue->slots, slot);
}

/* -- Deadlines --------------------------------------------------------------------------------- */

static void arm(struct vio_iove_queue *queue, uint64_t due)
{
    if (due >= queue->timer_due)
        return;
    queue->timer_due = due;
    vio__timer_start(&queue->timer, due);
}

/* Virtual time must not run to a deadline that nobody has any more. */
static void disarm_if_idle(struct vio_iove_queue *queue)
{
    if (queue->num_active + queue->num_waiting > 0 || queue->timer_due == UINT64_MAX)
        return;
    queue->timer_due = UINT64_MAX;
    vio__timer_stop(&queue->timer);
}

static void unlink_command(struct vio_iove_queue *queue, struct vio_iove_command *command)
{
    vio__dlist_remove(&command->node);
    if (command->state == VIO_IOVE_COMMAND_ACTIVE) {
        command->slot->command = NULL;
        queue->num_active--;
    } else if (command->state == VIO_IOVE_COMMAND_WAITING) {
        queue->num_waiting--;
    }
    command->state = VIO_IOVE_COMMAND_IDLE;
}

/* Moves a command to those that are to be completed. */
static void end(struct vio_iove_queue *queue, struct vio_iove_command *command,
                struct vio_dlist *ending)
{
    unlink_command(queue, command);
    command->state = VIO_IOVE_COMMAND_ENDING;
    vio__dlist_append(ending, &command->node);
}

static void complete_list(struct vio_dlist *ending, int status)
{
    struct vio_dlist *node;

    while ((node = vio__dlist_pop(ending))) {
        struct vio_iove_command *command = VIO_CONTAINER_OF(node, struct vio_iove_command, node);

        command->state = VIO_IOVE_COMMAND_IDLE;
        command->done(command, status);
    }
}

static void end_all(struct vio_iove_queue *queue, struct vio_dlist *from, int status)
{
    struct vio_dlist ending;

    vio__dlist_init(&ending);
    VIO_DLIST_FOREACH (node, from) {
        end(queue, VIO_CONTAINER_OF(node, struct vio_iove_command, node), &ending);
    }
    complete_list(&ending, status);
    disarm_if_idle(queue);
}

static void move_due(struct vio_iove_queue *queue, struct vio_dlist *from, uint64_t now,
                     struct vio_dlist *due)
{
    VIO_DLIST_FOREACH (node, from) {
        struct vio_iove_command *command = VIO_CONTAINER_OF(node, struct vio_iove_command, node);

        if (command->deadline <= now) {
            end(queue, command, due);
        } else {
            arm(queue, command->deadline);
        }
    }
}

static void expire(struct vio_timer *timer, void *user)
{
    struct vio_iove_queue *queue = user;
    uint64_t now = vio__loop_now(queue->loop);
    struct vio_dlist due;

    (void)timer;
    vio__dlist_init(&due);
    queue->timer_due = UINT64_MAX;
    move_due(queue, &queue->active, now, &due);
    move_due(queue, &queue->waiting, now, &due);
    complete_list(&due, VIO_ETIMEDOUT);
    disarm_if_idle(queue);
}

/* -- Giving commands to the device ------------------------------------------------------------- */

static bool dispatch(struct vio_iove_queue *queue, struct vio_iove_command *command)
{
    uint8_t wire[VIO_HW_COMMAND_SIZE];
    size_t size = command->in_size + command->out_size;
    uint32_t block = VIO_IOVE_NO_BLOCK;
    struct vio_iove_slot *slot;

    if (vio__iove_slots_full(queue->slots) || queue->tail - queue->fetched >= queue->depth)
        return false;
    if (size > 0) {
        block = vio__iove_part_block_get(queue->part, size);
        if (block == VIO_IOVE_NO_BLOCK)
            return false;
        command->wire.data_offset = vio__iove_part_block_offset(queue->part, block);
        if (command->in_size > 0)
            vio__iove_part_put(queue->part, (uint32_t)command->wire.data_offset, command->in,
                               command->in_size);
    }
    command->wire.data_length = (uint32_t)size;
    slot = vio__iove_slots_take(queue->slots, command->wire.lease, command->wire.number);
    slot->command = command;
    command->slot = slot;
    slot->block = block;
    slot->position = queue->tail;
    vio__hw_command_encode(&command->wire, wire);
    vio__iove_part_put(queue->part,
                       vio__iove_part_commands(queue->part) +
                           (queue->tail & (queue->depth - 1)) * VIO_HW_COMMAND_SIZE,
                       wire, sizeof wire);
    queue->tail++;
    queue->counters.commands++;
    command->dispatched = true;
    return true;
}

static void kicked(struct vio_post *post)
{
    struct vio_iove_queue *queue = VIO_CONTAINER_OF(post, struct vio_iove_queue, kick);

    queue->kicking = false;
    if (queue->freed)
        vio__free(vio__loop_alloc(queue->loop), queue);
    else
        vio__iove_queue_kick(queue);
}

void vio__iove_queue_kick(struct vio_iove_queue *queue)
{
    if (!queue->claim || queue->rung == queue->tail)
        return;
    queue->rung = queue->tail;
    __atomic_thread_fence(__ATOMIC_RELEASE);
    vio__iove_claim_post(queue->claim, VIO_HW_QUEUE_CMD_TAIL, queue->tail, 4);
}

static void pump(struct vio_iove_queue *queue)
{
    while (queue->claim && !vio__dlist_empty(&queue->waiting)) {
        struct vio_iove_command *command =
            VIO_CONTAINER_OF(queue->waiting.next, struct vio_iove_command, node);

        if (!dispatch(queue, command))
            break;
        vio__dlist_remove(&command->node);
        vio__dlist_append(&queue->active, &command->node);
        command->state = VIO_IOVE_COMMAND_ACTIVE;
        queue->num_waiting--;
        queue->num_active++;
    }
    if (queue->rung != queue->tail && !queue->kicking && queue->claim)
        queue->kicking = vio__loop_post(queue->loop, &queue->kick) == 0;
}

uint32_t vio__iove_queue_number(struct vio_iove_queue *queue)
{
    if (++queue->number == 0)
        queue->number = 1;
    return queue->number;
}

void vio__iove_queue_submit(struct vio_iove_queue *queue, struct vio_iove_command *command)
{
    command->wire.number = vio__iove_queue_number(queue);
    vio__iove_queue_resubmit(queue, command);
}

/* Waits before the command of `before`, or at the end. */
static void enqueue(struct vio_iove_queue *queue, struct vio_iove_command *command,
                    struct vio_dlist *before)
{
    command->state = VIO_IOVE_COMMAND_WAITING;
    command->dispatched = false;
    vio__dlist_append(before, &command->node);
    queue->num_waiting++;
    arm(queue, command->deadline);
    pump(queue);
}

void vio__iove_queue_resubmit(struct vio_iove_queue *queue, struct vio_iove_command *command)
{
    enqueue(queue, command, &queue->waiting);
}

void vio__iove_queue_submit_first(struct vio_iove_queue *queue, struct vio_iove_command *command)
{
    command->wire.number = vio__iove_queue_number(queue);
    enqueue(queue, command, queue->waiting.next);
}

void vio__iove_queue_withdraw(struct vio_iove_queue *queue, struct vio_iove_command *command)
{
    if (command->state == VIO_IOVE_COMMAND_IDLE)
        return;
    unlink_command(queue, command);
    disarm_if_idle(queue);
}

/* -- Completions ------------------------------------------------------------------------------- */

static void finish(struct vio_iove_queue *queue, struct vio_iove_slot *slot)
{
    struct vio_iove_command *command = slot->command;
    int status = 0;

    if (command) {
        if (command->out_size > 0)
            memcpy(command->out,
                   vio__iove_part_at(queue->part, (uint32_t)command->wire.data_offset),
                   command->out_size);
        if (!vio__hw_status_name(command->completion.status)) {
            queue->counters.garbled++;
            status = VIO_EPROTO;
        }
        unlink_command(queue, command);
    }
    free_slot(queue, slot);
    if (command)
        command->done(command, status);
}

/* The data of a completed command are here, or never will be. */
static void fetched_data(void *user, int status)
{
    struct vio_iove_slot *slot = user;
    struct vio_iove_queue *queue = slot->queue;

    if (status || !queue->claim)
        return;
    finish(queue, slot);
    pump(queue);
}

static void match(struct vio_iove_queue *queue, const uint8_t *entry)
{
    struct vio_hw_completion completion;
    struct vio_iove_slot *slot;

    vio__hw_completion_decode(entry, &completion);
    slot = vio__iove_slots_find(queue->slots, completion.lease, completion.number);
    if (!slot) {
        queue->counters.ignored++;
        return;
    }
    queue->counters.completions++;
    /* Commands are fetched in the order of the ring. */
    if ((int32_t)(slot->position + 1 - queue->fetched) > 0)
        queue->fetched = slot->position + 1;
    if (slot->command)
        slot->command->completion = completion;
    if (slot->command && slot->command->out_size > 0 && !vio__iove_part_mapped(queue->part) &&
        vio__iove_part_fetch(queue->part, (uint32_t)slot->command->wire.data_offset,
                             slot->command->out_size, fetched_data, slot) == 0) {
        slot->fetching = true;
        return;
    }
    finish(queue, slot);
}

/*
 * The device asks for CPL_HEAD only to see whether the ring has room, so it is told of a quarter of
 * a ring at once: a doorbell less for most commands.
 */
static void tell_completions(struct vio_iove_queue *queue)
{
    if (queue->completions.head - queue->told <= queue->completions.size / 4)
        return;
    queue->told = queue->completions.head;
    vio__iove_claim_post(queue->claim, VIO_HW_QUEUE_CPL_HEAD, queue->told, 4);
}

/* At most a ring's worth, so that a device that never stops cannot keep the loop. */
static bool drain_completions(struct vio_iove_queue *queue)
{
    uint8_t entry[VIO_HW_COMPLETION_SIZE];
    struct vio_iove_claim *claim = queue->claim;
    uint32_t first = queue->completions.head;

    for (uint32_t i = 0; i < queue->depth && vio__iove_ring_take(&queue->completions, entry); i++) {
        match(queue, entry);
        if (queue->claim != claim || queue->freed)
            return true;
    }
    if (queue->completions.head == first)
        return false;
    tell_completions(queue);
    disarm_if_idle(queue);
    pump(queue);
    vio__iove_queue_kick(queue);
    return true;
}

static bool drain_events(struct vio_iove_queue *queue)
{
    uint8_t entry[VIO_HW_EVENT_SIZE];
    struct vio_iove_claim *claim = queue->claim;
    uint32_t first = queue->events.head;

    for (uint32_t i = 0; i < queue->events.size && vio__iove_ring_take(&queue->events, entry);
         i++) {
        struct vio_hw_event event;

        vio__hw_event_decode(entry, &event);
        queue->listener.event(queue->listener.user, &event);
        if (queue->claim != claim || queue->freed)
            return true;
    }
    if (queue->events.head == first)
        return false;
    vio__iove_claim_post(queue->claim, VIO_HW_QUEUE_EVT_HEAD, queue->events.head, 4);
    return true;
}

/* -- Draining ---------------------------------------------------------------------------------- */

static bool fetch_ring(struct fetch *fetch);

static void fetched_ring(void *user, int status)
{
    struct fetch *fetch = user;
    struct vio_iove_queue *queue = fetch->queue;

    fetch->busy = false;
    if (status || !queue->claim || queue->freed)
        return;
    if (fetch->drain(queue) || fetch->again)
        fetch_ring(fetch);
}

/* Brings the entries at the head of a ring into the shadow, where what is older has the other
 * phase. */
static bool fetch_ring(struct fetch *fetch)
{
    struct vio_iove_ring *ring = fetch->ring;
    uint32_t at = ring->head & (ring->size - 1);
    uint32_t count = ring->size - at < FETCH_BATCH ? ring->size - at : FETCH_BATCH;

    if (!fetch->queue->claim)
        return false;
    fetch->again = fetch->busy;
    if (!fetch->busy)
        fetch->busy = vio__iove_part_fetch(fetch->queue->part, ring->offset + at * ring->entry,
                                           (size_t)count * ring->entry, fetched_ring, fetch) == 0;
    return fetch->busy;
}

bool vio__iove_queue_drain(struct vio_iove_queue *queue)
{
    bool found;

    if (!queue->claim)
        return false;
    if (!vio__iove_part_mapped(queue->part)) {
        found = fetch_ring(&queue->fetch_completions);
        return fetch_ring(&queue->fetch_events) || found;
    }
    found = drain_completions(queue);
    return (queue->claim && drain_events(queue)) || found;
}

/*
 * Entries up to `tail` were written. One that is not readable now never will be; where BAR 2 is not
 * mapped, one that was not readable the last time either.
 */
static bool skip_unreadable(struct vio_iove_queue *queue, struct vio_iove_ring *ring, uint32_t tail,
                            uint32_t *seen, uint32_t doorbell)
{
    bool skip = (int32_t)(tail - ring->head) > 0 &&
                (vio__iove_part_mapped(queue->part) || *seen == ring->head);

    *seen = ring->head;
    if (!skip)
        return false;
    ring->head++;
    queue->counters.unreadable++;
    vio__iove_claim_post(queue->claim, doorbell, ring->head, 4);
    return true;
}

/* True when the set is still as it was. */
static bool reconcile_completions(struct vio_iove_queue *queue, uint32_t tail)
{
    const struct vio_iove_claim *claim = queue->claim;

    while (queue->claim == claim &&
           skip_unreadable(queue, &queue->completions, tail, &queue->seen_completions,
                           VIO_HW_QUEUE_CPL_HEAD))
        vio__iove_queue_drain(queue);
    return queue->claim == claim;
}

static bool reconcile_events(struct vio_iove_queue *queue, uint32_t tail)
{
    const struct vio_iove_claim *claim = queue->claim;

    while (queue->claim == claim && skip_unreadable(queue, &queue->events, tail,
                                                    &queue->seen_events, VIO_HW_QUEUE_EVT_HEAD)) {
        queue->listener.gap(queue->listener.user);
        if (queue->claim == claim)
            vio__iove_queue_drain(queue);
    }
    return queue->claim == claim;
}

bool vio__iove_queue_reconcile(struct vio_iove_queue *queue, uint32_t cmd_head, uint32_t cpl_tail,
                               uint32_t evt_tail)
{
    const struct vio_iove_claim *claim = queue->claim;

    if (!claim)
        return true;
    if ((int32_t)(cmd_head - queue->tail) > 0 ||
        (int32_t)(cpl_tail - queue->completions.head) > (int32_t)queue->completions.size ||
        (int32_t)(evt_tail - queue->events.head) > (int32_t)queue->events.size)
        return false;
    if ((int32_t)(cmd_head - queue->fetched) > 0)
        queue->fetched = cmd_head;
    vio__iove_queue_drain(queue);
    if (queue->claim == claim && reconcile_completions(queue, cpl_tail) &&
        reconcile_events(queue, evt_tail))
        pump(queue);
    return true;
}

/* -- Up and down ------------------------------------------------------------------------------- */

int vio__iove_queue_new(struct vio_loop *loop, const struct vio_iove_queue_listener *listener,
                        struct vio_iove_queue **ret_queue)
{
    struct vio_iove_queue *queue = vio__calloc(vio__loop_alloc(loop), 1, sizeof *queue);

    if (!queue)
        return VIO_ENOMEM;
    queue->loop = loop;
    queue->listener = *listener;
    queue->timer_due = UINT64_MAX;
    queue->fetch_completions =
        (struct fetch){.queue = queue, .ring = &queue->completions, .drain = drain_completions};
    queue->fetch_events =
        (struct fetch){.queue = queue, .ring = &queue->events, .drain = drain_events};
    queue->kick.fn = kicked;
    vio__dlist_init(&queue->active);
    vio__dlist_init(&queue->waiting);
    vio__timer_init(&queue->timer, loop, false, expire, queue);
    *ret_queue = queue;
    return 0;
}

static void drop_set(struct vio_iove_queue *queue)
{
    vio__iove_part_free(queue->part);
    vio__iove_slots_free(queue->slots);
    queue->part = NULL;
    queue->slots = NULL;
}

void vio__iove_queue_free(struct vio_iove_queue *queue)
{
    if (!queue)
        return;
    vio__iove_queue_fail(queue, VIO_ECLOSED);
    vio__timer_stop(&queue->timer);
    drop_set(queue);
    queue->freed = true;
    if (!queue->kicking)
        vio__free(vio__loop_alloc(queue->loop), queue);
}

int vio__iove_queue_up(struct vio_iove_queue *queue, struct vio_iove_claim *claim)
{
    uint32_t depth = vio__iove_claim_layout(claim)->depth;
    struct vio_iove_slots *slots;
    int status = vio__iove_slots_new(vio__loop_alloc(queue->loop), queue, depth, &slots);

    if (status)
        return status;
    drop_set(queue);
    queue->claim = claim;
    queue->part = vio__iove_claim_take_part(claim);
    queue->slots = slots;
    queue->depth = depth;
    queue->tail = queue->rung = queue->fetched = 0;
    queue->fetch_completions.busy = queue->fetch_events.busy = false;
    vio__iove_part_rings(queue->part, &queue->completions, &queue->events);
    queue->told = queue->completions.head;
    pump(queue);
    return 0;
}

void vio__iove_queue_down(struct vio_iove_queue *queue, int status)
{
    queue->claim = NULL;
    end_all(queue, &queue->active, status);
}

void vio__iove_queue_fail(struct vio_iove_queue *queue, int status)
{
    vio__iove_queue_down(queue, status);
    end_all(queue, &queue->waiting, status);
}

size_t vio__iove_queue_outstanding(const struct vio_iove_queue *queue)
{
    return queue->num_active + queue->num_waiting;
}

size_t vio__iove_queue_ghosts(const struct vio_iove_queue *queue)
{
    return queue->claim ? vio__iove_slots_used(queue->slots) - queue->num_active : 0;
}

size_t vio__iove_queue_block_max(const struct vio_iove_queue *queue)
{
    return queue->part ? vio__iove_part_block_large(queue->part) : 0;
}

const struct vio_iove_queue_counters *vio__iove_queue_counters(const struct vio_iove_queue *queue)
{
    return &queue->counters;
}
