/* SPDX-License-Identifier: MIT */
/* Descriptions of pools: what each setter refuses, and what is made of a pool. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/fields.h"
#include "lib/domain/pool_spec.h"
#include "tests/support/test.h"

static struct {
    unsigned count;
    int code;
    char text[400];
} complained;

static void complain(void *user, int code, const char *text)
{
    (void)user;
    complained.count++;
    complained.code = code;
    snprintf(complained.text, sizeof(complained.text), "%s", text);
}

static struct vio_address mac(uint8_t last)
{
    return (struct vio_address){
        .kind = VIO_ADDRESS_MAC48, .length = 6, .bytes = {2, 0, 0, 0, 0, last}};
}

static struct vio_pool_spec *new_spec(void)
{
    struct vio_pool_spec *spec;

    assert_int_equal(vio__pool_spec_new(NULL, &spec), 0);
    return spec;
}

static void edit(struct vio_pool_spec *spec, enum vio_pool_list list, bool add, uint8_t first,
                 uint8_t last)
{
    struct vio_address from = mac(first);
    struct vio_address to = mac(last);

    assert_int_equal(vio__pool_spec_edit(spec, list, add, &from, &to), 0);
}

static int apply(const struct vio_pool_spec *spec, bool creating, struct vio_pool_info *pool)
{
    memset(&complained, 0, sizeof(complained));
    return vio__pool_spec_apply(spec, creating, pool, complain, NULL);
}

/* A pool "blue" of the MACs 10 to 20, without 15. */
static struct vio_pool_info *new_pool(void)
{
    struct vio_pool_spec *spec = new_spec();
    struct vio_pool_info *pool;

    assert_int_equal(vio__pool_spec_set_name(spec, "blue"), 0);
    assert_int_equal(vio__pool_spec_set_purpose(spec, VIO_POOL_MAC), 0);
    edit(spec, VIO_POOL_LIST_RANGES, true, 10, 20);
    edit(spec, VIO_POOL_LIST_EXCLUSIONS, true, 15, 15);
    assert_int_equal(vio__pool_new(NULL, &pool), 0);
    assert_int_equal(apply(spec, true, pool), 0);
    assert_int_equal(complained.count, 0);
    vio__pool_spec_free(spec);
    return pool;
}

static void a_value_that_is_refused_changes_nothing(void **state)
{
    struct vio_address low = mac(1);
    struct vio_address high = mac(2);
    struct vio_address wwn = {
        .kind = VIO_ADDRESS_WWN, .length = 8, .bytes = {0x50, 1, 2, 3, 4, 5, 6, 7}};
    struct vio_pool_spec *spec = new_spec();

    (void)state;
    assert_int_equal(vio__pool_spec_set_name(spec, ""), VIO_ENAME);
    assert_int_equal(vio__pool_spec_set_purpose(spec, VIO_POOL_UNKNOWN), VIO_EINVAL);
    assert_int_equal(vio__pool_spec_set_order(spec, VIO_POOL_ORDER_UNKNOWN), VIO_EINVAL);
    assert_int_equal(vio__pool_spec_set_quarantine(spec, VIO_POOL_QUARANTINE_MAX + 1), VIO_EINVAL);
    assert_int_equal(vio__pool_spec_set_description(spec, "a\nb"), VIO_ENAME);
    assert_int_equal(vio__pool_spec_set_label(spec, "", "x"), VIO_ENAME);
    assert_int_equal(vio__pool_spec_edit(spec, VIO_POOL_LIST_RANGES, true, &high, &low), VIO_EADDR);
    assert_int_equal(vio__pool_spec_edit(spec, VIO_POOL_LIST_RANGES, true, &low, &wwn), VIO_EADDR);
    for (int i = 0; i < VIO_POOL_EDITS_MAX; i++)
        edit(spec, VIO_POOL_LIST_RANGES, true, 1, 2);
    assert_int_equal(vio__pool_spec_edit(spec, VIO_POOL_LIST_RANGES, true, &low, &high),
                     VIO_ELIMIT);
    assert_string_equal(vio__pool_spec_name(spec), "");
    assert_int_equal(vio__pool_spec_generation(spec), 0);
    vio__pool_spec_free(spec);
    vio__pool_spec_free(NULL);
}

