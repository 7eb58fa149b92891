/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "lib/base/random.h"
#include "lib/domain/diff.h"
#include "tests/support/test.h"

static void random_function(struct vio_prng *prng, bool *exists, struct vio_function_info *function)
{
    *exists = vio__prng_below(prng, 5) != 0;
    *function = (struct vio_function_info){
        .index = 3,
        .kind = VIO_VADAPTER_VNIC + (unsigned)vio__prng_below(prng, 2),
        .enabled = vio__prng_below(prng, 2) != 0,
        .adapter = (uint32_t)vio__prng_below(prng, 2),
        .server = vio__prng_below(prng, 3) == 0 ? VIO_NO_INDEX : (uint32_t)vio__prng_below(prng, 2),
        .size = vio__prng_below(prng, 2) * 512,
    };
    function->path =
        function->server == VIO_NO_INDEX ? VIO_NO_INDEX : (uint32_t)vio__prng_below(prng, 2);
    function->state = function->server == VIO_NO_INDEX ? VIO_FUNCTION_DETACHED : VIO_FUNCTION_BOUND;
    function->cookie[0] = (uint8_t)vio__prng_below(prng, 2);
    function->label[0] = (char)('a' + vio__prng_below(prng, 2));
    function->address.kind = VIO_ADDRESS_MAC48;
    function->address.length = 6;
    function->address.bytes[5] = (uint8_t)(1 + vio__prng_below(prng, 2));
    function->vlan.mode = VIO_VLAN_NONE + (unsigned)vio__prng_below(prng, 3);
    function->vlan.vlan =
        function->vlan.mode == VIO_VLAN_NONE ? 0 : (uint16_t)(1 + vio__prng_below(prng, 2));
    function->vlan.ranges = function->vlan.mode == VIO_VLAN_TRUNK ? 1 : 0;
    function->vlan.range[0].first = function->vlan.range[0].last =
        (uint16_t)(1 + vio__prng_below(prng, 2));
    function->qos.tx.cir = vio__prng_below(prng, 2);
    function->qos.weight = (uint16_t)vio__prng_below(prng, 2);
}

static size_t left(bool wanted, const struct vio_function_info *desired, bool exists,
                   const struct vio_function_info *actual)
{
    struct vio_diff diff;

    vio__diff(wanted ? desired : NULL, exists ? actual : NULL, &diff);
    assert_true(diff.count <= VIO_DIFF_MAX);
    return diff.count;
}

static void applying_the_difference_gives_what_is_desired(void **state)
{
    unsigned rounds = test_rounds(100000);
    struct vio_prng prng;

    (void)state;
    vio__prng_seed(&prng, 20);
    for (unsigned i = 0; i < rounds; i++) {
        struct vio_function_info desired, actual;
        struct vio_diff diff;
        bool wanted, exists;

        random_function(&prng, &wanted, &desired);
        random_function(&prng, &exists, &actual);
        vio__diff(wanted ? &desired : NULL, exists ? &actual : NULL, &diff);
        for (size_t at = 0; at < diff.count; at++) {
            struct vio_step step;

            vio__diff_step(diff.action[at], wanted ? &desired : NULL, actual.index, false, &step);
            vio__diff_apply(&step, &exists, &actual);
        }
        assert_int_equal(exists, wanted);
        assert_int_equal(left(wanted, &desired, exists, &actual), 0);
    }
}

static void a_state_does_not_differ_from_itself(void **state)
{
    struct vio_prng prng;

    (void)state;
    vio__prng_seed(&prng, 21);
    for (int i = 0; i < 10000; i++) {
        struct vio_function_info function;
        bool exists;

        random_function(&prng, &exists, &function);
        assert_int_equal(left(exists, &function, exists, &function), 0);
    }
}

static void a_function_leaves_its_server_before_it_enters_another(void **state)
{
    struct vio_function_info desired = {.server = 1, .path = 0}, actual = {.server = 0, .path = 0};
    struct vio_diff diff;

    (void)state;
    desired.enabled = true;
    vio__diff(&desired, &actual, &diff);
    assert_int_equal(diff.count, 3);
    assert_int_equal(diff.action[0], VIO_STEP_UNBIND);
    assert_int_equal(diff.action[1], VIO_STEP_SET_ENABLED);
    assert_int_equal(diff.action[2], VIO_STEP_BIND);
    assert_true(vio__diff_has(&diff, VIO_STEP_UNBIND));
    assert_false(vio__diff_has(&diff, VIO_STEP_CREATE));
}

static void any_path_of_the_server_will_do_where_none_is_asked_for(void **state)
{
    struct vio_function_info desired = {.server = 1, .path = VIO_NO_INDEX};
    struct vio_function_info actual = {.server = 1, .path = 1};

    (void)state;
    assert_int_equal(left(true, &desired, true, &actual), 0);
    desired.path = 0;
    assert_int_equal(left(true, &desired, true, &actual), 2);
}

static void steps_have_names(void **state)
{
    (void)state;
    assert_string_equal(vio__step_name(VIO_STEP_BIND), "bind");
    assert_string_equal(vio__step_name((enum vio_step_action)99), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(applying_the_difference_gives_what_is_desired),
        cmocka_unit_test(a_state_does_not_differ_from_itself),
        cmocka_unit_test(a_function_leaves_its_server_before_it_enters_another),
        cmocka_unit_test(any_path_of_the_server_will_do_where_none_is_asked_for),
        cmocka_unit_test(steps_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
