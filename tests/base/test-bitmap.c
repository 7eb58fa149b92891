/* SPDX-License-Identifier: MIT */
/* The sparse set of numbers, against an array of flags. */
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/bitmap.h"
#include "lib/base/random.h"
#include "tests/support/test.h"

enum { NUMBERS = 9000 };

static void check_neighbours(const struct vio_bitmap *bitmap, const bool *in, uint64_t base,
                             size_t first, size_t last)
{
    size_t set = first;
    size_t clear = first;
    uint64_t count = 0;
    uint64_t number = 0;

    while (set <= last && !in[set])
        set++;
    while (clear <= last && in[clear])
        clear++;
    for (size_t i = first; i <= last; i++)
        count += in[i];
    assert_int_equal(vio__bitmap_next_set(bitmap, base + first, base + last, &number), set <= last);
    if (set <= last)
        assert_true(number == base + set);
    assert_int_equal(vio__bitmap_next_clear(bitmap, base + first, base + last, &number),
                     clear <= last);
    if (clear <= last)
        assert_true(number == base + clear);
    assert_true(vio__bitmap_count(bitmap, base + first, base + last) == count);
}

static void run_against_flags(uint64_t base, uint64_t seed)
{
    static bool in[NUMBERS];
    struct vio_bitmap *bitmap = NULL;
    struct vio_prng prng;

    memset(in, 0, sizeof(in));
    vio__prng_seed(&prng, seed);
    assert_int_equal(vio__bitmap_new(NULL, &bitmap), 0);
    for (unsigned i = 0; i < test_rounds(20000); i++) {
        size_t first = vio__prng_below(&prng, NUMBERS);
        size_t length = vio__prng_below(&prng, vio__prng_below(&prng, 8) == 0 ? 3000 : 3);
        size_t last = first + length < NUMBERS ? first + length : NUMBERS - 1;
        bool put = vio__prng_below(&prng, 16) < 8 + (i / 2000) % 5;

        for (size_t k = first; k <= last; k++) {
            if (put)
                assert_int_equal(vio__bitmap_set(bitmap, base + k), 0);
            else
                assert_int_equal(vio__bitmap_clear(bitmap, base + k), in[k]);
            in[k] = put;
            assert_int_equal(vio__bitmap_has(bitmap, base + k), put);
        }
        if (i % 16 == 0)
            check_neighbours(bitmap, in, base, vio__prng_below(&prng, first + 1), last);
    }
    check_neighbours(bitmap, in, base, 0, NUMBERS - 1);
    vio__bitmap_free(bitmap);
}

static void it_holds_what_was_put_in(void **state)
{
    (void)state;
    run_against_flags(0, 1);
    run_against_flags(UINT64_C(0x02ab34000000), 2);
    run_against_flags(UINT64_MAX - NUMBERS + 1, 3);
}

static void numbers_may_lie_far_apart(void **state)
{
    static const uint64_t numbers[] = {5, 1 << 20, UINT64_C(1) << 47, UINT64_MAX, 0};
    const size_t count = sizeof(numbers) / sizeof(numbers[0]);
    struct vio_bitmap *bitmap = NULL;
    uint64_t number;

    (void)state;
    assert_int_equal(vio__bitmap_new(NULL, &bitmap), 0);
    assert_false(vio__bitmap_next_set(bitmap, 0, UINT64_MAX, &number));
    assert_true(vio__bitmap_next_clear(bitmap, 9, UINT64_MAX, &number) && number == 9);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(vio__bitmap_set(bitmap, numbers[i]), 0);
    assert_true(vio__bitmap_count(bitmap, 0, UINT64_MAX) == count);
    assert_true(vio__bitmap_next_set(bitmap, 6, UINT64_MAX, &number) && number == 1 << 20);
    assert_true(vio__bitmap_next_set(bitmap, UINT64_MAX, UINT64_MAX, &number));
    assert_false(vio__bitmap_next_clear(bitmap, UINT64_MAX, UINT64_MAX, &number));
    assert_false(vio__bitmap_next_set(bitmap, 9, 8, &number));
    assert_false(vio__bitmap_next_clear(bitmap, 9, 8, &number));
    for (size_t i = 0; i < count; i++)
        assert_true(vio__bitmap_clear(bitmap, numbers[i]));
    assert_false(vio__bitmap_clear(bitmap, 5));
    assert_false(vio__bitmap_next_set(bitmap, 0, UINT64_MAX, &number));
    assert_int_equal(vio__bitmap_set(bitmap, 77), 0);
    assert_true(vio__bitmap_next_set(bitmap, 0, UINT64_MAX, &number) && number == 77);
    vio__bitmap_free(bitmap);
    vio__bitmap_free(NULL);
}

