/* SPDX-License-Identifier: MIT */
#include "sim/outcome.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#define CHAINS VIO_HW_OUTCOMES
#define NONE   UINT16_MAX

_Static_assert(VIO_HW_OUTCOMES < NONE, "indices are 16 bits");
_Static_assert((CHAINS & (CHAINS - 1)) == 0, "chains are chosen by a mask");

/* A ring of completions, the oldest of which is overwritten, and hash chains through it. */
struct sim_outcomes {
    uint32_t next, count;
    uint16_t chain[CHAINS];
    uint16_t behind[VIO_HW_OUTCOMES]; /* next of the same chain */
    struct vio_hw_completion of[VIO_HW_OUTCOMES];
};

int sim_outcomes_new(struct sim_outcomes **ret_outcomes)
{
    struct sim_outcomes *outcomes = malloc(sizeof *outcomes);

    if (!outcomes)
        return VIO_ENOMEM;
    sim_outcomes_clear(outcomes);
    *ret_outcomes = outcomes;
    return 0;
}

void sim_outcomes_free(struct sim_outcomes *outcomes)
{
    free(outcomes);
}

void sim_outcomes_clear(struct sim_outcomes *outcomes)
{
    outcomes->next = outcomes->count = 0;
    memset(outcomes->chain, 0xff, sizeof outcomes->chain);
}

static uint16_t *chain_of(struct sim_outcomes *outcomes, uint64_t lease, uint32_t number)
{
    uint64_t h = (lease ^ number) * UINT64_C(0x9e3779b97f4a7c15);

    return &outcomes->chain[h >> 40 & (CHAINS - 1)];
}

static void forget(struct sim_outcomes *outcomes, uint16_t index)
{
    const struct vio_hw_completion *old = &outcomes->of[index];
    uint16_t *link = chain_of(outcomes, old->lease, old->number);

    while (*link != index)
        link = &outcomes->behind[*link];
    *link = outcomes->behind[index];
}

void sim_outcomes_add(struct sim_outcomes *outcomes, const struct vio_hw_completion *completion)
{
    uint16_t index = (uint16_t)outcomes->next;
    uint16_t *chain = chain_of(outcomes, completion->lease, completion->number);

    if (outcomes->count == VIO_HW_OUTCOMES)
        forget(outcomes, index);
    else
        outcomes->count++;
    outcomes->of[index] = *completion;
    outcomes->behind[index] = *chain;
    *chain = index;
    outcomes->next = (outcomes->next + 1) % VIO_HW_OUTCOMES;
}

const struct vio_hw_completion *sim_outcomes_find(const struct sim_outcomes *outcomes,
                                                  uint64_t lease, uint32_t number)
{
    uint16_t index = *chain_of((struct sim_outcomes *)outcomes, lease, number);

    while (index != NONE) {
        const struct vio_hw_completion *found = &outcomes->of[index];

        if (found->lease == lease && found->number == number)
            return found;
        index = outcomes->behind[index];
    }
    return NULL;
}
