/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <libvio/error.h>

#include "tests/support/test.h"

struct row {
    int code;
    int number;
    const char *name;
    const char *text;
    int retryable;
    enum vio_error_category category;
};

static const struct row rows[] = {
#define ROW(code, number, text, retryable, category) \
    {code, number, #code, text, retryable, category},
    VIO_ERROR_MAP(ROW)
#undef ROW
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static void every_code_has_name_text_category_and_advice(void **state)
{
    (void)state;
    for (int i = 0; i < ROWS; i++) {
        assert_int_equal(rows[i].code, rows[i].number);
        assert_true(rows[i].code < 0);
        assert_string_equal(vio_error_name(rows[i].code), rows[i].name);
        assert_string_equal(vio_strerror(rows[i].code), rows[i].text);
        assert_int_equal(vio_error_category(rows[i].code), rows[i].category);
        assert_int_not_equal(rows[i].category, VIO_CATEGORY_UNKNOWN);
        assert_int_equal(vio_error_retryable(rows[i].code), rows[i].retryable);
    }
}

static void no_two_codes_share_number_or_text(void **state)
{
    (void)state;
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < i; j++) {
            assert_int_not_equal(rows[i].code, rows[j].code);
            assert_string_not_equal(rows[i].text, rows[j].text);
        }
}

static void numbers_never_change(void **state)
{
    (void)state;
    /* What is here was released so; a new code is added, none is moved. */
    assert_int_equal(VIO_EINVAL, -1);
    assert_int_equal(VIO_ENOENT, -3);
    assert_int_equal(VIO_EFORK, -16);
    assert_int_equal(VIO_ECANCELED, -18);
    assert_int_equal(VIO_EINDOUBT, -20);
    assert_int_equal(VIO_EINTERNAL, -34);
    assert_int_equal(VIO_ECORRUPT, -39);
    assert_int_equal(VIO_EDISK, -40);
}

static void other_numbers_are_unknown(void **state)
{
    const int numbers[] = {1, -1000, INT32_MIN, INT32_MAX};

    (void)state;
    assert_string_equal(vio_strerror(0), "success");
    assert_string_equal(vio_error_name(0), "VIO_OK");
    assert_int_equal(vio_error_category(0), VIO_CATEGORY_UNKNOWN);
    assert_int_equal(vio_error_retryable(0), 0);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        assert_string_equal(vio_strerror(numbers[i]), "unknown error");
        assert_string_equal(vio_error_name(numbers[i]), "VIO_EUNKNOWN");
        assert_int_equal(vio_error_category(numbers[i]), VIO_CATEGORY_UNKNOWN);
        assert_int_equal(vio_error_retryable(numbers[i]), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_name_text_category_and_advice),
        cmocka_unit_test(no_two_codes_share_number_or_text),
        cmocka_unit_test(numbers_never_change),
        cmocka_unit_test(other_numbers_are_unknown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
