/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include <libvio/version.h>

#include "config.h"
#include "tests/support/test.h"

static void version_is_the_package_version(void **state)
{
    (void)state;
    assert_string_equal(vio_version_string(), PACKAGE_VERSION);
}

static void version_numbers_agree_with_the_string(void **state)
{
    char text[32];

    (void)state;
    snprintf(text, sizeof text, "%d.%d.%d", VIO_VERSION_MAJOR, VIO_VERSION_MINOR,
             VIO_VERSION_PATCH);
    assert_string_equal(text, VIO_VERSION_STRING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(version_is_the_package_version),
        cmocka_unit_test(version_numbers_agree_with_the_string),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
