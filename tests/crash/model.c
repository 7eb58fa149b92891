/* SPDX-License-Identifier: MIT */
#include "tests/crash/model.h"

#include <stdio.h>
#include <string.h>

#define DEFAULT_QUARANTINE 300

void model_init(struct model *model, uint64_t seed)
{
    memset(model, 0, sizeof *model);
    vio__prng_seed(&model->prng, seed);
    for (unsigned i = 0; i < THINGS; i++) {
        struct thing *thing = &model->thing[i];

        if (i < VADAPTERS) {
            thing->noun = NOUN_VADAPTER;
            snprintf(thing->name, NAME_SIZE, "v%u", i);
        } else if (i < VADAPTERS + POOLS) {
            thing->noun = NOUN_POOL;
            snprintf(thing->name, NAME_SIZE, "p%u", i - VADAPTERS);
        } else {
            thing->noun = NOUN_RESERVATION;
            snprintf(thing->name, NAME_SIZE, "r%u", i - VADAPTERS - POOLS);
        }
    }
}

struct thing *model_find(struct model *model, enum noun noun, const char *name)
{
    for (size_t i = 0; i < THINGS; i++)
        if (model->thing[i].noun == noun && strcmp(model->thing[i].name, name) == 0)
            return &model->thing[i];
    return NULL;
}

void thing_forget(struct thing *thing)
{
    struct thing empty = {.noun = thing->noun};

    memcpy(empty.name, thing->name, NAME_SIZE);
    *thing = empty;
}

bool order_touches(const struct order *order, const struct thing *thing)
{
    for (uint32_t i = 0; i < order->count; i++)
        if (order->edit[i].after.noun == thing->noun &&
            strcmp(order->edit[i].after.name, thing->name) == 0)
            return true;
    return false;
}

/* -- What happened ----------------------------------------------------------------------------- */

void model_send(struct model *model, const struct order *order)
{
    struct pending *pending = &model->pending[model->num_pending++];

    pending->order = *order;
    pending->in_doubt = false;
    for (uint32_t i = 0; i < order->count; i++)
        pending->before[i] =
            *model_find(model, order->edit[i].after.noun, order->edit[i].after.name);
}

struct pending *model_pending(struct model *model, uint32_t number)
{
    for (size_t i = 0; i < model->num_pending; i++)
        if (model->pending[i].order.number == number)
            return &model->pending[i];
    return NULL;
}

size_t model_unanswered(const struct model *model)
{
    size_t count = 0;

    for (size_t i = 0; i < model->num_pending; i++)
        count += !model->pending[i].in_doubt;
    return count;
}

static void remember(struct model *model, const struct vio_address *address)
{
    if (address->kind != VIO_ADDRESS_UNKNOWN && model->num_past < PAST_MAX)
        model->past[model->num_past++] = *address;
}

/* What is owned again is not past any more. */
static void recall(struct model *model, const struct vio_address *address)
{
    for (size_t i = 0; i < model->num_past; i++)
        if (vio_address_equal(&model->past[i], address))
            model->past[i--] = model->past[--model->num_past];
}

static unsigned quarantine_of(struct model *model, const struct thing *thing)
{
    const struct thing *pool = model_find(model, NOUN_POOL, thing->pool);

    /* What was only reserved becomes free, and so does a UUID, which was drawn at random. */
    if (thing->noun != NOUN_VADAPTER || thing->kind == VIO_VADAPTER_VDISK)
        return 0;
    return pool != NULL ? pool->quarantine : DEFAULT_QUARANTINE;
}

/* Whether others may have drawn from that pool since. */
static bool is_drawn_from(const struct thing *thing)
{
    return thing->noun == NOUN_POOL && thing->name[1] < '2';
}

/* What destroys data, is built upon, or gives away what others may have taken since. */
static bool is_lasting(struct model *model, const struct pending *pending, uint32_t at)
{
    const struct edit *edit = &pending->order.edit[at];
    const struct thing *before = &pending->before[at];
    bool freed = before->exists && !edit->after.exists && before->noun != NOUN_POOL &&
                 quarantine_of(model, before) == 0;

    return edit->verb == VERB_PURGE || freed || is_drawn_from(&edit->after);
}

