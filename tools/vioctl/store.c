/* SPDX-License-Identifier: MIT */
/* vioctl store: the place where the desired state is kept. */
#include <stdio.h>

#include "tools/vioctl/vioctl.h"

static json_t *describe_met(const struct vio_catalog *catalog)
{
    json_t *all = json_array();

    for (size_t at = 0; at < vio_catalog_num_chassis(catalog); at++) {
        struct vio_address uuid;
        int error = vio_catalog_chassis_uuid(catalog, at, &uuid);

        json_array_append_new(
            all, json_pack("{s:s, s:o, s:s, s:o, s:o, s:o}", "name",
                           vio_catalog_chassis_name(catalog, at), "uuid",
                           error == 0 ? describe_address(&uuid) : json_null(), "uri",
                           vio_catalog_chassis_uri(catalog, at), "boot_id",
                           json_sprintf("%016llx", (unsigned long long)vio_catalog_chassis_boot_id(
                                                       catalog, at)),
                           "first", when_describe(vio_catalog_chassis_first(catalog, at)), "last",
                           when_describe(vio_catalog_chassis_last(catalog, at))));
    }
    return all;
}

static json_t *describe_store(const struct vio_store *store, const struct vio_catalog *catalog)
{
    struct vio_address uuid;

    return json_pack("{s:s, s:o, s:I, s:I, s:o}", "uri", vio_store_uri(store), "uuid",
                     vio_store_uuid(store, &uuid) == 0 ? describe_address(&uuid) : json_null(),
                     "vadapters", (json_int_t)vio_catalog_num_vadapters(catalog), "pools",
                     (json_int_t)vio_catalog_num_pools(catalog), "chassis", describe_met(catalog));
}

static int show(struct vioctl *ctl, const struct arguments *args)
{
    static const struct column columns[] = {
        {"uri", "URI", SHOW_TEXT},
        {"uuid", "UUID", SHOW_TEXT},
        {"vadapters", "vAdapters", SHOW_TEXT},
        {"pools", "Pools", SHOW_TEXT},
        {NULL, NULL, SHOW_TEXT},
    };
    static const struct column met[] = {
        {"name", "CHASSIS", SHOW_TEXT}, {"uuid", "UUID", SHOW_TEXT},
        {"uri", "URI", SHOW_TEXT},      {"first", "FIRST OPENED", SHOW_TEXT},
        {"last", "LAST", SHOW_TEXT},    {NULL, NULL, SHOW_TEXT},
    };
    const struct settings *settings = session_settings(ctl);
    struct vio_catalog *catalog = session_read_store(ctl);

    (void)args;
    if (catalog == NULL)
        return EXIT_REFUSED;
    json_t *value = describe_store(session_store(ctl), catalog);
    int status = output_object(settings, json_incref(value), columns);
    json_t *chassis = json_object_get(value, "chassis");
    if (status == EXIT_DONE && !settings->json && json_array_size(chassis) > 0) {
        putchar('\n');
        status = output_list(settings, json_incref(chassis), met);
    }
    json_decref(value);
    vio_catalog_unref(catalog);
    return status;
}

static int check(struct vioctl *ctl, const struct arguments *args)
{
    bool full = arguments_option(args, "full", 0) != NULL;
    struct vio_req *req = NULL;
    int started = vio_store_check(session_store(ctl), full, NULL, NULL, &req);
    int status = session_wait(ctl, started, req, NULL);

    vio_req_unref(req);
    if (status == EXIT_DONE && !session_settings(ctl)->json)
        puts("The store is sound.");
    return status;
}

static int backup(struct vioctl *ctl, const struct arguments *args)
{
    struct vio_req *req = NULL;
    int started =
        vio_store_backup(session_store(ctl), arguments_operand(args, 0), NULL, NULL, &req);
    int status = session_wait(ctl, started, req, NULL);

    vio_req_unref(req);
    return status;
}

static const struct option check_options[] = {
    {"full", NULL, "every row and index, which takes its time"},
    {NULL, NULL, NULL},
};

#define BACKUP "FILE", "copies the store into a new file, while it is in use", NEEDS_STORE, NULL

const struct command store_commands[] = {
    {"store", "show", "", "shows the store and the chassis it has met", NEEDS_STORE, NULL,
     .run = show},
    {"store", "check", "", "looks for damage", NEEDS_STORE, check_options, .run = check},
    {"store", "backup", BACKUP, .run = backup},
    {"backup", NULL, BACKUP, .run = backup},
    {.noun = NULL},
};
