/* SPDX-License-Identifier: MIT */
#include "lib/store/index.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/base/random.h"
#include "lib/store/index_parts.h"

/* -- Keys and hashes --------------------------------------------------------------------------- */

struct vio_key vio__index_key(const struct object *object, unsigned table)
{
    if (table == TABLE_ROW)
        return (struct vio_key){.data = (const uint8_t *)&object->row, .size = sizeof(object->row)};
    return vio__codec_key((enum vio_row_kind)object->kind, object->body, (enum vio_key_kind)table);
}

static uint64_t mix(uint64_t hash)
{
    hash *= 0x9e3779b97f4a7c15U; /* the golden ratio */
    return hash ^ hash >> 32;
}

static uint64_t hash_key(const struct vio_index *index, unsigned kind, const uint8_t *data,
                         size_t size)
{
    uint64_t hash = mix(index->seed ^ kind ^ (uint64_t)size << 8);
    uint64_t word;

    for (; size >= sizeof(word); data += sizeof(word), size -= sizeof(word)) {
        memcpy(&word, data, sizeof(word));
        hash = mix(hash ^ word);
    }
    word = 0;
    if (size > 0)
        memcpy(&word, data, size);
    hash = mix(hash ^ word);
    return mix(hash ^ hash >> 29);
}

/* Row keys are over all kinds. */
static unsigned kind_of(const struct object *object, unsigned table)
{
    return table == TABLE_ROW ? 0 : object->kind;
}

uint64_t vio__index_hash(const struct vio_index *index, const struct object *object, unsigned table)
{
    struct vio_key key = vio__index_key(object, table);

    return hash_key(index, kind_of(object, table), key.data, key.size);
}

struct hashing {
    const struct vio_index *index;
    unsigned table;
};

static uint64_t hash_of_number(const void *user, uint32_t number)
{
    const struct hashing *hashing = user;

    return vio__index_hash(hashing->index, object_of(hashing->index, number), hashing->table);
}

static uint32_t match(const struct vio_index *index, unsigned table, uint64_t hash, unsigned kind,
                      struct vio_key wanted)
{
    uint64_t place = hash;
    uint32_t number;

    while ((number = vio__table_next(&index->tables[table], hash, &place)) != 0) {
        const struct object *object = object_of(index, number);
        struct vio_key key = vio__index_key(object, table);

        if (key.size == wanted.size && kind_of(object, table) == kind &&
            memcmp(key.data, wanted.data, key.size) == 0)
            return number;
    }
    return 0;
}

uint32_t vio__index_match(const struct vio_index *index, unsigned table, uint64_t hash,
                          const struct object *object, struct vio_key key)
{
    return match(index, table, hash, kind_of(object, table), key);
}

static uint32_t find(const struct vio_index *index, unsigned table, unsigned kind, const void *data,
                     size_t size)
{
    const struct vio_key key = {.data = data, .size = size};

    return match(index, table, hash_key(index, kind, data, size), kind, key);
}

/* -- Looking ----------------------------------------------------------------------------------- */

uint32_t vio__index_find(const struct vio_index *index, enum vio_row_kind kind,
                         enum vio_key_kind key, const void *data, size_t size)
{
    return size > 0 ? find(index, key, kind, data, size) : 0;
}

uint32_t vio__index_find_row(const struct vio_index *index, uint64_t row)
{
    return find(index, TABLE_ROW, 0, &row, sizeof(row));
}

uint32_t vio__index_chain(const struct vio_index *index, enum vio_key_kind key, uint32_t number)
{
    return link_of(index, key, number)->next;
}

uint32_t vio__index_next(const struct vio_index *index, enum vio_row_kind kind, uint32_t number)
{
    while (number < index->last) {
        const struct object *object = object_of(index, ++number);

        if (object->body && object->kind == kind)
            return number;
    }
    return 0;
}

size_t vio__index_count(const struct vio_index *index, enum vio_row_kind kind)
{
    return index->count[kind];
}

struct vio_row vio__index_row(const struct vio_index *index, uint32_t number)
{
    const struct object *object = object_of(index, number);

    return (struct vio_row){.id = object->row,
                            .kind = (enum vio_row_kind)object->kind,
                            .body = object->body,
                            .size = object->size};
}

static uint32_t find_key(const struct vio_index *index, enum vio_row_kind kind, const void *body,
                         enum vio_key_kind wanted, enum vio_key_kind as)
{
    struct vio_key key = vio__codec_key(kind, body, wanted);

    return vio__index_find(index, kind, as, key.data, key.size);
}

/* A node's name and a port's may not be one, unless both are of one object. */
uint32_t vio__index_rival(const struct vio_index *index, enum vio_row_kind kind, const void *body,
                          enum vio_key_kind *ret_key)
{
    static const enum vio_key_kind unique[][2] = {
        {VIO_KEY_NAME, VIO_KEY_NAME},    {VIO_KEY_ADDRESS, VIO_KEY_ADDRESS},
        {VIO_KEY_ADDRESS, VIO_KEY_NODE}, {VIO_KEY_NODE, VIO_KEY_NODE},
        {VIO_KEY_NODE, VIO_KEY_ADDRESS},
    };
    uint32_t own = find_key(index, kind, body, VIO_KEY_ID, VIO_KEY_ID);

