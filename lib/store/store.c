/* SPDX-License-Identifier: MIT */
/* Opening a store, closing it, and reading what is committed. */
#include "lib/store/store.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <libvio/error.h>

#include "lib/store/internal.h"

/* -- Loading ----------------------------------------------------------------------------------- */

/* Says what is wrong with a row. Returns `status`. */
static int blame(struct vio__store *store, int status, const struct vio_row *row, const char *what)
{
    snprintf(store->text, sizeof(store->text), "row %llu of kind %u %s",
             (unsigned long long)row->id, (unsigned)row->kind, what);
    return status;
}

int vio__store_check_row(struct vio__store *store, const struct vio_row *row)
{
    int status = vio__codec_check(row->kind, row->body, row->size);

    if (status == VIO_EVERSION)
        return blame(store, status, row, "was written by a later version of libvio: use that one");
    if (status != 0)
        return blame(store, status, row, "is damaged: restore a backup");
    return 0;
}

static const char *key_name(enum vio_key_kind key)
{
    return key == VIO_KEY_ID ? "UUID" : key == VIO_KEY_NAME ? "name" : "identity";
}

static int blame_rival(struct vio__store *store, const struct vio_row *row, uint32_t rival,
                       enum vio_key_kind key)
{
    char what[96];

    snprintf(what, sizeof(what), "has the %s of row %llu: restore a backup", key_name(key),
             (unsigned long long)vio__index_row(store->index, rival).id);
    return blame(store, VIO_ECORRUPT, row, what);
}

int vio__store_check_rivals(struct vio__store *store, const struct vio_row *row)
{
    struct vio_key id = vio__codec_key(row->kind, row->body, VIO_KEY_ID);
    enum vio_key_kind key = VIO_KEY_ID;
    uint32_t rival = vio__index_find(store->index, row->kind, VIO_KEY_ID, id.data, id.size);

    if (rival == 0)
        rival = vio__index_rival(store->index, row->kind, row->body, &key);
    return rival == 0 ? 0 : blame_rival(store, row, rival, key);
}

static int link_rows(struct vio__store *store)
{
    enum vio_key_kind key = VIO_KEY_ID;
    uint32_t number = 0;
    uint32_t rival = vio__index_link_appended(store->index, &key, &number);
    struct vio_row row;

    if (rival == 0)
        return 0;
    row = vio__index_row(store->index, number);
    return blame_rival(store, &row, rival, key);
}

static int take_row(void *user, const struct vio_row *row)
{
    struct vio__store *store = user;
    struct vio_row put = *row;
    struct vio_effect effect = {0};
    void *body;
    int status = vio__store_check_row(store, row);

    if (status == 0)
        status = vio__index_reserve(store->index, 1);
    if (status == 0)
        status = vio__effect_prepare_row(store, row, &effect);
    if (status == VIO_ECORRUPT && !store->text[0])
        return blame(store, status, row, "contradicts another pool: restore a backup");
    if (status != 0)
        return status;
    vio__effect_apply(store, row->id, NULL, &effect);
    body = vio__index_body(store->index, row->size);
    if (!body)
        return VIO_ENOMEM; /* what was reserved goes with the store */
    put.body = memcpy(body, row->body, row->size);
    vio__index_append(store->index, &put);
    return vio__index_appended(store->index) == VIO_INDEX_BATCH ? link_rows(store) : 0;
}

static int take_entry(void *user, const struct vio_entry *entry)
{
    struct vio__store *store = user;
    struct vio_entry *grown = vio__realloc(store->alloc, store->open_entries,
                                           store->num_open_entries + 1, sizeof(*grown));
    void *body;

    if (!grown)
        return VIO_ENOMEM;
    store->open_entries = grown;
    body = vio__memdup(store->alloc, entry->body, entry->size);
    if (!body)
        return VIO_ENOMEM;
    grown[store->num_open_entries] = *entry;
    grown[store->num_open_entries++].body = body;
    return 0;
}

/* -- Opening and closing ----------------------------------------------------------------------- */

static void free_store(struct vio__store *store)
{
    for (size_t i = 0; i < store->num_open_entries; i++)
        vio__free(store->alloc, (void *)store->open_entries[i].body);
    vio__free(store->alloc, store->open_entries);
    vio__store_free_commits(store);
    vio__claims_free(store->claims);
    vio__identities_free(store->identities);
    vio__index_free(store->index);
    vio__free(store->alloc, store);
}

static void on_loaded(void *user, int status)
{
    struct vio__store *store = user;

    if (status == 0)
        status = link_rows(store);
    store->loading = 0;
    store->busy = false;
    store->broken = status;
    store->opened(store->user, status, status == 0 ? "" : vio__store_error(store));
    vio__store_pump(store);
}

static void on_open(void *user, int status)
{
    struct vio__store *store = user;

    if (status == 0) {
        vio__identities_set_store(store->identities, store->ops->uuid(store->backend));
        store->loading = vio__store_now(store);
    }
    if (status == 0)
        status = store->ops->load(store->backend, take_row, take_entry, on_loaded, store);
    if (status != 0)
        on_loaded(store, status);
}

