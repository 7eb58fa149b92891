/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>
#include <libvio/history.h>
#include <libvio/plan.h>

#include "lib/api/changeset.h"
#include "lib/api/chassis_config.h"
#include "lib/base/ref.h"
#include "lib/domain/hwaddr.h"
#include "lib/domain/name.h"
#include "lib/store/store.h"

#define USUAL_LIMIT   1000
#define LONGEST_LIMIT 10000
#define ENOUGH        1 /* ends a look-up, and is no error */

struct vio_history_filter {
    struct vio_history_query query;
    char object[VIO_NAME_SIZE]; /* "": any */
};

struct vio_history {
    struct vio_ref ref;
    struct vio_alloc alloc; /* a copy: it may outlive its context */
    struct vio_plan **plans;
    size_t count, capacity;
};

struct list_op {
    struct vio_store_op base;
    struct vio_history_filter filter;
    struct vio_history *history;
    struct vio_lookup lookup;
};

struct prune_op {
    struct vio_store_op base;
    uint64_t before, keep;
};

static const struct vio_history_filter defaults = {.query.limit = USUAL_LIMIT};

/* -- Filters ----------------------------------------------------------------------------------- */

int vio_history_filter_new(struct vio_history_filter **ret_filter)
{
    struct vio_history_filter *filter;

    if (!ret_filter)
        return VIO_EINVAL;
    filter = vio__memdup(NULL, &defaults, sizeof(defaults));
    if (!filter)
        return VIO_ENOMEM;
    *ret_filter = filter;
    return 0;
}

void vio_history_filter_free(struct vio_history_filter *filter)
{
    vio__free(NULL, filter);
}

int vio_history_filter_set_token(struct vio_history_filter *filter, const struct vio_address *token)
{
    if (!filter)
        return VIO_EINVAL;
    if (token && (token->kind != VIO_ADDRESS_UUID || !vio__hwaddr_is_valid(token)))
        return VIO_EADDR;
    memset(filter->query.token, 0, sizeof(filter->query.token));
    if (token)
        memcpy(filter->query.token, token->bytes, sizeof(filter->query.token));
    return 0;
}

int vio_history_filter_set_object(struct vio_history_filter *filter, const char *object)
{
    if (!filter)
        return VIO_EINVAL;
    if (object && strlen(object) > VIO_NAME_MAX)
        return VIO_ENAME;
    snprintf(filter->object, sizeof(filter->object), "%s", object ? object : "");
    return 0;
}

int vio_history_filter_set_since(struct vio_history_filter *filter, uint64_t time)
{
    if (!filter)
        return VIO_EINVAL;
    filter->query.since = time;
    return 0;
}

int vio_history_filter_set_until(struct vio_history_filter *filter, uint64_t time)
{
    if (!filter)
        return VIO_EINVAL;
    filter->query.until = time;
    return 0;
}

int vio_history_filter_set_before(struct vio_history_filter *filter, uint64_t number)
{
    if (!filter)
        return VIO_EINVAL;
    filter->query.before = number;
    return 0;
}

int vio_history_filter_set_limit(struct vio_history_filter *filter, size_t limit)
{
    if (!filter || limit == 0 || limit > LONGEST_LIMIT)
        return VIO_EINVAL;
    filter->query.limit = limit;
    return 0;
}

/* -- Snapshots --------------------------------------------------------------------------------- */

struct vio_history *vio_history_ref(struct vio_history *history)
{
    if (history)
        vio__ref_get(&history->ref);
    return history;
}

void vio_history_unref(struct vio_history *history)
{
    struct vio_alloc alloc;

    if (!history || !vio__ref_put(&history->ref))
        return;
    alloc = history->alloc;
    for (size_t i = 0; i < history->count; i++)
        vio_plan_unref(history->plans[i]);
    vio__free(&alloc, history->plans);
    vio__free(&alloc, history);
}

