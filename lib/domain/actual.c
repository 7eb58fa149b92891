/* SPDX-License-Identifier: MIT */
#include "lib/domain/actual.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/hash.h"
#include "lib/base/uuid.h"

#define MAX_FUNCTIONS (UINT32_C(1) << 20) /* far above what any chassis has */

/* What is known of one number. */
struct entry {
    struct vio_function_info function;
    bool exists; /* false: it was read, and there was none */
    uint64_t time;
};

struct usage {
    uint32_t functions; /* adapter: functions; server: hot-plug slots */
    uint32_t path[2];   /* server: functions on each of its ports */
    uint64_t space;
};

struct vio_actual {
    const struct vio_alloc *alloc;
    struct vio_observation *observation;
    struct vio_hash *entries;             /* by number */
    struct vio_hash *cookies, *addresses; /* of those that exist */
    struct usage *adapters, *servers;     /* by number */
    uint64_t time;                        /* grows with each put */
};

static void free_entry(struct vio_actual *actual, struct entry *entry)
{
    vio__free(actual->alloc, entry);
}

static void free_tables(struct vio_actual *actual)
{
    if (actual->entries) {
        VIO_HASH_FOREACH (iter, actual->entries)
            free_entry(actual, iter.value);
    }
    vio__hash_free(actual->entries, NULL);
    vio__hash_free(actual->cookies, NULL);
    vio__hash_free(actual->addresses, NULL);
    vio__free(actual->alloc, actual->adapters);
    vio__free(actual->alloc, actual->servers);
}

/* Fills what vio__actual_observe() makes anew. */
static int new_tables(struct vio_actual *actual, size_t adapters, size_t servers)
{
    int status = vio__hash_new(actual->alloc, MAX_FUNCTIONS, &actual->entries);

    if (status == 0)
        status = vio__hash_new(actual->alloc, MAX_FUNCTIONS, &actual->cookies);
    if (status == 0)
        status = vio__hash_new(actual->alloc, MAX_FUNCTIONS, &actual->addresses);
    actual->adapters = vio__calloc(actual->alloc, adapters, sizeof(*actual->adapters));
    actual->servers = vio__calloc(actual->alloc, servers, sizeof(*actual->servers));
    if (!actual->adapters || !actual->servers)
        return VIO_ENOMEM;
    return status;
}

int vio__actual_new(const struct vio_alloc *alloc, struct vio_actual **ret_actual)
{
    struct vio_actual *actual = vio__calloc(alloc, 1, sizeof(*actual));

    if (!actual)
        return VIO_ENOMEM;
    actual->alloc = alloc;
    if (new_tables(actual, 0, 0) != 0) {
        vio__actual_free(actual);
        return VIO_ENOMEM;
    }
    *ret_actual = actual;
    return 0;
}

void vio__actual_free(struct vio_actual *actual)
{
    if (!actual)
        return;
    free_tables(actual);
    vio__observation_unref(actual->observation);
    vio__free(actual->alloc, actual);
}

uint64_t vio__actual_now(const struct vio_actual *actual)
{
    return actual->time;
}

static size_t num_adapters(const struct vio_actual *actual)
{
    return actual->observation ? actual->observation->num_adapters : 0;
}

static size_t num_servers(const struct vio_actual *actual)
{
    return actual->observation ? actual->observation->num_servers : 0;
}

/* Adds a function to the usage of what it is on, or takes it off. */
static void account(struct vio_actual *actual, const struct vio_function_info *function, int sign)
{
    uint32_t unit = (uint32_t)sign; /* wraps around as unsigned numbers do */

    if (function->adapter < num_adapters(actual)) {
        actual->adapters[function->adapter].functions += unit;
        actual->adapters[function->adapter].space += (uint64_t)(int64_t)sign * function->size;
    }
    if (function->server < num_servers(actual)) {
        actual->servers[function->server].functions += unit;
        if (function->path < 2)
            actual->servers[function->server].path[function->path] += unit;
    }
}

/* Takes an entry out of the look-up tables and the usage. */
static void forget(struct vio_actual *actual, struct entry *entry)
{
    const struct vio_function_info *function = &entry->function;

    if (!entry->exists)
        return;
    if (vio__hash_get(actual->cookies, function->cookie, sizeof(function->cookie)) == entry)
        vio__hash_remove(actual->cookies, function->cookie, sizeof(function->cookie));
    if (vio__hash_get(actual->addresses, &function->address, sizeof(function->address)) == entry)
        vio__hash_remove(actual->addresses, &function->address, sizeof(function->address));
    account(actual, function, -1);
    entry->exists = false;
}

/* Where two have the same cookie or address, the first is found. */
static int remember(struct vio_actual *actual, struct entry *entry)
{
    const struct vio_function_info *function = &entry->function;
    int status = 0;

    entry->exists = true;
    account(actual, function, 1);
    if (!vio__uuid_is_nil(function->cookie))
        status = vio__hash_put(actual->cookies, function->cookie, sizeof(function->cookie), entry);
    if ((status == 0 || status == VIO_EEXIST) && function->address.kind != 0)
        status =
            vio__hash_put(actual->addresses, &function->address, sizeof(function->address), entry);
    if (status == 0 || status == VIO_EEXIST)
        return 0;
    forget(actual, entry);
    return status;
}

/* The entry of a number, made if there is none; NULL when memory is out. */
static struct entry *entry_of(struct vio_actual *actual, uint32_t index)
{
    struct entry *entry = vio__hash_get_u64(actual->entries, index);

    if (entry)
        return entry;
    entry = vio__calloc(actual->alloc, 1, sizeof(*entry));
    if (!entry)
        return NULL;
    entry->function.index = index;
    if (vio__hash_put_u64(actual->entries, index, entry) == 0)
        return entry;
    vio__free(actual->alloc, entry);
    return NULL;
}

