/* SPDX-License-Identifier: MIT */
#include "tools/vioctl/config_space.h"

#include <stdio.h>

/* PCI Local Bus Specification 3.0, chapter 6, and PCI-to-PCI Bridge Architecture 1.2, chapter 3. */
#define SPACE_SIZE      4096
#define HEADER_TYPE     0x0e
#define HEADER_MULTI    0x80
#define HEADER_BRIDGE   0x01
#define SECONDARY_BUS   0x19
#define CAPABILITIES    0x34
#define CAPABILITY_PCIE 0x10
#define PCIE_FLAGS      0x02
#define PCIE_ROOT_PORT  4
#define PCIE_DOWNSTREAM 6
#define BUSES           256

struct walk {
    struct vioctl *ctl;
    uint32_t server;
    int status;
    bool walked[BUSES]; /* bridges of a broken hierarchy may lead to the same bus */
};

static void print_space(uint16_t bdf, const uint8_t *space)
{
    printf("%02x:%02x.%x Class %02x%02x: Device %02x%02x:%02x%02x (rev %02x)\n", bdf >> 8,
           bdf >> 3 & 31, bdf & 7, space[0x0b], space[0x0a], space[1], space[0], space[3], space[2],
           space[8]);
    for (unsigned offset = 0; offset < SPACE_SIZE; offset += 16) {
        printf("%02x:", offset);
        for (unsigned i = 0; i < 16; i++)
            printf(" %02x", space[offset + i]);
        putchar('\n');
    }
    putchar('\n');
}

/* A link has one device at its end: below a root or downstream port only device 0 can answer. */
static bool leads_to_link(const uint8_t *space)
{
    unsigned at = space[CAPABILITIES] & 0xfc;

    for (unsigned steps = 0; at >= 0x40 && steps < 48; steps++) {
        unsigned type = space[at + PCIE_FLAGS] >> 4;

        if (space[at] == CAPABILITY_PCIE)
            return type == PCIE_ROOT_PORT || type == PCIE_DOWNSTREAM;
        at = space[at + 1] & 0xfc;
    }
    return false;
}

static void walk_bus(struct walk *walk, unsigned bus, unsigned devices);

/* Returns whether a function is there; *ret_multi whether its device has more. */
static bool walk_function(struct walk *walk, uint16_t bdf, bool *ret_multi)
{
    struct vio_req *req = NULL;
    bool found = false;
    int started = vio_device_config(session_chassis(walk->ctl), VIO_CONFIG_SERVER, walk->server,
                                    bdf, SPACE_SIZE, NULL, NULL, &req);

    if (session_end(started, req) == VIO_ENOENT) {
        vio_req_unref(req);
        return false;
    }
    if (session_wait(walk->ctl, started, req, "reading a configuration space") == EXIT_DONE) {
        const uint8_t *space = vio_req_get_data(req, NULL);
        unsigned header = space[HEADER_TYPE];

        print_space(bdf, space);
        *ret_multi = (header & HEADER_MULTI) != 0;
        if ((header & 0x7f) == HEADER_BRIDGE)
            walk_bus(walk, space[SECONDARY_BUS], leads_to_link(space) ? 1 : 32);
        found = true;
    } else {
        walk->status = EXIT_REFUSED;
    }
    vio_req_unref(req);
    return found;
}

static void walk_bus(struct walk *walk, unsigned bus, unsigned devices)
{
    if (walk->walked[bus])
        return;
    walk->walked[bus] = true;
    for (unsigned device = 0; device < devices && walk->status == EXIT_DONE; device++) {
        uint16_t bdf = (uint16_t)(bus << 8 | device << 3);
        bool multi = false, ignored;

        if (!walk_function(walk, bdf, &multi) || !multi)
            continue;
        for (unsigned f = 1; f < 8 && walk->status == EXIT_DONE; f++)
            walk_function(walk, (uint16_t)(bdf | f), &ignored);
    }
}

int config_space_print(struct vioctl *ctl, uint32_t server)
{
    struct walk walk = {.ctl = ctl, .server = server, .status = EXIT_DONE};

    walk_bus(&walk, 0, 32);
    return walk.status;
}
