/* SPDX-License-Identifier: MIT */
#include "lib/store/index.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/base/random.h"
#include "lib/store/slab.h"
#include "lib/store/table.h"

/* Rows lie in chunks, which never move. */
#define CHUNK       512u
#define CHUNKS_MAX  (VIO_TABLE_NUMBERS / CHUNK)

/* Beside a table for each key there is one for the keys of rows. */
#define TABLE_ROW   VIO_KEYS
#define TABLES      (VIO_KEYS + 1)

/* Rows that share a chassis, server or adapter form a chain, whose first one is in the table. */
#define FIRST_CHAIN VIO_KEY_CHASSIS
#define CHAINS      (VIO_KEYS - FIRST_CHAIN)

struct link {
    uint32_t next, prev;
};

struct object {
    uint8_t *body; /* NULL: the number is free */
    uint64_t row;
    uint32_t size : 24;
    uint32_t kind : 8;
    struct link link[CHAINS]; /* of a free one, .link[0].next is the next free number */
};

struct vio_index {
    const struct vio_alloc *alloc;
    uint64_t seed; /* so that an outsider cannot choose keys that collide */
    struct vio_slab bodies;
    struct object **chunks;
    size_t num_chunks, capacity; /* of the array of chunks */
    uint32_t last;               /* the highest number that was ever used */
    uint32_t free;               /* the first free number; 0: none */
    size_t num_free;
    size_t reserved;
    size_t count[VIO_ROW_CHASSIS + 1];
    struct vio_table tables[TABLES];
};

static struct object *object_of(const struct vio_index *index, uint32_t number)
{
    return &index->chunks[(number - 1) / CHUNK][(number - 1) % CHUNK];
}

/* -- Keys and hashes --------------------------------------------------------------------------- */

static struct vio_key key_of(const struct object *object, unsigned table)
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
static uint64_t hash_of_object(const struct vio_index *index, const struct object *object,
                               unsigned table)
{
    struct vio_key key = key_of(object, table);

    return hash_key(index, table == TABLE_ROW ? 0 : object->kind, key.data, key.size);
}

struct hashing {
    const struct vio_index *index;
    unsigned table;
};

static uint64_t hash_of_number(const void *user, uint32_t number)
{
    const struct hashing *hashing = user;

    return hash_of_object(hashing->index, object_of(hashing->index, number), hashing->table);
}

static uint32_t find(const struct vio_index *index, unsigned table, unsigned kind,
                     const uint8_t *data, size_t size)
{
    uint64_t hash = hash_key(index, kind, data, size);
    uint64_t place = hash;
    uint32_t number;

    while ((number = vio__table_next(&index->tables[table], hash, &place)) != 0) {
        const struct object *object = object_of(index, number);
        struct vio_key key = key_of(object, table);

        if (key.size == size && (kind == 0 || object->kind == kind) &&
            memcmp(key.data, data, size) == 0)
            return number;
    }
    return 0;
}

/* -- Looking ----------------------------------------------------------------------------------- */

uint32_t vio__index_find(const struct vio_index *index, enum vio_row_kind kind,
                         enum vio_key_kind key, const void *data, size_t size)
{
    return size > 0 ? find(index, key, kind, data, size) : 0;
}

uint32_t vio__index_find_row(const struct vio_index *index, uint64_t row)
{
    return find(index, TABLE_ROW, 0, (const uint8_t *)&row, sizeof(row));
}

