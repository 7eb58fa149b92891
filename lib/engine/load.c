/* SPDX-License-Identifier: MIT */
#include "lib/engine/load.h"

#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/plan.h"
#include "lib/domain/plan_codec.h"
#include "lib/engine/internal.h"
#include "lib/engine/journal.h"
#include "lib/store/dump_diff.h"
#include "lib/store/dump_gather.h"

#define TRIES_MAX 4
#define PLAN_MAX  (UINT32_C(1) << 23) /* bytes, as the history keeps it */

static int begin(struct vio_load *load);

/* -- Ending ------------------------------------------------------------------------------------ */

static void clear(struct vio_load *load)
{
    vio__dump_plan_free(load->edits); /* borrows from what is present */
    vio__dump_unref(load->present);
    vio__free(load->ledger->alloc, load->records);
    load->edits = NULL;
    load->present = NULL;
    load->records = NULL;
}

static void end(struct vio_load *load, int status, const char *text)
{
    clear(load);
    load->done(load, status, text);
}

/* -- Planning, on the worker's thread ---------------------------------------------------------- */

static enum vio_object_kind object_of(const struct vio_dump_kind *kind)
{
    return kind == &vio__dump_vadapter ? VIO_OBJECT_VADAPTER
           : kind == &vio__dump_pool   ? VIO_OBJECT_POOL
           : kind == &vio__dump_hold   ? VIO_OBJECT_IDENTITY
                                       : VIO_OBJECT_UNKNOWN;
}

/* What is created, the document tells: its fields are not repeated. */
static int outline_edit(struct vio_plan_builder *builder, const struct vio_alloc *alloc,
                        const struct vio_dump_edit *edit)
{
    struct vio_dump_differences *differences;
    enum vio_object_kind object = object_of(edit->kind);
    char *name = vio__dump_object_name(alloc, edit->kind, edit->after);
    int status = name ? 0 : VIO_ENOMEM;

    if (status == 0 && object != VIO_OBJECT_UNKNOWN)
        vio__plan_add_edit(builder, object,
                           edit->before ? VIO_EDIT_ACTION_CHANGE : VIO_EDIT_ACTION_CREATE, name);
    vio__free(alloc, name);
    if (status != 0 || !edit->before || object == VIO_OBJECT_UNKNOWN)
        return status;
    status = vio__dump_diff_object(alloc, edit->kind, edit->before, edit->after, &differences);
    if (status != 0)
        return status;
    for (size_t i = 0; i < differences->count; i++) {
        const struct vio_difference *one = &differences->difference[i];

        vio__plan_add_field(builder, one->field, one->before ? one->before : "",
                            one->after ? one->after : "");
    }
    vio__dump_differences_unref(differences);
    return 0;
}

static int outline(struct vio_load *load, struct vio_plan_builder *builder)
{
    const struct vio_dump_problems *problems = &load->edits->problems;
    int status = 0;

    vio__plan_set_origin(builder, NULL, load->author, "loaded from a dump", 0);
    for (size_t i = 0; i < load->edits->count && status == 0; i++)
        status = outline_edit(builder, load->ledger->alloc, &load->edits->edit[i]);
    for (size_t i = 0; i < problems->count; i++)
        vio__plan_add_problem(builder, problems->problem[i].code, problems->problem[i].path,
                              problems->problem[i].text);
    return status != 0 ? status : vio__plan_builder_status(builder);
}

static int plan(struct vio_load *load)
{
    struct vio_plan_builder *builder;
    int status =
        vio__dump_plan(load->ledger->alloc, load->present, load->wanted, load->now, &load->edits);

    if (status == 0)
        status = vio__plan_builder_new(load->ledger->alloc, &builder);
    if (status != 0)
        return status;
    status = outline(load, builder);
    if (status != 0) {
        vio__plan_builder_free(builder);
        return status;
    }
    return vio__plan_finish(builder, &load->plan);
}

static void work(struct vio_job *job)
{
    struct vio_load *load = VIO_CONTAINER_OF(job, struct vio_load, job);

    load->status = plan(load);
}

/* -- Committing -------------------------------------------------------------------------------- */

static void plan_anew(struct vio_load *load)
{
    int status;

    clear(load);
    vio__plan_unref(load->plan);
    load->plan = NULL;
    status = begin(load);
    if (status != 0)
        end(load, status, "");
}

