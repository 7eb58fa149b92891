/* SPDX-License-Identifier: MIT */
/* The records of functions, read and written. */
#include <string.h>

#include "lib/driver/iove/record.h"
#include "lib/hw/wire.h"

#define U32(reg)       vio__iove_record_u32(record, VIO_HW_FUNCTION_##reg)
#define U64(reg)       vio__iove_record_u64(record, VIO_HW_FUNCTION_##reg)
#define VLAN_MAX       4094u
#define PAIR(bytes, i) ((bytes) + VIO_HW_FUNCTION_VLAN_RANGE + 4 * (i))

/* The numbers of the device and of the nouns differ by one: there 0 is "none", here "unknown". */
_Static_assert(VIO_VLAN_NONE == VIO_HW_VLAN_NONE + 1, "VLAN modes");
_Static_assert(VIO_VLAN_TRUNK == VIO_HW_VLAN_TRUNK + 1, "VLAN modes");
_Static_assert((int)VIO_FUNCTION_DETACHED == (int)VIO_HW_LIFE_DETACHED, "states of functions");
_Static_assert((int)VIO_FUNCTION_FAULT == (int)VIO_HW_LIFE_FAULT, "states of functions");
_Static_assert((int)VIO_VADAPTER_VNIC == (int)VIO_HW_KIND_VNIC, "kinds of functions");
_Static_assert((int)VIO_VADAPTER_VDISK == (int)VIO_HW_KIND_VDISK, "kinds of functions");

static void read_vlan(struct vio_iove_record *record, struct vio_vlan_config *vlan)
{
    uint32_t value = U32(VLAN), last = 0;

    vlan->mode = (enum vio_vlan_mode)(
        1 + vio__iove_record_range(record, "VLAN.MODE",
                                   (uint32_t)VIO_HW_GET(FUNCTION_VLAN, MODE, value),
                                   VIO_HW_VLAN_NONE, VIO_HW_VLAN_TRUNK));
    vlan->vlan = (uint16_t)vio__iove_record_range(
        record, "VLAN.VLAN", (uint32_t)VIO_HW_GET(FUNCTION_VLAN, VLAN, value), 0, VLAN_MAX);
    vlan->ranges =
        vio__iove_record_range(record, "VLAN_RANGES", U32(VLAN_RANGES), 0, VIO_HW_VLAN_RANGES);
    for (uint32_t i = 0; i < vlan->ranges; i++) {
        uint16_t from = vio__hw_get16(PAIR(record->bytes, i));
        uint16_t to = vio__hw_get16(PAIR(record->bytes, i) + 2);

        if (from <= last || to < from || to > VLAN_MAX)
            vio__iove_record_fail(record, "VLAN_RANGE %u is %u to %u: not ascending in 1 to %u", i,
                                  from, to, VLAN_MAX);
        vlan->range[i] = (struct vio_vlan_range){.first = from, .last = to};
        last = to;
    }
}

static void read_qos(struct vio_iove_record *record, struct vio_qos_config *qos)
{
    uint32_t scheduler = U32(SCHEDULER);

    qos->tx = (struct vio_rate){U64(TX_CIR), U64(TX_CBS), U64(TX_PIR), U64(TX_PBS)};
    qos->rx = (struct vio_rate){U64(RX_CIR), U64(RX_CBS), U64(RX_PIR), U64(RX_PBS)};
    qos->weight = (uint16_t)VIO_HW_GET(FUNCTION_SCHEDULER, WEIGHT, scheduler);
    qos->traffic_class = (uint8_t)VIO_HW_GET(FUNCTION_SCHEDULER, CLASS, scheduler);
    qos->tx_police = VIO_HW_GET(FUNCTION_SCHEDULER, TX_POLICE, scheduler);
    qos->rx_police = VIO_HW_GET(FUNCTION_SCHEDULER, RX_POLICE, scheduler);
}

/* Where it is, and that this agrees with its state. */
static void read_place(struct vio_iove_record *record, struct vio_function_info *info)
{
    info->adapter =
        vio__iove_record_ref(record, "SLOT", VIO_HW_FUNCTION_SLOT, record->limits->num_slots);
    if (info->adapter == VIO_NO_INDEX)
        vio__iove_record_fail(record, "SLOT is none");
    info->server =
        vio__iove_record_ref(record, "SERVER", VIO_HW_FUNCTION_SERVER, record->limits->num_servers);
    info->path = U32(PATH);
    info->bdf = vio__iove_record_ref(record, "BDF", VIO_HW_FUNCTION_BDF, 0x10000);
    info->hotplug_slot = U32(HOTPLUG_SLOT);
    info->vf = U32(VF);
    if (info->state == VIO_FUNCTION_BOUND && info->server == VIO_NO_INDEX)
        vio__iove_record_fail(record, "is bound, but SERVER says to none");
    if (info->state == VIO_FUNCTION_DETACHED && info->server != VIO_NO_INDEX)
        vio__iove_record_fail(record, "is detached, but SERVER is %u", info->server);
}

