/* SPDX-License-Identifier: MIT */
/* Making an index larger, and filling it with many rows at once. */
#include <libvio/error.h>

#include "lib/store/index_parts.h"

#define BATCH VIO_INDEX_BATCH

/* -- Reserving --------------------------------------------------------------------------------- */

/* Puts the rows that are linked, from `first` on, into a table that is being built: a few, in the
 * order of their memory, so that the processor may fetch many slots at once. */
static void fill(const struct vio_index *index, struct vio_table *table, unsigned which,
                 uint32_t first)
{
    uint64_t hashes[BATCH];
    uint32_t numbers[BATCH];
    size_t count = 0;

    for (uint32_t number = first; number < first + BATCH && number <= index->linked; number++) {
        const struct object *object = object_of(index, number);

        if (!object->body || vio__index_key(object, which).size == 0 ||
            (is_chain(which) && link_of(index, which, number)->prev != 0))
            continue;
        hashes[count] = vio__index_hash(index, object, which);
        vio__table_prefetch(table, hashes[count]);
        numbers[count++] = number;
    }
    for (size_t i = 0; i < count; i++)
        vio__table_insert(table, hashes[i], numbers[i]);
}

static int grow_table(struct vio_index *index, unsigned which, size_t capacity)
{
    struct vio_table grown;
    int status = vio__table_new(index->alloc, capacity, &grown);

    if (status != 0)
        return status;
    for (uint32_t first = 1; first <= index->linked; first += BATCH)
        fill(index, &grown, which, first);
    vio__table_free(index->alloc, &index->tables[which]);
    index->tables[which] = grown;
    return 0;
}

static int add_chunk(struct vio_index *index)
{
    struct chunk *chunk;

    if (index->num_chunks == CHUNKS_MAX)
        return VIO_ELIMIT;
    if (index->num_chunks == index->capacity) {
        size_t capacity = index->capacity * 2 + 1;
        struct chunk **grown =
            vio__realloc(index->alloc, index->chunks, capacity, sizeof(struct chunk *));

        if (!grown)
            return VIO_ENOMEM;
        index->chunks = grown;
        index->capacity = capacity;
    }
    chunk = vio__calloc(index->alloc, 1, sizeof(*chunk));
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
        size_t used = index->tables[i].used + wanted;
        int status = vio__table_has_room(&index->tables[i], used)
                         ? 0
                         : grow_table(index, i, vio__table_capacity(used));

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

/* -- Many rows --------------------------------------------------------------------------------- */

void vio__index_append(struct vio_index *index, const struct vio_row *row)
{
    *object_of(index, ++index->last) = vio__index_object(row);
}

size_t vio__index_appended(const struct vio_index *index)
{
    return index->last - index->linked;
}

/* The other table in which an identity may be. */
static unsigned other_of(unsigned table)
{
    return table == VIO_KEY_ADDRESS ? VIO_KEY_NODE : VIO_KEY_ADDRESS;
}

static bool is_identity(unsigned table)
{
    return table == VIO_KEY_ADDRESS || table == VIO_KEY_NODE;
}

static uint32_t rival_of(const struct vio_index *index, unsigned table, uint64_t hash,
                         uint32_t number)
{
    const struct object *object = object_of(index, number);
    struct vio_key key = vio__index_key(object, table);
    uint32_t rival = vio__index_match(index, table, hash, object, key);

    if (rival == 0 && is_identity(table))
        rival = vio__index_match(index, other_of(table), hash, object, key);
    return rival == number ? 0 : rival;
}

/* Links a batch in one table. */
static uint32_t link_table(struct vio_index *index, unsigned table, uint32_t *ret_number)
{
    uint64_t hashes[BATCH];
    uint32_t count = index->last - index->linked;

    for (uint32_t i = 0; i < count; i++) {
        hashes[i] = vio__index_hash(index, object_of(index, index->linked + 1 + i), table);
        vio__table_prefetch(&index->tables[table], hashes[i]);
        if (is_identity(table))
            vio__table_prefetch(&index->tables[other_of(table)], hashes[i]);
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = index->linked + 1 + i;
        uint32_t rival;

        if (vio__index_key(object_of(index, number), table).size == 0)
            continue;
        rival = is_chain(table) ? 0 : rival_of(index, table, hashes[i], number);
        if (rival != 0) {
            *ret_number = number;
            return rival;
        }
        vio__index_link(index, table, hashes[i], number);
    }
    return 0;
}

uint32_t vio__index_link_appended(struct vio_index *index, enum vio_key_kind *ret_key,
                                  uint32_t *ret_number)
{
    for (unsigned table = TABLES; table-- > 0;) {
        uint32_t rival = link_table(index, table, ret_number);

        if (rival != 0) {
            *ret_key = table == TABLE_ROW ? VIO_KEY_ID : (enum vio_key_kind)table;
            return rival;
        }
    }
    while (index->linked < index->last) {
        index->count[object_of(index, ++index->linked)->kind]++;
        index->reserved--;
    }
    return 0;
}
