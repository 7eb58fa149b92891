/* SPDX-License-Identifier: MIT */
/* One client's interrupts of one kind: where each vector is signalled, whether it is masked. */
#ifndef CHASSISD_IRQ_H
#define CHASSISD_IRQ_H

#include <stddef.h>
#include <stdint.h>

#include "tools/chassisd/wire.h"

struct vfu_irq;

struct vfu_irq *vfu_irq_new(unsigned vectors); /* NULL when memory is out */
void vfu_irq_free(struct vfu_irq *irq);        /* closes the descriptors; NULL is fine */
unsigned vfu_irq_count(const struct vfu_irq *irq);

/*
 * Does what a SET_IRQS message asks of the vectors. `data` follows the structure in the
 * message. A descriptor that is kept is replaced by -1 in `fds`. All or nothing: returns 0, EINVAL,
 * or ENOTSUP for a combination that the protocol knows and this device does not.
 */
int vfu_irq_set(struct vfu_irq *irq, const struct vfu_irq_set *set, const uint8_t *data,
                size_t size, int *fds, unsigned fd_count);

/* Signals a vector; a masked one is remembered. One without a descriptor goes nowhere. */
void vfu_irq_trigger(struct vfu_irq *irq, unsigned vector);

#endif
