/* SPDX-License-Identifier: MIT */
/* What a changed pool may not be, beside other pools and what is used. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/hwaddr.h"
#include "lib/domain/pools_parts.h"

void vio__pools_complain(struct vio_pools_check *check, int code, const char *fmt, ...)
{
    char text[384];
    va_list args;

    if (check->status == 0)
        check->status = code;
    if (!check->complain)
        return;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    check->complain(check->user, code, text);
}

static const struct vio_pool_info *info_of(const struct vio_pool_entry *entry)
{
    return entry->info ? entry->info : entry->pending->after;
}

static void check_name(struct vio_pools_check *check)
{
    const struct vio_pools *pools = check->pools;
    const char *name = check->change->after->name;
    bool found = false;

    for (size_t i = 0; i < pools->count; i++)
        found = found || (pools->entry[i] != check->change->entry &&
                          strcmp(pools->entry[i]->info->name, name) == 0);
    VIO_DLIST_FOREACH (node, &pools->changes) {
        const struct vio_pools_change *other =
            VIO_CONTAINER_OF(node, struct vio_pools_change, node);

        found = found || (other->after && strcmp(other->after->name, name) == 0);
    }
    if (found)
        vio__pools_complain(check, VIO_EEXIST, "there is a pool \"%s\" already", name);
}

/* Other pools that have values of a range, each of them once. */
static void check_overlap(struct vio_pools_check *check, const struct vio_pool_range *range)
{
    const struct vio_pools *pools = check->pools;
    const struct vio_pool_entry *found = NULL;
    char text[VIO_POOL_RANGE_TEXT_SIZE];
    uint64_t high, first, last;

    vio__hwaddr_split(&range->first, &high, &first);
    vio__hwaddr_split(&range->last, &high, &last);
    vio__pool_range_format(range, text);
    for (size_t i = vio__pools_place(pools, range->first.kind, high, first); i < pools->table_count;
         i++) {
        const struct vio_pool_block *block = pools->table[i];

        if (block->space->kind != range->first.kind || block->space->high != high ||
            block->first > last)
            break;
        if (block->entry != check->change->entry && block->entry != found)
            vio__pools_complain(check, VIO_EEXIST, "range %s overlaps pool \"%s\"", text,
                                info_of(block->entry)->name);
        found = block->entry;
    }
}

/* The lowest used value of a range that lies in it and in the blocks of pools. */
static bool find_used(const struct vio_pools *pools, const struct vio_pool_range *range,
                      struct vio_address *ret_address)
{
    const struct vio_pool_space *space;
    uint64_t high, first, last;

    vio__hwaddr_split(&range->first, &high, &first);
    vio__hwaddr_split(&range->last, &high, &last);
    space = vio__pools_space(pools, range->first.kind, high);
    if (!space || !vio__bitmap_next_set(space->used, first, last, &first))
        return false;
    vio__hwaddr_join(range->first.kind, high, first, ret_address);
    return true;
}

/* What of the old blocks is in none of the new ranges must be free. */
static void check_shrink(struct vio_pools_check *check)
{
    const struct vio_pool_info *after = check->change->after;
    const struct vio_pool_blocks *old = &check->change->entry->blocks;

    for (size_t i = 0; i < old->count; i++) {
        const struct vio_pool_block *block = &old->block[i];
        uint64_t number = block->first;

        while (vio__bitmap_next_set(block->space->used, number, block->last, &number)) {
            struct vio_address address;
            const struct vio_pool_range *range;
            char text[VIO_ADDRESS_TEXT_SIZE] = "?";
            uint64_t high;

            vio__hwaddr_join(block->space->kind, block->space->high, number, &address);
            range = after ? vio__pool_ranges_find(&after->ranges, &address) : NULL;
            if (!range) {
                (void)vio__hwaddr_format(&address, text, sizeof(text));
                vio__pools_complain(check, VIO_EBUSY,
                                    "%s is in use: a pool loses free identities only", text);
                return;
            }
            vio__hwaddr_split(&range->last, &high, &number);
            if (number >= block->last)
                break;
            number++;
        }
    }
}

static void check_purpose(struct vio_pools_check *check)
{
    const struct vio_pool_info *before = check->change->entry->info;

    if (before && check->change->after && before->purpose != check->change->after->purpose &&
        vio__pools_used(check->pools, before->uuid) > 0)
        vio__pools_complain(check, VIO_EBUSY,
                            "the purpose of pool \"%s\" stays %s while identities of it are in use",
                            before->name, vio__pool_purpose_name(before->purpose));
}

static void check_free(struct vio_pools_check *check, const struct vio_pool_ranges *ranges,
                       const char *what)
{
    for (size_t i = 0; i < ranges->count; i++) {
        struct vio_address address;
        char text[VIO_ADDRESS_TEXT_SIZE] = "?";

        if (!find_used(check->pools, &ranges->range[i], &address))
            continue;
        (void)vio__hwaddr_format(&address, text, sizeof(text));
        vio__pools_complain(check, VIO_EBUSY, "%s is in use: only free identities become %s", text,
                            what);
    }
}

void vio__pools_check_change(struct vio_pools_check *check)
{
    const struct vio_pool_info *after = check->change->after;

    if (after)
        check_name(check);
    for (size_t i = 0; after && i < after->ranges.count; i++)
        check_overlap(check, &after->ranges.range[i]);
    check_purpose(check);
    check_shrink(check);
}

void vio__pools_check_bars(struct vio_pools_check *check)
{
    check_free(check, &check->change->after->exclusions, "excluded");
    check_free(check, &check->change->after->externals, "external");
}
