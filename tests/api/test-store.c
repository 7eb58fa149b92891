/* SPDX-License-Identifier: MIT */
/* Stores: opened, shared, closed, kept in files, and used by chassis. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/api/session.h"

#define PATH_SIZE 512

struct place {
    struct vio_ctx *ctx;
    char folder[PATH_SIZE];
    char uri[PATH_SIZE + 32];
    char copy[PATH_SIZE + 32];
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof(*place));
    const char *temporary = getenv("TMPDIR");

    assert_non_null(place);
    snprintf(place->folder, sizeof(place->folder), "%s/vio-store-XXXXXX",
             temporary ? temporary : P_tmpdir);
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->uri, sizeof(place->uri), "sqlite:%s/store.db", place->folder);
    snprintf(place->copy, sizeof(place->copy), "%s/copy.db", place->folder);
    assert_int_equal(vio_ctx_new(NULL, &place->ctx), 0);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    char command[PATH_SIZE + 32];

    if (place->ctx) {
        assert_int_equal(vio_ctx_stop(place->ctx), 0);
        vio_ctx_unref(place->ctx);
    }
    snprintf(command, sizeof(command), "rm -r '%s'", place->folder);
    assert_int_equal(system(command), 0);
    free(place);
    return 0;
}

static struct vio_store *open_with(struct vio_ctx *ctx, const char *uri,
                                   const struct vio_store_config *config)
{
    struct vio_store *store;
    struct vio_req *req;

    assert_int_equal(vio_store_open(ctx, uri, config, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, 30000), 0);
    if (vio_req_status(req) != 0)
        fail_msg("%s: %s", uri, vio_req_message(req));
    store = vio_store_ref(vio_req_get_store(req));
    assert_non_null(store);
    vio_req_unref(req);
    return store;
}

static struct vio_store *open_store(struct vio_ctx *ctx, const char *uri)
{
    return open_with(ctx, uri, NULL);
}

static void close_store(struct vio_store *store)
{
    struct vio_req *req = NULL;

    session_expect(vio_store_close(store, NULL, NULL, &req), &req, 0);
    vio_store_unref(store);
}

/* That opening is refused so, with a message that says `word`. */
static void refuses(struct vio_ctx *ctx, const char *uri, const struct vio_store_config *config,
                    int status, const char *word)
{
    struct vio_req *req;

    assert_int_equal(vio_store_open(ctx, uri, config, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, 30000), 0);
    assert_int_equal(vio_req_status(req), status);
    assert_null(vio_req_get_store(req));
    if (!strstr(vio_req_message(req), word))
        fail_msg("\"%s\" does not say \"%s\"", vio_req_message(req), word);
    vio_req_unref(req);
}

static struct vio_chassis *open_chassis(struct vio_ctx *ctx, const char *uri,
                                        struct vio_store *store)
{
    struct vio_chassis_config *config;
    struct vio_chassis *chassis;
    struct vio_req *req;

    assert_int_equal(vio_chassis_config_new(&config), 0);
    assert_int_equal(vio_chassis_config_set_store(config, store), 0);
    assert_int_equal(vio_chassis_open(ctx, uri, config, NULL, NULL, &req), 0);
    vio_chassis_config_free(config);
    assert_int_equal(vio_req_wait(req, 30000), 0);
    if (vio_req_status(req) != 0)
        fail_msg("%s: %s", uri, vio_req_message(req));
    chassis = vio_chassis_ref(vio_req_get_chassis(req));
    vio_req_unref(req);
    return chassis;
}

static void close_chassis(struct vio_chassis *chassis)
{
    struct vio_req *req = NULL;

    session_expect(vio_chassis_close(chassis, NULL, NULL, &req), &req, 0);
    vio_chassis_unref(chassis);
}

static int create(struct vio_chassis *chassis, const char *name)
{
    struct vio_vadapter_spec *spec = session_spec(name, VIO_VADAPTER_VNIC, NULL, NULL);
    struct vio_req *req = NULL;
    int submitted = vio_vadapter_create(chassis, spec, NULL, NULL, &req);

    vio_vadapter_spec_free(spec);
    return session_end(submitted, &req);
}

/* -- Opening ----------------------------------------------------------------------------------- */

static void a_store_tells_its_uri_and_uuid(void **state)
{
    struct place *place = *state;
    struct vio_store *store = open_store(place->ctx, "memory:");
    struct vio_address uuid;

    assert_string_equal(vio_store_uri(store), "memory:");
    assert_int_equal(vio_store_uuid(store, &uuid), 0);
    assert_true(vio_address_is_valid(&uuid));
    assert_false(vio_store_is_read_only(store));
    close_store(store);
}

