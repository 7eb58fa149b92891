/* SPDX-License-Identifier: MIT */
/*
 * holder URI [take-over|read]: opens a chassis, with the store that VIO_STORE names, and keeps it.
 * Says "ok", or what refused it, and for each line on standard input, "create NAME", "remove NAME"
 * or "count", a line that ends with the outcome; ends with its input.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/libvio.h>

static int finish(int started, struct vio_req **req)
{
    int status = started == 0 ? vio_req_wait(*req, 60000) : started;

    return status == 0 ? vio_req_status(*req) : status;
}

static void say(int status)
{
    puts(status == 0 ? "ok" : vio_error_name(status));
    fflush(stdout);
}

static int create(struct vio_chassis *chassis, const char *name)
{
    struct vio_vadapter_spec *spec = NULL;
    struct vio_req *req = NULL;
    int status = vio_vadapter_spec_new(&spec);

    if (status == 0)
        status = vio_vadapter_spec_set_name(spec, name);
    if (status == 0)
        status = vio_vadapter_spec_set_kind(spec, VIO_VADAPTER_VNIC);
    if (status == 0)
        status = finish(vio_vadapter_create(chassis, spec, NULL, NULL, &req), &req);
    vio_req_unref(req);
    vio_vadapter_spec_free(spec);
    return status;
}

static int destroy(struct vio_chassis *chassis, const char *name)
{
    struct vio_req *req = NULL;
    int status = finish(vio_vadapter_remove(chassis, name, NULL, NULL, &req), &req);

    vio_req_unref(req);
    return status;
}

static int look(struct vio_chassis *chassis)
{
    struct vio_req *req = NULL;
    struct vio_list *list = NULL;
    int status = finish(vio_chassis_observe(chassis, NULL, NULL, &req), &req);

    if (status == 0)
        status = vio_list_new(vio_req_get_inventory(req), VIO_NOUN_VADAPTER, NULL, &list);
    if (status == 0)
        printf("%zu ", vio_list_count(list));
    vio_list_unref(list);
    vio_req_unref(req);
    return status;
}

static void serve(struct vio_chassis *chassis)
{
    char line[128], name[128];

    while (fgets(line, sizeof(line), stdin) != NULL) {
        if (sscanf(line, "create %127s", name) == 1)
            say(create(chassis, name));
        else if (sscanf(line, "remove %127s", name) == 1)
            say(destroy(chassis, name));
        else
            say(look(chassis));
    }
}

static int set_store(struct vio_ctx *ctx, struct vio_chassis_config *config)
{
    const char *uri = getenv("VIO_STORE");
    struct vio_req *req = NULL;

    if (uri == NULL)
        return 0;
    int status = finish(vio_store_open(ctx, uri, NULL, NULL, NULL, &req), &req);
    if (status == 0)
        status = vio_chassis_config_set_store(config, vio_req_get_store(req));
    vio_req_unref(req);
    return status;
}

static int set_config(struct vio_chassis_config *config, const char *how)
{
    int status = vio_chassis_config_set_take_over(config, strcmp(how, "take-over") == 0);

    return status == 0 ? vio_chassis_config_set_read_only(config, strcmp(how, "read") == 0)
                       : status;
}

int main(int argc, char **argv)
{
    struct vio_chassis_config *config = NULL;
    struct vio_chassis *chassis = NULL;
    struct vio_ctx *ctx = NULL;
    struct vio_req *req = NULL;
    int status = vio_ctx_new(NULL, &ctx);

    if (status == 0)
        status = vio_chassis_config_new(&config);
    if (status == 0)
        status = set_config(config, argc > 2 ? argv[2] : "");
    if (status == 0)
        status = set_store(ctx, config);
    if (status == 0)
        status = finish(vio_chassis_open(ctx, argv[1], config, NULL, NULL, &req), &req);
    if (status == 0)
        chassis = vio_chassis_ref(vio_req_get_chassis(req));
    vio_req_unref(req);
    vio_chassis_config_free(config);
    say(status);
    if (status == 0) {
        serve(chassis);
        req = NULL;
        status = finish(vio_chassis_close(chassis, NULL, NULL, &req), &req);
        vio_req_unref(req);
    }
    vio_chassis_unref(chassis);
    vio_ctx_stop(ctx);
    vio_ctx_unref(ctx);
    return status != 0;
}
