/* SPDX-License-Identifier: MIT */
/*
 * The state of one chassis, shared by the files that make up the device. Nothing outside of them
 * includes this.
 *
 * Records are kept as the bytes that clients read: a PORT, SERVER, SLOT or FUNCTION record is 512
 * bytes, changed through SIM_PUT32() and the like, and sim_touch() after a change.
 *
 *   registers.c  BAR 0                 command.c   checks, dispatch, jobs and their order
 *   queue.c      claim, rings          lease.c     who may change state
 *   event.c      events and the log    function.c  create, set, destroy     hotplug.c  bind, unbind
 *   client.c     attachments, BARs     port.c, slot.c, server.c             faults.c   misfortunes
 *
 * The lock is taken at the public entries (sim_enter) and given back by sim_leave, which also
 * delivers interrupts; everything else runs under it.
 */
#ifndef SIM_STATE_H
#define SIM_STATE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/base/random.h"
#include "lib/hw/regs.h"
#include "lib/hw/ring.h"
#include "lib/hw/wire.h"
#include "sim/adapter.h"
#include "sim/device.h"
#include "sim/hierarchy.h"
#include "sim/keys.h"
#include "sim/mishap.h"
#include "sim/outcome.h"
#include "sim/timer.h"

#define SIM_MS                        UINT64_C(1000000) /* ns */
#define SIM_BEAT_SLACK                (100 * SIM_MS)    /* how late a heartbeat may be stamped */
#define SIM_QUEUES_MAX                VIO_HW_QUEUE_COUNT
#define SIM_FAULT_LOG_SIZE            8192
#define SIM_EVENT_LOG_COUNT           256

#define SIM_GET32(record, reg)        vio__hw_get32((record) + VIO_HW_##reg)
#define SIM_GET64(record, reg)        vio__hw_get64((record) + VIO_HW_##reg)
#define SIM_PUT32(record, reg, value) vio__hw_put32((record) + VIO_HW_##reg, (uint32_t)(value))
#define SIM_PUT64(record, reg, value) vio__hw_put64((record) + VIO_HW_##reg, (value))
#define SIM_ADD64(record, reg, value) \
    SIM_PUT64((record), reg, SIM_GET64((record), reg) + (uint64_t)(value))

struct sim_queue {
    struct viosim *sim;
    unsigned index;
    uint8_t *part;
    uint64_t owner; /* register values */
    uint64_t cmd_base, cpl_base, evt_base, window;
    uint32_t cmd_size, cmd_head, cmd_tail, cpl_size, cpl_head, cpl_tail;
    uint32_t evt_size, evt_head, evt_tail;
    uint32_t irq_cause, irq_mask, error, control;
    uint64_t evt_lost;
    bool ready, failed;
    uint64_t evt_unsaid; /* lost events that no event entry has told of */
    uint32_t taken;      /* commands fetched whose completion is not written */
    uint32_t jobs;       /* not finished, of all epochs */
    uint32_t epoch;      /* grows when the rings are given up: older completions are dropped */
    struct sim_client *client; /* who claimed it */
    bool silent;               /* for QUEUE_LIMIT */
    struct sim_timer silence;
};

struct sim_client {
    struct viosim *sim;
    struct sim_client *next;
    struct sim_host host;
    uint32_t interrupts, interrupts_again; /* vectors to raise; to raise twice */
    uint32_t latch;                        /* low half of an 8-byte register */
    uint64_t latch_offset;
    uint8_t config[4096];
    uint8_t config_mask[4096]; /* writable bits */
    uint8_t msix[VIO_HW_BAR4_SIZE];
};

struct sim_port {
    uint8_t record[VIO_HW_RECORD_SIZE];
    struct viosim *sim;
    uint64_t nominal;       /* bit/s while the link is up */
    bool cut;               /* by a fault */
    bool alive;             /* what it leads to is there and has power */
    struct sim_link link;   /* PCIe; zero for an external port */
    struct sim_timer train; /* until the link is up */
};

struct sim_server {
    uint8_t record[VIO_HW_RECORD_SIZE];
    struct viosim *sim;
    struct sim_hierarchy *hierarchy;
    uint64_t reserved; /* hot-plug slots that a function has, even if it is in fault */
    bool stuck;        /* does not consent to an unplug */
};

struct sim_slot {
    uint8_t record[VIO_HW_RECORD_SIZE];
    struct sim_link link;
    struct sim_adapter *adapter;        /* NULL: empty */
    struct sim_adapter *pulled;         /* what was in it last */
    uint32_t card;                      /* which it is or was, counted over the slot's life */
    uint32_t first_external, externals; /* external ports of its adapter */
    uint32_t externals_kept;            /* ports set aside for them */
    uint8_t vfs[SIM_ADAPTER_FUNCTIONS_MAX / 8];
};

