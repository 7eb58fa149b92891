/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include <libvio/error.h>

#include "lib/base/hash.h"
#include "lib/base/random.h"
#include "tests/support/ops.h"
#include "tests/support/test.h"

enum { KEYS = 500 };

static int values[KEYS];

static void random_puts_and_removes_agree_with_a_plain_array(void **state)
{
    struct vio_hash *hash;
    struct vio_prng prng;
    bool present[KEYS] = {false};
    size_t count = 0;
    int steps = (int)test_rounds(20000);

    (void)state;
    vio__prng_seed(&prng, 1);
    assert_int_equal(vio__hash_new(NULL, KEYS, &hash), 0);
    for (int i = 0; i < steps; i++) {
        uint64_t key = vio__prng_below(&prng, KEYS);

        if (vio__prng_below(&prng, 2) == 0) {
            int r = vio__hash_put_u64(hash, key, &values[key]);

            assert_int_equal(r, present[key] ? VIO_EEXIST : 0);
            count += !present[key];
            present[key] = true;
        } else {
            void *value = vio__hash_remove_u64(hash, key);

            assert_ptr_equal(value, present[key] ? &values[key] : NULL);
            count -= present[key];
            present[key] = false;
        }
        assert_int_equal(vio__hash_count(hash), count);
    }
    for (uint64_t key = 0; key < KEYS; key++)
        assert_ptr_equal(vio__hash_get_u64(hash, key), present[key] ? &values[key] : NULL);
    vio__hash_free(hash, NULL);
}

static void table_never_holds_more_than_its_maximum(void **state)
{
    struct vio_hash *hash;

    (void)state;
    assert_int_equal(vio__hash_new(NULL, 2, &hash), 0);
    assert_int_equal(vio__hash_put_str(hash, "a", &values[0]), 0);
    assert_int_equal(vio__hash_put_str(hash, "b", &values[1]), 0);
    assert_int_equal(vio__hash_put_str(hash, "c", &values[2]), VIO_ELIMIT);
    assert_ptr_equal(vio__hash_remove_str(hash, "a"), &values[0]);
    assert_int_equal(vio__hash_put_str(hash, "c", &values[2]), 0);
    assert_null(vio__hash_get_str(hash, "a"));
    vio__hash_free(hash, NULL);
    vio__hash_free(NULL, NULL);
}

static void walk_is_in_the_order_of_puts_and_survives_changes(void **state)
{
    struct vio_hash *hash;
    int met[KEYS] = {0};
    int last = -1;

    (void)state;
    assert_int_equal(vio__hash_new(NULL, KEYS, &hash), 0);
    for (int i = 0; i < 100; i++)
        assert_int_equal(vio__hash_put_u64(hash, (uint64_t)i, &values[i]), 0);
    VIO_HASH_FOREACH (iter, hash) {
        int i = (int)((int *)iter.value - values);

        assert_true(i > last);
        assert_int_equal(iter.key_size, sizeof(uint64_t));
        met[i]++;
        last = i;
        vio__hash_remove_u64(hash, (uint64_t)i);
        if (i % 2 == 0 && i < 50)
            vio__hash_remove_u64(hash, (uint64_t)i + 1);
        if (i < 100)
            assert_int_equal(vio__hash_put_u64(hash, (uint64_t)i + 200, &values[i + 200]), 0);
    }
    for (int i = 0; i < 100; i++)
        assert_int_equal(met[i], i < 50 && i % 2 == 1 ? 0 : 1);
    for (int i = 200; i < 300; i++)
        assert_int_equal(met[i], met[i - 200]);
    assert_int_equal(vio__hash_count(hash), 0);
    vio__hash_free(hash, NULL);
}

static atomic_int freed;

static void count_free(void *value)
{
    (void)value;
    atomic_fetch_add(&freed, 1);
}

static void values_are_freed_with_the_table(void **state)
{
    struct vio_hash *hash;

    (void)state;
    atomic_store(&freed, 0);
    assert_int_equal(vio__hash_new(NULL, KEYS, &hash), 0);
    for (int i = 0; i < 20; i++)
        assert_int_equal(vio__hash_put_u64(hash, (uint64_t)i, &values[i]), 0);
    vio__hash_remove_u64(hash, 3);
    vio__hash_free(hash, count_free);
    assert_int_equal(freed, 19);
}

static int allocations_left;

static void *failing_malloc(size_t size, void *user)
{
    (void)user;
    return allocations_left-- > 0 ? malloc(size) : NULL;
}

static void *failing_realloc(void *ptr, size_t size, void *user)
{
    (void)user;
    return allocations_left-- > 0 ? realloc(ptr, size) : NULL;
}

static void plain_free(void *ptr, void *user)
{
    (void)user;
    free(ptr);
}

static void each_allocation_may_fail_and_the_table_stays_whole(void **state)
{
    const struct vio_alloc alloc = {failing_malloc, failing_realloc, plain_free, NULL};

    (void)state;
    for (int allowed = 0; allowed < 60; allowed++) {
        struct vio_hash *hash = NULL;
        uint64_t put = 0;
        int r;

        allocations_left = allowed;
        r = vio__hash_new(&alloc, KEYS, &hash);
        while (r == 0 && put < 40)
            if ((r = vio__hash_put_u64(hash, put, &values[put])) == 0)
                put++;
        assert_true(r == VIO_ENOMEM || put == 40);
        for (uint64_t i = 0; i < put; i++)
            assert_ptr_equal(vio__hash_get_u64(hash, i), &values[i]);
        vio__hash_free(hash, NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_puts_and_removes_agree_with_a_plain_array),
        cmocka_unit_test(table_never_holds_more_than_its_maximum),
        cmocka_unit_test(walk_is_in_the_order_of_puts_and_survives_changes),
        cmocka_unit_test(values_are_freed_with_the_table),
        cmocka_unit_test(each_allocation_may_fail_and_the_table_stays_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
