/* SPDX-License-Identifier: MIT */
#include "lib/engine/ledger.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <libvio/error.h>

#include "lib/base/error.h"
#include "lib/engine/change.h"
#include "lib/engine/expiry.h"
#include "lib/engine/internal.h"

#define MAX_CREATING (UINT32_C(1) << 20)

/* -- The ledgers of a context ------------------------------------------------------------------ */

int vio__ledgers_new(struct vio_loop *loop, struct vio_ledgers **ret_ledgers)
{
    struct vio_ledgers *ledgers = vio__calloc(vio__loop_alloc(loop), 1, sizeof(*ledgers));

    if (!ledgers)
        return VIO_ENOMEM;
    ledgers->loop = loop;
    vio__dlist_init(&ledgers->all);
    *ret_ledgers = ledgers;
    return 0;
}

void vio__ledgers_free(struct vio_ledgers *ledgers)
{
    if (ledgers)
        vio__free(vio__loop_alloc(ledgers->loop), ledgers);
}

/* The backend for a URI's scheme, and what follows the colon. */
static const struct vio_backend_ops *backend_for(const char *uri, const char **ret_location)
{
    static const struct vio_backend_ops *const backends[] = {&vio__backend_memory,
                                                             &vio__backend_sqlite};

    for (size_t i = 0; i < sizeof(backends) / sizeof(backends[0]); i++) {
        size_t length = strlen(backends[i]->name);

        if (strncmp(uri, backends[i]->name, length) == 0 && uri[length] == ':') {
            *ret_location = uri + length + 1;
            return backends[i];
        }
    }
    return NULL;
}

static bool is_anonymous(const char *uri)
{
    return strcmp(uri, "memory:") == 0;
}

/* One that is read only is shared by readers, but in memory, where there is no other. */
static struct vio_ledger *find(struct vio_ledgers *ledgers, const struct vio_ledger_config *config)
{
    VIO_DLIST_FOREACH (node, &ledgers->all) {
        struct vio_ledger *ledger = VIO_CONTAINER_OF(node, struct vio_ledger, node);

        if (!ledger->closing && strcmp(ledger->uri, config->uri) == 0 &&
            (ledger->memory || ledger->read_only == config->read_only))
            return ledger;
    }
    return NULL;
}

/* -- Uses -------------------------------------------------------------------------------------- */

static void tell(struct vio_post *post)
{
    struct vio_ledger_use *use = VIO_CONTAINER_OF(post, struct vio_ledger_use, post);

    use->posted = false;
    use->done(use, use->status, "");
}

static void tell_later(struct vio_ledger_use *use, int status)
{
    use->status = status;
    use->posted = true;
    use->post.fn = tell;
    (void)vio__loop_post(use->ledger->loop, &use->post); /* the loop closes after all users only */
}

static void put(struct vio_post *post);

static void leave_later(struct vio_ledger_use *use)
{
    use->post.fn = put;
    (void)vio__loop_post(use->ledger->loop, &use->post);
}

static void free_ledger(struct vio_ledger *ledger)
{
    vio__dlist_remove(&ledger->node);
    vio__unfinished_drop_all(ledger);
    vio__turns_free(ledger->turns);
    vio__buf_free(&ledger->plan_bytes);
    vio__buf_free(&ledger->entry_bytes);
    vio__hash_free(ledger->creating, NULL);
    vio__free(ledger->alloc, ledger->uri);
    vio__free(ledger->alloc, ledger);
}

static void on_store_open(void *user, int status, const char *text)
{
    struct vio_ledger *ledger = user;
    struct vio_dlist waiting;
    struct vio_dlist *node;

    ledger->opening = false;
    ledger->open = status == 0;
    if (status != 0)
        ledger->closing = true; /* nobody else shares it */
    vio__dlist_init(&waiting);
    vio__dlist_splice(&waiting, &ledger->uses);
    while ((node = vio__dlist_pop(&waiting)) != NULL) {
        struct vio_ledger_use *use = VIO_CONTAINER_OF(node, struct vio_ledger_use, node);

        vio__dlist_append(&ledger->uses, &use->node);
        if (use->leaving) {
            leave_later(use);
        } else if (use->waiting) {
            use->waiting = false;
            use->done(use, status, *text ? text : status != 0 ? vio__error_text(status) : "");
        }
    }
}

static int make_parts(struct vio_ledger *ledger, const struct vio_ledger_config *config)
{
    const struct vio_backend_config how = {.read_only = ledger->read_only,
                                           .create = config->create};
    const char *location = "";
    const struct vio_backend_ops *found = backend_for(config->uri, &location);
    int status;

    if (!found && !config->backend)
        return VIO_EPARSE;
    ledger->uri = vio__strdup(ledger->alloc, config->uri);
    if (!ledger->uri)
        return VIO_ENOMEM;
    vio__turn_group_init(&ledger->group);
    status = vio__turns_new(ledger->loop, &ledger->turns);
    if (status == 0)
        status = vio__hash_new(ledger->alloc, MAX_CREATING, &ledger->creating);
    if (status == 0)
        status = vio__store_open(ledger->loop, config->backend ? config->backend : found, location,
                                 &how, on_store_open, ledger, &ledger->store);
    ledger->opening = status == 0;
    return status;
}

static int new_ledger(struct vio_ledgers *ledgers, const struct vio_ledger_config *config,
                      struct vio_ledger **ret_ledger)
{
    const struct vio_alloc *alloc = vio__loop_alloc(ledgers->loop);
    struct vio_ledger *ledger = vio__calloc(alloc, 1, sizeof(*ledger));
    int status;

