/* SPDX-License-Identifier: MIT */
/*
 * Entries lie in one array in the order of their numbers (`order`); removed ones leave a hole until
 * the array is packed. A slot of the index holds an entry's place in the array plus 1. A walk
 * remembers the number that it met last, so neither packing nor growing disturbs it.
 */
#include "lib/base/hash.h"

#include <libvio/error.h>

#include "lib/base/random.h"

#define SHORT 24 /* bytes of a key that needs no memory of its own */

struct entry {
    uint64_t hash;
    uint64_t order;
    void *value; /* NULL: a hole */
    size_t size; /* of the key */
    union {
        uint8_t bytes[SHORT];
        void *copy; /* longer ones */
    } key;
};

struct vio_hash {
    struct vio_alloc alloc;
    size_t max;
    size_t count;
    uint64_t seed; /* so that an outsider cannot choose keys that collide */
    uint64_t order;
    struct entry *entries;
    size_t used; /* entries and holes */
    size_t capacity;
    size_t *slots; /* twice the capacity */
};

enum { CAPACITY_MIN = 8 };

/* Spreads to all bits (from MurmurHash3, public domain). */
static uint64_t mix(uint64_t hash)
{
    hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccdU;
    hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53U;
    return hash ^ hash >> 33;
}

/* Eight bytes at a time, and FNV-1a for the rest. */
static uint64_t hash_bytes(uint64_t seed, const void *key, size_t size)
{
    const uint8_t *bytes = key;
    uint64_t hash = 0xcbf29ce484222325U ^ seed;
    uint64_t word;

    for (; size >= sizeof(word); bytes += sizeof(word), size -= sizeof(word)) {
        memcpy(&word, bytes, sizeof(word));
        hash = mix(hash ^ word);
    }
    for (; size > 0; bytes++, size--)
        hash = (hash ^ *bytes) * 0x100000001b3U;
    return mix(hash);
}

static const void *key_of(const struct entry *entry)
{
    return entry->size <= SHORT ? entry->key.bytes : entry->key.copy;
}

static int set_key(const struct vio_alloc *alloc, struct entry *entry, const void *key, size_t size)
{
    entry->size = size;
    if (size > SHORT) {
        entry->key.copy = vio__memdup(alloc, key, size);
        return entry->key.copy ? 0 : VIO_ENOMEM;
    }
    if (size > 0)
        memcpy(entry->key.bytes, key, size);
    return 0;
}

static void free_key(const struct vio_alloc *alloc, struct entry *entry)
{
    if (entry->size > SHORT)
        vio__free(alloc, entry->key.copy);
}

static size_t slot_mask(const struct vio_hash *hash)
{
    return 2 * hash->capacity - 1;
}

static void index_entry(struct vio_hash *hash, size_t place)
{
    size_t slot = (size_t)hash->entries[place].hash & slot_mask(hash);

    while (hash->slots[slot] != 0)
        slot = (slot + 1) & slot_mask(hash);
    hash->slots[slot] = place + 1;
}

/* Drops the holes and gives room for `capacity` entries (a power of two, at least count). */
static int resize(struct vio_hash *hash, size_t capacity)
{
    size_t *slots = vio__calloc(&hash->alloc, capacity, 2 * sizeof(*slots));
    struct entry *entries = vio__calloc(&hash->alloc, capacity, sizeof(*entries));
    size_t used = 0;

    if (slots == NULL || entries == NULL) {
        vio__free(&hash->alloc, slots);
        vio__free(&hash->alloc, entries);
        return VIO_ENOMEM;
    }
    for (size_t i = 0; i < hash->used; i++)
        if (hash->entries[i].value != NULL)
            entries[used++] = hash->entries[i];
    vio__free(&hash->alloc, hash->slots);
    vio__free(&hash->alloc, hash->entries);
    hash->slots = slots;
    hash->entries = entries;
    hash->used = used;
    hash->capacity = capacity;
    for (size_t i = 0; i < used; i++)
        index_entry(hash, i);
    return 0;
}

static struct entry *find(const struct vio_hash *hash, uint64_t sum, const void *key, size_t size)
{
    size_t slot;

