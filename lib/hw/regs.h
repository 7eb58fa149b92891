/* SPDX-License-Identifier: MIT */
/*
 * The register interface as C constants, all taken from the .def files beside
 * this header. docs/hardware-interface.md is the manual; its tables come from
 * the same files.
 *
 *   VIO_HW_<BLOCK>_BASE, _STRIDE, _COUNT        blocks.def
 *   VIO_HW_<BLOCK>_<REGISTER>                   offset within the block's instance
 *   VIO_HW_<BLOCK>_<REGISTER>_SIZE              its bytes
 *   VIO_HW_<BLOCK>_<REGISTER>_<FIELD>_SHIFT, _BITS
 *   VIO_HW_OP_x, VIO_HW_STATUS_x, VIO_HW_EVENT_x
 */
#ifndef VIO_LIB_HW_REGS_H
#define VIO_LIB_HW_REGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* PCI identity: vendor 1a68 is VirtenSys Limited in pci.ids. */
#define VIO_HW_PCI_VENDOR    0x1a68
#define VIO_HW_PCI_DEVICE    0x4000
#define VIO_HW_PCI_CLASS     0x088000
#define VIO_HW_BAR_REGISTERS 0
#define VIO_HW_BAR_RINGS     2
#define VIO_HW_BAR_MSIX      4
#define VIO_HW_BAR0_SIZE     0x1000000u
#define VIO_HW_BAR4_SIZE     0x1000u
#define VIO_HW_PART_SIZE     0x100000u /* each queue set's share of BAR 2 */
#define VIO_HW_MSIX_TABLE    0x000u    /* in BAR 4 */
#define VIO_HW_MSIX_PBA      0x800u
#define VIO_HW_VECTORS       17 /* 0: global; 1 + n: queue set n */
#define VIO_HW_WINDOW_OFFSET \
    0x1000u /* of a queue set's configuration window in its QUEUE instance */
#define VIO_HW_WINDOW_SIZE     0x1000u
/* Vendor-specific extended capability (PCIe base 7.9.5): id, revision and length of its header, and
 * what follows it. */
#define VIO_HW_VSEC_ID         0x4956
#define VIO_HW_VSEC_REVISION   1
#define VIO_HW_VSEC_LENGTH     0x18
#define VIO_HW_VSEC_VERSION    0x08 /* 4 bytes: as GLOBAL.VERSION */
#define VIO_HW_VSEC_BARS       0x0c /* 4 bytes: BAR numbers of registers 3:0, rings 7:4, MSI-X 11:8 */
#define VIO_HW_VSEC_MAGIC      0x10 /* 4 bytes: as GLOBAL.MAGIC */
#define VIO_HW_VSEC_QUEUES     0x14 /* 4 bytes: as GLOBAL.NUM_QUEUES */
#define VIO_HW_MAGIC           0x314f4956u
#define VIO_HW_VERSION_MAJOR   1
#define VIO_HW_VERSION_MINOR   0
#define VIO_HW_RECORD_SIZE     512
#define VIO_HW_COMMAND_SIZE    64
#define VIO_HW_COMPLETION_SIZE 32
#define VIO_HW_EVENT_SIZE      64
#define VIO_HW_MAX_RING        4096
#define VIO_HW_MAX_BATCH       64
#define VIO_HW_OUTCOMES        4096
#define VIO_HW_MAX_DATA        0x10000u
#define VIO_HW_LABEL_SIZE      64
#define VIO_HW_ADDRESS_SIZE    40 /* kind, length, 6 zero bytes, 32 bytes of address */
#define VIO_HW_ADDRESS_HEADER  8
#define VIO_HW_VLAN_RANGES     16
#define VIO_HW_NONE            0xffffffffu
/* Read from GLOBAL.LEASE_LIMIT, QUEUE_LIMIT and UNBIND_LIMIT; these are the usual ones. */
#define VIO_HW_LEASE_LIMIT_MS  3000
#define VIO_HW_QUEUE_LIMIT_MS  3000
#define VIO_HW_UNBIND_LIMIT_MS 10000

enum vio_hw_block {
#define B(name, base, stride, count, doc) VIO_HW_BLOCK_##name,
#include "lib/hw/blocks.def"
#undef B
    VIO_HW_BLOCKS
};

enum vio_hw_block_layout {
#define B(name, base, stride, count, doc) \
    VIO_HW_##name##_BASE = base, VIO_HW_##name##_STRIDE = stride, VIO_HW_##name##_COUNT = count,
#include "lib/hw/blocks.def"
#undef B
};

