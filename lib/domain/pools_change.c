/* SPDX-License-Identifier: MIT */
/*
 * Changing a pool. The blocks of the new pool are made beforehand: parts of the old ones, so that
 * they keep their lessees, and new ones where there was none. The new ones go into the table at
 * once: no other pool can get their values, and what is used of them is marked.
 */
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/hwaddr.h"
#include "lib/domain/pools.h"
#include "lib/domain/pools_parts.h"

/* -- Blocks ------------------------------------------------------------------------------------ */

static int get_space(struct vio_pools *pools, int kind, uint64_t high,
                     struct vio_pool_space **ret_space)
{
    struct vio_pool_space *space = vio__pools_space(pools, kind, high);

    if (!space) {
        space = vio__calloc(&pools->alloc, 1, sizeof(*space));
        if (!space || vio__bitmap_new(&pools->alloc, &space->used) != 0) {
            vio__free(&pools->alloc, space);
            return VIO_ENOMEM;
        }
        space->kind = kind;
        space->high = high;
        space->next = pools->spaces;
        pools->spaces = space;
    }
    *ret_space = space;
    return 0;
}

/* Frees the spaces in which no pool has values any more. */
static void drop_spaces(struct vio_pools *pools)
{
    struct vio_pool_space **place = &pools->spaces;

    while (*place) {
        struct vio_pool_space *space = *place;
        size_t at = vio__pools_place(pools, space->kind, space->high, 0);

        if (at < pools->table_count && pools->table[at]->space == space) {
            place = &space->next;
            continue;
        }
        *place = space->next;
        vio__bitmap_free(space->used);
        vio__free(&pools->alloc, space);
    }
}

static int add_block(struct vio_pools *pools, struct vio_pool_blocks *blocks,
                     const struct vio_pool_block *block)
{
    if (blocks->count == blocks->capacity) {
        size_t capacity = blocks->capacity > 0 ? 2 * blocks->capacity : 8;
        struct vio_pool_block *grown =
            vio__realloc(&pools->alloc, blocks->block, capacity, sizeof(*grown));

        if (!grown)
            return VIO_ENOMEM;
        blocks->block = grown;
        blocks->capacity = capacity;
    }
    blocks->block[blocks->count++] = *block;
    return 0;
}

/* How many bits of a value tell its place in a block, for ranges of that many values, less one. */
static unsigned block_bits(uint64_t last)
{
    unsigned bits = 0;

    while (UINT64_C(1) << bits < VIO_POOL_BLOCK_SIZE || last >> bits >= VIO_POOL_BLOCKS)
        bits++;
    return bits;
}

/* Adds what follows of a range, up to the end of a block, old or new. *from: where the next is. */
static int cut_block(struct vio_pools_check *check, struct vio_pool_space *space, uint64_t last,
                     unsigned bits, uint64_t *from)
{
    const struct vio_pool_blocks *old = &check->change->entry->blocks;
    struct vio_pool_block block = {
        .space = space, .entry = check->change->entry, .first = *from, .old = VIO_POOL_NO_BLOCK};
    uint64_t end = *from | ((UINT64_C(1) << bits) - 1);
    size_t i = 0;
    int status;

    while (i < old->count && (old->block[i].space != space || old->block[i].last < *from))
        i++;
    if (i < old->count && old->block[i].first <= *from) {
        block.old = i;
        end = old->block[i].last;
    } else if (i < old->count && old->block[i].first <= end) {
        end = old->block[i].first - 1;
    }
    block.last = end < last ? end : last;
    status = add_block(check->pools, &check->change->blocks, &block);
    *from = block.last + 1;
    return status;
}

static int cut_blocks(struct vio_pools_check *check, const struct vio_pool_ranges *ranges)
{
    for (size_t i = 0; i < ranges->count; i++) {
        const struct vio_pool_range *range = &ranges->range[i];
        struct vio_pool_space *space;
        uint64_t high, first, last;
        unsigned bits;
        int status;

        vio__hwaddr_split(&range->first, &high, &first);
        vio__hwaddr_split(&range->last, &high, &last);
        bits = block_bits(last - first);
        status = get_space(check->pools, range->first.kind, high, &space);
        do
            status = status != 0 ? status : cut_block(check, space, last, bits, &first);
        while (status == 0 && first <= last && first != 0);
        if (status != 0)
            return status;
    }
    return 0;
}

