/* SPDX-License-Identifier: MIT */
#include "tests/crash/tell.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_MS    60000
#define IDENTITIES_MAX 4096

/* What was counted so far goes along. Without the judge there is nobody to work for. */
void tell(const struct worker *worker, const struct answer *answer)
{
    if (worker->disk != NULL)
        *worker->disk_calls = (uint32_t)vfs_count(worker->disk, VFS_CHANGES);
    if (send(worker->socket, answer, sizeof *answer, MSG_NOSIGNAL) != (ssize_t)sizeof *answer)
        _exit(3);
}

static void copy(char to[NAME_SIZE], const char *from)
{
    snprintf(to, NAME_SIZE, "%s", from != NULL ? from : "");
}

/* -- What was drawn ---------------------------------------------------------------------------- */

static void tell_created(const struct worker *worker, uint32_t number,
                         const struct vio_vadapter *vadapter)
{
    struct answer answer = {.report = REPORT_DRAWN, .number = number};

    answer.thing.noun = NOUN_VADAPTER;
    copy(answer.thing.name, vio_vadapter_name(vadapter));
    vio_vadapter_uuid(vadapter, &answer.thing.uuid);
    vio_vadapter_address(vadapter, &answer.thing.address);
    vio_vadapter_node_address(vadapter, &answer.thing.node);
    tell(worker, &answer);
}

static void tell_reserved(const struct worker *worker, uint32_t number,
                          const struct vio_identity *identity)
{
    struct answer answer = {.report = REPORT_DRAWN, .number = number};

    answer.thing.noun = NOUN_RESERVATION;
    copy(answer.thing.name, vio_identity_owner(identity));
    vio_identity_address(identity, &answer.thing.address);
    tell(worker, &answer);
}

/* The text of an address, whose kind it tells by itself. */
static void read_field(const struct vio_plan *plan, size_t edit, const char *name,
                       struct vio_address *ret_address)
{
    size_t count = vio_plan_edit_num_fields(plan, edit);

    for (size_t i = 0; i < count; i++)
        if (strcmp(vio_plan_edit_field(plan, edit, i), name) == 0)
            vio_address_parse(vio_plan_edit_after(plan, edit, i), VIO_ADDRESS_UNKNOWN, ret_address);
}

static void read_vadapter(const struct vio_plan *plan, size_t edit, struct thing *thing)
{
    thing->noun = NOUN_VADAPTER;
    copy(thing->name, vio_plan_edit_name(plan, edit));
    read_field(plan, edit, "uuid", &thing->uuid);
    read_field(plan, edit, "address", &thing->address);
    read_field(plan, edit, "node_address", &thing->node);
}

/* Its name is its address. */
static void read_reservation(const struct vio_plan *plan, size_t edit, struct thing *thing)
{
    thing->noun = NOUN_RESERVATION;
    vio_address_parse(vio_plan_edit_name(plan, edit), VIO_ADDRESS_UNKNOWN, &thing->address);
    for (size_t i = 0; i < vio_plan_edit_num_fields(plan, edit); i++)
        if (strcmp(vio_plan_edit_field(plan, edit, i), "owner") == 0)
            copy(thing->name, vio_plan_edit_after(plan, edit, i));
}

static void tell_planned(const struct worker *worker, uint32_t number, const struct vio_plan *plan)
{
    for (size_t i = 0; i < vio_plan_num_edits(plan); i++) {
        struct answer answer = {.report = REPORT_DRAWN, .number = number};

        if (vio_plan_edit_action(plan, i) != VIO_EDIT_ACTION_CREATE)
            continue;
        if (vio_plan_edit_object(plan, i) == VIO_OBJECT_VADAPTER)
            read_vadapter(plan, i, &answer.thing);
        else if (vio_plan_edit_object(plan, i) == VIO_OBJECT_IDENTITY)
            read_reservation(plan, i, &answer.thing);
        if (answer.thing.noun != 0)
            tell(worker, &answer);
    }
}

void tell_drawn(const struct worker *worker, const struct order *order, const struct vio_req *req)
{
    if (order->single && order->edit[0].verb == VERB_CREATE)
        tell_created(worker, order->number, vio_req_get_vadapter(req));
    else if (order->single && order->edit[0].verb == VERB_RESERVE)
        tell_reserved(worker, order->number, vio_req_get_identity(req));
    else if (!order->single)
        tell_planned(worker, order->number, vio_req_get_plan(req));
}

/* -- What is seen ------------------------------------------------------------------------------ */

static int finish(int started, struct vio_req **req)
{
    int status = started == 0 ? vio_req_wait(*req, PATIENCE_MS) : started;

    return status == 0 ? vio_req_status(*req) : status;
}

