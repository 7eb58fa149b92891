/* SPDX-License-Identifier: MIT */
/* The vfio-user clients of a chassis: one session and one sim_client each, on one event loop. */
#ifndef CHASSISD_CLIENTS_H
#define CHASSISD_CLIENTS_H

#include <uv.h>

#include <libvio/sim.h>

#include "tools/chassisd/listener.h"

#define CLIENTS_MAX 16

struct clients;

/* Accepts on `listener`, which stays the caller's. NULL when memory is out. */
struct clients *clients_new(uv_loop_t *loop, struct listener *listener, struct viosim *sim);
/* Ends all connections and closes all handles; the rest is freed when the loop has run once more.
 */
void clients_close(struct clients *clients);

#endif
