/* SPDX-License-Identifier: MIT */
/* vioctl undo: applies the inverse of a change set, of the last one where none is named. */
#include <string.h>

#include "tools/vioctl/vioctl.h"

/* The newest change set that was done; of an undoing, undoing it is doing again. */
static int find_last(struct vioctl *ctl, uint64_t *ret_number)
{
    struct vio_req *req = NULL;
    int started = vio_history_list(session_store(ctl), NULL, NULL, NULL, &req);
    int status = session_wait(ctl, started, req, "reading the history");
    const struct vio_history *history = vio_req_get_history(req);
    uint64_t number = 0;

    for (size_t at = 0; number == 0 && at < vio_history_count(history); at++)
        if (vio_plan_state(vio_history_plan(history, at)) == VIO_PLAN_STATE_DONE)
            number = vio_plan_number(vio_history_plan(history, at));
    vio_req_unref(req);
    if (status == EXIT_DONE && number == 0)
        status = complain("there is no change set to undo");
    *ret_number = number;
    return status;
}

static const char *find_uri(const struct vio_catalog *catalog, const char *chassis)
{
    for (size_t at = 0; at < vio_catalog_num_chassis(catalog); at++)
        if (strcmp(vio_catalog_chassis_name(catalog, at), chassis) == 0)
            return vio_catalog_chassis_uri(catalog, at);
    return NULL;
}

/* Opens the chassis on which a change set did something where they were last. */
static int open_chassis(struct vioctl *ctl, uint64_t number)
{
    struct vio_plan *plan = history_find(ctl, number);
    struct vio_catalog *catalog = plan != NULL ? session_read_store(ctl) : NULL;
    int status = catalog != NULL ? EXIT_DONE : EXIT_REFUSED;

    for (size_t at = 0; status == EXIT_DONE && at < vio_plan_num_steps(plan); at++) {
        const char *chassis = vio_plan_step_chassis(plan, at);
        const char *uri = find_uri(catalog, chassis);

        if (uri == NULL)
            status =
                complain("the store does not know where chassis '%s' is; give -c URI", chassis);
        else
            status = session_need(ctl, NEEDS_CHASSIS_WRITE, uri);
    }
    vio_catalog_unref(catalog);
    vio_plan_unref(plan);
    return status;
}

static int undo(struct vioctl *ctl, const struct arguments *args)
{
    const char *text = arguments_operand(args, 0);
    const char *uri = session_settings(ctl)->uri;
    struct vio_req *req = NULL;
    uint64_t number = 0;
    int status = EXIT_DONE;

    if (text != NULL)
        status = parse_number("NUMBER", text, 1, INT64_MAX, &number);
    if (status == EXIT_DONE)
        status = session_need(ctl, uri != NULL ? NEEDS_CHASSIS_WRITE : NEEDS_STORE_WRITE, uri);
    if (status == EXIT_DONE && text == NULL)
        status = find_last(ctl, &number);
    if (status == EXIT_DONE && uri == NULL)
        status = open_chassis(ctl, number);
    if (status != EXIT_DONE)
        return status;
    int started =
        vio_history_undo(session_store(ctl), number, session_is_dry_run(ctl), NULL, NULL, &req);
    status = change_report(ctl, started, req, "undo");
    vio_req_unref(req);
    return status;
}

const struct command undo_commands[] = {
    {"undo", NULL, "[NUMBER]", "undoes a change set of the history (default: the last one)",
     NEEDS_NOTHING, dry_run_options, .run = undo},
    {.noun = NULL},
};
