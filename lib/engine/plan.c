/* SPDX-License-Identifier: MIT */
/* Checking a change against all that is known, and what it makes of the desired state. */
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/uuid.h"
#include "lib/domain/hwaddr.h"
#include "lib/domain/identity.h"
#include "lib/domain/name.h"
#include "lib/engine/blocked.h"
#include "lib/engine/change.h"
#include "lib/engine/check.h"
#include "lib/engine/internal.h"

/* -- Names and identities ---------------------------------------------------------------------- */

void vio__change_draw_name(struct vio_change *change)
{
    struct vio_engine *engine = change->engine;
    enum vio_vadapter_kind kind = vio__spec_kind(change->spec);
    struct vio_claims *claims = vio__store_claims(engine->store);
    char name[VIO_NAME_SIZE];

    if (*vio__spec_name(change->spec) || vio__vadapter_address_kind(kind) == 0)
        return;
    do
        snprintf(name, sizeof(name), "%s%llu", vio__vadapter_kind_name(kind),
                 (unsigned long long)engine->next_name[kind]++);
    while (vio__claims_who_named(claims, name) || vio__turns_is_busy(engine->turns, name));
    (void)vio__spec_set_name(change->spec, name); /* it is a valid one */
}

/* Whether an identity is known to be somebody else's. `ret_holder` names whose. */
static bool is_taken(const struct vio_change *change, const struct vio_address *address,
                     char ret_holder[VIO_NAME_SIZE])
{
    const struct vio_engine *engine = change->engine;
    const struct vio_observation *seen = vio__actual_observation(engine->actual);
    const struct vio_function_info *function = vio__actual_by_address(engine->actual, address);
    const uint8_t *who = vio__claims_who_has(vio__store_claims(engine->store), address);

    snprintf(ret_holder, VIO_NAME_SIZE, "a vadapter that is being made");
    if (who && memcmp(who, change->after->uuid, VIO_UUID_SIZE) != 0) {
        struct vio_vadapter_info *holder;

        if (vio__store_find(engine->store, who, &holder) == 0) {
            snprintf(ret_holder, VIO_NAME_SIZE, "%s", holder->name);
            vio__vadapter_unref(holder);
        }
        return true;
    }
    if (function && memcmp(function->cookie, change->after->uuid, VIO_UUID_SIZE) != 0) {
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

static void make_identity(const struct vio_change *change, struct vio_address *ret_address)
{
    struct vio_engine *engine = change->engine;
    const uint8_t *store = vio__store_uuid(engine->store);

    if (change->after->kind == VIO_VADAPTER_VNIC)
        vio__identity_mac(store, engine->next_number++, ret_address);
    else if (change->after->kind == VIO_VADAPTER_VHBA)
        vio__identity_wwpn(store, engine->next_number++, ret_address);
    else
        vio__identity_uuid(store, change->after->uuid, ret_address);
}

/* Draws what was not given. The vAdapter's own UUID is random: it serves for a vDisk's identity. */
static void draw_identity(struct vio_change *change)
{
    struct vio_vadapter_info *after = change->after;
    const uint8_t *store = vio__store_uuid(change->engine->store);
    uint64_t tries = 0;
    char holder[VIO_NAME_SIZE];

    if (vio__vadapter_address_kind(after->kind) == 0)
        return;
    while (after->address.kind == 0 || (tries > 0 && is_taken(change, &after->address, holder))) {
        if (tries++ == VIO_IDENTITY_MACS || (after->kind == VIO_VADAPTER_VDISK && tries > 1)) {
            vio__check_problem(change, VIO_EFULL, after->name, "no identity is free");
            return;
        }
        make_identity(change, &after->address);
    }
    if (after->kind == VIO_VADAPTER_VHBA && after->node_address.kind == 0)
        vio__identity_wwnn(store, change->engine->next_number++, &after->node_address);
}

static void check_identity(struct vio_change *change)
{
    const struct vio_address *address = &change->after->address;
    char text[VIO_ADDRESS_TEXT_SIZE];
    char holder[VIO_NAME_SIZE];

    if (address->kind == 0 || !is_taken(change, address, holder))
        return;
    if (vio__hwaddr_format(address, text, sizeof(text)) == 0)
        vio__check_problem(change, VIO_EDUPLICATE, change->after->name, "%s is the identity of %s",
                           text, holder);
}

/* Takes name and identity, so that nobody else can before this change has ended. */
static int claim(struct vio_change *change)
{
    struct vio_claims *claims = vio__store_claims(change->engine->store);
    int status = change->before ? vio__claims_take(claims, change->before) : 0;

    if (status != 0 || !change->after) {
        change->claimed = status == 0;
        return status;
    }
    status = vio__claims_name(claims, change->after->name, change->after->uuid);
    if (status == VIO_EEXIST)
        vio__check_problem(change, VIO_EEXIST, change->after->name,
                           "there is a vadapter \"%s\" already", change->after->name);
    if (status == 0 && change->after->address.kind != 0) {
        status = vio__claims_address(claims, &change->after->address, change->after->uuid);
        if (status != 0)
            vio__claims_drop_name(claims, change->after->name);
    }
    if (status != 0 && change->before)
        vio__claims_drop(claims, change->before);
    change->claimed = status == 0;
    return change->problem != 0 ? 0 : status;
}

/* -- Edits ------------------------------------------------------------------------------------- */

static void complain(void *user, int code, const char *text)
{
    struct vio_change *change = user;

    vio__check_problem(change, code, change->name, "%s", text);
}

static int plan_create(struct vio_change *change)
{
    struct vio_engine *engine = change->engine;
    const struct vio_vadapter_spec *spec = change->spec;
    struct vio_vadapter_info *after;
    int status = vio__vadapter_new(engine->alloc, &change->after);

    if (status == 0)
        status = vio__uuid_random(change->after->uuid);
    if (status == 0)
        status = vio__spec_apply(spec, change->after);
    if (status != 0)
        return status;
    after = change->after;
    after->generation = 1;
    memcpy(after->chassis, vio__actual_observation(engine->actual)->chassis.uuid, VIO_UUID_SIZE);
    vio__spec_check(spec, vio__spec_kind(spec), true, complain, change);
    vio__check_adapter(change, vio__spec_adapter(spec));
    if (*vio__spec_server(spec))
        vio__check_server(change, vio__spec_server(spec), vio__spec_path(spec));
    vio__check_caps(change);
    draw_identity(change);
    check_identity(change);
    return 0;
}

/* A copy to be changed, of the next generation. */
static int copy_before(struct vio_change *change)
{
    int status = vio__vadapter_copy(change->before, &change->after);

    if (status == 0)
        change->after->generation++;
    return status;
}

/* What the function keeps; its name and description are changed without an adapter too. */
#define ON_THE_ADAPTER (VIO_SPEC_ADDRESS | VIO_SPEC_NODE_ADDRESS | VIO_SPEC_VLAN | VIO_SPEC_ENABLED)

static int plan_set(struct vio_change *change)
{
    int status = vio__spec_apply(change->spec, change->after);

    if (status == VIO_ELIMIT) {
        vio__check_problem(change, VIO_ELIMIT, change->name, "a vadapter carries at most %d labels",
                           VIO_LABELS_MAX);
        status = 0;
    }
    if (status != 0)
        return status;
    vio__spec_check(change->spec, change->before->kind, false, complain, change);
    if (vio__spec_fields(change->spec) & ON_THE_ADAPTER)
        vio__check_behind(change);
    vio__check_caps(change);
    check_identity(change);
    return 0;
}

/* The server that it is in, or is to be in; VIO_NO_INDEX. */
static uint32_t whereabouts(const struct vio_change *change)
{
    return change->was.exists && change->was.function.server != VIO_NO_INDEX
               ? change->was.function.server
               : change->before->server;
}

static const char *server_name(const struct vio_change *change, uint32_t server)
{
    const struct vio_observation *seen = vio__actual_observation(change->engine->actual);

    return server < seen->num_servers ? seen->servers[server].name : "a server that is gone";
}

static void plan_attach(struct vio_change *change)
{
    uint32_t present = whereabouts(change);
    const struct vio_server_info *wanted =
        vio__actual_server(change->engine->actual, change->server);

    if (present != VIO_NO_INDEX && wanted && wanted->index == present) {
        change->after->server = present;
        if (change->was.exists && change->was.function.server == present)
            change->after->path = change->was.function.path;
        return;
    }
    if (present != VIO_NO_INDEX && wanted)
        vio__check_problem(change, VIO_ESTATE, change->name,
                           "\"%s\" is in server \"%s\": detach it first", change->name,
                           server_name(change, present));
    if (change->misnamed)
        vio__check_problem(change, VIO_ENAME, change->server,
                           "\"%s…\" is no server's name: at most 63 bytes are allowed",
                           change->server);
    else
        vio__check_server(change, change->server, VIO_NO_INDEX);
    vio__check_behind(change);
}

static void plan_remove(struct vio_change *change)
{
    uint32_t present = whereabouts(change);

    vio__vadapter_unref(change->after);
    change->after = NULL;
    if (present != VIO_NO_INDEX)
        vio__check_problem(change, VIO_ESTATE, change->name,
                           "\"%s\" is in server \"%s\": detach it first", change->name,
                           server_name(change, present));
}

static int plan_existing(struct vio_change *change)
{
    int status;

    if (!change->before) {
        vio__check_target(change);
        return 0;
    }
    status = copy_before(change);
    if (status != 0)
        return status;
    if (change->edit == VIO_EDIT_SET)
        return plan_set(change);
    if (change->edit == VIO_EDIT_ATTACH) {
        plan_attach(change);
    } else if (change->edit == VIO_EDIT_DETACH) {
        change->after->server = VIO_NO_INDEX;
        change->after->path = VIO_NO_INDEX;
    } else {
        plan_remove(change);
    }
    return 0;
}

/* -- The plan ---------------------------------------------------------------------------------- */

/* What undoing will need is made before anything happens. */
static int prepare_undo(struct vio_change *change)
{
    int status = vio__blocked_new(change->engine, &change->blocked);

    if (status != 0 || !change->before)
        return status;
    status = vio__vadapter_copy(change->before, &change->restore);
    if (status == 0)
        change->restore->generation = change->before->generation + 2;
    return status;
}

static int prepare_creation(struct vio_change *change)
{
    struct vio_engine *engine = change->engine;
    int status = vio__hash_put(engine->creating, change->after->uuid, VIO_UUID_SIZE, change);

    if (status != 0)
        return status;
    change->creating = true;
    if (change->after->adapter < engine->num_promises) {
        engine->promises[change->after->adapter].functions++;
        engine->promises[change->after->adapter].space += change->after->size;
        change->promised = true;
    }
    return 0;
}

int vio__change_plan(struct vio_change *change)
{
    int status;

    if (vio__blocked_is_named(change->engine, change->name)) {
        vio__check_problem(change, VIO_EBLOCKED, change->name,
                           "how the last change of \"%s\" ended is not known: observe the chassis",
                           change->name);
        return change->problem;
    }
    status = change->edit == VIO_EDIT_CREATE ? plan_create(change) : plan_existing(change);
    if (status == 0 && (change->before || change->after))
        status = claim(change);
    if (status != 0)
        return status;
    if (change->problem != 0)
        return change->problem;
    change->commits =
        !change->before || !change->after || !vio__vadapter_equal(change->before, change->after);
    if (!change->commits)
        change->after->generation = change->before->generation;
    change->apply.desired.exists = change->after != NULL;
    if (change->after)
        vio__vadapter_function(change->after, &change->apply.desired.function);
    status = prepare_undo(change);
    if (status == 0 && change->edit == VIO_EDIT_CREATE)
        status = prepare_creation(change);
    return status;
}

void vio__change_unplan(struct vio_change *change)
{
    struct vio_engine *engine = change->engine;
    struct vio_claims *claims = vio__store_claims(engine->store);

    if (change->claimed && change->before)
        vio__claims_drop(claims, change->before);
    if (change->claimed && change->after)
        vio__claims_drop(claims, change->after);
    if (change->promised) {
        engine->promises[change->after->adapter].functions--;
        engine->promises[change->after->adapter].space -= change->after->size;
    }
    if (change->creating && !vio__blocked_is(engine, change->after))
        vio__hash_remove(engine->creating, change->after->uuid, VIO_UUID_SIZE);
    vio__blocked_free(engine, change->blocked);
    change->claimed = change->promised = change->creating = false;
    change->blocked = NULL;
}
