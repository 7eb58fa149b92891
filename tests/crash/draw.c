/* SPDX-License-Identifier: MIT */
/* What the program is told to do next. */
#include <stdio.h>
#include <string.h>

#include "tests/crash/model.h"

#define POOL_SPAN   512
#define POOL_GROWTH 16

static unsigned below(struct model *model, unsigned bound)
{
    return (unsigned)vio__prng_below(&model->prng, bound);
}

/* Another one than it is. */
static void draw_server(struct model *model, char server[NAME_SIZE])
{
    char other[NAME_SIZE];

    memcpy(other, server, NAME_SIZE);
    do
        snprintf(server, NAME_SIZE, "server%u", 1 + below(model, 3));
    while (strcmp(server, other) == 0);
}

static void draw_text(struct model *model, char text[NAME_SIZE])
{
    snprintf(text, NAME_SIZE, "text %u", model->texts++);
}

/* A pool that is there, and stays; "": the default one. */
static void draw_pool(struct model *model, char pool[NAME_SIZE])
{
    const struct thing *thing = &model->thing[VADAPTERS + below(model, 2)];

    snprintf(pool, NAME_SIZE, "%s", thing->exists ? thing->name : "");
}

static void draw_created(struct model *model, struct thing *thing)
{
    static const struct {
        enum vio_vadapter_kind kind;
        const char *adapter;
    } makes[] = {
        {VIO_VADAPTER_VNIC, "slot1"}, {VIO_VADAPTER_VNIC, "slot1"}, {VIO_VADAPTER_VNIC, "slot2"},
        {VIO_VADAPTER_VNIC, "slot2"}, {VIO_VADAPTER_VHBA, "slot3"}, {VIO_VADAPTER_VDISK, "slot4"},
    };
    unsigned make = below(model, sizeof makes / sizeof *makes);

    thing->exists = true;
    thing->kind = makes[make].kind;
    snprintf(thing->adapter, NAME_SIZE, "%s", makes[make].adapter);
    thing->enabled = below(model, 4) != 0;
    if (below(model, 3) != 0)
        draw_server(model, thing->server);
    if (thing->kind == VIO_VADAPTER_VNIC) {
        thing->vlan = below(model, 3) * 100;
        draw_pool(model, thing->pool);
    }
    if (thing->kind == VIO_VADAPTER_VDISK)
        thing->size = (1 + below(model, 4)) * UINT64_C(1048576);
    draw_text(model, thing->text);
}

static void draw_setting(struct model *model, struct thing *thing)
{
    if (thing->kind == VIO_VADAPTER_VNIC)
        thing->vlan = below(model, 5) * 100;
    if (below(model, 2) != 0)
        draw_text(model, thing->text);
}

static enum verb draw_verb(struct model *model, const struct thing *thing, bool single)
{
    if (!thing->exists)
        return VERB_CREATE;
    if (thing->retired)
        return VERB_PURGE;
    switch (below(model, 4)) {
    case 0:
        return VERB_SET;
    case 1:
        return thing->enabled ? VERB_DISABLE : VERB_ENABLE;
    case 2:
        if (thing->server[0] == '\0')
            return VERB_REMOVE;
        return single ? VERB_DETACH : VERB_MOVE;
    default:
        return thing->server[0] == '\0' ? VERB_ATTACH : VERB_DETACH;
    }
}

static void draw_vadapter(struct model *model, bool single, struct edit *edit)
{
    struct thing *thing = &edit->after;

    edit->verb = draw_verb(model, thing, single);
    switch (edit->verb) {
    case VERB_CREATE:
        draw_created(model, thing);
        break;
    case VERB_ATTACH:
    case VERB_MOVE:
        draw_server(model, thing->server);
        break;
    case VERB_DETACH:
        thing->server[0] = '\0';
        break;
    case VERB_ENABLE:
    case VERB_DISABLE:
        thing->enabled = edit->verb == VERB_ENABLE;
        break;
    case VERB_SET:
        draw_setting(model, thing);
        break;
    default:
        if (edit->verb == VERB_REMOVE && thing->kind == VIO_VADAPTER_VDISK)
            thing->retired = true;
        else
            thing_forget(thing);
    }
}

