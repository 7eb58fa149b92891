/* SPDX-License-Identifier: MIT */
/*
 * A backend for tests: a file that is an array. It counts its transactions, fails when it is told
 * to, and has what "other processes" wrote.
 */
#ifndef TESTS_STORE_FAKE_H
#define TESTS_STORE_FAKE_H

#include "lib/store/backend.h"

#define FAKE_ROWS    64
#define FAKE_BODY    512
#define FAKE_ENTRIES 16

struct fake_row {
    uint64_t id; /* 0: unused */
    enum vio_row_kind kind;
    uint8_t body[FAKE_BODY];
    size_t size;
};

struct fake_file {
    struct fake_row rows[FAKE_ROWS];
    struct vio_entry entries[FAKE_ENTRIES]; /* without bodies */
    size_t num_entries;
    uint64_t last_row;
    struct fake_row foreign[FAKE_ROWS]; /* written by others, not told yet; size 0: deleted */
    size_t num_foreign;

    unsigned transactions; /* that wrote something */
    unsigned rows_written;
    unsigned calls;          /* of open, load, commit, refresh */
    unsigned fail_at;        /* the call that fails; 0: none */
    bool fail_late;          /* in `done` */
    void (*meanwhile)(void); /* called once, while a commit is being written */
};

extern struct fake_file fake_file;
extern const struct vio_backend_ops fake_backend;

void fake_reset(void);

/* What another process writes: a new row, and one (NULL: deleted) in place of a row. */
uint64_t fake_foreign_add(enum vio_row_kind kind, const void *body, size_t size);
void fake_foreign_set(uint64_t id, enum vio_row_kind kind, const void *body, size_t size);

struct fake_row *fake_find(uint64_t id); /* in the file; NULL */
size_t fake_count(void);

#endif
