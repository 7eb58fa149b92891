/* SPDX-License-Identifier: MIT */
/*
 * How one kind of chassis is managed, in terms of nouns. The engine knows a
 * driver through this header alone: nothing here speaks of registers, rings,
 * tags on a wire or netlink.
 *
 * All of it runs on the loop's thread. A `done` comes exactly once for each
 * call that returned 0, later, never inside the call.
 */
#ifndef VIO_LIB_DRIVER_DRIVER_H
#define VIO_LIB_DRIVER_DRIVER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/domain/observation.h"
#include "lib/domain/step.h"

struct vio_driver;
struct vio_loop;
struct viosim;

/* The name of one step for ever: who owned the chassis, and that owner's count. */
struct vio_tag {
    uint64_t lease;
    uint64_t number;
};

/* What became of a step. */
struct vio_outcome {
    int status;             /* 0 or VIO_E…; VIO_EINDOUBT: not even asking again could tell */
    uint32_t device_status; /* the device's own code, 0 when it gave none */
    uint32_t index;         /* CREATE: the function made */
    char text[160];         /* one line for the caller: what was refused and what is allowed */
};

typedef void (*vio_driver_done)(void *user, int status);
typedef void (*vio_driver_observed)(void *user, int status, struct vio_observation *observation);
typedef void (*vio_driver_read)(void *user, int status, const struct vio_function_info *function);
typedef void (*vio_driver_stepped)(void *user, const struct vio_outcome *outcome);

/* Something that happened on the chassis, numbered without gaps but where events were lost. */
enum vio_notice_type {
    VIO_NOTICE_UNKNOWN = 0,
    VIO_NOTICE_PORT_UP = 1,
    VIO_NOTICE_PORT_DOWN = 2,
    VIO_NOTICE_PORT_CHANGED = 3,
    VIO_NOTICE_SERVER_ON = 4,
    VIO_NOTICE_SERVER_OFF = 5,
    VIO_NOTICE_ADAPTER_INSERTED = 6,
    VIO_NOTICE_ADAPTER_REMOVED = 7,
    VIO_NOTICE_ADAPTER_FAULT = 8,
    VIO_NOTICE_FUNCTION_CREATED = 9,
    VIO_NOTICE_FUNCTION_BOUND = 10,
    VIO_NOTICE_FUNCTION_UNBOUND = 11,
    VIO_NOTICE_FUNCTION_DESTROYED = 12,
    VIO_NOTICE_FUNCTION_CHANGED = 13,
    VIO_NOTICE_FUNCTION_FAULT = 14,
    VIO_NOTICE_FUNCTION_LINK = 15,
    VIO_NOTICE_OWNER_CHANGED = 16, /* a lease was claimed or ended */
    VIO_NOTICE_FENCED = 17,        /* our own lease is not in force any more */
    VIO_NOTICE_RESET = 18,         /* every function is gone: the chassis has another boot id */
    VIO_NOTICE_OVERFLOW = 19,      /* events were lost: observe anew */
    VIO_NOTICE_LOST = 20,          /* the chassis cannot be reached */
    VIO_NOTICE_RESTORED = 21,      /* it can be reached again: observe anew */
};

struct vio_notice {
    enum vio_notice_type type;
    uint64_t sequence; /* the driver's own count, from 1 */
    uint64_t time;     /* the loop's clock when it was received, ns */
    uint32_t index;    /* of the port, server, adapter or function */
    uint64_t value; /* OVERFLOW: how many were lost, 0 when unknown; FUNCTION_LINK: 1 up, 0 down */
    uint8_t cookie[16];
};

struct vio_driver_listener {
    void *user;
    void (*notice)(void *user, const struct vio_notice *notice);
};

struct vio_driver_config {
    const char *uri;
    uint64_t timeout_ns; /* for the opening, and for each command afterwards */
    const char *holder;  /* how the owner is named to others, at most 63 bytes of UTF-8 */
    struct vio_driver_listener listener;
};

/* A dozen operations; a driver is one const table. */
struct vio_driver_ops {
    const char *name;    /* "iove" */
    const char *schemes; /* URI schemes it opens, separated by spaces: "sim vfio-user pci" */

    /* Connects for reading. Once this returned 0, *ret_driver is to be closed, whatever `done`
     * says. */
    int (*open)(struct vio_loop *loop, const struct vio_driver_config *config, vio_driver_done done,
                void *user, struct vio_driver **ret_driver);

    /* At any time, also while opening: what is outstanding ends first, with VIO_ECLOSED. */
    void (*close)(struct vio_driver *driver, vio_driver_done done, void *user);

    /* One line about the last failure. */
    const char *(*error)(const struct vio_driver *driver);

    /* Reads everything; the observation is the callee's to unref. */
    int (*observe)(struct vio_driver *driver, vio_driver_observed done, void *user);

    /* Reads one function, which is what verifies a step at a cost that does not grow with the
     * chassis. VIO_ENOENT when there is none; `function` lives during the call only. */
    int (*read)(struct vio_driver *driver, uint32_t index, vio_driver_read done, void *user);

    /*
     * Becomes the owner. VIO_EOWNED names the owner in error() unless
     * `take_over`. Heartbeats are the driver's business from then on.
     */
    int (*claim)(struct vio_driver *driver, bool take_over, vio_driver_done done, void *user);
    int (*release)(struct vio_driver *driver, vio_driver_done done, void *user);
    bool (*owns)(const struct vio_driver *driver);

    /*
     * Does a step, as the owner. *ret_tag is set at once. Steps on one function keep their order.
     * At the deadline (ns on the loop's clock) the driver asks the device by the tag, and then
     * ends the step with what it answers or with VIO_EINDOUBT.
     */
    int (*step)(struct vio_driver *driver, const struct vio_step *step, uint64_t deadline,
                vio_driver_stepped done, void *user, struct vio_tag *ret_tag);

    /* What became of an earlier step, of this owner or of one before it: asked by tag. */
    int (*outcome)(struct vio_driver *driver, struct vio_tag tag, vio_driver_stepped done,
                   void *user);

    /* What a step would disrupt on this kind of chassis; bound: the function is in a server. */
    enum vio_disruption (*disruption)(const struct vio_driver *driver, const struct vio_step *step,
                                      bool bound);

    /* The bytes behind the nouns, for diagnostics; NULL where a kind of chassis has none. */
    struct vio_device *(*device)(struct vio_driver *driver);

    /* The software chassis inside this process; NULL where there is none. May be NULL itself. */
    struct viosim *(*sim)(struct vio_driver *driver);
};

/* The drivers that there are. */
extern const struct vio_driver_ops vio__iove_driver_ops;

/* The driver for a URI's scheme; NULL when there is none. *ret_schemes lists those that there are.
 */
const struct vio_driver_ops *vio__driver_for(const char *uri, const char **ret_schemes);

#endif
