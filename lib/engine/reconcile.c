/* SPDX-License-Identifier: MIT */
#include "lib/engine/reconcile.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/base/log.h"
#include "lib/domain/plan.h"
#include "lib/engine/internal.h"
#include "lib/engine/meet.h"

/* -- Requests ---------------------------------------------------------------------------------- */

static void release_owner(struct vio_reconcile *reconcile)
{
    void *owner = reconcile->owner;

    reconcile->owner = NULL;
    if (owner)
        reconcile->release(owner);
}

static void on_problem(struct vio_heal *heal, int code, const char *object, const char *text)
{
    struct vio_reconcile *reconcile = VIO_CONTAINER_OF(heal, struct vio_reconcile, heal);

    vio__req_add_problem(reconcile->req, code, object, "%s", text);
}

static void on_stepped(struct vio_heal *heal)
{
    struct vio_reconcile *reconcile = VIO_CONTAINER_OF(heal, struct vio_reconcile, heal);

    vio__req_progress(reconcile->req, vio__heal_progress(heal), "reconcile");
}

static void on_healed(struct vio_heal *heal, int status)
{
    struct vio_reconcile *reconcile = VIO_CONTAINER_OF(heal, struct vio_reconcile, heal);
    struct vio_plan *plan;

    if (!heal->dry_run && heal->whole)
        vio__meet_again(heal->engine);
    if (heal->outline && vio__plan_finish(heal->outline, &plan) == 0)
        vio__req_set_result(reconcile->req, "plan", plan, (void (*)(void *))vio__plan_unref);
    else if (status == 0)
        status = VIO_ENOMEM;
    heal->outline = NULL;
    if (heal->text[0])
        vio__req_set_message(reconcile->req, "%s", heal->text);
    vio__req_complete(reconcile->req, status);
    release_owner(reconcile);
}

void vio__reconcile_start(struct vio_req *req, void *op)
{
    struct vio_reconcile *reconcile = op;

    reconcile->req = req;
    reconcile->heal = (struct vio_heal){
        .engine = reconcile->engine,
        .dry_run = reconcile->dry_run,
        .stepped = on_stepped,
        .problem = on_problem,
        .done = on_healed,
    };
    vio__heal_start(&reconcile->heal);
}

void vio__reconcile_cancel(struct vio_req *req, void *op, int why)
{
    struct vio_reconcile *reconcile = op;

    (void)req;
    vio__heal_stop(&reconcile->heal, why);
}

void vio__reconcile_destroy(void *op)
{
    release_owner(op);
}

/* -- By itself --------------------------------------------------------------------------------- */

#define DELAY_MIN UINT64_C(100000000)   /* what happens together is repaired together */
#define DELAY_MAX UINT64_C(60000000000) /* between tries that do not get everywhere */

static void repair_later(struct vio_engine *engine)
{
    if (engine->repairing || vio__timer_active(&engine->repair_timer))
        return;
    vio__timer_start(&engine->repair_timer, vio__loop_now(engine->loop) + engine->repair_delay);
}

static void on_repaired(struct vio_heal *heal, int status)
{
    struct vio_engine *engine = heal->engine;
    uint64_t delay = 2 * engine->repair_delay;

    if (heal->whole)
        vio__meet_again(engine);
    if (status != 0)
        vio__log(vio__loop_log(engine->loop), VIO_LOG_WARNING, "repairing \"%s\": %s", engine->uri,
                 heal->text[0] ? heal->text : vio_strerror(status));
    vio__plan_builder_free(heal->outline);
    heal->outline = NULL;
    engine->repairing = false;
    if (status == 0)
        delay = DELAY_MIN;
    engine->repair_delay = delay < DELAY_MAX ? delay : DELAY_MAX;
    if (engine->repair_again && !engine->closing)
        repair_later(engine);
}

static void repair(struct vio_timer *timer, void *user)
{
    struct vio_engine *engine = user;

    (void)timer;
    engine->repairing = true;
    engine->repair_again = false;
    engine->heal = (struct vio_heal){
        .engine = engine,
        .spare = true,
        .done = on_repaired,
    };
    vio__heal_start(&engine->heal);
}

/* Our own changes tell of themselves too. */
static bool is_changing(const struct vio_engine *engine, const struct vio_notice *notice)
{
    struct vio_vadapter_info *vadapter;
    bool busy;

    if (vio__store_find(vio__engine_store(engine), notice->cookie, &vadapter) != 0)
        return true; /* foreign, or its next notice will do */
    busy = vio__turns_is_busy(engine->use.ledger->turns, vadapter->name);
    vio__vadapter_unref(vadapter);
    return busy;
}

static bool may_differ(const struct vio_engine *engine, const struct vio_notice *notice)
{
    switch (notice->type) {
    case VIO_NOTICE_FUNCTION_CREATED:
    case VIO_NOTICE_FUNCTION_BOUND:
    case VIO_NOTICE_FUNCTION_UNBOUND:
    case VIO_NOTICE_FUNCTION_DESTROYED:
    case VIO_NOTICE_FUNCTION_CHANGED:
        return !is_changing(engine, notice);
    case VIO_NOTICE_ADAPTER_INSERTED:
    case VIO_NOTICE_SERVER_ON:
    case VIO_NOTICE_RESET:
    case VIO_NOTICE_OVERFLOW:
    case VIO_NOTICE_RESTORED:
        return true;
    default:
        return false;
    }
}

void vio__repair_notice(struct vio_engine *engine, const struct vio_notice *notice)
{
    if (!engine->repair || !engine->ready || engine->read_only || engine->closing ||
        !may_differ(engine, notice))
        return;
    engine->repair_again = true;
    repair_later(engine);
}

void vio__repair_init(struct vio_engine *engine)
{
    engine->repair_delay = DELAY_MIN;
    vio__timer_init(&engine->repair_timer, engine->loop, true, repair, engine);
}

void vio__repair_stop(struct vio_engine *engine)
{
    vio__timer_stop(&engine->repair_timer);
}