int vio__iove_record_function(struct vio_iove_record *record, struct vio_function_info *ret_info)
{
    struct vio_function_info info = {.index = record->index};
    uint32_t state = U32(STATE);

    if (U32(INDEX) != record->index)
        vio__iove_record_fail(record, "INDEX is %u", U32(INDEX));
    info.state = (enum vio_function_state)vio__iove_record_range(
        record, "STATE.LIFE", (uint32_t)VIO_HW_GET(FUNCTION_STATE, LIFE, state),
        VIO_HW_LIFE_DETACHED, VIO_HW_LIFE_FAULT);
    info.enabled = VIO_HW_GET(FUNCTION_STATE, ENABLED, state);
    info.link_up = VIO_HW_GET(FUNCTION_STATE, LINK_UP, state);
    info.kind = (enum vio_vadapter_kind)vio__iove_record_range(record, "KIND", U32(KIND),
                                                               VIO_HW_KIND_VNIC, VIO_HW_KIND_VDISK);
    read_place(record, &info);
    memcpy(info.cookie, record->bytes + VIO_HW_FUNCTION_COOKIE, sizeof info.cookie);
    vio__iove_record_address(record, "ADDRESS", VIO_HW_FUNCTION_ADDRESS, &info.address);
    vio__iove_record_address(record, "NODE_ADDRESS", VIO_HW_FUNCTION_NODE_ADDRESS,
                             &info.node_address);
    info.size = U64(SIZE);
    read_vlan(record, &info.vlan);
    read_qos(record, &info.qos);
    info.rx_bytes = U64(RX_BYTES);
    info.rx_frames = U64(RX_FRAMES);
    info.rx_drops = U64(RX_DROPS);
    info.tx_bytes = U64(TX_BYTES);
    info.tx_frames = U64(TX_FRAMES);
    info.tx_drops = U64(TX_DROPS);
    info.generation = U64(GENERATION);
    vio__iove_record_text(record, "LABEL", VIO_HW_FUNCTION_LABEL, info.label, sizeof info.label);
    *ret_info = info;
    return record->status;
}

/* -- Writing ----------------------------------------------------------------------------------- */

static void write_address(const struct vio_address *address, uint8_t *at)
{
    if (address->kind == VIO_ADDRESS_UNKNOWN || address->length > sizeof address->bytes)
        return;
    at[0] = address->kind;
    at[1] = address->length;
    memcpy(at + VIO_HW_ADDRESS_HEADER, address->bytes, address->length);
}

static void write_vlan(const struct vio_vlan_config *vlan, uint8_t *bytes)
{
    uint32_t mode = vlan->mode == VIO_VLAN_UNKNOWN ? VIO_HW_VLAN_NONE : (uint32_t)vlan->mode - 1;
    uint32_t ranges = vlan->ranges < VIO_HW_VLAN_RANGES ? vlan->ranges : VIO_HW_VLAN_RANGES;

    vio__hw_put32(bytes + VIO_HW_FUNCTION_VLAN,
                  (uint32_t)(VIO_HW_PUT(FUNCTION_VLAN, MODE, mode) |
                             VIO_HW_PUT(FUNCTION_VLAN, VLAN, vlan->vlan)));
    vio__hw_put32(bytes + VIO_HW_FUNCTION_VLAN_RANGES, ranges);
    for (uint32_t i = 0; i < ranges; i++) {
        vio__hw_put16(PAIR(bytes, i), vlan->range[i].first);
        vio__hw_put16(PAIR(bytes, i) + 2, vlan->range[i].last);
    }
}

static void write_rate(const struct vio_rate *rate, uint8_t *at)
{
    vio__hw_put64(at, rate->cir);
    vio__hw_put64(at + 8, rate->cbs);
    vio__hw_put64(at + 16, rate->pir);
    vio__hw_put64(at + 24, rate->pbs);
}

static void write_qos(const struct vio_qos_config *qos, uint8_t *bytes)
{
    write_rate(&qos->tx, bytes + VIO_HW_FUNCTION_TX_CIR);
    write_rate(&qos->rx, bytes + VIO_HW_FUNCTION_RX_CIR);
    vio__hw_put32(bytes + VIO_HW_FUNCTION_SCHEDULER,
                  (uint32_t)(VIO_HW_PUT(FUNCTION_SCHEDULER, WEIGHT, qos->weight) |
                             VIO_HW_PUT(FUNCTION_SCHEDULER, CLASS, qos->traffic_class & 7) |
                             VIO_HW_PUT(FUNCTION_SCHEDULER, TX_POLICE, qos->tx_police) |
                             VIO_HW_PUT(FUNCTION_SCHEDULER, RX_POLICE, qos->rx_police)));
}

void vio__iove_record_encode(const struct vio_function_info *info,
                             uint8_t ret_bytes[VIO_HW_RECORD_SIZE])
{
    uint8_t *bytes = ret_bytes;
    size_t label = strnlen(info->label, VIO_HW_LABEL_SIZE - 1);

    memset(bytes, 0, VIO_HW_RECORD_SIZE);
    vio__hw_put32(bytes + VIO_HW_FUNCTION_STATE,
                  (uint32_t)VIO_HW_PUT(FUNCTION_STATE, ENABLED, info->enabled));
    vio__hw_put32(bytes + VIO_HW_FUNCTION_KIND, (uint32_t)info->kind);
    vio__hw_put32(bytes + VIO_HW_FUNCTION_SLOT, info->adapter);
    memcpy(bytes + VIO_HW_FUNCTION_COOKIE, info->cookie, sizeof info->cookie);
    write_address(&info->address, bytes + VIO_HW_FUNCTION_ADDRESS);
    write_address(&info->node_address, bytes + VIO_HW_FUNCTION_NODE_ADDRESS);
    vio__hw_put64(bytes + VIO_HW_FUNCTION_SIZE, info->size);
    write_vlan(&info->vlan, bytes);
    write_qos(&info->qos, bytes);
    memcpy(bytes + VIO_HW_FUNCTION_LABEL, info->label, label);
}
