/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "tools/chassisd/listener.h"

struct place {
    char folder[80];
    char path[100];
};

static int make(void **state)
{
    struct place *place = test_calloc(1, sizeof *place);
    const char *tmp = getenv("TMPDIR");

    snprintf(place->folder, sizeof place->folder, "%.50s/vio-XXXXXX", tmp ? tmp : P_tmpdir);
    *state = place;
    if (!mkdtemp(place->folder))
        return -1;
    snprintf(place->path, sizeof place->path, "%s/s", place->folder);
    return 0;
}

static int drop(void **state)
{
    struct place *place = *state;

    unlink(place->path);
    rmdir(place->folder);
    test_free(place);
    return 0;
}

static int dial(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

/* What a daemon leaves that is killed. */
static void leave_dead_socket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    close(fd);
}

static void socket_has_its_mode_and_goes_with_its_owner(void **state)
{
    struct place *place = *state;
    char error[200];
    struct listener *listener = listener_new(place->path, 0640, error, sizeof error);
    struct stat st;
    int client, server;

    assert_non_null(listener);
    assert_int_equal(stat(place->path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    assert_int_equal(listener_accept(listener), -1);
    client = dial(place->path);
    server = listener_accept(listener);
    assert_true(client >= 0 && server >= 0);
    assert_true(fcntl(server, F_GETFL) & O_NONBLOCK);
    close(client);
    close(server);
    listener_free(listener);
    assert_int_equal(stat(place->path, &st), -1);
}

static void live_socket_is_left_alone(void **state)
{
    struct place *place = *state;
    char error[200];
    struct listener *first = listener_new(place->path, 0600, error, sizeof error);
    int client;

    assert_null(listener_new(place->path, 0600, error, sizeof error));
    assert_non_null(strstr(error, "in use"));
    client = dial(place->path);
    assert_true(client >= 0);
    close(client);
    listener_free(first);
}

static void dead_socket_is_replaced(void **state)
{
    struct place *place = *state;
    char error[200];
    struct listener *listener;

    leave_dead_socket(place->path);
    listener = listener_new(place->path, 0600, error, sizeof error);
    assert_non_null(listener);
    listener_free(listener);
}

static void other_file_is_never_removed(void **state)
{
    struct place *place = *state;
    char error[200];
    struct stat st;

    close(open(place->path, O_CREAT | O_WRONLY, 0600));
    assert_null(listener_new(place->path, 0600, error, sizeof error));
    assert_non_null(strstr(error, "no socket"));
    assert_int_equal(stat(place->path, &st), 0);
}

static void socket_of_a_successor_is_not_removed(void **state)
{
    struct place *place = *state;
    char error[200];
    struct listener *listener = listener_new(place->path, 0600, error, sizeof error);
    struct stat st;

    unlink(place->path);
    leave_dead_socket(place->path);
    listener_free(listener);
    assert_int_equal(stat(place->path, &st), 0);
}

static void impossible_path_is_refused(void **state)
{
    char error[200], path[200];

    (void)state;
    assert_null(listener_new("", 0600, error, sizeof error));
    memset(path, 'x', sizeof path);
    path[150] = '\0';
    assert_null(listener_new(path, 0600, error, sizeof error));
    assert_non_null(strstr(error, "1 to 107 bytes"));
    assert_null(listener_new("/nonexistent/folder/s", 0600, error, sizeof error));
    assert_non_null(strstr(error, "No such file"));
}

static void client_is_hung_up_on_when_descriptors_are_out(void **state)
{
    struct place *place = *state;
    char error[200], byte;
    struct listener *listener = listener_new(place->path, 0600, error, sizeof error);
    int client = dial(place->path), next = dup(client);
    struct rlimit old, low;

    assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
    low = old;
    low.rlim_cur = (rlim_t)next;
    close(next);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
    assert_int_equal(listener_accept(listener), -1);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
    assert_int_equal(recv(client, &byte, 1, MSG_DONTWAIT), 0);
    close(client);
    client = dial(place->path);
    next = listener_accept(listener);
    assert_true(next >= 0);
    close(next);
    close(client);
    listener_free(listener);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, make, drop)
    const struct CMUnitTest tests[] = {
        T(socket_has_its_mode_and_goes_with_its_owner),
        T(live_socket_is_left_alone),
        T(dead_socket_is_replaced),
        T(other_file_is_never_removed),
        T(socket_of_a_successor_is_not_removed),
        T(impossible_path_is_refused),
        T(client_is_hung_up_on_when_descriptors_are_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
