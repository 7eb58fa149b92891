/* SPDX-License-Identifier: MIT */
/* The backend on a file: what it keeps, and how several who use one file learn of each other. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libvio/error.h>

#include "tests/store/shelf.h"
#include "tests/support/board.h"
#include "tests/support/test.h"

static char folder[256];
static char path[300];
static struct shelf one, two;

static int setup(void **state)
{
    (void)state;
    shelf_folder(folder);
    snprintf(path, sizeof(path), "%s/store.db", folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    shelf_remove_folder(folder);
    return 0;
}

static bool exists(const char *suffix)
{
    char name[320];

    snprintf(name, sizeof(name), "%s%s", path, suffix);
    return access(name, F_OK) == 0;
}

/* -- Rows ------------------------------------------------------------------------------------- */

static void what_was_committed_is_there_when_it_is_opened_again(void **state)
{
    uint64_t a, b, c;
    uint8_t uuid[16];

    (void)state;
    shelf_start(&one, path);
    memcpy(uuid, vio__backend_sqlite.uuid(one.backend), sizeof(uuid));
    assert_int_equal(shelf_add(&one, "first", &a), 0);
    assert_int_equal(shelf_add(&one, "second", &b), 0);
    assert_int_equal(shelf_set(&one, a, "first, changed"), 0);
    assert_int_equal(shelf_set(&one, b, NULL), 0);
    assert_int_equal(shelf_add(&one, "third", &c), 0);
    assert_true(a < b && b < c);
    shelf_close(&one);
    assert_false(exists("-wal"));
    shelf_start(&one, path);
    assert_memory_equal(uuid, vio__backend_sqlite.uuid(one.backend), sizeof(uuid));
    assert_int_equal(shelf_count(&one), 2);
    assert_string_equal(one.texts[a], "first, changed");
    assert_string_equal(one.texts[c], "third");
    assert_int_equal(shelf_check(&one, true), 0);
    shelf_close(&one);
}

static void ids_are_never_given_twice(void **state)
{
    uint64_t a, b;

    (void)state;
    shelf_start(&one, path);
    assert_int_equal(shelf_add(&one, "short-lived", &a), 0);
    assert_int_equal(shelf_set(&one, a, NULL), 0);
    shelf_close(&one);
    shelf_start(&one, path);
    assert_int_equal(shelf_add(&one, "next", &b), 0);
    assert_true(b > a);
    shelf_close(&one);
}

static void a_change_of_a_row_that_is_not_there_changes_nothing(void **state)
{
    struct vio_row rows[2] = {
        {.kind = VIO_ROW_POOL, .body = "new", .size = 3},
        {.id = 99, .kind = VIO_ROW_POOL, .body = "who", .size = 3},
    };

    (void)state;
    shelf_start(&one, path);
    assert_int_equal(shelf_commit(&one, &(struct vio_write){.rows = rows, .num_rows = 2}),
                     VIO_ECORRUPT);
    assert_true(rows[0].id == 0);
    assert_non_null(strstr(shelf_error(&one), path));
    assert_int_equal(shelf_load(&one), 0);
    assert_int_equal(shelf_count(&one), 0);
    shelf_close(&one);
}

static void file_is_for_its_owner_alone(void **state)
{
    const char *const suffixes[] = {"", "-lock", "-wal", "-shm"};
    uint64_t id;

    (void)state;
    shelf_start(&one, path);
    assert_int_equal(shelf_add(&one, "row", &id), 0);
    for (int i = 0; i < 4; i++) {
        char name[320];
        struct stat stat_buf;

        snprintf(name, sizeof(name), "%s%s", path, suffixes[i]);
        assert_int_equal(stat(name, &stat_buf), 0);
        assert_int_equal(stat_buf.st_mode & 0777, 0600);
    }
    shelf_close(&one);
}

static void paths_may_have_any_character(void **state)
{
    uint64_t id;

    (void)state;
    snprintf(path, sizeof(path), "%s/50%% of #1 & what? no:memory: \xc3\xa9", folder);
    shelf_start(&one, path);
    assert_int_equal(shelf_add(&one, "row", &id), 0);
    shelf_close(&one);
    assert_true(exists(""));
    assert_true(exists("-lock"));
    shelf_start(&one, path);
    assert_string_equal(one.texts[id], "row");
    shelf_close(&one);
}

static void a_location_without_a_path_is_refused(void **state)
{
    (void)state;
    assert_int_equal(shelf_open(&one, "", false, true), VIO_EINVAL);
    shelf_close(&one);
}

/* -- Two on one file -------------------------------------------------------------------------- */

