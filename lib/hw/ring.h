/* SPDX-License-Identifier: MIT */
/*
 * The entries of the three rings. The structs are what the program works with;
 * encode and decode turn them into the bytes of the wire and back. A ring
 * entry is copied out of shared memory once, and only the copy is decoded.
 */
#ifndef VIO_LIB_HW_RING_H
#define VIO_LIB_HW_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/hw/regs.h"

/* Bits of vio_hw_command.flags. */
#define VIO_HW_COMMAND_FORCE                                                                      \
    0x0001u /* FUNCTION_UNBIND: without the server's consent; LEASE_CLAIM: take over a live lease \
             */
#define VIO_HW_COMMAND_ERASE 0x0002u /* FUNCTION_DESTROY: erase the storage at once */

/* 64 bytes. Offsets: opcode 0, flags 2, number 4, lease 8, target 16, generation_low 20,
 * arg 24..47, data_offset 48, data_length 56, reserved 60. */
struct vio_hw_command {
    uint16_t opcode;
    uint16_t flags;
    uint32_t number;     /* with the lease: the command's tag */
    uint64_t lease;      /* 0: a command that only reads */
    uint32_t target;     /* port, slot or function, as the opcode says */
    uint32_t generation; /* low half of the generation that the target must have; 0: any */
    uint32_t arg[6];
    uint64_t data_offset; /* in the set's part of BAR 2, or host address */
    uint32_t data_length; /* bytes; 0: no data */
};

/* Bits of vio_hw_completion.flags. */
#define VIO_HW_PHASE        0x0001u /* 1 on a ring's first pass, 0 on its second, and so on */
#define VIO_HW_CPL_REPLAYED 0x0002u /* the outcome was recorded earlier under the same tag */

/* 32 bytes. Offsets: lease 0, number 8, status 12, flags 14, result 16, detail 20, generation 24.
 * The device writes flags last; a client reads flags first (acquire), then copies the entry. */
struct vio_hw_completion {
    uint64_t lease;
    uint32_t number;
    uint16_t status; /* enum vio_hw_status */
    uint16_t flags;
    uint32_t result; /* function made, records read, or as the status says */
    uint32_t detail; /* READ: index to go on from, 0xffffffff at the end; or as the status says */
    uint64_t generation; /* of the target after the command; READ: the change counter */
};

/* 64 bytes. Offsets: sequence 0, time 8, type 16, flags 18, index 20, value 24, lost 32, cookie 40,
 * server 56, slot 60. flags last, as above. */
struct vio_hw_event {
    uint64_t sequence;  /* grows by one per event, lost ones included */
    uint64_t time;      /* UPTIME when it happened, ns */
    uint16_t type;      /* enum vio_hw_event_type */
    uint16_t flags;     /* VIO_HW_PHASE, VIO_HW_EVENT_OVERFLOW */
    uint32_t index;     /* number of the object */
    uint64_t value;     /* as the type says */
    uint64_t lost;      /* with VIO_HW_EVENT_OVERFLOW: how many events before this one were lost */
    uint8_t cookie[16]; /* of the function, else zero */
    uint32_t server;    /* of the function, else 0xffffffff */
    uint32_t slot;      /* of the function, else 0xffffffff */
};

#define VIO_HW_EVENT_OVERFLOW 0x0002u

void vio__hw_command_encode(const struct vio_hw_command *command,
                            uint8_t wire[VIO_HW_COMMAND_SIZE]);
void vio__hw_command_decode(const uint8_t wire[VIO_HW_COMMAND_SIZE],
                            struct vio_hw_command *ret_command);
void vio__hw_completion_encode(const struct vio_hw_completion *completion,
                               uint8_t wire[VIO_HW_COMPLETION_SIZE]);
void vio__hw_completion_decode(const uint8_t wire[VIO_HW_COMPLETION_SIZE],
                               struct vio_hw_completion *ret_completion);
void vio__hw_event_encode(const struct vio_hw_event *event, uint8_t wire[VIO_HW_EVENT_SIZE]);
void vio__hw_event_decode(const uint8_t wire[VIO_HW_EVENT_SIZE], struct vio_hw_event *ret_event);

#define VIO_HW_COMPLETION_FLAGS_OFFSET 14
#define VIO_HW_EVENT_FLAGS_OFFSET      18

/* The phase bit that entry number `index` of a ring of `size` entries carries. */
static inline bool vio__hw_phase(uint32_t index, uint32_t size)
{
    return (index / size & 1) == 0;
}

#endif
