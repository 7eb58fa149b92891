/* SPDX-License-Identifier: MIT */
/*
 * A small YAML document as a tree of nodes with their lines, for files whose shape is known.
 * Everything is bounded: 1 MiB, 16 levels, 65,536 nodes, 256 keys in a mapping; anchors, aliases
 * and tags are refused. Scalars are text; the typed readers below say what they allow.
 */
#ifndef SIM_YAML_H
#define SIM_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/diag.h"

#define SIM_YAML_SIZE_MAX  (1024 * 1024)
#define SIM_YAML_DEPTH_MAX 16
#define SIM_YAML_NODES_MAX 65536
#define SIM_YAML_KEYS_MAX  256

struct sim_yaml;
struct sim_yaml_node;
struct vio_alloc;

/* `name` stands for the file in errors and must outlive the document. Returns 0, VIO_EPARSE,
 * VIO_ELIMIT, VIO_ENOMEM. */
int sim_yaml_parse(const struct vio_alloc *alloc, const char *name, const char *text, size_t len,
                   struct sim_yaml **ret_yaml, struct sim_diag *diag);
void sim_yaml_free(struct sim_yaml *yaml); /* NULL is fine */
const struct sim_yaml_node *sim_yaml_root(const struct sim_yaml *yaml);

/* Children of a sequence or a mapping, in the order of the file; NULL at the end. */
const struct sim_yaml_node *sim_yaml_first(const struct sim_yaml_node *node);
const struct sim_yaml_node *sim_yaml_next(const struct sim_yaml_node *node);
/* The value of a key of a mapping, NULL if it is not there. */
const struct sim_yaml_node *sim_yaml_get(const struct sim_yaml_node *node, const char *key);
/* The text of a scalar, NULL for another node; is_null: `~`, `null` or nothing, without quotes. */
const char *sim_yaml_scalar(const struct sim_yaml_node *node);
bool sim_yaml_is_null(const struct sim_yaml_node *node);
size_t sim_yaml_line(const struct sim_yaml_node *node);

/* Sets "FILE:LINE: …" with the node's line and returns VIO_EPARSE. */
int sim_yaml_error(const struct sim_yaml_node *node, struct sim_diag *diag, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Fails unless the node is a mapping with keys of the NULL-terminated list alone; `what` names it.
 */
int sim_yaml_expect_keys(const struct sim_yaml_node *node, const char *what,
                         const char *const *keys, struct sim_diag *diag);
int sim_yaml_expect_sequence(const struct sim_yaml_node *node, const char *what,
                             struct sim_diag *diag);

/*
 * Typed values under a key of a mapping. A key that is missing leaves *ret_value as it is; one that
 * cannot be read is VIO_EPARSE. Numbers are decimal or 0x hexadecimal, sizes may end in K, M, G or
 * T (1024 and its powers), switches are on/off, true/false or yes/no.
 */
int sim_yaml_number(const struct sim_yaml_node *node, const char *key, uint64_t min, uint64_t max,
                    uint64_t *ret_value, struct sim_diag *diag);
int sim_yaml_size(const struct sim_yaml_node *node, const char *key, uint64_t min, uint64_t max,
                  uint64_t *ret_value, struct sim_diag *diag);
int sim_yaml_switch(const struct sim_yaml_node *node, const char *key, bool *ret_value,
                    struct sim_diag *diag);
/* Text of 1 to `size` - 1 bytes without control characters, copied with its terminator. */
int sim_yaml_text(const struct sim_yaml_node *node, const char *key, char *ret_text, size_t size,
                  struct sim_diag *diag);

#endif
