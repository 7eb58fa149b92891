/* SPDX-License-Identifier: MIT */
/* What functions take of adapters and links. */
#include "sim/state.h"

static void add_committed(struct viosim *sim, uint32_t port, uint64_t tx, uint64_t rx)
{
    uint8_t *record = sim->port[port].record;

    if (!tx && !rx)
        return;
    SIM_ADD64(record, PORT_TX_COMMITTED, tx);
    SIM_ADD64(record, PORT_RX_COMMITTED, rx);
    SIM_TOUCH(sim, record, PORT);
}

static void account_slot(struct viosim *sim, struct sim_slot *slot, const uint8_t *function,
                         uint64_t sign)
{
    uint64_t tx = sign * SIM_GET64(function, FUNCTION_TX_CIR);
    uint64_t rx = sign * SIM_GET64(function, FUNCTION_RX_CIR);

    SIM_PUT32(slot->record, SLOT_USED_FUNCTIONS,
              SIM_GET32(slot->record, SLOT_USED_FUNCTIONS) + (uint32_t)sign);
    SIM_ADD64(slot->record, SLOT_TX_COMMITTED, tx);
    SIM_ADD64(slot->record, SLOT_RX_COMMITTED, rx);
    if (slot->adapter)
        SIM_ADD64(slot->record, SLOT_SPACE_USED, sign * SIM_GET64(function, FUNCTION_SIZE));
    SIM_TOUCH(sim, slot->record, SLOT);
    add_committed(sim, SIM_GET32(slot->record, SLOT_PORT), tx, rx);
    if (slot->externals) /* the adapter's function is that of its first port */
        add_committed(sim, slot->first_external, tx, rx);
}

uint32_t sim_server_port(const struct viosim *sim, uint32_t server, uint32_t path)
{
    return vio__hw_get32(sim->server[server].record + VIO_HW_SERVER_PORT_0 + (size_t)4 * path);
}

void sim_account(struct viosim *sim, const struct sim_function *function, bool add)
{
    const uint8_t *record = function->record;
    struct sim_slot *slot = &sim->slot[SIM_GET32(record, FUNCTION_SLOT)];
    uint32_t server = SIM_GET32(record, FUNCTION_SERVER);
    uint64_t sign = add ? 1 : UINT64_MAX; /* modulo 2^64 */

    if (function->card == slot->card)
        account_slot(sim, slot, record, sign);
    if (server == VIO_HW_NONE)
        return;
    add_committed(sim, sim_server_port(sim, server, SIM_GET32(record, FUNCTION_PATH)),
                  sign * SIM_GET64(record, FUNCTION_TX_CIR),
                  sign * SIM_GET64(record, FUNCTION_RX_CIR));
}

void sim_slot_sum(struct viosim *sim, uint32_t index)
{
    struct sim_slot *slot = &sim->slot[index];
    uint8_t *port = sim->port[SIM_GET32(slot->record, SLOT_PORT)].record;

    SIM_PUT32(slot->record, SLOT_USED_FUNCTIONS, 0);
    SIM_PUT64(slot->record, SLOT_TX_COMMITTED, 0);
    SIM_PUT64(slot->record, SLOT_RX_COMMITTED, 0);
    SIM_PUT64(slot->record, SLOT_SPACE_USED, 0);
    SIM_PUT64(port, PORT_TX_COMMITTED, 0);
    SIM_PUT64(port, PORT_RX_COMMITTED, 0);
    if (slot->externals) {
        SIM_PUT64(sim->port[slot->first_external].record, PORT_TX_COMMITTED, 0);
        SIM_PUT64(sim->port[slot->first_external].record, PORT_RX_COMMITTED, 0);
    }
    for (uint32_t i = 0; i < sim->functions_end; i++) {
        const struct sim_function *function = &sim->function[i];

        if (sim_function_life(function) != VIO_HW_LIFE_FREE && function->card == slot->card &&
            SIM_GET32(function->record, FUNCTION_SLOT) == index)
            account_slot(sim, slot, function->record, 1);
    }
    SIM_TOUCH(sim, slot->record, SLOT);
}

/* Whether `wants` fits instead of `has`, a part of what is committed. */
static bool fits(uint64_t committed, uint64_t has, uint64_t wants, uint64_t capacity)
{
    uint64_t others = committed - has;

    return wants <= has || (others <= capacity && wants <= capacity - others);
}

enum vio_hw_status sim_guarantee_check(struct viosim *sim, const struct sim_guarantee *has,
                                       const struct sim_guarantee *wants, uint32_t port,
                                       uint32_t *ret_port)
{
    const uint8_t *record = sim->port[port].record;
    uint64_t capacity = sim->port[port].nominal;

    if (fits(SIM_GET64(record, PORT_TX_COMMITTED), has->tx, wants->tx, capacity) &&
        fits(SIM_GET64(record, PORT_RX_COMMITTED), has->rx, wants->rx, capacity))
        return VIO_HW_STATUS_OK;
    *ret_port = port;
    return VIO_HW_STATUS_NO_CAPACITY;
}

enum vio_hw_status sim_guarantee_check_slot(struct viosim *sim, const struct sim_guarantee *has,
                                            const struct sim_guarantee *wants, uint32_t index,
                                            uint32_t *ret_port)
{
    const struct sim_slot *slot = &sim->slot[index];
    enum vio_hw_status status =
        sim_guarantee_check(sim, has, wants, SIM_GET32(slot->record, SLOT_PORT), ret_port);

    if (status == VIO_HW_STATUS_OK && slot->externals)
        status = sim_guarantee_check(sim, has, wants, slot->first_external, ret_port);
    return status;
}

struct sim_guarantee sim_guarantee_of(const uint8_t *record)
{
    return (struct sim_guarantee){SIM_GET64(record, FUNCTION_TX_CIR),
                                  SIM_GET64(record, FUNCTION_RX_CIR)};
}
