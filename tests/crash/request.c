/* SPDX-License-Identifier: MIT */
#include "tests/crash/request.h"

#include <string.h>

void request_pool_address(const char *pool, uint32_t at, struct vio_address *ret_address)
{
    uint8_t mac[6] = {0x02, 0, 0, (uint8_t)pool[1], (uint8_t)(at >> 8), (uint8_t)at};

    vio_address_from_bytes(VIO_ADDRESS_MAC48, mac, sizeof mac, ret_address);
}

/* -- Descriptions ------------------------------------------------------------------------------ */

static int describe_settings(struct vio_vadapter_spec *spec, const struct thing *thing)
{
    int status = vio_vadapter_spec_set_description(spec, thing->text);

    if (status == 0 && thing->kind == VIO_VADAPTER_VNIC)
        status = thing->vlan != 0 ? vio_vadapter_spec_set_vlan_access(spec, (uint16_t)thing->vlan)
                                  : vio_vadapter_spec_set_vlan_none(spec);
    return status;
}

static int describe_identity(struct vio_vadapter_spec *spec, const struct thing *thing)
{
    if (thing->address.kind != VIO_ADDRESS_UNKNOWN)
        return vio_vadapter_spec_set_address(spec, &thing->address);
    return thing->pool[0] != '\0' ? vio_vadapter_spec_set_pool(spec, thing->pool) : 0;
}

static int describe_new(struct vio_vadapter_spec *spec, const struct thing *thing)
{
    int status = vio_vadapter_spec_set_name(spec, thing->name);

    if (status == 0)
        status = vio_vadapter_spec_set_kind(spec, thing->kind);
    if (status == 0)
        status = vio_vadapter_spec_set_adapter(spec, thing->adapter);
    if (status == 0 && thing->server[0] != '\0')
        status = vio_vadapter_spec_set_server(spec, thing->server);
    if (status == 0 && thing->kind == VIO_VADAPTER_VDISK)
        status = vio_vadapter_spec_set_size(spec, thing->size);
    if (status == 0)
        status = vio_vadapter_spec_set_enabled(spec, thing->enabled);
    return status == 0 ? describe_identity(spec, thing) : status;
}

static int describe(const struct edit *edit, struct vio_vadapter_spec **ret_spec)
{
    struct vio_vadapter_spec *spec = NULL;
    int status = vio_vadapter_spec_new(&spec);

    if (status == 0)
        status = describe_settings(spec, &edit->after);
    if (status == 0 && edit->verb == VERB_CREATE)
        status = describe_new(spec, &edit->after);
    if (status == 0)
        *ret_spec = spec;
    else
        vio_vadapter_spec_free(spec);
    return status;
}

/* A pool only grows, at its end. */
static int describe_growth(struct vio_pool_spec *spec, const struct edit *edit)
{
    struct vio_address first, last;

    if (edit->grow == 0)
        return 0;
    request_pool_address(edit->after.name, edit->after.span - edit->grow, &first);
    request_pool_address(edit->after.name, edit->after.span - 1, &last);
    return vio_pool_spec_add_range(spec, &first, &last);
}

static int describe_pool(const struct edit *edit, struct vio_pool_spec **ret_spec)
{
    struct vio_pool_spec *spec = NULL;
    int status = vio_pool_spec_new(&spec);

    if (status == 0 && edit->verb == VERB_POOL_CREATE)
        status = vio_pool_spec_set_name(spec, edit->after.name);
    if (status == 0 && edit->verb == VERB_POOL_CREATE)
        status = vio_pool_spec_set_purpose(spec, VIO_POOL_MAC);
    if (status == 0)
        status = vio_pool_spec_set_quarantine(spec, edit->after.quarantine);
    if (status == 0)
        status = vio_pool_spec_set_description(spec, edit->after.text);
    if (status == 0)
        status = describe_growth(spec, edit);
    if (status == 0)
        *ret_spec = spec;
    else
        vio_pool_spec_free(spec);
    return status;
}

/* -- One object -------------------------------------------------------------------------------- */

static int single_described(struct worker *worker, const struct edit *edit, vio_req_cb cb,
                            void *user)
{
    struct vio_vadapter_spec *spec = NULL;
    int status = describe(edit, &spec);

    if (status == 0 && edit->verb == VERB_CREATE)
        status = vio_vadapter_create(worker->chassis, spec, cb, user, NULL);
    else if (status == 0)
        status = vio_vadapter_set(worker->chassis, edit->after.name, spec, cb, user, NULL);
    vio_vadapter_spec_free(spec);
    return status;
}

static int single_vadapter(struct worker *worker, const struct edit *edit, vio_req_cb cb,
                           void *user)
{
    struct vio_chassis *chassis = worker->chassis;
    const char *name = edit->after.name;

    switch (edit->verb) {
    case VERB_ATTACH:
        return vio_vadapter_attach(chassis, name, edit->after.server, cb, user, NULL);
    case VERB_DETACH:
        return vio_vadapter_detach(chassis, name, false, cb, user, NULL);
    case VERB_ENABLE:
        return vio_vadapter_enable(chassis, name, cb, user, NULL);
    case VERB_DISABLE:
        return vio_vadapter_disable(chassis, name, cb, user, NULL);
    case VERB_REMOVE:
        return vio_vadapter_remove(chassis, name, cb, user, NULL);
    case VERB_PURGE:
        return vio_vadapter_purge(chassis, name, cb, user, NULL);
    default:
        return single_described(worker, edit, cb, user);
    }
}

