/* SPDX-License-Identifier: MIT */
/* What the commands of the manual do. Private to the device. */
#ifndef SIM_COMMAND_H
#define SIM_COMMAND_H

#include "sim/state.h"

/* One command on its way; outcome.result, .detail and .generation are the command's to fill. */
struct sim_run {
    struct viosim *sim;
    struct sim_queue *queue;
    const struct vio_hw_command *command;
    struct vio_hw_completion *outcome;
    struct sim_job *job; /* NULL where the command cannot take time */
};

/* Beside the statuses of the manual: */
#define SIM_PENDING 0x10000 /* sim_job_done() will be called */
#define SIM_BLOCKED 0x10001 /* to be executed again when another command has finished */

/* Returns a status, SIM_PENDING or SIM_BLOCKED. */
typedef int sim_run_fn(struct sim_run *run);

sim_run_fn sim_run_read, sim_run_outcome, sim_run_log;              /* query.c */
sim_run_fn sim_run_lease_claim, sim_run_lease_release;              /* lease.c */
sim_run_fn sim_run_create, sim_run_destroy;                         /* function.c */
sim_run_fn sim_run_set_identity, sim_run_set_qos, sim_run_set_vlan, /* setting.c */
    sim_run_set_label, sim_run_set_state;
sim_run_fn sim_run_bind, sim_run_unbind; /* hotplug.c */
sim_run_fn sim_run_port_control;         /* port.c */
sim_run_fn sim_run_slot_control;         /* slot.c */
sim_run_fn sim_run_batch;                /* batch.c */

/* A status with the byte offset that it is about. */
int sim_run_refuse(struct sim_run *run, enum vio_hw_status status, uint32_t detail);

/* command.c: checks a command in full and executes it. */
int sim_command_run(struct sim_run *run);
/* What kind of object its target is; SIM_TARGET_NONE for an unknown opcode. */
enum sim_target sim_command_target(unsigned opcode);
bool sim_command_changes(unsigned opcode);
bool sim_command_lengthy(unsigned opcode); /* may take time, or must wait for others */
bool sim_command_barrier(unsigned opcode); /* keeps its place among its set's changes */
bool sim_command_remembered(const struct vio_hw_command *command); /* under its tag */
/* Whether this outcome is to be remembered. */
bool sim_command_recorded(const struct vio_hw_completion *outcome, unsigned opcode, bool leased);

/* job.c */
/* Remembers and counts what came of a command. */
void sim_command_finish(struct viosim *sim, unsigned opcode,
                        const struct vio_hw_completion *outcome, bool leased);
/* Whether a job of another set is at work on, or before `job` waits for, the command's target. */
bool sim_jobs_busy(const struct sim_job *job, const struct vio_hw_command *command);

/* batch.c: goes on after the command of a batch that was at work; as sim_command_run(). */
int sim_batch_continue(struct sim_job *job, int status);

/* setting.c: take a part of a FUNCTION record. `detail` of the run is set on failure. */
int sim_check_identity(struct sim_run *run, uint32_t kind, const uint8_t *record, uint32_t self);
int sim_check_qos(struct sim_run *run, uint32_t caps, const uint8_t *record);
int sim_check_vlan(struct sim_run *run, uint32_t caps, const uint8_t *record);
int sim_check_label(struct sim_run *run, const uint8_t *record, uint32_t self);
/* Copy a checked part of a record into the function's. */
void sim_take_identity(struct viosim *sim, uint32_t index, const uint8_t *record);
void sim_take_qos(struct sim_function *function, const uint8_t *record);
void sim_take_vlan(struct sim_function *function, const uint8_t *record);
void sim_take_label(struct viosim *sim, uint32_t index, const uint8_t *record);
/* Forgets a function's identity and cookie. */
void sim_drop_keys(struct viosim *sim, uint32_t index);
/* The data of a command that is a FUNCTION record. Returns a status. */
int sim_run_data(struct sim_run *run, uint8_t record[VIO_HW_RECORD_SIZE]);
/* A function's identity is in a server from now on, or no more; counts those that are twice. */
void sim_identity_live(struct viosim *sim, uint32_t index, bool live);

/* text.c */
/* A field of UTF-8 that is padded with NUL, with one at least. */
bool sim_text_valid(const uint8_t *field, size_t size);
void sim_text_put(uint8_t *field, size_t size, const char *text);

#endif