struct sim_function {
    uint8_t record[VIO_HW_RECORD_SIZE];
    struct sim_cfgspace *space; /* while it is in a server */
    struct sim_job *job;        /* at work on plugging or unplugging it */
    uint32_t card;              /* adapter that it was made on */
};

enum sim_stage {
    SIM_JOB_WAITING = 0, /* its time has not passed */
    SIM_JOB_BLOCKED = 1, /* an earlier command must finish first */
    SIM_JOB_AT_WORK = 2,
};

enum sim_target { SIM_TARGET_NONE, SIM_TARGET_PORT, SIM_TARGET_SLOT, SIM_TARGET_FUNCTION };

/* A command that was fetched and is not finished, unless it is executed at once. */
struct sim_job {
    struct sim_job *prev, *next; /* in the order of fetching */
    struct sim_queue *queue;
    uint32_t epoch;
    enum sim_stage stage;
    bool held;    /* its time has passed while the VPC is stuck */
    bool dropped; /* its lease is gone or its set was reset while it was at work */
    bool leased;  /* its lease was in force when it was fetched or begun */
    struct vio_hw_command command;
    struct vio_hw_completion outcome;
    struct sim_timer timer;
    void (*step)(struct sim_job *job); /* what the timer does while it is at work */
    uint8_t *batch;                    /* the commands of a BATCH at work */
    uint32_t position;                 /* of the one at work */
    struct vio_hw_command part;        /* that one */
    bool part_leased;
    struct vio_hw_completion part_outcome;
};

struct viosim {
    pthread_mutex_t lock;
    atomic_uint references;
    struct sim_timers timers;
    struct vio_prng random;
    uint64_t told; /* what sim_next() said last */
    bool interrupts_pending, settle;

    uint8_t global[VIO_HW_RECORD_SIZE]; /* the parts that stay */
    uint32_t irq_cause, irq_mask;
    uint64_t boot_id, boot_time, change, generation, sequence;
    uint64_t latency, hotplug, training, slow;
    bool stuck;

    struct {
        uint64_t number;         /* 0: none in force */
        struct sim_queue *queue; /* through which it was claimed; NULL: reset since */
        struct sim_timer silence;
    } lease;

    struct sim_client *clients;
    struct sim_queue queue[SIM_QUEUES_MAX];
    struct sim_port *port;
    struct sim_server *server;
    struct sim_slot *slot;
    struct sim_function *function;
    uint32_t ports, servers, slots, functions, queues, max_ring;
    uint32_t functions_end; /* one past the highest function that was ever in use */
    uint64_t *function_map; /* bits of those in use */
    struct sim_keys *keys;  /* identities and cookies */
    struct sim_keys *live;  /* identities in servers, kept apart from the former to check it */
    struct sim_outcomes *outcomes;
    struct sim_job *jobs, *last_job;
    struct sim_late *lates;

    uint8_t *rings; /* BAR 2 */
    int rings_fd;

    uint8_t event_log[SIM_EVENT_LOG_COUNT][VIO_HW_EVENT_SIZE];
    uint32_t events_logged;
    char fault_log[SIM_FAULT_LOG_SIZE];
    size_t fault_log_length;

    struct sim_mishaps mishaps;
    viosim_ring_fn ring_hook;
    void *ring_hook_data;
    uint64_t stat[VIOSIM_STAT_REPLAYS + 1];
};

/* device.c */
void sim_enter(struct viosim *sim);
void sim_leave(struct viosim *sim);       /* on the clients' thread */
void sim_leave_fault(struct viosim *sim); /* on any thread: interrupts wait for the next step */
/* Frees every function, forgets leases and outcomes, draws a new boot id. */
void sim_reset(struct viosim *sim, bool power_cycle);
/* A record changed: a new generation, which also is the change counter. */
void sim_touch(struct viosim *sim, uint8_t *record, uint32_t generation_offset);
#define SIM_TOUCH(sim, record, block) sim_touch((sim), (record), VIO_HW_##block##_GENERATION)
uint64_t sim_uptime(const struct viosim *sim);

/* registers.c */
void sim_registers_read(struct sim_client *client, uint64_t offset, uint8_t *data, size_t size);
void sim_registers_write(struct sim_client *client, uint64_t offset, uint32_t value);
void sim_registers_write64(struct sim_client *client, uint64_t offset, uint64_t value);
/* The record that a READ of this kind gives. Returns false for a free function. */
bool sim_record_read(struct viosim *sim, const struct sim_client *client, enum vio_hw_block block,
                     uint32_t index, uint8_t record[VIO_HW_RECORD_SIZE]);
