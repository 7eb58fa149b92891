/* SPDX-License-Identifier: MIT */
/* How far a request is. All may be called from any thread. */
#ifndef VIO_LOOP_PROGRESS_H
#define VIO_LOOP_PROGRESS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libvio/req.h>

#define VIO_PROGRESS_TEXT_SIZE 96

struct vio_progress {
    pthread_mutex_t lock;
    vio_req_progress_cb cb;
    void *user;
    uint32_t permille;
    char text[VIO_PROGRESS_TEXT_SIZE];
};

void vio__progress_init(struct vio_progress *progress);
void vio__progress_destroy(struct vio_progress *progress);

/* True if somebody wants to be told. */
bool vio__progress_set(struct vio_progress *progress, uint32_t permille, const char *text);
void vio__progress_set_cb(struct vio_progress *progress, vio_req_progress_cb cb, void *user);

/* A consistent copy, callback included. */
struct vio_progress_view {
    vio_req_progress_cb cb;
    void *user;
    uint32_t permille;
    char text[VIO_PROGRESS_TEXT_SIZE];
};

struct vio_progress_view vio__progress_view(struct vio_progress *progress);

#endif
