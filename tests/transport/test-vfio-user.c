/* SPDX-License-Identifier: MIT */
/*
 * The vfio-user client against a scripted server: each message answered rightly, and each answered
 * wrongly in every way, one at a time.
 */
#include "tests/support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <libvio/error.h>

#include "lib/loop/loop.h"
#include "lib/transport/transport.h"

#define TIMEOUT_NS 300000000u
#define RINGS_SIZE 65536u
#define REGISTERS  4096u

enum twist {
    RIGHT,
    CLOSES,
    SILENT,
    GARBAGE,
    HUGE_SIZE,
    TINY_SIZE,
    WRONG_ID,
    WRONG_COMMAND,
    NO_REPLY_FLAG,
    REFUSES,
    SHORT,
    BYTE_BY_BYTE,
    TWICE,
    LATE, /* once the client has given up */
};

struct server {
    char folder[64];
    char path[96];
    int listener;
    pthread_t thread;
    atomic_int stop;
    /* Script */
    int twisted_command;
    atomic_int twist; /* enum twist; changed while the thread runs */
    atomic_bool given_up, answered_late;
    int seals;
    unsigned vectors;
    const char *capabilities;
    /* What it has */
    int rings;
    uint8_t registers[REGISTERS];
    pthread_mutex_t using_eventfds;
    int eventfd[32];
    atomic_uint eventfds;
    unsigned most_fds; /* with one message */
    unsigned messages, largest_read, resets;
};

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void put32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> 8 * i);
}

/* -- The server -------------------------------------------------------------------------------- */

static bool read_all(struct server *server, int fd, void *data, size_t size)
{
    uint8_t *at = data;

    while (size > 0) {
        union {
            struct cmsghdr align;
            char space[CMSG_SPACE(32 * sizeof(int))];
        } control;
        struct iovec part = {at, size};
        struct msghdr message = {.msg_iov = &part,
                                 .msg_iovlen = 1,
                                 .msg_control = &control,
                                 .msg_controllen = sizeof control};
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        ssize_t got;

        if (poll(&ready, 1, 20) == 0) {
            if (atomic_load(&server->stop))
                return false;
            continue;
        }
        got = recvmsg(fd, &message, 0);
        if (got <= 0)
            return false;
        for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
            unsigned count = (unsigned)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));

            if (count > server->most_fds)
                server->most_fds = count;
            if (count > 32 - server->eventfds)
                return false;
            memcpy(server->eventfd + server->eventfds, CMSG_DATA(c), count * sizeof(int));
            server->eventfds += count;
        }
        at += got;
        size -= (size_t)got;
    }
    return true;
}

/* Fills `reply` behind its header; returns the payload's size. */
static size_t answer(struct server *server, unsigned command, const uint8_t *ask, uint8_t *reply,
                     int *ret_fd)
{
    uint32_t count, offset;

    switch (command) {
    case 1:
        memcpy(reply, "\0\0\1\0", 4);
        strcpy((char *)reply + 4, server->capabilities);
        return 5 + strlen(server->capabilities);
    case 4:
        put32(reply, 16);
        put32(reply + 4, 2);
        put32(reply + 8, 9);
        put32(reply + 12, 5);
        return 16;
    case 5:
        memset(reply, 0, 32);
        put32(reply, 32);
        put32(reply + 4, 7);
        put32(reply + 8, get32(ask + 8));
        put32(reply + 16, RINGS_SIZE);
        *ret_fd = server->rings;
        return 32;
    case 7:
        put32(reply, 16);
        put32(reply + 4, 1);
        put32(reply + 8, 2);
        put32(reply + 12, server->vectors);
        return 16;
    case 9:
        offset = get32(ask);
        count = get32(ask + 12);
        if (count > server->largest_read)
            server->largest_read = count;
        memcpy(reply, ask, 16);
        memcpy(reply + 16, server->registers + offset % REGISTERS, count);
        return 16 + count;
    case 10:
        offset = get32(ask);
        count = get32(ask + 12);
        memcpy(server->registers + offset % REGISTERS, ask + 16, count);
        memcpy(reply, ask, 16);
        return 16;
    case 13:
        server->resets++;
        return 0;
    default:
        return 0;
    }
}

