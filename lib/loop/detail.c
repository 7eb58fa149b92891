/* SPDX-License-Identifier: MIT */
#include "lib/loop/detail.h"

#include <stdio.h>
#include <string.h>

#include "lib/loop/req.h"

enum { TEXT_MAX = 512 };

static void drop(struct vio_result *result)
{
    if (result->kind != NULL)
        result->unref(result->object);
    result->kind = NULL;
}

void vio__detail_free(const struct vio_alloc *alloc, struct vio_detail *detail)
{
    for (size_t i = 0; i < detail->num_problems; i++) {
        vio__free(alloc, detail->problems[i].object);
        vio__free(alloc, detail->problems[i].text);
    }
    vio__free(alloc, detail->problems);
    vio__free(alloc, detail->message);
    for (size_t i = 0; i < VIO_RESULTS_MAX; i++)
        drop(&detail->results[i]);
}

/* NULL without memory. */
static char *print(const struct vio_alloc *alloc, const char *fmt, va_list args)
{
    char text[TEXT_MAX];

    if (vsnprintf(text, sizeof(text), fmt, args) < 0)
        return NULL;
    return vio__strdup(alloc, text);
}

void vio__detail_set_message(const struct vio_alloc *alloc, struct vio_detail *detail,
                             const char *fmt, va_list args)
{
    char *message = print(alloc, fmt, args);

    vio__free(alloc, detail->message);
    detail->message = message;
}

/* The array grows whenever the count is a power of two. */
static int make_room(const struct vio_alloc *alloc, struct vio_detail *detail)
{
    size_t count = detail->num_problems;
    struct vio_problem *problems;

    if (count >= VIO_REQ_PROBLEMS_MAX)
        return -1;
    if ((count & (count - 1)) != 0)
        return 0;
    problems = vio__realloc(alloc, detail->problems, count == 0 ? 1 : 2 * count, sizeof(*problems));
    if (problems == NULL)
        return -1;
    detail->problems = problems;
    return 0;
}

void vio__detail_add_problem(const struct vio_alloc *alloc, struct vio_detail *detail, int code,
                             const char *object, const char *fmt, va_list args)
{
    struct vio_problem problem = {.code = code};

    if (make_room(alloc, detail) < 0)
        return;
    problem.text = print(alloc, fmt, args);
    if (object != NULL)
        problem.object = vio__strdup(alloc, object);
    if (problem.text == NULL || (object != NULL && problem.object == NULL)) {
        vio__free(alloc, problem.text);
        vio__free(alloc, problem.object);
        return;
    }
    detail->problems[detail->num_problems++] = problem;
}

void vio__detail_set_result(struct vio_detail *detail, const char *kind, void *object,
                            void (*unref)(void *object))
{
    struct vio_result *result = detail->results;

    while (result->kind != NULL && strcmp(result->kind, kind) != 0 &&
           result < detail->results + VIO_RESULTS_MAX - 1)
        result++;
    drop(result);
    *result = (struct vio_result){.kind = kind, .object = object, .unref = unref};
}

void *vio__detail_result(const struct vio_detail *detail, const char *kind)
{
    for (size_t i = 0; i < VIO_RESULTS_MAX && detail->results[i].kind != NULL; i++)
        if (strcmp(detail->results[i].kind, kind) == 0)
            return detail->results[i].object;
    return NULL;
}
