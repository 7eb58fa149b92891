/* SPDX-License-Identifier: MIT */
#include "lib/domain/vadapter.h"

#include <stddef.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/diff.h"
#include "lib/domain/name.h"

int vio__vadapter_new(const struct vio_alloc *alloc, struct vio_vadapter_info **ret_vadapter)
{
    struct vio_vadapter_info *vadapter = vio__calloc(alloc, 1, sizeof(*vadapter));

    if (!vadapter)
        return VIO_ENOMEM;
    vio__ref_init(&vadapter->ref);
    vadapter->alloc = alloc ? *alloc : vio__alloc_default();
    vadapter->server = VIO_NO_INDEX;
    vadapter->path = VIO_NO_INDEX;
    vadapter->adapter = VIO_NO_INDEX;
    vadapter->enabled = true;
    vadapter->vlan.mode = VIO_VLAN_NONE;
    *ret_vadapter = vadapter;
    return 0;
}

int vio__vadapter_copy(const struct vio_vadapter_info *from,
                       struct vio_vadapter_info **ret_vadapter)
{
    const size_t counted = offsetof(struct vio_vadapter_info, alloc);
    struct vio_vadapter_info *vadapter = vio__alloc(&from->alloc, sizeof(*vadapter));
    int status;

    if (!vadapter)
        return VIO_ENOMEM;
    /* All but the count, which other threads change at any time. */
    memcpy((char *)vadapter + counted, (const char *)from + counted, sizeof(*vadapter) - counted);
    vio__ref_init(&vadapter->ref);
    vadapter->description = NULL;
    vadapter->labels = (struct vio_labels){0};
    status = vio__labels_copy(&vadapter->alloc, &from->labels, &vadapter->labels);
    if (status == 0 && from->description)
        status = vio__vadapter_set_description(vadapter, from->description);
    if (status != 0) {
        vio__vadapter_unref(vadapter);
        return status;
    }
    *ret_vadapter = vadapter;
    return 0;
}

struct vio_vadapter_info *vio__vadapter_ref(struct vio_vadapter_info *vadapter)
{
    vio__ref_get(&vadapter->ref);
    return vadapter;
}

void vio__vadapter_unref(struct vio_vadapter_info *vadapter)
{
    struct vio_alloc alloc;

    if (!vadapter || !vio__ref_put(&vadapter->ref))
        return;
    alloc = vadapter->alloc;
    vio__labels_clear(&alloc, &vadapter->labels);
    vio__free(&alloc, vadapter->description);
    vio__free(&alloc, vadapter);
}

int vio__vadapter_set_description(struct vio_vadapter_info *vadapter, const char *text)
{
    char *copy = NULL;

    if (*text) {
        copy = vio__strdup(&vadapter->alloc, text);
        if (!copy)
            return VIO_ENOMEM;
    }
    vio__free(&vadapter->alloc, vadapter->description);
    vadapter->description = copy;
    return 0;
}

void vio__vadapter_function(const struct vio_vadapter_info *vadapter,
                            struct vio_function_info *ret_function)
{
    *ret_function = (struct vio_function_info){
        .index = VIO_NO_INDEX,
        .kind = vadapter->kind,
        .state = vadapter->server == VIO_NO_INDEX ? VIO_FUNCTION_DETACHED : VIO_FUNCTION_BOUND,
        .enabled = vadapter->enabled,
        .adapter = vadapter->adapter,
        .server = vadapter->server,
        .path = vadapter->path,
        .bdf = VIO_NO_INDEX,
        .hotplug_slot = VIO_NO_INDEX,
        .vf = VIO_NO_INDEX,
        .address = vadapter->address,
        .node_address = vadapter->node_address,
        .size = vadapter->size,
        .vlan = vadapter->vlan,
        .qos = vadapter->qos,
    };
    memcpy(ret_function->cookie, vadapter->uuid, sizeof(ret_function->cookie));
    memcpy(ret_function->label, vadapter->name, sizeof(ret_function->label));
}

bool vio__vadapter_is_adoptable(const struct vio_function_info *function)
{
    return !vio__uuid_is_nil(function->cookie) && vio__name_is_valid(function->label) &&
           vio__vadapter_address_kind(function->kind) != 0;
}

int vio__vadapter_adopt(const struct vio_alloc *alloc, const uint8_t chassis[VIO_UUID_SIZE],
                        const struct vio_function_info *function,
                        struct vio_vadapter_info **ret_vadapter)
{
    struct vio_vadapter_info *vadapter;
    int status = vio__vadapter_new(alloc, &vadapter);

    if (status != 0)
        return status;
    memcpy(vadapter->uuid, function->cookie, sizeof(vadapter->uuid));
    memcpy(vadapter->name, function->label, sizeof(vadapter->name));
    memcpy(vadapter->chassis, chassis, sizeof(vadapter->chassis));
    vadapter->generation = 1;
    vadapter->kind = function->kind;
    vadapter->adapter = function->adapter;
    vadapter->server = function->server;
    vadapter->path = function->server == VIO_NO_INDEX ? VIO_NO_INDEX : function->path;
    vadapter->address = function->address;
    vadapter->node_address = function->node_address;
    vadapter->size = function->size;
    vadapter->enabled = function->enabled;
    vadapter->vlan = function->vlan;
    vadapter->qos = function->qos;
    *ret_vadapter = vadapter;
    return 0;
}

bool vio__vadapter_equal(const struct vio_vadapter_info *a, const struct vio_vadapter_info *b)
{
    struct vio_function_info x, y;
    struct vio_diff diff;

    vio__vadapter_function(a, &x);
    vio__vadapter_function(b, &y);
    vio__diff(&x, &y, &diff);
    return diff.count == 0 && memcmp(a->chassis, b->chassis, sizeof(a->chassis)) == 0 &&
           a->retired == b->retired &&
           strcmp(a->description ? a->description : "", b->description ? b->description : "") ==
               0 &&
           vio__labels_equal(&a->labels, &b->labels);
}

int vio__vadapter_address_kind(enum vio_vadapter_kind kind)
{
    switch (kind) {
    case VIO_VADAPTER_VNIC:
        return VIO_ADDRESS_MAC48;
    case VIO_VADAPTER_VHBA:
        return VIO_ADDRESS_WWN;
    case VIO_VADAPTER_VDISK:
        return VIO_ADDRESS_UUID;
    case VIO_VADAPTER_UNKNOWN:
        break;
    }
    return VIO_ADDRESS_UNKNOWN;
}

const char *vio__vadapter_kind_name(enum vio_vadapter_kind kind)
{
    switch (kind) {
    case VIO_VADAPTER_VNIC:
        return "vnic";
    case VIO_VADAPTER_VHBA:
        return "vhba";
    case VIO_VADAPTER_VDISK:
        return "vdisk";
    case VIO_VADAPTER_UNKNOWN:
        break;
    }
    return "unknown";
}
