/* SPDX-License-Identifier: MIT */
/*
 * The device side of the register interface, as those who carry its bytes see it: the in-process
 * bus (sim/bus.c) and the vfio-user server. struct viosim is one chassis; a sim_client is one
 * attachment to its management function, with its own PCI state and the queue sets it claimed.
 *
 * The calls that take a client, and sim_step(), belong to one thread per chassis; interrupts are
 * delivered on it, inside such a call or sim_step(), with no lock held. The faults of
 * <libvio/sim.h> come from any thread.
 */
#ifndef SIM_DEVICE_H
#define SIM_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libvio/sim.h>

#include "sim/chassis_file.h"
#include "sim/diag.h"

struct sim_client;

/* What the carrier gives to the device. `interrupt` may call back into the device; `wake` may not.
 */
struct sim_host {
    void *user;
    void (*interrupt)(void *user, unsigned vector); /* may be NULL */
    void (*wake)(void *user); /* sim_next() became earlier; from any thread; may be NULL */
    /* Memory of the client, for rings and data outside BAR 2; both NULL where there is none.
     * Return 0 or VIO_E…; whatever they transfer is bounded by the client's own tables. */
    int (*dma_read)(void *user, uint64_t address, void *data, size_t size);
    int (*dma_write)(void *user, uint64_t address, const void *data, size_t size);
};

/* What a location's options say; UINT64_MAX: as the chassis file says. */
struct sim_options {
    uint64_t seed; /* of every random number; UINT64_MAX: from the system */
    uint64_t latency_ns;
    uint64_t hotplug_ns;
    uint64_t training_ns;
};
#define SIM_OPTIONS_DEFAULT                            \
    {                                                  \
        UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX \
    }

/* Makes a chassis from its description, which stays the caller's. `options` may be NULL. */
int sim_device_new(const struct sim_chassis_spec *spec, const struct sim_options *options,
                   struct viosim **ret_sim, struct sim_diag *diag);

/* viosim_next() and viosim_step() under their internal names. */
uint64_t sim_next(struct viosim *sim);
bool sim_busy(struct viosim *sim); /* with more than waiting for somebody's silence */
void sim_step(struct viosim *sim, uint64_t now);

/* The configuration space that a server reads and writes at a place of its hierarchy: what firmware
 * and drivers in it do. What is absent reads as ones. Return 0; VIO_ENOENT: there is no such
 * server. */
int sim_server_config_read(struct viosim *sim, uint32_t server, uint16_t bdf, size_t offset,
                           void *data, size_t size);
int sim_server_config_write(struct viosim *sim, uint32_t server, uint16_t bdf, size_t offset,
                            const void *data, size_t size);

/* As many clients as one likes may attach; queue sets they must claim. Holds the chassis. Returns
 * 0, VIO_ENOMEM. */
int sim_client_new(struct viosim *sim, const struct sim_host *host, struct sim_client **ret_client);
/* Resets its queue sets: commands at work finish unseen, queued ones are dropped. NULL is fine. */
void sim_client_free(struct sim_client *client);

/*
 * Trapped access to a BAR, any offset and size inside it. Registers are read and written whole: a
 * write of 4 or 8 aligned bytes writes the register or the two registers there; 4 aligned bytes of
 * an 8-byte register write that half of it. Other writes to BAR 0 are ignored. Reads have no side
 * effects, so they may have any size and alignment. What no register backs reads as zero.
 * Returns 0; VIO_EINVAL past the BAR's end or for a BAR that is none.
 */
int sim_client_read(struct sim_client *client, unsigned bar, uint64_t offset, void *data,
                    size_t size);
int sim_client_write(struct sim_client *client, unsigned bar, uint64_t offset, const void *data,
                     size_t size);
uint64_t sim_bar_size(unsigned bar); /* 0: there is no such BAR */

/* Memory behind a BAR, valid as long as the chassis; NULL where only trapped access is there. */
void *sim_client_map(struct sim_client *client, unsigned bar, size_t *ret_size);
/* The memfd of that memory, sealed against shrinking and growing, for another process to map; it
 * stays the chassis'. -1 where there is none. */
int sim_client_map_fd(struct sim_client *client, unsigned bar);

/* The management function's own configuration space, 4 KiB. Return 0; VIO_EINVAL past its end. */
int sim_client_config_read(struct sim_client *client, size_t offset, void *data, size_t size);
int sim_client_config_write(struct sim_client *client, size_t offset, const void *data,
                            size_t size);

/* Function level reset: this client's queue sets and configuration space. */
void sim_client_reset(struct sim_client *client);

#endif
