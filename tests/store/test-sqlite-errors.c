/* SPDX-License-Identifier: MIT */
/* What a store's file may be instead of a store that can be used, and what is said then; and the
 * versions of its tables. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libvio/error.h>

#include "lib/store/place.h"
#include "lib/store/sqlite/file.h"
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

/* -- Files ------------------------------------------------------------------------------------ */

static void write_file(const char *name, const void *data, size_t size)
{
    FILE *file = fopen(name, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    fclose(file);
}

static size_t read_file(const char *name, uint8_t *ret_data, size_t max)
{
    FILE *file = fopen(name, "rb");
    size_t size;

    assert_non_null(file);
    size = fread(ret_data, 1, max, file);
    fclose(file);
    return size;
}

static void beside(const char *suffix, char ret_name[320])
{
    snprintf(ret_name, 320, "%s%s", path, suffix);
}

static void run_sql(const char *sql)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static uint64_t make_store(void)
{
    uint64_t id;

    shelf_start(&one, path);
    for (int i = 0; i < 100; i++)
        assert_int_equal(shelf_add(&one, "a row that takes some room in its page", &id), 0);
    shelf_close(&one);
    return id;
}

/* Opening fails like this, to write and to read only, and the line has these words. */
static void assert_refused(int expected, const char *words)
{
    for (int read_only = 0; read_only < 2; read_only++) {
        int status = shelf_open(&two, path, read_only, true);

        if (status != expected)
            fail_msg("%s, not %s: %s", vio_error_name(status), vio_error_name(expected),
                     shelf_error(&two));
        assert_non_null(strstr(shelf_error(&two), path));
        assert_non_null(strstr(shelf_error(&two), words));
        assert_null(strchr(shelf_error(&two), '\n'));
        assert_int_equal(shelf_load(&two), VIO_ESTATE);
        shelf_close(&two);
    }
}

/* -- Damaged ---------------------------------------------------------------------------------- */

static void a_file_of_text_is_refused(void **state)
{
    char text[5000];

    (void)state;
    memset(text, 'x', sizeof(text));
    write_file(path, text, sizeof(text));
    assert_refused(VIO_ECORRUPT, "not a store");
    write_file(path, text, 10);
    assert_refused(VIO_ECORRUPT, "not a store");
}

static void another_applications_database_is_refused_and_left_alone(void **state)
{
    uint8_t before[16384], after[16384];
    size_t size;

    (void)state;
    run_sql("PRAGMA application_id=7; CREATE TABLE t(x); INSERT INTO t VALUES(1)");
    size = read_file(path, before, sizeof(before));
    assert_refused(VIO_EPROTO, "another application");
    assert_int_equal(read_file(path, after, sizeof(after)), size);
    assert_memory_equal(before, after, size);
    run_sql("PRAGMA application_id=0");
    assert_refused(VIO_EPROTO, "another application");
}

static void a_damaged_page_is_found_by_a_check(void **state)
{
    uint8_t data[262144];
    size_t size;

    (void)state;
    make_store();
    size = read_file(path, data, sizeof(data));
    for (size_t page = 2; page * 4096 <= size; page++) {
        uint8_t damaged[262144];
        int status;

        memcpy(damaged, data, size);
        memset(damaged + (page - 1) * 4096, 0xa5, 64);
        write_file(path, damaged, size);
        status = shelf_open(&one, path, false, false);
        if (status == 0)
            status = shelf_check(&one, true);
        assert_int_equal(status, VIO_ECORRUPT);
        assert_non_null(strstr(shelf_error(&one), "backup"));
        shelf_close(&one);
    }
}

static void a_cut_file_is_refused(void **state)
{
    uint8_t data[262144];
    size_t size;
    int status;

    (void)state;
    make_store();
    size = read_file(path, data, sizeof(data));
    write_file(path, data, size / 2);
    status = shelf_open(&one, path, false, false);
    if (status == 0)
        status = shelf_load(&one);
    assert_int_equal(status, VIO_ECORRUPT);
    shelf_close(&one);
}

/* Leaves the file as it is now with its journal, as a crash of the machine would. */
static void close_uncleanly(void)
{
    uint8_t data[262144], journal[262144];
    char name[320];
    size_t size, journal_size;

    beside("-wal", name);
    size = read_file(path, data, sizeof(data));
    journal_size = read_file(name, journal, sizeof(journal));
    shelf_close(&one);
    write_file(path, data, size);
    write_file(name, journal, journal_size);
}

static void after_an_unclean_close_damage_is_found_at_once(void **state)
{
    uint8_t data[262144];
    const uint8_t *first;
    uint64_t id = make_store();
    size_t size;

    (void)state;
    shelf_start(&one, path);
    assert_int_equal(shelf_set(&one, id, "in the journal"), 0);
    close_uncleanly();
    shelf_start(&one, path);
    assert_string_equal(one.texts[id], "in the journal");
    assert_int_equal(shelf_set(&one, id, "again"), 0);
    close_uncleanly();
    size = read_file(path, data, sizeof(data));
    first = memmem(data, size, "a row that", 10); /* which the journal has no newer page of */
    assert_non_null(first);
    memset(data + (size_t)(first - data) / 4096 * 4096, 0xa5, 64);
    write_file(path, data, size);
    assert_int_equal(shelf_open(&one, path, false, false), VIO_ECORRUPT);
    assert_non_null(strstr(shelf_error(&one), path));
    shelf_close(&one);
}

static void rows_that_cannot_be_are_refused(void **state)
{
    const char *const statements[] = {
        "UPDATE object SET body = '' WHERE id = 1",
        "UPDATE object SET kind = 0 WHERE id = 1",
        "INSERT INTO object VALUES(-5, 1, 'x')",
        "DELETE FROM log",
        "UPDATE log SET refs = x'00'",
        "INSERT INTO change VALUES(1, 4, 0, x'01', 'a', 'b')",
        "INSERT INTO change VALUES(1, 4, 0, NULL, printf('%.100c', 'a'), 'b')",
        "DROP TABLE object",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++) {
        make_store();
        run_sql(statements[i]);
        assert_int_equal(shelf_open(&one, path, false, false), 0);
        assert_int_equal(shelf_load(&one), VIO_ECORRUPT);
        assert_non_null(strstr(shelf_error(&one), path));
        shelf_close(&one);
        unlink(path);
    }
    make_store();
    run_sql("DELETE FROM meta");
    assert_refused(VIO_ECORRUPT, "no UUID");
}

/* -- Not to be had ---------------------------------------------------------------------------- */

static void a_missing_file_is_not_made_unasked(void **state)
{
    (void)state;
    for (int read_only = 0; read_only < 2; read_only++) {
        assert_int_equal(shelf_open(&one, path, read_only, false), VIO_ENOENT);
        assert_non_null(strstr(shelf_error(&one), path));
        shelf_close(&one);
    }
    assert_int_equal(access(path, F_OK), -1);
    snprintf(path, sizeof(path), "%s/nowhere/store.db", folder);
    assert_int_equal(shelf_open(&one, path, false, true), VIO_ENOENT);
    assert_non_null(strstr(shelf_error(&one), "folder"));
    shelf_close(&one);
}

static void a_folder_is_no_store(void **state)
{
    (void)state;
    assert_int_equal(mkdir(path, 0700), 0);
    assert_refused(VIO_EINVAL, "name one");
}

/* Root may write what nobody may, so this is done as somebody else. */
static void what_cannot_be_written_can_be_read(void **state)
{
    bool root = geteuid() == 0;
    char lock[320];
    uint64_t id;

    (void)state;
    if (root) {
        assert_int_equal(chown(folder, 65534, 65534), 0);
        assert_int_equal(seteuid(65534), 0);
    }
    id = make_store();
    beside("-lock", lock);
    assert_int_equal(chmod(path, 0400), 0);
    assert_int_equal(shelf_open(&one, path, false, true), VIO_EPERM);
    assert_non_null(strstr(shelf_error(&one), "read only"));
    shelf_close(&one);
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(chmod(folder, 0500), 0);
    assert_int_equal(shelf_open(&one, path, false, true), VIO_EPERM);
    assert_non_null(strstr(shelf_error(&one), "folder writable"));
    shelf_close(&one);
    assert_int_equal(chmod(path, 0400), 0);
    assert_int_equal(shelf_open(&one, path, true, false), 0);
    assert_int_equal(shelf_load(&one), 0);
    assert_true(one.texts[id][0] != '\0');
    shelf_close(&one);
    assert_int_equal(chmod(folder, 0700), 0);
    assert_int_equal(chmod(path, 0), 0);
    assert_refused(VIO_EPERM, "Permission denied");
    if (root)
        assert_int_equal(seteuid(0), 0);
}

static void a_reader_beside_a_writer_needs_no_writable_folder(void **state)
{
    bool root = geteuid() == 0;
    uint64_t id;

    (void)state;
    if (root) {
        assert_int_equal(chown(folder, 65534, 65534), 0);
        assert_int_equal(seteuid(65534), 0);
    }
    shelf_start(&one, path);
    assert_int_equal(shelf_add(&one, "row", &id), 0);
    assert_int_equal(chmod(folder, 0500), 0);
    assert_int_equal(shelf_open(&two, path, true, false), 0);
    assert_int_equal(shelf_load(&two), 0);
    assert_string_equal(two.texts[id], "row");
    assert_int_equal(shelf_set(&one, id, "changed"), 0);
    assert_int_equal(shelf_refresh(&two), 0);
    assert_string_equal(two.texts[id], "changed");
    shelf_close(&two);
    assert_int_equal(chmod(folder, 0700), 0);
    shelf_close(&one);
    if (root)
        assert_int_equal(seteuid(0), 0);
}

static void who_keeps_it_locked_is_waited_for_and_then_named(void **state)
{
    uint64_t id;
    sqlite3 *db;

    (void)state;
    shelf_start(&one, path);
    assert_int_equal(shelf_add(&one, "kept", &id), 0);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(shelf_set(&one, id, "no"), VIO_EBUSY);
    assert_non_null(strstr(shelf_error(&one), "another process"));
    assert_int_equal(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(shelf_set(&one, id, "yes"), 0);
    shelf_close(&one);
}

static void a_file_removed_or_replaced_while_open_is_noticed(void **state)
{
    uint64_t id;
    char other[320], name[320];

    (void)state;
    snprintf(other, sizeof(other), "%s/other.db", folder);
    for (int replaced = 0; replaced < 3; replaced++) {
        shelf_start(&one, path);
        assert_int_equal(shelf_add(&one, "row", &id), 0);
        assert_int_equal(shelf_backup(&one, other), 0);
        beside(replaced == 2 ? "-wal" : "", name);
        if (replaced == 1)
            assert_int_equal(rename(other, path), 0);
        else
            assert_int_equal(unlink(name), 0);
        assert_int_equal(shelf_set(&one, id, "no"), VIO_EGONE);
        assert_non_null(strstr(shelf_error(&one), "removed or replaced"));
        assert_int_equal(shelf_refresh(&one), VIO_EGONE);
        shelf_close(&one);
        if (replaced == 0)
            assert_int_equal(rename(other, path), 0);
        shelf_start(&one, path);
        assert_string_equal(one.texts[id], "row");
        shelf_close(&one);
        unlink(other);
        unlink(path);
    }
}

/* -- Versions --------------------------------------------------------------------------------- */

static struct vio_file *open_versioned(const struct vio_schema *schema, int *ret_status)
{
    struct vio_backend_config config = {.create = true};
    static struct vio_alloc alloc;
    struct vio_file *file;

    alloc = vio__alloc_default();
    assert_int_equal(vio__file_new(&alloc, path, &config, &file), 0);
    assert_int_equal(
        vio__file_connect(file, path, "", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &file->db),
        0);
    *ret_status = vio__file_check_schema(file, schema);
    return file;
}

static void an_older_version_is_brought_up_to_date_step_by_step(void **state)
{
    const char *const steps[] = {
        vio__file_schema.steps[0],
        "ALTER TABLE object ADD COLUMN extra TEXT DEFAULT 'some'",
        "CREATE TABLE more(x); INSERT INTO more SELECT extra FROM object",
    };
    const struct vio_schema schemas[] = {{steps, 2}, {steps, 3}};
    uint64_t id = make_store();
    int64_t number = 0;

    (void)state;
    for (int i = 0; i < 2; i++) {
        int status;
        struct vio_file *file = open_versioned(&schemas[i], &status);

        assert_int_equal(status, 0);
        assert_int_equal(vio__file_number(file, "PRAGMA user_version", &number), 0);
        assert_int_equal(number, i + 2);
        assert_int_equal(vio__file_number(file, "SELECT count(*) FROM object", &number), 0);
        assert_int_equal(number, id);
        vio__file_free(file);
    }
    run_sql("SELECT x FROM more WHERE x = 'some'");
    assert_refused(VIO_EVERSION, "newer libvio");
}

static void a_migration_that_fails_changes_nothing(void **state)
{
    const char *const steps[] = {
        vio__file_schema.steps[0],
        "CREATE TABLE half(x)",
        "CREATE TABLE half(x)",
    };
    const struct vio_schema schema = {steps, 3};
    struct vio_file *file;
    int64_t number = 0;
    int status;

    (void)state;
    make_store();
    file = open_versioned(&schema, &status);
    assert_true(status < 0);
    assert_int_equal(vio__file_number(file, "PRAGMA user_version", &number), 0);
    assert_int_equal(number, 1);
    assert_int_equal(
        vio__file_number(file, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'", &number),
        0);
    assert_int_equal(number, 0);
    vio__file_free(file);
    shelf_start(&one, path);
    shelf_close(&one);
}

static void who_has_an_older_version_open_stops_when_it_is_migrated(void **state)
{
    const char *const steps[] = {vio__file_schema.steps[0], "CREATE TABLE more(x)"};
    const struct vio_schema schema = {steps, 2};
    struct vio_file *file;
    uint64_t id;
    int status;

    (void)state;
    shelf_start(&one, path);
    assert_int_equal(shelf_add(&one, "row", &id), 0);
    file = open_versioned(&schema, &status);
    assert_int_equal(status, 0);
    vio__file_free(file);
    assert_int_equal(shelf_set(&one, id, "no"), VIO_EVERSION);
    assert_int_equal(shelf_refresh(&one), VIO_EVERSION);
    shelf_close(&one);
}

/* -- Memory ----------------------------------------------------------------------------------- */

/* Allocations that succeed from now on. */
struct meter {
    int left;
};

static void *meter_realloc(void *memory, size_t size, void *user)
{
    struct meter *meter = user;

    return meter->left-- > 0 ? realloc(memory, size) : NULL;
}

static void *meter_malloc(size_t size, void *user)
{
    return meter_realloc(NULL, size, user);
}

static void meter_free(void *memory, void *user)
{
    (void)user;
    free(memory);
}

static int ignore_row(void *user, const struct vio_row *row)
{
    (void)user;
    (void)row;
    return 0;
}

static int ignore_entry(void *user, const struct vio_entry *entry)
{
    (void)user;
    (void)entry;
    return 0;
}

static int use_file(struct vio_file *file)
{
    struct vio_row row = {.kind = VIO_ROW_HOLD, .body = "x", .size = 1};
    struct vio_entry entry = {.state = VIO_ENTRY_DONE, .body = "y", .size = 1};
    struct vio_write write = {&row, 1, &entry, 1};
    struct vio_log_end end;
    struct vio_entries entries;
    struct vio_rows rows;
    int status = vio__file_open(file);

    vio__rows_init(&rows, file->alloc);
    vio__entries_init(&entries, file->alloc);
    if (status == 0)
        status = vio__file_load(file, ignore_row, ignore_entry, NULL);
    if (status == 0)
        status = vio__file_run(file, VIO_SQL_BEGIN_WRITE, "committing");
    if (status == 0)
        status = vio__file_write(file, &write);
    if (status == 0)
        status = vio__file_history(file, &(struct vio_history_query){0}, &entries);
    file->seq = 1; /* as if all were of others */
    if (status == 0)
        status = vio__file_changes(file, &rows, &end);
    vio__rows_free(&rows);
    vio__entries_free(&entries);
    return status;
}

static void each_allocation_may_fail_and_nothing_leaks(void **state)
{
    const struct vio_backend_config config = {.create = true};
    struct meter meter;
    const struct vio_alloc alloc = {meter_malloc, meter_realloc, meter_free, &meter};
    int status = VIO_ENOMEM;

    (void)state;
    for (int n = 0; status != 0; n++) {
        struct vio_file *file;

        assert_true(n < 1000);
        meter.left = n;
        status = vio__file_new(&alloc, path, &config, &file);
        if (status == 0) {
            status = use_file(file);
            assert_true(status == 0 || strstr(file->error, "memory") != NULL);
            vio__file_free(file);
        }
        assert_true(status == 0 || status == VIO_ENOMEM);
    }
    shelf_start(&one, path);
    assert_int_equal(shelf_check(&one, true), 0);
    shelf_close(&one);
}

/* -- Places ----------------------------------------------------------------------------------- */

static void folders_are_made_for_the_default_place_only(void **state)
{
    bool root = geteuid() == 0;
    char *usual = NULL;
    struct stat found;

    (void)state;
    if (root) {
        assert_int_equal(vio__place_default(NULL, &usual), 0);
        assert_true(vio__place_is_system(usual));
        free(usual);
        assert_int_equal(chown(folder, 65534, 65534), 0);
        assert_int_equal(seteuid(65534), 0);
    }
    assert_int_equal(setenv("XDG_STATE_HOME", folder, 1), 0);
    assert_int_equal(vio__place_default(NULL, &usual), 0);
    snprintf(path, sizeof(path), "%s/vio/store.db", folder);
    assert_string_equal(usual, path);
    shelf_start(&one, usual);
    shelf_close(&one);
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0600);
    snprintf(path, sizeof(path), "%s/vio", folder);
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0700);
    free(usual);
    assert_int_equal(setenv("XDG_STATE_HOME", "relative", 1), 0);
    assert_int_equal(setenv("HOME", folder, 1), 0);
    assert_int_equal(vio__place_default(NULL, &usual), 0);
    snprintf(path, sizeof(path), "%s/.local/state/vio/store.db", folder);
    assert_string_equal(usual, path);
    free(usual);
    unsetenv("XDG_STATE_HOME");
    if (root)
        assert_int_equal(seteuid(0), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_of_text_is_refused),
        TEST(another_applications_database_is_refused_and_left_alone),
        TEST(a_damaged_page_is_found_by_a_check),
        TEST(a_cut_file_is_refused),
        TEST(after_an_unclean_close_damage_is_found_at_once),
        TEST(rows_that_cannot_be_are_refused),
        TEST(a_missing_file_is_not_made_unasked),
        TEST(a_folder_is_no_store),
        TEST(what_cannot_be_written_can_be_read),
        TEST(a_reader_beside_a_writer_needs_no_writable_folder),
        TEST(who_keeps_it_locked_is_waited_for_and_then_named),
        TEST(a_file_removed_or_replaced_while_open_is_noticed),
        TEST(an_older_version_is_brought_up_to_date_step_by_step),
        TEST(a_migration_that_fails_changes_nothing),
        TEST(who_has_an_older_version_open_stops_when_it_is_migrated),
        TEST(each_allocation_may_fail_and_nothing_leaks),
        TEST(folders_are_made_for_the_default_place_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
