/* SPDX-License-Identifier: MIT */
#include <uv.h>

#include <libvio/error.h>

#include "lib/loop/internal.h"

struct vio_watch {
    struct vio_dlist node;
    struct vio_loop *loop;
    uv_poll_t poll;
    void (*fn)(struct vio_watch *watch, int events, void *user);
    void *user;
};

/* libuv reports a broken descriptor as a status and stops watching it; reading or writing says why.
 */
static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct vio_watch *watch = poll->data;
    struct vio_loop *loop = watch->loop;
    int ready = 0;

    vio__loop_begin(loop);
    if (status < 0 || (events & UV_READABLE) != 0)
        ready |= VIO_WATCH_READ;
    if (status < 0 || (events & UV_WRITABLE) != 0)
        ready |= VIO_WATCH_WRITE;
    watch->fn(watch, ready, watch->user);
    vio__loop_turn(loop);
}

int vio__watch_new(struct vio_loop *loop, int fd,
                   void (*fn)(struct vio_watch *watch, int events, void *user), void *user,
                   struct vio_watch **ret_watch)
{
    struct vio_watch *watch = vio__calloc(vio__loop_alloc(loop), 1, sizeof(*watch));
    int r;

    if (watch == NULL)
        return VIO_ENOMEM;
    if (!vio__loop_add_handle(loop, &watch->node)) {
        vio__free(vio__loop_alloc(loop), watch);
        return VIO_ECLOSED;
    }
    r = uv_poll_init(vio__loop_uv(loop), &watch->poll, fd);
    if (r < 0) {
        vio__dlist_remove(&watch->node);
        vio__loop_drop_handle(loop);
        vio__free(vio__loop_alloc(loop), watch);
        return r == UV_ENOMEM ? VIO_ENOMEM : VIO_EIO;
    }
    watch->poll.data = watch;
    watch->loop = loop;
    watch->fn = fn;
    watch->user = user;
    *ret_watch = watch;
    return 0;
}

int vio__watch_set(struct vio_watch *watch, int events)
{
    int wanted = 0;

    if ((events & VIO_WATCH_READ) != 0)
        wanted |= UV_READABLE;
    if ((events & VIO_WATCH_WRITE) != 0)
        wanted |= UV_WRITABLE;
    if (wanted == 0)
        return uv_poll_stop(&watch->poll) < 0 ? VIO_EIO : 0;
    return uv_poll_start(&watch->poll, wanted, on_poll) < 0 ? VIO_EIO : 0;
}

static void on_closed(uv_handle_t *handle)
{
    struct vio_watch *watch = handle->data;
    struct vio_loop *loop = watch->loop;

    vio__free(vio__loop_alloc(loop), watch);
    vio__loop_drop_handle(loop);
}

void vio__watch_close(struct vio_watch *watch)
{
    if (watch == NULL)
        return;
    vio__dlist_remove(&watch->node);
    uv_close((uv_handle_t *)&watch->poll, on_closed);
}

void vio__watch_close_node(struct vio_dlist *node)
{
    vio__watch_close(VIO_CONTAINER_OF(node, struct vio_watch, node));
}
