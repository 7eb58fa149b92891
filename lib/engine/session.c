/* SPDX-License-Identifier: MIT */
/* Opening an engine, one call after the other, and closing it. */
#include <stdio.h>

#include <libvio/error.h>

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/domain/plan.h"
#include "lib/engine/change.h"
#include "lib/engine/internal.h"
#include "lib/engine/meet.h"
#include "lib/engine/observe.h"
#include "lib/engine/reconcile.h"

#define MILLISECOND UINT64_C(1000000)
#define CLAIM_AGAIN (100 * MILLISECOND)

static void claim(struct vio_engine *engine);
static void close_store(struct vio_engine *engine);

/* -- Giving up --------------------------------------------------------------------------------- */

static void report(struct vio_engine *engine)
{
    vio_engine_done done = engine->done;

    engine->done = NULL;
    done(engine->user, engine->why, engine->text);
}

static void on_driver_closed(void *user, int status)
{
    struct vio_engine *engine = user;

    (void)status;
    engine->driver = NULL;
    if (--engine->pending == 0)
        close_store(engine);
}

static void on_ledger_put(struct vio_ledger_use *use, int status, const char *text)
{
    (void)status;
    (void)text;
    report(VIO_CONTAINER_OF(use, struct vio_engine, use));
}

static void close_store(struct vio_engine *engine)
{
    vio__dlist_remove(&engine->node);
    vio__repair_stop(engine);
    if (engine->locked)
        vio__store_unlock(vio__engine_store(engine), vio__engine_uuid(engine));
    engine->locked = false;
    if (engine->use.ledger)
        vio__ledger_put(&engine->use, on_ledger_put);
    else
        report(engine);
}

static void close_driver(struct vio_engine *engine)
{
    engine->pending++;
    engine->ops->close(engine->driver, on_driver_closed, engine);
}

/* Ends the opening with a failure; the first one counts. */
static void fail(struct vio_engine *engine, int status)
{
    engine->why = status;
    vio__engine_explain(engine, status, engine->text, sizeof(engine->text));
    vio__timer_stop(&engine->timer);
    close_driver(engine);
}

/* A call came back: whether the opening has failed by it, or was given up before. */
static bool has_failed(struct vio_engine *engine, int status)
{
    engine->pending--;
    if (engine->why != 0 && engine->pending == 0)
        close_store(engine);
    if (engine->why == 0 && status != 0)
        fail(engine, status);
    return engine->why != 0;
}

/* -- Opening ----------------------------------------------------------------------------------- */

static void opened(struct vio_engine *engine)
{
    engine->text[0] = '\0';
    engine->ready = true;
    report(engine);
}

static void on_adopted(void *user, int status)
{
    struct vio_engine *engine = user;

    vio__adopt_free(engine, engine->records, engine->commit.count);
    if (!has_failed(engine, status))
        opened(engine);
}

static void adopt(struct vio_engine *engine)
{
    size_t count = 0;
    int status = 0;

    if (!engine->adopt) {
        opened(engine);
        return;
    }
    status = vio__adopt(engine, &engine->records, &count);
    if (status != 0) {
        fail(engine, status);
        return;
    }
    engine->commit = (struct vio_commit){
        .records = engine->records, .count = count, .done = on_adopted, .user = engine};
    engine->pending++;
    status = vio__store_commit(vio__engine_store(engine), &engine->commit);
    if (status != 0)
        on_adopted(engine, status);
}

static void on_met(struct vio_engine *engine, int status)
{
    if (!has_failed(engine, status))
        adopt(engine);
}

static void meet(struct vio_engine *engine, bool whole)
{
    bool waits = false;
    int status;

    engine->pending++;
    status = vio__meet(engine, whole, on_met, &waits);
    if (!waits)
        on_met(engine, status);
}

/* What could not be brought back is lost, but the chassis is open: the log has its name. */
static void on_healed(struct vio_heal *heal, int status)
{
    struct vio_engine *engine = heal->engine;
    bool whole = heal->whole;

    if (status != 0 && engine->why == 0)
        vio__log(vio__loop_log(engine->loop), VIO_LOG_WARNING, "opening \"%s\": %s", engine->uri,
                 heal->text[0] ? heal->text : vio__error_text(status));
    vio__plan_builder_free(heal->outline);
    heal->outline = NULL;
    if (!has_failed(engine, 0))
        meet(engine, whole);
}

