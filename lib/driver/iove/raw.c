/* SPDX-License-Identifier: MIT */
#include "lib/driver/iove/raw.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/base/alloc.h"
#include "lib/base/dlist.h"
#include "lib/driver/iove/claim.h"
#include "lib/driver/iove/session.h"
#include "lib/hw/wire.h"
#include "lib/loop/loop.h"
#include "lib/transport/transport.h"

struct vio_device {
    const struct vio_device_ops *ops; /* first, as device.h says */
    struct vio_loop *loop;
    struct vio_iove_session *session;
    struct vio_dlist windows; /* readings of configuration spaces; the first one has the window */
};

/* One reading of a configuration space through the set's window. */
struct window {
    struct vio_device *device;
    struct vio_dlist node;
    uint64_t select; /* value of QUEUE.WINDOW */
    unsigned offset;
    void *data;
    size_t size;
    vio_device_done done;
    void *user;
    unsigned reads; /* that have not come back: the bytes, and whether there are any */
    int failed;     /* one of them, with this */
    uint8_t status[4];
};

/* -- Registers --------------------------------------------------------------------------------- */

static bool in_bar(uint64_t offset, size_t size)
{
    return size > 0 && size % 4 == 0 && offset % 4 == 0 && size <= VIO_HW_BAR0_SIZE &&
           offset <= VIO_HW_BAR0_SIZE - size;
}

static int raw_read(struct vio_device *device, uint64_t offset, void *data, size_t size,
                    vio_device_done done, void *user)
{
    if (!in_bar(offset, size))
        return VIO_EINVAL;
    return vio__transport_read(vio__iove_session_transport(device->session), VIO_HW_BAR_REGISTERS,
                               offset, data, size, done, user);
}

static int raw_write(struct vio_device *device, uint64_t offset, const void *data, size_t size,
                     vio_device_done done, void *user)
{
    const struct vio_hw_reg *reg;

    if (!in_bar(offset, size) || (size != 4 && size != 8) || offset % size != 0)
        return VIO_EINVAL;
    reg = vio__hw_reg_at((uint32_t)offset, NULL);
    if (!reg || strcmp(reg->access, "RO") == 0)
        return VIO_EPERM;
    return vio__transport_write(vio__iove_session_transport(device->session), VIO_HW_BAR_REGISTERS,
                                offset, data, size, done, user);
}

/* -- Configuration spaces ---------------------------------------------------------------------- */

static void open_window(struct window *window);

static void end(struct window *window, int status)
{
    struct vio_device *device = window->device;
    vio_device_done done = window->done;
    void *user = window->user;

    vio__dlist_remove(&window->node);
    vio__free(vio__loop_alloc(device->loop), window);
    if (!vio__dlist_empty(&device->windows))
        open_window(VIO_CONTAINER_OF(device->windows.next, struct window, node));
    done(user, status);
}

/* The answers may come in any order, but the caller's memory is not his before both are here. */
static void window_read(void *user, int status)
{
    struct window *window = user;

    if (window->failed == 0)
        window->failed = status;
    if (--window->reads > 0)
        return;
    if (window->failed == 0 && vio__hw_get32(window->status) != 1)
        window->failed = VIO_ENOENT;
    end(window, window->failed);
}

static void read_window(struct window *window, uint64_t offset, void *data, size_t size)
{
    struct vio_transport *transport = vio__iove_session_transport(window->device->session);
    int status = vio__transport_read(transport, VIO_HW_BAR_REGISTERS, offset, data, size,
                                     window_read, window);

    if (status == 0)
        window->reads++;
    else if (window->failed == 0)
        window->failed = status;
}

/* The set is away: there is no window to read through. */
static void no_window(void *user, int status)
{
    end(user, status ? status : VIO_ETRANSPORT);
}

/* Select, read, and see whether there was something: accesses keep their order. */
static void open_window(struct window *window)
{
    struct vio_device *device = window->device;
    struct vio_transport *transport = vio__iove_session_transport(device->session);
    uint64_t base;

    if (!vio__iove_session_is_up(device->session)) {
        if (vio__transport_read(transport, VIO_HW_BAR_REGISTERS, VIO_HW_GLOBAL_BASE, window->status,
                                sizeof window->status, no_window, window))
            end(window, VIO_ENOMEM);
        return;
    }
    base = vio__iove_claim_base(vio__iove_session_claim(device->session));
    (void)vio__transport_post(transport, VIO_HW_BAR_REGISTERS, base + VIO_HW_QUEUE_WINDOW,
                              window->select, 8);
    read_window(window, base + VIO_HW_WINDOW_OFFSET + window->offset, window->data, window->size);
    read_window(window, base + VIO_HW_QUEUE_WINDOW_STATUS, window->status, sizeof window->status);
    if (window->reads == 0)
        end(window, window->failed);
}

static int window_kind(enum vio_config_space space)
{
    switch (space) {
    case VIO_CONFIG_ADAPTER:
        return VIO_HW_WINDOW_ADAPTER;
    case VIO_CONFIG_FUNCTION:
        return VIO_HW_WINDOW_FUNCTION;
    case VIO_CONFIG_SERVER:
        return VIO_HW_WINDOW_HIERARCHY;
    default:
        return 0;
    }
}

static int raw_config_read(struct vio_device *device, enum vio_config_space space, uint32_t index,
                           uint16_t bdf, unsigned offset, void *data, size_t size,
                           vio_device_done done, void *user)
{
    int kind = window_kind(space);
    struct window *window;

    if (size == 0 || size > VIO_HW_WINDOW_SIZE || offset > VIO_HW_WINDOW_SIZE - size)
        return VIO_EINVAL;
    if (space == VIO_CONFIG_CHASSIS)
        return vio__transport_config_read(vio__iove_session_transport(device->session), offset,
                                          data, size, done, user);
    if (kind == 0)
        return VIO_EINVAL;
    if (index > UINT16_MAX)
        return VIO_ENOENT;
    if (!vio__iove_session_is_up(device->session))
        return VIO_ETRANSPORT;
    window = vio__calloc(vio__loop_alloc(device->loop), 1, sizeof *window);
    if (!window)
        return VIO_ENOMEM;
    *window = (struct window){
        .device = device,
        .select = VIO_HW_PUT(QUEUE_WINDOW, KIND, kind) | VIO_HW_PUT(QUEUE_WINDOW, INDEX, index) |
                  VIO_HW_PUT(QUEUE_WINDOW, BDF, bdf),
        .offset = offset,
        .data = data,
        .size = size,
        .done = done,
        .user = user,
    };
    vio__dlist_append(&device->windows, &window->node);
    if (device->windows.next == &window->node)
        open_window(window);
    return 0;
}

static const struct vio_device_ops ops = {
    .read = raw_read,
    .write = raw_write,
    .config_read = raw_config_read,
};

int vio__iove_raw_new(struct vio_loop *loop, struct vio_iove_session *session,
                      struct vio_device **ret_device)
{
    struct vio_device *device = vio__calloc(vio__loop_alloc(loop), 1, sizeof *device);

    if (!device)
        return VIO_ENOMEM;
    device->ops = &ops;
    device->loop = loop;
    device->session = session;
    vio__dlist_init(&device->windows);
    *ret_device = device;
    return 0;
}

void vio__iove_raw_free(struct vio_device *device)
{
    if (device)
        vio__free(vio__loop_alloc(device->loop), device);
}
