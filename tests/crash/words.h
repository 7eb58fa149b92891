/* SPDX-License-Identifier: MIT */
/*
 * What the judge and the worker that it kills say to each other: packets of a socket between a
 * process and its forked child.
 */
#ifndef TESTS_CRASH_WORDS_H
#define TESTS_CRASH_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include <libvio/libvio.h>

#define NAME_SIZE    64 /* as the library's */
#define EDITS_MAX    16
#define MESSAGE_SIZE 240

enum noun { NOUN_VADAPTER = 1, NOUN_POOL = 2, NOUN_RESERVATION = 3 };

/* One object: as it is believed to be, wanted, or seen. */
struct thing {
    enum noun noun;
    char name[NAME_SIZE]; /* of a reservation: its owner */
    bool exists;

    /* of a vAdapter */
    enum vio_vadapter_kind kind;
    bool enabled, retired;
    char server[NAME_SIZE]; /* "": detached */
    char adapter[NAME_SIZE];
    uint32_t vlan; /* 0: none */
    uint64_t size;
    uint64_t generation;     /* as seen */
    uint32_t function;       /* as seen */
    struct vio_address uuid; /* kind 0: not known yet */
    struct vio_address node; /* of a vHBA */

    char pool[NAME_SIZE]; /* of a vAdapter and a reservation: drawn from it; "": the default */
    char text[NAME_SIZE]; /* description of a vAdapter and of a pool */
    struct vio_address address; /* of a vAdapter and a reservation; kind 0: not known yet */

    uint32_t span;       /* of a pool: how many identities */
    uint32_t quarantine; /* of a pool: seconds */
};

enum verb {
    VERB_CREATE = 1,
    VERB_ATTACH = 2,
    VERB_DETACH = 3,
    VERB_ENABLE = 4,
    VERB_DISABLE = 5,
    VERB_SET = 6,
    VERB_REMOVE = 7,
    VERB_PURGE = 8,
    VERB_POOL_CREATE = 9,
    VERB_POOL_SET = 10,
    VERB_POOL_REMOVE = 11,
    VERB_RESERVE = 12,
    VERB_RELEASE = 13,
    VERB_MOVE = 14 /* in a change set: detach and attach */
};

struct edit {
    enum verb verb;
    struct thing after; /* the object when it is done */
    uint32_t grow;      /* of a pool's span: how many are new */
};

enum task {
    TASK_APPLY = 1,
    TASK_LOOK = 2,      /* REPORT_SEEN, REPORT_IDENTITY and REPORT_LEFT for all there is */
    TASK_UNDO = 3,      /* of change set `change` */
    TASK_DRIFT = 4,     /* REPORT_DONE with the steps that its plan has */
    TASK_RECONCILE = 5, /* the same */
    TASK_LEAVE = 6      /* close in order */
};

struct order {
    uint32_t number;
    enum task task;
    bool single;              /* by the call for one object; else as a change set */
    struct vio_address token; /* kind 0: none */
    uint64_t change;
    uint32_t count;
    struct edit edit[EDITS_MAX];
};

enum report {
    REPORT_OPENED = 1,
    REPORT_DRAWN = 2, /* the identities of `thing`, before the REPORT_DONE of what drew them */
    REPORT_SEEN = 3,  /* `thing` */
    REPORT_IDENTITY = 4,
    REPORT_LEFT = 5, /* change set `change` is open or blocked */
    REPORT_DONE = 6
};

struct answer {
    enum report report;
    uint32_t number; /* of the order */
    int status;
    uint64_t change; /* REPORT_DONE: its number in the history */
    uint32_t steps;  /* REPORT_DONE: of its plan */
    char message[MESSAGE_SIZE];
    struct thing thing;
    enum vio_identity_state state; /* REPORT_IDENTITY: of thing.address, owned by thing.uuid */
};

#endif
