/* SPDX-License-Identifier: MIT */
#include "tests/crash/worker.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/crash/request.h"
#include "tests/crash/tell.h"
#include "tests/crash/trouble.h"
#include "tests/crash/words.h"

#define PATIENCE_MS 60000
#define DISK_NAME   "crash"
#define DISK_OPTION "?vfs=" DISK_NAME

/* One order under way. */
struct work {
    struct worker *worker;
    struct order order;
};

/* -- Answers ----------------------------------------------------------------------------------- */

static void complete(struct vio_req *req, int status, void *user)
{
    struct work *work = user;
    struct answer answer = {.report = REPORT_DONE, .number = work->order.number, .status = status};
    struct vio_plan *plan = vio_req_get_plan(req);

    snprintf(answer.message, sizeof answer.message, "%s", vio_req_message(req));
    answer.change = vio_plan_number(plan);
    answer.steps = (uint32_t)vio_plan_num_steps(plan);
    if (status == 0)
        tell_drawn(work->worker, &work->order, req);
    tell(work->worker, &answer);
    free(work);
}

static void refuse(struct worker *worker, const struct order *order, int status)
{
    struct answer answer = {.report = REPORT_DONE, .number = order->number, .status = status};

    snprintf(answer.message, sizeof answer.message, "the call: %s", vio_error_name(status));
    tell(worker, &answer);
}

/* -- Orders ------------------------------------------------------------------------------------ */

static void start(struct worker *worker, const struct order *order,
                  int (*submit)(struct worker *, const struct order *, vio_req_cb, void *))
{
    struct work *work = malloc(sizeof *work);
    int status = VIO_ENOMEM;

    if (work != NULL) {
        *work = (struct work){.worker = worker, .order = *order};
        status = submit(worker, &work->order, complete, work);
    }
    if (status == 0)
        return;
    free(work);
    refuse(worker, order, status);
}

static _Noreturn void leave(struct worker *worker, const struct order *order)
{
    vio_chassis_unref(worker->chassis);
    vio_store_unref(worker->store);
    refuse(worker, order, vio_ctx_stop(worker->ctx));
    vio_ctx_unref(worker->ctx);
    if (worker->disk != NULL)
        vfs_free(worker->disk);
    exit(0);
}

static void obey(struct worker *worker, const struct order *order)
{
    switch (order->task) {
    case TASK_APPLY:
        start(worker, order, order->single ? request_single : request_set);
        break;
    case TASK_DRIFT:
        start(worker, order, request_drift);
        break;
    case TASK_RECONCILE:
        start(worker, order, request_reconcile);
        break;
    case TASK_UNDO:
        start(worker, order, request_undo);
        break;
    case TASK_LOOK:
        refuse(worker, order, tell_all(worker));
        break;
    case TASK_LEAVE:
        leave(worker, order);
    }
}

/* -- Memory ------------------------------------------------------------------------------------ */

/* The one failure that the judge asks for. */
static bool is_refused(const struct worker_options *options)
{
    return ++*options->allocations == options->fail_allocation;
}

static void *take_memory(size_t size, void *user)
{
    return is_refused(user) ? NULL : malloc(size);
}

static void *resize_memory(void *memory, size_t size, void *user)
{
    return is_refused(user) ? NULL : realloc(memory, size);
}

static void free_memory(void *memory, void *user)
{
    (void)user;
    free(memory);
}

/* -- Files ------------------------------------------------------------------------------------- */

/* Files are as they will be found: nobody else may touch them any more. */
static void die(void)
{
    kill(getpid(), SIGKILL);
}

static struct vfs *make_disk(const struct worker_options *options)
{
    struct vfs *vfs = vfs_new(DISK_NAME, options->seed);

    if (vfs == NULL)
        trouble("out of memory");
    if (options->fail_disk == 0)
        return vfs;
    if (options->disk == DISK_POWER)
        vfs_crash_at(vfs, VFS_CHANGES, options->fail_disk, die);
    else if (options->disk == DISK_ERROR)
        vfs_fail(vfs, VFS_CHANGES, options->fail_disk, SQLITE_IOERR, EIO, false);
    else
        vfs_fail(vfs, VFS_CHANGES, options->fail_disk, SQLITE_FULL, ENOSPC, false);
    return vfs;
}

