/* SPDX-License-Identifier: MIT */
/* Looking into the history. */
#include <libvio/error.h>

#include "lib/domain/plan_codec.h"
#include "lib/engine/internal.h"
#include "lib/engine/journal.h"

/* -- Plans ------------------------------------------------------------------------------------- */

static enum vio_plan_state state_of(const struct vio_entry *entry)
{
    switch (entry->state) {
    case VIO_ENTRY_OPEN:
        return VIO_PLAN_STATE_OPEN;
    case VIO_ENTRY_DONE:
        return VIO_PLAN_STATE_DONE;
    case VIO_ENTRY_UNDONE:
        return VIO_PLAN_STATE_UNDONE;
    case VIO_ENTRY_BLOCKED:
        return VIO_PLAN_STATE_BLOCKED;
    }
    return VIO_PLAN_STATE_UNKNOWN;
}

/* The bytes were written when the change was planned: what became of it, the entry's state tells.
 */
static void tell_outcome(struct vio_plan_builder *builder, const struct vio_entry *entry)
{
    enum vio_plan_state state = state_of(entry);
    size_t count = vio__plan_num_steps(vio__plan_builder_plan(builder));
    struct vio_plan_head head;

    vio__plan_head(vio__plan_builder_plan(builder), &head);
    vio__plan_set_stored(builder, entry->id, entry->time);
    if (head.state == state)
        return;
    if (state == VIO_PLAN_STATE_UNDONE)
        vio__plan_set_outcome(builder, state, VIO_EINDOUBT,
                              "undone when its chassis was recovered");
    else
        vio__plan_set_outcome(builder, state, 0, "");
    for (size_t i = 0; i < count && state == VIO_PLAN_STATE_DONE; i++)
        vio__plan_set_step_state(builder, i, VIO_STEP_STATE_DONE);
    for (size_t i = 0; i < count && state == VIO_PLAN_STATE_UNDONE; i++)
        vio__plan_set_step_state(builder, i, VIO_STEP_STATE_UNDONE);
}

int vio__lookup_plan(const struct vio_ledger *ledger, const struct vio_entry *entry,
                     struct vio_plan **ret_plan)
{
    struct vio_plan_builder *builder;
    const void *plan;
    size_t size;
    int status = vio__journal_find_plan(entry->body, entry->size, &plan, &size);

    if (status == 0)
        status = vio__plan_builder_decode(ledger->alloc, plan, size, &builder);
    if (status != 0)
        return status;
    tell_outcome(builder, entry);
    return vio__plan_finish(builder, ret_plan);
}

/* -- Looking ----------------------------------------------------------------------------------- */

static int on_entry(void *user, const struct vio_entry *entry)
{
    struct vio_lookup *lookup = user;

    return lookup->found(lookup, entry);
}

static void on_done(void *user, int status)
{
    struct vio_lookup *lookup = user;

    lookup->done(lookup, status);
}

int vio__lookup_start(struct vio_lookup *lookup)
{
    return vio__store_history(lookup->ledger->store, &lookup->query, on_entry, on_done, lookup);
}
