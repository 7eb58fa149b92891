/* SPDX-License-Identifier: MIT */
#include "lib/engine/claim.h"

#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/hwaddr.h"
#include "lib/domain/identity.h"
#include "lib/engine/change.h"
#include "lib/engine/check.h"
#include "lib/engine/internal.h"

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
        if (seen->adapters[i].factory_address.kind != 0 &&
            vio__hwaddr_compare(&seen->adapters[i].factory_address, address) == 0) {
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
    const uint8_t *who = vio__claims_who_has(vio__store_claims(ledger->store), address);

    snprintf(ret_holder, VIO_NAME_SIZE, "a vadapter that is being made");
    if (who && memcmp(who, uuid, VIO_UUID_SIZE) != 0) {
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

static void make_identity(const struct vio_item *item, struct vio_address *ret_address)
{
    struct vio_ledger *ledger = item->change->ledger;
    const struct vio_vadapter_info *after = item->object->after;
    const uint8_t *store = vio__store_uuid(ledger->store);

    if (after->kind == VIO_VADAPTER_VNIC)
        vio__identity_mac(store, ledger->next_number++, ret_address);
    else if (after->kind == VIO_VADAPTER_VHBA)
        vio__identity_wwpn(store, ledger->next_number++, ret_address);
    else
        vio__identity_uuid(store, after->uuid, ret_address);
}

/* The vAdapter's own UUID is random: it serves for a vDisk's identity. */
void vio__claim_draw(struct vio_item *item)
{
    struct vio_ledger *ledger = item->change->ledger;
    struct vio_vadapter_info *after = item->object->after;
    char holder[VIO_NAME_SIZE];
    uint64_t tries = 0;

    if (vio__vadapter_address_kind(after->kind) == 0)
        return;
    while (after->address.kind == 0 || (tries > 0 && is_taken(item, &after->address, holder))) {
        if (tries++ == VIO_IDENTITY_MACS || (after->kind == VIO_VADAPTER_VDISK && tries > 1)) {
            vio__check_problem(item, VIO_EFULL, after->name, "no identity is free");
            return;
        }
        make_identity(item, &after->address);
    }
    if (after->kind == VIO_VADAPTER_VHBA && after->node_address.kind == 0)
        vio__identity_wwnn(vio__store_uuid(ledger->store), ledger->next_number++,
                           &after->node_address);
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

static int claim_after(struct vio_object *object, struct vio_claims *claims)
{
    const struct vio_vadapter_info *after = object->after;
    char text[VIO_ADDRESS_TEXT_SIZE];
    int status = vio__claims_name(claims, after->name, after->uuid);

    if (status == VIO_EEXIST)
        vio__check_problem(object->item, VIO_EEXIST, after->name,
                           "there is a vadapter \"%s\" already", after->name);
    if (status != 0 || after->address.kind == 0)
        return status;
    status = vio__claims_address(claims, &after->address, after->uuid);
    if (status == 0)
        return 0;
    vio__claims_drop_name(claims, after->name);
    if (status != VIO_ENOMEM && object->change->problem == 0 &&
        vio__hwaddr_format(&after->address, text, sizeof(text)) == 0)
        vio__check_problem(object->item, VIO_EDUPLICATE, after->name,
                           "%s is the identity of another vadapter", text);
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
    object->claimed = object->creating = false;
}

void vio__claim_drop(struct vio_object *object)
{
    struct vio_ledger *ledger = object->change->ledger;
    struct vio_claims *claims = vio__store_claims(ledger->store);

    drop_promise(object);
    if (object->claimed && object->before)
        vio__claims_drop(claims, object->before);
    if (object->claimed && object->after)
        vio__claims_drop(claims, object->after);
    if (object->creating)
        vio__hash_remove(ledger->creating, object->after->uuid, VIO_UUID_SIZE);
    object->claimed = object->creating = false;
}
