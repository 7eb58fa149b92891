/* SPDX-License-Identifier: MIT */
/* Documents of stores: what is taken is written as bytes that are taken again and stay the same;
 * what is not has a problem with a text. */
#include <stdlib.h>
#include <string.h>

#include "lib/store/dump_document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_valid(const struct vio_dump *dump)
{
    struct vio_dump *again;

    if (vio__dump_parse(NULL, dump->text, dump->size, &again) != 0)
        return;
    if (again->status != 0 || again->size != dump->size ||
        memcmp(again->text, dump->text, dump->size) != 0)
        abort();
    vio__dump_unref(again);
}

static void check_problems(const struct vio_dump *dump)
{
    if (dump->problems.count == 0 || dump->problems.problem[0].code != dump->status)
        abort();
    for (size_t i = 0; i < dump->problems.count; i++)
        if (dump->problems.problem[i].code >= 0 || !dump->problems.problem[i].path ||
            !*dump->problems.problem[i].text)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct vio_dump *dump;

    if (vio__dump_parse(NULL, (const char *)data, size, &dump) != 0)
        return 0;
    if (dump->status == 0)
        check_valid(dump);
    else
        check_problems(dump);
    vio__dump_unref(dump);
    return 0;
}