static void draw_pool_edit(struct model *model, struct edit *edit)
{
    struct thing *thing = &edit->after;
    bool stays = thing->name[1] < '2';

    if (!thing->exists) {
        edit->verb = VERB_POOL_CREATE;
        thing->exists = true;
        thing->span = edit->grow = POOL_SPAN;
        thing->quarantine = stays && thing->name[1] == '1' ? 0 : 600;
        draw_text(model, thing->text);
    } else if (!stays && below(model, 3) == 0) {
        edit->verb = VERB_POOL_REMOVE;
        thing_forget(thing);
    } else {
        edit->verb = VERB_POOL_SET;
        edit->grow = below(model, 2) * POOL_GROWTH;
        thing->span += edit->grow;
        if (!stays)
            thing->quarantine = below(model, 1000);
        draw_text(model, thing->text);
    }
}

static void draw_reservation(struct model *model, struct edit *edit)
{
    struct thing *thing = &edit->after;

    if (thing->exists) {
        edit->verb = VERB_RELEASE;
        thing->exists = false;
    } else {
        edit->verb = VERB_RESERVE;
        thing->exists = true;
        draw_pool(model, thing->pool);
    }
}

static bool is_busy(const struct model *model, const struct order *order, const struct thing *thing)
{
    bool busy = order_touches(order, thing);

    for (size_t i = 0; i < model->num_pending; i++)
        busy = busy || order_touches(&model->pending[i].order, thing);
    return busy;
}

/* Whether an edit of this object can be drawn now. */
static bool is_fit(const struct model *model, const struct order *order, const struct thing *thing)
{
    const struct thing *pools = &model->thing[VADAPTERS];

    if (is_busy(model, order, thing))
        return false;
    if (thing->noun != NOUN_RESERVATION)
        return true;
    /* Who reserves draws from a pool by name, and who releases has to know what. */
    return thing->exists ? thing->address.kind != VIO_ADDRESS_UNKNOWN
                         : pools[0].exists && pools[1].exists;
}

static void draw_edit(struct model *model, const struct thing *thing, bool single,
                      struct edit *edit)
{
    memset(edit, 0, sizeof *edit);
    edit->after = *thing;
    if (thing->noun == NOUN_VADAPTER)
        draw_vadapter(model, single, edit);
    else if (thing->noun == NOUN_POOL)
        draw_pool_edit(model, edit);
    else
        draw_reservation(model, edit);
}

static uint32_t draw_count(struct model *model)
{
    switch (below(model, 8)) {
    case 0:
        return EDITS_MAX;
    case 1:
    case 2:
        return 2 + below(model, 3);
    default:
        return 1;
    }
}

static void draw_token(struct model *model, struct vio_address *token)
{
    uint8_t bytes[16];

    vio__prng_bytes(&model->prng, bytes, sizeof bytes);
    vio_address_from_bytes(VIO_ADDRESS_UUID, bytes, sizeof bytes, token);
}

/* A vDisk that was made may hold data by now: it is retired. */
static struct thing inverse(const struct thing *before, const struct thing *now)
{
    struct thing after = *before;

    if (before->noun != NOUN_VADAPTER || before->exists || now->kind != VIO_VADAPTER_VDISK)
        return after;
    after = *now;
    after.retired = true;
    after.server[0] = '\0';
    return after;
}

/* The inverse of the last change set: its objects become what they were. */
static bool draw_undo(struct model *model, struct order *order)
{
    const struct undoable *undoable = &model->undoable;
    const struct order none = {.count = 0};

    if (undoable->change == 0 || below(model, 6) != 0)
        return false;
    for (uint32_t i = 0; i < undoable->order.count; i++)
        if (is_busy(model, &none, &undoable->order.edit[i].after))
            return false;
    order->task = TASK_UNDO;
    order->change = undoable->change;
    order->count = undoable->order.count;
    for (uint32_t i = 0; i < order->count; i++)
        order->edit[i].after =
            inverse(&undoable->before[i],
                    model_find(model, undoable->before[i].noun, undoable->before[i].name));
    return true;
}

bool model_draw(struct model *model, struct order *ret_order)
{
    uint32_t count = draw_count(model);
    struct order *order = ret_order;

    memset(order, 0, sizeof *order);
    if (model->num_pending == PENDING_MAX)
        return false;
    if (draw_undo(model, order)) {
        order->number = ++model->numbers;
        return true;
    }
    order->task = TASK_APPLY;
    order->number = ++model->numbers;
    order->single = count == 1 && below(model, 4) != 0;
    for (unsigned tries = 0; tries < 200 && order->count < count; tries++) {
        const struct thing *thing = &model->thing[below(model, THINGS)];

        if (!is_fit(model, order, thing))
            continue;
        draw_edit(model, thing, order->single, &order->edit[order->count]);
        order->count++;
    }
    if (!order->single && below(model, 2) != 0)
        draw_token(model, &order->token);
    return order->count > 0;
}
