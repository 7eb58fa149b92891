/* SPDX-License-Identifier: MIT */
/* What a request tells beside its status: message, problems, the device's status, the result. */
#ifndef VIO_LOOP_DETAIL_H
#define VIO_LOOP_DETAIL_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/alloc.h"

struct vio_problem {
    int code;
    char *object; /* NULL: none */
    char *text;
};

#define VIO_RESULTS_MAX 3

struct vio_result {
    const char *kind; /* static; NULL: none */
    void *object;
    void (*unref)(void *object);
};

/* All zero is an empty one. */
struct vio_detail {
    uint32_t device_status;
    char *message; /* NULL: none */
    struct vio_problem *problems;
    size_t num_problems;
    struct vio_result results[VIO_RESULTS_MAX]; /* of different kinds */
};

void vio__detail_free(const struct vio_alloc *alloc, struct vio_detail *detail);

/* Without memory the old message is dropped and no new one is there. */
void vio__detail_set_message(const struct vio_alloc *alloc, struct vio_detail *detail,
                             const char *fmt, va_list args) __attribute__((format(printf, 3, 0)));

/* A problem for which there is no memory is dropped. */
void vio__detail_add_problem(const struct vio_alloc *alloc, struct vio_detail *detail, int code,
                             const char *object, const char *fmt, va_list args)
    __attribute__((format(printf, 5, 0)));

/* One of the same kind is replaced; of others there may be VIO_RESULTS_MAX. */
void vio__detail_set_result(struct vio_detail *detail, const char *kind, void *object,
                            void (*unref)(void *object));

/* NULL: none of that kind. */
void *vio__detail_result(const struct vio_detail *detail, const char *kind);

#endif
