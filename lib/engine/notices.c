/* SPDX-License-Identifier: MIT */
/* What the driver notices becomes events with names, and tells what is not known any more. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/base/uuid.h"
#include "lib/engine/internal.h"
#include "lib/engine/reconcile.h"

/* Notices and events have the same numbers; these are the ends of both. */
_Static_assert((int)VIO_NOTICE_PORT_UP == (int)VIO_EVENT_PORT_UP, "notice and event types differ");
_Static_assert((int)VIO_NOTICE_FUNCTION_CREATED == (int)VIO_EVENT_FUNCTION_CREATED,
               "notice and event types differ");
_Static_assert((int)VIO_NOTICE_RESTORED == (int)VIO_EVENT_RESTORED,
               "notice and event types differ");

static uint64_t wall_clock(void)
{
    struct timespec now;

    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return 0;
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static void copy(char target[VIO_NAME_SIZE], const char *text)
{
    snprintf(target, VIO_NAME_SIZE, "%s", text);
}

/* What is known of the function that the notice is about. Another one may have had its index. */
static const struct vio_function_info *known_function(const struct vio_engine *engine,
                                                      const struct vio_notice *notice)
{
    const struct vio_function_info *function = vio__actual_function(engine->actual, notice->index);

    if (function && memcmp(function->cookie, notice->cookie, sizeof(function->cookie)) != 0)
        return NULL;
    return function;
}

/* Names a function event: by what is known of the function, else by the vAdapter it is for. */
static void name_function(const struct vio_engine *engine, const struct vio_notice *notice,
                          struct vio_event_info *info)
{
    const struct vio_observation *seen = vio__actual_observation(engine->actual);
    const struct vio_function_info *function = known_function(engine, notice);
    struct vio_vadapter_info *vadapter = NULL;
    uint32_t adapter, server;

    /* An event without a name, where memory is out, is better than none. */
    if (vio__engine_store(engine))
        (void)vio__store_find(vio__engine_store(engine), notice->cookie, &vadapter);
    adapter = function ? function->adapter : vadapter ? vadapter->adapter : VIO_NO_INDEX;
    server = vadapter ? vadapter->server : function ? function->server : VIO_NO_INDEX;
    memcpy(info->cookie, notice->cookie, sizeof(info->cookie));
    if (vadapter || function)
        copy(info->object, vadapter ? vadapter->name : function->label);
    if (seen && adapter < seen->num_adapters)
        copy(info->adapter, seen->adapters[adapter].name);
    if (seen && server < seen->num_servers)
        copy(info->server, seen->servers[server].name);
    vio__vadapter_unref(vadapter);
}

static void name_object(const struct vio_engine *engine, const struct vio_notice *notice,
                        struct vio_event_info *info)
{
    const struct vio_observation *seen = vio__actual_observation(engine->actual);
    uint32_t index = notice->index;

    switch (notice->type) {
    case VIO_NOTICE_PORT_UP:
    case VIO_NOTICE_PORT_DOWN:
    case VIO_NOTICE_PORT_CHANGED:
        if (seen && index < seen->num_ports)
            copy(info->object, seen->ports[index].name);
        break;
    case VIO_NOTICE_SERVER_ON:
    case VIO_NOTICE_SERVER_OFF:
        if (seen && index < seen->num_servers)
            copy(info->object, seen->servers[index].name);
        break;
    case VIO_NOTICE_ADAPTER_INSERTED:
    case VIO_NOTICE_ADAPTER_REMOVED:
    case VIO_NOTICE_ADAPTER_FAULT:
        if (seen && index < seen->num_adapters)
            copy(info->object, seen->adapters[index].name);
        break;
    case VIO_NOTICE_FUNCTION_CREATED:
    case VIO_NOTICE_FUNCTION_BOUND:
    case VIO_NOTICE_FUNCTION_UNBOUND:
    case VIO_NOTICE_FUNCTION_DESTROYED:
    case VIO_NOTICE_FUNCTION_CHANGED:
    case VIO_NOTICE_FUNCTION_FAULT:
    case VIO_NOTICE_FUNCTION_LINK:
        name_function(engine, notice, info);
        break;
    default:
        break;
    }
}

/* Whether the function is that of a vAdapter of the store, or of one that is just being removed:
 * its name is its own until that has ended. */
static bool is_own(const struct vio_engine *engine, const struct vio_notice *notice)
{
    const struct vio_function_info *function =
        vio__actual_by_cookie(engine->actual, notice->cookie);
    struct vio__store *store = vio__engine_store(engine);
    const uint8_t *holder;

    if (!store || vio__store_has(store, notice->cookie))
        return true;
    holder = function ? vio__claims_who_named(vio__store_claims(store), function->label) : NULL;
    return holder && memcmp(holder, notice->cookie, VIO_UUID_SIZE) == 0;
}

/* Our own changes read the functions that they touch; anything else has to be observed anew. */
static bool makes_stale(const struct vio_engine *engine, const struct vio_notice *notice)
{
    switch (notice->type) {
    case VIO_NOTICE_FUNCTION_CREATED:
    case VIO_NOTICE_FUNCTION_BOUND:
    case VIO_NOTICE_FUNCTION_UNBOUND:
    case VIO_NOTICE_FUNCTION_DESTROYED:
    case VIO_NOTICE_FUNCTION_CHANGED:
        return !is_own(engine, notice);
    case VIO_NOTICE_FUNCTION_LINK:
    case VIO_NOTICE_OWNER_CHANGED:
        return false;
    default:
        return true;
    }
}

void vio__engine_notice(void *user, const struct vio_notice *notice)
{
    struct vio_engine *engine = user;
    struct vio_event_info info = {
        .type = (enum vio_event_type)notice->type,
        .sequence = notice->sequence,
        .time = wall_clock(),
        .index = notice->index,
        .value = notice->value,
    };

    if (notice->type == VIO_NOTICE_FENCED)
        engine->fenced = true;
    if (makes_stale(engine, notice))
        engine->stale = true;
    name_object(engine, notice, &info);
    vio__hub_publish(engine->hub, &info);
    vio__repair_notice(engine, notice);
}
