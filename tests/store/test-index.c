/* SPDX-License-Identifier: MIT */
/* The index against a simple model: random rows put, changed and removed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/random.h"
#include "lib/store/index.h"
#include "tests/support/test.h"

#define OBJECTS 300
#define SHARED  4 /* chassis, servers and adapters */

/* What the model knows of an object: 0 generation: it is not there. */
static struct vio_vadapter_info *model[OBJECTS];
static struct vio_index *rows;
static struct vio_prng prng;

static int setup(void **state)
{
    (void)state;
    vio__prng_seed(&prng, 7);
    assert_int_equal(vio__index_new(NULL, &rows), 0);
    for (unsigned i = 0; i < OBJECTS; i++) {
        assert_int_equal(vio__vadapter_new(NULL, &model[i]), 0);
        model[i]->uuid[0] = (uint8_t)(i / 250 + 1);
        model[i]->uuid[15] = (uint8_t)(i % 250);
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    vio__index_free(rows);
    for (unsigned i = 0; i < OBJECTS; i++)
        vio__vadapter_unref(model[i]);
    return 0;
}

/* Names and identities from few, so that rivals are met. */
static void draw(struct vio_vadapter_info *vadapter)
{
    uint64_t n = vio__prng_below(&prng, 2 * OBJECTS), node = vio__prng_below(&prng, 2 * OBJECTS);

    snprintf(vadapter->name, sizeof(vadapter->name), "v%u", (unsigned)vio__prng_below(&prng, 900));
    vadapter->address = (struct vio_address){
        .kind = VIO_ADDRESS_WWN, .length = 8, .bytes = {0x50, [6] = (uint8_t)(n >> 8), (uint8_t)n}};
    vadapter->node_address = (struct vio_address){0};
    if (n % 3 == 0)
        vadapter->node_address =
            (struct vio_address){.kind = VIO_ADDRESS_WWN,
                                 .length = 8,
                                 .bytes = {0x50, [6] = (uint8_t)(node >> 8), (uint8_t)node}};
    vadapter->chassis[0] = (uint8_t)vio__prng_below(&prng, SHARED);
    vadapter->server = (uint32_t)vio__prng_below(&prng, SHARED);
    vadapter->adapter = (uint32_t)vio__prng_below(&prng, SHARED);
    vadapter->generation++;
    vadapter->size = vio__prng_below(&prng, 2); /* bodies of several sizes */
}

static bool same(const struct vio_address *a, const struct vio_address *b)
{
    return a->kind != 0 && memcmp(a, b, sizeof(*a)) == 0;
}

static bool has_rival(unsigned self, const struct vio_vadapter_info *wanted)
{
    for (unsigned i = 0; i < OBJECTS; i++)
        if (i != self && model[i]->generation > 0 &&
            (strcmp(model[i]->name, wanted->name) == 0 ||
             same(&wanted->address, &model[i]->address) ||
             same(&wanted->address, &model[i]->node_address) ||
             same(&wanted->node_address, &model[i]->address) ||
             same(&wanted->node_address, &model[i]->node_address)))
            return true;
    return false;
}

static uint32_t number_of(unsigned i)
{
    return vio__index_find(rows, VIO_ROW_VADAPTER, VIO_KEY_ID, model[i]->uuid, VIO_UUID_SIZE);
}

/* Puts it, or finds that another stands in its way, as the model says. */
static void put(unsigned i)
{
    struct vio_vadapter_info *wanted;
    enum vio_key_kind key;
    struct vio_buf buf;
    void *body;

    assert_int_equal(vio__vadapter_copy(model[i], &wanted), 0);
    draw(wanted);
    vio__buf_init(&buf, NULL, VIO_BODY_MAX);
    assert_int_equal(vio__codec_encode(VIO_ROW_VADAPTER, wanted, &buf), 0);
    assert_int_equal(vio__index_rival(rows, VIO_ROW_VADAPTER, buf.data, &key) != 0,
                     has_rival(i, wanted));
    if (has_rival(i, wanted)) {
        vio__vadapter_unref(wanted);
    } else {
        assert_int_equal(vio__index_reserve(rows, 1), 0);
        body = vio__index_body(rows, buf.size);
        memcpy(body, buf.data, buf.size);
        vio__index_put(rows,
                       &(struct vio_row){
                           .id = i + 1, .kind = VIO_ROW_VADAPTER, .body = body, .size = buf.size});
        vio__vadapter_unref(model[i]);
        model[i] = wanted;
    }
    vio__buf_free(&buf);
}

static void drop(unsigned i)
{
    uint32_t number = number_of(i);

    assert_int_equal(number != 0, model[i]->generation > 0);
    if (number != 0)
        vio__index_remove(rows, number);
    model[i]->generation = 0;
}

static void check_object(unsigned i)
{
    const struct vio_vadapter_info *vadapter = model[i];
    uint32_t number = number_of(i);
    uint8_t key[VIO_KEY_SIZE];
    size_t size;

    assert_int_equal(number != 0, vadapter->generation > 0);
    assert_int_equal(vio__index_find_row(rows, i + 1), number);
    if (number == 0)
        return;
    assert_int_equal(vio__index_find(rows, VIO_ROW_VADAPTER, VIO_KEY_NAME, vadapter->name,
                                     strlen(vadapter->name)),
                     number);
    size = vio__codec_address_key(&vadapter->address, key);
    assert_int_equal(vio__index_find(rows, VIO_ROW_VADAPTER, VIO_KEY_ADDRESS, key, size), number);
    size = vio__codec_address_key(&vadapter->node_address, key);
    assert_int_equal(vio__index_find(rows, VIO_ROW_VADAPTER, VIO_KEY_NODE, key, size),
                     size > 0 ? number : 0);
}

static unsigned chain_length(enum vio_key_kind kind, const uint8_t *key, size_t size)
{
    uint32_t number = vio__index_find(rows, VIO_ROW_VADAPTER, kind, key, size);
    unsigned length = 0;

    for (; number != 0; number = vio__index_chain(rows, kind, number))
        length++;
    return length;
}

static void check_chains(uint8_t chassis, uint32_t place)
{
    const uint8_t uuid[VIO_UUID_SIZE] = {chassis};
    unsigned in_chassis = 0, in_server = 0, on_adapter = 0;
    uint8_t key[VIO_KEY_SIZE];
    size_t size;

    for (unsigned i = 0; i < OBJECTS; i++) {
        if (model[i]->generation == 0 || model[i]->chassis[0] != chassis)
            continue;
        in_chassis++;
        in_server += model[i]->server == place;
        on_adapter += model[i]->adapter == place;
    }
    assert_int_equal(chain_length(VIO_KEY_CHASSIS, uuid, sizeof(uuid)), in_chassis);
    size = vio__codec_server_key(uuid, place, key);
    assert_int_equal(chain_length(VIO_KEY_SERVER, key, size), in_server);
    size = vio__codec_adapter_key(uuid, place, key);
    assert_int_equal(chain_length(VIO_KEY_ADAPTER, key, size), on_adapter);
}

static void check_all(void)
{
    unsigned there = 0, met = 0;

    for (unsigned i = 0; i < OBJECTS; i++) {
        there += model[i]->generation > 0;
        check_object(i);
    }
    assert_int_equal(vio__index_count(rows, VIO_ROW_VADAPTER), there);
    for (uint32_t at = 0; (at = vio__index_next(rows, VIO_ROW_VADAPTER, at)) != 0;)
        met++;
    assert_int_equal(met, there);
    for (unsigned i = 0; i < SHARED * SHARED; i++)
        check_chains((uint8_t)(i / SHARED), i % SHARED);
}

static void the_index_finds_what_the_model_has(void **state)
{
    (void)state;
    for (unsigned i = test_rounds(20000); i > 0; i--) {
        unsigned object = (unsigned)vio__prng_below(&prng, OBJECTS);

        if (vio__prng_below(&prng, 3) > 0)
            put(object);
        else
            drop(object);
        if (i % 500 == 0)
            check_all();
    }
    check_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_index_finds_what_the_model_has, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
