/* SPDX-License-Identifier: MIT */
/*
 * Stands in for libFuzzer's main() in builds without it: gives each file named on the command line
 * to the target.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define LARGEST_INPUT (16U << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads into a block of the file's exact size, so that a sanitizer sees a read beyond its end. */
static uint8_t *read_file(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = NULL;
    long size;

    if (!file)
        return NULL;
    if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 &&
        (unsigned long)size <= LARGEST_INPUT && fseek(file, 0, SEEK_SET) == 0) {
        data = malloc(size > 0 ? (size_t)size : 1);
        if (data && fread(data, 1, (size_t)size, file) != (size_t)size) {
            free(data);
            data = NULL;
        }
        *ret_size = (size_t)size;
    }
    fclose(file);
    return data;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        size_t size = 0;
        uint8_t *data = read_file(argv[i], &size);

        if (!data) {
            fprintf(stderr, "%s: cannot read it\n", argv[i]);
            return 1;
        }
        LLVMFuzzerTestOneInput(data, size);
        free(data);
    }
    printf("%d inputs\n", argc - 1);
    return argc > 1 ? 0 : 1;
}