static void others_see_what_one_wrote(void **state)
{
    uint64_t a, b, c;

    (void)state;
    shelf_start(&one, path);
    shelf_start(&two, path);
    assert_int_equal(shelf_add(&one, "a", &a), 0);
    assert_int_equal(shelf_add(&one, "b", &b), 0);
    assert_int_equal(shelf_set(&one, a, "a2"), 0);
    assert_int_equal(shelf_refresh(&two), 0);
    assert_int_equal(two.num_foreign, 2);
    assert_string_equal(two.texts[a], "a2");
    assert_string_equal(two.texts[b], "b");
    assert_int_equal(shelf_refresh(&two), 0);
    assert_int_equal(two.num_foreign, 2);
    assert_int_equal(shelf_set(&two, b, NULL), 0);
    assert_int_equal(shelf_add(&one, "c", &c), 0); /* which reads what the other wrote */
    assert_int_equal(one.num_foreign, 1);
    assert_string_equal(one.texts[b], "");
    assert_true(c > b);
    shelf_close(&one);
    shelf_close(&two);
}

static void a_write_that_became_invalid_writes_nothing(void **state)
{
    uint64_t a, b = 0;
    struct vio_row row = {.kind = VIO_ROW_VADAPTER, .body = "mine", .size = 4};

    (void)state;
    shelf_start(&one, path);
    shelf_start(&two, path);
    assert_int_equal(shelf_add(&one, "theirs", &a), 0);
    two.drop = true;
    assert_int_equal(shelf_commit(&two, &(struct vio_write){.rows = &row, .num_rows = 1}), 0);
    assert_string_equal(two.texts[a], "theirs");
    two.drop = false;
    assert_int_equal(shelf_add(&one, "next", &b), 0); /* nobody is in its way */
    assert_int_equal(one.num_foreign, 0);
    shelf_close(&one);
    shelf_close(&two);
}

static void rows_that_were_not_taken_in_come_again(void **state)
{
    uint64_t a, b;

    (void)state;
    shelf_start(&one, path);
    shelf_start(&two, path);
    assert_int_equal(shelf_add(&one, "theirs", &a), 0);
    two.refuse = VIO_ENOMEM;
    assert_int_equal(shelf_refresh(&two), VIO_ENOMEM);
    two.refuse = VIO_ENOMEM;
    assert_int_equal(shelf_add(&two, "mine", &b), VIO_ENOMEM);
    assert_int_equal(shelf_refresh(&two), 0);
    assert_string_equal(two.texts[a], "theirs");
    assert_int_equal(shelf_add(&two, "mine", &b), 0);
    shelf_close(&one);
    shelf_close(&two);
}

static void one_who_lags_behind_the_log_reads_all_anew(void **state)
{
    uint64_t gone, kept, id;
    sqlite3 *db;

    (void)state;
    shelf_start(&one, path);
    assert_int_equal(shelf_add(&one, "gone", &gone), 0);
    assert_int_equal(shelf_add(&one, "kept", &kept), 0);
    shelf_start(&two, path);
    assert_int_equal(shelf_set(&one, gone, NULL), 0);
    assert_int_equal(shelf_set(&one, kept, "kept, changed"), 0);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "DELETE FROM log WHERE seq < (SELECT max(seq) FROM log)",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(shelf_add(&two, "new", &id), 0);
    assert_string_equal(two.texts[gone], "");
    assert_string_equal(two.texts[kept], "kept, changed");
    assert_int_equal(shelf_refresh(&one), 0);
    assert_string_equal(one.texts[id], "new");
    shelf_close(&one);
    shelf_close(&two);
}

static void writers_take_turns(void **state)
{
    unsigned rounds = test_rounds(100);
    uint64_t id;

    (void)state;
    shelf_start(&one, path);
    shelf_start(&two, path);
    for (unsigned i = 0; i < rounds; i++) {
        assert_int_equal(shelf_add(i % 3 == 0 ? &one : &two, "row", &id), 0);
        assert_int_equal(shelf_set(i % 2 == 0 ? &one : &two, id, NULL), 0);
        if (id + 2 >= SHELF_ROWS)
            break;
    }
    assert_int_equal(shelf_refresh(&one), 0);
    assert_int_equal(shelf_refresh(&two), 0);
    assert_int_equal(shelf_count(&one), 0);
    assert_int_equal(shelf_count(&two), 0);
    shelf_close(&one);
    shelf_close(&two);
}

