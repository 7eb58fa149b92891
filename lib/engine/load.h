/* SPDX-License-Identifier: MIT */
/*
 * Loading a dump into a store, in one transaction. The desired state alone is changed: what differs
 * on a chassis then is drift, which reconciling removes. Planning runs on the worker's thread, as
 * it takes a while for many objects; where the store changed meanwhile, it is planned anew.
 */
#ifndef VIO_LIB_ENGINE_LOAD_H
#define VIO_LIB_ENGINE_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/engine/ledger.h"
#include "lib/loop/worker.h"
#include "lib/store/dump_plan.h"

struct vio_journal;
struct vio_plan;
struct vio_record;

struct vio_load {
    /* Given, the rest zeroed. */
    struct vio_ledger *ledger;
    const struct vio_dump *wanted; /* valid, and kept by the caller until `done` */
    bool dry_run;
    char author[64];

    /* On the loop's thread, never inside the call. `plan` (NULL: there is none) is the callee's;
     * `text` is one line, or "". */
    void (*done)(struct vio_load *load, int status, const char *text);
    struct vio_plan *plan;

    /* How far it is. */
    struct vio_job job;
    struct vio_dump *present;
    struct vio_dump_plan *edits;
    struct vio_record *records;
    struct vio_journal *journal;
    uint64_t now; /* when that was */
    unsigned tries;
    int status;
};

/* VIO_EPERM for a store that is read only, VIO_ENOMEM. */
int vio__load_start(struct vio_load *load);

#endif