uint32_t sim_record_count(const struct viosim *sim, enum vio_hw_block block);

/* window.c */
void sim_window_read(struct viosim *sim, uint64_t window, uint64_t offset, uint8_t *data,
                     size_t size);
uint32_t sim_window_status(struct viosim *sim, uint64_t window);

/* interrupt.c */
void sim_interrupt(struct sim_client *client, unsigned vector);
void sim_interrupt_raise(struct sim_client *client, unsigned vector); /* no mishap any more */
void sim_queue_cause(struct sim_queue *queue, uint32_t bit);
void sim_global_cause(struct viosim *sim, uint32_t bit);
void sim_interrupts_deliver(struct viosim *sim); /* gives the lock back while it calls */

/* queue.c */
void sim_queue_init(struct viosim *sim, unsigned index);
void sim_queue_read(struct sim_queue *queue, uint8_t registers[VIO_HW_WINDOW_OFFSET]);
void sim_queue_write(struct sim_client *client, struct sim_queue *queue, uint32_t reg,
                     uint32_t value);
void sim_queue_write64(struct sim_client *client, struct sim_queue *queue, uint32_t reg,
                       uint64_t value);
void sim_queue_reset(struct sim_queue *queue);
void sim_queue_fail(struct sim_queue *queue, enum vio_hw_status status);

/* ring.c */
/* Fetches commands as far as there is room for their completions. */
void sim_ring_fetch(struct sim_queue *queue);
/* Writes the completion of a command that was fetched in `epoch`. */
void sim_ring_complete(struct sim_queue *queue, uint32_t epoch,
                       const struct vio_hw_completion *completion);
void sim_ring_event(struct sim_queue *queue, const struct vio_hw_event *event);
/* The same without a mishap. The completion's place in the ring was kept. */
void sim_ring_put_completion(struct sim_queue *queue, const struct vio_hw_completion *completion);
void sim_ring_put_event(struct sim_queue *queue, const struct vio_hw_event *event);
/* Buffers of commands: whether one lies where it may. The others return 0 or a status. */
bool sim_data_allowed(const struct sim_queue *queue, uint64_t offset, size_t size);
int sim_data_read(struct sim_queue *queue, uint64_t offset, void *data, size_t size);
int sim_data_write(struct sim_queue *queue, uint64_t offset, const void *data, size_t size);

/* late.c: what a mishap delays. Return false if there is no memory for it. */
bool sim_late_interrupt(struct sim_client *client, unsigned vector, uint64_t delay);
bool sim_late_completion(struct sim_queue *queue, const struct vio_hw_completion *completion,
                         uint64_t delay);
bool sim_late_event(struct sim_queue *queue, const struct vio_hw_event *event, uint64_t delay);
void sim_lates_drop(struct viosim *sim, const struct sim_client *client); /* NULL: all */

