/* SPDX-License-Identifier: MIT */
/* What no pool may be, by itself. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/hwaddr.h"
#include "lib/domain/name.h"
#include "lib/domain/pool.h"

#define TEXT_SIZE 384

struct check {
    vio_pool_complain complain;
    void *user;
    int status; /* the first code */
};

static void complain(struct check *check, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void complain(struct check *check, int code, const char *fmt, ...)
{
    char text[TEXT_SIZE];
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

void vio__pool_range_format(const struct vio_pool_range *range,
                            char ret_text[VIO_POOL_RANGE_TEXT_SIZE])
{
    char *end;

    memcpy(ret_text, "?", 2);
    (void)vio__hwaddr_format(&range->first, ret_text, VIO_ADDRESS_TEXT_SIZE);
    if (vio__hwaddr_compare(&range->first, &range->last) == 0)
        return;
    end = ret_text + strlen(ret_text);
    memcpy(end, " to ?", 6);
    (void)vio__hwaddr_format(&range->last, end + 4, VIO_ADDRESS_TEXT_SIZE);
}

/* The lowest value of a range that no function may have; false: all may be given. The group bit of
 * a MAC is the lowest of its first byte, the NAA of a WWN is its first four bits. */
static bool find_forbidden(const struct vio_pool_range *range, struct vio_address *ret_address)
{
    const unsigned shift = range->first.kind == VIO_ADDRESS_WWN ? 60 : 40;
    uint64_t high, first, last;

    *ret_address = range->first;
    if (!vio__hwaddr_is_valid(&range->first))
        return true;
    if (range->first.kind == VIO_ADDRESS_UUID)
        return false;
    vio__hwaddr_split(&range->first, &high, &first);
    vio__hwaddr_split(&range->last, &high, &last);
    for (first = (first >> shift) + 1; first <= last >> shift; first++) {
        vio__hwaddr_join(range->first.kind, 0, first << shift, ret_address);
        if (!vio__hwaddr_is_valid(ret_address))
            return true;
    }
    return false;
}

static const char *why_forbidden(const struct vio_address *address)
{
    static const uint8_t zero[sizeof(address->bytes)] = {0};

    if (memcmp(address->bytes, zero, sizeof(zero)) == 0)
        return "which is all zero";
    if (address->kind == VIO_ADDRESS_MAC48)
        return "which is a group address (multicast)";
    return "whose NAA is not 1, 2, 5 or 6";
}

static void check_forbidden(struct check *check, const char *noun, const char *text,
                            const struct vio_pool_range *range)
{
    struct vio_address address;
    char value[VIO_ADDRESS_TEXT_SIZE] = "?";

    if (!find_forbidden(range, &address))
        return;
    (void)vio__hwaddr_format(&address, value, sizeof(value));
    complain(check, VIO_EADDR, "%s %s has the value %s, %s", noun, text, value,
             why_forbidden(&address));
}

/* A range whose bytes may come from anywhere. */
static void check_range(struct check *check, const char *noun, enum vio_pool_purpose purpose,
                        const struct vio_pool_range *range)
{
    const int kind = vio__pool_address_kind(purpose);
    const bool is_uuid = kind == VIO_ADDRESS_UUID;
    uint64_t high, first, last_high, last;
    char text[VIO_POOL_RANGE_TEXT_SIZE];

    vio__pool_range_format(range, text);
    if (range->first.kind != kind || range->last.kind != kind ||
        range->first.length != vio__hwaddr_length(kind) ||
        range->last.length != vio__hwaddr_length(kind)) {
        complain(check, VIO_EADDR, "%s %s: a pool of purpose %s has %s alone", noun, text,
                 vio__pool_purpose_name(purpose),
                 is_uuid ? "UUIDs" : (kind == VIO_ADDRESS_WWN ? "WWNs" : "MACs"));
        return;
    }
    vio__hwaddr_split(&range->first, &high, &first);
    vio__hwaddr_split(&range->last, &last_high, &last);
    if (high != last_high)
        complain(check, VIO_EADDR,
                 "%s %s: both ends of a range of UUIDs begin with the same 8 bytes", noun, text);
    else if (first > last)
        complain(check, VIO_EADDR, "%s %s: the first value is above the last", noun, text);
    else if (last - first >= (is_uuid ? VIO_POOL_RANGE_UUID_MAX : VIO_POOL_RANGE_MAX))
        complain(check, VIO_ELIMIT, "%s %s: a range has at most 2^%d values", noun, text,
                 is_uuid ? 62 : 36);
    else
        check_forbidden(check, noun, text, range);
}

static void check_overlap(struct check *check, const char *noun, const struct vio_pool_range *range,
                          const char *other_noun, const struct vio_pool_range *other)
{
    char text[VIO_POOL_RANGE_TEXT_SIZE], other_text[VIO_POOL_RANGE_TEXT_SIZE];

    if (vio__hwaddr_compare(&range->first, &other->last) > 0 ||
        vio__hwaddr_compare(&range->last, &other->first) < 0)
        return;
    vio__pool_range_format(range, text);
    vio__pool_range_format(other, other_text);
    complain(check, VIO_EEXIST, "%s %s overlaps %s %s", noun, text, other_noun, other_text);
}

static void check_ranges(struct check *check, const char *noun, enum vio_pool_purpose purpose,
                         const struct vio_pool_ranges *ranges)
{
    if (ranges->count > VIO_POOL_RANGES_MAX) {
        complain(check, VIO_ELIMIT, "%zu %ss: a pool has at most %d", ranges->count, noun,
                 VIO_POOL_RANGES_MAX);
        return;
    }
    for (size_t i = 0; i < ranges->count; i++) {
        check_range(check, noun, purpose, &ranges->range[i]);
        for (size_t k = 0; k < i; k++)
            check_overlap(check, noun, &ranges->range[i], noun, &ranges->range[k]);
        if (check->status == 0 && i > 0 &&
            vio__hwaddr_compare(&ranges->range[i - 1].first, &ranges->range[i].first) > 0)
            complain(check, VIO_EINVAL, "%ss are kept in ascending order", noun);
    }
}

int vio__pool_check(const struct vio_pool_info *pool, vio_pool_complain say, void *user)
{
    struct check check = {.complain = say, .user = user};

    if (!vio__name_is_valid(pool->name))
        complain(&check, VIO_ENAME, "\"%s\" is no pool's name: allowed are %s", pool->name,
                 VIO_NAME_RULE);
    if (pool->order != VIO_POOL_ORDER_LOWEST && pool->order != VIO_POOL_ORDER_SEQUENTIAL)
        complain(&check, VIO_EINVAL, "a pool's order is lowest or sequential");
    if (pool->quarantine > VIO_POOL_QUARANTINE_MAX)
        complain(&check, VIO_EINVAL, "a quarantine of %u s: at most %u s (365 days) are allowed",
                 pool->quarantine, VIO_POOL_QUARANTINE_MAX);
    if (vio__pool_address_kind(pool->purpose) == VIO_ADDRESS_UNKNOWN) {
        complain(&check, VIO_EINVAL, "a pool's purpose is mac, wwnn, wwpn, uuid or wwn");
        return check.status;
    }
    check_ranges(&check, "range", pool->purpose, &pool->ranges);
    check_ranges(&check, "exclusion", pool->purpose, &pool->exclusions);
    check_ranges(&check, "external", pool->purpose, &pool->externals);
    for (size_t i = 0; check.status == 0 && i < pool->exclusions.count; i++)
        for (size_t k = 0; k < pool->externals.count; k++)
            check_overlap(&check, "exclusion", &pool->exclusions.range[i], "external",
                          &pool->externals.range[k]);
    return check.status;
}
