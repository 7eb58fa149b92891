/* SPDX-License-Identifier: MIT */
#include "sim/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>
#include <yaml.h>

#include "lib/base/alloc.h"

enum kind { SCALAR, SEQUENCE, MAPPING };

struct sim_yaml_node {
    const struct sim_yaml *yaml;
    struct sim_yaml_node *all; /* every node, to free them */
    struct sim_yaml_node *first, *last, *next;
    const char *key; /* in a mapping: text of the scalar node that is the key */
    unsigned children;
    enum kind kind;
    bool is_plain;
    size_t line;
    char text[]; /* of a scalar */
};

struct sim_yaml {
    const struct vio_alloc *alloc;
    const char *name;
    struct sim_yaml_node *root, *all;
    size_t count;
};

/* Where the next event goes. */
struct builder {
    struct sim_yaml *yaml;
    struct sim_diag *diag;
    struct sim_yaml_node *stack[SIM_YAML_DEPTH_MAX];
    const char *keys[SIM_YAML_DEPTH_MAX]; /* read, waiting for their values */
    unsigned depth;
    unsigned documents;
};

static int fail(const struct builder *builder, const yaml_event_t *event, int code,
                const char *text)
{
    return sim_diag_set(builder->diag, code, "%s:%zu: %s", builder->yaml->name,
                        event->start_mark.line + 1, text);
}

static struct sim_yaml_node *new_node(struct sim_yaml *yaml, enum kind kind,
                                      const yaml_event_t *event)
{
    bool is_scalar = kind == SCALAR;
    size_t len = is_scalar ? event->data.scalar.length : 0;
    struct sim_yaml_node *node = vio__calloc(yaml->alloc, 1, sizeof(*node) + len + 1);
    if (!node)
        return NULL;
    node->yaml = yaml;
    node->kind = kind;
    node->line = event->start_mark.line + 1;
    if (is_scalar) {
        memcpy(node->text, event->data.scalar.value, len);
        node->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    }
    node->all = yaml->all;
    yaml->all = node;
    yaml->count++;
    return node;
}

/* Makes `node` a child of the innermost container, or its key. */
static int place(struct builder *builder, struct sim_yaml_node *node, const yaml_event_t *event)
{
    if (!builder->depth) {
        builder->yaml->root = node;
        return 0;
    }
    struct sim_yaml_node *parent = builder->stack[builder->depth - 1];
    const char **key = &builder->keys[builder->depth - 1];
    if (parent->kind == MAPPING && !*key) {
        if (node->kind != SCALAR)
            return fail(builder, event, VIO_EPARSE, "a key has to be a word");
        if (parent->children >= SIM_YAML_KEYS_MAX)
            return fail(builder, event, VIO_ELIMIT, "more than 256 keys in one mapping");
        if (sim_yaml_get(parent, node->text))
            return sim_diag_set(builder->diag, VIO_EPARSE, "%s:%zu: \"%.63s\" is given twice",
                                builder->yaml->name, node->line, node->text);
        *key = node->text;
        return 0;
    }
    node->key = *key;
    *key = NULL;
    if (parent->last)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
    parent->children++;
    return 0;
}

static int enter(struct builder *builder, struct sim_yaml_node *node, const yaml_event_t *event)
{
    if (builder->depth == SIM_YAML_DEPTH_MAX)
        return fail(builder, event, VIO_ELIMIT, "nested more than 16 levels deep");
    builder->keys[builder->depth] = NULL;
    builder->stack[builder->depth++] = node;
    return 0;
}

/* The anchor and the tag that an event carries, if any. */
static bool is_decorated(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor || event->data.scalar.tag;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor || event->data.sequence_start.tag;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor || event->data.mapping_start.tag;
    default:
        return event->type == YAML_ALIAS_EVENT;
    }
}

static int add(struct builder *builder, enum kind kind, const yaml_event_t *event)
{
    if (kind == SCALAR && memchr(event->data.scalar.value, 0, event->data.scalar.length))
        return fail(builder, event, VIO_EPARSE, "text must not contain a zero byte");
    if (builder->yaml->count == SIM_YAML_NODES_MAX)
        return fail(builder, event, VIO_ELIMIT, "more than 65536 values");
    struct sim_yaml_node *node = new_node(builder->yaml, kind, event);
    if (!node)
        return fail(builder, event, VIO_ENOMEM, "out of memory");
    int err = place(builder, node, event);
    return err || kind == SCALAR ? err : enter(builder, node, event);
}

