/* SPDX-License-Identifier: MIT */
#include "lib/driver/iove/refuse.h"

#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/hwaddr.h"
#include "lib/domain/qos.h"
#include "lib/domain/vlan.h"
#include "lib/driver/iove/record.h"
#include "lib/hw/regs.h"

/* -- Encoding ---------------------------------------------------------------------------------- */

static const uint16_t opcodes[] = {
    [VIO_STEP_CREATE] = VIO_HW_OP_FUNCTION_CREATE,
    [VIO_STEP_BIND] = VIO_HW_OP_FUNCTION_BIND,
    [VIO_STEP_UNBIND] = VIO_HW_OP_FUNCTION_UNBIND,
    [VIO_STEP_DESTROY] = VIO_HW_OP_FUNCTION_DESTROY,
    [VIO_STEP_SET_IDENTITY] = VIO_HW_OP_FUNCTION_SET_IDENTITY,
    [VIO_STEP_SET_QOS] = VIO_HW_OP_FUNCTION_SET_QOS,
    [VIO_STEP_SET_VLAN] = VIO_HW_OP_FUNCTION_SET_VLAN,
    [VIO_STEP_SET_LABEL] = VIO_HW_OP_FUNCTION_SET_LABEL,
    [VIO_STEP_SET_ENABLED] = VIO_HW_OP_FUNCTION_SET_STATE,
    [VIO_STEP_PORT] = VIO_HW_OP_PORT_CONTROL,
    [VIO_STEP_SLOT] = VIO_HW_OP_SLOT_CONTROL,
};

static void encode_arguments(const struct vio_step *step, struct vio_hw_command *command)
{
    const struct vio_function_info *f = &step->function;

    switch (step->action) {
    case VIO_STEP_BIND:
        command->arg[0] = f->server;
        command->arg[1] = f->path == VIO_NO_INDEX ? 0 : f->path;
        command->arg[2] = VIO_HW_NONE;
        break;
    case VIO_STEP_SET_ENABLED:
        command->arg[0] = f->enabled;
        break;
    case VIO_STEP_PORT:
        command->arg[0] = f->enabled ? VIO_HW_PORT_ENABLE : VIO_HW_PORT_DISABLE;
        break;
    case VIO_STEP_SLOT:
        command->arg[0] = f->enabled ? VIO_HW_SLOT_POWER_ON : VIO_HW_SLOT_POWER_OFF;
        break;
    default:
        break;
    }
}

static bool has_data(enum vio_step_action action)
{
    return action == VIO_STEP_CREATE || action == VIO_STEP_SET_IDENTITY ||
           action == VIO_STEP_SET_QOS || action == VIO_STEP_SET_VLAN ||
           action == VIO_STEP_SET_LABEL;
}

int vio__iove_step_encode(const struct vio_step *step, struct vio_hw_command *ret_command,
                          uint8_t *ret_data, bool *ret_has_data)
{
    if (step->action <= VIO_STEP_UNKNOWN || step->action > VIO_STEP_SLOT)
        return VIO_EINVAL;
    *ret_command = (struct vio_hw_command){
        .opcode = opcodes[step->action],
        .target = step->action == VIO_STEP_CREATE ? 0 : step->index,
    };
    if (step->force && (step->action == VIO_STEP_UNBIND || step->action == VIO_STEP_SLOT))
        ret_command->flags |= VIO_HW_COMMAND_FORCE;
    if (step->erase && step->action == VIO_STEP_DESTROY)
        ret_command->flags |= VIO_HW_COMMAND_ERASE;
    encode_arguments(step, ret_command);
    *ret_has_data = has_data(step->action);
    if (*ret_has_data)
        vio__iove_record_encode(&step->function, ret_data);
    return 0;
}

/* -- Refusals ---------------------------------------------------------------------------------- */

void vio__iove_step_object(const struct vio_step *step, char *ret_text, size_t size)
{
    if (step->action == VIO_STEP_CREATE)
        snprintf(ret_text, size, "new function on slot %u", step->function.adapter);
    else if (step->action == VIO_STEP_UNKNOWN)
        snprintf(ret_text, size, "the step");
    else
        snprintf(ret_text, size, "%s %u",
                 step->action == VIO_STEP_PORT   ? "port"
                 : step->action == VIO_STEP_SLOT ? "slot"
                                                 : "function",
                 step->index);
}

static int code_of(unsigned status)
{
    switch (status) {
    case VIO_HW_STATUS_INVALID_TARGET:
        return VIO_ENOENT;
    case VIO_HW_STATUS_INVALID_FIELD:
    case VIO_HW_STATUS_INVALID_DATA:
        return VIO_EINVAL;
    case VIO_HW_STATUS_NOT_LEASED:
        return VIO_EFENCED;
    case VIO_HW_STATUS_STALE:
        return VIO_ESTALE;
    case VIO_HW_STATUS_EXISTS:
        return VIO_EEXIST;
    case VIO_HW_STATUS_ADDRESS_IN_USE:
        return VIO_EDUPLICATE;
    case VIO_HW_STATUS_ADDRESS_INVALID:
        return VIO_EADDR;
    case VIO_HW_STATUS_NO_FUNCTION:
    case VIO_HW_STATUS_NO_VF:
    case VIO_HW_STATUS_NO_SPACE:
    case VIO_HW_STATUS_NO_HOTPLUG_SLOT:
        return VIO_EFULL;
    case VIO_HW_STATUS_NO_CAPACITY:
        return VIO_ECAPACITY;
    case VIO_HW_STATUS_BUSY:
        return VIO_EBUSY;
    case VIO_HW_STATUS_STATE:
        return VIO_ESTATE;
    case VIO_HW_STATUS_NOT_SUPPORTED:
        return VIO_ENOTSUP;
    case VIO_HW_STATUS_ADAPTER_GONE:
    case VIO_HW_STATUS_SERVER_GONE:
        return VIO_EGONE;
    case VIO_HW_STATUS_ABORTED:
        return VIO_ERESET;
    case VIO_HW_STATUS_TIMEOUT:
        return VIO_ETIMEDOUT;
    default:
        return VIO_EDEVICE;
    }
}

