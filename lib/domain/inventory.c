/* SPDX-License-Identifier: MIT */
#include "lib/domain/inventory.h"

#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/uuid.h"
#include "lib/domain/inventory_parts.h"
#include "lib/domain/name.h"
#include "lib/domain/vlan.h"

static struct vio_port *port_at(const struct vio_inventory *inventory, size_t at)
{
    return (struct vio_port *)(void *)inventory->array[VIO_NOUN_PORT].objects + at;
}

static struct vio_server *server_at(const struct vio_inventory *inventory, size_t at)
{
    return (struct vio_server *)(void *)inventory->array[VIO_NOUN_SERVER].objects + at;
}

static struct vio_adapter *adapter_at(const struct vio_inventory *inventory, size_t at)
{
    return (struct vio_adapter *)(void *)inventory->array[VIO_NOUN_ADAPTER].objects + at;
}

static struct vio_function *function_at(const struct vio_inventory *inventory, size_t at)
{
    return (struct vio_function *)(void *)inventory->array[VIO_NOUN_FUNCTION].objects + at;
}

static struct vio_vadapter *vadapter_at(const struct vio_inventory *inventory, size_t at)
{
    return (struct vio_vadapter *)(void *)inventory->array[VIO_NOUN_VADAPTER].objects + at;
}

/* -- Life -------------------------------------------------------------------------------------- */

static void free_inventory(struct vio_inventory *inventory)
{
    struct vio_alloc alloc = inventory->alloc;

    for (size_t i = 0; i < inventory->array[VIO_NOUN_VADAPTER].count; i++) {
        vio__vadapter_unref(vadapter_at(inventory, i)->info);
        vio__free(&alloc, vadapter_at(inventory, i)->trunk);
    }
    for (size_t noun = 0; noun < VIO_NOUNS; noun++)
        vio__free(&alloc, inventory->array[noun].objects);
    vio__free(&alloc, inventory->by_uuid);
    vio__free(&alloc, inventory->functions);
    vio__observation_unref(inventory->observation);
    vio__free(&alloc, inventory);
}

struct vio_inventory *vio__inventory_ref(struct vio_inventory *inventory)
{
    vio__ref_get(&inventory->ref);
    return inventory;
}

void vio__inventory_unref(struct vio_inventory *inventory)
{
    if (inventory && vio__ref_put(&inventory->ref))
        free_inventory(inventory);
}

static int new_array(struct vio_inventory *inventory, enum vio_noun noun, size_t count, size_t size)
{
    struct vio_inventory_array *array = &inventory->array[noun];

    array->objects = vio__calloc(&inventory->alloc, count, size);
    if (!array->objects)
        return VIO_ENOMEM;
    array->count = count;
    array->size = size;
    for (size_t i = 0; i < count; i++)
        ((struct vio_inventory_object *)(void *)(array->objects + i * size))->inventory = inventory;
    return 0;
}

static int by_name(const void *a, const void *b)
{
    return vio__name_compare(((const struct vio_inventory_object *)a)->name,
                             ((const struct vio_inventory_object *)b)->name);
}

static void sort_array(struct vio_inventory *inventory, enum vio_noun noun)
{
    struct vio_inventory_array *array = &inventory->array[noun];

    qsort(array->objects, array->count, array->size, by_name);
}

/* -- Joining ----------------------------------------------------------------------------------- */

static void fill_places(struct vio_inventory *inventory)
{
    const struct vio_observation *seen = inventory->observation;

    for (size_t i = 0; i < inventory->array[VIO_NOUN_PORT].count; i++) {
        port_at(inventory, i)->info = &seen->ports[i];
        port_at(inventory, i)->name = seen->ports[i].name;
    }
    for (size_t i = 0; i < inventory->array[VIO_NOUN_SERVER].count; i++) {
        server_at(inventory, i)->info = &seen->servers[i];
        server_at(inventory, i)->name = seen->servers[i].name;
    }
    for (size_t i = 0; i < inventory->array[VIO_NOUN_ADAPTER].count; i++) {
        adapter_at(inventory, i)->info = &seen->adapters[i];
        adapter_at(inventory, i)->name = seen->adapters[i].name;
    }
    sort_array(inventory, VIO_NOUN_PORT);
    sort_array(inventory, VIO_NOUN_SERVER);
    sort_array(inventory, VIO_NOUN_ADAPTER);
}

