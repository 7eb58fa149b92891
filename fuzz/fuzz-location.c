/* SPDX-License-Identifier: MIT */
/* What follows "sim:" in a URI. */
#include <stdlib.h>
#include <string.h>

#include "sim/location.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sim_diag diag = {0};
    struct sim_options options;
    char *text = malloc(size + 1), *path;

    if (!text)
        return 0;
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    if (sim_location_parse(text, &path, &options, &diag) == 0)
        free(path);
    else if (!diag.text[0] || strchr(diag.text, '\n'))
        abort();
    free(text);
    return 0;
}
