/* SPDX-License-Identifier: MIT */
/* An index' memory, for the files of the index alone. */
#ifndef VIO_LIB_STORE_INDEX_PARTS_H
#define VIO_LIB_STORE_INDEX_PARTS_H

#include <stdbool.h>

#include "lib/store/index.h"
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

struct object {
    uint8_t *body; /* NULL: the number is free */
    uint64_t row;
    uint32_t size : 24;
    uint32_t kind : 8;
};

struct link {
    uint32_t next, prev;
};

/* What looking reads lies apart from what it does not, so that more of it stays in the caches. */
struct chunk {
    struct object objects[CHUNK];
    struct link links[CHAINS][CHUNK]; /* of a free number, links[0].next is the next free one */
};

struct vio_index {
    const struct vio_alloc *alloc;
    uint64_t seed; /* so that an outsider cannot choose keys that collide */
    struct vio_slab bodies;
    struct chunk **chunks;
    size_t num_chunks, capacity; /* of the array of chunks */
    uint32_t last;               /* the highest number that was ever used */
    uint32_t linked;             /* the highest number that is in the tables */
    uint32_t free;               /* the first free number; 0: none */
    size_t num_free;
    size_t reserved;
    size_t count[VIO_ROW_CHASSIS + 1];
    struct vio_table tables[TABLES];
};

static inline struct object *object_of(const struct vio_index *index, uint32_t number)
{
    return &index->chunks[(number - 1) / CHUNK]->objects[(number - 1) % CHUNK];
}

static inline struct link *link_of(const struct vio_index *index, unsigned table, uint32_t number)
{
    return &index->chunks[(number - 1) / CHUNK]->links[table - FIRST_CHAIN][(number - 1) % CHUNK];
}

static inline bool is_chain(unsigned table)
{
    return table >= FIRST_CHAIN && table < VIO_KEYS;
}

static inline struct object vio__index_object(const struct vio_row *row)
{
    return (struct object){.body = (uint8_t *)row->body,
                           .row = row->id,
                           .size = (uint32_t)row->size & VIO_BODY_MAX,
                           .kind = row->kind & 0xff};
}

/* The key of an object in a table. */
struct vio_key vio__index_key(const struct object *object, unsigned table);

uint64_t vio__index_hash(const struct vio_index *index, const struct object *object,
                         unsigned table);

/* The number in a table that has the key `key` of `object`, whose hash there is `hash`; 0: none. */
uint32_t vio__index_match(const struct vio_index *index, unsigned table, uint64_t hash,
                          const struct object *object, struct vio_key key);

/* Puts a number, for which there is room, into a table. */
void vio__index_link(struct vio_index *index, unsigned table, uint64_t hash, uint32_t number);

#endif
