/* SPDX-License-Identifier: MIT */
#include "lib/store/table.h"

#include <libvio/error.h>

enum { CAPACITY_MIN = 16 };

static uint32_t slot_of(uint64_t hash, uint32_t number)
{
    return (uint32_t)(hash >> 56) << 24 | number;
}

static size_t mask_of(const struct vio_table *table)
{
    return table->capacity - 1;
}

size_t vio__table_capacity(size_t numbers)
{
    size_t capacity = CAPACITY_MIN;

    while (numbers > capacity / 4 * 3)
        capacity *= 2;
    return capacity;
}

bool vio__table_has_room(const struct vio_table *table, size_t numbers)
{
    return numbers <= table->capacity / 4 * 3;
}

int vio__table_new(const struct vio_alloc *alloc, size_t capacity, struct vio_table *ret_table)
{
    uint32_t *slots = vio__calloc(alloc, capacity, sizeof(*slots));

    if (!slots)
        return VIO_ENOMEM;
    *ret_table = (struct vio_table){.slots = slots, .capacity = capacity};
    return 0;
}

void vio__table_free(const struct vio_alloc *alloc, struct vio_table *table)
{
    vio__free(alloc, table->slots);
    *table = (struct vio_table){0};
}

void vio__table_prefetch(const struct vio_table *table, uint64_t hash)
{
    if (table->capacity > 0)
        __builtin_prefetch(&table->slots[(size_t)hash & mask_of(table)]);
}

void vio__table_insert(struct vio_table *table, uint64_t hash, uint32_t number)
{
    size_t at = (size_t)hash & mask_of(table);

    while (table->slots[at] != 0)
        at = (at + 1) & mask_of(table);
    table->slots[at] = slot_of(hash, number);
    table->used++;
}

static size_t find(const struct vio_table *table, uint64_t hash, uint32_t number)
{
    size_t at = (size_t)hash & mask_of(table);

    while (table->slots[at] != slot_of(hash, number))
        at = (at + 1) & mask_of(table);
    return at;
}

/* What follows without a gap moves up, unless it would come before its own place. */
void vio__table_remove(struct vio_table *table, uint64_t hash, uint32_t number,
                       vio_table_hash hash_of, const void *user)
{
    size_t mask = mask_of(table);
    size_t hole = find(table, hash, number);

    table->used--;
    for (size_t at = (hole + 1) & mask; table->slots[at] != 0; at = (at + 1) & mask) {
        size_t home = (size_t)hash_of(user, table->slots[at] % VIO_TABLE_NUMBERS) & mask;

        if (((at - home) & mask) < ((at - hole) & mask))
            continue;
        table->slots[hole] = table->slots[at];
        hole = at;
    }
    table->slots[hole] = 0;
}

void vio__table_replace(struct vio_table *table, uint64_t hash, uint32_t former, uint32_t number)
{
    table->slots[find(table, hash, former)] = slot_of(hash, number);
}

uint32_t vio__table_next(const struct vio_table *table, uint64_t hash, uint64_t *place)
{
    if (table->capacity == 0)
        return 0;
    for (;;) {
        uint32_t slot = table->slots[(size_t)(*place)++ & mask_of(table)];

        if (slot == 0)
            return 0;
        if (slot >> 24 == hash >> 56)
            return slot % VIO_TABLE_NUMBERS;
    }
}
