/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/vioctl/vioctl.h"

#define MOST_CHASSIS 16

struct place {
    char *uri;
    struct vio_chassis *chassis;
};

struct vioctl {
    const struct settings *settings;
    bool dry_run; /* nothing is opened for writing */
    bool as_lost; /* what a chassis lost is not re-created when it is opened */
    struct vio_ctx *ctx;
    struct vio_store *store; /* NULL: that of the chassis */
    bool store_is_missing;   /* an empty one in memory stands for it */
    struct place places[MOST_CHASSIS];
    size_t num_places;
    struct vio_chassis *chassis; /* the one in use */
};

struct vio_chassis *session_chassis(struct vioctl *ctl)
{
    return ctl->chassis;
}

struct vio_store *session_store(struct vioctl *ctl)
{
    if (ctl->store == NULL && ctl->num_places > 0)
        return vio_chassis_store(ctl->places[0].chassis);
    return ctl->store;
}

const struct settings *session_settings(const struct vioctl *ctl)
{
    return ctl->settings;
}

bool session_is_dry_run(const struct vioctl *ctl)
{
    return ctl->dry_run;
}

void session_leave_lost(struct vioctl *ctl)
{
    ctl->as_lost = true;
}

int session_complain(const struct vio_req *req, int status, const char *what)
{
    const char *message = req != NULL ? vio_req_message(req) : NULL;
    size_t problems = req != NULL ? vio_req_num_problems(req) : 0;

    if (message == NULL || *message == '\0')
        message = vio_strerror(status);
    complain("%s%s%s (%s)", what != NULL ? what : "", what != NULL ? ": " : "", message,
             vio_error_name(status));
    for (size_t i = 0; i < problems && problems > 1; i++)
        complain("  %s: %s (%s)", vio_req_problem_object(req, i), vio_req_problem_text(req, i),
                 vio_error_name(vio_req_problem_code(req, i)));
    return EXIT_REFUSED;
}

int session_end(int started, struct vio_req *req)
{
    int status = started;

    if (status == 0)
        status = vio_req_wait(req, -1);
    return status == 0 ? vio_req_status(req) : status;
}

int session_call(struct vioctl *ctl, int started, struct vio_req *req)
{
    if (started == 0)
        vio_req_set_deadline(req, ctl->settings->timeout_ms);
    return session_end(started, req);
}

int session_wait(struct vioctl *ctl, int started, struct vio_req *req, const char *what)
{
    int status = session_call(ctl, started, req);

    return status == 0 ? EXIT_DONE : session_complain(started == 0 ? req : NULL, status, what);
}

struct vio_inventory *session_observe(struct vioctl *ctl)
{
    struct vio_req *req = NULL;
    struct vio_inventory *inventory = NULL;
    int started = vio_chassis_observe(ctl->chassis, NULL, NULL, &req);

    if (session_wait(ctl, started, req, "reading the chassis") == EXIT_DONE)
        inventory = vio_inventory_ref(vio_req_get_inventory(req));
    vio_req_unref(req);
    return inventory;
}

struct vio_catalog *session_read_store(struct vioctl *ctl)
{
    struct vio_req *req = NULL;
    struct vio_catalog *catalog = NULL;
    int started = vio_store_observe(session_store(ctl), NULL, NULL, &req);

    if (session_wait(ctl, started, req, "reading the store") == EXIT_DONE)
        catalog = vio_catalog_ref(vio_req_get_catalog(req));
    vio_req_unref(req);
    return catalog;
}

static const char *name_at(const struct vio_list *list, size_t at)
{
    if (vio_list_noun(list) == VIO_NOUN_SERVER)
        return vio_server_name(vio_list_server(list, at));
    return vio_adapter_name(vio_list_adapter(list, at));
}

static void complain_missing(struct vio_inventory *inventory, enum vio_noun noun, const char *word,
                             const char *name)
{
    struct vio_list *list = NULL;
    char there[600] = "";
    size_t used = 0;

    if (vio_list_new(inventory, noun, NULL, &list) != 0)
        return;
    for (size_t i = 0; i < vio_list_count(list) && used < sizeof there; i++)
        used += (size_t)snprintf(there + used, sizeof there - used, " %s", name_at(list, i));
    vio_list_unref(list);
    complain("there is no %s '%.63s'; there are:%s", word, name, there);
}

struct vio_server *session_find_server(struct vio_inventory *inventory, const char *name)
{
    struct vio_server *server = vio_inventory_find_server(inventory, name);

    if (server == NULL)
        complain_missing(inventory, VIO_NOUN_SERVER, "server", name);
    return server;
}

struct vio_adapter *session_find_adapter(struct vio_inventory *inventory, const char *name)
{
    struct vio_adapter *adapter = vio_inventory_find_adapter(inventory, name);

    if (adapter == NULL)
        complain_missing(inventory, VIO_NOUN_ADAPTER, "adapter", name);
    return adapter;
}

static int open_store_at(struct vioctl *ctl, const char *uri, bool write, struct vio_req **ret_req)
{
    struct vio_store_config *config;
    int status = vio_store_config_new(&config);

    if (status != 0)
        return status;
    vio_store_config_set_read_only(config, !write);
    status = vio_store_open(ctl->ctx, uri, config, NULL, NULL, ret_req);
    vio_store_config_free(config);
    return session_call(ctl, status, *ret_req);
}

/*
 * Where nothing was kept yet, and it would be made by the first change only, it is as good as
 * empty: but for who asks for what is in a store that he names.
 */
