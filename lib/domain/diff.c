/* SPDX-License-Identifier: MIT */
#include "lib/domain/diff.h"

#include <string.h>

#include "lib/domain/hwaddr.h"
#include "lib/domain/qos.h"
#include "lib/domain/vlan.h"

static void add(struct vio_diff *diff, enum vio_step_action action)
{
    diff->action[diff->count++] = action;
}

static bool is_bound(const struct vio_function_info *function)
{
    return function->server != VIO_NO_INDEX;
}

static bool same_address(const struct vio_address *a, const struct vio_address *b)
{
    return a->kind == b->kind && (a->kind == 0 || vio__hwaddr_compare(a, b) == 0);
}

static bool same_label(const struct vio_function_info *a, const struct vio_function_info *b)
{
    return memcmp(a->cookie, b->cookie, sizeof(a->cookie)) == 0 && strcmp(a->label, b->label) == 0;
}

/* What no command changes. */
static bool same_make(const struct vio_function_info *a, const struct vio_function_info *b)
{
    return a->kind == b->kind && a->adapter == b->adapter && a->size == b->size;
}

static bool same_place(const struct vio_function_info *desired,
                       const struct vio_function_info *actual)
{
    return desired->server == actual->server &&
           (!is_bound(desired) || desired->path == VIO_NO_INDEX || desired->path == actual->path);
}

static void remake(const struct vio_function_info *desired, const struct vio_function_info *actual,
                   struct vio_diff *diff)
{
    if (actual && is_bound(actual))
        add(diff, VIO_STEP_UNBIND);
    if (actual)
        add(diff, VIO_STEP_DESTROY);
    if (desired)
        add(diff, VIO_STEP_CREATE);
    if (desired && is_bound(desired))
        add(diff, VIO_STEP_BIND);
}

void vio__diff(const struct vio_function_info *desired, const struct vio_function_info *actual,
               struct vio_diff *ret_diff)
{
    bool moves;

    ret_diff->count = 0;
    if (!desired || !actual || !same_make(desired, actual)) {
        remake(desired, actual, ret_diff);
        return;
    }
    moves = !same_place(desired, actual);
    if (moves && is_bound(actual))
        add(ret_diff, VIO_STEP_UNBIND);
    if (!same_label(desired, actual))
        add(ret_diff, VIO_STEP_SET_LABEL);
    if (!same_address(&desired->address, &actual->address) ||
        !same_address(&desired->node_address, &actual->node_address))
        add(ret_diff, VIO_STEP_SET_IDENTITY);
    if (!vio__vlan_equal(&desired->vlan, &actual->vlan))
        add(ret_diff, VIO_STEP_SET_VLAN);
    if (!vio__qos_equal(&desired->qos, &actual->qos))
        add(ret_diff, VIO_STEP_SET_QOS);
    if (desired->enabled != actual->enabled)
        add(ret_diff, VIO_STEP_SET_ENABLED);
    if (moves && is_bound(desired))
        add(ret_diff, VIO_STEP_BIND);
}

bool vio__diff_has(const struct vio_diff *diff, enum vio_step_action action)
{
    for (size_t i = 0; i < diff->count; i++)
        if (diff->action[i] == action)
            return true;
    return false;
}

void vio__diff_step(enum vio_step_action action, const struct vio_function_info *desired,
                    uint32_t index, bool force, struct vio_step *ret_step)
{
    *ret_step = (struct vio_step){
        .action = action,
        .index = index,
        .force = force && action == VIO_STEP_UNBIND,
    };
    if (desired)
        ret_step->function = *desired;
}

static void apply_place(const struct vio_function_info *from, struct vio_function_info *function,
                        enum vio_function_state state)
{
    function->state = state;
    function->server = state == VIO_FUNCTION_BOUND ? from->server : VIO_NO_INDEX;
    function->path = state == VIO_FUNCTION_BOUND ? from->path : VIO_NO_INDEX;
    function->bdf = VIO_NO_INDEX;
    function->hotplug_slot = VIO_NO_INDEX;
}

static void apply_setting(const struct vio_step *step, struct vio_function_info *function)
{
    const struct vio_function_info *from = &step->function;

    if (step->action == VIO_STEP_SET_LABEL) {
        memcpy(function->cookie, from->cookie, sizeof(function->cookie));
        memcpy(function->label, from->label, sizeof(function->label));
    } else if (step->action == VIO_STEP_SET_IDENTITY) {
        function->address = from->address;
        function->node_address = from->node_address;
    } else if (step->action == VIO_STEP_SET_VLAN) {
        function->vlan = from->vlan;
    } else if (step->action == VIO_STEP_SET_QOS) {
        function->qos = from->qos;
    } else if (step->action == VIO_STEP_SET_ENABLED) {
        function->enabled = from->enabled;
    }
}

void vio__diff_apply(const struct vio_step *step, bool *exists, struct vio_function_info *function)
{
    switch (step->action) {
    case VIO_STEP_CREATE:
        *exists = true;
        *function = step->function;
        function->index = step->index;
        apply_place(&step->function, function, VIO_FUNCTION_DETACHED);
        break;
    case VIO_STEP_BIND:
        apply_place(&step->function, function, VIO_FUNCTION_BOUND);
        break;
    case VIO_STEP_UNBIND:
        apply_place(&step->function, function, VIO_FUNCTION_DETACHED);
        break;
    case VIO_STEP_DESTROY:
        *exists = false;
        break;
    default:
        apply_setting(step, function);
        break;
    }
}

const char *vio__step_name(enum vio_step_action action)
{
    static const char *const names[] = {
        [VIO_STEP_UNKNOWN] = "unknown",     [VIO_STEP_CREATE] = "create",
        [VIO_STEP_BIND] = "bind",           [VIO_STEP_UNBIND] = "unbind",
        [VIO_STEP_DESTROY] = "destroy",     [VIO_STEP_SET_IDENTITY] = "set identity",
        [VIO_STEP_SET_QOS] = "set QoS",     [VIO_STEP_SET_VLAN] = "set VLAN",
        [VIO_STEP_SET_LABEL] = "set label", [VIO_STEP_SET_ENABLED] = "set enabled",
        [VIO_STEP_PORT] = "control port",   [VIO_STEP_SLOT] = "control slot",
    };

    return (size_t)action < sizeof(names) / sizeof(names[0]) ? names[action] : names[0];
}
