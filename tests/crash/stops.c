/* SPDX-License-Identifier: MIT */
#include "tests/crash/stops.h"

#include <stdio.h>
#include <string.h>

#include "tests/crash/trouble.h"

#define BATCHES  10
#define SHORT_MS 200   /* time-out of commands that may never end */
#define LONG_MS  20000 /* of others: the machine may be busy */

/* What happens to whom, and at what. */
static const struct {
    const char *name;
    enum { AT_COMMAND, AT_COMPLETION, AT_ALLOCATION, AT_DISK } at;
    enum { PROGRAM_DIES, CHASSIS_DIES, CALL_FAILS, MISHAP } effect;
    const char *words; /* of vio-chassisd(8)'s order "mishap" */
    enum disk disk;
} stops[STOPS] = {
    [STOP_PROGRAM_COMMAND] = {.name = "program killed at the nth command",
                              .at = AT_COMMAND,
                              .effect = PROGRAM_DIES},
    [STOP_PROGRAM_COMPLETION] = {.name = "program killed at the nth completion",
                                 .at = AT_COMPLETION,
                                 .effect = PROGRAM_DIES},
    [STOP_CHASSIS_COMMAND] = {.name = "chassis killed at the nth command",
                              .at = AT_COMMAND,
                              .effect = CHASSIS_DIES},
    [STOP_CHASSIS_COMPLETION] = {.name = "chassis killed at the nth completion",
                                 .at = AT_COMPLETION,
                                 .effect = CHASSIS_DIES},
    [STOP_ALLOCATION] = {.name = "nth allocation fails", .at = AT_ALLOCATION, .effect = CALL_FAILS},
    [STOP_POWER] = {.name = "power lost in the nth write, sync, truncation or removal",
                    .at = AT_DISK,
                    .effect = PROGRAM_DIES,
                    .disk = DISK_POWER},
    [STOP_ERROR] = {.name = "nth write, sync, truncation or removal fails",
                    .at = AT_DISK,
                    .effect = CALL_FAILS,
                    .disk = DISK_ERROR},
    [STOP_FULL] = {.name = "disk full at the nth write, sync, truncation or removal",
                   .at = AT_DISK,
                   .effect = CALL_FAILS,
                   .disk = DISK_FULL},
    [STOP_COMMAND_LOST] = {.name = "nth command lost",
                           .at = AT_COMMAND,
                           .effect = MISHAP,
                           .words = "command lost"},
    [STOP_COMMAND_LATE] = {.name = "nth command late",
                           .at = AT_COMMAND,
                           .effect = MISHAP,
                           .words = "command late delay=3ms"},
    [STOP_COMMAND_CORRUPT] = {.name = "nth command corrupt",
                              .at = AT_COMMAND,
                              .effect = MISHAP,
                              .words = "command corrupt"},
    [STOP_COMMAND_DOUBLED] = {.name = "nth command doubled",
                              .at = AT_COMMAND,
                              .effect = MISHAP,
                              .words = "command doubled"},
    [STOP_COMPLETION_LOST] = {.name = "nth completion lost",
                              .at = AT_COMPLETION,
                              .effect = MISHAP,
                              .words = "completion lost"},
    [STOP_COMPLETION_LATE] = {.name = "nth completion late",
                              .at = AT_COMPLETION,
                              .effect = MISHAP,
                              .words = "completion late delay=3ms"},
    [STOP_COMPLETION_CORRUPT] = {.name = "nth completion corrupt",
                                 .at = AT_COMPLETION,
                                 .effect = MISHAP,
                                 .words = "completion corrupt"},
    [STOP_COMPLETION_DOUBLED] = {.name = "nth completion doubled",
                                 .at = AT_COMPLETION,
                                 .effect = MISHAP,
                                 .words = "completion doubled"},
};

const char *stop_name(enum stop stop)
{
    return stops[stop].name;
}

bool stops_chassis(enum stop stop)
{
    return stops[stop].effect == CHASSIS_DIES;
}

static bool kills(enum stop stop)
{
    return stops[stop].effect == PROGRAM_DIES;
}

/* -- The trap ---------------------------------------------------------------------------------- */

static void arm_mishap(struct scenario *scenario, enum stop stop, uint32_t at)
{
    char order[80];

    snprintf(order, sizeof order, "mishap %s skip=%u", stops[stop].words, at - 1);
    if (at > 0 && !chassis_order(&scenario->chassis, order, NULL, 0))
        trouble("\"%s\" is refused", order);
}

