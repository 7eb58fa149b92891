/* SPDX-License-Identifier: MIT */
#include "sim/hierarchy.h"

#include <stdio.h>

#include "lib/base/buf.h"
#include "sim/pci.h"

#define FUNCTIONS_MAX (2 + 2 * SIM_HIERARCHY_SLOTS_MAX)

/* For people: lspci reads the address alone from this line. */
static void append_headline(const struct sim_hierarchy *hierarchy, sim_bdf bdf,
                            const uint8_t *bytes, struct vio_buf *buf)
{
    const char *label = "";
    for (unsigned i = 0; i < sim_hierarchy_slots(hierarchy); i++)
        if (sim_hierarchy_endpoint(hierarchy, i) && sim_hierarchy_slot_bdf(hierarchy, i) == bdf)
            label = sim_hierarchy_label(hierarchy, i);
    vio__buf_printf(buf, "%02x:%02x.%x Class %02x%02x: Device %04x:%04x (rev %02x)%s%s\n",
                    (unsigned)bdf >> 8, bdf >> 3 & 0x1fu, bdf & 7u, bytes[PCI_CLASS + 2],
                    bytes[PCI_CLASS + 1], sim_get16(bytes + PCI_VENDOR_ID),
                    sim_get16(bytes + PCI_DEVICE_ID), bytes[PCI_REVISION], *label ? " " : "",
                    label);
}

static void append_bytes(const uint8_t *bytes, struct vio_buf *buf)
{
    for (unsigned line = 0; line < SIM_CONFIG_SIZE; line += 16) {
        char hex[16 * 3 + 1];
        for (unsigned i = 0; i < 16; i++)
            snprintf(hex + 3 * i, 4, " %02x", bytes[line + i]);
        vio__buf_printf(buf, "%02x:%s\n", line, hex);
    }
}

int sim_hierarchy_dump(const struct sim_hierarchy *hierarchy, struct vio_buf *buf)
{
    sim_bdf bdfs[FUNCTIONS_MAX];
    size_t count = sim_hierarchy_list(hierarchy, bdfs, FUNCTIONS_MAX);
    for (size_t i = 0; i < count && i < FUNCTIONS_MAX; i++) {
        uint8_t bytes[SIM_CONFIG_SIZE];
        sim_hierarchy_read(hierarchy, bdfs[i], 0, bytes, sizeof(bytes));
        append_headline(hierarchy, bdfs[i], bytes, buf);
        append_bytes(bytes, buf);
        vio__buf_printf(buf, "\n");
    }
    return buf->status;
}
