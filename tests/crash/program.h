/* SPDX-License-Identifier: MIT */
/* The worker as its judge sees it: a process to talk to and to kill. */
#ifndef TESTS_CRASH_PROGRAM_H
#define TESTS_CRASH_PROGRAM_H

#include <sys/types.h>

#include "tests/crash/chassis.h"
#include "tests/crash/words.h"
#include "tests/crash/worker.h"

struct program {
    pid_t process; /* 0: none */
    int socket;
};

enum receipt { RECEIPT_ANSWER = 1, RECEIPT_NONE = 2, RECEIPT_GONE = 3 };

uint64_t clock_us(void); /* monotonic */

/* Forks; the child lets go of the chassis' connections. */
void program_start(struct program *program, const struct worker_options *options,
                   struct chassis *chassis);
/* The next answer, waited for until clock_us() is `until`; GONE: the program ended, and all that it
 * ever said has been received. */
enum receipt program_receive(struct program *program, uint64_t until, struct answer *ret_answer);
/* One that is gone hears nothing. */
void program_send(struct program *program, const struct order *order);
/* SIGKILL, and waits until it is gone; what it said can still be received. */
void program_kill(struct program *program);
/* Its status as of waitpid(); for one that ends by itself. */
int program_wait(struct program *program);
/* After it is gone and has been listened to. */
void program_forget(struct program *program);

#endif
