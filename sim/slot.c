/* SPDX-License-Identifier: MIT */
/* Adapter slots: what is plugged in, and what its functions can do. */
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/hex.h"
#include "sim/command.h"

#define ARG_0 24 /* byte offset in a command entry */

static const uint32_t present_bit = VIO_HW_BIT(SLOT_STATE, PRESENT);
static const uint32_t powered_bit = VIO_HW_BIT(SLOT_STATE, POWERED);
static const uint32_t fault_bit = VIO_HW_BIT(SLOT_STATE, FAULT);
static const uint32_t attention_bit = VIO_HW_BIT(SLOT_STATE, ATTENTION);

static uint32_t state_of(const struct sim_slot *slot)
{
    return SIM_GET32(slot->record, SLOT_STATE);
}

bool sim_slot_working(const struct sim_slot *slot)
{
    return slot->adapter && (state_of(slot) & powered_bit);
}

static uint32_t caps_of(enum sim_adapter_kind kind)
{
    uint32_t rates = VIO_HW_BIT(SLOT_CAPS, MIN_RATE) | VIO_HW_BIT(SLOT_CAPS, MAX_RATE) |
                     VIO_HW_BIT(SLOT_CAPS, ADDRESS);

    switch (kind) {
    case SIM_ADAPTER_NIC:
        return rates | VIO_HW_BIT(SLOT_CAPS, VLAN_ACCESS) | VIO_HW_BIT(SLOT_CAPS, VLAN_TRUNK) |
               VIO_HW_BIT(SLOT_CAPS, LIVE_ADDRESS);
    case SIM_ADAPTER_HBA:
    case SIM_ADAPTER_DISK:
        return rates;
    default:
        return 0;
    }
}

