/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/store/dump_diff.h"
#include "lib/store/dump_plan.h"
#include "lib/store/objects.h"
#include "tests/store/dumps.h"
#include "tests/support/test.h"

static struct vio_dump_plan *plan(const struct vio_dump *present, const struct vio_dump *wanted)
{
    struct vio_dump_plan *made;

    assert_int_equal(vio__dump_plan(NULL, present, wanted, 0, &made), 0);
    return made;
}

static size_t count(const struct vio_dump *dump)
{
    size_t sum = 0;

    for (size_t kind = 0; kind < VIO_DUMP_KINDS; kind++)
        sum += dump->set[kind].count;
    return sum;
}

/* What the store has after the plan. */
static struct vio_dump *apply(const struct vio_dump *present, const struct vio_dump_plan *made)
{
    struct vio_dump *after;

    assert_int_equal(vio__dump_new(NULL, present->store, &after), 0);
    for (size_t kind = 0; kind < VIO_DUMP_KINDS; kind++) {
        const struct vio_dump_set *set = &present->set[kind];

        for (size_t i = 0; i < set->count; i++) {
            bool replaced = false;
            void *copy;

            for (size_t at = 0; at < made->count; at++)
                replaced = replaced || made->edit[at].before == set->object[i];
            if (replaced)
                continue;
            assert_int_equal(vio__dump_kinds[kind]->copy(NULL, set->object[i], NULL, &copy), 0);
            assert_int_equal(vio__dump_add(after, vio__dump_kinds[kind], copy), 0);
        }
    }
    for (size_t at = 0; at < made->count; at++) {
        void *copy;

        assert_int_equal(made->edit[at].kind->copy(NULL, made->edit[at].after, NULL, &copy), 0);
        assert_int_equal(vio__dump_add(after, made->edit[at].kind, copy), 0);
    }
    assert_int_equal(vio__dump_finish(after), 0);
    return after;
}

static struct vio_dump *empty(const struct vio_dump *like)
{
    struct vio_dump *dump;

    assert_int_equal(vio__dump_new(NULL, like->store, &dump), 0);
    return dump;
}

static void an_empty_store_gets_everything_with_first_generations(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < test_rounds(50); seed++) {
        struct vio_dump *wanted = dumps_random(seed, 20);
        struct vio_dump *none = empty(wanted);
        struct vio_dump_plan *made = plan(none, wanted);
        struct vio_dump *after = apply(none, made);

        assert_int_equal(made->problems.count, 0);
        assert_int_equal(made->count, count(wanted));
        assert_string_equal(after->text, wanted->text);
        for (size_t at = 0; at < made->count; at++) {
            assert_null(made->edit[at].before);
            if (made->edit[at].kind == &vio__dump_vadapter)
                assert_int_equal(
                    ((const struct vio_vadapter_info *)made->edit[at].after)->generation, 1);
        }
        vio__dump_unref(after);
        vio__dump_plan_free(made);
        vio__dump_unref(none);
        vio__dump_unref(wanted);
    }
}

static void loading_what_is_there_changes_nothing(void **state)
{
    struct vio_dump *present = dumps_random(5, 50);
    struct vio_dump *wanted = dumps_random(5, 50);
    struct vio_dump_plan *made = plan(present, wanted);

    (void)state;
    assert_int_equal(made->count, 0);
    assert_int_equal(made->problems.count, 0);
    vio__dump_plan_free(made);
    vio__dump_unref(wanted);
    vio__dump_unref(present);
}

static struct vio_vadapter_info *vadapter_of(struct vio_dump *dump, size_t at)
{
    return dump->set[VIO_DUMP_KINDS - 1].object[at];
}

static void what_differs_is_changed_and_the_rest_left_alone(void **state)
{
    struct vio_dump *present = dumps_random(6, 50);
    struct vio_dump *wanted = dumps_random(6, 50);
    struct vio_vadapter_info *changed = vadapter_of(wanted, 7);
    struct vio_dump_differences *differences;
    struct vio_dump_plan *made;
    struct vio_dump *after;

    (void)state;
    changed->enabled = !changed->enabled;
    strcpy(changed->name, "renamed");
    made = plan(present, wanted);
    assert_int_equal(made->count, 1);
    assert_ptr_equal(made->edit[0].before, vadapter_of(present, 7));
    assert_int_equal(((const struct vio_vadapter_info *)made->edit[0].after)->generation,
                     vadapter_of(present, 7)->generation + 1);
    after = apply(present, made);
    assert_int_equal(vio__dump_diff(NULL, wanted, after, &differences), 0);
    assert_int_equal(differences->count, 0);
    vio__dump_differences_unref(differences);
    vio__dump_unref(after);
    vio__dump_plan_free(made);
    vio__dump_unref(wanted);
    vio__dump_unref(present);
}

