/* SPDX-License-Identifier: MIT */
/* The commands: what is checked of all of them, and who executes them. */
#include "sim/command.h"

static int run_nop(struct sim_run *run)
{
    (void)run;
    return VIO_HW_STATUS_OK;
}

struct command_info {
    sim_run_fn *run;
    uint16_t flags; /* that it knows */
    uint8_t target; /* enum sim_target */
    uint16_t data;  /* least bytes of data */
    bool lengthy, barrier;
};

static const struct command_info commands[] = {
    [VIO_HW_OP_NOP] = {run_nop, 0, SIM_TARGET_NONE, 0, false, false},
    [VIO_HW_OP_READ] = {sim_run_read, 0, SIM_TARGET_NONE, VIO_HW_RECORD_SIZE, false, false},
    [VIO_HW_OP_OUTCOME] = {sim_run_outcome, 0, SIM_TARGET_NONE, VIO_HW_COMPLETION_SIZE, false,
                           false},
    [VIO_HW_OP_LOG] = {sim_run_log, 0, SIM_TARGET_NONE, 1, false, false},
    [VIO_HW_OP_LEASE_CLAIM] = {sim_run_lease_claim, VIO_HW_COMMAND_FORCE, SIM_TARGET_NONE,
                               VIO_HW_GLOBAL_LEASE_HOLDER_SIZE, true, true},
    [VIO_HW_OP_LEASE_RELEASE] = {sim_run_lease_release, 0, SIM_TARGET_NONE, 0, true, true},
    [VIO_HW_OP_FUNCTION_CREATE] = {sim_run_create, 0, SIM_TARGET_NONE, VIO_HW_RECORD_SIZE, false,
                                   false},
    [VIO_HW_OP_FUNCTION_BIND] = {sim_run_bind, 0, SIM_TARGET_FUNCTION, 0, true, false},
    [VIO_HW_OP_FUNCTION_UNBIND] = {sim_run_unbind, VIO_HW_COMMAND_FORCE, SIM_TARGET_FUNCTION, 0,
                                   true, false},
    [VIO_HW_OP_FUNCTION_DESTROY] = {sim_run_destroy, VIO_HW_COMMAND_ERASE, SIM_TARGET_FUNCTION, 0,
                                    false, false},
    [VIO_HW_OP_FUNCTION_SET_IDENTITY] = {sim_run_set_identity, 0, SIM_TARGET_FUNCTION,
                                         VIO_HW_RECORD_SIZE, false, false},
    [VIO_HW_OP_FUNCTION_SET_QOS] = {sim_run_set_qos, 0, SIM_TARGET_FUNCTION, VIO_HW_RECORD_SIZE,
                                    false, false},
    [VIO_HW_OP_FUNCTION_SET_VLAN] = {sim_run_set_vlan, 0, SIM_TARGET_FUNCTION, VIO_HW_RECORD_SIZE,
                                     false, false},
    [VIO_HW_OP_FUNCTION_SET_LABEL] = {sim_run_set_label, 0, SIM_TARGET_FUNCTION, VIO_HW_RECORD_SIZE,
                                      false, false},
    [VIO_HW_OP_FUNCTION_SET_STATE] = {sim_run_set_state, 0, SIM_TARGET_FUNCTION, 0, false, false},
    [VIO_HW_OP_PORT_CONTROL] = {sim_run_port_control, 0, SIM_TARGET_PORT, 0, false, false},
    [VIO_HW_OP_SLOT_CONTROL] = {sim_run_slot_control, VIO_HW_COMMAND_FORCE, SIM_TARGET_SLOT, 0,
                                false, false},
    [VIO_HW_OP_BATCH] = {sim_run_batch, 0, SIM_TARGET_NONE, VIO_HW_COMMAND_SIZE, true, true},
};

#define COMMANDS (sizeof commands / sizeof commands[0])

#define YES      true
#define NO       false
static const bool changes[COMMANDS] = {
#define O(name, code, changes, idempotent, doc) [code] = (changes),
#include "lib/hw/opcodes.def"
#undef O
};

#define COMMAND_FIELD_OPCODE 0 /* byte offsets that INVALID_FIELD tells */
#define COMMAND_FIELD_FLAGS  2

static const struct command_info *find(unsigned opcode)
{
    return opcode < COMMANDS && commands[opcode].run ? &commands[opcode] : NULL;
}

enum sim_target sim_command_target(unsigned opcode)
{
    const struct command_info *info = find(opcode);

    return info ? (enum sim_target)info->target : SIM_TARGET_NONE;
}

bool sim_command_changes(unsigned opcode)
{
    return opcode < COMMANDS && changes[opcode];
}

bool sim_command_lengthy(unsigned opcode)
{
    const struct command_info *info = find(opcode);

    return info && info->lengthy;
}

bool sim_command_barrier(unsigned opcode)
{
    const struct command_info *info = find(opcode);

    return info && info->barrier;
}

