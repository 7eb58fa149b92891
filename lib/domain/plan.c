/* SPDX-License-Identifier: MIT */
#include "lib/domain/plan.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/base/buf.h"
#include "lib/base/ref.h"
#include "lib/domain/name.h"

#define TEXTS_MAX ((size_t)64 << 20)
#define TEXTS_MIN ((size_t)1 << 10)
#define ROWS_MIN  16

/* Texts are kept in one piece, each with its zero; a text is known by where it begins there. The
 * first is "". */
typedef uint32_t text_at;

/* Fields of one edit or step follow each other. */
struct field_range {
    uint32_t first, count;
};

struct field {
    text_at name, before, after;
};

struct edit {
    enum vio_object_kind object;
    enum vio_edit_action action;
    text_at name;
    struct field_range fields;
};

struct step {
    text_at chassis, object;
    enum vio_action action;
    enum vio_disruption disruption;
    enum vio_step_state state;
    struct field_range fields;
};

struct problem {
    int code;
    text_at object, text;
};

struct vio_plan {
    struct vio_ref ref;
    struct vio_alloc alloc; /* a copy: it may outlive its context */
    uint64_t number, time, undoes;
    uint8_t token[16];
    text_at author, comment, message;
    enum vio_plan_state state;
    int status;

    uint32_t num_edits, num_steps, num_problems, num_fields;
    struct edit *edits;
    struct step *steps;
    struct problem *problems;
    struct field *fields;
    struct vio_buf texts;
};

struct vio_plan_builder {
    struct vio_plan *plan;
    int status;
    bool in_step; /* the next field belongs to the last step, not to the last edit */
};

/* -- Reading ----------------------------------------------------------------------------------- */

struct vio_plan *vio__plan_ref(struct vio_plan *plan)
{
    vio__ref_get(&plan->ref);
    return plan;
}

void vio__plan_unref(struct vio_plan *plan)
{
    struct vio_alloc alloc;

    if (!plan || !vio__ref_put(&plan->ref))
        return;
    alloc = plan->alloc;
    vio__free(&alloc, plan->edits);
    vio__free(&alloc, plan->steps);
    vio__free(&alloc, plan->problems);
    vio__free(&alloc, plan->fields);
    vio__buf_free(&plan->texts);
    vio__free(&alloc, plan);
}

static const char *text_of(const struct vio_plan *plan, text_at at)
{
    return (const char *)plan->texts.data + at;
}

void vio__plan_head(const struct vio_plan *plan, struct vio_plan_head *ret_head)
{
    *ret_head = (struct vio_plan_head){
        .number = plan->number,
        .time = plan->time,
        .undoes = plan->undoes,
        .author = text_of(plan, plan->author),
        .comment = text_of(plan, plan->comment),
        .state = plan->state,
        .status = plan->status,
        .message = text_of(plan, plan->message),
    };
    memcpy(ret_head->token, plan->token, sizeof(ret_head->token));
}

enum vio_disruption vio__plan_disruption(const struct vio_plan *plan)
{
    enum vio_disruption worst = VIO_DISRUPTION_NONE;

    for (uint32_t i = 0; i < plan->num_steps; i++)
        if (plan->steps[i].disruption > worst)
            worst = plan->steps[i].disruption;
    return worst;
}

size_t vio__plan_num_edits(const struct vio_plan *plan)
{
    return plan->num_edits;
}

size_t vio__plan_num_steps(const struct vio_plan *plan)
{
    return plan->num_steps;
}

size_t vio__plan_num_problems(const struct vio_plan *plan)
{
    return plan->num_problems;
}

bool vio__plan_edit(const struct vio_plan *plan, size_t at, struct vio_plan_edit *ret_edit)
{
    const struct edit *edit;

    if (at >= plan->num_edits)
        return false;
    edit = &plan->edits[at];
    *ret_edit = (struct vio_plan_edit){
        .object = edit->object,
        .action = edit->action,
        .name = text_of(plan, edit->name),
        .num_fields = edit->fields.count,
    };
    return true;
}

bool vio__plan_step(const struct vio_plan *plan, size_t at, struct vio_plan_step *ret_step)
{
    const struct step *step;

    if (at >= plan->num_steps)
        return false;
    step = &plan->steps[at];
    *ret_step = (struct vio_plan_step){
        .chassis = text_of(plan, step->chassis),
        .object = text_of(plan, step->object),
        .action = step->action,
        .disruption = step->disruption,
        .state = step->state,
        .num_fields = step->fields.count,
    };
    return true;
}

