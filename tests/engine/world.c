/* SPDX-License-Identifier: MIT */
#include "tests/engine/world.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/diff.h"
#include "lib/domain/inventory.h"
#include "lib/domain/plan.h"
#include "lib/domain/pool_spec.h"
#include "lib/engine/internal.h"
#include "lib/engine/observe.h"
#include "lib/engine/reconcile.h"
#include "tests/support/board.h"
#include "tests/support/test.h"

static const char *const uris[CHASSIS] = {"fake:0", "fake:1"};

static const struct vio_req_class change_class = {
    .name = "change",
    .op_size = sizeof(struct vio_change),
    .start = vio__change_start,
    .cancel = vio__change_cancel,
    .destroy = vio__change_destroy,
};

static const struct vio_req_class observe_class = {
    .name = "observe",
    .op_size = sizeof(struct vio_observe),
    .start = vio__observe_start,
    .cancel = vio__observe_cancel,
    .destroy = vio__observe_destroy,
};

static const struct vio_req_class reconcile_class = {
    .name = "reconcile",
    .op_size = sizeof(struct vio_reconcile),
    .start = vio__reconcile_start,
    .cancel = vio__reconcile_cancel,
    .destroy = vio__reconcile_destroy,
};

static bool is_refused(void *user)
{
    struct world *world = user;

    return world->allocations++ == world->refuse_at;
}

static void *allocate(size_t size, void *user)
{
    return is_refused(user) ? NULL : malloc(size);
}

static void *reallocate(void *ptr, size_t size, void *user)
{
    return is_refused(user) ? NULL : realloc(ptr, size);
}

static void release(void *ptr, void *user)
{
    (void)user;
    free(ptr);
}

static void on_end(void *user, int status, const char *text)
{
    struct world *world = user;

    (void)text;
    world->ended = true;
    world->status = status;
}

static void run(struct world *world)
{
    for (unsigned turns = 0; !world->ended; turns++) {
        assert_true(turns < 100000);
        assert_int_equal(vio__loop_dispatch(world->loop), 0);
    }
}

void world_make(struct world *world, const struct remains *from)
{
    struct vio_loop_config config = {
        .drive = VIO_LOOP_POLL,
        .alloc = {allocate, reallocate, release, world},
        .queue_max = 16,
    };

    memset(world, 0, sizeof(*world));
    world->refuse_at = UINT_MAX;
    world->vault.fail_at = UINT_MAX;
    assert_int_equal(vio__loop_new(&config, &world->loop), 0);
    assert_int_equal(vio__loop_start(world->loop), 0);
    vio__loop_set_virtual(world->loop);
    assert_int_equal(vio__ledgers_new(world->loop, &world->ledgers), 0);
    for (unsigned i = 0; i < CHASSIS; i++) {
        fake_make(&world->fakes[i], world->loop);
        world->fakes[i].uri = uris[i];
        world->fakes[i].seen->chassis.uuid[15] = (uint8_t)i;
        snprintf(world->fakes[i].seen->chassis.name, VIO_NAME_SIZE, "fake%u", i);
        if (from) {
            memcpy(world->fakes[i].functions, from->functions[i], sizeof(from->functions[i]));
            memcpy(world->fakes[i].exists, from->exists[i], sizeof(from->exists[i]));
        }
    }
    if (from)
        vault_copy(&from->vault, &world->vault);
    the_vault = &world->vault;
}

void world_open(struct world *world, unsigned chassis)
{
    const struct vio_engine_config config = {
        .driver = &fake_driver_ops,
        .ledgers = world->ledgers,
        .store = "vault:",
        .backend = &vault_ops,
        .uri = uris[chassis],
        .holder = "a test",
        .read_only = world->read_only,
        .keep_lost = world->keep_lost,
        .repair = world->repair,
        .timeout = 1000000000,
    };

    world->ended = false;
    assert_int_equal(vio__engine_new(world->loop, &config, &world->engines[chassis]), 0);
    assert_int_equal(vio__engine_open(world->engines[chassis], on_end, world), 0);
    vio__loop_hold(world->loop);
    run(world);
    vio__loop_release(world->loop);
    assert_int_equal(world->status, 0);
}

void world_close(struct world *world, unsigned chassis)
{
    world->ended = false;
    vio__engine_close(world->engines[chassis], on_end, world);
    run(world);
    vio__engine_free(world->engines[chassis]);
    world->engines[chassis] = NULL;
}

