/* SPDX-License-Identifier: MIT */
/*
 * What clients write to registers and rings. The input is a row of steps: a byte that says which,
 * and its operands; what is left of the last one is ignored.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/hw/ring.h"
#include "lib/hw/wire.h"
#include "sim/device.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CLIENTS 2

static struct viosim *sim;
static struct sim_client *clients[CLIENTS];
static uint64_t now;

static void put32(struct sim_client *client, uint64_t offset, uint32_t value)
{
    uint8_t raw[4];

    vio__hw_put32(raw, value);
    sim_client_write(client, 0, offset, raw, sizeof raw);
}

/* Set n for client n, with rings at fixed places, so that few bytes reach a command. */
static void prepare(struct sim_client *client, uint32_t set)
{
    uint64_t base = VIO_HW_QUEUE_BASE + (uint64_t)set * VIO_HW_QUEUE_STRIDE;
    uint8_t raw[8] = {1};

    sim_client_write(client, 0, base + VIO_HW_QUEUE_OWNER, raw, 8);
    put32(client, base + VIO_HW_QUEUE_CMD_SIZE, 64);
    vio__hw_put64(raw, 0x2000);
    sim_client_write(client, 0, base + VIO_HW_QUEUE_CPL_BASE, raw, 8);
    put32(client, base + VIO_HW_QUEUE_CPL_SIZE, 64);
    vio__hw_put64(raw, 0x4000);
    sim_client_write(client, 0, base + VIO_HW_QUEUE_EVT_BASE, raw, 8);
    put32(client, base + VIO_HW_QUEUE_EVT_SIZE, 16);
    put32(client, base + VIO_HW_QUEUE_CONTROL, 1);
}

static void start(void)
{
    static const struct sim_host host;
    char error[VIOSIM_TEXT_SIZE];

    if (!sim && viosim_new("?seed=1&hotplug=1ms&training=1ms", &sim, error, sizeof error) != 0)
        abort();
    viosim_power_cycle(sim);
    viosim_slow(sim, 0);
    for (uint32_t i = 0; i < CLIENTS; i++) {
        if (!clients[i] && sim_client_new(sim, &host, &clients[i]) != 0)
            abort();
        sim_client_reset(clients[i]);
        prepare(clients[i], i);
    }
}

/* Does one step with what is at `in`; returns how many bytes it took, 0 for the end. */
static size_t step(const uint8_t *in, size_t size)
{
    struct sim_client *client = clients[in[0] >> 7];
    uint64_t part = (uint64_t)(in[0] >> 7) * VIO_HW_PART_SIZE;

    switch (in[0] & 7) {
    case 0: /* offset, value: a register of the first sets or the global block */
        if (size < 7)
            return 0;
        put32(client, vio__hw_get16(in + 1) * 4u, vio__hw_get32(in + 3));
        return 7;
    case 1: /* offset, value: an 8-byte register */
        if (size < 11)
            return 0;
        sim_client_write(client, 0, vio__hw_get16(in + 1) * 8u, in + 3, 8);
        return 11;
    case 2: /* slot, entry: a command, and its doorbell */
        if (size < 2 + VIO_HW_COMMAND_SIZE)
            return 0;
        sim_client_write(client, 2, part + (in[1] & 63u) * VIO_HW_COMMAND_SIZE, in + 2,
                         VIO_HW_COMMAND_SIZE);
        put32(client,
              VIO_HW_QUEUE_BASE + (in[0] >> 7) * VIO_HW_QUEUE_STRIDE + VIO_HW_QUEUE_CMD_TAIL,
              in[1] + 1u);
        return 2 + VIO_HW_COMMAND_SIZE;
    case 3: /* offset, bytes: data of commands */
        if (size < 19)
            return 0;
        sim_client_write(client, 2, part + 0x8000 + vio__hw_get16(in + 1), in + 3, 16);
        return 19;
    case 4: /* time passes */
        if (size < 3)
            return 0;
        now += vio__hw_get16(in + 1) * UINT64_C(1000000);
        viosim_step(sim, now);
        return 3;
    case 5: /* a mishap */
        if (size < 3)
            return 0;
        viosim_mishap(sim, (enum viosim_what)(in[1] & 7), (enum viosim_mishap)(in[1] >> 3 & 7), 0,
                      in[2], in[1] * UINT64_C(100000));
        return 3;
    case 6: /* a misfortune */
        if (size < 2)
            return 0;
        viosim_link_set(sim, "slot1", in[1] & 1);
        viosim_server_power(sim, "server1", in[1] >> 1 & 1);
        viosim_server_stick(sim, "server1", in[1] >> 2 & 1);
        viosim_stick(sim, in[1] >> 3 & 1);
        return 2;
    default:
        if (size < 2)
            return 0;
        if (in[1] & 1)
            viosim_adapter_pull(sim, "slot1");
        else
            viosim_adapter_insert(sim, "slot1", NULL, NULL, 0);
        return 2;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t taken;

    start();
    while (size > 0 && (taken = step(data, size)) > 0) {
        data += taken;
        size -= taken;
    }
    if (viosim_stat(sim, VIOSIM_STAT_LIVE_TWICE) != 0)
        abort();
    for (unsigned what = VIOSIM_COMMAND; what <= VIOSIM_INTERRUPT; what++)
        viosim_mishap(sim, (enum viosim_what)what, VIOSIM_LOST, 0, 0, 0);
    return 0;
}
