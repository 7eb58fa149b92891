/* SPDX-License-Identifier: MIT */
/* Buffers that grow to a maximum, and cursors that never read beyond the end. */
#include <string.h>

#include <libvio/error.h>

#include "lib/base/buf.h"
#include "lib/base/cursor.h"
#include "tests/support/test.h"

static void what_is_appended_is_read_back(void **state)
{
    struct vio_buf buf;
    struct vio_cursor cursor;
    uint8_t copy[3];

    (void)state;
    vio__buf_init(&buf, NULL, 4096);
    assert_int_equal(vio__buf_append_u8(&buf, 0x12), 0);
    assert_int_equal(vio__buf_append_le16(&buf, 0x1234), 0);
    assert_int_equal(vio__buf_append_le32(&buf, 0x12345678), 0);
    assert_int_equal(vio__buf_append_le64(&buf, 0x123456789abcdef0), 0);
    assert_int_equal(vio__buf_append_str(&buf, "abc"), 0);
    assert_int_equal(vio__buf_append_zeros(&buf, 2), 0);
    assert_int_equal(vio__buf_append(&buf, NULL, 0), 0);
    assert_int_equal(buf.size, 20);
    assert_int_equal(buf.data[1], 0x34);

    vio__cursor_init(&cursor, buf.data, buf.size);
    assert_int_equal(vio__cursor_u8(&cursor), 0x12);
    assert_int_equal(vio__cursor_le16(&cursor), 0x1234);
    assert_int_equal(vio__cursor_le32(&cursor), 0x12345678);
    assert_true(vio__cursor_le64(&cursor) == 0x123456789abcdef0);
    assert_true(vio__cursor_copy(&cursor, copy, 3));
    assert_memory_equal(copy, "abc", 3);
    assert_int_equal(vio__cursor_left(&cursor), 2);
    assert_false(vio__cursor_done(&cursor));
    assert_true(vio__cursor_skip(&cursor, 2));
    assert_true(vio__cursor_done(&cursor));
    vio__buf_free(&buf);
}

static void reading_beyond_the_end_gives_zeros_and_sticks(void **state)
{
    const uint8_t bytes[3] = {1, 2, 3};
    struct vio_cursor cursor;
    uint8_t copy[4] = {9, 9, 9, 9};

    (void)state;
    vio__cursor_init(&cursor, bytes, sizeof(bytes));
    assert_int_equal(vio__cursor_le32(&cursor), 0);
    assert_true(cursor.failed);
    assert_int_equal(vio__cursor_u8(&cursor), 0);
    assert_null(vio__cursor_bytes(&cursor, 1));
    assert_false(vio__cursor_copy(&cursor, copy, 1));
    assert_int_equal(copy[0], 9);
    assert_false(vio__cursor_seek(&cursor, 0));
    assert_int_equal(vio__cursor_left(&cursor), 0);
    assert_false(vio__cursor_done(&cursor));

    vio__cursor_init(&cursor, bytes, sizeof(bytes));
    assert_true(vio__cursor_seek(&cursor, 3));
    assert_false(vio__cursor_skip(&cursor, SIZE_MAX));
    vio__cursor_init(&cursor, bytes, sizeof(bytes));
    assert_false(vio__cursor_seek(&cursor, 4));
    vio__cursor_init(&cursor, NULL, 0);
    assert_true(vio__cursor_done(&cursor));
    assert_int_equal(vio__cursor_u8(&cursor), 0);
}

static void buffer_stops_at_its_maximum_and_remembers(void **state)
{
    struct vio_buf buf;

    (void)state;
    vio__buf_init(&buf, NULL, 10);
    assert_int_equal(vio__buf_append(&buf, "0123456789", 10), 0);
    assert_int_equal(vio__buf_append_u8(&buf, 1), VIO_ELIMIT);
    assert_int_equal(buf.size, 10);
    assert_int_equal(vio__buf_append(&buf, NULL, 0), VIO_ELIMIT);
    assert_null(vio__buf_str(&buf));
    assert_null(vio__buf_steal(&buf));
    vio__buf_reset(&buf);
    assert_int_equal(vio__buf_printf(&buf, "%s", "too long by far"), VIO_ELIMIT);
    vio__buf_reset(&buf);
    assert_int_equal(vio__buf_printf(&buf, "%d-%s", 7, "x"), 0);
    assert_int_equal(vio__buf_append_zeros(&buf, SIZE_MAX), VIO_ELIMIT);
    vio__buf_free(&buf);
    assert_int_equal(buf.status, 0);
}

static void text_is_terminated_and_can_be_taken_over(void **state)
{
    struct vio_buf buf;
    char *text;

    (void)state;
    vio__buf_init(&buf, NULL, 100000);
    assert_string_equal(vio__buf_str(&buf), "");
    for (int i = 0; i < 1000; i++)
        assert_int_equal(vio__buf_printf(&buf, "%03d,", i), 0);
    assert_int_equal(strlen(vio__buf_str(&buf)), 4000);
    vio__buf_consume(&buf, 3996);
    assert_string_equal(vio__buf_str(&buf), "999,");
    text = vio__buf_steal(&buf);
    assert_string_equal(text, "999,");
    assert_int_equal(buf.size, 0);
    vio__free(NULL, text);
    assert_int_equal(vio__buf_append_str(&buf, "again"), 0);
    vio__buf_consume(&buf, 1000);
    assert_int_equal(buf.size, 0);
    vio__buf_free(&buf);
}

static void *no_malloc(size_t size, void *user)
{
    (void)size;
    (void)user;
    return NULL;
}

static void *no_realloc(void *ptr, size_t size, void *user)
{
    (void)ptr;
    (void)size;
    (void)user;
    return NULL;
}

static void no_free(void *ptr, void *user)
{
    (void)ptr;
    (void)user;
}

static void buffer_without_memory_says_so(void **state)
{
    const struct vio_alloc alloc = {no_malloc, no_realloc, no_free, NULL};
    struct vio_buf buf;

    (void)state;
    vio__buf_init(&buf, &alloc, 100);
    assert_int_equal(vio__buf_append_u8(&buf, 1), VIO_ENOMEM);
    assert_int_equal(vio__buf_printf(&buf, "x"), VIO_ENOMEM);
    assert_null(vio__buf_str(&buf));
    vio__buf_free(&buf);
}

static void sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    assert_null(vio__calloc(NULL, SIZE_MAX / 2, 3));
    assert_null(vio__realloc(NULL, NULL, SIZE_MAX / 2, 3));
    vio__free(NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_appended_is_read_back),
        cmocka_unit_test(reading_beyond_the_end_gives_zeros_and_sticks),
        cmocka_unit_test(buffer_stops_at_its_maximum_and_remembers),
        cmocka_unit_test(text_is_terminated_and_can_be_taken_over),
        cmocka_unit_test(buffer_without_memory_says_so),
        cmocka_unit_test(sizes_that_overflow_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
