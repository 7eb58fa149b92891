/* SPDX-License-Identifier: MIT */
/* The power fails at every store call and at every step in turn: whoever opens the chassis next
 * finds each change set finished or undone, never half there. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "tests/engine/fixture.h"
#include "tests/engine/sets.h"

#define TEXT        4096
#define MAX_REMAINS 128

struct crash {
    struct world world;
    struct remains *remains[MAX_REMAINS];
    bool acknowledged[MAX_REMAINS];
    size_t count;
    struct vio_req *req;
    char before[TEXT], after[TEXT];
};

static void note(void *user)
{
    struct crash *crash = user;
    struct remains *remains = malloc(sizeof(*remains));

    assert_non_null(remains);
    assert_true(crash->count < MAX_REMAINS);
    world_remains(&crash->world, remains);
    crash->acknowledged[crash->count] = crash->req && vio__req_is_complete(crash->req);
    crash->remains[crash->count++] = remains;
}

static void note_step(void *user, const struct vio_step *step)
{
    (void)step;
    note(user);
}

static void print(struct world *world, char text[TEXT])
{
    world_print(world, text, TEXT);
    if (world->engines[0])
        world_print_holds(world, text, TEXT);
}

/* Applies a set, and notes what would be left at each moment of it; `fault_at`: a step of chassis 1
 * that is refused, UINT_MAX: none, which then tells how it is afterwards. */
static void run_set(struct crash *crash, size_t set, unsigned fault_at)
{
    struct world *world = &crash->world;
    int status;

    crash->count = 0;
    crash->req = NULL;
    world_make(world, NULL);
    sets_populate(world);
    print(world, crash->before);
    for (unsigned i = 0; i < CHASSIS; i++) {
        world->fakes[i].stepping = note_step;
        world->fakes[i].stepped = note;
        world->fakes[i].user = crash;
    }
    world->fakes[1].fault = FAKE_REFUSED;
    world->fakes[1].fault_at = fault_at;
    world->vault.hook = note;
    world->vault.user = crash;
    crash->req = sets_submit(world, set);
    status = world_finish(world, crash->req);
    assert_true((status != 0) == (fault_at != UINT_MAX));
    note(crash);
    world->vault.hook = NULL;
    for (unsigned i = 0; i < CHASSIS; i++)
        world->fakes[i].stepping = NULL;
    for (unsigned i = 0; i < CHASSIS; i++)
        world->fakes[i].stepped = NULL;
    if (status == 0)
        print(world, crash->after);
    vio__req_unref(crash->req);
    world_drop(world);
}

static void drop_crash(struct crash *crash)
{
    for (size_t i = 0; i < crash->count; i++) {
        remains_drop(crash->remains[i]);
        free(crash->remains[i]);
    }
}

static void close_and_check(struct world *world)
{
    for (unsigned i = 0; i < CHASSIS; i++)
        if (world->engines[i])
            world_close(world, i);
    assert_int_equal(vault_count_open(&world->vault), 0);
    world_drop(world);
}

static void whenever_the_power_fails_it_is_finished_or_undone(void **state)
{
    struct crash *crash = malloc(sizeof(*crash));

    (void)state;
    assert_non_null(crash);
    for (size_t set = 0; set < NUM_SETS; set++) {
        for (int refused = 0; refused < 2; refused++) {
            run_set(crash, set, refused ? 0 : UINT_MAX);
            assert_true(crash->count > 4);
            for (size_t i = 0; i < crash->count; i++) {
                unsigned first = i % 2;
                struct world world;
                char text[TEXT];

                world_make(&world, crash->remains[i]);
                world_open(&world, first);
                world_open(&world, 1 - first);
                print(&world, text);
                if (strcmp(text, crash->after) != 0)
                    assert_string_equal(text, crash->before);
                if (crash->acknowledged[i] && !refused)
                    assert_string_equal(text, crash->after);
                close_and_check(&world);
            }
            drop_crash(crash);
        }
    }
    free(crash);
}

