/* SPDX-License-Identifier: MIT */
/*
 * The loop's own thread for what blocks, such as reading and writing files; libuv's global pool is
 * the application's. Jobs run there one after the other.
 */
#ifndef VIO_LOOP_WORKER_H
#define VIO_LOOP_WORKER_H

#include "lib/loop/loop.h"

/* A member of the object that it is about; in one submission at a time. */
struct vio_job {
    struct vio_job *next;
    void (*work)(struct vio_job *job); /* on the worker's thread */
    void (*done)(struct vio_job *job); /* on the loop's; may submit it again, or free it */
    struct vio_post post;              /* the worker's own */
    struct vio_loop *loop;             /* likewise */
};

/* From the loop's thread: has job->work() called there, in the order of submission, then
 * job->done(), never inside this call. The thread starts with the first job and ends with the loop,
 * which does not close before the last job is done. While a job is outstanding, virtual time does
 * not jump. VIO_ENOMEM when there cannot be a thread, VIO_ECLOSED when the loop has closed; then
 * nothing is called. */
int vio__worker_submit(struct vio_loop *loop, struct vio_job *job);

#endif
