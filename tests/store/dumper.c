/* SPDX-License-Identifier: MIT */
/*
 * For tests/store/schema.py. "dumper SEED COUNT" prints a random dump of that many vAdapters.
 * Without arguments, reads documents, each after a line with its size in bytes, and prints a line
 * for each: "ok", or its first problem.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/store/dumps.h"

static int print(uint64_t seed, size_t count)
{
    struct vio_dump *dump = dumps_random(seed, count);

    fwrite(dump->text, 1, dump->size, stdout);
    vio__dump_unref(dump);
    return EXIT_SUCCESS;
}

static int judge(size_t size)
{
    char *text = malloc(size + 1);
    struct vio_dump *dump;

    if (!text || fread(text, 1, size, stdin) != size ||
        vio__dump_parse(NULL, text, size, &dump) != 0) {
        free(text);
        return -1;
    }
    if (dump->problems.count == 0)
        puts("ok");
    else
        printf("%s: %s\n", dump->problems.problem[0].path, dump->problems.problem[0].text);
    vio__dump_unref(dump);
    free(text);
    return 0;
}

int main(int argc, char **argv)
{
    char line[32];

    if (argc == 3)
        return print(strtoull(argv[1], NULL, 10), strtoul(argv[2], NULL, 10));
    while (fgets(line, sizeof line, stdin))
        if (judge(strtoul(line, NULL, 10)) != 0)
            return EXIT_FAILURE;
    return EXIT_SUCCESS;
}
