/* SPDX-License-Identifier: MIT */
/*
 * A store and a chassis through many lives of the program that uses them: each life recovers what
 * the one before left, is judged, works, and is ended, mostly by force.
 */
#ifndef TESTS_CRASH_SCENARIO_H
#define TESTS_CRASH_SCENARIO_H

#include "tests/crash/judge.h"
#include "tests/crash/program.h"

struct scenario_options {
    const char *folder;      /* of the scenario's own, empty */
    const char *daemon;      /* vio-chassisd */
    const char *description; /* chassis.yaml */
    struct trap *trap;       /* NULL: the chassis is vio-chassisd */
    uint64_t seed;
    bool chassis; /* it is struck, too */
    bool verbose; /* prints every order, and how it ended */
};

/* What happened in several scenarios. */
struct tally {
    unsigned acknowledged, refused; /* orders */
    unsigned finished, undone;      /* orders that were not answered: which way they went */
    unsigned edits;                 /* of orders that happened */
    unsigned violations;
};

struct scenario {
    const struct scenario_options *options;
    struct tally tally;
    struct vio_prng prng; /* of instants; the model has its own */
    struct model model;
    struct judge judge;
    struct chassis chassis;
    struct program program;
    struct worker_options worker;
    char store[128];    /* its path */
    char point[160];    /* what was done last, for complaints */
    bool troubled;      /* orders may fail in this life */
    bool mortal;        /* the program may die */
    struct answer last; /* that is of no order of the model */
    struct sight api;
};

unsigned scenario_below(struct scenario *scenario, unsigned bound);

/* Starts the chassis; the store is not there yet. */
void scenario_begin(struct scenario *scenario, const struct scenario_options *options);
/* Opens once more, judges and leaves, unless something was found already; ends the chassis and
 * empties the folder. */
void scenario_end(struct scenario *scenario);

/* A function that the store knows nothing of, which has to stay as it is. */
void scenario_make_foreign(struct scenario *scenario);

/* Starts the program; scenario_await_open() says whether it could open store and chassis. */
void scenario_start(struct scenario *scenario);
bool scenario_await_open(struct scenario *scenario);
/* SIGKILL. What it has said before counts. */
void scenario_kill(struct scenario *scenario);
/* It closes everything and ends. */
void scenario_leave(struct scenario *scenario);

/* Draws orders and sends them, at most `count`, and no more than can be open at a time. */
void scenario_send_orders(struct scenario *scenario, unsigned count);
/* Listens until all orders are answered, or until clock_us() is `until`. */
enum receipt scenario_listen(struct scenario *scenario, uint64_t until);
/* Complains unless all orders are answered in good time. False: it died, or hangs. */
bool scenario_expect_answers(struct scenario *scenario);

/* The program is idle: store, device, API and what was acknowledged have to agree. */
void scenario_judge(struct scenario *scenario);

/* SIGKILL for the chassis, and a new one in its place. */
void scenario_restart_chassis(struct scenario *scenario);
/* All functions are gone from the device, by whatever means. */
void scenario_lost_functions(struct scenario *scenario);

void tally_add(struct tally *sum, const struct tally *tally);

#endif