    if (!ledger)
        return VIO_ENOMEM;
    ledger->loop = ledgers->loop;
    ledger->alloc = alloc;
    ledger->retention = config->retention != 0 ? config->retention : VIO_EXPIRY_DEFAULT;
    ledger->memory = strncmp(config->uri, "memory:", 7) == 0;
    ledger->read_only = config->read_only && !ledger->memory;
    vio__buf_init(&ledger->plan_bytes, alloc, VIO_ENTRY_MAX);
    vio__buf_init(&ledger->entry_bytes, alloc, VIO_ENTRY_MAX);
    vio__dlist_init(&ledger->node);
    vio__dlist_init(&ledger->uses);
    vio__dlist_init(&ledger->engines);
    vio__dlist_init(&ledger->changes);
    vio__dlist_init(&ledger->unfinished);
    vio__dlist_init(&ledger->recoveries);
    status = make_parts(ledger, config);
    if (status != 0) {
        free_ledger(ledger);
        return status;
    }
    vio__dlist_append(&ledgers->all, &ledger->node);
    *ret_ledger = ledger;
    return 0;
}

int vio__ledger_get(struct vio_ledgers *ledgers, const struct vio_ledger_config *config,
                    struct vio_ledger_use *use,
                    void (*done)(struct vio_ledger_use *use, int status, const char *text))
{
    struct vio_ledger *ledger = is_anonymous(config->uri) ? NULL : find(ledgers, config);
    int status = ledger ? 0 : new_ledger(ledgers, config, &ledger);

    if (status != 0)
        return status;
    *use = (struct vio_ledger_use){.ledger = ledger, .done = done, .waiting = !ledger->open};
    vio__dlist_append(&ledger->uses, &use->node);
    if (ledger->open)
        tell_later(use, 0);
    return 0;
}

void vio__ledger_share(struct vio_ledger *ledger, struct vio_ledger_use *use)
{
    *use = (struct vio_ledger_use){.ledger = ledger};
    vio__dlist_append(&ledger->uses, &use->node);
}

static void on_store_closed(void *user, int status)
{
    struct vio_ledger *ledger = user;
    struct vio_ledger_use *last = VIO_CONTAINER_OF(ledger->uses.next, struct vio_ledger_use, node);

    (void)status; /* what was acknowledged was durable before */
    vio__dlist_remove(&last->node);
    last->ledger = NULL;
    free_ledger(ledger);
    if (last->done)
        last->done(last, 0, "");
}

static void put(struct vio_post *post)
{
    struct vio_ledger_use *use = VIO_CONTAINER_OF(post, struct vio_ledger_use, post);
    struct vio_ledger *ledger = use->ledger;

    use->leaving = ledger->opening; /* a store is closed once it has opened */
    if (ledger->opening)
        return;
    if (use->node.next == use->node.prev && ledger->uses.next == &use->node) {
        ledger->closing = true;
        vio__store_close(ledger->store, on_store_closed, ledger);
        return;
    }
    vio__dlist_remove(&use->node);
    use->ledger = NULL;
    if (use->done)
        use->done(use, 0, "");
}

void vio__ledger_put(struct vio_ledger_use *use,
                     void (*done)(struct vio_ledger_use *use, int status, const char *text))
{
    use->done = done;
    use->waiting = false;
    if (use->posted)
        use->post.fn = put; /* in place of what was to come */
    else
        leave_later(use);
}

/* -- What it is -------------------------------------------------------------------------------- */

const char *vio__ledger_uri(const struct vio_ledger *ledger)
{
    return ledger->uri;
}

bool vio__ledger_is_read_only(const struct vio_ledger *ledger)
{
    return ledger->read_only;
}

bool vio__ledger_is_memory(const struct vio_ledger *ledger)
{
    return ledger->memory;
}

struct vio__store *vio__ledger_store(const struct vio_ledger *ledger)
{
    return ledger->store;
}

struct vio_engine *vio__ledger_engine(const struct vio_ledger *ledger,
                                      const uint8_t chassis[VIO_UUID_SIZE])
{
    VIO_DLIST_FOREACH (node, &ledger->engines) {
        struct vio_engine *engine = VIO_CONTAINER_OF(node, struct vio_engine, node);
        const uint8_t *uuid = vio__engine_uuid(engine);

        if (uuid && memcmp(uuid, chassis, VIO_UUID_SIZE) == 0)
            return engine;
    }
    return NULL;
}

uint64_t vio__ledger_now(const struct vio_ledger *ledger)
{
    struct timespec now;

    if (vio__loop_is_virtual(ledger->loop) || clock_gettime(CLOCK_REALTIME, &now) != 0)
        return vio__loop_now(ledger->loop);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

void vio__ledger_settle(struct vio_ledger *ledger)
{
    VIO_DLIST_FOREACH (node, &ledger->engines)
        vio__engine_settle(VIO_CONTAINER_OF(node, struct vio_engine, node));
}

static bool touches_none(const struct vio_change *change)
{
    for (size_t i = 0; i < change->count; i++)
        if (change->items[i].engine)
            return false;
    return true;
}

void vio__ledger_cancel(struct vio_ledger *ledger, int why)
{
    VIO_DLIST_FOREACH (node, &ledger->changes) {
        struct vio_change *change = VIO_CONTAINER_OF(node, struct vio_change, node);

        if (touches_none(change))
            vio__change_cancel(change->req, change, why);
    }
}
