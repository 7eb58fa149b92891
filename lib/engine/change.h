/* SPDX-License-Identifier: MIT */
/*
 * A set of edits of the desired state on its way: check, plan, commit, apply, verify, answer; or,
 * where it fails or is canceled, back to what was observed before. It is the operation of a
 * request; a single call is a set of one.
 *
 *     queued ── its turn ──> looking ── plan ──> committing ──> applying ──> done
 *                                                     └── undoing ── restoring ──> failed | blocked
 */
#ifndef VIO_LIB_ENGINE_CHANGE_H
#define VIO_LIB_ENGINE_CHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/domain/spec.h"
#include "lib/engine/kept.h"
#include "lib/engine/ledger.h"
#include "lib/engine/look.h"
#include "lib/engine/object.h"
#include "lib/engine/perform.h"
#include "lib/engine/turns.h"
#include "lib/loop/req.h"
#include "lib/store/store.h"

#define VIO_CHANGE_MAX 1024 /* edits */

struct vio_journal;
struct vio_plan;
struct vio_plan_builder;
struct vio_pool_spec;
struct vio_unfinished;

enum vio_edit {
    VIO_EDIT_CREATE = 1,
    VIO_EDIT_SET = 2,
    VIO_EDIT_ATTACH = 3,
    VIO_EDIT_DETACH = 4,
    VIO_EDIT_REMOVE = 5,
    VIO_EDIT_PURGE = 6, /* of a vDisk that was removed: its data too */
    VIO_EDIT_ADOPT = 7, /* a foreign function becomes a vAdapter */
    VIO_EDIT_POOL_CREATE = 8,
    VIO_EDIT_POOL_SET = 9,
    VIO_EDIT_POOL_REMOVE = 10,
    VIO_EDIT_RESERVE = 11, /* an identity */
    VIO_EDIT_RELEASE = 12,
    VIO_EDIT_POOL_RESTORE = 14, /* and a pool */
    VIO_EDIT_RESTORE = 13,      /* a vAdapter becomes what it was before a change that is undone */
};

/* One edit. */
struct vio_item {
    /* Given by who submits the request. */
    enum vio_edit edit;
    struct vio_engine *engine;      /* of the chassis; NULL: the one where the object is, or none */
    char target[VIO_NAME_SIZE];     /* name or text of a UUID; "" for CREATE; the pool's name */
    char server[VIO_NAME_SIZE];     /* ATTACH */
    bool misnamed;                  /* a name was too long to be one, and was cut */
    bool force;                     /* DETACH */
    uint64_t expects;               /* the generation that the caller read; 0: any */
    struct vio_vadapter_spec *spec; /* CREATE, SET, ADOPT (its name; may be NULL): owned */
    struct vio_pool_spec *pool_spec; /* POOL_CREATE, POOL_SET: owned */
    struct vio_address address;      /* RESERVE, RELEASE; kind 0: draw one */
    uint32_t function;               /* ADOPT */
    char owner[VIO_NAME_SIZE];       /* RESERVE: for whom */
    struct vio_pool_info *pool;      /* POOL_RESTORE: a reference; NULL: it is to go */
    struct vio_vadapter_info *info;  /* RESTORE: a reference; NULL: it is to go */

    /* How far it is. */
    struct vio_change *change;
    char name[VIO_NAME_SIZE];  /* whose turn it waits for */
    struct vio_object *object; /* what it edits; NULL: there is none */
    struct vio_look look;
};

enum vio_phase {
    VIO_PHASE_NEW = 0,
    VIO_PHASE_FETCHING, /* what is to be undone */
    VIO_PHASE_QUEUED,
    VIO_PHASE_ASKING, /* whether its token was used before */
    VIO_PHASE_LOOKING,
    VIO_PHASE_READING,
    VIO_PHASE_COMMITTING,
    VIO_PHASE_APPLYING,
    VIO_PHASE_UNDOING,
    VIO_PHASE_RESTORING,
    VIO_PHASE_DONE,
};

