/* SPDX-License-Identifier: MIT */
#include "lib/store/dump_document.h"

#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/buf.h"
#include "lib/domain/hwaddr.h"

const struct vio_dump_kind *const vio__dump_kinds[VIO_DUMP_KINDS] = {
    &vio__dump_chassis, &vio__dump_pool, &vio__dump_hold, &vio__dump_vadapter};

int vio__dump_new(const struct vio_alloc *alloc, const uint8_t store[VIO_UUID_SIZE],
                  struct vio_dump **ret_dump)
{
    struct vio_dump *dump = vio__calloc(alloc, 1, sizeof(*dump));

    if (!dump)
        return VIO_ENOMEM;
    vio__ref_init(&dump->ref);
    dump->alloc = alloc ? *alloc : vio__alloc_default();
    memcpy(dump->store, store, VIO_UUID_SIZE);
    *ret_dump = dump;
    return 0;
}

struct vio_dump *vio__dump_ref(struct vio_dump *dump)
{
    vio__ref_get(&dump->ref);
    return dump;
}

void vio__dump_unref(struct vio_dump *dump)
{
    struct vio_alloc alloc;

    if (!dump || !vio__ref_put(&dump->ref))
        return;
    alloc = dump->alloc;
    for (size_t kind = 0; kind < VIO_DUMP_KINDS; kind++) {
        for (size_t i = 0; i < dump->set[kind].count; i++)
            vio__dump_kinds[kind]->drop(&alloc, dump->set[kind].object[i]);
        vio__free(&alloc, dump->set[kind].object);
    }
    vio__dump_problems_clear(&alloc, &dump->problems);
    vio__free(&alloc, dump->text);
    vio__free(&alloc, dump);
}

static struct vio_dump_set *set_of(struct vio_dump *dump, const struct vio_dump_kind *kind)
{
    size_t at = 0;

    while (vio__dump_kinds[at] != kind)
        at++;
    return &dump->set[at];
}

int vio__dump_add(struct vio_dump *dump, const struct vio_dump_kind *kind, void *object)
{
    struct vio_dump_set *set = set_of(dump, kind);

    if (set->count == set->capacity) {
        size_t capacity = set->capacity ? 2 * set->capacity : 16;
        void **grown = vio__realloc(&dump->alloc, set->object, capacity, sizeof(*grown));

        if (!grown) {
            kind->drop(&dump->alloc, object);
            return VIO_ENOMEM;
        }
        set->object = grown;
        set->capacity = capacity;
    }
    set->object[set->count++] = object;
    return 0;
}

char *vio__dump_object_name(const struct vio_alloc *alloc, const struct vio_dump_kind *kind,
                            const char *object)
{
    char text[3 * sizeof(struct vio_address)];
    struct vio_address address;

    if (kind->name != SIZE_MAX && object[kind->name])
        return vio__strdup(alloc, object + kind->name);
    if (kind->key_size == VIO_UUID_SIZE) {
        vio__uuid_format((const uint8_t *)object + kind->key, text);
        return vio__strdup(alloc, text);
    }
    memcpy(&address, object + kind->key, sizeof address);
    return vio__hwaddr_format(&address, text, sizeof text) == 0 ? vio__strdup(alloc, text) : NULL;
}

/* -- Order ------------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b, void *user)
{
    const struct vio_dump_kind *kind = user;
    const char *x = *(const char *const *)a;
    const char *y = *(const char *const *)b;
    int order = kind->name == SIZE_MAX ? 0 : strcmp(x + kind->name, y + kind->name);

    return order != 0 ? order : memcmp(x + kind->key, y + kind->key, kind->key_size);
}

static void sort(struct vio_dump *dump)
{
    for (size_t kind = 0; kind < VIO_DUMP_KINDS; kind++) {
        struct vio_dump_set *set = &dump->set[kind];

        if (set->count > 1)
            qsort_r(set->object, set->count, sizeof(*set->object), compare,
                    (void *)vio__dump_kinds[kind]);
    }
}

/* -- Writing ----------------------------------------------------------------------------------- */

static int append(const char *text, size_t size, void *user)
{
    return vio__buf_append(user, text, size);
}

static int write_object(struct vio_buf *buf, const struct vio_dump_kind *kind, const void *object)
{
    json_t *written = vio__dump_write_fields(kind->fields, object, false);
    int status = written && json_dump_callback(written, append, buf, 0) == 0 ? 0 : VIO_ENOMEM;

    json_decref(written);
    return buf->status != 0 ? buf->status : status;
}

static int write_set(struct vio_buf *buf, const struct vio_dump_kind *kind,
                     const struct vio_dump_set *set)
{
    vio__buf_printf(buf, ",\n  \"%s\": [", kind->section);
    for (size_t i = 0; i < set->count; i++) {
        int status;

        vio__buf_append_str(buf, i > 0 ? ",\n    " : "\n    ");
        status = write_object(buf, kind, set->object[i]);
        if (status != 0)
            return status;
    }
    return vio__buf_append_str(buf, set->count > 0 ? "\n  ]" : "]");
}

int vio__dump_finish(struct vio_dump *dump)
{
    char uuid[VIO_UUID_TEXT_SIZE];
    struct vio_buf buf;
    int status;

    sort(dump);
    vio__buf_init(&buf, &dump->alloc, VIO_DUMP_TEXT_MAX);
    vio__uuid_format(dump->store, uuid);
    status =
        vio__buf_printf(&buf, "{\n  \"format\": \"%s\",\n  \"version\": %d,\n  \"store\": \"%s\"",
                        VIO_DUMP_FORMAT, VIO_DUMP_VERSION, uuid);
    for (size_t kind = 0; kind < VIO_DUMP_KINDS && status == 0; kind++)
        status = write_set(&buf, vio__dump_kinds[kind], &dump->set[kind]);
    if (status == 0)
        status = vio__buf_append_str(&buf, "\n}\n");
    if (status == 0) {
        dump->size = buf.size;
        dump->text = vio__buf_steal(&buf);
        status = dump->text ? 0 : VIO_ENOMEM;
    }
    vio__buf_free(&buf);
    return status;
}
