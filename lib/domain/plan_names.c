/* SPDX-License-Identifier: MIT */
/* The words of a plan, as commands show them and exported files have them. */
#include "lib/domain/plan.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *name_of(const char *const names[], size_t count, int value)
{
    return value > 0 && (size_t)value < count ? names[value] : "unknown";
}

const char *vio__disruption_name(enum vio_disruption disruption)
{
    static const char *const names[] = {
        [VIO_DISRUPTION_NONE] = "none",
        [VIO_DISRUPTION_LINK_FLAP] = "link-flap",
        [VIO_DISRUPTION_FUNCTION_RESET] = "function-reset",
        [VIO_DISRUPTION_SERVER_REBOOT] = "server-reboot",
        [VIO_DISRUPTION_OTHERS] = "others",
        [VIO_DISRUPTION_DATA_LOST] = "data-lost",
    };

    return name_of(names, COUNT(names), (int)disruption);
}

const char *vio__action_name(enum vio_action action)
{
    static const char *const names[] = {
        [VIO_ACTION_CREATE] = "create",
        [VIO_ACTION_BIND] = "bind",
        [VIO_ACTION_UNBIND] = "unbind",
        [VIO_ACTION_DESTROY] = "destroy",
        [VIO_ACTION_SET_IDENTITY] = "set-identity",
        [VIO_ACTION_SET_QOS] = "set-qos",
        [VIO_ACTION_SET_VLAN] = "set-vlan",
        [VIO_ACTION_SET_LABEL] = "set-label",
        [VIO_ACTION_SET_ENABLED] = "set-enabled",
        [VIO_ACTION_PORT] = "port",
        [VIO_ACTION_SLOT] = "slot",
        [VIO_ACTION_ADOPT] = "adopt",
    };

    return name_of(names, COUNT(names), (int)action);
}

const char *vio__step_state_name(enum vio_step_state state)
{
    static const char *const names[] = {
        [VIO_STEP_STATE_PLANNED] = "planned", [VIO_STEP_STATE_RUNNING] = "running",
        [VIO_STEP_STATE_DONE] = "done",       [VIO_STEP_STATE_FAILED] = "failed",
        [VIO_STEP_STATE_UNDONE] = "undone",   [VIO_STEP_STATE_SKIPPED] = "skipped",
    };

    return name_of(names, COUNT(names), (int)state);
}

const char *vio__plan_state_name(enum vio_plan_state state)
{
    static const char *const names[] = {
        [VIO_PLAN_STATE_PLANNED] = "planned",    [VIO_PLAN_STATE_REFUSED] = "refused",
        [VIO_PLAN_STATE_OPEN] = "open",          [VIO_PLAN_STATE_DONE] = "done",
        [VIO_PLAN_STATE_UNDONE] = "undone",      [VIO_PLAN_STATE_BLOCKED] = "blocked",
        [VIO_PLAN_STATE_PARTLY] = "partly done",
    };

    return name_of(names, COUNT(names), (int)state);
}

const char *vio__object_kind_name(enum vio_object_kind kind)
{
    static const char *const names[] = {
        [VIO_OBJECT_VADAPTER] = "vadapter",
        [VIO_OBJECT_POOL] = "pool",
        [VIO_OBJECT_IDENTITY] = "identity",
    };

    return name_of(names, COUNT(names), (int)kind);
}

const char *vio__edit_action_name(enum vio_edit_action action)
{
    static const char *const names[] = {
        [VIO_EDIT_ACTION_CREATE] = "create",
        [VIO_EDIT_ACTION_CHANGE] = "change",
        [VIO_EDIT_ACTION_REMOVE] = "remove",
    };

    return name_of(names, COUNT(names), (int)action);
}
