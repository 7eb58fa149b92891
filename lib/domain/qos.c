/* SPDX-License-Identifier: MIT */
#include "lib/domain/qos.h"

static bool same_rate(const struct vio_rate *a, const struct vio_rate *b)
{
    return a->cir == b->cir && a->cbs == b->cbs && a->pir == b->pir && a->pbs == b->pbs;
}

bool vio__qos_equal(const struct vio_qos_config *a, const struct vio_qos_config *b)
{
    return same_rate(&a->tx, &b->tx) && same_rate(&a->rx, &b->rx) && a->weight == b->weight &&
           a->traffic_class == b->traffic_class && a->tx_police == b->tx_police &&
           a->rx_police == b->rx_police;
}