static int single_pool(struct worker *worker, const struct edit *edit, vio_req_cb cb, void *user)
{
    struct vio_pool_spec *spec = NULL;
    int status;

    if (edit->verb == VERB_POOL_REMOVE)
        return vio_pool_remove(worker->store, edit->after.name, cb, user, NULL);
    status = describe_pool(edit, &spec);
    if (status == 0 && edit->verb == VERB_POOL_CREATE)
        status = vio_pool_create(worker->store, spec, cb, user, NULL);
    else if (status == 0)
        status = vio_pool_set(worker->store, edit->after.name, spec, cb, user, NULL);
    vio_pool_spec_free(spec);
    return status;
}

int request_single(struct worker *worker, const struct order *order, vio_req_cb cb, void *user)
{
    const struct edit *edit = &order->edit[0];

    if (edit->verb == VERB_RESERVE)
        return vio_identity_reserve(worker->store, edit->after.pool, NULL, edit->after.name, cb,
                                    user, NULL);
    if (edit->verb == VERB_RELEASE)
        return vio_identity_release(worker->store, &edit->after.address, cb, user, NULL);
    return edit->after.noun == NOUN_POOL ? single_pool(worker, edit, cb, user)
                                         : single_vadapter(worker, edit, cb, user);
}

/* -- Change sets ------------------------------------------------------------------------------- */

static int add_described(struct vio_changeset *set, struct vio_chassis *chassis,
                         const struct edit *edit)
{
    struct vio_vadapter_spec *spec = NULL;
    int status = describe(edit, &spec);

    if (status == 0 && edit->verb == VERB_CREATE)
        status = vio_changeset_create_vadapter(set, chassis, spec);
    else if (status == 0)
        status = vio_changeset_set_vadapter(set, chassis, edit->after.name, spec);
    vio_vadapter_spec_free(spec);
    return status;
}

static int add_move(struct vio_changeset *set, struct vio_chassis *chassis,
                    const struct thing *thing)
{
    int status = vio_changeset_detach(set, chassis, thing->name, false);

    return status == 0 ? vio_changeset_attach(set, chassis, thing->name, thing->server) : status;
}

static int add_vadapter(struct vio_changeset *set, struct vio_chassis *chassis,
                        const struct edit *edit)
{
    const char *name = edit->after.name;

    switch (edit->verb) {
    case VERB_ATTACH:
        return vio_changeset_attach(set, chassis, name, edit->after.server);
    case VERB_MOVE:
        return add_move(set, chassis, &edit->after);
    case VERB_DETACH:
        return vio_changeset_detach(set, chassis, name, false);
    case VERB_ENABLE:
        return vio_changeset_enable(set, chassis, name);
    case VERB_DISABLE:
        return vio_changeset_disable(set, chassis, name);
    case VERB_REMOVE:
        return vio_changeset_remove_vadapter(set, chassis, name);
    case VERB_PURGE:
        return vio_changeset_purge_vadapter(set, chassis, name);
    default:
        return add_described(set, chassis, edit);
    }
}

static int add_pool(struct vio_changeset *set, const struct edit *edit)
{
    struct vio_pool_spec *spec = NULL;
    int status;

    if (edit->verb == VERB_POOL_REMOVE)
        return vio_changeset_remove_pool(set, edit->after.name);
    status = describe_pool(edit, &spec);
    if (status == 0 && edit->verb == VERB_POOL_CREATE)
        status = vio_changeset_create_pool(set, spec);
    else if (status == 0)
        status = vio_changeset_set_pool(set, edit->after.name, spec);
    vio_pool_spec_free(spec);
    return status;
}

static int add(struct vio_changeset *set, struct vio_chassis *chassis, const struct edit *edit)
{
    if (edit->verb == VERB_RESERVE)
        return vio_changeset_reserve(set, edit->after.pool, NULL, edit->after.name);
    if (edit->verb == VERB_RELEASE)
        return vio_changeset_release(set, &edit->after.address);
    return edit->after.noun == NOUN_POOL ? add_pool(set, edit) : add_vadapter(set, chassis, edit);
}

int request_set(struct worker *worker, const struct order *order, vio_req_cb cb, void *user)
{
    struct vio_changeset *set = NULL;
    int status = vio_changeset_new(worker->store, &set);

    if (status == 0 && order->token.kind != VIO_ADDRESS_UNKNOWN)
        status = vio_changeset_set_token(set, &order->token);
    for (uint32_t i = 0; status == 0 && i < order->count; i++)
        status = add(set, worker->chassis, &order->edit[i]);
    if (status == 0)
        status = vio_changeset_apply(set, cb, user, NULL);
    vio_changeset_free(set);
    return status;
}

/* -- The chassis as a whole -------------------------------------------------------------------- */

int request_drift(struct worker *worker, const struct order *order, vio_req_cb cb, void *user)
{
    (void)order;
    return vio_chassis_drift(worker->chassis, cb, user, NULL);
}

int request_reconcile(struct worker *worker, const struct order *order, vio_req_cb cb, void *user)
{
    (void)order;
    return vio_chassis_reconcile(worker->chassis, cb, user, NULL);
}

int request_undo(struct worker *worker, const struct order *order, vio_req_cb cb, void *user)
{
    return vio_history_undo(worker->store, order->change, false, cb, user, NULL);
}
