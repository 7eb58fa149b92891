/* SPDX-License-Identifier: MIT */
#include "tests/crash/judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/crash/trouble.h"

void judge_complain(struct judge *judge, const char *format, ...)
{
    va_list args;

    judge->violations++;
    fprintf(stdout, "violation: seed %llu, %s: ", (unsigned long long)judge->seed, judge->point);
    va_start(args, format);
    vfprintf(stdout, format, args);
    va_end(args);
    fputc('\n', stdout);
    fflush(stdout);
}

/* -- What is seen ------------------------------------------------------------------------------ */

/* A reservation is seen as an identity only. */
void sight_add(struct sight *sight, const struct answer *answer)
{
    bool reserved = answer->report == REPORT_IDENTITY && answer->state == VIO_IDENTITY_RESERVED;

    if (sight->num_things == SIGHT_THINGS || sight->num_identities == SIGHT_IDENTITIES)
        trouble("too much is seen through %s", sight->through);
    if (answer->report == REPORT_IDENTITY)
        sight->identity[sight->num_identities++] = *answer;
    if (answer->report == REPORT_SEEN || reserved)
        sight->thing[sight->num_things++] = answer->thing;
}

const struct thing *sight_find(const struct sight *sight, enum noun noun, const char *name)
{
    for (size_t i = 0; i < sight->num_things; i++)
        if (sight->thing[i].noun == noun && strcmp(sight->thing[i].name, name) == 0)
            return &sight->thing[i];
    return NULL;
}

static const struct thing *find_or_none(const struct sight *sight, const struct thing *thing)
{
    static const struct thing none;
    const struct thing *seen = sight_find(sight, thing->noun, thing->name);

    return seen != NULL ? seen : &none;
}

static const char *noun_name(enum noun noun)
{
    return noun == NOUN_VADAPTER ? "vAdapter" : noun == NOUN_POOL ? "pool" : "reservation";
}

/* -- Orders without an answer ------------------------------------------------------------------ */

static bool is_as_after(const struct pending *pending, const struct sight *sight,
                        const char **ret_what)
{
    for (uint32_t i = 0; i < pending->order.count; i++) {
        const struct thing *after = &pending->order.edit[i].after;

        if (!thing_matches(after, find_or_none(sight, after), ret_what))
            return false;
    }
    return true;
}

static bool is_as_before(const struct pending *pending, const struct sight *sight)
{
    for (uint32_t i = 0; i < pending->order.count; i++)
        if (!thing_matches(&pending->before[i], find_or_none(sight, &pending->before[i]), NULL))
            return false;
    return true;
}

static void learn_identities(struct pending *pending, const struct sight *sight)
{
    for (uint32_t i = 0; i < pending->order.count; i++) {
        struct thing *after = &pending->order.edit[i].after;
        const struct thing *seen = find_or_none(sight, after);

        if (!after->exists)
            continue;
        after->uuid = seen->uuid;
        after->address = seen->address;
        after->node = seen->node;
    }
}

static void complain_of_half(struct judge *judge, const struct pending *pending,
                             const struct sight *sight)
{
    for (uint32_t i = 0; i < pending->order.count; i++) {
        const struct edit *edit = &pending->order.edit[i];
        const struct thing *seen = find_or_none(sight, &edit->after);
        const char *now = "as after", *then = "as before";

        thing_matches(&edit->after, seen, &now);
        thing_matches(&pending->before[i], seen, &then);
        judge_complain(judge,
                       "order %u is half there through %s: edit %u of %u, verb %d, %s %s: after: "
                       "%s; before: %s",
                       pending->order.number, sight->through, i + 1, pending->order.count,
                       edit->verb, noun_name(edit->after.noun), edit->after.name, now, then);
    }
}

void judge_pending(struct judge *judge, const struct sight *sight)
{
    while (judge->model->num_pending > 0) {
        struct pending *pending = &judge->model->pending[judge->model->num_pending - 1];
        const char *what;

        if (is_as_after(pending, sight, &what)) {
            learn_identities(pending, sight);
            judge->finished++;
            judge->edits += pending->order.count;
            model_happened(judge->model, pending);
            continue;
        }
        if (!is_as_before(pending, sight))
            complain_of_half(judge, pending, sight);
        judge->undone++;
        model_did_not_happen(judge->model, pending);
    }
}

