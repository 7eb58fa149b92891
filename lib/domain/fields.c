/* SPDX-License-Identifier: MIT */
#include "lib/domain/fields.h"

#include <inttypes.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/buf.h"
#include "lib/domain/hwaddr.h"
#include "lib/domain/qos.h"
#include "lib/domain/vlan.h"

#define TEXT_MAX ((size_t)1 << 16)

/* A field, and how its value is appended to a text; nothing for no value. */
struct field {
    const char *name;
    void (*write)(struct vio_buf *text, const void *object, const struct vio_observation *seen);
};

/* -- Functions --------------------------------------------------------------------------------- */

static void write_address(struct vio_buf *text, const struct vio_address *address)
{
    char formatted[VIO_ADDRESS_TEXT_SIZE];

    if (address->kind != 0 && vio__hwaddr_format(address, formatted, sizeof(formatted)) == 0)
        vio__buf_append_str(text, formatted);
}

/* An object of the chassis by its name, or by its number where that is not known. */
static void write_place(struct vio_buf *text, uint32_t index, const char *name)
{
    if (name)
        vio__buf_append_str(text, name);
    else if (index != VIO_NO_INDEX)
        vio__buf_printf(text, "%" PRIu32, index);
}

static void write_name(struct vio_buf *text, const void *object, const struct vio_observation *seen)
{
    const struct vio_function_info *function = object;

    (void)seen;
    vio__buf_append_str(text, function->label);
}

static void write_uuid(struct vio_buf *text, const void *object, const struct vio_observation *seen)
{
    const struct vio_function_info *function = object;
    struct vio_address uuid = {.kind = VIO_ADDRESS_UUID, .length = VIO_UUID_SIZE};

    (void)seen;
    memcpy(uuid.bytes, function->cookie, VIO_UUID_SIZE);
    if (!vio__uuid_is_nil(function->cookie))
        write_address(text, &uuid);
}

static void write_type(struct vio_buf *text, const void *object, const struct vio_observation *seen)
{
    const struct vio_function_info *function = object;

    (void)seen;
    vio__buf_append_str(text, vio__vadapter_kind_name(function->kind));
}

static void write_adapter(struct vio_buf *text, const void *object,
                          const struct vio_observation *seen)
{
    uint32_t index = ((const struct vio_function_info *)object)->adapter;

    write_place(text, index,
                seen && index < seen->num_adapters ? seen->adapters[index].name : NULL);
}

static void write_server(struct vio_buf *text, const void *object,
                         const struct vio_observation *seen)
{
    uint32_t index = ((const struct vio_function_info *)object)->server;

    write_place(text, index, seen && index < seen->num_servers ? seen->servers[index].name : NULL);
}

static void write_path(struct vio_buf *text, const void *object, const struct vio_observation *seen)
{
    (void)seen;
    write_place(text, ((const struct vio_function_info *)object)->path, NULL);
}

static void write_identity(struct vio_buf *text, const void *object,
                           const struct vio_observation *seen)
{
    (void)seen;
    write_address(text, &((const struct vio_function_info *)object)->address);
}

static void write_node(struct vio_buf *text, const void *object, const struct vio_observation *seen)
{
    (void)seen;
    write_address(text, &((const struct vio_function_info *)object)->node_address);
}

static void write_size(struct vio_buf *text, const void *object, const struct vio_observation *seen)
{
    const struct vio_function_info *function = object;

    (void)seen;
    if (function->size != 0)
        vio__buf_printf(text, "%" PRIu64, function->size);
}

/* "10", "trunk 10,20-29" or "trunk 10,20-29 native 5". */
static void write_vlan(struct vio_buf *text, const void *object, const struct vio_observation *seen)
{
    const struct vio_vlan_config *vlan = &((const struct vio_function_info *)object)->vlan;
    char ranges[VIO_VLAN_TEXT_SIZE];

    (void)seen;
    if (vlan->mode == VIO_VLAN_ACCESS)
        vio__buf_printf(text, "%u", vlan->vlan);
    if (vlan->mode != VIO_VLAN_TRUNK)
        return;
    vio__vlan_format(vlan, ranges);
    vio__buf_printf(text, "trunk %s", ranges);
    if (vlan->vlan != 0)
        vio__buf_printf(text, " native %u", vlan->vlan);
}

