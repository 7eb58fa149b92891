/* SPDX-License-Identifier: MIT */
/*
 * A driver of chassis made of plain values, which do as they are told and fail as they are told.
 */
#ifndef TESTS_ENGINE_FAKE_H
#define TESTS_ENGINE_FAKE_H

#include "lib/driver/driver.h"

/* What happens to a step. */
enum fake_fault {
    FAKE_WORKS = 0,
    FAKE_REFUSED,         /* VIO_EDEVICE, not done */
    FAKE_REFUSED_AT_ONCE, /* by the call itself */
    FAKE_ANSWERED_LATE,   /* in doubt at first; asked by tag, it was done */
    FAKE_REFUSED_LATE,    /* in doubt at first; asked by tag, it was refused */
    FAKE_DOUBT_DONE,      /* in doubt for ever, but done */
    FAKE_DOUBT_LOST,      /* in doubt for ever, and not done */
    FAKE_LIED,            /* answers that it was done, but it was not */
    FAKE_FAULTS,
};

struct fake {
    struct vio_loop *loop;
    const char *uri;              /* "fake:" */
    struct vio_observation *seen; /* its functions are not used */
    struct vio_function_info functions[16];
    bool exists[16];

    /* How it fails: steps are counted from 0. */
    unsigned steps;
    unsigned fault_at; /* the step hit; UINT_MAX: none */
    enum fake_fault fault;
    int read_status; /* of reading and observing, once the fault has hit */
    int open_status, claim_status, observe_status;
    unsigned claims_refused; /* so many claims end with VIO_EOWNED first */
    bool silent;             /* nothing is answered until it is closed */
    void (*stepping)(void *user, const struct vio_step *step);
    void (*stepped)(void *user); /* done, not answered yet */
    void *user;

    unsigned observes, reads, erased;
    bool owned, open;
    struct vio_driver_listener listener;
};

extern const struct vio_driver_ops fake_driver_ops;

/* Four adapters: a vNIC's "nic0" (2 functions) and "nic1" (4, no trunk, no live address), a vHBA's
 * "hba0" (4), a vDisk's "disk0" (4, 1 GiB); two servers, "server1" and "server2" with two paths and
 * 3 hot-plug slots each. */
void fake_make(struct fake *fake, struct vio_loop *loop);
void fake_drop(struct fake *fake);

/* As many functions as there are, and the one with that label; NULL. */
unsigned fake_count(const struct fake *fake);
const struct vio_function_info *fake_find(const struct fake *fake, const char *label);

/* Puts a function there as if another program had; its number. */
uint32_t fake_put(struct fake *fake, const struct vio_function_info *function);
void fake_notice(struct fake *fake, enum vio_notice_type type, uint32_t index);

#endif