void world_drop(struct world *world)
{
    for (unsigned i = 0; i < CHASSIS; i++)
        if (world->engines[i])
            world_close(world, i);
    vio__ledgers_free(world->ledgers);
    board_loop_free(world->loop);
    for (unsigned i = 0; i < CHASSIS; i++)
        fake_drop(&world->fakes[i]);
    vault_empty(&world->vault);
    the_vault = NULL;
}

static void on_timer(struct vio_timer *timer, void *user)
{
    struct world *world = user;

    (void)timer;
    world->ended = true;
}

void world_sleep(struct world *world, uint64_t ns)
{
    struct vio_timer timer;

    world->ended = false;
    vio__timer_init(&timer, world->loop, false, on_timer, world);
    vio__timer_start(&timer, vio__loop_now(world->loop) + ns);
    vio__loop_hold(world->loop);
    run(world);
    vio__loop_release(world->loop);
}

void world_remains(const struct world *world, struct remains *remains)
{
    memset(remains, 0, sizeof(*remains));
    vault_copy(&world->vault, &remains->vault);
    for (unsigned i = 0; i < CHASSIS; i++) {
        memcpy(remains->functions[i], world->fakes[i].functions, sizeof(remains->functions[i]));
        memcpy(remains->exists[i], world->fakes[i].exists, sizeof(remains->exists[i]));
    }
}

void remains_drop(struct remains *remains)
{
    vault_empty(&remains->vault);
}

/* -- Changes ----------------------------------------------------------------------------------- */

struct vio_change *world_prepare(struct world *world, const struct edit *edits, size_t count,
                                 struct vio_req **ret_req)
{
    struct vio_change *change;
    struct vio_req *req;

    if (vio__req_new(world->loop, &change_class, NULL, NULL, &req) != 0)
        return NULL;
    change = vio__req_op(req);
    change->ledger = vio__engine_ledger(world->engines[0] ? world->engines[0] : world->engines[1]);
    if (vio__change_set_count(change, vio__req_alloc(req), count) != 0) {
        vio__req_unref(req);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        struct vio_item *item = &change->items[i];

        item->edit = edits[i].edit;
        item->engine = edits[i].storewide ? NULL : world->engines[edits[i].chassis];
        item->address = edits[i].address;
        snprintf(item->owner, sizeof(item->owner), "%s", edits[i].owner ? edits[i].owner : "");
        if (edits[i].pool_spec)
            assert_int_equal(vio__pool_spec_copy(NULL, edits[i].pool_spec, &item->pool_spec), 0);
        item->expects = edits[i].expects;
        item->function = edits[i].function;
        snprintf(item->target, sizeof(item->target), "%s", edits[i].target ? edits[i].target : "");
        snprintf(item->server, sizeof(item->server), "%s", edits[i].server ? edits[i].server : "");
        if (edits[i].spec)
            assert_int_equal(vio__spec_copy(NULL, edits[i].spec, &item->spec), 0);
    }
    *ret_req = req;
    return change;
}

static struct vio_req *submit(struct vio_req *req)
{
    struct vio_req *mine;

    assert_int_equal(vio__req_submit(req, &mine), 0);
    return mine;
}

struct vio_req *world_submit(struct world *world, const struct edit *edits, size_t count)
{
    struct vio_req *req;

    return world_prepare(world, edits, count, &req) ? submit(req) : NULL;
}

int world_finish(struct world *world, struct vio_req *req)
{
    for (unsigned turns = 0; !vio__req_is_complete(req); turns++) {
        assert_true(turns < 100000);
        assert_int_equal(vio__loop_dispatch(world->loop), 0);
    }
    return vio__req_status(req);
}

int world_apply(struct world *world, const struct edit *edits, size_t count)
{
    struct vio_req *req = world_submit(world, edits, count);
    int status = world_finish(world, req);

    if (status != 0)
        print_message("%d: %s\n", status, vio_req_message(req));
    vio__req_unref(req);
    return status;
}

int world_undo(struct world *world, uint64_t number)
{
    struct vio_change *change;
    struct vio_req *req;
    int status;

    assert_int_equal(vio__req_new(world->loop, &change_class, NULL, NULL, &req), 0);
    change = vio__req_op(req);
    change->ledger = vio__engine_ledger(world->engines[0] ? world->engines[0] : world->engines[1]);
    change->undo = number;
    req = submit(req);
    status = world_finish(world, req);
    if (status != 0)
        print_message("%d: %s\n", status, vio_req_message(req));
    vio__req_unref(req);
    return status;
}

