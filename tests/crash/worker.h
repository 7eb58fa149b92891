/* SPDX-License-Identifier: MIT */
/*
 * The program that is killed: it opens a store and a chassis through the public API and does what
 * it is told. An answer is written from the callback of its request, so that the judge knows of
 * everything that was acknowledged to the program.
 */
#ifndef TESTS_CRASH_WORKER_H
#define TESTS_CRASH_WORKER_H

#include <stdbool.h>
#include <stdint.h>

/* What befalls the store's file, by tests/store/vfs.h. */
enum disk { DISK_FINE = 0, DISK_POWER = 1, DISK_ERROR = 2, DISK_FULL = 3 };

struct worker_options {
    char store[160], chassis[160]; /* URIs */
    bool own_thread; /* the context's loop runs on its private thread, not on this one */
    bool take_over;
    uint32_t wait_ms; /* for a live owner */
    uint32_t command_timeout_ms;
    uint32_t fail_allocation;      /* the nth of the context's allocations; 0: none */
    enum disk disk;                /* POWER: what was not synced is lost, and the program dies */
    uint32_t fail_disk;            /* … in the nth call that changes files; 0: never */
    uint64_t seed;                 /* of what becomes of that which was not synced */
    _Atomic uint32_t *allocations; /* how many there were, in shared memory; NULL: no matter */
    _Atomic uint32_t *disk_calls;  /* the same; not NULL: the tests' own VFS is used */
};

/* In the child, with its end of a SOCK_SEQPACKET pair. Never returns. */
_Noreturn void worker_run(const struct worker_options *options, int socket);

#endif
