/* SPDX-License-Identifier: MIT */
/*
 * Commands that take time, and their order: commands of one set on one target, and a barrier among
 * its set's changes, wait for those before them; a target at which another set is at work is BUSY.
 */
#include <stdlib.h>

#include "sim/command.h"

const struct vio_hw_command *sim_job_command(const struct sim_job *job)
{
    return job->batch ? &job->part : &job->command;
}

struct vio_hw_completion *sim_job_outcome(struct sim_job *job)
{
    return job->batch ? &job->part_outcome : &job->outcome;
}

void sim_command_finish(struct viosim *sim, unsigned opcode,
                        const struct vio_hw_completion *outcome, bool leased)
{
    bool replayed = outcome->flags & VIO_HW_CPL_REPLAYED;

    sim->stat[VIOSIM_STAT_COMMANDS]++;
    if (outcome->status == VIO_HW_STATUS_OK && sim_command_changes(opcode) && !replayed)
        sim->stat[VIOSIM_STAT_CHANGES]++;
    if (sim_command_recorded(outcome, opcode, leased) &&
        !sim_outcomes_find(sim->outcomes, outcome->lease, outcome->number))
        sim_outcomes_add(sim->outcomes, outcome);
}

static void unlink_job(struct viosim *sim, struct sim_job *job)
{
    *(job->prev ? &job->prev->next : &sim->jobs) = job->next;
    *(job->next ? &job->next->prev : &sim->last_job) = job->prev;
    sim_timer_stop(&sim->timers, &job->timer);
    job->queue->jobs--;
}

static void free_job(struct sim_job *job)
{
    free(job->batch);
    free(job);
}

static void end(struct sim_job *job, int status)
{
    struct viosim *sim = job->queue->sim;

    unlink_job(sim, job);
    sim->settle = true;
    job->outcome.status = (uint16_t)status;
    sim_command_finish(sim, job->command.opcode, &job->outcome, job->leased);
    sim_ring_complete(job->queue, job->epoch, &job->outcome);
    free_job(job);
}

static bool same_set(const struct sim_job *a, const struct sim_job *b)
{
    return a->queue == b->queue && a->epoch == b->epoch;
}

static bool same_target(const struct vio_hw_command *a, const struct vio_hw_command *b)
{
    enum sim_target target = sim_command_target(a->opcode);

    return target != SIM_TARGET_NONE && target == sim_command_target(b->opcode) &&
           a->target == b->target;
}

/* Whether `later`, of the same set, must wait for `earlier`. */
static bool ordered(const struct vio_hw_command *earlier, const struct vio_hw_command *later)
{
    bool barrier = sim_command_barrier(earlier->opcode) || sim_command_barrier(later->opcode);
    bool both_change =
        (sim_command_changes(earlier->opcode) || sim_command_barrier(earlier->opcode)) &&
        (sim_command_changes(later->opcode) || sim_command_barrier(later->opcode));

    return (barrier && both_change) || same_target(earlier, later);
}

static bool must_wait(const struct sim_job *job)
{
    for (const struct sim_job *earlier = job->queue->sim->jobs; earlier != job;
         earlier = earlier->next)
        if (same_set(earlier, job) && ordered(&earlier->command, &job->command))
            return true;
    return false;
}

bool sim_jobs_busy(const struct sim_job *job, const struct vio_hw_command *command)
{
    const struct sim_job *other = job->queue->sim->jobs;

    for (; other && other != job; other = other->next)
        if (!same_set(other, job) && same_target(sim_job_command(other), command))
            return true;
    for (; other; other = other->next)
        if (other != job && !same_set(other, job) && other->stage == SIM_JOB_AT_WORK &&
            same_target(sim_job_command(other), command))
            return true;
    return false;
}

static void run(struct sim_job *job)
{
    struct sim_run run = {job->queue->sim, job->queue, &job->command, &job->outcome, job};
    int status;

    if (must_wait(job)) {
        job->stage = SIM_JOB_BLOCKED;
        return;
    }
    job->stage = SIM_JOB_AT_WORK;
    job->leased = job->leased || sim_lease_held(job->queue, job->command.lease);
    status = sim_command_run(&run);
    if (status == SIM_BLOCKED)
        job->stage = SIM_JOB_BLOCKED;
    else if (status != SIM_PENDING)
        end(job, status);
}

static void fire(void *owner)
{
    struct sim_job *job = owner;

    job->held = job->queue->sim->stuck;
    if (job->held)
        return;
    if (job->stage == SIM_JOB_AT_WORK)
        job->step(job);
    else
        run(job);
}

void sim_job_wait(struct sim_job *job, uint64_t delay, void (*step)(struct sim_job *job))
{
    job->step = step;
    sim_timer_arm(&job->queue->sim->timers, &job->timer, delay, 0);
}

void sim_job_done(struct sim_job *job, enum vio_hw_status status)
{
    struct vio_hw_completion *outcome = sim_job_outcome(job);
    int then = (int)status;

    if (status != VIO_HW_STATUS_OK)
        outcome->result = outcome->detail = 0;
    sim_timer_stop(&job->queue->sim->timers, &job->timer);
    if (job->batch)
        then = sim_batch_continue(job, then);
    if (then != SIM_PENDING)
        end(job, then);
}

