/* SPDX-License-Identifier: MIT */
#include "lib/engine/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/name.h"
#include "lib/domain/plan.h"
#include "lib/engine/internal.h"

#define LISTED      8 /* names in a message */
#define LISTED_SIZE 640
#define LISTED_OF   1000 /* of so many objects, some are named */

/* -- Problems ---------------------------------------------------------------------------------- */

void vio__check_problem(struct vio_item *item, int code, const char *object, const char *fmt, ...)
{
    char text[VIO_ENGINE_TEXT];
    struct vio_change *change = item->change;
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    vio__req_add_problem(change->req, code, object, "%s", text);
    if (change->outline)
        vio__plan_add_problem(change->outline, code, object, text);
    if (change->problem == 0) {
        change->problem = code;
        vio__change_say(change, "%s", text);
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
void vio__check_target(struct vio_item *item)
{
    const struct vio__store *store = item->change->ledger->store;
    struct vio_vadapter_info **vadapters;
    char list[LISTED_SIZE] = "";
    size_t count = 0;

    if (item->misnamed) {
        vio__check_problem(item, VIO_ENAME, item->target,
                           "\"%s…\" is no name; a name has " VIO_NAME_RULE, item->target);
        return;
    }
    if (vio__store_count(store) > LISTED_OF) {
        vio__check_problem(item, VIO_ENOENT, item->target, "there is no vadapter \"%s\" among %zu",
                           item->target, vio__store_count(store));
        return;
    }
    if (vio__store_list(store, NULL, &vadapters, &count) == 0) {
        for (size_t i = 0; i < count; i++)
            list_name(list, i, count, vadapters[i]->name);
        vio__store_free_list(store, vadapters, count);
    }
    vio__check_problem(item, VIO_ENOENT, item->target, "there is no vadapter \"%s\"; there %s%s",
                       item->target, count > 0 ? "are: " : "are none", list);
}

/* -- Places ------------------------------------------------------------------------------------ */

static const struct vio_server_info *find_server(struct vio_item *item, const char *name)
{
    const struct vio_actual *actual = item->engine->actual;
    const struct vio_server_info *server = vio__actual_server(actual, name);
    char list[LISTED_SIZE];

    if (!server) {
        list_servers(vio__actual_observation(actual), list);
        vio__check_problem(item, VIO_ENOENT, name, "there is no server \"%s\"; there are: %s", name,
                           list);
        return NULL;
    }
    if (!server->present) {
        vio__check_problem(item, VIO_EGONE, name, "no server is wired to the ports of \"%s\"",
                           name);
        return NULL;
    }
    return server;
}

/* How many more functions the rest of the change set takes out of a server than it puts in. */
static int slots_freed(const struct vio_item *item, uint32_t server)
{
    const struct vio_change *change = item->change;
    int freed = 0;

    for (size_t i = 0; i < change->num_objects; i++) {
        const struct vio_object *object = &change->objects[i];

        if (object == item->object || object->engine != item->engine || object->edits == 0)
            continue;
        freed += object->was.exists && object->was.function.server == server;
        freed -= object->after && object->after->server == server;
    }
    return freed;
}

/* Sets the server and the path of the vAdapter that is to be. */
void vio__check_server(struct vio_item *item, const char *name, uint32_t path)
{
    const struct vio_actual *actual = item->engine->actual;
    const struct vio_server_info *server = find_server(item, name);

    if (!server)
        return;
    if ((int)vio__actual_slots(actual, server->index) + slots_freed(item, server->index) <= 0)
        vio__check_problem(item, VIO_EFULL, name,
                           "all %u hot-plug slots of server \"%s\" are in use",
                           server->hotplug_slots, name);
    if (path != VIO_NO_INDEX && path >= server->paths)
        vio__check_problem(item, VIO_ENOENT, name,
                           "server \"%s\" has %u path%s, from 0: there is no path %u", name,
                           server->paths, server->paths == 1 ? "" : "s", path);
    item->object->after->server = server->index;
    item->object->after->path = path != VIO_NO_INDEX ? path : vio__placement_path(actual, server);
}

static bool is_usable(const struct vio_adapter_info *adapter)
{
    return adapter->present && adapter->powered && !adapter->fault;
}

static void complain_of_unusable(struct vio_item *item, const struct vio_adapter_info *adapter)
{
    vio__check_problem(item, VIO_EGONE, adapter->name, "adapter \"%s\" is %s", adapter->name,
                       adapter->fault      ? "faulty or was pulled"
                       : !adapter->present ? "an empty slot"
                                           : "switched off");
}

/* How many more functions, and bytes, the rest of the change set gives back than it takes. */
static int64_t room_freed(const struct vio_item *item, uint32_t adapter, int64_t *ret_space)
{
    const struct vio_change *change = item->change;
    int64_t freed = 0;

    *ret_space = 0;
    for (size_t i = 0; i < change->num_objects; i++) {
        const struct vio_object *object = &change->objects[i];
        const struct vio_vadapter_info *after = object->after;
        const struct vio_function_info *was = &object->was.function;

        if (object == item->object || object->engine != item->engine || object->edits == 0)
            continue;
        if (object->was.exists && was->adapter == adapter) {
            freed++;
            *ret_space += (int64_t)was->size;
        }
        if (after && after->adapter == adapter) {
            freed--;
            *ret_space -= (int64_t)after->size;
        }
    }
    return freed;
}

static void judge_room(struct vio_item *item, const struct vio_adapter_info *adapter)
{
    const struct vio_actual *actual = item->engine->actual;
    const struct vio_vadapter_info *after = item->object->after;
    int64_t space;
    int64_t room = room_freed(item, adapter->index, &space) +
                   (int64_t)vio__actual_room(actual, adapter->index);

    space += (int64_t)vio__actual_space(actual, adapter->index);
    if (room <= 0)
        vio__check_problem(item, VIO_EFULL, adapter->name,
                           "adapter \"%s\" has given all of its %u functions", adapter->name,
                           adapter->max_functions);
    if (after->size > INT64_MAX || (int64_t)after->size > space)
        vio__check_problem(item, VIO_EFULL, adapter->name,
                           "adapter \"%s\" has %llu bytes of free space; %llu are wanted",
                           adapter->name, (unsigned long long)(space > 0 ? space : 0),
                           (unsigned long long)after->size);
}

static void judge_adapter(struct vio_item *item, const struct vio_adapter_info *adapter)
{
    const struct vio_vadapter_info *after = item->object->after;
    const char *name = adapter->name;

    if (!is_usable(adapter)) {
        complain_of_unusable(item, adapter);
        return;
    }
    if (!vio__placement_fits(adapter, after->kind)) {
        vio__check_problem(
            item, VIO_ENOTSUP, name, "adapter \"%s\" cannot be shared as a %s but as %s", name,
            vio__vadapter_kind_name(after->kind),
            adapter->kind == VIO_VADAPTER_UNKNOWN ? "nothing"
                                                  : vio__vadapter_kind_name(adapter->kind));
        return;
    }
    judge_room(item, adapter);
}

static void complain_of_unknown(struct vio_item *item, const char *name)
{
    char list[LISTED_SIZE];

    list_adapters(vio__actual_observation(item->engine->actual), list);
    vio__check_problem(item, VIO_ENOENT, name, "there is no adapter \"%s\"; there are: %s", name,
                       list);
}

void vio__check_adapter(struct vio_item *item, const char *name)
{
    const struct vio_engine *engine = item->engine;
    const struct vio_observation *seen = vio__actual_observation(engine->actual);
    struct vio_vadapter_info *after = item->object->after;
    const struct vio_adapter_info *adapter = NULL;

    if (*name) {
        adapter = vio__actual_adapter(engine->actual, name);
        if (adapter)
            judge_adapter(item, adapter);
        else
            complain_of_unknown(item, name);
    } else if (vio__vadapter_address_kind(after->kind) != 0) {
        uint32_t index =
            vio__placement_adapter(engine->actual, engine->promises, after->kind, after->size);

        if (index != VIO_NO_INDEX)
            adapter = &seen->adapters[index];
        else
            vio__check_problem(item, VIO_EFULL, "",
                               "no adapter that is shared as a %s has room for one more",
                               vio__vadapter_kind_name(after->kind));
    }
    if (adapter) {
        after->adapter = adapter->index;
        after->factory_address = adapter->factory_address;
    }
}

void vio__check_place(struct vio_item *item)
{
    const struct vio_observation *seen = vio__actual_observation(item->engine->actual);
    const struct vio_object *object = item->object;
    uint32_t adapter = object->after->adapter;
    uint32_t server = object->after->server;

    if (adapter >= seen->num_adapters)
        vio__check_problem(item, VIO_EGONE, item->name, "the adapter of \"%s\" is gone",
                           object->after->name);
    else if (!object->was.exists)
        judge_adapter(item, &seen->adapters[adapter]);
    if (server == VIO_NO_INDEX || (object->was.exists && object->was.function.server == server))
        return;
    if (server >= seen->num_servers)
        vio__check_problem(item, VIO_EGONE, item->name, "the server of \"%s\" is gone",
                           object->after->name);
    else
        vio__check_server(item, seen->servers[server].name, object->after->path);
}

/* What is wanted of a function that is there needs the adapter behind it. */
void vio__check_behind(struct vio_item *item)
{
    const struct vio_observation *seen = vio__actual_observation(item->engine->actual);
    uint32_t adapter = item->object->after->adapter;

    if (adapter < seen->num_adapters && !is_usable(&seen->adapters[adapter]))
        complain_of_unusable(item, &seen->adapters[adapter]);
}

/* -- Capabilities ------------------------------------------------------------------------------ */

void vio__check_caps(struct vio_item *item)
{
    const struct vio_observation *seen = vio__actual_observation(item->engine->actual);
    const struct vio_vadapter_info *after = item->object->after;
    const struct vio_adapter_info *adapter;
    unsigned fields = vio__spec_fields(item->spec);

    if (after->adapter >= seen->num_adapters)
        return;
    adapter = &seen->adapters[after->adapter];
    if (!is_usable(adapter)) /* which shows no capabilities */
        return;
    if (after->kind == VIO_VADAPTER_VNIC && (fields & VIO_SPEC_VLAN)) {
        if (after->vlan.mode == VIO_VLAN_ACCESS && !(adapter->caps & VIO_ADAPTER_CAP_VLAN_ACCESS))
            vio__check_problem(item, VIO_ENOTSUP, adapter->name,
                               "adapter \"%s\" cannot put its functions into an access VLAN",
                               adapter->name);
        if (after->vlan.mode == VIO_VLAN_TRUNK && !(adapter->caps & VIO_ADAPTER_CAP_VLAN_TRUNK))
            vio__check_problem(item, VIO_ENOTSUP, adapter->name,
                               "adapter \"%s\" cannot filter the VLANs of a trunk", adapter->name);
    }
    if (!(fields & (VIO_SPEC_ADDRESS | VIO_SPEC_NODE_ADDRESS)))
        return;
    if (!(adapter->caps & VIO_ADAPTER_CAP_ADDRESS))
        vio__check_problem(item, VIO_ENOTSUP, adapter->name,
                           "the identities of adapter \"%s\" cannot be set", adapter->name);
    else if (item->object->was.exists && item->object->was.function.server != VIO_NO_INDEX &&
             !(adapter->caps & VIO_ADAPTER_CAP_LIVE_ADDRESS))
        vio__check_problem(item, VIO_ESTATE, after->name,
                           "adapter \"%s\" cannot change an identity in use: detach \"%s\" first",
                           adapter->name, after->name);
}
