/* SPDX-License-Identifier: MIT */
/*
 * A register read, and a command from doorbell to completion, through a vio-chassisd process,
 * beside a bare round trip of messages of the same size through a UNIX socket to another process.
 *
 * The baseline is the least that two processes can do: each side blocks in read(). A client and a
 * server that wait for more than one descriptor pay for epoll as well; the second line shows how
 * much that is.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include <libvio/ctx.h>

#include "bench/bench.h"
#include "lib/api/ctx.h"
#include "lib/base/dlist.h"
#include "lib/driver/iove/queue.h"
#include "lib/driver/iove/session.h"
#include "lib/hw/regs.h"
#include "lib/transport/transport.h"

/* Bytes of vfio-user's REGION_READ of 4 bytes and of its reply. */
enum { REQUEST_SIZE = 32, REPLY_SIZE = 36 };

#define NS_PER_S UINT64_C(1000000000)

/* -- The bare round trip ---------------------------------------------------------------------- */

struct echo {
    int fd;
    pid_t pid;
    int epoll; /* waited on before each read; -1: the read blocks */
};

/* The messages are far smaller than the socket's buffer, so each comes as a whole. */
static int receive(const struct echo *echo, size_t size)
{
    char message[REPLY_SIZE];
    struct epoll_event event;

    if (echo->epoll >= 0 && epoll_wait(echo->epoll, &event, 1, -1) != 1)
        return -1;
    return read(echo->fd, message, size) == (ssize_t)size ? 0 : -1;
}

static int transmit(const struct echo *echo, size_t size)
{
    static const char message[REPLY_SIZE];

    return write(echo->fd, message, size) == (ssize_t)size ? 0 : -1;
}

/* Each process has a descriptor of its own. */
static void use(struct echo *echo, int fd, bool epoll)
{
    struct epoll_event event = {.events = EPOLLIN};

    echo->fd = fd;
    echo->epoll = epoll ? epoll_create1(EPOLL_CLOEXEC) : -1;
    if (epoll && epoll_ctl(echo->epoll, EPOLL_CTL_ADD, fd, &event) < 0)
        bench_fail("cannot make an epoll descriptor");
}

