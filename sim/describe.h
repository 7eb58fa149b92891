/* SPDX-License-Identifier: MIT */
/* Descriptions of adapters in YAML, vio-adapter(5). */
#ifndef SIM_DESCRIBE_H
#define SIM_DESCRIBE_H

#include <stddef.h>

#include "sim/adapter_parts.h"
#include "sim/yaml.h"

/* `name` stands for the file in errors. Returns 0, VIO_EPARSE, VIO_ELIMIT, VIO_ENOMEM. */
int sim_describe_parse(const struct vio_alloc *alloc, const char *name, const char *text,
                       size_t len, struct sim_adapter_parts *ret_parts, struct sim_diag *diag);

/* The capabilities and extended-capabilities lists of a description: writes them, linked, into the
 * image, and what SR-IOV says into parts->sriov. */
int sim_describe_caps(const struct sim_yaml_node *list, struct sim_adapter_parts *parts,
                      struct sim_diag *diag);
int sim_describe_ext_caps(const struct sim_yaml_node *list, struct sim_adapter_parts *parts,
                          struct sim_diag *diag);

/* A list of BARs, of the function or of its VFs. */
int sim_describe_bars(const struct sim_yaml_node *list, struct sim_bar bars[SIM_BARS],
                      struct sim_diag *diag);

#endif