static void named_memory_is_shared_and_unnamed_is_not(void **state)
{
    struct place *place = *state;
    struct vio_store *a = open_store(place->ctx, "memory:a");
    struct vio_store *again = open_store(place->ctx, "memory:a");
    struct vio_store *alone = open_store(place->ctx, "memory:");
    struct vio_store *other = open_store(place->ctx, "memory:");
    struct vio_address first, second;

    assert_int_equal(vio_store_uuid(a, &first), 0);
    assert_int_equal(vio_store_uuid(again, &second), 0);
    assert_true(vio_address_equal(&first, &second));
    assert_int_equal(vio_store_uuid(alone, &first), 0);
    assert_int_equal(vio_store_uuid(other, &second), 0);
    assert_false(vio_address_equal(&first, &second));
    close_store(a);
    close_store(again);
    close_store(alone);
    close_store(other);
}

static void a_uri_of_no_store_is_refused_with_what_there_is(void **state)
{
    struct place *place = *state;

    refuses(place->ctx, "redis:here", NULL, VIO_EPARSE, "sqlite:PATH");
    refuses(place->ctx, "", NULL, VIO_EPARSE, "memory:");
}

static void a_file_is_made_for_its_owner_and_keeps_its_uuid(void **state)
{
    struct place *place = *state;
    struct vio_store *store = open_store(place->ctx, place->uri);
    struct vio_address before, after;
    struct stat info;

    assert_int_equal(vio_store_uuid(store, &before), 0);
    close_store(store);
    assert_int_equal(stat(place->uri + strlen("sqlite:"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    store = open_store(place->ctx, place->uri);
    assert_int_equal(vio_store_uuid(store, &after), 0);
    assert_true(vio_address_equal(&before, &after));
    close_store(store);
}

static void a_file_that_is_not_there_is_made_only_where_that_is_wanted(void **state)
{
    struct place *place = *state;
    struct vio_store_config *config;

    assert_int_equal(vio_store_config_new(&config), 0);
    assert_int_equal(vio_store_config_set_create(config, false), 0);
    refuses(place->ctx, place->uri, config, VIO_ENOENT, "store.db");
    assert_int_equal(vio_store_config_set_create(config, true), 0);
    assert_int_equal(vio_store_config_set_read_only(config, true), 0);
    refuses(place->ctx, place->uri, config, VIO_ENOENT, "store.db");
    assert_int_equal(access(place->uri + strlen("sqlite:"), F_OK), -1);
    vio_store_config_free(config);
}

static void the_default_store_is_where_the_environment_says(void **state)
{
    struct place *place = *state;
    char *saved = getenv("VIO_STORE") ? strdup(getenv("VIO_STORE")) : NULL;
    struct vio_store *store;

    assert_int_equal(setenv("VIO_STORE", place->uri, 1), 0);
    store = open_store(place->ctx, NULL);
    if (saved)
        setenv("VIO_STORE", saved, 1);
    else
        unsetenv("VIO_STORE");
    free(saved);
    assert_string_equal(vio_store_uri(store), place->uri);
    close_store(store);
}

static void an_opening_can_be_canceled(void **state)
{
    struct place *place = *state;

    for (int i = 0; i < 20; i++) {
        struct vio_req *req;
        int status;

        assert_int_equal(vio_store_open(place->ctx, place->uri, NULL, NULL, NULL, &req), 0);
        assert_int_equal(vio_req_cancel(req), 0);
        assert_int_equal(vio_req_wait(req, 30000), 0);
        status = vio_req_status(req);
        assert_true(status == VIO_ECANCELED || status == 0);
        vio_req_unref(req);
    }
    close_store(open_store(place->ctx, place->uri));
}

/* -- Closing ----------------------------------------------------------------------------------- */

static void a_closed_store_refuses_calls(void **state)
{
    struct place *place = *state;
    struct vio_store *store = open_store(place->ctx, "memory:");
    struct vio_changeset *changeset;
    struct vio_req *req;

    close_store(vio_store_ref(store));
    assert_int_equal(vio_store_close(store, NULL, NULL, &req), VIO_ECLOSED);
    assert_int_equal(vio_store_check(store, false, NULL, NULL, &req), VIO_ECLOSED);
    assert_int_equal(vio_store_backup(store, place->copy, NULL, NULL, &req), VIO_ECLOSED);
    assert_int_equal(vio_history_list(store, NULL, NULL, NULL, &req), VIO_ECLOSED);
    assert_int_equal(vio_changeset_new(store, &changeset), VIO_ECLOSED);
    assert_string_equal(vio_store_uri(store), "memory:");
    vio_store_unref(store);
}

static void a_context_closes_its_stores(void **state)
{
    struct place *place = *state;
    struct vio_store *store = open_store(place->ctx, place->uri);
    struct vio_req *req;

    assert_int_equal(vio_ctx_stop(place->ctx), 0);
    assert_int_equal(vio_store_check(store, false, NULL, NULL, &req), VIO_ECLOSED);
    vio_store_unref(store);
    vio_ctx_unref(place->ctx);
    place->ctx = NULL;
}

static void the_last_reference_closes_a_store(void **state)
{
    struct place *place = *state;

    for (int i = 0; i < 20; i++)
        vio_store_unref(open_store(place->ctx, i % 2 ? place->uri : "memory:x"));
}

static void closing_ends_what_is_under_way(void **state)
{
    struct place *place = *state;
    struct vio_store *store = open_store(place->ctx, place->uri);
    struct vio_req *reqs[32], *close;

    for (size_t i = 0; i < 32; i++)
        assert_int_equal(i % 2 ? vio_store_check(store, true, NULL, NULL, &reqs[i])
                               : vio_history_list(store, NULL, NULL, NULL, &reqs[i]),
                         0);
    assert_int_equal(vio_store_close(store, NULL, NULL, &close), 0);
    session_expect(0, &close, 0);
    for (size_t i = 0; i < 32; i++) {
        assert_int_equal(vio_req_wait(reqs[i], 30000), 0);
        assert_true(vio_req_status(reqs[i]) == 0 || vio_req_status(reqs[i]) == VIO_ECLOSED);
        vio_req_unref(reqs[i]);
    }
    vio_store_unref(store);
}

static void a_forked_child_is_refused(void **state)
{
    struct place *place = *state;
    struct vio_store *store = open_store(place->ctx, "memory:");
    struct vio_changeset *changeset;
    struct vio_req *req;
    int outcome;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        bool refused = vio_store_check(store, false, NULL, NULL, &req) == VIO_EFORK &&
                       vio_store_observe(store, NULL, NULL, &req) == VIO_EFORK &&
                       vio_store_close(store, NULL, NULL, &req) == VIO_EFORK &&
                       vio_history_list(store, NULL, NULL, NULL, &req) == VIO_EFORK &&
                       vio_changeset_new(store, &changeset) == VIO_EFORK;

        vio_store_unref(store);
        _exit(refused ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &outcome, 0), child);
    assert_true(WIFEXITED(outcome));
    assert_int_equal(WEXITSTATUS(outcome), 0);
    close_store(store);
}

/* -- Files ------------------------------------------------------------------------------------- */

static void a_copy_is_a_store_of_its_own_with_the_same_content(void **state)
{
    struct place *place = *state;
    struct vio_store *store = open_store(place->ctx, place->uri);
    struct vio_address before, after;
    char uri[sizeof(place->copy) + 16];
    struct vio_req *req = NULL;

    session_expect(vio_store_backup(store, place->copy, NULL, NULL, &req), &req, 0);
    session_expect(vio_store_backup(store, place->copy, NULL, NULL, &req), &req, VIO_EEXIST);
    assert_int_equal(vio_store_uuid(store, &before), 0);
    close_store(store);
    snprintf(uri, sizeof(uri), "sqlite:%s", place->copy);
    store = open_store(place->ctx, uri);
    assert_int_equal(vio_store_uuid(store, &after), 0);
    assert_true(vio_address_equal(&before, &after));
    close_store(store);
}

static void a_sound_store_passes_its_check(void **state)
{
    struct place *place = *state;
    struct vio_store *store = open_store(place->ctx, place->uri);
    struct vio_req *req = NULL;

    session_expect(vio_store_check(store, false, NULL, NULL, &req), &req, 0);
    session_expect(vio_store_check(store, true, NULL, NULL, &req), &req, 0);
    close_store(store);
}

/* -- Chassis ----------------------------------------------------------------------------------- */

static void a_chassis_keeps_its_vadapters_in_the_store_that_was_named(void **state)
{
    struct place *place = *state;
    struct vio_store *store = open_store(place->ctx, place->uri);
    struct vio_chassis *chassis = open_chassis(place->ctx, SIM, store);

    assert_ptr_equal(vio_chassis_store(chassis), store);
    assert_int_equal(create(chassis, "vnic0"), 0);
    close_store(vio_store_ref(store)); /* the chassis goes on using it */
    assert_int_equal(create(chassis, "vnic1"), 0);
    close_chassis(chassis);
    vio_store_unref(store);
}

static void two_chassis_of_one_store_share_its_names(void **state)
{
    struct place *place = *state;
    struct vio_store *store = open_store(place->ctx, "memory:");
    struct vio_chassis *a = open_chassis(place->ctx, SIM, store);
    struct vio_chassis *b = open_chassis(place->ctx, "sim:?time=virtual&seed=2", store);

    assert_int_equal(create(a, "vnic0"), 0);
    assert_int_equal(create(b, "vnic0"), VIO_EEXIST);
    assert_int_equal(create(b, "vnic1"), 0);
    close_chassis(a);
    close_chassis(b);
    close_store(store);
}

static void a_chassis_without_a_store_has_one_of_its_own(void **state)
{
    struct place *place = *state;
    struct vio_chassis *chassis = open_chassis(place->ctx, SIM, NULL);
    struct vio_store *store = vio_store_ref(vio_chassis_store(chassis));
    struct vio_req *req;

    assert_non_null(store);
    assert_string_equal(vio_store_uri(store), "memory:");
    assert_int_equal(vio_history_list(store, NULL, NULL, NULL, &req), 0);
    session_expect(0, &req, 0);
    close_chassis(chassis);
    assert_int_equal(vio_history_list(store, NULL, NULL, NULL, &req), VIO_ECLOSED);
    vio_store_unref(store);
}

static void a_store_of_another_context_or_one_that_is_closed_is_refused(void **state)
{
    struct place *place = *state;
    struct vio_store *store = open_store(place->ctx, "memory:");
    struct vio_chassis_config *config;
    struct vio_ctx *other;
    struct vio_req *req = NULL;

    assert_int_equal(vio_ctx_new(NULL, &other), 0);
    assert_int_equal(vio_chassis_config_new(&config), 0);
    assert_int_equal(vio_chassis_config_set_store(config, store), 0);
    assert_int_equal(vio_chassis_open(other, SIM, config, NULL, NULL, &req), VIO_EINVAL);
    close_store(store);
    session_expect(vio_chassis_open(place->ctx, SIM, config, NULL, NULL, &req), &req, VIO_ECLOSED);
    vio_chassis_config_free(config);
    assert_int_equal(vio_ctx_stop(other), 0);
    vio_ctx_unref(other);
}

static void a_chassis_for_writing_needs_a_store_for_writing(void **state)
{
    struct place *place = *state;
    struct vio_store_config *config;
    struct vio_chassis_config *chassis_config;
    struct vio_store *store;
    struct vio_req *req = NULL;

    close_store(open_store(place->ctx, place->uri));
    assert_int_equal(vio_store_config_new(&config), 0);
    assert_int_equal(vio_store_config_set_read_only(config, true), 0);
    store = open_with(place->ctx, place->uri, config);
    assert_true(vio_store_is_read_only(store));
    assert_int_equal(vio_chassis_config_new(&chassis_config), 0);
    assert_int_equal(vio_chassis_config_set_store(chassis_config, store), 0);
    session_expect(vio_chassis_open(place->ctx, SIM, chassis_config, NULL, NULL, &req), &req,
                   VIO_EPERM);
    assert_int_equal(vio_chassis_config_set_read_only(chassis_config, true), 0);
    session_expect(vio_chassis_open(place->ctx, SIM, chassis_config, NULL, NULL, &req), &req, 0);
    session_expect(vio_history_prune(store, 0, 0, NULL, NULL, &req), &req, VIO_EPERM);
    vio_chassis_config_free(chassis_config);
    vio_store_config_free(config);
    close_store(store);
}

static void what_a_closed_chassis_had_is_there_again(void **state)
{
    struct place *place = *state;

    for (int i = 0; i < 3; i++) {
        struct vio_store *store = open_store(place->ctx, place->uri);
        struct vio_chassis *chassis = open_chassis(place->ctx, SIM, store);

        assert_int_equal(create(chassis, i == 0 ? "vnic0" : "other"), i == 2 ? VIO_EEXIST : 0);
        close_chassis(chassis);
        close_store(store);
    }
}

int main(void)
{
    const struct CMUnitTest stores[] = {
        cmocka_unit_test_setup_teardown(a_store_tells_its_uri_and_uuid, set_up, tear_down),
        cmocka_unit_test_setup_teardown(named_memory_is_shared_and_unnamed_is_not, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_uri_of_no_store_is_refused_with_what_there_is, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_file_is_made_for_its_owner_and_keeps_its_uuid, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_is_not_there_is_made_only_where_that_is_wanted,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_default_store_is_where_the_environment_says, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_opening_can_be_canceled, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_closed_store_refuses_calls, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_context_closes_its_stores, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_last_reference_closes_a_store, set_up, tear_down),
        cmocka_unit_test_setup_teardown(closing_ends_what_is_under_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_forked_child_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_copy_is_a_store_of_its_own_with_the_same_content, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_sound_store_passes_its_check, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_chassis_keeps_its_vadapters_in_the_store_that_was_named,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(two_chassis_of_one_store_share_its_names, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_chassis_without_a_store_has_one_of_its_own, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_store_of_another_context_or_one_that_is_closed_is_refused,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_chassis_for_writing_needs_a_store_for_writing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_a_closed_chassis_had_is_there_again, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(stores, NULL, NULL);
}