/* Functions that the chassis has lost since it was met come back. Those that it has were made
 * since, as by an opening that broke off: they become whole too. */
static void heal(struct vio_engine *engine)
{
    bool restore = engine->restore && vio__meet_is_other_boot(engine);

    if (!restore && !engine->repair) {
        meet(engine, !vio__meet_is_other_boot(engine));
        return;
    }
    engine->heal = (struct vio_heal){
        .engine = engine,
        .spare = true,
        .done = on_healed,
    };
    engine->pending++;
    vio__heal_start(&engine->heal);
}

static void on_recovered(struct vio_recovery *recovery)
{
    struct vio_engine *engine = VIO_CONTAINER_OF(recovery, struct vio_engine, recovery);

    if (!has_failed(engine, 0))
        heal(engine);
}

/* What was left open is finished or undone before anything else. */
static void recover(struct vio_engine *engine)
{
    engine->recovery.done = on_recovered;
    engine->pending++;
    if (!vio__unfinished_recover(engine, &engine->recovery))
        on_recovered(&engine->recovery);
}

static void on_found(struct vio_lookup *lookup, int status)
{
    struct vio_engine *engine = VIO_CONTAINER_OF(lookup, struct vio_engine, lookup);

    if (!has_failed(engine, status))
        recover(engine);
}

static void find_unfinished(struct vio_engine *engine)
{
    int status;

    vio__dlist_append(&engine->use.ledger->engines, &engine->node);
    engine->pending++;
    status = vio__unfinished_find(engine, on_found);
    if (status != 0)
        on_found(&engine->lookup, status);
}

static void on_locked(void *user, int status)
{
    struct vio_engine *engine = user;
    bool first = engine->why == 0;

    engine->locked = status == 0;
    if (!has_failed(engine, status))
        find_unfinished(engine);
    else if (first)
        snprintf(engine->text, sizeof(engine->text), "%s",
                 vio__store_error(vio__engine_store(engine)));
}

static bool is_used_here(const struct vio_engine *engine)
{
    const struct vio_engine *other =
        vio__ledger_engine(engine->use.ledger, vio__engine_uuid(engine));

    return other && other->locked;
}

/* A chassis inside this process has no lease that others would see: the store keeps them away. */
static void lock(struct vio_engine *engine)
{
    int status;

    if (!engine->ops->sim || !engine->ops->sim(engine->driver)) {
        find_unfinished(engine);
        return;
    }
    if (is_used_here(engine)) {
        fail(engine, VIO_EOWNED);
        snprintf(engine->text, sizeof(engine->text),
                 "this program uses this chassis with this store already");
        return;
    }
    engine->pending++;
    status =
        vio__store_lock(vio__engine_store(engine), vio__engine_uuid(engine), on_locked, engine);
    if (status != 0)
        on_locked(engine, status);
}

static void on_looked(struct vio_look *look, int status)
{
    struct vio_engine *engine = VIO_CONTAINER_OF(look, struct vio_engine, first_look);

    if (has_failed(engine, status))
        return;
    if (!engine->read_only) {
        lock(engine);
        return;
    }
    vio__dlist_append(&engine->use.ledger->engines, &engine->node);
    opened(engine);
}

static void look(struct vio_engine *engine)
{
    int status;

    engine->first_look.done = on_looked;
    engine->pending++;
    status = vio__look_start(engine, &engine->first_look);
    if (status != 0)
        on_looked(&engine->first_look, status);
}

static void on_ledger(struct vio_ledger_use *use, int status, const char *text)
{
    struct vio_engine *engine = VIO_CONTAINER_OF(use, struct vio_engine, use);
    bool first = engine->why == 0;

    if (!has_failed(engine, status))
        look(engine);
    else if (first && *text)
        snprintf(engine->text, sizeof(engine->text), "%s", text);
}

static void open_ledger(struct vio_engine *engine)
{
    const struct vio_ledger_config config = {
        .uri = engine->store_uri,
        .backend = engine->backend,
        .read_only = engine->read_only,
        .create = !engine->read_only,
    };
    int status = 0;

    if (engine->given) {
        vio__ledger_share(engine->given, &engine->use);
        look(engine);
        return;
    }
    engine->pending++;
    status = vio__ledger_get(engine->ledgers, &config, &engine->use, on_ledger);
    if (status != 0)
        on_ledger(&engine->use, status, vio__error_text(status));
}

