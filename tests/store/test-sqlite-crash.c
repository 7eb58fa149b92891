/* SPDX-License-Identifier: MIT */
/* After a crash at any point, what was acknowledged is there, and no half of what was not. */
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/random.h"
#include "tests/store/shelf.h"
#include "tests/store/vfs.h"
#include "tests/support/board.h"
#include "tests/support/test.h"

#define SLOTS   6
#define COMMITS 12

/* What each of some objects holds; 0: it is not there. */
struct model {
    int versions[SLOTS];
};

static char folder[256];
static char location[300];
static struct shelf shelf;
static uint64_t ids[SLOTS];

static int setup(void **state)
{
    (void)state;
    shelf_folder(folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    shelf_remove_folder(folder);
    return 0;
}

/* A store of its own for each round. */
static void locate(const char *name, uint64_t round, const char *vfs)
{
    snprintf(location, sizeof(location), "%s/%s%u.db%s%s", folder, name, (unsigned)round,
             vfs != NULL ? "?vfs=" : "", vfs != NULL ? vfs : "");
}

/* -- A workload ------------------------------------------------------------------------------- */

/* Some objects, all in one transaction. */
static int commit_some(struct vio_prng *prng, int version, const struct model *before,
                       struct model *ret_after)
{
    char texts[SLOTS][32];
    struct vio_row rows[SLOTS];
    size_t places[SLOTS];
    size_t count = 0;
    int status;

    *ret_after = *before;
    for (size_t i = 0; i < SLOTS; i++) {
        bool gone = before->versions[i] != 0 && vio__prng_below(prng, 4) == 0;

        if (count > 0 && vio__prng_below(prng, 2) == 0)
            continue;
        snprintf(texts[i], sizeof(texts[i]), "%d %d", (int)i, version);
        ret_after->versions[i] = gone ? 0 : version;
        rows[count] = (struct vio_row){.id = before->versions[i] != 0 ? ids[i] : 0,
                                       .kind = VIO_ROW_VADAPTER,
                                       .body = gone ? NULL : texts[i],
                                       .size = gone ? 0 : strlen(texts[i])};
        places[count++] = i;
    }
    status = shelf_commit(&shelf, &(struct vio_write){.rows = rows, .num_rows = count});
    for (size_t i = 0; status == 0 && i < count; i++)
        ids[places[i]] = rows[i].id;
    return status;
}

static struct model found(void)
{
    struct model model = {{0}};

    for (size_t i = 0; i < SHELF_ROWS; i++) {
        int slot, version;

        if (shelf.texts[i][0] == '\0')
            continue;
        assert_int_equal(sscanf(shelf.texts[i], "%d %d", &slot, &version), 2);
        assert_in_range(slot, 0, SLOTS - 1);
        assert_int_equal(model.versions[slot], 0);
        model.versions[slot] = version;
        ids[slot] = i;
    }
    return model;
}

static bool same(const struct model *a, const struct model *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

/* What may be found: all that was acknowledged, and perhaps the one that was not. */
struct outcome {
    struct model sure, doubt;
    bool in_doubt;
    int errors;
};

static void work(uint64_t seed, struct outcome *outcome)
{
    struct vio_prng prng;

    vio__prng_seed(&prng, seed);
    for (int version = 1; version <= COMMITS; version++) {
        struct model after;
        int status = commit_some(&prng, version, &outcome->sure, &after);

        if (status == 0) {
            outcome->sure = after;
            outcome->in_doubt = false;
            continue;
        }
        assert_true(status < 0);
        assert_non_null(strstr(shelf_error(&shelf), folder));
        outcome->doubt = after;
        outcome->in_doubt = true;
        outcome->errors++;
        return;
    }
}

static void check(const struct outcome *outcome, uint64_t nth, uint64_t seed)
{
    struct model model;

    shelf_start(&shelf, location);
    model = found();
    if (!same(&model, &outcome->sure) && !(outcome->in_doubt && same(&model, &outcome->doubt)))
        fail_msg("call %u, seed %u: neither what was acknowledged nor the change under way",
                 (unsigned)nth, (unsigned)seed);
    if (shelf_check(&shelf, true) != 0)
        fail_msg("call %u, seed %u: %s", (unsigned)nth, (unsigned)seed, shelf_error(&shelf));
    shelf_close(&shelf);
}

/* -- Power loss ------------------------------------------------------------------------------- */

/* False when the workload ended before the nth call. */
static bool crash_at(uint64_t nth, uint64_t seed)
{
    struct vfs *vfs = vfs_new("crash", seed);
    struct outcome outcome = {0};
    bool crashed;
    int status;

    assert_non_null(vfs);
    locate("crash", seed * 10000 + nth, "crash");
    vfs_crash_at(vfs, VFS_CHANGES, nth, NULL);
    status = shelf_open(&shelf, location, false, true);
    if (status == 0)
        status = shelf_load(&shelf);
    if (status == 0)
        work(seed, &outcome);
    shelf_close(&shelf);
    crashed = vfs_crashed(vfs);
    assert_true(crashed || (status == 0 && outcome.errors == 0));
    vfs_revive(vfs);
    check(&outcome, nth, seed);
    vfs_free(vfs);
    return crashed;
}

static void a_crash_at_each_change_of_a_file_loses_nothing(void **state)
{
    unsigned rounds = test_rounds(2);
    unsigned points = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= rounds; seed++)
        for (uint64_t nth = 1; crash_at(nth, seed); nth++)
            points++;
    assert_true(points >= 40 * rounds);
}

/* Crash after crash in one file, which is recovered in between. */
static void a_store_survives_any_number_of_crashes(void **state)
{
    unsigned rounds = test_rounds(60);
    struct vfs *vfs = vfs_new("again", 7);
    struct outcome outcome = {0};
    struct vio_prng prng;

    (void)state;
    vio__prng_seed(&prng, 11);
    locate("again", 0, "again");
    for (unsigned i = 0; i < rounds; i++) {
        int status;

        vfs_crash_at(vfs, VFS_CHANGES, 1 + vio__prng_below(&prng, 60), NULL);
        status = shelf_open(&shelf, location, false, true);
        if (status == 0)
            status = shelf_load(&shelf);
        if (status == 0) {
            outcome.sure = found();
            work(1000 + i, &outcome);
        }
        shelf_close(&shelf);
        vfs_revive(vfs);
        check(&outcome, 0, i);
        shelf_start(&shelf, location);
        outcome = (struct outcome){.sure = found()};
        shelf_close(&shelf);
        vfs_revive(vfs);
    }
    vfs_free(vfs);
}

/* -- Failures --------------------------------------------------------------------------------- */

struct fault {
    unsigned kinds;
    int code;
    int number;
    int expected; /* error of ours, or 0: any */
};

static const struct fault faults[] = {
    {VFS_WRITE, SQLITE_IOERR_WRITE, EIO, VIO_EIO},
    {VFS_WRITE, SQLITE_FULL, ENOSPC, VIO_EDISK},
    {VFS_SYNC, SQLITE_IOERR_FSYNC, EIO, VIO_EIO},
    {VFS_OPEN, SQLITE_CANTOPEN, EMFILE, VIO_ENOMEM},
    {VFS_READ, SQLITE_IOERR_READ, EIO, VIO_EIO},
    {VFS_TRUNCATE, SQLITE_IOERR_TRUNCATE, EIO, VIO_EIO},
    {VFS_LOCK, SQLITE_IOERR_LOCK, EIO, VIO_EIO},
    {VFS_SHM, SQLITE_IOERR_SHMMAP, ENOMEM, VIO_ENOMEM},
};

/* Two workloads after one another: a failure stays alone, or nothing more is accepted. */
static bool fail_at(const struct fault *fault, uint64_t nth)
{
    struct vfs *vfs = vfs_new("fail", nth);
    struct outcome outcome = {0};
    uint64_t before;
    bool happened;
    int status;

    locate("fail", fault->kinds * 100000 + nth * 10 + (fault->code == SQLITE_FULL), "fail");
    vfs_fail(vfs, fault->kinds, nth, fault->code, fault->number, false);
    before = vfs_count(vfs, fault->kinds);
    status = shelf_open(&shelf, location, false, true);
    if (status == 0)
        status = shelf_load(&shelf);
    if (status == 0) {
        work(nth, &outcome);
        if (outcome.errors > 0)
            work(nth + 1, &outcome);
    } else {
        assert_true(status < 0);
        assert_non_null(strstr(shelf_error(&shelf), folder));
        assert_true(status == fault->expected || status == VIO_EIO || status == VIO_ECORRUPT);
    }
    happened = vfs_count(vfs, fault->kinds) - before >= nth;
    vfs_fail(vfs, 0, 0, 0, 0, false);
    shelf_close(&shelf);
    vfs_revive(vfs);
    check(&outcome, nth, fault->kinds);
    vfs_free(vfs);
    return happened;
}

static void a_failure_of_each_call_is_named_and_loses_nothing(void **state)
{
    unsigned step = 1 + 4 / test_rounds(1);

    (void)state;
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
        for (uint64_t nth = 1; fail_at(&faults[i], nth) && nth < 400; nth += nth < 40 ? 1 : step)
            ;
}

static void a_failed_sync_ends_all_writing_until_it_is_opened_anew(void **state)
{
    struct vfs *vfs = vfs_new("sync", 1);
    uint64_t id;

    (void)state;
    locate("sync", 0, "sync");
    shelf_start(&shelf, location);
    assert_int_equal(shelf_add(&shelf, "kept", &id), 0);
    vfs_fail(vfs, VFS_SYNC, 1, SQLITE_IOERR_FSYNC, EIO, false);
    assert_int_equal(shelf_set(&shelf, id, "in doubt"), VIO_EIO);
    assert_int_equal(shelf_set(&shelf, id, "refused"), VIO_EIO);
    assert_non_null(strstr(shelf_error(&shelf), "open the store anew"));
    shelf_close(&shelf);
    shelf_start(&shelf, location);
    assert_true(strcmp(shelf.texts[id], "kept") == 0 || strcmp(shelf.texts[id], "in doubt") == 0);
    assert_int_equal(shelf_set(&shelf, id, "accepted"), 0);
    shelf_close(&shelf);
    vfs_free(vfs);
}

static void a_full_disk_is_named_and_writing_goes_on_when_there_is_room(void **state)
{
    struct vfs *vfs = vfs_new("full", 1);
    uint64_t id;

    (void)state;
    locate("full", 0, "full");
    shelf_start(&shelf, location);
    assert_int_equal(shelf_add(&shelf, "kept", &id), 0);
    vfs_fail(vfs, VFS_WRITE, 2, SQLITE_FULL, ENOSPC, true);
    assert_int_equal(shelf_set(&shelf, id, "no"), VIO_EDISK);
    assert_non_null(strstr(shelf_error(&shelf), "make room"));
    assert_int_equal(shelf_load(&shelf), 0);
    assert_string_equal(shelf.texts[id], "kept");
    vfs_fail(vfs, 0, 0, 0, 0, false);
    assert_int_equal(shelf_set(&shelf, id, "yes"), 0);
    shelf_close(&shelf);
    shelf_start(&shelf, location);
    assert_string_equal(shelf.texts[id], "yes");
    shelf_close(&shelf);
    vfs_free(vfs);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_crash_at_each_change_of_a_file_loses_nothing),
        TEST(a_store_survives_any_number_of_crashes),
        TEST(a_failure_of_each_call_is_named_and_loses_nothing),
        TEST(a_failed_sync_ends_all_writing_until_it_is_opened_anew),
        TEST(a_full_disk_is_named_and_writing_goes_on_when_there_is_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
