/* SPDX-License-Identifier: MIT */
/* URIs: what is taken has its parts inside its own text and in bounds; what is not says why. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/transport/uri.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(const struct vio_uri *uri, const char *text)
{
    if (text < uri->text || text + strlen(text) > uri->text + VIO_URI_MAX)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct vio_uri uri;
    char error[VIO_URI_ERROR_SIZE] = "";
    char *text = malloc(size + 1);

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (vio__uri_parse(text, &uri, error) == 0) {
        check_inside(&uri, uri.scheme);
        check_inside(&uri, uri.path);
        for (size_t i = 0; i < uri.num_params; i++) {
            check_inside(&uri, uri.param[i].key);
            if (vio__uri_param(&uri, uri.param[i].key) != uri.param[i].value)
                abort();
        }
    } else if (!error[0]) {
        abort();
    }
    free(text);
    return 0;
}
