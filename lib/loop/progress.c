/* SPDX-License-Identifier: MIT */
#include "lib/loop/progress.h"

#include <stdio.h>
#include <string.h>

enum { PERMILLE_MAX = 1000 };

void vio__progress_init(struct vio_progress *progress)
{
    memset(progress, 0, sizeof(*progress));
    pthread_mutex_init(&progress->lock, NULL);
}

void vio__progress_destroy(struct vio_progress *progress)
{
    pthread_mutex_destroy(&progress->lock);
}

bool vio__progress_set(struct vio_progress *progress, uint32_t permille, const char *text)
{
    bool wanted;

    pthread_mutex_lock(&progress->lock);
    progress->permille = permille < PERMILLE_MAX ? permille : PERMILLE_MAX;
    snprintf(progress->text, sizeof(progress->text), "%s", text != NULL ? text : "");
    wanted = progress->cb != NULL;
    pthread_mutex_unlock(&progress->lock);
    return wanted;
}

void vio__progress_set_cb(struct vio_progress *progress, vio_req_progress_cb cb, void *user)
{
    pthread_mutex_lock(&progress->lock);
    progress->cb = cb;
    progress->user = user;
    pthread_mutex_unlock(&progress->lock);
}

struct vio_progress_view vio__progress_view(struct vio_progress *progress)
{
    struct vio_progress_view view;

    pthread_mutex_lock(&progress->lock);
    view.cb = progress->cb;
    view.user = progress->user;
    view.permille = progress->permille;
    memcpy(view.text, progress->text, sizeof(view.text));
    pthread_mutex_unlock(&progress->lock);
    return view;
}
