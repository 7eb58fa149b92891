/* SPDX-License-Identifier: MIT */
/* What the tests of the software chassis' adapters share. */
#ifndef TESTS_SIM_ADAPTERS_H
#define TESTS_SIM_ADAPTERS_H

#include <stdint.h>

#include "sim/adapter.h"

/* Names of the descriptions in share/adapters; NULL at the end. */
extern const char *const test_descriptions[];

/* Loads or fails the test with what the loader said. */
struct sim_adapter *test_load(const char *where);

/* The file of a captured dump, or NULL where they are not there. The caller frees. */
char *test_captured(const char *name);
extern const char *const test_dumps[]; /* names of the captured ones; NULL at the end */

/* The same sequence on every run. */
uint32_t test_random(uint64_t *state);

#endif
