/* SPDX-License-Identifier: MIT */
#include "lib/engine/unfinished.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/engine/change.h"
#include "lib/engine/internal.h"
#include "lib/engine/journal.h"
#include "lib/engine/records.h"

struct vio_unfinished {
    struct vio_dlist node;
    struct vio_ledger *ledger;
    struct vio_journal *journal;
    struct vio_object *objects;
    size_t count;
    struct vio_kept *kepts;
    size_t num_kepts;
    bool loaded;  /* from the store, where another process may see to it too */
    bool whole;   /* nothing of it was put back */
    bool forward; /* it is to be finished, if the chassis lets us */
    bool recovering;
    struct vio_perform perform;
    struct vio_record *records;
    size_t num_records;
};

int vio__unfinished_new(struct vio_ledger *ledger, struct vio_unfinished **ret)
{
    struct vio_unfinished *unfinished = vio__calloc(ledger->alloc, 1, sizeof(*unfinished));

    if (!unfinished)
        return VIO_ENOMEM;
    vio__dlist_init(&unfinished->node);
    unfinished->ledger = ledger;
    *ret = unfinished;
    return 0;
}

void vio__unfinished_free(struct vio_unfinished *unfinished)
{
    const struct vio_alloc *alloc;

    if (!unfinished)
        return;
    alloc = unfinished->ledger->alloc;
    for (size_t i = 0; i < unfinished->count; i++)
        vio__object_clear(&unfinished->objects[i]);
    for (size_t i = 0; i < unfinished->num_kepts; i++)
        vio__kept_clear(&unfinished->kepts[i]);
    vio__free(alloc, unfinished->kepts);
    vio__free(alloc, unfinished->objects);
    vio__free(alloc, unfinished->records);
    vio__journal_free(unfinished->journal);
    vio__free(alloc, unfinished);
}

void vio__unfinished_add(struct vio_change *change, bool whole)
{
    struct vio_unfinished *unfinished = change->unfinished;

    change->unfinished = NULL;
    unfinished->whole = whole;
    unfinished->journal = change->journal;
    unfinished->records = change->records;
    unfinished->objects = change->objects;
    unfinished->count = change->num_objects;
    vio__kept_unclaim(change);
    unfinished->kepts = change->kepts;
    unfinished->num_kepts = change->num_kepts;
    change->kepts = NULL;
    change->num_kepts = 0;
    change->journal = NULL;
    change->records = NULL;
    change->objects = NULL;
    change->num_objects = 0;
    vio__dlist_append(&change->ledger->unfinished, &unfinished->node);
}

void vio__unfinished_drop_all(struct vio_ledger *ledger)
{
    struct vio_dlist *node;

    while ((node = vio__dlist_pop(&ledger->unfinished)) != NULL)
        vio__unfinished_free(VIO_CONTAINER_OF(node, struct vio_unfinished, node));
}

bool vio__unfinished_is_named(const struct vio_ledger *ledger, const char *name)
{
    VIO_DLIST_FOREACH (node, &ledger->unfinished) {
        const struct vio_unfinished *unfinished =
            VIO_CONTAINER_OF(node, struct vio_unfinished, node);

        for (size_t i = 0; i < unfinished->count; i++) {
            const struct vio_object *object = &unfinished->objects[i];

            if (object->doubtful && ((object->before && strcmp(object->before->name, name) == 0) ||
                                     (object->after && strcmp(object->after->name, name) == 0)))
                return true;
        }
    }
    return false;
}

/* -- What the store left open ------------------------------------------------------------------ */

static void release(struct vio_unfinished *unfinished, struct vio_object *object)
{
    struct vio_ledger *ledger = unfinished->ledger;
    struct vio_claims *claims = vio__store_claims(ledger->store);

    if (object->held_before)
        vio__claims_drop(claims, object->before);
    if (object->held_after)
        vio__claims_drop(claims, object->after);
    if (object->doubtful)
        vio__hash_remove(ledger->creating, vio__object_uuid(object), VIO_UUID_SIZE);
    object->held_before = object->held_after = object->doubtful = false;
}

