/* SPDX-License-Identifier: MIT */
/* A change that was planned: made durable, applied, and undone where that fails. */
#include <string.h>

#include <libvio/error.h>

#include "lib/base/error.h"
#include "lib/domain/plan_codec.h"
#include "lib/engine/change.h"
#include "lib/engine/claim.h"
#include "lib/engine/internal.h"
#include "lib/engine/journal.h"
#include "lib/engine/outline.h"
#include "lib/engine/records.h"

#define REPLANS_MAX 8

static void apply(struct vio_change *change);
static void undo(struct vio_change *change, int status);

/* -- Committing -------------------------------------------------------------------------------- */

static void complete(struct vio_change *change)
{
    struct vio_journal *journal = change->journal;

    change->journal = NULL;
    vio__outline_end(change, VIO_PLAN_STATE_DONE, 0, "");
    vio__plan_set_stored(change->outline, journal->entry.id, journal->entry.time);
    if (change->steps)
        vio__journal_close(journal, VIO_ENTRY_DONE);
    else
        vio__journal_free(journal);
    vio__change_end(change, 0);
}

/* Another process was faster: what it made of the objects is planned with anew. */
static void refuse(struct vio_change *change, int status)
{
    const char *said = vio__store_error(change->ledger->store);
    bool stale = status == VIO_ESTALE || status == VIO_EEXIST || status == VIO_EDUPLICATE;

    vio__journal_free(change->journal);
    change->journal = NULL;
    if (stale && change->why == 0 && change->replans++ < REPLANS_MAX) {
        vio__change_unplan(change);
        vio__change_look(change);
        return;
    }
    if (*said && !stale)
        vio__change_say(change, "%s", said);
    vio__change_end(change, status);
}

static void on_committed(void *user, int status)
{
    struct vio_change *change = user;

    if (status != 0)
        refuse(change, status);
    else if (change->why != 0)
        undo(change, change->why);
    else if (change->steps)
        apply(change);
    else
        complete(change);
}

/* The entry's body: what the outline says now, and the objects. */
static int write_journal(struct vio_change *change)
{
    struct vio_buf *plan = &change->ledger->plan_bytes;

    vio__buf_reset(plan);
    vio__plan_encode(vio__plan_builder_plan(change->outline), plan);
    if (plan->status != 0)
        return plan->status;
    return vio__journal_write(change->journal, change, plan->data, plan->size);
}

/* All that finishing or undoing it will need is made before anything happens. */
static int prepare(struct vio_change *change)
{
    struct vio_ledger *ledger = change->ledger;
    int status = vio__unfinished_new(ledger, &change->unfinished);

    if (status == 0)
        status = vio__journal_new(ledger, &change->journal);
    if (status == 0 && !change->records) {
        change->records =
            vio__calloc(ledger->alloc, vio__records_max(change), sizeof(*change->records));
        status = change->records ? 0 : VIO_ENOMEM;
    }
    if (status != 0)
        return status;
    memcpy(change->journal->entry.token, change->token, sizeof(change->token));
    memcpy(change->journal->entry.author, change->author, sizeof(change->author));
    return write_journal(change);
}

void vio__change_commit(struct vio_change *change)
{
    int status;

    if (!change->commits && !change->steps && !vio__change_has_token(change)) {
        vio__change_end(change, 0);
        return;
    }
    change->phase = VIO_PHASE_COMMITTING;
    status = prepare(change);
    if (status == 0)
        status =
            vio__journal_commit(change->journal, change->steps ? VIO_ENTRY_OPEN : VIO_ENTRY_DONE,
                                change->records, vio__records_make(change), on_committed, change);
    if (status != 0)
        refuse(change, status);
}

/* -- Applying ---------------------------------------------------------------------------------- */

/* How many steps of all have been done. */
static uint32_t permille(const struct vio_change *change)
{
    size_t all = 1, done = 0;

    for (size_t i = 0; i < change->num_objects; i++) {
        all += change->objects[i].apply.diff.count;
        done += change->objects[i].apply.at;
    }
    return (uint32_t)(1000 * done / all);
}

static void on_stepped(struct vio_perform *perform, struct vio_object *object)
{
    struct vio_change *change = VIO_CONTAINER_OF(perform, struct vio_change, perform);

    vio__outline_step(change->outline, object);
    vio__req_progress(change->req, permille(change), vio__step_name(object->apply.step.action));
}

