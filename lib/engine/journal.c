/* SPDX-License-Identifier: MIT */
#include "lib/engine/journal.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/base/cursor.h"
#include "lib/engine/change.h"
#include "lib/engine/internal.h"
#include "lib/store/codec.h"

#define VERSION       1
#define VIO_ENTRY_MAX (UINT32_C(1) << 24)
#define CLOSINGS_MAX  8 /* attempts to end an entry */

/* Of an object. */
enum {
    HAS_BEFORE = 1,
    HAS_AFTER = 2,
    HAD_FUNCTION = 4,
    HAD_ANOTHER = 8, /* function than `before` describes, which is kept */
    IS_DOUBTFUL = 16,
    IS_FORCED = 32,
    HAS_STEPS = 64,
};

int vio__journal_new(struct vio_ledger *ledger, struct vio_journal **ret_journal)
{
    struct vio_journal *journal = vio__calloc(ledger->alloc, 1, sizeof(*journal));

    if (!journal)
        return VIO_ENOMEM;
    journal->ledger = ledger;
    journal->entry.time = vio__ledger_now(ledger);
    vio__buf_init(&journal->body, ledger->alloc, VIO_ENTRY_MAX);
    *ret_journal = journal;
    return 0;
}

void vio__journal_free(struct vio_journal *journal)
{
    if (!journal)
        return;
    vio__buf_free(&journal->body);
    vio__free(journal->ledger->alloc, journal);
}

/* -- Writing ----------------------------------------------------------------------------------- */

static void put_le32(uint8_t *data, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        data[i] = (uint8_t)(value >> (8 * i));
}

/* A row, after its size. */
static int write_row(struct vio_buf *buf, const struct vio_vadapter_info *vadapter)
{
    size_t at = buf->size;
    int status = vio__buf_append_le32(buf, 0);

    if (status == 0)
        status = vio__codec_encode(VIO_ROW_VADAPTER, vadapter, buf);
    if (status == 0)
        put_le32(buf->data + at, (uint32_t)(buf->size - at - 4));
    return status;
}

/* A function has the fields of the vAdapter that it would be, but may carry any UUID and name. */
static int write_function(struct vio_buf *buf, const struct vio_object *object)
{
    const struct vio_vadapter_info *named = object->before ? object->before : object->after;
    struct vio_vadapter_info *vadapter;
    int status = vio__vadapter_adopt(buf->alloc, vio__object_chassis(object), &object->was.function,
                                     &vadapter);

    if (status != 0)
        return status;
    vio__buf_append(buf, vadapter->uuid, VIO_UUID_SIZE);
    vio__buf_append(buf, object->was.function.label, VIO_NAME_SIZE);
    memcpy(vadapter->uuid, named->uuid, VIO_UUID_SIZE);
    memcpy(vadapter->name, named->name, sizeof(vadapter->name));
    vadapter->generation = 1;
    status = write_row(buf, vadapter);
    vio__vadapter_unref(vadapter);
    return status;
}

static bool had_another(const struct vio_object *object)
{
    struct vio_function_info described;
    struct vio_diff diff;

    if (!object->was.exists || !object->before)
        return object->was.exists;
    vio__vadapter_function(object->before, &described);
    vio__diff(&described, &object->was.function, &diff);
    return diff.count > 0;
}

static int write_object(struct vio_buf *buf, const struct vio_object *object)
{
    bool another = had_another(object);
    unsigned flags = (object->before ? HAS_BEFORE : 0U) | (object->after ? HAS_AFTER : 0U) |
                     (object->was.exists ? HAD_FUNCTION : 0U) | (another ? HAD_ANOTHER : 0U) |
                     (object->doubtful ? IS_DOUBTFUL : 0U) | (object->force ? IS_FORCED : 0U) |
                     (object->steps ? HAS_STEPS : 0U);
    int status = vio__buf_append_u8(buf, (uint8_t)flags);

    if (status == 0 && object->before)
        status = write_row(buf, object->before);
    if (status == 0 && object->after)
        status = write_row(buf, object->after);
    if (status == 0 && another)
        status = write_function(buf, object);
    return status;
}

static bool is_kept(const struct vio_object *object)
{
    return object->commits || object->steps;
}

static uint32_t count_kepts(const struct vio_change *change)
{
    uint32_t count = 0;

    for (size_t i = 0; i < change->num_kepts; i++)
        count += change->kepts[i].commits;
    return count;
}

