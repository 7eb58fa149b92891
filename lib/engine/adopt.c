/* SPDX-License-Identifier: MIT */
/* Functions that say whose they are become vAdapters; the others stay foreign. */
#include <string.h>

#include <libvio/error.h>

#include "lib/engine/internal.h"

/* What is adopted must be unique as anything else: of two, the first one is. */
static bool is_known(const struct vio_engine *engine, const struct vio_function_info *function)
{
    struct vio_claims *claims = vio__store_claims(vio__engine_store(engine));
    const struct vio_function_info *first = vio__actual_by_cookie(engine->actual, function->cookie);

    return !first || first->index != function->index ||
           vio__store_has(vio__engine_store(engine), function->cookie) ||
           vio__claims_who_named(claims, function->label) ||
           (function->address.kind != 0 && vio__claims_who_has(claims, &function->address));
}

static int adopt(struct vio_engine *engine, const struct vio_function_info *function,
                 struct vio_record *record)
{
    const struct vio_observation *seen = vio__actual_observation(engine->actual);
    struct vio_claims *claims = vio__store_claims(vio__engine_store(engine));
    struct vio_vadapter_info *vadapter;
    int status = vio__vadapter_adopt(engine->alloc, seen->chassis.uuid, function, &vadapter);

    if (status != 0)
        return status;
    if (function->adapter < seen->num_adapters)
        vadapter->factory_address = seen->adapters[function->adapter].factory_address;
    status = vio__claims_take(claims, vadapter); /* until the records are freed */
    if (status != 0) {
        vio__vadapter_unref(vadapter);
        return status;
    }
    *record = (struct vio_record){.kind = VIO_ROW_VADAPTER, .object = vadapter};
    memcpy(record->uuid, vadapter->uuid, sizeof(record->uuid));
    return 0;
}

int vio__adopt(struct vio_engine *engine, struct vio_record **ret_records, size_t *ret_count)
{
    struct vio_function_info *functions;
    struct vio_record *records;
    size_t num_functions;
    size_t count = 0;
    int status = vio__actual_functions(engine->actual, &functions, &num_functions);

    if (status != 0)
        return status;
    records = vio__calloc(engine->alloc, num_functions, sizeof(*records));
    if (!records)
        status = VIO_ENOMEM;
    for (size_t i = 0; status == 0 && i < num_functions; i++) {
        if (!vio__vadapter_is_adoptable(&functions[i]) || is_known(engine, &functions[i]))
            continue;
        status = adopt(engine, &functions[i], &records[count]);
        if (status == 0)
            count++;
    }
    vio__free(engine->alloc, functions);
    if (status != 0) {
        vio__adopt_free(engine, records, count);
        return status;
    }
    *ret_records = records;
    *ret_count = count;
    return 0;
}

void vio__adopt_free(struct vio_engine *engine, struct vio_record *records, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct vio_vadapter_info *vadapter = (struct vio_vadapter_info *)records[i].object;

        vio__claims_drop(vio__store_claims(vio__engine_store(engine)), vadapter);
        vio__vadapter_unref(vadapter);
    }
    vio__free(engine->alloc, records);
}
