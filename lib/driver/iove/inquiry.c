/* SPDX-License-Identifier: MIT */
#include "lib/driver/iove/inquiry.h"

#include <stdio.h>

#include <libvio/error.h>

#include "lib/base/alloc.h"
#include "lib/driver/iove/ask.h"
#include "lib/driver/iove/refuse.h"

#define ASK_TRIES 3

struct inquiry {
    struct vio_dlist node;
    struct vio_iove_ask ask;
    vio_driver_stepped done;
    void *user;
};

static void inquired(struct vio_iove_ask *ask, enum vio_iove_answer answer)
{
    struct inquiry *inquiry = VIO_CONTAINER_OF(ask, struct inquiry, ask);
    vio_driver_stepped done = inquiry->done;
    void *user = inquiry->user;
    struct vio_step any = {.index = VIO_NO_INDEX}; /* which one it was, the caller knows */
    struct vio_outcome outcome = {.status = VIO_EINDOUBT, .index = VIO_NO_INDEX};
    const char *text = "the chassis does not answer what became of the step";

    if (answer == VIO_IOVE_ANSWER_KNOWN) {
        text = "";
        if (ask->completion.status != VIO_HW_STATUS_OK)
            vio__iove_step_refused(&any, &ask->completion, &outcome);
        else
            outcome = (struct vio_outcome){.index = ask->completion.result};
    } else if (answer == VIO_IOVE_ANSWER_UNKNOWN) {
        outcome.status = VIO_ENOENT;
        text = "the chassis remembers no step with this tag";
    } else if (answer == VIO_IOVE_ANSWER_AT_WORK) {
        text = "the chassis is still at work on the step";
    } else if (answer == VIO_IOVE_ANSWER_RESET) {
        outcome.status = VIO_ERESET;
        text = "the chassis was reset: every function is gone";
    } else if (answer == VIO_IOVE_ANSWER_CLOSED) {
        outcome.status = VIO_ECLOSED;
        text = "the chassis was closed";
    }
    if (*text)
        snprintf(outcome.text, sizeof outcome.text, "%s", text);
    vio__dlist_remove(&inquiry->node);
    vio__free(vio__loop_alloc(ask->loop), inquiry);
    done(user, &outcome);
}

void vio__iove_inquiries_init(struct vio_iove_inquiries *inquiries, struct vio_loop *loop,
                              struct vio_iove_session *session, uint64_t timeout)
{
    *inquiries = (struct vio_iove_inquiries){.loop = loop, .session = session, .timeout = timeout};
    vio__dlist_init(&inquiries->list);
}

int vio__iove_inquire(struct vio_iove_inquiries *inquiries, struct vio_tag tag,
                      vio_driver_stepped done, void *user)
{
    struct vio_loop *loop = inquiries->loop;
    struct inquiry *inquiry = vio__calloc(vio__loop_alloc(loop), 1, sizeof *inquiry);

    if (!inquiry)
        return VIO_ENOMEM;
    vio__dlist_append(&inquiries->list, &inquiry->node);
    inquiry->done = done;
    inquiry->user = user;
    inquiry->ask = (struct vio_iove_ask){
        .loop = loop,
        .session = inquiries->session,
        .tag = tag,
        .until = vio__loop_now(loop) + inquiries->timeout,
        .wait = inquiries->timeout / ASK_TRIES,
        .done = inquired,
    };
    vio__iove_ask_start(&inquiry->ask);
    return 0;
}

void vio__iove_inquiries_close(struct vio_iove_inquiries *inquiries)
{
    VIO_DLIST_FOREACH (node, &inquiries->list) {
        struct inquiry *inquiry = VIO_CONTAINER_OF(node, struct inquiry, node);

        vio__iove_ask_stop(&inquiry->ask);
        inquired(&inquiry->ask, VIO_IOVE_ANSWER_CLOSED);
    }
}
