/* SPDX-License-Identifier: MIT */
/* Plans: what a builder gathers is read back, and from bytes as well; bytes from outside are
 * judged. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/random.h"
#include "lib/domain/plan_codec.h"
#include "tests/support/test.h"

static const uint8_t token[16] = {1, 2, 3};

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

static void fill(struct vio_plan_builder *builder)
{
    vio__plan_set_origin(builder, token, "admin", "the new rack", 41);
    vio__plan_add_edit(builder, VIO_OBJECT_VADAPTER, VIO_EDIT_ACTION_CREATE, "vnic0");
    vio__plan_add_field(builder, "name", "", "vnic0");
    vio__plan_add_field(builder, "server", "", "server1");
    vio__plan_add_edit(builder, VIO_OBJECT_POOL, VIO_EDIT_ACTION_REMOVE, "blue");
    vio__plan_add_step(builder, "rack1", "vnic0", VIO_ACTION_CREATE, VIO_DISRUPTION_NONE);
    vio__plan_add_field(builder, "address", "", "02:00:00:00:00:01");
    vio__plan_add_step(builder, "rack1", "vnic0", VIO_ACTION_BIND, VIO_DISRUPTION_FUNCTION_RESET);
    vio__plan_add_problem(builder, VIO_EFULL, "slot1", "no function is free");
    vio__plan_set_step_state(builder, 0, VIO_STEP_STATE_DONE);
    vio__plan_set_step_state(builder, 7, VIO_STEP_STATE_DONE);
    vio__plan_set_stored(builder, UINT64_MAX, 1234567890);
    vio__plan_set_outcome(builder, VIO_PLAN_STATE_UNDONE, VIO_EFULL, "slot1 is full");
}

static struct vio_plan *filled(void)
{
    struct vio_plan_builder *builder;
    struct vio_plan *plan;

    assert_int_equal(vio__plan_builder_new(NULL, &builder), 0);
    fill(builder);
    assert_int_equal(vio__plan_finish(builder, &plan), 0);
    return plan;
}

static void check_head(const struct vio_plan *plan)
{
    struct vio_plan_head head;

    vio__plan_head(plan, &head);
    assert_true(head.number == UINT64_MAX);
    assert_true(head.time == 1234567890);
    assert_true(head.undoes == 41);
    assert_memory_equal(head.token, token, sizeof(token));
    assert_string_equal(head.author, "admin");
    assert_string_equal(head.comment, "the new rack");
    assert_int_equal(head.state, VIO_PLAN_STATE_UNDONE);
    assert_int_equal(head.status, VIO_EFULL);
    assert_string_equal(head.message, "slot1 is full");
    assert_int_equal(vio__plan_disruption(plan), VIO_DISRUPTION_FUNCTION_RESET);
}

static void check_edits(const struct vio_plan *plan)
{
    struct vio_plan_edit edit;
    struct vio_plan_field field;

    assert_int_equal(vio__plan_num_edits(plan), 2);
    assert_true(vio__plan_edit(plan, 0, &edit));
    assert_int_equal(edit.object, VIO_OBJECT_VADAPTER);
    assert_int_equal(edit.action, VIO_EDIT_ACTION_CREATE);
    assert_string_equal(edit.name, "vnic0");
    assert_int_equal(edit.num_fields, 2);
    assert_true(vio__plan_edit_field(plan, 0, 1, &field));
    assert_string_equal(field.name, "server");
    assert_string_equal(field.before, "");
    assert_string_equal(field.after, "server1");
    assert_false(vio__plan_edit_field(plan, 0, 2, &field));
    assert_true(vio__plan_edit(plan, 1, &edit));
    assert_int_equal(edit.num_fields, 0);
    assert_false(vio__plan_edit(plan, 2, &edit));
    assert_false(vio__plan_edit_field(plan, 2, 0, &field));
}

static void check_steps(const struct vio_plan *plan)
{
    struct vio_plan_step step;
    struct vio_plan_field field;
    struct vio_plan_problem problem;

    assert_int_equal(vio__plan_num_steps(plan), 2);
    assert_true(vio__plan_step(plan, 0, &step));
    assert_string_equal(step.chassis, "rack1");
    assert_string_equal(step.object, "vnic0");
    assert_int_equal(step.action, VIO_ACTION_CREATE);
    assert_int_equal(step.disruption, VIO_DISRUPTION_NONE);
    assert_int_equal(step.state, VIO_STEP_STATE_DONE);
    assert_true(vio__plan_step_field(plan, 0, 0, &field));
    assert_string_equal(field.after, "02:00:00:00:00:01");
    assert_true(vio__plan_step(plan, 1, &step));
    assert_int_equal(step.state, VIO_STEP_STATE_PLANNED);
    assert_false(vio__plan_step_field(plan, 1, 0, &field));
    assert_false(vio__plan_step(plan, 2, &step));
    assert_int_equal(vio__plan_num_problems(plan), 1);
    assert_true(vio__plan_problem(plan, 0, &problem));
    assert_int_equal(problem.code, VIO_EFULL);
    assert_string_equal(problem.object, "slot1");
    assert_string_equal(problem.text, "no function is free");
    assert_false(vio__plan_problem(plan, 1, &problem));
}

static void check(const struct vio_plan *plan)
{
    check_head(plan);
    check_edits(plan);
    check_steps(plan);
}

static void what_is_gathered_is_read_back(void **state)
{
    struct vio_plan *plan = filled();

    (void)state;
    check(plan);
    vio__plan_unref(vio__plan_ref(plan));
    check(plan);
    vio__plan_unref(plan);
    vio__plan_unref(NULL);
}

static void an_empty_plan_is_planned_and_disrupts_nothing(void **state)
{
    struct vio_plan_builder *builder;
    struct vio_plan_head head;
    struct vio_plan *plan;

    (void)state;
    assert_int_equal(vio__plan_builder_new(NULL, &builder), 0);
    vio__plan_add_field(builder, "name", "", "of nothing");
    assert_int_equal(vio__plan_finish(builder, &plan), 0);
    vio__plan_head(plan, &head);
    assert_int_equal(head.state, VIO_PLAN_STATE_PLANNED);
    assert_int_equal(head.status, 0);
    assert_string_equal(head.author, "");
    assert_string_equal(head.message, "");
    assert_int_equal(vio__plan_disruption(plan), VIO_DISRUPTION_NONE);
    assert_int_equal(vio__plan_num_edits(plan), 0);
    vio__plan_unref(plan);
}

static void what_is_no_text_is_made_one(void **state)
{
    char *huge = calloc(1, VIO_PLAN_TEXT_MAX + 10);
    struct vio_plan_builder *builder;
    struct vio_plan_edit edit;
    struct vio_plan *plan;

    (void)state;
    assert_non_null(huge);
    memset(huge, 'x', VIO_PLAN_TEXT_MAX + 9);
    assert_int_equal(vio__plan_builder_new(NULL, &builder), 0);
    vio__plan_add_edit(builder, VIO_OBJECT_POOL, VIO_EDIT_ACTION_CHANGE, "a\xff\nb");
    vio__plan_add_edit(builder, VIO_OBJECT_POOL, VIO_EDIT_ACTION_CHANGE, "gr\xc3\xbcn");
    vio__plan_add_edit(builder, VIO_OBJECT_POOL, VIO_EDIT_ACTION_CHANGE, huge);
    assert_int_equal(vio__plan_finish(builder, &plan), 0);
    assert_true(vio__plan_edit(plan, 0, &edit));
    assert_string_equal(edit.name, "a??b");
    assert_true(vio__plan_edit(plan, 1, &edit));
    assert_string_equal(edit.name, "gr\xc3\xbcn");
    assert_true(vio__plan_edit(plan, 2, &edit));
    assert_int_equal(strlen(edit.name), VIO_PLAN_TEXT_MAX);
    vio__plan_unref(plan);
    free(huge);
}

static void many_rows_keep_their_own_fields(void **state)
{
    struct vio_plan_builder *builder;
    struct vio_plan_field field;
    struct vio_plan *plan;
    char text[16];

    (void)state;
    assert_int_equal(vio__plan_builder_new(NULL, &builder), 0);
    for (int i = 0; i < 1000; i++) {
        snprintf(text, sizeof(text), "%d", i);
        if (i % 2)
            vio__plan_add_edit(builder, VIO_OBJECT_VADAPTER, VIO_EDIT_ACTION_CHANGE, text);
        else
            vio__plan_add_step(builder, "c", text, VIO_ACTION_BIND, VIO_DISRUPTION_OTHERS);
        vio__plan_add_field(builder, "n", text, "");
    }
    assert_int_equal(vio__plan_finish(builder, &plan), 0);
    for (int i = 0; i < 1000; i++) {
        snprintf(text, sizeof(text), "%d", i);
        assert_true(i % 2 ? vio__plan_edit_field(plan, (size_t)i / 2, 0, &field)
                          : vio__plan_step_field(plan, (size_t)i / 2, 0, &field));
        assert_string_equal(field.before, text);
    }
    vio__plan_unref(plan);
}

/* -- Bytes ------------------------------------------------------------------------------------- */

