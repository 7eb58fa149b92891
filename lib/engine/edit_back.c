/* SPDX-License-Identifier: MIT */
/* Edits that bring something back into the store: a foreign function, or what there was before. */
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/uuid.h"
#include "lib/domain/name.h"
#include "lib/engine/change.h"
#include "lib/engine/check.h"
#include "lib/engine/claim.h"
#include "lib/engine/edit.h"
#include "lib/engine/internal.h"

/* -- Adopting ---------------------------------------------------------------------------------- */

static const struct vio_function_info *find_foreign(struct vio_item *item)
{
    const struct vio_function_info *function =
        vio__actual_function(item->engine->actual, item->function);

    if (!function)
        vio__check_problem(item, VIO_ENOENT, item->name, "there is no function %u", item->function);
    else if (vio__store_has(item->change->ledger->store, function->cookie))
        vio__check_problem(item, VIO_EEXIST, item->name, "function %u is that of \"%s\" already",
                           item->function, function->label);
    else
        return function;
    return NULL;
}

/* Its name: what is asked for, else what the function carries, else one that is drawn. */
static void name_adopted(const struct vio_item *item, struct vio_vadapter_info *after)
{
    struct vio_ledger *ledger = item->change->ledger;
    const char *wanted = item->spec ? vio__spec_name(item->spec) : "";

    if (*wanted)
        memcpy(after->name, wanted, strlen(wanted) + 1);
    else if (!vio__name_is_valid(after->name) ||
             vio__claims_who_named(vio__store_claims(ledger->store), after->name))
        vio__edit_draw_name(ledger, after->kind, after->name);
}

int vio__edit_adopt(struct vio_item *item)
{
    const struct vio_observation *seen = vio__actual_observation(item->engine->actual);
    const struct vio_function_info *function = find_foreign(item);
    struct vio_vadapter_info *adopted;
    struct vio_object *object;
    int status;

    if (!function)
        return 0;
    if (vio__vadapter_address_kind(function->kind) == 0) {
        vio__check_problem(item, VIO_ENOTSUP, item->name,
                           "function %u is of a kind that is not known", item->function);
        return 0;
    }
    status =
        vio__vadapter_adopt(item->change->ledger->alloc, seen->chassis.uuid, function, &adopted);
    if (status != 0)
        return status;
    status = vio__edit_make(item);
    if (status != 0) {
        vio__vadapter_unref(adopted);
        return status;
    }
    object = item->object;
    if (vio__uuid_is_nil(adopted->uuid))
        memcpy(adopted->uuid, object->after->uuid, VIO_UUID_SIZE);
    vio__vadapter_unref(object->after);
    object->after = adopted;
    object->was = (struct vio_target){.exists = true, .function = *function};
    adopted->generation = 1;
    name_adopted(item, adopted);
    if (function->adapter < seen->num_adapters)
        adopted->factory_address = seen->adapters[function->adapter].factory_address;
    return 0;
}

/* -- Undoing ----------------------------------------------------------------------------------- */

static void check_unchanged(struct vio_item *item)
{
    const struct vio_vadapter_info *before = item->object ? item->object->before : NULL;
    unsigned long long present = before ? before->generation : 0;

    if (present == item->expects)
        return;
    if (present == 0)
        vio__check_problem(item, VIO_ESTALE, item->name,
                           "the vadapter that is to be undone, of generation %llu, is gone",
                           (unsigned long long)item->expects);
    else
        vio__check_problem(item, VIO_ESTALE, before->name,
                           "\"%s\" has changed since: it has generation %llu, and had %llu after "
                           "the change that is to be undone",
                           before->name, present, (unsigned long long)item->expects);
}

/* What it was, or nothing; but a vDisk that was made keeps its data. */
static int copy_former(const struct vio_item *item, struct vio_vadapter_info **ret_after)
{
    const struct vio_vadapter_info *before = item->object ? item->object->before : NULL;
    int status;

    *ret_after = NULL;
    if (item->info)
        return vio__vadapter_copy(item->info, ret_after);
    if (!before || before->kind != VIO_VADAPTER_VDISK)
        return 0;
    status = vio__vadapter_copy(before, ret_after);
    if (status != 0)
        return status;
    (*ret_after)->server = (*ret_after)->path = VIO_NO_INDEX;
    (*ret_after)->retired = vio__ledger_now(item->change->ledger);
    return 0;
}

/* The vAdapter becomes what it was, with the next generation. */
int vio__edit_restore(struct vio_item *item)
{
    struct vio_vadapter_info *after = NULL;
    uint64_t generation = item->expects;
    int status = 0;

    check_unchanged(item);
    if (item->change->problem != 0)
        return 0;
    if (!item->engine) {
        vio__check_problem(item, VIO_ESTATE, item->name, "its chassis is not open");
        return 0;
    }
    status = copy_former(item, &after);
    if (status != 0)
        return status;
    if (!item->object)
        status = vio__edit_make(item);
    if (status != 0) {
        vio__vadapter_unref(after);
        return status;
    }
    vio__vadapter_unref(item->object->after);
    item->object->after = after;
    if (!after)
        return 0;
    after->generation = (generation != 0 ? generation : after->generation + 1) + 1;
    vio__check_place(item);
    vio__claim_check(item);
    return 0;
}