int vio__journal_write(struct vio_journal *journal, const struct vio_change *change,
                       const void *plan, size_t plan_size)
{
    const struct vio_object *objects = change ? change->objects : NULL;
    size_t count = change ? change->num_objects : 0;
    size_t num_kepts = change ? change->num_kepts : 0;
    struct vio_buf *buf = &journal->ledger->entry_bytes;
    struct vio_buf fresh;
    uint32_t kept = 0;
    int status;

    for (size_t i = 0; i < count; i++)
        kept += is_kept(&objects[i]);
    vio__buf_reset(buf);
    (void)vio__buf_append_u8(buf, VERSION);
    (void)vio__buf_append_le32(buf, (uint32_t)plan_size);
    (void)vio__buf_append(buf, plan, plan_size);
    status = vio__buf_append_le32(buf, kept);
    for (size_t i = 0; status == 0 && i < count; i++)
        if (is_kept(&objects[i]))
            status = write_object(buf, &objects[i]);
    if (status == 0)
        status = vio__buf_append_le32(buf, change ? count_kepts(change) : 0);
    for (size_t i = 0; status == 0 && i < num_kepts; i++)
        if (change->kepts[i].commits)
            status = vio__journal_put_kept(buf, &change->kepts[i]);
    vio__buf_init(&fresh, journal->ledger->alloc, VIO_ENTRY_MAX);
    if (status == 0)
        status = vio__buf_append(&fresh, buf->data, buf->size);
    if (status != 0) {
        vio__buf_free(&fresh);
        return status;
    }
    vio__buf_free(&journal->body);
    journal->body = fresh;
    return 0;
}

/* -- Committing -------------------------------------------------------------------------------- */

int vio__journal_commit(struct vio_journal *journal, enum vio_entry_state state,
                        const struct vio_record *records, size_t count, vio_store_done done,
                        void *user)
{
    journal->entry.state = state;
    journal->entry.body = journal->body.data;
    journal->entry.size = journal->body.size;
    journal->commit = (struct vio_commit){
        .records = records, .count = count, .entry = &journal->entry, .done = done, .user = user};
    return vio__store_commit(journal->ledger->store, &journal->commit);
}

static void close_later(struct vio_journal *journal);

/* The transaction with which it went may have failed for reasons that pass: memory, a full disk. */
static void on_closed(void *user, int status)
{
    struct vio_journal *journal = user;

    if (status != 0 && journal->closings < CLOSINGS_MAX)
        close_later(journal);
    else
        vio__journal_free(journal);
}

static void close_later(struct vio_journal *journal)
{
    journal->closings++;
    journal->commit = (struct vio_commit){
        .entry = &journal->entry, .lazy = true, .done = on_closed, .user = journal};
    if (vio__store_commit(journal->ledger->store, &journal->commit) != 0)
        vio__journal_free(journal);
}

void vio__journal_close(struct vio_journal *journal, enum vio_entry_state state)
{
    journal->entry.state = state;
    journal->entry.body = journal->body.data;
    journal->entry.size = journal->body.size;
    close_later(journal);
}

/* -- Reading ----------------------------------------------------------------------------------- */

static int read_row(const struct vio_alloc *alloc, struct vio_cursor *cursor,
                    struct vio_vadapter_info **ret_vadapter)
{
    uint32_t size = vio__cursor_le32(cursor);
    const uint8_t *body = vio__cursor_bytes(cursor, size);

    return body ? vio__codec_vadapter(alloc, body, size, ret_vadapter) : VIO_ECORRUPT;
}

static int read_was(const struct vio_alloc *alloc, struct vio_cursor *cursor, unsigned flags,
                    struct vio_object *object)
{
    uint8_t cookie[VIO_UUID_SIZE] = {0};
    char label[VIO_NAME_SIZE] = "";
    struct vio_vadapter_info *other;
    int status;

    object->was.exists = (flags & HAD_FUNCTION) != 0;
    if (flags & HAD_ANOTHER) {
        vio__cursor_copy(cursor, cookie, sizeof(cookie));
        vio__cursor_copy(cursor, label, sizeof(label));
        status = read_row(alloc, cursor, &other);
        if (status != 0)
            return status;
        vio__vadapter_function(other, &object->was.function);
        vio__vadapter_unref(other);
        memcpy(object->was.function.cookie, cookie, sizeof(cookie));
        memcpy(object->was.function.label, label, sizeof(label));
        return label[sizeof(label) - 1] == '\0' ? 0 : VIO_ECORRUPT;
    }
    if (object->was.exists && !object->before)
        return VIO_ECORRUPT;
    if (object->before)
        vio__vadapter_function(object->before, &object->was.function);
    return 0;
}