    for (size_t i = 0; i < sizeof(unique) / sizeof(unique[0]); i++) {
        uint32_t number = find_key(index, kind, body, unique[i][0], unique[i][1]);

        if (number != 0 && number != own) {
            *ret_key = unique[i][0];
            return number;
        }
    }
    return 0;
}

/* -- Links ------------------------------------------------------------------------------------- */

/* Puts a row in front of those that share its key. */
static void chain_up(struct vio_index *index, unsigned table, uint64_t hash, uint32_t number)
{
    const struct object *object = object_of(index, number);
    uint32_t first = vio__index_match(index, table, hash, object, vio__index_key(object, table));

    *link_of(index, table, number) = (struct link){.next = first};
    if (first == 0) {
        vio__table_insert(&index->tables[table], hash, number);
        return;
    }
    link_of(index, table, first)->prev = number;
    vio__table_replace(&index->tables[table], hash, first, number);
}

static void unchain(struct vio_index *index, unsigned table, uint64_t hash, uint32_t number)
{
    const struct hashing hashing = {.index = index, .table = table};
    const struct link *link = link_of(index, table, number);

    if (link->next != 0)
        link_of(index, table, link->next)->prev = link->prev;
    if (link->prev != 0)
        link_of(index, table, link->prev)->next = link->next;
    else if (link->next != 0)
        vio__table_replace(&index->tables[table], hash, number, link->next);
    else
        vio__table_remove(&index->tables[table], hash, number, hash_of_number, &hashing);
}

void vio__index_link(struct vio_index *index, unsigned table, uint64_t hash, uint32_t number)
{
    if (is_chain(table))
        chain_up(index, table, hash, number);
    else
        vio__table_insert(&index->tables[table], hash, number);
}

static void unlink(struct vio_index *index, unsigned table, uint64_t hash, uint32_t number)
{
    const struct hashing hashing = {.index = index, .table = table};

    if (is_chain(table))
        unchain(index, table, hash, number);
    else
        vio__table_remove(&index->tables[table], hash, number, hash_of_number, &hashing);
}

/* Puts a number into all tables, or takes it out of them. */
static void link_all(struct vio_index *index, uint32_t number,
                     void (*link)(struct vio_index *index, unsigned table, uint64_t hash,
                                  uint32_t number))
{
    const struct object *object = object_of(index, number);

    for (unsigned i = 0; i < TABLES; i++)
        if (vio__index_key(object, i).size > 0)
            link(index, i, vio__index_hash(index, object, i), number);
}

/* -- Changing ---------------------------------------------------------------------------------- */

void *vio__index_body(struct vio_index *index, size_t size)
{
    return vio__slab_alloc(&index->bodies, size);
}

void vio__index_drop_body(struct vio_index *index, void *body, size_t size)
{
    vio__slab_free(&index->bodies, body, size);
}

static uint32_t take_number(struct vio_index *index)
{
    uint32_t number = index->free;

    if (number == 0) {
        index->linked++;
        return ++index->last;
    }
    index->free = link_of(index, FIRST_CHAIN, number)->next;
    index->num_free--;
    return number;
}

static void empty(struct vio_index *index, uint32_t number)
{
    struct object *object = object_of(index, number);

    link_all(index, number, unlink);
    index->count[object->kind]--;
    vio__slab_free(&index->bodies, object->body, object->size);
    object->body = NULL;
}

void vio__index_put(struct vio_index *index, const struct vio_row *row)
{
    uint32_t number = find_key(index, row->kind, row->body, VIO_KEY_ID, VIO_KEY_ID);

    if (number != 0)
        empty(index, number);
    else
        number = take_number(index);
    *object_of(index, number) = vio__index_object(row);
    link_all(index, number, vio__index_link);
    index->count[row->kind]++;
    index->reserved--;
}

void vio__index_remove(struct vio_index *index, uint32_t number)
{
    empty(index, number);
    link_of(index, FIRST_CHAIN, number)->next = index->free;
    index->free = number;
    index->num_free++;
}

/* -- Making ------------------------------------------------------------------------------------ */

int vio__index_new(const struct vio_alloc *alloc, struct vio_index **ret_index)
{
    struct vio_index *index = vio__calloc(alloc, 1, sizeof(*index));

    if (!index)
        return VIO_ENOMEM;
    index->alloc = alloc;
    vio__slab_init(&index->bodies, alloc);
    if (vio__random_bytes(&index->seed, sizeof(index->seed)) < 0)
        index->seed = (uint64_t)(uintptr_t)index;
    *ret_index = index;
    return 0;
}

void vio__index_free(struct vio_index *index)
{
    if (!index)
        return;
    for (uint32_t number = 1; number <= index->last; number++) {
        struct object *object = object_of(index, number);

        vio__slab_free(&index->bodies, object->body, object->size);
    }
    for (unsigned i = 0; i < TABLES; i++)
        vio__table_free(index->alloc, &index->tables[i]);
    for (size_t i = 0; i < index->num_chunks; i++)
        vio__free(index->alloc, index->chunks[i]);
    vio__free(index->alloc, index->chunks);
    vio__slab_free_all(&index->bodies);
    vio__free(index->alloc, index);
}
