/* SPDX-License-Identifier: MIT */
/*
 * What a store costs per vAdapter as it grows from 10^2 to 10^6 of them: to open its file, to find
 * one by its MAC, to create one in memory, and the memory that it stays in. One line for each size,
 * and the same as a table for gnuplot where VIO_BENCH_DATA names a file.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/keep.h"
#include "lib/base/random.h"

enum { SIZES = 5, ROUNDS = 5, LOOK_UPS = 100000, BATCH = 64, BATCHES = 50 };

static const size_t sizes[SIZES] = {100, 1000, 10000, 100000, 1000000};

struct cost {
    double open;    /* ns for each vAdapter */
    double look_up; /* ns */
    double create;  /* ns, without a disk */
    double bytes;   /* resident, for each vAdapter */
};

static double resident(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    unsigned long all, pages;

    malloc_trim(0);
    if (!file || fscanf(file, "%lu %lu", &all, &pages) != 2)
        bench_fail("/proc/self/statm cannot be read");
    fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

/* -- Finding ----------------------------------------------------------------------------------- */

static double time_look_ups(struct keep *keep, size_t size, unsigned round)
{
    struct vio_prng prng;
    uint64_t start;

    vio__prng_seed(&prng, round);
    start = bench_now();
    for (unsigned i = 0; i < LOOK_UPS; i++) {
        struct vio_address mac = keep_mac(vio__prng_below(&prng, size));
        struct vio_vadapter_info *vadapter;

        if (vio__store_find_address(keep->store, &mac, &vadapter) != 0)
            bench_fail("a vAdapter was not found");
        vio__vadapter_unref(vadapter);
    }
    return (double)(bench_now() - start) / LOOK_UPS;
}

/* -- Opening ----------------------------------------------------------------------------------- */

static void measure_file(const char *path, size_t size, struct cost *cost)
{
    double opens[ROUNDS], look_ups[ROUNDS];
    struct keep keep;

    keep_open(&keep, &vio__backend_sqlite, path);
    keep_fill(&keep, 0, size);
    keep_close(&keep);
    for (unsigned round = 0; round < ROUNDS; round++) {
        double before = resident();
        uint64_t start = bench_now();

        keep_open(&keep, &vio__backend_sqlite, path);
        opens[round] = (double)(bench_now() - start) / (double)size;
        if (round == 0)
            cost->bytes = (resident() - before) / (double)size;
        look_ups[round] = time_look_ups(&keep, size, round);
        keep_close(&keep);
    }
    cost->open = bench_median(opens, ROUNDS);
    cost->look_up = bench_median(look_ups, ROUNDS);
}

static void remove_file(const char *path)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-lock"};
    char name[512];

    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
        unlink(name);
    }
}

/* -- Creating ---------------------------------------------------------------------------------- */

static double time_batch(struct keep *keep, size_t size)
{
    struct vio_record created[BATCH], removed[BATCH];
    uint64_t start;
    double ns;

    for (size_t i = 0; i < BATCH; i++) {
        created[i] = keep_creation(keep_vadapter(size + i));
        removed[i] = keep_removal(created[i].object);
    }
    start = bench_now();
    keep_commit(keep, created, BATCH);
    ns = (double)(bench_now() - start) / BATCH;
    keep_commit(keep, removed, BATCH);
    for (size_t i = 0; i < BATCH; i++)
        vio__vadapter_unref((struct vio_vadapter_info *)created[i].object);
    return ns;
}

static void measure_memory(size_t size, struct cost *cost)
{
    double creations[BATCHES];
    struct keep keep;

    keep_open(&keep, &vio__backend_memory, "");
    keep_fill(&keep, 0, size);
    for (unsigned i = 0; i < BATCHES; i++)
        creations[i] = time_batch(&keep, size);
    cost->create = bench_median(creations, BATCHES);
    keep_close(&keep);
}

/* -- Showing ----------------------------------------------------------------------------------- */

static void write_data(const struct cost *costs)
{
    const char *path = getenv("VIO_BENCH_DATA");
    FILE *file = path ? fopen(path, "w") : NULL;

    if (path && !file)
        bench_fail("the file that VIO_BENCH_DATA names cannot be written");
    if (!file)
        return;
    fputs("# vAdapters, ns to open, to look up, to create; bytes; each for one vAdapter\n", file);
    for (size_t i = 0; i < SIZES; i++)
        fprintf(file, "%zu %.1f %.1f %.1f %.1f\n", sizes[i], costs[i].open, costs[i].look_up,
                costs[i].create, costs[i].bytes);
    if (fclose(file) != 0)
        bench_fail("the file that VIO_BENCH_DATA names cannot be written");
}

static void print_aim(const char *what, double value, const char *unit, double aim)
{
    printf("  %-40s %10.4g %-3s  aim <= %.4g %s: %s\n", what, value, unit, aim, unit,
           value <= aim ? "met" : "not met");
}

/* How much the dearest size costs beside the cheapest. */
static double spread(const struct cost *costs, size_t member)
{
    double least = 0, most = 0;

    for (size_t i = 0; i < SIZES; i++) {
        double value = *(const double *)((const char *)&costs[i] + member);

        least = i == 0 || value < least ? value : least;
        most = value > most ? value : most;
    }
    return most / least;
}

static void print_costs(const struct cost *costs)
{
    const struct cost *last = &costs[SIZES - 1];

    printf("store: for each vAdapter, as their number grows\n  %10s %12s %12s %12s %12s\n",
           "vAdapters", "open, ns", "look-up, ns", "create, ns", "bytes");
    for (size_t i = 0; i < SIZES; i++)
        printf("  %10zu %12.0f %12.0f %12.0f %12.0f\n", sizes[i], costs[i].open, costs[i].look_up,
               costs[i].create, costs[i].bytes);
    print_aim("open with a million", last->open * (double)sizes[SIZES - 1] / 1e9, "s", 1.5);
    print_aim("look-up by MAC at a million", last->look_up / 1000, "us", 0.6);
    print_aim("resident bytes at a million", last->bytes, "", 256);
    print_aim("create, dearest beside cheapest size", spread(costs, offsetof(struct cost, create)),
              "x", 1.5);
    print_aim("look-up, dearest beside cheapest size",
              spread(costs, offsetof(struct cost, look_up)), "x", 1.5);
    putchar('\n');
}

int main(void)
{
    struct cost costs[SIZES];
    char path[512];

    for (size_t i = 0; i < SIZES; i++) {
        snprintf(path, sizeof path, "%s/vio-bench-%ld-%zu.db", keep_directory(), (long)getpid(),
                 sizes[i]);
        remove_file(path);
        measure_file(path, sizes[i], &costs[i]);
        remove_file(path);
        measure_memory(sizes[i], &costs[i]);
    }
    print_costs(costs);
    write_data(costs);
    return EXIT_SUCCESS;
}
