/* SPDX-License-Identifier: MIT */
/* The description of a chassis (vio-chassis(5)), read from YAML. */
#ifndef SIM_CHASSIS_FILE_H
#define SIM_CHASSIS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/adapter.h"
#include "sim/hierarchy.h"

#define SIM_NAME_MAX              63 /* bytes of UTF-8 in any name */
#define SIM_CHASSIS_SERVERS_MAX   256
#define SIM_CHASSIS_SLOTS_MAX     64
#define SIM_CHASSIS_FUNCTIONS_MAX 16384
#define SIM_SERVER_PATHS_MAX      2

struct sim_chassis_spec;
struct vio_alloc;

struct sim_server_spec {
    char name[SIM_NAME_MAX + 1];
    uint8_t paths;         /* server ports it is wired to: 1 or 2 */
    uint8_t hotplug_slots; /* downstream ports in its hierarchy: 1 to 64 */
    bool power;            /* on at start */
    struct sim_link link;  /* of each of its paths */
};

struct sim_slot_spec {
    char name[SIM_NAME_MAX + 1];
    struct sim_link link;
    const char *adapter; /* name of a description, or a path; NULL: empty */
};

struct sim_chassis_limits {
    uint32_t functions;    /* contexts of the whole chassis: 1 to 16384 */
    uint32_t ring_entries; /* largest ring: a power of two, 16 to 4096 */
    uint32_t queue_sets;   /* 1 to 16, default 16 */
};

/* All in microseconds of the device's clock, 0 to 60 s. */
struct sim_chassis_timing {
    uint32_t command_us;       /* from fetching a command to its completion */
    uint32_t hotplug_us;       /* the server's answer to the attention button */
    uint32_t link_training_us; /* from power on to link up */
};

/* Reads a file; `path` NULL: `share_dir`/chassis/vio-4000.yaml; `share_dir` NULL: sim_share_find().
 * `alloc` (NULL: the C library's) outlives the spec and the adapters that it loads. Returns 0,
 * VIO_ENOENT, VIO_EPARSE (diag says "FILE:LINE: …"), VIO_EIO, VIO_ELIMIT (file too large),
 * VIO_ENOMEM. */
int sim_chassis_spec_load(const struct vio_alloc *alloc, const char *path, const char *share_dir,
                          struct sim_chassis_spec **ret_spec, struct sim_diag *diag);
/* The same from memory; `name` stands for FILE, relative adapter paths are taken from the working
 * directory. */
int sim_chassis_spec_parse(const struct vio_alloc *alloc, const char *name, const char *text,
                           size_t len, const char *share_dir, struct sim_chassis_spec **ret_spec,
                           struct sim_diag *diag);
void sim_chassis_spec_free(struct sim_chassis_spec *spec); /* NULL is fine */

/* 16 bytes; all zero when the file gives none: the chassis draws its own. */
const uint8_t *sim_chassis_spec_uuid(const struct sim_chassis_spec *spec);
void sim_chassis_spec_set_uuid(struct sim_chassis_spec *spec, const uint8_t uuid[16]);
const char *sim_chassis_spec_name(const struct sim_chassis_spec *spec);
const char *sim_chassis_spec_model(const struct sim_chassis_spec *spec);
const char *sim_chassis_spec_serial(const struct sim_chassis_spec *spec);
const struct sim_chassis_limits *sim_chassis_spec_limits(const struct sim_chassis_spec *spec);
const struct sim_chassis_timing *sim_chassis_spec_timing(const struct sim_chassis_spec *spec);

unsigned sim_chassis_spec_servers(const struct sim_chassis_spec *spec);
const struct sim_server_spec *sim_chassis_spec_server(const struct sim_chassis_spec *spec,
                                                      unsigned index); /* NULL past the end */
unsigned sim_chassis_spec_slots(const struct sim_chassis_spec *spec);
const struct sim_slot_spec *sim_chassis_spec_slot(const struct sim_chassis_spec *spec,
                                                  unsigned index); /* NULL past the end */

/* What `--adapter SLOT=FILE` does: another card in the slot of this name; `where` as for
 * sim_adapter_load(), "" or "none" empties it. It is loaded by sim_chassis_spec_adapter(). */
int sim_chassis_spec_set_adapter(struct sim_chassis_spec *spec, const char *slot, const char *where,
                                 struct sim_diag *diag);
/* Loads the card of a slot; *ret_adapter is NULL for an empty one. The caller frees it. */
int sim_chassis_spec_adapter(const struct sim_chassis_spec *spec, unsigned index,
                             struct sim_adapter **ret_adapter, struct sim_diag *diag);

#endif
