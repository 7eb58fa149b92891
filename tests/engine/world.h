/* SPDX-License-Identifier: MIT */
/* Two chassis of the fake driver that share one store, whose content and whose own outlive them. */
#ifndef TESTS_ENGINE_WORLD_H
#define TESTS_ENGINE_WORLD_H

#include "lib/domain/inventory.h"
#include "lib/engine/change.h"
#include "lib/engine/engine.h"
#include "tests/engine/fake.h"
#include "tests/engine/vault.h"

#define CHASSIS 2

/* What is left when the power fails. */
struct remains {
    struct vault vault;
    struct vio_function_info functions[CHASSIS][16];
    bool exists[CHASSIS][16];
};

struct world {
    struct vio_loop *loop;
    struct vio_ledgers *ledgers;
    struct vault vault;
    struct fake fakes[CHASSIS];
    struct vio_engine *engines[CHASSIS]; /* NULL: not open */
    bool read_only, keep_lost, repair;   /* how chassis are opened */
    bool ended;
    int status;
    unsigned allocations;
    unsigned refuse_at; /* the allocation refused; UINT_MAX: none */
};

/* An edit, of the chassis of that number. */
struct edit {
    enum vio_edit edit;
    unsigned chassis;
    const char *target, *server;
    const struct vio_vadapter_spec *spec;
    uint64_t expects;
    uint32_t function;
    bool storewide; /* of no chassis */
    const struct vio_pool_spec *pool_spec;
    struct vio_address address;
    const char *owner;
};

/* Makes it, out of what is left of another one (NULL: of nothing), and opens no chassis. */
void world_make(struct world *world, const struct remains *from);
void world_open(struct world *world, unsigned chassis);
void world_close(struct world *world, unsigned chassis);
void world_drop(struct world *world); /* closes what is open */

/* Lets virtual time pass, and all that is under way come to its end. */
void world_sleep(struct world *world, uint64_t ns);

/* A copy of what would be left now. */
void world_remains(const struct world *world, struct remains *remains);
void remains_drop(struct remains *remains);

/* A change set, submitted; NULL when there was no memory for it. */
struct vio_req *world_submit(struct world *world, const struct edit *edits, size_t count);
struct vio_change *world_prepare(struct world *world, const struct edit *edits, size_t count,
                                 struct vio_req **ret_req); /* yet to be submitted */
int world_finish(struct world *world, struct vio_req *req);
int world_apply(struct world *world, const struct edit *edits, size_t count);
int world_undo(struct world *world, uint64_t number);

/* The number of a request's change. */
uint64_t world_number(const struct vio_req *req);

/* Drift, or reconcile; the request is the caller's. */
struct vio_req *world_reconcile(struct world *world, unsigned chassis, bool dry_run);

/* The chassis starts again: it loses every function and, if it is open, its owner. */
void world_restart(struct world *world, unsigned chassis);

/* Observes as a user does; the snapshot is the caller's. */
struct vio_inventory *world_observe(struct world *world, unsigned chassis);

/* All that there is, desired and actual, as text in a fixed order; checks that both agree. */
void world_print(struct world *world, char *text, size_t size);

/* Appends the identities that are nobody's but not free either, as the store of chassis 0 knows. */
void world_print_holds(struct world *world, char *text, size_t size);

#endif
