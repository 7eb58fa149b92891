/* SPDX-License-Identifier: MIT */
/* Undoing a change: its computed inverse, which is a change as any other. */
#include <string.h>

#include <libvio/error.h>

#include "lib/base/uuid.h"
#include "lib/engine/change.h"
#include "lib/engine/internal.h"
#include "lib/engine/journal.h"

/* Why an entry cannot be undone, or 0. */
static int check_entry(struct vio_change *change, const struct vio_entry *entry)
{
    unsigned long long number = (unsigned long long)change->undo;

    switch (entry->state) {
    case VIO_ENTRY_DONE:
        return 0;
    case VIO_ENTRY_UNDONE:
        vio__change_say(change, "change %llu failed and was undone already", number);
        return VIO_ESTATE;
    default:
        vio__change_say(change, "how change %llu ended is not known: observe its chassis", number);
        return VIO_EBLOCKED;
    }
}

/* Whether what the change did to an object destroyed its data. */
static bool is_destroyed(const struct vio_object *object)
{
    return object->before && !object->after && object->before->kind == VIO_VADAPTER_VDISK;
}

static int invert(struct vio_change *change, struct vio_item *item, struct vio_object *object)
{
    const struct vio_vadapter_info *named = object->after ? object->after : object->before;

    if (is_destroyed(object)) {
        vio__change_say(change, "the data of \"%s\" was destroyed: this cannot be undone",
                        named->name);
        return VIO_ENOTSUP;
    }
    item->edit = VIO_EDIT_RESTORE;
    item->expects = object->after ? object->after->generation : 0;
    item->info = object->before ? vio__vadapter_ref(object->before) : NULL;
    item->engine = vio__ledger_engine(change->ledger, named->chassis);
    vio__uuid_format(named->uuid, item->target);
    return 0;
}

static void invert_kept(struct vio_item *item, const struct vio_kept *kept)
{
    if (kept->kind == VIO_ROW_HOLD) {
        item->edit = kept->has ? VIO_EDIT_RELEASE : VIO_EDIT_RESERVE;
        item->address = kept->hold.address;
        memcpy(item->owner, kept->hold.owner, sizeof(item->owner));
        return;
    }
    item->edit = VIO_EDIT_POOL_RESTORE;
    item->expects = kept->after ? kept->after->generation : 0;
    item->pool = kept->before ? vio__pool_ref(kept->before) : NULL;
    memcpy(item->target, (kept->after ? kept->after : kept->before)->name, sizeof(item->target));
}

static int make_items(struct vio_change *change, const struct vio_journal_view *view)
{
    size_t count = view->num_kepts, at = 0;
    int status;

    for (size_t i = 0; i < view->count; i++)
        count += view->objects[i].commits;
    if (count == 0) {
        vio__change_say(change, "change %llu changed nothing that is kept",
                        (unsigned long long)change->undo);
        return VIO_ESTATE;
    }
    status = vio__change_set_count(change, change->ledger->alloc, count);
    for (size_t i = view->count; status == 0 && i > 0; i--)
        if (view->objects[i - 1].commits)
            status = invert(change, &change->items[at++], &view->objects[i - 1]);
    for (size_t i = view->num_kepts; status == 0 && i > 0; i--)
        invert_kept(&change->items[at++], &view->kepts[i - 1]);
    return status;
}

static int on_found(struct vio_lookup *lookup, const struct vio_entry *entry)
{
    struct vio_change *change = VIO_CONTAINER_OF(lookup, struct vio_change, lookup);
    struct vio_journal_view view;
    int status;

    if (entry->id != change->undo)
        return 0;
    status = check_entry(change, entry);
    if (status == 0)
        status = vio__journal_read(change->ledger->alloc, entry->body, entry->size, &view);
    if (status != 0)
        return status;
    status = make_items(change, &view);
    vio__journal_drop_view(change->ledger->alloc, &view);
    return status;
}

static void on_done(struct vio_lookup *lookup, int status)
{
    struct vio_change *change = VIO_CONTAINER_OF(lookup, struct vio_change, lookup);

    if (change->why != 0)
        status = change->why;
    if (status == 0 && change->count == 0) {
        vio__change_say(change, "there is no change %llu in the history",
                        (unsigned long long)change->undo);
        status = VIO_ENOENT;
    }
    if (status != 0)
        vio__change_end(change, status);
    else
        vio__change_begin(change);
}

void vio__change_fetch(struct vio_change *change)
{
    int status;

    change->phase = VIO_PHASE_FETCHING;
    change->lookup = (struct vio_lookup){
        .ledger = change->ledger,
        .query = {.before = change->undo + 1, .limit = 1},
        .found = on_found,
        .done = on_done,
    };
    status = vio__lookup_start(&change->lookup);
    if (status != 0)
        vio__change_end(change, status);
}
