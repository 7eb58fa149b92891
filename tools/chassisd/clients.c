/* SPDX-License-Identifier: MIT */
#include "tools/chassisd/clients.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include <libvio/error.h>

#include "lib/hw/regs.h"
#include "sim/device.h"
#include "tools/chassisd/session.h"

#define CONFIG_SIZE 4096u

struct client {
    uv_poll_t poll;
    struct clients *clients;
    struct vfu_device device;
    struct vfu_session *session;
    struct sim_client *sim;
    bool writing;
};

struct clients {
    uv_poll_t poll;
    uv_loop_t *loop;
    struct listener *listener;
    struct viosim *sim;
    struct client *slots[CLIENTS_MAX];
};

/* What a session asks of the device. */

static int to_errno(int code)
{
    switch (code) {
    case 0:
        return 0;
    case VIO_EINVAL:
        return EINVAL;
    case VIO_EGONE:
        return ENODEV;
    default:
        return EIO;
    }
}

static uint64_t region_size(void *user, unsigned region)
{
    (void)user;
    if (region == VFIO_PCI_CONFIG_REGION_INDEX)
        return CONFIG_SIZE;
    return region <= VFIO_PCI_BAR5_REGION_INDEX ? sim_bar_size(region) : 0;
}

static int region_fd(void *user, unsigned region)
{
    struct client *client = user;

    return region <= VFIO_PCI_BAR5_REGION_INDEX ? sim_client_map_fd(client->sim, region) : -1;
}

static int region_read(void *user, unsigned region, uint64_t offset, void *data, size_t size)
{
    struct client *client = user;

    if (region == VFIO_PCI_CONFIG_REGION_INDEX)
        return to_errno(sim_client_config_read(client->sim, (size_t)offset, data, size));
    return to_errno(sim_client_read(client->sim, region, offset, data, size));
}

static int region_write(void *user, unsigned region, uint64_t offset, const void *data, size_t size)
{
    struct client *client = user;

    if (region == VFIO_PCI_CONFIG_REGION_INDEX)
        return to_errno(sim_client_config_write(client->sim, (size_t)offset, data, size));
    return to_errno(sim_client_write(client->sim, region, offset, data, size));
}

static void device_reset(void *user)
{
    struct client *client = user;

    sim_client_reset(client->sim);
}

/* What the device asks of its carrier. */

static void raise_interrupt(void *user, unsigned vector)
{
    struct client *client = user;

    vfu_session_interrupt(client->session, vector);
}

static int to_vio(int error)
{
    switch (error) {
    case 0:
        return 0;
    case EFAULT:
        return VIO_EINVAL;
    case EACCES:
        return VIO_EPERM;
    case ENOTSUP:
        return VIO_ENOTSUP;
    default:
        return VIO_EIO;
    }
}

static int dma_read(void *user, uint64_t address, void *data, size_t size)
{
    struct client *client = user;

    return to_vio(vfu_dma_read(vfu_session_dma(client->session), address, data, size));
}

static int dma_write(void *user, uint64_t address, const void *data, size_t size)
{
    struct client *client = user;

    return to_vio(vfu_dma_write(vfu_session_dma(client->session), address, data, size));
}

/* Connections. */

static void on_client_closed(uv_handle_t *handle)
{
    free(handle->data);
}

/* The session's socket is closed here, so the poll handle must have let go of it. */
static void end_client(struct client *client)
{
    struct clients *clients = client->clients;

    for (unsigned i = 0; i < CLIENTS_MAX; i++) {
        if (clients->slots[i] == client)
            clients->slots[i] = NULL;
    }
    uv_close((uv_handle_t *)&client->poll, on_client_closed);
    sim_client_free(client->sim);
    vfu_session_free(client->session);
}

static void on_client_ready(uv_poll_t *poll, int status, int events);

static bool wait_for_client(struct client *client)
{
    bool writing = vfu_session_wants_write(client->session);

    if (writing == client->writing)
        return true;
    client->writing = writing;
    return uv_poll_start(&client->poll, writing ? UV_WRITABLE : UV_READABLE, on_client_ready) == 0;
}

static void on_client_ready(uv_poll_t *poll, int status, int events)
{
    struct client *client = poll->data;

    (void)events;
    sim_step(client->clients->sim, uv_hrtime()); /* what is read now tells the time of now */
    if (status < 0 || !vfu_session_work(client->session) || !wait_for_client(client))
        end_client(client);
}

static struct client *make_client(struct clients *clients, int fd)
{
    struct client *client = calloc(1, sizeof *client);
    struct sim_host host = {client, raise_interrupt, NULL, dma_read, dma_write};

    if (!client) {
        close(fd);
        return NULL;
    }
    client->clients = clients;
    client->device = (struct vfu_device){client,      VIO_HW_VECTORS, region_size, region_fd,
                                         region_read, region_write,   device_reset};
    client->session = vfu_session_new(fd, &client->device);
    if (client->session && sim_client_new(clients->sim, &host, &client->sim) == 0)
        return client;
    vfu_session_free(client->session);
    free(client);
    return NULL;
}

static void start_client(struct clients *clients, int fd, unsigned slot)
{
    struct client *client = make_client(clients, fd);

    if (!client)
        return;
    if (uv_poll_init(clients->loop, &client->poll, fd) != 0) {
        sim_client_free(client->sim);
        vfu_session_free(client->session);
        free(client);
        return;
    }
    client->poll.data = client;
    clients->slots[slot] = client;
    if (uv_poll_start(&client->poll, UV_READABLE, on_client_ready) != 0)
        end_client(client);
}

/* A free place, if need be that of a client that has not said yet what it wants; else CLIENTS_MAX.
 */
static unsigned find_place(struct clients *clients)
{
    unsigned place = CLIENTS_MAX;

    for (unsigned i = 0; i < CLIENTS_MAX; i++) {
        if (!clients->slots[i])
            return i;
        if (!vfu_session_negotiated(clients->slots[i]->session))
            place = i;
    }
    if (place < CLIENTS_MAX)
        end_client(clients->slots[place]);
    return place;
}

static void on_connection(uv_poll_t *poll, int status, int events)
{
    struct clients *clients = poll->data;
    int fd = listener_accept(clients->listener);
    unsigned place;

    (void)status;
    (void)events;
    if (fd < 0)
        return;
    place = find_place(clients);
    if (place == CLIENTS_MAX)
        close(fd);
    else
        start_client(clients, fd, place);
}

struct clients *clients_new(uv_loop_t *loop, struct listener *listener, struct viosim *sim)
{
    struct clients *clients = calloc(1, sizeof *clients);

    if (!clients)
        return NULL;
    clients->loop = loop;
    clients->listener = listener;
    clients->sim = sim;
    if (uv_poll_init(loop, &clients->poll, listener_fd(listener)) != 0) {
        free(clients);
        return NULL;
    }
    clients->poll.data = clients;
    if (uv_poll_start(&clients->poll, UV_READABLE, on_connection) != 0) {
        clients_close(clients);
        return NULL;
    }
    return clients;
}

void clients_close(struct clients *clients)
{
    for (unsigned i = 0; i < CLIENTS_MAX; i++) {
        if (clients->slots[i])
            end_client(clients->slots[i]);
    }
    uv_close((uv_handle_t *)&clients->poll, on_client_closed);
}
