/* SPDX-License-Identifier: MIT */
/* Dumps of a store, and loading them. */
#include <libvio/dump.h>
#include <libvio/error.h>

#include "lib/api/chassis_config.h"
#include "lib/api/store.h"
#include "lib/domain/plan.h"
#include "lib/engine/load.h"
#include "lib/loop/worker.h"
#include "lib/store/dump_gather.h"

static void unref_dump(void *dump)
{
    vio__dump_unref(dump);
}

static void unref_plan(void *plan)
{
    vio__plan_unref(plan);
}

/* What the store is at is waited for. */
static void on_store_closes(struct vio_store_op *op, int why)
{
    (void)op;
    (void)why;
}

static void cancel(struct vio_req *req, void *user, int why)
{
    (void)req;
    (void)user;
    (void)why;
}

/* -- Dumping ----------------------------------------------------------------------------------- */

struct dump_op {
    struct vio_store_op base;
    struct vio_job job;
    struct vio_dump *dump;
    int status;
};

static void end_dump(struct dump_op *op, int status)
{
    struct vio_ledger *ledger = vio__open_store_ledger(op->base.store);
    const char *text = vio__store_error(vio__ledger_store(ledger));

    if (status == 0) {
        vio__req_set_result(op->base.req, "dump", op->dump, unref_dump);
        op->dump = NULL;
    }
    if (status != 0 && *text)
        vio__req_fail(op->base.req, status, "%s", text);
    else
        vio__req_complete(op->base.req, status);
    vio__store_op_end(&op->base);
}

/* On the worker's thread: ordering and writing takes a while for many objects. */
static void finish_dump(struct vio_job *job)
{
    struct dump_op *op = VIO_CONTAINER_OF(job, struct dump_op, job);

    op->status = vio__dump_finish(op->dump);
}

static void on_finished(struct vio_job *job)
{
    struct dump_op *op = VIO_CONTAINER_OF(job, struct dump_op, job);

    end_dump(op, op->status);
}

static void on_refreshed(void *user, int status)
{
    struct dump_op *op = user;
    struct vio_loop *loop = vio__open_store_loop(op->base.store);
    struct vio_ledger *ledger = vio__open_store_ledger(op->base.store);

    if (status == 0)
        status = vio__dump_gather(vio__loop_alloc(loop), vio__ledger_store(ledger),
                                  vio__ledger_now(ledger), &op->dump);
    if (status == 0) {
        op->job.work = finish_dump;
        op->job.done = on_finished;
        status = vio__worker_submit(loop, &op->job);
    }
    if (status != 0)
        end_dump(op, status);
}

static void dump_start(struct vio_req *req, void *user)
{
    struct dump_op *op = user;
    int status = vio__store_op_begin(&op->base, req, on_store_closes);

    if (status == 0)
        status = vio__store_refresh(vio__ledger_store(vio__open_store_ledger(op->base.store)),
                                    on_refreshed, op);
    if (status != 0) {
        vio__req_complete(req, status);
        vio__store_op_end(&op->base);
    }
}

static void dump_destroy(void *user)
{
    struct dump_op *op = user;

    vio__dump_unref(op->dump);
    vio__store_op_release(&op->base);
}

static const struct vio_req_class dump_class = {
    .name = "store dump",
    .op_size = sizeof(struct dump_op),
    .start = dump_start,
    .cancel = cancel,
    .destroy = dump_destroy,
};

int vio_store_dump(struct vio_store *store, vio_req_cb cb, void *user, struct vio_req **ret_req)
{
    int status = vio__open_store_check(store);
    struct vio_req *req;
    struct dump_op *op;

    if (status == 0)
        status = vio__req_new(vio__open_store_loop(store), &dump_class, cb, user, &req);
    if (status != 0)
        return status;
    op = vio__req_op(req);
    op->base.store = vio_store_ref(store);
    return vio__req_submit(req, ret_req);
}

struct vio_dump *vio_req_get_dump(const struct vio_req *req)
{
    return req ? vio__req_result(req, "dump") : NULL;
}

/* -- Loading ----------------------------------------------------------------------------------- */

struct load_op {
    struct vio_store_op base;
    struct vio_load load;
    struct vio_dump *dump;
};

static void add_problems(struct vio_req *req, const struct vio_plan *plan)
{
    struct vio_plan_problem problem;

    for (size_t at = 0; vio__plan_problem(plan, at, &problem); at++)
        vio__req_add_problem(req, problem.code, problem.object, "%s", problem.text);
}

static void on_loaded(struct vio_load *load, int status, const char *text)
{
    struct load_op *op = VIO_CONTAINER_OF(load, struct load_op, load);
    struct vio_req *req = op->base.req;
    struct vio_plan_problem first;

    if (load->plan) {
        add_problems(req, load->plan);
        if (vio__plan_problem(load->plan, 0, &first))
            vio__req_set_message(req, "%s: %s", first.object, first.text);
        vio__req_set_result(req, "plan", load->plan, unref_plan);
        load->plan = NULL;
    }
    if (status != 0 && *text)
        vio__req_fail(req, status, "%s", text);
    else
        vio__req_complete(req, status);
    vio__store_op_end(&op->base);
}

static void load_start(struct vio_req *req, void *user)
{
    struct load_op *op = user;
    int status = vio__store_op_begin(&op->base, req, on_store_closes);

    if (status == 0) {
        op->load.ledger = vio__open_store_ledger(op->base.store);
        op->load.wanted = op->dump;
        op->load.done = on_loaded;
        status = vio__load_start(&op->load);
    }
    if (status != 0) {
        vio__req_complete(req, status);
        vio__store_op_end(&op->base);
    }
}

static void load_destroy(void *user)
{
    struct load_op *op = user;

    vio__dump_unref(op->dump);
    vio__store_op_release(&op->base);
}

static const struct vio_req_class load_class = {
    .name = "store load",
    .op_size = sizeof(struct load_op),
    .start = load_start,
    .cancel = cancel,
    .destroy = load_destroy,
};

int vio_store_load(struct vio_store *store, struct vio_dump *dump, bool dry_run, vio_req_cb cb,
                   void *user, struct vio_req **ret_req)
{
    int status = dump ? vio__open_store_check(store) : VIO_EINVAL;
    struct vio_req *req;
    struct load_op *op;

    if (status == 0 && dump->status != 0)
        status = VIO_EPARSE;
    if (status == 0)
        status = vio__req_new(vio__open_store_loop(store), &load_class, cb, user, &req);
    if (status != 0)
        return status;
    op = vio__req_op(req);
    op->base.store = vio_store_ref(store);
    op->dump = vio__dump_ref(dump);
    op->load.dry_run = dry_run;
    vio__holder_default(op->load.author);
    return vio__req_submit(req, ret_req);
}