uint64_t world_number(const struct vio_req *req)
{
    const struct vio_plan *plan = vio__req_result(req, "plan");
    struct vio_plan_head head;

    assert_non_null(plan);
    vio__plan_head(plan, &head);
    return head.number;
}

struct vio_req *world_reconcile(struct world *world, unsigned chassis, bool dry_run)
{
    struct vio_reconcile *op;
    struct vio_req *req;

    if (vio__req_new(world->loop, &reconcile_class, NULL, NULL, &req) != 0)
        return NULL;
    op = vio__req_op(req);
    op->engine = world->engines[chassis];
    op->dry_run = dry_run;
    return submit(req);
}

void world_restart(struct world *world, unsigned chassis)
{
    struct fake *fake = &world->fakes[chassis];

    memset(fake->exists, 0, sizeof(fake->exists));
    fake->seen->chassis.boot_id++;
    fake->owned = false;
    if (!world->engines[chassis])
        return;
    fake_notice(fake, VIO_NOTICE_RESET, 0);
    fake_notice(fake, VIO_NOTICE_FENCED, 0);
}

/* -- Looking ----------------------------------------------------------------------------------- */

static size_t print_vadapter(const struct vio_vadapter *vadapter, char *text, size_t size)
{
    const struct vio_vadapter_info *info = vio__vadapter_info(vadapter);
    struct vio_function_info desired;
    struct vio_diff diff;

    vio__vadapter_function(info, &desired);
    vio__diff(&desired, vio__vadapter_actual(vadapter), &diff);
    if (diff.count != 0)
        fail_msg("\"%s\" and its function differ: %s", info->name, vio__step_name(diff.action[0]));
    return (size_t)snprintf(text, size, "%s '%s' %s %02x%02x vlan %d %s labels %zu; ", info->name,
                            vio__vadapter_server(vadapter), vio__vadapter_adapter(vadapter),
                            info->address.bytes[4], info->address.bytes[5], info->vlan.vlan,
                            info->enabled ? "on" : "off", info->labels.count);
}

struct vio_inventory *world_observe(struct world *world, unsigned chassis)
{
    struct vio_inventory *inventory;
    struct vio_observe *op;
    struct vio_req *req;

    assert_int_equal(vio__req_new(world->loop, &observe_class, NULL, NULL, &req), 0);
    op = vio__req_op(req);
    op->engine = world->engines[chassis];
    req = submit(req);
    assert_int_equal(world_finish(world, req), 0);
    inventory = vio__inventory_ref(vio__req_result(req, "inventory"));
    vio__req_unref(req);
    return inventory;
}

struct print {
    char *text;
    size_t size, used;
};

static int print_hold(void *user, const struct vio_hold *hold)
{
    struct print *print = user;

    print->used += (size_t)snprintf(print->text + print->used, print->size - print->used,
                                    "hold %d of %02x%02x; ", hold->state, hold->address.bytes[4],
                                    hold->address.bytes[5]);
    return 0;
}

void world_print_holds(struct world *world, char *text, size_t size)
{
    const struct vio_ledger *ledger = world->engines[0]->use.ledger;
    struct print print = {.text = text, .size = size, .used = strlen(text)};

    assert_int_equal(vio__identities_each_hold(vio__store_identities(vio__ledger_store(ledger)),
                                               vio__ledger_now(ledger), print_hold, &print),
                     0);
}

void world_print(struct world *world, char *text, size_t size)
{
    size_t used = 0;

    for (unsigned i = 0; i < CHASSIS; i++) {
        struct vio_inventory *inventory;
        size_t count;

        if (!world->engines[i])
            continue;
        inventory = world_observe(world, i);
        count = vio__inventory_count(inventory, VIO_NOUN_VADAPTER);
        used += (size_t)snprintf(text + used, size - used, "chassis %u: ", i);
        for (size_t at = 0; at < count; at++)
            used += print_vadapter(vio__inventory_at(inventory, VIO_NOUN_VADAPTER, at), text + used,
                                   size - used);
        assert_int_equal(fake_count(&world->fakes[i]), count);
        vio__inventory_unref(inventory);
    }
}
