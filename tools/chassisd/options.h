/* SPDX-License-Identifier: MIT */
/* The command line of vio-chassisd(8). */
#ifndef CHASSISD_OPTIONS_H
#define CHASSISD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "sim/device.h"

#define OPTIONS_ADAPTERS_MAX SIM_CHASSIS_SLOTS_MAX

struct options {
    const char *socket;
    const char *control; /* NULL: none */
    const char *chassis; /* NULL: the default one */
    mode_t mode;
    struct sim_options device;
    struct {
        char slot[SIM_NAME_MAX + 1];
        const char *where;
    } adapters[OPTIONS_ADAPTERS_MAX];
    unsigned adapter_count;
    bool help;
    bool version;
};

/* Returns 0, or -1 with one line in `error`. The strings are those of `argv`. */
int options_parse(int argc, char **argv, struct options *ret_options, char *error, size_t size);

const char *options_help(void);

#endif
