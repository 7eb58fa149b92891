/* SPDX-License-Identifier: MIT */
#include "sim/chassis_file.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <libvio/error.h>

#include "lib/base/alloc.h"
#include "lib/base/buf.h"
#include "lib/base/uuid.h"
#include "lib/hw/regs.h"
#include "sim/adapter_parts.h"
#include "sim/file.h"
#include "sim/share.h"
#include "sim/yaml.h"

#define PATH_SIZE    4096
#define TIME_MAX     60000000 /* microseconds */
#define DEFAULT_FILE "chassis/vio-4000.yaml"

struct sim_chassis_spec {
    const struct vio_alloc *alloc;
    char *file, *share_dir;
    uint8_t uuid[VIO_UUID_SIZE];
    char name[SIM_NAME_MAX + 1], model[SIM_NAME_MAX + 1], serial[SIM_NAME_MAX + 1];
    struct sim_chassis_limits limits;
    struct sim_chassis_timing timing;
    unsigned server_count, slot_count;
    struct sim_server_spec servers[SIM_CHASSIS_SERVERS_MAX];
    struct sim_slot_spec slots[SIM_CHASSIS_SLOTS_MAX];
    char *adapters[SIM_CHASSIS_SLOTS_MAX]; /* what slots[].adapter points at */
    size_t lines[SIM_CHASSIS_SLOTS_MAX];   /* of each slot; 0: not from the file */
};

/* A file that is being read. */
struct reader {
    struct sim_chassis_spec *spec;
    struct sim_diag *diag;
};

static int read_u32(const struct reader *reader, const struct sim_yaml_node *node, const char *key,
                    uint64_t min, uint64_t max, uint32_t *value)
{
    uint64_t number = *value;
    int err = sim_yaml_number(node, key, min, max, &number, reader->diag);
    *value = (uint32_t)number;
    return err;
}

static int read_u8(const struct reader *reader, const struct sim_yaml_node *node, const char *key,
                   uint64_t min, uint64_t max, uint8_t *value)
{
    uint32_t number = *value;
    int err = read_u32(reader, node, key, min, max, &number);
    *value = (uint8_t)number;
    return err;
}

static int read_uuid(const struct reader *reader, const struct sim_yaml_node *root)
{
    char text[VIO_UUID_TEXT_SIZE] = "";
    const struct sim_yaml_node *node = sim_yaml_get(root, "uuid");
    if (!node)
        return 0;
    const char *scalar = sim_yaml_scalar(node);
    if (scalar && strlen(scalar) < sizeof(text))
        memcpy(text, scalar, strlen(scalar));
    if (vio__uuid_parse(text, reader->spec->uuid))
        return sim_yaml_error(node, reader->diag,
                              "uuid has to look like 01234567-89ab-cdef-0123-456789abcdef");
    return 0;
}

static int read_limits(const struct reader *reader, const struct sim_yaml_node *node)
{
    static const char *const keys[] = {"functions", "ring-entries", "queue-sets", NULL};
    struct sim_chassis_limits *limits = &reader->spec->limits;
    *limits = (struct sim_chassis_limits){
        .functions = 1024, .ring_entries = 4096, .queue_sets = VIO_HW_QUEUE_COUNT};
    int err = node ? sim_yaml_expect_keys(node, "limits", keys, reader->diag) : 0;
    if (!node || err)
        return err;
    err = read_u32(reader, node, "functions", 1, SIM_CHASSIS_FUNCTIONS_MAX, &limits->functions);
    if (!err)
        err = read_u32(reader, node, "ring-entries", 16, 4096, &limits->ring_entries);
    if (!err)
        err = read_u32(reader, node, "queue-sets", 1, VIO_HW_QUEUE_COUNT, &limits->queue_sets);
    if (!err && (limits->ring_entries & (limits->ring_entries - 1)))
        err = sim_yaml_error(sim_yaml_get(node, "ring-entries"), reader->diag,
                             "ring-entries has to be a power of two");
    return err;
}

static int read_timing(const struct reader *reader, const struct sim_yaml_node *node)
{
    static const char *const keys[] = {"command", "hotplug", "link-training", NULL};
    struct sim_chassis_timing *timing = &reader->spec->timing;
    *timing = (struct sim_chassis_timing){.hotplug_us = 5000, .link_training_us = 20000};
    int err = node ? sim_yaml_expect_keys(node, "timing", keys, reader->diag) : 0;
    if (!node || err)
        return err;
    err = read_u32(reader, node, "command", 0, TIME_MAX, &timing->command_us);
    if (!err)
        err = read_u32(reader, node, "hotplug", 0, TIME_MAX, &timing->hotplug_us);
    if (!err)
        err = read_u32(reader, node, "link-training", 0, TIME_MAX, &timing->link_training_us);
    return err;
}

