/* SPDX-License-Identifier: MIT */
/* Owners that fall silent: whoever comes next has the chassis and the store to himself. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/crash/scenario.h"
#include "tests/support/test.h"

#define SILENCE_US 3200000 /* a lease ends after 3 s; the rest is what waking up takes */
#define ANSWER_US  20000000

struct fixture {
    char folder[128], daemon[200], description[200];
    struct scenario_options options;
    struct scenario scenario;
};

static void begin(struct fixture *fixture, uint64_t seed)
{
    const char *base = getenv("TMPDIR"), *source = getenv("top_srcdir"),
               *build = getenv("top_builddir");

    snprintf(fixture->folder, sizeof fixture->folder, "%s/vio-owners-XXXXXX",
             base != NULL ? base : P_tmpdir);
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->daemon, sizeof fixture->daemon, "%s/vio-chassisd",
             build != NULL ? build : ".");
    snprintf(fixture->description, sizeof fixture->description, "%s/tests/crash/chassis.yaml",
             source != NULL ? source : ".");
    fixture->options = (struct scenario_options){.folder = fixture->folder,
                                                 .daemon = fixture->daemon,
                                                 .description = fixture->description,
                                                 .seed = seed};
    scenario_begin(&fixture->scenario, &fixture->options);
}

static void work(struct scenario *scenario, unsigned orders)
{
    for (unsigned i = 0; i < orders; i++) {
        scenario_send_orders(scenario, 1);
        assert_true(scenario_expect_answers(scenario));
    }
    assert_int_equal(scenario->judge.violations, 0);
}

/* Without a word from anyone: neither waits nor takes over. */
static void come_next(struct scenario *scenario)
{
    scenario->worker.take_over = false;
    scenario_start(scenario);
    assert_true(scenario_await_open(scenario));
    scenario_judge(scenario);
    assert_int_equal(scenario->judge.violations, 0);
}

static void end(struct fixture *fixture)
{
    scenario_end(&fixture->scenario);
    assert_int_equal(fixture->scenario.judge.violations, 0);
    assert_int_equal(rmdir(fixture->folder), 0);
}

/* What an order of the stopped owner's ends with, which no model knows of. */
static int outcome_of(struct program *program, uint32_t number)
{
    struct answer answer;

    while (program_receive(program, clock_us() + ANSWER_US, &answer) == RECEIPT_ANSWER)
        if (answer.report == REPORT_DONE && answer.number == number)
            return answer.status;
    fail_msg("the owner that was stopped never answers");
    return 0;
}

static struct order late_order(void)
{
    struct order order = {.task = TASK_APPLY, .number = 1000000, .single = true, .count = 1};

    order.edit[0].verb = VERB_CREATE;
    order.edit[0].after = (struct thing){.noun = NOUN_VADAPTER,
                                         .name = "late",
                                         .exists = true,
                                         .kind = VIO_VADAPTER_VNIC,
                                         .server = "server1",
                                         .adapter = "slot1"};
    return order;
}

/* The owner of one chassis is killed, that of the other one stopped; both waits are one. */
static void one_who_is_silent_for_3_seconds_owns_nothing_any_more(void **state)
{
    static struct fixture killed, stopped; /* large */
    struct order order = late_order();
    struct program sleeper;
    uint64_t changes;

    (void)state;
    begin(&killed, 11);
    begin(&stopped, 12);
    scenario_start(&killed.scenario);
    assert_true(scenario_await_open(&killed.scenario));
    work(&killed.scenario, 12);
    scenario_start(&stopped.scenario);
    assert_true(scenario_await_open(&stopped.scenario));
    work(&stopped.scenario, 12);
    sleeper = stopped.scenario.program;
    kill(sleeper.process, SIGSTOP);
    program_send(&sleeper, &order);
    scenario_kill(&killed.scenario);
    usleep(SILENCE_US);

    come_next(&killed.scenario);
    work(&killed.scenario, 12);
    scenario_leave(&killed.scenario);
    end(&killed);

    come_next(&stopped.scenario);
    work(&stopped.scenario, 12);
    changes = chassis_stat(&stopped.scenario.chassis, "changes");
    kill(sleeper.process, SIGCONT);
    assert_int_equal(outcome_of(&sleeper, order.number), VIO_EFENCED);
    assert_int_equal(chassis_stat(&stopped.scenario.chassis, "changes"), changes);
    scenario_judge(&stopped.scenario);
    assert_int_equal(stopped.scenario.judge.violations, 0);
    work(&stopped.scenario, 4);
    program_kill(&sleeper);
    program_forget(&sleeper);
    scenario_leave(&stopped.scenario);
    end(&stopped);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_who_is_silent_for_3_seconds_owns_nothing_any_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