/* -- The table --------------------------------------------------------------------------------- */

/* Room for all blocks of all changes under way beside what is in it. */
static int reserve_table(struct vio_pools *pools, const struct vio_pools_change *added)
{
    size_t wanted = pools->table_count + added->blocks.count;
    struct vio_pool_block **grown;

    VIO_DLIST_FOREACH (node, &pools->changes)
        wanted += VIO_CONTAINER_OF(node, struct vio_pools_change, node)->blocks.count;
    if (wanted <= pools->table_capacity)
        return 0;
    grown = vio__realloc(&pools->alloc, pools->table, wanted, sizeof(*grown));
    if (!grown)
        return VIO_ENOMEM;
    pools->table = grown;
    pools->table_capacity = wanted;
    return 0;
}

/* Puts blocks in, all or the new ones, each at its place. */
static void insert_blocks(struct vio_pools *pools, struct vio_pool_blocks *blocks, bool all)
{
    for (size_t i = 0; i < blocks->count; i++) {
        struct vio_pool_block *block = &blocks->block[i];
        size_t at;

        if (!all && block->old != VIO_POOL_NO_BLOCK)
            continue;
        at = vio__pools_place(pools, block->space->kind, block->space->high, block->first);
        memmove(pools->table + at + 1, pools->table + at,
                (pools->table_count - at) * sizeof(pools->table[0]));
        pools->table[at] = block;
        pools->table_count++;
    }
}

/* Takes out those of a pool: all, or the new ones of its change. */
static void erase_blocks(struct vio_pools *pools, const struct vio_pool_entry *entry, bool all)
{
    const struct vio_pool_blocks *now = &entry->blocks;
    size_t kept = 0;

    for (size_t i = 0; i < pools->table_count; i++) {
        struct vio_pool_block *block = pools->table[i];
        bool current = block >= now->block && block < now->block + now->count;

        if (block->entry != entry || (!all && current))
            pools->table[kept++] = block;
    }
    pools->table_count = kept;
}

/* -- Checking -----------------------------------------------------------------------------------
 */

static int mark_used(void *user, const struct vio_address *address)
{
    return vio__pools_mark(user, address);
}

/* Makes the blocks, and marks what is used of the new ones. */
static int check_values(struct vio_pools_check *check, const struct vio_pools_users *users)
{
    struct vio_pools_change *change = check->change;
    int status = cut_blocks(check, &change->after->ranges);

    if (status == 0)
        status = reserve_table(check->pools, change);
    if (status != 0)
        return status;
    insert_blocks(check->pools, &change->blocks, false);
    change->tabled = true;
    for (size_t i = 0; i < change->blocks.count; i++) {
        if (change->blocks.block[i].old != VIO_POOL_NO_BLOCK)
            continue;
        status =
            users->each(users->user, change->blocks.block[i].space->kind, mark_used, check->pools);
        break;
    }
    if (status != 0)
        return status;
    vio__pools_check_bars(check);
    return check->status;
}

static int check_all(struct vio_pools_check *check, const struct vio_pools_users *users)
{
    const struct vio_pool_info *after = check->change->after;

    if (after && vio__pool_check(after, check->complain, check->user) != 0)
        return vio__pool_check(after, NULL, NULL);
    vio__pools_check_change(check);
    if (check->status != 0 || !after)
        return check->status;
    return check_values(check, users);
}

/* -- The change -------------------------------------------------------------------------------- */

/* Room for one more pool, and those of changes under way. */
static int reserve_entries(struct vio_pools *pools)
{
    size_t wanted = pools->count + 1;
    struct vio_pool_entry **grown;

    VIO_DLIST_FOREACH (node, &pools->changes)
        wanted++;
    if (wanted <= pools->capacity)
        return 0;
    grown = vio__realloc(&pools->alloc, pools->entry, wanted, sizeof(struct vio_pool_entry *));
    if (!grown)
        return VIO_ENOMEM;
    pools->entry = grown;
    pools->capacity = wanted;
    return 0;
}

static int new_change(struct vio_pools *pools, struct vio_pool_entry *entry,
                      struct vio_pool_info *after, struct vio_pools_change **ret_change)
{
    struct vio_pools_change *change = vio__calloc(&pools->alloc, 1, sizeof(*change));

