/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <libvio/libvio.h>

#include "tests/support/test.h"

#define HEAD                                          \
    "{\"format\": \"libvio-store\", \"version\": 1, " \
    "\"store\": \"123e4567-e89b-42d3-a456-426614174000\""
#define HOLD(state) \
    HEAD ", \"holds\": [{\"address\": \"02:00:00:00:00:01\", \"state\": \"" state "\"}]}"

static struct vio_dump *parse(const char *text)
{
    struct vio_dump *dump = NULL;

    assert_int_equal(vio_dump_parse(text, strlen(text), &dump), 0);
    return dump;
}

static void a_valid_document_has_a_store_and_a_text(void **state)
{
    struct vio_dump *dump = parse(HOLD("reserved"));
    struct vio_address uuid;
    char text[37];
    size_t size = 0;

    (void)state;
    assert_int_equal(vio_dump_status(dump), 0);
    assert_int_equal(vio_dump_num_problems(dump), 0);
    assert_non_null(strstr(vio_dump_text(dump, &size), "02:00:00:00:00:01"));
    assert_int_equal(size, strlen(vio_dump_text(dump, NULL)));
    assert_int_equal(vio_dump_store_uuid(dump, &uuid), 0);
    assert_int_equal(vio_address_format(&uuid, text, sizeof text), 0);
    assert_string_equal(text, "123e4567-e89b-42d3-a456-426614174000");
    assert_ptr_equal(vio_dump_ref(dump), dump);
    vio_dump_unref(dump);
    vio_dump_unref(dump);
}

static void another_one_has_problems_alone(void **state)
{
    struct vio_dump *dump = parse(HOLD("free"));
    struct vio_dump *valid = parse(HOLD("reserved"));
    struct vio_dump_differences *differences = NULL;
    struct vio_address uuid;
    size_t size = 7;

    (void)state;
    assert_int_equal(vio_dump_status(dump), VIO_EPARSE);
    assert_int_equal(vio_dump_num_problems(dump), 1);
    assert_int_equal(vio_dump_problem_code(dump, 0), VIO_EPARSE);
    assert_string_equal(vio_dump_problem_path(dump, 0), "holds[0].state");
    assert_string_equal(vio_dump_problem_text(dump, 0),
                        "\"free\" is not allowed here; allowed: \"reserved\", \"quarantined\", "
                        "\"external\"");
    assert_int_equal(vio_dump_problem_code(dump, 1), 0);
    assert_null(vio_dump_problem_path(dump, 1));
    assert_null(vio_dump_text(dump, &size));
    assert_int_equal(size, 7);
    assert_int_equal(vio_dump_store_uuid(dump, &uuid), VIO_EPARSE);
    assert_int_equal(vio_dump_diff(valid, dump, &differences), VIO_EPARSE);
    assert_int_equal(vio_dump_diff(dump, valid, &differences), VIO_EPARSE);
    assert_null(differences);
    vio_dump_unref(valid);
    vio_dump_unref(dump);
}

static void differences_are_read_one_by_one(void **state)
{
    struct vio_dump *before = parse(HOLD("reserved"));
    struct vio_dump *after = parse(HOLD("external"));
    struct vio_dump_differences *differences = NULL;

    (void)state;
    assert_int_equal(vio_dump_diff(before, after, &differences), 0);
    vio_dump_unref(before);
    vio_dump_unref(after);
    assert_int_equal(vio_dump_differences_count(differences), 1);
    assert_string_equal(vio_dump_differences_noun(differences, 0), "hold");
    assert_string_equal(vio_dump_differences_name(differences, 0), "02:00:00:00:00:01");
    assert_string_equal(vio_dump_differences_field(differences, 0), "state");
    assert_string_equal(vio_dump_differences_before(differences, 0), "reserved");
    assert_string_equal(vio_dump_differences_after(differences, 0), "external");
    assert_null(vio_dump_differences_noun(differences, 1));
    assert_ptr_equal(vio_dump_differences_ref(differences), differences);
    vio_dump_differences_unref(differences);
    vio_dump_differences_unref(differences);
}

static void null_is_refused_or_has_nothing(void **state)
{
    struct vio_dump *dump = parse(HOLD("reserved"));
    struct vio_dump *untouched = NULL;

    (void)state;
    assert_int_equal(vio_dump_parse(NULL, 0, &untouched), VIO_EINVAL);
    assert_int_equal(vio_dump_parse("", 0, NULL), VIO_EINVAL);
    assert_int_equal(vio_dump_diff(dump, dump, NULL), VIO_EINVAL);
    assert_int_equal(vio_dump_diff(NULL, dump, NULL), VIO_EINVAL);
    assert_int_equal(vio_dump_store_uuid(dump, NULL), VIO_EINVAL);
    assert_int_equal(vio_dump_status(NULL), VIO_EINVAL);
    assert_int_equal(vio_dump_num_problems(NULL), 0);
    assert_int_equal(vio_dump_differences_count(NULL), 0);
    assert_null(vio_dump_text(NULL, NULL));
    assert_null(vio_dump_ref(NULL));
    assert_null(vio_dump_differences_ref(NULL));
    assert_null(vio_dump_differences_after(NULL, 0));
    vio_dump_unref(NULL);
    vio_dump_differences_unref(NULL);
    vio_dump_unref(dump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_valid_document_has_a_store_and_a_text),
        cmocka_unit_test(another_one_has_problems_alone),
        cmocka_unit_test(differences_are_read_one_by_one),
        cmocka_unit_test(null_is_refused_or_has_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
