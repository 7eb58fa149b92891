/* SPDX-License-Identifier: MIT */
/*
 *     version  number time undoes token(16) author comment state -status message
 *     edits    { object action name fields }
 *     steps    { chassis object action disruption state fields }
 *     problems { -code object text }
 *     fields   { name before after }, after a count as all lists
 */
#include "lib/domain/plan_codec.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/base/cursor.h"
#include "lib/domain/name.h"

#define VERSION 1

/* -- Writing ----------------------------------------------------------------------------------- */

static void put_number(struct vio_buf *buf, uint64_t value)
{
    for (; value > 0x7f; value >>= 7)
        vio__buf_append_u8(buf, (uint8_t)(value | 0x80));
    vio__buf_append_u8(buf, (uint8_t)value);
}

static void put_code(struct vio_buf *buf, int code)
{
    put_number(buf, code < 0 ? (uint64_t) - (int64_t)code : 0);
}

static void put_text(struct vio_buf *buf, const char *text)
{
    size_t length = strlen(text);

    put_number(buf, length);
    vio__buf_append(buf, text, length);
}

static void put_field(struct vio_buf *buf, const struct vio_plan_field *field)
{
    put_text(buf, field->name);
    put_text(buf, field->before);
    put_text(buf, field->after);
}

static void put_head(struct vio_buf *buf, const struct vio_plan *plan)
{
    struct vio_plan_head head;

    vio__plan_head(plan, &head);
    vio__buf_append_u8(buf, VERSION);
    put_number(buf, head.number);
    put_number(buf, head.time);
    put_number(buf, head.undoes);
    vio__buf_append(buf, head.token, sizeof(head.token));
    put_text(buf, head.author);
    put_text(buf, head.comment);
    put_number(buf, (uint64_t)head.state);
    put_code(buf, head.status);
    put_text(buf, head.message);
}

static void put_edits(struct vio_buf *buf, const struct vio_plan *plan)
{
    struct vio_plan_edit edit;
    struct vio_plan_field field;

    put_number(buf, vio__plan_num_edits(plan));
    for (size_t i = 0; vio__plan_edit(plan, i, &edit); i++) {
        put_number(buf, (uint64_t)edit.object);
        put_number(buf, (uint64_t)edit.action);
        put_text(buf, edit.name);
        put_number(buf, edit.num_fields);
        for (size_t k = 0; vio__plan_edit_field(plan, i, k, &field); k++)
            put_field(buf, &field);
    }
}

static void put_steps(struct vio_buf *buf, const struct vio_plan *plan)
{
    struct vio_plan_step step;
    struct vio_plan_field field;

    put_number(buf, vio__plan_num_steps(plan));
    for (size_t i = 0; vio__plan_step(plan, i, &step); i++) {
        put_text(buf, step.chassis);
        put_text(buf, step.object);
        put_number(buf, (uint64_t)step.action);
        put_number(buf, (uint64_t)step.disruption);
        put_number(buf, (uint64_t)step.state);
        put_number(buf, step.num_fields);
        for (size_t k = 0; vio__plan_step_field(plan, i, k, &field); k++)
            put_field(buf, &field);
    }
}

static void put_problems(struct vio_buf *buf, const struct vio_plan *plan)
{
    struct vio_plan_problem problem;

    put_number(buf, vio__plan_num_problems(plan));
    for (size_t i = 0; vio__plan_problem(plan, i, &problem); i++) {
        put_code(buf, problem.code);
        put_text(buf, problem.object);
        put_text(buf, problem.text);
    }
}

void vio__plan_encode(const struct vio_plan *plan, struct vio_buf *buf)
{
    put_head(buf, plan);
    put_edits(buf, plan);
    put_steps(buf, plan);
    put_problems(buf, plan);
}

/* -- Reading ----------------------------------------------------------------------------------- */

/* The first fault sticks, and everything read after it is zero or empty. */
struct reader {
    struct vio_cursor cursor;
    struct vio_alloc alloc;
    struct vio_plan_builder *builder;
    char *text[3]; /* the ones read last, terminated */
    int status;
};

static uint64_t fail(struct reader *reader)
{
    if (reader->status == 0)
        reader->status = VIO_ECORRUPT;
    return 0;
}

static uint64_t get_number(struct reader *reader, uint64_t max)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte = vio__cursor_u8(&reader->cursor);

        if (shift == 63 && byte > 1)
            return fail(reader);
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            break;
    }
    return reader->cursor.failed || value > max ? fail(reader) : value;
}

static int get_code(struct reader *reader)
{
    return -(int)get_number(reader, INT32_MAX);
}

/* A list's count; each of its members takes a byte at least. */
static size_t get_count(struct reader *reader)
{
    uint64_t left = vio__cursor_left(&reader->cursor);

    return (size_t)get_number(reader, left < VIO_PLAN_ROWS_MAX ? left : VIO_PLAN_ROWS_MAX);
}

