/* SPDX-License-Identifier: MIT */
#include "lib/domain/pool_spec.h"

#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/hwaddr.h"
#include "lib/domain/name.h"

enum {
    SET_NAME = 1,
    SET_PURPOSE = 2,
    SET_ORDER = 4,
    SET_QUARANTINE = 8,
    SET_DESCRIPTION = 16,
};

struct edit {
    enum vio_pool_list list;
    bool add;
    struct vio_address first, last;
};

struct vio_pool_spec {
    struct vio_alloc alloc;
    unsigned fields;
    char name[VIO_NAME_SIZE];
    enum vio_pool_purpose purpose;
    enum vio_pool_order order;
    uint32_t quarantine;
    uint64_t generation;
    char description[VIO_DESCRIPTION_MAX + 1];
    struct vio_labels labels;  /* to be set */
    struct vio_labels removed; /* keys to be removed, with empty values */
    struct edit *edits;
    size_t num_edits;
};

/* -- Life -------------------------------------------------------------------------------------- */

int vio__pool_spec_new(const struct vio_alloc *alloc, struct vio_pool_spec **ret_spec)
{
    struct vio_pool_spec *spec = vio__calloc(alloc, 1, sizeof(*spec));

    if (!spec)
        return VIO_ENOMEM;
    spec->alloc = alloc ? *alloc : vio__alloc_default();
    *ret_spec = spec;
    return 0;
}

static int copy_parts(struct vio_pool_spec *spec, const struct vio_pool_spec *from)
{
    int status = vio__labels_copy(&spec->alloc, &from->labels, &spec->labels);

    if (status == 0)
        status = vio__labels_copy(&spec->alloc, &from->removed, &spec->removed);
    if (status != 0 || from->num_edits == 0)
        return status;
    spec->edits = vio__memdup(&spec->alloc, from->edits, from->num_edits * sizeof(*from->edits));
    return spec->edits ? 0 : VIO_ENOMEM;
}

int vio__pool_spec_copy(const struct vio_alloc *alloc, const struct vio_pool_spec *from,
                        struct vio_pool_spec **ret_spec)
{
    struct vio_pool_spec *spec;
    int status = vio__pool_spec_new(alloc, &spec);

    if (status != 0)
        return status;
    *spec = *from;
    spec->alloc = alloc ? *alloc : vio__alloc_default();
    spec->labels = (struct vio_labels){0};
    spec->removed = (struct vio_labels){0};
    spec->edits = NULL;
    status = copy_parts(spec, from);
    if (status != 0) {
        vio__pool_spec_free(spec);
        return status;
    }
    *ret_spec = spec;
    return 0;
}

void vio__pool_spec_free(struct vio_pool_spec *spec)
{
    struct vio_alloc alloc;

    if (!spec)
        return;
    alloc = spec->alloc;
    vio__labels_clear(&alloc, &spec->labels);
    vio__labels_clear(&alloc, &spec->removed);
    vio__free(&alloc, spec->edits);
    vio__free(&alloc, spec);
}

/* -- Setting ----------------------------------------------------------------------------------- */

int vio__pool_spec_set_name(struct vio_pool_spec *spec, const char *name)
{
    if (!vio__name_is_valid(name))
        return VIO_ENAME;
    snprintf(spec->name, sizeof(spec->name), "%s", name);
    spec->fields |= SET_NAME;
    return 0;
}

int vio__pool_spec_set_purpose(struct vio_pool_spec *spec, enum vio_pool_purpose purpose)
{
    if (vio__pool_address_kind(purpose) == 0)
        return VIO_EINVAL;
    spec->purpose = purpose;
    spec->fields |= SET_PURPOSE;
    return 0;
}

int vio__pool_spec_set_order(struct vio_pool_spec *spec, enum vio_pool_order order)
{
    if (order != VIO_POOL_ORDER_LOWEST && order != VIO_POOL_ORDER_SEQUENTIAL)
        return VIO_EINVAL;
    spec->order = order;
    spec->fields |= SET_ORDER;
    return 0;
}

int vio__pool_spec_set_quarantine(struct vio_pool_spec *spec, uint32_t seconds)
{
    if (seconds > VIO_POOL_QUARANTINE_MAX)
        return VIO_EINVAL;
    spec->quarantine = seconds;
    spec->fields |= SET_QUARANTINE;
    return 0;
}

int vio__pool_spec_set_description(struct vio_pool_spec *spec, const char *description)
{
    if (!vio__text_is_valid(description, VIO_DESCRIPTION_MAX))
        return VIO_ENAME;
    snprintf(spec->description, sizeof(spec->description), "%s", description);
    spec->fields |= SET_DESCRIPTION;
    return 0;
}

int vio__pool_spec_set_label(struct vio_pool_spec *spec, const char *key, const char *value)
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

void vio__pool_spec_set_generation(struct vio_pool_spec *spec, uint64_t generation)
{
    spec->generation = generation;
}

int vio__pool_spec_edit(struct vio_pool_spec *spec, enum vio_pool_list list, bool add,
                        const struct vio_address *first, const struct vio_address *last)
{
    struct edit *edits;

    if (!vio__hwaddr_is_valid(first) || !vio__hwaddr_is_valid(last) || first->kind != last->kind ||
        vio__hwaddr_compare(first, last) > 0)
        return VIO_EADDR;
    if (spec->num_edits == VIO_POOL_EDITS_MAX)
        return VIO_ELIMIT;
    edits = vio__realloc(&spec->alloc, spec->edits, spec->num_edits + 1, sizeof(*edits));
    if (!edits)
        return VIO_ENOMEM;
    spec->edits = edits;
    edits[spec->num_edits++] =
        (struct edit){.list = list, .add = add, .first = *first, .last = *last};
    return 0;
}

