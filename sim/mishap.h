/* SPDX-License-Identifier: MIT */
/* Which command, completion, event or interrupt meets with which mishap. */
#ifndef SIM_MISHAP_H
#define SIM_MISHAP_H

#include <stdint.h>

#include <libvio/sim.h>

#define SIM_MISHAP_NONE  0
#define SIM_MISHAP_KINDS (VIOSIM_INTERRUPT + 1)

struct sim_mishaps {
    struct {
        enum viosim_mishap mishap;
        uint32_t skip, count;
        uint64_t delay;
    } of[SIM_MISHAP_KINDS];
};

/* What happens to the next one of this kind: SIM_MISHAP_NONE or an enum viosim_mishap. */
static inline int sim_mishap_next(struct sim_mishaps *mishaps, enum viosim_what what)
{
    if (!mishaps->of[what].count)
        return SIM_MISHAP_NONE;
    if (mishaps->of[what].skip) {
        mishaps->of[what].skip--;
        return SIM_MISHAP_NONE;
    }
    if (mishaps->of[what].count != UINT32_MAX)
        mishaps->of[what].count--;
    return (int)mishaps->of[what].mishap;
}

#endif
