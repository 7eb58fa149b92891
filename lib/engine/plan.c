/* SPDX-License-Identifier: MIT */
/* Checking a change against all that is known, and what it makes of the desired state. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/uuid.h"
#include "lib/domain/hwaddr.h"
#include "lib/domain/identity.h"
#include "lib/domain/name.h"
#include "lib/engine/blocked.h"
#include "lib/engine/change.h"
#include "lib/engine/internal.h"

#define LISTED      8 /* names in a message */
#define LISTED_SIZE 640

/* -- Problems ---------------------------------------------------------------------------------- */

__attribute__((format(printf, 4, 5))) static void problem(struct vio_change *change, int code,
                                                          const char *object, const char *fmt, ...)
{
    char text[VIO_ENGINE_TEXT];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    vio__req_add_problem(change->req, code, object, "%s", text);
    if (change->problem == 0) {
        change->problem = code;
        vio__req_set_message(change->req, "%s", text);
    }
}

/* Appends names to a list for a message, at most LISTED of them. */
static void list_name(char list[LISTED_SIZE], size_t at, size_t count, const char *name)
{
    size_t used = strlen(list);

    if (at < LISTED)
        snprintf(list + used, LISTED_SIZE - used, "%s%s", at > 0 ? ", " : "", name);
    else if (at == LISTED)
        snprintf(list + used, LISTED_SIZE - used, " and %zu more", count - LISTED);
}

static void list_adapters(const struct vio_observation *seen, char list[LISTED_SIZE])
{
    list[0] = '\0';
    for (size_t i = 0; i < seen->num_adapters; i++)
        list_name(list, i, seen->num_adapters, seen->adapters[i].name);
}

static void list_servers(const struct vio_observation *seen, char list[LISTED_SIZE])
{
    list[0] = '\0';
    for (size_t i = 0; i < seen->num_servers; i++)
        list_name(list, i, seen->num_servers, seen->servers[i].name);
}

/* There is no such vAdapter: say which there are. */
static void complain_of_target(struct vio_change *change)
{
    struct vio_vadapter_info **vadapters;
    char list[LISTED_SIZE] = "";
    size_t count = 0;

    if (change->misnamed) {
        problem(change, VIO_ENAME, change->target, "\"%s…\" is no name; a name has " VIO_NAME_RULE,
                change->target);
        return;
    }
    if (vio__store_list(change->engine->store, &vadapters, &count) == 0) {
        for (size_t i = 0; i < count; i++)
            list_name(list, i, count, vadapters[i]->name);
        vio__free(change->engine->alloc, vadapters);
    }
    problem(change, VIO_ENOENT, change->target, "there is no vadapter \"%s\"; there %s%s",
            change->target, count > 0 ? "are: " : "are none", list);
}

/* -- Places ------------------------------------------------------------------------------------ */

static const struct vio_server_info *find_server(struct vio_change *change, const char *name)
{
    const struct vio_actual *actual = change->engine->actual;
    const struct vio_server_info *server = vio__actual_server(actual, name);
    char list[LISTED_SIZE];

    if (!server) {
        list_servers(vio__actual_observation(actual), list);
        problem(change, VIO_ENOENT, name, "there is no server \"%s\"; there are: %s", name, list);
        return NULL;
    }
    if (!server->present) {
        problem(change, VIO_EGONE, name, "no server is wired to the ports of \"%s\"", name);
        return NULL;
    }
    return server;
}

/* Sets the server and the path of the vAdapter that is to be. */
static void place_in(struct vio_change *change, const char *name, uint32_t path)
{
    const struct vio_actual *actual = change->engine->actual;
    const struct vio_server_info *server = find_server(change, name);

    if (!server)
        return;
    if (vio__actual_slots(actual, server->index) == 0)
        problem(change, VIO_EFULL, name, "all %u hot-plug slots of server \"%s\" are in use",
                server->hotplug_slots, name);
    if (path != VIO_NO_INDEX && path >= server->paths)
        problem(change, VIO_ENOENT, name,
                "server \"%s\" has %u path%s, from 0: there is no path %u", name, server->paths,
                server->paths == 1 ? "" : "s", path);
    change->after->server = server->index;
    change->after->path = path != VIO_NO_INDEX ? path : vio__placement_path(actual, server);
}

