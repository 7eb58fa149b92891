/* SPDX-License-Identifier: MIT */
/*
 * The vfio-user client and a server that says whatever it likes: the input is all that the server
 * ever sends. Opening, a read and closing must each end.
 */
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/loop/loop.h"
#include "lib/transport/transport.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TIMEOUT_NS 5000000u
#define MOST_TURNS 2000

static char folder[64], path[96];
static int listener = -1;

static void remove_socket(void)
{
    unlink(path);
    rmdir(folder);
}

static void make_listener(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *base = getenv("TMPDIR");

    snprintf(folder, sizeof folder, "%.40s/vioXXXXXX", base ? base : P_tmpdir);
    if (mkdtemp(folder) == NULL)
        abort();
    snprintf(path, sizeof path, "%s/socket", folder);
    strcpy(address.sun_path, path);
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, 8) != 0)
        abort();
    atexit(remove_socket);
}

static void on_done(void *user, int status)
{
    (void)status;
    *(bool *)user = true;
}

static void on_interrupt(void *user, unsigned vector)
{
    (void)user;
    (void)vector;
}

static void on_lost(void *user, int code, const char *text)
{
    (void)user;
    if (code == 0 || text == NULL)
        abort();
}

static void on_closed(void *user)
{
    *(bool *)user = true;
}

static void turn_until(struct vio_loop *loop, const bool *what)
{
    for (int turns = 0; !*what; turns++) {
        struct pollfd ready = {.fd = vio__loop_fd(loop), .events = POLLIN};

        if (turns == MOST_TURNS)
            abort();
        poll(&ready, 1, vio__loop_poll_timeout(loop) == 0 ? 0 : 1);
        vio__loop_dispatch(loop);
    }
}

static void talk(struct vio_loop *loop, const uint8_t *data, size_t size)
{
    static const struct vio_transport_listener heard = {NULL, on_interrupt, on_lost};
    struct vio_transport *transport;
    bool opened = false, was_read = false, closed = false;
    uint8_t bytes[64];
    char uri[128];
    int server;

    snprintf(uri, sizeof uri, "vfio-user:%s", path);
    if (vio__transport_open(loop, uri, &heard, TIMEOUT_NS, on_done, &opened, &transport) != 0)
        return;
    server = accept(listener, NULL, NULL);
    if (send(server, data, size < 100000 ? size : 100000, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        (void)0;
    shutdown(server, SHUT_WR);
    turn_until(loop, &opened);
    if (vio__transport_read(transport, 0, 0, bytes, sizeof bytes, on_done, &was_read) == 0)
        turn_until(loop, &was_read);
    vio__transport_close(transport, on_done, &closed);
    turn_until(loop, &closed);
    close(server);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct vio_loop_config config = {.drive = VIO_LOOP_POLL, .alloc = vio__alloc_default()};
    struct vio_loop *loop;
    bool closed = false;

    if (listener < 0)
        make_listener();
    if (vio__loop_new(&config, &loop) != 0)
        return 0;
    if (vio__loop_start(loop) != 0)
        abort();
    talk(loop, data, size);
    vio__loop_close(loop, on_closed, &closed);
    while (!closed)
        vio__loop_dispatch(loop);
    vio__loop_unref(loop);
    return 0;
}