static int take_event(struct builder *builder, const yaml_event_t *event)
{
    if (is_decorated(event))
        return fail(builder, event, VIO_EPARSE, "anchors, aliases and tags are not allowed");
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (builder->documents++)
            return fail(builder, event, VIO_EPARSE, "only one document is allowed in a file");
        return 0;
    case YAML_SCALAR_EVENT:
        return add(builder, SCALAR, event);
    case YAML_SEQUENCE_START_EVENT:
        return add(builder, SEQUENCE, event);
    case YAML_MAPPING_START_EVENT:
        return add(builder, MAPPING, event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        builder->depth--;
        return 0;
    default:
        return 0;
    }
}

static int fail_parser(const struct builder *builder, const yaml_parser_t *parser)
{
    if (parser->error == YAML_MEMORY_ERROR)
        return sim_diag_set(builder->diag, VIO_ENOMEM, "%s: out of memory", builder->yaml->name);
    return sim_diag_set(builder->diag, VIO_EPARSE, "%s:%zu: not YAML: %s", builder->yaml->name,
                        parser->problem_mark.line + 1,
                        parser->problem ? parser->problem : "unreadable");
}

static int build(struct builder *builder, yaml_parser_t *parser)
{
    for (bool done = false; !done;) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event))
            return fail_parser(builder, parser);
        int err = take_event(builder, &event);
        done = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
        if (err)
            return err;
    }
    if (!builder->yaml->root)
        return sim_diag_set(builder->diag, VIO_EPARSE, "%s:1: the file is empty",
                            builder->yaml->name);
    return 0;
}

int sim_yaml_parse(const struct vio_alloc *alloc, const char *name, const char *text, size_t len,
                   struct sim_yaml **ret_yaml, struct sim_diag *diag)
{
    if (len > SIM_YAML_SIZE_MAX)
        return sim_diag_set(diag, VIO_ELIMIT, "%s: larger than 1 MiB", name);
    struct sim_yaml *yaml = vio__calloc(alloc, 1, sizeof(*yaml));
    yaml_parser_t parser;
    if (!yaml || !yaml_parser_initialize(&parser)) {
        vio__free(alloc, yaml);
        return sim_diag_set(diag, VIO_ENOMEM, "%s: out of memory", name);
    }
    yaml->alloc = alloc;
    yaml->name = name;
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
    struct builder builder = {.yaml = yaml, .diag = diag};
    int err = build(&builder, &parser);
    yaml_parser_delete(&parser);
    if (err) {
        sim_yaml_free(yaml);
        return err;
    }
    *ret_yaml = yaml;
    return 0;
}

void sim_yaml_free(struct sim_yaml *yaml)
{
    if (!yaml)
        return;
    for (struct sim_yaml_node *node = yaml->all, *next; node; node = next) {
        next = node->all;
        vio__free(yaml->alloc, node);
    }
    vio__free(yaml->alloc, yaml);
}

const struct sim_yaml_node *sim_yaml_root(const struct sim_yaml *yaml)
{
    return yaml->root;
}

const struct sim_yaml_node *sim_yaml_first(const struct sim_yaml_node *node)
{
    return node->first;
}

const struct sim_yaml_node *sim_yaml_next(const struct sim_yaml_node *node)
{
    return node->next;
}

const struct sim_yaml_node *sim_yaml_get(const struct sim_yaml_node *node, const char *key)
{
    if (node->kind != MAPPING)
        return NULL;
    for (const struct sim_yaml_node *child = node->first; child; child = child->next)
        if (!strcmp(child->key, key))
            return child;
    return NULL;
}

const char *sim_yaml_scalar(const struct sim_yaml_node *node)
{
    return node->kind == SCALAR ? node->text : NULL;
}

bool sim_yaml_is_null(const struct sim_yaml_node *node)
{
    return node->kind == SCALAR && node->is_plain &&
           (!node->text[0] || !strcmp(node->text, "~") || !strcmp(node->text, "null"));
}

size_t sim_yaml_line(const struct sim_yaml_node *node)
{
    return node->line;
}

int sim_yaml_error(const struct sim_yaml_node *node, struct sim_diag *diag, const char *fmt, ...)
{
    char text[SIM_DIAG_TEXT_MAX];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    return sim_diag_set(diag, VIO_EPARSE, "%s:%zu: %s", node->yaml->name, node->line, text);
}

static void join(const char *const *words, char *text, size_t size)
{
    size_t len = 0;
    text[0] = '\0';
    for (; *words && len < size; words++)
        len += (size_t)snprintf(text + len, size - len, "%s%s", len ? ", " : "", *words);
}

int sim_yaml_expect_keys(const struct sim_yaml_node *node, const char *what,
                         const char *const *keys, struct sim_diag *diag)
{
    if (node->kind != MAPPING)
        return sim_yaml_error(node, diag, "%s has to be a mapping (\"key: value\" lines)", what);
    for (const struct sim_yaml_node *child = node->first; child; child = child->next) {
        const char *const *key = keys;
        while (*key && strcmp(*key, child->key))
            key++;
        if (*key)
            continue;
        char allowed[300];
        join(keys, allowed, sizeof(allowed));
        return sim_yaml_error(child, diag, "\"%.63s\" is no key of %s; allowed are %s", child->key,
                              what, allowed);
    }
    return 0;
}