static void remember_undoable(struct model *model, const struct pending *pending, uint64_t change)
{
    struct undoable *undoable = &model->undoable;

    bool changes = false, lasts = false;

    for (uint32_t i = 0; i < pending->order.count; i++) {
        changes |= !thing_matches(&pending->order.edit[i].after, &pending->before[i], NULL);
        lasts |= is_lasting(model, pending, i);
    }
    undoable->change = changes && !lasts && pending->order.task == TASK_APPLY ? change : 0;
    undoable->order = pending->order;
    memcpy(undoable->before, pending->before, sizeof undoable->before);
}

static void invalidate_undoable(struct model *model, const struct order *order)
{
    for (uint32_t i = 0; i < order->count; i++)
        if (order_touches(&model->undoable.order, &order->edit[i].after))
            model->undoable.change = 0;
}

void model_happened(struct model *model, struct pending *pending)
{
    for (uint32_t i = 0; i < pending->order.count; i++) {
        const struct thing *after = &pending->order.edit[i].after;
        const struct thing *before = &pending->before[i];

        if (before->exists && !after->exists && quarantine_of(model, before) > 0) {
            remember(model, &before->address);
            remember(model, &before->node);
        }
        if (after->exists) {
            recall(model, &after->address);
            recall(model, &after->node);
        }
        *model_find(model, after->noun, after->name) = *after;
        if (!after->exists)
            thing_forget(model_find(model, after->noun, after->name));
    }
    model_did_not_happen(model, pending);
}

/* What was undone has another generation nevertheless. */
void model_did_not_happen(struct model *model, struct pending *pending)
{
    invalidate_undoable(model, &pending->order);
    *pending = model->pending[--model->num_pending];
}

static void take_drawn(struct pending *pending, const struct thing *drawn)
{
    for (uint32_t i = 0; i < pending->order.count; i++) {
        struct thing *after = &pending->order.edit[i].after;

        if (after->noun != drawn->noun || strcmp(after->name, drawn->name) != 0)
            continue;
        after->uuid = drawn->uuid;
        after->address = drawn->address;
        after->node = drawn->node;
    }
}

/* Of a write that the disk has refused nobody knows whether it will be read one day. */
static bool is_doubtful(int status)
{
    return status == VIO_EINDOUBT || status == VIO_EIO;
}

void model_answer(struct model *model, const struct answer *answer)
{
    struct pending *pending = model_pending(model, answer->number);

    if (pending == NULL)
        return;
    if (answer->report == REPORT_DRAWN) {
        take_drawn(pending, &answer->thing);
    } else if (answer->status == 0) {
        struct pending done = *pending;

        model_happened(model, pending);
        remember_undoable(model, &done, answer->change);
    } else if (is_doubtful(answer->status)) {
        pending->in_doubt = true;
    } else {
        model_did_not_happen(model, pending);
    }
}

/* -- Sameness ---------------------------------------------------------------------------------- */

static bool same_address(const struct vio_address *expected, const struct vio_address *seen)
{
    return expected->kind == VIO_ADDRESS_UNKNOWN || vio_address_equal(expected, seen);
}

static const char *other_vadapter(const struct thing *a, const struct thing *b)
{
    if (a->kind != b->kind || strcmp(a->adapter, b->adapter) != 0 || a->size != b->size)
        return "kind, adapter or size";
    if (a->enabled != b->enabled)
        return "enabled";
    if (a->retired != b->retired)
        return "retired";
    if (strcmp(a->server, b->server) != 0)
        return "server";
    if (a->vlan != b->vlan)
        return "VLAN";
    if (strcmp(a->text, b->text) != 0)
        return "description";
    if (!same_address(&a->uuid, &b->uuid))
        return "UUID";
    if (!same_address(&a->address, &b->address) || !same_address(&a->node, &b->node))
        return "identity";
    return NULL;
}

static const char *other(const struct thing *a, const struct thing *b)
{
    if (a->exists != b->exists)
        return a->exists ? "existence: it is gone" : "existence: it is there";
    if (!a->exists)
        return NULL;
    if (a->noun == NOUN_VADAPTER)
        return other_vadapter(a, b);
    if (a->noun == NOUN_RESERVATION)
        return strcmp(a->pool, b->pool) != 0 || !same_address(&a->address, &b->address) ? "identity"
                                                                                        : NULL;
    if (strcmp(a->text, b->text) != 0)
        return "description";
    return a->span != b->span || a->quarantine != b->quarantine ? "span or quarantine" : NULL;
}

bool thing_matches(const struct thing *expected, const struct thing *seen, const char **ret_what)
{
    const char *what = other(expected, seen);

    if (what != NULL && ret_what != NULL)
        *ret_what = what;
    return what == NULL;
}
