/* SPDX-License-Identifier: MIT */
#include "bench/bench.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define NS_PER_S UINT64_C(1000000000)

enum { NAME_WIDTH = 46, COUNT_MAX = 100000000 };

/* The times per operation of one case, ns, by round. */
struct series {
    unsigned long count; /* operations in a round */
    double *times;
};

uint64_t bench_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

void bench_fail(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(EXIT_FAILURE);
}

void bench_stay(void)
{
    cpu_set_t set;
    int cpu = sched_getcpu();

    CPU_ZERO(&set);
    CPU_SET(cpu < 0 ? 0 : cpu, &set);
    if (sched_setaffinity(0, sizeof(set), &set) < 0)
        bench_fail("cannot stay on one core");
}

static size_t wanted_rounds(void)
{
    const char *text = getenv("VIO_BENCH_ROUNDS");
    long rounds = text != NULL ? strtol(text, NULL, 10) : 0;

    return rounds >= 1 && rounds <= 10000 ? (size_t)rounds : BENCH_ROUNDS;
}

static int time_case(const struct bench_case *one, unsigned long count, uint64_t *ret_ns)
{
    uint64_t start = bench_now();

    if (one->run(one->user, count) < 0) {
        fprintf(stderr, "bench: %s: an operation failed\n", one->name);
        return -1;
    }
    *ret_ns = bench_now() - start;
    if (one->reset != NULL)
        one->reset(one->user);
    return 0;
}

/* Doubles the count until a round takes a quarter of its time, which also warms up; then scales. */
static int calibrate(const struct bench_case *one, unsigned long *ret_count)
{
    const uint64_t wanted = BENCH_ROUND_MS * UINT64_C(1000000);
    unsigned long count = 1;
    uint64_t ns = 0;

    for (;;) {
        if (time_case(one, count, &ns) < 0)
            return -1;
        if (ns >= wanted / 4 || count >= COUNT_MAX)
            break;
        count *= 2;
    }
    *ret_count = (unsigned long)((double)count * (double)wanted / (double)(ns != 0 ? ns : 1));
    if (*ret_count == 0)
        *ret_count = 1;
    return 0;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Of `num` values, which it sorts: the one below which `part` of them are. */
static double quantile(double *values, size_t num, double part)
{
    qsort(values, num, sizeof(*values), compare);
    return values[(size_t)(part * (double)(num - 1) + 0.5)];
}

double bench_median(double *values, size_t num)
{
    return quantile(values, num, 0.5);
}

/* The median of the ratios of the rounds, not the ratio of the medians: a slow spell that covers a
 * round hits both sides of it. */
static double median_ratio(const struct series *one, const struct series *baseline, double *scratch,
                           size_t rounds)
{
    for (size_t i = 0; i < rounds; i++)
        scratch[i] = one->times[i] / baseline->times[i];
    return quantile(scratch, rounds, 0.5);
}

static void print_aim(const char *relation, double aim, const char *unit, int met)
{
    printf("   aim %s %.4g%s: %s", relation, aim, unit, met ? "met" : "not met");
}

static void print_case(const struct bench_case *one, const struct series *series, double ratio,
                       double *scratch, size_t rounds)
{
    double median;
    double spread;

    for (size_t i = 0; i < rounds; i++)
        scratch[i] = series->times[i];
    median = quantile(scratch, rounds, 0.5);
    spread = (quantile(scratch, rounds, 0.75) - quantile(scratch, rounds, 0.25)) / median * 100.0;
    printf("  %-*s %10.1f %12.0f %5.0f %%", NAME_WIDTH, one->name, median, 1e9 / median, spread);
    if (one->baseline != NULL)
        printf(" %7.2fx", ratio);
    if (one->aim_ratio > 0)
        print_aim("<=", one->aim_ratio, "x", ratio <= one->aim_ratio);
    if (one->aim_rate > 0)
        print_aim(">=", one->aim_rate / 1e6, " M/s", 1e9 / median >= one->aim_rate);
    putchar('\n');
}

static void print_table(const char *title, const struct bench_case *cases,
                        const struct series *series, size_t num_cases, double *scratch,
                        size_t rounds)
{
    printf("%s\n  %-*s %10s %12s %7s %8s\n", title, NAME_WIDTH, "", "ns", "per second", "spread",
           "ratio");
    for (size_t i = 0; i < num_cases; i++) {
        double ratio = 0;

        if (cases[i].baseline != NULL)
            ratio = median_ratio(&series[i], &series[cases[i].baseline - cases], scratch, rounds);
        print_case(&cases[i], &series[i], ratio, scratch, rounds);
    }
    putchar('\n');
    fflush(stdout);
}

static int measure(const struct bench_case *cases, struct series *series, size_t num_cases,
                   size_t rounds)
{
    for (size_t i = 0; i < num_cases; i++)
        if (calibrate(&cases[i], &series[i].count) < 0)
            return -1;
    for (size_t round = 0; round < rounds; round++) {
        for (size_t i = 0; i < num_cases; i++) {
            uint64_t ns;

            if (time_case(&cases[i], series[i].count, &ns) < 0)
                return -1;
            series[i].times[round] = (double)ns / (double)series[i].count;
        }
    }
    return 0;
}

int bench_run(const char *title, const struct bench_case *cases, size_t num_cases)
{
    size_t rounds = wanted_rounds();
    struct series *series = calloc(num_cases, sizeof(*series));
    double *times = calloc((num_cases + 1) * rounds, sizeof(*times));
    int r;

    if (series == NULL || times == NULL)
        bench_fail("no memory");
    for (size_t i = 0; i < num_cases; i++)
        series[i].times = times + (i + 1) * rounds;
    r = measure(cases, series, num_cases, rounds);
    if (r == 0)
        print_table(title, cases, series, num_cases, times, rounds);
    free(times);
    free(series);
    return r;
}
