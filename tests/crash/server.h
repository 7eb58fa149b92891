/* SPDX-License-Identifier: MIT */
/* What vio-chassisd does, from its parts, with a trap inside the device. */
#ifndef TESTS_CRASH_SERVER_H
#define TESTS_CRASH_SERVER_H

#include "tests/crash/chassis.h"

/* In a process of its own; writes "ready" to `out`. Never returns. */
_Noreturn void server_run(const char *socket, const char *control, const char *description,
                          struct trap *trap, int out);

#endif