/* -- Everything acknowledged ------------------------------------------------------------------- */

static bool same_identity(const struct vio_address *a, const struct vio_address *b)
{
    return a->kind != VIO_ADDRESS_UNKNOWN && vio_address_equal(a, b);
}

static void judge_uniqueness(struct judge *judge, const struct sight *sight)
{
    for (size_t i = 0; i < sight->num_things; i++)
        for (size_t k = 0; k < i; k++) {
            const struct thing *a = &sight->thing[i], *b = &sight->thing[k];

            if (a->noun == b->noun && strcmp(a->name, b->name) == 0)
                judge_complain(judge, "%s %s is there twice", noun_name(a->noun), a->name);
            if (same_identity(&a->address, &b->address) || same_identity(&a->node, &b->node) ||
                same_identity(&a->uuid, &b->uuid) || same_identity(&a->address, &b->node))
                judge_complain(judge, "%s and %s have the same identity", a->name, b->name);
        }
}

static bool is_default_pool(const struct thing *thing)
{
    return thing->noun == NOUN_POOL && strncmp(thing->name, "default-", 8) == 0;
}

void judge_things(struct judge *judge, const struct sight *sight)
{
    for (size_t i = 0; i < THINGS; i++) {
        const struct thing *thing = &judge->model->thing[i];
        const char *what;

        if (!thing_matches(thing, find_or_none(sight, thing), &what))
            judge_complain(judge, "%s %s is not through %s as was acknowledged: %s",
                           noun_name(thing->noun), thing->name, sight->through, what);
    }
    for (size_t i = 0; i < sight->num_things; i++) {
        const struct thing *seen = &sight->thing[i];

        if (model_find(judge->model, seen->noun, seen->name) == NULL && !is_default_pool(seen))
            judge_complain(judge, "%s %s: nobody made it", noun_name(seen->noun), seen->name);
    }
    judge_uniqueness(judge, sight);
}

/* -- Identities -------------------------------------------------------------------------------- */

static const struct answer *find_identity(const struct sight *sight,
                                          const struct vio_address *address)
{
    for (size_t i = 0; i < sight->num_identities; i++)
        if (vio_address_equal(&sight->identity[i].thing.address, address))
            return &sight->identity[i];
    return NULL;
}

static void judge_owned(struct judge *judge, const struct sight *sight, const struct thing *thing,
                        const struct vio_address *address)
{
    const struct answer *identity = find_identity(sight, address);
    char text[VIO_ADDRESS_TEXT_SIZE] = "";

    if (address->kind == VIO_ADDRESS_UNKNOWN || address->kind == VIO_ADDRESS_UUID)
        return; /* UUIDs are drawn at random, from no range */
    vio_address_format(address, text, sizeof text);
    if (identity == NULL)
        judge_complain(judge, "%s has %s, which is in no pool", thing->name, text);
    else if (identity->state != VIO_IDENTITY_ASSIGNED)
        judge_complain(judge, "%s has %s, which is %s", thing->name, text,
                       vio_identity_state_name(identity->state));
    else if (!vio_address_equal(&identity->thing.uuid, &thing->uuid))
        judge_complain(judge, "%s has %s, which is that of %s", thing->name, text,
                       identity->thing.name);
}

static bool is_owned(const struct sight *sight, const struct answer *identity)
{
    for (size_t i = 0; i < sight->num_things; i++) {
        const struct thing *thing = &sight->thing[i];

        if (thing->noun == NOUN_VADAPTER &&
            vio_address_equal(&thing->uuid, &identity->thing.uuid) &&
            (vio_address_equal(&thing->address, &identity->thing.address) ||
             vio_address_equal(&thing->node, &identity->thing.address)))
            return true;
    }
    return false;
}

static void judge_past(struct judge *judge, const struct sight *sight)
{
    for (size_t i = 0; i < judge->model->num_past; i++) {
        const struct answer *identity = find_identity(sight, &judge->model->past[i]);
        char text[VIO_ADDRESS_TEXT_SIZE] = "";

        vio_address_format(&judge->model->past[i], text, sizeof text);
        if (identity == NULL || identity->state != VIO_IDENTITY_QUARANTINED)
            judge_complain(judge, "%s was released, and is %s instead of quarantined", text,
                           identity == NULL ? "free" : vio_identity_state_name(identity->state));
    }
}

