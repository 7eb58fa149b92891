/* SPDX-License-Identifier: MIT */
#include "lib/driver/iove/look.h"

#include <libvio/error.h>

#include "lib/transport/transport.h"

#define AGAIN UINT64_C(100000000) /* after a look that failed */

static void on_timer(struct vio_timer *timer, void *user)
{
    (void)timer;
    vio__iove_look_now(user);
}

void vio__iove_look_init(struct vio_iove_look *look, struct vio_loop *loop,
                         void (*done)(struct vio_iove_look *look))
{
    *look = (struct vio_iove_look){.loop = loop, .done = done};
    vio__timer_init(&look->timer, loop, true, on_timer, look);
}

void vio__iove_look_start(struct vio_iove_look *look, struct vio_transport *transport,
                          struct vio_iove_claim *claim, uint64_t wait)
{
    look->transport = transport;
    look->claim = claim;
    vio__iove_look_later(look, wait);
}

void vio__iove_look_later(struct vio_iove_look *look, uint64_t wait)
{
    vio__timer_start(&look->timer, vio__loop_now(look->loop) + wait);
}

void vio__iove_look_stop(struct vio_iove_look *look)
{
    look->claim = NULL;
    look->status = VIO_ECLOSED; /* what is still to come is not of the next set */
    vio__timer_stop(&look->timer);
}

static void came_back(void *user, int status)
{
    struct vio_iove_look *look = user;

    if (look->status == 0)
        look->status = status;
    if (--look->reads > 0 || look->claim == NULL)
        return;
    if (look->status == 0)
        look->done(look);
    else
        vio__iove_look_later(look, AGAIN);
}

static void read_block(struct vio_iove_look *look, uint64_t offset, void *data, size_t size)
{
    int status = vio__transport_read(look->transport, VIO_HW_BAR_REGISTERS, offset, data, size,
                                     came_back, look);

    if (status == 0)
        look->reads++;
    else if (look->status == 0)
        look->status = status;
}

void vio__iove_look_now(struct vio_iove_look *look)
{
    if (look->claim == NULL || look->reads > 0)
        return;
    look->status = 0;
    vio__iove_claim_post(look->claim, VIO_HW_QUEUE_BEAT, vio__iove_claim_owner(look->claim), 8);
    read_block(look, vio__iove_claim_base(look->claim), look->regs, sizeof look->regs);
    read_block(look, VIO_HW_GLOBAL_BASE, look->global, sizeof look->global);
    if (look->reads == 0)
        vio__iove_look_later(look, AGAIN);
}
