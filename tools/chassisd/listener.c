/* SPDX-License-Identifier: MIT */
#include "tools/chassisd/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define BACKLOG       64
#define LOCK_ATTEMPTS 200 /* of 10 ms */

struct listener {
    int fd;
    int spare; /* given up to take and close a connection when no other descriptor is free */
    struct stat bound;
    struct sockaddr_un address;
};

static int open_spare(void)
{
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* Two daemons that start at once must not both find the same dead socket and remove each other's
 * new one, so whoever claims a path holds its directory's lock. Returns the descriptor or -1. */
static int lock_directory(const char *path)
{
    char copy[sizeof((struct sockaddr_un *)0)->sun_path];
    const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
    int fd;

    memcpy(copy, path, strlen(path) + 1);
    fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    for (int i = 0; i < LOCK_ATTEMPTS; i++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return fd;
        nanosleep(&pause, NULL);
    }
    close(fd);
    errno = EBUSY;
    return -1;
}

/* Somebody listens there, or may: anything but a refused connection. */
static bool is_live(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool refused;

    if (fd < 0)
        return true;
    refused = connect(fd, (const struct sockaddr *)address, sizeof *address) != 0 &&
              errno == ECONNREFUSED;
    close(fd);
    return !refused;
}

/* Removes what a dead daemon left. */
static bool clear_path(const struct sockaddr_un *address, char *error, size_t size)
{
    const char *path = address->sun_path;
    struct stat st;

    if (lstat(path, &st) != 0) {
        if (errno == ENOENT)
            return true;
        snprintf(error, size, "%s: %s", path, strerror(errno));
        return false;
    }
    if (!S_ISSOCK(st.st_mode)) {
        snprintf(error, size, "%s: is there and is no socket; name another path", path);
        return false;
    }
    if (is_live(address)) {
        snprintf(error, size, "%s: in use by another process; name another path", path);
        return false;
    }
    if (unlink(path) != 0) {
        snprintf(error, size, "%s: cannot remove the old socket: %s", path, strerror(errno));
        return false;
    }
    return true;
}

static bool bind_and_listen(struct listener *listener, mode_t mode)
{
    const struct sockaddr *address = (const struct sockaddr *)&listener->address;
    mode_t old = umask(0777 & ~mode);
    bool bound = bind(listener->fd, address, sizeof listener->address) == 0;

    umask(old);
    return bound && chmod(listener->address.sun_path, mode) == 0 &&
           lstat(listener->address.sun_path, &listener->bound) == 0 &&
           listen(listener->fd, BACKLOG) == 0;
}

static bool claim(struct listener *listener, mode_t mode, char *error, size_t size)
{
    int lock = lock_directory(listener->address.sun_path);
    bool done;

    if (lock < 0) {
        snprintf(error, size, "%s: cannot lock its directory: %s", listener->address.sun_path,
                 strerror(errno));
        return false;
    }
    done = clear_path(&listener->address, error, size);
    if (done && !bind_and_listen(listener, mode)) {
        snprintf(error, size, "%s: %s", listener->address.sun_path, strerror(errno));
        done = false;
    }
    close(lock);
    return done;
}

struct listener *listener_new(const char *path, mode_t mode, char *error, size_t size)
{
    struct listener *listener = calloc(1, sizeof *listener);

    if (!listener) {
        snprintf(error, size, "out of memory");
        return NULL;
    }
    listener->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    listener->spare = open_spare();
    listener->address.sun_family = AF_UNIX;
    if (path[0] == '\0' || strlen(path) >= sizeof listener->address.sun_path) {
        snprintf(error, size, "%s: a socket's path has 1 to %zu bytes", path,
                 sizeof listener->address.sun_path - 1);
    } else if (listener->fd < 0) {
        snprintf(error, size, "%s: %s", path, strerror(errno));
    } else {
        memcpy(listener->address.sun_path, path, strlen(path) + 1);
        if (claim(listener, mode, error, size))
            return listener;
    }
    listener_free(listener);
    return NULL;
}

void listener_free(struct listener *listener)
{
    const char *path;
    struct stat st;

    if (!listener)
        return;
    path = listener->address.sun_path;
    if (listener->bound.st_ino != 0 && lstat(path, &st) == 0 &&
        st.st_ino == listener->bound.st_ino && st.st_dev == listener->bound.st_dev)
        unlink(path);
    if (listener->fd >= 0)
        close(listener->fd);
    if (listener->spare >= 0)
        close(listener->spare);
    free(listener);
}

int listener_fd(const struct listener *listener)
{
    return listener->fd;
}

int listener_accept(struct listener *listener)
{
    int fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (fd >= 0 || (errno != EMFILE && errno != ENFILE) || listener->spare < 0)
        return fd;
    /* A connection left waiting would keep the loop awake: hang up on it. */
    close(listener->spare);
    fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0)
        close(fd);
    listener->spare = open_spare();
    return -1;
}
