/* SPDX-License-Identifier: MIT */
/* A store of a benchmark's own: each call runs the loop until what it started has ended, and ends
 * the process where that fails. */
#ifndef BENCH_KEEP_H
#define BENCH_KEEP_H

#include <stddef.h>

#include "lib/loop/loop.h"
#include "lib/store/store.h"

struct keep {
    struct vio_loop *loop;
    struct vio__store *store;
};

/* A directory on a real disk: VIO_BENCH_DIR, else TMPDIR, else /var/tmp. */
const char *keep_directory(void);

void keep_open(struct keep *keep, const struct vio_backend_ops *ops, const char *location);
void keep_close(struct keep *keep);

void keep_commit(struct keep *keep, const struct vio_record *records, size_t count);

/* The vAdapters `first` to `first + count - 1`, a few thousand to a transaction. */
void keep_fill(struct keep *keep, size_t first, size_t count);

/* vAdapter `number`, always the same: a vNIC of a chassis with some thousand, in a server. */
struct vio_vadapter_info *keep_vadapter(size_t number);
struct vio_address keep_mac(size_t number);

/* The record that creates or removes it. */
struct vio_record keep_creation(const struct vio_vadapter_info *vadapter);
struct vio_record keep_removal(const struct vio_vadapter_info *vadapter);

#endif