static void send_bytes(int to, const uint8_t *data, size_t size, int fd)
{
    union {
        struct cmsghdr align;
        char space[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec part = {(void *)data, size};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

    if (fd >= 0) {
        struct cmsghdr *c;

        memset(&control, 0, sizeof control);
        message.msg_control = &control;
        message.msg_controllen = sizeof control;
        c = CMSG_FIRSTHDR(&message);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(c), &fd, sizeof fd);
    }
    sendmsg(to, &message, MSG_NOSIGNAL);
}

static void send_twisted(int to, uint8_t *message, size_t size, int fd, enum twist twist)
{
    switch (twist) {
    case GARBAGE:
        memset(message, 0xa5, size);
        break;
    case HUGE_SIZE:
        put32(message + 4, 0x7fffffff);
        break;
    case TINY_SIZE:
        put32(message + 4, 3);
        break;
    case WRONG_ID:
        message[0] ^= 0x55;
        break;
    case WRONG_COMMAND:
        message[2] ^= 0x0f;
        break;
    case NO_REPLY_FLAG:
        message[8] = 0;
        break;
    case REFUSES:
        message[8] = 0x21;
        put32(message + 12, EINVAL);
        size = 16;
        put32(message + 4, 16);
        break;
    case SHORT:
        size = size > 18 ? 18 : 16;
        put32(message + 4, (uint32_t)size);
        break;
    case BYTE_BY_BYTE:
        for (size_t i = 0; i < size; i++)
            send_bytes(to, message + i, 1, i == 0 ? fd : -1);
        return;
    case TWICE:
        send_bytes(to, message, size, fd);
        fd = -1;
        break;
    default:
        break;
    }
    send_bytes(to, message, size, fd);
}

static bool serve_one(struct server *server, int to)
{
    uint8_t header[16], ask[70000], reply[70000];
    uint32_t size;
    unsigned command;
    int fd = -1;

    if (!read_all(server, to, header, sizeof header))
        return false;
    size = get32(header + 4) - 16;
    if (size > sizeof ask || !read_all(server, to, ask, size))
        return false;
    server->messages++;
    command = header[2];
    size = (uint32_t)answer(server, command, ask, reply + 16, &fd);
    if (header[8] & 0x10)
        return true;
    memcpy(reply, header, 16);
    put32(reply + 4, size + 16);
    put32(reply + 8, 1);
    put32(reply + 12, 0);
    if ((int)command != server->twisted_command || server->twist == RIGHT) {
        send_bytes(to, reply, size + 16, fd);
        return true;
    }
    if (server->twist == CLOSES)
        return false;
    if (server->twist == LATE) {
        while (!server->given_up && !server->stop)
            poll(NULL, 0, 5);
        send_bytes(to, reply, size + 16, fd);
        server->answered_late = true;
        return true;
    }
    if (server->twist != SILENT)
        send_twisted(to, reply, size + 16, fd, (enum twist)server->twist);
    return true;
}

static void *serve(void *user)
{
    struct server *server = user;

    while (!atomic_load(&server->stop)) {
        struct pollfd ready = {.fd = server->listener, .events = POLLIN};
        int to;

        if (poll(&ready, 1, 20) <= 0)
            continue;
        to = accept(server->listener, NULL, NULL);
        while (serve_one(server, to))
            ;
        pthread_mutex_lock(&server->using_eventfds);
        for (unsigned i = 0; i < server->eventfds; i++)
            close(server->eventfd[i]);
        server->eventfds = 0;
        pthread_mutex_unlock(&server->using_eventfds);
        close(to);
    }
    return NULL;
}

static void server_start(struct server *server, int twisted_command, enum twist twist)
{
    const char *base = getenv("TMPDIR");
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    memset(server, 0, sizeof *server);
    pthread_mutex_init(&server->using_eventfds, NULL);
    snprintf(server->folder, sizeof server->folder, "%.40s/vioXXXXXX", base ? base : P_tmpdir);
    assert_non_null(mkdtemp(server->folder));
    snprintf(server->path, sizeof server->path, "%s/socket", server->folder);
    server->twisted_command = twisted_command;
    server->twist = twist;
    server->seals = F_SEAL_SHRINK;
    server->vectors = 17;
    server->capabilities = "{\"capabilities\":{\"max_data_xfer_size\":1048576}}";
    server->rings = memfd_create("rings", MFD_ALLOW_SEALING | MFD_CLOEXEC);
    assert_int_equal(ftruncate(server->rings, RINGS_SIZE), 0);
    server->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    strcpy(address.sun_path, server->path);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(server->listener, 1), 0);
}

