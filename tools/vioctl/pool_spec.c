/* SPDX-License-Identifier: MIT */
/* vioctl pool create and set: options into a vio_pool_spec. */
#include <string.h>

#include "tools/vioctl/pool.h"

#define CHANGEABLE_OPTIONS                                                                  \
    {"range", "FIRST-LAST", "identities it has; may be given again"},                       \
        {"exclude", "FIRST-LAST", "those of them that it never gives; may be given again"}, \
        {"external", "FIRST-LAST", "those that something else uses; may be given again"},   \
        {"order", "ORDER", "lowest or sequential (default): which free one is next"},       \
        {"quarantine", "TIME", "how long a released one is kept back, such as 300 or 1d"},  \
        {"description", "TEXT", "free text, at most 255 bytes"},                            \
    {                                                                                       \
        "label", "KEY=VALUE", "a label; may be given again"                                 \
    }

const struct option create_pool_options[] = {
    {"purpose", "PURPOSE", "mac, wwnn, wwpn, wwn (pairs of both) or uuid (required)"},
    CHANGEABLE_OPTIONS,
    {NULL, NULL, NULL},
};

const struct option set_pool_options[] = {
    {"name", "NAME", "a new name"},
    CHANGEABLE_OPTIONS,
    {"remove-range", "FIRST-LAST", "takes free identities out; may be given again"},
    {"include", "FIRST-LAST", "gives excluded ones again; may be given again"},
    {"remove-external", "FIRST-LAST", "nothing else uses them any more; may be given again"},
    {"unlabel", "KEY", "removes a label; may be given again"},
    GENERATION_OPTION,
    {NULL, NULL, NULL},
};

static int set_purpose(struct vio_pool_spec *spec, const char *text)
{
    for (int purpose = VIO_POOL_MAC; purpose <= VIO_POOL_WWN; purpose++) {
        if (strcmp(text, vio_pool_purpose_name((enum vio_pool_purpose)purpose)) == 0) {
            vio_pool_spec_set_purpose(spec, (enum vio_pool_purpose)purpose);
            return EXIT_DONE;
        }
    }
    return misuse("--purpose: '%.80s' is none; there are mac, wwnn, wwpn, wwn and uuid", text);
}

static int set_order(struct vio_pool_spec *spec, const char *text)
{
    for (int order = VIO_POOL_ORDER_LOWEST; order <= VIO_POOL_ORDER_SEQUENTIAL; order++) {
        if (strcmp(text, vio_pool_order_name((enum vio_pool_order)order)) == 0) {
            vio_pool_spec_set_order(spec, (enum vio_pool_order)order);
            return EXIT_DONE;
        }
    }
    return misuse("--order: '%.80s' is none; there are lowest and sequential", text);
}

static int set_quarantine(struct vio_pool_spec *spec, const char *text)
{
    uint64_t seconds;
    int status = when_parse_duration("--quarantine", text, &seconds);

    if (status == EXIT_DONE &&
        (seconds > UINT32_MAX || vio_pool_spec_set_quarantine(spec, (uint32_t)seconds) != 0))
        return misuse("--quarantine: '%.80s' is too long; 366d is the longest", text);
    return status;
}

static int set_description(struct vio_pool_spec *spec, const char *text)
{
    if (vio_pool_spec_set_description(spec, text) == 0)
        return EXIT_DONE;
    return misuse("--description: '%.80s' is not allowed; it has at most 255 bytes of UTF-8 and no "
                  "control characters",
                  text);
}

static int set_name(struct vio_pool_spec *spec, const char *text)
{
    if (vio_pool_spec_set_name(spec, text) == 0)
        return EXIT_DONE;
    return misuse("name: '%.80s' is not allowed; names have 1 to 63 bytes, begin with a letter or "
                  "digit and go on with letters, digits, '.', '_', '-' or ':'",
                  text);
}

