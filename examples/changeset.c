/* SPDX-License-Identifier: MIT */
/* Gives each server of a rack a vNIC, all or none: the plan is shown, applied, and undone again. */
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

/* For what fails only where memory is out. */
static void must(int status, const char *what)
{
    if (status != 0) {
        fprintf(stderr, "%s: %s\n", what, vio_strerror(status));
        exit(1);
    }
}

static void show(const struct vio_plan *plan)
{
    for (size_t i = 0; i < vio_plan_num_steps(plan); i++)
        printf("  %s: %s %s (disrupts: %s) %s\n", vio_plan_step_chassis(plan, i),
               vio_action_name(vio_plan_step_action(plan, i)), vio_plan_step_object(plan, i),
               vio_disruption_name(vio_plan_step_disruption(plan, i)),
               vio_step_state_name(vio_plan_step_state(plan, i)));
}

/* A vNIC for each server of the chassis. */
static struct vio_changeset *gather(struct vio_chassis *chassis, struct vio_inventory *inventory)
{
    struct vio_changeset *changeset = NULL;
    struct vio_list *servers = NULL;

    must(vio_changeset_new(vio_chassis_store(chassis), &changeset), "change set");
    must(vio_changeset_set_comment(changeset, "a vNIC for each server"), "comment");
    must(vio_list_new(inventory, VIO_NOUN_SERVER, NULL, &servers), "servers");
    for (size_t i = 0; i < vio_list_count(servers); i++) {
        const char *server = vio_server_name(vio_list_server(servers, i));
        struct vio_vadapter_spec *spec = NULL;
        char name[64];

        snprintf(name, sizeof(name), "net-%.32s", server);
        must(vio_vadapter_spec_new(&spec), "description");
        must(vio_vadapter_spec_set_name(spec, name), "name");
        must(vio_vadapter_spec_set_kind(spec, VIO_VADAPTER_VNIC), "kind");
        must(vio_vadapter_spec_set_server(spec, server), "server");
        must(vio_changeset_create_vadapter(changeset, chassis, spec), "edit");
        vio_vadapter_spec_free(spec);
    }
    vio_list_unref(servers);
    return changeset;
}

static uint64_t plan_and_apply(struct vio_changeset *changeset)
{
    struct vio_req *req = NULL;
    uint64_t number;

    must(vio_changeset_plan(changeset, NULL, NULL, &req), "plan");
    finish(req, "plan");
    printf("This would be done:\n");
    show(vio_req_get_plan(req));
    vio_req_unref(req);

    must(vio_changeset_apply(changeset, NULL, NULL, &req), "apply");
    finish(req, "apply");
    number = vio_plan_number(vio_req_get_plan(req));
    printf("Done, as change %llu:\n", (unsigned long long)number);
    show(vio_req_get_plan(req));
    vio_req_unref(req);
    return number;
}

static void undo(struct vio_store *store, uint64_t number)
{
    struct vio_req *req = NULL;

    must(vio_history_undo(store, number, false, NULL, NULL, &req), "undo");
    finish(req, "undo");
    printf("Undone, as change %llu:\n", (unsigned long long)vio_plan_number(vio_req_get_plan(req)));
    show(vio_req_get_plan(req));
    vio_req_unref(req);
}

int main(int argc, char **argv)
{
    struct vio_changeset *changeset;
    struct vio_chassis *chassis;
    struct vio_ctx *ctx = NULL;
    struct vio_req *req = NULL;

    must(vio_ctx_new(NULL, &ctx), "context");
    must(vio_chassis_open(ctx, argc > 1 ? argv[1] : "sim:", NULL, NULL, NULL, &req), "open");
    finish(req, "open");
    chassis = vio_chassis_ref(vio_req_get_chassis(req));
    vio_req_unref(req);

    must(vio_chassis_observe(chassis, NULL, NULL, &req), "observe");
    finish(req, "observe");
    changeset = gather(chassis, vio_req_get_inventory(req));
    vio_req_unref(req);

    undo(vio_chassis_store(chassis), plan_and_apply(changeset));

    vio_changeset_free(changeset);
    vio_chassis_unref(chassis);
    vio_ctx_stop(ctx);
    vio_ctx_unref(ctx);
    return 0;
}
