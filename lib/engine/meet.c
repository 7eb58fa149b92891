/* SPDX-License-Identifier: MIT */
#include "lib/engine/meet.h"

#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/log.h"
#include "lib/domain/name.h"
#include "lib/engine/internal.h"

/* A commit that may end after the engine has. */
struct meeting {
    const struct vio_alloc *alloc;
    const struct vio_log *log;
    struct vio_engine *engine; /* that waits; NULL: none */
    void (*done)(struct vio_engine *engine, int status);
    struct vio_met met;
    struct vio_record record;
    struct vio_commit commit;
};

static bool find(const struct vio_engine *engine, struct vio_met *ret_met)
{
    return vio__store_met(vio__engine_store(engine), vio__engine_uuid(engine), ret_met) == 0;
}

static uint64_t boot_id(const struct vio_engine *engine)
{
    return vio__actual_observation(engine->actual)->chassis.boot_id;
}

bool vio__meet_is_other_boot(const struct vio_engine *engine)
{
    struct vio_met met;

    return find(engine, &met) && met.boot_id != boot_id(engine);
}

static void on_committed(void *user, int status)
{
    struct meeting *meeting = user;
    struct vio_engine *engine = meeting->engine;
    void (*done)(struct vio_engine * engine, int status) = meeting->done;

    if (status != 0)
        vio__log(meeting->log, VIO_LOG_WARNING,
                 "the store does not keep how the chassis \"%s\" was met: %s", meeting->met.name,
                 vio_strerror(status));
    vio__free(meeting->alloc, meeting);
    if (engine)
        done(engine, status);
}

static void fill(const struct vio_engine *engine, struct vio_met *met)
{
    const struct vio_observation *seen = vio__actual_observation(engine->actual);

    memcpy(met->uuid, seen->chassis.uuid, sizeof(met->uuid));
    memcpy(met->name, seen->chassis.name, sizeof(met->name));
    snprintf(met->uri, sizeof(met->uri), "%s", engine->uri);
    if (!vio__text_is_valid(met->uri, sizeof(met->uri) - 1))
        met->uri[0] = '\0'; /* cut inside a character */
}

static int keep(struct vio_engine *engine, const struct vio_met *met,
                void (*done)(struct vio_engine *engine, int status))
{
    struct meeting *meeting = vio__calloc(engine->alloc, 1, sizeof(*meeting));
    int status;

    if (!meeting)
        return VIO_ENOMEM;
    meeting->alloc = engine->alloc;
    meeting->log = vio__loop_log(engine->loop);
    meeting->engine = done ? engine : NULL;
    meeting->done = done;
    meeting->met = *met;
    meeting->record = (struct vio_record){.kind = VIO_ROW_CHASSIS, .object = &meeting->met};
    memcpy(meeting->record.uuid, met->uuid, sizeof(met->uuid));
    meeting->commit = (struct vio_commit){
        .records = &meeting->record,
        .count = 1,
        .lazy = !done,
        .done = on_committed,
        .user = meeting,
    };
    status = vio__store_commit(vio__engine_store(engine), &meeting->commit);
    if (status != 0)
        vio__free(engine->alloc, meeting);
    return status;
}

int vio__meet(struct vio_engine *engine, bool whole,
              void (*done)(struct vio_engine *engine, int status), bool *ret_waits)
{
    struct vio_met met = {0};
    bool known = find(engine, &met);
    int status;

    fill(engine, &met);
    met.last = vio__ledger_now(engine->use.ledger);
    if (!known)
        met.first = met.last;
    if (!known || whole)
        met.boot_id = boot_id(engine);
    status = keep(engine, &met, known ? NULL : done);
    if (status == 0)
        *ret_waits = !known;
    return status;
}

void vio__meet_again(struct vio_engine *engine)
{
    struct vio_met met;

    if (!find(engine, &met) || met.boot_id == boot_id(engine))
        return;
    met.boot_id = boot_id(engine);
    (void)keep(engine, &met, NULL); /* where there is no memory, the next time will do */
}
