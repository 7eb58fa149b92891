/* SPDX-License-Identifier: MIT */
/* Dumps of stores, and what loading them does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/api/session.h"

struct place {
    struct session session;
    struct vio_store *full, *empty; /* the chassis uses the first */
};

static struct vio_store *open_store(struct vio_ctx *ctx, const char *uri)
{
    struct vio_store *store;
    struct vio_req *req;

    assert_int_equal(vio_store_open(ctx, uri, NULL, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, 30000), 0);
    assert_int_equal(vio_req_status(req), 0);
    store = vio_store_ref(vio_req_get_store(req));
    vio_req_unref(req);
    return store;
}

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof(*place));
    struct vio_chassis_config *config;
    struct vio_req *req;

    assert_non_null(place);
    assert_int_equal(vio_ctx_new(NULL, &place->session.ctx), 0);
    place->full = open_store(place->session.ctx, "memory:full");
    place->empty = open_store(place->session.ctx, "memory:empty");
    assert_int_equal(vio_chassis_config_new(&config), 0);
    assert_int_equal(vio_chassis_config_set_store(config, place->full), 0);
    assert_int_equal(vio_chassis_open(place->session.ctx, SIM, config, NULL, NULL, &req), 0);
    vio_chassis_config_free(config);
    assert_int_equal(vio_req_wait(req, 30000), 0);
    place->session.chassis = vio_chassis_ref(vio_req_get_chassis(req));
    assert_non_null(place->session.chassis);
    vio_req_unref(req);
    assert_int_equal(session_create(&place->session, "web0", VIO_VADAPTER_VNIC, NULL, "server1"),
                     0);
    assert_int_equal(session_create(&place->session, "san0", VIO_VADAPTER_VHBA, NULL, NULL), 0);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;

    vio_store_unref(place->full);
    vio_store_unref(place->empty);
    session_close(&place->session);
    free(place);
    return 0;
}

static struct vio_dump *dump(struct vio_store *store)
{
    struct vio_dump *made;
    struct vio_req *req;

    assert_int_equal(vio_store_dump(store, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, 30000), 0);
    if (vio_req_status(req) != 0)
        fail_msg("dump: %s", vio_req_message(req));
    made = vio_dump_ref(vio_req_get_dump(req));
    assert_non_null(made);
    vio_req_unref(req);
    return made;
}

/* The plan of loading it, which ended with that status. */
static struct vio_plan *load(struct vio_store *store, struct vio_dump *wanted, bool dry_run,
                             int status)
{
    struct vio_plan *plan;
    struct vio_req *req;

    assert_int_equal(vio_store_load(store, wanted, dry_run, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, 30000), 0);
    if (vio_req_status(req) != status)
        fail_msg("load: %s, not %s: %s", vio_error_name(vio_req_status(req)),
                 vio_error_name(status), vio_req_message(req));
    plan = vio_plan_ref(vio_req_get_plan(req));
    assert_non_null(plan);
    vio_req_unref(req);
    return plan;
}

static size_t differences_of(struct vio_store *a, struct vio_store *b)
{
    struct vio_dump *before = dump(a), *after = dump(b);
    struct vio_dump_differences *differences;
    size_t count;

    assert_int_equal(vio_dump_diff(before, after, &differences), 0);
    count = vio_dump_differences_count(differences);
    for (size_t at = 0; at < count; at++)
        print_message("%s %s %s\n", vio_dump_differences_noun(differences, at),
                      vio_dump_differences_name(differences, at),
                      vio_dump_differences_field(differences, at)
                          ? vio_dump_differences_field(differences, at)
                          : "");
    vio_dump_differences_unref(differences);
    vio_dump_unref(before);
    vio_dump_unref(after);
    return count;
}

static void a_dump_has_what_the_store_has(void **state)
{
    struct place *place = *state;
    struct vio_dump *made = dump(place->full);
    struct vio_dump *again = dump(place->full);

    assert_non_null(strstr(vio_dump_text(made, NULL), "\"name\": \"web0\""));
    assert_non_null(strstr(vio_dump_text(made, NULL), "\"kind\": \"vhba\""));
    assert_non_null(strstr(vio_dump_text(made, NULL), "\"name\": \"default-mac\""));
    assert_string_equal(vio_dump_text(made, NULL), vio_dump_text(again, NULL));
    vio_dump_unref(made);
    vio_dump_unref(again);
}

