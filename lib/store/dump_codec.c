/* SPDX-License-Identifier: MIT */
#include "lib/store/dump_codec.h"

#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/buf.h"
#include "lib/domain/name.h"

enum { PATH_SIZE = 384, TEXT_SIZE = 768, SHOWN_SIZE = 96 };

/* -- Complaints -------------------------------------------------------------------------------- */

static void append_path(struct vio_buf *buf, const struct vio_dump_where *where)
{
    if (!where)
        return;
    append_path(buf, where->in);
    if (!where->key)
        vio__buf_printf(buf, "[%zu]", where->index);
    else
        vio__buf_printf(buf, "%s%s", buf->size > 0 ? "." : "", where->key);
}

char *vio__dump_path(const struct vio_alloc *alloc, const struct vio_dump_where *where)
{
    struct vio_buf buf;
    char *path;

    vio__buf_init(&buf, alloc, PATH_SIZE);
    append_path(&buf, where);
    path = vio__buf_steal(&buf);
    vio__buf_free(&buf);
    return path;
}

static void add_problem(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                        int code, const char *text)
{
    struct vio_dump_problems *problems = reader->problems;
    struct vio_dump_problem made = {.code = code};
    struct vio_dump_problem *grown =
        vio__realloc(reader->alloc, problems->problem, problems->count + 1, sizeof(*grown));

    if (grown)
        problems->problem = grown;
    made.path = vio__dump_path(reader->alloc, where);
    made.text = vio__strdup(reader->alloc, text);
    if (!grown || !made.path || !made.text) {
        vio__free(reader->alloc, made.path);
        vio__free(reader->alloc, made.text);
        reader->status = VIO_ENOMEM;
        return;
    }
    grown[problems->count++] = made;
}

void vio__dump_problem(struct vio_dump_reader *reader, const struct vio_dump_where *where, int code,
                       const char *text)
{
    if (reader->problems->count < VIO_DUMP_PROBLEMS_MAX)
        add_problem(reader, where, code, text);
    else
        reader->problems->dropped++;
}

void vio__dump_tell_dropped(struct vio_dump_reader *reader)
{
    char text[TEXT_SIZE];

    if (reader->problems->dropped == 0)
        return;
    snprintf(text, sizeof text, "there are %zu more problems, which are not listed",
             reader->problems->dropped);
    add_problem(reader, NULL, VIO_ELIMIT, text);
}

/* At most how many bytes of the text make whole characters. */
static size_t whole(const char *text, size_t most)
{
    size_t length = strnlen(text, most + 1);

    if (length <= most)
        return length;
    while (most > 0 && ((unsigned char)text[most] & 0xc0) == 0x80)
        most--;
    return most;
}

/* As JSON, so that nothing in a text looks like ours; without control characters. */
static void quote(const json_t *value, char *ret_text, size_t size)
{
    const char *text = json_string_value(value);
    size_t flags = JSON_ENCODE_ANY;
    size_t length;

    if (text && !vio__text_is_valid(text, SHOWN_SIZE))
        flags |= JSON_ENSURE_ASCII;
    length = json_dumpb(value, ret_text, size - 1, flags);
    ret_text[length < size ? length : 0] = '\0';
    for (char *at = ret_text; *at; at++)
        if (*at == 0x7f)
            *at = '?';
}

/* Shows a value in one short line. */
static void show(const json_t *value, char shown[SHOWN_SIZE])
{
    char quoted[8 * SHOWN_SIZE]; /* a byte becomes six at most */
    const char *text = json_string_value(value);
    json_t *part = NULL;
    size_t length;

    if (!value || json_is_object(value) || json_is_array(value)) {
        snprintf(shown, SHOWN_SIZE, "%s",
                 !value                  ? "nothing"
                 : json_is_object(value) ? "an object"
                                         : "an array");
        return;
    }
    if (text)
        part = json_stringn(text, whole(text, SHOWN_SIZE - 6));
    quote(part ? part : value, quoted, sizeof quoted);
    json_decref(part);
    length = whole(quoted, SHOWN_SIZE - 4);
    snprintf(shown, SHOWN_SIZE, "%.*s%s", (int)length, quoted, quoted[length] ? "..." : "");
}

