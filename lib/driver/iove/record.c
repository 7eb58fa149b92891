/* SPDX-License-Identifier: MIT */
/* The fields of records, and the records of what does not change by commands. */
#include "lib/driver/iove/record.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/hwaddr.h"
#include "lib/domain/name.h"
#include "lib/hw/wire.h"

#define U32(reg) vio__iove_record_u32(record, VIO_HW_##reg)
#define U64(reg) vio__iove_record_u64(record, VIO_HW_##reg)
#define TEXT(block, reg, at) \
    vio__iove_record_text(record, #reg, VIO_HW_##block##_##reg, at, sizeof(at))
#define REF(block, reg, count) \
    vio__iove_record_ref(record, #reg, VIO_HW_##block##_##reg, record->limits->count)

/* -- Fields ------------------------------------------------------------------------------------ */

void vio__iove_record_fail(struct vio_iove_record *record, const char *fmt, ...)
{
    va_list args;
    int length;

    if (record->status)
        return;
    record->status = VIO_EPROTO;
    length = snprintf(record->error, VIO_IOVE_ERROR_SIZE, "%s %u: ", record->noun, record->index);
    va_start(args, fmt);
    vsnprintf(record->error + length, VIO_IOVE_ERROR_SIZE - (size_t)length, fmt, args);
    va_end(args);
}

uint32_t vio__iove_record_u32(const struct vio_iove_record *record, uint32_t offset)
{
    return vio__hw_get32(record->bytes + offset);
}

uint64_t vio__iove_record_u64(const struct vio_iove_record *record, uint32_t offset)
{
    return vio__hw_get64(record->bytes + offset);
}

uint32_t vio__iove_record_range(struct vio_iove_record *record, const char *field, uint32_t value,
                                uint32_t least, uint32_t most)
{
    if (value >= least && value <= most)
        return value;
    vio__iove_record_fail(record, "%s is %u, not %u to %u", field, value, least, most);
    return 0;
}

uint32_t vio__iove_record_ref(struct vio_iove_record *record, const char *field, uint32_t offset,
                              uint32_t count)
{
    uint32_t value = vio__iove_record_u32(record, offset);

    if (value == VIO_HW_NONE)
        return VIO_NO_INDEX;
    if (value >= count)
        vio__iove_record_fail(record, "%s is %u, of which there are %u", field, value, count);
    return value;
}

/* Control characters, which some other manager may have written, would upset terminals. */
static void replace_controls(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            *text = '?';
}

void vio__iove_record_text(struct vio_iove_record *record, const char *field, uint32_t offset,
                           char *ret_text, size_t size)
{
    memcpy(ret_text, record->bytes + offset, size);
    if (!memchr(ret_text, '\0', size)) {
        vio__iove_record_fail(record, "%s does not end", field);
        ret_text[0] = '\0';
        return;
    }
    replace_controls(ret_text);
    if (!vio__text_is_valid(ret_text, size - 1)) {
        vio__iove_record_fail(record, "%s is not UTF-8", field);
        ret_text[0] = '\0';
    }
}

void vio__iove_record_address(struct vio_iove_record *record, const char *field, uint32_t offset,
                              struct vio_address *ret_address)
{
    static const uint8_t zeros[sizeof ret_address->bytes];
    const uint8_t *at = record->bytes + offset;
    size_t length = vio__hwaddr_length(at[0]);

    memset(ret_address, 0, sizeof *ret_address);
    if ((at[0] != VIO_HW_ADDRESS_NONE && length == 0) || at[1] != length) {
        vio__iove_record_fail(record, "%s has kind %u and length %u, which is no address", field,
                              at[0], at[1]);
        return;
    }
    if (memcmp(at + 2, zeros, VIO_HW_ADDRESS_HEADER - 2) != 0 ||
        memcmp(at + VIO_HW_ADDRESS_HEADER + length, zeros, sizeof zeros - length) != 0) {
        vio__iove_record_fail(record, "%s is not zero where it is unused", field);
        return;
    }
    ret_address->kind = at[0];
    ret_address->length = at[1];
    memcpy(ret_address->bytes, at + VIO_HW_ADDRESS_HEADER, length);
}

static void check_index(struct vio_iove_record *record)
{
    uint32_t index = vio__hw_get32(record->bytes);

    if (index != record->index)
        vio__iove_record_fail(record, "INDEX is %u", index);
}

/* -- Records ----------------------------------------------------------------------------------- */

int vio__iove_record_chassis(struct vio_iove_record *record, struct vio_chassis_info *ret_info)
{
    struct vio_chassis_info info = {0};

    memcpy(info.uuid, record->bytes + VIO_HW_GLOBAL_UUID, sizeof info.uuid);
    TEXT(GLOBAL, NAME, info.name);
    TEXT(GLOBAL, MODEL, info.model);
    TEXT(GLOBAL, SERIAL, info.serial);
    TEXT(GLOBAL, FIRMWARE, info.firmware);
    TEXT(GLOBAL, LEASE_HOLDER, info.owner);
    info.boot_id = U64(GLOBAL_BOOT_ID);
    info.uptime = U64(GLOBAL_UPTIME);
    info.lease = U64(GLOBAL_LEASE);
    info.fault = U32(GLOBAL_FAULT);
    info.max_functions = U32(GLOBAL_NUM_FUNCTIONS);
    if (info.max_functions != record->limits->num_functions)
        vio__iove_record_fail(record, "NUM_FUNCTIONS is %u, which was %u before",
                              info.max_functions, record->limits->num_functions);
    *ret_info = info;
    return record->status;
}

int vio__iove_record_port(struct vio_iove_record *record, struct vio_port_info *ret_info)
{
    struct vio_port_info info = {.index = record->index};
    uint32_t state = U32(PORT_STATE), width = U32(PORT_WIDTH), speed = U32(PORT_SPEED);
    const struct vio_iove_limits *limits = record->limits;

    check_index(record);
    info.type = (enum vio_port_type)vio__iove_record_range(
        record, "TYPE", (uint32_t)VIO_HW_GET(PORT_TYPE, TYPE, U32(PORT_TYPE)),
        VIO_HW_PORT_TYPE_SERVER, VIO_HW_PORT_TYPE_EXTERNAL);
    info.owner = vio__iove_record_ref(record, "OWNER", VIO_HW_PORT_OWNER,
                                      info.type == VIO_PORT_SERVER ? limits->num_servers
                                                                   : limits->num_slots);
    info.path = U32(PORT_PATH);
    info.enabled = VIO_HW_GET(PORT_STATE, ENABLED, state);
    info.link_up = VIO_HW_GET(PORT_STATE, LINK_UP, state);
    info.width = (uint32_t)VIO_HW_GET(PORT_WIDTH, NOW, width);
    info.max_width = (uint32_t)VIO_HW_GET(PORT_WIDTH, MOST, width);
    info.speed = (uint32_t)VIO_HW_GET(PORT_SPEED, NOW, speed);
    info.max_speed = (uint32_t)VIO_HW_GET(PORT_SPEED, MOST, speed);
    info.capacity = U64(PORT_CAPACITY);
    info.tx_committed = U64(PORT_TX_COMMITTED);
    info.rx_committed = U64(PORT_RX_COMMITTED);
    info.tx_bytes = U64(PORT_TX_BYTES);
    info.rx_bytes = U64(PORT_RX_BYTES);
    info.correctable = U64(PORT_CORRECTABLE);
    info.nonfatal = U64(PORT_NONFATAL);
    info.fatal = U64(PORT_FATAL);
    info.link_downs = U64(PORT_LINK_DOWNS);
    info.generation = U64(PORT_GENERATION);
    TEXT(PORT, LABEL, info.name);
    *ret_info = info;
    return record->status;
}

int vio__iove_record_server(struct vio_iove_record *record, struct vio_server_info *ret_info)
{
    struct vio_server_info info = {.index = record->index};
    uint32_t state = U32(SERVER_STATE);

    check_index(record);
    memcpy(info.uuid, record->bytes + VIO_HW_SERVER_UUID, sizeof info.uuid);
    info.present = VIO_HW_GET(SERVER_STATE, PRESENT, state);
    info.powered = VIO_HW_GET(SERVER_STATE, POWERED, state);
    info.paths = vio__iove_record_range(record, "PATHS", U32(SERVER_PATHS), 0, 2);
    info.port[0] = REF(SERVER, PORT_0, num_ports);
    info.port[1] = REF(SERVER, PORT_1, num_ports);
    info.hotplug_slots = U32(SERVER_HOTPLUG_SLOTS);
    info.hotplug_used = vio__iove_record_range(record, "HOTPLUG_USED", U32(SERVER_HOTPLUG_USED), 0,
                                               info.hotplug_slots);
    info.generation = U64(SERVER_GENERATION);
    TEXT(SERVER, LABEL, info.name);
    for (uint32_t i = 0; i < info.paths; i++)
        if (info.port[i] == VIO_NO_INDEX)
            vio__iove_record_fail(record, "PORT_%u is none, but PATHS is %u", i, info.paths);
    *ret_info = info;
    return record->status;
}

static void adapter_ports(struct vio_iove_record *record, struct vio_adapter_info *info)
{
    uint32_t num_ports = record->limits->num_ports;

    info->port = REF(SLOT, PORT, num_ports);
    info->first_external = REF(SLOT, FIRST_EXTERNAL, num_ports);
    info->externals = vio__iove_record_range(
        record, "EXTERNALS", U32(SLOT_EXTERNALS), 0,
        info->first_external == VIO_NO_INDEX ? 0 : num_ports - info->first_external);
}

int vio__iove_record_adapter(struct vio_iove_record *record, struct vio_adapter_info *ret_info)
{
    struct vio_adapter_info info = {.index = record->index};
    uint32_t state = U32(SLOT_STATE), id = U32(SLOT_ID), subsystem = U32(SLOT_SUBSYSTEM);
    uint32_t sharing;

    check_index(record);
    info.present = VIO_HW_GET(SLOT_STATE, PRESENT, state);
    info.powered = VIO_HW_GET(SLOT_STATE, POWERED, state);
    info.fault = VIO_HW_GET(SLOT_STATE, FAULT, state);
    info.kind = (enum vio_vadapter_kind)vio__iove_record_range(record, "KIND", U32(SLOT_KIND), 0,
                                                               VIO_HW_KIND_VDISK);
    sharing = vio__iove_record_range(record, "SHARING", U32(SLOT_SHARING), 0, VIO_HW_SHARING_PROXY);
    info.sharing = sharing == VIO_HW_SHARING_SRIOV   ? VIO_SHARING_SRIOV
                   : sharing == VIO_HW_SHARING_PROXY ? VIO_SHARING_PROXY
                                                     : VIO_SHARING_NONE;
    info.caps = U32(SLOT_CAPS) & (2 * VIO_ADAPTER_CAP_LIVE_ADDRESS - 1);
    info.vendor_id = (uint16_t)id;
    info.device_id = (uint16_t)(id >> 16);
    info.subsystem_vendor_id = (uint16_t)subsystem;
    info.subsystem_id = (uint16_t)(subsystem >> 16);
    info.revision = (uint8_t)U32(SLOT_CLASS);
    info.class_code = U32(SLOT_CLASS) >> 8;
    adapter_ports(record, &info);
    info.max_functions = U32(SLOT_MAX_FUNCTIONS);
    info.used_functions = vio__iove_record_range(record, "USED_FUNCTIONS", U32(SLOT_USED_FUNCTIONS),
                                                 0, record->limits->num_functions);
    info.total_vfs = U32(SLOT_TOTAL_VFS);
    info.capacity = U64(SLOT_CAPACITY);
    info.tx_committed = U64(SLOT_TX_COMMITTED);
    info.rx_committed = U64(SLOT_RX_COMMITTED);
    info.space = U64(SLOT_SPACE);
    info.space_used = U64(SLOT_SPACE_USED);
    info.generation = U64(SLOT_GENERATION);
    vio__iove_record_address(record, "FACTORY_ADDRESS", VIO_HW_SLOT_FACTORY_ADDRESS,
                             &info.factory_address);
    TEXT(SLOT, MODEL, info.model);
    TEXT(SLOT, LABEL, info.name);
    *ret_info = info;
    return record->status;
}