/* Commands that only read leave no trace either. */
bool sim_command_remembered(const struct vio_hw_command *command)
{
    return command->lease &&
           (sim_command_changes(command->opcode) || sim_command_barrier(command->opcode));
}

/* Refusals for reasons that pass leave no trace, so that the command can be sent again; nor does
 * what carries a lease that is not its own: it would answer for the owner's commands. */
bool sim_command_recorded(const struct vio_hw_completion *outcome, unsigned opcode, bool leased)
{
    if (!outcome->lease || !(sim_command_changes(opcode) || sim_command_barrier(opcode)))
        return false;
    if (opcode == VIO_HW_OP_LEASE_CLAIM ? outcome->status != VIO_HW_STATUS_OK : !leased)
        return false;
    switch (outcome->status) {
    case VIO_HW_STATUS_NOT_LEASED:
    case VIO_HW_STATUS_LEASED:
    case VIO_HW_STATUS_BUSY:
    case VIO_HW_STATUS_IN_PROGRESS:
        return false;
    default:
        return !(outcome->flags & VIO_HW_CPL_REPLAYED);
    }
}

int sim_run_refuse(struct sim_run *run, enum vio_hw_status status, uint32_t detail)
{
    run->outcome->detail = detail;
    return (int)status;
}

/* Whether this outcome is known: then it is given again and nothing is executed. */
static bool replay(struct sim_run *run)
{
    const struct vio_hw_completion *known;

    if (!run->command->lease)
        return false;
    known = sim_outcomes_find(run->sim->outcomes, run->command->lease, run->command->number);
    if (!known)
        return false;
    *run->outcome = *known;
    run->outcome->flags = VIO_HW_CPL_REPLAYED;
    run->sim->stat[VIOSIM_STAT_REPLAYS]++;
    return true;
}

static const uint8_t *target_record(struct viosim *sim, enum sim_target target, uint32_t index,
                                    uint32_t *ret_generation)
{
    switch (target) {
    case SIM_TARGET_PORT:
        *ret_generation = VIO_HW_PORT_GENERATION;
        return index < sim->ports ? sim->port[index].record : NULL;
    case SIM_TARGET_SLOT:
        *ret_generation = VIO_HW_SLOT_GENERATION;
        return index < sim->slots ? sim->slot[index].record : NULL;
    case SIM_TARGET_FUNCTION:
        *ret_generation = VIO_HW_FUNCTION_GENERATION;
        return index < sim->functions_end &&
                       sim_function_life(&sim->function[index]) != VIO_HW_LIFE_FREE
                   ? sim->function[index].record
                   : NULL;
    default:
        return NULL;
    }
}

static int check_target(struct sim_run *run, enum sim_target target)
{
    uint32_t wanted = run->command->generation, at = 0;
    const uint8_t *record = target_record(run->sim, target, run->command->target, &at);
    uint32_t generation;

    if (!record)
        return VIO_HW_STATUS_INVALID_TARGET;
    if (run->job && sim_jobs_busy(run->job, run->command))
        return VIO_HW_STATUS_BUSY;
    generation = vio__hw_get32(record + at);
    if (wanted && wanted != generation) {
        run->outcome->result = generation;
        return VIO_HW_STATUS_STALE;
    }
    return VIO_HW_STATUS_OK;
}

static void tell_generation(struct sim_run *run, enum sim_target target)
{
    uint32_t at = 0;
    const uint8_t *record = target_record(run->sim, target, run->command->target, &at);

    if (record)
        run->outcome->generation = vio__hw_get64(record + at);
}

int sim_command_run(struct sim_run *run)
{
    const struct vio_hw_command *command = run->command;
    const struct command_info *info = find(command->opcode);
    int status = VIO_HW_STATUS_OK;

    if (!info)
        return sim_run_refuse(run, VIO_HW_STATUS_INVALID_OPCODE, COMMAND_FIELD_OPCODE);
    if ((changes[command->opcode] || info->barrier) && replay(run))
        return run->outcome->status;
    if (command->flags & ~info->flags)
        return sim_run_refuse(run, VIO_HW_STATUS_INVALID_FIELD, COMMAND_FIELD_FLAGS);
    if (changes[command->opcode] && !sim_lease_held(run->queue, command->lease))
        return VIO_HW_STATUS_NOT_LEASED;
    if (info->target != SIM_TARGET_NONE)
        status = check_target(run, (enum sim_target)info->target);
    if (status != VIO_HW_STATUS_OK)
        return status;
    if (info->data && (command->data_length < info->data ||
                       !sim_data_allowed(run->queue, command->data_offset, command->data_length)))
        return VIO_HW_STATUS_DATA_RANGE;
    status = info->run(run);
    if (info->target != SIM_TARGET_NONE && status != SIM_PENDING)
        tell_generation(run, (enum sim_target)info->target);
    return status;
}
