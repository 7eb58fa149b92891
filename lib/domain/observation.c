/* SPDX-License-Identifier: MIT */
#include "lib/domain/observation.h"

#include <libvio/error.h>

#include "lib/base/alloc.h"
#include "lib/base/dlist.h"
#include "lib/base/ref.h"

struct counted {
    struct vio_ref ref;
    struct vio_alloc alloc; /* a copy: it may outlive its context */
    struct vio_observation observation;
};

static struct counted *counted_of(struct vio_observation *observation)
{
    return VIO_CONTAINER_OF(observation, struct counted, observation);
}

static void free_observation(struct counted *counted)
{
    struct vio_alloc alloc = counted->alloc;

    vio__free(&alloc, counted->observation.ports);
    vio__free(&alloc, counted->observation.servers);
    vio__free(&alloc, counted->observation.adapters);
    vio__free(&alloc, counted->observation.functions);
    vio__free(&alloc, counted);
}

int vio__observation_new(const struct vio_alloc *alloc, size_t num_ports, size_t num_servers,
                         size_t num_adapters, size_t num_functions,
                         struct vio_observation **ret_observation)
{
    struct counted *counted = vio__calloc(alloc, 1, sizeof(*counted));
    struct vio_observation *observation;

    if (!counted)
        return VIO_ENOMEM;
    vio__ref_init(&counted->ref);
    counted->alloc = alloc ? *alloc : vio__alloc_default();
    observation = &counted->observation;
    observation->num_ports = num_ports;
    observation->num_servers = num_servers;
    observation->num_adapters = num_adapters;
    observation->num_functions = num_functions;
    observation->ports = vio__calloc(alloc, num_ports, sizeof(*observation->ports));
    observation->servers = vio__calloc(alloc, num_servers, sizeof(*observation->servers));
    observation->adapters = vio__calloc(alloc, num_adapters, sizeof(*observation->adapters));
    observation->functions = vio__calloc(alloc, num_functions, sizeof(*observation->functions));
    if (!observation->ports || !observation->servers || !observation->adapters ||
        !observation->functions) {
        free_observation(counted);
        return VIO_ENOMEM;
    }
    *ret_observation = observation;
    return 0;
}

struct vio_observation *vio__observation_ref(struct vio_observation *observation)
{
    vio__ref_get(&counted_of(observation)->ref);
    return observation;
}

void vio__observation_unref(struct vio_observation *observation)
{
    if (observation && vio__ref_put(&counted_of(observation)->ref))
        free_observation(counted_of(observation));
}
