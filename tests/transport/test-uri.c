/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <libvio/error.h>

#include "lib/transport/uri.h"
#include "tests/support/test.h"

static struct vio_uri uri;
static char error[VIO_URI_ERROR_SIZE];

static void a_uri_has_a_scheme_a_path_and_parameters(void **state)
{
    (void)state;
    assert_int_equal(vio__uri_parse("vfio-user:/run/a b.sock?x=1&long-key2=y=z&e=", &uri, error),
                     0);
    assert_string_equal(uri.scheme, "vfio-user");
    assert_string_equal(uri.path, "/run/a b.sock");
    assert_int_equal(uri.num_params, 3);
    assert_string_equal(vio__uri_param(&uri, "x"), "1");
    assert_string_equal(vio__uri_param(&uri, "long-key2"), "y=z");
    assert_string_equal(vio__uri_param(&uri, "e"), "");
    assert_null(vio__uri_param(&uri, "long"));
}

static void path_and_parameters_may_be_missing(void **state)
{
    (void)state;
    assert_int_equal(vio__uri_parse("sim:", &uri, error), 0);
    assert_string_equal(uri.path, "");
    assert_int_equal(uri.num_params, 0);
    assert_int_equal(vio__uri_parse("sim:?a=b", &uri, error), 0);
    assert_string_equal(uri.path, "");
}

static void what_is_wrong_is_named(void **state)
{
    static const struct {
        const char *text, *about;
    } wrong[] = {
        {"", "scheme"},
        {"sim", "scheme"},
        {":x", "scheme"},
        {"Sim:", "scheme"},
        {"9p:", "scheme"},
        {"a-scheme-of-17-by:", "scheme"},
        {"sim:?", "KEY=VALUE"},
        {"sim:?time", "\"time\" has no value"},
        {"sim:?a=1&&b=2", "KEY=VALUE"},
        {"sim:?=1", "name"},
        {"sim:?A=1", "\"A\""},
        {"sim:?a=1&b=2&a=3", "\"a\" is given twice"},
        {"sim:a\nb", "byte 5"},
        {"sim:\x7f", "byte 4"},
        {"sim:?a=&b=&c=&d=&e=&f=&g=&h=&i=&j=&k=&l=&m=&n=&o=&p=&q=", "more than 16"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        error[0] = '\0';
        assert_int_equal(vio__uri_parse(wrong[i].text, &uri, error), VIO_EPARSE);
        if (!strstr(error, wrong[i].about))
            fail_msg("\"%s\": %s", wrong[i].text, error);
    }
}

static void a_uri_has_a_longest_length(void **state)
{
    char text[VIO_URI_MAX + 2];

    (void)state;
    memset(text, 'x', sizeof text);
    memcpy(text, "sim:", 4);
    text[VIO_URI_MAX + 1] = '\0';
    assert_int_equal(vio__uri_parse(text, &uri, error), VIO_EPARSE);
    assert_non_null(strstr(error, "4096"));
    text[VIO_URI_MAX] = '\0';
    assert_int_equal(vio__uri_parse(text, &uri, error), 0);
    assert_int_equal(strlen(uri.path), VIO_URI_MAX - 4);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_uri_has_a_scheme_a_path_and_parameters),
        cmocka_unit_test(path_and_parameters_may_be_missing),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(a_uri_has_a_longest_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