static void say_failure(struct vio_change *change, const struct vio_object *object)
{
    const struct vio_vadapter_info *named = object->after ? object->after : object->before;

    if (object->apply.text[0] && change->num_objects > 1)
        vio__change_say(change, "%s: %s", named->name, object->apply.text);
    else if (object->apply.text[0])
        vio__change_say(change, "%s", object->apply.text);
    vio__req_set_device_status(change->req, object->apply.device_status);
}

static void on_applied(struct vio_perform *perform, int status)
{
    struct vio_change *change = VIO_CONTAINER_OF(perform, struct vio_change, perform);

    vio__outline_tried(change->outline, change->objects, change->num_objects);
    if (status == 0) {
        complete(change);
        return;
    }
    say_failure(change, perform->culprit);
    if (change->why == 0 || status == VIO_EINDOUBT)
        undo(change, status);
    else
        undo(change, change->why);
}

static void apply(struct vio_change *change)
{
    change->phase = VIO_PHASE_APPLYING;
    change->perform = (struct vio_perform){
        .objects = change->objects,
        .count = change->num_objects,
        .stepped = on_stepped,
        .done = on_applied,
    };
    (void)vio__perform_start(&change->perform); /* there are steps */
}

/* -- Undoing ----------------------------------------------------------------------------------- */

static bool is_doubtful(const struct vio_change *change)
{
    for (size_t i = 0; i < change->num_objects; i++)
        if (change->objects[i].doubtful)
            return true;
    return false;
}

/* Nothing else may be done with what is in doubt until an observation shows what is there; `whole`:
 * nothing of the rest was put back either. */
static void block(struct vio_change *change, bool whole, int status)
{
    for (size_t i = 0; i < change->num_objects; i++)
        if (!change->objects[i].doubtful)
            vio__claim_drop(&change->objects[i]);
        else
            vio__claim_keep(&change->objects[i]);
    vio__unfinished_add(change, whole);
    vio__change_end(change, status);
}

static void on_restored(void *user, int status)
{
    struct vio_change *change = user;

    if (status != 0) {
        vio__change_say(change, "the change failed (%s), and so did undoing it: %s",
                        vio__error_text(change->failed), vio__error_text(status));
        for (size_t i = 0; i < change->num_objects; i++)
            change->objects[i].doubtful |= change->objects[i].commits;
        block(change, true, VIO_EINDOUBT);
    } else if (is_doubtful(change)) {
        block(change, false, change->failed);
    } else {
        vio__journal_free(change->journal);
        change->journal = NULL;
        vio__change_end(change, change->failed);
    }
}

/* The functions are what they were; now the desired state. */
static void restore(struct vio_change *change)
{
    bool doubtful = is_doubtful(change);
    int status = 0;

    change->phase = VIO_PHASE_RESTORING;
    vio__outline_undone(change);
    vio__outline_end(change, doubtful ? VIO_PLAN_STATE_BLOCKED : VIO_PLAN_STATE_UNDONE,
                     change->failed,
                     change->text[0] ? change->text : vio__error_text(change->failed));
    vio__plan_set_stored(change->outline, change->journal->entry.id, change->journal->entry.time);
    (void)write_journal(change); /* else it stays as it was, which will do */
    status =
        vio__journal_commit(change->journal, doubtful ? VIO_ENTRY_BLOCKED : VIO_ENTRY_UNDONE,
                            change->records, vio__records_restore(change), on_restored, change);
    if (status != 0)
        on_restored(change, status);
}

static void on_undone(struct vio_perform *perform, int status)
{
    struct vio_change *change = VIO_CONTAINER_OF(perform, struct vio_change, perform);
    const struct vio_object *object = perform->culprit;

    if (status != 0) {
        vio__change_say(change,
                        "the change failed (%s) and could not be undone: %s; the vAdapter is "
                        "blocked until the chassis is observed",
                        vio__error_text(change->failed),
                        object->apply.text[0] ? object->apply.text : vio__error_text(status));
        change->failed = VIO_EINDOUBT;
    }
    restore(change);
}

static void undo(struct vio_change *change, int status)
{
    bool applied = change->phase == VIO_PHASE_APPLYING;

    change->failed = status;
    change->phase = VIO_PHASE_UNDOING;
    change->perform = (struct vio_perform){
        .objects = change->objects,
        .count = change->num_objects,
        .back = true,
        .done = on_undone,
    };
    if (!applied || !vio__perform_start(&change->perform))
        restore(change);
}
