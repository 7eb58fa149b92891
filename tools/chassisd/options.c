/* SPDX-License-Identifier: MIT */
#include "tools/chassisd/options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/location.h"

#define LONGEST_NS UINT64_C(60000000000) /* as in a chassis file */

enum option_value {
    OPTION_SOCKET = 1,
    OPTION_CONTROL,
    OPTION_CHASSIS,
    OPTION_ADAPTER,
    OPTION_MODE,
    OPTION_LATENCY,
    OPTION_HOTPLUG,
    OPTION_TRAINING,
    OPTION_SEED,
    OPTION_HELP,
    OPTION_VERSION,
};

static const struct option long_options[] = {
    {"socket", required_argument, NULL, OPTION_SOCKET},
    {"control", required_argument, NULL, OPTION_CONTROL},
    {"chassis", required_argument, NULL, OPTION_CHASSIS},
    {"adapter", required_argument, NULL, OPTION_ADAPTER},
    {"mode", required_argument, NULL, OPTION_MODE},
    {"latency", required_argument, NULL, OPTION_LATENCY},
    {"hotplug", required_argument, NULL, OPTION_HOTPLUG},
    {"training", required_argument, NULL, OPTION_TRAINING},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

const char *options_help(void)
{
    return "Usage: vio-chassisd --socket PATH [OPTION]...\n"
           "Serve a software chassis over the vfio-user protocol.\n"
           "\n"
           "  --socket PATH        UNIX socket for vfio-user clients\n"
           "  --control PATH       UNIX socket for commands of text: faults, power, links\n"
           "  --chassis FILE       description of the chassis instead of the default one\n"
           "  --adapter SLOT=FILE  adapter in a slot: a description, the output of\n"
           "                       lspci -xxxx, or none; may be repeated\n"
           "  --mode MODE          permissions of the sockets, octal; default 0600\n"
           "  --latency TIME       time of one command, such as 10us\n"
           "  --hotplug TIME       time of a server's consent to plugging\n"
           "  --training TIME      time in which a link comes up\n"
           "  --seed N             draw every random number from N\n"
           "  --help               show this text\n"
           "  --version            show the version\n"
           "\n"
           "TIME is a number with ns, us, ms or s, up to 60s. \"ready\" on standard output\n"
           "says that clients are accepted; SIGTERM and SIGINT end the program.\n";
}

static int parse_number(const char *text, uint64_t *ret_value, const char **ret_end)
{
    char *end;

    errno = 0;
    if (!isdigit((unsigned char)text[0]))
        return -1;
    *ret_value = strtoull(text, &end, 10);
    *ret_end = end;
    return errno ? -1 : 0;
}

static int parse_time(const char *text, uint64_t *ret_ns)
{
    uint64_t ns;

    if (sim_time_parse(text, &ns) != 0 || ns > LONGEST_NS)
        return -1;
    *ret_ns = ns;
    return 0;
}

static int parse_seed(const char *text, uint64_t *ret_seed)
{
    const char *end;
    uint64_t value;

    if (parse_number(text, &value, &end) != 0 || *end || value == UINT64_MAX)
        return -1;
    *ret_seed = value;
    return 0;
}

static int parse_mode(const char *text, mode_t *ret_mode)
{
    size_t length = strlen(text);

    if (length < 1 || length > 4 || strspn(text, "01234567") != length)
        return -1;
    if (strtoul(text, NULL, 8) > 0777)
        return -1;
    *ret_mode = (mode_t)strtoul(text, NULL, 8);
    return 0;
}

static int parse_adapter(const char *text, struct options *options)
{
    const char *equals = strchr(text, '=');
    size_t length = equals ? (size_t)(equals - text) : 0;

    if (length == 0 || length > SIM_NAME_MAX || !equals[1] ||
        options->adapter_count == OPTIONS_ADAPTERS_MAX)
        return -1;
    memcpy(options->adapters[options->adapter_count].slot, text, length);
    options->adapters[options->adapter_count].where = equals + 1;
    options->adapter_count++;
    return 0;
}

/* Returns what is allowed where the value is not, else NULL. */
static const char *take(struct options *options, int option, char *value)
{
    switch (option) {
    case OPTION_SOCKET:
        options->socket = value;
        return NULL;
    case OPTION_CONTROL:
        options->control = value;
        return NULL;
    case OPTION_CHASSIS:
        options->chassis = value;
        return NULL;
    case OPTION_ADAPTER:
        return parse_adapter(value, options) ? "SLOT=FILE, up to 64 of them" : NULL;
    case OPTION_MODE:
        return parse_mode(value, &options->mode) ? "an octal number up to 0777" : NULL;
    case OPTION_LATENCY:
        return parse_time(value, &options->device.latency_ns) ? "a time from 0ns to 60s" : NULL;
    case OPTION_HOTPLUG:
        return parse_time(value, &options->device.hotplug_ns) ? "a time from 0ns to 60s" : NULL;
    case OPTION_TRAINING:
        return parse_time(value, &options->device.training_ns) ? "a time from 0ns to 60s" : NULL;
    case OPTION_SEED:
        return parse_seed(value, &options->device.seed) ? "a number below 2^64 - 1" : NULL;
    case OPTION_HELP:
        options->help = true;
        return NULL;
    default:
        options->version = true;
        return NULL;
    }
}

static int check(const struct options *options, int argc, char **argv, char *error, size_t size)
{
    if (optind < argc)
        snprintf(error, size, "unexpected argument '%s'; --help shows the options", argv[optind]);
    else if (!options->socket)
        snprintf(error, size, "--socket PATH is needed; --help shows the options");
    else if (options->control && strcmp(options->socket, options->control) == 0)
        snprintf(error, size, "--socket and --control need different paths");
    else
        return 0;
    return -1;
}

int options_parse(int argc, char **argv, struct options *ret_options, char *error, size_t size)
{
    struct options options = {.mode = 0600, .device = SIM_OPTIONS_DEFAULT};
    int option;

    optind = 0; /* forgets whatever was parsed before */
    opterr = 0;
    while ((option = getopt_long(argc, argv, "+:", long_options, NULL)) != -1) {
        const char *allowed;

        if (option == ':') {
            snprintf(error, size, "option '%s' needs a value", argv[optind - 1]);
            return -1;
        }
        if (option == '?') {
            snprintf(error, size, "unknown option '%s'; --help shows the options",
                     argv[optind - 1]);
            return -1;
        }
        allowed = take(&options, option, optarg);
        if (allowed) {
            snprintf(error, size, "%s '%s': allowed is %s", long_options[option - 1].name, optarg,
                     allowed);
            return -1;
        }
    }
    if (!options.help && !options.version && check(&options, argc, argv, error, size) != 0)
        return -1;
    *ret_options = options;
    return 0;
}
