/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "sim/command.h"

/* Length of the well-formed UTF-8 sequence at `s` (RFC 3629, section 4), 0 if there is none. */
static size_t sequence(const uint8_t *s, size_t size)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = s[0] < 0x80   ? 1
               : s[0] < 0xc2 ? 0
               : s[0] < 0xe0 ? 2
               : s[0] < 0xf0 ? 3
               : s[0] < 0xf5 ? 4
                             : 0;
    uint32_t code;

    if (n <= 1)
        return n;
    if (n > size)
        return 0;
    code = s[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (s[i] & 0x3f);
    }
    return code < least[n] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? 0 : n;
}

bool sim_text_valid(const uint8_t *field, size_t size)
{
    size_t at = 0;

    while (at < size && field[at]) {
        size_t n = sequence(field + at, size - at);

        if (n == 0)
            return false;
        at += n;
    }
    if (at == size)
        return false;
    while (at < size && !field[at])
        at++;
    return at == size;
}

void sim_text_put(uint8_t *field, size_t size, const char *text)
{
    size_t n = strnlen(text, size);

    if (n == size) { /* cut between two characters */
        n--;
        while (n > 0 && ((uint8_t)text[n] & 0xc0) == 0x80)
            n--;
    }
    memset(field, 0, size);
    memcpy(field, text, n);
}
