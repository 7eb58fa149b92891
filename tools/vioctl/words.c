/* SPDX-License-Identifier: MIT */
#include <ctype.h>

#include "tools/vioctl/vioctl.h"

/* Copies one word onto *io_to; *io_from is behind it then. False: a quote is not closed. */
static bool take_word(char **io_from, char **io_to)
{
    char *from = *io_from, *to = *io_to;
    char quote = '\0';

    for (; *from != '\0' && (quote != '\0' || !isspace((unsigned char)*from)); from++) {
        if (quote == '\0' && (*from == '\'' || *from == '"')) {
            quote = *from;
        } else if (*from == quote && quote != '\0') {
            quote = '\0';
        } else {
            if (*from == '\\' && quote != '\'' && from[1] != '\0')
                from++;
            *to++ = *from;
        }
    }
    *io_from = from;
    *io_to = to;
    return quote == '\0';
}

int words_split(char *line, char **words, size_t most, size_t *ret_count)
{
    size_t count = 0;

    for (;;) {
        char *to = line;
        bool ended;

        while (isspace((unsigned char)*line))
            line++;
        if (*line == '\0' || *line == '#')
            break;
        if (count == most)
            return misuse("more than %zu words", most);
        words[count] = to = line;
        if (!take_word(&line, &to))
            return misuse("a quote is not closed: %.80s", words[count]);
        ended = *line == '\0';
        line += !ended;
        *to = '\0';
        count++;
    }
    *ret_count = count;
    return EXIT_DONE;
}
