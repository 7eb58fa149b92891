/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "lib/base/random.h"
#include "lib/domain/diff.h"
#include "tests/support/test.h"

#define FUNCTIONS 4 /* of a state */

/* What is there, or is to be there, under one index. */
struct place {
    bool exists;
    struct vio_function_info function;
};

static uint8_t one_of(struct vio_prng *prng, uint64_t bound)
{
    return (uint8_t)vio__prng_below(prng, bound);
}

/* -- Drawing a function: few values of each field, so that any number of fields may be alike ----
 */

static void draw_make(struct vio_prng *prng, struct vio_function_info *function)
{
    function->kind = VIO_VADAPTER_VNIC + (unsigned)one_of(prng, 2);
    function->adapter = one_of(prng, 2);
    function->size = one_of(prng, 2) * UINT64_C(512);
}

static void draw_place(struct vio_prng *prng, struct vio_function_info *function)
{
    bool bound = one_of(prng, 3) != 0;

    function->server = bound ? one_of(prng, 2) : VIO_NO_INDEX;
    function->path = bound ? one_of(prng, 2) : VIO_NO_INDEX;
    function->state = bound ? VIO_FUNCTION_BOUND : VIO_FUNCTION_DETACHED;
}

static void draw_label(struct vio_prng *prng, struct vio_function_info *function)
{
    function->cookie[one_of(prng, 2) * 15] = one_of(prng, 2);
    memset(function->label, 0, sizeof function->label);
    memset(function->label, 'x', one_of(prng, 2) != 0 ? VIO_NAME_SIZE - 2 : 1);
    function->label[0] = (char)('a' + one_of(prng, 2));
}

static void draw_identity(struct vio_prng *prng, struct vio_function_info *function)
{
    function->address.kind = VIO_ADDRESS_MAC48;
    function->address.length = 6;
    function->address.bytes[5] = (uint8_t)(1 + one_of(prng, 2));
    memset(&function->node_address, 0, sizeof function->node_address);
    if (one_of(prng, 2) != 0) {
        function->node_address.kind = VIO_ADDRESS_WWN;
        function->node_address.length = 8;
        function->node_address.bytes[0] = 0x50;
        function->node_address.bytes[7] = one_of(prng, 2);
    }
}

static void draw_vlan(struct vio_prng *prng, struct vio_function_info *function)
{
    struct vio_vlan_config vlan = {.mode = VIO_VLAN_NONE + (unsigned)one_of(prng, 3)};

    if (vlan.mode != VIO_VLAN_NONE)
        vlan.vlan = (uint16_t)(1 + one_of(prng, 2));
    vlan.ranges = vlan.mode == VIO_VLAN_TRUNK ? 1u + one_of(prng, 2) : 0;
    for (uint32_t i = 0; i < vlan.ranges; i++) {
        vlan.range[i].first = (uint16_t)(1 + 10 * i);
        vlan.range[i].last = (uint16_t)(vlan.range[i].first + one_of(prng, 2));
    }
    function->vlan = vlan;
}

static void draw_qos(struct vio_prng *prng, struct vio_function_info *function)
{
    struct vio_qos_config *qos = &function->qos;
    uint64_t *const rates[] = {&qos->tx.cir, &qos->tx.cbs, &qos->tx.pir, &qos->tx.pbs,
                               &qos->rx.cir, &qos->rx.cbs, &qos->rx.pir, &qos->rx.pbs};

    *rates[vio__prng_below(prng, sizeof rates / sizeof *rates)] = one_of(prng, 2);
    qos->weight = one_of(prng, 2);
    qos->traffic_class = one_of(prng, 2);
    qos->tx_police = one_of(prng, 2) != 0;
    qos->rx_police = one_of(prng, 2) != 0;
}

static void draw_enabled(struct vio_prng *prng, struct vio_function_info *function)
{
    function->enabled = one_of(prng, 2) != 0;
}

static void (*const draws[])(struct vio_prng *, struct vio_function_info *) = {
    draw_make, draw_place, draw_label, draw_identity, draw_vlan, draw_qos, draw_enabled,
};

#define DRAWS (sizeof draws / sizeof *draws)

static void draw(struct vio_prng *prng, uint32_t index, struct place *place)
{
    memset(place, 0, sizeof *place);
    place->exists = one_of(prng, 5) != 0;
    place->function.index = index;
    for (size_t i = 0; i < DRAWS; i++)
        draws[i](prng, &place->function);
}

/* Half of the time another one altogether, else one that differs in one respect at the most. */
static void draw_next(struct vio_prng *prng, const struct place *from, struct place *to)
{
    if (one_of(prng, 2) != 0) {
        draw(prng, from->function.index, to);
        return;
    }
    *to = *from;
    draws[vio__prng_below(prng, DRAWS)](prng, &to->function);
}

/* -- What "the same" means, told without the code under test ------------------------------------
 */

static bool same_identity(const struct vio_function_info *a, const struct vio_function_info *b)
{
    return memcmp(&a->address, &b->address, sizeof a->address) == 0 &&
           memcmp(&a->node_address, &b->node_address, sizeof a->node_address) == 0;
}

static bool same_vlan(const struct vio_vlan_config *a, const struct vio_vlan_config *b)
{
    return a->mode == b->mode && a->vlan == b->vlan && a->ranges == b->ranges &&
           memcmp(a->range, b->range, sizeof a->range) == 0;
}