static void refuse(struct vio_load *load, int status)
{
    bool stale = status == VIO_ESTALE || status == VIO_EEXIST || status == VIO_EDUPLICATE;

    vio__journal_free(load->journal);
    load->journal = NULL;
    if (stale && ++load->tries < TRIES_MAX)
        plan_anew(load);
    else
        end(load, status, vio__store_error(load->ledger->store));
}

static void on_committed(void *user, int status)
{
    struct vio_load *load = user;

    if (status != 0) {
        refuse(load, status);
        return;
    }
    vio__journal_free(load->journal);
    load->journal = NULL;
    end(load, 0, "");
}

static struct vio_record record_of(const struct vio_dump_edit *edit)
{
    struct vio_record record = {.kind = edit->kind->row, .object = edit->after};
    const char *object = edit->after;

    if (edit->kind == &vio__dump_hold)
        memcpy(&record.address, object + edit->kind->key, sizeof(record.address));
    else
        memcpy(record.uuid, object + edit->kind->key, VIO_UUID_SIZE);
    if (edit->before && edit->kind == &vio__dump_vadapter)
        record.replaces = ((const struct vio_vadapter_info *)edit->before)->generation;
    if (edit->before && edit->kind == &vio__dump_pool)
        record.replaces = ((const struct vio_pool_info *)edit->before)->generation;
    return record;
}

/* The entry of the history, which is done as soon as it is there. */
static int write_journal(struct vio_load *load)
{
    struct vio_buf buf;
    int status = vio__journal_new(load->ledger, &load->journal);

    if (status != 0)
        return status;
    snprintf(load->journal->entry.author, sizeof(load->journal->entry.author), "%s", load->author);
    vio__buf_init(&buf, load->ledger->alloc, PLAN_MAX);
    vio__plan_encode(load->plan, &buf);
    status = buf.status;
    if (status == 0)
        status = vio__journal_write(load->journal, NULL, buf.data, buf.size);
    vio__buf_free(&buf);
    return status;
}

static int commit(struct vio_load *load)
{
    const struct vio_dump_plan *edits = load->edits;
    int status = write_journal(load);

    if (status != 0)
        return status;
    load->records = vio__calloc(load->ledger->alloc, edits->count, sizeof(*load->records));
    if (!load->records)
        return VIO_ENOMEM;
    for (size_t i = 0; i < edits->count; i++)
        load->records[i] = record_of(&edits->edit[i]);
    return vio__journal_commit(load->journal, VIO_ENTRY_DONE, load->records, edits->count,
                               on_committed, load);
}

/* The name of a vAdapter that a change under way, or one in doubt, has to do with; NULL. */
static const char *busy(const struct vio_load *load)
{
    for (size_t i = 0; i < load->edits->count; i++) {
        const struct vio_vadapter_info *before = load->edits->edit[i].before;

        if (load->edits->edit[i].kind == &vio__dump_vadapter && before &&
            (vio__turns_is_busy(load->ledger->turns, before->name) ||
             vio__unfinished_is_named(load->ledger, before->name)))
            return before->name;
    }
    return NULL;
}

static void on_planned(struct vio_job *job)
{
    struct vio_load *load = VIO_CONTAINER_OF(job, struct vio_load, job);
    const char *name = load->status == 0 ? busy(load) : NULL;
    char text[128];
    int status;

    if (load->status != 0) {
        end(load, load->status, "");
    } else if (load->edits->problems.count > 0) {
        end(load, load->edits->problems.problem[0].code, "");
    } else if (load->dry_run || load->edits->count == 0) {
        end(load, 0, "");
    } else if (name) {
        snprintf(text, sizeof text, "%.63s is being changed, or waits for recovery", name);
        end(load, VIO_EBUSY, text);
    } else {
        status = commit(load);
        if (status != 0)
            refuse(load, status);
    }
}

/* -- Beginning --------------------------------------------------------------------------------- */

static void on_refreshed(void *user, int status)
{
    struct vio_load *load = user;

    load->now = vio__ledger_now(load->ledger);
    if (status == 0)
        status =
            vio__dump_gather(load->ledger->alloc, load->ledger->store, load->now, &load->present);
    if (status == 0) {
        load->job.work = work;
        load->job.done = on_planned;
        status = vio__worker_submit(load->ledger->loop, &load->job);
    }
    if (status != 0)
        end(load, status, vio__store_error(load->ledger->store));
}

static int begin(struct vio_load *load)
{
    return vio__store_refresh(load->ledger->store, on_refreshed, load);
}

int vio__load_start(struct vio_load *load)
{
    if (load->ledger->read_only && !load->dry_run)
        return VIO_EPERM;
    return begin(load);
}
