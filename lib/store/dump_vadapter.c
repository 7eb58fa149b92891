/* SPDX-License-Identifier: MIT */
/* vAdapters as JSON. */
#include <libvio/error.h>

#include "lib/domain/name.h"
#include "lib/domain/vlan.h"
#include "lib/store/dump_objects.h"

#define INDEX_MAX      65535u /* of servers and adapters */
#define ALWAYS_WRITTEN 2u     /* no boolean is this */
#define CLASS_MAX      7u
#define SECTOR         512u
#define SMALLEST_DISK  (UINT64_C(1) << 20)

/* -- VLAN -------------------------------------------------------------------------------------- */

static const struct vio_dump_word modes[] = {
    {"none", VIO_VLAN_NONE}, {"access", VIO_VLAN_ACCESS}, {"trunk", VIO_VLAN_TRUNK}, {NULL, 0}};

static json_t *write_number_of(const struct vio_vlan_config *vlan, enum vio_vlan_mode mode)
{
    return vlan->mode == mode && vlan->vlan != 0 ? vio__dump_write_number(vlan->vlan) : json_null();
}

static json_t *write_access(const void *object)
{
    return write_number_of(object, VIO_VLAN_ACCESS);
}

static json_t *write_native(const void *object)
{
    return write_number_of(object, VIO_VLAN_TRUNK);
}

static void read_vlan_number(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                             const json_t *value, void *object)
{
    struct vio_vlan_config *vlan = object;
    uint64_t number;

    if (vio__dump_read_number(reader, where, value, 1, VIO_VLAN_MAX, &number))
        vlan->vlan = (uint16_t)number;
}

static json_t *write_vlans(const void *object)
{
    const struct vio_vlan_config *vlan = object;
    char text[VIO_VLAN_TEXT_SIZE];

    if (vlan->mode != VIO_VLAN_TRUNK)
        return json_null();
    vio__vlan_format(vlan, text);
    return json_string_nocheck(text);
}

static void read_vlans(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                       const json_t *value, void *object)
{
    const char *text = json_string_value(value);
    int status = text ? vio__vlan_parse(text, object) : VIO_EPARSE;

    if (status != 0)
        vio__dump_complain(reader, where, status, value,
                           "at most 16 VLANs or ranges from 1 to 4094, such as \"10,20-29\"");
}

static const struct vio_dump_field vlan_field[] = {
    {.key = "mode",
     .type = VIO_DUMP_WORD,
     .words = modes,
     .absent = VIO_VLAN_NONE,
     VIO_DUMP_MEMBER(struct vio_vlan_config, mode)},
    {.key = "vlan", .type = VIO_DUMP_OTHER, .write = write_access, .read = read_vlan_number},
    {.key = "native", .type = VIO_DUMP_OTHER, .write = write_native, .read = read_vlan_number},
    {.key = "vlans", .type = VIO_DUMP_OTHER, .write = write_vlans, .read = read_vlans},
};
static const struct vio_dump_fields vlan_fields = VIO_DUMP_FIELDS(vlan_field);

static json_t *write_vlan(const void *member)
{
    return vio__dump_write_fields(&vlan_fields, member, true);
}

/* Which of the fields belong to which mode. */
static void check_vlan(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                       const json_t *value, enum vio_vlan_mode mode)
{
    bool vlan = json_object_get(value, "vlan") != NULL;
    bool native = json_object_get(value, "native") != NULL;
    bool vlans = json_object_get(value, "vlans") != NULL;

    if (vlan != (mode == VIO_VLAN_ACCESS))
        vio__dump_problem(reader, where, VIO_EPARSE,
                          "vlan is needed with mode \"access\" and goes with no other");
    if (vlans != (mode == VIO_VLAN_TRUNK))
        vio__dump_problem(reader, where, VIO_EPARSE,
                          "vlans are needed with mode \"trunk\" and go with no other");
    if (native && mode != VIO_VLAN_TRUNK)
        vio__dump_problem(reader, where, VIO_EPARSE, "native goes with mode \"trunk\" only");
}

static void read_vlan(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                      const json_t *value, void *member)
{
    const struct vio_vlan_config *vlan = member;
    size_t problems = vio__dump_num_problems(reader);

    vio__dump_read_fields(reader, where, value, &vlan_fields, member);
    if (problems == vio__dump_num_problems(reader))
        check_vlan(reader, where, value, vlan->mode);
}

