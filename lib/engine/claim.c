/* SPDX-License-Identifier: MIT */
#include "lib/engine/claim.h"

#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/hwaddr.h"
#include "lib/domain/spec.h"
#include "lib/engine/change.h"
#include "lib/engine/check.h"
#include "lib/engine/internal.h"

#define MAX_DRAWN 16 /* in vain, at a time */

/* -- Identities -------------------------------------------------------------------------------- */

/* Whether a chassis has an identity that is not of that vAdapter. `ret_holder` names whose. */
static bool is_seen(const struct vio_engine *engine, const struct vio_address *address,
                    const uint8_t uuid[VIO_UUID_SIZE], char ret_holder[VIO_NAME_SIZE])
{
    const struct vio_observation *seen = vio__actual_observation(engine->actual);
    const struct vio_function_info *function = vio__actual_by_address(engine->actual, address);

    if (function && memcmp(function->cookie, uuid, VIO_UUID_SIZE) != 0) {
        snprintf(ret_holder, VIO_NAME_SIZE, "%s",
                 *function->label ? function->label : "a foreign function");
        return true;
    }
    for (size_t i = 0; i < seen->num_adapters; i++) {
        const struct vio_address *factory = &seen->adapters[i].factory_address;

        if (factory->kind == address->kind &&
            memcmp(factory->bytes, address->bytes, sizeof(factory->bytes)) == 0) {
            snprintf(ret_holder, VIO_NAME_SIZE, "%s", seen->adapters[i].name);
            return true;
        }
    }
    return false;
}

/* Whether an identity is known to be somebody else's. */
static bool is_taken(const struct vio_item *item, const struct vio_address *address,
                     char ret_holder[VIO_NAME_SIZE])
{
    const struct vio_ledger *ledger = item->change->ledger;
    const uint8_t *uuid = item->object->after->uuid;
    uint8_t who[VIO_UUID_SIZE];

    snprintf(ret_holder, VIO_NAME_SIZE, "a vadapter that is being made");
    if (vio__identities_who_has(vio__store_identities(ledger->store), address, who) &&
        memcmp(who, uuid, VIO_UUID_SIZE) != 0) {
        struct vio_vadapter_info *holder;

        if (vio__store_find(ledger->store, who, &holder) == 0) {
            snprintf(ret_holder, VIO_NAME_SIZE, "%s", holder->name);
            vio__vadapter_unref(holder);
        }
        return true;
    }
    VIO_DLIST_FOREACH (node, &ledger->engines)
        if (is_seen(VIO_CONTAINER_OF(node, struct vio_engine, node), address, uuid, ret_holder))
            return true;
    return false;
}

static void complain(void *user, int code, const char *text)
{
    struct vio_item *item = user;

    vio__check_problem(item, code, item->object->after->name, "%s", text);
}

/* Draws one that no chassis has. Those that were drawn in vain are claimed meanwhile, so that they
 * are not drawn again. */
static int draw(struct vio_item *item, const char *pool, enum vio_pool_purpose purpose,
                struct vio_address *ret_address)
{
    struct vio_ledger *ledger = item->change->ledger;
    struct vio_identities *identities = vio__store_identities(ledger->store);
    const struct vio_vadapter_info *after = item->object->after;
    struct vio_claimant claimant = {.name = after->name};
    struct vio_address drawn[MAX_DRAWN];
    char holder[VIO_NAME_SIZE];
    size_t count = 0;
    int status;

    memcpy(claimant.uuid, after->uuid, VIO_UUID_SIZE);
    do
        status = vio__identities_draw(identities, pool, purpose, &claimant, vio__ledger_now(ledger),
                                      complain, item, &drawn[count]);
    while (status == 0 && is_taken(item, &drawn[count], holder) && ++count < MAX_DRAWN);
    if (count == MAX_DRAWN)
        vio__check_problem(item, VIO_EDUPLICATE, after->name,
                           "the chassis has the next %d identities already", MAX_DRAWN);
    else if (status == 0)
        *ret_address = drawn[count];
    while (count-- > 0)
        vio__identities_drop(identities, &drawn[count]);
    return item->change->problem != 0 ? 0 : status;
}

/* The pool that the WWNN is drawn from: a pool of pairs that is named for the WWPN gives both. */
static const char *node_pool(const struct vio_item *item)
{
    struct vio_identities *identities = vio__store_identities(item->change->ledger->store);
    const char *pool = vio__spec_pool(item->spec);
    struct vio_pool_info *info;

    if (*vio__spec_node_pool(item->spec) == '\0' && *pool != '\0' &&
        vio__identities_find_pool(identities, pool, &info) == 0 && info->purpose == VIO_POOL_WWN)
        return pool;
    return vio__spec_node_pool(item->spec);
}

int vio__claim_draw(struct vio_item *item)
{
    struct vio_object *object = item->object;
    struct vio_vadapter_info *after = object->after;
    enum vio_pool_purpose purpose = after->kind == VIO_VADAPTER_VNIC   ? VIO_POOL_MAC
                                    : after->kind == VIO_VADAPTER_VHBA ? VIO_POOL_WWPN
                                                                       : VIO_POOL_UUID;
    int status = 0;

    if (vio__vadapter_address_kind(after->kind) == 0)
        return 0;
    if (after->address.kind == 0) {
        status = draw(item, vio__spec_pool(item->spec), purpose, &object->drawn[0]);
        after->address = object->drawn[0];
    }
    if (status == 0 && after->kind == VIO_VADAPTER_VHBA && after->node_address.kind == 0) {
        status = draw(item, node_pool(item), VIO_POOL_WWNN, &object->drawn[1]);
        after->node_address = object->drawn[1];
    }
    return status;
}