/* What another object has got meanwhile cannot be taken, and need not. VIO_ENOMEM. */
static int hold_one(struct vio_ledger *ledger, const struct vio_vadapter_info *vadapter,
                    bool *ret_held)
{
    int status = vadapter ? vio__claims_take(vio__store_claims(ledger->store), vadapter) : 0;

    *ret_held = vadapter && status == 0;
    return status == VIO_ENOMEM ? status : 0;
}

/* Takes what the objects have, until it is known. */
static int hold(struct vio_unfinished *unfinished, struct vio_object *object)
{
    struct vio_ledger *ledger = unfinished->ledger;
    int status = hold_one(ledger, object->before, &object->held_before);

    if (status == 0)
        status = hold_one(ledger, object->after, &object->held_after);
    if (object->held_after) {
        vio__identities_doubt(vio__store_identities(ledger->store), &object->after->address);
        vio__identities_doubt(vio__store_identities(ledger->store), &object->after->node_address);
    }
    if (status == 0 && !object->before)
        status = vio__hash_put(ledger->creating, object->after->uuid, VIO_UUID_SIZE, unfinished);
    return status;
}

/* Whether the store has moved on since: somebody has finished or undone the change. */
static bool is_over(const struct vio_ledger *ledger, const struct vio_object *object)
{
    uint64_t present = vio__store_generation(ledger->store, vio__object_uuid(object));

    return present != (object->after ? object->after->generation : 0);
}

static int read_entry(struct vio_unfinished *unfinished, const struct vio_entry *entry)
{
    struct vio_ledger *ledger = unfinished->ledger;
    struct vio_journal_view view;
    int status = vio__journal_read(ledger->alloc, entry->body, entry->size, &view);

    if (status != 0)
        return status;
    unfinished->objects = view.objects;
    unfinished->count = view.count;
    unfinished->kepts = view.kepts;
    unfinished->num_kepts = view.num_kepts;
    unfinished->loaded = true;
    unfinished->whole = unfinished->forward = entry->state == VIO_ENTRY_OPEN;
    unfinished->records = vio__calloc(ledger->alloc, VIO_RECORDS_BACK * view.count + view.num_kepts,
                                      sizeof(*unfinished->records));
    status = unfinished->records ? vio__journal_new(ledger, &unfinished->journal) : VIO_ENOMEM;
    if (status != 0)
        return status;
    unfinished->journal->entry = *entry;
    return vio__buf_append(&unfinished->journal->body, entry->body, entry->size);
}

static int hold_all(struct vio_unfinished *unfinished)
{
    int status = 0;

    for (size_t i = 0; status == 0 && i < unfinished->count; i++) {
        struct vio_object *object = &unfinished->objects[i];

        object->doubtful |= unfinished->forward && object->steps;
        object->doubtful &= !is_over(unfinished->ledger, object);
        if (object->before)
            status = vio__vadapter_copy(object->before, &object->restore);
        if (status == 0 && object->doubtful)
            status = hold(unfinished, object);
    }
    for (size_t i = 0; status != 0 && i < unfinished->count; i++)
        release(unfinished, &unfinished->objects[i]);
    return status;
}

/* Whether one of its objects is on that chassis; others' are the business of who opens those. */
static bool touches(const struct vio_unfinished *unfinished, const struct vio_engine *engine)
{
    for (size_t i = 0; i < unfinished->count; i++)
        if (memcmp(vio__object_chassis(&unfinished->objects[i]), vio__engine_uuid(engine),
                   VIO_UUID_SIZE) == 0)
            return true;
    return false;
}

/* Only its end was not written: the store has moved on from all that it did. */
static bool is_settled(const struct vio_unfinished *unfinished)
{
    for (size_t i = 0; i < unfinished->count; i++)
        if (unfinished->objects[i].doubtful)
            return false;
    return true;
}

static void settle(struct vio_unfinished *unfinished)
{
    struct vio_journal *journal = unfinished->journal;

    unfinished->journal = NULL;
    vio__journal_close(journal, unfinished->forward ? VIO_ENTRY_DONE : VIO_ENTRY_UNDONE);
    vio__unfinished_free(unfinished);
}

