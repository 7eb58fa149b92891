/* SPDX-License-Identifier: MIT */
/* Whole files, with "-" for the standard streams. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/vioctl/vioctl.h"

static int read_all(const char *name, FILE *file, size_t most, char **ret_text, size_t *ret_size)
{
    size_t size = 0, room = 0;
    char *text = NULL;

    do {
        char *grown = size <= most ? realloc(text, 2 * room + 4096) : NULL;

        if (grown == NULL) {
            free(text);
            return complain("%s: larger than %zu bytes, or out of memory", name, most);
        }
        text = grown;
        room = 2 * room + 4096;
        size += fread(text + size, 1, room - size - 1, file);
    } while (size == room - 1);
    text[size] = '\0';
    if (ferror(file)) {
        free(text);
        return complain("%s: %s", name, strerror(errno));
    }
    *ret_text = text;
    *ret_size = size;
    return EXIT_DONE;
}

int file_read(const char *name, size_t most, char **ret_text, size_t *ret_size)
{
    bool is_stdin = strcmp(name, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(name, "r");

    if (file == NULL)
        return complain("%s: %s", name, strerror(errno));
    int status = read_all(name, file, most, ret_text, ret_size);
    if (!is_stdin)
        fclose(file);
    return status;
}

/* Beside the file first, so that what was there stays whatever happens. */
static int replace(const char *name, const char *text, size_t size)
{
    char beside[4096];
    int length = snprintf(beside, sizeof beside, "%s.XXXXXX", name);
    int fd = length < (int)sizeof beside ? mkstemp(beside) : -1;
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;

    if (file == NULL) {
        if (fd >= 0)
            close(fd);
        return complain("%s: %s", name, strerror(length < (int)sizeof beside ? errno : EINVAL));
    }
    bool written = fwrite(text, 1, size, file) == size && fflush(file) == 0 && fsync(fd) == 0;
    written = fclose(file) == 0 && written;
    if (written && rename(beside, name) == 0)
        return EXIT_DONE;
    complain("%s: %s", name, strerror(errno));
    unlink(beside);
    return EXIT_REFUSED;
}

int file_write(const char *name, const char *text, size_t size)
{
    if (strcmp(name, "-") != 0)
        return replace(name, text, size);
    if (fwrite(text, 1, size, stdout) != size)
        return complain("standard output cannot be written");
    return EXIT_DONE;
}
