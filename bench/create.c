/* SPDX-License-Identifier: MIT */
/*
 * vAdapters created through the public calls, durably, on a chassis without latency: one at a time,
 * in change sets of 16, and 10,000 in flight. Beside them what durability costs by itself (4 KiB
 * written to a file and fdatasync), the same rows inserted by plain SQLite, and ovsdb-server of
 * Open vSwitch inserting an Interface, its QoS and its Port, which is what others keep of a virtual
 * NIC.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "bench/bench.h"
#include "bench/keep.h"
#include "bench/manager.h"
#include "bench/ovsdb.h"

enum { PAGE = 4096, PAGES = 1024, SET = 16, FLIGHT = 10000, FLIGHTS = 5, PATH_SIZE = 512 };

/* -- A write and fdatasync --------------------------------------------------------------------- */

struct disk {
    int fd;
    unsigned long written;
    char path[PATH_SIZE];
};

/* The file has its size before, so that a write changes nothing but its data. */
static void disk_open(struct disk *disk, const char *directory)
{
    static const char page[PAGE];

    snprintf(disk->path, PATH_SIZE, "%s/file", directory);
    disk->fd = open(disk->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    for (unsigned i = 0; i < PAGES; i++)
        if (disk->fd < 0 || write(disk->fd, page, PAGE) != PAGE)
            bench_fail("a file cannot be written");
    if (fsync(disk->fd) != 0)
        bench_fail("fsync failed");
}

static int disk_write(void *user, unsigned long count)
{
    static char page[PAGE];
    struct disk *disk = user;

    for (; count > 0; count--) {
        memcpy(page, &disk->written, sizeof(disk->written));
        if (pwrite(disk->fd, page, PAGE, (off_t)(disk->written++ % PAGES * PAGE)) != PAGE ||
            fdatasync(disk->fd) != 0)
            return -1;
    }
    return 0;
}

/* -- Plain SQLite ------------------------------------------------------------------------------ */

/* The size in bytes of what one creation writes. */
struct sizes {
    int object, change, log;
};

struct plain {
    sqlite3 *db;
    sqlite3_stmt *object, *change, *log;
    struct sizes sizes;
    char path[PATH_SIZE];
};

static int average(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int size;

    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        bench_fail("the store's file cannot be read");
    size = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return size;
}

/* Of a store in which vAdapters were created one at a time. */
static void measure_rows(const char *path, struct sizes *ret_sizes)
{
    sqlite3 *db = NULL;

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        bench_fail("the store's file cannot be opened");
    ret_sizes->object = average(db, "SELECT avg(length(body)) FROM object WHERE kind = 1");
    ret_sizes->change = average(db, "SELECT avg(length(body)) FROM change");
    ret_sizes->log = average(db, "SELECT avg(length(refs)) FROM log");
    sqlite3_close(db);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        bench_fail(sqlite3_errmsg(db));
    return statement;
}

static void plain_open(struct plain *plain, const char *directory)
{
    snprintf(plain->path, PATH_SIZE, "%s/plain.db", directory);
    if (sqlite3_open(plain->path, &plain->db) != SQLITE_OK ||
        sqlite3_exec(plain->db,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                     "CREATE TABLE object(id INTEGER PRIMARY KEY, kind INTEGER, body BLOB);"
                     "CREATE TABLE change(id INTEGER PRIMARY KEY, state INTEGER, body BLOB);"
                     "CREATE TABLE log(seq INTEGER PRIMARY KEY, refs BLOB);",
                     NULL, NULL, NULL) != SQLITE_OK)
        bench_fail(sqlite3_errmsg(plain->db));
    plain->object = prepare(plain->db, "INSERT INTO object(kind, body) VALUES(1, ?)");
    plain->change = prepare(plain->db, "INSERT INTO change(state, body) VALUES(1, ?)");
    plain->log = prepare(plain->db, "INSERT INTO log(refs) VALUES(?)");
}

static int insert(sqlite3_stmt *statement, int size)
{
    static const char body[PAGE];

    sqlite3_bind_blob(statement, 1, body, size < PAGE ? size : PAGE, SQLITE_STATIC);
    if (sqlite3_step(statement) != SQLITE_DONE)
        return -1;
    return sqlite3_reset(statement) == SQLITE_OK ? 0 : -1;
}

static int plain_insert(void *user, unsigned long count)
{
    struct plain *plain = user;

    for (; count > 0; count--)
        if (sqlite3_exec(plain->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK ||
            insert(plain->object, plain->sizes.object) != 0 ||
            insert(plain->change, plain->sizes.change) != 0 ||
            insert(plain->log, plain->sizes.log) != 0 ||
            sqlite3_exec(plain->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
            return -1;
    return 0;
}

static void plain_close(struct plain *plain)
{
    sqlite3_finalize(plain->object);
    sqlite3_finalize(plain->change);
    sqlite3_finalize(plain->log);
    sqlite3_close(plain->db);
}

/* -- libvio ------------------------------------------------------------------------------------ */

static int create_each(void *user, unsigned long count)
{
    manager_create_each(user, count);
    return 0;
}

static int create_sets(void *user, unsigned long count)
{
    manager_create_sets(user, count, SET);
    return 0;
}

static void remove_all(void *user)
{
    manager_remove_all(user);
}

static int insert_ovs(void *user, unsigned long count)
{
    for (; count > 0; count--)
        if (ovsdb_insert(user) != 0)
            return -1;
    return 0;
}

static void print_flights(struct manager *manager, const char *what)
{
    double ms[FLIGHTS];
    double median;

    for (unsigned i = 0; i < FLIGHTS; i++) {
        uint64_t start = bench_now();

        manager_create_all(manager, FLIGHT);
        ms[i] = (double)(bench_now() - start) / 1e6;
        manager_remove_all(manager);
    }
    median = bench_median(ms, FLIGHTS);
    printf("  10,000 in flight, %-34s %8.1f ms   aim <= 100 ms: %s\n", what, median,
           median <= 100 ? "met" : "not met");
}

/* -- Together ---------------------------------------------------------------------------------- */

static int print_table(struct disk *disk, struct plain *plain, struct manager *manager,
                       struct ovsdb *ovsdb)
{
    struct bench_case cases[] = {
        {.name = "4 KiB written and fdatasync", .run = disk_write, .user = disk},
        {.name = "the same rows by SQLite", .run = plain_insert, .user = plain},
        {.name = "create",
         .run = create_each,
         .reset = remove_all,
         .user = manager,
         .aim_ratio = 1.8},
        {.name = "change set of 16 creations",
         .run = create_sets,
         .reset = remove_all,
         .user = manager},
        {.name = "ovsdb-server: Interface, QoS and Port", .run = insert_ovs, .user = ovsdb},
    };
    size_t count = sizeof cases / sizeof *cases - (ovsdb ? 0 : 1);

    for (size_t i = 1; i < count; i++)
        cases[i].baseline = &cases[0];
    return bench_run("create: durable, one at a time", cases, count);
}

static void clean_up(const char *directory)
{
    static const char *const names[] = {"file",         "plain.db",     "plain.db-wal",
                                        "plain.db-shm", "store.db",     "store.db-wal",
                                        "store.db-shm", "store.db-lock"};
    char path[PATH_SIZE];

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        unlink(path);
    }
    if (rmdir(directory) != 0)
        fprintf(stderr, "bench: %s is not empty\n", directory);
}

int main(void)
{
    struct disk disk = {.fd = -1};
    struct plain plain = {.db = NULL};
    struct manager *durable, *fleeting;
    struct ovsdb *ovsdb;
    char directory[PATH_SIZE / 2], store[PATH_SIZE];
    int status;

    bench_stay();
    snprintf(directory, sizeof directory, "%.128s/vio-bench.XXXXXX", keep_directory());
    if (!mkdtemp(directory))
        bench_fail("a directory cannot be made");
    snprintf(store, sizeof store, "sqlite:%s/store.db", directory);
    durable = manager_new(store, directory);
    manager_create_each(durable, 100);
    measure_rows(store + strlen("sqlite:"), &plain.sizes);
    manager_remove_all(durable);
    disk_open(&disk, directory);
    plain_open(&plain, directory);
    ovsdb = ovsdb_start(directory);
    status = print_table(&disk, &plain, durable, ovsdb);
    ovsdb_stop(ovsdb);
    plain_close(&plain);
    close(disk.fd);
    print_flights(durable, "durable");
    manager_free(durable);
    fleeting = manager_new("memory:", directory);
    print_flights(fleeting, "in a store in memory");
    manager_free(fleeting);
    putchar('\n');
    clean_up(directory);
    return status < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
