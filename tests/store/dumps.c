/* SPDX-License-Identifier: MIT */
#include "tests/store/dumps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/domain/pool.h"
#include "lib/domain/vlan.h"
#include "lib/store/objects.h"

static void *need(void *made)
{
    if (!made)
        abort();
    return made;
}

static uint64_t below(struct vio_prng *prng, uint64_t bound)
{
    return vio__prng_below(prng, bound);
}

static bool often(struct vio_prng *prng)
{
    return below(prng, 2) == 0;
}

/* Numbers of every length. */
static uint64_t number(struct vio_prng *prng)
{
    return vio__prng_next(prng) >> below(prng, 64);
}

static void address(enum vio_vadapter_kind kind, uint64_t value, struct vio_address *ret_address)
{
    *ret_address = (struct vio_address){0};
    ret_address->kind = (uint8_t)vio__vadapter_address_kind(kind);
    ret_address->length = kind == VIO_VADAPTER_VNIC ? 6 : kind == VIO_VADAPTER_VHBA ? 8 : 16;
    ret_address->bytes[0] = kind == VIO_VADAPTER_VHBA ? 0x50 : 0x02;
    for (unsigned i = 1; i < 6; i++)
        ret_address->bytes[i] = (uint8_t)(value >> 8 * (5 - i));
}

static void random_vlan(struct vio_prng *prng, struct vio_vlan_config *vlan)
{
    vlan->mode = VIO_VLAN_NONE + (unsigned)below(prng, 3);
    if (vlan->mode == VIO_VLAN_TRUNK && vio__vlan_parse("1,10-19,300", vlan) != 0)
        abort();
    if (vlan->mode == VIO_VLAN_ACCESS || (vlan->mode == VIO_VLAN_TRUNK && often(prng)))
        vlan->vlan = (uint16_t)(1 + below(prng, VIO_VLAN_MAX));
}

static void random_qos(struct vio_prng *prng, struct vio_qos_config *qos)
{
    *qos = (struct vio_qos_config){
        .tx = {.cir = number(prng), .pbs = number(prng)},
        .rx = {.cbs = often(prng) ? number(prng) : 0, .pir = often(prng) ? number(prng) : 0},
        .weight = (uint16_t)number(prng),
        .traffic_class = (uint8_t)below(prng, 8),
        .tx_police = often(prng),
        .rx_police = often(prng),
    };
}

static void random_texts(struct vio_prng *prng, struct vio_vadapter_info *vadapter)
{
    static const char *const texts[] = {"x", "rack 3, \"left\" \\ right", "Gr\303\274\303\237e",
                                        "\xe6\x97\xa5\xe6\x9c\xac", "</script>"};

    for (uint64_t i = below(prng, 4); i > 0; i--) {
        char key[16];

        snprintf(key, sizeof key, "key%u", (unsigned)below(prng, 40));
        if (vio__labels_set(&vadapter->alloc, &vadapter->labels, key,
                            often(prng) ? texts[below(prng, 5)] : "", 32) != 0)
            abort();
    }
    if (often(prng) && vio__vadapter_set_description(vadapter, texts[below(prng, 5)]) != 0)
        abort();
}

struct vio_vadapter_info *dumps_random_vadapter(struct vio_prng *prng, size_t at)
{
    struct vio_vadapter_info *vadapter;

    if (vio__vadapter_new(NULL, &vadapter) != 0)
        abort();
    vio__uuid_from_prng(prng, vadapter->uuid);
    vio__uuid_from_prng(prng, vadapter->chassis);
    snprintf(vadapter->name, sizeof(vadapter->name), "%s%zu", often(prng) ? "web" : "\xc3\xa4", at);
    vadapter->generation = 1 + below(prng, 9);
    vadapter->kind = VIO_VADAPTER_VNIC + (unsigned)below(prng, 3);
    vadapter->adapter = (uint32_t)below(prng, 8);
    if (often(prng)) {
        vadapter->server = (uint32_t)below(prng, 16);
        vadapter->path = (uint32_t)below(prng, 2);
    }
    address(vadapter->kind, at, &vadapter->address);
    if (vadapter->kind == VIO_VADAPTER_VHBA) {
        vadapter->node_address = vadapter->address;
        vadapter->node_address.bytes[0] = 0x20;
    }
    if (vadapter->kind == VIO_VADAPTER_VDISK)
        vadapter->size = (2048 + below(prng, UINT64_C(1) << (11 + below(prng, 44)))) * 512;
    if (vadapter->kind == VIO_VADAPTER_VDISK && vadapter->server == VIO_NO_INDEX)
        vadapter->retired = often(prng) ? number(prng) : 0;
    if (vadapter->kind == VIO_VADAPTER_VNIC)
        random_vlan(prng, &vadapter->vlan);
    if (often(prng))
        vadapter->factory_address = (struct vio_address){
            .kind = VIO_ADDRESS_EUI64, .length = 8, .bytes = {0x00, 0x25, 0x38, 1, 2, 3, 4, 5}};
    vadapter->enabled = often(prng);
    if (often(prng))
        random_qos(prng, &vadapter->qos);
    random_texts(prng, vadapter);
    return vadapter;
}