const char *vio__pool_spec_name(const struct vio_pool_spec *spec)
{
    return spec->name;
}

uint64_t vio__pool_spec_generation(const struct vio_pool_spec *spec)
{
    return spec->generation;
}

/* -- Applying ---------------------------------------------------------------------------------- */

static struct vio_pool_ranges *list_of(struct vio_pool_info *pool, enum vio_pool_list list)
{
    return list == VIO_POOL_LIST_RANGES       ? &pool->ranges
           : list == VIO_POOL_LIST_EXCLUSIONS ? &pool->exclusions
                                              : &pool->externals;
}

static int complain_of(const struct edit *edit, int code, vio_pool_complain complain, void *user)
{
    static const char *const names[] = {"its ranges", "its exclusions", "its externals"};
    char first[VIO_ADDRESS_TEXT_SIZE], last[VIO_ADDRESS_TEXT_SIZE], text[320];
    const char *why = code == VIO_EEXIST   ? "a part of it is in already"
                      : code == VIO_ENOENT ? "a part of it is not in"
                      : code == VIO_ELIMIT ? "there would be more than 256"
                                           : "ends of UUIDs share their first eight bytes";

    if (code == VIO_ENOMEM)
        return code;
    (void)vio__hwaddr_format(&edit->first, first, sizeof(first));
    (void)vio__hwaddr_format(&edit->last, last, sizeof(last));
    snprintf(text, sizeof(text), "%s to %s cannot be %s %s: %s", first, last,
             edit->add ? "added to" : "taken out of", names[edit->list], why);
    complain(user, code, text);
    return code;
}

static int apply_edits(const struct vio_pool_spec *spec, struct vio_pool_info *pool,
                       vio_pool_complain complain, void *user)
{
    int first = 0;

    for (size_t i = 0; i < spec->num_edits && first != VIO_ENOMEM; i++) {
        const struct edit *edit = &spec->edits[i];
        struct vio_pool_ranges *ranges = list_of(pool, edit->list);
        int status = edit->add
                         ? vio__pool_ranges_add(&pool->alloc, ranges, &edit->first, &edit->last)
                         : vio__pool_ranges_remove(&pool->alloc, ranges, &edit->first, &edit->last);

        if (status != 0)
            status = complain_of(edit, status, complain, user);
        if (first == 0 || status == VIO_ENOMEM)
            first = status;
    }
    return first;
}

static int apply_labels(const struct vio_pool_spec *spec, struct vio_pool_info *pool,
                        vio_pool_complain complain, void *user)
{
    int status = 0;

    for (size_t i = 0; i < spec->removed.count; i++)
        vio__labels_remove(&pool->alloc, &pool->labels, spec->removed.label[i].key);
    for (size_t i = 0; i < spec->labels.count && status == 0; i++)
        status = vio__labels_set(&pool->alloc, &pool->labels, spec->labels.label[i].key,
                                 spec->labels.label[i].value, VIO_LABELS_MAX);
    if (status == VIO_ELIMIT)
        complain(user, status, "a pool carries at most 32 labels");
    return status;
}

static int apply_purpose(const struct vio_pool_spec *spec, bool creating,
                         struct vio_pool_info *pool, vio_pool_complain complain, void *user)
{
    const char *why = NULL;

    if (creating && !(spec->fields & SET_NAME))
        why = "a pool needs a name: " VIO_NAME_RULE;
    else if (creating && !(spec->fields & SET_PURPOSE))
        why = "a pool needs a purpose: mac, wwnn, wwpn, wwn or uuid";
    else if (!creating && (spec->fields & SET_PURPOSE) && spec->purpose != pool->purpose)
        why = "the purpose of a pool can be given at creation only";
    if (why) {
        complain(user, VIO_EINVAL, why);
        return VIO_EINVAL;
    }
    if (spec->fields & SET_PURPOSE)
        pool->purpose = spec->purpose;
    return 0;
}

int vio__pool_spec_apply(const struct vio_pool_spec *spec, bool creating,
                         struct vio_pool_info *pool, vio_pool_complain complain, void *user)
{
    int first = apply_purpose(spec, creating, pool, complain, user);
    int status;

    if (creating) {
        pool->order = VIO_POOL_ORDER_SEQUENTIAL;
        pool->quarantine = VIO_POOL_DEFAULT_QUARANTINE;
    }
    if (spec->fields & SET_NAME)
        memcpy(pool->name, spec->name, sizeof(pool->name));
    if (spec->fields & SET_ORDER)
        pool->order = spec->order;
    if (spec->fields & SET_QUARANTINE)
        pool->quarantine = spec->quarantine;
    status =
        (spec->fields & SET_DESCRIPTION) ? vio__pool_set_description(pool, spec->description) : 0;
    if (status == 0)
        status = apply_labels(spec, pool, complain, user);
    if (first == 0 || status == VIO_ENOMEM)
        first = status;
    status = first == VIO_ENOMEM ? 0 : apply_edits(spec, pool, complain, user);
    return first == 0 || status == VIO_ENOMEM ? status : first;
}
