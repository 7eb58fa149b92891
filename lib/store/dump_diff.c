/* SPDX-License-Identifier: MIT */
#include "lib/store/dump_diff.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/base/buf.h"
#include "lib/base/hash.h"

struct comparison {
    struct vio_dump_differences *differences;
    const struct vio_dump_kind *kind;
    const char *object; /* whose name is given */
};

/* -- One difference ---------------------------------------------------------------------------- */

static int append(const char *text, size_t size, void *user)
{
    return vio__buf_append(user, text, size);
}

/* Text as it is, anything else as JSON. */
static char *text_of(const struct vio_alloc *alloc, const json_t *value)
{
    struct vio_buf buf;
    char *text = NULL;

    if (json_is_string(value))
        return vio__strdup(alloc, json_string_value(value));
    vio__buf_init(&buf, alloc, VIO_DUMP_TEXT_MAX);
    if (json_dump_callback(value, append, &buf, JSON_ENCODE_ANY) == 0)
        text = vio__buf_steal(&buf);
    vio__buf_free(&buf);
    return text;
}

static void clear(const struct vio_alloc *alloc, struct vio_difference *difference)
{
    vio__free(alloc, difference->name);
    vio__free(alloc, difference->field);
    vio__free(alloc, difference->before);
    vio__free(alloc, difference->after);
}

static int reserve(struct vio_dump_differences *differences)
{
    size_t capacity = differences->capacity ? 2 * differences->capacity : 16;
    struct vio_difference *grown;

    if (differences->count < differences->capacity)
        return 0;
    grown = vio__realloc(&differences->alloc, differences->difference, capacity, sizeof(*grown));
    if (!grown)
        return VIO_ENOMEM;
    differences->difference = grown;
    differences->capacity = capacity;
    return 0;
}

static int add(struct comparison *comparison, const struct vio_dump_where *where,
               const json_t *before, const json_t *after)
{
    struct vio_dump_differences *differences = comparison->differences;
    const struct vio_alloc *alloc = &differences->alloc;
    struct vio_difference made = {
        .noun = comparison->kind->noun,
        .name = vio__dump_object_name(alloc, comparison->kind, comparison->object),
        .field = where ? vio__dump_path(alloc, where) : NULL,
        .before = before ? text_of(alloc, before) : NULL,
        .after = after ? text_of(alloc, after) : NULL,
    };

    if (!made.name || (where && !made.field) || (before && !made.before) ||
        (after && !made.after) || reserve(differences) != 0) {
        clear(alloc, &made);
        return VIO_ENOMEM;
    }
    differences->difference[differences->count++] = made;
    return 0;
}

/* -- Comparing --------------------------------------------------------------------------------- */

static bool may_be_object(const json_t *value)
{
    return !value || json_is_object(value);
}

/* Either may be NULL, not both. Objects are compared by their members, arrays as a whole. */
static int compare_values(struct comparison *comparison, const struct vio_dump_where *where,
                          const json_t *before, const json_t *after)
{
    const char *key;
    json_t *member;
    int status = 0;

    if (json_equal(before, after))
        return 0;
    if (!may_be_object(before) || !may_be_object(after))
        return add(comparison, where, before, after);
    json_object_foreach((json_t *)before, key, member)
    {
        const struct vio_dump_where inside = {.in = where, .key = key};

        if (status == 0)
            status = compare_values(comparison, &inside, member, json_object_get(after, key));
    }
    json_object_foreach((json_t *)after, key, member)
    {
        const struct vio_dump_where inside = {.in = where, .key = key};

        if (status == 0 && !json_object_get(before, key))
            status = compare_values(comparison, &inside, NULL, member);
    }
    return status;
}

/* Either may be NULL, not both. */
static int compare_objects(struct comparison *comparison, const void *before, const void *after)
{
    const struct vio_dump_fields *fields = comparison->kind->fields;
    const char *passing = comparison->kind->passing;
    json_t *old = before ? vio__dump_write_fields(fields, before, false) : NULL;
    json_t *new = after ? vio__dump_write_fields(fields, after, false) : NULL;
    int status;

    comparison->object = after ? after : before;
    if (passing && old && new) {
        json_object_del(old, passing);
        json_object_del(new, passing);
    }
    if ((before && !old) || (after && !new))
        status = VIO_ENOMEM;
    else if (before && after)
        status = compare_values(comparison, NULL, old, new);
    else
        status = add(comparison, NULL, old, new);
    json_decref(old);
    json_decref(new);
    return status;
}

