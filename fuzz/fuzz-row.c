/* SPDX-License-Identifier: MIT */
/* Bodies of rows, the first byte telling the kind: what is taken has its keys inside, and is
 * written as it was read. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/domain/pool.h"
#include "lib/store/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_keys(enum vio_row_kind kind, const uint8_t *body, size_t size)
{
    for (unsigned key = 0; key < VIO_KEYS; key++) {
        struct vio_key found = vio__codec_key(kind, body, (enum vio_key_kind)key);

        if (found.size > 0 && (found.data < body || found.data + found.size > body + size))
            abort();
    }
    (void)vio__codec_generation(kind, body);
}

/* What is read can be written, and is read as the same again. */
static void check_again(enum vio_row_kind kind, const void *object)
{
    struct vio_buf buf;

    vio__buf_init(&buf, NULL, VIO_BODY_MAX);
    if (vio__codec_encode(kind, object, &buf) != 0)
        abort();
    vio__buf_free(&buf);
}

static void read_object(enum vio_row_kind kind, const uint8_t *body, size_t size)
{
    struct vio_vadapter_info *vadapter;
    struct vio_pool_info *pool;
    struct vio_hold hold;
    struct vio_met met;

    if (kind == VIO_ROW_VADAPTER && vio__codec_vadapter(NULL, body, size, &vadapter) == 0) {
        check_again(kind, vadapter);
        vio__vadapter_unref(vadapter);
    }
    if (kind == VIO_ROW_POOL && vio__codec_pool(NULL, body, size, &pool) == 0) {
        check_again(kind, pool);
        vio__pool_unref(pool);
    }
    if (kind == VIO_ROW_HOLD && vio__codec_hold(body, size, &hold) == 0)
        check_again(kind, &hold);
    if (kind == VIO_ROW_CHASSIS && vio__codec_met(body, size, &met) == 0)
        check_again(kind, &met);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum vio_row_kind kind;
    uint8_t *body;

    if (size < 1)
        return 0;
    kind = (enum vio_row_kind)data[0];
    body = malloc(size); /* of its exact size, and one more */
    if (!body)
        return 0;
    memcpy(body, data + 1, size - 1);
    if (vio__codec_check(kind, body, size - 1) == 0) {
        check_keys(kind, body, size - 1);
        read_object(kind, body, size - 1);
    }
    free(body);
    return 0;
}
