/* SPDX-License-Identifier: MIT */
/* What the other api files need of a context. */
#ifndef VIO_API_CTX_H
#define VIO_API_CTX_H

#include <libvio/ctx.h>

#include "lib/base/dlist.h"
#include "lib/loop/loop.h"
#include "lib/loop/req.h"

struct vio_ledgers;

/* From any thread; `ctx` is not NULL. */
struct vio_loop *vio__ctx_loop(const struct vio_ctx *ctx);
struct vio_ledgers *vio__ctx_ledgers(const struct vio_ctx *ctx);

/* VIO_EINVAL for NULL, VIO_EFORK in a forked child, else 0: the first line of each public call. */
int vio__ctx_check(const struct vio_ctx *ctx);

/*
 * Something open that has to be closed before its context, such as a chassis. On the loop's thread.
 * When the context closes, close() is called once for each closer, after outstanding requests were
 * canceled; the owner closes without blocking and then calls vio__ctx_remove_closer(), inside
 * close() or later. An object that is closed earlier removes its closer itself. `object` must stay
 * valid until it is removed.
 */
struct vio_closer {
    struct vio_dlist node;
    void (*close)(void *object);
    void *object;
};

/* VIO_ECLOSED when the context is closing: the caller then closes what it has opened, by itself,
 * and the context waits for it all the same. */
int vio__ctx_add_closer(struct vio_ctx *ctx, struct vio_closer *closer);
void vio__ctx_remove_closer(struct vio_ctx *ctx, struct vio_closer *closer);

#endif