static int make_parts(struct vio__store *store)
{
    const struct vio_identity_index index = vio__effect_index(store);
    int status = vio__store_init_commits(store);

    if (status == 0)
        status = vio__index_new(store->alloc, &store->index);
    if (status == 0)
        status = vio__identities_new(store->alloc, &index, &store->identities);
    if (status == 0)
        status = vio__claims_new(store, store->index, &store->claims);
    return status;
}

int vio__store_open(struct vio_loop *loop, const struct vio_backend_ops *ops, const char *location,
                    const struct vio_backend_config *config, vio_store_opened done, void *user,
                    struct vio__store **ret_store)
{
    const struct vio_alloc *alloc = vio__loop_alloc(loop);
    struct vio__store *store = vio__calloc(alloc, 1, sizeof(*store));
    int status;

    if (!store)
        return VIO_ENOMEM;
    store->loop = loop;
    store->alloc = alloc;
    store->ops = ops;
    store->opened = done;
    store->user = user;
    store->busy = true;
    status = make_parts(store);
    if (status == 0)
        status = ops->open(loop, location, config, on_open, store, &store->backend);
    if (status != 0) {
        free_store(store);
        return status;
    }
    *ret_store = store;
    return 0;
}

static void on_closed(void *user, int status)
{
    struct vio__store *store = user;
    vio_store_done done = store->done;
    void *done_user = store->user;

    free_store(store);
    if (done)
        done(done_user, status);
}

void vio__store_end(struct vio__store *store)
{
    store->busy = true;
    store->ops->close(store->backend, on_closed, store);
}

void vio__store_close(struct vio__store *store, vio_store_done done, void *user)
{
    store->closing = true;
    store->done = done;
    store->user = user;
    if (vio__store_pump_later(store) != 0)
        vio__store_pump(store);
}

/* -- Reading ----------------------------------------------------------------------------------- */

struct vio_loop *vio__store_loop(const struct vio__store *store)
{
    return store->loop;
}

const uint8_t *vio__store_uuid(const struct vio__store *store)
{
    return store->ops->uuid(store->backend);
}

const char *vio__store_error(const struct vio__store *store)
{
    return store->text[0] ? store->text : store->ops->error(store->backend);
}

struct vio_claims *vio__store_claims(struct vio__store *store)
{
    return store->claims;
}

uint64_t vio__store_version(const struct vio__store *store)
{
    return store->version;
}

struct vio_identities *vio__store_identities(const struct vio__store *store)
{
    return store->identities;
}

