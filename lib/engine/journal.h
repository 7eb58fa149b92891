/* SPDX-License-Identifier: MIT */
/*
 * The entry of a change in the store: what it takes to finish or to undo it while it is open, and
 * what it was afterwards.
 */
#ifndef VIO_LIB_ENGINE_JOURNAL_H
#define VIO_LIB_ENGINE_JOURNAL_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/cursor.h"
#include "lib/engine/kept.h"
#include "lib/engine/object.h"
#include "lib/store/store.h"

struct vio_change;
struct vio_ledger;

struct vio_journal {
    struct vio_ledger *ledger;
    struct vio_entry entry;
    struct vio_commit commit;
    struct vio_buf body;
    unsigned closings; /* how often it was tried to end it */
};

/* For a change under way, yet without a body. VIO_ENOMEM. */
int vio__journal_new(struct vio_ledger *ledger, struct vio_journal **ret_journal);
void vio__journal_free(struct vio_journal *journal); /* NULL is fine; not while it is committed */

/* Writes the body anew (`change` NULL: the plan alone); on failure it stays as it was. `plan`:
 * bytes of vio__plan_encode(). VIO_ENOMEM, VIO_ELIMIT, and what the codec says. */
int vio__journal_write(struct vio_journal *journal, const struct vio_change *change,
                       const void *plan, size_t plan_size);

/* Commits records together with the entry, which is then in that state. As vio__store_commit(). */
int vio__journal_commit(struct vio_journal *journal, enum vio_entry_state state,
                        const struct vio_record *records, size_t count, vio_store_done done,
                        void *user);

/* Ends it with that state, which becomes durable with a later commit; then it is freed. Where that
 * fails for good it stays open in the store, and is ended when it is found there. */
void vio__journal_close(struct vio_journal *journal, enum vio_entry_state state);

/* What a body holds. */
struct vio_journal_view {
    struct vio_object *objects; /* to be freed with vio__journal_drop_view() */
    size_t count;
    struct vio_kept *kepts;
    size_t num_kepts;
};

/* The plan's bytes alone, in place. VIO_ECORRUPT, VIO_EVERSION. */
int vio__journal_find_plan(const void *body, size_t size, const void **ret_plan, size_t *ret_size);

/* VIO_ECORRUPT, VIO_EVERSION, VIO_ENOMEM. */
int vio__journal_read(const struct vio_alloc *alloc, const void *body, size_t size,
                      struct vio_journal_view *ret_view);
void vio__journal_drop_view(const struct vio_alloc *alloc, struct vio_journal_view *view);

/* journal_kept.c: one pool or hold. VIO_ENOMEM and what the codec says. */
int vio__journal_put_kept(struct vio_buf *buf, const struct vio_kept *kept);
int vio__journal_take_kept(const struct vio_alloc *alloc, struct vio_cursor *cursor,
                           struct vio_kept *kept);

#endif
