/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "lib/engine/turns.h"
#include "tests/support/board.h"
#include "tests/support/test.h"

enum { MORE = 10, ALL = VIO_TURNS_MAX + MORE };

struct waiting {
    struct vio_turn turn;
    struct vio_turn_place place;
    unsigned order; /* in which it came; 0: not yet */
};

struct fixture {
    struct vio_loop *loop;
    struct vio_turns *turns;
    struct vio_turn_group group, other;
    struct waiting waiting[ALL];
};

static unsigned order;

static void come(struct vio_turn *turn)
{
    struct waiting *waiting = VIO_CONTAINER_OF(turn, struct waiting, turn);

    assert_int_equal(waiting->order, 0);
    waiting->order = ++order;
}

static void wait_for(struct fixture *fixture, struct vio_turn_group *group, size_t at,
                     const char *name)
{
    struct waiting *waiting = &fixture->waiting[at];

    vio__turn_init(&waiting->turn, group, &waiting->place, come);
    assert_int_equal(vio__turns_enter(fixture->turns, &waiting->turn, name), 0);
    vio__turns_wait(fixture->turns, &waiting->turn);
}

static void wait_for_own(struct fixture *fixture, struct vio_turn_group *group, size_t at)
{
    char name[16];

    snprintf(name, sizeof name, "vnic%zu", at);
    wait_for(fixture, group, at, name);
}

static void leave(struct fixture *fixture, size_t at)
{
    vio__turns_leave(fixture->turns, &fixture->waiting[at].turn);
}

static size_t come_so_far(struct fixture *fixture)
{
    size_t count = 0;

    for (int i = 0; i < 3; i++)
        vio__loop_dispatch(fixture->loop);
    for (size_t i = 0; i < ALL; i++)
        count += fixture->waiting[i].order != 0;
    return count;
}

static void make(struct fixture *fixture)
{
    *fixture = (struct fixture){.loop = board_loop_new()};
    order = 0;
    vio__turn_group_init(&fixture->group);
    vio__turn_group_init(&fixture->other);
    assert_int_equal(vio__turns_new(fixture->loop, &fixture->turns), 0);
}

static void drop(struct fixture *fixture)
{
    vio__turns_free(fixture->turns);
    board_loop_free(fixture->loop);
}

static void so_many_have_their_turn_and_the_next_follow_in_order(void **state)
{
    static struct fixture fixture;

    (void)state;
    make(&fixture);
    for (size_t i = 0; i < ALL; i++)
        wait_for_own(&fixture, &fixture.group, i);
    assert_int_equal(come_so_far(&fixture), VIO_TURNS_MAX);
    for (size_t i = 0; i < ALL; i++) {
        leave(&fixture, i);
        assert_int_equal(come_so_far(&fixture), i < MORE ? VIO_TURNS_MAX + i + 1 : (size_t)ALL);
        assert_int_equal(fixture.waiting[i].order, i + 1);
    }
    drop(&fixture);
}

static void a_group_that_is_full_holds_up_no_other(void **state)
{
    static struct fixture fixture;

    (void)state;
    make(&fixture);
    for (size_t i = 0; i + 1 < ALL; i++)
        wait_for_own(&fixture, &fixture.group, i);
    wait_for_own(&fixture, &fixture.other, ALL - 1);
    assert_int_equal(come_so_far(&fixture), VIO_TURNS_MAX + 1);
    assert_true(fixture.waiting[ALL - 1].order != 0);
    for (size_t i = 0; i < ALL; i++)
        leave(&fixture, i);
    drop(&fixture);
}

static void one_that_leaves_before_its_turn_lets_none_down(void **state)
{
    static struct fixture fixture;

    (void)state;
    make(&fixture);
    for (size_t i = 0; i < ALL; i++)
        wait_for_own(&fixture, &fixture.group, i);
    assert_int_equal(come_so_far(&fixture), VIO_TURNS_MAX);
    leave(&fixture, VIO_TURNS_MAX); /* the next one in line */
    leave(&fixture, 0);
    assert_int_equal(come_so_far(&fixture), VIO_TURNS_MAX + 1);
    assert_int_equal(fixture.waiting[VIO_TURNS_MAX].order, 0);
    assert_true(fixture.waiting[VIO_TURNS_MAX + 1].order != 0);
    for (size_t i = 0; i < ALL; i++)
        leave(&fixture, i);
    drop(&fixture);
}

/* A line may be longer than the limit, as only its first one has its turn. */
static void one_name_goes_one_at_a_time(void **state)
{
    static struct fixture fixture;

    (void)state;
    make(&fixture);
    for (size_t i = 0; i < ALL; i++)
        wait_for(&fixture, &fixture.group, i, "vnic0");
    for (size_t i = 0; i < ALL; i++) {
        assert_int_equal(come_so_far(&fixture), i + 1);
        assert_int_equal(fixture.waiting[i].order, i + 1);
        leave(&fixture, i);
    }
    drop(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(so_many_have_their_turn_and_the_next_follow_in_order),
        cmocka_unit_test(a_group_that_is_full_holds_up_no_other),
        cmocka_unit_test(one_that_leaves_before_its_turn_lets_none_down),
        cmocka_unit_test(one_name_goes_one_at_a_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
