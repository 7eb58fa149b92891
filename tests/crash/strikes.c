/* SPDX-License-Identifier: MIT */
#include "tests/crash/strikes.h"

#include <stdio.h>

#define OPENING_US 3000 /* an opening takes about as long */
#define WORKING_US 2500 /* so does a batch of orders */

const char *const strike_names[STRIKES] = {
    [STRIKE_OPENING] = "program killed while it opens",
    [STRIKE_PROGRAM] = "program killed",
    [STRIKE_CHASSIS] = "vio-chassisd killed",
    [STRIKE_BOTH] = "both killed",
    [STRIKE_POWER] = "chassis power-cycled",
    [STRIKE_RESET] = "VPC reset",
};

static enum strike draw_strike(struct scenario *scenario)
{
    static const enum strike strikes[] = {
        STRIKE_OPENING, STRIKE_OPENING, STRIKE_PROGRAM, STRIKE_PROGRAM, STRIKE_PROGRAM,
        STRIKE_PROGRAM, STRIKE_CHASSIS, STRIKE_BOTH,    STRIKE_POWER,   STRIKE_RESET,
    };
    const unsigned programs = 6; /* the first ones */

    return strikes[scenario_below(
        scenario, scenario->options->chassis ? sizeof strikes / sizeof *strikes : programs)];
}

static void trouble_chassis(struct scenario *scenario, enum strike strike)
{
    if (strike == STRIKE_CHASSIS)
        scenario_restart_chassis(scenario);
    else
        chassis_order(&scenario->chassis, strike == STRIKE_POWER ? "power-cycle" : "vpc-reset",
                      NULL, 0);
    scenario_lost_functions(scenario);
}

/* The program outlives this one: all of its orders end, one way or the other. */
static void strike_chassis(struct scenario *scenario, enum strike strike)
{
    scenario->troubled = true;
    trouble_chassis(scenario, strike);
    if (scenario_below(scenario, 2) != 0 && scenario_expect_answers(scenario) &&
        scenario_below(scenario, 2) != 0)
        scenario_leave(scenario);
    else
        scenario_kill(scenario);
}

static void strike(struct scenario *scenario, enum strike strike)
{
    if (strike == STRIKE_BOTH && scenario_below(scenario, 2) != 0)
        chassis_strike(&scenario->chassis);
    if (strike == STRIKE_PROGRAM || strike == STRIKE_OPENING || strike == STRIKE_BOTH)
        scenario_kill(scenario);
    else
        strike_chassis(scenario, strike);
    if (strike == STRIKE_BOTH)
        scenario_restart_chassis(scenario);
}

static void work(struct scenario *scenario)
{
    for (unsigned batches = scenario_below(scenario, 4); batches > 0; batches--) {
        scenario_send_orders(scenario, 1 + scenario_below(scenario, 4));
        if (!scenario_expect_answers(scenario))
            return;
    }
    scenario_send_orders(scenario, 1 + scenario_below(scenario, 4));
}

/* One life, and how it ends. */
static void live(struct scenario *scenario, unsigned point, unsigned points[STRIKES])
{
    enum strike kind = draw_strike(scenario);
    unsigned delay = scenario_below(scenario, kind == STRIKE_OPENING ? OPENING_US : WORKING_US);
    struct answer answer;

    scenario_start(scenario);
    if (kind == STRIKE_OPENING) {
        program_receive(&scenario->program, clock_us() + delay, &answer);
    } else {
        if (!scenario_await_open(scenario))
            return;
        scenario_judge(scenario);
        if (scenario->judge.violations == 0)
            work(scenario);
        if (scenario->judge.violations > 0)
            return;
        scenario_listen(scenario, clock_us() + delay);
    }
    snprintf(scenario->point, sizeof scenario->point, "after point %u (%s after %u us)", point,
             strike_names[kind], delay);
    if (scenario->options->verbose)
        puts(scenario->point);
    strike(scenario, kind);
    points[kind]++;
}

void strikes_run(const struct scenario_options *options, unsigned count, unsigned points[STRIKES],
                 struct tally *tally)
{
    static struct scenario scenario; /* large */

    scenario_begin(&scenario, options);
    if (scenario_below(&scenario, 4) == 0)
        scenario_make_foreign(&scenario);
    for (unsigned i = 0; i < count && scenario.judge.violations == 0; i++)
        live(&scenario, i + 1, points);
    scenario_end(&scenario);
    tally_add(tally, &scenario.tally);
}
