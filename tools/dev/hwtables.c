/* SPDX-License-Identifier: MIT */
/*
 * Usage: hwtables < OLD > NEW
 *
 * Writes the tables of the register interface between the marks of a page, from the descriptions
 * in lib/hw. A mark is "<!-- table: NAME [OF] -->" up to "<!-- end -->" in Markdown, and
 * `.\" table: NAME [OF]` up to `.\" end` in a manual page. OF picks the rows of one block or one
 * command; the rest of the page passes unchanged.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tools/dev/hwtables.h"

#define COLUMNS 5

typedef const char *row[COLUMNS];

#define R(name, offset, size, access, doc) {#offset, #name, #size, #access, doc},
static const row global_rows[] = {
#include "lib/hw/global.def"
};
static const row queue_rows[] = {
#include "lib/hw/queue.def"
};
static const row port_rows[] = {
#include "lib/hw/port.def"
};
static const row server_rows[] = {
#include "lib/hw/server.def"
};
static const row slot_rows[] = {
#include "lib/hw/slot.def"
};
static const row function_rows[] = {
#include "lib/hw/function.def"
};
#undef R

static const row block_rows[] = {
#define B(name, base, stride, count, doc) {#name, #base, #stride, #count, doc},
#include "lib/hw/blocks.def"
#undef B
};

static const row field_rows[] = {
#define F(reg, field, shift, bits, doc) {#reg, #field, #shift, #bits, doc},
#include "lib/hw/fields.def"
#undef F
};

#define NO  "no"
#define YES "yes"
static const row opcode_rows[] = {
#define O(name, code, changes, idempotent, doc) {#code, #name, changes, idempotent, doc},
#include "lib/hw/opcodes.def"
#undef O
};

static const row status_rows[] = {
#define S(name, code, doc) {#code, #name, doc},
#include "lib/hw/status.def"
#undef S
};

static const row event_rows[] = {
#define E(name, code, object, value, doc) {#code, #name, #object, value, doc},
#include "lib/hw/events.def"
#undef E
};

static const row command_rows[] = {
#define C(command, where, doc) {#command, #where, doc},
#include "lib/hw/commands.def"
#undef C
};

static const row answer_rows[] = {
#define A(command, status, when) {#command, #status, when},
#include "lib/hw/answers.def"
#undef A
};

static const row reset_rows[] = {
#define S(reg, set, vpc, power, removal) {#reg, #set, #vpc, #power, #removal},
#include "lib/hw/resets.def"
#undef S
};

static const struct table {
    const char *name;
    row heads;
    const row *rows;
    size_t count;
} tables[] = {
#define ROWS(rows) rows, sizeof(rows) / sizeof(rows)[0]
#define REGISTERS                                          \
    {                                                      \
        "offset", "register", "bytes", "access", "meaning" \
    }
    {"global", REGISTERS, ROWS(global_rows)},
    {"queue", REGISTERS, ROWS(queue_rows)},
    {"port", REGISTERS, ROWS(port_rows)},
    {"server", REGISTERS, ROWS(server_rows)},
    {"slot", REGISTERS, ROWS(slot_rows)},
    {"function", REGISTERS, ROWS(function_rows)},
    {"blocks", {"block", "base", "stride", "most", "meaning"}, ROWS(block_rows)},
    {"fields", {"register", "field", "lowest bit", "bits", "meaning"}, ROWS(field_rows)},
    {"opcodes", {"code", "command", "changes state", "idempotent", "meaning"}, ROWS(opcode_rows)},
    {"status", {"code", "status", "meaning"}, ROWS(status_rows)},
    {"events", {"code", "event", "object", "value", "meaning"}, ROWS(event_rows)},
    {"command", {"command", "where", "meaning"}, ROWS(command_rows)},
    {"answers", {"command", "status", "when"}, ROWS(answer_rows)},
    {"resets",
     {"register", "set or function level reset", "VPC reset", "power cycle", "removal"},
     ROWS(reset_rows)},
};

static const struct style {
    const char *mark, *mark_end, *end; /* around a table's name; after a table */
    bool roff;
} styles[] = {
    {"<!-- table: ", " -->\n", "<!-- end -->\n", false},
    {".\\\" table: ", "\n", ".\\\" end\n", true},
};