/* A factory MAC (6 bytes) or WWN (8 bytes) from its text; zero if it is neither. */
static void put_factory_address(uint8_t *to, const char *text)
{
    uint8_t bytes[8];
    size_t n = 0;

    memset(to, 0, VIO_HW_ADDRESS_SIZE);
    while (n < sizeof bytes && vio__hex_digit(text[0]) >= 0 && vio__hex_digit(text[1]) >= 0) {
        bytes[n++] = (uint8_t)(vio__hex_digit(text[0]) << 4 | vio__hex_digit(text[1]));
        text += 2;
        if (*text == ':' || *text == '-')
            text++;
    }
    if (*text || (n != 6 && n != 8))
        return;
    to[0] = n == 6 ? 1 : 3; /* MAC-48, WWN */
    to[1] = (uint8_t)n;
    memcpy(to + VIO_HW_ADDRESS_HEADER, bytes, n);
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* What the adapter is; all of it zero for an empty slot. */
static void put_adapter(struct viosim *sim, struct sim_slot *slot)
{
    const struct sim_adapter *adapter = slot->adapter;
    const struct sim_pci_id *id = sim_adapter_pci_id(adapter);
    uint8_t *r = slot->record;
    uint64_t link = sim->port[SIM_GET32(r, SLOT_PORT)].nominal;
    uint64_t external = (uint64_t)sim_adapter_port_speed(adapter) * 1000000;

    /* The registers count NIC, HBA, disk and SR-IOV, proxied as the adapter does. */
    SIM_PUT32(r, SLOT_KIND, sim_adapter_kind(adapter));
    SIM_PUT32(r, SLOT_SHARING, sim_adapter_sharing(adapter));
    SIM_PUT32(r, SLOT_ID, id->vendor | (uint32_t)id->device << 16);
    SIM_PUT32(r, SLOT_SUBSYSTEM, id->subvendor | (uint32_t)id->subdevice << 16);
    SIM_PUT32(r, SLOT_CLASS, id->revision | id->class_code << 8);
    SIM_PUT32(r, SLOT_CAPS, caps_of(sim_adapter_kind(adapter)));
    SIM_PUT32(r, SLOT_MAX_FUNCTIONS, sim_adapter_functions_max(adapter));
    SIM_PUT32(r, SLOT_TOTAL_VFS, sim_adapter_sriov(adapter)->total_vfs);
    SIM_PUT32(r, SLOT_EXTERNALS, slot->externals);
    SIM_PUT32(r, SLOT_FIRST_EXTERNAL, slot->externals ? slot->first_external : VIO_HW_NONE);
    SIM_PUT64(r, SLOT_CAPACITY, slot->externals ? least(link, external) : link);
    SIM_PUT64(r, SLOT_SPACE, sim_adapter_capacity(adapter));
    put_factory_address(r + VIO_HW_SLOT_FACTORY_ADDRESS, sim_adapter_identity(adapter));
    sim_text_put(r + VIO_HW_SLOT_MODEL, VIO_HW_SLOT_MODEL_SIZE, sim_adapter_model(adapter));
}

static void clear_adapter(struct sim_slot *slot)
{
    uint8_t *r = slot->record;

    memset(r + VIO_HW_SLOT_KIND, 0, VIO_HW_SLOT_USED_FUNCTIONS - VIO_HW_SLOT_KIND);
    SIM_PUT32(r, SLOT_FIRST_EXTERNAL, VIO_HW_NONE);
    SIM_PUT32(r, SLOT_EXTERNALS, 0);
    SIM_PUT32(r, SLOT_TOTAL_VFS, 0);
    SIM_PUT64(r, SLOT_CAPACITY, 0);
    SIM_PUT64(r, SLOT_SPACE, 0);
    SIM_PUT64(r, SLOT_SPACE_USED, 0);
    memset(r + VIO_HW_SLOT_FACTORY_ADDRESS, 0, VIO_HW_ADDRESS_SIZE);
    memset(r + VIO_HW_SLOT_MODEL, 0, VIO_HW_SLOT_MODEL_SIZE);
}

/* External ports side by side: those that the slot had, if they suffice, else new ones. */
static int take_externals(struct viosim *sim, uint32_t index, const struct sim_adapter *adapter)
{
    struct sim_slot *slot = &sim->slot[index];
    uint32_t count = sim_adapter_kind(adapter) == SIM_ADAPTER_DISK ? 0 : sim_adapter_ports(adapter);
    char label[VIO_HW_LABEL_SIZE + 8];

    if (sim_adapter_port_speed(adapter) == 0)
        count = 0;
    if (count > slot->externals_kept) {
        if (count > VIO_HW_PORT_COUNT - sim->ports)
            return VIO_ELIMIT;
        slot->first_external = sim->ports;
        slot->externals_kept = count;
        sim->ports += count;
        for (uint32_t i = 0; i < count; i++) {
            snprintf(label, sizeof label, "%.58s/%u", slot->record + VIO_HW_SLOT_LABEL, i);
            sim_port_init(sim, slot->first_external + i, VIO_HW_PORT_TYPE_EXTERNAL, index, i,
                          label);
        }
    }
    slot->externals = count;
    for (uint32_t i = 0; i < count; i++)
        sim_port_set_link(&sim->port[slot->first_external + i], NULL,
                          (uint64_t)sim_adapter_port_speed(adapter) * 1000000);
    return 0;
}

/* Its own port and the external ones follow the adapter's power. */
static void set_links(struct viosim *sim, struct sim_slot *slot, bool at_once)
{
    bool working = sim_slot_working(slot);
    struct sim_port *port = &sim->port[SIM_GET32(slot->record, SLOT_PORT)];

    port->alive = working;
    sim_port_update(port, at_once);
    for (uint32_t i = 0; i < slot->externals_kept; i++) {
        port = &sim->port[slot->first_external + i];
        port->alive = working && i < slot->externals;
        sim_port_update(port, at_once);
    }
}

static void put_state(struct viosim *sim, struct sim_slot *slot, uint32_t clear, uint32_t set)
{
    SIM_PUT32(slot->record, SLOT_STATE, (state_of(slot) & ~clear) | set);
    SIM_TOUCH(sim, slot->record, SLOT);
}

static void tell(struct viosim *sim, uint32_t index, enum vio_hw_event_type type)
{
    sim_event(sim, type, index, state_of(&sim->slot[index]));
}

int sim_slot_insert(struct viosim *sim, uint32_t index, struct sim_adapter *adapter, bool at_once)
{
    struct sim_slot *slot = &sim->slot[index];
    int err = take_externals(sim, index, adapter ? adapter : slot->pulled);

    if (err != 0)
        return err;
    if (adapter && slot->pulled != adapter) { /* functions of another card are not its own */
        sim_adapter_free(slot->pulled);
        slot->card++;
        memset(slot->vfs, 0, sizeof slot->vfs);
    } else {
        adapter = slot->pulled;
    }
    slot->pulled = NULL;
    slot->adapter = adapter;
    put_adapter(sim, slot);
    put_state(sim, slot, fault_bit, present_bit | powered_bit);
    sim_slot_sum(sim, index);
    if (!at_once)
        tell(sim, index, VIO_HW_EVENT_SLOT_INSERTED);
    set_links(sim, slot, at_once);
    return 0;
}

/* The functions on the adapter lose it. Returns how many were there. */
static uint32_t fault_functions(struct viosim *sim, uint32_t index)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < sim->functions_end; i++) {
        struct sim_function *function = &sim->function[i];
        uint32_t life = sim_function_life(function);

        if (life == VIO_HW_LIFE_FREE || life == VIO_HW_LIFE_FAULT ||
            SIM_GET32(function->record, FUNCTION_SLOT) != index ||
            function->card != sim->slot[index].card)
            continue;
        sim_function_fault(sim, i);
        count++;
    }
    return count;
}