    if (hash->capacity == 0)
        return NULL;
    slot = (size_t)sum & slot_mask(hash);
    for (; hash->slots[slot] != 0; slot = (slot + 1) & slot_mask(hash)) {
        struct entry *entry = &hash->entries[hash->slots[slot] - 1];

        if (entry->value != NULL && entry->hash == sum && entry->size == size &&
            memcmp(key_of(entry), key, size) == 0)
            return entry;
    }
    return NULL;
}

int vio__hash_new(const struct vio_alloc *alloc, size_t max, struct vio_hash **ret_hash)
{
    struct vio_hash *hash = vio__calloc(alloc, 1, sizeof(*hash));

    if (hash == NULL)
        return VIO_ENOMEM;
    hash->alloc = alloc != NULL ? *alloc : vio__alloc_default();
    hash->max = max;
    if (vio__random_bytes(&hash->seed, sizeof(hash->seed)) < 0)
        hash->seed = (uint64_t)(uintptr_t)hash;
    *ret_hash = hash;
    return 0;
}

void vio__hash_free(struct vio_hash *hash, void (*free_value)(void *value))
{
    struct vio_alloc alloc;

    if (hash == NULL)
        return;
    alloc = hash->alloc;
    for (size_t i = 0; i < hash->used; i++) {
        if (hash->entries[i].value == NULL)
            continue;
        if (free_value != NULL)
            free_value(hash->entries[i].value);
        free_key(&alloc, &hash->entries[i]);
    }
    vio__free(&alloc, hash->entries);
    vio__free(&alloc, hash->slots);
    vio__free(&alloc, hash);
}

/* Room for one more: packs when half of the array is holes, else doubles it. */
static int make_room(struct vio_hash *hash)
{
    if (hash->used < hash->capacity)
        return 0;
    if (hash->capacity == 0)
        return resize(hash, CAPACITY_MIN);
    return resize(hash, hash->count <= hash->capacity / 2 ? hash->capacity : 2 * hash->capacity);
}

int vio__hash_put(struct vio_hash *hash, const void *key, size_t size, void *value)
{
    uint64_t sum = hash_bytes(hash->seed, key, size);
    struct entry *entry;

    if (find(hash, sum, key, size) != NULL)
        return VIO_EEXIST;
    if (hash->count >= hash->max)
        return VIO_ELIMIT;
    if (make_room(hash) < 0)
        return VIO_ENOMEM;
    entry = &hash->entries[hash->used];
    if (set_key(&hash->alloc, entry, key, size) < 0)
        return VIO_ENOMEM;
    entry->hash = sum;
    entry->order = ++hash->order;
    entry->value = value;
    index_entry(hash, hash->used++);
    hash->count++;
    return 0;
}

void *vio__hash_get(const struct vio_hash *hash, const void *key, size_t size)
{
    const struct entry *entry = find(hash, hash_bytes(hash->seed, key, size), key, size);

    return entry != NULL ? entry->value : NULL;
}

void *vio__hash_remove(struct vio_hash *hash, const void *key, size_t size)
{
    struct entry *entry = find(hash, hash_bytes(hash->seed, key, size), key, size);
    void *value;

    if (entry == NULL)
        return NULL;
    value = entry->value;
    free_key(&hash->alloc, entry);
    entry->value = NULL;
    hash->count--;
    return value;
}

size_t vio__hash_count(const struct vio_hash *hash)
{
    return hash->count;
}

/* The first place whose number is above `order`. */
static size_t place_after(const struct vio_hash *hash, uint64_t order)
{
    size_t low = 0;
    size_t high = hash->used;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (hash->entries[middle].order <= order)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void *vio__hash_next(const struct vio_hash *hash, struct vio_hash_iter *iter)
{
    size_t place = iter->hint + 1;

    if (iter->hint >= hash->used || hash->entries[iter->hint].order != iter->order)
        place = place_after(hash, iter->order);
    while (place < hash->used && hash->entries[place].value == NULL)
        place++;
    if (place >= hash->used) {
        iter->value = NULL;
        return NULL;
    }
    iter->key = key_of(&hash->entries[place]);
    iter->key_size = hash->entries[place].size;
    iter->value = hash->entries[place].value;
    iter->order = hash->entries[place].order;
    iter->hint = place;
    return iter->value;
}