static void open_echo(struct echo *echo, bool epoll)
{
    int fds[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
        bench_fail("cannot make a socket");
    echo->pid = fork();
    if (echo->pid < 0)
        bench_fail("cannot start a process");
    if (echo->pid == 0) {
        use(echo, fds[1], epoll);
        close(fds[0]);
        while (receive(echo, REQUEST_SIZE) == 0 && transmit(echo, REPLY_SIZE) == 0)
            continue;
        _exit(0);
    }
    close(fds[1]);
    use(echo, fds[0], epoll);
}

static void close_echo(struct echo *echo)
{
    close(echo->fd);
    if (echo->epoll >= 0)
        close(echo->epoll);
    waitpid(echo->pid, NULL, 0);
}

static int run_echo(void *user, unsigned long count)
{
    struct echo *echo = user;

    while (count-- > 0)
        if (transmit(echo, REQUEST_SIZE) < 0 || receive(echo, REPLY_SIZE) < 0)
            return -1;
    return 0;
}

/* -- vio-chassisd ----------------------------------------------------------------------------- */

struct server {
    char folder[256];
    char socket[300];
    pid_t pid;
};

static void run_server(const struct server *server, int out)
{
    const char *program = getenv("VIO_CHASSISD");

    prctl(PR_SET_PDEATHSIG, SIGTERM);
    dup2(out, STDOUT_FILENO);
    if (program == NULL)
        program = "./vio-chassisd";
    execl(program, program, "--socket", server->socket, "--latency", "0ns", (char *)NULL);
    fprintf(stderr, "bench: cannot run %s; VIO_CHASSISD names it\n", program);
    _exit(EXIT_FAILURE);
}

static void open_server(struct server *server)
{
    const char *parent = getenv("TMPDIR");
    char ready[6] = "";
    int fds[2];

    snprintf(server->folder, sizeof(server->folder), "%s/vio-bench-XXXXXX",
             parent != NULL ? parent : P_tmpdir);
    if (mkdtemp(server->folder) == NULL || pipe(fds) < 0)
        bench_fail("cannot make a folder for the socket");
    snprintf(server->socket, sizeof(server->socket), "%s/s", server->folder);
    server->pid = fork();
    if (server->pid < 0)
        bench_fail("cannot start a process");
    if (server->pid == 0)
        run_server(server, fds[1]);
    close(fds[1]);
    if (read(fds[0], ready, sizeof(ready)) <= 0 || strncmp(ready, "ready", 5) != 0)
        bench_fail("vio-chassisd does not get ready");
    close(fds[0]);
}

static void close_server(const struct server *server)
{
    kill(server->pid, SIGTERM);
    waitpid(server->pid, NULL, 0);
    rmdir(server->folder);
}

/* -- The client ------------------------------------------------------------------------------- */

struct client {
    uv_loop_t uv;
    struct vio_ctx *ctx;
    struct vio_iove_session *session;
    struct vio_iove_command command;
    uint32_t value;
    unsigned long to_come;
    int status;
};

static void read_one(struct client *client);

static void stop(struct client *client, int status)
{
    client->status = status;
    uv_stop(&client->uv);
}

static void on_read(void *user, int status)
{
    struct client *client = user;

    if (status < 0 || --client->to_come == 0)
        stop(client, status);
    else
        read_one(client);
}

static void read_one(struct client *client)
{
    int r = vio__transport_read(vio__iove_session_transport(client->session), 0, 0, &client->value,
                                sizeof(client->value), on_read, client);

    if (r < 0)
        stop(client, r);
}

static int run_reads(void *user, unsigned long count)
{
    struct client *client = user;

    client->to_come = count;
    read_one(client);
    uv_run(&client->uv, UV_RUN_DEFAULT);
    return client->status;
}

static void submit_one(struct client *client)
{
    struct vio_iove_queue *queue = vio__iove_session_queue(client->session);

    client->command.deadline = vio__loop_now(vio__ctx_loop(client->ctx)) + 5 * NS_PER_S;
    vio__iove_queue_submit(queue, &client->command);
    vio__iove_queue_kick(queue);
}

static void on_completion(struct vio_iove_command *command, int status)
{
    struct client *client = VIO_CONTAINER_OF(command, struct client, command);

    if (status == 0 && command->completion.status != 0)
        status = -1;
    if (status < 0 || --client->to_come == 0)
        stop(client, status);
    else
        submit_one(client);
}

static int run_commands(void *user, unsigned long count)
{
    struct client *client = user;

    client->to_come = count;
    submit_one(client);
    uv_run(&client->uv, UV_RUN_DEFAULT);
    return client->status;
}

static void ignore_event(void *user, const struct vio_hw_event *event)
{
    (void)user;
    (void)event;
}

static bool never(void *user)
{
    (void)user;
    return false;
}

static void ignore_number(void *user, uint64_t number)
{
    (void)user;
    (void)number;
}

static void ignore(void *user)
{
    (void)user;
}

static void on_opened(void *user, int status)
{
    stop(user, status);
}

static void open_client(struct client *client, const char *socket)
{
    char uri[320];
    struct vio_iove_session_config config = {
        .uri = uri,
        .timeout = 10 * NS_PER_S,
        .depth = 64,
        .events = 64,
        .listener = {.user = client,
                     .event = ignore_event,
                     .gap = ignore,
                     .up = ignore_number,
                     .lost = ignore,
                     .restored = ignore,
                     .reset = ignore,
                     .lease = ignore_number,
                     .quiet = never},
    };
    struct vio_ctx_config *ctx_config;

    snprintf(uri, sizeof(uri), "vfio-user:%s", socket);
    if (uv_loop_init(&client->uv) < 0 || vio_ctx_config_new(&ctx_config) < 0)
        bench_fail("cannot make a loop");
    vio_ctx_config_set_uv_loop(ctx_config, &client->uv);
    if (vio_ctx_new(ctx_config, &client->ctx) < 0)
        bench_fail("cannot make a context");
    vio_ctx_config_free(ctx_config);
    client->command.wire.opcode = VIO_HW_OP_NOP;
    client->command.done = on_completion;
    if (vio__iove_session_open(vio__ctx_loop(client->ctx), &config, on_opened, client,
                               &client->session) < 0)
        bench_fail("cannot open a session");
    uv_run(&client->uv, UV_RUN_DEFAULT);
    if (client->status < 0)
        bench_fail(vio__iove_session_error(client->session));
}

static void close_client(struct client *client)
{
    vio__iove_session_close(client->session, on_opened, client);
    uv_run(&client->uv, UV_RUN_DEFAULT);
    vio_ctx_unref(client->ctx);
    uv_run(&client->uv, UV_RUN_DEFAULT);
    uv_loop_close(&client->uv);
}

int main(void)
{
    static struct client client;
    struct server server;
    struct echo bare, polled;
    struct bench_case cases[] = {
        {"UNIX socket there and back, blocking", run_echo, &bare, NULL, 0, 0, NULL},
        {"UNIX socket there and back, epoll", run_echo, &polled, &cases[0], 0, 0, NULL},
        {"trapped read of 4 bytes", run_reads, &client, &cases[0], 1.5, 0, NULL},
        {"NOP, doorbell to completion", run_commands, &client, &cases[0], 1.5, 0, NULL},
    };
    int r;

    bench_stay();
    open_echo(&bare, false);
    open_echo(&polled, true);
    open_server(&server);
    open_client(&client, server.socket);
    r = bench_run("vfio-user to a vio-chassisd process, one at a time", cases, 4);
    close_client(&client);
    close_server(&server);
    close_echo(&polled);
    close_echo(&bare);
    return r == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
