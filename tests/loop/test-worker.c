/* SPDX-License-Identifier: MIT */
/* Jobs on the loop's worker thread. */
#include "lib/loop/worker.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "lib/base/dlist.h"
#include "tests/support/board.h"
#include "tests/support/test.h"

#define HOUR (3600 * BOARD_SECOND)

struct task {
    struct vio_job job;
    struct vio_loop *loop;
    pthread_t thread; /* of work() */
    unsigned sleep;   /* us that work() takes */
    int again;        /* how often done() submits it again */
    int *order;       /* shared */
    int worked;       /* its place in the order of work() */
    int number;       /* of calls of done() */
    bool signals;     /* work() could get a signal */
    bool done;
};

static void work(struct vio_job *job)
{
    struct task *task = VIO_CONTAINER_OF(job, struct task, job);
    sigset_t blocked;

    usleep(task->sleep);
    task->thread = pthread_self();
    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    task->signals = !sigismember(&blocked, SIGTERM);
    if (task->order != NULL)
        task->worked = ++*task->order;
}

static void on_done(struct vio_job *job)
{
    struct task *task = VIO_CONTAINER_OF(job, struct task, job);

    assert_true(vio__loop_is_current(task->loop));
    task->number++;
    if (task->again-- > 0)
        assert_int_equal(vio__worker_submit(task->loop, job), 0);
    else
        task->done = true;
}

static void submit(struct vio_loop *loop, struct task *task)
{
    task->loop = loop;
    task->job.work = work;
    task->job.done = on_done;
    assert_int_equal(vio__worker_submit(loop, &task->job), 0);
}

static void jobs_run_in_order_on_one_thread_of_their_own(void **state)
{
    struct vio_loop *loop = board_loop_new();
    struct task tasks[16] = {0};
    int order = 0;

    (void)state;
    for (int i = 0; i < 16; i++) {
        tasks[i].order = &order;
        submit(loop, &tasks[i]);
    }
    board_await(loop, &tasks[15].done);
    for (int i = 0; i < 16; i++) {
        assert_int_equal(tasks[i].worked, i + 1);
        assert_int_equal(tasks[i].number, 1);
        assert_true(pthread_equal(tasks[i].thread, tasks[0].thread));
        assert_false(pthread_equal(tasks[i].thread, pthread_self()));
        assert_false(tasks[i].signals);
    }
    board_loop_free(loop);
}

static void a_done_job_may_be_submitted_again(void **state)
{
    struct vio_loop *loop = board_loop_new();
    int rounds = (int)test_rounds(200);
    struct task task = {.again = rounds};

    (void)state;
    submit(loop, &task);
    board_await(loop, &task.done);
    assert_int_equal(task.number, rounds + 1);
    board_loop_free(loop);
}

static void set_flag(void *user)
{
    *(bool *)user = true;
}

static void closing_waits_for_the_jobs_and_for_those_that_they_beget(void **state)
{
    struct vio_loop *loop = board_loop_new();
    struct task tasks[3] = {{.sleep = 2000, .again = 2}, {.sleep = 1000}, {.again = 1}};
    struct task late = {0};
    bool closed = false;

    (void)state;
    for (int i = 0; i < 3; i++)
        submit(loop, &tasks[i]);
    vio__loop_close(loop, set_flag, &closed);
    board_await(loop, &closed);
    for (int i = 0; i < 3; i++)
        assert_true(tasks[i].done);
    late.job.work = work;
    late.job.done = on_done;
    assert_int_equal(vio__worker_submit(loop, &late.job), VIO_ECLOSED);
    vio__loop_dispose(loop);
    vio__loop_unref(loop);
    assert_int_equal(late.number, 0);
}

static void loops_close_while_their_worker_starts(void **state)
{
    unsigned rounds = test_rounds(50);

    (void)state;
    for (unsigned i = 0; i < rounds; i++) {
        struct vio_loop *loop = board_loop_new();
        struct task task = {.sleep = i % 7 * 10};

        submit(loop, &task);
        board_loop_free(loop);
        assert_true(task.done);
    }
}

struct alarm {
    struct vio_timer timer;
    const struct task *task;
    bool fired;
    bool after; /* the task was done when it fired */
};

static void on_alarm(struct vio_timer *timer, void *user)
{
    struct alarm *alarm = user;

    (void)timer;
    alarm->fired = true;
    alarm->after = alarm->task->done;
}

static void virtual_time_does_not_jump_while_a_job_is_outstanding(void **state)
{
    struct vio_loop *loop = board_loop_new();
    struct task task = {.sleep = 20000, .again = 2};
    struct alarm alarm = {.task = &task};
    uint64_t before;

    (void)state;
    vio__loop_set_virtual(loop);
    before = vio__loop_now(loop);
    vio__timer_init(&alarm.timer, loop, false, on_alarm, &alarm);
    vio__timer_start(&alarm.timer, before + HOUR);
    submit(loop, &task);
    board_await(loop, &task.done);
    assert_true(vio__loop_now(loop) == before);
    board_await(loop, &alarm.fired);
    assert_true(alarm.after);
    assert_true(vio__loop_now(loop) == before + HOUR);
    board_loop_free(loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_run_in_order_on_one_thread_of_their_own),
        cmocka_unit_test(a_done_job_may_be_submitted_again),
        cmocka_unit_test(closing_waits_for_the_jobs_and_for_those_that_they_beget),
        cmocka_unit_test(loops_close_while_their_worker_starts),
        cmocka_unit_test(virtual_time_does_not_jump_while_a_job_is_outstanding),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
