/* SPDX-License-Identifier: MIT */
/* Names of states, as lists show them and filters take them. */
#include "lib/domain/inventory.h"

const char *vio__function_state_name(enum vio_function_state state)
{
    switch (state) {
    case VIO_FUNCTION_DETACHED:
        return "detached";
    case VIO_FUNCTION_BINDING:
        return "binding";
    case VIO_FUNCTION_BOUND:
        return "bound";
    case VIO_FUNCTION_UNBINDING:
        return "unbinding";
    case VIO_FUNCTION_FAULT:
        return "fault";
    case VIO_FUNCTION_UNKNOWN:
        break;
    }
    return "unknown";
}

const char *vio__vadapter_state_name(enum vio_vadapter_state state)
{
    switch (state) {
    case VIO_VADAPTER_STATE_DETACHED:
        return "detached";
    case VIO_VADAPTER_STATE_ATTACHING:
        return "attaching";
    case VIO_VADAPTER_STATE_ATTACHED:
        return "attached";
    case VIO_VADAPTER_STATE_DETACHING:
        return "detaching";
    case VIO_VADAPTER_STATE_FAULT:
        return "fault";
    case VIO_VADAPTER_STATE_LOST:
        return "lost";
    case VIO_VADAPTER_STATE_RETIRED:
        return "retired";
    case VIO_VADAPTER_STATE_UNKNOWN:
        break;
    }
    return "unknown";
}
