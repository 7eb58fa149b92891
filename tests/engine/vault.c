/* SPDX-License-Identifier: MIT */
#include "tests/engine/vault.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/dlist.h"
#include "lib/loop/loop.h"
#include "tests/support/test.h"

struct vault *the_vault;

struct vio_backend {
    struct vio_loop *loop;
    struct vault *vault;
    uint8_t uuid[VIO_UUID_SIZE];

    /* The one call that is outstanding. */
    struct vio_post post;
    int (*work)(struct vio_backend *backend);
    vio_backend_done done;
    void *user;
    struct vio_write *write;
    struct vio_history_query query;
    vio_backend_row row;
    vio_backend_entry entry;
};

static void run(struct vio_post *post)
{
    struct vio_backend *backend = VIO_CONTAINER_OF(post, struct vio_backend, post);

    backend->done(backend->user, backend->work ? backend->work(backend) : 0);
}

static int start(struct vio_backend *backend, int (*work)(struct vio_backend *backend),
                 vio_backend_done done, void *user)
{
    backend->post.fn = run;
    backend->work = work;
    backend->done = done;
    backend->user = user;
    return vio__loop_post(backend->loop, &backend->post);
}

static int open_vault(struct vio_loop *loop, const char *location,
                      const struct vio_backend_config *config, vio_backend_done done, void *user,
                      struct vio_backend **ret_backend)
{
    struct vio_backend *backend = calloc(1, sizeof(*backend));

    (void)location;
    (void)config;
    assert_non_null(backend);
    backend->loop = loop;
    backend->vault = the_vault;
    memset(backend->uuid, 0x5a, sizeof(backend->uuid));
    *ret_backend = backend;
    return start(backend, NULL, done, user);
}

static void run_close(struct vio_post *post)
{
    struct vio_backend *backend = VIO_CONTAINER_OF(post, struct vio_backend, post);
    vio_backend_done done = backend->done;
    void *user = backend->user;

    free(backend);
    done(user, 0);
}

static void close_vault(struct vio_backend *backend, vio_backend_done done, void *user)
{
    assert_int_equal(start(backend, NULL, done, user), 0);
    backend->post.fn = run_close;
}

static const char *error_of(const struct vio_backend *backend)
{
    (void)backend;
    return "";
}

static const uint8_t *uuid_of(const struct vio_backend *backend)
{
    return backend->uuid;
}

static int give_entry(const struct vio_backend *backend, const struct vault_thing *thing)
{
    struct vio_entry entry = thing->entry;

    entry.id = thing->id;
    entry.state = (enum vio_entry_state)thing->kind;
    entry.body = thing->body;
    entry.size = thing->size;
    return backend->entry(backend->user, &entry);
}

static int do_load(struct vio_backend *backend)
{
    const struct vault *vault = backend->vault;
    int status = 0;

    for (size_t i = 0; status == 0 && i < VAULT_MAX; i++) {
        const struct vault_thing *thing = &vault->rows[i];
        const struct vio_row row = {.id = thing->id,
                                    .kind = (enum vio_row_kind)thing->kind,
                                    .body = thing->body,
                                    .size = thing->size};

        if (thing->body)
            status = backend->row(backend->user, &row);
    }
    for (size_t i = 0; status == 0 && i < VAULT_MAX; i++)
        if (vault->entries[i].body && (vault->entries[i].kind == VIO_ENTRY_OPEN ||
                                       vault->entries[i].kind == VIO_ENTRY_BLOCKED))
            status = give_entry(backend, &vault->entries[i]);
    return status;
}

static int load(struct vio_backend *backend, vio_backend_row row, vio_backend_entry entry,
                vio_backend_done done, void *user)
{
    backend->row = row;
    backend->entry = entry;
    return start(backend, do_load, done, user);
}

static void put(struct vault_thing *things, uint64_t id, int kind, const void *body, size_t size)
{
    struct vault_thing *thing = &things[id];

    assert_true(id < VAULT_MAX);
    free(thing->body);
    thing->body = NULL;
    thing->id = id;
    thing->kind = kind;
    thing->size = size;
    if (!body)
        return;
    thing->body = malloc(size + 1);
    assert_non_null(thing->body);
    memcpy(thing->body, body, size);
}

static void call_hook(const struct vault *vault)
{
    if (vault->hook)
        vault->hook(vault->user);
}

