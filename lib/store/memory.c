/* SPDX-License-Identifier: MIT */
/* The store that keeps nothing beyond its process: what is committed is in the store's index. */
#include <libvio/error.h>

#include "lib/base/dlist.h"
#include "lib/loop/loop.h"
#include "lib/store/backend.h"

struct vio_backend {
    struct vio_loop *loop;
    uint8_t uuid[VIO_UUID_SIZE];
    struct vio_post post;
    vio_backend_done done;
    void *user;
};

static void run(struct vio_post *post)
{
    struct vio_backend *backend = VIO_CONTAINER_OF(post, struct vio_backend, post);

    backend->done(backend->user, 0);
}

/* Every call succeeds, a turn of the loop later. */
static int succeed(struct vio_backend *backend, vio_backend_done done, void *user)
{
    backend->post.fn = run;
    backend->done = done;
    backend->user = user;
    return vio__loop_post(backend->loop, &backend->post);
}

static int open_memory(struct vio_loop *loop, const char *location, vio_backend_done done,
                       void *user, struct vio_backend **ret_backend)
{
    struct vio_backend *backend = vio__calloc(vio__loop_alloc(loop), 1, sizeof(*backend));
    int status;

    (void)location;
    if (!backend)
        return VIO_ENOMEM;
    backend->loop = loop;
    status = vio__uuid_random(backend->uuid);
    if (status == 0)
        status = succeed(backend, done, user);
    if (status != 0) {
        vio__free(vio__loop_alloc(loop), backend);
        return status;
    }
    *ret_backend = backend;
    return 0;
}

static void run_close(struct vio_post *post)
{
    struct vio_backend *backend = VIO_CONTAINER_OF(post, struct vio_backend, post);
    vio_backend_done done = backend->done;
    void *user = backend->user;

    vio__free(vio__loop_alloc(backend->loop), backend);
    done(user, 0);
}

static void close_memory(struct vio_backend *backend, vio_backend_done done, void *user)
{
    backend->post.fn = run_close;
    backend->done = done;
    backend->user = user;
    if (vio__loop_post(backend->loop, &backend->post) != 0)
        run_close(&backend->post);
}

static const uint8_t *uuid_of(const struct vio_backend *backend)
{
    return backend->uuid;
}

static int load(struct vio_backend *backend, vio_backend_loaded loaded, vio_backend_done done,
                void *user)
{
    (void)loaded;
    return succeed(backend, done, user);
}

static int commit(struct vio_backend *backend, const struct vio_record *records, size_t count,
                  vio_backend_done done, void *user)
{
    (void)records;
    (void)count;
    return succeed(backend, done, user);
}

const struct vio_backend_ops vio__backend_memory = {
    .name = "memory",
    .open = open_memory,
    .close = close_memory,
    .uuid = uuid_of,
    .load = load,
    .commit = commit,
};
