/* SPDX-License-Identifier: MIT */
#include "lib/driver/iove/observe.h"

#include <stdio.h>

#include <libvio/error.h>

#include "lib/base/alloc.h"
#include "lib/driver/iove/queue.h"
#include "lib/driver/iove/record.h"
#include "lib/driver/iove/session.h"
#include "lib/loop/loop.h"

#define TRIES 3   /* when the chassis was reset or lost underneath */
#define PAGE  64u /* records that are read at once, where the buffers are that large */

/* One reading: of everything, or of one function. */
struct reading {
    struct vio_iove_command command;
    struct vio_loop *loop;
    struct vio_iove_session *session;
    struct vio_iove_limits limits; /* at its start */
    uint64_t deadline;
    char *error;
    unsigned tries;
    enum vio_hw_read_kind kind;
    uint32_t start;  /* index that the page starts from */
    uint32_t wanted; /* records of the page */
    uint32_t only;   /* the one function, or VIO_NO_INDEX */
    bool first;
    uint64_t change;
    struct vio_observation *observation;
    size_t capacity; /* of its functions */
    vio_driver_observed observed;
    vio_driver_read read;
    void *user;
    uint8_t page[]; /* room for PAGE records, or for the only one */
};

static void read_page(struct reading *reading);
static void start_over(struct reading *reading);

/* -- Ending ------------------------------------------------------------------------------------ */

static void end(struct reading *reading, int status, const struct vio_function_info *function)
{
    struct vio_observation *observation = reading->observation;
    vio_driver_observed observed = reading->observed;
    vio_driver_read read = reading->read;
    void *user = reading->user;

    if (status) {
        vio__observation_unref(observation);
        observation = NULL;
    } else if (observation) {
        observation->chassis.change = reading->change;
    }
    vio__free(vio__loop_alloc(reading->loop), reading);
    if (read)
        read(user, status, function);
    else
        observed(user, status, observation);
}

static const char *kind_name(enum vio_hw_read_kind kind)
{
    static const char *const names[] = {
        [VIO_HW_READ_CHASSIS] = "chassis",   [VIO_HW_READ_PORT] = "port",
        [VIO_HW_READ_SERVER] = "server",     [VIO_HW_READ_SLOT] = "slot",
        [VIO_HW_READ_FUNCTION] = "function",
    };

    return names[kind];
}

static void fail(struct reading *reading, int status, const char *what, uint32_t value)
{
    snprintf(reading->error, VIO_IOVE_ERROR_SIZE, "reading %s records from %u: %s %u",
             kind_name(reading->kind), reading->start, what, value);
    end(reading, status, NULL);
}

/* -- Records ----------------------------------------------------------------------------------- */

static size_t count_of(const struct reading *reading)
{
    switch (reading->kind) {
    case VIO_HW_READ_PORT:
        return reading->limits.num_ports;
    case VIO_HW_READ_SERVER:
        return reading->limits.num_servers;
    case VIO_HW_READ_SLOT:
        return reading->limits.num_slots;
    case VIO_HW_READ_FUNCTION:
        return reading->limits.num_functions;
    default:
        return 1;
    }
}

static int take_record(struct reading *reading, struct vio_iove_record *record)
{
    struct vio_observation *o = reading->observation;

    switch (reading->kind) {
    case VIO_HW_READ_PORT:
        return vio__iove_record_port(record, &o->ports[record->index]);
    case VIO_HW_READ_SERVER:
        return vio__iove_record_server(record, &o->servers[record->index]);
    case VIO_HW_READ_SLOT:
        return vio__iove_record_adapter(record, &o->adapters[record->index]);
    case VIO_HW_READ_FUNCTION:
        return vio__iove_record_function(record, &o->functions[o->num_functions++]);
    default:
        return vio__iove_record_chassis(record, &o->chassis);
    }
}

/* Ports, servers and slots come without gaps; functions ascending. */
static int take_page(struct reading *reading, uint32_t records, uint32_t *ret_next)
{
    uint32_t next = reading->start, count = (uint32_t)count_of(reading);
    bool gaps = reading->kind == VIO_HW_READ_FUNCTION;

    for (uint32_t i = 0; i < records; i++) {
        const uint8_t *bytes = reading->page + (size_t)i * VIO_HW_RECORD_SIZE;
        struct vio_iove_record record = {
            .bytes = bytes,
            .limits = &reading->limits,
            .noun = kind_name(reading->kind),
            .index = next,
            .error = reading->error,
        };
        int status;

        if (gaps)
            record.index = vio__iove_record_u32(&record, VIO_HW_FUNCTION_INDEX);
        if (record.index < next || record.index >= count) {
            snprintf(reading->error, VIO_IOVE_ERROR_SIZE,
                     "%s %u was read where one from %u to below %u was asked for", record.noun,
                     record.index, next, count);
            return VIO_EPROTO;
        }
        status = take_record(reading, &record);
        if (status)
            return status;
        next = record.index + 1;
    }
    *ret_next = next;
    return 0;
}

