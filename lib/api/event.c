/* SPDX-License-Identifier: MIT */
#include <libvio/event.h>

#include <string.h>

#include <libvio/error.h>

#include "lib/api/chassis.h"
#include "lib/base/uuid.h"
#include "lib/engine/hub.h"
#include "lib/loop/req.h"

#define DEEPEST 65536

int vio_subscription_new(struct vio_chassis *chassis, size_t depth,
                         struct vio_subscription **ret_subscription)
{
    int status;

    if (!ret_subscription || depth < 1 || depth > DEEPEST)
        return VIO_EINVAL;
    status = vio__chassis_check(chassis);
    if (status != 0)
        return status;
    return vio__subscription_new(vio__engine_hub(vio__chassis_engine(chassis)), depth,
                                 ret_subscription);
}

struct vio_subscription *vio_subscription_ref(struct vio_subscription *subscription)
{
    return subscription ? vio__subscription_ref(subscription) : NULL;
}

static int check(const struct vio_subscription *subscription)
{
    if (!subscription)
        return VIO_EINVAL;
    return vio__loop_forked(vio__subscription_loop(subscription)) ? VIO_EFORK : 0;
}

/* In a forked child nothing is freed: another thread may have held a lock at the fork. */
void vio_subscription_unref(struct vio_subscription *subscription)
{
    if (check(subscription) == 0)
        vio__subscription_unref(subscription);
}

/* -- Waiting ----------------------------------------------------------------------------------- */

struct wait_op {
    struct vio_subscription *subscription;
};

static void wait_start(struct vio_req *req, void *user)
{
    struct wait_op *op = user;

    vio__subscription_wait(op->subscription, req);
}

static void wait_cancel(struct vio_req *req, void *user, int why)
{
    struct wait_op *op = user;

    vio__subscription_cancel(op->subscription, req, why);
}

static void wait_destroy(void *user)
{
    struct wait_op *op = user;

    vio__subscription_unref(op->subscription);
}

static const struct vio_req_class wait_class = {
    .name = "subscription wait",
    .op_size = sizeof(struct wait_op),
    .start = wait_start,
    .cancel = wait_cancel,
    .destroy = wait_destroy,
};

int vio_subscription_wait(struct vio_subscription *subscription, vio_req_cb cb, void *user,
                          struct vio_req **ret_req)
{
    struct vio_req *req;
    struct wait_op *op;
    int status = check(subscription);

    if (status == 0)
        status = vio__req_new(vio__subscription_loop(subscription), &wait_class, cb, user, &req);
    if (status != 0)
        return status;
    op = vio__req_op(req);
    op->subscription = vio__subscription_ref(subscription);
    return vio__req_submit(req, ret_req);
}

int vio_subscription_take(struct vio_subscription *subscription, struct vio_event **ret_event)
{
    int status = ret_event ? check(subscription) : VIO_EINVAL;

    return status == 0 ? vio__subscription_take(subscription, ret_event) : status;
}

/* -- Events ------------------------------------------------------------------------------------ */

struct vio_event *vio_event_ref(struct vio_event *event)
{
    return event ? vio__event_ref(event) : NULL;
}

void vio_event_unref(struct vio_event *event)
{
    vio__event_unref(event);
}

enum vio_event_type vio_event_type(const struct vio_event *event)
{
    return event ? vio__event_info(event)->type : VIO_EVENT_UNKNOWN;
}

uint64_t vio_event_sequence(const struct vio_event *event)
{
    return event ? vio__event_info(event)->sequence : 0;
}

uint64_t vio_event_time(const struct vio_event *event)
{
    return event ? vio__event_info(event)->time : 0;
}

const char *vio_event_object(const struct vio_event *event)
{
    return event ? vio__event_info(event)->object : NULL;
}

uint32_t vio_event_index(const struct vio_event *event)
{
    return event ? vio__event_info(event)->index : 0;
}

const char *vio_event_server(const struct vio_event *event)
{
    return event ? vio__event_info(event)->server : NULL;
}

const char *vio_event_adapter(const struct vio_event *event)
{
    return event ? vio__event_info(event)->adapter : NULL;
}

uint64_t vio_event_value(const struct vio_event *event)
{
    return event ? vio__event_info(event)->value : 0;
}

int vio_event_vadapter(const struct vio_event *event, struct vio_address *ret_uuid)
{
    if (!event || !ret_uuid)
        return VIO_EINVAL;
    if (vio__uuid_is_nil(vio__event_info(event)->cookie))
        return VIO_ENOENT;
    *ret_uuid = (struct vio_address){.kind = VIO_ADDRESS_UUID, .length = VIO_UUID_SIZE};
    memcpy(ret_uuid->bytes, vio__event_info(event)->cookie, VIO_UUID_SIZE);
    return 0;
}

const char *vio_event_type_name(enum vio_event_type type)
{
    static const char *const names[] = {
        [VIO_EVENT_UNKNOWN] = "unknown",
        [VIO_EVENT_PORT_UP] = "port-up",
        [VIO_EVENT_PORT_DOWN] = "port-down",
        [VIO_EVENT_PORT_CHANGED] = "port-changed",
        [VIO_EVENT_SERVER_ON] = "server-on",
        [VIO_EVENT_SERVER_OFF] = "server-off",
        [VIO_EVENT_ADAPTER_INSERTED] = "adapter-inserted",
        [VIO_EVENT_ADAPTER_REMOVED] = "adapter-removed",
        [VIO_EVENT_ADAPTER_FAULT] = "adapter-fault",
        [VIO_EVENT_FUNCTION_CREATED] = "function-created",
        [VIO_EVENT_FUNCTION_BOUND] = "function-bound",
        [VIO_EVENT_FUNCTION_UNBOUND] = "function-unbound",
        [VIO_EVENT_FUNCTION_DESTROYED] = "function-destroyed",
        [VIO_EVENT_FUNCTION_CHANGED] = "function-changed",
        [VIO_EVENT_FUNCTION_FAULT] = "function-fault",
        [VIO_EVENT_FUNCTION_LINK] = "function-link",
        [VIO_EVENT_OWNER_CHANGED] = "owner-changed",
        [VIO_EVENT_FENCED] = "fenced",
        [VIO_EVENT_RESET] = "reset",
        [VIO_EVENT_OVERFLOW] = "overflow",
        [VIO_EVENT_LOST] = "lost",
        [VIO_EVENT_RESTORED] = "restored",
    };

    return (size_t)type < sizeof(names) / sizeof(names[0]) ? names[type] : names[0];
}