void sim_slot_pull(struct viosim *sim, uint32_t index)
{
    struct sim_slot *slot = &sim->slot[index];
    bool used = SIM_GET32(slot->record, SLOT_USED_FUNCTIONS) > 0;

    slot->pulled = slot->adapter;
    slot->adapter = NULL;
    clear_adapter(slot);
    put_state(sim, slot, present_bit | powered_bit, used ? fault_bit : 0);
    tell(sim, index, VIO_HW_EVENT_SLOT_REMOVED);
    sim_log_fault(sim, "slot %u: adapter pulled", index);
    fault_functions(sim, index);
    set_links(sim, slot, false);
}

void sim_slot_power(struct viosim *sim, uint32_t index, bool on)
{
    struct sim_slot *slot = &sim->slot[index];

    if (!(state_of(slot) & powered_bit) == !on)
        return;
    put_state(sim, slot, powered_bit, on ? powered_bit : 0);
    tell(sim, index, on ? VIO_HW_EVENT_SLOT_INSERTED : VIO_HW_EVENT_SLOT_REMOVED);
    if (!on)
        fault_functions(sim, index);
    set_links(sim, slot, false);
}

/* The adapter starts over: its external links go down and train again. */
static void reset(struct viosim *sim, uint32_t index)
{
    struct sim_slot *slot = &sim->slot[index];

    for (uint32_t i = 0; i < slot->externals; i++)
        sim_port_set_alive(&sim->port[slot->first_external + i], false);
    for (uint32_t i = 0; i < sim->functions_end; i++)
        if (sim->function[i].space && SIM_GET32(sim->function[i].record, FUNCTION_SLOT) == index)
            sim_cfgspace_reset(sim->function[i].space);
    put_state(sim, slot, fault_bit, 0);
    tell(sim, index, VIO_HW_EVENT_SLOT_CHANGED);
    set_links(sim, slot, false);
}

static bool has_bound(const struct viosim *sim, uint32_t index)
{
    for (uint32_t i = 0; i < sim->functions_end; i++)
        if (sim->function[i].space && SIM_GET32(sim->function[i].record, FUNCTION_SLOT) == index)
            return true;
    return false;
}

static int power_off(struct sim_run *run, uint32_t index)
{
    if (!(run->command->flags & VIO_HW_COMMAND_FORCE) && has_bound(run->sim, index)) {
        run->outcome->result = state_of(&run->sim->slot[index]);
        return VIO_HW_STATUS_STATE;
    }
    sim_slot_power(run->sim, index, false);
    return VIO_HW_STATUS_OK;
}

static void attention(struct viosim *sim, uint32_t index, bool on)
{
    struct sim_slot *slot = &sim->slot[index];

    if (!(state_of(slot) & attention_bit) == !on)
        return;
    put_state(sim, slot, attention_bit, on ? attention_bit : 0);
    tell(sim, index, VIO_HW_EVENT_SLOT_CHANGED);
}

int sim_run_slot_control(struct sim_run *run)
{
    struct viosim *sim = run->sim;
    uint32_t index = run->command->target;
    struct sim_slot *slot = &sim->slot[index];

    switch (run->command->arg[0]) {
    case VIO_HW_SLOT_POWER_ON:
        if (!slot->adapter)
            return VIO_HW_STATUS_ADAPTER_GONE;
        sim_slot_power(sim, index, true);
        return VIO_HW_STATUS_OK;
    case VIO_HW_SLOT_POWER_OFF:
        return power_off(run, index);
    case VIO_HW_SLOT_RESET:
        if (!sim_slot_working(slot))
            return VIO_HW_STATUS_ADAPTER_GONE;
        reset(sim, index);
        return VIO_HW_STATUS_OK;
    case VIO_HW_SLOT_ATTENTION_ON:
    case VIO_HW_SLOT_ATTENTION_OFF:
        attention(sim, index, run->command->arg[0] == VIO_HW_SLOT_ATTENTION_ON);
        return VIO_HW_STATUS_OK;
    default:
        return sim_run_refuse(run, VIO_HW_STATUS_INVALID_FIELD, ARG_0);
    }
}
