/* SPDX-License-Identifier: MIT */
/* The last VIO_HW_OUTCOMES completions of commands that changed state, found by their tag. */
#ifndef SIM_OUTCOME_H
#define SIM_OUTCOME_H

#include <stdint.h>

#include "lib/hw/ring.h"

struct sim_outcomes;

int sim_outcomes_new(struct sim_outcomes **ret_outcomes); /* 0 or VIO_ENOMEM */
void sim_outcomes_free(struct sim_outcomes *outcomes);    /* NULL is fine */
void sim_outcomes_clear(struct sim_outcomes *outcomes);

/* Forgets the oldest where there is no room. The tag must not be known. */
void sim_outcomes_add(struct sim_outcomes *outcomes, const struct vio_hw_completion *completion);
/* NULL: not known, or forgotten. Valid until the next addition. */
const struct vio_hw_completion *sim_outcomes_find(const struct sim_outcomes *outcomes,
                                                  uint64_t lease, uint32_t number);

#endif