void judge_identities(struct judge *judge, const struct sight *sight)
{
    for (size_t i = 0; i < sight->num_things; i++) {
        const struct thing *thing = &sight->thing[i];

        if (thing->noun != NOUN_VADAPTER)
            continue;
        judge_owned(judge, sight, thing, &thing->address);
        judge_owned(judge, sight, thing, &thing->node);
    }
    for (size_t i = 0; i < sight->num_identities; i++) {
        const struct answer *identity = &sight->identity[i];
        char text[VIO_ADDRESS_TEXT_SIZE] = "";

        vio_address_format(&identity->thing.address, text, sizeof text);
        if (identity->state == VIO_IDENTITY_ASSIGNED && !is_owned(sight, identity))
            judge_complain(judge, "%s is assigned to %s, which has not got it", text,
                           identity->thing.name);
    }
    judge_past(judge, sight);
}

/* -- The device -------------------------------------------------------------------------------- */

static bool carries(const uint8_t record[VIO_HW_ADDRESS_SIZE], const struct vio_address *address)
{
    return record[0] == address->kind &&
           (address->kind == VIO_ADDRESS_UNKNOWN ||
            memcmp(record + VIO_HW_ADDRESS_HEADER, address->bytes, sizeof address->bytes) == 0);
}

static const char *differs(const struct thing *thing, const struct chassis_function *function)
{
    uint32_t server = thing->server[0] == '\0' ? VIO_HW_NONE : (uint32_t)(thing->server[6] - '1');
    unsigned life = server == VIO_HW_NONE ? VIO_HW_LIFE_DETACHED : VIO_HW_LIFE_BOUND;

    if (strcmp(thing->name, function->label) != 0)
        return "label";
    if (!carries(function->address, &thing->address) ||
        !carries(function->node_address, &thing->node))
        return "identity";
    if (function->server != server || function->life != life)
        return "server";
    if (function->slot != (uint32_t)(thing->adapter[4] - '1') || function->kind != thing->kind ||
        function->size != thing->size)
        return "kind, adapter or size";
    if (function->enabled != thing->enabled)
        return "enabled";
    return function->vlan != thing->vlan || function->vlan_mode != (thing->vlan != 0) ? "VLAN"
                                                                                      : NULL;
}

static bool is_foreign(const struct judge *judge, const struct chassis_function *function)
{
    return judge->foreign.life != VIO_HW_LIFE_FREE && function->index == judge->foreign.index &&
           function->life == judge->foreign.life &&
           memcmp(function->cookie, judge->foreign.cookie, sizeof function->cookie) == 0 &&
           memcmp(function->address, judge->foreign.address, sizeof function->address) == 0;
}

static const struct thing *owner_of(const struct sight *sight,
                                    const struct chassis_function *function)
{
    for (size_t i = 0; i < sight->num_things; i++)
        if (sight->thing[i].noun == NOUN_VADAPTER &&
            memcmp(sight->thing[i].uuid.bytes, function->cookie, sizeof function->cookie) == 0)
            return &sight->thing[i];
    return NULL;
}

void judge_functions(struct judge *judge, const struct sight *sight,
                     const struct chassis_function *functions, size_t count)
{
    size_t vadapters = 0, owned = 0;

    for (size_t i = 0; i < sight->num_things; i++)
        vadapters += sight->thing[i].noun == NOUN_VADAPTER;
    for (size_t i = 0; i < count; i++) {
        const struct thing *owner = owner_of(sight, &functions[i]);
        const char *what = owner != NULL ? differs(owner, &functions[i]) : NULL;

        owned += owner != NULL;
        if (owner == NULL && !is_foreign(judge, &functions[i]))
            judge_complain(judge, "function %u \"%s\" has no vAdapter", functions[i].index,
                           functions[i].label);
        if (what != NULL)
            judge_complain(judge, "function %u is not as %s is stored: %s", functions[i].index,
                           owner->name, what);
    }
    if (owned != vadapters)
        judge_complain(judge, "%zu vAdapters have %zu functions", vadapters, owned);
}