static struct vio_buf encoded(void)
{
    struct vio_plan *plan = filled();
    struct vio_buf buf;

    vio__buf_init(&buf, NULL, 4096);
    vio__plan_encode(plan, &buf);
    assert_int_equal(buf.status, 0);
    vio__plan_unref(plan);
    return buf;
}

static void a_plan_is_the_same_from_its_bytes(void **state)
{
    struct vio_buf buf = encoded();
    struct vio_plan_builder *builder;
    struct vio_plan_head head;
    struct vio_plan *plan;

    (void)state;
    assert_int_equal(vio__plan_decode(NULL, buf.data, buf.size, &plan), 0);
    check(plan);
    vio__plan_unref(plan);
    assert_int_equal(vio__plan_builder_decode(NULL, buf.data, buf.size, &builder), 0);
    vio__plan_set_stored(builder, 9, 8);
    vio__plan_head(vio__plan_builder_plan(builder), &head);
    assert_true(head.number == 9);
    vio__plan_builder_free(builder);
    vio__buf_free(&buf);
}

static void bytes_that_end_early_or_late_are_damaged(void **state)
{
    struct vio_buf buf = encoded();
    struct vio_plan *plan;

    (void)state;
    for (size_t size = 0; size < buf.size; size++)
        assert_int_equal(vio__plan_decode(NULL, buf.data, size, &plan), VIO_ECORRUPT);
    vio__buf_append_u8(&buf, 0);
    assert_int_equal(vio__plan_decode(NULL, buf.data, buf.size, &plan), VIO_ECORRUPT);
    buf.data[0] = 99;
    assert_int_equal(vio__plan_decode(NULL, buf.data, buf.size, &plan), VIO_EVERSION);
    vio__buf_free(&buf);
}

