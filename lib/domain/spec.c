/* SPDX-License-Identifier: MIT */
#include "lib/domain/spec.h"

#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/hwaddr.h"
#include "lib/domain/name.h"
#include "lib/domain/vlan.h"

#define SECTOR        512u
#define SMALLEST_DISK (UINT64_C(1) << 20)

struct vio_vadapter_spec {
    struct vio_alloc alloc;
    unsigned fields;
    char name[VIO_NAME_SIZE];
    enum vio_vadapter_kind kind;
    char server[VIO_NAME_SIZE];
    char adapter[VIO_NAME_SIZE];
    char pool[VIO_NAME_SIZE];
    char node_pool[VIO_NAME_SIZE];
    uint64_t generation;
    uint32_t path;
    struct vio_address address, node_address;
    uint64_t size;
    struct vio_vlan_config vlan;
    bool enabled;
    char description[VIO_DESCRIPTION_MAX + 1];
    struct vio_labels labels;  /* to be set */
    struct vio_labels removed; /* keys to be removed, with empty values */
};

int vio__spec_new(const struct vio_alloc *alloc, struct vio_vadapter_spec **ret_spec)
{
    struct vio_vadapter_spec *spec = vio__calloc(alloc, 1, sizeof(*spec));

    if (!spec)
        return VIO_ENOMEM;
    spec->alloc = alloc ? *alloc : vio__alloc_default();
    spec->path = VIO_NO_INDEX;
    *ret_spec = spec;
    return 0;
}

int vio__spec_copy(const struct vio_alloc *alloc, const struct vio_vadapter_spec *from,
                   struct vio_vadapter_spec **ret_spec)
{
    struct vio_vadapter_spec *spec;
    int status = vio__spec_new(alloc, &spec);

    if (status != 0)
        return status;
    *spec = *from;
    spec->alloc = alloc ? *alloc : vio__alloc_default();
    spec->labels = (struct vio_labels){0};
    spec->removed = (struct vio_labels){0};
    status = vio__labels_copy(&spec->alloc, &from->labels, &spec->labels);
    if (status == 0)
        status = vio__labels_copy(&spec->alloc, &from->removed, &spec->removed);
    if (status != 0) {
        vio__spec_free(spec);
        return status;
    }
    *ret_spec = spec;
    return 0;
}

void vio__spec_free(struct vio_vadapter_spec *spec)
{
    struct vio_alloc alloc;

    if (!spec)
        return;
    alloc = spec->alloc;
    vio__labels_clear(&alloc, &spec->labels);
    vio__labels_clear(&alloc, &spec->removed);
    vio__free(&alloc, spec);
}

int vio__spec_set_name(struct vio_vadapter_spec *spec, const char *name)
{
    if (!vio__name_is_valid(name))
        return VIO_ENAME;
    snprintf(spec->name, sizeof(spec->name), "%s", name);
    spec->fields |= VIO_SPEC_NAME;
    return 0;
}

int vio__spec_set_kind(struct vio_vadapter_spec *spec, enum vio_vadapter_kind kind)
{
    if (vio__vadapter_address_kind(kind) == 0)
        return VIO_EINVAL;
    spec->kind = kind;
    spec->fields |= VIO_SPEC_KIND;
    return 0;
}

/* Servers and adapters are named by their chassis, pools may be named by their UUIDs: such a name
 * is bounded here but not judged. */
static int set_place(struct vio_vadapter_spec *spec, enum vio_spec_field field,
                     char target[VIO_NAME_SIZE], const char *name)
{
    if (name && (!*name || !vio__text_is_valid(name, VIO_NAME_MAX)))
        return VIO_ENAME;
    snprintf(target, VIO_NAME_SIZE, "%s", name ? name : "");
    spec->fields |= field;
    return 0;
}

int vio__spec_set_server(struct vio_vadapter_spec *spec, const char *server)
{
    return set_place(spec, VIO_SPEC_SERVER, spec->server, server);
}

int vio__spec_set_adapter(struct vio_vadapter_spec *spec, const char *adapter)
{
    return set_place(spec, VIO_SPEC_ADAPTER, spec->adapter, adapter);
}

int vio__spec_set_path(struct vio_vadapter_spec *spec, uint32_t path)
{
    if (path > 1)
        return VIO_EINVAL;
    spec->path = path;
    spec->fields |= VIO_SPEC_PATH;
    return 0;
}

static int set_address(struct vio_vadapter_spec *spec, enum vio_spec_field field,
                       struct vio_address *target, const struct vio_address *address)
{
    if (!vio__hwaddr_is_valid(address))
        return VIO_EADDR;
    *target = *address;
    spec->fields |= field;
    return 0;
}

int vio__spec_set_address(struct vio_vadapter_spec *spec, const struct vio_address *address)
{
    return set_address(spec, VIO_SPEC_ADDRESS, &spec->address, address);
}

