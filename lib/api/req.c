/* SPDX-License-Identifier: MIT */
#include "lib/loop/req.h"

#include <stdio.h>

#include <libvio/error.h>

#include "lib/base/error.h"
#include "lib/loop/detail.h"
#include "lib/loop/progress.h"

static int check(const struct vio_req *req)
{
    if (req == NULL)
        return VIO_EINVAL;
    return vio__loop_forked(vio__req_loop(req)) ? VIO_EFORK : 0;
}

struct vio_req *vio_req_ref(struct vio_req *req)
{
    return req != NULL ? vio__req_ref(req) : NULL;
}

/* In a forked child nothing is freed: another thread may have held the allocator's lock, or the
 * library's, at the fork. */
void vio_req_unref(struct vio_req *req)
{
    if (check(req) == 0)
        vio__req_unref(req);
}

int vio_req_cancel(struct vio_req *req)
{
    int r = check(req);

    if (r == 0)
        vio__req_cancel(req);
    return r;
}

int vio_req_set_deadline(struct vio_req *req, uint32_t timeout_ms)
{
    int r = check(req);

    if (r == 0)
        vio__req_set_deadline(req, timeout_ms);
    return r;
}

int vio_req_wait(struct vio_req *req, int timeout_ms)
{
    int r = check(req);

    if (r == 0 && timeout_ms < -1)
        r = VIO_EINVAL;
    return r < 0 ? r : vio__req_wait(req, timeout_ms);
}

int vio_req_status(const struct vio_req *req)
{
    int r = check(req);

    return r < 0 ? r : vio__req_status(req);
}

void *vio_req_user(const struct vio_req *req)
{
    return req != NULL ? vio__req_user(req) : NULL;
}

const char *vio_req_name(const struct vio_req *req)
{
    return req != NULL ? vio__req_name(req) : "";
}

static const struct vio_detail *detail_of(const struct vio_req *req)
{
    return req != NULL ? vio__req_detail(req) : NULL;
}

const char *vio_req_message(const struct vio_req *req)
{
    const struct vio_detail *detail = detail_of(req);

    if (detail == NULL)
        return "";
    return detail->message != NULL ? detail->message : vio__error_text(vio__req_status(req));
}

uint32_t vio_req_device_status(const struct vio_req *req)
{
    const struct vio_detail *detail = detail_of(req);

    return detail != NULL ? detail->device_status : 0;
}

size_t vio_req_num_problems(const struct vio_req *req)
{
    const struct vio_detail *detail = detail_of(req);

    return detail != NULL ? detail->num_problems : 0;
}

static const struct vio_problem *problem_at(const struct vio_req *req, size_t index)
{
    const struct vio_detail *detail = detail_of(req);

    return detail != NULL && index < detail->num_problems ? &detail->problems[index] : NULL;
}

int vio_req_problem_code(const struct vio_req *req, size_t index)
{
    const struct vio_problem *problem = problem_at(req, index);

    return problem != NULL ? problem->code : 0;
}

const char *vio_req_problem_object(const struct vio_req *req, size_t index)
{
    const struct vio_problem *problem = problem_at(req, index);

    return problem != NULL && problem->object != NULL ? problem->object : "";
}

const char *vio_req_problem_text(const struct vio_req *req, size_t index)
{
    const struct vio_problem *problem = problem_at(req, index);

    return problem != NULL ? problem->text : "";
}

uint32_t vio_req_progress(const struct vio_req *req)
{
    return req != NULL ? vio__progress_view(vio__req_progress_of(req)).permille : 0;
}

int vio_req_progress_text(const struct vio_req *req, char *buf, size_t size)
{
    struct vio_progress_view view;
    int r = check(req);

    if (r < 0)
        return r;
    if (buf == NULL || size == 0)
        return VIO_EINVAL;
    view = vio__progress_view(vio__req_progress_of(req));
    snprintf(buf, size, "%s", view.text);
    return 0;
}

int vio_req_set_progress_cb(struct vio_req *req, vio_req_progress_cb cb, void *user)
{
    int r = check(req);

    if (r == 0)
        vio__progress_set_cb(vio__req_progress_of(req), cb, user);
    return r;
}