/* Whatever is read is a plan that can be written and read again. */
static void bytes_of_any_kind_are_read_or_refused(void **state)
{
    struct vio_buf good = encoded();
    uint8_t *bytes = malloc(good.size);
    struct vio_prng prng;
    unsigned read = 0;

    (void)state;
    assert_non_null(bytes);
    vio__prng_seed(&prng, 4);
    for (unsigned round = 0; round < test_rounds(20000); round++) {
        struct vio_plan *plan, *again;
        struct vio_buf buf;

        memcpy(bytes, good.data, good.size);
        for (unsigned i = 0; i <= round % 3; i++)
            bytes[vio__prng_next(&prng) % good.size] = (uint8_t)vio__prng_next(&prng);
        if (vio__plan_decode(NULL, bytes, good.size, &plan) != 0)
            continue;
        read++;
        vio__buf_init(&buf, NULL, 1 << 20);
        vio__plan_encode(plan, &buf);
        assert_int_equal(vio__plan_decode(NULL, buf.data, buf.size, &again), 0);
        vio__plan_unref(again);
        vio__plan_unref(plan);
        vio__buf_free(&buf);
    }
    assert_true(read > 0);
    free(bytes);
    vio__buf_free(&good);
}

static void each_allocation_may_fail(void **state)
{
    struct vio_buf buf = encoded();
    bool done = false;

    (void)state;
    for (long n = 0; !done; n++) {
        long left = n;
        struct vio_alloc alloc = {limited_malloc, limited_realloc, plain_free, &left};
        struct vio_plan_builder *builder;
        struct vio_plan *plan = NULL;
        int status = vio__plan_builder_new(&alloc, &builder);

        if (status == 0) {
            fill(builder);
            status = vio__plan_finish(builder, &plan);
        }
        if (status == 0)
            vio__plan_unref(plan);
        else
            assert_int_equal(status, VIO_ENOMEM);
        done = status == 0;
    }
    done = false;
    for (long n = 0; !done; n++) {
        long left = n;
        struct vio_alloc alloc = {limited_malloc, limited_realloc, plain_free, &left};
        struct vio_plan *plan = NULL;
        int status = vio__plan_decode(&alloc, buf.data, buf.size, &plan);

        assert_true(status == 0 || status == VIO_ENOMEM);
        done = status == 0;
        vio__plan_unref(plan);
    }
    vio__buf_free(&buf);
}

