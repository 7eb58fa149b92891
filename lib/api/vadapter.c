/* SPDX-License-Identifier: MIT */
#include <libvio/vadapter.h>

#include <string.h>

#include <libvio/error.h>

#include "lib/base/uuid.h"
#include "lib/domain/inventory.h"
#include "lib/loop/req.h"

struct vio_vadapter *vio_req_get_vadapter(const struct vio_req *req)
{
    return req ? vio__req_result(req, "vadapter") : NULL;
}

struct vio_vadapter *vio_vadapter_ref(struct vio_vadapter *vadapter)
{
    if (vadapter)
        vio__inventory_ref(vio__vadapter_inventory(vadapter));
    return vadapter;
}

void vio_vadapter_unref(struct vio_vadapter *vadapter)
{
    if (vadapter)
        vio__inventory_unref(vio__vadapter_inventory(vadapter));
}

const char *vio_vadapter_name(const struct vio_vadapter *vadapter)
{
    return vadapter ? vio__vadapter_info(vadapter)->name : NULL;
}

int vio_vadapter_uuid(const struct vio_vadapter *vadapter, struct vio_address *ret_uuid)
{
    if (!vadapter || !ret_uuid)
        return VIO_EINVAL;
    *ret_uuid = (struct vio_address){.kind = VIO_ADDRESS_UUID, .length = VIO_UUID_SIZE};
    memcpy(ret_uuid->bytes, vio__vadapter_info(vadapter)->uuid, VIO_UUID_SIZE);
    return 0;
}

enum vio_vadapter_kind vio_vadapter_kind(const struct vio_vadapter *vadapter)
{
    return vadapter ? vio__vadapter_info(vadapter)->kind : VIO_VADAPTER_UNKNOWN;
}

enum vio_vadapter_state vio_vadapter_state(const struct vio_vadapter *vadapter)
{
    return vadapter ? vio__vadapter_state(vadapter) : VIO_VADAPTER_STATE_UNKNOWN;
}

bool vio_vadapter_is_enabled(const struct vio_vadapter *vadapter)
{
    return vadapter ? vio__vadapter_info(vadapter)->enabled : false;
}

bool vio_vadapter_is_link_up(const struct vio_vadapter *vadapter)
{
    const struct vio_function_info *function = vadapter ? vio__vadapter_actual(vadapter) : NULL;

    return function && function->link_up;
}

const char *vio_vadapter_server(const struct vio_vadapter *vadapter)
{
    return vadapter ? vio__vadapter_server(vadapter) : NULL;
}

const char *vio_vadapter_adapter(const struct vio_vadapter *vadapter)
{
    return vadapter ? vio__vadapter_adapter(vadapter) : NULL;
}

int vio_vadapter_address(const struct vio_vadapter *vadapter, struct vio_address *ret_address)
{
    if (!vadapter || !ret_address)
        return VIO_EINVAL;
    *ret_address = vio__vadapter_info(vadapter)->address;
    return 0;
}

int vio_vadapter_node_address(const struct vio_vadapter *vadapter, struct vio_address *ret_address)
{
    if (!vadapter || !ret_address)
        return VIO_EINVAL;
    if (vio__vadapter_info(vadapter)->node_address.kind == 0)
        return VIO_ENOENT;
    *ret_address = vio__vadapter_info(vadapter)->node_address;
    return 0;
}

int vio_vadapter_factory_address(const struct vio_vadapter *vadapter,
                                 struct vio_address *ret_address)
{
    if (!vadapter || !ret_address)
        return VIO_EINVAL;
    if (vio__vadapter_info(vadapter)->factory_address.kind == 0)
        return VIO_ENOENT;
    *ret_address = vio__vadapter_info(vadapter)->factory_address;
    return 0;
}

uint64_t vio_vadapter_size(const struct vio_vadapter *vadapter)
{
    return vadapter ? vio__vadapter_info(vadapter)->size : 0;
}

enum vio_vlan_mode vio_vadapter_vlan_mode(const struct vio_vadapter *vadapter)
{
    enum vio_vlan_mode mode = vadapter ? vio__vadapter_info(vadapter)->vlan.mode : VIO_VLAN_UNKNOWN;

    return vadapter && mode == VIO_VLAN_UNKNOWN ? VIO_VLAN_NONE : mode;
}

uint16_t vio_vadapter_vlan(const struct vio_vadapter *vadapter)
{
    return vadapter ? vio__vadapter_info(vadapter)->vlan.vlan : 0;
}

const char *vio_vadapter_vlan_trunk(const struct vio_vadapter *vadapter)
{
    return vadapter ? vio__vadapter_trunk(vadapter) : NULL;
}

uint32_t vio_vadapter_function(const struct vio_vadapter *vadapter)
{
    const struct vio_function_info *function = vadapter ? vio__vadapter_actual(vadapter) : NULL;

    return function ? function->index : vadapter ? VIO_NO_INDEX : 0;
}

uint32_t vio_vadapter_bdf(const struct vio_vadapter *vadapter)
{
    const struct vio_function_info *function = vadapter ? vio__vadapter_actual(vadapter) : NULL;

    return function ? function->bdf : vadapter ? VIO_NO_INDEX : 0;
}

const char *vio_vadapter_description(const struct vio_vadapter *vadapter)
{
    const char *text = vadapter ? vio__vadapter_info(vadapter)->description : NULL;

    return vadapter && !text ? "" : text;
}

size_t vio_vadapter_num_labels(const struct vio_vadapter *vadapter)
{
    return vadapter ? vio__vadapter_info(vadapter)->labels.count : 0;
}

const char *vio_vadapter_label_key(const struct vio_vadapter *vadapter, size_t at)
{
    const struct vio_labels *labels = vadapter ? &vio__vadapter_info(vadapter)->labels : NULL;

    return labels && at < labels->count ? labels->label[at].key : NULL;
}

const char *vio_vadapter_label_value(const struct vio_vadapter *vadapter, size_t at)
{
    const struct vio_labels *labels = vadapter ? &vio__vadapter_info(vadapter)->labels : NULL;

    return labels && at < labels->count ? labels->label[at].value : NULL;
}

const char *vio_vadapter_label(const struct vio_vadapter *vadapter, const char *key)
{
    return vadapter && key ? vio__labels_get(&vio__vadapter_info(vadapter)->labels, key) : NULL;
}

uint64_t vio_vadapter_generation(const struct vio_vadapter *vadapter)
{
    return vadapter ? vio__vadapter_info(vadapter)->generation : 0;
}

const char *vio_vadapter_kind_name(enum vio_vadapter_kind kind)
{
    return vio__vadapter_kind_name(kind);
}

const char *vio_vadapter_state_name(enum vio_vadapter_state state)
{
    return vio__vadapter_state_name(state);
}
