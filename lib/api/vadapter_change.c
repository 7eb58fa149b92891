/* SPDX-License-Identifier: MIT */
/* Calls that change a vAdapter: each is a change of the engine, as the operation of a request. */
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>
#include <libvio/vadapter.h>

#include "lib/api/chassis.h"
#include "lib/engine/change.h"

#define CHANGE_CLASS(text)                                                                \
    {                                                                                     \
        .name = (text), .op_size = sizeof(struct vio_change), .start = vio__change_start, \
        .cancel = vio__change_cancel, .destroy = vio__change_destroy                      \
    }

static const struct vio_req_class create_class = CHANGE_CLASS("vadapter create");
static const struct vio_req_class attach_class = CHANGE_CLASS("vadapter attach");
static const struct vio_req_class detach_class = CHANGE_CLASS("vadapter detach");
static const struct vio_req_class enable_class = CHANGE_CLASS("vadapter enable");
static const struct vio_req_class disable_class = CHANGE_CLASS("vadapter disable");
static const struct vio_req_class set_class = CHANGE_CLASS("vadapter set");
static const struct vio_req_class remove_class = CHANGE_CLASS("vadapter remove");
static const struct vio_req_class purge_class = CHANGE_CLASS("vadapter purge");

/* Copies a name, cut where it is too long to be one. */
static void copy_name(struct vio_item *item, char target[VIO_NAME_SIZE], const char *name)
{
    if (snprintf(target, VIO_NAME_SIZE, "%s", name) >= VIO_NAME_SIZE)
        item->misnamed = true;
}

/* A request for a change, yet to be submitted. */
static int new_change(struct vio_chassis *chassis, const struct vio_req_class *cls,
                      enum vio_edit edit, const char *target, vio_req_cb cb, void *user,
                      struct vio_req **ret_req)
{
    struct vio_change *change;
    int status = vio__chassis_check(chassis);

    if (status == 0 && !target)
        status = VIO_EINVAL;
    if (status == 0)
        status = vio__req_new(vio__chassis_loop(chassis), cls, cb, user, ret_req);
    if (status != 0)
        return status;
    change = vio__req_op(*ret_req);
    (void)vio__change_set_count(change, vio__req_alloc(*ret_req), 1); /* which takes no memory */
    change->one.engine = vio__chassis_engine(chassis);
    change->one.edit = edit;
    change->owner = vio__chassis_keep(chassis);
    change->release = vio__chassis_release;
    copy_name(&change->one, change->one.target, target);
    return 0;
}

static int submit_with_spec(struct vio_req *req, const struct vio_vadapter_spec *spec,
                            struct vio_req **ret_req)
{
    struct vio_change *change = vio__req_op(req);
    int status = vio__spec_copy(vio__req_alloc(req), spec, &change->one.spec);

    change->one.expects = vio__spec_generation(spec);
    if (status != 0) {
        vio__req_unref(req);
        return status;
    }
    return vio__req_submit(req, ret_req);
}

int vio_vadapter_create(struct vio_chassis *chassis, const struct vio_vadapter_spec *spec,
                        vio_req_cb cb, void *user, struct vio_req **ret_req)
{
    struct vio_req *req;
    int status;

    if (!spec)
        return VIO_EINVAL;
    status = new_change(chassis, &create_class, VIO_EDIT_CREATE, "", cb, user, &req);
    return status == 0 ? submit_with_spec(req, spec, ret_req) : status;
}

int vio_vadapter_attach(struct vio_chassis *chassis, const char *vadapter, const char *server,
                        vio_req_cb cb, void *user, struct vio_req **ret_req)
{
    struct vio_change *change;
    struct vio_req *req;
    int status;

    if (!server)
        return VIO_EINVAL;
    status = new_change(chassis, &attach_class, VIO_EDIT_ATTACH, vadapter, cb, user, &req);
    if (status != 0)
        return status;
    change = vio__req_op(req);
    copy_name(&change->one, change->one.server, server);
    return vio__req_submit(req, ret_req);
}

int vio_vadapter_detach(struct vio_chassis *chassis, const char *vadapter, bool force,
                        vio_req_cb cb, void *user, struct vio_req **ret_req)
{
    struct vio_change *change;
    struct vio_req *req;
    int status = new_change(chassis, &detach_class, VIO_EDIT_DETACH, vadapter, cb, user, &req);

    if (status != 0)
        return status;
    change = vio__req_op(req);
    change->one.force = force;
    return vio__req_submit(req, ret_req);
}

/* Enabling and disabling set one field. */
static int set_enabled(struct vio_chassis *chassis, const struct vio_req_class *cls, bool enabled,
                       const char *vadapter, vio_req_cb cb, void *user, struct vio_req **ret_req)
{
    struct vio_change *change;
    struct vio_req *req;
    int status = new_change(chassis, cls, VIO_EDIT_SET, vadapter, cb, user, &req);

    if (status != 0)
        return status;
    change = vio__req_op(req);
    status = vio__spec_new(vio__req_alloc(req), &change->one.spec);
    if (status != 0) {
        vio__req_unref(req);
        return status;
    }
    (void)vio__spec_set_enabled(change->one.spec, enabled);
    return vio__req_submit(req, ret_req);
}

int vio_vadapter_enable(struct vio_chassis *chassis, const char *vadapter, vio_req_cb cb,
                        void *user, struct vio_req **ret_req)
{
    return set_enabled(chassis, &enable_class, true, vadapter, cb, user, ret_req);
}

int vio_vadapter_disable(struct vio_chassis *chassis, const char *vadapter, vio_req_cb cb,
                         void *user, struct vio_req **ret_req)
{
    return set_enabled(chassis, &disable_class, false, vadapter, cb, user, ret_req);
}

int vio_vadapter_set(struct vio_chassis *chassis, const char *vadapter,
                     const struct vio_vadapter_spec *spec, vio_req_cb cb, void *user,
                     struct vio_req **ret_req)
{
    struct vio_req *req;
    int status;

    if (!spec)
        return VIO_EINVAL;
    status = new_change(chassis, &set_class, VIO_EDIT_SET, vadapter, cb, user, &req);
    return status == 0 ? submit_with_spec(req, spec, ret_req) : status;
}

int vio_vadapter_remove(struct vio_chassis *chassis, const char *vadapter, vio_req_cb cb,
                        void *user, struct vio_req **ret_req)
{
    struct vio_req *req;
    int status = new_change(chassis, &remove_class, VIO_EDIT_REMOVE, vadapter, cb, user, &req);

    return status == 0 ? vio__req_submit(req, ret_req) : status;
}

int vio_vadapter_purge(struct vio_chassis *chassis, const char *vadapter, vio_req_cb cb, void *user,
                       struct vio_req **ret_req)
{
    struct vio_req *req;
    int status = new_change(chassis, &purge_class, VIO_EDIT_PURGE, vadapter, cb, user, &req);

    return status == 0 ? vio__req_submit(req, ret_req) : status;
}
