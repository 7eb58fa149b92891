/* SPDX-License-Identifier: MIT */
/* libvio without a thread: the program polls a descriptor and dispatches, in whatever loop it has.
 *
 *     poll [URI]     lists the servers of a chassis, of a software one by default
 */
#include <poll.h>
#include <stdio.h>

#include <libvio/chassis.h>
#include <libvio/ctx.h>
#include <libvio/error.h>
#include <libvio/inventory.h>
#include <libvio/list.h>
#include <libvio/server.h>

struct app {
    struct vio_chassis *chassis;
    int done;
    int status;
};

static void end(struct app *app, struct vio_req *req, int status)
{
    if (status < 0)
        fprintf(stderr, "poll: %s: %s\n", vio_req_name(req),
                vio_req_status(req) < 0 ? vio_req_message(req) : vio_strerror(status));
    app->status = status;
    app->done = 1;
}

static int print_servers(struct vio_inventory *inventory)
{
    struct vio_list *list = NULL;
    int r = vio_list_new(inventory, VIO_NOUN_SERVER, NULL, &list);

    for (size_t i = 0; r == 0 && i < vio_list_count(list); i++) {
        struct vio_server *server = vio_list_server(list, i);

        printf("%s %s\n", vio_server_name(server), vio_server_state_name(server));
    }
    vio_list_unref(list);
    return r;
}

static void on_observed(struct vio_req *req, int status, void *user)
{
    if (status == 0)
        status = print_servers(vio_req_get_inventory(req));
    end(user, req, status);
}

static void on_opened(struct vio_req *req, int status, void *user)
{
    struct app *app = user;

    if (status == 0) {
        app->chassis = vio_chassis_ref(vio_req_get_chassis(req));
        status = vio_chassis_observe(app->chassis, on_observed, app, NULL);
    }
    if (status < 0)
        end(app, req, status);
}

/* The main loop: the context's descriptor would stand here beside the program's others. The
 * time-out is asked for again each time, since any call may have changed it. */
static int run(struct vio_ctx *ctx, struct app *app)
{
    int r = 0;

    while (r == 0 && !app->done) {
        struct pollfd fds[] = {{.fd = vio_ctx_fd(ctx), .events = POLLIN}};
        int timeout_ms = 0;

        r = vio_ctx_timeout(ctx, &timeout_ms);
        if (r == 0)
            poll(fds, 1, timeout_ms);
        if (r == 0)
            r = vio_ctx_dispatch(ctx);
    }
    return r < 0 ? r : app->status;
}

static int make_ctx(struct vio_ctx **ret_ctx)
{
    struct vio_ctx_config *config;
    int r = vio_ctx_config_new(&config);

    if (r < 0)
        return r;
    r = vio_ctx_config_set_drive(config, VIO_DRIVE_POLL);
    if (r == 0)
        r = vio_ctx_new(config, ret_ctx);
    vio_ctx_config_free(config);
    return r;
}

/* Listing needs no ownership: whoever has it keeps it. */
static int open_to_read(struct vio_ctx *ctx, const char *uri, struct app *app)
{
    struct vio_chassis_config *config;
    int r = vio_chassis_config_new(&config);

    if (r < 0)
        return r;
    r = vio_chassis_config_set_read_only(config, true);
    if (r == 0)
        r = vio_chassis_open(ctx, uri, config, on_opened, app, NULL);
    vio_chassis_config_free(config);
    return r;
}

int main(int argc, char **argv)
{
    struct app app = {0};
    struct vio_ctx *ctx = NULL;
    int r = make_ctx(&ctx);

    if (r == 0)
        r = open_to_read(ctx, argc > 1 ? argv[1] : "sim:", &app);
    if (r == 0)
        r = run(ctx, &app);
    if (r < 0 && !app.done)
        fprintf(stderr, "poll: %s\n", vio_strerror(r));
    vio_chassis_unref(app.chassis);
    if (ctx != NULL)
        vio_ctx_stop(ctx);
    vio_ctx_unref(ctx);
    return r < 0;
}
