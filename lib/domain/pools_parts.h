/* SPDX-License-Identifier: MIT */
/* What pools.c and pools_change.c share. */
#ifndef VIO_LIB_DOMAIN_POOLS_PARTS_H
#define VIO_LIB_DOMAIN_POOLS_PARTS_H

#include "lib/base/bitmap.h"
#include "lib/base/dlist.h"
#include "lib/domain/pools.h"

/* The addresses of a kind that begin with the same bytes but for the last eight: the values of one
 * bitmap. MACs and WWNs have one space each. */
struct vio_pool_space {
    struct vio_pool_space *next;
    int kind;
    uint64_t high;
    struct vio_bitmap *used; /* among the values that are in blocks */
};

struct vio_pool_entry;

#define VIO_POOL_NO_BLOCK SIZE_MAX

struct vio_pool_block {
    struct vio_pool_space *space;
    struct vio_pool_entry *entry; /* whose it is */
    uint64_t first, last;
    uint64_t lessee; /* 0: nobody */
    uint64_t from;   /* nothing below it may be drawn */
    size_t old;      /* of a change: which block of the pool it is (a part of); or NO_BLOCK */
    bool full;       /* nothing may be drawn */
};

/* In ascending order. */
struct vio_pool_blocks {
    struct vio_pool_block *block;
    size_t count, capacity;
};

/* A pool. */
struct vio_pool_entry {
    struct vio_pool_info *info; /* NULL: it is about to be */
    struct vio_pool_blocks blocks;
    size_t open;          /* blocks below it are full */
    size_t next_block;    /* sequential order goes on here */
    uint64_t next_number; /* and in it here */
    struct vio_pools_change *pending;
};

struct vio_pools_change {
    struct vio_dlist node;
    struct vio_pool_entry *entry;
    struct vio_pool_info *after; /* NULL: none */
    struct vio_pool_blocks blocks;
    bool tabled; /* those of its blocks that are new are in the table */
};

struct vio_pools {
    struct vio_alloc alloc;
    struct vio_pool_entry **entry;
    size_t count, capacity;
    struct vio_pool_space *spaces;

    /* All blocks of all pools, and the new ones of changes, by kind and value. */
    struct vio_pool_block **table;
    size_t table_count, table_capacity;
    struct vio_dlist changes;
};

struct vio_pool_space *vio__pools_space(const struct vio_pools *pools, int kind, uint64_t high);
struct vio_pool_entry *vio__pools_entry(const struct vio_pools *pools,
                                        const uint8_t uuid[VIO_UUID_SIZE]);

/* Where in the table the first block is that ends at or after a value. */
size_t vio__pools_place(const struct vio_pools *pools, int kind, uint64_t high, uint64_t low);

/* After what may be drawn has changed. */
void vio__pools_look_anew(struct vio_pool_entry *entry);

/* A change being checked. */
struct vio_pools_check {
    struct vio_pools *pools;
    struct vio_pools_change *change;
    vio_pool_complain complain;
    void *user;
    int status; /* the first code */
};

void vio__pools_complain(struct vio_pools_check *check, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* What contradicts other pools, and what is used of the old one. */
void vio__pools_check_change(struct vio_pools_check *check);

/* What of its exclusions and externals is used. */
void vio__pools_check_bars(struct vio_pools_check *check);

#endif
