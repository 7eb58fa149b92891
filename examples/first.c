/* SPDX-License-Identifier: MIT */
/* Creates a vNIC in a server of a software chassis, and shows it. */
#include <stdio.h>
#include <stdlib.h>

#include <libvio/libvio.h>

/* Waits for a request; ends the program where it failed, with the request's own words. */
static void finish(struct vio_req *req, const char *what)
{
    int status = vio_req_wait(req, -1);

    if (status == 0)
        status = vio_req_status(req);
    if (status != 0) {
        fprintf(stderr, "%s: %s\n", what, vio_req_message(req));
        exit(1);
    }
}

static void show(const struct vio_vadapter *vadapter)
{
    char text[VIO_ADDRESS_TEXT_SIZE] = "";
    struct vio_address address;

    if (vio_vadapter_address(vadapter, &address) == 0)
        vio_address_format(&address, text, sizeof(text));
    printf("%s: %s %s, %s in %s on %s\n", vio_vadapter_name(vadapter),
           vio_vadapter_kind_name(vio_vadapter_kind(vadapter)), text,
           vio_vadapter_state_name(vio_vadapter_state(vadapter)), vio_vadapter_server(vadapter),
           vio_vadapter_adapter(vadapter));
}

int main(int argc, char **argv)
{
    struct vio_vadapter_spec *spec = NULL;
    struct vio_chassis *chassis;
    struct vio_ctx *ctx = NULL;
    struct vio_req *req = NULL;

    if (vio_ctx_new(NULL, &ctx) != 0 || vio_vadapter_spec_new(&spec) != 0)
        return 1;
    if (vio_chassis_open(ctx, argc > 1 ? argv[1] : "sim:", NULL, NULL, NULL, &req) != 0)
        return 1;
    finish(req, "open");
    chassis = vio_chassis_ref(vio_req_get_chassis(req));
    vio_req_unref(req);

    vio_vadapter_spec_set_name(spec, "web0");
    vio_vadapter_spec_set_kind(spec, VIO_VADAPTER_VNIC);
    vio_vadapter_spec_set_server(spec, "server1");
    if (vio_vadapter_create(chassis, spec, NULL, NULL, &req) != 0)
        return 1;
    finish(req, "create");
    show(vio_req_get_vadapter(req));
    vio_req_unref(req);

    vio_vadapter_spec_free(spec);
    vio_chassis_unref(chassis);
    vio_ctx_stop(ctx);
    vio_ctx_unref(ctx);
    return 0;
}
