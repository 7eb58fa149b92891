/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "tools/vioctl/vioctl.h"

const struct option list_options[] = {
    {"server", "NAME", "only what is in this server"},
    {"adapter", "NAME", "only what is on this adapter"},
    {"type", "KIND", "only this kind: vnic, vhba or vdisk"},
    {"state", "STATE", "only what is in this state"},
    {"label", "KEY[=VALUE]", "only what carries this label; may be given again"},
    {NULL, NULL, NULL},
};

static int set_labels(struct vio_filter *filter, const struct arguments *args)
{
    const char *label;
    int status = 0;

    for (size_t at = 0; status == 0 && (label = arguments_option(args, "label", at)); at++) {
        char key[64];
        size_t length = strcspn(label, "=");

        if (length >= sizeof key)
            return VIO_ENAME;
        memcpy(key, label, length);
        key[length] = '\0';
        status =
            vio_filter_add_label(filter, key, label[length] == '=' ? label + length + 1 : NULL);
    }
    return status;
}

static int make_filter(const struct arguments *args, struct vio_filter **ret_filter)
{
    static int (*const set[])(struct vio_filter *, const char *) = {
        vio_filter_set_server, vio_filter_set_adapter, vio_filter_set_state};
    static const char *const names[] = {"server", "adapter", "state"};
    const char *type = arguments_option(args, "type", 0);
    enum vio_vadapter_kind kind = VIO_VADAPTER_UNKNOWN;
    struct vio_filter *filter;

    if (type != NULL && parse_kind("--type", type, &kind) != EXIT_DONE)
        return EXIT_USAGE;
    int status = vio_filter_new(&filter);
    if (status != 0)
        return complain("%s", vio_strerror(status));
    const char *wrong = "name";
    status = vio_filter_set_name(filter, arguments_operand(args, 0));
    for (size_t i = 0; status == 0 && i < sizeof set / sizeof *set; i++) {
        wrong = names[i];
        status = set[i](filter, arguments_option(args, names[i], 0));
    }
    if (status == 0) {
        wrong = "label";
        status = set_labels(filter, args);
    }
    if (status == 0) {
        vio_filter_set_kind(filter, kind);
        *ret_filter = filter;
        return EXIT_DONE;
    }
    vio_filter_free(filter);
    if (strcmp(wrong, "state") == 0)
        return misuse("--state: '%.80s' is no state; there are those that lists show, such as "
                      "attached, detached, up, down, on, off, ok, empty and fault",
                      arguments_option(args, "state", 0));
    return misuse("the filter's %s: %s", wrong, vio_strerror(status));
}

static int append_pages(struct vio_list *list, json_t *rows,
                        json_t *(*describe)(struct vio_list *list, size_t at))
{
    int status = 0;

    while (status == 0) {
        struct vio_list *next = NULL;

        for (size_t at = 0; at < vio_list_count(list); at++)
            if (json_array_append_new(rows, describe(list, at)) != 0)
                status = VIO_ENOMEM;
        if (status == 0)
            status = vio_list_next(list, &next);
        vio_list_unref(list);
        list = next;
    }
    return status == VIO_ENOENT ? 0 : status;
}

json_t *list_describe(struct vioctl *ctl, enum vio_noun noun, const struct vio_filter *filter,
                      json_t *(*describe)(struct vio_list *list, size_t at))
{
    struct vio_inventory *inventory = session_observe(ctl);
    struct vio_list *list = NULL;
    json_t *rows = json_array();

    if (inventory == NULL) {
        json_decref(rows);
        return NULL;
    }
    int error = vio_list_new(inventory, noun, filter, &list);
    if (error == 0)
        error = append_pages(list, rows, describe);
    vio_inventory_unref(inventory);
    if (error == 0)
        return rows;
    json_decref(rows);
    complain("listing: %s", vio_strerror(error));
    return NULL;
}

int list_run(struct vioctl *ctl, const struct arguments *args, enum vio_noun noun,
             json_t *(*describe)(struct vio_list *list, size_t at), const struct column *columns)
{
    struct vio_filter *filter = NULL;
    int status = make_filter(args, &filter);

    if (status != EXIT_DONE)
        return status;
    json_t *rows = list_describe(ctl, noun, filter, describe);
    vio_filter_free(filter);
    return rows != NULL ? output_list(session_settings(ctl), rows, columns) : EXIT_REFUSED;
}