static void every_word_has_a_name(void **state)
{
    (void)state;
    for (int i = 1; i <= VIO_DISRUPTION_DATA_LOST; i++)
        assert_string_not_equal(vio__disruption_name((enum vio_disruption)i), "unknown");
    for (int i = 1; i <= VIO_ACTION_ADOPT; i++)
        assert_string_not_equal(vio__action_name((enum vio_action)i), "unknown");
    for (int i = 1; i <= VIO_STEP_STATE_SKIPPED; i++)
        assert_string_not_equal(vio__step_state_name((enum vio_step_state)i), "unknown");
    for (int i = 1; i <= VIO_PLAN_STATE_PARTLY; i++)
        assert_string_not_equal(vio__plan_state_name((enum vio_plan_state)i), "unknown");
    for (int i = 1; i <= VIO_OBJECT_IDENTITY; i++)
        assert_string_not_equal(vio__object_kind_name((enum vio_object_kind)i), "unknown");
    for (int i = 1; i <= VIO_EDIT_ACTION_REMOVE; i++)
        assert_string_not_equal(vio__edit_action_name((enum vio_edit_action)i), "unknown");
    assert_string_equal(vio__action_name(VIO_ACTION_UNKNOWN), "unknown");
    assert_string_equal(vio__action_name((enum vio_action)99), "unknown");
    assert_string_equal(vio__plan_state_name((enum vio_plan_state) - 1), "unknown");
}

int main(void)
{
    const struct CMUnitTest plans[] = {
        cmocka_unit_test(what_is_gathered_is_read_back),
        cmocka_unit_test(an_empty_plan_is_planned_and_disrupts_nothing),
        cmocka_unit_test(what_is_no_text_is_made_one),
        cmocka_unit_test(many_rows_keep_their_own_fields),
        cmocka_unit_test(a_plan_is_the_same_from_its_bytes),
        cmocka_unit_test(bytes_that_end_early_or_late_are_damaged),
        cmocka_unit_test(bytes_of_any_kind_are_read_or_refused),
        cmocka_unit_test(each_allocation_may_fail),
        cmocka_unit_test(every_word_has_a_name),
    };

    return cmocka_run_group_tests(plans, NULL, NULL);
}
