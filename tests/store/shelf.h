/* SPDX-License-Identifier: MIT */
/*
 * A backend for tests, without a store on top: each call runs the loop until it has ended. It keeps
 * what the backend told it, as a store would. Rows' bodies are texts.
 */
#ifndef TESTS_STORE_SHELF_H
#define TESTS_STORE_SHELF_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/store/backend.h"

#define SHELF_ROWS 4096
#define SHELF_TEXT 64

struct shelf {
    struct vio_loop *loop;
    struct vio_backend *backend;
    char texts[SHELF_ROWS][SHELF_TEXT]; /* by id; "": there is none */
    struct vio_entry entries[64];       /* that were read last; without bodies */
    char bodies[64][SHELF_TEXT];        /* theirs */
    size_t num_entries;
    size_t num_foreign; /* rows of others, so far */
    int refuse;         /* what taking in the next foreign rows answers */
    bool drop;          /* then leave the write empty */
    bool done;
    int status;
};

/* A new folder, without a slash at its end; and its removal with all that is in it. */
void shelf_folder(char ret_path[256]);
void shelf_remove_folder(const char *path);

int shelf_open(struct shelf *shelf, const char *path, bool read_only, bool create);
void shelf_close(struct shelf *shelf);

/* Opens and loads; fails the test where that fails. */
void shelf_start(struct shelf *shelf, const char *path);

int shelf_load(struct shelf *shelf);
int shelf_commit(struct shelf *shelf, struct vio_write *write);
int shelf_refresh(struct shelf *shelf);
int shelf_history(struct shelf *shelf, const struct vio_history_query *query);
int shelf_prune(struct shelf *shelf, uint64_t before, uint64_t keep);
int shelf_backup(struct shelf *shelf, const char *path);
int shelf_check(struct shelf *shelf, bool full);
int shelf_lock(struct shelf *shelf, const uint8_t uuid[16]);
const char *shelf_error(const struct shelf *shelf);

/* Commits of one row: a new one, whose id is put out, or a changed one; NULL deletes. */
int shelf_add(struct shelf *shelf, const char *text, uint64_t *ret_id);
int shelf_set(struct shelf *shelf, uint64_t id, const char *text);

size_t shelf_count(const struct shelf *shelf);

#endif