void vio__dump_complain(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                        int code, const json_t *value, const char *allowed)
{
    char shown[SHOWN_SIZE];
    char text[TEXT_SIZE];

    show(value, shown);
    snprintf(text, sizeof text, "%s is not allowed here; allowed: %s", shown, allowed);
    vio__dump_problem(reader, where, code, text);
}

size_t vio__dump_num_problems(const struct vio_dump_reader *reader)
{
    return reader->problems->count + reader->problems->dropped;
}

void vio__dump_problems_clear(const struct vio_alloc *alloc, struct vio_dump_problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        vio__free(alloc, problems->problem[i].path);
        vio__free(alloc, problems->problem[i].text);
    }
    vio__free(alloc, problems->problem);
    *problems = (struct vio_dump_problems){0};
}

/* -- Fields ------------------------------------------------------------------------------------ */

static uint64_t number_at(const void *member, size_t size)
{
    switch (size) {
    case 1:
        return *(const uint8_t *)member;
    case 2:
        return *(const uint16_t *)member;
    case 4:
        return *(const uint32_t *)member;
    default:
        return *(const uint64_t *)member;
    }
}

static void set_number(void *member, size_t size, uint64_t number)
{
    switch (size) {
    case 1:
        *(uint8_t *)member = (uint8_t)number;
        break;
    case 2:
        *(uint16_t *)member = (uint16_t)number;
        break;
    case 4:
        *(uint32_t *)member = (uint32_t)number;
        break;
    default:
        *(uint64_t *)member = number;
        break;
    }
}

static json_t *write_unless_absent(const struct vio_dump_field *field, const void *member)
{
    uint64_t number =
        field->type == VIO_DUMP_BOOLEAN ? *(const bool *)member : number_at(member, field->size);

    if (!field->required && number == field->absent)
        return json_null();
    if (field->type == VIO_DUMP_BOOLEAN)
        return json_boolean(number != 0);
    if (field->type == VIO_DUMP_WORD)
        return vio__dump_write_word(field->words, (int)number);
    return vio__dump_write_number(number);
}

static json_t *write_field(const struct vio_dump_field *field, const void *object)
{
    const void *member = (const char *)object + field->offset;

    switch (field->type) {
    case VIO_DUMP_NAME:
    case VIO_DUMP_TEXT:
        return vio__dump_write_text(member);
    case VIO_DUMP_NUMBER:
    case VIO_DUMP_BOOLEAN:
    case VIO_DUMP_WORD:
        return write_unless_absent(field, member);
    case VIO_DUMP_UUID:
        return vio__dump_write_uuid(member);
    case VIO_DUMP_ADDRESS:
        return vio__dump_write_address(member);
    case VIO_DUMP_OBJECT:
        return vio__dump_write_fields(field->fields, member, true);
    case VIO_DUMP_STRING:
        return vio__dump_write_text(*(char *const *)member);
    case VIO_DUMP_LABELS:
        return vio__dump_write_labels(member);
    case VIO_DUMP_OTHER:
        break;
    }
    return field->write(member);
}

json_t *vio__dump_write_fields(const struct vio_dump_fields *fields, const void *object,
                               bool optional)
{
    json_t *written = json_object();

    for (size_t i = 0; i < fields->count && written; i++) {
        json_t *value = write_field(&fields->field[i], object);

        if (json_is_null(value))
            continue;
        if (json_object_set_new_nocheck(written, fields->field[i].key, value) != 0) {
            json_decref(written);
            return NULL;
        }
    }
    if (written && optional && json_object_size(written) == 0) {
        json_decref(written);
        return json_null();
    }
    return written;
}

static void read_number(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                        const json_t *value, const struct vio_dump_field *field, void *member)
{
    uint64_t number;
    int word;

    if (field->type == VIO_DUMP_NUMBER &&
        vio__dump_read_number(reader, where, value, field->least, field->most, &number))
        set_number(member, field->size, number);
    else if (field->type == VIO_DUMP_WORD &&
             vio__dump_read_word(reader, where, value, field->words, &word))
        set_number(member, field->size, (uint64_t)word);
}