static void on_claimed(void *user, int status)
{
    struct vio_engine *engine = user;
    uint64_t now = vio__loop_now(engine->loop);

    if (status == VIO_EOWNED && engine->why == 0 && now < engine->wait_until) {
        engine->pending--;
        vio__timer_start(&engine->timer, now + CLAIM_AGAIN);
        return;
    }
    if (!has_failed(engine, status))
        open_ledger(engine);
}

static void on_timer(struct vio_timer *timer, void *user)
{
    (void)timer;
    claim(user);
}

static void claim(struct vio_engine *engine)
{
    int status;

    engine->pending++;
    status = engine->ops->claim(engine->driver, engine->take_over, on_claimed, engine);
    if (status != 0)
        on_claimed(engine, status);
}

static void on_driver_open(void *user, int status)
{
    struct vio_engine *engine = user;

    if (has_failed(engine, status))
        return;
    if (engine->read_only)
        open_ledger(engine);
    else
        claim(engine);
}

int vio__engine_open(struct vio_engine *engine, vio_engine_done done, void *user)
{
    const struct vio_driver_config config = {
        .uri = engine->uri,
        .timeout_ns = engine->timeout,
        .holder = engine->holder,
        .listener = {.user = engine, .notice = vio__engine_notice},
    };
    int status;

    engine->done = done;
    engine->user = user;
    engine->wait_until = vio__loop_now(engine->loop) + engine->wait;
    vio__timer_init(&engine->timer, engine->loop, false, on_timer, engine);
    engine->pending = 1;
    status = engine->ops->open(engine->loop, &config, on_driver_open, engine, &engine->driver);
    if (status != 0)
        engine->pending = 0;
    return status;
}

static void stop_healing(struct vio_engine *engine, int why)
{
    VIO_DLIST_FOREACH (node, &engine->heals)
        vio__heal_stop(VIO_CONTAINER_OF(node, struct vio_heal, node), why);
}

/* Closing the driver ends the call of it that is under way. */
void vio__engine_abort(struct vio_engine *engine, int why)
{
    if (engine->why != 0 || !engine->done)
        return;
    fail(engine, why);
    snprintf(engine->text, sizeof(engine->text), "%s", vio__error_text(why));
    stop_healing(engine, why);
}

/* -- Closing ----------------------------------------------------------------------------------- */

static void on_released(void *user, int status)
{
    struct vio_engine *engine = user;

    (void)status; /* a lease that cannot be given back ends by itself */
    engine->pending--;
    close_driver(engine);
}

static bool is_idle(const struct vio_engine *engine)
{
    const struct vio_ledger *ledger = engine->use.ledger;

    if (engine->lookout.running || engine->pending != 0 || ledger->recovering != 0 ||
        !vio__dlist_empty(&engine->heals))
        return false;
    VIO_DLIST_FOREACH (node, &ledger->changes)
        if (vio__change_touches(VIO_CONTAINER_OF(node, struct vio_change, node), engine))
            return false;
    return true;
}

void vio__engine_settle(struct vio_engine *engine)
{
    if (!engine->closing || !engine->driver || !is_idle(engine))
        return;
    engine->pending++;
    if (engine->read_only || engine->fenced ||
        engine->ops->release(engine->driver, on_released, engine) != 0)
        on_released(engine, 0);
}

void vio__engine_close(struct vio_engine *engine, vio_engine_done done, void *user)
{
    engine->done = done;
    engine->user = user;
    engine->why = 0;
    engine->text[0] = '\0';
    engine->closing = true;
    VIO_DLIST_FOREACH (node, &engine->use.ledger->changes) {
        struct vio_change *change = VIO_CONTAINER_OF(node, struct vio_change, node);

        if (vio__change_touches(change, engine))
            vio__change_cancel(change->req, change, VIO_ECLOSED);
    }
    VIO_DLIST_FOREACH (node, &engine->observes) {
        struct vio_observe *observe = VIO_CONTAINER_OF(node, struct vio_observe, node);

        vio__observe_cancel(observe->req, observe, VIO_ECLOSED);
    }
    vio__repair_stop(engine);
    stop_healing(engine, VIO_ECLOSED);
    vio__hub_close(engine->hub);
    vio__engine_settle(engine);
}
