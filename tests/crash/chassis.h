/* SPDX-License-Identifier: MIT */
/*
 * A vio-chassisd that is killed and started anew at the same address, and what is in its registers,
 * read without the library. Troubles of the test itself (no daemon, no memory) end the program.
 */
#ifndef TESTS_CRASH_CHASSIS_H
#define TESTS_CRASH_CHASSIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <libvio/sim.h>

#include "lib/hw/regs.h"

#define CHASSIS_FUNCTIONS 128 /* as chassis.yaml says */

/*
 * Stops somebody at an exact instant: shared memory of the judge, the program, and a chassis that
 * the judge serves by itself instead of vio-chassisd.
 */
struct trap {
    enum viosim_what
        what; /* VIOSIM_COMMAND: fetched, not yet executed; VIOSIM_COMPLETION: written */
    _Atomic uint32_t left; /* entries that pass before it goes off; 0: it is not set */
    _Atomic pid_t victim;  /* SIGKILL for this one; 0: for the chassis itself */
    _Atomic uint32_t seen[VIOSIM_INTERRUPT + 1]; /* entries so far */
    _Atomic uint32_t allocations, disk_calls;    /* of the program, so far */
};
#define TRAP_UNKNOWN ((pid_t)-1) /* a victim that is just being started */

struct chassis {
    const char *program;     /* vio-chassisd; not used with a trap */
    struct trap *trap;       /* NULL: none */
    const char *description; /* its chassis file */
    char socket[100], control[100];
    pid_t process;       /* 0: none */
    int registers;       /* vfio-user connection that reads them; -1: none yet */
    int orders;          /* connection to the control socket; -1: none yet */
    unsigned generation; /* how often it was started */
};

/* A function that exists, as the device reports it. */
struct chassis_function {
    uint32_t index;
    unsigned life; /* enum vio_hw_life */
    bool enabled;
    uint32_t kind, slot, server;
    uint8_t cookie[16];
    char label[VIO_HW_LABEL_SIZE];
    uint8_t address[VIO_HW_ADDRESS_SIZE], node_address[VIO_HW_ADDRESS_SIZE];
    uint64_t size;
    unsigned vlan_mode, vlan;
};

/* Sockets lie in `folder`. It is started by chassis_start(). */
void chassis_init(struct chassis *chassis, const char *program, const char *description,
                  const char *folder);
void chassis_start(struct chassis *chassis);
/* SIGKILL, and waits until it is gone. Without one running: nothing. */
void chassis_kill(struct chassis *chassis);
/* SIGKILL alone; chassis_kill() waits. */
void chassis_strike(struct chassis *chassis);

/* Gives up the connections, which are made again when they are needed. */
void chassis_hang_up(struct chassis *chassis);

/* Ascending numbers; how many. */
size_t chassis_read(struct chassis *chassis, struct chassis_function functions[CHASSIS_FUNCTIONS]);
uint64_t chassis_boot(struct chassis *chassis);

/* A line of vio-chassisd(8)'s control socket; `reply` may be NULL. False: it was refused. */
bool chassis_order(struct chassis *chassis, const char *line, char *reply, size_t size);
/* A value of the order "stat", such as "live-twice". */
uint64_t chassis_stat(struct chassis *chassis, const char *name);

#endif