/* Gives up what an earlier edit of the change drew, so that nobody goes on having it. */
static void give_up(struct vio_item *item, size_t at, struct vio_address *io_address)
{
    struct vio_address *drawn = &item->object->drawn[at];

    vio__identities_drop(vio__store_identities(item->change->ledger->store), drawn);
    *drawn = (struct vio_address){0};
    *io_address = (struct vio_address){0};
}

int vio__claim_draw_anew(struct vio_item *item)
{
    struct vio_vadapter_info *after = item->object->after;
    unsigned fields = vio__spec_fields(item->spec);

    if ((fields & (VIO_SPEC_POOL | VIO_SPEC_NODE_POOL)) == 0)
        return 0;
    if (fields & VIO_SPEC_POOL)
        give_up(item, 0, &after->address);
    if ((fields & VIO_SPEC_NODE_POOL) || *node_pool(item) != '\0')
        give_up(item, 1, &after->node_address);
    return vio__claim_draw(item);
}

static void drop_drawn(struct vio_object *object)
{
    struct vio_identities *identities = vio__store_identities(object->change->ledger->store);

    for (size_t i = 0; i < 2; i++) {
        vio__identities_drop(identities, &object->drawn[i]);
        object->drawn[i] = (struct vio_address){0};
    }
}

void vio__claim_check(struct vio_item *item)
{
    const struct vio_vadapter_info *after = item->object->after;
    char text[VIO_ADDRESS_TEXT_SIZE];
    char holder[VIO_NAME_SIZE];

    if (after->address.kind == 0 || !is_taken(item, &after->address, holder))
        return;
    if (vio__hwaddr_format(&after->address, text, sizeof(text)) == 0)
        vio__check_problem(item, VIO_EDUPLICATE, after->name, "%s is the identity of %s", text,
                           holder);
}

/* -- Claims ------------------------------------------------------------------------------------ */

/* An address that is given, or was drawn. */
static int claim_address(struct vio_object *object, const struct vio_address *address)
{
    struct vio_ledger *ledger = object->change->ledger;
    struct vio_claimant claimant = {.name = object->after->name};

    if (address->kind == 0)
        return 0;
    memcpy(claimant.uuid, object->after->uuid, VIO_UUID_SIZE);
    return vio__identities_take(vio__store_identities(ledger->store), address, &claimant,
                                vio__ledger_now(ledger),
                                object->change->problem == 0 ? complain : NULL, object->item);
}

static int claim_after(struct vio_object *object, struct vio_claims *claims)
{
    const struct vio_vadapter_info *after = object->after;
    int status = vio__claims_name(claims, after->name, after->uuid);

    if (status == VIO_EEXIST)
        vio__check_problem(object->item, VIO_EEXIST, after->name,
                           "there is a vadapter \"%s\" already", after->name);
    if (status != 0)
        return status;
    status = claim_address(object, &after->address);
    if (status == 0) {
        status = claim_address(object, &after->node_address);
        if (status != 0)
            vio__claims_drop_address(claims, &after->address);
    }
    if (status != 0)
        vio__claims_drop_name(claims, after->name);
    return status;
}

int vio__claim(struct vio_object *object)
{
    struct vio_claims *claims = vio__store_claims(object->change->ledger->store);
    int status = object->before ? vio__claims_take(claims, object->before) : 0;

    if (status == 0 && object->after) {
        status = claim_after(object, claims);
        if (status != 0 && object->before)
            vio__claims_drop(claims, object->before);
    }
    object->claimed = status == 0;
    drop_drawn(object);
    return object->change->problem != 0 ? 0 : status;
}

int vio__claim_creation(struct vio_object *object)
{
    struct vio_ledger *ledger = object->change->ledger;
    struct vio_engine *engine = object->engine;
    const struct vio_vadapter_info *after = object->after;
    int status;

    if (object->before)
        return 0;
    status = vio__hash_put(ledger->creating, after->uuid, VIO_UUID_SIZE, object);
    if (status != 0)
        return status;
    object->creating = true;
    if (after->adapter < engine->num_promises) {
        engine->promises[after->adapter].functions++;
        engine->promises[after->adapter].space += after->size;
        object->promised = true;
    }
    return 0;
}

static void drop_promise(struct vio_object *object)
{
    if (object->promised) {
        object->engine->promises[object->after->adapter].functions--;
        object->engine->promises[object->after->adapter].space -= object->after->size;
    }
    object->promised = false;
}

void vio__claim_keep(struct vio_object *object)
{
    drop_promise(object);
    object->held_before = object->claimed && object->before;
    object->held_after = object->claimed && object->after;
    object->claimed = object->creating = false;
}

void vio__claim_drop(struct vio_object *object)
{
    struct vio_ledger *ledger = object->change->ledger;
    struct vio_claims *claims = vio__store_claims(ledger->store);

    drop_promise(object);
    drop_drawn(object);
    if (object->claimed && object->before)
        vio__claims_drop(claims, object->before);
    if (object->claimed && object->after)
        vio__claims_drop(claims, object->after);
    if (object->creating)
        vio__hash_remove(ledger->creating, object->after->uuid, VIO_UUID_SIZE);
    object->claimed = object->creating = false;
}