static int load_entry(struct vio_engine *engine, const struct vio_entry *entry)
{
    struct vio_ledger *ledger = engine->use.ledger;
    struct vio_unfinished *unfinished;
    int status = vio__unfinished_new(ledger, &unfinished);

    if (status != 0)
        return status;
    status = read_entry(unfinished, entry);
    if (status == 0 && !touches(unfinished, engine)) {
        vio__unfinished_free(unfinished);
        return 0;
    }
    if (status == 0)
        status = hold_all(unfinished);
    if (status != 0)
        vio__unfinished_free(unfinished);
    else if (is_settled(unfinished))
        settle(unfinished);
    else
        vio__dlist_append(&ledger->unfinished, &unfinished->node);
    return status;
}

static bool is_known_here(const struct vio_ledger *ledger, uint64_t id)
{
    VIO_DLIST_FOREACH (node, &ledger->unfinished)
        if (VIO_CONTAINER_OF(node, struct vio_unfinished, node)->journal->entry.id == id)
            return true;
    VIO_DLIST_FOREACH (each, &ledger->changes) {
        const struct vio_change *change = VIO_CONTAINER_OF(each, struct vio_change, node);

        if (change->journal && change->journal->entry.id == id)
            return true;
    }
    return false;
}

static int on_found(struct vio_lookup *lookup, const struct vio_entry *entry)
{
    struct vio_engine *engine = VIO_CONTAINER_OF(lookup, struct vio_engine, lookup);

    return is_known_here(lookup->ledger, entry->id) ? 0 : load_entry(engine, entry);
}

int vio__unfinished_find(struct vio_engine *engine,
                         void (*done)(struct vio_lookup *lookup, int status))
{
    engine->lookup = (struct vio_lookup){
        .ledger = engine->use.ledger,
        .query = {.unfinished = true},
        .found = on_found,
        .done = done,
    };
    return vio__lookup_start(&engine->lookup);
}

/* -- Recovering -------------------------------------------------------------------------------- */

static void finish(struct vio_unfinished *unfinished, bool resolved)
{
    struct vio_ledger *ledger = unfinished->ledger;
    struct vio_dlist served;
    struct vio_dlist *node;

    unfinished->recovering = false;
    if (resolved) {
        for (size_t i = 0; i < unfinished->count; i++)
            release(unfinished, &unfinished->objects[i]);
        vio__dlist_remove(&unfinished->node);
        vio__unfinished_free(unfinished);
    }
    if (--ledger->recovering > 0)
        return;
    vio__dlist_init(&served);
    vio__dlist_splice(&served, &ledger->recoveries);
    while ((node = vio__dlist_pop(&served)) != NULL) {
        struct vio_recovery *recovery = VIO_CONTAINER_OF(node, struct vio_recovery, node);

        recovery->done(recovery);
    }
    vio__ledger_settle(ledger);
}

static void on_committed(void *user, int status)
{
    finish(user, status == 0);
}

static bool is_known(const struct vio_unfinished *unfinished)
{
    for (size_t i = 0; i < unfinished->count; i++)
        if (unfinished->objects[i].doubtful && !unfinished->objects[i].apply.known)
            return false;
    return true;
}

/* What is there is known, whether or not it could be put back: the desired state is the former one
 * again, and a difference is drift from now on. */
static void restore(struct vio_unfinished *unfinished)
{
    int status;

    unfinished->num_records =
        vio__records_back(unfinished->ledger, unfinished->objects, unfinished->count,
                          unfinished->whole, unfinished->records);
    for (size_t i = 0; unfinished->whole && i < unfinished->num_kepts; i++)
        if (unfinished->kepts[i].commits &&
            vio__kept_restore(unfinished->ledger->store, &unfinished->kepts[i],
                              vio__ledger_now(unfinished->ledger),
                              &unfinished->records[unfinished->num_records]))
            unfinished->num_records++;
    status = vio__journal_commit(unfinished->journal, VIO_ENTRY_UNDONE, unfinished->records,
                                 unfinished->num_records, on_committed, unfinished);
    if (status != 0)
        finish(unfinished, false);
}