static void a_chassis_inside_a_process_has_one_user(void **state)
{
    const uint8_t uuid[16] = {1, 2, 3}, other[16] = {1, 2, 4};

    (void)state;
    shelf_start(&one, path);
    shelf_start(&two, path);
    assert_int_equal(shelf_lock(&one, uuid), 0);
    assert_int_equal(shelf_lock(&two, uuid), VIO_EOWNED);
    assert_non_null(strstr(shelf_error(&two), path));
    assert_int_equal(shelf_lock(&two, other), 0);
    vio__backend_sqlite.unlock(one.backend, uuid);
    assert_int_equal(shelf_lock(&two, uuid), 0);
    shelf_close(&two);
    assert_int_equal(shelf_lock(&one, uuid), 0);
    shelf_close(&one);
}

/* -- Reading only ----------------------------------------------------------------------------- */

static void reading_makes_no_file(void **state)
{
    uint64_t id;

    (void)state;
    shelf_start(&one, path);
    assert_int_equal(shelf_add(&one, "row", &id), 0);
    shelf_close(&one);
    assert_int_equal(unlink(strcat(strcpy((char[320]){0}, path), "-lock")), 0);
    assert_int_equal(shelf_open(&two, path, true, false), 0);
    assert_int_equal(shelf_load(&two), 0);
    assert_string_equal(two.texts[id], "row");
    assert_int_equal(shelf_check(&two, true), 0);
    assert_int_equal(shelf_set(&two, id, "no"), VIO_EPERM);
    assert_non_null(strstr(shelf_error(&two), "read only"));
    assert_false(exists("-lock") || exists("-wal") || exists("-shm"));
    shelf_close(&two);
    assert_false(exists("-lock") || exists("-wal") || exists("-shm"));
}

static void a_reader_follows_writers_that_come_and_go(void **state)
{
    uint64_t id;

    (void)state;
    shelf_start(&one, path);
    assert_int_equal(shelf_add(&one, "1", &id), 0);
    shelf_close(&one);
    assert_int_equal(shelf_open(&two, path, true, false), 0);
    assert_int_equal(shelf_load(&two), 0);
    for (int i = 0; i < 3; i++) {
        shelf_start(&one, path);
        assert_int_equal(shelf_set(&one, id, "2"), 0);
        assert_int_equal(shelf_refresh(&two), 0);
        assert_string_equal(two.texts[id], "2");
        assert_int_equal(shelf_set(&one, id, "3"), 0);
        assert_int_equal(shelf_refresh(&two), 0);
        assert_string_equal(two.texts[id], "3");
        assert_int_equal(shelf_set(&one, id, "4"), 0);
        shelf_close(&one);
        assert_int_equal(shelf_refresh(&two), 0);
        assert_string_equal(two.texts[id], "4");
    }
    shelf_close(&two);
}

/* -- History ---------------------------------------------------------------------------------- */

static uint64_t keep(enum vio_entry_state entry_state, uint64_t time, uint8_t token,
                     const char *body)
{
    struct vio_entry entry = {.state = entry_state,
                              .time = time,
                              .token = {token},
                              .author = "somebody",
                              .body = body,
                              .size = strlen(body)};

    assert_int_equal(shelf_commit(&one, &(struct vio_write){.entries = &entry, .num_entries = 1}),
                     0);
    return entry.id;
}

static void history_is_read_from_its_end(void **state)
{
    uint64_t ids[4];
    struct vio_history_query query = {.limit = 2};

    (void)state;
    shelf_start(&one, path);
    for (int i = 0; i < 4; i++)
        ids[i] =
            keep(VIO_ENTRY_DONE, 100 + (uint64_t)i, i == 1 ? 7 : 0, i == 1 ? "marked" : "plain");
    assert_int_equal(shelf_history(&one, &query), 0);
    assert_int_equal(one.num_entries, 2);
    assert_true(one.entries[0].id == ids[3] && one.entries[1].id == ids[2]);
    query.before = ids[2];
    assert_int_equal(shelf_history(&one, &query), 0);
    assert_int_equal(one.num_entries, 2);
    assert_true(one.entries[0].id == ids[1] && one.entries[1].id == ids[0]);
    assert_string_equal(one.bodies[0], "marked");
    assert_string_equal(one.entries[0].author, "somebody");
    assert_int_equal(shelf_history(&one, &(struct vio_history_query){.token = {7}}), 0);
    assert_int_equal(one.num_entries, 1);
    assert_true(one.entries[0].id == ids[1] && one.entries[0].token[0] == 7);
    assert_int_equal(shelf_history(&one, &(struct vio_history_query){.since = 101, .until = 103}),
                     0);
    assert_int_equal(one.num_entries, 2);
    assert_true(one.entries[0].id == ids[2]);
    shelf_close(&one);
}

