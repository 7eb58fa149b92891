/* SPDX-License-Identifier: MIT */
/*
 * What the benchmarks share: cases that take turns, medians, and the table that is printed.
 *
 * A case carries out a number of operations. It may name another case of the same table as its
 * baseline, and is then printed with the ratio of the two. How often a case repeats its operation
 * is found out first, so that each of its rounds takes about BENCH_ROUND_MS. In each round every
 * case has its turn, so what disturbs the machine disturbs all of them.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stddef.h>
#include <stdint.h>

enum { BENCH_ROUND_MS = 20, BENCH_ROUNDS = 15 };

struct bench_case {
    const char *name;
    int (*run)(void *user, unsigned long count); /* 0, or -1 where an operation failed */
    void *user;
    const struct bench_case *baseline; /* NULL: none; a case of the same table */
    double aim_ratio;                  /* at most so often the time of the baseline; 0: none */
    double aim_rate;                   /* at least so many operations a second; 0: none */
    void (*reset)(void *user);         /* after each round, untimed: undoes it; NULL: nothing */
};

/* Measures all and prints a table. No time makes it fail, only a case that does; then it says which
 * one. 0 or -1. VIO_BENCH_ROUNDS in the environment stands for BENCH_ROUNDS. */
int bench_run(const char *title, const struct bench_case *cases, size_t num_cases);

/* The median of `num` values, which it sorts. */
double bench_median(double *values, size_t num);

/* ns of a clock that only goes forward. */
uint64_t bench_now(void);

/* Keeps this process, and those that it starts, on the core where it is: waking an idle core of a
 * virtual machine costs more than what is measured. */
void bench_stay(void);

/* Prints what a benchmark could not do and ends the process: a benchmark is a program of its own.
 */
void bench_fail(const char *what) __attribute__((noreturn));

#endif
