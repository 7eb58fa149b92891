/* SPDX-License-Identifier: MIT */
#include "lib/transport/transport.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/transport/ops.h"

static const struct vio_transport_ops *const transports[] = {
    &vio__transport_sim_ops,
    &vio__transport_vfio_user_ops,
};

/* What is used before any transport is known is the generic part alone. */
static const struct vio_transport_ops *find(const char *scheme)
{
    for (size_t i = 0; i < sizeof transports / sizeof transports[0]; i++)
        if (strcmp(transports[i]->scheme, scheme) == 0)
            return transports[i];
    return NULL;
}

void vio__transport_set_error(struct vio_transport *transport, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(transport->error, sizeof transport->error, fmt, args);
    va_end(args);
}

/* -- Calls ------------------------------------------------------------------------------------ */

static void free_transport(struct vio_post *post)
{
    struct vio_transport *transport = VIO_CONTAINER_OF(post, struct vio_transport, freeing);
    vio_transport_done done = transport->closed;
    void *user = transport->closed_user;
    struct vio_loop *loop = transport->loop;

    vio__free(vio__loop_alloc(loop), transport);
    done(user, 0);
    vio__loop_unref(loop);
}

static void free_when_idle(struct vio_transport *transport)
{
    if (transport->state != VIO_TRANSPORT_CLOSED || !vio__dlist_empty(&transport->calls) ||
        transport->calling > 0 || transport->freeing.fn)
        return;
    /* Posts keep their order: what the transport has posted before runs first. */
    transport->freeing.fn = free_transport;
    vio__loop_post(transport->loop, &transport->freeing);
}

static void call_done(struct vio_post *post)
{
    struct vio_transport_call *call = VIO_CONTAINER_OF(post, struct vio_transport_call, post);
    struct vio_transport *transport = call->transport;
    vio_transport_done done = call->done;
    void *user = call->user;
    int status = call->status;

    vio__dlist_remove(&call->node);
    vio__free(vio__loop_alloc(transport->loop), call);
    if (done) {
        transport->calling++; /* it cannot go meanwhile */
        done(user, status);
        transport->calling--;
    }
    free_when_idle(transport);
}

static struct vio_transport_call *new_call(struct vio_transport *transport, vio_transport_done done,
                                           void *user)
{
    struct vio_transport_call *call =
        vio__calloc(vio__loop_alloc(transport->loop), 1, sizeof *call);

    if (!call)
        return NULL;
    call->transport = transport;
    call->post.fn = call_done;
    call->done = done;
    call->user = user;
    vio__dlist_append(&transport->calls, &call->node);
    return call;
}

void vio__transport_finish(struct vio_transport_call *call, int status)
{
    struct vio_transport *transport = call->transport;

    if (call->finished)
        return;
    call->finished = true;
    call->status = status;
    if (call == transport->connecting) {
        transport->connecting = NULL;
        transport->code = status;
        transport->state = status ? VIO_TRANSPORT_DOWN : VIO_TRANSPORT_UP;
    }
    vio__loop_post(transport->loop, &call->post);
}

static void finish_all(struct vio_transport *transport, int status)
{
    for (struct vio_dlist *node = transport->calls.next; node != &transport->calls;
         node = node->next)
        vio__transport_finish(VIO_CONTAINER_OF(node, struct vio_transport_call, node), status);
}

/* -- Opening, losing, closing ------------------------------------------------------------------ */

static void unmap(struct vio_transport *transport)
{
    if (transport->ops->unmap)
        transport->ops->unmap(transport);
}

/* Until the listener knows, it may write to what it has mapped. */
static void tell_lost(struct vio_post *post)
{
    struct vio_transport *transport = VIO_CONTAINER_OF(post, struct vio_transport, lost);

    transport->losing = false;
    if (transport->state == VIO_TRANSPORT_DOWN)
        transport->listener.lost(transport->listener.user, transport->code, transport->error);
    if (transport->state == VIO_TRANSPORT_DOWN)
        unmap(transport);
}

void vio__transport_lose(struct vio_transport *transport, int code)
{
    if (transport->state != VIO_TRANSPORT_UP)
        return;
    transport->state = VIO_TRANSPORT_DOWN;
    transport->code = code;
    transport->ops->disconnect(transport);
    finish_all(transport, code);
    if (transport->losing)
        return;
    transport->losing = true;
    transport->lost.fn = tell_lost;
    vio__loop_post(transport->loop, &transport->lost);
}

static int connect(struct vio_transport *transport, uint64_t timeout_ns, vio_transport_done done,
                   void *user)
{
    struct vio_transport_call *call = new_call(transport, done, user);

    if (!call)
        return VIO_ENOMEM;
    transport->error[0] = '\0';
    transport->connecting = call;
    transport->state = VIO_TRANSPORT_CONNECTING;
    transport->ops->connect(transport, timeout_ns, call);
    return 0;
}

/* The transport for a URI that cannot be opened: it only says why. */
static int open_none(struct vio_transport *transport, int status, vio_transport_done done,
                     void *user)
{
    struct vio_transport_call *call = new_call(transport, done, user);

    if (!call)
        return VIO_ENOMEM;
    transport->code = status;
    vio__transport_finish(call, status);
    return 0;
}

static void list_schemes(struct vio_transport *transport, const char *scheme)
{
    char schemes[128] = "";

    for (size_t i = 0; i < sizeof transports / sizeof transports[0]; i++)
        snprintf(schemes + strlen(schemes), sizeof schemes - strlen(schemes),
                 " %s:", transports[i]->scheme);
    vio__transport_set_error(transport, "URI: there is no scheme \"%s:\"; there are%s", scheme,
                             schemes);
}

