/* SPDX-License-Identifier: MIT */
/* What a change keeps in its entry: read back it is the same, and damaged bytes are refused. */
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/random.h"
#include "lib/domain/diff.h"
#include "lib/engine/journal.h"
#include "tests/engine/fixture.h"
#include "tests/engine/sets.h"

/* The body of the last change's entry, in memory of its own size. */
static uint8_t *take_body(const struct world *world, size_t *ret_size)
{
    const struct vault_thing *thing = &world->vault.entries[world->vault.last_entry];
    uint8_t *body = malloc(thing->size);

    assert_non_null(body);
    memcpy(body, thing->body, thing->size);
    *ret_size = thing->size;
    return body;
}

static const struct vio_alloc *alloc_of(const struct world *world)
{
    return vio__loop_alloc(world->loop);
}

static void an_entry_keeps_each_object_before_and_after(void **state)
{
    struct vio_journal_view view;
    struct world world;
    size_t steps = 0;
    uint8_t *body;
    size_t size;

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    assert_int_equal(sets_apply(&world, 0), 0);
    body = take_body(&world, &size);
    assert_int_equal(vio__journal_read(alloc_of(&world), body, size, &view), 0);
    assert_int_equal(view.count, 6);
    for (size_t i = 0; i < view.count; i++) {
        const struct vio_object *object = &view.objects[i];
        struct vio_function_info before;
        struct vio_diff diff;

        assert_true(object->commits && !object->doubtful);
        steps += object->steps;
        assert_true(object->was.exists == (object->before != NULL));
        if (!object->before)
            continue;
        assert_int_equal(object->after->generation, object->before->generation + 1);
        vio__vadapter_function(object->before, &before);
        vio__diff(&before, &object->was.function, &diff);
        assert_int_equal(diff.count, 0);
    }
    assert_int_equal(steps, 5); /* labels take none */
    vio__journal_drop_view(alloc_of(&world), &view);
    free(body);
    world_drop(&world);
}

static void an_entry_that_is_cut_off_is_refused(void **state)
{
    struct world world;
    uint8_t *body;
    size_t size;

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    assert_int_equal(sets_apply(&world, 3), 0);
    body = take_body(&world, &size);
    for (size_t cut = 0; cut < size; cut++) {
        struct vio_journal_view view;
        uint8_t *part = malloc(cut + 1); /* so that reading on is noticed */

        assert_non_null(part);
        memcpy(part, body, cut);
        assert_int_not_equal(vio__journal_read(alloc_of(&world), part, cut, &view), 0);
        free(part);
    }
    free(body);
    world_drop(&world);
}

static void a_damaged_entry_is_read_or_refused(void **state)
{
    unsigned rounds = test_rounds(2000);
    unsigned refused = 0;
    struct vio_prng prng;
    struct world world;
    uint8_t *body;
    size_t size;

    (void)state;
    vio__prng_seed(&prng, 7);
    world_make(&world, NULL);
    sets_populate(&world);
    assert_int_equal(sets_apply(&world, 0), 0);
    body = take_body(&world, &size);
    for (unsigned round = 0; round < rounds; round++) {
        size_t at = (size_t)vio__prng_below(&prng, size);
        uint8_t kept = body[at];
        struct vio_journal_view view;

        body[at] ^= (uint8_t)(1U << vio__prng_below(&prng, 8));
        if (vio__journal_read(alloc_of(&world), body, size, &view) == 0)
            vio__journal_drop_view(alloc_of(&world), &view);
        else
            refused++;
        body[at] = kept;
    }
    assert_true(refused > 0);
    free(body);
    world_drop(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_keeps_each_object_before_and_after),
        cmocka_unit_test(an_entry_that_is_cut_off_is_refused),
        cmocka_unit_test(a_damaged_entry_is_read_or_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
