/* SPDX-License-Identifier: MIT */
#include "bench/ovsdb.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "bench/bench.h"

#define SCHEMA "/usr/share/openvswitch/vswitch.ovsschema"

enum { REPLY_SIZE = 65536, PATH_SIZE = 256, TRIES = 500 };

struct ovsdb {
    pid_t pid;
    int fd;
    unsigned long inserted;
    char database[PATH_SIZE], socket[PATH_SIZE], control[PATH_SIZE], lock[PATH_SIZE];
    char reply[REPLY_SIZE];
};

/* -- The process ------------------------------------------------------------------------------- */

static pid_t spawn(char *const argv[])
{
    pid_t pid = fork();

    if (pid == 0) {
        execvp(argv[0], argv);
        _exit(127);
    }
    return pid;
}

static int create_database(struct ovsdb *ovsdb)
{
    char *const argv[] = {"ovsdb-tool", "create", ovsdb->database, SCHEMA, NULL};
    pid_t pid = spawn(argv);
    int status;

    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0 ? 0 : -1;
}

static pid_t start_server(struct ovsdb *ovsdb)
{
    char remote[PATH_SIZE + 32], control[PATH_SIZE + 32];
    char *const argv[] = {"ovsdb-server", remote, control, "-vOFF", ovsdb->database, NULL};

    snprintf(remote, sizeof remote, "--remote=punix:%s", ovsdb->socket);
    snprintf(control, sizeof control, "--unixctl=%s", ovsdb->control);
    return spawn(argv);
}

/* The socket is there a while after the process is. */
static int connect_to(struct ovsdb *ovsdb)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const struct timespec pause = {.tv_nsec = 10000000};

    snprintf(address.sun_path, sizeof(address.sun_path), "%.107s", ovsdb->socket);
    for (unsigned i = 0; i < TRIES; i++) {
        ovsdb->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (ovsdb->fd >= 0 &&
            connect(ovsdb->fd, (const struct sockaddr *)&address, sizeof address) == 0)
            return 0;
        close(ovsdb->fd);
        ovsdb->fd = -1;
        nanosleep(&pause, NULL);
    }
    return -1;
}

/* -- Transactions ------------------------------------------------------------------------------ */

static int send_all(int fd, const char *text, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, text, size, MSG_NOSIGNAL);

        if (sent < 0)
            return -1;
        text += sent;
        size -= (size_t)sent;
    }
    return 0;
}

/* One reply at a time is on its way, so it is whole as soon as it can be read as JSON. */
static json_t *receive(struct ovsdb *ovsdb)
{
    size_t size = 0;

    while (size < REPLY_SIZE) {
        ssize_t got = recv(ovsdb->fd, ovsdb->reply + size, REPLY_SIZE - size, 0);
        json_t *reply;

        if (got <= 0)
            return NULL;
        size += (size_t)got;
        reply = json_loadb(ovsdb->reply, size, 0, NULL);
        if (reply)
            return reply;
    }
    return NULL;
}

/* An operation that failed has an "error". */
static int check(json_t *reply, size_t operations)
{
    json_t *results = json_object_get(reply, "result");
    int status =
        json_is_null(json_object_get(reply, "error")) && json_array_size(results) == operations
            ? 0
            : -1;

    for (size_t i = 0; i < operations && status == 0; i++)
        if (json_object_get(json_array_get(results, i), "error"))
            status = -1;
    if (status != 0 && reply)
        json_dumpf(reply, stderr, 0);
    json_decref(reply);
    return status;
}

static int transact(struct ovsdb *ovsdb, const char *request, size_t operations)
{
    if (send_all(ovsdb->fd, request, strlen(request)) != 0)
        return -1;
    return check(receive(ovsdb), operations);
}

#define TRANSACT "{\"id\":0,\"method\":\"transact\",\"params\":[\"Open_vSwitch\","
#define DURABLE  "{\"op\":\"commit\",\"durable\":true}]}"