bool sim_jobs_tag(const struct viosim *sim, uint64_t lease, uint32_t number)
{
    for (const struct sim_job *job = sim->jobs; job; job = job->next)
        if ((sim_command_remembered(&job->command) && job->command.lease == lease &&
             job->command.number == number) ||
            (job->batch && job->part.lease == lease && job->part.number == number))
            return true;
    return false;
}

bool sim_jobs_of_lease(const struct viosim *sim, uint64_t lease, const struct sim_job *but)
{
    for (const struct sim_job *job = sim->jobs; job; job = job->next)
        if (job != but && job->command.lease == lease && job->stage == SIM_JOB_AT_WORK &&
            sim_command_remembered(&job->command))
            return true;
    return false;
}

static struct sim_job *new_job(struct sim_queue *queue, const struct vio_hw_command *command)
{
    struct viosim *sim = queue->sim;
    struct sim_job *job = calloc(1, sizeof *job);

    if (!job)
        return NULL;
    job->queue = queue;
    job->epoch = queue->epoch;
    job->leased = sim_lease_held(queue, command->lease);
    job->command = *command;
    job->outcome.lease = command->lease;
    job->outcome.number = command->number;
    sim_timer_init(&job->timer, fire, job);
    job->prev = sim->last_job;
    *(sim->last_job ? &sim->last_job->next : &sim->jobs) = job;
    sim->last_job = job;
    queue->jobs++;
    return job;
}

/* A command that ends here and now, without a job. */
static void at_once(struct sim_queue *queue, const struct vio_hw_command *command, int status)
{
    struct viosim *sim = queue->sim;
    struct vio_hw_completion outcome = {.lease = command->lease, .number = command->number};
    struct sim_run run = {sim, queue, command, &outcome, NULL};
    bool leased = sim_lease_held(queue, command->lease);
    uint32_t epoch = queue->epoch;

    if (status == VIO_HW_STATUS_OK)
        status = sim_command_run(&run);
    outcome.status = (uint16_t)status;
    sim_command_finish(sim, command->opcode, &outcome, leased);
    sim_ring_complete(queue, epoch, &outcome);
}

void sim_command_take(struct sim_queue *queue, const struct vio_hw_command *command, uint64_t delay)
{
    struct viosim *sim = queue->sim;
    struct sim_job *job;

    delay += sim->latency + sim->slow;
    if (!delay && !sim->stuck && !sim->jobs && !sim_command_lengthy(command->opcode)) {
        at_once(queue, command, VIO_HW_STATUS_OK);
        return;
    }
    if (sim_command_remembered(command) && sim_jobs_tag(sim, command->lease, command->number)) {
        at_once(queue, command, VIO_HW_STATUS_IN_PROGRESS);
        return;
    }
    if (queue->jobs == VIO_HW_MAX_RING) { /* a set enabled anew and anew could pile them up */
        at_once(queue, command, VIO_HW_STATUS_BUSY);
        return;
    }
    job = new_job(queue, command);
    if (!job)
        at_once(queue, command, VIO_HW_STATUS_INTERNAL);
    else if (delay)
        sim_timer_arm(&sim->timers, &job->timer, delay, 0);
    else
        fire(job);
}

/* Any job may be gone after one has ended, so then it starts over. */
void sim_jobs_settle(struct viosim *sim)
{
    while (sim->settle && !sim->stuck) {
        struct sim_job *job = sim->jobs;

        sim->settle = false;
        while (job && !sim->settle) {
            struct sim_job *next = job->next;

            if (job->stage == SIM_JOB_BLOCKED)
                run(job);
            job = next;
        }
    }
}

void sim_jobs_release(struct viosim *sim)
{
    struct sim_job *job = sim->jobs;

    while (job && !sim->stuck) {
        if (!job->held) {
            job = job->next;
            continue;
        }
        fire(job);
        job = sim->jobs; /* any of them may be gone */
    }
    sim->settle = sim->jobs != NULL;
}

void sim_jobs_drop(struct viosim *sim)
{
    while (sim->jobs) {
        struct sim_job *job = sim->jobs;

        unlink_job(sim, job);
        free_job(job);
    }
    for (uint32_t i = 0; i < sim->functions_end; i++)
        sim->function[i].job = NULL;
}

void sim_jobs_abort_queue(struct sim_queue *queue)
{
    struct sim_job *next;

    queue->ready = false;
    for (struct sim_job *job = queue->sim->jobs; job; job = next) {
        next = job->next;
        if (job->queue != queue)
            continue;
        job->dropped = true;
        if (job->stage != SIM_JOB_AT_WORK)
            end(job, VIO_HW_STATUS_ABORTED);
    }
}

bool sim_jobs_abort_older(struct viosim *sim, uint64_t lease, const struct sim_job *but)
{
    bool at_work = false;
    struct sim_job *next;

    for (struct sim_job *job = sim->jobs; job; job = next) {
        unsigned opcode = job->command.opcode;

        next = job->next;
        if (job == but || job->command.lease == lease ||
            !(sim_command_changes(opcode) || opcode == VIO_HW_OP_BATCH))
            continue;
        job->dropped = true;
        if (job->stage == SIM_JOB_AT_WORK)
            at_work = true;
        else
            end(job, VIO_HW_STATUS_ABORTED);
    }
    return at_work;
}
