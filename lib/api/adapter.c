/* SPDX-License-Identifier: MIT */
#include <libvio/adapter.h>

#include <libvio/error.h>

#include "lib/domain/inventory.h"

struct vio_adapter *vio_adapter_ref(struct vio_adapter *adapter)
{
    if (adapter)
        vio__inventory_ref(vio__adapter_inventory(adapter));
    return adapter;
}

void vio_adapter_unref(struct vio_adapter *adapter)
{
    if (adapter)
        vio__inventory_unref(vio__adapter_inventory(adapter));
}

const char *vio_adapter_name(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_info(adapter)->name : NULL;
}

uint32_t vio_adapter_index(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_info(adapter)->index : 0;
}

const char *vio_adapter_model(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_info(adapter)->model : NULL;
}

bool vio_adapter_is_present(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_info(adapter)->present : false;
}

bool vio_adapter_is_powered(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_info(adapter)->powered : false;
}

bool vio_adapter_is_faulty(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_info(adapter)->fault : false;
}

const char *vio_adapter_state_name(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_state(adapter) : NULL;
}

enum vio_vadapter_kind vio_adapter_kind(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_info(adapter)->kind : VIO_VADAPTER_UNKNOWN;
}

enum vio_sharing vio_adapter_sharing(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_info(adapter)->sharing : VIO_SHARING_UNKNOWN;
}

uint32_t vio_adapter_caps(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_info(adapter)->caps : 0;
}

uint16_t vio_adapter_vendor_id(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_info(adapter)->vendor_id : 0;
}

uint16_t vio_adapter_device_id(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_info(adapter)->device_id : 0;
}

uint16_t vio_adapter_subsystem_vendor_id(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_info(adapter)->subsystem_vendor_id : 0;
}

uint16_t vio_adapter_subsystem_id(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_info(adapter)->subsystem_id : 0;
}

uint32_t vio_adapter_class_code(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_info(adapter)->class_code : 0;
}

uint8_t vio_adapter_revision(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_info(adapter)->revision : 0;
}

uint32_t vio_adapter_max_functions(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_info(adapter)->max_functions : 0;
}

uint32_t vio_adapter_used_functions(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_info(adapter)->used_functions : 0;
}

uint64_t vio_adapter_capacity(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_info(adapter)->capacity : 0;
}

uint64_t vio_adapter_tx_committed(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_info(adapter)->tx_committed : 0;
}

uint64_t vio_adapter_rx_committed(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_info(adapter)->rx_committed : 0;
}

uint64_t vio_adapter_space(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_info(adapter)->space : 0;
}

uint64_t vio_adapter_space_used(const struct vio_adapter *adapter)
{
    return adapter ? vio__adapter_info(adapter)->space_used : 0;
}

int vio_adapter_factory_address(const struct vio_adapter *adapter, struct vio_address *ret_address)
{
    if (!adapter || !ret_address)
        return VIO_EINVAL;
    if (vio__adapter_info(adapter)->factory_address.kind == 0)
        return VIO_ENOENT;
    *ret_address = vio__adapter_info(adapter)->factory_address;
    return 0;
}

const char *vio_sharing_name(enum vio_sharing sharing)
{
    switch (sharing) {
    case VIO_SHARING_NONE:
        return "none";
    case VIO_SHARING_SRIOV:
        return "sr-iov";
    case VIO_SHARING_PROXY:
        return "proxy";
    case VIO_SHARING_UNKNOWN:
        break;
    }
    return "unknown";
}
