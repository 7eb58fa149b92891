/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/vioctl/vioctl.h"

struct vioctl {
    const struct settings *settings;
    struct vio_ctx *ctx;
    struct vio_chassis *chassis;
};

struct vio_ctx *session_ctx(struct vioctl *ctl)
{
    return ctl->ctx;
}

struct vio_chassis *session_chassis(struct vioctl *ctl)
{
    return ctl->chassis;
}

const struct settings *session_settings(const struct vioctl *ctl)
{
    return ctl->settings;
}

static void print_failure(const struct vio_req *req, int status, const char *what)
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
}

int session_end(int started, struct vio_req *req)
{
    int status = started;

    if (status == 0)
        status = vio_req_wait(req, -1);
    return status == 0 ? vio_req_status(req) : status;
}

int session_wait(struct vioctl *ctl, int started, struct vio_req *req, const char *what)
{
    int status;

    if (started == 0)
        vio_req_set_deadline(req, ctl->settings->timeout_ms);
    status = session_end(started, req);
    if (status == 0)
        return EXIT_DONE;
    print_failure(started == 0 ? req : NULL, status, what);
    return EXIT_REFUSED;
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

static int make_config(const struct settings *settings, enum needs needs,
                       struct vio_chassis_config **ret_config)
{
    struct vio_chassis_config *config;
    int status = vio_chassis_config_new(&config);

    if (status != 0)
        return complain("%s", vio_strerror(status));
    vio_chassis_config_set_read_only(config, needs == NEEDS_CHASSIS);
    vio_chassis_config_set_take_over(config, settings->take_over);
    vio_chassis_config_set_wait(config, settings->wait_ms);
    *ret_config = config;
    return EXIT_DONE;
}

static int open_chassis(struct vioctl *ctl, enum needs needs)
{
    struct vio_chassis_config *config = NULL;
    struct vio_req *req = NULL;
    const char *uri = ctl->settings->uri;

    if (uri == NULL || *uri == '\0')
        return misuse("which chassis? give -c URI or set VIO_CHASSIS: sim:, sim:FILE.yaml or "
                      "vfio-user:SOCKET");
    int status = make_config(ctl->settings, needs, &config);
    if (status != EXIT_DONE)
        return status;
    int started = vio_chassis_open(ctl->ctx, uri, config, NULL, NULL, &req);
    status = session_wait(ctl, started, req, NULL);
    if (status == EXIT_DONE)
        ctl->chassis = vio_chassis_ref(vio_req_get_chassis(req));
    vio_req_unref(req);
    vio_chassis_config_free(config);
    return status;
}

static void close_chassis(struct vioctl *ctl)
{
    struct vio_req *req = NULL;

    int started = vio_chassis_close(ctl->chassis, NULL, NULL, &req);

    session_end(started, req);
    vio_req_unref(req);
    vio_chassis_unref(ctl->chassis);
}

int session_run(const struct settings *settings, const struct command *command,
                const struct arguments *args)
{
    struct vioctl ctl = {.settings = settings};

    if (command->needs == NEEDS_NOTHING)
        return command->run(&ctl, args);
    int status = vio_ctx_new(NULL, &ctl.ctx);
    if (status != 0)
        return complain("%s", vio_strerror(status));
    status = open_chassis(&ctl, command->needs);
    if (status == EXIT_DONE) {
        status = command->run(&ctl, args);
        close_chassis(&ctl);
    }
    vio_ctx_stop(ctl.ctx);
    vio_ctx_unref(ctl.ctx);
    return status;
}
