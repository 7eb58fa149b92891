/* SPDX-License-Identifier: MIT */
/* Pools of identities as JSON. */
#include <libvio/error.h>

#include "lib/domain/name.h"
#include "lib/domain/pool.h"
#include "lib/store/dump_objects.h"

/* -- Ranges ------------------------------------------------------------------------------------ */

static const struct vio_dump_field range_field[] = {
    {.key = "first",
     .type = VIO_DUMP_ADDRESS,
     .required = true,
     VIO_DUMP_MEMBER(struct vio_pool_range, first)},
    {.key = "last",
     .type = VIO_DUMP_ADDRESS,
     .required = true,
     VIO_DUMP_MEMBER(struct vio_pool_range, last)},
};
static const struct vio_dump_fields range_fields = VIO_DUMP_FIELDS(range_field);

static json_t *write_ranges(const void *member)
{
    const struct vio_pool_ranges *ranges = member;
    json_t *written = ranges->count > 0 ? json_array() : json_null();

    for (size_t i = 0; i < ranges->count && written; i++) {
        json_t *range = vio__dump_write_fields(&range_fields, &ranges->range[i], false);

        if (json_array_append_new(written, range) != 0) {
            json_decref(written);
            return NULL;
        }
    }
    return written;
}

static void read_ranges(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                        const json_t *value, void *member)
{
    struct vio_pool_ranges *ranges = member;
    size_t at;
    json_t *element;

    if (!json_is_array(value) || json_array_size(value) > VIO_POOL_RANGES_MAX) {
        vio__dump_complain(reader, where, VIO_EPARSE, value, "an array of at most 256 ranges");
        return;
    }
    json_array_foreach(value, at, element)
    {
        const struct vio_dump_where inside = {.in = where, .index = at};
        struct vio_pool_range range = {.first = {0}};

        vio__dump_read_fields(reader, &inside, element, &range_fields, &range);
        if (vio__pool_ranges_append(reader->alloc, ranges, &range) != 0)
            reader->status = VIO_ENOMEM;
    }
}

/* -- The whole --------------------------------------------------------------------------------- */

#define MEMBER(name) VIO_DUMP_MEMBER(struct vio_pool_info, name)

static const struct vio_dump_word purposes[] = {{"mac", VIO_POOL_MAC},   {"wwnn", VIO_POOL_WWNN},
                                                {"wwpn", VIO_POOL_WWPN}, {"uuid", VIO_POOL_UUID},
                                                {"wwn", VIO_POOL_WWN},   {NULL, 0}};

static const struct vio_dump_word orders[] = {
    {"lowest", VIO_POOL_ORDER_LOWEST}, {"sequential", VIO_POOL_ORDER_SEQUENTIAL}, {NULL, 0}};

static const struct vio_dump_field pool_field[] = {
    {.key = "name", .type = VIO_DUMP_NAME, .required = true, MEMBER(name)},
    {.key = "uuid", .type = VIO_DUMP_UUID, .required = true, MEMBER(uuid)},
    {.key = "purpose", .type = VIO_DUMP_WORD, .required = true, .words = purposes, MEMBER(purpose)},
    {.key = "order", .type = VIO_DUMP_WORD, .required = true, .words = orders, MEMBER(order)},
    {.key = "quarantine",
     .type = VIO_DUMP_NUMBER,
     .most = VIO_POOL_QUARANTINE_MAX,
     MEMBER(quarantine)},
    {.key = "ranges",
     .type = VIO_DUMP_OTHER,
     .write = write_ranges,
     .read = read_ranges,
     MEMBER(ranges)},
    {.key = "exclusions",
     .type = VIO_DUMP_OTHER,
     .write = write_ranges,
     .read = read_ranges,
     MEMBER(exclusions)},
    {.key = "externals",
     .type = VIO_DUMP_OTHER,
     .write = write_ranges,
     .read = read_ranges,
     MEMBER(externals)},
    {.key = "description",
     .type = VIO_DUMP_STRING,
     .most = VIO_DESCRIPTION_MAX,
     MEMBER(description)},
    {.key = "labels", .type = VIO_DUMP_LABELS, MEMBER(labels)},
};
static const struct vio_dump_fields pool_fields = VIO_DUMP_FIELDS(pool_field);

struct complaints {
    struct vio_dump_reader *reader;
    const struct vio_dump_where *where;
};

static void complain(void *user, int code, const char *text)
{
    const struct complaints *complaints = user;

    vio__dump_problem(complaints->reader, complaints->where, code, text);
}

static void check(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                  const void *object)
{
    struct complaints complaints = {.reader = reader, .where = where};

    vio__pool_check(object, complain, &complaints);
}

static int make(const struct vio_alloc *alloc, void **ret_object)
{
    struct vio_pool_info *pool;
    int status = vio__pool_new(alloc, &pool);

    if (status == 0)
        *ret_object = pool;
    return status;
}

static void drop(const struct vio_alloc *alloc, void *object)
{
    (void)alloc;
    vio__pool_unref(object);
}

static int copy(const struct vio_alloc *alloc, const void *object, const void *before,
                void **ret_object)
{
    const struct vio_pool_info *present = before;
    struct vio_pool_info *pool;
    int status = vio__pool_copy(object, &pool);

    (void)alloc;
    if (status != 0)
        return status;
    pool->generation = present ? present->generation + 1 : 1;
    *ret_object = pool;
    return 0;
}

static const char *const fixed[] = {"purpose", NULL};

const struct vio_dump_kind vio__dump_pool = {
    .row = VIO_ROW_POOL,
    .section = "pools",
    .noun = "pool",
    .fields = &pool_fields,
    .make = make,
    .drop = drop,
    .check = check,
    .copy = copy,
    .fixed = fixed,
    .key = offsetof(struct vio_pool_info, uuid),
    .key_size = VIO_UUID_SIZE,
    .name = offsetof(struct vio_pool_info, name),
    .named_once = true,
    .addresses = {SIZE_MAX, SIZE_MAX},
};
