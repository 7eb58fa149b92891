/* SPDX-License-Identifier: MIT */
/* libvio on a program's own libuv loop: all callbacks run where the program's other callbacks do.
 *
 *     own_loop [URI]     lists the servers of a chassis, of a software one by default
 */
#include <stdio.h>
#include <uv.h>

#include <libvio/chassis.h>
#include <libvio/ctx.h>
#include <libvio/error.h>
#include <libvio/inventory.h>
#include <libvio/list.h>
#include <libvio/server.h>

struct app {
    struct vio_ctx *ctx;
    struct vio_chassis *chassis;
    int failed;
};

/* The context closes what is open, too; then nothing of it is left in the loop, and uv_run()
 * returns. */
static void finish(struct app *app, struct vio_req *req, int status)
{
    if (status < 0) {
        fprintf(stderr, "own_loop: %s: %s\n", vio_req_name(req),
                vio_req_status(req) < 0 ? vio_req_message(req) : vio_strerror(status));
        app->failed = 1;
    }
    vio_chassis_unref(app->chassis);
    vio_ctx_unref(app->ctx);
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
    finish(user, req, status);
}

static void on_opened(struct vio_req *req, int status, void *user)
{
    struct app *app = user;

    if (status == 0) {
        app->chassis = vio_chassis_ref(vio_req_get_chassis(req));
        status = vio_chassis_observe(app->chassis, on_observed, app, NULL);
    }
    if (status < 0)
        finish(app, req, status);
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

static int start(struct app *app, uv_loop_t *loop, const char *uri)
{
    struct vio_ctx_config *config;
    int r = vio_ctx_config_new(&config);

    if (r < 0)
        return r;
    r = vio_ctx_config_set_uv_loop(config, loop);
    if (r == 0)
        r = vio_ctx_new(config, &app->ctx);
    vio_ctx_config_free(config);
    if (r < 0)
        return r;
    r = open_to_read(app->ctx, uri, app);
    if (r < 0)
        vio_ctx_unref(app->ctx);
    return r;
}

int main(int argc, char **argv)
{
    struct app app = {0};
    uv_loop_t *loop = uv_default_loop();
    int r = start(&app, loop, argc > 1 ? argv[1] : "sim:");

    if (r < 0)
        fprintf(stderr, "own_loop: %s\n", vio_strerror(r));
    uv_run(loop, UV_RUN_DEFAULT);
    if (uv_loop_close(loop) != 0)
        app.failed = 1; /* something was left in it */
    return r < 0 || app.failed;
}
