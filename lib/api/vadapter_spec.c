/* SPDX-License-Identifier: MIT */
/* Descriptions of vAdapters: argument checks over lib/domain/spec.h. */
#include <libvio/error.h>
#include <libvio/vadapter.h>

#include "lib/domain/spec.h"

int vio_vadapter_spec_new(struct vio_vadapter_spec **ret_spec)
{
    return ret_spec ? vio__spec_new(NULL, ret_spec) : VIO_EINVAL;
}

void vio_vadapter_spec_free(struct vio_vadapter_spec *spec)
{
    vio__spec_free(spec);
}

int vio_vadapter_spec_set_name(struct vio_vadapter_spec *spec, const char *name)
{
    return spec && name ? vio__spec_set_name(spec, name) : VIO_EINVAL;
}

int vio_vadapter_spec_set_kind(struct vio_vadapter_spec *spec, enum vio_vadapter_kind kind)
{
    return spec ? vio__spec_set_kind(spec, kind) : VIO_EINVAL;
}

int vio_vadapter_spec_set_server(struct vio_vadapter_spec *spec, const char *server)
{
    return spec ? vio__spec_set_server(spec, server) : VIO_EINVAL;
}

int vio_vadapter_spec_set_adapter(struct vio_vadapter_spec *spec, const char *adapter)
{
    return spec ? vio__spec_set_adapter(spec, adapter) : VIO_EINVAL;
}

int vio_vadapter_spec_set_path(struct vio_vadapter_spec *spec, uint32_t path)
{
    return spec ? vio__spec_set_path(spec, path) : VIO_EINVAL;
}

int vio_vadapter_spec_set_address(struct vio_vadapter_spec *spec, const struct vio_address *address)
{
    return spec && address ? vio__spec_set_address(spec, address) : VIO_EINVAL;
}

int vio_vadapter_spec_set_node_address(struct vio_vadapter_spec *spec,
                                       const struct vio_address *address)
{
    return spec && address ? vio__spec_set_node_address(spec, address) : VIO_EINVAL;
}

int vio_vadapter_spec_set_pool(struct vio_vadapter_spec *spec, const char *pool)
{
    return spec ? vio__spec_set_pool(spec, pool) : VIO_EINVAL;
}

int vio_vadapter_spec_set_node_pool(struct vio_vadapter_spec *spec, const char *pool)
{
    return spec ? vio__spec_set_node_pool(spec, pool) : VIO_EINVAL;
}

int vio_vadapter_spec_set_generation(struct vio_vadapter_spec *spec, uint64_t generation)
{
    if (!spec)
        return VIO_EINVAL;
    vio__spec_set_generation(spec, generation);
    return 0;
}

int vio_vadapter_spec_set_size(struct vio_vadapter_spec *spec, uint64_t bytes)
{
    return spec ? vio__spec_set_size(spec, bytes) : VIO_EINVAL;
}

int vio_vadapter_spec_set_vlan_none(struct vio_vadapter_spec *spec)
{
    return spec ? vio__spec_set_vlan_none(spec) : VIO_EINVAL;
}

int vio_vadapter_spec_set_vlan_access(struct vio_vadapter_spec *spec, uint16_t vlan)
{
    return spec ? vio__spec_set_vlan_access(spec, vlan) : VIO_EINVAL;
}

int vio_vadapter_spec_set_vlan_trunk(struct vio_vadapter_spec *spec, const char *vlans,
                                     uint16_t native)
{
    return spec && vlans ? vio__spec_set_vlan_trunk(spec, vlans, native) : VIO_EINVAL;
}

int vio_vadapter_spec_set_enabled(struct vio_vadapter_spec *spec, bool enabled)
{
    return spec ? vio__spec_set_enabled(spec, enabled) : VIO_EINVAL;
}

int vio_vadapter_spec_set_description(struct vio_vadapter_spec *spec, const char *description)
{
    return spec && description ? vio__spec_set_description(spec, description) : VIO_EINVAL;
}

int vio_vadapter_spec_set_label(struct vio_vadapter_spec *spec, const char *key, const char *value)
{
    return spec && key ? vio__spec_set_label(spec, key, value) : VIO_EINVAL;
}
