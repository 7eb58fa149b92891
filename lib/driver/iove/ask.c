/* SPDX-License-Identifier: MIT */
#include "lib/driver/iove/ask.h"

#include <libvio/error.h>

#include "lib/driver/iove/session.h"

#define PAUSE UINT64_C(20000000) /* before asking again after a command at work */

static void submit(struct vio_iove_ask *ask)
{
    ask->command.deadline = vio__loop_now(ask->loop) + ask->wait;
    vio__iove_queue_submit(vio__iove_session_queue(ask->session), &ask->command);
}

static void ask_again(struct vio_iove_ask *ask, uint64_t pause)
{
    uint64_t now = vio__loop_now(ask->loop);

    if (now >= ask->until)
        ask->done(ask, ask->at_work ? VIO_IOVE_ANSWER_AT_WORK : VIO_IOVE_ANSWER_SILENCE);
    else if (pause == 0)
        submit(ask);
    else
        vio__timer_start(&ask->pause, now + pause < ask->until ? now + pause : ask->until);
}

static void paused(struct vio_timer *timer, void *user)
{
    (void)timer;
    submit(user);
}

/* The record of an outcome is as untrusted as a completion. */
static bool take_record(struct vio_iove_ask *ask)
{
    vio__hw_completion_decode(ask->data, &ask->completion);
    return ask->completion.lease == ask->tag.lease &&
           ask->completion.number == (uint32_t)ask->tag.number &&
           vio__hw_status_name(ask->completion.status);
}

static void answered(struct vio_iove_command *command, int status)
{
    struct vio_iove_ask *ask = VIO_CONTAINER_OF(command, struct vio_iove_ask, command);
    unsigned device = command->completion.status;

    if (status == VIO_ECLOSED)
        ask->done(ask, VIO_IOVE_ANSWER_CLOSED);
    else if (status == VIO_ERESET)
        ask->done(ask, VIO_IOVE_ANSWER_RESET);
    else if (status == 0 && device == VIO_HW_STATUS_OK && take_record(ask))
        ask->done(ask, VIO_IOVE_ANSWER_KNOWN);
    else if (status == 0 && device == VIO_HW_STATUS_UNKNOWN_TAG)
        ask->done(ask, VIO_IOVE_ANSWER_UNKNOWN);
    else {
        ask->at_work = status == 0 && device == VIO_HW_STATUS_IN_PROGRESS;
        ask_again(ask, status == VIO_ETIMEDOUT ? 0 : PAUSE);
    }
}

void vio__iove_ask_start(struct vio_iove_ask *ask)
{
    ask->at_work = false;
    vio__timer_init(&ask->pause, ask->loop, false, paused, ask);
    ask->command = (struct vio_iove_command){
        .wire = {.opcode = VIO_HW_OP_OUTCOME,
                 .arg = {(uint32_t)ask->tag.lease, (uint32_t)(ask->tag.lease >> 32),
                         (uint32_t)ask->tag.number}},
        .out = ask->data,
        .out_size = sizeof ask->data,
        .done = answered,
    };
    submit(ask);
}

void vio__iove_ask_stop(struct vio_iove_ask *ask)
{
    if (!ask->command.done)
        return;
    vio__iove_queue_withdraw(vio__iove_session_queue(ask->session), &ask->command);
    vio__timer_stop(&ask->pause);
}
