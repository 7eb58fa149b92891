/* SPDX-License-Identifier: MIT */
#include "sim/location.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#define LONGEST (UINT64_C(3600) * 1000000000) /* ns */

/* A decimal number of at most 64 bits; *end is behind it. */
static bool number(const char *text, const char **end, uint64_t *ret_value)
{
    uint64_t value = 0;

    if (*text < '0' || *text > '9')
        return false;
    for (; *text >= '0' && *text <= '9'; text++) {
        unsigned digit = (unsigned)(*text - '0');

        if (value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *end = text;
    *ret_value = value;
    return true;
}

int sim_time_parse(const char *text, uint64_t *ret_ns)
{
    static const struct {
        const char *name;
        uint64_t ns;
    } units[] = {{"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000}};
    const char *unit;
    uint64_t value;

    if (!number(text, &unit, &value))
        return VIO_EINVAL;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(unit, units[i].name) == 0 && value <= LONGEST / units[i].ns) {
            *ret_ns = value * units[i].ns;
            return 0;
        }
    return VIO_EINVAL;
}

static int time_option(const char *name, const char *value, uint64_t *ret_ns, struct sim_diag *diag)
{
    if (sim_time_parse(value, ret_ns) == 0)
        return 0;
    return sim_diag_set(diag, VIO_EINVAL,
                        "%s=%.40s: a time is a number with ns, us, ms or s, at most an hour", name,
                        value);
}

static int take_option(const char *name, const char *value, struct sim_options *options,
                       struct sim_diag *diag)
{
    const char *end;

    if (strcmp(name, "seed") == 0) {
        if (number(value, &end, &options->seed) && !*end && options->seed != UINT64_MAX)
            return 0;
        return sim_diag_set(diag, VIO_EINVAL, "seed=%.40s: a seed is a number from 0 to 2^64-2",
                            value);
    }
    if (strcmp(name, "time") == 0) {
        if (strcmp(value, "real") == 0 || strcmp(value, "virtual") == 0)
            return 0;
        return sim_diag_set(diag, VIO_EINVAL, "time=%.40s: time is real or virtual", value);
    }
    if (strcmp(name, "latency") == 0)
        return time_option(name, value, &options->latency_ns, diag);
    if (strcmp(name, "hotplug") == 0)
        return time_option(name, value, &options->hotplug_ns, diag);
    if (strcmp(name, "training") == 0)
        return time_option(name, value, &options->training_ns, diag);
    return sim_diag_set(diag, VIO_EINVAL,
                        "%.40s: no such option; there are seed, time, latency, hotplug, training",
                        name);
}

/* `text` is cut up at "&" and "=". */
static int take_options(char *text, struct sim_options *options, struct sim_diag *diag)
{
    int err = 0;

    while (err == 0 && text) {
        char *next = strchr(text, '&'), *value;

        if (next)
            *next++ = '\0';
        value = strchr(text, '=');
        if (value) {
            *value++ = '\0';
            err = take_option(text, value, options, diag);
        } else {
            err = sim_diag_set(diag, VIO_EINVAL, "\"%.40s\": an option is NAME=VALUE", text);
        }
        text = next;
    }
    return err;
}

int sim_location_parse(const char *location, char **ret_path, struct sim_options *ret_options,
                       struct sim_diag *diag)
{
    static const struct sim_options defaults = SIM_OPTIONS_DEFAULT;
    struct sim_options options = defaults;
    char *path = strdup(location), *text;
    int err;

    if (!path)
        return sim_diag_set(diag, VIO_ENOMEM, "out of memory");
    text = strchr(path, '?');
    if (text)
        *text++ = '\0';
    err = take_options(text, &options, diag);
    if (err != 0) {
        free(path);
        return err;
    }
    *ret_path = path;
    *ret_options = options;
    return 0;
}