static void a_pool_that_is_made_has_what_was_set_and_the_defaults(void **state)
{
    struct vio_pool_info *pool = new_pool();

    (void)state;
    assert_string_equal(pool->name, "blue");
    assert_int_equal(pool->purpose, VIO_POOL_MAC);
    assert_int_equal(pool->order, VIO_POOL_ORDER_SEQUENTIAL);
    assert_int_equal(pool->quarantine, VIO_POOL_DEFAULT_QUARANTINE);
    assert_int_equal(pool->ranges.count, 1);
    assert_int_equal(vio__pool_size(pool), 11);
    assert_int_equal(vio__pool_check(pool, NULL, NULL), 0);
    vio__pool_unref(pool);
}

static void a_pool_needs_a_name_and_a_purpose_that_stays(void **state)
{
    struct vio_pool_spec *spec = new_spec();
    struct vio_pool_info *pool = new_pool();

    (void)state;
    assert_int_equal(apply(spec, false, pool), 0);
    assert_int_equal(apply(spec, true, pool), VIO_EINVAL);
    assert_non_null(strstr(complained.text, "a name"));
    assert_int_equal(vio__pool_spec_set_name(spec, "red"), 0);
    assert_int_equal(apply(spec, true, pool), VIO_EINVAL);
    assert_non_null(strstr(complained.text, "a purpose"));
    assert_int_equal(vio__pool_spec_set_purpose(spec, VIO_POOL_MAC), 0);
    assert_int_equal(apply(spec, false, pool), 0);
    assert_int_equal(vio__pool_spec_set_purpose(spec, VIO_POOL_UUID), 0);
    assert_int_equal(apply(spec, false, pool), VIO_EINVAL);
    assert_int_equal(pool->purpose, VIO_POOL_MAC);
    vio__pool_unref(pool);
    vio__pool_spec_free(spec);
}

static void edits_of_ranges_are_made_in_their_order(void **state)
{
    struct vio_pool_spec *spec = new_spec();
    struct vio_pool_info *pool = new_pool();

    (void)state;
    edit(spec, VIO_POOL_LIST_RANGES, true, 21, 30);
    edit(spec, VIO_POOL_LIST_RANGES, false, 12, 14);
    edit(spec, VIO_POOL_LIST_EXCLUSIONS, false, 15, 15);
    edit(spec, VIO_POOL_LIST_EXTERNALS, true, 30, 30);
    assert_int_equal(apply(spec, false, pool), 0);
    assert_int_equal(pool->ranges.count, 2);
    assert_int_equal(pool->ranges.range[1].first.bytes[5], 15);
    assert_int_equal(pool->ranges.range[1].last.bytes[5], 30);
    assert_int_equal(pool->exclusions.count, 0);
    assert_int_equal(pool->externals.count, 1);
    vio__pool_unref(pool);
    vio__pool_spec_free(spec);
}

static void each_edit_that_does_not_fit_is_complained_of(void **state)
{
    struct vio_pool_spec *spec = new_spec();
    struct vio_pool_info *pool = new_pool();

    (void)state;
    edit(spec, VIO_POOL_LIST_RANGES, true, 20, 22);
    edit(spec, VIO_POOL_LIST_EXCLUSIONS, false, 16, 17);
    assert_int_equal(apply(spec, false, pool), VIO_EEXIST);
    assert_int_equal(complained.count, 2);
    assert_int_equal(complained.code, VIO_ENOENT);
    assert_non_null(strstr(complained.text, "02:00:00:00:00:10 to 02:00:00:00:00:11"));
    assert_non_null(strstr(complained.text, "exclusions"));
    vio__pool_unref(pool);
    vio__pool_spec_free(spec);
}

static char told[600];

static void tell(void *user, const char *field, const char *before, const char *after)
{
    size_t used = strlen(told);

    (void)user;
    snprintf(told + used, sizeof(told) - used, "%s: %s -> %s; ", field, before, after);
}

