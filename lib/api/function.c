/* SPDX-License-Identifier: MIT */
#include <libvio/function.h>

#include <string.h>

#include <libvio/error.h>

#include "lib/base/uuid.h"
#include "lib/domain/inventory.h"

struct vio_function *vio_function_ref(struct vio_function *function)
{
    if (function)
        vio__inventory_ref(vio__function_inventory(function));
    return function;
}

void vio_function_unref(struct vio_function *function)
{
    if (function)
        vio__inventory_unref(vio__function_inventory(function));
}

uint32_t vio_function_index(const struct vio_function *function)
{
    return function ? vio__function_info(function)->index : 0;
}

const char *vio_function_label(const struct vio_function *function)
{
    return function ? vio__function_info(function)->label : NULL;
}

enum vio_vadapter_kind vio_function_kind(const struct vio_function *function)
{
    return function ? vio__function_info(function)->kind : VIO_VADAPTER_UNKNOWN;
}

enum vio_function_state vio_function_state(const struct vio_function *function)
{
    return function ? vio__function_info(function)->state : VIO_FUNCTION_UNKNOWN;
}

bool vio_function_is_enabled(const struct vio_function *function)
{
    return function ? vio__function_info(function)->enabled : false;
}

bool vio_function_is_link_up(const struct vio_function *function)
{
    return function ? vio__function_info(function)->link_up : false;
}

bool vio_function_is_foreign(const struct vio_function *function)
{
    return function && !vio__function_vadapter(function);
}

const char *vio_function_adapter(const struct vio_function *function)
{
    return function ? vio__function_adapter(function) : NULL;
}

const char *vio_function_server(const struct vio_function *function)
{
    return function ? vio__function_server(function) : NULL;
}

uint32_t vio_function_path(const struct vio_function *function)
{
    return function ? vio__function_info(function)->path : 0;
}

uint32_t vio_function_bdf(const struct vio_function *function)
{
    return function ? vio__function_info(function)->bdf : 0;
}

uint32_t vio_function_vf(const struct vio_function *function)
{
    return function ? vio__function_info(function)->vf : 0;
}

uint64_t vio_function_size(const struct vio_function *function)
{
    return function ? vio__function_info(function)->size : 0;
}

uint64_t vio_function_rx_bytes(const struct vio_function *function)
{
    return function ? vio__function_info(function)->rx_bytes : 0;
}

uint64_t vio_function_rx_frames(const struct vio_function *function)
{
    return function ? vio__function_info(function)->rx_frames : 0;
}

uint64_t vio_function_rx_drops(const struct vio_function *function)
{
    return function ? vio__function_info(function)->rx_drops : 0;
}

uint64_t vio_function_tx_bytes(const struct vio_function *function)
{
    return function ? vio__function_info(function)->tx_bytes : 0;
}

uint64_t vio_function_tx_frames(const struct vio_function *function)
{
    return function ? vio__function_info(function)->tx_frames : 0;
}

uint64_t vio_function_tx_drops(const struct vio_function *function)
{
    return function ? vio__function_info(function)->tx_drops : 0;
}

uint64_t vio_function_generation(const struct vio_function *function)
{
    return function ? vio__function_info(function)->generation : 0;
}

int vio_function_cookie(const struct vio_function *function, struct vio_address *ret_uuid)
{
    if (!function || !ret_uuid)
        return VIO_EINVAL;
    *ret_uuid = (struct vio_address){.kind = VIO_ADDRESS_UUID, .length = VIO_UUID_SIZE};
    memcpy(ret_uuid->bytes, vio__function_info(function)->cookie, VIO_UUID_SIZE);
    return 0;
}

int vio_function_address(const struct vio_function *function, struct vio_address *ret_address)
{
    if (!function || !ret_address)
        return VIO_EINVAL;
    if (vio__function_info(function)->address.kind == 0)
        return VIO_ENOENT;
    *ret_address = vio__function_info(function)->address;
    return 0;
}

int vio_function_node_address(const struct vio_function *function, struct vio_address *ret_address)
{
    if (!function || !ret_address)
        return VIO_EINVAL;
    if (vio__function_info(function)->node_address.kind == 0)
        return VIO_ENOENT;
    *ret_address = vio__function_info(function)->node_address;
    return 0;
}

const char *vio_function_state_name(enum vio_function_state state)
{
    return vio__function_state_name(state);
}
