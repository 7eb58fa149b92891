/* SPDX-License-Identifier: MIT */
/* The control socket of vio-chassisd(8): lines of text in, lines of text out. */
#ifndef CHASSISD_CONTROL_H
#define CHASSISD_CONTROL_H

#include <uv.h>

#include <libvio/sim.h>

#include "tools/chassisd/listener.h"

#define CONTROL_LINE_MAX    1024 /* bytes, the newline included */
#define CONTROL_CLIENTS_MAX 16

struct control;

/* Accepts on `listener`, which stays the caller's. NULL when memory is out. */
struct control *control_new(uv_loop_t *loop, struct listener *listener, struct viosim *sim);
/* The rest is freed when the loop has run once more. */
void control_close(struct control *control);

#endif