static struct vio_hold *random_hold(struct vio_prng *prng, size_t at)
{
    struct vio_hold *hold = need(calloc(1, sizeof(*hold)));

    address(VIO_VADAPTER_VNIC + (unsigned)below(prng, 3), UINT64_C(1) << 39 | at, &hold->address);
    hold->state = often(prng)   ? VIO_IDENTITY_RESERVED
                  : often(prng) ? VIO_IDENTITY_QUARANTINED
                                : VIO_IDENTITY_EXTERNAL;
    hold->until = often(prng) ? number(prng) : 0;
    if (often(prng)) {
        snprintf(hold->owner, sizeof(hold->owner), "operator %zu", at);
        vio__uuid_from_prng(prng, hold->previous);
    }
    return hold;
}

/* Up to three ranges of MACs, of at most 255 values each, from a number on. */
static void random_ranges(struct vio_prng *prng, struct vio_pool_info *pool,
                          struct vio_pool_ranges *ranges, uint64_t from)
{
    for (uint64_t i = 0, count = below(prng, 4); i < count; i++) {
        struct vio_address first, last;

        address(VIO_VADAPTER_VNIC, from + (i << 8), &first);
        address(VIO_VADAPTER_VNIC, from + (i << 8) + below(prng, 255), &last);
        if (vio__pool_ranges_add(&pool->alloc, ranges, &first, &last) != 0)
            abort();
    }
}

static struct vio_pool_info *random_pool(struct vio_prng *prng, size_t at)
{
    struct vio_pool_info *pool;

    if (vio__pool_new(NULL, &pool) != 0)
        abort();
    vio__uuid_from_prng(prng, pool->uuid);
    snprintf(pool->name, sizeof(pool->name), "pool%zu", at);
    pool->generation = 1 + below(prng, 3);
    pool->purpose = VIO_POOL_MAC;
    pool->order = often(prng) ? VIO_POOL_ORDER_LOWEST : VIO_POOL_ORDER_SEQUENTIAL;
    pool->quarantine = (uint32_t)below(prng, 3) * 150;
    random_ranges(prng, pool, &pool->ranges, at << 16);
    random_ranges(prng, pool, &pool->exclusions, at << 16);
    random_ranges(prng, pool, &pool->externals, (at << 16) + 1024);
    if ((often(prng) && vio__pool_set_description(pool, "of rack 3") != 0) ||
        (often(prng) && vio__labels_set(&pool->alloc, &pool->labels, "site", "b", 32) != 0))
        abort();
    return pool;
}

static struct vio_met *random_met(struct vio_prng *prng, size_t at)
{
    struct vio_met *met = need(calloc(1, sizeof(*met)));

    vio__uuid_from_prng(prng, met->uuid);
    snprintf(met->name, sizeof(met->name), "rack %zu", at / 2);
    if (often(prng))
        snprintf(met->uri, sizeof(met->uri), "vfio-user:/run/vio/%zu", at);
    met->boot_id = vio__prng_next(prng);
    met->first = number(prng);
    met->last = number(prng);
    return met;
}

static void add(struct vio_dump *dump, const struct vio_dump_kind *kind, void *object)
{
    if (vio__dump_add(dump, kind, object) != 0)
        abort();
}

struct vio_dump *dumps_random(uint64_t seed, size_t count)
{
    uint8_t store[VIO_UUID_SIZE];
    struct vio_prng prng;
    struct vio_dump *dump;

    vio__prng_seed(&prng, seed);
    vio__uuid_from_prng(&prng, store);
    if (vio__dump_new(NULL, store, &dump) != 0)
        abort();
    for (size_t i = 0; i < count; i++)
        add(dump, &vio__dump_vadapter, dumps_random_vadapter(&prng, i));
    for (size_t i = below(&prng, 8); i > 0; i--)
        add(dump, &vio__dump_hold, random_hold(&prng, i));
    for (size_t i = below(&prng, 4); i > 0; i--)
        add(dump, &vio__dump_pool, random_pool(&prng, i));
    for (size_t i = below(&prng, 4); i > 0; i--)
        add(dump, &vio__dump_chassis, random_met(&prng, i));
    if (vio__dump_finish(dump) != 0)
        abort();
    return dump;
}
