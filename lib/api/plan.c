/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <libvio/error.h>
#include <libvio/plan.h>

#include "lib/base/uuid.h"
#include "lib/domain/plan.h"
#include "lib/loop/req.h"

struct vio_plan *vio_req_get_plan(const struct vio_req *req)
{
    return req ? vio__req_result(req, "plan") : NULL;
}

struct vio_plan *vio_plan_ref(struct vio_plan *plan)
{
    return plan ? vio__plan_ref(plan) : NULL;
}

void vio_plan_unref(struct vio_plan *plan)
{
    vio__plan_unref(plan);
}

/* -- The whole --------------------------------------------------------------------------------- */

/* All zero for NULL. */
static struct vio_plan_head head_of(const struct vio_plan *plan)
{
    struct vio_plan_head head = {0};

    if (plan)
        vio__plan_head(plan, &head);
    return head;
}

uint64_t vio_plan_number(const struct vio_plan *plan)
{
    return head_of(plan).number;
}

uint64_t vio_plan_time(const struct vio_plan *plan)
{
    return head_of(plan).time;
}

const char *vio_plan_author(const struct vio_plan *plan)
{
    return head_of(plan).author;
}

const char *vio_plan_comment(const struct vio_plan *plan)
{
    return head_of(plan).comment;
}

int vio_plan_token(const struct vio_plan *plan, struct vio_address *ret_token)
{
    struct vio_plan_head head = head_of(plan);

    if (!plan || !ret_token)
        return VIO_EINVAL;
    if (vio__uuid_is_nil(head.token))
        return VIO_ENOENT;
    *ret_token = (struct vio_address){.kind = VIO_ADDRESS_UUID, .length = VIO_UUID_SIZE};
    memcpy(ret_token->bytes, head.token, VIO_UUID_SIZE);
    return 0;
}

enum vio_plan_state vio_plan_state(const struct vio_plan *plan)
{
    return head_of(plan).state;
}

int vio_plan_status(const struct vio_plan *plan)
{
    return plan ? head_of(plan).status : VIO_EINVAL;
}

const char *vio_plan_message(const struct vio_plan *plan)
{
    return head_of(plan).message;
}

uint64_t vio_plan_undoes(const struct vio_plan *plan)
{
    return head_of(plan).undoes;
}

enum vio_disruption vio_plan_disruption(const struct vio_plan *plan)
{
    return plan ? vio__plan_disruption(plan) : VIO_DISRUPTION_UNKNOWN;
}

/* -- Edits ------------------------------------------------------------------------------------- */

/* All zero where there is none. */
static struct vio_plan_edit edit_at(const struct vio_plan *plan, size_t at)
{
    struct vio_plan_edit edit = {0};

    if (plan)
        (void)vio__plan_edit(plan, at, &edit);
    return edit;
}

static struct vio_plan_field edit_field(const struct vio_plan *plan, size_t at, size_t field)
{
    struct vio_plan_field found = {0};

    if (plan)
        (void)vio__plan_edit_field(plan, at, field, &found);
    return found;
}

size_t vio_plan_num_edits(const struct vio_plan *plan)
{
    return plan ? vio__plan_num_edits(plan) : 0;
}

enum vio_object_kind vio_plan_edit_object(const struct vio_plan *plan, size_t at)
{
    return edit_at(plan, at).object;
}

enum vio_edit_action vio_plan_edit_action(const struct vio_plan *plan, size_t at)
{
    return edit_at(plan, at).action;
}

const char *vio_plan_edit_name(const struct vio_plan *plan, size_t at)
{
    return edit_at(plan, at).name;
}

size_t vio_plan_edit_num_fields(const struct vio_plan *plan, size_t at)
{
    return edit_at(plan, at).num_fields;
}

const char *vio_plan_edit_field(const struct vio_plan *plan, size_t at, size_t field)
{
    return edit_field(plan, at, field).name;
}

const char *vio_plan_edit_before(const struct vio_plan *plan, size_t at, size_t field)
{
    return edit_field(plan, at, field).before;
}

const char *vio_plan_edit_after(const struct vio_plan *plan, size_t at, size_t field)
{
    return edit_field(plan, at, field).after;
}

/* -- Steps ------------------------------------------------------------------------------------- */

static struct vio_plan_step step_at(const struct vio_plan *plan, size_t at)
{
    struct vio_plan_step step = {0};

    if (plan)
        (void)vio__plan_step(plan, at, &step);
    return step;
}

static struct vio_plan_field step_field(const struct vio_plan *plan, size_t at, size_t field)
{
    struct vio_plan_field found = {0};

    if (plan)
        (void)vio__plan_step_field(plan, at, field, &found);
    return found;
}

size_t vio_plan_num_steps(const struct vio_plan *plan)
{
    return plan ? vio__plan_num_steps(plan) : 0;
}

const char *vio_plan_step_chassis(const struct vio_plan *plan, size_t at)
{
    return step_at(plan, at).chassis;
}

const char *vio_plan_step_object(const struct vio_plan *plan, size_t at)
{
    return step_at(plan, at).object;
}

enum vio_action vio_plan_step_action(const struct vio_plan *plan, size_t at)
{
    return step_at(plan, at).action;
}

enum vio_disruption vio_plan_step_disruption(const struct vio_plan *plan, size_t at)
{
    return step_at(plan, at).disruption;
}

enum vio_step_state vio_plan_step_state(const struct vio_plan *plan, size_t at)
{
    return step_at(plan, at).state;
}

size_t vio_plan_step_num_fields(const struct vio_plan *plan, size_t at)
{
    return step_at(plan, at).num_fields;
}

const char *vio_plan_step_field(const struct vio_plan *plan, size_t at, size_t field)
{
    return step_field(plan, at, field).name;
}

const char *vio_plan_step_before(const struct vio_plan *plan, size_t at, size_t field)
{
    return step_field(plan, at, field).before;
}

const char *vio_plan_step_after(const struct vio_plan *plan, size_t at, size_t field)
{
    return step_field(plan, at, field).after;
}

/* -- Problems ---------------------------------------------------------------------------------- */

static struct vio_plan_problem problem_at(const struct vio_plan *plan, size_t at)
{
    struct vio_plan_problem problem = {.object = "", .text = ""};

    if (plan)
        (void)vio__plan_problem(plan, at, &problem);
    return problem;
}

size_t vio_plan_num_problems(const struct vio_plan *plan)
{
    return plan ? vio__plan_num_problems(plan) : 0;
}

int vio_plan_problem_code(const struct vio_plan *plan, size_t at)
{
    return problem_at(plan, at).code;
}

const char *vio_plan_problem_object(const struct vio_plan *plan, size_t at)
{
    return problem_at(plan, at).object;
}

const char *vio_plan_problem_text(const struct vio_plan *plan, size_t at)
{
    return problem_at(plan, at).text;
}

/* -- Names ------------------------------------------------------------------------------------- */

const char *vio_disruption_name(enum vio_disruption disruption)
{
    return vio__disruption_name(disruption);
}

const char *vio_action_name(enum vio_action action)
{
    return vio__action_name(action);
}

const char *vio_step_state_name(enum vio_step_state state)
{
    return vio__step_state_name(state);
}

const char *vio_plan_state_name(enum vio_plan_state state)
{
    return vio__plan_state_name(state);
}

const char *vio_object_kind_name(enum vio_object_kind kind)
{
    return vio__object_kind_name(kind);
}

const char *vio_edit_action_name(enum vio_edit_action action)
{
    return vio__edit_action_name(action);
}