static void check_adapter(struct vio_change *change, const struct vio_adapter_info *adapter)
{
    const struct vio_actual *actual = change->engine->actual;
    const struct vio_vadapter_info *after = change->after;
    const char *name = adapter->name;

    if (!adapter->present || !adapter->powered || adapter->fault) {
        problem(change, VIO_EGONE, name, "adapter \"%s\" is %s", name,
                adapter->fault      ? "faulty"
                : !adapter->present ? "an empty slot"
                                    : "switched off");
        return;
    }
    if (!vio__placement_fits(adapter, after->kind)) {
        problem(change, VIO_ENOTSUP, name, "adapter \"%s\" cannot be shared as a %s but as %s",
                name, vio__vadapter_kind_name(after->kind),
                adapter->kind == VIO_VADAPTER_UNKNOWN ? "nothing"
                                                      : vio__vadapter_kind_name(adapter->kind));
        return;
    }
    if (vio__actual_room(actual, adapter->index) == 0)
        problem(change, VIO_EFULL, name, "adapter \"%s\" has given all of its %u functions", name,
                adapter->max_functions);
    if (after->size > vio__actual_space(actual, adapter->index))
        problem(change, VIO_EFULL, name,
                "adapter \"%s\" has %llu bytes of free space; %llu are wanted", name,
                (unsigned long long)vio__actual_space(actual, adapter->index),
                (unsigned long long)after->size);
}

static void place_on(struct vio_change *change, const char *name)
{
    const struct vio_engine *engine = change->engine;
    const struct vio_observation *seen = vio__actual_observation(engine->actual);
    struct vio_vadapter_info *after = change->after;
    const struct vio_adapter_info *adapter = NULL;
    char list[LISTED_SIZE];

    if (*name) {
        adapter = vio__actual_adapter(engine->actual, name);
        list_adapters(seen, list);
        if (adapter)
            check_adapter(change, adapter);
        else
            problem(change, VIO_ENOENT, name, "there is no adapter \"%s\"; there are: %s", name,
                    list);
    } else if (vio__vadapter_address_kind(after->kind) != 0) {
        uint32_t index =
            vio__placement_adapter(engine->actual, engine->promises, after->kind, after->size);

        if (index != VIO_NO_INDEX)
            adapter = &seen->adapters[index];
        else
            problem(change, VIO_EFULL, "",
                    "no adapter that is shared as a %s has room for one more",
                    vio__vadapter_kind_name(after->kind));
    }
    if (adapter) {
        after->adapter = adapter->index;
        after->factory_address = adapter->factory_address;
    }
}

/* -- Capabilities ------------------------------------------------------------------------------ */

static void check_caps(struct vio_change *change)
{
    const struct vio_observation *seen = vio__actual_observation(change->engine->actual);
    const struct vio_vadapter_info *after = change->after;
    const struct vio_adapter_info *adapter;
    unsigned fields = vio__spec_fields(change->spec);

    if (after->adapter >= seen->num_adapters)
        return;
    adapter = &seen->adapters[after->adapter];
    if (after->kind == VIO_VADAPTER_VNIC && (fields & VIO_SPEC_VLAN)) {
        if (after->vlan.mode == VIO_VLAN_ACCESS && !(adapter->caps & VIO_ADAPTER_CAP_VLAN_ACCESS))
            problem(change, VIO_ENOTSUP, adapter->name,
                    "adapter \"%s\" cannot put its functions into an access VLAN", adapter->name);
        if (after->vlan.mode == VIO_VLAN_TRUNK && !(adapter->caps & VIO_ADAPTER_CAP_VLAN_TRUNK))
            problem(change, VIO_ENOTSUP, adapter->name,
                    "adapter \"%s\" cannot filter the VLANs of a trunk", adapter->name);
    }
    if (!(fields & (VIO_SPEC_ADDRESS | VIO_SPEC_NODE_ADDRESS)))
        return;
    if (!(adapter->caps & VIO_ADAPTER_CAP_ADDRESS))
        problem(change, VIO_ENOTSUP, adapter->name,
                "the identities of adapter \"%s\" cannot be set", adapter->name);
    else if (change->was.exists && change->was.function.server != VIO_NO_INDEX &&
             !(adapter->caps & VIO_ADAPTER_CAP_LIVE_ADDRESS))
        problem(change, VIO_ESTATE, after->name,
                "adapter \"%s\" cannot change an identity in use: detach \"%s\" first",
                adapter->name, after->name);
}

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