bool vio__plan_problem(const struct vio_plan *plan, size_t at, struct vio_plan_problem *ret_problem)
{
    const struct problem *problem;

    if (at >= plan->num_problems)
        return false;
    problem = &plan->problems[at];
    *ret_problem = (struct vio_plan_problem){
        .code = problem->code,
        .object = text_of(plan, problem->object),
        .text = text_of(plan, problem->text),
    };
    return true;
}

static bool read_field(const struct vio_plan *plan, const struct field_range *range, size_t at,
                       struct vio_plan_field *ret_field)
{
    const struct field *field;

    if (at >= range->count)
        return false;
    field = &plan->fields[range->first + at];
    *ret_field = (struct vio_plan_field){
        .name = text_of(plan, field->name),
        .before = text_of(plan, field->before),
        .after = text_of(plan, field->after),
    };
    return true;
}

bool vio__plan_edit_field(const struct vio_plan *plan, size_t at, size_t field,
                          struct vio_plan_field *ret_field)
{
    return at < plan->num_edits && read_field(plan, &plan->edits[at].fields, field, ret_field);
}

bool vio__plan_step_field(const struct vio_plan *plan, size_t at, size_t field,
                          struct vio_plan_field *ret_field)
{
    return at < plan->num_steps && read_field(plan, &plan->steps[at].fields, field, ret_field);
}

/* -- Building ---------------------------------------------------------------------------------- */

int vio__plan_builder_new(const struct vio_alloc *alloc, struct vio_plan_builder **ret_builder)
{
    struct vio_plan_builder *builder = vio__calloc(alloc, 1, sizeof(*builder));
    struct vio_plan *plan = vio__calloc(alloc, 1, sizeof(*plan));

    if (!builder || !plan) {
        vio__free(alloc, builder);
        vio__free(alloc, plan);
        return VIO_ENOMEM;
    }
    vio__ref_init(&plan->ref);
    plan->alloc = alloc ? *alloc : vio__alloc_default();
    plan->state = VIO_PLAN_STATE_PLANNED;
    vio__buf_init(&plan->texts, &plan->alloc, TEXTS_MAX);
    builder->plan = plan;
    if (vio__buf_reserve(&plan->texts, TEXTS_MIN) != 0 ||
        vio__buf_append_zeros(&plan->texts, 1) != 0) {
        vio__plan_builder_free(builder);
        return VIO_ENOMEM;
    }
    *ret_builder = builder;
    return 0;
}

void vio__plan_builder_free(struct vio_plan_builder *builder)
{
    struct vio_alloc alloc;

    if (!builder)
        return;
    alloc = builder->plan->alloc;
    vio__plan_unref(builder->plan);
    vio__free(&alloc, builder);
}

int vio__plan_builder_status(const struct vio_plan_builder *builder)
{
    return builder->status;
}

const struct vio_plan *vio__plan_builder_plan(const struct vio_plan_builder *builder)
{
    return builder->plan;
}

int vio__plan_finish(struct vio_plan_builder *builder, struct vio_plan **ret_plan)
{
    int status = builder->status;

    if (status == 0)
        *ret_plan = vio__plan_ref(builder->plan);
    vio__plan_builder_free(builder);
    return status;
}

/* Text from elsewhere, such as a device's label, may be anything: a plan is to be readable by all.
 */
static void append_cleaned(struct vio_buf *texts, const char *text)
{
    for (size_t i = 0; text[i] && i < VIO_PLAN_TEXT_MAX; i++)
        vio__buf_append_u8(texts, text[i] >= ' ' && text[i] <= '~' ? (uint8_t)text[i] : '?');
    vio__buf_append_u8(texts, 0);
}

static text_at put_text(struct vio_plan_builder *builder, const char *text)
{
    struct vio_buf *texts = &builder->plan->texts;
    text_at at = (text_at)texts->size;

    if (!*text || builder->status != 0)
        return 0;
    if (vio__text_is_valid(text, VIO_PLAN_TEXT_MAX))
        vio__buf_append(texts, text, strlen(text) + 1);
    else
        append_cleaned(texts, text);
    builder->status = texts->status;
    return builder->status == 0 ? at : 0;
}