int vio__transport_open(struct vio_loop *loop, const char *uri,
                        const struct vio_transport_listener *listener, uint64_t timeout_ns,
                        vio_transport_done done, void *user, struct vio_transport **ret_transport)
{
    const struct vio_alloc *alloc = vio__loop_alloc(loop);
    size_t scheme = strcspn(uri, ":");
    const struct vio_transport_ops *ops = NULL;
    struct vio_transport *transport;
    char name[VIO_URI_SCHEME_MAX + 1] = "";
    int status;

    if (scheme <= VIO_URI_SCHEME_MAX)
        ops = find(memcpy(name, uri, scheme));
    transport = vio__calloc(alloc, 1, ops ? ops->size : sizeof *transport);
    if (!transport)
        return VIO_ENOMEM;
    transport->loop = loop;
    transport->listener = *listener;
    vio__dlist_init(&transport->calls);

    status = vio__uri_parse(uri, &transport->uri, transport->error);
    if (!status && !ops) {
        list_schemes(transport, transport->uri.scheme);
        status = VIO_EINVAL;
    }
    if (!status) {
        transport->ops = ops;
        strcpy(transport->location, uri + scheme + 1);
        status = connect(transport, timeout_ns, done, user);
    } else {
        status = open_none(transport, status, done, user);
    }
    if (status) {
        vio__free(alloc, transport);
        return status;
    }
    vio__loop_ref(loop);
    *ret_transport = transport;
    return 0;
}

int vio__transport_reopen(struct vio_transport *transport, uint64_t timeout_ns,
                          vio_transport_done done, void *user)
{
    if (transport->state == VIO_TRANSPORT_CLOSED)
        return VIO_ECLOSED;
    if (transport->state == VIO_TRANSPORT_CONNECTING || !transport->ops)
        return VIO_ESTATE;
    transport->ops->disconnect(transport);
    unmap(transport);
    finish_all(transport, VIO_ETRANSPORT);
    return connect(transport, timeout_ns, done, user);
}

void vio__transport_close(struct vio_transport *transport, vio_transport_done done, void *user)
{
    transport->closed = done;
    transport->closed_user = user;
    if (transport->ops) {
        transport->ops->disconnect(transport);
        unmap(transport);
    }
    transport->connecting = NULL;
    transport->state = VIO_TRANSPORT_CLOSED;
    transport->code = VIO_ECLOSED;
    finish_all(transport, VIO_ECLOSED);
    free_when_idle(transport);
}

const char *vio__transport_error(const struct vio_transport *transport)
{
    return transport->error;
}

/* -- Access ------------------------------------------------------------------------------------ */

/* A call for an access; where the device is out of reach it is finished at once, and `*ret_down`
 * set. */
static struct vio_transport_call *new_access(struct vio_transport *transport,
                                             vio_transport_done done, void *user, bool *ret_down)
{
    struct vio_transport_call *call = new_call(transport, done, user);

    if (!call)
        return NULL;
    *ret_down = transport->state != VIO_TRANSPORT_UP;
    if (*ret_down)
        vio__transport_finish(call, transport->code ? transport->code : VIO_ETRANSPORT);
    return call;
}

int vio__transport_read(struct vio_transport *transport, unsigned bar, uint64_t offset, void *data,
                        size_t size, vio_transport_done done, void *user)
{
    bool down;
    struct vio_transport_call *call = new_access(transport, done, user, &down);

    if (!call)
        return VIO_ENOMEM;
    if (!down)
        transport->ops->read(transport, bar, offset, data, size, call);
    return 0;
}

int vio__transport_write(struct vio_transport *transport, unsigned bar, uint64_t offset,
                         const void *data, size_t size, vio_transport_done done, void *user)
{
    bool down;
    struct vio_transport_call *call = new_access(transport, done, user, &down);

    if (!call)
        return VIO_ENOMEM;
    if (!down)
        transport->ops->write(transport, bar, offset, data, size, call);
    return 0;
}

int vio__transport_post(struct vio_transport *transport, unsigned bar, uint64_t offset,
                        uint64_t value, size_t size)
{
    uint8_t bytes[8];

    if (size != 4 && size != 8)
        return VIO_EINVAL;
    if (transport->state != VIO_TRANSPORT_UP)
        return transport->code ? transport->code : VIO_ETRANSPORT;
    for (unsigned i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
    transport->ops->post(transport, bar, offset, bytes, size);
    return 0;
}

int vio__transport_config_read(struct vio_transport *transport, unsigned offset, void *data,
                               size_t size, vio_transport_done done, void *user)
{
    bool down;
    struct vio_transport_call *call = new_access(transport, done, user, &down);

    if (!call)
        return VIO_ENOMEM;
    if (!down)
        transport->ops->config_read(transport, offset, data, size, call);
    return 0;
}

void *vio__transport_map(struct vio_transport *transport, unsigned bar, size_t *ret_size)
{
    if (transport->state != VIO_TRANSPORT_UP)
        return NULL;
    return transport->ops->map(transport, bar, ret_size);
}

int vio__transport_reset(struct vio_transport *transport, vio_transport_done done, void *user)
{
    bool down;
    struct vio_transport_call *call = new_access(transport, done, user, &down);

    if (!call)
        return VIO_ENOMEM;
    if (!down)
        transport->ops->reset(transport, call);
    return 0;
}

void *vio__transport_sim(struct vio_transport *transport)
{
    if (transport->state != VIO_TRANSPORT_UP || !transport->ops->sim)
        return NULL;
    return transport->ops->sim(transport);
}
