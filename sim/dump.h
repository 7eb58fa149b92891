/* SPDX-License-Identifier: MIT */
/*
 * Config-space dumps as lspci prints them with -x, -xxx or -xxxx, with or without -v: of one
 * function or of a whole machine. The hex lines are read; of the text lines only the headline's
 * name and the sizes of the regions.
 */
#ifndef SIM_DUMP_H
#define SIM_DUMP_H

#include <stddef.h>

#include "sim/adapter.h"

#define SIM_DUMP_SIZE_MAX (32u * 1024 * 1024)

struct sim_dump_address {
    uint32_t domain; /* 0 where the dump has none */
    uint8_t bus, device, function;
};

/* A size that a text line gives: of the region by number (0 to 5), or of whatever is at an address.
 */
struct sim_dump_region {
    int index; /* -1: only the address is known */
    uint64_t address;
    uint64_t size;
};

struct sim_dump {
    struct sim_dump_address address;
    char title[SIM_ADAPTER_NAME_MAX + 1]; /* what the headline says after the class; may be "" */
    unsigned line;                        /* of the headline */
    uint8_t image[SIM_CONFIG_SIZE];
    size_t held; /* bytes that the dump has: 64, 128, 256 or 4096; the rest of the image is zero */
    struct sim_dump_region regions[SIM_BARS + 1];
    unsigned region_count;
    uint64_t rom_size; /* 0: no line tells */
    unsigned bad_line; /* of a region with a size that none can have; 0: none */
};

/* Reads "0000:03:00.0" or "03:00.0" up to a terminator. Returns the length, 0 if it is none. */
size_t sim_dump_address_parse(const char *text, size_t len, struct sim_dump_address *ret_address);

/* Picks the function at `wanted`; NULL: the first network function, else the first Fibre Channel
 * one, else the first of storage. `name` stands for the file in errors. Returns 0, VIO_EPARSE,
 * VIO_ENOENT (no such function). */
int sim_dump_parse(const char *name, const char *text, size_t len,
                   const struct sim_dump_address *wanted, struct sim_dump *ret_dump,
                   struct sim_diag *diag);

#endif