static void unref_history(void *history)
{
    vio_history_unref(history);
}

size_t vio_history_count(const struct vio_history *history)
{
    return history ? history->count : 0;
}

struct vio_plan *vio_history_plan(const struct vio_history *history, size_t at)
{
    return at < vio_history_count(history) ? history->plans[at] : NULL;
}

struct vio_history *vio_req_get_history(const struct vio_req *req)
{
    return req ? vio__req_result(req, "history") : NULL;
}

/* -- Listing ----------------------------------------------------------------------------------- */

/* Takes over the plan's reference, also on failure. */
static int append(struct vio_history *history, struct vio_plan *plan)
{
    if (history->count == history->capacity) {
        size_t capacity = history->capacity == 0 ? 8 : 2 * history->capacity;
        struct vio_plan **plans =
            vio__realloc(&history->alloc, history->plans, capacity, sizeof(struct vio_plan *));

        if (!plans) {
            vio_plan_unref(plan);
            return VIO_ENOMEM;
        }
        history->plans = plans;
        history->capacity = capacity;
    }
    history->plans[history->count++] = plan;
    return 0;
}

static bool changes_object(const struct vio_plan *plan, const char *object)
{
    for (size_t i = 0; i < vio_plan_num_edits(plan); i++)
        if (strcmp(vio_plan_edit_name(plan, i), object) == 0)
            return true;
    return false;
}

static int on_found(struct vio_lookup *lookup, const struct vio_entry *entry)
{
    struct list_op *op = VIO_CONTAINER_OF(lookup, struct list_op, lookup);
    struct vio_plan *plan;
    int status = vio__lookup_plan(lookup->ledger, entry, &plan);

    if (status != 0)
        return status;
    if (*op->filter.object && !changes_object(plan, op->filter.object)) {
        vio_plan_unref(plan);
        return 0;
    }
    status = append(op->history, plan);
    return status == 0 && op->history->count == op->filter.query.limit ? ENOUGH : status;
}

static void on_listed(struct vio_lookup *lookup, int status)
{
    struct list_op *op = VIO_CONTAINER_OF(lookup, struct list_op, lookup);
    const char *text = vio__store_error(vio__ledger_store(lookup->ledger));

    if (status == ENOUGH)
        status = 0;
    if (status != 0 && *text)
        vio__req_set_message(op->base.req, "%s", text);
    if (status == 0)
        vio__req_set_result(op->base.req, "history", vio_history_ref(op->history), unref_history);
    vio__req_complete(op->base.req, status);
    vio__store_op_end(&op->base);
}

static void on_store_closes(struct vio_store_op *op, int why)
{
    vio__req_complete(op->req, why);
}

static void list_start(struct vio_req *req, void *user)
{
    struct list_op *op = user;
    int status = vio__store_op_begin(&op->base, req, on_store_closes);

    if (status == 0) {
        op->lookup = (struct vio_lookup){
            .ledger = vio__open_store_ledger(op->base.store),
            .query = op->filter.query,
            .found = on_found,
            .done = on_listed,
        };
        if (*op->filter.object)
            op->lookup.query.limit = 0; /* only a plan tells which objects it changes */
        status = vio__lookup_start(&op->lookup);
    }
    if (status != 0) {
        vio__req_complete(req, status);
        vio__store_op_end(&op->base);
    }
}

static void list_destroy(void *user)
{
    struct list_op *op = user;

    vio_history_unref(op->history);
    vio__store_op_release(&op->base);
}

static const struct vio_req_class list_class = {
    .name = "history list",
    .op_size = sizeof(struct list_op),
    .start = list_start,
    .destroy = list_destroy,
};

static int new_history(const struct vio_alloc *alloc, struct vio_history **ret_history)
{
    struct vio_history *history = vio__calloc(alloc, 1, sizeof(*history));

    if (!history)
        return VIO_ENOMEM;
    vio__ref_init(&history->ref);
    history->alloc = *alloc;
    *ret_history = history;
    return 0;
}