/* Rows with room for one more, or NULL; they grow to powers of two. */
static void *make_room(struct vio_plan_builder *builder, void *rows, uint32_t count, size_t size)
{
    void *more = rows;

    if (builder->status == 0 && count >= VIO_PLAN_ROWS_MAX)
        builder->status = VIO_ELIMIT;
    if (builder->status != 0)
        return NULL;
    if (count == 0 || (count >= ROWS_MIN && (count & (count - 1)) == 0))
        more = vio__realloc(&builder->plan->alloc, rows, count == 0 ? ROWS_MIN : 2 * (size_t)count,
                            size);
    if (!more)
        builder->status = VIO_ENOMEM;
    return more;
}

void vio__plan_add_edit(struct vio_plan_builder *builder, enum vio_object_kind object,
                        enum vio_edit_action action, const char *name)
{
    struct vio_plan *plan = builder->plan;
    struct edit *edits;

    edits = make_room(builder, plan->edits, plan->num_edits, sizeof(*plan->edits));
    if (!edits)
        return;
    plan->edits = edits;
    plan->edits[plan->num_edits++] = (struct edit){
        .object = object,
        .action = action,
        .name = put_text(builder, name),
        .fields = {.first = plan->num_fields},
    };
    builder->in_step = false;
}

void vio__plan_add_step(struct vio_plan_builder *builder, const char *chassis, const char *object,
                        enum vio_action action, enum vio_disruption disruption)
{
    struct vio_plan *plan = builder->plan;
    struct step *steps;

    steps = make_room(builder, plan->steps, plan->num_steps, sizeof(*plan->steps));
    if (!steps)
        return;
    plan->steps = steps;
    plan->steps[plan->num_steps++] = (struct step){
        .chassis = put_text(builder, chassis),
        .object = put_text(builder, object),
        .action = action,
        .disruption = disruption,
        .state = VIO_STEP_STATE_PLANNED,
        .fields = {.first = plan->num_fields},
    };
    builder->in_step = true;
}

void vio__plan_add_field(void *user, const char *name, const char *before, const char *after)
{
    struct vio_plan_builder *builder = user;
    struct vio_plan *plan = builder->plan;
    struct field_range *range;
    struct field *fields;

    if (plan->num_edits + plan->num_steps == 0)
        return;
    fields = make_room(builder, plan->fields, plan->num_fields, sizeof(*plan->fields));
    if (!fields)
        return;
    plan->fields = fields;
    range = builder->in_step ? &plan->steps[plan->num_steps - 1].fields
                             : &plan->edits[plan->num_edits - 1].fields;
    plan->fields[plan->num_fields++] = (struct field){
        .name = put_text(builder, name),
        .before = put_text(builder, before),
        .after = put_text(builder, after),
    };
    range->count++;
}

void vio__plan_add_problem(struct vio_plan_builder *builder, int code, const char *object,
                           const char *text)
{
    struct vio_plan *plan = builder->plan;
    struct problem *problems;

    problems = make_room(builder, plan->problems, plan->num_problems, sizeof(*plan->problems));
    if (!problems)
        return;
    plan->problems = problems;
    plan->problems[plan->num_problems++] = (struct problem){
        .code = code,
        .object = put_text(builder, object),
        .text = put_text(builder, text),
    };
}

void vio__plan_set_origin(struct vio_plan_builder *builder, const uint8_t token[16],
                          const char *author, const char *comment, uint64_t undoes)
{
    struct vio_plan *plan = builder->plan;

    memset(plan->token, 0, sizeof(plan->token));
    if (token)
        memcpy(plan->token, token, sizeof(plan->token));
    plan->author = put_text(builder, author);
    plan->comment = put_text(builder, comment);
    plan->undoes = undoes;
}

void vio__plan_set_stored(struct vio_plan_builder *builder, uint64_t number, uint64_t time)
{
    builder->plan->number = number;
    builder->plan->time = time;
}

void vio__plan_set_step_state(struct vio_plan_builder *builder, size_t at,
                              enum vio_step_state state)
{
    if (at < builder->plan->num_steps)
        builder->plan->steps[at].state = state;
}

void vio__plan_set_outcome(struct vio_plan_builder *builder, enum vio_plan_state state, int status,
                           const char *message)
{
    builder->plan->state = state;
    builder->plan->status = status;
    builder->plan->message = put_text(builder, message);
}
