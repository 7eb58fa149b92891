/* SPDX-License-Identifier: MIT */
#include "tests/crash/scenario.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/crash/file.h"
#include "tests/crash/trouble.h"

#define HANG_US    UINT64_C(30000000)
#define COMMAND_MS 20000 /* time-out of one command of the device; the machine may be busy */

unsigned scenario_below(struct scenario *scenario, unsigned bound)
{
    return (unsigned)vio__prng_below(&scenario->prng, bound);
}

/* -- Following what happens ----------------------------------------------------------------------
 */

static void print_order(const struct scenario *scenario, const struct order *order)
{
    if (!scenario->options->verbose)
        return;
    printf("order %u:%s", order->number, order->task == TASK_UNDO ? " undo" : "");
    for (uint32_t i = 0; i < order->count; i++) {
        const struct thing *after = &order->edit[i].after;

        printf(" [verb %d %s%s%s%s%s]", order->edit[i].verb, after->name,
               after->exists ? "" : " gone", after->retired ? " retired" : "",
               after->server[0] != '\0' ? " in " : "", after->server);
    }
    putchar('\n');
}

static void print_outcome(const struct scenario *scenario, const struct answer *answer)
{
    if (scenario->options->verbose)
        printf("order %u ended with %s; change set %llu\n", answer->number,
               answer->status == 0 ? "success" : vio_error_name(answer->status),
               (unsigned long long)answer->change);
}

/* -- Listening --------------------------------------------------------------------------------- */

static void take_outcome(struct scenario *scenario, const struct answer *answer,
                         const struct pending *pending)
{
    print_outcome(scenario, answer);
    if (answer->status != 0 && !scenario->troubled)
        judge_complain(&scenario->judge, "order %u, verb %d on %s, ended with %s: %s",
                       answer->number, pending->order.edit[0].verb,
                       pending->order.edit[0].after.name, vio_error_name(answer->status),
                       answer->message);
    if (answer->status == 0)
        scenario->tally.edits += pending->order.count;
    scenario->tally.acknowledged += answer->status == 0;
    scenario->tally.refused += answer->status != 0;
    model_answer(&scenario->model, answer);
}

static void take(struct scenario *scenario, const struct answer *answer)
{
    const struct pending *pending = model_pending(&scenario->model, answer->number);

    if (answer->report == REPORT_SEEN || answer->report == REPORT_IDENTITY)
        sight_add(&scenario->api, answer);
    else if (answer->report == REPORT_LEFT)
        judge_complain(&scenario->judge, "change set %llu is left %s",
                       (unsigned long long)answer->change, answer->message);
    else if (answer->report == REPORT_DRAWN)
        model_answer(&scenario->model, answer);
    else if (answer->report == REPORT_DONE && pending != NULL)
        take_outcome(scenario, answer, pending);
    else
        scenario->last = *answer;
}

enum receipt scenario_listen(struct scenario *scenario, uint64_t until)
{
    enum receipt receipt = RECEIPT_ANSWER;
    struct answer answer;

    while (receipt == RECEIPT_ANSWER && model_unanswered(&scenario->model) > 0) {
        receipt = program_receive(&scenario->program, until, &answer);
        if (receipt == RECEIPT_ANSWER)
            take(scenario, &answer);
    }
    return receipt;
}

bool scenario_expect_answers(struct scenario *scenario)
{
    enum receipt receipt = scenario_listen(scenario, clock_us() + HANG_US);

    if (receipt == RECEIPT_GONE && !scenario->mortal)
        judge_complain(&scenario->judge, "the program died");
    else if (receipt == RECEIPT_NONE)
        judge_complain(&scenario->judge, "%zu orders are never answered",
                       model_unanswered(&scenario->model));
    return receipt == RECEIPT_ANSWER;
}

/* Waits for the report of something else than an order of the model; its status. */
static int await_report(struct scenario *scenario, uint32_t number)
{
    enum receipt receipt = RECEIPT_ANSWER;
    struct answer answer;

    scenario->last = (struct answer){.report = 0};
    while (receipt == RECEIPT_ANSWER && scenario->last.report == 0) {
        receipt = program_receive(&scenario->program, clock_us() + HANG_US, &answer);
        if (receipt == RECEIPT_ANSWER)
            take(scenario, &answer);
    }
    if (receipt == RECEIPT_ANSWER && scenario->last.number == number)
        return scenario->last.status;
    if (receipt != RECEIPT_GONE)
        judge_complain(&scenario->judge, "the program hangs");
    else if (!scenario->mortal)
        judge_complain(&scenario->judge, "the program died");
    return VIO_ETIMEDOUT;
}