int vio__spec_set_node_address(struct vio_vadapter_spec *spec, const struct vio_address *address)
{
    if (address->kind != VIO_ADDRESS_WWN)
        return VIO_EADDR;
    return set_address(spec, VIO_SPEC_NODE_ADDRESS, &spec->node_address, address);
}

int vio__spec_set_pool(struct vio_vadapter_spec *spec, const char *pool)
{
    return set_place(spec, VIO_SPEC_POOL, spec->pool, pool);
}

int vio__spec_set_node_pool(struct vio_vadapter_spec *spec, const char *pool)
{
    return set_place(spec, VIO_SPEC_NODE_POOL, spec->node_pool, pool);
}

void vio__spec_set_generation(struct vio_vadapter_spec *spec, uint64_t generation)
{
    spec->generation = generation;
}

int vio__spec_set_size(struct vio_vadapter_spec *spec, uint64_t bytes)
{
    if (bytes % SECTOR != 0 || bytes < SMALLEST_DISK)
        return VIO_EINVAL;
    spec->size = bytes;
    spec->fields |= VIO_SPEC_SIZE;
    return 0;
}

int vio__spec_set_vlan_none(struct vio_vadapter_spec *spec)
{
    spec->vlan = (struct vio_vlan_config){.mode = VIO_VLAN_NONE};
    spec->fields |= VIO_SPEC_VLAN;
    return 0;
}

int vio__spec_set_vlan_access(struct vio_vadapter_spec *spec, uint16_t vlan)
{
    if (vlan == 0 || vlan > VIO_VLAN_MAX)
        return VIO_EINVAL;
    spec->vlan = (struct vio_vlan_config){.mode = VIO_VLAN_ACCESS, .vlan = vlan};
    spec->fields |= VIO_SPEC_VLAN;
    return 0;
}

int vio__spec_set_vlan_trunk(struct vio_vadapter_spec *spec, const char *vlans, uint16_t native)
{
    struct vio_vlan_config vlan = {.mode = VIO_VLAN_TRUNK, .vlan = native};
    int status;

    if (native > VIO_VLAN_MAX)
        return VIO_EINVAL;
    status = vio__vlan_parse(vlans, &vlan);
    if (status != 0)
        return status;
    spec->vlan = vlan;
    spec->fields |= VIO_SPEC_VLAN;
    return 0;
}

int vio__spec_set_enabled(struct vio_vadapter_spec *spec, bool enabled)
{
    spec->enabled = enabled;
    spec->fields |= VIO_SPEC_ENABLED;
    return 0;
}

int vio__spec_set_description(struct vio_vadapter_spec *spec, const char *description)
{
    if (!vio__text_is_valid(description, VIO_DESCRIPTION_MAX))
        return VIO_ENAME;
    snprintf(spec->description, sizeof(spec->description), "%s", description);
    spec->fields |= VIO_SPEC_DESCRIPTION;
    return 0;
}

int vio__spec_set_label(struct vio_vadapter_spec *spec, const char *key, const char *value)
{
    struct vio_labels *to = value ? &spec->labels : &spec->removed;
    struct vio_labels *from = value ? &spec->removed : &spec->labels;
    int status;

    if (!vio__name_is_valid(key) || (value && !vio__text_is_valid(value, VIO_LABEL_VALUE_MAX)))
        return VIO_ENAME;
    status = vio__labels_set(&spec->alloc, to, key, value ? value : "", VIO_LABELS_MAX);
    if (status == 0)
        vio__labels_remove(&spec->alloc, from, key);
    return status;
}

unsigned vio__spec_fields(const struct vio_vadapter_spec *spec)
{
    return spec->fields;
}

const char *vio__spec_name(const struct vio_vadapter_spec *spec)
{
    return spec->name;
}

const char *vio__spec_server(const struct vio_vadapter_spec *spec)
{
    return spec->server;
}

const char *vio__spec_adapter(const struct vio_vadapter_spec *spec)
{
    return spec->adapter;
}

const char *vio__spec_pool(const struct vio_vadapter_spec *spec)
{
    return spec->pool;
}

const char *vio__spec_node_pool(const struct vio_vadapter_spec *spec)
{
    return spec->node_pool;
}

uint64_t vio__spec_generation(const struct vio_vadapter_spec *spec)
{
    return spec->generation;
}

uint32_t vio__spec_path(const struct vio_vadapter_spec *spec)
{
    return spec->path;
}

enum vio_vadapter_kind vio__spec_kind(const struct vio_vadapter_spec *spec)
{
    return spec->kind;
}

