/* SPDX-License-Identifier: MIT */
/*
 * What a driver saw: plain values of chassis, ports, servers, adapters and
 * functions at one change counter. The values come from a device and have been
 * checked by the driver: indices are in range, texts are valid UTF-8 and end.
 */
#ifndef VIO_LIB_DOMAIN_OBSERVATION_H
#define VIO_LIB_DOMAIN_OBSERVATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libvio/adapter.h>
#include <libvio/address.h>
#include <libvio/chassis.h>
#include <libvio/function.h>
#include <libvio/port.h>
#include <libvio/server.h>
#include <libvio/vadapter.h>

#include "lib/domain/qos.h"

struct vio_alloc;

#define VIO_NAME_SIZE   64 /* a name's bytes with its NUL */
#define VIO_NO_INDEX    UINT32_MAX
#define VIO_VLAN_RANGES 16

struct vio_chassis_info {
    uint8_t uuid[16];
    char name[VIO_NAME_SIZE];
    char model[VIO_NAME_SIZE];
    char serial[32];
    char firmware[32];
    uint64_t boot_id;
    uint64_t change; /* the device's change counter at the time of reading */
    uint64_t uptime; /* ns */
    uint64_t lease;  /* 0: nobody owns it */
    char owner[VIO_NAME_SIZE];
    uint32_t fault; /* 0: healthy */
    uint32_t max_functions;
};

struct vio_port_info {
    uint32_t index;
    char name[VIO_NAME_SIZE];
    enum vio_port_type type;
    uint32_t owner; /* index of the server or adapter */
    uint32_t path;
    bool enabled;
    bool link_up;
    uint32_t width, max_width; /* lanes */
    uint32_t speed, max_speed; /* PCIe link speed codes, 0 for an external port */
    uint64_t capacity;         /* bit/s, each direction */
    uint64_t tx_committed, rx_committed;
    uint64_t tx_bytes, rx_bytes;
    uint64_t correctable, nonfatal, fatal, link_downs;
    uint64_t generation;
};

struct vio_server_info {
    uint32_t index;
    char name[VIO_NAME_SIZE];
    uint8_t uuid[16];
    bool present;
    bool powered;
    uint32_t paths;
    uint32_t port[2]; /* VIO_NO_INDEX where there is none */
    uint32_t hotplug_slots, hotplug_used;
    uint64_t generation;
};

struct vio_adapter_info {
    uint32_t index; /* slot */
    char name[VIO_NAME_SIZE];
    char model[VIO_NAME_SIZE];
    bool present, powered, fault;
    enum vio_vadapter_kind kind; /* what it is shared as; UNKNOWN: nothing */
    enum vio_sharing sharing;
    uint32_t caps; /* enum vio_adapter_cap, or-ed */
    uint16_t vendor_id, device_id, subsystem_vendor_id, subsystem_id;
    uint32_t class_code; /* 24 bits */
    uint8_t revision;
    uint32_t port, first_external, externals;
    uint32_t max_functions, used_functions, total_vfs;
    uint64_t capacity;
    uint64_t tx_committed, rx_committed;
    uint64_t space, space_used; /* bytes */
    struct vio_address factory_address;
    uint64_t generation;
};

struct vio_vlan_range {
    uint16_t first, last;
};

struct vio_vlan_config {
    enum vio_vlan_mode mode;
    uint16_t vlan; /* access VLAN, or native VLAN of a trunk, 0: none */
    uint32_t ranges;
    struct vio_vlan_range range[VIO_VLAN_RANGES];
};

struct vio_function_info {
    uint32_t index;
    uint8_t cookie[16];
    char label[VIO_NAME_SIZE];
    enum vio_vadapter_kind kind;
    enum vio_function_state state;
    bool enabled, link_up;
    uint32_t adapter; /* slot index */
    uint32_t server;  /* VIO_NO_INDEX while detached */
    uint32_t path;    /* VIO_NO_INDEX: any */
    uint32_t bdf;     /* VIO_NO_INDEX while detached */
    uint32_t hotplug_slot;
    uint32_t vf; /* VIO_NO_INDEX where it is proxied */
    struct vio_address address;
    struct vio_address node_address;
    uint64_t size; /* bytes, vDisk */
    struct vio_vlan_config vlan;
    struct vio_qos_config qos;
    uint64_t rx_bytes, rx_frames, rx_drops, tx_bytes, tx_frames, tx_drops;
    uint64_t generation;
};

/* Immutable once handed out; reference counted (atomic), of any thread. */
struct vio_observation {
    struct vio_chassis_info chassis;
    size_t num_ports, num_servers, num_adapters, num_functions;
    struct vio_port_info *ports;         /* by index, without gaps */
    struct vio_server_info *servers;     /* by index, without gaps */
    struct vio_adapter_info *adapters;   /* by index, without gaps */
    struct vio_function_info *functions; /* ascending index, only those that exist */
};

/* Arrays of the given lengths, zeroed. num_functions may be lowered while filling it. */
int vio__observation_new(const struct vio_alloc *alloc, size_t num_ports, size_t num_servers,
                         size_t num_adapters, size_t num_functions,
                         struct vio_observation **ret_observation);
struct vio_observation *vio__observation_ref(struct vio_observation *observation);
void vio__observation_unref(struct vio_observation *observation);

#endif
