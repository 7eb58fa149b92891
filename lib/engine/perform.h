/* SPDX-License-Identifier: MIT */
/*
 * Makes the functions of many objects what they are to be, side by side; but whatever is taken out
 * of a server or destroyed is confirmed to be so before anything is made or plugged in that could
 * depend on it.
 */
#ifndef VIO_LIB_ENGINE_PERFORM_H
#define VIO_LIB_ENGINE_PERFORM_H

#include <stdbool.h>
#include <stddef.h>

struct vio_object;

struct vio_perform {
    /* Given. */
    struct vio_object *objects; /* those with `steps` take part, from their apply.actual on */
    size_t count;
    bool back; /* to what they were; only those with apply.known */
    bool each; /* one that fails does not stop the others */
    void (*stepped)(struct vio_perform *perform, struct vio_object *object); /* may be NULL */
    void (*done)(struct vio_perform *perform, int status);

    /* How far it is. */
    size_t busy;    /* objects under way */
    size_t holding; /* of which may still release something */
    bool running;
    int status;                 /* of the first that failed */
    struct vio_object *culprit; /* which that was */
};

/* The caller has filled what is given and zeroed the rest. Forwards, one failure stops all, but
 * with `each`; back, each object is tried for itself. `done` comes later, never inside the call,
 * once everything has ended; of each object apply.known and apply.actual tell how it is. False, and
 * it does not come, where there is nothing to do. */
bool vio__perform_start(struct vio_perform *perform);

/* Waits for the steps under way, then ends with `why`. */
void vio__perform_stop(struct vio_perform *perform, int why);

#endif
