/* SPDX-License-Identifier: MIT */
/* Bodies of rows: what is written is read, and nothing else is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/random.h"
#include "lib/domain/hwaddr.h"
#include "lib/domain/pool.h"
#include "lib/store/codec.h"
#include "tests/support/test.h"

static struct vio_prng prng;

static uint64_t below(uint64_t bound)
{
    return vio__prng_below(&prng, bound);
}

static void draw_text(char *text, size_t max)
{
    size_t length = 1 + below(max);

    for (size_t i = 0; i < length; i++)
        text[i] = (char)('a' + below(26));
    text[length] = '\0';
}

static struct vio_address draw_address(int kind)
{
    struct vio_address address = {.kind = (uint8_t)kind};

    address.length = (uint8_t)vio__hwaddr_length(kind);
    vio__prng_bytes(&prng, address.bytes, address.length);
    return address;
}

static uint32_t draw_index(void)
{
    return below(4) == 0 ? VIO_NO_INDEX : (uint32_t)below(1000);
}

static void draw_vlan(struct vio_vlan_config *vlan)
{
    vlan->mode = (enum vio_vlan_mode)(1 + below(3));
    vlan->vlan = (uint16_t)below(4095);
    if (vlan->mode != VIO_VLAN_TRUNK)
        return;
    vlan->ranges = (uint32_t)below(VIO_VLAN_RANGES + 1);
    for (uint32_t i = 0; i < vlan->ranges; i++)
        vlan->range[i] =
            (struct vio_vlan_range){(uint16_t)(i * 200 + 1), (uint16_t)(i * 200 + 1 + below(100))};
}

static struct vio_vadapter_info *draw_vadapter(void)
{
    struct vio_vadapter_info *vadapter;
    char text[VIO_NAME_SIZE];

    assert_int_equal(vio__vadapter_new(NULL, &vadapter), 0);
    vio__prng_bytes(&prng, vadapter->uuid, VIO_UUID_SIZE);
    vio__prng_bytes(&prng, vadapter->chassis, VIO_UUID_SIZE);
    vadapter->generation = 1 + below(UINT64_MAX - 1);
    draw_text(vadapter->name, VIO_NAME_SIZE - 1);
    vadapter->kind = (enum vio_vadapter_kind)(1 + below(3));
    vadapter->adapter = draw_index();
    vadapter->server = draw_index();
    vadapter->path = draw_index();
    vadapter->address = draw_address((int)below(6));
    if (below(2))
        vadapter->node_address = draw_address(VIO_ADDRESS_WWN);
    if (below(2))
        vadapter->factory_address = draw_address((int)(1 + below(5)));
    vadapter->size = below(2) ? vio__prng_next(&prng) : 0;
    vadapter->enabled = below(2);
    if (below(2))
        draw_vlan(&vadapter->vlan);
    if (below(2))
        vadapter->qos = (struct vio_qos_config){.tx = {1, 2, 3, 4},
                                                .rx = {5, below(99), 7, 8},
                                                .weight = (uint16_t)below(65536),
                                                .traffic_class = (uint8_t)below(256),
                                                .tx_police = below(2),
                                                .rx_police = below(2)};
    if (below(2)) {
        draw_text(text, VIO_NAME_SIZE - 1);
        assert_int_equal(vio__vadapter_set_description(vadapter, text), 0);
    }
    for (uint64_t i = below(4); i > 0; i--) {
        draw_text(text, 8);
        assert_int_equal(vio__labels_set(NULL, &vadapter->labels, text, text, 32), 0);
    }
    return vadapter;
}

static void encode(enum vio_row_kind kind, const void *object, struct vio_buf *buf)
{
    vio__buf_init(buf, NULL, VIO_BODY_MAX);
    assert_int_equal(vio__codec_encode(kind, object, buf), 0);
    assert_int_equal(vio__codec_check(kind, buf->data, buf->size), 0);
}

/* Two bodies are the same when the objects are. */
static void assert_same(enum vio_row_kind kind, const void *object, const struct vio_buf *buf)
{
    struct vio_buf again;

    encode(kind, object, &again);
    assert_int_equal(again.size, buf->size);
    assert_memory_equal(again.data, buf->data, buf->size);
    vio__buf_free(&again);
}

/* -- Round trips ------------------------------------------------------------------------------- */