static bool same_qos(const struct vio_qos_config *a, const struct vio_qos_config *b)
{
    return memcmp(&a->tx, &b->tx, sizeof a->tx) == 0 && memcmp(&a->rx, &b->rx, sizeof a->rx) == 0 &&
           a->weight == b->weight && a->traffic_class == b->traffic_class &&
           a->tx_police == b->tx_police && a->rx_police == b->rx_police;
}

static bool same_place(const struct place *a, const struct place *b)
{
    const struct vio_function_info *x = &a->function, *y = &b->function;

    if (!a->exists || !b->exists)
        return a->exists == b->exists;
    return x->kind == y->kind && x->adapter == y->adapter && x->size == y->size &&
           x->server == y->server && x->path == y->path && x->state == y->state &&
           memcmp(x->cookie, y->cookie, sizeof x->cookie) == 0 && strcmp(x->label, y->label) == 0 &&
           same_identity(x, y) && same_vlan(&x->vlan, &y->vlan) && same_qos(&x->qos, &y->qos) &&
           x->enabled == y->enabled;
}

static size_t left(bool wanted, const struct vio_function_info *desired, bool exists,
                   const struct vio_function_info *actual)
{
    struct vio_diff diff;

    vio__diff(wanted ? desired : NULL, exists ? actual : NULL, &diff);
    assert_true(diff.count <= VIO_DIFF_MAX);
    return diff.count;
}

static void difference(const struct place *desired, const struct place *actual,
                       struct vio_diff *ret_diff)
{
    vio__diff(desired->exists ? &desired->function : NULL,
              actual->exists ? &actual->function : NULL, ret_diff);
    assert_true(ret_diff->count <= VIO_DIFF_MAX);
}

static void apply(const struct vio_diff *diff, size_t at, const struct place *desired,
                  struct place *actual)
{
    struct vio_step step;

    vio__diff_step(diff->action[at], desired->exists ? &desired->function : NULL,
                   actual->function.index, false, &step);
    vio__diff_apply(&step, &actual->exists, &actual->function);
}

static void become(const struct place *desired, struct place *actual)
{
    struct vio_diff diff;

    difference(desired, actual, &diff);
    for (size_t at = 0; at < diff.count; at++)
        apply(&diff, at, desired, actual);
}

static void applying_the_difference_gives_what_is_desired(void **state)
{
    unsigned rounds = test_rounds(100000);
    struct vio_prng prng;

    (void)state;
    vio__prng_seed(&prng, 20);
    for (unsigned i = 0; i < rounds; i++) {
        struct place before, after, now;

        draw(&prng, 3, &before);
        draw_next(&prng, &before, &after);
        now = before;
        become(&after, &now);
        assert_true(same_place(&now, &after));
        assert_int_equal(left(after.exists, &after.function, now.exists, &now.function), 0);
        become(&before, &now);
        assert_true(same_place(&now, &before));
    }
}

/* A whole state: the steps of one function keep their order, otherwise they come as it happens. */
static void functions_may_be_changed_side_by_side(void **state)
{
    unsigned rounds = test_rounds(25000);
    struct vio_prng prng;

    (void)state;
    vio__prng_seed(&prng, 22);
    for (unsigned i = 0; i < rounds; i++) {
        struct place now[FUNCTIONS], after[FUNCTIONS];
        struct vio_diff diff[FUNCTIONS];
        size_t done[FUNCTIONS] = {0}, open = 0;

        for (uint32_t at = 0; at < FUNCTIONS; at++) {
            draw(&prng, at, &now[at]);
            draw_next(&prng, &now[at], &after[at]);
            difference(&after[at], &now[at], &diff[at]);
            open += diff[at].count;
        }
        while (open > 0) {
            size_t at = vio__prng_below(&prng, FUNCTIONS);

            if (done[at] == diff[at].count)
                continue;
            apply(&diff[at], done[at]++, &after[at], &now[at]);
            open--;
        }
        for (uint32_t at = 0; at < FUNCTIONS; at++)
            assert_true(same_place(&now[at], &after[at]));
    }
}

/* Without any one of its steps, something would be left to do, or the device would refuse. */
static void no_step_of_a_difference_is_idle(void **state)
{
    unsigned rounds = test_rounds(25000);
    struct vio_prng prng;

    (void)state;
    vio__prng_seed(&prng, 23);
    for (unsigned i = 0; i < rounds; i++) {
        struct place before, after;
        struct vio_diff diff;

        draw(&prng, 3, &before);
        draw_next(&prng, &before, &after);
        difference(&after, &before, &diff);
        for (size_t at = 0; at < diff.count; at++) {
            struct place now = before, then;

            for (size_t k = 0; k < at; k++)
                apply(&diff, k, &after, &now);
            then = now;
            apply(&diff, at, &after, &then);
            assert_false(same_place(&now, &then));
        }
    }
}

static void a_state_does_not_differ_from_itself(void **state)
{
    unsigned rounds = test_rounds(10000);
    struct vio_prng prng;

    (void)state;
    vio__prng_seed(&prng, 21);
    for (unsigned i = 0; i < rounds; i++) {
        struct place place;

        draw(&prng, 3, &place);
        assert_int_equal(left(place.exists, &place.function, place.exists, &place.function), 0);
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
        cmocka_unit_test(functions_may_be_changed_side_by_side),
        cmocka_unit_test(no_step_of_a_difference_is_idle),
        cmocka_unit_test(a_state_does_not_differ_from_itself),
        cmocka_unit_test(a_function_leaves_its_server_before_it_enters_another),
        cmocka_unit_test(any_path_of_the_server_will_do_where_none_is_asked_for),
        cmocka_unit_test(steps_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
