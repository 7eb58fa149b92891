/* SPDX-License-Identifier: MIT */
#include "lib/loop/outcome.h"

#include <stdio.h>

#include "lib/loop/req.h"

enum { TEXT_MAX = 512 };

void vio__outcome_free(const struct vio_alloc *alloc, struct vio_outcome *outcome)
{
    for (size_t i = 0; i < outcome->num_problems; i++) {
        vio__free(alloc, outcome->problems[i].object);
        vio__free(alloc, outcome->problems[i].text);
    }
    vio__free(alloc, outcome->problems);
    vio__free(alloc, outcome->message);
    if (outcome->unref != NULL)
        outcome->unref(outcome->object);
}

/* NULL without memory. */
static char *print(const struct vio_alloc *alloc, const char *fmt, va_list args)
{
    char text[TEXT_MAX];

    if (vsnprintf(text, sizeof(text), fmt, args) < 0)
        return NULL;
    return vio__strdup(alloc, text);
}

void vio__outcome_set_message(const struct vio_alloc *alloc, struct vio_outcome *outcome,
                              const char *fmt, va_list args)
{
    char *message = print(alloc, fmt, args);

    vio__free(alloc, outcome->message);
    outcome->message = message;
}

/* The array grows whenever the count is a power of two. */
static int make_room(const struct vio_alloc *alloc, struct vio_outcome *outcome)
{
    size_t count = outcome->num_problems;
    struct vio_problem *problems;

    if (count >= VIO_REQ_PROBLEMS_MAX)
        return -1;
    if ((count & (count - 1)) != 0)
        return 0;
    problems =
        vio__realloc(alloc, outcome->problems, count == 0 ? 1 : 2 * count, sizeof(*problems));
    if (problems == NULL)
        return -1;
    outcome->problems = problems;
    return 0;
}

void vio__outcome_add_problem(const struct vio_alloc *alloc, struct vio_outcome *outcome, int code,
                              const char *object, const char *fmt, va_list args)
{
    struct vio_problem problem = {.code = code};

    if (make_room(alloc, outcome) < 0)
        return;
    problem.text = print(alloc, fmt, args);
    if (object != NULL)
        problem.object = vio__strdup(alloc, object);
    if (problem.text == NULL || (object != NULL && problem.object == NULL)) {
        vio__free(alloc, problem.text);
        vio__free(alloc, problem.object);
        return;
    }
    outcome->problems[outcome->num_problems++] = problem;
}

void vio__outcome_set_result(struct vio_outcome *outcome, const char *kind, void *object,
                             void (*unref)(void *object))
{
    if (outcome->unref != NULL)
        outcome->unref(outcome->object);
    outcome->kind = kind;
    outcome->object = object;
    outcome->unref = unref;
}
