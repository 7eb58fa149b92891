/* SPDX-License-Identifier: MIT */
/* What a request tells beside its status: message, problems, the device's status, the result. */
#ifndef VIO_LOOP_OUTCOME_H
#define VIO_LOOP_OUTCOME_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/alloc.h"

struct vio_problem {
    int code;
    char *object; /* NULL: none */
    char *text;
};

/* All zero is an empty one. */
struct vio_outcome {
    uint32_t device_status;
    char *message; /* NULL: none */
    struct vio_problem *problems;
    size_t num_problems;
    const char *kind; /* of the result, static */
    void *object;
    void (*unref)(void *object);
};

void vio__outcome_free(const struct vio_alloc *alloc, struct vio_outcome *outcome);

/* Without memory the old message is dropped and no new one is there. */
void vio__outcome_set_message(const struct vio_alloc *alloc, struct vio_outcome *outcome,
                              const char *fmt, va_list args) __attribute__((format(printf, 3, 0)));

/* A problem for which there is no memory is dropped. */
void vio__outcome_add_problem(const struct vio_alloc *alloc, struct vio_outcome *outcome, int code,
                              const char *object, const char *fmt, va_list args)
    __attribute__((format(printf, 5, 0)));

void vio__outcome_set_result(struct vio_outcome *outcome, const char *kind, void *object,
                             void (*unref)(void *object));

#endif