int vio_history_list(struct vio_store *store, const struct vio_history_filter *filter,
                     vio_req_cb cb, void *user, struct vio_req **ret_req)
{
    struct vio_req *req;
    struct list_op *op;
    int status = vio__open_store_check(store);

    if (status == 0)
        status = vio__req_new(vio__open_store_loop(store), &list_class, cb, user, &req);
    if (status != 0)
        return status;
    op = vio__req_op(req);
    op->base.store = vio_store_ref(store);
    op->filter = filter ? *filter : defaults;
    status = new_history(vio__req_alloc(req), &op->history);
    if (status != 0) {
        vio__req_unref(req);
        return status;
    }
    return vio__req_submit(req, ret_req);
}

/* -- Pruning ----------------------------------------------------------------------------------- */

static void on_pruned(void *user, int status)
{
    struct prune_op *op = user;
    struct vio_ledger *ledger = vio__open_store_ledger(op->base.store);
    const char *text = vio__store_error(vio__ledger_store(ledger));

    if (status != 0 && *text)
        vio__req_set_message(op->base.req, "%s", text);
    vio__req_complete(op->base.req, status);
    vio__store_op_end(&op->base);
}

/* What the store is at is waited for: it is short. */
static void on_store_closes_while_pruning(struct vio_store_op *op, int why)
{
    (void)op;
    (void)why;
}

static void prune_start(struct vio_req *req, void *user)
{
    struct prune_op *op = user;
    int status;

    if (vio_store_is_read_only(op->base.store)) {
        vio__req_fail(req, VIO_EPERM, "the store %s was opened for reading only",
                      vio_store_uri(op->base.store));
        return;
    }
    status = vio__store_op_begin(&op->base, req, on_store_closes_while_pruning);
    if (status == 0)
        status = vio__store_prune(vio__ledger_store(vio__open_store_ledger(op->base.store)),
                                  op->before, op->keep, on_pruned, op);
    if (status != 0) {
        vio__req_complete(req, status);
        vio__store_op_end(&op->base);
    }
}

static void prune_cancel(struct vio_req *req, void *user, int why)
{
    (void)req;
    (void)user;
    (void)why;
}

static void prune_destroy(void *user)
{
    vio__store_op_release(&((struct prune_op *)user)->base);
}

static const struct vio_req_class prune_class = {
    .name = "history prune",
    .op_size = sizeof(struct prune_op),
    .start = prune_start,
    .cancel = prune_cancel,
    .destroy = prune_destroy,
};

int vio_history_prune(struct vio_store *store, uint64_t before, size_t keep, vio_req_cb cb,
                      void *user, struct vio_req **ret_req)
{
    struct vio_req *req;
    struct prune_op *op;
    int status = vio__open_store_check(store);

    if (status == 0)
        status = vio__req_new(vio__open_store_loop(store), &prune_class, cb, user, &req);
    if (status != 0)
        return status;
    op = vio__req_op(req);
    op->base.store = vio_store_ref(store);
    op->before = before;
    op->keep = keep;
    return vio__req_submit(req, ret_req);
}

/* -- Undoing ----------------------------------------------------------------------------------- */

static const struct vio_req_class undo_class = VIO_CHANGESET_CLASS("history undo");

int vio_history_undo(struct vio_store *store, uint64_t number, bool dry_run, vio_req_cb cb,
                     void *user, struct vio_req **ret_req)
{
    struct vio_changeset_op *op;
    struct vio_req *req;
    int status;

    if (number == 0)
        return VIO_EINVAL;
    status = vio__changeset_request(store, &undo_class, cb, user, &req);
    if (status != 0)
        return status;
    op = vio__req_op(req);
    op->change.undo = number;
    op->change.dry_run = dry_run;
    vio__holder_default(op->change.author);
    return vio__req_submit(req, ret_req);
}
