/* SPDX-License-Identifier: MIT */
/* A program that manages a chassis without latency through libvio's public calls, on this thread
 * alone. Each call ends the process where what it asks for fails. */
#ifndef BENCH_MANAGER_H
#define BENCH_MANAGER_H

#include <stddef.h>

struct manager;

/* With a store "sqlite:PATH" or "memory:". A chassis file and what goes with it are written into
 * the directory. */
struct manager *manager_new(const char *store, const char *directory);
void manager_free(struct manager *manager);

/* Creates vNICs that are in no server. One after the other, all at once, or in change sets of that
 * size, one after the other. */
void manager_create_each(struct manager *manager, size_t count);
void manager_create_all(struct manager *manager, size_t count);
void manager_create_sets(struct manager *manager, size_t sets, size_t size);

void manager_remove_all(struct manager *manager);

/* As many as a chassis has room for. */
#define MANAGER_MOST 16384

#endif
