/* SPDX-License-Identifier: MIT */
/* VLAN settings (IEEE 802.1Q: VLAN identifiers 1 to 4094). */
#ifndef VIO_LIB_DOMAIN_VLAN_H
#define VIO_LIB_DOMAIN_VLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/domain/observation.h"

#define VIO_VLAN_MAX       4094
#define VIO_VLAN_TEXT_SIZE (VIO_VLAN_RANGES * 10) /* "4000-4094," each, the last one's NUL */

/*
 * Reads "10,20-29,4000" into the ranges of `ret_vlan`, sorted and joined where they touch, and
 * leaves its other members alone. VIO_EPARSE; VIO_ELIMIT for more than VIO_VLAN_RANGES.
 */
int vio__vlan_parse(const char *text, struct vio_vlan_config *ret_vlan);

/* Writes the ranges as vio__vlan_parse() reads them. */
void vio__vlan_format(const struct vio_vlan_config *vlan, char ret_text[VIO_VLAN_TEXT_SIZE]);

bool vio__vlan_equal(const struct vio_vlan_config *a, const struct vio_vlan_config *b);

#endif
