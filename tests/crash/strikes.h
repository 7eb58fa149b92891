/* SPDX-License-Identifier: MIT */
/* The program, its chassis, or both are struck at random instants. Each strike is a point. */
#ifndef TESTS_CRASH_STRIKES_H
#define TESTS_CRASH_STRIKES_H

#include "tests/crash/scenario.h"

enum strike {
    STRIKE_OPENING = 0, /* the program is killed while it opens and recovers */
    STRIKE_PROGRAM = 1, /* the program is killed at work */
    STRIKE_CHASSIS = 2, /* vio-chassisd is killed and started anew */
    STRIKE_BOTH = 3,
    STRIKE_POWER = 4, /* the chassis is switched off and on */
    STRIKE_RESET = 5, /* its VPC is reset */
    STRIKES
};

extern const char *const strike_names[STRIKES];

/* One scenario of as many points, or fewer if a rule was broken. Adds to `points` and `tally`. */
void strikes_run(const struct scenario_options *options, unsigned count, unsigned points[STRIKES],
                 struct tally *tally);

#endif