/* -- QoS --------------------------------------------------------------------------------------- */

#define RATE(name)                                                 \
    {                                                              \
        .key = #name, .type = VIO_DUMP_NUMBER, .most = UINT64_MAX, \
        VIO_DUMP_MEMBER(struct vio_rate, name)                     \
    }

static const struct vio_dump_field rate_field[] = {RATE(cir), RATE(cbs), RATE(pir), RATE(pbs)};
static const struct vio_dump_fields rate_fields = VIO_DUMP_FIELDS(rate_field);

static const struct vio_dump_field qos_field[] = {
    {.key = "tx",
     .type = VIO_DUMP_OBJECT,
     .fields = &rate_fields,
     VIO_DUMP_MEMBER(struct vio_qos_config, tx)},
    {.key = "rx",
     .type = VIO_DUMP_OBJECT,
     .fields = &rate_fields,
     VIO_DUMP_MEMBER(struct vio_qos_config, rx)},
    {.key = "weight",
     .type = VIO_DUMP_NUMBER,
     .most = UINT16_MAX,
     VIO_DUMP_MEMBER(struct vio_qos_config, weight)},
    {.key = "class",
     .type = VIO_DUMP_NUMBER,
     .most = CLASS_MAX,
     VIO_DUMP_MEMBER(struct vio_qos_config, traffic_class)},
    {.key = "tx_police",
     .type = VIO_DUMP_BOOLEAN,
     VIO_DUMP_MEMBER(struct vio_qos_config, tx_police)},
    {.key = "rx_police",
     .type = VIO_DUMP_BOOLEAN,
     VIO_DUMP_MEMBER(struct vio_qos_config, rx_police)},
};
static const struct vio_dump_fields qos_fields = VIO_DUMP_FIELDS(qos_field);

/* -- The whole --------------------------------------------------------------------------------- */

#define MEMBER(name) VIO_DUMP_MEMBER(struct vio_vadapter_info, name)

static const struct vio_dump_word kinds[] = {{"vnic", VIO_VADAPTER_VNIC},
                                             {"vhba", VIO_VADAPTER_VHBA},
                                             {"vdisk", VIO_VADAPTER_VDISK},
                                             {NULL, 0}};

static const struct vio_dump_field vadapter_field[] = {
    {.key = "name", .type = VIO_DUMP_NAME, .required = true, MEMBER(name)},
    {.key = "uuid", .type = VIO_DUMP_UUID, .required = true, MEMBER(uuid)},
    {.key = "kind", .type = VIO_DUMP_WORD, .required = true, .words = kinds, MEMBER(kind)},
    {.key = "chassis", .type = VIO_DUMP_UUID, .required = true, MEMBER(chassis)},
    {.key = "adapter",
     .type = VIO_DUMP_NUMBER,
     .required = true,
     .most = INDEX_MAX,
     MEMBER(adapter)},
    {.key = "server",
     .type = VIO_DUMP_NUMBER,
     .most = INDEX_MAX,
     .absent = VIO_NO_INDEX,
     MEMBER(server)},
    {.key = "path", .type = VIO_DUMP_NUMBER, .most = 1, .absent = VIO_NO_INDEX, MEMBER(path)},
    {.key = "address", .type = VIO_DUMP_ADDRESS, .required = true, MEMBER(address)},
    {.key = "node_address", .type = VIO_DUMP_ADDRESS, MEMBER(node_address)},
    {.key = "factory_address", .type = VIO_DUMP_ADDRESS, MEMBER(factory_address)},
    {.key = "size",
     .type = VIO_DUMP_NUMBER,
     .least = SMALLEST_DISK,
     .most = UINT64_MAX,
     MEMBER(size)},
    {.key = "enabled", .type = VIO_DUMP_BOOLEAN, .absent = ALWAYS_WRITTEN, MEMBER(enabled)},
    {.key = "vlan", .type = VIO_DUMP_OTHER, .write = write_vlan, .read = read_vlan, MEMBER(vlan)},
    {.key = "qos", .type = VIO_DUMP_OBJECT, .fields = &qos_fields, MEMBER(qos)},
    {.key = "retired", .type = VIO_DUMP_NUMBER, .most = UINT64_MAX, MEMBER(retired)},
    {.key = "description",
     .type = VIO_DUMP_STRING,
     .most = VIO_DESCRIPTION_MAX,
     MEMBER(description)},
    {.key = "labels", .type = VIO_DUMP_LABELS, MEMBER(labels)},
};
static const struct vio_dump_fields vadapter_fields = VIO_DUMP_FIELDS(vadapter_field);