struct vio_change {
    /* Given by who submits the request. */
    struct vio_ledger *ledger; /* NULL: the one of the first item's chassis */
    struct vio_item *items;    /* see vio__change_set_count() */
    size_t count;
    struct vio_item one;
    struct vio_alloc alloc;
    uint64_t undo; /* number of the change to be undone: the items are computed; 0: none */
    bool dry_run;  /* stop after the plan */
    uint8_t token[16];
    char author[64];
    char comment[256];
    void (*give)(struct vio_change *change); /* adds results, where it was applied; may be NULL */
    void *owner;                             /* kept until the change has ended */
    void (*release)(void *owner);

    /* How far it is. */
    struct vio_req *req;
    enum vio_phase phase;
    int why;     /* it was canceled with this */
    int problem; /* code of the first */
    struct vio_dlist node;
    struct vio_turn turn;
    struct vio_turn_place *places; /* of its turn; NULL: those of `few` */
    struct vio_turn_place few[3];
    size_t pending; /* looks and reads that have not come back */
    int failed;     /* one of them did, with this; then: why it is undone */
    unsigned replans;

    struct vio_lookup lookup;
    bool asked;              /* about its token */
    struct vio_plan *former; /* what the token's first use came to */

    struct vio_object *objects; /* as many as there are items may be */
    size_t num_objects;
    struct vio_kept *kepts; /* as many as there are edits of such; NULL: none */
    size_t num_kepts;
    bool commits, steps;
    struct vio_record *records;
    struct vio_journal *journal;
    struct vio_unfinished *unfinished; /* made beforehand, in case it has to be blocked */
    struct vio_perform perform;
    struct vio_plan_builder *outline;
    char text[512]; /* its message; "": its status' */
};

/* Sets `items` to so many, all zero, which go with the change. `alloc` is the loop's; it is copied.
 * VIO_ELIMIT, VIO_ENOMEM. */
int vio__change_set_count(struct vio_change *change, const struct vio_alloc *alloc, size_t count);

/* Members of a vio_req_class whose operation is a struct vio_change. A request for a single
 * vAdapter has the results "vadapter" and "plan", others "plan" alone, which is there on failure
 * too. */
void vio__change_start(struct vio_req *req, void *op);
void vio__change_cancel(struct vio_req *req, void *op, int why);
void vio__change_destroy(void *op);

/* -- For the files of this folder alone ---------------------------------------------------------
 */

/* Its message from now on: one line. */
void vio__change_say(struct vio_change *change, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Ends it: gives the result, its turn and its claims back. */
void vio__change_end(struct vio_change *change, int status);

/* Queues up, now that its items are known. */
void vio__change_begin(struct vio_change *change);

/* undo.c: makes its items of what the change that is to be undone has done; then begins. */
void vio__change_fetch(struct vio_change *change);

/* token.c: whether it has one; and, once it is its turn, whether that was used before: then it ends
 * as that did, else it goes on. */
bool vio__change_has_token(const struct vio_change *change);
void vio__change_ask(struct vio_change *change);

/* study.c: once it is its turn, learns what its objects are; then plans. */
void vio__change_look(struct vio_change *change);

/* plan.c: what its items make of its objects; claims what is needed, and adds every problem to the
 * request. The first one's code, or 0. */
int vio__change_plan(struct vio_change *change);
void vio__change_draw_name(struct vio_item *item); /* for a vAdapter that was given none */
void vio__change_unplan(struct vio_change *change);

/* commit.c: makes the plan durable, then applies it. */
void vio__change_commit(struct vio_change *change);

/* Why nothing at all may be changed on that chassis, or 0; says so. */
int vio__change_refusal(struct vio_change *change, const struct vio_engine *engine);

/* Whether it has to do with that chassis. */
bool vio__change_touches(const struct vio_change *change, const struct vio_engine *engine);

#endif