static void a_copy_says_the_same_and_fields_tell_what_changes(void **state)
{
    struct vio_pool_spec *spec = new_spec();
    struct vio_pool_info *before = new_pool();
    struct vio_pool_info *after;
    struct vio_pool_spec *copy;

    (void)state;
    assert_int_equal(vio__pool_spec_set_name(spec, "red"), 0);
    assert_int_equal(vio__pool_spec_set_order(spec, VIO_POOL_ORDER_LOWEST), 0);
    assert_int_equal(vio__pool_spec_set_quarantine(spec, 60), 0);
    assert_int_equal(vio__pool_spec_set_description(spec, "spare"), 0);
    assert_int_equal(vio__pool_spec_set_label(spec, "rack", "7"), 0);
    assert_int_equal(vio__pool_spec_set_label(spec, "row", NULL), 0);
    vio__pool_spec_set_generation(spec, 5);
    edit(spec, VIO_POOL_LIST_RANGES, true, 22, 22);
    assert_int_equal(vio__pool_spec_copy(NULL, spec, &copy), 0);
    vio__pool_spec_free(spec);
    assert_int_equal(vio__pool_spec_generation(copy), 5);
    assert_int_equal(vio__pool_copy(before, &after), 0);
    assert_int_equal(apply(copy, false, after), 0);
    told[0] = '\0';
    assert_int_equal(vio__fields_of_pool(before, after, tell, NULL), 0);
    assert_string_equal(told,
                        "name: blue -> red; order: sequential -> lowest; quarantine: 300 -> 60; "
                        "ranges: 02:00:00:00:00:0a to 02:00:00:00:00:14 -> "
                        "02:00:00:00:00:0a to 02:00:00:00:00:14, 02:00:00:00:00:16; "
                        "description:  -> spare; labels:  -> rack=7; ");
    vio__pool_unref(after);
    vio__pool_unref(before);
    vio__pool_spec_free(copy);
}

/* Hooks that fail from the nth allocation on. */
static void *limited_realloc(void *ptr, size_t size, void *user)
{
    long *left = user;

    return *left > 0 ? (--*left, realloc(ptr, size)) : NULL;
}

static void *limited_malloc(size_t size, void *user)
{
    return limited_realloc(NULL, size, user);
}

static void plain_free(void *ptr, void *user)
{
    (void)user;
    free(ptr);
}

static void each_allocation_of_a_copy_may_fail(void **state)
{
    struct vio_pool_spec *spec = new_spec();
    int status = VIO_ENOMEM;

    (void)state;
    assert_int_equal(vio__pool_spec_set_label(spec, "rack", "7"), 0);
    assert_int_equal(vio__pool_spec_set_label(spec, "row", NULL), 0);
    edit(spec, VIO_POOL_LIST_RANGES, true, 1, 9);
    for (long n = 0; status != 0; n++) {
        long left = n;
        struct vio_alloc alloc = {limited_malloc, limited_realloc, plain_free, &left};
        struct vio_pool_spec *copy = NULL;

        status = vio__pool_spec_copy(&alloc, spec, &copy);
        assert_true(status == 0 || status == VIO_ENOMEM);
        vio__pool_spec_free(copy);
    }
    vio__pool_spec_free(spec);
}

int main(void)
{
    const struct CMUnitTest pool_specs[] = {
        cmocka_unit_test(a_value_that_is_refused_changes_nothing),
        cmocka_unit_test(a_pool_that_is_made_has_what_was_set_and_the_defaults),
        cmocka_unit_test(a_pool_needs_a_name_and_a_purpose_that_stays),
        cmocka_unit_test(edits_of_ranges_are_made_in_their_order),
        cmocka_unit_test(each_edit_that_does_not_fit_is_complained_of),
        cmocka_unit_test(a_copy_says_the_same_and_fields_tell_what_changes),
        cmocka_unit_test(each_allocation_of_a_copy_may_fail),
    };

    return cmocka_run_group_tests(pool_specs, NULL, NULL);
}