uint64_t vio__store_now(const struct vio__store *store)
{
    struct timespec now;

    if (store->loading != 0)
        return store->loading;
    if (vio__loop_is_virtual(store->loop) || clock_gettime(CLOCK_REALTIME, &now) != 0)
        return vio__loop_now(store->loop);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

const struct vio_entry *vio__store_open_entries(const struct vio__store *store, size_t *ret_count)
{
    *ret_count = store->num_open_entries;
    return store->open_entries;
}

static int make_vadapter(const struct vio__store *store, uint32_t number,
                         struct vio_vadapter_info **ret_vadapter)
{
    struct vio_row row;

    if (number == 0)
        return VIO_ENOENT;
    row = vio__index_row(store->index, number);
    return vio__codec_vadapter(store->alloc, row.body, row.size, ret_vadapter);
}

static uint32_t number_of(const struct vio__store *store, enum vio_row_kind kind,
                          const uint8_t uuid[VIO_UUID_SIZE])
{
    return vio__index_find(store->index, kind, VIO_KEY_ID, uuid, VIO_UUID_SIZE);
}

int vio__store_find(const struct vio__store *store, const uint8_t uuid[VIO_UUID_SIZE],
                    struct vio_vadapter_info **ret_vadapter)
{
    return make_vadapter(store, number_of(store, VIO_ROW_VADAPTER, uuid), ret_vadapter);
}

int vio__store_find_name(const struct vio__store *store, const char *name,
                         struct vio_vadapter_info **ret_vadapter)
{
    return make_vadapter(
        store, vio__index_find(store->index, VIO_ROW_VADAPTER, VIO_KEY_NAME, name, strlen(name)),
        ret_vadapter);
}

int vio__store_find_address(const struct vio__store *store, const struct vio_address *address,
                            struct vio_vadapter_info **ret_vadapter)
{
    uint8_t key[VIO_KEY_SIZE];
    size_t size = vio__codec_address_key(address, key);
    uint32_t number = vio__index_find(store->index, VIO_ROW_VADAPTER, VIO_KEY_ADDRESS, key, size);

    if (number == 0)
        number = vio__index_find(store->index, VIO_ROW_VADAPTER, VIO_KEY_NODE, key, size);
    return make_vadapter(store, number, ret_vadapter);
}

bool vio__store_has(const struct vio__store *store, const uint8_t uuid[VIO_UUID_SIZE])
{
    return number_of(store, VIO_ROW_VADAPTER, uuid) != 0;
}

uint64_t vio__store_generation(const struct vio__store *store, const uint8_t uuid[VIO_UUID_SIZE])
{
    uint32_t number = number_of(store, VIO_ROW_VADAPTER, uuid);
    struct vio_row row;

    if (number == 0)
        return 0;
    row = vio__index_row(store->index, number);
    return vio__codec_generation(row.kind, row.body);
}

size_t vio__store_count(const struct vio__store *store)
{
    return vio__index_count(store->index, VIO_ROW_VADAPTER);
}

/* -- Listing ----------------------------------------------------------------------------------- */

void vio__store_free_list(const struct vio__store *store, struct vio_vadapter_info **vadapters,
                          size_t count)
{
    for (size_t i = 0; i < count; i++)
        vio__vadapter_unref(vadapters[i]);
    vio__free(store->alloc, vadapters);
}

/* What `key` (0: VIO_KEY_ID, all) chains together. */
struct walk {
    enum vio_key_kind key;
    uint32_t number;
};

static uint32_t step(const struct vio__store *store, const struct walk *walk, uint32_t number)
{
    if (walk->key == VIO_KEY_ID)
        return vio__index_next(store->index, VIO_ROW_VADAPTER, number);
    return vio__index_chain(store->index, walk->key, number);
}

static int list(const struct vio__store *store, const struct walk *walk,
                struct vio_vadapter_info ***ret_vadapters, size_t *ret_count)
{
    struct vio_vadapter_info **vadapters;
    size_t count = 0, made = 0;
    int status = 0;

    for (uint32_t number = walk->number; number != 0; number = step(store, walk, number))
        count++;
    vadapters = vio__calloc(store->alloc, count, sizeof(struct vio_vadapter_info *));
    if (!vadapters)
        return VIO_ENOMEM;
    for (uint32_t number = walk->number; number != 0 && status == 0;
         number = step(store, walk, number)) {
        status = make_vadapter(store, number, &vadapters[made]);
        if (status == 0)
            made++;
    }
    if (status != 0) {
        vio__store_free_list(store, vadapters, made);
        return status;
    }
    *ret_vadapters = vadapters;
    *ret_count = count;
    return 0;
}

static int list_chain(const struct vio__store *store, enum vio_key_kind key, const uint8_t *data,
                      size_t size, struct vio_vadapter_info ***ret_vadapters, size_t *ret_count)
{
    const struct walk walk = {
        .key = key, .number = vio__index_find(store->index, VIO_ROW_VADAPTER, key, data, size)};

    return list(store, &walk, ret_vadapters, ret_count);
}

int vio__store_list(const struct vio__store *store, const uint8_t *chassis,
                    struct vio_vadapter_info ***ret_vadapters, size_t *ret_count)
{
    const struct walk all = {.key = VIO_KEY_ID,
                             .number = vio__index_next(store->index, VIO_ROW_VADAPTER, 0)};

    if (chassis)
        return list_chain(store, VIO_KEY_CHASSIS, chassis, VIO_UUID_SIZE, ret_vadapters, ret_count);
    return list(store, &all, ret_vadapters, ret_count);
}

int vio__store_list_server(const struct vio__store *store, const uint8_t chassis[VIO_UUID_SIZE],
                           uint32_t server, struct vio_vadapter_info ***ret_vadapters,
                           size_t *ret_count)
{
    uint8_t key[VIO_KEY_SIZE];
    size_t size = vio__codec_server_key(chassis, server, key);

    return list_chain(store, VIO_KEY_SERVER, key, size, ret_vadapters, ret_count);
}

int vio__store_list_adapter(const struct vio__store *store, const uint8_t chassis[VIO_UUID_SIZE],
                            uint32_t adapter, struct vio_vadapter_info ***ret_vadapters,
                            size_t *ret_count)
{
    uint8_t key[VIO_KEY_SIZE];
    size_t size = vio__codec_adapter_key(chassis, adapter, key);

    return list_chain(store, VIO_KEY_ADAPTER, key, size, ret_vadapters, ret_count);
}

int vio__store_met(const struct vio__store *store, const uint8_t uuid[VIO_UUID_SIZE],
                   struct vio_met *ret_met)
{
    uint32_t number = number_of(store, VIO_ROW_CHASSIS, uuid);
    struct vio_row row;

    if (number == 0)
        return VIO_ENOENT;
    row = vio__index_row(store->index, number);
    return vio__codec_met(row.body, row.size, ret_met);
}

int vio__store_mets(const struct vio__store *store, struct vio_met **ret_mets, size_t *ret_count)
{
    size_t count = vio__index_count(store->index, VIO_ROW_CHASSIS);
    struct vio_met *mets = vio__calloc(store->alloc, count, sizeof(*mets));
    uint32_t number = 0;
    int status = 0;

    if (!mets)
        return VIO_ENOMEM;
    for (size_t i = 0; i < count && status == 0; i++) {
        struct vio_row row;

        number = vio__index_next(store->index, VIO_ROW_CHASSIS, number);
        row = vio__index_row(store->index, number);
        status = vio__codec_met(row.body, row.size, &mets[i]);
    }
    if (status != 0) {
        vio__free(store->alloc, mets);
        return status;
    }
    *ret_mets = mets;
    *ret_count = count;
    return 0;
}
