/* SPDX-License-Identifier: MIT */
/* The configuration windows: 4 KiB of an adapter, a function or a place in a server's hierarchy. */
#include <string.h>

#include "sim/state.h"

/* Reads one of the three; false where there is nothing to show. */
static bool read_space(struct viosim *sim, uint64_t window, uint64_t offset, uint8_t *data,
                       size_t size)
{
    uint32_t index = (uint32_t)VIO_HW_GET(QUEUE_WINDOW, INDEX, window);
    sim_bdf bdf = (sim_bdf)VIO_HW_GET(QUEUE_WINDOW, BDF, window);

    switch (VIO_HW_GET(QUEUE_WINDOW, KIND, window)) {
    case VIO_HW_WINDOW_ADAPTER:
        if (index >= sim->slots || !sim_slot_working(&sim->slot[index]) || (bdf & 7) != 0)
            return false;
        memcpy(data, sim_adapter_image(sim->slot[index].adapter) + offset, size);
        return true;
    case VIO_HW_WINDOW_FUNCTION:
        if (index >= sim->functions_end || !sim->function[index].space)
            return false;
        sim_cfgspace_read(sim->function[index].space, (size_t)offset, data, size);
        return true;
    case VIO_HW_WINDOW_HIERARCHY:
        if (index >= sim->servers)
            return false;
        sim_hierarchy_read(sim->server[index].hierarchy, bdf, (size_t)offset, data, size);
        return true;
    default:
        return false;
    }
}

void sim_window_read(struct viosim *sim, uint64_t window, uint64_t offset, uint8_t *data,
                     size_t size)
{
    if (!read_space(sim, window, offset, data, size))
        memset(data, 0xff, size);
}

/* An absent function of a hierarchy has a vendor of ones. */
uint32_t sim_window_status(struct viosim *sim, uint64_t window)
{
    uint8_t vendor[2];

    if (VIO_HW_GET(QUEUE_WINDOW, KIND, window) == 0)
        return 0;
    return read_space(sim, window, 0, vendor, sizeof vendor) && vio__hw_get16(vendor) != 0xffff ? 1
                                                                                                : 2;
}