    if (!change || reserve_entries(pools) != 0) {
        vio__free(&pools->alloc, change);
        return VIO_ENOMEM;
    }
    change->entry = entry ? entry : vio__calloc(&pools->alloc, 1, sizeof(*entry));
    if (!change->entry) {
        vio__free(&pools->alloc, change);
        return VIO_ENOMEM;
    }
    vio__dlist_init(&change->node);
    change->after = after ? vio__pool_ref(after) : NULL;
    change->entry->pending = change;
    *ret_change = change;
    return 0;
}

int vio__pools_prepare(struct vio_pools *pools, const uint8_t uuid[VIO_UUID_SIZE],
                       struct vio_pool_info *after, const struct vio_pools_users *users,
                       vio_pool_complain say, void *user, struct vio_pools_change **ret_change)
{
    struct vio_pool_entry *entry = vio__pools_entry(pools, uuid);
    struct vio_pools_check check = {.pools = pools, .complain = say, .user = user};
    int status;

    if (entry && entry->pending)
        vio__pools_complain(&check, VIO_EBUSY, "pool \"%s\" is being changed", entry->info->name);
    else if (!entry && !after)
        vio__pools_complain(&check, VIO_ENOENT, "there is no such pool");
    if (check.status != 0)
        return check.status;
    status = new_change(pools, entry, after, &check.change);
    if (status != 0)
        return status;
    status = check_all(&check, users);
    if (status != 0) {
        vio__pools_abandon(pools, check.change);
        return status;
    }
    vio__dlist_append(&pools->changes, &check.change->node);
    *ret_change = check.change;
    return 0;
}

static void free_change(struct vio_pools *pools, struct vio_pools_change *change)
{
    vio__dlist_remove(&change->node);
    change->entry->pending = NULL;
    if (!change->entry->info) {
        vio__free(&pools->alloc, change->entry->blocks.block);
        vio__free(&pools->alloc, change->entry);
    }
    vio__free(&pools->alloc, change);
}

static void remove_entry(struct vio_pools *pools, const struct vio_pool_entry *entry)
{
    size_t at = 0;

    while (pools->entry[at] != entry)
        at++;
    pools->count--;
    memmove(pools->entry + at, pools->entry + at + 1,
            (pools->count - at) * sizeof(struct vio_pool_entry *));
}

void vio__pools_commit(struct vio_pools *pools, struct vio_pools_change *change)
{
    struct vio_pool_entry *entry = change->entry;

    for (size_t i = 0; i < change->blocks.count; i++) {
        struct vio_pool_block *block = &change->blocks.block[i];

        if (block->old != VIO_POOL_NO_BLOCK)
            block->lessee = entry->blocks.block[block->old].lessee;
    }
    if (!entry->info)
        pools->entry[pools->count++] = entry;
    else if (!change->after)
        remove_entry(pools, entry);
    erase_blocks(pools, entry, true);
    vio__free(&pools->alloc, entry->blocks.block);
    entry->blocks = change->blocks;
    insert_blocks(pools, &entry->blocks, true);
    vio__pool_unref(entry->info);
    entry->info = change->after;
    entry->next_block = 0;
    while (entry->next_block < entry->blocks.count &&
           entry->blocks.block[entry->next_block].last < entry->next_number)
        entry->next_block++;
    vio__pools_look_anew(entry);
    free_change(pools, change);
    drop_spaces(pools);
}

void vio__pools_abandon(struct vio_pools *pools, struct vio_pools_change *change)
{
    for (size_t i = 0; change->tabled && i < change->blocks.count; i++) {
        const struct vio_pool_block *block = &change->blocks.block[i];
        uint64_t number = block->first;

        while (block->old == VIO_POOL_NO_BLOCK &&
               vio__bitmap_next_set(block->space->used, number, block->last, &number))
            vio__bitmap_clear(block->space->used, number);
    }
    if (change->tabled)
        erase_blocks(pools, change->entry, false);
    vio__pools_look_anew(change->entry);
    vio__free(&pools->alloc, change->blocks.block);
    vio__pool_unref(change->after);
    free_change(pools, change);
    drop_spaces(pools);
}
