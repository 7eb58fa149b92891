/* SPDX-License-Identifier: MIT */
#include "lib/store/dump_plan.h"

#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/hash.h"

/* The objects of one kind. */
struct known {
    struct vio_hash *old;   /* of the store, by key */
    struct vio_hash *new;   /* that are loaded, by key */
    struct vio_hash *names; /* of the store's objects that are not loaded */
};

struct planning {
    struct vio_dump_plan *plan;
    struct vio_dump_reader reader;
    struct known known[VIO_DUMP_KINDS];
    struct vio_hash *addresses; /* of the store's objects of all kinds that are not loaded */
    uint64_t now;
    size_t capacity;
};

static void *find(const struct vio_hash *hash, const struct vio_dump_kind *kind, const char *object)
{
    return vio__hash_get(hash, object + kind->key, kind->key_size);
}

/* -- What stays -------------------------------------------------------------------------------- */

static bool has_address(const struct vio_dump_kind *kind, const char *object, unsigned at)
{
    static const struct vio_address none;

    return kind->addresses[at] != SIZE_MAX &&
           memcmp(object + kind->addresses[at], &none, sizeof none) != 0;
}

static int index_objects(const struct vio_alloc *alloc, const struct vio_dump_kind *kind,
                         const struct vio_dump_set *set, struct vio_hash **ret_index)
{
    int status = vio__hash_new(alloc, set->count + 1, ret_index);

    for (size_t i = 0; i < set->count && status == 0; i++)
        status = vio__hash_put(*ret_index, (char *)set->object[i] + kind->key, kind->key_size,
                               set->object[i]);
    return status;
}

/* A vHBA may have one address twice. */
static int put(struct vio_hash *hash, const void *key, size_t size, void *object)
{
    int status = vio__hash_put(hash, key, size, object);

    return status == VIO_EEXIST ? 0 : status;
}

static int index_what_stays(struct planning *planning, const struct vio_dump_kind *kind,
                            struct known *known, const struct vio_dump_set *present)
{
    int status = 0;

    for (size_t i = 0; i < present->count && status == 0; i++) {
        char *object = present->object[i];

        if (find(known->new, kind, object))
            continue;
        if (kind->named_once)
            status = put(known->names, object + kind->name, strlen(object + kind->name), object);
        for (unsigned at = 0; at < 2 && status == 0; at++)
            if (has_address(kind, object, at))
                status = put(planning->addresses, object + kind->addresses[at],
                             sizeof(struct vio_address), object);
    }
    return status;
}

static int index_kind(struct planning *planning, const struct vio_dump_kind *kind,
                      struct known *known, const struct vio_dump_set *present,
                      const struct vio_dump_set *wanted)
{
    const struct vio_alloc *alloc = &planning->plan->alloc;
    int status = index_objects(alloc, kind, present, &known->old);

    if (status == 0)
        status = index_objects(alloc, kind, wanted, &known->new);
    if (status == 0)
        status = vio__hash_new(alloc, present->count + 1, &known->names);
    if (status == 0)
        status = index_what_stays(planning, kind, known, present);
    return status;
}

/* -- Problems ---------------------------------------------------------------------------------- */

static void complain(struct planning *planning, const struct vio_dump_where *where, const char *key,
                     int code, const char *text)
{
    const struct vio_dump_where inside = {.in = where, .key = key};

    vio__dump_problem(&planning->reader, &inside, code, text);
}

static void check_taken(struct planning *planning, const struct vio_dump_where *where,
                        const struct vio_dump_kind *kind, const struct known *known,
                        const char *object)
{
    if (kind->named_once &&
        vio__hash_get(known->names, object + kind->name, strlen(object + kind->name)))
        complain(planning, where, "name", VIO_EEXIST,
                 "is the name of another object of the store, which is not in this document");
    for (unsigned at = 0; at < 2; at++)
        if (has_address(kind, object, at) &&
            vio__hash_get(planning->addresses, object + kind->addresses[at],
                          sizeof(struct vio_address)))
            complain(planning, where, kind->address_keys[at], VIO_EDUPLICATE,
                     "belongs to another object of the store, which is not in this document");
}

static void check_fixed(struct planning *planning, const struct vio_dump_where *where,
                        const struct vio_dump_kind *kind, const json_t *before, const json_t *after)
{
    for (const char *const *key = kind->fixed; key && *key; key++) {
        const json_t *old = json_object_get(before, *key);
        const json_t *new = json_object_get(after, *key);
        const struct vio_dump_where inside = {.in = where, .key = *key};
        char *text;

        if (old == new || json_equal(old, new))
            continue;
        text = old ? json_dumps(old, JSON_ENCODE_ANY) : NULL;
        vio__dump_complain(&planning->reader, &inside, VIO_ESTATE, new, text ? text : "nothing");
        free(text);
    }
}

/* -- Edits ------------------------------------------------------------------------------------- */