static int open_store(struct vioctl *ctl, bool write, bool for_chassis)
{
    const char *uri = ctl->settings->store;
    struct vio_req *req = NULL;
    int status = open_store_at(ctl, uri, write, &req);

    if (status == VIO_ENOENT && !write && (for_chassis || ctl->dry_run || uri == NULL)) {
        ctl->store_is_missing = true;
        vio_req_unref(req);
        req = NULL;
        status = open_store_at(ctl, "memory:", true, &req);
    }
    if (status == 0)
        ctl->store = vio_store_ref(vio_req_get_store(req));
    else
        session_complain(req, status, NULL);
    vio_req_unref(req);
    return status == 0 ? EXIT_DONE : EXIT_REFUSED;
}

static int make_config(struct vioctl *ctl, bool write, struct vio_chassis_config **ret_config)
{
    struct vio_chassis_config *config;
    int status = vio_chassis_config_new(&config);

    if (status != 0)
        return complain("%s", vio_strerror(status));
    vio_chassis_config_set_read_only(config, !write);
    vio_chassis_config_set_take_over(config, ctl->settings->take_over);
    vio_chassis_config_set_wait(config, ctl->settings->wait_ms);
    vio_chassis_config_set_store(config, session_store(ctl));
    if (ctl->as_lost)
        vio_chassis_config_set_restore(config, false);
    if (ctl->store_is_missing)
        vio_chassis_config_set_adopt(config, false);
    *ret_config = config;
    return EXIT_DONE;
}

static int open_chassis(struct vioctl *ctl, const char *uri, bool write)
{
    struct vio_chassis_config *config = NULL;
    struct vio_req *req = NULL;

    if (ctl->num_places == MOST_CHASSIS)
        return misuse("more than %d chassis", MOST_CHASSIS);
    int status = make_config(ctl, write, &config);
    if (status != EXIT_DONE)
        return status;
    struct place *place = &ctl->places[ctl->num_places];
    int started = vio_chassis_open(ctl->ctx, uri, config, NULL, NULL, &req);
    status = session_wait(ctl, started, req, NULL);
    if (status == EXIT_DONE) {
        ctl->chassis = place->chassis = vio_chassis_ref(vio_req_get_chassis(req));
        place->uri = strdup(uri);
        ctl->num_places++;
    }
    vio_req_unref(req);
    vio_chassis_config_free(config);
    return status;
}

static int use_chassis(struct vioctl *ctl, const char *uri, bool write)
{
    if (uri == NULL || *uri == '\0')
        return misuse("which chassis? give -c URI or set VIO_CHASSIS: sim:, sim:FILE.yaml or "
                      "vfio-user:SOCKET");
    for (size_t at = 0; at < ctl->num_places; at++) {
        if (ctl->places[at].uri != NULL && strcmp(ctl->places[at].uri, uri) == 0) {
            ctl->chassis = ctl->places[at].chassis;
            return EXIT_DONE;
        }
    }
    return open_chassis(ctl, uri, write);
}

int session_need(struct vioctl *ctl, enum needs needs, const char *uri)
{
    bool for_chassis = needs == NEEDS_CHASSIS || needs == NEEDS_CHASSIS_WRITE;
    bool write = (needs == NEEDS_STORE_WRITE || needs == NEEDS_CHASSIS_WRITE) && !ctl->dry_run;
    int status = EXIT_DONE;

    if (needs == NEEDS_NOTHING)
        return EXIT_DONE;
    if (ctl->ctx == NULL) {
        int error = vio_ctx_new(NULL, &ctl->ctx);

        if (error != 0)
            return complain("%s", vio_strerror(error));
    }
    if (session_store(ctl) == NULL && (ctl->settings->store != NULL || !for_chassis))
        status = open_store(ctl, write, for_chassis);
    if (status == EXIT_DONE && for_chassis)
        status = use_chassis(ctl, uri, write);
    return status;
}

static void close_chassis(struct place *place)
{
    struct vio_req *req = NULL;
    int started = vio_chassis_close(place->chassis, NULL, NULL, &req);

    session_end(started, req);
    vio_req_unref(req);
    vio_chassis_unref(place->chassis);
    free(place->uri);
}

/* What was acknowledged is safe whatever closing says; but a full disk is worth a word. */
static void close_store(struct vio_store *store)
{
    struct vio_req *req = NULL;
    int started = vio_store_close(store, NULL, NULL, &req);
    int status = session_end(started, req);

    if (status != 0)
        session_complain(started == 0 ? req : NULL, status, "closing the store");
    vio_req_unref(req);
    vio_store_unref(store);
}

static void close_all(struct vioctl *ctl)
{
    while (ctl->num_places > 0)
        close_chassis(&ctl->places[--ctl->num_places]);
    if (ctl->store != NULL)
        close_store(ctl->store);
    if (ctl->ctx != NULL)
        vio_ctx_stop(ctl->ctx);
    vio_ctx_unref(ctl->ctx);
}

int session_run(const struct settings *settings, const struct command *command,
                struct arguments *args)
{
    struct vioctl ctl = {
        .settings = settings,
        .dry_run = arguments_option(args, "dry-run", 0) != NULL,
    };
    int status;

    if (command->edit != NULL) {
        struct change_line line = {.command = command, .args = args, .uri = settings->uri};

        status = change_run(&ctl, args, &line, 1);
    } else {
        status = session_need(&ctl, command->needs, settings->uri);
        if (status == EXIT_DONE)
            status = command->run(&ctl, args);
    }
    close_all(&ctl);
    return status;
}