static void read_text(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                      const json_t *value, const struct vio_dump_field *field, void *member)
{
    size_t most = field->type == VIO_DUMP_STRING ? field->most : field->size - 1;
    const char *text = field->type == VIO_DUMP_NAME
                           ? vio__dump_read_name(reader, where, value)
                           : vio__dump_read_text(reader, where, value, most);
    char **string = member;

    if (!text)
        return;
    if (field->type != VIO_DUMP_STRING) {
        snprintf(member, field->size, "%s", text);
        return;
    }
    vio__free(reader->alloc, *string);
    *string = vio__strdup(reader->alloc, text);
    if (!*string)
        reader->status = VIO_ENOMEM;
}

static void read_field(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                       const json_t *value, const struct vio_dump_field *field, void *object)
{
    void *member = (char *)object + field->offset;

    switch (field->type) {
    case VIO_DUMP_NAME:
    case VIO_DUMP_TEXT:
    case VIO_DUMP_STRING:
        read_text(reader, where, value, field, member);
        break;
    case VIO_DUMP_NUMBER:
    case VIO_DUMP_WORD:
        read_number(reader, where, value, field, member);
        break;
    case VIO_DUMP_BOOLEAN:
        vio__dump_read_boolean(reader, where, value, member);
        break;
    case VIO_DUMP_UUID:
        vio__dump_read_uuid(reader, where, value, member);
        break;
    case VIO_DUMP_ADDRESS:
        vio__dump_read_address(reader, where, value, member);
        break;
    case VIO_DUMP_OBJECT:
        vio__dump_read_fields(reader, where, value, field->fields, member);
        break;
    case VIO_DUMP_LABELS:
        vio__dump_read_labels(reader, where, value, member);
        break;
    case VIO_DUMP_OTHER:
        field->read(reader, where, value, member);
        break;
    }
}

static const struct vio_dump_field *find_field(const struct vio_dump_fields *fields,
                                               const char *key)
{
    for (size_t i = 0; i < fields->count; i++)
        if (strcmp(fields->field[i].key, key) == 0)
            return &fields->field[i];
    return NULL;
}

/* A key that is in no table is shown in the text, not in the path: it may be anything. */
static void refuse_key(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                       const char *key, const struct vio_dump_fields *fields)
{
    char allowed[TEXT_SIZE - SHOWN_SIZE - 64] = "";
    char text[TEXT_SIZE];
    char shown[SHOWN_SIZE];
    json_t *name = json_string(key);
    size_t used = 0;

    show(name, shown);
    json_decref(name);
    for (size_t i = 0; i < fields->count && used < sizeof allowed; i++)
        used += (size_t)snprintf(allowed + used, sizeof allowed - used, "%s%s", i > 0 ? ", " : "",
                                 fields->field[i].key);
    snprintf(text, sizeof text, "the key %s is unknown; allowed: %s", shown, allowed);
    vio__dump_problem(reader, where, VIO_EPARSE, text);
}

void vio__dump_read_fields(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                           const json_t *value, const struct vio_dump_fields *fields, void *object)
{
    const char *key;
    json_t *member;

    if (!json_is_object(value)) {
        vio__dump_complain(reader, where, VIO_EPARSE, value, "an object");
        return;
    }
    json_object_foreach((json_t *)value, key, member)
    {
        const struct vio_dump_field *field = find_field(fields, key);
        const struct vio_dump_where inside = {.in = where, .key = key};

        if (field)
            read_field(reader, &inside, member, field, object);
        else
            refuse_key(reader, where, key, fields);
    }
    for (size_t i = 0; i < fields->count; i++) {
        const struct vio_dump_where inside = {.in = where, .key = fields->field[i].key};

        if (fields->field[i].required && !json_object_get(value, inside.key))
            vio__dump_problem(reader, &inside, VIO_EPARSE, "is missing, and is needed");
    }
}