/* -- Pages ------------------------------------------------------------------------------------- */

static void next_kind(struct reading *reading)
{
    if (reading->kind == VIO_HW_READ_FUNCTION) {
        end(reading, 0, NULL);
        return;
    }
    reading->kind++;
    reading->start = 0;
    if (count_of(reading) == 0)
        next_kind(reading);
    else
        read_page(reading);
}

/* Where to go on is the device's word: it must lie ahead, and nothing may be left out. */
static void next_page(struct reading *reading, uint32_t records, uint32_t next)
{
    uint32_t detail = reading->command.completion.detail;
    bool whole = reading->kind != VIO_HW_READ_FUNCTION;

    if (reading->kind == VIO_HW_READ_CHASSIS)
        detail = VIO_HW_NONE;
    if (detail != VIO_HW_NONE && (detail < next || detail <= reading->start || records == 0 ||
                                  detail >= count_of(reading) || (whole && detail != next)))
        fail(reading, VIO_EPROTO, "DETAIL says to go on from", detail);
    else if (detail != VIO_HW_NONE) {
        reading->start = detail;
        read_page(reading);
    } else if (whole && next != count_of(reading)) {
        fail(reading, VIO_EPROTO, "there are fewer than the GLOBAL block says: only", next);
    } else {
        next_kind(reading);
    }
}

static void take_one(struct reading *reading, uint32_t records)
{
    struct vio_function_info function;
    struct vio_iove_record record = {
        .bytes = reading->page,
        .limits = &reading->limits,
        .noun = "function",
        .index = reading->only,
        .error = reading->error,
    };
    int status = VIO_ENOENT;

    if (records > 0 && vio__iove_record_u32(&record, VIO_HW_FUNCTION_INDEX) == reading->only)
        status = vio__iove_record_function(&record, &function);
    else
        snprintf(reading->error, VIO_IOVE_ERROR_SIZE, "there is no function %u", reading->only);
    end(reading, status, status ? NULL : &function);
}

/* Room for the functions of one more page; the array grows as they come. */
static int make_room(struct reading *reading)
{
    struct vio_observation *o = reading->observation;
    size_t needed = o->num_functions + reading->wanted;
    struct vio_function_info *functions;

    if (reading->kind != VIO_HW_READ_FUNCTION || needed <= reading->capacity)
        return 0;
    if (needed > reading->limits.num_functions)
        needed = reading->limits.num_functions;
    if (needed <= reading->capacity)
        return 0;
    functions =
        vio__realloc(vio__loop_alloc(reading->loop), o->functions, needed, sizeof *functions);
    if (!functions)
        return VIO_ENOMEM;
    o->functions = functions;
    reading->capacity = needed;
    return 0;
}

static void got_page(struct reading *reading)
{
    const struct vio_hw_completion *completion = &reading->command.completion;
    uint32_t next = 0, records = completion->result;
    int status;

    if (completion->status != VIO_HW_STATUS_OK) {
        fail(reading, VIO_EDEVICE, vio__hw_status_text(completion->status), completion->status);
        return;
    }
    if (records > reading->wanted) {
        fail(reading, VIO_EPROTO, "more records than were asked for:", records);
        return;
    }
    if (reading->only != VIO_NO_INDEX) {
        take_one(reading, records);
        return;
    }
    if (reading->first)
        reading->change = completion->generation;
    reading->first = false;
    status = take_page(reading, records, &next);
    if (status)
        end(reading, status, NULL);
    else
        next_page(reading, records, next);
}

static uint32_t page_records(const struct reading *reading)
{
    size_t most = vio__iove_queue_block_max(vio__iove_session_queue(reading->session));
    size_t left = count_of(reading) - reading->start;
    uint32_t records = PAGE;

    if (most > reading->limits.max_data)
        most = reading->limits.max_data;
    if (most >= VIO_HW_RECORD_SIZE && most / VIO_HW_RECORD_SIZE < records)
        records = (uint32_t)(most / VIO_HW_RECORD_SIZE);
    if (reading->only != VIO_NO_INDEX)
        records = 1;
    return left < records ? (uint32_t)left : records;
}

