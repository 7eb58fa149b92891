/* SPDX-License-Identifier: MIT */
/* vioctl drift and reconcile: what the chassis is against what the store wants. */
#include <stdio.h>

#include "tools/vioctl/vioctl.h"

static json_t *describe_fields(const struct vio_plan *plan, size_t at)
{
    json_t *fields = json_array();

    for (size_t i = 0; i < vio_plan_step_num_fields(plan, at); i++)
        json_array_append_new(fields, json_pack("{s:s, s:s, s:s}", "field",
                                                vio_plan_step_field(plan, at, i), "desired",
                                                vio_plan_step_after(plan, at, i), "actual",
                                                vio_plan_step_before(plan, at, i)));
    return fields;
}

/* The steps that reconcile would take; those that are only told of are about foreign functions. */
static json_t *describe_drift(const struct vio_plan *plan)
{
    json_t *drift = json_array();

    for (size_t at = 0; at < vio_plan_num_steps(plan); at++)
        if (vio_plan_step_state(plan, at) != VIO_STEP_STATE_SKIPPED)
            json_array_append_new(
                drift,
                json_pack("{s:s, s:s, s:s, s:s, s:o}", "chassis", vio_plan_step_chassis(plan, at),
                          "object", vio_plan_step_object(plan, at), "action",
                          vio_action_name(vio_plan_step_action(plan, at)), "disruption",
                          vio_disruption_name(vio_plan_step_disruption(plan, at)), "fields",
                          describe_fields(plan, at)));
    return drift;
}

static json_t *collect_foreign(struct vioctl *ctl)
{
    json_t *functions = function_list(ctl), *foreign = json_array(), *function;
    size_t at;

    json_array_foreach(functions, at, function)
    {
        if (json_is_true(json_object_get(function, "foreign")))
            json_array_append(foreign, function);
    }
    if (functions == NULL) {
        json_decref(foreign);
        foreign = NULL;
    }
    json_decref(functions);
    return foreign;
}

static int print(const struct settings *settings, json_t *drift, json_t *foreign)
{
    static const struct column columns[] = {
        {"chassis", "CHASSIS", SHOW_TEXT}, {"object", "OBJECT", SHOW_TEXT},
        {"action", "TO DO", SHOW_TEXT},    {"disruption", "DISRUPTION", SHOW_TEXT},
        {"field", "FIELD", SHOW_TEXT},     {"desired", "DESIRED", SHOW_TEXT},
        {"actual", "ACTUAL", SHOW_TEXT},   {NULL, NULL, SHOW_TEXT},
    };
    static const struct column foreign_columns[] = {
        {"index", "FOREIGN FUNCTION", SHOW_TEXT},
        {"name", "LABEL", SHOW_TEXT},
        {"kind", "KIND", SHOW_TEXT},
        {"state", "STATE", SHOW_TEXT},
        {"adapter", "ADAPTER", SHOW_TEXT},
        {"server", "SERVER", SHOW_TEXT},
        {"address", "ADDRESS", SHOW_TEXT},
        {NULL, NULL, SHOW_TEXT},
    };
    int status = EXIT_DONE;

    if (json_array_size(drift) == 0)
        puts("There is no drift.");
    else
        status = output_list(settings, plan_flatten(drift), columns);
    if (status == EXIT_DONE && json_array_size(foreign) > 0) {
        putchar('\n');
        status = output_list(settings, json_incref(foreign), foreign_columns);
    }
    return status;
}

static int show(struct vioctl *ctl, const struct vio_plan *plan)
{
    const struct settings *settings = session_settings(ctl);
    json_t *drift = describe_drift(plan);
    bool is_some = json_array_size(drift) > 0;
    json_t *foreign = collect_foreign(ctl);
    int status = foreign != NULL ? EXIT_DONE : EXIT_REFUSED;

    if (status == EXIT_DONE && settings->json)
        status = output_json(json_pack("{s:O, s:O}", "drift", drift, "foreign", foreign));
    else if (status == EXIT_DONE)
        status = print(settings, drift, foreign);
    json_decref(drift);
    json_decref(foreign);
    return status == EXIT_DONE && is_some ? EXIT_DIFFERENT : status;
}

static int drift(struct vioctl *ctl, const struct arguments *args)
{
    struct vio_req *req = NULL;
    int started = vio_chassis_drift(session_chassis(ctl), NULL, NULL, &req);
    int status = session_wait(ctl, started, req, "comparing");

    (void)args;
    if (status == EXIT_DONE)
        status = show(ctl, vio_req_get_plan(req));
    vio_req_unref(req);
    return status;
}

/* What was lost is left for reconcile, whose plan then tells of it. */
static int reconcile(struct vioctl *ctl, const struct arguments *args)
{
    struct vio_req *req = NULL;
    int started;

    (void)args;
    session_leave_lost(ctl);
    int status = session_need(ctl, NEEDS_CHASSIS_WRITE, session_settings(ctl)->uri);
    if (status != EXIT_DONE)
        return status;
    if (session_is_dry_run(ctl))
        started = vio_chassis_drift(session_chassis(ctl), NULL, NULL, &req);
    else
        started = vio_chassis_reconcile(session_chassis(ctl), NULL, NULL, &req);
    status = change_report(ctl, started, req, "reconcile");
    vio_req_unref(req);
    return status;
}

const struct command drift_commands[] = {
    {"drift", NULL, "", "compares the chassis with the store; exits with 3 where they differ",
     NEEDS_CHASSIS, NULL, .run = drift},
    {"reconcile", NULL, "", "finishes what was interrupted, restores what was lost, removes drift",
     NEEDS_NOTHING, dry_run_options, .run = reconcile},
    {.noun = NULL},
};