static int add_edit(struct planning *planning, const struct vio_dump_kind *kind, const void *before,
                    const void *object)
{
    struct vio_dump_plan *plan = planning->plan;
    struct vio_dump_edit edit = {.kind = kind, .before = before};
    int status;

    if (plan->count == planning->capacity) {
        size_t capacity = planning->capacity ? 2 * planning->capacity : 16;
        struct vio_dump_edit *grown =
            vio__realloc(&plan->alloc, plan->edit, capacity, sizeof(*grown));

        if (!grown)
            return VIO_ENOMEM;
        plan->edit = grown;
        planning->capacity = capacity;
    }
    status = kind->copy(&plan->alloc, object, before, &edit.after);
    if (status == 0)
        plan->edit[plan->count++] = edit;
    return status;
}

static int plan_change(struct planning *planning, const struct vio_dump_where *where,
                       const struct vio_dump_kind *kind, const void *before, const void *object)
{
    json_t *old = vio__dump_write_fields(kind->fields, before, false);
    json_t *new = vio__dump_write_fields(kind->fields, object, false);
    int status = old && new ? 0 : VIO_ENOMEM;

    if (status == 0 && !json_equal(old, new)) {
        check_fixed(planning, where, kind, old, new);
        status = add_edit(planning, kind, before, object);
    }
    json_decref(old);
    json_decref(new);
    return status;
}

static int plan_object(struct planning *planning, const struct vio_dump_kind *kind,
                       const struct known *known, const char *object)
{
    const struct vio_dump_where section = {.key = kind->section};
    char *name = vio__dump_object_name(&planning->plan->alloc, kind, object);
    const struct vio_dump_where where = {.in = &section, .key = name};
    const void *before = find(known->old, kind, object);
    int status = 0;

    if (!name)
        return VIO_ENOMEM;
    check_taken(planning, &where, kind, known, object);
    if (!before)
        status = add_edit(planning, kind, NULL, object);
    else if (!kind->keeps)
        status = plan_change(planning, &where, kind, before, object);
    vio__free(&planning->plan->alloc, name);
    return status;
}

static int plan_kind(struct planning *planning, const struct vio_dump_kind *kind,
                     const struct known *known, const struct vio_dump_set *wanted)
{
    int status = 0;

    for (size_t i = 0; i < wanted->count && status == 0; i++)
        if (!kind->over || !kind->over(wanted->object[i], planning->now))
            status = plan_object(planning, kind, known, wanted->object[i]);
    return status;
}

static int plan_all(struct planning *planning, const struct vio_dump *present,
                    const struct vio_dump *wanted)
{
    int status = vio__hash_new(&planning->plan->alloc, SIZE_MAX / 4, &planning->addresses);

    for (size_t at = 0; at < VIO_DUMP_KINDS && status == 0; at++)
        status = index_kind(planning, vio__dump_kinds[at], &planning->known[at], &present->set[at],
                            &wanted->set[at]);
    for (size_t at = 0; at < VIO_DUMP_KINDS && status == 0; at++)
        status = plan_kind(planning, vio__dump_kinds[at], &planning->known[at], &wanted->set[at]);
    vio__dump_tell_dropped(&planning->reader);
    return status != 0 ? status : planning->reader.status;
}

static void free_known(struct planning *planning)
{
    for (size_t at = 0; at < VIO_DUMP_KINDS; at++) {
        vio__hash_free(planning->known[at].old, NULL);
        vio__hash_free(planning->known[at].new, NULL);
        vio__hash_free(planning->known[at].names, NULL);
    }
    vio__hash_free(planning->addresses, NULL);
}

int vio__dump_plan(const struct vio_alloc *alloc, const struct vio_dump *present,
                   const struct vio_dump *wanted, uint64_t now, struct vio_dump_plan **ret_plan)
{
    struct vio_dump_plan *plan = vio__calloc(alloc, 1, sizeof(*plan));
    struct planning planning = {.plan = plan, .now = now};
    int status;

    if (!plan)
        return VIO_ENOMEM;
    plan->alloc = alloc ? *alloc : vio__alloc_default();
    planning.reader = (struct vio_dump_reader){.alloc = &plan->alloc, .problems = &plan->problems};
    status = plan_all(&planning, present, wanted);
    free_known(&planning);
    if (status != 0) {
        vio__dump_plan_free(plan);
        return status;
    }
    *ret_plan = plan;
    return 0;
}

void vio__dump_plan_free(struct vio_dump_plan *plan)
{
    struct vio_alloc alloc;

    if (!plan)
        return;
    alloc = plan->alloc;
    for (size_t i = 0; i < plan->count; i++)
        plan->edit[i].kind->drop(&alloc, plan->edit[i].after);
    vio__free(&alloc, plan->edit);
    vio__dump_problems_clear(&alloc, &plan->problems);
    vio__free(&alloc, plan);
}