static void an_empty_store_becomes_the_same(void **state)
{
    struct place *place = *state;
    struct vio_dump *made = dump(place->full);
    struct vio_plan *plan = load(place->empty, made, false, 0);

    assert_true(vio_plan_num_edits(plan) >= 2);
    assert_int_equal(vio_plan_num_steps(plan), 0);
    assert_int_equal(differences_of(place->full, place->empty), 0);
    vio_plan_unref(plan);
    plan = load(place->empty, made, false, 0);
    assert_int_equal(vio_plan_num_edits(plan), 0);
    vio_plan_unref(plan);
    vio_dump_unref(made);
}

static void a_dry_run_changes_nothing(void **state)
{
    struct place *place = *state;
    struct vio_dump *made = dump(place->full);
    struct vio_dump *before = dump(place->empty);
    struct vio_plan *plan = load(place->empty, made, true, 0);
    struct vio_dump *after = dump(place->empty);

    assert_true(vio_plan_num_edits(plan) >= 2);
    assert_string_equal(vio_dump_text(before, NULL), vio_dump_text(after, NULL));
    vio_plan_unref(plan);
    vio_dump_unref(before);
    vio_dump_unref(after);
    vio_dump_unref(made);
}

static struct vio_dump *replaced(struct vio_dump *from, const char *old, const char *new)
{
    const char *text = vio_dump_text(from, NULL);
    char *copy = malloc(strlen(text) + strlen(new) + 1);
    const char *at = strstr(text, old);
    struct vio_dump *made;

    assert_non_null(copy);
    assert_non_null(at);
    sprintf(copy, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
    assert_int_equal(vio_dump_parse(copy, strlen(copy), &made), 0);
    free(copy);
    assert_int_equal(vio_dump_status(made), 0);
    return made;
}

static void what_differs_is_changed(void **state)
{
    struct place *place = *state;
    struct vio_dump *made = dump(place->full);
    struct vio_dump *wanted = replaced(made, "\"name\": \"san0\"", "\"name\": \"san1\"");
    struct vio_plan *plan = load(place->full, wanted, false, 0);
    struct vio_vadapter *found;

    assert_int_equal(vio_plan_num_edits(plan), 1);
    assert_int_equal(vio_plan_edit_action(plan, 0), VIO_EDIT_ACTION_CHANGE);
    found = session_find(&place->session, "san1");
    assert_non_null(found);
    assert_int_equal(vio_vadapter_generation(found), 2);
    vio_vadapter_unref(found);
    vio_plan_unref(plan);
    vio_dump_unref(wanted);
    vio_dump_unref(made);
}

static void what_cannot_be_is_refused_with_every_reason(void **state)
{
    struct place *place = *state;
    struct vio_dump *made = dump(place->full);
    struct vio_dump *other = replaced(made, "\"adapter\": ", "\"adapter\": 1");
    struct vio_plan *plan = load(place->full, other, false, VIO_ESTATE);

    assert_int_equal(vio_plan_num_problems(plan), 1);
    assert_int_equal(differences_of(place->full, place->full), 0);
    vio_plan_unref(plan);
    vio_dump_unref(other);
    vio_dump_unref(made);
}

static void a_load_is_in_the_history(void **state)
{
    struct place *place = *state;
    struct vio_dump *made = dump(place->full);
    struct vio_plan *plan = load(place->empty, made, false, 0);
    struct vio_history *history;
    struct vio_req *req;

    assert_int_equal(vio_history_list(place->empty, NULL, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, 30000), 0);
    history = vio_req_get_history(req);
    assert_int_equal(vio_history_count(history), 1);
    assert_int_equal(vio_plan_num_edits(vio_history_plan(history, 0)), vio_plan_num_edits(plan));
    assert_int_equal(vio_plan_state(vio_history_plan(history, 0)), VIO_PLAN_STATE_DONE);
    vio_req_unref(req);
    vio_plan_unref(plan);
    vio_dump_unref(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_dump_has_what_the_store_has, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_empty_store_becomes_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_dry_run_changes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_differs_is_changed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_is_refused_with_every_reason, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_load_is_in_the_history, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
