/* SPDX-License-Identifier: MIT */
#include "lib/domain/placement.h"

bool vio__placement_fits(const struct vio_adapter_info *adapter, enum vio_vadapter_kind kind)
{
    return adapter->present && adapter->powered && !adapter->fault && adapter->kind == kind &&
           adapter->sharing != VIO_SHARING_NONE;
}

uint32_t vio__placement_adapter(const struct vio_actual *actual, const struct vio_promise *promises,
                                enum vio_vadapter_kind kind, uint64_t size)
{
    const struct vio_observation *observation = vio__actual_observation(actual);
    uint32_t best = VIO_NO_INDEX;
    uint32_t best_room = 0;

    for (uint32_t i = 0; i < observation->num_adapters; i++) {
        struct vio_promise promise = promises ? promises[i] : (struct vio_promise){0};
        uint32_t room = vio__actual_room(actual, i);
        uint64_t space = vio__actual_space(actual, i);

        if (!vio__placement_fits(&observation->adapters[i], kind) || room <= promise.functions ||
            space < promise.space || space - promise.space < size)
            continue;
        if (best == VIO_NO_INDEX || room - promise.functions > best_room) {
            best = i;
            best_room = room - promise.functions;
        }
    }
    return best;
}

static bool is_up(const struct vio_actual *actual, uint32_t port)
{
    const struct vio_observation *observation = vio__actual_observation(actual);

    return port < observation->num_ports && observation->ports[port].link_up;
}

uint32_t vio__placement_path(const struct vio_actual *actual, const struct vio_server_info *server)
{
    bool up[2] = {is_up(actual, server->port[0]), is_up(actual, server->port[1])};

    if (server->paths < 2)
        return 0;
    if (up[0] != up[1])
        return up[0] ? 0 : 1;
    return vio__actual_load(actual, server->index, 1) < vio__actual_load(actual, server->index, 0)
               ? 1
               : 0;
}