static void server_run(struct server *server)
{
    if (server->seals)
        assert_int_equal(fcntl(server->rings, F_ADD_SEALS, server->seals), 0);
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static void server_interrupt(struct server *server, unsigned vector)
{
    const uint64_t one = 1;

    pthread_mutex_lock(&server->using_eventfds);
    assert_true(vector < server->eventfds);
    assert_int_equal(write(server->eventfd[vector], &one, sizeof one), sizeof one);
    pthread_mutex_unlock(&server->using_eventfds);
}

static void server_stop(struct server *server)
{
    atomic_store(&server->stop, 1);
    pthread_join(server->thread, NULL);
    pthread_mutex_destroy(&server->using_eventfds);
    close(server->listener);
    close(server->rings);
    unlink(server->path);
    rmdir(server->folder);
}

/* -- The client ------------------------------------------------------------------------------- */

struct client {
    struct vio_loop *loop;
    struct vio_transport *transport;
    int open_status, status, lost;
    uint8_t *rings; /* what is written to until the loss is told; NULL: nothing */
    int read_status;
    unsigned done, reads, interrupts, vector;
    bool closed;
    uint32_t answer; /* what an interrupt is answered with: posted, then read back */
    uint32_t read_back;
};

static void on_done(void *user, int status)
{
    struct client *client = user;

    client->status = status;
    client->done++;
}

static void on_read(void *user, int status)
{
    struct client *client = user;

    client->read_status = status;
    client->reads++;
}

static void on_interrupt(void *user, unsigned vector)
{
    struct client *client = user;

    client->interrupts++;
    client->vector = vector;
    if (client->answer == 0)
        return;
    assert_int_equal(vio__transport_post(client->transport, 0, 256, ~client->answer, 4), 0);
    assert_int_equal(vio__transport_post(client->transport, 0, 256, client->answer, 4), 0);
    assert_int_equal(
        vio__transport_read(client->transport, 0, 256, &client->read_back, 4, on_read, client), 0);
}

static void on_lost(void *user, int code, const char *text)
{
    struct client *client = user;

    assert_true(text[0] != '\0');
    if (client->rings != NULL)
        client->rings[0]++;
    client->lost = code;
}

static void on_closed(void *user, int status)
{
    (void)status;
    ((struct client *)user)->closed = true;
}

static void on_loop_closed(void *user)
{
    *(bool *)user = true;
}

static void turn(struct client *client)
{
    struct pollfd ready = {.fd = vio__loop_fd(client->loop), .events = POLLIN};
    int wait = vio__loop_poll_timeout(client->loop);

    poll(&ready, 1, wait < 0 || wait > 20 ? 20 : wait);
    assert_int_equal(vio__loop_dispatch(client->loop), 0);
}

/* Turns the loop until `*what` reaches `goal`; a hang fails the test. */
static void await(struct client *client, const unsigned *what, unsigned goal)
{
    for (int turns = 0; *what < goal && turns < 3000; turns++)
        turn(client);
    assert_true(*what >= goal);
}

static void client_open(struct client *client, const char *path)
{
    struct vio_loop_config config = {.drive = VIO_LOOP_POLL, .alloc = vio__alloc_default()};
    struct vio_transport_listener listener = {client, on_interrupt, on_lost};
    char uri[128];

    memset(client, 0, sizeof *client);
    assert_int_equal(vio__loop_new(&config, &client->loop), 0);
    assert_int_equal(vio__loop_start(client->loop), 0);
    snprintf(uri, sizeof uri, "vfio-user:%s", path);
    assert_int_equal(vio__transport_open(client->loop, uri, &listener, TIMEOUT_NS, on_done, client,
                                         &client->transport),
                     0);
    assert_int_equal(client->done, 0);
    await(client, &client->done, 1);
    client->open_status = client->status;
}

static void client_close(struct client *client)
{
    bool loop_closed = false;

    vio__transport_close(client->transport, on_closed, client);
    for (int turns = 0; !client->closed && turns < 3000; turns++)
        turn(client);
    assert_true(client->closed);
    vio__loop_close(client->loop, on_loop_closed, &loop_closed);
    for (int turns = 0; !loop_closed && turns < 3000; turns++)
        vio__loop_dispatch(client->loop);
    assert_true(loop_closed);
    vio__loop_unref(client->loop);
}

static int do_read(struct client *client, uint64_t offset, void *data, size_t size)
{
    unsigned goal = client->reads + 1;

    assert_int_equal(vio__transport_read(client->transport, 0, offset, data, size, on_read, client),
                     0);
    assert_int_equal(client->reads, goal - 1);
    await(client, &client->reads, goal);
    return client->read_status;
}

/* -- Tests ------------------------------------------------------------------------------------ */

static void registers_are_read_and_written_in_order(void **state)
{
    struct server server;
    struct client client;
    uint8_t data[64] = "what was written is read back";
    uint8_t back[64] = {0};

    (void)state;
    server_start(&server, 0, RIGHT);
    server_run(&server);
    client_open(&client, server.path);
    assert_int_equal(client.open_status, 0);
    assert_int_equal(vio__transport_write(client.transport, 0, 256, data, 64, on_done, &client), 0);
    assert_int_equal(vio__transport_post(client.transport, 0, 260, 0x11223344, 4), 0);
    assert_int_equal(do_read(&client, 256, back, 64), 0);
    put32(data + 4, 0x11223344);
    assert_memory_equal(back, data, 64);
    assert_int_equal(client.lost, 0);
    client_close(&client);
    server_stop(&server);
}

static void long_accesses_are_split_as_the_server_wants(void **state)
{
    struct server server;
    struct client client;
    uint8_t back[1000];

    (void)state;
    server_start(&server, 0, RIGHT);
    server.capabilities = "{\"capabilities\": {\"max_data_xfer_size\": 100}}";
    for (unsigned i = 0; i < REGISTERS; i++)
        server.registers[i] = (uint8_t)(i * 7);
    server_run(&server);
    client_open(&client, server.path);
    assert_int_equal(do_read(&client, 12, back, sizeof back), 0);
    assert_memory_equal(back, server.registers + 12, sizeof back);
    client_close(&client);
    server_stop(&server);
    assert_int_equal(server.largest_read, 100);
}

static void sealed_memory_is_mapped(void **state)
{
    struct server server;
    struct client client;
    uint8_t *rings, byte = 0;
    size_t size = 0;

    (void)state;
    server_start(&server, 0, RIGHT);
    server_run(&server);
    client_open(&client, server.path);
    rings = vio__transport_map(client.transport, 2, &size);
    assert_non_null(rings);
    assert_int_equal(size, RINGS_SIZE);
    rings[100] = 42;
    assert_int_equal(pread(server.rings, &byte, 1, 100), 1);
    assert_int_equal(byte, 42);
    assert_null(vio__transport_map(client.transport, 0, &size));
    client_close(&client);
    server_stop(&server);
}

static void memory_that_could_be_truncated_is_not_mapped(void **state)
{
    struct server server;
    struct client client;
    uint8_t back[4];
    size_t size = 0;

    (void)state;
    server_start(&server, 0, RIGHT);
    server.seals = 0;
    server_run(&server);
    client_open(&client, server.path);
    assert_int_equal(client.open_status, 0);
    assert_null(vio__transport_map(client.transport, 2, &size));
    assert_int_equal(ftruncate(server.rings, 0), 0);
    assert_int_equal(do_read(&client, 0, back, 4), 0);
    client_close(&client);
    server_stop(&server);
}

static void memory_smaller_than_announced_is_not_mapped(void **state)
{
    struct server server;
    struct client client;
    size_t size = 0;

    (void)state;
    server_start(&server, 0, RIGHT);
    assert_int_equal(ftruncate(server.rings, RINGS_SIZE / 2), 0);
    server_run(&server);
    client_open(&client, server.path);
    assert_int_equal(client.open_status, 0);
    assert_null(vio__transport_map(client.transport, 2, &size));
    client_close(&client);
    server_stop(&server);
}

static void interrupts_come_by_vector(void **state)
{
    struct server server;
    struct client client;

    (void)state;
    server_start(&server, 0, RIGHT);
    server_run(&server);
    client_open(&client, server.path);
    assert_int_equal(server.eventfds, 17);
    assert_int_equal(server.most_fds, 1); /* it announced no more */
    server_interrupt(&server, 5);
    await(&client, &client.interrupts, 1);
    assert_int_equal(client.vector, 5);
    client_close(&client);
    server_stop(&server);
}

static void what_answers_an_interrupt_arrives_in_order(void **state)
{
    struct server server;
    struct client client;

    (void)state;
    server_start(&server, 0, RIGHT);
    server_run(&server);
    client_open(&client, server.path);
    client.answer = 0x11223344;
    for (unsigned times = 1; times <= 3; times++) {
        unsigned before = client.reads;

        server_interrupt(&server, 5);
        await(&client, &client.reads, before + 1);
        assert_int_equal(client.read_status, 0);
        assert_int_equal(get32((const uint8_t *)&client.read_back), client.answer++);
    }
    client_close(&client);
    server_stop(&server);
}

static void a_server_without_interrupts_is_fine(void **state)
{
    struct server server;
    struct client client;

    (void)state;
    server_start(&server, 0, RIGHT);
    server.vectors = 0;
    server_run(&server);
    client_open(&client, server.path);
    assert_int_equal(client.open_status, 0);
    client_close(&client);
    server_stop(&server);
}

static void reset_reaches_the_device(void **state)
{
    struct server server;
    struct client client;
    unsigned goal;

    (void)state;
    server_start(&server, 0, RIGHT);
    server_run(&server);
    client_open(&client, server.path);
    goal = client.done + 1;
    assert_int_equal(vio__transport_reset(client.transport, on_done, &client), 0);
    await(&client, &client.done, goal);
    assert_int_equal(client.status, 0);
    client_close(&client);
    server_stop(&server);
    assert_int_equal(server.resets, 1);
}

static bool is_harmless(int command, enum twist twist)
{
    /* An empty reply is all that these two have; the mapping is optional. */
    return twist == BYTE_BY_BYTE || (twist == SHORT && (command == 5 || command == 8));
}

static void every_wrong_answer_of_the_handshake_ends_in_a_named_error(void **state)
{
    static const int commands[] = {1, 4, 5, 7, 8};

    (void)state;
    for (size_t c = 0; c < sizeof commands / sizeof *commands; c++) {
        for (int twist = CLOSES; twist <= BYTE_BY_BYTE; twist++) {
            struct server server;
            struct client client;

            server_start(&server, commands[c], (enum twist)twist);
            server_run(&server);
            client_open(&client, server.path);
            if (is_harmless(commands[c], (enum twist)twist)) {
                assert_int_equal(client.open_status, 0);
            } else {
                assert_true(client.open_status < 0);
                assert_true(vio__transport_error(client.transport)[0] != '\0');
            }
            client_close(&client);
            server_stop(&server);
        }
    }
}

static void every_wrong_answer_to_a_read_ends_it_and_closing_works(void **state)
{
    static const int expected[] = {
        [CLOSES] = VIO_ETRANSPORT,    [SILENT] = VIO_ETIMEDOUT,     [GARBAGE] = VIO_EPROTO,
        [HUGE_SIZE] = VIO_EPROTO,     [TINY_SIZE] = VIO_EPROTO,     [WRONG_ID] = VIO_EPROTO,
        [WRONG_COMMAND] = VIO_EPROTO, [NO_REPLY_FLAG] = VIO_EPROTO, [REFUSES] = VIO_EIO,
        [SHORT] = VIO_EPROTO,         [BYTE_BY_BYTE] = 0,
    };

    (void)state;
    for (int twist = CLOSES; twist <= BYTE_BY_BYTE; twist++) {
        struct server server;
        struct client client;
        uint8_t back[8] = {0};

        server_start(&server, 9, (enum twist)twist);
        server_run(&server);
        client_open(&client, server.path);
        assert_int_equal(client.open_status, 0);
        assert_int_equal(do_read(&client, 0, back, sizeof back), expected[twist]);
        client_close(&client);
        server_stop(&server);
    }
}

static void an_answer_given_twice_breaks_the_connection(void **state)
{
    struct server server;
    struct client client;
    uint8_t back[8];

    (void)state;
    server_start(&server, 9, TWICE);
    server_run(&server);
    client_open(&client, server.path);
    assert_int_equal(do_read(&client, 0, back, sizeof back), 0);
    for (int turns = 0; client.lost == 0 && turns < 3000; turns++)
        turn(&client);
    assert_int_equal(client.lost, VIO_EPROTO);
    client_close(&client);
    server_stop(&server);
}

static void an_answer_after_the_time_out_does_not_keep_the_loop_busy(void **state)
{
    struct server server;
    struct client client;
    struct pollfd ready = {.events = POLLIN};

    (void)state;
    server_start(&server, 1, LATE);
    server_run(&server);
    client_open(&client, server.path);
    assert_int_equal(client.open_status, VIO_ETIMEDOUT);
    server.given_up = true;
    for (int turns = 0; !server.answered_late && turns < 3000; turns++)
        turn(&client);
    for (int turns = 0; turns < 10; turns++)
        assert_int_equal(vio__loop_dispatch(client.loop), 0);
    ready.fd = vio__loop_fd(client.loop);
    assert_int_equal(poll(&ready, 1, 20), 0);
    client_close(&client);
    server_stop(&server);
}

static void more_than_the_protocol_can_number_is_refused(void **state)
{
    enum { NUMBERS = 65536 };
    struct server server;
    struct client client;
    uint8_t back[4];

    (void)state;
    server_start(&server, 9, SILENT);
    server_run(&server);
    client_open(&client, server.path);
    for (int i = 0; i < NUMBERS; i++)
        assert_int_equal(vio__transport_read(client.transport, 0, 0, back, 4, NULL, NULL), 0);
    assert_int_equal(do_read(&client, 0, back, sizeof back), VIO_EAGAIN);
    client_close(&client);
    server_stop(&server);
}

static void a_server_that_comes_back_is_reached_again(void **state)
{
    struct server server;
    struct client client;
    uint8_t back[8];
    unsigned goal;

    (void)state;
    server_start(&server, 9, CLOSES);
    server_run(&server);
    client_open(&client, server.path);
    assert_int_equal(do_read(&client, 0, back, sizeof back), VIO_ETRANSPORT);
    assert_int_equal(do_read(&client, 0, back, sizeof back), VIO_ETRANSPORT);
    for (int turns = 0; client.lost == 0 && turns < 3000; turns++)
        turn(&client);
    assert_int_equal(client.lost, VIO_ETRANSPORT);
    server.twist = RIGHT;
    goal = client.done + 1;
    assert_int_equal(vio__transport_reopen(client.transport, TIMEOUT_NS, on_done, &client), 0);
    await(&client, &client.done, goal);
    assert_int_equal(client.status, 0);
    assert_int_equal(do_read(&client, 0, back, sizeof back), 0);
    client_close(&client);
    server_stop(&server);
}

static void memory_stays_mapped_until_the_loss_is_told(void **state)
{
    struct server server;
    struct client client;
    uint8_t back[8], byte = 0;
    size_t size = 0;

    (void)state;
    server_start(&server, 9, CLOSES);
    server_run(&server);
    client_open(&client, server.path);
    client.rings = vio__transport_map(client.transport, 2, &size);
    assert_non_null(client.rings);
    assert_int_equal(do_read(&client, 0, back, sizeof back), VIO_ETRANSPORT);
    for (int turns = 0; client.lost == 0 && turns < 3000; turns++)
        turn(&client);
    assert_int_equal(client.lost, VIO_ETRANSPORT);
    assert_int_equal(pread(server.rings, &byte, 1, 0), 1);
    assert_int_equal(byte, 1);
    assert_null(vio__transport_map(client.transport, 2, &size));
    client_close(&client);
    server_stop(&server);
}

static void closing_ends_what_is_outstanding(void **state)
{
    struct server server;
    struct client client;
    uint8_t back[3][8];

    (void)state;
    server_start(&server, 9, SILENT);
    server_run(&server);
    client_open(&client, server.path);
    for (int i = 0; i < 3; i++)
        vio__transport_read(client.transport, 0, 0, back[i], 8, on_done, &client);
    turn(&client);
    client_close(&client);
    assert_int_equal(client.done, 4);
    assert_int_equal(client.status, VIO_ECLOSED);
    server_stop(&server);
}

static void a_socket_that_is_not_there_is_named(void **state)
{
    struct client client;
    char longer[300];

    (void)state;
    client_open(&client, "no/such/socket");
    assert_int_equal(client.open_status, VIO_ENOENT);
    assert_non_null(strstr(vio__transport_error(client.transport), "no/such/socket"));
    client_close(&client);

    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    longer[110] = '\0';
    client_open(&client, longer);
    assert_int_equal(client.open_status, VIO_EINVAL);
    assert_non_null(strstr(vio__transport_error(client.transport), "107"));
    client_close(&client);

    client_open(&client, "");
    assert_int_equal(client.open_status, VIO_EINVAL);
    client_close(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registers_are_read_and_written_in_order),
        cmocka_unit_test(long_accesses_are_split_as_the_server_wants),
        cmocka_unit_test(sealed_memory_is_mapped),
        cmocka_unit_test(memory_that_could_be_truncated_is_not_mapped),
        cmocka_unit_test(memory_smaller_than_announced_is_not_mapped),
        cmocka_unit_test(interrupts_come_by_vector),
        cmocka_unit_test(what_answers_an_interrupt_arrives_in_order),
        cmocka_unit_test(a_server_without_interrupts_is_fine),
        cmocka_unit_test(reset_reaches_the_device),
        cmocka_unit_test(every_wrong_answer_of_the_handshake_ends_in_a_named_error),
        cmocka_unit_test(every_wrong_answer_to_a_read_ends_it_and_closing_works),
        cmocka_unit_test(an_answer_given_twice_breaks_the_connection),
        cmocka_unit_test(an_answer_after_the_time_out_does_not_keep_the_loop_busy),
        cmocka_unit_test(more_than_the_protocol_can_number_is_refused),
        cmocka_unit_test(a_server_that_comes_back_is_reached_again),
        cmocka_unit_test(memory_stays_mapped_until_the_loss_is_told),
        cmocka_unit_test(closing_ends_what_is_outstanding),
        cmocka_unit_test(a_socket_that_is_not_there_is_named),
    };

    return cmocka_run_group_tests_name("vfio-user client", tests, NULL, NULL);
}