static void disarm_mishaps(struct scenario *scenario)
{
    chassis_order(&scenario->chassis, "mishap command lost count=0", NULL, 0);
    chassis_order(&scenario->chassis, "mishap completion lost count=0", NULL, 0);
}

static void arm(struct scenario *scenario, enum stop stop, uint32_t at)
{
    struct trap *trap = scenario->chassis.trap;
    bool device = stops[stop].at == AT_COMMAND || stops[stop].at == AT_COMPLETION;

    trap->what = stops[stop].at == AT_COMPLETION ? VIOSIM_COMPLETION : VIOSIM_COMMAND;
    trap->victim = kills(stop) ? TRAP_UNKNOWN : 0;
    trap->left = device && stops[stop].effect != MISHAP ? at : 0;
    scenario->worker.allocations = &trap->allocations;
    scenario->worker.disk_calls = stops[stop].at == AT_DISK ? &trap->disk_calls : NULL;
    scenario->worker.fail_allocation = stops[stop].at == AT_ALLOCATION ? at : 0;
    scenario->worker.fail_disk = stops[stop].at == AT_DISK ? at : 0;
    scenario->worker.disk = stops[stop].disk;
    scenario->worker.seed = at;
    scenario->worker.command_timeout_ms = SHORT_MS;
    scenario->mortal = kills(stop);
    if (stops[stop].effect == MISHAP)
        arm_mishap(scenario, stop, at);
}

static void disarm(struct scenario *scenario)
{
    scenario->chassis.trap->left = 0;
    scenario->worker.allocations = scenario->worker.disk_calls = NULL;
    scenario->worker.fail_allocation = scenario->worker.fail_disk = 0;
    scenario->worker.command_timeout_ms = LONG_MS;
    scenario->mortal = false;
}

static uint32_t count(const struct trap *trap, enum stop stop)
{
    switch (stops[stop].at) {
    case AT_ALLOCATION:
        return trap->allocations;
    case AT_DISK:
        return trap->disk_calls;
    default:
        return trap->seen[trap->what];
    }
}

/* -- The same work ----------------------------------------------------------------------------- */

/* One order at a time, then several; false: the program is dead, or hangs. Without a chassis orders
 * only take their time to fail. */
static bool work(struct scenario *scenario, bool until_sprung)
{
    const struct trap *trap = scenario->chassis.trap;

    for (unsigned i = 0; i < BATCHES; i++) {
        if (until_sprung && trap->left == 0)
            break;
        scenario_send_orders(scenario, i % 3 == 2 ? 3 : 1);
        if (!scenario_expect_answers(scenario))
            return false;
    }
    return true;
}

static void live(struct scenario *scenario, enum stop stop, uint32_t at)
{
    bool alive;

    arm(scenario, stop, at);
    scenario_start(scenario);
    scenario->chassis.trap->victim = kills(stop) ? scenario->program.process : 0;
    scenario->troubled = true;
    alive = scenario_await_open(scenario) &&
            work(scenario, at > 0 && stops[stop].effect == CHASSIS_DIES);
    scenario->chassis.trap->left = 0;
    if (alive && at % 2 == 0)
        scenario_leave(scenario);
    else
        scenario_kill(scenario);
    if (stops[stop].effect == CHASSIS_DIES)
        scenario_restart_chassis(scenario);
    else if (stops[stop].effect == MISHAP)
        disarm_mishaps(scenario);
    disarm(scenario);
}

uint32_t stops_run_one(const struct scenario_options *options, enum stop stop, uint32_t at,
                       struct tally *tally)
{
    static struct scenario scenario; /* large */
    struct trap *trap = options->trap;
    uint32_t things;

    memset(trap, 0, sizeof *trap);
    scenario_begin(&scenario, options);
    snprintf(scenario.point, sizeof scenario.point, "%s, n = %u (-k %d -a %u)", stops[stop].name,
             at, (int)stop, at);
    live(&scenario, stop, at);
    things = count(trap, stop);
    scenario_end(&scenario);
    tally_add(tally, &scenario.tally);
    return things;
}

void stops_run(const struct scenario_options *options, enum stop stop, unsigned stride,
               unsigned offset, unsigned *points, struct tally *tally)
{
    uint32_t things = stops_run_one(options, stop, 0, tally);

    for (uint32_t at = 1 + offset; at <= things; at += stride) {
        stops_run_one(options, stop, at, tally);
        ++*points;
    }
}