int sim_yaml_expect_sequence(const struct sim_yaml_node *node, const char *what,
                             struct sim_diag *diag)
{
    if (node->kind != SEQUENCE)
        return sim_yaml_error(node, diag, "%s has to be a list (\"- item\" lines)", what);
    return 0;
}

/* Reads the digits of a number that fits in 64 bits. Returns what follows, or NULL. */
static const char *read_digits(const char *text, uint64_t *ret_value)
{
    unsigned base = 10;
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        text += 2;
    }
    const char *start = text;
    uint64_t value = 0;
    for (;; text++) {
        unsigned digit = *text >= '0' && *text <= '9'   ? (unsigned)(*text - '0')
                         : *text >= 'a' && *text <= 'f' ? (unsigned)(*text - 'a') + 10
                         : *text >= 'A' && *text <= 'F' ? (unsigned)(*text - 'A') + 10
                                                        : 16;
        if (digit >= base)
            break;
        if (value > (UINT64_MAX - digit) / base)
            return NULL;
        value = value * base + digit;
    }
    *ret_value = value;
    return text == start ? NULL : text;
}

static bool read_number(const char *text, bool has_unit, uint64_t *ret_value)
{
    static const char units[] = "KMGT";
    uint64_t value;
    const char *rest = read_digits(text, &value);
    if (!rest)
        return false;
    const char *unit = has_unit && *rest ? strchr(units, *rest) : NULL;
    if (unit) {
        unsigned shift = 10 * (unsigned)(unit - units + 1);
        if (value > UINT64_MAX >> shift)
            return false;
        value <<= shift;
        rest++;
    }
    *ret_value = value;
    return !*rest;
}

static int get_number(const struct sim_yaml_node *node, const char *key, bool has_unit,
                      uint64_t min, uint64_t max, uint64_t *ret_value, struct sim_diag *diag)
{
    const struct sim_yaml_node *child = sim_yaml_get(node, key);
    if (!child)
        return 0;
    uint64_t value;
    if (child->kind == SCALAR && read_number(child->text, has_unit, &value) && value >= min &&
        value <= max) {
        *ret_value = value;
        return 0;
    }
    return sim_yaml_error(child, diag, "%s is \"%.63s\"; allowed is a %s from %llu to %llu", key,
                          child->kind == SCALAR ? child->text : "a list or a mapping",
                          has_unit ? "size (bytes, or with K, M, G, T)" : "number",
                          (unsigned long long)min, (unsigned long long)max);
}

int sim_yaml_number(const struct sim_yaml_node *node, const char *key, uint64_t min, uint64_t max,
                    uint64_t *ret_value, struct sim_diag *diag)
{
    return get_number(node, key, false, min, max, ret_value, diag);
}

int sim_yaml_size(const struct sim_yaml_node *node, const char *key, uint64_t min, uint64_t max,
                  uint64_t *ret_value, struct sim_diag *diag)
{
    return get_number(node, key, true, min, max, ret_value, diag);
}

int sim_yaml_switch(const struct sim_yaml_node *node, const char *key, bool *ret_value,
                    struct sim_diag *diag)
{
    static const char *const words[] = {"off", "on", "false", "true", "no", "yes"};
    const struct sim_yaml_node *child = sim_yaml_get(node, key);
    if (!child)
        return 0;
    for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]) && child->kind == SCALAR; i++)
        if (!strcmp(child->text, words[i])) {
            *ret_value = i & 1;
            return 0;
        }
    return sim_yaml_error(child, diag, "%s is \"%.63s\"; allowed are on and off", key,
                          child->kind == SCALAR ? child->text : "a list or a mapping");
}

int sim_yaml_text(const struct sim_yaml_node *node, const char *key, char *ret_text, size_t size,
                  struct sim_diag *diag)
{
    const struct sim_yaml_node *child = sim_yaml_get(node, key);
    if (!child)
        return 0;
    if (child->kind != SCALAR)
        return sim_yaml_error(child, diag, "%s has to be text", key);
    size_t len = strlen(child->text);
    if (len < 1 || len >= size)
        return sim_yaml_error(child, diag, "%s has %zu bytes; allowed are 1 to %zu", key, len,
                              size - 1);
    for (const char *c = child->text; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return sim_yaml_error(child, diag, "%s must not contain control characters", key);
    memcpy(ret_text, child->text, len + 1);
    return 0;
}
