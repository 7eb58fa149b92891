/* SPDX-License-Identifier: MIT */
/*
 * The rules that hold at every instant, asked from outside: what is seen of the store, what the
 * device reports, and what was acknowledged have to agree.
 */
#ifndef TESTS_CRASH_JUDGE_H
#define TESTS_CRASH_JUDGE_H

#include "tests/crash/chassis.h"
#include "tests/crash/model.h"

#define SIGHT_THINGS     128
#define SIGHT_IDENTITIES 4096

/* What one way of looking at a store shows. */
struct sight {
    const char *through; /* "the API" or "the file" */
    struct thing thing[SIGHT_THINGS];
    size_t num_things;
    struct answer identity[SIGHT_IDENTITIES];
    size_t num_identities;
};

struct judge {
    struct model *model;
    uint64_t seed;
    const char *point; /* what was done before, for complaints */
    unsigned violations;
    unsigned finished, undone;       /* orders without an answer: which way they went */
    unsigned edits;                  /* of those that were finished */
    struct chassis_function foreign; /* made on purpose; life FREE: none */
};

/* One line about a broken rule. */
void judge_complain(struct judge *judge, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A REPORT_SEEN or REPORT_IDENTITY. */
void sight_add(struct sight *sight, const struct answer *answer);
const struct thing *sight_find(const struct sight *sight, enum noun noun, const char *name);

/* Each order without an answer was done, or nothing of it was: the model knows afterwards. */
void judge_pending(struct judge *judge, const struct sight *sight);
/* Everything acknowledged is there, nothing else is, and no identity is there twice. */
void judge_things(struct judge *judge, const struct sight *sight);
/* Identities are what their owners make them. */
void judge_identities(struct judge *judge, const struct sight *sight);
/* Each vAdapter has its function, and each function its vAdapter. */
void judge_functions(struct judge *judge, const struct sight *sight,
                     const struct chassis_function *functions, size_t count);

#endif
