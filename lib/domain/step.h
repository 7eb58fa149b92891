/* SPDX-License-Identifier: MIT */
/* Steps: the smallest things that a chassis can be told to do, in terms of nouns. */
#ifndef VIO_LIB_DOMAIN_STEP_H
#define VIO_LIB_DOMAIN_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include <libvio/plan.h>

#include "lib/domain/observation.h"

/* The numbers are those of enum vio_action (<libvio/plan.h>). */
enum vio_step_action {
    VIO_STEP_UNKNOWN = 0,
    VIO_STEP_CREATE = 1,       /* make a detached function */
    VIO_STEP_BIND = 2,         /* plug it into `server` */
    VIO_STEP_UNBIND = 3,       /* take it out; `force`: without the server's consent */
    VIO_STEP_DESTROY = 4,      /* free it; `erase`: and its data at once */
    VIO_STEP_SET_IDENTITY = 5, /* address, node_address */
    VIO_STEP_SET_QOS = 6,
    VIO_STEP_SET_VLAN = 7,
    VIO_STEP_SET_LABEL = 8,   /* cookie, label */
    VIO_STEP_SET_ENABLED = 9, /* enabled */
    VIO_STEP_PORT = 10,       /* power or enable of a port: `index`, `enabled` */
    VIO_STEP_SLOT = 11,       /* power of an adapter slot: `index`, `enabled` */
};

/* One thing to do; a driver copies it when it is submitted. */
struct vio_step {
    enum vio_step_action action;
    uint32_t index; /* function (as observed), port or slot; CREATE: unused */
    bool force;
    bool erase;
    struct vio_function_info
        function; /* CREATE: all of the settings; SET_*: those that it sets; BIND: server, path */
};

#endif