static void what_the_chassis_refuses_to_finish_is_undone(void **state)
{
    struct crash *crash = malloc(sizeof(*crash));

    (void)state;
    assert_non_null(crash);
    for (size_t set = 0; set < NUM_SETS; set++) {
        run_set(crash, set, UINT_MAX);
        for (size_t i = 0; i < crash->count; i++) {
            struct world world;
            char text[TEXT];

            world_make(&world, crash->remains[i]);
            world.fakes[1].fault = FAKE_REFUSED;
            world.fakes[1].fault_at = 0;
            world_open(&world, 0);
            world_open(&world, 1);
            print(&world, text);
            if (world.fakes[1].steps > 0) /* there was something to refuse */
                assert_string_equal(text, crash->before);
            close_and_check(&world);
        }
        drop_crash(crash);
    }
    free(crash);
}

/* A power failure during each moment of a recovery. */
static void a_recovery_that_breaks_off_is_taken_up_again(void **state)
{
    struct crash *crash = malloc(sizeof(*crash)), *again = malloc(sizeof(*again));

    (void)state;
    assert_non_null(crash);
    assert_non_null(again);
    run_set(crash, 0, UINT_MAX);
    for (size_t i = 0; i < crash->count; i++) {
        struct world *world = &again->world;

        again->count = 0;
        again->req = NULL;
        world_make(world, crash->remains[i]);
        world->vault.hook = note;
        world->vault.user = again;
        for (unsigned at = 0; at < CHASSIS; at++) {
            world->fakes[at].stepping = note_step;
            world->fakes[at].stepped = note;
            world->fakes[at].user = again;
        }
        world_open(world, 0);
        world_open(world, 1);
        world->vault.hook = NULL;
        world_drop(world);
        for (size_t at = 0; at < again->count; at++) {
            struct world last;
            char text[TEXT];

            world_make(&last, again->remains[at]);
            world_open(&last, 0);
            world_open(&last, 1);
            print(&last, text);
            if (strcmp(text, crash->after) != 0)
                assert_string_equal(text, crash->before);
            close_and_check(&last);
        }
        drop_crash(again);
    }
    drop_crash(crash);
    free(crash);
    free(again);
}

static void what_touches_a_chassis_that_is_not_open_stays_blocked(void **state)
{
    const struct edit edit = {
        .edit = VIO_EDIT_ATTACH, .chassis = 0, .target = "a", .server = "server2"};
    struct crash *crash = malloc(sizeof(*crash));
    unsigned blocked = 0;

    (void)state;
    assert_non_null(crash);
    run_set(crash, 1, UINT_MAX);
    for (size_t i = 0; i < crash->count; i++) {
        const struct vault *vault = &crash->remains[i]->vault;
        size_t open = vault_count_open(vault);
        struct world world;
        struct vio_req *req;
        char text[TEXT];

        if (vault->last_entry == crash->remains[0]->vault.last_entry ||
            vault->entries[vault->last_entry].kind != VIO_ENTRY_OPEN)
            continue; /* not this set's */
        world_make(&world, crash->remains[i]);
        world_open(&world, 0);
        req = world_submit(&world, &edit, 1);
        assert_int_equal(world_finish(&world, req), VIO_EBLOCKED);
        vio__req_unref(req);
        assert_int_equal(vault_count_open(&world.vault), open);
        world_open(&world, 1);
        print(&world, text);
        assert_string_equal(text, crash->after);
        blocked++;
        close_and_check(&world);
    }
    assert_true(blocked > 0);
    drop_crash(crash);
    free(crash);
}

static void opening_to_read_writes_nothing(void **state)
{
    struct crash *crash = malloc(sizeof(*crash));

    (void)state;
    assert_non_null(crash);
    run_set(crash, 0, UINT_MAX);
    for (size_t i = 0; i < crash->count; i++) {
        struct world world;

        world_make(&world, crash->remains[i]);
        world.read_only = true;
        world_open(&world, 0);
        world_open(&world, 1);
        world_close(&world, 0);
        world_close(&world, 1);
        assert_int_equal(world.vault.commits, 0);
        assert_int_equal(world.fakes[0].steps + world.fakes[1].steps, 0);
        world_drop(&world);
    }
    drop_crash(crash);
    free(crash);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whenever_the_power_fails_it_is_finished_or_undone),
        cmocka_unit_test(what_the_chassis_refuses_to_finish_is_undone),
        cmocka_unit_test(a_recovery_that_breaks_off_is_taken_up_again),
        cmocka_unit_test(what_touches_a_chassis_that_is_not_open_stays_blocked),
        cmocka_unit_test(opening_to_read_writes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