static int make_bridge(struct ovsdb *ovsdb)
{
    return transact(ovsdb,
                    TRANSACT "{\"op\":\"insert\",\"table\":\"Bridge\",\"uuid-name\":\"b\","
                             "\"row\":{\"name\":\"br0\"}},"
                             "{\"op\":\"insert\",\"table\":\"Open_vSwitch\","
                             "\"row\":{\"bridges\":[\"named-uuid\",\"b\"]}}," DURABLE,
                    3);
}

int ovsdb_insert(struct ovsdb *ovsdb)
{
    unsigned long at = ovsdb->inserted++;
    char request[2048];

    snprintf(request, sizeof request,
             TRANSACT
             "{\"op\":\"insert\",\"table\":\"Interface\",\"uuid-name\":\"i\",\"row\":{"
             "\"name\":\"vnic%lu\",\"mac\":\"02:00:%02lx:%02lx:%02lx:%02lx\"}},"
             "{\"op\":\"insert\",\"table\":\"QoS\",\"uuid-name\":\"q\",\"row\":{"
             "\"type\":\"linux-htb\",\"other_config\":[\"map\",[[\"max-rate\",\"1000000000\"]]]}},"
             "{\"op\":\"insert\",\"table\":\"Port\",\"uuid-name\":\"p\",\"row\":{"
             "\"name\":\"vnic%lu\",\"tag\":%lu,\"interfaces\":[\"named-uuid\",\"i\"],"
             "\"qos\":[\"named-uuid\",\"q\"]}},"
             "{\"op\":\"mutate\",\"table\":\"Bridge\",\"where\":[[\"name\",\"==\",\"br0\"]],"
             "\"mutations\":[[\"ports\",\"insert\",[\"set\",[[\"named-uuid\",\"p\"]]]]]}," DURABLE,
             at, at >> 24 & 255, at >> 16 & 255, at >> 8 & 255, at & 255, at, 1 + at % 4094);
    return transact(ovsdb, request, 5);
}

/* -- Beginning and end ------------------------------------------------------------------------- */

void ovsdb_stop(struct ovsdb *ovsdb)
{
    if (!ovsdb)
        return;
    if (ovsdb->fd >= 0)
        close(ovsdb->fd);
    if (ovsdb->pid > 0) {
        kill(ovsdb->pid, SIGTERM);
        waitpid(ovsdb->pid, NULL, 0);
    }
    unlink(ovsdb->database);
    unlink(ovsdb->lock);
    unlink(ovsdb->socket);
    unlink(ovsdb->control);
    free(ovsdb);
}

static const char *start(struct ovsdb *ovsdb)
{
    if (access(SCHEMA, R_OK) != 0)
        return "it is not installed (Debian: openvswitch-switch)";
    if (create_database(ovsdb) != 0)
        return "ovsdb-tool cannot create a database";
    ovsdb->pid = start_server(ovsdb);
    if (ovsdb->pid <= 0 || connect_to(ovsdb) != 0)
        return "its server does not answer";
    if (make_bridge(ovsdb) != 0)
        return "its server refuses a bridge";
    return NULL;
}

struct ovsdb *ovsdb_start(const char *directory)
{
    struct ovsdb *ovsdb = calloc(1, sizeof(*ovsdb));
    const char *reason;

    if (!ovsdb)
        bench_fail("no memory");
    ovsdb->fd = -1;
    snprintf(ovsdb->database, PATH_SIZE, "%.200s/ovs.db", directory);
    snprintf(ovsdb->lock, PATH_SIZE, "%.200s/.ovs.db.~lock~", directory);
    snprintf(ovsdb->socket, PATH_SIZE, "%.200s/ovs.sock", directory);
    snprintf(ovsdb->control, PATH_SIZE, "%.200s/ovs.ctl", directory);
    reason = start(ovsdb);
    if (!reason)
        return ovsdb;
    printf("  no figures of ovsdb-server: %s\n", reason);
    ovsdb_stop(ovsdb);
    return NULL;
}