static int read_link(const struct reader *reader, const struct sim_yaml_node *node,
                     struct sim_link *link)
{
    *link = (struct sim_link){.speed = 3, .width = 8};
    int err = read_u8(reader, node, "speed", 1, 6, &link->speed);
    if (!err)
        err = read_u8(reader, node, "lanes", 1, 32, &link->width);
    bool is_width = !(link->width & (link->width - 1)) || link->width == 12;
    if (!err && !is_width)
        err = sim_yaml_error(sim_yaml_get(node, "lanes"), reader->diag,
                             "lanes is %u; allowed are 1, 2, 4, 8, 12, 16 and 32", link->width);
    return err;
}

/* A name that is not in use among `count` others, `stride` bytes apart. */
static int read_name(const struct reader *reader, const struct sim_yaml_node *node,
                     const char *what, char *name, const char *others, unsigned count,
                     size_t stride)
{
    if (!sim_yaml_get(node, "name"))
        return sim_yaml_error(node, reader->diag, "the %s needs a name", what);
    int err = sim_yaml_text(node, "name", name, SIM_NAME_MAX + 1, reader->diag);
    for (unsigned i = 0; !err && i < count; i++)
        if (!strcmp(others + i * stride, name))
            err = sim_yaml_error(node, reader->diag, "%s \"%s\" is there already", what, name);
    return err;
}

static int read_server(const struct reader *reader, const struct sim_yaml_node *node)
{
    static const char *const keys[] = {"name",  "paths", "hotplug-slots", "power", "speed",
                                       "lanes", NULL};
    struct sim_chassis_spec *spec = reader->spec;
    if (spec->server_count == SIM_CHASSIS_SERVERS_MAX)
        return sim_yaml_error(node, reader->diag, "more than 256 servers");
    struct sim_server_spec *server = &spec->servers[spec->server_count];
    *server = (struct sim_server_spec){.paths = 1, .hotplug_slots = 8, .power = true};
    int err = sim_yaml_expect_keys(node, "a server", keys, reader->diag);
    if (!err)
        err = read_name(reader, node, "server", server->name, spec->servers[0].name,
                        spec->server_count, sizeof(*server));
    if (!err)
        err = read_u8(reader, node, "paths", 1, SIM_SERVER_PATHS_MAX, &server->paths);
    if (!err)
        err = read_u8(reader, node, "hotplug-slots", 1, SIM_HIERARCHY_SLOTS_MAX,
                      &server->hotplug_slots);
    if (!err)
        err = sim_yaml_switch(node, "power", &server->power, reader->diag);
    if (!err)
        err = read_link(reader, node, &server->link);
    spec->server_count += !err;
    return err;
}

/* A relative path is meant from the file's own directory, unless it is the name of a description.
 */
static char *resolve(const struct sim_chassis_spec *spec, const char *where)
{
    char path[PATH_SIZE];
    const char *slash = strrchr(spec->file, '/');
    if (where[0] == '/' || !slash)
        return vio__strdup(spec->alloc, where);
    int n = snprintf(path, sizeof(path), "%s/adapters/%s.yaml", spec->share_dir, where);
    bool is_known = !strchr(where, '/') && n < (int)sizeof(path) && access(path, F_OK) == 0;
    n = snprintf(path, sizeof(path), "%.*s%s", (int)(slash + 1 - spec->file), spec->file, where);
    bool use_path = !is_known && n < (int)sizeof(path);
    return vio__strdup(spec->alloc, use_path ? path : where);
}

static int set_adapter(struct sim_chassis_spec *spec, unsigned index, char *adapter)
{
    if (!adapter)
        return VIO_ENOMEM;
    vio__free(spec->alloc, spec->adapters[index]);
    spec->adapters[index] = adapter;
    spec->slots[index].adapter = adapter;
    return 0;
}

static int read_adapter(const struct reader *reader, const struct sim_yaml_node *node,
                        unsigned index)
{
    char where[1024];
    const struct sim_yaml_node *child = sim_yaml_get(node, "adapter");
    if (!child || sim_yaml_is_null(child))
        return 0;
    int err = sim_yaml_text(node, "adapter", where, sizeof(where), reader->diag);
    if (err || !strcmp(where, "none"))
        return err;
    err = set_adapter(reader->spec, index, resolve(reader->spec, where));
    return err ? sim_diag_set(reader->diag, err, "%s: out of memory", reader->spec->file) : 0;
}

