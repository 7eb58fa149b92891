/* SPDX-License-Identifier: MIT */
#include "lib/engine/edit.h"

#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/uuid.h"
#include "lib/domain/name.h"
#include "lib/engine/change.h"
#include "lib/engine/check.h"
#include "lib/engine/claim.h"
#include "lib/engine/internal.h"

/* -- Edits ------------------------------------------------------------------------------------- */

void vio__edit_draw_name(struct vio_ledger *ledger, enum vio_vadapter_kind kind,
                         char ret_name[VIO_NAME_SIZE])
{
    struct vio_claims *claims = vio__store_claims(ledger->store);

    do
        snprintf(ret_name, VIO_NAME_SIZE, "%s%llu", vio__vadapter_kind_name(kind),
                 (unsigned long long)ledger->next_name[kind]++);
    while (vio__claims_who_named(claims, ret_name) || vio__turns_is_busy(ledger->turns, ret_name));
}

void vio__change_draw_name(struct vio_item *item)
{
    struct vio_ledger *ledger = item->change->ledger;
    enum vio_vadapter_kind kind = vio__spec_kind(item->spec);
    char name[VIO_NAME_SIZE];

    if (*vio__spec_name(item->spec) || vio__vadapter_address_kind(kind) == 0)
        return;
    vio__edit_draw_name(ledger, kind, name);
    (void)vio__spec_set_name(item->spec, name); /* it is a valid one */
}

static void complain(void *user, int code, const char *text)
{
    struct vio_item *item = user;

    vio__check_problem(item, code, item->name, "%s", text);
}

int vio__edit_make(struct vio_item *item)
{
    struct vio_change *change = item->change;
    struct vio_object *object = &change->objects[change->num_objects];
    int status = vio__vadapter_new(change->ledger->alloc, &object->after);

    if (status != 0)
        return status;
    change->num_objects++;
    object->change = change;
    object->engine = item->engine;
    item->object = object;
    object->after->generation = 1;
    return vio__uuid_random(object->after->uuid);
}

int vio__edit_create(struct vio_item *item)
{
    const struct vio_vadapter_spec *spec = item->spec;
    struct vio_vadapter_info *after;
    int status = vio__edit_make(item);

    if (status == 0)
        status = vio__spec_apply(spec, item->object->after);
    if (status != 0)
        return status;
    after = item->object->after;
    memcpy(after->chassis, vio__engine_uuid(item->engine), VIO_UUID_SIZE);
    vio__spec_check(spec, vio__spec_kind(spec), true, complain, item);
    vio__check_adapter(item, vio__spec_adapter(spec));
    if (*vio__spec_server(spec))
        vio__check_server(item, vio__spec_server(spec), vio__spec_path(spec));
    vio__check_caps(item);
    status = vio__claim_draw(item);
    vio__claim_check(item);
    return status;
}

/* What the function keeps; its name and description are changed without an adapter too. */
#define ON_THE_ADAPTER                                                               \
    (VIO_SPEC_ADDRESS | VIO_SPEC_NODE_ADDRESS | VIO_SPEC_POOL | VIO_SPEC_NODE_POOL | \
     VIO_SPEC_VLAN | VIO_SPEC_ENABLED)

int vio__edit_set(struct vio_item *item)
{
    struct vio_vadapter_info *after = item->object->after;
    int status = vio__spec_apply(item->spec, after);

    if (status == VIO_ELIMIT) {
        vio__check_problem(item, VIO_ELIMIT, item->name, "a vadapter carries at most %d labels",
                           VIO_LABELS_MAX);
        status = 0;
    }
    if (status != 0)
        return status;
    vio__spec_check(item->spec, after->kind, false, complain, item);
    if (vio__spec_fields(item->spec) & ON_THE_ADAPTER)
        vio__check_behind(item);
    vio__check_caps(item);
    status = vio__claim_draw_anew(item);
    vio__claim_check(item);
    return status;
}

/* The server that it is in, or is to be in before this edit; VIO_NO_INDEX. */
static uint32_t whereabouts(const struct vio_object *object)
{
    if (object->edits > 0 || !object->was.exists || object->was.function.server == VIO_NO_INDEX)
        return object->after->server;
    return object->was.function.server;
}

static const char *server_name(const struct vio_item *item, uint32_t server)
{
    const struct vio_observation *seen = vio__actual_observation(item->engine->actual);

    return server < seen->num_servers ? seen->servers[server].name : "a server that is gone";
}

static void refuse_attached(struct vio_item *item, uint32_t present)
{
    vio__check_problem(item, VIO_ESTATE, item->name, "\"%s\" is in server \"%s\": detach it first",
                       item->name, server_name(item, present));
}

int vio__edit_attach(struct vio_item *item)
{
    struct vio_object *object = item->object;
    uint32_t present = whereabouts(object);
    const struct vio_server_info *wanted = vio__actual_server(item->engine->actual, item->server);

    if (present != VIO_NO_INDEX && wanted && wanted->index == present) {
        object->after->server = present;
        if (object->was.exists && object->was.function.server == present)
            object->after->path = object->was.function.path;
        return 0;
    }
    if (present != VIO_NO_INDEX && wanted)
        refuse_attached(item, present);
    if (item->misnamed)
        vio__check_problem(item, VIO_ENAME, item->server,
                           "\"%s…\" is no server's name: at most 63 bytes are allowed",
                           item->server);
    else
        vio__check_server(item, item->server, VIO_NO_INDEX);
    vio__check_behind(item);
    return 0;
}

int vio__edit_detach(struct vio_item *item)
{
    item->object->after->server = VIO_NO_INDEX;
    item->object->after->path = VIO_NO_INDEX;
    item->object->force |= item->force;
    return 0;
}

/* A vDisk holds data: it stays until it is purged. */
int vio__edit_remove(struct vio_item *item)
{
    struct vio_object *object = item->object;
    uint32_t present = whereabouts(object);

    if (present != VIO_NO_INDEX)
        refuse_attached(item, present);
    if (object->after->kind == VIO_VADAPTER_VDISK && object->before) {
        object->after->retired = vio__ledger_now(item->change->ledger);
        return 0;
    }
    vio__vadapter_unref(object->after);
    object->after = NULL;
    return 0;
}

int vio__edit_purge(struct vio_item *item)
{
    struct vio_object *object = item->object;

    if (object->after->retired == 0)
        vio__check_problem(item, VIO_ESTATE, item->name,
                           object->after->kind == VIO_VADAPTER_VDISK
                               ? "\"%s\" is in use: only a vDisk that was removed can be purged"
                               : "\"%s\" is no vDisk, and holds no data to be purged",
                           item->name);
    vio__vadapter_unref(object->after);
    object->after = NULL;
    return 0;
}