static int ask(struct scenario *scenario, enum task task)
{
    struct order order = {.task = task, .number = ++scenario->model.numbers};

    program_send(&scenario->program, &order);
    return await_report(scenario, order.number);
}

/* -- The program's life ------------------------------------------------------------------------ */

void scenario_start(struct scenario *scenario)
{
    scenario->troubled = false;
    scenario->worker.own_thread = scenario_below(scenario, 2) != 0;
    program_start(&scenario->program, &scenario->worker, &scenario->chassis);
}

bool scenario_await_open(struct scenario *scenario)
{
    unsigned before = scenario->judge.violations;
    int status = await_report(scenario, 0);

    if (status != 0 && !scenario->troubled && !scenario->mortal &&
        scenario->judge.violations == before)
        judge_complain(&scenario->judge, "opening ended with %s: %s", vio_error_name(status),
                       scenario->last.message);
    return status == 0;
}

void scenario_kill(struct scenario *scenario)
{
    struct answer answer;

    program_kill(&scenario->program);
    while (program_receive(&scenario->program, 0, &answer) == RECEIPT_ANSWER)
        take(scenario, &answer);
    program_forget(&scenario->program);
}

void scenario_leave(struct scenario *scenario)
{
    int status = ask(scenario, TASK_LEAVE);

    if (status != 0) {
        if (!scenario->mortal)
            judge_complain(&scenario->judge, "leaving ended with %s", vio_error_name(status));
        scenario_kill(scenario);
        return;
    }
    status = program_wait(&scenario->program);
    if (status != 0)
        judge_complain(&scenario->judge, "the program left with status %#x", (unsigned)status);
    program_forget(&scenario->program);
}

void scenario_send_orders(struct scenario *scenario, unsigned count)
{
    struct order order;

    while (count-- > 0 && model_draw(&scenario->model, &order)) {
        print_order(scenario, &order);
        model_send(&scenario->model, &order);
        program_send(&scenario->program, &order);
    }
}

/* -- Judging ----------------------------------------------------------------------------------- */

static void expect_no_steps(struct scenario *scenario, enum task task, const char *what)
{
    int status = ask(scenario, task);

    if (status != 0)
        judge_complain(&scenario->judge, "%s ended with %s: %s", what, vio_error_name(status),
                       scenario->last.message);
    else if (scenario->last.steps != 0)
        judge_complain(&scenario->judge, "%s has %u steps", what, scenario->last.steps);
}

/* A second apply of the same state writes nothing. */
static void expect_no_writes(struct scenario *scenario)
{
    uint64_t before = chassis_stat(&scenario->chassis, "changes");

    expect_no_steps(scenario, TASK_RECONCILE, "reconciling what agrees");
    if (chassis_stat(&scenario->chassis, "changes") != before)
        judge_complain(&scenario->judge, "reconciling what agrees changed the device");
}

void scenario_judge(struct scenario *scenario)
{
    struct chassis_function functions[CHASSIS_FUNCTIONS];
    size_t count;
    int status;

    scenario->api.num_things = scenario->api.num_identities = 0;
    status = ask(scenario, TASK_LOOK);
    if (status != 0) {
        judge_complain(&scenario->judge, "looking ended with %s", vio_error_name(status));
        return;
    }
    count = chassis_read(&scenario->chassis, functions);
    judge_pending(&scenario->judge, &scenario->api);
    judge_things(&scenario->judge, &scenario->api);
    judge_identities(&scenario->judge, &scenario->api);
    judge_functions(&scenario->judge, &scenario->api, functions, count);
    if (chassis_stat(&scenario->chassis, "live-twice") != 0)
        judge_complain(&scenario->judge, "an identity was live twice");
    expect_no_steps(scenario, TASK_DRIFT, "the drift");
    if (scenario_below(scenario, 8) == 0)
        expect_no_writes(scenario);
    file_judge(&scenario->judge, scenario->store, &scenario->api);
}

