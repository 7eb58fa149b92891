/* SPDX-License-Identifier: MIT */
/* What every verb that changes something goes through: a change set, planned or applied. */
#include <string.h>

#include "tools/vioctl/vioctl.h"

static bool is_for_chassis(const struct change_line *line)
{
    return line->command->needs == NEEDS_CHASSIS_WRITE;
}

/* Chassis first: unless a store is named, theirs is the change set's. */
static int open_all(struct vioctl *ctl, const struct change_line *lines, size_t count)
{
    int status = EXIT_DONE;

    for (int chassis = 1; chassis >= 0; chassis--) {
        for (size_t at = 0; status == EXIT_DONE && at < count; at++) {
            complain_about(lines[at].file, lines[at].number);
            if (is_for_chassis(&lines[at]) == (chassis == 1))
                status = session_need(ctl, lines[at].command->needs, lines[at].uri);
        }
    }
    complain_about(NULL, 0);
    return status;
}

static int set_options(struct vio_changeset *set, const struct arguments *options)
{
    const char *comment = arguments_option(options, "comment", 0);
    const char *text = arguments_option(options, "token", 0);
    struct vio_address token;

    if (text != NULL) {
        int status = parse_uuid("--token", text, &token);

        if (status != EXIT_DONE)
            return status;
        vio_changeset_set_token(set, &token);
    }
    if (comment != NULL && vio_changeset_set_comment(set, comment) != 0)
        return misuse("--comment: '%.80s' is not allowed; it has at most 255 bytes of UTF-8 and no "
                      "control characters",
                      comment);
    return EXIT_DONE;
}

static int add_line(struct vioctl *ctl, const struct change_line *line, struct vio_changeset *set)
{
    const char *text = arguments_option(line->args, "generation", 0);
    uint64_t generation;
    int status = session_need(ctl, line->command->needs, line->uri);

    if (status == EXIT_DONE)
        status = line->command->edit(ctl, line->args, set);
    if (status == EXIT_DONE && text != NULL) {
        status = parse_number("--generation", text, 1, UINT64_MAX, &generation);
        if (status == EXIT_DONE)
            vio_changeset_expect(set, generation);
    }
    return status;
}

static int add_lines(struct vioctl *ctl, const struct change_line *lines, size_t count,
                     struct vio_changeset *set)
{
    int status = EXIT_DONE;

    for (size_t at = 0; status == EXIT_DONE && at < count; at++) {
        complain_about(lines[at].file, lines[at].number);
        status = add_line(ctl, &lines[at], set);
    }
    complain_about(NULL, 0);
    return status;
}

/* What the object is called now: it may have been given a new name, or one made up. */
static const char *name_of_object(const struct change_line *line, const struct vio_plan *plan)
{
    const char *name = arguments_option(line->args, "name", 0);

    for (size_t at = 0; name == NULL && at < vio_plan_num_edits(plan); at++)
        if (strcmp(vio_object_kind_name(vio_plan_edit_object(plan, at)), line->command->noun) == 0)
            name = vio_plan_edit_name(plan, at);
    return name != NULL ? name : arguments_operand(line->args, 0);
}

static int show_object(struct vioctl *ctl, const struct change_line *line,
                       const struct vio_plan *plan)
{
    const struct settings *settings = session_settings(ctl);
    const struct object_view *view = line->command->view;
    const char *name = name_of_object(line, plan);
    json_t *object = name != NULL ? view->read(ctl, name) : NULL;

    if (settings->json)
        return output_json(
            json_pack("{s:o, s:o?}", "plan", plan_describe(plan), line->command->noun, object));
    return object != NULL ? output_object(settings, object, view->columns) : EXIT_DONE;
}

static int show_plan(struct vioctl *ctl, const struct vio_plan *plan)
{
    const struct settings *settings = session_settings(ctl);

    if (settings->json)
        return output_json(json_pack("{s:o}", "plan", plan_describe(plan)));
    return plan_print(settings, plan);
}

int change_report(struct vioctl *ctl, int started, struct vio_req *req, const char *what)
{
    int status = session_call(ctl, started, req);
    const struct vio_plan *plan = started == 0 ? vio_req_get_plan(req) : NULL;

    if (plan != NULL && (status == 0 || session_settings(ctl)->json))
        show_plan(ctl, plan);
    if (status == 0)
        return EXIT_DONE;
    return session_complain(started == 0 ? req : NULL, status, what);
}

static int apply(struct vioctl *ctl, struct vio_changeset *set, const struct change_line *lines,
                 size_t count)
{
    const char *what = count == 1 ? arguments_operand(lines->args, 0) : NULL;
    struct vio_req *req = NULL;
    int status, started;

    if (count == 1 && what == NULL)
        what = lines->command->verb;
    if (session_is_dry_run(ctl))
        started = vio_changeset_plan(set, NULL, NULL, &req);
    else
        started = vio_changeset_apply(set, NULL, NULL, &req);
    if (session_is_dry_run(ctl) || lines->file != NULL || session_call(ctl, started, req) != 0)
        status = change_report(ctl, started, req, what);
    else
        status = show_object(ctl, lines, vio_req_get_plan(req));
    vio_req_unref(req);
    return status;
}

int change_run(struct vioctl *ctl, const struct arguments *options, const struct change_line *lines,
               size_t count)
{
    struct vio_changeset *set = NULL;
    int status = open_all(ctl, lines, count);

    if (status != EXIT_DONE)
        return status;
    int error = vio_changeset_new(session_store(ctl), &set);
    if (error != 0)
        return complain("%s", vio_strerror(error));
    status = set_options(set, options);
    if (status == EXIT_DONE)
        status = add_lines(ctl, lines, count, set);
    if (status == EXIT_DONE)
        status = apply(ctl, set, lines, count);
    vio_changeset_free(set);
    return status;
}

int change_added(int error)
{
    return error == 0 ? EXIT_DONE : complain("%s (%s)", vio_strerror(error), vio_error_name(error));
}
