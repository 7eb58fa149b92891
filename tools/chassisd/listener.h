/* SPDX-License-Identifier: MIT */
/* A UNIX stream socket in the file system: claimed from a dead owner, never from a live one. */
#ifndef CHASSISD_LISTENER_H
#define CHASSISD_LISTENER_H

#include <stddef.h>
#include <sys/types.h>

struct listener;

/* Binds `path` with the permissions `mode` and listens, without blocking. Returns NULL and writes
 * one line to `error` when it cannot be had: the path is too long, another process listens there,
 * or there is something that is no socket. */
struct listener *listener_new(const char *path, mode_t mode, char *error, size_t size);
/* Removes the socket, if it is still this one. NULL is fine. */
void listener_free(struct listener *listener);

int listener_fd(const struct listener *listener);
/* A connection, non-blocking and closed on exec, or -1: none is waiting, or none can be had. */
int listener_accept(struct listener *listener);

#endif
