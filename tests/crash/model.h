/* SPDX-License-Identifier: MIT */
/*
 * What must be true of a store and its chassis: everything that was acknowledged; and of each order
 * that was not answered either all or nothing.
 */
#ifndef TESTS_CRASH_MODEL_H
#define TESTS_CRASH_MODEL_H

#include <stddef.h>

#include "lib/base/random.h"
#include "tests/crash/words.h"

#define VADAPTERS    20
#define POOLS        4 /* vAdapters and reservations draw from the first two, which therefore stay */
#define RESERVATIONS 4
#define THINGS       (VADAPTERS + POOLS + RESERVATIONS)
#define PENDING_MAX  8
#define PAST_MAX     1024

struct pending {
    struct order order;
    struct thing before[EDITS_MAX]; /* each edit's object, before the order as a whole */
    bool in_doubt;                  /* it was answered, but not how it ended */
};

/* A change set that was done, and whose objects nothing has touched since. */
struct undoable {
    uint64_t change; /* its number in the history; 0: there is none */
    struct order order;
    struct thing before[EDITS_MAX];
};

struct model {
    struct vio_prng prng;
    struct undoable undoable;
    struct thing thing[THINGS];
    struct pending pending[PENDING_MAX];
    size_t num_pending;
    uint32_t numbers; /* drawn for orders */
    unsigned texts;   /* drawn for descriptions */
    /* Released by an acknowledged change from a pool with a quarantine. */
    struct vio_address past[PAST_MAX];
    size_t num_past;
};

void model_init(struct model *model, uint64_t seed);

/* An order that the library has to obey, whatever became of those that are pending; those beyond
 * PENDING_MAX are refused with false, and so is one for which no object is left. */
bool model_draw(struct model *model, struct order *ret_order);
/* It was sent: it may happen from now on. */
void model_send(struct model *model, const struct order *order);

/* REPORT_DRAWN and REPORT_DONE. A failure whose outcome may be any leaves the order pending. */
void model_answer(struct model *model, const struct answer *answer);
struct pending *model_pending(struct model *model, uint32_t number);
/* How many orders there is still an answer to come of. */
size_t model_unanswered(const struct model *model);

/* It was found out that an order was done, or that nothing of it was. */
void model_happened(struct model *model, struct pending *pending);
void model_did_not_happen(struct model *model, struct pending *pending);

/* Leaves its name. */
void thing_forget(struct thing *thing);
bool order_touches(const struct order *order, const struct thing *thing);

struct thing *model_find(struct model *model, enum noun noun, const char *name);
/* Whether an object is as is expected; identities not known yet may be any. `ret_what` names the
 * first field that is not. */
bool thing_matches(const struct thing *expected, const struct thing *seen, const char **ret_what);

#endif
