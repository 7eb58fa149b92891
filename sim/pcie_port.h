/* SPDX-License-Identifier: MIT */
/* The ports of a server's hierarchy: their config spaces, and the state of a hot-plug slot. */
#ifndef SIM_PCIE_PORT_H
#define SIM_PCIE_PORT_H

#include "sim/cfgspace.h"
#include "sim/hierarchy.h"
#include "sim/layout.h"

/* Where every port has its capabilities. */
#define SIM_PORT_CAP_PM        0x40
#define SIM_PORT_CAP_MSI       0x48
#define SIM_PORT_CAP_EXPRESS   0x68
#define SIM_PORT_CAP_SUBSYSTEM 0xa8
#define SIM_PORT_EXT_AER       0x100
#define SIM_PORT_EXT_ACS       0x148
#define SIM_PORT_EXT_SECONDARY 0x160

/* `type` is PCI_EXP_TYPE_ROOT, _UPSTREAM or _DOWN. NULL: no memory. */
struct sim_layout *sim_pcie_port_layout(const struct vio_alloc *alloc, unsigned type,
                                        const struct sim_link *link);

/* Of a port's PCI Express capability. */
uint32_t sim_pcie_port_get(const struct sim_cfgspace *port, unsigned reg, unsigned len);
void sim_pcie_port_set(struct sim_cfgspace *port, unsigned reg, unsigned len, uint32_t value);
void sim_pcie_port_change(struct sim_cfgspace *port, unsigned reg, uint16_t clear, uint16_t set);

/* Shows a link between the port and the device below it, or none (`peer` NULL): speed and width are
 * what both can do. */
void sim_pcie_port_link(struct sim_cfgspace *port, struct sim_cfgspace *peer);

/* The lowest of two links' abilities, as Link Status has it. */
uint16_t sim_pcie_link_common(uint32_t lnkcap_a, uint32_t lnkcap_b);

#endif