/* Valid until the next one in the same place. */
static const char *get_text(struct reader *reader, size_t place)
{
    size_t length = (size_t)get_number(reader, VIO_PLAN_TEXT_MAX);
    const uint8_t *bytes = vio__cursor_bytes(&reader->cursor, length);
    char *text;

    if (!bytes || reader->status != 0 || (length > 0 && memchr(bytes, 0, length) != NULL)) {
        fail(reader);
        return "";
    }
    text = vio__realloc(&reader->alloc, reader->text[place], 1, length + 1);
    if (!text) {
        reader->status = VIO_ENOMEM;
        return "";
    }
    reader->text[place] = text;
    memcpy(text, bytes, length);
    text[length] = '\0';
    if (!vio__text_is_valid(text, VIO_PLAN_TEXT_MAX))
        fail(reader);
    return text;
}

static void get_fields(struct reader *reader)
{
    size_t count = get_count(reader);

    for (size_t i = 0; i < count && reader->status == 0; i++) {
        const char *name = get_text(reader, 0);
        const char *before = get_text(reader, 1);
        const char *after = get_text(reader, 2);

        vio__plan_add_field(reader->builder, name, before, after);
    }
}

static void get_head(struct reader *reader)
{
    uint64_t number = get_number(reader, UINT64_MAX);
    uint64_t time = get_number(reader, UINT64_MAX);
    uint64_t undoes = get_number(reader, UINT64_MAX);
    uint8_t token[16] = {0};
    const char *author, *comment;
    int status;

    (void)vio__cursor_copy(&reader->cursor, token, sizeof(token));
    author = get_text(reader, 0);
    comment = get_text(reader, 1);
    vio__plan_set_origin(reader->builder, token, author, comment, undoes);
    vio__plan_set_stored(reader->builder, number, time);
    number = get_number(reader, VIO_PLAN_STATE_PARTLY);
    status = get_code(reader);
    vio__plan_set_outcome(reader->builder, (enum vio_plan_state)number, status,
                          get_text(reader, 0));
}

static void get_edits(struct reader *reader)
{
    size_t count = get_count(reader);

    for (size_t i = 0; i < count && reader->status == 0; i++) {
        enum vio_object_kind object = (enum vio_object_kind)get_number(reader, VIO_OBJECT_IDENTITY);
        enum vio_edit_action action =
            (enum vio_edit_action)get_number(reader, VIO_EDIT_ACTION_REMOVE);

        vio__plan_add_edit(reader->builder, object, action, get_text(reader, 0));
        get_fields(reader);
    }
}

static void get_steps(struct reader *reader)
{
    size_t count = get_count(reader);

    for (size_t i = 0; i < count && reader->status == 0; i++) {
        const char *chassis = get_text(reader, 0);
        const char *object = get_text(reader, 1);
        enum vio_action action = (enum vio_action)get_number(reader, VIO_ACTION_ADOPT);
        enum vio_disruption disruption =
            (enum vio_disruption)get_number(reader, VIO_DISRUPTION_DATA_LOST);

        vio__plan_add_step(reader->builder, chassis, object, action, disruption);
        vio__plan_set_step_state(reader->builder, i,
                                 (enum vio_step_state)get_number(reader, VIO_STEP_STATE_SKIPPED));
        get_fields(reader);
    }
}

static void get_problems(struct reader *reader)
{
    size_t count = get_count(reader);

    for (size_t i = 0; i < count && reader->status == 0; i++) {
        int code = get_code(reader);
        const char *object = get_text(reader, 0);

        vio__plan_add_problem(reader->builder, code, object, get_text(reader, 1));
    }
}

static int read_all(struct reader *reader)
{
    uint8_t version = vio__cursor_u8(&reader->cursor);

    if (version > VERSION)
        return VIO_EVERSION;
    if (version == 0)
        return VIO_ECORRUPT;
    get_head(reader);
    get_edits(reader);
    get_steps(reader);
    get_problems(reader);
    if (!vio__cursor_done(&reader->cursor))
        fail(reader);
    return reader->status != 0 ? reader->status : vio__plan_builder_status(reader->builder);
}

int vio__plan_builder_decode(const struct vio_alloc *alloc, const void *data, size_t size,
                             struct vio_plan_builder **ret_builder)
{
    struct reader reader = {.alloc = alloc ? *alloc : vio__alloc_default()};
    int status = vio__plan_builder_new(alloc, &reader.builder);

    if (status != 0)
        return status;
    vio__cursor_init(&reader.cursor, data, size);
    status = read_all(&reader);
    for (size_t i = 0; i < sizeof(reader.text) / sizeof(reader.text[0]); i++)
        vio__free(&reader.alloc, reader.text[i]);
    if (status == 0)
        *ret_builder = reader.builder;
    else
        vio__plan_builder_free(reader.builder);
    return status;
}

int vio__plan_decode(const struct vio_alloc *alloc, const void *data, size_t size,
                     struct vio_plan **ret_plan)
{
    struct vio_plan_builder *builder;
    int status = vio__plan_builder_decode(alloc, data, size, &builder);

    return status == 0 ? vio__plan_finish(builder, ret_plan) : status;
}