static void page_done(struct vio_iove_command *command, int status)
{
    struct reading *reading = VIO_CONTAINER_OF(command, struct reading, command);

    if (status == 0)
        got_page(reading);
    else if ((status == VIO_ERESET || status == VIO_ETRANSPORT) && ++reading->tries < TRIES)
        start_over(reading);
    else if (status == VIO_EPROTO)
        fail(reading, status, "its completion has the unknown status", command->completion.status);
    else if (status == VIO_ETIMEDOUT)
        fail(reading, status, "the chassis did not answer; pages tried:", reading->tries + 1);
    else {
        snprintf(reading->error, VIO_IOVE_ERROR_SIZE, "%s", vio_strerror(status));
        end(reading, status, NULL);
    }
}

static void read_page(struct reading *reading)
{
    struct vio_iove_command *command = &reading->command;
    int status;

    reading->wanted = page_records(reading);
    status = reading->only == VIO_NO_INDEX ? make_room(reading) : 0;
    if (status) {
        fail(reading, status, "no memory for", reading->wanted);
        return;
    }
    command->wire = (struct vio_hw_command){
        .opcode = VIO_HW_OP_READ,
        .arg = {reading->kind, reading->start, reading->wanted},
    };
    command->out = reading->page;
    command->out_size = (size_t)reading->wanted * VIO_HW_RECORD_SIZE;
    command->deadline = reading->deadline;
    command->done = page_done;
    vio__iove_queue_submit(vio__iove_session_queue(reading->session), command);
}

/* -- Starting ---------------------------------------------------------------------------------- */

/* Also after the chassis was reset underneath, when what was read is void and it may be another. */
static int begin(struct reading *reading)
{
    reading->limits = *vio__iove_session_limits(reading->session);
    reading->first = true;
    reading->start = reading->only == VIO_NO_INDEX ? 0 : reading->only;
    reading->kind = reading->only == VIO_NO_INDEX ? VIO_HW_READ_CHASSIS : VIO_HW_READ_FUNCTION;
    if (reading->only != VIO_NO_INDEX)
        return 0;
    vio__observation_unref(reading->observation);
    reading->observation = NULL;
    reading->capacity = 0;
    return vio__observation_new(vio__loop_alloc(reading->loop), reading->limits.num_ports,
                                reading->limits.num_servers, reading->limits.num_slots, 0,
                                &reading->observation);
}

static void start_over(struct reading *reading)
{
    int status = begin(reading);

    if (status)
        fail(reading, status, "no memory for", (uint32_t)count_of(reading));
    else
        read_page(reading);
}

static int new_reading(struct vio_loop *loop, struct vio_iove_session *session, uint64_t timeout,
                       uint32_t only, char *error, struct reading **ret_reading)
{
    const size_t page = (only == VIO_NO_INDEX ? PAGE : 1) * VIO_HW_RECORD_SIZE;
    struct reading *reading = vio__alloc(vio__loop_alloc(loop), sizeof *reading + page);
    int status;

    if (!reading)
        return VIO_ENOMEM;
    *reading = (struct reading){0};
    reading->loop = loop;
    reading->session = session;
    reading->deadline = vio__loop_now(loop) + timeout;
    reading->only = only;
    reading->error = error;
    status = begin(reading);
    if (status) {
        vio__free(vio__loop_alloc(loop), reading);
        return status;
    }
    *ret_reading = reading;
    return 0;
}

int vio__iove_observe(struct vio_loop *loop, struct vio_iove_session *session, uint64_t timeout,
                      char *error, vio_driver_observed done, void *user)
{
    struct reading *reading;
    int status = new_reading(loop, session, timeout, VIO_NO_INDEX, error, &reading);

    if (status)
        return status;
    reading->observed = done;
    reading->user = user;
    read_page(reading);
    return 0;
}

int vio__iove_read_function(struct vio_loop *loop, struct vio_iove_session *session,
                            uint64_t timeout, uint32_t index, char *error, vio_driver_read done,
                            void *user)
{
    struct reading *reading;
    int status;

    if (index >= vio__iove_session_limits(session)->num_functions)
        return VIO_ENOENT;
    status = new_reading(loop, session, timeout, index, error, &reading);
    if (status)
        return status;
    reading->read = done;
    reading->user = user;
    read_page(reading);
    return 0;
}