static int index_objects(const struct vio_alloc *alloc, const struct vio_dump_kind *kind,
                         const struct vio_dump_set *set, struct vio_hash **ret_index)
{
    struct vio_hash *index;
    int status = vio__hash_new(alloc, set->count + 1, &index);

    for (size_t i = 0; i < set->count && status == 0; i++)
        status = vio__hash_put(index, (const char *)set->object[i] + kind->key, kind->key_size,
                               set->object[i]);
    if (status == 0)
        *ret_index = index;
    else
        vio__hash_free(index, NULL);
    return status;
}

/* First what was there, then what is there now and was not. */
static int compare_sets(struct comparison *comparison, const struct vio_dump_set *before,
                        const struct vio_dump_set *after)
{
    const struct vio_dump_kind *kind = comparison->kind;
    const struct vio_alloc *alloc = &comparison->differences->alloc;
    struct vio_hash *old = NULL, *new = NULL;
    int status = index_objects(alloc, kind, before, &old);

    if (status == 0)
        status = index_objects(alloc, kind, after, &new);
    for (size_t i = 0; i < before->count && status == 0; i++) {
        const char *object = before->object[i];

        status = compare_objects(comparison, object,
                                 vio__hash_get(new, object + kind->key, kind->key_size));
    }
    for (size_t i = 0; i < after->count && status == 0; i++) {
        const char *object = after->object[i];

        if (!vio__hash_get(old, object + kind->key, kind->key_size))
            status = compare_objects(comparison, NULL, object);
    }
    vio__hash_free(old, NULL);
    vio__hash_free(new, NULL);
    return status;
}

static int new_differences(const struct vio_alloc *alloc,
                           struct vio_dump_differences **ret_differences)
{
    struct vio_dump_differences *differences = vio__calloc(alloc, 1, sizeof(*differences));

    if (!differences)
        return VIO_ENOMEM;
    vio__ref_init(&differences->ref);
    differences->alloc = alloc ? *alloc : vio__alloc_default();
    *ret_differences = differences;
    return 0;
}

static int hand_over(struct vio_dump_differences *differences, int status,
                     struct vio_dump_differences **ret_differences)
{
    if (status == 0)
        *ret_differences = differences;
    else
        vio__dump_differences_unref(differences);
    return status;
}

int vio__dump_diff(const struct vio_alloc *alloc, const struct vio_dump *before,
                   const struct vio_dump *after, struct vio_dump_differences **ret_differences)
{
    struct comparison comparison = {.kind = NULL};
    int status = new_differences(alloc, &comparison.differences);

    if (status != 0)
        return status;
    for (size_t kind = 0; kind < VIO_DUMP_KINDS && status == 0; kind++) {
        comparison.kind = vio__dump_kinds[kind];
        status = compare_sets(&comparison, &before->set[kind], &after->set[kind]);
    }
    return hand_over(comparison.differences, status, ret_differences);
}

int vio__dump_diff_object(const struct vio_alloc *alloc, const struct vio_dump_kind *kind,
                          const void *before, const void *after,
                          struct vio_dump_differences **ret_differences)
{
    struct comparison comparison = {.kind = kind};
    int status = new_differences(alloc, &comparison.differences);

    if (status != 0)
        return status;
    status = compare_objects(&comparison, before, after);
    return hand_over(comparison.differences, status, ret_differences);
}

struct vio_dump_differences *vio__dump_differences_ref(struct vio_dump_differences *differences)
{
    vio__ref_get(&differences->ref);
    return differences;
}

void vio__dump_differences_unref(struct vio_dump_differences *differences)
{
    struct vio_alloc alloc;

    if (!differences || !vio__ref_put(&differences->ref))
        return;
    alloc = differences->alloc;
    for (size_t i = 0; i < differences->count; i++)
        clear(&alloc, &differences->difference[i]);
    vio__free(&alloc, differences->difference);
    vio__free(&alloc, differences);
}
