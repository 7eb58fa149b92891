/* SPDX-License-Identifier: MIT */
#include <libvio/inventory.h>

#include <string.h>

#include <libvio/error.h>

#include "lib/base/uuid.h"
#include "lib/domain/inventory.h"
#include "lib/loop/req.h"

struct vio_inventory *vio_req_get_inventory(const struct vio_req *req)
{
    return req ? vio__req_result(req, "inventory") : NULL;
}

struct vio_inventory *vio_inventory_ref(struct vio_inventory *inventory)
{
    return inventory ? vio__inventory_ref(inventory) : NULL;
}

void vio_inventory_unref(struct vio_inventory *inventory)
{
    vio__inventory_unref(inventory);
}

uint64_t vio_inventory_version(const struct vio_inventory *inventory)
{
    return inventory ? vio__inventory_chassis(inventory)->change : 0;
}

int vio_inventory_uuid(const struct vio_inventory *inventory, struct vio_address *ret_uuid)
{
    if (!inventory || !ret_uuid)
        return VIO_EINVAL;
    *ret_uuid = (struct vio_address){.kind = VIO_ADDRESS_UUID, .length = VIO_UUID_SIZE};
    memcpy(ret_uuid->bytes, vio__inventory_chassis(inventory)->uuid, VIO_UUID_SIZE);
    return 0;
}

const char *vio_inventory_name(const struct vio_inventory *inventory)
{
    return inventory ? vio__inventory_chassis(inventory)->name : NULL;
}

const char *vio_inventory_model(const struct vio_inventory *inventory)
{
    return inventory ? vio__inventory_chassis(inventory)->model : NULL;
}

const char *vio_inventory_serial(const struct vio_inventory *inventory)
{
    return inventory ? vio__inventory_chassis(inventory)->serial : NULL;
}

const char *vio_inventory_firmware(const struct vio_inventory *inventory)
{
    return inventory ? vio__inventory_chassis(inventory)->firmware : NULL;
}

uint64_t vio_inventory_boot_id(const struct vio_inventory *inventory)
{
    return inventory ? vio__inventory_chassis(inventory)->boot_id : 0;
}

uint64_t vio_inventory_uptime(const struct vio_inventory *inventory)
{
    return inventory ? vio__inventory_chassis(inventory)->uptime : 0;
}

const char *vio_inventory_owner(const struct vio_inventory *inventory)
{
    return inventory ? vio__inventory_chassis(inventory)->owner : NULL;
}

uint32_t vio_inventory_fault(const struct vio_inventory *inventory)
{
    return inventory ? vio__inventory_chassis(inventory)->fault : 0;
}

uint32_t vio_inventory_max_functions(const struct vio_inventory *inventory)
{
    return inventory ? vio__inventory_chassis(inventory)->max_functions : 0;
}

size_t vio_inventory_num_ports(const struct vio_inventory *inventory)
{
    return inventory ? vio__inventory_count(inventory, VIO_NOUN_PORT) : 0;
}

size_t vio_inventory_num_servers(const struct vio_inventory *inventory)
{
    return inventory ? vio__inventory_count(inventory, VIO_NOUN_SERVER) : 0;
}

size_t vio_inventory_num_adapters(const struct vio_inventory *inventory)
{
    return inventory ? vio__inventory_count(inventory, VIO_NOUN_ADAPTER) : 0;
}

size_t vio_inventory_num_functions(const struct vio_inventory *inventory)
{
    return inventory ? vio__inventory_count(inventory, VIO_NOUN_FUNCTION) : 0;
}

size_t vio_inventory_num_vadapters(const struct vio_inventory *inventory)
{
    return inventory ? vio__inventory_count(inventory, VIO_NOUN_VADAPTER) : 0;
}

struct vio_port *vio_inventory_find_port(const struct vio_inventory *inventory, const char *name)
{
    return inventory && name ? vio__inventory_find(inventory, VIO_NOUN_PORT, name) : NULL;
}

struct vio_server *vio_inventory_find_server(const struct vio_inventory *inventory,
                                             const char *name)
{
    return inventory && name ? vio__inventory_find(inventory, VIO_NOUN_SERVER, name) : NULL;
}

struct vio_adapter *vio_inventory_find_adapter(const struct vio_inventory *inventory,
                                               const char *name)
{
    return inventory && name ? vio__inventory_find(inventory, VIO_NOUN_ADAPTER, name) : NULL;
}

struct vio_vadapter *vio_inventory_find_vadapter(const struct vio_inventory *inventory,
                                                 const char *name)
{
    return inventory && name ? vio__inventory_find(inventory, VIO_NOUN_VADAPTER, name) : NULL;
}

struct vio_function *vio_inventory_find_function(const struct vio_inventory *inventory,
                                                 uint32_t index)
{
    return inventory ? vio__inventory_function(inventory, index) : NULL;
}