/* Whether the look-up tables need no change for what is known now. */
static bool is_found_alike(const struct entry *entry, const struct vio_function_info *function)
{
    const struct vio_function_info *known = &entry->function;

    return entry->exists && memcmp(known->cookie, function->cookie, sizeof(known->cookie)) == 0 &&
           memcmp(&known->address, &function->address, sizeof(known->address)) == 0;
}

static int put(struct vio_actual *actual, uint32_t index, const struct vio_function_info *function,
               uint64_t time)
{
    struct entry *entry = entry_of(actual, index);

    if (!entry)
        return VIO_ENOMEM;
    entry->time = time;
    if (function && is_found_alike(entry, function)) {
        account(actual, &entry->function, -1);
        entry->function = *function;
        account(actual, function, 1);
        return 0;
    }
    forget(actual, entry);
    if (!function)
        return 0;
    entry->function = *function;
    return remember(actual, entry);
}

int vio__actual_put(struct vio_actual *actual, uint32_t index,
                    const struct vio_function_info *function)
{
    return put(actual, index, function, ++actual->time);
}

/* Fills the new tables: what was learnt after `since` first, then what was observed. */
static int merge(struct vio_actual *actual, const struct vio_hash *known, uint64_t since)
{
    const struct vio_observation *observation = actual->observation;
    int status = 0;

    VIO_HASH_FOREACH (iter, known) {
        struct entry *entry = iter.value;

        if (status == 0 && entry->time > since)
            status = put(actual, entry->function.index, entry->exists ? &entry->function : NULL,
                         entry->time);
    }
    for (size_t i = 0; status == 0 && i < observation->num_functions; i++) {
        const struct vio_function_info *function = &observation->functions[i];

        if (!vio__hash_get_u64(actual->entries, function->index))
            status = put(actual, function->index, function, since);
    }
    return status;
}

int vio__actual_observe(struct vio_actual *actual, struct vio_observation *observation,
                        uint64_t since)
{
    struct vio_actual before = *actual;
    int status;

    actual->observation = observation;
    actual->entries = actual->cookies = actual->addresses = NULL;
    status = new_tables(actual, observation->num_adapters, observation->num_servers);
    if (status == 0)
        status = merge(actual, before.entries, since);
    if (status != 0) {
        free_tables(actual);
        *actual = before;
        return status;
    }
    vio__observation_ref(observation);
    vio__observation_unref(before.observation);
    free_tables(&before);
    return 0;
}

struct vio_observation *vio__actual_observation(const struct vio_actual *actual)
{
    return actual->observation;
}

static const struct vio_function_info *function_of(const struct entry *entry)
{
    return entry && entry->exists ? &entry->function : NULL;
}

const struct vio_function_info *vio__actual_function(const struct vio_actual *actual,
                                                     uint32_t index)
{
    return function_of(vio__hash_get_u64(actual->entries, index));
}

const struct vio_function_info *vio__actual_by_cookie(const struct vio_actual *actual,
                                                      const uint8_t cookie[16])
{
    return function_of(vio__hash_get(actual->cookies, cookie, 16));
}

const struct vio_function_info *vio__actual_by_address(const struct vio_actual *actual,
                                                       const struct vio_address *address)
{
    return function_of(vio__hash_get(actual->addresses, address, sizeof(*address)));
}

const struct vio_adapter_info *vio__actual_adapter(const struct vio_actual *actual,
                                                   const char *name)
{
    for (size_t i = 0; i < num_adapters(actual); i++)
        if (strcmp(actual->observation->adapters[i].name, name) == 0)
            return &actual->observation->adapters[i];
    return NULL;
}

const struct vio_server_info *vio__actual_server(const struct vio_actual *actual, const char *name)
{
    for (size_t i = 0; i < num_servers(actual); i++)
        if (strcmp(actual->observation->servers[i].name, name) == 0)
            return &actual->observation->servers[i];
    return NULL;
}

static int by_index(const void *a, const void *b)
{
    uint32_t x = ((const struct vio_function_info *)a)->index;
    uint32_t y = ((const struct vio_function_info *)b)->index;

    return x < y ? -1 : x > y;
}

int vio__actual_functions(const struct vio_actual *actual, struct vio_function_info **ret_functions,
                          size_t *ret_count)
{
    struct vio_function_info *functions =
        vio__calloc(actual->alloc, vio__hash_count(actual->entries), sizeof(*functions));
    size_t count = 0;

    if (!functions)
        return VIO_ENOMEM;
    VIO_HASH_FOREACH (iter, actual->entries) {
        const struct vio_function_info *function = function_of(iter.value);

        if (function)
            functions[count++] = *function;
    }
    qsort(functions, count, sizeof(*functions), by_index);
    *ret_functions = functions;
    *ret_count = count;
    return 0;
}

uint32_t vio__actual_room(const struct vio_actual *actual, uint32_t adapter)
{
    uint32_t max = actual->observation->adapters[adapter].max_functions;
    uint32_t used = actual->adapters[adapter].functions;

    return used < max ? max - used : 0;
}

uint64_t vio__actual_space(const struct vio_actual *actual, uint32_t adapter)
{
    uint64_t space = actual->observation->adapters[adapter].space;
    uint64_t used = actual->adapters[adapter].space;

    return used < space ? space - used : 0;
}

uint32_t vio__actual_slots(const struct vio_actual *actual, uint32_t server)
{
    uint32_t slots = actual->observation->servers[server].hotplug_slots;
    uint32_t used = actual->servers[server].functions;

    return used < slots ? slots - used : 0;
}

uint32_t vio__actual_load(const struct vio_actual *actual, uint32_t server, uint32_t path)
{
    return actual->servers[server].path[path];
}
