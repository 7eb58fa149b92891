/* SPDX-License-Identifier: MIT */
/*
 * The same work is stopped, or disturbed, at each thing that it does in turn: at its first command,
 * at its second command, and so on. Each of them is a point.
 */
#ifndef TESTS_CRASH_STOPS_H
#define TESTS_CRASH_STOPS_H

#include "tests/crash/scenario.h"

enum stop {
    STOP_PROGRAM_COMMAND = 0,    /* the program is killed when the device fetches the nth command */
    STOP_PROGRAM_COMPLETION = 1, /* … when it has written the nth completion */
    STOP_CHASSIS_COMMAND = 2,    /* the chassis dies at the nth command */
    STOP_CHASSIS_COMPLETION = 3,
    STOP_ALLOCATION = 4,   /* the nth allocation fails, and the program goes on */
    STOP_POWER = 5,        /* power is lost in the nth call that changes a file; not the chassis' */
    STOP_ERROR = 6,        /* the nth call that changes a file fails, and the program goes on */
    STOP_FULL = 7,         /* the same, as the disk is full */
    STOP_COMMAND_LOST = 8, /* mishaps of the nth command and completion; the program goes on */
    STOP_COMMAND_LATE = 9,
    STOP_COMMAND_CORRUPT = 10,
    STOP_COMMAND_DOUBLED = 11,
    STOP_COMPLETION_LOST = 12,
    STOP_COMPLETION_LATE = 13,
    STOP_COMPLETION_CORRUPT = 14,
    STOP_COMPLETION_DOUBLED = 15,
    STOPS
};

const char *stop_name(enum stop stop);
bool stops_chassis(enum stop stop);

/* Stops at that thing, or 0: at none; how many there were. `options->trap` is set. */
uint32_t stops_run_one(const struct scenario_options *options, enum stop stop, uint32_t at,
                       struct tally *tally);

/*
 * All points of a kind, or every `stride`th, begun with the `offset`th. Adds to `points` and
 * `tally`.
 */
void stops_run(const struct scenario_options *options, enum stop stop, unsigned stride,
               unsigned offset, unsigned *points, struct tally *tally);

#endif