/* -- Memory ------------------------------------------------------------------------------------ */

struct meter {
    size_t bytes, left;
};

/* Sizes lie before the memory. */
static void *metered_malloc(size_t size, void *user)
{
    struct meter *meter = user;
    size_t *memory = meter->left > 0 ? malloc(size + 16) : NULL;

    if (!memory)
        return NULL;
    meter->left--;
    meter->bytes += size + 16;
    memory[0] = size + 16;
    return (char *)memory + 16;
}

static void metered_free(void *ptr, void *user)
{
    struct meter *meter = user;
    size_t *memory = (void *)((char *)ptr - 16);

    meter->bytes -= memory[0];
    free(memory);
}

static void a_million_of_16_million_cost_3_bytes_each(void **state)
{
    enum { USED = 1000000 };
    struct meter meter = {.left = SIZE_MAX};
    const struct vio_alloc alloc = {metered_malloc, NULL, metered_free, &meter};
    struct vio_bitmap *bitmap = NULL;
    struct vio_prng prng;

    (void)state;
    vio__prng_seed(&prng, 4);
    assert_int_equal(vio__bitmap_new(&alloc, &bitmap), 0);
    for (size_t used = 0; used < USED;) {
        uint64_t number = UINT64_C(0x020000000000) + vio__prng_below(&prng, 1 << 24);

        used += !vio__bitmap_has(bitmap, number);
        assert_int_equal(vio__bitmap_set(bitmap, number), 0);
    }
    assert_true(meter.bytes <= 3 * (size_t)USED);
    vio__bitmap_free(bitmap);
    assert_int_equal(meter.bytes, 0);
}

static void each_allocation_may_fail_and_the_set_stays_whole(void **state)
{
    static const uint64_t numbers[] = {1, 4000, UINT64_C(1) << 36, 5};

    (void)state;
    for (size_t allowed = 0;; allowed++) {
        struct meter meter = {.left = allowed};
        const struct vio_alloc alloc = {metered_malloc, NULL, metered_free, &meter};
        struct vio_bitmap *bitmap = NULL;
        int status = vio__bitmap_new(&alloc, &bitmap);
        size_t count = 0;
        uint64_t number = 0;

        for (; status == 0 && count < 4; count += status == 0)
            status = vio__bitmap_set(bitmap, numbers[count]);
        if (!bitmap)
            continue;
        assert_true(vio__bitmap_count(bitmap, 0, UINT64_MAX) == count);
        assert_int_equal(vio__bitmap_next_set(bitmap, 0, UINT64_MAX, &number), count > 0);
        for (size_t i = 0; i < count; i++)
            assert_true(vio__bitmap_clear(bitmap, numbers[i]));
        assert_false(vio__bitmap_next_set(bitmap, 0, UINT64_MAX, &number));
        vio__bitmap_free(bitmap);
        assert_int_equal(meter.bytes, 0);
        if (status == 0)
            break;
        assert_int_equal(status, VIO_ENOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_holds_what_was_put_in),
        cmocka_unit_test(numbers_may_lie_far_apart),
        cmocka_unit_test(a_million_of_16_million_cost_3_bytes_each),
        cmocka_unit_test(each_allocation_may_fail_and_the_set_stays_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