/* An identity is given, or drawn from a pool. */
static void check_pools(const struct vio_vadapter_spec *spec, enum vio_vadapter_kind kind,
                        vio_spec_complain complain, void *user)
{
    if ((spec->fields & VIO_SPEC_POOL) && (spec->fields & VIO_SPEC_ADDRESS))
        complain(user, VIO_EINVAL, "an identity and a pool to draw it from exclude each other");
    if ((spec->fields & VIO_SPEC_NODE_POOL) && (spec->fields & VIO_SPEC_NODE_ADDRESS))
        complain(user, VIO_EINVAL, "a node address and a pool to draw it from exclude each other");
    if ((spec->fields & VIO_SPEC_NODE_POOL) && kind != VIO_VADAPTER_VHBA)
        complain(user, VIO_EINVAL, "a pool of node addresses (WWNN) can be given for a vhba only");
}

static void check_creation(const struct vio_vadapter_spec *spec, bool creating,
                           vio_spec_complain complain, void *user)
{
    if (!creating && (spec->fields & VIO_SPEC_CREATION))
        complain(user, VIO_EINVAL,
                 "kind, server, adapter, path and size can be given at creation only");
    if (creating && !(spec->fields & VIO_SPEC_KIND))
        complain(user, VIO_EINVAL, "a kind is needed: vnic, vhba or vdisk");
    if (creating && (spec->fields & VIO_SPEC_PATH) && !*spec->server)
        complain(user, VIO_EINVAL, "a path is one of a server's: give a server too");
}

void vio__spec_check(const struct vio_vadapter_spec *spec, enum vio_vadapter_kind kind,
                     bool creating, vio_spec_complain complain, void *user)
{
    check_creation(spec, creating, complain, user);
    if (vio__vadapter_address_kind(kind) == 0)
        return;
    check_pools(spec, kind, complain, user);
    if (creating && kind == VIO_VADAPTER_VDISK && !(spec->fields & VIO_SPEC_SIZE))
        complain(user, VIO_EINVAL,
                 "a vdisk needs a size, in bytes: a multiple of 512, at least 1048576");
    if (creating && kind != VIO_VADAPTER_VDISK && (spec->fields & VIO_SPEC_SIZE))
        complain(user, VIO_EINVAL, "a size can be given for a vdisk only");
    if ((spec->fields & VIO_SPEC_ADDRESS) && spec->address.kind != vio__vadapter_address_kind(kind))
        complain(user, VIO_EADDR,
                 kind == VIO_VADAPTER_VNIC   ? "the identity of a vnic is a MAC-48 address"
                 : kind == VIO_VADAPTER_VHBA ? "the identity of a vhba is a WWN"
                                             : "the identity of a vdisk is a UUID");
    if (kind != VIO_VADAPTER_VHBA && (spec->fields & VIO_SPEC_NODE_ADDRESS))
        complain(user, VIO_EINVAL, "a node address (WWNN) can be given for a vhba only");
    if (kind != VIO_VADAPTER_VNIC && (spec->fields & VIO_SPEC_VLAN) &&
        spec->vlan.mode != VIO_VLAN_NONE)
        complain(user, VIO_ENOTSUP, "VLANs can be set on a vnic only");
}

static int apply_labels(const struct vio_vadapter_spec *spec, struct vio_vadapter_info *vadapter)
{
    for (size_t i = 0; i < spec->removed.count; i++)
        vio__labels_remove(&vadapter->alloc, &vadapter->labels, spec->removed.label[i].key);
    for (size_t i = 0; i < spec->labels.count; i++) {
        const struct vio_label *label = &spec->labels.label[i];
        int status = vio__labels_set(&vadapter->alloc, &vadapter->labels, label->key, label->value,
                                     VIO_LABELS_MAX);

        if (status != 0)
            return status;
    }
    return 0;
}

int vio__spec_apply(const struct vio_vadapter_spec *spec, struct vio_vadapter_info *vadapter)
{
    int status = apply_labels(spec, vadapter);

    if (status == 0 && (spec->fields & VIO_SPEC_DESCRIPTION))
        status = vio__vadapter_set_description(vadapter, spec->description);
    if (status != 0)
        return status;
    if (spec->fields & VIO_SPEC_NAME)
        memcpy(vadapter->name, spec->name, sizeof(vadapter->name));
    if (spec->fields & VIO_SPEC_KIND)
        vadapter->kind = spec->kind;
    if (spec->fields & VIO_SPEC_ADDRESS)
        vadapter->address = spec->address;
    if (spec->fields & VIO_SPEC_NODE_ADDRESS)
        vadapter->node_address = spec->node_address;
    if (spec->fields & VIO_SPEC_SIZE)
        vadapter->size = spec->size;
    if (spec->fields & VIO_SPEC_VLAN)
        vadapter->vlan = spec->vlan;
    if (spec->fields & VIO_SPEC_ENABLED)
        vadapter->enabled = spec->enabled;
    return 0;
}