static void check_keys(const struct vio_vadapter_info *vadapter, const struct vio_buf *buf)
{
    uint8_t wanted[VIO_KEY_SIZE];
    struct vio_key key = vio__codec_key(VIO_ROW_VADAPTER, buf->data, VIO_KEY_ID);

    assert_int_equal(key.size, VIO_UUID_SIZE);
    assert_memory_equal(key.data, vadapter->uuid, key.size);
    key = vio__codec_key(VIO_ROW_VADAPTER, buf->data, VIO_KEY_NAME);
    assert_int_equal(key.size, strlen(vadapter->name));
    assert_memory_equal(key.data, vadapter->name, key.size);
    key = vio__codec_key(VIO_ROW_VADAPTER, buf->data, VIO_KEY_ADDRESS);
    assert_int_equal(key.size, vio__codec_address_key(&vadapter->address, wanted));
    assert_true(key.size == 0 || memcmp(key.data, wanted, key.size) == 0);
    key = vio__codec_key(VIO_ROW_VADAPTER, buf->data, VIO_KEY_NODE);
    assert_int_equal(key.size, vio__codec_address_key(&vadapter->node_address, wanted));
    assert_true(key.size == 0 || memcmp(key.data, wanted, key.size) == 0);
    key = vio__codec_key(VIO_ROW_VADAPTER, buf->data, VIO_KEY_SERVER);
    assert_int_equal(key.size, vio__codec_server_key(vadapter->chassis, vadapter->server, wanted));
    assert_memory_equal(key.data, wanted, key.size);
    key = vio__codec_key(VIO_ROW_VADAPTER, buf->data, VIO_KEY_ADAPTER);
    assert_int_equal(key.size,
                     vio__codec_adapter_key(vadapter->chassis, vadapter->adapter, wanted));
    assert_memory_equal(key.data, wanted, key.size);
    assert_true(vio__codec_generation(VIO_ROW_VADAPTER, buf->data) == vadapter->generation);
}

static void any_vadapter_is_read_as_it_was_written(void **state)
{
    (void)state;
    for (unsigned i = test_rounds(500); i > 0; i--) {
        struct vio_vadapter_info *vadapter = draw_vadapter(), *read;
        struct vio_buf buf;

        encode(VIO_ROW_VADAPTER, vadapter, &buf);
        check_keys(vadapter, &buf);
        assert_int_equal(vio__codec_vadapter(NULL, buf.data, buf.size, &read), 0);
        assert_true(vio__vadapter_equal(vadapter, read));
        assert_memory_equal(&vadapter->factory_address, &read->factory_address,
                            sizeof(vadapter->factory_address));
        assert_same(VIO_ROW_VADAPTER, read, &buf);
        vio__buf_free(&buf);
        vio__vadapter_unref(vadapter);
        vio__vadapter_unref(read);
    }
}

static struct vio_pool_info *draw_pool(void)
{
    struct vio_pool_info *pool;

    assert_int_equal(vio__pool_new(NULL, &pool), 0);
    vio__prng_bytes(&prng, pool->uuid, VIO_UUID_SIZE);
    pool->generation = 1 + below(1000);
    pool->purpose = VIO_POOL_MAC;
    pool->order = (enum vio_pool_order)(1 + below(2));
    pool->quarantine = (uint32_t)below(VIO_POOL_QUARANTINE_MAX + 1);
    draw_text(pool->name, VIO_NAME_SIZE - 1);
    for (uint8_t i = (uint8_t)below(5); i > 0; i--) {
        struct vio_pool_range range = {
            .first = {.kind = VIO_ADDRESS_MAC48,
                      .length = 6,
                      .bytes = {2, 0, 0, 0, (uint8_t)(9 - i)}},
            .last = {.kind = VIO_ADDRESS_MAC48,
                     .length = 6,
                     .bytes = {2, 0, 0, 0, (uint8_t)(9 - i), (uint8_t)below(256)}}};

        assert_int_equal(vio__pool_ranges_append(NULL, &pool->ranges, &range), 0);
        assert_int_equal(vio__pool_ranges_append(NULL, &pool->externals, &range), 0);
    }
    return pool;
}

static void any_pool_is_read_as_it_was_written(void **state)
{
    (void)state;
    for (unsigned i = test_rounds(200); i > 0; i--) {
        struct vio_pool_info *pool = draw_pool(), *read;
        struct vio_buf buf;

        encode(VIO_ROW_POOL, pool, &buf);
        assert_int_equal(vio__codec_pool(NULL, buf.data, buf.size, &read), 0);
        assert_true(vio__pool_equal(pool, read));
        assert_true(vio__codec_generation(VIO_ROW_POOL, buf.data) == pool->generation);
        assert_same(VIO_ROW_POOL, read, &buf);
        vio__buf_free(&buf);
        vio__pool_unref(pool);
        vio__pool_unref(read);
    }
}

