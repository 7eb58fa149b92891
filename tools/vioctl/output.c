/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/vioctl/vioctl.h"

#define CELL 256

void output_text(const char *text, size_t *io_width)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        putchar(c < 0x20 || c == 0x7f ? '?' : c);
        *io_width += (c & 0xc0) != 0x80; /* UTF-8 continuation bytes take no room */
    }
}

static size_t width_of(const char *text)
{
    size_t width = 0;

    for (; *text != '\0'; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

static void scale(uint64_t value, unsigned step, const char *suffix, char *cell, size_t size)
{
    static const char units[] = " KMGTPE";
    double shown = (double)value;
    size_t unit = 0;

    while (shown >= step && unit + 2 < sizeof units) {
        shown /= step;
        unit++;
    }
    if (unit == 0)
        snprintf(cell, size, "%" PRIu64 "%s", value, suffix);
    else
        snprintf(cell, size, "%.4g%c%s", shown, units[unit], suffix);
}

static void join(const json_t *list, char *cell, size_t size)
{
    size_t at, used = 0;
    const char *key;
    json_t *value;

    cell[0] = '\0';
    if (json_is_object(list)) {
        json_object_foreach((json_t *)list, key, value) if (used < size) used +=
            (size_t)snprintf(cell + used, size - used, "%s%s=%s", used > 0 ? "," : "", key,
                             json_string_value(value));
        return;
    }
    json_array_foreach(list, at, value) if (used < size) used += (size_t)snprintf(
        cell + used, size - used, "%s%s", used > 0 ? "," : "", json_string_value(value));
}

static void format_cell(const json_t *value, const struct column *column, char *cell, size_t size)
{
    if (value == NULL || json_is_null(value))
        snprintf(cell, size, "-");
    else if (column->form == SHOW_RATE)
        scale((uint64_t)json_integer_value(value), 1000, "b/s", cell, size);
    else if (column->form == SHOW_BYTES)
        scale((uint64_t)json_integer_value(value), 1024, "B", cell, size);
    else if (json_is_boolean(value))
        snprintf(cell, size, "%s", json_is_true(value) ? "yes" : "no");
    else if (json_is_integer(value))
        snprintf(cell, size, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_string(value))
        snprintf(cell, size, "%s", json_string_length(value) > 0 ? json_string_value(value) : "-");
    else
        join(value, cell, size);
    if (cell[0] == '\0')
        snprintf(cell, size, "-");
}

static void print_cell(const char *text, size_t width, bool last)
{
    size_t shown = 0;

    output_text(text, &shown);
    while (!last && shown++ < width + 2)
        putchar(' ');
}

static size_t column_width(const json_t *rows, const struct column *column)
{
    size_t width = width_of(column->title);
    size_t at;
    json_t *row;

    json_array_foreach(rows, at, row)
    {
        char cell[CELL];

        format_cell(json_object_get(row, column->key), column, cell, sizeof cell);
        if (width_of(cell) > width)
            width = width_of(cell);
    }
    return width;
}

static void print_table(const json_t *rows, const struct column *columns)
{
    size_t width[32], count = 0, at;
    json_t *row;

    while (columns[count].key != NULL && count < sizeof width / sizeof *width) {
        width[count] = column_width(rows, &columns[count]);
        count++;
    }
    for (size_t c = 0; c < count; c++)
        print_cell(columns[c].title, width[c], c + 1 == count);
    putchar('\n');
    json_array_foreach(rows, at, row)
    {
        for (size_t c = 0; c < count; c++) {
            char cell[CELL];

            format_cell(json_object_get(row, columns[c].key), &columns[c], cell, sizeof cell);
            print_cell(cell, width[c], c + 1 == count);
        }
        putchar('\n');
    }
}

static int print_json(const json_t *value, size_t flags)
{
    int status = json_dumpf(value, stdout, flags | JSON_ENCODE_ANY);

    putchar('\n');
    return status == 0 ? EXIT_DONE : complain("standard output cannot be written");
}

int output_json(json_t *value)
{
    if (value == NULL)
        return complain("out of memory");
    int status = print_json(value, JSON_INDENT(2));

    json_decref(value);
    return status;
}

int output_list(const struct settings *settings, json_t *value, const struct column *columns)
{
    if (settings->json)
        return output_json(value);
    if (value == NULL)
        return complain("out of memory");
    print_table(value, columns);
    json_decref(value);
    return EXIT_DONE;
}

int output_object(const struct settings *settings, json_t *value, const struct column *columns)
{
    size_t width = 0;

    if (settings->json)
        return output_json(value);
    if (value == NULL)
        return complain("out of memory");
    for (const struct column *c = columns; c->key != NULL; c++)
        if (width_of(c->title) > width)
            width = width_of(c->title);
    for (const struct column *c = columns; c->key != NULL; c++) {
        char cell[CELL];

        format_cell(json_object_get(value, c->key), c, cell, sizeof cell);
        print_cell(c->title, width, false);
        print_cell(cell, 0, true);
        putchar('\n');
    }
    json_decref(value);
    return EXIT_DONE;
}

int output_line(const struct settings *settings, json_t *value, const struct column *columns)
{
    int status = EXIT_DONE;

    if (value == NULL)
        return complain("out of memory");
    if (settings->json)
        status = print_json(value, JSON_COMPACT);
    for (const struct column *c = columns; !settings->json && c->key != NULL; c++) {
        char cell[CELL];

        format_cell(json_object_get(value, c->key), c, cell, sizeof cell);
        print_cell(cell, strlen(c->title), c[1].key == NULL);
        if (c[1].key == NULL)
            putchar('\n');
    }
    json_decref(value);
    return fflush(stdout) == 0 ? status : complain("standard output cannot be written");
}