static int read_slot(const struct reader *reader, const struct sim_yaml_node *node)
{
    static const char *const keys[] = {"name", "adapter", "speed", "lanes", NULL};
    struct sim_chassis_spec *spec = reader->spec;
    unsigned index = spec->slot_count;
    if (index == SIM_CHASSIS_SLOTS_MAX)
        return sim_yaml_error(node, reader->diag, "more than 64 slots");
    struct sim_slot_spec *slot = &spec->slots[index];
    int err = sim_yaml_expect_keys(node, "a slot", keys, reader->diag);
    if (!err)
        err =
            read_name(reader, node, "slot", slot->name, spec->slots[0].name, index, sizeof(*slot));
    if (!err && strchr(slot->name, '='))
        err = sim_yaml_error(node, reader->diag, "a slot's name must not contain \"=\"");
    if (!err)
        err = read_link(reader, node, &slot->link);
    if (!err)
        err = read_adapter(reader, node, index);
    spec->lines[index] = sim_yaml_line(node);
    spec->slot_count += !err;
    return err;
}

static int read_list(const struct reader *reader, const struct sim_yaml_node *root, const char *key,
                     int (*read_item)(const struct reader *, const struct sim_yaml_node *))
{
    const struct sim_yaml_node *list = sim_yaml_get(root, key);
    if (!list)
        return sim_yaml_error(root, reader->diag, "%s is missing: a list of at least one", key);
    int err = sim_yaml_expect_sequence(list, key, reader->diag);
    const struct sim_yaml_node *node = err ? NULL : sim_yaml_first(list);
    if (!err && !node)
        err = sim_yaml_error(list, reader->diag, "%s is empty; at least one is needed", key);
    for (; node && !err; node = sim_yaml_next(node))
        err = read_item(reader, node);
    return err;
}

static int read_chassis(const struct reader *reader, const struct sim_yaml_node *root)
{
    static const char *const keys[] = {"uuid",   "name",    "model", "serial", "limits",
                                       "timing", "servers", "slots", NULL};
    struct sim_chassis_spec *spec = reader->spec;
    snprintf(spec->name, sizeof(spec->name), "chassis");
    snprintf(spec->model, sizeof(spec->model), "software chassis");
    snprintf(spec->serial, sizeof(spec->serial), "none");
    int err = sim_yaml_expect_keys(root, "a chassis", keys, reader->diag);
    if (!err)
        err = read_uuid(reader, root);
    if (!err)
        err = sim_yaml_text(root, "name", spec->name, sizeof(spec->name), reader->diag);
    if (!err)
        err = sim_yaml_text(root, "model", spec->model, sizeof(spec->model), reader->diag);
    if (!err)
        err = sim_yaml_text(root, "serial", spec->serial, sizeof(spec->serial), reader->diag);
    if (!err)
        err = read_limits(reader, sim_yaml_get(root, "limits"));
    if (!err)
        err = read_timing(reader, sim_yaml_get(root, "timing"));
    if (!err)
        err = read_list(reader, root, "servers", read_server);
    if (!err)
        err = read_list(reader, root, "slots", read_slot);
    return err;
}

int sim_chassis_spec_parse(const struct vio_alloc *alloc, const char *name, const char *text,
                           size_t len, const char *share_dir, struct sim_chassis_spec **ret_spec,
                           struct sim_diag *diag)
{
    struct sim_yaml *yaml = NULL;
    char found[SIM_SHARE_SIZE];
    struct sim_chassis_spec *spec = vio__calloc(alloc, 1, sizeof(*spec));
    if (!spec)
        return sim_diag_set(diag, VIO_ENOMEM, "%s: out of memory", name);
    spec->alloc = alloc;
    spec->file = vio__strdup(alloc, name);
    if (!share_dir)
        sim_share_find(found);
    spec->share_dir = vio__strdup(alloc, share_dir ? share_dir : found);
    int err = spec->file && spec->share_dir
                  ? sim_yaml_parse(alloc, name, text, len, &yaml, diag)
                  : sim_diag_set(diag, VIO_ENOMEM, "%s: out of memory", name);
    struct reader reader = {spec, diag};
    if (!err)
        err = read_chassis(&reader, sim_yaml_root(yaml));
    sim_yaml_free(yaml);
    if (err) {
        sim_chassis_spec_free(spec);
        return err;
    }
    *ret_spec = spec;
    return 0;
}