static int fill_functions(struct vio_inventory *inventory,
                          const struct vio_function_info *functions, size_t count)
{
    inventory->functions = vio__calloc(&inventory->alloc, count, sizeof(*functions));
    if (!inventory->functions)
        return VIO_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        struct vio_function *function = function_at(inventory, i);

        inventory->functions[i] = functions[i];
        function->info = &inventory->functions[i];
        function->name = function->info->label;
    }
    return 0;
}

static int by_uuid(const void *a, const void *b)
{
    const struct vio_vadapter *x = *(struct vio_vadapter *const *)a;
    const struct vio_vadapter *y = *(struct vio_vadapter *const *)b;

    return memcmp(x->info->uuid, y->info->uuid, VIO_UUID_SIZE);
}

static struct vio_vadapter *find_uuid(const struct vio_inventory *inventory,
                                      const uint8_t uuid[VIO_UUID_SIZE])
{
    size_t low = 0;
    size_t high = inventory->array[VIO_NOUN_VADAPTER].count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(inventory->by_uuid[middle]->info->uuid, uuid, VIO_UUID_SIZE);

        if (order == 0)
            return inventory->by_uuid[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static int fill_trunk(struct vio_inventory *inventory, struct vio_vadapter *vadapter)
{
    char text[VIO_VLAN_TEXT_SIZE];

    if (vadapter->info->vlan.mode != VIO_VLAN_TRUNK)
        return 0;
    vio__vlan_format(&vadapter->info->vlan, text);
    vadapter->trunk = vio__strdup(&inventory->alloc, text);
    return vadapter->trunk ? 0 : VIO_ENOMEM;
}

/* On failure, those that have an `info` are freed with the inventory: so all of them get one. */
static int fill_vadapters(struct vio_inventory *inventory, struct vio_vadapter_info *const *infos)
{
    size_t count = inventory->array[VIO_NOUN_VADAPTER].count;
    int status = 0;

    for (size_t i = 0; i < count; i++) {
        struct vio_vadapter *vadapter = vadapter_at(inventory, i);

        vadapter->info = vio__vadapter_ref(infos[i]);
        vadapter->name = vadapter->info->name;
        if (status == 0)
            status = fill_trunk(inventory, vadapter);
    }
    if (status != 0)
        return status;
    sort_array(inventory, VIO_NOUN_VADAPTER);
    inventory->by_uuid = vio__calloc(&inventory->alloc, count, sizeof(struct vio_vadapter *));
    if (!inventory->by_uuid)
        return VIO_ENOMEM;
    for (size_t i = 0; i < count; i++)
        inventory->by_uuid[i] = vadapter_at(inventory, i);
    qsort(inventory->by_uuid, count, sizeof(struct vio_vadapter *), by_uuid);
    return 0;
}

/* Each function belongs to the vAdapter whose UUID it carries; the first one, were there two. */
static void join(struct vio_inventory *inventory)
{
    for (size_t i = 0; i < inventory->array[VIO_NOUN_FUNCTION].count; i++) {
        struct vio_function *function = function_at(inventory, i);
        struct vio_vadapter *vadapter = find_uuid(inventory, function->info->cookie);

        if (!vadapter || vadapter->function)
            continue;
        vadapter->function = function->info;
        function->vadapter = vadapter;
    }
}

/* Counts the vAdapters in each server. */
static int count_vadapters(struct vio_inventory *inventory)
{
    size_t servers = inventory->array[VIO_NOUN_SERVER].count;
    size_t *counts = vio__calloc(&inventory->alloc, servers, sizeof(*counts));

    if (!counts)
        return VIO_ENOMEM;
    for (size_t i = 0; i < inventory->array[VIO_NOUN_VADAPTER].count; i++) {
        const struct vio_function_info *function = vadapter_at(inventory, i)->function;

        if (function && function->server < servers)
            counts[function->server]++;
    }
    for (size_t i = 0; i < servers; i++)
        server_at(inventory, i)->vadapters = counts[server_at(inventory, i)->info->index];
    vio__free(&inventory->alloc, counts);
    return 0;
}

static int new_inventory(const struct vio_alloc *alloc, struct vio_observation *observation,
                         struct vio_inventory **ret_inventory)
{
    struct vio_inventory *inventory = vio__calloc(alloc, 1, sizeof(*inventory));

    if (!inventory)
        return VIO_ENOMEM;
    vio__ref_init(&inventory->ref);
    inventory->alloc = alloc ? *alloc : vio__alloc_default();
    inventory->observation = vio__observation_ref(observation);
    *ret_inventory = inventory;
    return 0;
}

static int fill(struct vio_inventory *inventory, const struct vio_function_info *functions,
                size_t num_functions, struct vio_vadapter_info *const *vadapters,
                size_t num_vadapters)
{
    int status =
        new_array(inventory, VIO_NOUN_FUNCTION, num_functions, sizeof(struct vio_function));

    if (status == 0)
        status = fill_functions(inventory, functions, num_functions);
    if (status != 0)
        return status;
    status = new_array(inventory, VIO_NOUN_VADAPTER, num_vadapters, sizeof(struct vio_vadapter));
    if (status == 0)
        status = fill_vadapters(inventory, vadapters);
    if (status != 0)
        return status;
    join(inventory);
    return count_vadapters(inventory);
}

int vio__inventory_new(const struct vio_alloc *alloc, struct vio_observation *observation,
                       const struct vio_function_info *functions, size_t num_functions,
                       struct vio_vadapter_info *const *vadapters, size_t num_vadapters,
                       struct vio_inventory **ret_inventory)
{
    struct vio_inventory *inventory;
    int status = new_inventory(alloc, observation, &inventory);

    if (status != 0)
        return status;
    status = new_array(inventory, VIO_NOUN_PORT, observation->num_ports, sizeof(struct vio_port));
    if (status == 0)
        status = new_array(inventory, VIO_NOUN_SERVER, observation->num_servers,
                           sizeof(struct vio_server));
    if (status == 0)
        status = new_array(inventory, VIO_NOUN_ADAPTER, observation->num_adapters,
                           sizeof(struct vio_adapter));
    if (status == 0) {
        fill_places(inventory);
        status = fill(inventory, functions, num_functions, vadapters, num_vadapters);
    }
    if (status != 0) {
        vio__inventory_unref(inventory);
        return status;
    }
    *ret_inventory = inventory;
    return 0;
}

int vio__inventory_single(const struct vio_alloc *alloc, struct vio_observation *observation,
                          const struct vio_function_info *function,
                          struct vio_vadapter_info *vadapter, struct vio_vadapter **ret_vadapter)
{
    struct vio_inventory *inventory;
    int status = new_inventory(alloc, observation, &inventory);

    if (status != 0)
        return status;
    status = fill(inventory, function, function ? 1 : 0, &vadapter, 1);
    if (status != 0) {
        vio__inventory_unref(inventory);
        return status;
    }
    *ret_vadapter = vadapter_at(inventory, 0);
    return 0;
}

/* -- Looking up -------------------------------------------------------------------------------- */

const struct vio_chassis_info *vio__inventory_chassis(const struct vio_inventory *inventory)
{
    return &inventory->observation->chassis;
}

size_t vio__inventory_count(const struct vio_inventory *inventory, enum vio_noun noun)
{
    return inventory->array[noun].count;
}

void *vio__inventory_at(const struct vio_inventory *inventory, enum vio_noun noun, size_t at)
{
    const struct vio_inventory_array *array = &inventory->array[noun];

    return at < array->count ? array->objects + at * array->size : NULL;
}

void *vio__inventory_find(const struct vio_inventory *inventory, enum vio_noun noun,
                          const char *name)
{
    const struct vio_inventory_object key = {.name = name};
    const struct vio_inventory_array *array = &inventory->array[noun];
    uint8_t uuid[VIO_UUID_SIZE];

    if (noun == VIO_NOUN_VADAPTER && vio__uuid_parse(name, uuid) == 0)
        return find_uuid(inventory, uuid);
    return array->count > 0 ? bsearch(&key, array->objects, array->count, array->size, by_name)
                            : NULL;
}

struct vio_function *vio__inventory_function(const struct vio_inventory *inventory, uint32_t index)
{
    size_t low = 0;
    size_t high = inventory->array[VIO_NOUN_FUNCTION].count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct vio_function *function = function_at(inventory, middle);

        if (function->info->index == index)
            return function;
        if (function->info->index < index)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
