/* SPDX-License-Identifier: MIT */
#include "lib/domain/pools.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/domain/hwaddr.h"
#include "lib/domain/pools_parts.h"

int vio__pools_new(const struct vio_alloc *alloc, struct vio_pools **ret_pools)
{
    struct vio_pools *pools = vio__calloc(alloc, 1, sizeof(*pools));

    if (!pools)
        return VIO_ENOMEM;
    pools->alloc = alloc ? *alloc : vio__alloc_default();
    vio__dlist_init(&pools->changes);
    *ret_pools = pools;
    return 0;
}

void vio__pools_free(struct vio_pools *pools)
{
    struct vio_alloc alloc;

    if (!pools)
        return;
    alloc = pools->alloc;
    VIO_DLIST_FOREACH (node, &pools->changes)
        vio__pools_abandon(pools, VIO_CONTAINER_OF(node, struct vio_pools_change, node));
    for (size_t i = 0; i < pools->count; i++) {
        vio__pool_unref(pools->entry[i]->info);
        vio__free(&alloc, pools->entry[i]->blocks.block);
        vio__free(&alloc, pools->entry[i]);
    }
    while (pools->spaces) {
        struct vio_pool_space *space = pools->spaces;

        pools->spaces = space->next;
        vio__bitmap_free(space->used);
        vio__free(&alloc, space);
    }
    vio__free(&alloc, pools->entry);
    vio__free(&alloc, pools->table);
    vio__free(&alloc, pools);
}

/* -- Which there are --------------------------------------------------------------------------- */

size_t vio__pools_count(const struct vio_pools *pools)
{
    return pools->count;
}

struct vio_pool_info *vio__pools_at(const struct vio_pools *pools, size_t index)
{
    return index < pools->count ? pools->entry[index]->info : NULL;
}

struct vio_pool_entry *vio__pools_entry(const struct vio_pools *pools,
                                        const uint8_t uuid[VIO_UUID_SIZE])
{
    for (size_t i = 0; i < pools->count; i++)
        if (memcmp(pools->entry[i]->info->uuid, uuid, VIO_UUID_SIZE) == 0)
            return pools->entry[i];
    return NULL;
}

struct vio_pool_info *vio__pools_find(const struct vio_pools *pools,
                                      const uint8_t uuid[VIO_UUID_SIZE])
{
    const struct vio_pool_entry *entry = vio__pools_entry(pools, uuid);

    return entry ? entry->info : NULL;
}

struct vio_pool_info *vio__pools_find_name(const struct vio_pools *pools, const char *name)
{
    for (size_t i = 0; i < pools->count; i++)
        if (strcmp(pools->entry[i]->info->name, name) == 0)
            return pools->entry[i]->info;
    return NULL;
}

struct vio_pool_space *vio__pools_space(const struct vio_pools *pools, int kind, uint64_t high)
{
    struct vio_pool_space *space = pools->spaces;

    while (space && (space->kind != kind || space->high != high))
        space = space->next;
    return space;
}

/* Whether a block ends before a value. */
static bool is_before(const struct vio_pool_block *block, int kind, uint64_t high, uint64_t low)
{
    if (block->space->kind != kind)
        return block->space->kind < kind;
    if (block->space->high != high)
        return block->space->high < high;
    return block->last < low;
}

