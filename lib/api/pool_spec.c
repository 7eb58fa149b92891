/* SPDX-License-Identifier: MIT */
#include <libvio/error.h>
#include <libvio/pool.h>

#include "lib/domain/pool_spec.h"

int vio_pool_spec_new(struct vio_pool_spec **ret_spec)
{
    return ret_spec ? vio__pool_spec_new(NULL, ret_spec) : VIO_EINVAL;
}

void vio_pool_spec_free(struct vio_pool_spec *spec)
{
    vio__pool_spec_free(spec);
}

int vio_pool_spec_set_name(struct vio_pool_spec *spec, const char *name)
{
    return spec && name ? vio__pool_spec_set_name(spec, name) : VIO_EINVAL;
}

int vio_pool_spec_set_purpose(struct vio_pool_spec *spec, enum vio_pool_purpose purpose)
{
    return spec ? vio__pool_spec_set_purpose(spec, purpose) : VIO_EINVAL;
}

int vio_pool_spec_set_order(struct vio_pool_spec *spec, enum vio_pool_order order)
{
    return spec ? vio__pool_spec_set_order(spec, order) : VIO_EINVAL;
}

int vio_pool_spec_set_quarantine(struct vio_pool_spec *spec, uint32_t seconds)
{
    return spec ? vio__pool_spec_set_quarantine(spec, seconds) : VIO_EINVAL;
}

int vio_pool_spec_set_description(struct vio_pool_spec *spec, const char *description)
{
    return spec && description ? vio__pool_spec_set_description(spec, description) : VIO_EINVAL;
}

int vio_pool_spec_set_label(struct vio_pool_spec *spec, const char *key, const char *value)
{
    return spec && key ? vio__pool_spec_set_label(spec, key, value) : VIO_EINVAL;
}

int vio_pool_spec_set_generation(struct vio_pool_spec *spec, uint64_t generation)
{
    if (!spec)
        return VIO_EINVAL;
    vio__pool_spec_set_generation(spec, generation);
    return 0;
}

static int edit(struct vio_pool_spec *spec, enum vio_pool_list list, bool add,
                const struct vio_address *first, const struct vio_address *last)
{
    return spec && first && last ? vio__pool_spec_edit(spec, list, add, first, last) : VIO_EINVAL;
}

int vio_pool_spec_add_range(struct vio_pool_spec *spec, const struct vio_address *first,
                            const struct vio_address *last)
{
    return edit(spec, VIO_POOL_LIST_RANGES, true, first, last);
}

int vio_pool_spec_remove_range(struct vio_pool_spec *spec, const struct vio_address *first,
                               const struct vio_address *last)
{
    return edit(spec, VIO_POOL_LIST_RANGES, false, first, last);
}

int vio_pool_spec_add_exclusion(struct vio_pool_spec *spec, const struct vio_address *first,
                                const struct vio_address *last)
{
    return edit(spec, VIO_POOL_LIST_EXCLUSIONS, true, first, last);
}

int vio_pool_spec_remove_exclusion(struct vio_pool_spec *spec, const struct vio_address *first,
                                   const struct vio_address *last)
{
    return edit(spec, VIO_POOL_LIST_EXCLUSIONS, false, first, last);
}

int vio_pool_spec_add_external(struct vio_pool_spec *spec, const struct vio_address *first,
                               const struct vio_address *last)
{
    return edit(spec, VIO_POOL_LIST_EXTERNALS, true, first, last);
}

int vio_pool_spec_remove_external(struct vio_pool_spec *spec, const struct vio_address *first,
                                  const struct vio_address *last)
{
    return edit(spec, VIO_POOL_LIST_EXTERNALS, false, first, last);
}