static void write_rate(struct vio_buf *text, const char *name, const struct vio_rate *rate,
                       bool police)
{
    vio__buf_printf(text, "%s %" PRIu64 "/%" PRIu64 " to %" PRIu64 "/%" PRIu64 " %s", name,
                    rate->cir, rate->cbs, rate->pir, rate->pbs, police ? "police" : "shape");
}

/* For each direction the guaranteed rate and burst, the peak rate and burst. */
static void write_qos(struct vio_buf *text, const void *object, const struct vio_observation *seen)
{
    static const struct vio_qos_config none;
    const struct vio_qos_config *qos = &((const struct vio_function_info *)object)->qos;

    (void)seen;
    if (vio__qos_equal(qos, &none))
        return;
    write_rate(text, "tx", &qos->tx, qos->tx_police);
    write_rate(text, ", rx", &qos->rx, qos->rx_police);
    vio__buf_printf(text, ", weight %u, class %u", qos->weight, qos->traffic_class);
}

static void write_enabled(struct vio_buf *text, const void *object,
                          const struct vio_observation *seen)
{
    (void)seen;
    vio__buf_append_str(text,
                        ((const struct vio_function_info *)object)->enabled ? "true" : "false");
}

static const struct field function_fields[] = {
    {"name", write_name},        {"uuid", write_uuid},         {"type", write_type},
    {"adapter", write_adapter},  {"server", write_server},     {"path", write_path},
    {"address", write_identity}, {"node_address", write_node}, {"size", write_size},
    {"vlan", write_vlan},        {"qos", write_qos},           {"enabled", write_enabled},
};

/* -- What the store alone knows of a vAdapter -------------------------------------------------- */

static void write_description(struct vio_buf *text, const void *object,
                              const struct vio_observation *seen)
{
    const struct vio_vadapter_info *vadapter = object;

    (void)seen;
    if (vadapter->description)
        vio__buf_append_str(text, vadapter->description);
}

static void append_labels(struct vio_buf *text, const struct vio_labels *labels)
{
    for (size_t i = 0; i < labels->count; i++)
        vio__buf_printf(text, "%s%s=%s", i > 0 ? ", " : "", labels->label[i].key,
                        labels->label[i].value);
}

static void write_labels(struct vio_buf *text, const void *object,
                         const struct vio_observation *seen)
{
    (void)seen;
    append_labels(text, &((const struct vio_vadapter_info *)object)->labels);
}

static const struct field vadapter_fields[] = {
    {"description", write_description},
    {"labels", write_labels},
};

/* -- Pools ------------------------------------------------------------------------------------- */

static void write_pool_name(struct vio_buf *text, const void *object,
                            const struct vio_observation *seen)
{
    (void)seen;
    vio__buf_append_str(text, ((const struct vio_pool_info *)object)->name);
}

static void write_purpose(struct vio_buf *text, const void *object,
                          const struct vio_observation *seen)
{
    (void)seen;
    vio__buf_append_str(text,
                        vio__pool_purpose_name(((const struct vio_pool_info *)object)->purpose));
}

static void write_order(struct vio_buf *text, const void *object,
                        const struct vio_observation *seen)
{
    (void)seen;
    vio__buf_append_str(text, vio__pool_order_name(((const struct vio_pool_info *)object)->order));
}

static void write_quarantine(struct vio_buf *text, const void *object,
                             const struct vio_observation *seen)
{
    (void)seen;
    vio__buf_printf(text, "%" PRIu32, ((const struct vio_pool_info *)object)->quarantine);
}

/* "FIRST to LAST, ONE, …" */
static void write_list(struct vio_buf *text, const struct vio_pool_ranges *ranges)
{
    for (size_t i = 0; i < ranges->count; i++) {
        const struct vio_pool_range *range = &ranges->range[i];

        if (i > 0)
            vio__buf_append_str(text, ", ");
        write_address(text, &range->first);
        if (vio__hwaddr_compare(&range->first, &range->last) == 0)
            continue;
        vio__buf_append_str(text, " to ");
        write_address(text, &range->last);
    }
}