#define R(name, offset, size, access, doc) \
    VIO_HW_GLOBAL_##name = offset, VIO_HW_GLOBAL_##name##_SIZE = size,
enum vio_hw_global {
#include "lib/hw/global.def"
};
#undef R
#define R(name, offset, size, access, doc) \
    VIO_HW_QUEUE_##name = offset, VIO_HW_QUEUE_##name##_SIZE = size,
enum vio_hw_queue {
#include "lib/hw/queue.def"
};
#undef R
#define R(name, offset, size, access, doc) \
    VIO_HW_PORT_##name = offset, VIO_HW_PORT_##name##_SIZE = size,
enum vio_hw_port {
#include "lib/hw/port.def"
};
#undef R
#define R(name, offset, size, access, doc) \
    VIO_HW_SERVER_##name = offset, VIO_HW_SERVER_##name##_SIZE = size,
enum vio_hw_server {
#include "lib/hw/server.def"
};
#undef R
#define R(name, offset, size, access, doc) \
    VIO_HW_SLOT_##name = offset, VIO_HW_SLOT_##name##_SIZE = size,
enum vio_hw_slot {
#include "lib/hw/slot.def"
};
#undef R
#define R(name, offset, size, access, doc) \
    VIO_HW_FUNCTION_##name = offset, VIO_HW_FUNCTION_##name##_SIZE = size,
enum vio_hw_function {
#include "lib/hw/function.def"
};
#undef R

enum vio_hw_field {
#define F(reg, field, shift, bits, doc) \
    VIO_HW_##reg##_##field##_SHIFT = shift, VIO_HW_##reg##_##field##_BITS = bits,
#include "lib/hw/fields.def"
#undef F
};

enum vio_hw_opcode {
#define O(name, code, changes, idempotent, doc) VIO_HW_OP_##name = code,
#include "lib/hw/opcodes.def"
#undef O
};

enum vio_hw_status {
#define S(name, code, doc) VIO_HW_STATUS_##name = code,
#include "lib/hw/status.def"
#undef S
};

enum vio_hw_event_type {
#define E(name, code, object, value, doc) VIO_HW_EVENT_##name = code,
#include "lib/hw/events.def"
#undef E
};

/* Values of the fields that are enumerations. */
enum vio_hw_port_type {
    VIO_HW_PORT_TYPE_SERVER = 1,
    VIO_HW_PORT_TYPE_SLOT = 2,
    VIO_HW_PORT_TYPE_EXTERNAL = 3,
};
enum vio_hw_kind {
    VIO_HW_KIND_NONE = 0,
    VIO_HW_KIND_VNIC = 1,
    VIO_HW_KIND_VHBA = 2,
    VIO_HW_KIND_VDISK = 3,
};
enum vio_hw_sharing {
    VIO_HW_SHARING_NONE = 0,
    VIO_HW_SHARING_SRIOV = 1,
    VIO_HW_SHARING_PROXY = 2,
};
enum vio_hw_life {
    VIO_HW_LIFE_FREE = 0,
    VIO_HW_LIFE_DETACHED = 1,
    VIO_HW_LIFE_BINDING = 2,
    VIO_HW_LIFE_BOUND = 3,
    VIO_HW_LIFE_UNBINDING = 4,
    VIO_HW_LIFE_FAULT = 5,
};
/* First byte of an address; the same numbers as enum vio_address_kind. */
enum vio_hw_address_kind {
    VIO_HW_ADDRESS_NONE = 0,
    VIO_HW_ADDRESS_MAC48 = 1,
    VIO_HW_ADDRESS_EUI64 = 2,
    VIO_HW_ADDRESS_WWN = 3,
    VIO_HW_ADDRESS_UUID = 4,
    VIO_HW_ADDRESS_IPOIB = 5,
};
enum vio_hw_vlan_mode {
    VIO_HW_VLAN_NONE = 0,
    VIO_HW_VLAN_ACCESS = 1,
    VIO_HW_VLAN_TRUNK = 2,
};
enum vio_hw_window_kind {
    VIO_HW_WINDOW_ADAPTER = 1,
    VIO_HW_WINDOW_FUNCTION = 2,
    VIO_HW_WINDOW_HIERARCHY = 3,
};
/* Kinds of READ: the block whose records are read. */
enum vio_hw_read_kind {
    VIO_HW_READ_CHASSIS = 1, /* the first 512 bytes of the GLOBAL block */
    VIO_HW_READ_PORT = 2,
    VIO_HW_READ_SERVER = 3,
    VIO_HW_READ_SLOT = 4,
    VIO_HW_READ_FUNCTION = 5,
};
enum vio_hw_log_page {
    VIO_HW_LOG_FAULTS = 1, /* text, one line per fault */
    VIO_HW_LOG_EVENTS = 2, /* the last events, as event entries */
};
enum vio_hw_port_action {
    VIO_HW_PORT_ENABLE = 1,
    VIO_HW_PORT_DISABLE = 2,
    VIO_HW_PORT_RETRAIN = 3,
};
enum vio_hw_slot_action {
    VIO_HW_SLOT_POWER_ON = 1,
    VIO_HW_SLOT_POWER_OFF = 2,
    VIO_HW_SLOT_RESET = 3,
    VIO_HW_SLOT_ATTENTION_ON = 4,
    VIO_HW_SLOT_ATTENTION_OFF = 5,
};