int sim_chassis_spec_load(const struct vio_alloc *alloc, const char *path, const char *share_dir,
                          struct sim_chassis_spec **ret_spec, struct sim_diag *diag)
{
    char standard[SIM_SHARE_SIZE + sizeof("/" DEFAULT_FILE)], found[SIM_SHARE_SIZE];
    if (!share_dir) {
        sim_share_find(found);
        share_dir = found;
    }
    snprintf(standard, sizeof(standard), "%s/" DEFAULT_FILE, share_dir);
    if (!path)
        path = standard;
    struct vio_buf buf;
    vio__buf_init(&buf, alloc, SIM_YAML_SIZE_MAX);
    int err = sim_file_read(path, &buf, diag);
    if (!err)
        err = sim_chassis_spec_parse(alloc, path, buf.data ? (const char *)buf.data : "", buf.size,
                                     share_dir, ret_spec, diag);
    vio__buf_free(&buf);
    return err;
}

void sim_chassis_spec_free(struct sim_chassis_spec *spec)
{
    if (!spec)
        return;
    for (unsigned i = 0; i < SIM_CHASSIS_SLOTS_MAX; i++)
        vio__free(spec->alloc, spec->adapters[i]);
    vio__free(spec->alloc, spec->share_dir);
    vio__free(spec->alloc, spec->file);
    vio__free(spec->alloc, spec);
}

int sim_chassis_spec_set_adapter(struct sim_chassis_spec *spec, const char *slot, const char *where,
                                 struct sim_diag *diag)
{
    unsigned index = 0;
    while (index < spec->slot_count && strcmp(spec->slots[index].name, slot))
        index++;
    if (index == spec->slot_count)
        return sim_diag_set(diag, VIO_ENOENT,
                            "no slot \"%.63s\" in %s; there are %u, from \"%s\" to \"%s\"", slot,
                            spec->file, spec->slot_count, spec->slots[0].name,
                            spec->slots[spec->slot_count - 1].name);
    spec->lines[index] = 0;
    if (!*where || !strcmp(where, "none")) {
        vio__free(spec->alloc, spec->adapters[index]);
        spec->adapters[index] = NULL;
        spec->slots[index].adapter = NULL;
        return 0;
    }
    int err = set_adapter(spec, index, vio__strdup(spec->alloc, where));
    return err ? sim_diag_set(diag, err, "slot \"%s\": out of memory", slot) : 0;
}

int sim_chassis_spec_adapter(const struct sim_chassis_spec *spec, unsigned index,
                             struct sim_adapter **ret_adapter, struct sim_diag *diag)
{
    if (index >= spec->slot_count)
        return sim_diag_set(diag, VIO_EINVAL, "no slot %u; there are %u", index, spec->slot_count);
    const char *where = spec->adapters[index];
    if (!where) {
        *ret_adapter = NULL;
        return 0;
    }
    unsigned copy = 0;
    for (unsigned i = 0; i < index; i++)
        copy += spec->adapters[i] && !strcmp(spec->adapters[i], where);
    struct sim_diag why = {0};
    int err = sim_adapter_load_number(spec->alloc, where, spec->share_dir, index, copy, ret_adapter,
                                      &why);
    if (err && spec->lines[index])
        return sim_diag_set(diag, err, "%s:%zu: slot \"%s\": %s", spec->file, spec->lines[index],
                            spec->slots[index].name, why.text);
    return err ? sim_diag_set(diag, err, "slot \"%s\": %s", spec->slots[index].name, why.text) : 0;
}

const uint8_t *sim_chassis_spec_uuid(const struct sim_chassis_spec *spec)
{
    return spec->uuid;
}

void sim_chassis_spec_set_uuid(struct sim_chassis_spec *spec, const uint8_t uuid[16])
{
    memcpy(spec->uuid, uuid, sizeof(spec->uuid));
}

const char *sim_chassis_spec_name(const struct sim_chassis_spec *spec)
{
    return spec->name;
}

const char *sim_chassis_spec_model(const struct sim_chassis_spec *spec)
{
    return spec->model;
}

const char *sim_chassis_spec_serial(const struct sim_chassis_spec *spec)
{
    return spec->serial;
}

const struct sim_chassis_limits *sim_chassis_spec_limits(const struct sim_chassis_spec *spec)
{
    return &spec->limits;
}

const struct sim_chassis_timing *sim_chassis_spec_timing(const struct sim_chassis_spec *spec)
{
    return &spec->timing;
}

unsigned sim_chassis_spec_servers(const struct sim_chassis_spec *spec)
{
    return spec->server_count;
}

const struct sim_server_spec *sim_chassis_spec_server(const struct sim_chassis_spec *spec,
                                                      unsigned index)
{
    return index < spec->server_count ? &spec->servers[index] : NULL;
}

unsigned sim_chassis_spec_slots(const struct sim_chassis_spec *spec)
{
    return spec->slot_count;
}

const struct sim_slot_spec *sim_chassis_spec_slot(const struct sim_chassis_spec *spec,
                                                  unsigned index)
{
    return index < spec->slot_count ? &spec->slots[index] : NULL;
}