static unsigned columns_of(const struct table *table)
{
    unsigned columns = 0;

    while (columns < COLUMNS && table->heads[columns])
        columns++;
    return columns;
}

/*
 * Whether a row belongs to `of`, by its first cell: that name, or a name below it. What the cell
 * says beyond `of` is left in *ret_rest, which is empty where it says no more.
 */
static bool row_is_of(const row cells, const char *of, const char **ret_rest)
{
    size_t length = strlen(of);

    *ret_rest = cells[0];
    if (length == 0)
        return true;
    if (strncmp(cells[0], of, length) != 0 || (cells[0][length] && cells[0][length] != '_'))
        return false;
    *ret_rest = cells[0] + length + (cells[0][length] == '_');
    return true;
}

static void print_row(const struct style *style, const char *const *cells, unsigned columns)
{
    if (!style->roff)
        fputs("|", stdout);
    for (unsigned i = 0; i < columns; i++) {
        if (!style->roff)
            printf(" %s |", cells[i]);
        else if (i + 1 < columns)
            printf("%s\t", cells[i]);
        else
            printf("T{\n%s\nT}", cells[i]);
    }
    fputs("\n", stdout);
}

static void print_head(const struct style *style, const char *const *cells, unsigned columns)
{
    if (style->roff) {
        fputs(".TS\n", stdout);
        for (unsigned i = 0; i < columns; i++)
            fputs(i + 1 < columns ? "l " : "lx.\n", stdout);
    }
    print_row(style, cells, columns);
    if (!style->roff) {
        for (unsigned i = 0; i < columns; i++)
            fputs("|---", stdout);
        fputs("|\n", stdout);
    }
}

static bool print_table(const struct style *style, const struct table *table, const char *of)
{
    unsigned columns = columns_of(table), skip = 0;
    bool any = false;

    for (size_t i = 0; i < table->count; i++) {
        row cells;

        memcpy(cells, table->rows[i], sizeof cells);
        if (!row_is_of(table->rows[i], of, &cells[0]))
            continue;
        if (!any) {
            skip = cells[0][0] == '\0';
            print_head(style, table->heads + skip, columns - skip);
        }
        any = true;
        print_row(style, cells + skip, columns - skip);
    }
    if (any && style->roff)
        fputs(".TE\n", stdout);
    return any;
}

/* Prints what the mark asks for, "NAME" or "NAME OF"; false where there is no such thing. */
static bool print_named(const struct style *style, char *name)
{
    char *of = strchr(name, ' ');

    if (!style->roff && strcmp(name, "example") == 0)
        return hwtables_example(stdout);
    if (of)
        *of++ = '\0';
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        if (strcmp(tables[i].name, name) == 0)
            return print_table(style, &tables[i], of ? of : "");
    return false;
}

/* The style of the mark that `line` is, which is cut down to the table's name; NULL for no mark. */
static const struct style *find_mark(char *line, char **ret_name)
{
    for (size_t i = 0; i < sizeof styles / sizeof styles[0]; i++) {
        const struct style *style = &styles[i];
        size_t length = strlen(line), mark = strlen(style->mark), end = strlen(style->mark_end);

        if (length < mark + end || strncmp(line, style->mark, mark) != 0 ||
            strcmp(line + length - end, style->mark_end) != 0)
            continue;
        line[length - end] = '\0';
        *ret_name = line + mark;
        return style;
    }
    return NULL;
}

int main(void)
{
    const struct style *skipping = NULL;
    char line[4096];

    while (fgets(line, sizeof line, stdin)) {
        char *name;

        if (skipping && strcmp(line, skipping->end) != 0)
            continue;
        fputs(line, stdout);
        if (skipping) {
            skipping = NULL;
            continue;
        }
        skipping = find_mark(line, &name);
        if (skipping && !print_named(skipping, name)) {
            fprintf(stderr, "hwtables: there is no table \"%s\"\n", name);
            return 1;
        }
    }
    if (skipping) {
        fprintf(stderr, "hwtables: a table without its end mark\n");
        return 1;
    }
    return fflush(stdout) || ferror(stdout) || ferror(stdin);
}