static void check_place(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                        const struct vio_vadapter_info *vadapter)
{
    if ((vadapter->server == VIO_NO_INDEX) != (vadapter->path == VIO_NO_INDEX))
        vio__dump_problem(reader, where, VIO_EPARSE,
                          "server and path go together: give both, or neither");
}

static void check_size(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                       const struct vio_vadapter_info *vadapter)
{
    const struct vio_dump_where size = {.in = where, .key = "size"};

    if (vadapter->kind != VIO_VADAPTER_VDISK && vadapter->size != 0)
        vio__dump_problem(reader, &size, VIO_EINVAL, "goes with a vdisk only");
    if (vadapter->kind == VIO_VADAPTER_VDISK && (vadapter->size == 0 || vadapter->size % SECTOR))
        vio__dump_problem(reader, &size, VIO_EINVAL,
                          "a vdisk needs a size, in bytes: a multiple of 512, at least 1048576");
}

static void check(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                  const void *object)
{
    const struct vio_vadapter_info *vadapter = object;
    const struct vio_dump_where address = {.in = where, .key = "address"};
    const struct vio_dump_where node = {.in = where, .key = "node_address"};
    const struct vio_dump_where vlan = {.in = where, .key = "vlan"};
    const struct vio_dump_where retired = {.in = where, .key = "retired"};

    check_place(reader, where, vadapter);
    if (vadapter->kind == VIO_VADAPTER_UNKNOWN)
        return;
    check_size(reader, where, vadapter);
    if (vadapter->address.kind != 0 &&
        vadapter->address.kind != vio__vadapter_address_kind(vadapter->kind))
        vio__dump_problem(reader, &address, VIO_EADDR,
                          "the identity of a vnic is a MAC-48, of a vhba a WWN, of a vdisk a UUID");
    if (vadapter->node_address.kind != 0 &&
        (vadapter->kind != VIO_VADAPTER_VHBA || vadapter->node_address.kind != VIO_ADDRESS_WWN))
        vio__dump_problem(reader, &node, VIO_EADDR, "is a WWN, and goes with a vhba only");
    if (vadapter->retired != 0 &&
        (vadapter->kind != VIO_VADAPTER_VDISK || vadapter->server != VIO_NO_INDEX))
        vio__dump_problem(reader, &retired, VIO_EINVAL, "goes with a vdisk in no server only");
    if (vadapter->kind != VIO_VADAPTER_VNIC && vadapter->vlan.mode != VIO_VLAN_NONE)
        vio__dump_problem(reader, &vlan, VIO_EINVAL, "goes with a vnic only");
}

static int make(const struct vio_alloc *alloc, void **ret_object)
{
    struct vio_vadapter_info *vadapter;
    int status = vio__vadapter_new(alloc, &vadapter);

    if (status == 0)
        *ret_object = vadapter;
    return status;
}

static void drop(const struct vio_alloc *alloc, void *object)
{
    (void)alloc;
    vio__vadapter_unref(object);
}

static int copy(const struct vio_alloc *alloc, const void *object, const void *before,
                void **ret_object)
{
    const struct vio_vadapter_info *present = before;
    struct vio_vadapter_info *vadapter;
    int status = vio__vadapter_copy(object, &vadapter);

    (void)alloc;
    if (status != 0)
        return status;
    vadapter->generation = present ? present->generation + 1 : 1;
    *ret_object = vadapter;
    return 0;
}

static const char *const fixed[] = {"kind", "chassis", "adapter", "size", NULL};

const struct vio_dump_kind vio__dump_vadapter = {
    .row = VIO_ROW_VADAPTER,
    .section = "vadapters",
    .noun = "vadapter",
    .fields = &vadapter_fields,
    .make = make,
    .drop = drop,
    .check = check,
    .copy = copy,
    .fixed = fixed,
    .key = offsetof(struct vio_vadapter_info, uuid),
    .key_size = VIO_UUID_SIZE,
    .name = offsetof(struct vio_vadapter_info, name),
    .named_once = true,
    .addresses = {offsetof(struct vio_vadapter_info, address),
                  offsetof(struct vio_vadapter_info, node_address)},
    .address_keys = {"address", "node_address"},
};