static void holds_and_chassis_are_read_as_they_were_written(void **state)
{
    const struct vio_met met = {
        .uuid = {1}, .name = "c", .uri = "sim:x", .boot_id = 2, .first = 3, .last = UINT64_MAX};
    struct vio_hold hold = {
        .state = VIO_IDENTITY_QUARANTINED, .until = 5, .owner = "o", .previous = {6}};
    struct vio_hold read_hold;
    struct vio_met read_met;
    struct vio_buf buf;

    (void)state;
    hold.address = draw_address(VIO_ADDRESS_WWN);
    encode(VIO_ROW_HOLD, &hold, &buf);
    assert_int_equal(vio__codec_hold(buf.data, buf.size, &read_hold), 0);
    assert_memory_equal(&hold, &read_hold, sizeof(hold));
    vio__buf_free(&buf);
    encode(VIO_ROW_CHASSIS, &met, &buf);
    assert_int_equal(vio__codec_met(buf.data, buf.size, &read_met), 0);
    assert_memory_equal(&met, &read_met, sizeof(met));
    vio__buf_free(&buf);
}

/* -- Damage ------------------------------------------------------------------------------------ */

/* In a block of the body's exact size, so that a sanitizer sees a read beyond its end. */
static int check_copy(const uint8_t *body, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    int status;

    assert_non_null(copy);
    memcpy(copy, body, size);
    status = vio__codec_check(VIO_ROW_VADAPTER, copy, size);
    if (status == 0)
        for (unsigned key = 0; key < VIO_KEYS; key++) {
            struct vio_key found = vio__codec_key(VIO_ROW_VADAPTER, copy, (enum vio_key_kind)key);

            assert_true(found.size == 0 ||
                        (found.data >= copy && found.data + found.size <= copy + size));
        }
    else
        assert_true(status == VIO_ECORRUPT || status == VIO_EVERSION);
    free(copy);
    return status;
}

static void a_body_that_ends_early_or_late_is_damaged(void **state)
{
    (void)state;
    for (unsigned i = test_rounds(50); i > 0; i--) {
        struct vio_vadapter_info *vadapter = draw_vadapter();
        struct vio_buf buf;

        encode(VIO_ROW_VADAPTER, vadapter, &buf);
        for (size_t size = 0; size < buf.size; size++)
            assert_int_equal(check_copy(buf.data, size), VIO_ECORRUPT);
        vio__buf_append_u8(&buf, 0);
        assert_int_equal(check_copy(buf.data, buf.size), VIO_ECORRUPT);
        vio__buf_free(&buf);
        vio__vadapter_unref(vadapter);
    }
}

static void flipped_bits_are_noticed_or_harmless(void **state)
{
    (void)state;
    for (unsigned i = test_rounds(50); i > 0; i--) {
        struct vio_vadapter_info *vadapter = draw_vadapter();
        struct vio_buf buf;

        encode(VIO_ROW_VADAPTER, vadapter, &buf);
        for (size_t bit = 0; bit < 8 * buf.size; bit++) {
            buf.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
            check_copy(buf.data, buf.size);
            buf.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        vio__buf_free(&buf);
        vio__vadapter_unref(vadapter);
    }
}

static void what_could_not_be_read_is_not_written(void **state)
{
    struct vio_vadapter_info *vadapter = draw_vadapter();
    struct vio_buf buf;

    (void)state;
    vio__buf_init(&buf, NULL, VIO_BODY_MAX);
    vadapter->generation = 0;
    assert_int_equal(vio__codec_encode(VIO_ROW_VADAPTER, vadapter, &buf), VIO_EINVAL);
    vadapter->generation = 1;
    strcpy(vadapter->name, "no name");
    assert_int_equal(vio__codec_encode(VIO_ROW_VADAPTER, vadapter, &buf), VIO_EINVAL);
    assert_int_equal(vio__codec_encode((enum vio_row_kind)9, vadapter, &buf), VIO_EINVAL);
    assert_int_equal(vio__codec_check((enum vio_row_kind)9, "", 0), VIO_EVERSION);
    vio__buf_free(&buf);
    vio__vadapter_unref(vadapter);
}

static int seed(void **state)
{
    (void)state;
    vio__prng_seed(&prng, 4);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_vadapter_is_read_as_it_was_written),
        cmocka_unit_test(any_pool_is_read_as_it_was_written),
        cmocka_unit_test(holds_and_chassis_are_read_as_they_were_written),
        cmocka_unit_test(a_body_that_ends_early_or_late_is_damaged),
        cmocka_unit_test(flipped_bits_are_noticed_or_harmless),
        cmocka_unit_test(what_could_not_be_read_is_not_written),
    };

    return cmocka_run_group_tests(tests, seed, NULL);
}