size_t vio__pools_place(const struct vio_pools *pools, int kind, uint64_t high, uint64_t low)
{
    size_t from = 0;
    size_t to = pools->table_count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;

        if (is_before(pools->table[middle], kind, high, low))
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* The block that an address is in; NULL. */
static struct vio_pool_block *block_of(const struct vio_pools *pools,
                                       const struct vio_address *address, uint64_t *ret_number)
{
    struct vio_pool_block *block;
    uint64_t high;
    size_t place;

    if (vio__hwaddr_length(address->kind) > VIO_UUID_SIZE)
        return NULL;
    vio__hwaddr_split(address, &high, ret_number);
    place = vio__pools_place(pools, address->kind, high, *ret_number);
    if (place == pools->table_count)
        return NULL;
    block = pools->table[place];
    if (block->space->kind != address->kind || block->space->high != high ||
        block->first > *ret_number)
        return NULL;
    return block;
}

/* Whether it is a block of the pool as it is, not of a change. */
static bool is_current(const struct vio_pool_block *block)
{
    const struct vio_pool_blocks *blocks = &block->entry->blocks;

    return block >= blocks->block && block < blocks->block + blocks->count;
}

struct vio_pool_info *vio__pools_of(const struct vio_pools *pools,
                                    const struct vio_address *address)
{
    uint64_t number;
    const struct vio_pool_block *block = block_of(pools, address, &number);

    return block && is_current(block) ? block->entry->info : NULL;
}

/* -- What may be drawn ------------------------------------------------------------------------- */

void vio__pools_look_anew(struct vio_pool_entry *entry)
{
    entry->open = 0;
    for (size_t i = 0; i < entry->blocks.count; i++) {
        entry->blocks.block[i].from = entry->blocks.block[i].first;
        entry->blocks.block[i].full = false;
    }
}

/* Until where a pool bars values from an address on, and how; FREE: it does not bar that one. */
static enum vio_identity_state bars(const struct vio_pool_info *info,
                                    const struct vio_address *address,
                                    const struct vio_address **ret_last)
{
    const struct vio_pool_range *range = vio__pool_ranges_find(&info->exclusions, address);
    enum vio_identity_state state = VIO_IDENTITY_EXCLUDED;

    if (!range) {
        range = vio__pool_ranges_find(&info->externals, address);
        state = VIO_IDENTITY_EXTERNAL;
    }
    if (!range)
        return VIO_IDENTITY_FREE;
    *ret_last = &range->last;
    return state;
}

/* The same of what a change takes away; ret_last NULL: all that follows of the block. */
static enum vio_identity_state bars_soon(const struct vio_pool_info *after,
                                         const struct vio_address *address,
                                         struct vio_address *storage,
                                         const struct vio_address **ret_last)
{
    *ret_last = NULL;
    if (!after)
        return VIO_IDENTITY_UNKNOWN;
    if (vio__pool_ranges_find(&after->ranges, address))
        return bars(after, address, ret_last) == VIO_IDENTITY_FREE ? VIO_IDENTITY_FREE
                                                                   : VIO_IDENTITY_UNKNOWN;
    for (size_t i = 0; i < after->ranges.count; i++) {
        uint64_t high, first;

        if (vio__hwaddr_compare(&after->ranges.range[i].first, address) < 0)
            continue;
        vio__hwaddr_split(&after->ranges.range[i].first, &high, &first);
        vio__hwaddr_join(address->kind, high, first - 1, storage);
        *ret_last = storage;
        break;
    }
    return VIO_IDENTITY_UNKNOWN;
}

static enum vio_identity_state entry_bars(const struct vio_pool_entry *entry,
                                          const struct vio_address *address,
                                          struct vio_address *storage,
                                          const struct vio_address **ret_last)
{
    enum vio_identity_state state =
        entry->info ? bars(entry->info, address, ret_last) : VIO_IDENTITY_FREE;

    if (state == VIO_IDENTITY_FREE && entry->pending)
        state = bars_soon(entry->pending->after, address, storage, ret_last);
    return state;
}

enum vio_identity_state vio__pools_bars(const struct vio_pools *pools,
                                        const struct vio_address *address)
{
    uint64_t number;
    const struct vio_pool_block *block = block_of(pools, address, &number);
    const struct vio_address *last;
    struct vio_address storage;

    return block ? entry_bars(block->entry, address, &storage, &last) : VIO_IDENTITY_FREE;
}

/* The lowest value of a block, from a number on, that is free. */
static bool find_free(const struct vio_pool_block *block, uint64_t from, uint64_t *ret_number,
                      struct vio_address *ret_address)
{
    const struct vio_pool_space *space = block->space;
    uint64_t number = from;

    while (vio__bitmap_next_clear(space->used, number, block->last, &number)) {
        const struct vio_address *last;
        struct vio_address storage;
        uint64_t high;

        vio__hwaddr_join(space->kind, space->high, number, ret_address);
        if (entry_bars(block->entry, ret_address, &storage, &last) == VIO_IDENTITY_FREE) {
            *ret_number = number;
            return true;
        }
        if (!last || vio__hwaddr_compare(last, ret_address) < 0)
            return false;
        vio__hwaddr_split(last, &high, &number);
        if (high != space->high || number >= block->last)
            return false;
        number++;
    }
    return false;
}

/* -- Using values ------------------------------------------------------------------------------ */

int vio__pools_mark(struct vio_pools *pools, const struct vio_address *address)
{
    uint64_t number;
    const struct vio_pool_block *block = block_of(pools, address, &number);

    return block ? vio__bitmap_set(block->space->used, number) : 0;
}

void vio__pools_unmark(struct vio_pools *pools, const struct vio_address *address)
{
    uint64_t number;
    struct vio_pool_block *block = block_of(pools, address, &number);
    struct vio_pool_entry *entry;
    size_t index;

    if (!block || !vio__bitmap_clear(block->space->used, number) || !is_current(block))
        return;
    entry = block->entry;
    index = (size_t)(block - entry->blocks.block);
    block->full = false;
    if (number < block->from)
        block->from = number;
    if (index < entry->open)
        entry->open = index;
}

static void go_on_after(struct vio_pool_entry *entry, const struct vio_pool_block *block,
                        uint64_t number)
{
    entry->next_block = (size_t)(block - entry->blocks.block) + (number == block->last);
    entry->next_number = number + 1;
}

void vio__pools_given(struct vio_pools *pools, const struct vio_address *address)
{
    uint64_t number;
    const struct vio_pool_block *block = block_of(pools, address, &number);

    if (block && is_current(block))
        go_on_after(block->entry, block, number);
}

/* One drawing. */
struct draw {
    struct vio_pool_entry *entry;
    uint64_t lessee;
    bool lease;
    bool more; /* there are blocks that nobody has */
};

/* From one block, from a number on or (`from` 0) from wherever there may be a free one. */
static int draw_block(struct draw *draw, struct vio_pool_block *block, uint64_t from,
                      struct vio_address *ret_address)
{
    const bool whole = from <= block->from;
    uint64_t number;

    if (block->lessee == 0) {
        draw->more = draw->more || !draw->lease;
        block->lessee = draw->lease ? draw->lessee : 0;
    }
    if (block->lessee != draw->lessee || block->full)
        return VIO_EFULL;
    if (!find_free(block, whole ? block->from : from, &number, ret_address)) {
        block->full = whole;
        return VIO_EFULL;
    }
    if (vio__bitmap_set(block->space->used, number) != 0)
        return VIO_ENOMEM;
    if (whole)
        block->from = number;
    go_on_after(draw->entry, block, number);
    return 0;
}

/* From blocks `first` to before `end`, the first one from a number on. */
static int draw_blocks(struct draw *draw, size_t first, size_t end, uint64_t from,
                       struct vio_address *ret_address)
{
    int status = VIO_EFULL;

    for (size_t i = first; i < end && status == VIO_EFULL; i++)
        status =
            draw_block(draw, &draw->entry->blocks.block[i], i == first ? from : 0, ret_address);
    return status;
}

int vio__pools_draw(struct vio_pools *pools, const uint8_t uuid[VIO_UUID_SIZE], uint64_t lessee,
                    bool lease, struct vio_address *ret_address)
{
    struct vio_pool_entry *entry = vio__pools_entry(pools, uuid);
    struct draw draw = {.entry = entry, .lessee = lessee, .lease = lease};
    struct vio_address address;
    int status = VIO_EFULL;
    size_t count;

    if (!entry)
        return VIO_ENOENT;
    count = entry->blocks.count;
    if (entry->info->order == VIO_POOL_ORDER_SEQUENTIAL && entry->next_block < count)
        status = draw_blocks(&draw, entry->next_block, count, entry->next_number, &address);
    while (entry->open < count && entry->blocks.block[entry->open].full)
        entry->open++;
    if (status == VIO_EFULL)
        status = draw_blocks(&draw, entry->open, count, 0, &address);
    if (status == 0)
        *ret_address = address;
    return status == VIO_EFULL && draw.more ? VIO_EAGAIN : status;
}

uint64_t vio__pools_used(const struct vio_pools *pools, const uint8_t uuid[VIO_UUID_SIZE])
{
    const struct vio_pool_entry *entry = vio__pools_entry(pools, uuid);
    uint64_t used = 0;

    for (size_t i = 0; entry && i < entry->blocks.count; i++) {
        const struct vio_pool_block *block = &entry->blocks.block[i];

        used += vio__bitmap_count(block->space->used, block->first, block->last);
    }
    return used;
}

/* -- Looking ----------------------------------------------------------------------------------- */

/* The lowest address of a list of ranges that is in a block from a number on. */
static bool next_in_ranges(const struct vio_pool_ranges *ranges, const struct vio_pool_block *block,
                           uint64_t from, uint64_t *ret_number)
{
    for (size_t i = 0; i < ranges->count; i++) {
        uint64_t first_high, first, last_high, last;

        vio__hwaddr_split(&ranges->range[i].first, &first_high, &first);
        vio__hwaddr_split(&ranges->range[i].last, &last_high, &last);
        if (first_high != block->space->high || last < from || first > block->last)
            continue;
        *ret_number = first > from ? first : from;
        return true;
    }
    return false;
}

/* The lowest value of a block from a number on that is not free. */
static bool next_in_block(const struct vio_pool_block *block, uint64_t from, uint64_t *ret_number)
{
    const struct vio_pool_info *info = block->entry->info;
    uint64_t found = UINT64_MAX;
    bool any = vio__bitmap_next_set(block->space->used, from, block->last, &found);
    uint64_t number;

    if (next_in_ranges(&info->exclusions, block, from, &number) && (!any || number < found)) {
        found = number;
        any = true;
    }
    if (next_in_ranges(&info->externals, block, from, &number) && (!any || number < found)) {
        found = number;
        any = true;
    }
    *ret_number = found;
    return any;
}

bool vio__pools_next(const struct vio_pools *pools, const uint8_t uuid[VIO_UUID_SIZE],
                     const struct vio_address *after, struct vio_address *ret_address)
{
    const struct vio_pool_entry *entry = vio__pools_entry(pools, uuid);
    uint64_t high = 0;
    uint64_t low = 0;

    if (after)
        vio__hwaddr_split(after, &high, &low);
    for (size_t i = 0; entry && i < entry->blocks.count; i++) {
        const struct vio_pool_block *block = &entry->blocks.block[i];
        uint64_t from = block->first;
        uint64_t number;

        if (after && block->space->high == high && block->first <= low) {
            if (block->last <= low)
                continue;
            from = low + 1;
        } else if (after && block->space->high < high) {
            continue;
        }
        if (next_in_block(block, from, &number)) {
            vio__hwaddr_join(block->space->kind, block->space->high, number, ret_address);
            return true;
        }
    }
    return false;
}

/* -- Blocks ------------------------------------------------------------------------------------ */

int vio__pools_lease_block(struct vio_pools *pools, const uint8_t uuid[VIO_UUID_SIZE],
                           uint64_t lessee, struct vio_pool_range *ret_block)
{
    struct vio_pool_entry *entry = vio__pools_entry(pools, uuid);

    if (!entry)
        return VIO_ENOENT;
    for (size_t i = 0; i < entry->blocks.count; i++) {
        struct vio_pool_block *block = &entry->blocks.block[i];
        const struct vio_pool_space *space = block->space;

        if (block->lessee != 0)
            continue;
        block->lessee = lessee;
        vio__hwaddr_join(space->kind, space->high, block->first, &ret_block->first);
        vio__hwaddr_join(space->kind, space->high, block->last, &ret_block->last);
        return 0;
    }
    return VIO_EFULL;
}

int vio__pools_return_block(struct vio_pools *pools, const uint8_t uuid[VIO_UUID_SIZE],
                            uint64_t lessee, const struct vio_address *first)
{
    uint64_t number;
    struct vio_pool_block *block = block_of(pools, first, &number);

    if (!block || !is_current(block) || block->first != number || block->lessee != lessee ||
        memcmp(block->entry->info->uuid, uuid, VIO_UUID_SIZE) != 0)
        return VIO_ENOENT;
    block->lessee = 0;
    return 0;
}