static void expect_problem(const struct vio_dump_plan *made, size_t at, int code, const char *name,
                           const char *key)
{
    char path[128];

    snprintf(path, sizeof path, "vadapters.%s.%s", name, key);
    assert_true(at < made->problems.count);
    assert_string_equal(made->problems.problem[at].path, path);
    assert_int_equal(made->problems.problem[at].code, code);
}

static void what_cannot_change_is_refused(void **state)
{
    struct vio_dump *present = dumps_random(8, 9);
    struct vio_dump *wanted = dumps_random(8, 9);
    struct vio_vadapter_info *changed = vadapter_of(wanted, 3);
    struct vio_dump_plan *made;

    (void)state;
    changed->adapter += 1;
    changed->chassis[3] ^= 1;
    made = plan(present, wanted);
    assert_int_equal(made->problems.count, 2);
    expect_problem(made, 0, VIO_ESTATE, changed->name, "chassis");
    expect_problem(made, 1, VIO_ESTATE, changed->name, "adapter");
    vio__dump_plan_free(made);
    vio__dump_unref(wanted);
    vio__dump_unref(present);
}

/* The same names and identities, of other objects. */
static void what_others_have_is_not_taken_from_them(void **state)
{
    struct vio_dump *present = dumps_random(9, 2);
    struct vio_dump *wanted = dumps_random(9, 2);
    struct vio_vadapter_info *changed = vadapter_of(wanted, 0);
    struct vio_dump_plan *made;

    (void)state;
    changed->uuid[0] ^= 1;
    made = plan(present, wanted);
    expect_problem(made, 0, VIO_EEXIST, changed->name, "name");
    expect_problem(made, 1, VIO_EDUPLICATE, changed->name, "address");
    vio__dump_plan_free(made);
    vio__dump_unref(wanted);
    vio__dump_unref(present);
}

/* Both are loaded, so each may have what the other had. */
static void two_objects_may_exchange_their_names(void **state)
{
    struct vio_dump *present = dumps_random(10, 2);
    struct vio_dump *wanted = dumps_random(10, 2);
    struct vio_dump_plan *made;

    (void)state;
    strcpy(vadapter_of(wanted, 0)->name, vadapter_of(present, 1)->name);
    strcpy(vadapter_of(wanted, 1)->name, vadapter_of(present, 0)->name);
    made = plan(present, wanted);
    assert_int_equal(made->problems.count, 0);
    assert_int_equal(made->count, 2);
    vio__dump_plan_free(made);
    vio__dump_unref(wanted);
    vio__dump_unref(present);
}

static void holds_that_are_over_are_passed_over(void **state)
{
    struct vio_dump *wanted = dumps_random(11, 0);
    struct vio_dump *none = empty(wanted);
    struct vio_hold *lasting = calloc(1, sizeof(*lasting)), *over = calloc(1, sizeof(*over));
    struct vio_dump_plan *before, *after;

    (void)state;
    assert_true(lasting && over);
    lasting->address.kind = over->address.kind = VIO_ADDRESS_MAC48;
    lasting->address.length = over->address.length = 6;
    lasting->address.bytes[5] = 1;
    over->address.bytes[5] = 2;
    over->until = UINT64_MAX;
    assert_int_equal(vio__dump_add(none, &vio__dump_hold, lasting), 0);
    assert_int_equal(vio__dump_add(none, &vio__dump_hold, over), 0);
    vio__dump_unref(wanted);
    wanted = none;
    none = empty(wanted);
    assert_int_equal(vio__dump_plan(NULL, none, wanted, 5, &before), 0);
    assert_int_equal(before->count, 2);
    assert_int_equal(vio__dump_plan(NULL, none, wanted, UINT64_MAX, &after), 0);
    assert_int_equal(after->count, 1);
    vio__dump_plan_free(before);
    vio__dump_plan_free(after);
    vio__dump_unref(none);
    vio__dump_unref(wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_store_gets_everything_with_first_generations),
        cmocka_unit_test(loading_what_is_there_changes_nothing),
        cmocka_unit_test(what_differs_is_changed_and_the_rest_left_alone),
        cmocka_unit_test(what_cannot_change_is_refused),
        cmocka_unit_test(what_others_have_is_not_taken_from_them),
        cmocka_unit_test(two_objects_may_exchange_their_names),
        cmocka_unit_test(holds_that_are_over_are_passed_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