/* A register, for decoders. */
struct vio_hw_reg {
    enum vio_hw_block block;
    const char *name;   /* "STATE" */
    uint32_t offset;    /* within an instance of the block */
    uint32_t size;      /* bytes: 4 and 8 are numbers, others byte strings */
    const char *access; /* "RO", "RW", "WO", "W1C" */
    const char *doc;
};

struct vio_hw_field_info {
    const char *reg; /* "PORT_STATE" */
    const char *name;
    unsigned shift;
    unsigned bits;
    const char *doc;
};

/* All registers, block by block in ascending offsets; *ret_count is set. */
const struct vio_hw_reg *vio__hw_regs(size_t *ret_count);
const struct vio_hw_field_info *vio__hw_fields(size_t *ret_count);
const char *vio__hw_block_name(enum vio_hw_block block);
uint32_t vio__hw_block_base(enum vio_hw_block block);
uint32_t vio__hw_block_stride(enum vio_hw_block block);
uint32_t vio__hw_block_count(enum vio_hw_block block);

/*
 * The register that covers an offset of BAR 0, and which instance; NULL where there is none. Which
 * instances exist, the device says (GLOBAL.NUM_x). ret_ pointers here may be NULL.
 */
const struct vio_hw_reg *vio__hw_reg_at(uint32_t bar_offset, uint32_t *ret_instance);

/*
 * Finds "GLOBAL.BOOT_ID", "FUNCTION[12].STATE" or "port[3].state" and the
 * offset in BAR 0. A block of many instances needs an index. Returns NULL where the name is none.
 */
const struct vio_hw_reg *vio__hw_reg_named(const char *text, uint32_t *ret_bar_offset);

const char *vio__hw_opcode_name(unsigned opcode); /* "FUNCTION_BIND", or NULL */
bool vio__hw_opcode_changes(unsigned opcode);     /* needs the lease */
const char *vio__hw_status_name(unsigned status); /* "NOT_LEASED", or NULL */
const char *vio__hw_status_text(unsigned status);
const char *vio__hw_event_name(unsigned type);
enum vio_hw_block vio__hw_event_object(unsigned type); /* VIO_HW_BLOCKS where the type is unknown */

/*
 * Writes a register's value with its fields' names to `buf`, such as
 * "0x00000013 LIFE=3 ENABLED=1"; fields that are zero are left out. UUIDs, addresses, VLAN ranges
 * and text are written as such, all of it printable ASCII. `raw` holds the register's bytes as on
 * the wire. Returns what snprintf would.
 */
int vio__hw_decode(const struct vio_hw_reg *reg, const uint8_t *raw, char *buf, size_t size);

static inline uint64_t vio__hw_field(uint64_t value, unsigned shift, unsigned bits)
{
    return (value >> shift) & ((bits >= 64 ? 0 : (UINT64_C(1) << bits)) - 1);
}

/* VIO_HW_GET(FUNCTION_STATE, LIFE, value), VIO_HW_BIT(PORT_STATE, LINK_UP), VIO_HW_PUT(...) */
#define VIO_HW_GET(reg, field, value) \
    vio__hw_field((value), VIO_HW_##reg##_##field##_SHIFT, VIO_HW_##reg##_##field##_BITS)
#define VIO_HW_PUT(reg, field, value) ((uint64_t)(value) << VIO_HW_##reg##_##field##_SHIFT)
#define VIO_HW_BIT(reg, field)        VIO_HW_PUT(reg, field, 1)

#endif