static void open_changes_are_loaded_and_never_pruned(void **state)
{
    uint64_t open, blocked, done;
    struct vio_entry end = {.state = VIO_ENTRY_UNDONE, .body = "ended", .size = 5};

    (void)state;
    shelf_start(&one, path);
    open = keep(VIO_ENTRY_OPEN, 1, 0, "open");
    blocked = keep(VIO_ENTRY_BLOCKED, 2, 9, "blocked");
    done = keep(VIO_ENTRY_DONE, 3, 0, "done");
    shelf_close(&one);
    shelf_start(&one, path);
    assert_int_equal(one.num_entries, 2);
    assert_true(one.entries[0].id == open && one.entries[1].id == blocked);
    assert_string_equal(one.bodies[1], "blocked");
    assert_int_equal(shelf_prune(&one, 0, 0), 0);
    assert_int_equal(shelf_history(&one, &(struct vio_history_query){0}), 0);
    assert_int_equal(one.num_entries, 2);
    end.id = open;
    assert_int_equal(shelf_commit(&one, &(struct vio_write){.entries = &end, .num_entries = 1}), 0);
    assert_int_equal(shelf_history(&one, &(struct vio_history_query){0}), 0);
    assert_string_equal(one.bodies[1], "ended");
    assert_int_equal(one.entries[1].state, VIO_ENTRY_UNDONE);
    assert_true(one.entries[1].time == 1);
    assert_true(keep(VIO_ENTRY_DONE, 4, 0, "next") > done);
    shelf_close(&one);
}

static void pruning_keeps_the_newest_and_the_young(void **state)
{
    uint64_t ids[5];

    (void)state;
    shelf_start(&one, path);
    for (int i = 0; i < 5; i++)
        ids[i] = keep(VIO_ENTRY_DONE, 100 + (uint64_t)i, 0, "x");
    assert_int_equal(shelf_prune(&one, 103, 4), 0);
    assert_int_equal(shelf_history(&one, &(struct vio_history_query){0}), 0);
    assert_int_equal(one.num_entries, 4);
    assert_int_equal(shelf_prune(&one, 102, 0), 0);
    assert_int_equal(shelf_history(&one, &(struct vio_history_query){0}), 0);
    assert_int_equal(one.num_entries, 3);
    assert_int_equal(shelf_prune(&one, 0, 2), 0);
    assert_int_equal(shelf_history(&one, &(struct vio_history_query){0}), 0);
    assert_int_equal(one.num_entries, 2);
    assert_true(one.entries[1].id == ids[3]);
    shelf_close(&one);
}

/* -- Backup ----------------------------------------------------------------------------------- */

static void backup_is_a_store_of_its_own(void **state)
{
    char copy[320];
    struct stat stat_buf;
    uint64_t id;

    (void)state;
    snprintf(copy, sizeof(copy), "%s/copy.db", folder);
    shelf_start(&one, path);
    assert_int_equal(shelf_add(&one, "kept", &id), 0);
    assert_int_equal(shelf_backup(&one, copy), 0);
    assert_int_equal(shelf_set(&one, id, "later"), 0);
    assert_int_equal(shelf_backup(&one, copy), VIO_EEXIST);
    assert_non_null(strstr(shelf_error(&one), "exists already"));
    assert_int_equal(stat(copy, &stat_buf), 0);
    assert_int_equal(stat_buf.st_mode & 0777, 0600);
    shelf_start(&two, copy);
    assert_string_equal(two.texts[id], "kept");
    assert_memory_equal(vio__backend_sqlite.uuid(one.backend),
                        vio__backend_sqlite.uuid(two.backend), 16);
    assert_int_equal(shelf_check(&two, true), 0);
    shelf_close(&two);
    shelf_close(&one);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_committed_is_there_when_it_is_opened_again),
        TEST(ids_are_never_given_twice),
        TEST(a_change_of_a_row_that_is_not_there_changes_nothing),
        TEST(file_is_for_its_owner_alone),
        TEST(paths_may_have_any_character),
        TEST(a_location_without_a_path_is_refused),
        TEST(others_see_what_one_wrote),
        TEST(a_write_that_became_invalid_writes_nothing),
        TEST(rows_that_were_not_taken_in_come_again),
        TEST(one_who_lags_behind_the_log_reads_all_anew),
        TEST(writers_take_turns),
        TEST(a_chassis_inside_a_process_has_one_user),
        TEST(reading_makes_no_file),
        TEST(a_reader_follows_writers_that_come_and_go),
        TEST(history_is_read_from_its_end),
        TEST(open_changes_are_loaded_and_never_pruned),
        TEST(pruning_keeps_the_newest_and_the_young),
        TEST(backup_is_a_store_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
