/* SPDX-License-Identifier: MIT */
/* Heap, list, random numbers, UUIDs, errno values and the log. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/dlist.h"
#include "lib/base/error.h"
#include "lib/base/heap.h"
#include "lib/base/log.h"
#include "lib/base/random.h"
#include "lib/base/uuid.h"
#include "tests/support/ops.h"
#include "tests/support/test.h"

enum { NODES = 300 };

static uint64_t smallest(const struct vio_heap_node *nodes)
{
    uint64_t least = UINT64_MAX;

    for (int i = 0; i < NODES; i++)
        if (nodes[i].queued && nodes[i].key < least)
            least = nodes[i].key;
    return least;
}

static void heap_gives_the_least_whatever_is_inserted_and_removed(void **state)
{
    static struct vio_heap_node nodes[NODES];
    struct vio_heap heap = {0};
    struct vio_prng prng;
    int steps = (int)test_rounds(5000);

    (void)state;
    vio__prng_seed(&prng, 2);
    memset(nodes, 0, sizeof(nodes));
    for (int i = 0; i < steps; i++) {
        struct vio_heap_node *node = &nodes[vio__prng_below(&prng, NODES)];
        const struct vio_heap_node *min;

        if (node->queued)
            vio__heap_remove(&heap, node);
        else
            vio__heap_insert(&heap, node, vio__prng_below(&prng, 100));
        min = vio__heap_min(&heap);
        assert_true(min == NULL ? smallest(nodes) == UINT64_MAX : min->key == smallest(nodes));
    }
    for (int i = 0; i < NODES; i++)
        vio__heap_remove(&heap, &nodes[i]);
    assert_null(vio__heap_min(&heap));
}

static void equal_keys_leave_the_heap_in_their_order(void **state)
{
    struct vio_heap_node nodes[50] = {0};
    struct vio_heap heap = {0};

    (void)state;
    for (int i = 0; i < 50; i++)
        vio__heap_insert(&heap, &nodes[i], 7);
    for (int i = 0; i < 50; i++) {
        assert_ptr_equal(vio__heap_min(&heap), &nodes[i]);
        vio__heap_remove(&heap, &nodes[i]);
    }
}

static void list_keeps_order_through_splice_and_removal(void **state)
{
    struct vio_dlist first;
    struct vio_dlist second;
    struct vio_dlist nodes[4];
    int count = 0;

    (void)state;
    vio__dlist_init(&first);
    vio__dlist_init(&second);
    for (int i = 0; i < 4; i++) {
        vio__dlist_init(&nodes[i]);
        vio__dlist_append(i < 2 ? &first : &second, &nodes[i]);
    }
    vio__dlist_splice(&first, &second);
    assert_true(vio__dlist_empty(&second));
    vio__dlist_splice(&first, &second);
    VIO_DLIST_FOREACH (node, &first) {
        assert_ptr_equal(node, &nodes[count++]);
        if (count == 2)
            vio__dlist_remove(node);
    }
    assert_int_equal(count, 4);
    assert_ptr_equal(vio__dlist_pop(&first), &nodes[0]);
    assert_ptr_equal(vio__dlist_pop(&first), &nodes[2]);
    vio__dlist_remove(&nodes[2]);
    assert_ptr_equal(vio__dlist_pop(&first), &nodes[3]);
    assert_null(vio__dlist_pop(&first));
}

static void seeded_numbers_repeat_and_stay_below_their_bound(void **state)
{
    struct vio_prng a;
    struct vio_prng b;
    int hits[7] = {0};
    uint8_t bytes[11] = {0};

    (void)state;
    vio__prng_seed(&a, 42);
    vio__prng_seed(&b, 42);
    for (int i = 0; i < 100; i++)
        assert_true(vio__prng_next(&a) == vio__prng_next(&b));
    for (int i = 0; i < 7000; i++)
        hits[vio__prng_below(&a, 7)]++;
    for (int i = 0; i < 7; i++)
        assert_in_range(hits[i], 850, 1150);
    vio__prng_bytes(&a, bytes, 10);
    assert_int_equal(bytes[10], 0);
    vio__prng_seed(&b, 43);
    vio__prng_seed(&a, 42);
    assert_true(vio__prng_next(&a) != vio__prng_next(&b));
}

static void uuid_survives_its_text(void **state)
{
    uint8_t uuid[VIO_UUID_SIZE];
    uint8_t again[VIO_UUID_SIZE];
    char text[VIO_UUID_TEXT_SIZE];
    struct vio_prng prng;

    (void)state;
    vio__prng_seed(&prng, 5);
    for (int i = 0; i < 100; i++) {
        if (i % 2 == 0)
            assert_int_equal(vio__uuid_random(uuid), 0);
        else
            vio__uuid_from_prng(&prng, uuid);
        assert_int_equal(uuid[6] >> 4, 4);
        assert_int_equal(uuid[8] >> 6, 2);
        assert_false(vio__uuid_is_nil(uuid));
        vio__uuid_format(uuid, text);
        assert_int_equal(strlen(text), VIO_UUID_TEXT_SIZE - 1);
        assert_int_equal(vio__uuid_parse(text, again), 0);
        assert_memory_equal(uuid, again, sizeof(uuid));
    }
    memset(uuid, 0, sizeof(uuid));
    assert_true(vio__uuid_is_nil(uuid));
}

static void uuid_text_cut_anywhere_is_refused(void **state)
{
    const char *whole = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
    uint8_t uuid[VIO_UUID_SIZE] = {1};
    char text[40];

    (void)state;
    for (size_t length = 0; length < strlen(whole); length++) {
        snprintf(text, sizeof(text), "%.*s", (int)length, whole);
        assert_int_equal(vio__uuid_parse(text, uuid), VIO_EPARSE);
    }
    snprintf(text, sizeof(text), "%s0", whole);
    assert_int_equal(vio__uuid_parse(text, uuid), VIO_EPARSE);
    assert_int_equal(uuid[0], 1);
}

static void every_errno_value_has_a_code(void **state)
{
    (void)state;
    for (int number = 0; number < 200; number++) {
        int code = vio__error_from_errno(number);

        assert_true(code < 0);
        assert_int_not_equal(vio__error_category(code), VIO_CATEGORY_UNKNOWN);
    }
    assert_int_equal(vio__error_from_errno(ENOMEM), VIO_ENOMEM);
    assert_int_equal(vio__error_from_errno(ENOENT), VIO_ENOENT);
    assert_int_equal(vio__error_from_errno(EACCES), VIO_EPERM);
    assert_int_equal(vio__error_from_errno(EPIPE), VIO_ETRANSPORT);
    assert_int_equal(vio__error_from_errno(EEXIST), VIO_EEXIST);
}

struct heard {
    int count;
    int level;
    char text[VIO_LOG_TEXT_MAX];
};

static void hear(void *user, int level, const char *text)
{
    struct heard *heard = user;

    heard->count++;
    heard->level = level;
    snprintf(heard->text, sizeof(heard->text), "%s", text);
    errno = EBADF;
}

static void log_passes_on_what_is_wanted_and_keeps_errno(void **state)
{
    struct heard heard = {0};
    struct vio_log log = {.fn = hear, .user = &heard, .level = VIO_LOG_WARNING};
    char long_text[2 * VIO_LOG_TEXT_MAX];

    (void)state;
    errno = ENOENT;
    vio__log(&log, VIO_LOG_ERROR, "slot %d", 3);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(heard.level, VIO_LOG_ERROR);
    assert_string_equal(heard.text, "slot 3");
    vio__log(&log, VIO_LOG_INFO, "unheard");
    assert_int_equal(heard.count, 1);
    memset(long_text, 'x', sizeof(long_text));
    long_text[sizeof(long_text) - 1] = '\0';
    vio__log(&log, VIO_LOG_WARNING, "%s", long_text);
    assert_int_equal(strlen(heard.text), VIO_LOG_TEXT_MAX - 1);
    vio__log(NULL, VIO_LOG_ERROR, "nobody");
    log.fn = NULL;
    vio__log(&log, VIO_LOG_ERROR, "nobody");
    assert_int_equal(heard.count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heap_gives_the_least_whatever_is_inserted_and_removed),
        cmocka_unit_test(equal_keys_leave_the_heap_in_their_order),
        cmocka_unit_test(list_keeps_order_through_splice_and_removal),
        cmocka_unit_test(seeded_numbers_repeat_and_stay_below_their_bound),
        cmocka_unit_test(uuid_survives_its_text),
        cmocka_unit_test(uuid_text_cut_anywhere_is_refused),
        cmocka_unit_test(every_errno_value_has_a_code),
        cmocka_unit_test(log_passes_on_what_is_wanted_and_keeps_errno),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