static void write_ranges(struct vio_buf *text, const void *object,
                         const struct vio_observation *seen)
{
    (void)seen;
    write_list(text, &((const struct vio_pool_info *)object)->ranges);
}

static void write_exclusions(struct vio_buf *text, const void *object,
                             const struct vio_observation *seen)
{
    (void)seen;
    write_list(text, &((const struct vio_pool_info *)object)->exclusions);
}

static void write_externals(struct vio_buf *text, const void *object,
                            const struct vio_observation *seen)
{
    (void)seen;
    write_list(text, &((const struct vio_pool_info *)object)->externals);
}

static void write_pool_description(struct vio_buf *text, const void *object,
                                   const struct vio_observation *seen)
{
    const struct vio_pool_info *pool = object;

    (void)seen;
    if (pool->description)
        vio__buf_append_str(text, pool->description);
}

static void write_pool_labels(struct vio_buf *text, const void *object,
                              const struct vio_observation *seen)
{
    (void)seen;
    append_labels(text, &((const struct vio_pool_info *)object)->labels);
}

static const struct field pool_fields[] = {
    {"name", write_pool_name},      {"purpose", write_purpose},
    {"order", write_order},         {"quarantine", write_quarantine},
    {"ranges", write_ranges},       {"exclusions", write_exclusions},
    {"externals", write_externals}, {"description", write_pool_description},
    {"labels", write_pool_labels},
};

/* -- Comparing --------------------------------------------------------------------------------- */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* NULL where memory is out. */
static const char *text_of(const struct field *field, struct vio_buf *text, const void *object,
                           const struct vio_observation *seen)
{
    text->size = 0;
    field->write(text, object, seen);
    return vio__buf_str(text);
}

static int compare(const struct field *fields, size_t count, const void *before, const void *after,
                   const struct vio_observation *seen, vio_field_differs differs, void *user)
{
    struct vio_buf was, is;
    int status;

    vio__buf_init(&was, NULL, TEXT_MAX);
    vio__buf_init(&is, NULL, TEXT_MAX);
    for (size_t i = 0; i < count; i++) {
        const char *was_text = before ? text_of(&fields[i], &was, before, seen) : "";
        const char *is_text = after ? text_of(&fields[i], &is, after, seen) : "";

        if (!was_text || !is_text)
            break;
        if (strcmp(was_text, is_text) != 0)
            differs(user, fields[i].name, was_text, is_text);
    }
    status = was.status != 0 ? was.status : is.status;
    vio__buf_free(&is);
    vio__buf_free(&was);
    return status;
}

int vio__fields_of_function(const struct vio_function_info *before,
                            const struct vio_function_info *after,
                            const struct vio_observation *seen, vio_field_differs differs,
                            void *user)
{
    struct vio_function_info any;

    if (before && after && after->path == VIO_NO_INDEX && after->server == before->server) {
        any = *after;
        any.path = before->path;
        after = &any;
    }
    return compare(function_fields, COUNT(function_fields), before, after, seen, differs, user);
}

int vio__fields_of_vadapter(const struct vio_vadapter_info *before,
                            const struct vio_vadapter_info *after,
                            const struct vio_observation *seen, vio_field_differs differs,
                            void *user)
{
    struct vio_function_info was, is;
    int status;

    if (before)
        vio__vadapter_function(before, &was);
    if (after)
        vio__vadapter_function(after, &is);
    status = compare(function_fields, COUNT(function_fields), before ? &was : NULL,
                     after ? &is : NULL, seen, differs, user);
    if (status == 0)
        status =
            compare(vadapter_fields, COUNT(vadapter_fields), before, after, seen, differs, user);
    return status;
}

int vio__fields_of_pool(const struct vio_pool_info *before, const struct vio_pool_info *after,
                        vio_field_differs differs, void *user)
{
    return compare(pool_fields, COUNT(pool_fields), before, after, NULL, differs, user);
}