/* event.c */
void sim_event(struct viosim *sim, enum vio_hw_event_type type, uint32_t index, uint64_t value);
void sim_log_fault(struct viosim *sim, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* job.c */
/* Takes a command that was fetched: executes it now or makes it a job. */
void sim_command_take(struct sim_queue *queue, const struct vio_hw_command *command,
                      uint64_t delay);
/* Ends a job that is at work, or the command of its batch that is. */
void sim_job_done(struct sim_job *job, enum vio_hw_status status);
void sim_jobs_settle(struct viosim *sim);  /* runs those that are no longer blocked */
void sim_jobs_release(struct viosim *sim); /* runs those that a stuck VPC held up */
void sim_jobs_drop(struct viosim *sim);    /* all of them, without a trace */
/* Whether a change under this lease is not finished. */
bool sim_jobs_of_lease(const struct viosim *sim, uint64_t lease, const struct sim_job *but);
/* Drops what a set has queued; what is at work finishes unseen. */
void sim_jobs_abort_queue(struct sim_queue *queue);
/* Whether the command with this tag is not finished. */
bool sim_jobs_tag(const struct viosim *sim, uint64_t lease, uint32_t number);
/* The command at work and its completion: the job's own, or those of its batch. */
const struct vio_hw_command *sim_job_command(const struct sim_job *job);
struct vio_hw_completion *sim_job_outcome(struct sim_job *job);
/* Lets the job's step() be called after a time; the command returns SIM_PENDING then. */
void sim_job_wait(struct sim_job *job, uint64_t delay, void (*step)(struct sim_job *job));
/* Drops what older owners than `lease` have queued; true if one of theirs is still at work. */
bool sim_jobs_abort_older(struct viosim *sim, uint64_t lease, const struct sim_job *but);

/* lease.c */
void sim_lease_init(struct viosim *sim);
void sim_lease_beat(struct viosim *sim, uint64_t number);
uint32_t sim_lease_age(const struct viosim *sim); /* ms */
/* Whether a lease is in force and was claimed through this set. */
bool sim_lease_held(const struct sim_queue *queue, uint64_t lease);

/* function.c */
void sim_functions_clear(struct viosim *sim);
void sim_function_changed(struct viosim *sim, uint32_t index, enum vio_hw_event_type type);
/* The first one in use from `index` on; functions_end where there is none. */
uint32_t sim_function_next(const struct viosim *sim, uint32_t index);
uint32_t sim_function_life(const struct sim_function *function);
void sim_function_set_life(struct sim_function *function, enum vio_hw_life life);
/* LINK_UP as its path is now; an event where it changed. */
void sim_function_relink(struct viosim *sim, uint32_t index);
void sim_functions_relink(struct viosim *sim);
/* The adapter behind it is gone. */
void sim_function_fault(struct viosim *sim, uint32_t index);

/* guarantee.c */
struct sim_guarantee {
    uint64_t tx, rx; /* bit/s */
};
struct sim_guarantee sim_guarantee_of(const uint8_t *record); /* of a FUNCTION record */
/* Adds what a function takes to the sums of its slot and links, or takes it out again. */
void sim_account(struct viosim *sim, const struct sim_function *function, bool add);
/* The sums of a slot anew, after another adapter came in. */
void sim_slot_sum(struct viosim *sim, uint32_t slot);
/* Whether a link can carry what a function wants instead of what it has of it. Return OK or
 * NO_CAPACITY, and then the port. */
enum vio_hw_status sim_guarantee_check(struct viosim *sim, const struct sim_guarantee *has,
                                       const struct sim_guarantee *wants, uint32_t port,
                                       uint32_t *ret_port);
enum vio_hw_status sim_guarantee_check_slot(struct viosim *sim, const struct sim_guarantee *has,
                                            const struct sim_guarantee *wants, uint32_t slot,
                                            uint32_t *ret_port);
uint32_t sim_server_port(const struct viosim *sim, uint32_t server, uint32_t path);

/* hotplug.c */
/* Takes it out of its server's hierarchy, if it is in one; its record still says where it was. */
void sim_function_pull(struct viosim *sim, uint32_t index, bool surprise);
/* Its record no longer names a server, and its hot-plug slot is free. */
void sim_function_leave(struct viosim *sim, uint32_t index);
/* Handshakes with a server that lost its power or link end. */
void sim_hotplug_hurry(struct viosim *sim, uint32_t server);
/* The server has switched a slot off: it lets go of the function there. */
void sim_hotplug_consent(struct viosim *sim, uint32_t server, uint32_t slot);

/* port.c */
void sim_port_init(struct viosim *sim, uint32_t index, enum vio_hw_port_type type, uint32_t owner,
                   uint32_t path, const char *label);
/* What the port has become: a PCIe link, or an external one of `rate` bit/s. */
void sim_port_set_link(struct sim_port *port, const struct sim_link *link, uint64_t rate);
/* What it leads to is there and has power, or not. */
void sim_port_set_alive(struct sim_port *port, bool alive);
/* Brings the link to what it should be, at once or after training. */
void sim_port_update(struct sim_port *port, bool at_once);
bool sim_port_up(const struct sim_port *port);

/* slot.c */
/* Plugs in an adapter, which becomes the slot's; NULL: the one that was pulled. `at_once`: without
 * events or training, as when the chassis is made. Returns 0; VIO_ELIMIT: too many ports. */
int sim_slot_insert(struct viosim *sim, uint32_t index, struct sim_adapter *adapter, bool at_once);
void sim_slot_pull(struct viosim *sim, uint32_t index);
void sim_slot_power(struct viosim *sim, uint32_t index, bool on);
bool sim_slot_working(const struct sim_slot *slot);

/* server.c */
/* What a server does with the slots of its hierarchy; `data` is the sim_server. */
sim_hotplug_fn sim_server_acts;
void sim_server_power(struct viosim *sim, uint32_t index, bool on);
bool sim_server_powered(const struct sim_server *server);

/* parts.c: ports, servers and slots as the chassis file describes them */
int sim_parts_build(struct viosim *sim, const struct sim_chassis_spec *spec, struct sim_diag *diag);
void sim_parts_free(struct viosim *sim);
void sim_parts_reset(struct viosim *sim, bool power_cycle);

/* management.c */
void sim_management_init(struct sim_client *client);

#endif
