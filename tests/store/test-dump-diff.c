/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "lib/store/dump_diff.h"
#include "tests/store/dumps.h"
#include "tests/support/test.h"

static struct vio_dump_differences *diff(const struct vio_dump *before,
                                         const struct vio_dump *after)
{
    struct vio_dump_differences *differences;

    assert_int_equal(vio__dump_diff(NULL, before, after, &differences), 0);
    return differences;
}

static void equal_dumps_do_not_differ(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < test_rounds(50); seed++) {
        struct vio_dump *a = dumps_random(seed, 20);
        struct vio_dump *b = dumps_random(seed, 20);
        struct vio_dump_differences *differences = diff(a, b);

        assert_int_equal(differences->count, 0);
        vio__dump_differences_unref(differences);
        vio__dump_unref(b);
        vio__dump_unref(a);
    }
}

/* The vAdapter that is changed by hand below; `seed` gives the same one each time. */
static struct vio_dump *with_vadapter(struct vio_vadapter_info **ret_vadapter)
{
    uint8_t store[VIO_UUID_SIZE] = {1};
    struct vio_vadapter_info *vadapter;
    struct vio_dump *dump;

    assert_int_equal(vio__dump_new(NULL, store, &dump), 0);
    assert_int_equal(vio__vadapter_new(NULL, &vadapter), 0);
    vadapter->uuid[0] = 2;
    vadapter->chassis[0] = 3;
    vadapter->kind = VIO_VADAPTER_VNIC;
    vadapter->generation = 5;
    strcpy(vadapter->name, "web0");
    vadapter->address = (struct vio_address){.kind = 1, .length = 6, .bytes = {2, 0, 0, 0, 0, 1}};
    assert_int_equal(vio__labels_set(NULL, &vadapter->labels, "env", "test", 32), 0);
    assert_int_equal(vio__dump_add(dump, &vio__dump_vadapter, vadapter), 0);
    *ret_vadapter = vadapter;
    return dump;
}

static void expect(const struct vio_dump_differences *differences, size_t at, const char *field,
                   const char *before, const char *after)
{
    const struct vio_difference *one = &differences->difference[at];

    assert_true(at < differences->count);
    assert_string_equal(one->noun, "vadapter");
    assert_string_equal(one->field, field);
    if (before)
        assert_string_equal(one->before, before);
    else
        assert_null(one->before);
    if (after)
        assert_string_equal(one->after, after);
    else
        assert_null(one->after);
}

static void each_field_that_differs_is_named_with_both_values(void **state)
{
    struct vio_vadapter_info *a, *b;
    struct vio_dump *before = with_vadapter(&a);
    struct vio_dump *after = with_vadapter(&b);
    struct vio_dump_differences *differences;

    (void)state;
    strcpy(b->name, "web1");
    b->generation = 6; /* is no content */
    b->server = 3;
    b->path = 0;
    b->enabled = false;
    b->vlan = (struct vio_vlan_config){.mode = VIO_VLAN_ACCESS, .vlan = 7};
    b->qos.tx.cir = 1000;
    assert_int_equal(vio__labels_set(NULL, &b->labels, "env", "live", 32), 0);
    assert_int_equal(vio__labels_set(NULL, &a->labels, "gone", "", 32), 0);
    differences = diff(before, after);
    assert_int_equal(differences->count, 9);
    assert_string_equal(differences->difference[0].name, "web1");
    expect(differences, 0, "name", "web0", "web1");
    expect(differences, 1, "enabled", "true", "false");
    expect(differences, 2, "labels.env", "test", "live");
    expect(differences, 3, "labels.gone", "", NULL);
    expect(differences, 4, "server", NULL, "3");
    expect(differences, 5, "path", NULL, "0");
    expect(differences, 6, "vlan.mode", NULL, "access");
    expect(differences, 7, "vlan.vlan", NULL, "7");
    expect(differences, 8, "qos.tx.cir", NULL, "1000");
    vio__dump_differences_unref(differences);
    vio__dump_unref(after);
    vio__dump_unref(before);
}

static void an_object_that_came_or_went_is_one_difference(void **state)
{
    uint8_t store[VIO_UUID_SIZE] = {9};
    struct vio_vadapter_info *vadapter;
    struct vio_dump *one = with_vadapter(&vadapter);
    struct vio_dump *none;
    struct vio_dump_differences *differences;

    (void)state;
    assert_int_equal(vio__dump_new(NULL, store, &none), 0);
    differences = diff(none, one);
    assert_int_equal(differences->count, 1);
    assert_null(differences->difference[0].field);
    assert_null(differences->difference[0].before);
    assert_non_null(strstr(differences->difference[0].after, "\"address\": \"02:00:00:00:00:01\""));
    vio__dump_differences_unref(differences);
    differences = diff(one, none);
    assert_int_equal(differences->count, 1);
    assert_null(differences->difference[0].after);
    assert_string_equal(differences->difference[0].name, "web0");
    vio__dump_differences_unref(differences);
    vio__dump_unref(none);
    vio__dump_unref(one);
}

/* Whatever is different in two random dumps is told the other way round as well. */
static void differences_are_symmetric(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < test_rounds(50); seed++) {
        struct vio_dump *a = dumps_random(seed, 10);
        struct vio_dump *b = dumps_random(seed + 1, 10);
        struct vio_dump_differences *forth = diff(a, b);
        struct vio_dump_differences *back = diff(b, a);

        assert_true(forth->count >= 20);
        assert_int_equal(forth->count, back->count);
        vio__dump_differences_unref(back);
        vio__dump_differences_unref(forth);
        vio__dump_unref(b);
        vio__dump_unref(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_dumps_do_not_differ),
        cmocka_unit_test(each_field_that_differs_is_named_with_both_values),
        cmocka_unit_test(an_object_that_came_or_went_is_one_difference),
        cmocka_unit_test(differences_are_symmetric),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
