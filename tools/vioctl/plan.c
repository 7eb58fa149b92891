/* SPDX-License-Identifier: MIT */
/* Plans as JSON and as tables: the same for what would be done, was done, and was done long ago. */
#include <stdio.h>

#include "tools/vioctl/vioctl.h"

typedef const char *(*field_fn)(const struct vio_plan *plan, size_t at, size_t field);

static json_t *describe_fields(const struct vio_plan *plan, size_t at, size_t count, field_fn name,
                               field_fn before, field_fn after)
{
    json_t *fields = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(fields,
                              json_pack("{s:s, s:s, s:s}", "field", name(plan, at, i), "before",
                                        before(plan, at, i), "after", after(plan, at, i)));
    return fields;
}

static json_t *describe_edit(const struct vio_plan *plan, size_t at)
{
    return json_pack(
        "{s:s, s:s, s:s, s:o}", "object", vio_object_kind_name(vio_plan_edit_object(plan, at)),
        "name", vio_plan_edit_name(plan, at), "action",
        vio_edit_action_name(vio_plan_edit_action(plan, at)), "fields",
        describe_fields(plan, at, vio_plan_edit_num_fields(plan, at), vio_plan_edit_field,
                        vio_plan_edit_before, vio_plan_edit_after));
}

static json_t *describe_step(const struct vio_plan *plan, size_t at)
{
    return json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:o}", "step", (json_int_t)at + 1, "chassis",
                     vio_plan_step_chassis(plan, at), "object", vio_plan_step_object(plan, at),
                     "action", vio_action_name(vio_plan_step_action(plan, at)), "disruption",
                     vio_disruption_name(vio_plan_step_disruption(plan, at)), "state",
                     vio_step_state_name(vio_plan_step_state(plan, at)), "fields",
                     describe_fields(plan, at, vio_plan_step_num_fields(plan, at),
                                     vio_plan_step_field, vio_plan_step_before,
                                     vio_plan_step_after));
}

static json_t *describe_problem(const struct vio_plan *plan, size_t at)
{
    return json_pack("{s:s, s:s, s:s}", "code", vio_error_name(vio_plan_problem_code(plan, at)),
                     "object", vio_plan_problem_object(plan, at), "text",
                     vio_plan_problem_text(plan, at));
}

static json_t *describe_all(const struct vio_plan *plan, size_t count,
                            json_t *(*describe)(const struct vio_plan *, size_t))
{
    json_t *all = json_array();

    for (size_t at = 0; at < count; at++)
        json_array_append_new(all, describe(plan, at));
    return all;
}

static json_t *number_or_null(uint64_t number)
{
    return number != 0 ? json_integer((json_int_t)number) : json_null();
}

json_t *plan_describe(const struct vio_plan *plan)
{
    struct vio_address token;

    return json_pack(
        "{s:o, s:o, s:s, s:s, s:o, s:s, s:s, s:s, s:o, s:s, s:o, s:o, s:o}", "number",
        number_or_null(vio_plan_number(plan)), "time", when_describe(vio_plan_time(plan)), "author",
        vio_plan_author(plan), "comment", vio_plan_comment(plan), "token",
        vio_plan_token(plan, &token) == 0 ? describe_address(&token) : json_null(), "state",
        vio_plan_state_name(vio_plan_state(plan)), "status", vio_error_name(vio_plan_status(plan)),
        "message", vio_plan_message(plan), "undoes", number_or_null(vio_plan_undoes(plan)),
        "disruption", vio_disruption_name(vio_plan_disruption(plan)), "edits",
        describe_all(plan, vio_plan_num_edits(plan), describe_edit), "steps",
        describe_all(plan, vio_plan_num_steps(plan), describe_step), "problems",
        describe_all(plan, vio_plan_num_problems(plan), describe_problem));
}

json_t *plan_flatten(json_t *objects)
{
    json_t *rows = json_array(), *object, *field;
    size_t at, of;

    json_array_foreach(objects, at, object)
    {
        const json_t *fields = json_object_get(object, "fields");

        if (json_array_size(fields) == 0)
            json_array_append(rows, object);
        json_array_foreach(fields, of, field)
        {
            json_t *row = json_copy(object);

            json_object_update(row, field);
            json_array_append_new(rows, row);
        }
    }
    return rows;
}

int plan_print(const struct settings *settings, const struct vio_plan *plan)
{
    static const struct column edits[] = {
        {"object", "OBJECT", SHOW_TEXT}, {"name", "NAME", SHOW_TEXT},
        {"action", "CHANGE", SHOW_TEXT}, {"field", "FIELD", SHOW_TEXT},
        {"before", "BEFORE", SHOW_TEXT}, {"after", "AFTER", SHOW_TEXT},
        {NULL, NULL, SHOW_TEXT},
    };
    static const struct column steps[] = {
        {"step", "STEP", SHOW_TEXT},     {"chassis", "CHASSIS", SHOW_TEXT},
        {"object", "OBJECT", SHOW_TEXT}, {"action", "ACTION", SHOW_TEXT},
        {"state", "STATE", SHOW_TEXT},   {"disruption", "DISRUPTION", SHOW_TEXT},
        {"field", "FIELD", SHOW_TEXT},   {"before", "BEFORE", SHOW_TEXT},
        {"after", "AFTER", SHOW_TEXT},   {NULL, NULL, SHOW_TEXT},
    };
    json_t *value = plan_describe(plan);
    int status = EXIT_DONE;

    if (vio_plan_num_edits(plan) == 0 && vio_plan_num_steps(plan) == 0)
        puts("Nothing is to be changed.");
    if (vio_plan_num_edits(plan) > 0)
        status = output_list(settings, plan_flatten(json_object_get(value, "edits")), edits);
    if (vio_plan_num_edits(plan) > 0 && vio_plan_num_steps(plan) > 0)
        putchar('\n');
    if (status == EXIT_DONE && vio_plan_num_steps(plan) > 0)
        status = output_list(settings, plan_flatten(json_object_get(value, "steps")), steps);
    json_decref(value);
    return status;
}