static int read_object(const struct vio_alloc *alloc, struct vio_cursor *cursor,
                       struct vio_object *object)
{
    unsigned flags = vio__cursor_u8(cursor);
    int status = flags & (HAS_BEFORE | HAS_AFTER) ? 0 : VIO_ECORRUPT;

    if (status == 0 && (flags & HAS_BEFORE))
        status = read_row(alloc, cursor, &object->before);
    if (status == 0 && (flags & HAS_AFTER))
        status = read_row(alloc, cursor, &object->after);
    if (status == 0)
        status = read_was(alloc, cursor, flags, object);
    if (status != 0)
        return status;
    if (object->before && object->after &&
        memcmp(object->before->uuid, object->after->uuid, VIO_UUID_SIZE) != 0)
        return VIO_ECORRUPT;
    object->doubtful = (flags & IS_DOUBTFUL) != 0;
    object->force = (flags & IS_FORCED) != 0;
    object->steps = (flags & HAS_STEPS) != 0;
    object->commits = !object->before || !object->after ||
                      object->before->generation != object->after->generation;
    object->desired.exists = object->after != NULL;
    if (object->after)
        vio__vadapter_function(object->after, &object->desired.function);
    return 0;
}

void vio__journal_drop_view(const struct vio_alloc *alloc, struct vio_journal_view *view)
{
    for (size_t i = 0; i < view->count; i++)
        vio__object_clear(&view->objects[i]);
    for (size_t i = 0; i < view->num_kepts; i++)
        vio__kept_clear(&view->kepts[i]);
    vio__free(alloc, view->kepts);
    vio__free(alloc, view->objects);
    *view = (struct vio_journal_view){0};
}

static int read_kepts(const struct vio_alloc *alloc, struct vio_cursor *cursor,
                      struct vio_journal_view *view)
{
    uint32_t count = vio__cursor_le32(cursor);
    int status = 0;

    if (cursor->failed || count > VIO_CHANGE_MAX)
        return VIO_ECORRUPT;
    view->kepts = vio__calloc(alloc, count, sizeof(*view->kepts));
    if (!view->kepts)
        return VIO_ENOMEM;
    while (status == 0 && view->num_kepts < count)
        status = vio__journal_take_kept(alloc, cursor, &view->kepts[view->num_kepts++]);
    return status;
}

static int skip_plan(struct vio_cursor *cursor, const void **ret_plan, size_t *ret_size)
{
    if (vio__cursor_u8(cursor) != VERSION)
        return cursor->failed ? VIO_ECORRUPT : VIO_EVERSION;
    *ret_size = vio__cursor_le32(cursor);
    *ret_plan = vio__cursor_bytes(cursor, *ret_size);
    return *ret_plan ? 0 : VIO_ECORRUPT;
}

int vio__journal_find_plan(const void *body, size_t size, const void **ret_plan, size_t *ret_size)
{
    struct vio_cursor cursor;

    vio__cursor_init(&cursor, body, size);
    return skip_plan(&cursor, ret_plan, ret_size);
}

int vio__journal_read(const struct vio_alloc *alloc, const void *body, size_t size,
                      struct vio_journal_view *ret_view)
{
    struct vio_journal_view view = {0};
    struct vio_cursor cursor;
    const void *plan;
    size_t plan_size;
    uint32_t count;
    int status;

    vio__cursor_init(&cursor, body, size);
    status = skip_plan(&cursor, &plan, &plan_size);
    if (status != 0)
        return status;
    count = vio__cursor_le32(&cursor);
    if (cursor.failed || count > VIO_CHANGE_MAX)
        return VIO_ECORRUPT;
    view.objects = vio__calloc(alloc, count, sizeof(*view.objects));
    if (!view.objects)
        return VIO_ENOMEM;
    while (status == 0 && view.count < count)
        status = read_object(alloc, &cursor, &view.objects[view.count++]);
    if (status == 0)
        status = read_kepts(alloc, &cursor, &view);
    if (status == 0 && !vio__cursor_done(&cursor))
        status = VIO_ECORRUPT;
    if (status != 0)
        vio__journal_drop_view(alloc, &view);
    else
        *ret_view = view;
    return status;
}
