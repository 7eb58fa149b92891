/* SPDX-License-Identifier: MIT */
/*
 * One change of the desired state on its way: check, plan, commit, apply, verify, answer; or, where
 * it fails or is canceled, back to what was observed before. It is the operation of a request.
 *
 *     queued ── its turn ──> looking ── plan ──> committing ──> applying ──> done
 *                                                     └── undoing ── restoring ──> failed | blocked
 */
#ifndef VIO_LIB_ENGINE_CHANGE_H
#define VIO_LIB_ENGINE_CHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/domain/spec.h"
#include "lib/engine/apply.h"
#include "lib/engine/look.h"
#include "lib/engine/turns.h"
#include "lib/loop/req.h"
#include "lib/store/store.h"

struct vio_blocked;
struct vio_engine;

enum vio_edit {
    VIO_EDIT_CREATE = 1,
    VIO_EDIT_SET = 2,
    VIO_EDIT_ATTACH = 3,
    VIO_EDIT_DETACH = 4,
    VIO_EDIT_REMOVE = 5,
};

enum vio_phase {
    VIO_PHASE_NEW = 0,
    VIO_PHASE_QUEUED,
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
    struct vio_engine *engine;
    enum vio_edit edit;
    char target[VIO_NAME_SIZE];     /* name or text of a UUID; "" for CREATE */
    char server[VIO_NAME_SIZE];     /* ATTACH */
    bool misnamed;                  /* a name was too long to be one, and was cut */
    bool force;                     /* DETACH */
    struct vio_vadapter_spec *spec; /* CREATE, SET */
    void *owner;                    /* kept until the change has ended */
    void (*release)(void *owner);

    /* How far it is. */
    struct vio_req *req;
    enum vio_phase phase;
    int why; /* it was canceled with this */
    struct vio_dlist node;
    struct vio_turn turn;
    char name[VIO_NAME_SIZE]; /* whose turn it waits for */
    struct vio_look look;

    /* The plan. */
    int problem;                       /* code of the first */
    struct vio_vadapter_info *before;  /* NULL: there is none */
    struct vio_vadapter_info *after;   /* NULL: there is to be none */
    struct vio_vadapter_info *restore; /* `before` with the generation after `after` */
    struct vio_target was;             /* the function at planning */
    bool commits;                      /* the desired state changes */
    bool claimed, promised, creating;
    struct vio_blocked *blocked; /* made beforehand, in case it has to be blocked */

    struct vio_record record;
    struct vio_commit commit;
    struct vio_apply apply;
    int status; /* to be reported when it is undone */
};

/* Members of a vio_req_class whose operation is a struct vio_change. */
void vio__change_start(struct vio_req *req, void *op);
void vio__change_cancel(struct vio_req *req, void *op, int why);
void vio__change_destroy(void *op);

/* plan.c: fills `after`, `restore`, `commits` from `before` and `was`, claims what is needed, and
 * adds every problem to the request. The first one's code, or 0. */
int vio__change_plan(struct vio_change *change);

/* plan.c: draws a name for a vAdapter that was given none. */
void vio__change_draw_name(struct vio_change *change);

/* Gives back what the plan took. */
void vio__change_unplan(struct vio_change *change);

#endif