static void see_vadapter(const struct worker *worker, const struct vio_vadapter *vadapter)
{
    struct answer answer = {.report = REPORT_SEEN};
    struct thing *thing = &answer.thing;

    thing->noun = NOUN_VADAPTER;
    thing->exists = true;
    copy(thing->name, vio_vadapter_name(vadapter));
    copy(thing->server, vio_vadapter_server(vadapter));
    copy(thing->adapter, vio_vadapter_adapter(vadapter));
    copy(thing->text, vio_vadapter_description(vadapter));
    thing->kind = vio_vadapter_kind(vadapter);
    thing->enabled = vio_vadapter_is_enabled(vadapter);
    thing->retired = vio_vadapter_state(vadapter) == VIO_VADAPTER_STATE_RETIRED;
    thing->vlan = vio_vadapter_vlan(vadapter);
    thing->size = vio_vadapter_size(vadapter);
    thing->generation = vio_vadapter_generation(vadapter);
    thing->function = vio_vadapter_function(vadapter);
    vio_vadapter_uuid(vadapter, &thing->uuid);
    vio_vadapter_address(vadapter, &thing->address);
    vio_vadapter_node_address(vadapter, &thing->node);
    tell(worker, &answer);
}

static int see_vadapters(const struct worker *worker)
{
    struct vio_list *list = NULL;
    struct vio_req *req = NULL;
    int status = finish(vio_chassis_observe(worker->chassis, NULL, NULL, &req), &req);

    if (status == 0)
        status = vio_list_new(vio_req_get_inventory(req), VIO_NOUN_VADAPTER, NULL, &list);
    for (size_t i = 0; i < vio_list_count(list); i++)
        see_vadapter(worker, vio_list_vadapter(list, i));
    vio_list_unref(list);
    vio_req_unref(req);
    return status;
}

static void see_identity(const struct worker *worker, const struct vio_identity *identity)
{
    struct answer answer = {.report = REPORT_IDENTITY, .state = vio_identity_state(identity)};

    answer.thing.noun = NOUN_RESERVATION;
    answer.thing.exists = true;
    copy(answer.thing.name, vio_identity_owner(identity));
    copy(answer.thing.pool, vio_identity_pool(identity));
    vio_identity_address(identity, &answer.thing.address);
    vio_identity_owner_uuid(identity, &answer.thing.uuid);
    tell(worker, &answer);
}

static int see_identities(const struct worker *worker, const char *pool)
{
    struct vio_req *req = NULL;
    int status = finish(vio_identity_list(worker->store, pool, VIO_IDENTITY_UNKNOWN, NULL,
                                          IDENTITIES_MAX, NULL, NULL, &req),
                        &req);
    const struct vio_identity_page *page = vio_req_get_identity_page(req);

    for (size_t i = 0; i < vio_identity_page_count(page); i++)
        see_identity(worker, vio_identity_page_at(page, i));
    vio_req_unref(req);
    return status;
}

static void see_pool(const struct worker *worker, const struct vio_pool *pool)
{
    struct answer answer = {.report = REPORT_SEEN};

    answer.thing.noun = NOUN_POOL;
    answer.thing.exists = true;
    copy(answer.thing.name, vio_pool_name(pool));
    copy(answer.thing.text, vio_pool_description(pool));
    answer.thing.span = (uint32_t)vio_pool_size(pool);
    answer.thing.quarantine = vio_pool_quarantine(pool);
    tell(worker, &answer);
}

static int see_pools(const struct worker *worker)
{
    struct vio_req *req = NULL;
    int status = finish(vio_store_observe(worker->store, NULL, NULL, &req), &req);
    const struct vio_catalog *catalog = vio_req_get_catalog(req);

    for (size_t i = 0; status == 0 && i < vio_catalog_num_pools(catalog); i++) {
        const struct vio_pool *pool = vio_catalog_pool(catalog, i);

        see_pool(worker, pool);
        status = see_identities(worker, vio_pool_name(pool));
    }
    vio_req_unref(req);
    return status;
}

/* What the store knows but has had no reason to write is in its file afterwards. */
static int see_history(const struct worker *worker)
{
    struct vio_req *req = NULL;
    int status = finish(vio_history_list(worker->store, NULL, NULL, NULL, &req), &req);
    const struct vio_history *history = vio_req_get_history(req);

    for (size_t i = 0; i < vio_history_count(history); i++) {
        struct answer answer = {.report = REPORT_LEFT};
        const struct vio_plan *plan = vio_history_plan(history, i);

        if (vio_plan_state(plan) != VIO_PLAN_STATE_OPEN &&
            vio_plan_state(plan) != VIO_PLAN_STATE_BLOCKED)
            continue;
        answer.change = vio_plan_number(plan);
        snprintf(answer.message, sizeof answer.message, "%s",
                 vio_plan_state_name(vio_plan_state(plan)));
        tell(worker, &answer);
    }
    vio_req_unref(req);
    return status;
}

int tell_all(const struct worker *worker)
{
    int status = see_vadapters(worker);

    if (status == 0)
        status = see_pools(worker);
    return status == 0 ? see_history(worker) : status;
}