static int do_commit(struct vio_backend *backend)
{
    struct vault *vault = backend->vault;
    struct vio_write *write = backend->write;

    call_hook(vault);
    if (vault->commits++ == vault->fail_at)
        return VIO_EIO;
    for (size_t i = 0; i < write->num_rows; i++) {
        struct vio_row *row = &write->rows[i];

        if (row->id == 0)
            row->id = ++vault->last_row;
        put(vault->rows, row->id, (int)row->kind, row->body, row->size);
    }
    for (size_t i = 0; i < write->num_entries; i++) {
        struct vio_entry *entry = &write->entries[i];

        if (entry->id == 0)
            entry->id = ++vault->last_entry;
        put(vault->entries, entry->id, (int)entry->state, entry->body, entry->size);
        vault->entries[entry->id].entry = *entry;
    }
    call_hook(vault);
    return 0;
}

static int commit(struct vio_backend *backend, struct vio_write *write, vio_backend_foreign foreign,
                  vio_backend_done done, void *user)
{
    (void)foreign;
    backend->write = write;
    if (backend->vault->commits == backend->vault->fail_at && backend->vault->fail_at_once) {
        backend->vault->commits++;
        return VIO_ENOMEM;
    }
    return start(backend, do_commit, done, user);
}

static int refresh(struct vio_backend *backend, vio_backend_foreign foreign, vio_backend_done done,
                   void *user)
{
    (void)foreign;
    return start(backend, NULL, done, user);
}

static bool matches(const struct vio_history_query *query, const struct vault_thing *thing)
{
    static const uint8_t none[VIO_TOKEN_SIZE];

    if (query->unfinished)
        return thing->body && (thing->kind == VIO_ENTRY_OPEN || thing->kind == VIO_ENTRY_BLOCKED);
    return thing->body && (query->before == 0 || thing->id < query->before) &&
           (memcmp(query->token, none, sizeof(none)) == 0 ||
            memcmp(query->token, thing->entry.token, sizeof(none)) == 0);
}

static int do_history(struct vio_backend *backend)
{
    size_t left = backend->query.limit > 0 ? backend->query.limit : VAULT_MAX;
    int status = 0;

    for (size_t i = VAULT_MAX; status == 0 && i > 0; i--) {
        const struct vault_thing *thing = &backend->vault->entries[i - 1];

        if (!matches(&backend->query, thing))
            continue;
        status = give_entry(backend, thing);
        if (--left == 0)
            break;
    }
    return status;
}

static int history(struct vio_backend *backend, const struct vio_history_query *query,
                   vio_backend_entry entry, vio_backend_done done, void *user)
{
    backend->query = *query;
    backend->entry = entry;
    return start(backend, do_history, done, user);
}

static int prune(struct vio_backend *backend, uint64_t before, uint64_t keep, vio_backend_done done,
                 void *user)
{
    (void)before;
    (void)keep;
    return start(backend, NULL, done, user);
}

static int backup(struct vio_backend *backend, const char *path, vio_backend_done done, void *user)
{
    (void)path;
    return start(backend, NULL, done, user);
}

static int check(struct vio_backend *backend, bool full, vio_backend_done done, void *user)
{
    (void)full;
    return start(backend, NULL, done, user);
}

static int lock(struct vio_backend *backend, const uint8_t uuid[VIO_UUID_SIZE],
                vio_backend_done done, void *user)
{
    (void)uuid;
    return start(backend, NULL, done, user);
}

static void unlock(struct vio_backend *backend, const uint8_t uuid[VIO_UUID_SIZE])
{
    (void)backend;
    (void)uuid;
}

const struct vio_backend_ops vault_ops = {
    .name = "vault",
    .open = open_vault,
    .close = close_vault,
    .error = error_of,
    .uuid = uuid_of,
    .load = load,
    .commit = commit,
    .refresh = refresh,
    .history = history,
    .prune = prune,
    .backup = backup,
    .check = check,
    .lock = lock,
    .unlock = unlock,
};

static void copy_things(const struct vault_thing *from, struct vault_thing *to)
{
    for (size_t i = 0; i < VAULT_MAX; i++) {
        put(to, i, from[i].kind, from[i].body, from[i].size);
        to[i].id = from[i].id;
        to[i].entry = from[i].entry;
    }
}

void vault_copy(const struct vault *from, struct vault *to)
{
    *to = (struct vault){
        .last_row = from->last_row, .last_entry = from->last_entry, .fail_at = UINT_MAX};
    copy_things(from->rows, to->rows);
    copy_things(from->entries, to->entries);
}

void vault_empty(struct vault *vault)
{
    for (size_t i = 0; i < VAULT_MAX; i++) {
        free(vault->rows[i].body);
        free(vault->entries[i].body);
    }
    *vault = (struct vault){.fail_at = UINT_MAX};
}

size_t vault_count_open(const struct vault *vault)
{
    size_t count = 0;

    for (size_t i = 0; i < VAULT_MAX; i++)
        count += vault->entries[i].body && (vault->entries[i].kind == VIO_ENTRY_OPEN ||
                                            vault->entries[i].kind == VIO_ENTRY_BLOCKED);
    return count;
}
