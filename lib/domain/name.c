/* SPDX-License-Identifier: MIT */
#include "lib/domain/name.h"

#include <stdint.h>
#include <string.h>

#include "lib/base/uuid.h"

#define NONE UINT32_MAX

/* The character at *at, which moves on; NONE for what is not UTF-8. Text ends in a NUL, which is no
 * continuation byte, so nothing is read beyond it. */
static uint32_t next_character(const char **at)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    const unsigned char *byte = (const unsigned char *)*at;
    unsigned more = byte[0] < 0x80   ? 0
                    : byte[0] < 0xc0 ? 4
                    : byte[0] < 0xe0 ? 1
                    : byte[0] < 0xf0 ? 2
                    : byte[0] < 0xf8 ? 3
                                     : 4;
    uint32_t character;

    if (more > 3)
        return NONE;
    character = more == 0 ? byte[0] : byte[0] & (0x3fu >> more);
    for (unsigned i = 1; i <= more; i++) {
        if ((byte[i] & 0xc0) != 0x80)
            return NONE;
        character = character << 6 | (byte[i] & 0x3fu);
    }
    if (character < least[more] || character > 0x10ffff ||
        (character >= 0xd800 && character <= 0xdfff))
        return NONE;
    *at += more + 1;
    return character;
}

static bool is_control(uint32_t character)
{
    return character < 0x20 || (character >= 0x7f && character < 0xa0);
}

bool vio__text_is_valid(const char *text, size_t max)
{
    if (strnlen(text, max + 1) > max)
        return false;
    for (;;) {
        uint32_t character;

        while (*text >= ' ' && *text <= '~') /* nearly all there is */
            text++;
        if (!*text)
            return true;
        character = next_character(&text);
        if (character == NONE || is_control(character))
            return false;
    }
}

static bool is_digit(uint32_t character)
{
    return character >= '0' && character <= '9';
}

static bool may_begin(uint32_t character)
{
    return is_digit(character) || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z') || character >= 0xa0;
}

bool vio__name_is_valid(const char *name)
{
    uint8_t uuid[VIO_UUID_SIZE];
    const char *at = name;

    if (!vio__text_is_valid(name, VIO_NAME_MAX) || !may_begin(next_character(&at)))
        return false;
    while (*at) {
        uint32_t character = next_character(&at);

        if (!may_begin(character) && (character > 0x7f || !strchr("._-:", (int)character)))
            return false;
    }
    return vio__uuid_parse(name, uuid) != 0;
}

static size_t digits(const char *text)
{
    size_t count = 0;

    while (is_digit((unsigned char)text[count]))
        count++;
    return count;
}

/* Compares the numbers that begin here and moves beyond them. */
static int compare_numbers(const char **a, const char **b)
{
    size_t size_a, size_b;
    int order;

    while (**a == '0')
        ++*a;
    while (**b == '0')
        ++*b;
    size_a = digits(*a);
    size_b = digits(*b);
    if (size_a != size_b)
        return size_a < size_b ? -1 : 1;
    order = memcmp(*a, *b, size_a);
    *a += size_a;
    *b += size_b;
    return order;
}

int vio__name_compare(const char *a, const char *b)
{
    const char *x = a;
    const char *y = b;

    while (*x && *y) {
        if (is_digit((unsigned char)*x) && is_digit((unsigned char)*y)) {
            int order = compare_numbers(&x, &y);

            if (order != 0)
                return order;
        } else if (*x != *y) {
            return (unsigned char)*x < (unsigned char)*y ? -1 : 1;
        } else {
            x++;
            y++;
        }
    }
    if (*x || *y)
        return *x ? 1 : -1;
    return strcmp(a, b); /* "a01" and "a1" */
}

static const char *skip_character(const char *at)
{
    do
        at++;
    while (((unsigned char)*at & 0xc0) == 0x80);
    return at;
}

bool vio__name_matches(const char *name, const char *pattern)
{
    const char *star = NULL; /* after the last `*`, and where its text ends so far */
    const char *resume = NULL;

    while (*name) {
        if (*pattern == '*') {
            star = ++pattern;
            resume = name;
        } else if (*pattern == '?') {
            pattern++;
            name = skip_character(name);
        } else if (*pattern == *name) {
            pattern++;
            name++;
        } else if (star) {
            resume = skip_character(resume);
            pattern = star;
            name = resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}