uint32_t vio__index_chain(const struct vio_index *index, enum vio_key_kind key, uint32_t number)
{
    return object_of(index, number)->link[key - FIRST_CHAIN].next;
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

static bool is_chain(unsigned table)
{
    return table >= FIRST_CHAIN && table < VIO_KEYS;
}

/* Puts a row in front of those that share its key. */
static void chain_up(struct vio_index *index, unsigned table, uint64_t hash, uint32_t number)
{
    struct object *object = object_of(index, number);
    struct vio_key key = key_of(object, table);
    uint32_t first = find(index, table, object->kind, key.data, key.size);

    object->link[table - FIRST_CHAIN] = (struct link){.next = first};
    if (first == 0) {
        vio__table_insert(&index->tables[table], hash, number);
        return;
    }
    object_of(index, first)->link[table - FIRST_CHAIN].prev = number;
    vio__table_replace(&index->tables[table], hash, first, number);
}

static void unchain(struct vio_index *index, unsigned table, uint64_t hash, uint32_t number)
{
    const struct hashing hashing = {.index = index, .table = table};
    struct link *link = &object_of(index, number)->link[table - FIRST_CHAIN];

    if (link->next != 0)
        object_of(index, link->next)->link[table - FIRST_CHAIN].prev = link->prev;
    if (link->prev != 0)
        object_of(index, link->prev)->link[table - FIRST_CHAIN].next = link->next;
    else if (link->next != 0)
        vio__table_replace(&index->tables[table], hash, number, link->next);
    else
        vio__table_remove(&index->tables[table], hash, number, hash_of_number, &hashing);
}

static void link_up(struct vio_index *index, unsigned table, uint32_t number)
{
    struct object *object = object_of(index, number);
    uint64_t hash;

    if (key_of(object, table).size == 0)
        return;
    hash = hash_of_object(index, object, table);
    if (is_chain(table))
        chain_up(index, table, hash, number);
    else
        vio__table_insert(&index->tables[table], hash, number);
}

static void unlink(struct vio_index *index, unsigned table, uint32_t number)
{
    const struct hashing hashing = {.index = index, .table = table};
    struct object *object = object_of(index, number);
    uint64_t hash;

    if (key_of(object, table).size == 0)
        return;
    hash = hash_of_object(index, object, table);
    if (is_chain(table))
        unchain(index, table, hash, number);
    else
        vio__table_remove(&index->tables[table], hash, number, hash_of_number, &hashing);
}

/* -- Reserving --------------------------------------------------------------------------------- */

/* Builds a table anew, larger: in the order of the rows, which is that of their memory. */
static int grow_table(struct vio_index *index, unsigned table, size_t capacity)
{
    struct vio_table grown;
    int status = vio__table_new(index->alloc, capacity, &grown);

    if (status != 0)
        return status;
    for (uint32_t number = 1; number <= index->last; number++) {
        const struct object *object = object_of(index, number);
        bool is_first = !is_chain(table) || object->link[table - FIRST_CHAIN].prev == 0;

        if (object->body && is_first && key_of(object, table).size > 0)
            vio__table_insert(&grown, hash_of_object(index, object, table), number);
    }
    vio__table_free(index->alloc, &index->tables[table]);
    index->tables[table] = grown;
    return 0;
}

static int add_chunk(struct vio_index *index)
{
    struct object *chunk;

    if (index->num_chunks == CHUNKS_MAX)
        return VIO_ELIMIT;
    if (index->num_chunks == index->capacity) {
        size_t capacity = index->capacity * 2 + 1;
        struct object **grown =
            vio__realloc(index->alloc, index->chunks, capacity, sizeof(struct object *));

        if (!grown)
            return VIO_ENOMEM;
        index->chunks = grown;
        index->capacity = capacity;
    }
    chunk = vio__calloc(index->alloc, CHUNK, sizeof(*chunk));
    if (!chunk)
        return VIO_ENOMEM;
    index->chunks[index->num_chunks++] = chunk;
    return 0;
}

/* Numbers that may be given yet; the last chunk lacks one, as numbers begin at 1. */
static size_t spare(const struct vio_index *index)
{
    size_t room = index->num_chunks * CHUNK;

    if (room >= VIO_TABLE_NUMBERS)
        room = VIO_TABLE_NUMBERS - 1;
    return room - index->last + index->num_free;
}

int vio__index_reserve(struct vio_index *index, size_t rows)
{
    size_t wanted = index->reserved + rows;

    while (spare(index) < wanted) {
        int status = add_chunk(index);

        if (status != 0)
            return status;
    }
    for (unsigned i = 0; i < TABLES; i++) {
        size_t capacity = vio__table_capacity(index->tables[i].used + wanted);
        int status = capacity > index->tables[i].capacity ? grow_table(index, i, capacity) : 0;

        if (status != 0)
            return status;
    }
    index->reserved = wanted;
    return 0;
}

void vio__index_release(struct vio_index *index, size_t rows)
{
    index->reserved -= rows;
}

void *vio__index_body(struct vio_index *index, size_t size)
{
    return vio__slab_alloc(&index->bodies, size);
}

void vio__index_drop_body(struct vio_index *index, void *body, size_t size)
{
    vio__slab_free(&index->bodies, body, size);
}

/* -- Changing ---------------------------------------------------------------------------------- */

static uint32_t take_number(struct vio_index *index)
{
    uint32_t number = index->free;

    if (number == 0)
        return ++index->last;
    index->free = object_of(index, number)->link[0].next;
    index->num_free--;
    return number;
}

static void empty(struct vio_index *index, uint32_t number)
{
    struct object *object = object_of(index, number);

    for (unsigned i = 0; i < TABLES; i++)
        unlink(index, i, number);
    index->count[object->kind]--;
    vio__slab_free(&index->bodies, object->body, object->size);
    object->body = NULL;
}

void vio__index_put(struct vio_index *index, const struct vio_row *row)
{
    uint32_t number = find_key(index, row->kind, row->body, VIO_KEY_ID, VIO_KEY_ID);
    struct object *object;

    if (number != 0)
        empty(index, number);
    else
        number = take_number(index);
    object = object_of(index, number);
    *object = (struct object){.body = (uint8_t *)row->body,
                              .row = row->id,
                              .size = (uint32_t)row->size & VIO_BODY_MAX,
                              .kind = row->kind & 0xff};
    for (unsigned i = 0; i < TABLES; i++)
        link_up(index, i, number);
    index->count[row->kind]++;
    index->reserved--;
}

void vio__index_remove(struct vio_index *index, uint32_t number)
{
    empty(index, number);
    object_of(index, number)->link[0].next = index->free;
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