/* Whether an identity is known to be somebody else's. *ret_holder names whose. */
static bool is_taken(const struct vio_change *change, const struct vio_address *address,
                     const char **ret_holder)
{
    const struct vio_engine *engine = change->engine;
    const struct vio_observation *seen = vio__actual_observation(engine->actual);
    const struct vio_function_info *function = vio__actual_by_address(engine->actual, address);
    const uint8_t *who = vio__claims_who_has(vio__store_claims(engine->store), address);

    *ret_holder = "a vadapter that is being made";
    if (who && memcmp(who, change->after->uuid, VIO_UUID_SIZE) != 0) {
        const struct vio_vadapter_info *holder = vio__store_find(engine->store, who);

        if (holder)
            *ret_holder = holder->name;
        return true;
    }
    if (function && memcmp(function->cookie, change->after->uuid, VIO_UUID_SIZE) != 0) {
        *ret_holder = *function->label ? function->label : "a foreign function";
        return true;
    }
    for (size_t i = 0; i < seen->num_adapters; i++) {
        if (seen->adapters[i].factory_address.kind != 0 &&
            vio__hwaddr_compare(&seen->adapters[i].factory_address, address) == 0) {
            *ret_holder = seen->adapters[i].name;
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
    const char *holder;

    if (vio__vadapter_address_kind(after->kind) == 0)
        return;
    while (after->address.kind == 0 || (tries > 0 && is_taken(change, &after->address, &holder))) {
        if (tries++ == VIO_IDENTITY_MACS || (after->kind == VIO_VADAPTER_VDISK && tries > 1)) {
            problem(change, VIO_EFULL, after->name, "no identity is free");
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
    const char *holder;

    if (address->kind == 0 || !is_taken(change, address, &holder))
        return;
    if (vio__hwaddr_format(address, text, sizeof(text)) == 0)
        problem(change, VIO_EDUPLICATE, change->after->name, "%s is the identity of %s", text,
                holder);
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
        problem(change, VIO_EEXIST, change->after->name, "there is a vadapter \"%s\" already",
                change->after->name);
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

    problem(change, code, change->name, "%s", text);
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
    place_on(change, vio__spec_adapter(spec));
    if (*vio__spec_server(spec))
        place_in(change, vio__spec_server(spec), vio__spec_path(spec));
    check_caps(change);
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

static int plan_set(struct vio_change *change)
{
    int status = vio__spec_apply(change->spec, change->after);

    if (status == VIO_ELIMIT) {
        problem(change, VIO_ELIMIT, change->name, "a vadapter carries at most %d labels",
                VIO_LABELS_MAX);
        status = 0;
    }
    if (status != 0)
        return status;
    vio__spec_check(change->spec, change->before->kind, false, complain, change);
    check_caps(change);
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
        problem(change, VIO_ESTATE, change->name, "\"%s\" is in server \"%s\": detach it first",
                change->name, server_name(change, present));
    if (change->misnamed)
        problem(change, VIO_ENAME, change->server,
                "\"%s…\" is no server's name: at most 63 bytes are allowed", change->server);
    else
        place_in(change, change->server, VIO_NO_INDEX);
}

static void plan_remove(struct vio_change *change)
{
    uint32_t present = whereabouts(change);

    vio__vadapter_unref(change->after);
    change->after = NULL;
    if (present != VIO_NO_INDEX)
        problem(change, VIO_ESTATE, change->name, "\"%s\" is in server \"%s\": detach it first",
                change->name, server_name(change, present));
}

static int plan_existing(struct vio_change *change)
{
    int status;

    if (!change->before) {
        complain_of_target(change);
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
        problem(change, VIO_EBLOCKED, change->name,
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