static void on_put_back(struct vio_perform *perform, int status)
{
    struct vio_unfinished *unfinished = VIO_CONTAINER_OF(perform, struct vio_unfinished, perform);

    (void)status;
    if (is_known(unfinished))
        restore(unfinished);
    else
        finish(unfinished, false);
}

static void put_back(struct vio_unfinished *unfinished)
{
    unfinished->forward = false;
    unfinished->perform = (struct vio_perform){
        .objects = unfinished->objects,
        .count = unfinished->count,
        .back = true,
        .done = on_put_back,
    };
    if (!vio__perform_start(&unfinished->perform))
        restore(unfinished);
}

static void on_finished(struct vio_perform *perform, int status)
{
    struct vio_unfinished *unfinished = VIO_CONTAINER_OF(perform, struct vio_unfinished, perform);
    struct vio_journal *journal = unfinished->journal;

    if (status != 0) {
        if (is_known(unfinished))
            put_back(unfinished);
        else
            finish(unfinished, false);
        return;
    }
    unfinished->journal = NULL;
    vio__journal_close(journal, VIO_ENTRY_DONE);
    finish(unfinished, true);
}

static void go_forward(struct vio_unfinished *unfinished)
{
    unfinished->perform = (struct vio_perform){
        .objects = unfinished->objects,
        .count = unfinished->count,
        .done = on_finished,
    };
    if (!vio__perform_start(&unfinished->perform))
        on_finished(&unfinished->perform, 0);
}

/* How it is now, from where finishing or undoing begins. */
static void start_from_now(struct vio_unfinished *unfinished)
{
    for (size_t i = 0; i < unfinished->count; i++) {
        struct vio_object *object = &unfinished->objects[i];
        const struct vio_function_info *function;

        object->steps = object->doubtful;
        if (!object->doubtful)
            continue;
        function = vio__actual_by_cookie(object->engine->actual, vio__object_uuid(object));
        object->apply.known = true;
        object->apply.actual = (struct vio_target){.exists = function != NULL};
        if (function)
            object->apply.actual.function = *function;
        else
            memcpy(object->apply.actual.function.cookie, vio__object_uuid(object), VIO_UUID_SIZE);
    }
}

static bool is_usable(const struct vio_engine *engine)
{
    return engine && !engine->closing && !engine->read_only && !engine->fenced;
}

/* Whether all chassis are there that it takes, of which that one. */
static bool can_recover(struct vio_unfinished *unfinished, const struct vio_engine *wanted)
{
    bool touches = false;

    for (size_t i = 0; i < unfinished->count; i++) {
        struct vio_object *object = &unfinished->objects[i];

        if (object->doubtful && unfinished->loaded && is_over(unfinished->ledger, object))
            release(unfinished, object);
        if (!object->doubtful)
            continue;
        object->engine = vio__ledger_engine(unfinished->ledger, vio__object_chassis(object));
        if (!is_usable(object->engine))
            return false;
        touches |= object->engine == wanted;
    }
    return touches;
}

bool vio__unfinished_recover(struct vio_engine *engine, struct vio_recovery *recovery)
{
    struct vio_ledger *ledger = engine->use.ledger;
    struct vio_dlist chosen;
    struct vio_dlist *node;

    vio__dlist_init(&chosen);
    VIO_DLIST_FOREACH (each, &ledger->unfinished) {
        struct vio_unfinished *unfinished = VIO_CONTAINER_OF(each, struct vio_unfinished, node);

        if (!unfinished->recovering && can_recover(unfinished, engine)) {
            unfinished->recovering = true;
            ledger->recovering++;
            vio__dlist_remove(&unfinished->node);
            vio__dlist_append(&chosen, &unfinished->node);
        }
    }
    if (ledger->recovering == 0)
        return false;
    vio__dlist_append(&ledger->recoveries, &recovery->node);
    while ((node = vio__dlist_pop(&chosen)) != NULL) {
        struct vio_unfinished *unfinished = VIO_CONTAINER_OF(node, struct vio_unfinished, node);

        vio__dlist_append(&ledger->unfinished, node);
        start_from_now(unfinished);
        if (unfinished->forward)
            go_forward(unfinished);
        else
            put_back(unfinished);
    }
    return true;
}