/* -- Its life ---------------------------------------------------------------------------------- */

/* The request comes by address, since the call that sets it may be another argument. */
static int finish(int started, struct vio_req **req)
{
    int status = started == 0 ? vio_req_wait(*req, PATIENCE_MS) : started;

    return status == 0 ? vio_req_status(*req) : status;
}

static int open_context(struct worker *worker, const struct worker_options *options)
{
    struct vio_ctx_config *config = NULL;
    int status = vio_ctx_config_new(&config);

    if (status == 0 && !options->own_thread)
        status = vio_ctx_config_set_drive(config, VIO_DRIVE_POLL);
    if (status == 0 && options->allocations != NULL)
        status = vio_ctx_config_set_allocator(config, take_memory, resize_memory, free_memory,
                                              (void *)(uintptr_t)options);
    if (status == 0)
        status = vio_ctx_new(config, &worker->ctx);
    vio_ctx_config_free(config);
    worker->polled = !options->own_thread;
    return status;
}

static int open_store(struct worker *worker, const struct worker_options *options,
                      struct answer *answer)
{
    struct vio_req *req = NULL;
    char uri[sizeof options->store + sizeof DISK_OPTION];
    int status;

    snprintf(uri, sizeof uri, "%s%s", options->store, worker->disk != NULL ? DISK_OPTION : "");
    status = finish(vio_store_open(worker->ctx, uri, NULL, NULL, NULL, &req), &req);
    if (status == 0)
        worker->store = vio_store_ref(vio_req_get_store(req));
    else
        snprintf(answer->message, sizeof answer->message, "%s", vio_req_message(req));
    vio_req_unref(req);
    return status;
}

static int open_chassis(struct worker *worker, const struct worker_options *options,
                        struct answer *answer)
{
    struct vio_chassis_config *config = NULL;
    struct vio_req *req = NULL;
    int status = vio_chassis_config_new(&config);

    if (status == 0)
        status = vio_chassis_config_set_store(config, worker->store);
    if (status == 0)
        status = vio_chassis_config_set_take_over(config, options->take_over);
    if (status == 0)
        status = vio_chassis_config_set_wait(config, options->wait_ms);
    if (status == 0)
        status = vio_chassis_config_set_command_timeout(config, options->command_timeout_ms);
    if (status == 0)
        status =
            finish(vio_chassis_open(worker->ctx, options->chassis, config, NULL, NULL, &req), &req);
    if (status == 0)
        worker->chassis = vio_chassis_ref(vio_req_get_chassis(req));
    else
        snprintf(answer->message, sizeof answer->message, "%s", vio_req_message(req));
    vio_req_unref(req);
    vio_chassis_config_free(config);
    return status;
}

/* Ends with the judge's end of the socket. */
static void serve(struct worker *worker)
{
    struct order order;

    for (;;) {
        struct pollfd ready[2] = {
            {.fd = worker->socket, .events = POLLIN},
            {.fd = worker->polled ? vio_ctx_fd(worker->ctx) : -1, .events = POLLIN}};
        int wait = -1;

        if (worker->polled)
            vio_ctx_timeout(worker->ctx, &wait);
        poll(ready, 2, wait);
        if (worker->polled)
            vio_ctx_dispatch(worker->ctx);
        if (ready[0].revents == 0)
            continue;
        if (recv(worker->socket, &order, sizeof order, 0) != (ssize_t)sizeof order)
            return;
        obey(worker, &order);
    }
}

void worker_run(const struct worker_options *options, int socket)
{
    struct worker worker = {.socket = socket, .disk_calls = options->disk_calls};
    struct answer answer = {.report = REPORT_OPENED};

    if (options->disk_calls != NULL)
        worker.disk = make_disk(options);
    answer.status = open_context(&worker, options);
    if (answer.status == 0)
        answer.status = open_store(&worker, options, &answer);
    if (answer.status == 0)
        answer.status = open_chassis(&worker, options, &answer);
    tell(&worker, &answer);
    if (answer.status == 0)
        serve(&worker);
    _exit(answer.status != 0);
}
