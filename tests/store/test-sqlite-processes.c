/* SPDX-License-Identifier: MIT */
/* Several processes with one file: killed, side by side, coming and going. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libvio/error.h>

#include "tests/store/shelf.h"
#include "tests/support/board.h"
#include "tests/support/test.h"

#define SLOTS     6
#define PROCESSES 4

static char folder[256];
static char location[300];
static struct shelf shelf;
static uint64_t ids[SLOTS];

static int setup(void **state)
{
    (void)state;
    shelf_folder(folder);
    snprintf(location, sizeof(location), "%s/store.db", folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    shelf_remove_folder(folder);
    return 0;
}

/* -- Killed ----------------------------------------------------------------------------------- */

/* All objects have the same version, 0 where there are none. */
static int read_version(void)
{
    int versions[SLOTS] = {0};

    for (size_t i = 0; i < SHELF_ROWS; i++) {
        int slot, version;

        if (shelf.texts[i][0] == '\0')
            continue;
        assert_int_equal(sscanf(shelf.texts[i], "%d %d", &slot, &version), 2);
        assert_in_range(slot, 0, SLOTS - 1);
        versions[slot] = version;
        ids[slot] = i;
    }
    for (size_t i = 1; i < SLOTS; i++)
        assert_int_equal(versions[i], versions[0]);
    return versions[0];
}

/* All objects at each step; each acknowledged step is told. */
static void write_until_killed(int fd)
{
    struct vio_row rows[SLOTS];
    int version;

    if (shelf_open(&shelf, location, false, true) != 0 || shelf_load(&shelf) != 0)
        _exit(1);
    version = read_version();
    for (;;) {
        char text[SLOTS][32];

        version++;
        for (size_t i = 0; i < SLOTS; i++) {
            snprintf(text[i], sizeof(text[i]), "%d %d", (int)i, version);
            rows[i] = (struct vio_row){.id = version > 1 ? ids[i] : 0,
                                       .kind = VIO_ROW_VADAPTER,
                                       .body = text[i],
                                       .size = strlen(text[i])};
        }
        if (shelf_commit(&shelf, &(struct vio_write){.rows = rows, .num_rows = SLOTS}) != 0)
            _exit(1);
        for (size_t i = 0; i < SLOTS; i++)
            ids[i] = rows[i].id;
        if (write(fd, &version, sizeof(version)) != sizeof(version))
            _exit(1);
    }
}

/* The last step that the child told of before it was killed: so long after its start or, `begun`,
 * after its first step. */
static int run_child(unsigned microseconds, bool begun)
{
    int ends[2];
    int version = 0, told;
    int ended;
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        write_until_killed(ends[1]);
    }
    close(ends[1]);
    if (begun)
        assert_int_equal(read(ends[0], &version, sizeof(version)), sizeof(version));
    usleep(microseconds);
    kill(child, SIGKILL);
    while (read(ends[0], &told, sizeof(told)) == sizeof(told))
        version = told;
    close(ends[0]);
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_true(WIFSIGNALED(ended));
    return version;
}

static void a_killed_writer_leaves_what_it_acknowledged(void **state)
{
    unsigned rounds = test_rounds(25);
    int last = 0;

    (void)state;
    for (unsigned i = 0; i < rounds; i++) {
        int told = run_child(3000 + i * 617 % 23000, i % 2 == 1);
        int version;

        shelf_start(&shelf, location);
        version = read_version();
        assert_true(version >= told && version >= last);
        if (told > 0)
            assert_true(version <= told + 1);
        last = version;
        shelf_close(&shelf);
    }
    assert_true(last > 0);
}

/* -- Side by side ----------------------------------------------------------------------------- */

static pid_t start(void (*fn)(unsigned rounds), unsigned rounds)
{
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        fn(rounds);
        _exit(0);
    }
    return child;
}

static void assert_ended_well(pid_t child)
{
    int ended;

    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_true(WIFEXITED(ended));
    assert_int_equal(WEXITSTATUS(ended), 0);
}

static void add_rows(unsigned rounds)
{
    uint64_t id;

    if (shelf_open(&shelf, location, false, true) != 0 || shelf_load(&shelf) != 0)
        _exit(1);
    for (unsigned i = 0; i < rounds; i++)
        if (shelf_add(&shelf, "row", &id) != 0)
            _exit(2);
    shelf_close(&shelf);
}

static void each_of_several_writers_gets_its_turn(void **state)
{
    unsigned rounds = test_rounds(50) < 900 ? test_rounds(50) : 900;
    pid_t children[PROCESSES];

    (void)state;
    for (int i = 0; i < PROCESSES; i++)
        children[i] = start(add_rows, rounds);
    for (int i = 0; i < PROCESSES; i++)
        assert_ended_well(children[i]);
    shelf_start(&shelf, location);
    assert_int_equal(shelf_count(&shelf), PROCESSES * rounds);
    assert_int_equal(shelf_check(&shelf, true), 0);
    shelf_close(&shelf);
}

/* The same number in two rows, each time in a process's life of its own. */
static void come_and_go(unsigned rounds)
{
    for (unsigned i = 1; i <= rounds; i++) {
        char text[16];
        struct vio_row rows[2];

        if (shelf_open(&shelf, location, false, true) != 0 || shelf_load(&shelf) != 0)
            _exit(1);
        snprintf(text, sizeof(text), "%u", i);
        for (int k = 0; k < 2; k++)
            rows[k] = (struct vio_row){
                .id = (uint64_t)k + 1, .kind = VIO_ROW_POOL, .body = text, .size = strlen(text)};
        if (shelf_commit(&shelf, &(struct vio_write){.rows = rows, .num_rows = 2}) != 0)
            _exit(2);
        shelf_close(&shelf);
    }
}

static void reading_works_while_writers_come_and_go(void **state)
{
    unsigned rounds = test_rounds(40);
    struct vio_row rows[2] = {{.kind = VIO_ROW_POOL, .body = "0", .size = 1},
                              {.kind = VIO_ROW_POOL, .body = "0", .size = 1}};
    unsigned last = 0;
    pid_t child;

    (void)state;
    shelf_start(&shelf, location);
    assert_int_equal(shelf_commit(&shelf, &(struct vio_write){.rows = rows, .num_rows = 2}), 0);
    shelf_close(&shelf);
    child = start(come_and_go, rounds);
    while (last < rounds) {
        int status = shelf_open(&shelf, location, true, false);

        if (status == 0)
            status = shelf_load(&shelf);
        if (status != 0)
            fail_msg("%s: %s", vio_error_name(status), shelf_error(&shelf));
        assert_string_equal(shelf.texts[1], shelf.texts[2]);
        assert_true((unsigned)atoi(shelf.texts[1]) >= last);
        last = (unsigned)atoi(shelf.texts[1]);
        shelf_close(&shelf);
    }
    assert_ended_well(child);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_killed_writer_leaves_what_it_acknowledged),
        TEST(each_of_several_writers_gets_its_turn),
        TEST(reading_works_while_writers_come_and_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