/* What the status' result or detail points at. */
static void describe(const struct vio_hw_completion *completion, char *text, size_t size)
{
    const struct vio_hw_reg *reg;

    text[0] = '\0';
    switch (completion->status) {
    case VIO_HW_STATUS_INVALID_DATA:
        reg = completion->detail < VIO_HW_RECORD_SIZE
                  ? vio__hw_reg_at(VIO_HW_FUNCTION_BASE + completion->detail, NULL)
                  : NULL;
        if (reg)
            snprintf(text, size, " (%s)", reg->name);
        break;
    case VIO_HW_STATUS_EXISTS:
    case VIO_HW_STATUS_ADDRESS_IN_USE:
        snprintf(text, size, " (function %u)", completion->result);
        break;
    case VIO_HW_STATUS_NO_CAPACITY:
        snprintf(text, size, " (port %u)", completion->result);
        break;
    default:
        break;
    }
}

void vio__iove_step_refused(const struct vio_step *step, const struct vio_hw_completion *completion,
                            struct vio_outcome *ret_outcome)
{
    const char *meaning = vio__hw_status_text(completion->status);
    char object[48], more[64];

    vio__iove_step_object(step, object, sizeof object);
    describe(completion, more, sizeof more);
    *ret_outcome = (struct vio_outcome){
        .status = code_of(completion->status),
        .device_status = completion->status,
        .index = step->action == VIO_STEP_CREATE ? VIO_NO_INDEX : step->index,
    };
    snprintf(ret_outcome->text, sizeof ret_outcome->text, "%.47s: %.75s%.35s", object,
             meaning ? meaning : "unknown status", more);
}

void vio__iove_step_failed(const struct vio_step *step, int status, const char *text,
                           struct vio_outcome *ret_outcome)
{
    char object[48];

    vio__iove_step_object(step, object, sizeof object);
    *ret_outcome = (struct vio_outcome){
        .status = status,
        .index = step->action == VIO_STEP_CREATE ? VIO_NO_INDEX : step->index,
    };
    snprintf(ret_outcome->text, sizeof ret_outcome->text, "%s: %s", object, text);
}

/* -- Reading back ------------------------------------------------------------------------------ */

static const struct vio_function_info *find(const struct vio_step *step,
                                            const struct vio_observation *observation)
{
    for (size_t i = 0; i < observation->num_functions; i++) {
        const struct vio_function_info *f = &observation->functions[i];

        if (step->action == VIO_STEP_CREATE
                ? memcmp(f->cookie, step->function.cookie, sizeof f->cookie) == 0
                : f->index == step->index)
            return f;
    }
    return NULL;
}

static bool function_reached(const struct vio_step *step, const struct vio_function_info *f)
{
    const struct vio_function_info *want = &step->function;

    switch (step->action) {
    case VIO_STEP_CREATE:
        return f != NULL;
    case VIO_STEP_DESTROY:
        return f == NULL;
    case VIO_STEP_BIND:
        return f && f->state == VIO_FUNCTION_BOUND && f->server == want->server;
    case VIO_STEP_UNBIND:
        return f && f->state == VIO_FUNCTION_DETACHED;
    case VIO_STEP_SET_IDENTITY:
        return f && vio__hwaddr_compare(&f->address, &want->address) == 0 &&
               vio__hwaddr_compare(&f->node_address, &want->node_address) == 0;
    case VIO_STEP_SET_QOS:
        return f && vio__qos_equal(&f->qos, &want->qos);
    case VIO_STEP_SET_VLAN:
        return f && vio__vlan_equal(&f->vlan, &want->vlan);
    case VIO_STEP_SET_LABEL:
        return f && memcmp(f->cookie, want->cookie, sizeof f->cookie) == 0 &&
               strcmp(f->label, want->label) == 0;
    default:
        return f && f->enabled == want->enabled;
    }
}

bool vio__iove_step_reached(const struct vio_step *step, const struct vio_observation *observation,
                            uint32_t *ret_index)
{
    const struct vio_function_info *f;

    *ret_index = step->index;
    if (step->action == VIO_STEP_PORT)
        return step->index < observation->num_ports &&
               observation->ports[step->index].enabled == step->function.enabled;
    if (step->action == VIO_STEP_SLOT)
        return step->index < observation->num_adapters &&
               observation->adapters[step->index].powered == step->function.enabled;
    f = find(step, observation);
    if (f)
        *ret_index = f->index;
    return function_reached(step, f);
}
