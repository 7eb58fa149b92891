/* SPDX-License-Identifier: MIT */
/* Lists of ranges of addresses. */
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/hwaddr.h"
#include "lib/domain/pool.h"

/* Ends as numbers; `high` is that of both. */
struct span {
    uint64_t high, first, last;
};

static int span_of(const struct vio_address *first, const struct vio_address *last,
                   struct span *ret_span)
{
    struct span span;
    uint64_t high;

    if (first->kind != last->kind || vio__hwaddr_length(first->kind) == 0 ||
        vio__hwaddr_length(first->kind) > VIO_UUID_SIZE)
        return VIO_EINVAL;
    vio__hwaddr_split(first, &span.high, &span.first);
    vio__hwaddr_split(last, &high, &span.last);
    if (span.high != high || span.first > span.last)
        return VIO_EINVAL;
    *ret_span = span;
    return 0;
}

/* Where the first range is that ends at or after an address. */
static size_t place_of(const struct vio_pool_ranges *ranges, const struct vio_address *address)
{
    size_t low = 0;
    size_t high = ranges->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (vio__hwaddr_compare(&ranges->range[middle].last, address) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Puts a range in at a place, or takes that one out. */
static int insert(const struct vio_alloc *alloc, struct vio_pool_ranges *ranges, size_t at,
                  const struct vio_pool_range *range)
{
    struct vio_pool_range *grown =
        vio__realloc(alloc, ranges->range, ranges->count + 1, sizeof(*grown));

    if (!grown)
        return VIO_ENOMEM;
    memmove(grown + at + 1, grown + at, (ranges->count - at) * sizeof(*grown));
    grown[at] = *range;
    ranges->range = grown;
    ranges->count++;
    return 0;
}

static void erase(struct vio_pool_ranges *ranges, size_t at)
{
    ranges->count--;
    memmove(ranges->range + at, ranges->range + at + 1,
            (ranges->count - at) * sizeof(ranges->range[0]));
}

int vio__pool_ranges_append(const struct vio_alloc *alloc, struct vio_pool_ranges *ranges,
                            const struct vio_pool_range *range)
{
    return insert(alloc, ranges, ranges->count, range);
}

/* Joins the range at a place with the next one, if they touch and are not too large together. */
static void join_next(struct vio_pool_ranges *ranges, size_t at)
{
    const uint64_t most = ranges->range[at].first.kind == VIO_ADDRESS_UUID ? VIO_POOL_RANGE_UUID_MAX
                                                                           : VIO_POOL_RANGE_MAX;
    struct span low, high;

    if (at + 1 >= ranges->count ||
        span_of(&ranges->range[at].first, &ranges->range[at].last, &low) != 0 ||
        span_of(&ranges->range[at + 1].first, &ranges->range[at + 1].last, &high) != 0 ||
        low.high != high.high || high.first - low.last != 1 || high.last - low.first >= most)
        return;
    ranges->range[at].last = ranges->range[at + 1].last;
    erase(ranges, at + 1);
}

int vio__pool_ranges_add(const struct vio_alloc *alloc, struct vio_pool_ranges *ranges,
                         const struct vio_address *first, const struct vio_address *last)
{
    const struct vio_pool_range range = {.first = *first, .last = *last};
    size_t at = place_of(ranges, first);
    struct span span;
    int status = span_of(first, last, &span);

    if (status != 0)
        return status;
    if (at < ranges->count && vio__hwaddr_compare(&ranges->range[at].first, last) <= 0)
        return VIO_EEXIST;
    if (ranges->count >= VIO_POOL_RANGES_MAX)
        return VIO_ELIMIT;
    status = insert(alloc, ranges, at, &range);
    if (status != 0)
        return status;
    join_next(ranges, at);
    if (at > 0)
        join_next(ranges, at - 1);
    return 0;
}

int vio__pool_ranges_remove(const struct vio_alloc *alloc, struct vio_pool_ranges *ranges,
                            const struct vio_address *first, const struct vio_address *last)
{
    struct vio_pool_range low = {.first = *first};
    struct vio_pool_range high = {.last = *last};
    struct span whole, part;
    size_t at = place_of(ranges, first);
    int status = span_of(first, last, &part);

    if (status != 0)
        return status;
    if (at == ranges->count ||
        span_of(&ranges->range[at].first, &ranges->range[at].last, &whole) != 0 ||
        vio__hwaddr_compare(&ranges->range[at].first, first) > 0 ||
        vio__hwaddr_compare(&ranges->range[at].last, last) < 0)
        return VIO_ENOENT;
    low.first = ranges->range[at].first;
    high.last = ranges->range[at].last;
    vio__hwaddr_join(first->kind, part.high, part.first - 1, &low.last);
    vio__hwaddr_join(first->kind, part.high, part.last + 1, &high.first);
    if (part.first > whole.first && part.last < whole.last) {
        if (ranges->count >= VIO_POOL_RANGES_MAX)
            return VIO_ELIMIT;
        status = insert(alloc, ranges, at + 1, &high);
        if (status == 0)
            ranges->range[at] = low;
    } else if (part.first > whole.first) {
        ranges->range[at] = low;
    } else if (part.last < whole.last) {
        ranges->range[at] = high;
    } else {
        erase(ranges, at);
    }
    return status;
}

const struct vio_pool_range *vio__pool_ranges_find(const struct vio_pool_ranges *ranges,
                                                   const struct vio_address *address)
{
    size_t at = place_of(ranges, address);

    if (at == ranges->count || vio__hwaddr_compare(&ranges->range[at].first, address) > 0)
        return NULL;
    return &ranges->range[at];
}