/* -- The chassis ------------------------------------------------------------------------------- */

void scenario_lost_functions(struct scenario *scenario)
{
    scenario->judge.foreign.life = VIO_HW_LIFE_FREE;
}

void scenario_restart_chassis(struct scenario *scenario)
{
    chassis_kill(&scenario->chassis);
    chassis_start(&scenario->chassis);
    scenario_lost_functions(scenario);
}

static void name_store(struct scenario *scenario)
{
    snprintf(scenario->store, sizeof scenario->store, "%s/store.db", scenario->options->folder);
    snprintf(scenario->worker.store, sizeof scenario->worker.store, "sqlite:%s", scenario->store);
}

/* With a store of its own, which is gone afterwards. */
void scenario_make_foreign(struct scenario *scenario)
{
    struct chassis_function functions[CHASSIS_FUNCTIONS];
    struct order order = {.task = TASK_APPLY,
                          .number = UINT32_MAX,
                          .single = true,
                          .count = 1,
                          .edit[0].verb = VERB_CREATE};

    order.edit[0].after = (struct thing){.noun = NOUN_VADAPTER,
                                         .name = "foreign",
                                         .exists = true,
                                         .kind = VIO_VADAPTER_VNIC,
                                         .server = "server3",
                                         .adapter = "slot1"};
    snprintf(scenario->worker.store, sizeof scenario->worker.store, "memory:");
    scenario_start(scenario);
    if (!scenario_await_open(scenario))
        return;
    program_send(&scenario->program, &order);
    if (await_report(scenario, order.number) != 0)
        judge_complain(&scenario->judge, "no foreign function: %s", scenario->last.message);
    scenario_leave(scenario);
    if (chassis_read(&scenario->chassis, functions) == 1)
        scenario->judge.foreign = functions[0];
    name_store(scenario);
}

/* -- All of it --------------------------------------------------------------------------------- */

void scenario_begin(struct scenario *scenario, const struct scenario_options *options)
{
    memset(scenario, 0, sizeof *scenario);
    scenario->options = options;
    vio__prng_seed(&scenario->prng, ~options->seed);
    model_init(&scenario->model, options->seed);
    snprintf(scenario->point, sizeof scenario->point, "the beginning");
    scenario->judge =
        (struct judge){.model = &scenario->model, .seed = options->seed, .point = scenario->point};
    scenario->api.through = "the API";
    chassis_init(&scenario->chassis, options->daemon, options->description, options->folder);
    scenario->chassis.trap = options->trap;
    chassis_start(&scenario->chassis);
    snprintf(scenario->worker.chassis, sizeof scenario->worker.chassis, "vfio-user:%s",
             scenario->chassis.socket);
    scenario->worker.command_timeout_ms = COMMAND_MS;
    scenario->worker.take_over = true;
    name_store(scenario);
}

static void empty(const char *folder)
{
    DIR *files = opendir(folder);
    struct dirent *entry;

    if (files == NULL)
        trouble("%s cannot be read", folder);
    while ((entry = readdir(files)) != NULL)
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(files), entry->d_name, 0);
    closedir(files);
}

void scenario_end(struct scenario *scenario)
{
    if (scenario->judge.violations == 0) {
        scenario_start(scenario);
        if (scenario_await_open(scenario)) {
            scenario_judge(scenario);
            scenario_leave(scenario);
        }
    }
    if (scenario->program.process > 0)
        scenario_kill(scenario);
    chassis_kill(&scenario->chassis);
    if (scenario->options->verbose && scenario->judge.violations > 0)
        printf("what is left is in %s\n", scenario->options->folder);
    else
        empty(scenario->options->folder);
    scenario->tally.violations += scenario->judge.violations;
    scenario->tally.finished += scenario->judge.finished;
    scenario->tally.undone += scenario->judge.undone;
    scenario->tally.edits += scenario->judge.edits;
}

void tally_add(struct tally *sum, const struct tally *tally)
{
    sum->acknowledged += tally->acknowledged;
    sum->refused += tally->refused;
    sum->finished += tally->finished;
    sum->undone += tally->undone;
    sum->edits += tally->edits;
    sum->violations += tally->violations;
}