static int set_texts(struct vio_pool_spec *spec, const struct arguments *args)
{
    static const struct {
        const char *option;
        int (*set)(struct vio_pool_spec *, const char *);
    } texts[] = {{"purpose", set_purpose},
                 {"order", set_order},
                 {"quarantine", set_quarantine},
                 {"description", set_description},
                 {"name", set_name}};
    int status = EXIT_DONE;

    for (size_t i = 0; status == EXIT_DONE && i < sizeof texts / sizeof *texts; i++) {
        const char *text = arguments_option(args, texts[i].option, 0);

        if (text != NULL)
            status = texts[i].set(spec, text);
    }
    return status;
}

static int refuse_addresses(const char *option, const char *text, int error)
{
    if (error == VIO_EADDR)
        return misuse("%s: '%.100s': both are of one kind, the first is not above the last, and "
                      "neither is a multicast or zero MAC, or a WWN that does not begin with 1, 2, "
                      "5 or 6",
                      option, text);
    return misuse("%s: '%.100s': %s", option, text, vio_strerror(error));
}

static int add_ranges(struct vio_pool_spec *spec, const struct arguments *args)
{
    static const struct {
        const char *option;
        int (*add)(struct vio_pool_spec *, const struct vio_address *, const struct vio_address *);
    } ranges[] = {{"--range", vio_pool_spec_add_range},
                  {"--remove-range", vio_pool_spec_remove_range},
                  {"--exclude", vio_pool_spec_add_exclusion},
                  {"--include", vio_pool_spec_remove_exclusion},
                  {"--external", vio_pool_spec_add_external},
                  {"--remove-external", vio_pool_spec_remove_external}};
    const char *text;

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        for (size_t at = 0; (text = arguments_option(args, ranges[i].option + 2, at)) != NULL;
             at++) {
            struct vio_address first, last;
            int status = parse_range(ranges[i].option, text, &first, &last);

            if (status != EXIT_DONE)
                return status;
            int error = ranges[i].add(spec, &first, &last);
            if (error != 0)
                return refuse_addresses(ranges[i].option, text, error);
        }
    }
    return EXIT_DONE;
}

static int set_label(void *spec, const char *key, const char *value)
{
    return vio_pool_spec_set_label(spec, key, value);
}

static int fill(struct vio_pool_spec *spec, const struct arguments *args)
{
    int status = set_texts(spec, args);

    if (status == EXIT_DONE)
        status = add_ranges(spec, args);
    if (status == EXIT_DONE)
        status = labels_set(args, spec, set_label);
    return status;
}

int create_pool(struct vioctl *ctl, const struct arguments *args, struct vio_changeset *set)
{
    struct vio_pool_spec *spec;

    (void)ctl;
    if (arguments_option(args, "purpose", 0) == NULL)
        return misuse("create: for which purpose? give --purpose mac, wwnn, wwpn, wwn or uuid");
    if (vio_pool_spec_new(&spec) != 0)
        return complain("out of memory");
    int status = set_name(spec, arguments_operand(args, 0));
    if (status == EXIT_DONE)
        status = fill(spec, args);
    if (status == EXIT_DONE)
        status = change_added(vio_changeset_create_pool(set, spec));
    vio_pool_spec_free(spec);
    return status;
}

int set_pool(struct vioctl *ctl, const struct arguments *args, struct vio_changeset *set)
{
    const char *name = arguments_operand(args, 0);
    struct vio_pool_spec *spec;

    (void)ctl;
    if (!arguments_have_any(args, set_pool_options))
        return misuse("set %s: what is to be changed? 'vioctl pool set --help' lists the options",
                      name);
    if (vio_pool_spec_new(&spec) != 0)
        return complain("out of memory");
    int status = fill(spec, args);
    if (status == EXIT_DONE)
        status = change_added(vio_changeset_set_pool(set, name, spec));
    vio_pool_spec_free(spec);
    return status;
}
