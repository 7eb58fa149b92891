/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>
#include <libvio/identity.h>

#include "lib/api/changeset.h"
#include "lib/base/ref.h"
#include "lib/domain/hwaddr.h"
#include "lib/store/identities.h"
#include "lib/store/store.h"

#define LONGEST_PAGE 100000

struct vio_identity {
    struct vio_identity_page *page;
    struct vio_identity_info info;
};

/* What was found of one, or of many: one memory for all. */
struct vio_identity_page {
    struct vio_ref ref;
    struct vio_alloc alloc; /* a copy: it may outlive its context */
    size_t count, capacity;
    struct vio_identity *identities;
};

struct look_op {
    struct vio_store_op base;
    char pool[VIO_NAME_SIZE];   /* "": one identity */
    struct vio_address address; /* of that; of many, the one before; kind 0: none */
    enum vio_identity_state state;
    size_t limit;
};

/* -- Pages ------------------------------------------------------------------------------------- */

static int new_page(const struct vio_alloc *alloc, struct vio_identity_page **ret_page)
{
    struct vio_identity_page *page = vio__calloc(alloc, 1, sizeof(*page));

    if (!page)
        return VIO_ENOMEM;
    vio__ref_init(&page->ref);
    page->alloc = *alloc;
    *ret_page = page;
    return 0;
}

static int append(struct vio_identity_page *page, const struct vio_identity_info *info)
{
    if (page->count == page->capacity) {
        size_t capacity = page->capacity == 0 ? 1 : 2 * page->capacity;
        struct vio_identity *identities =
            vio__realloc(&page->alloc, page->identities, capacity, sizeof(*identities));

        if (!identities)
            return VIO_ENOMEM;
        page->identities = identities;
        page->capacity = capacity;
    }
    page->identities[page->count++] = (struct vio_identity){.page = page, .info = *info};
    return 0;
}

struct vio_identity_page *vio_identity_page_ref(struct vio_identity_page *page)
{
    if (page)
        vio__ref_get(&page->ref);
    return page;
}

void vio_identity_page_unref(struct vio_identity_page *page)
{
    struct vio_alloc alloc;

    if (!page || !vio__ref_put(&page->ref))
        return;
    alloc = page->alloc;
    vio__free(&alloc, page->identities);
    vio__free(&alloc, page);
}

static void unref_page(void *page)
{
    vio_identity_page_unref(page);
}

size_t vio_identity_page_count(const struct vio_identity_page *page)
{
    return page ? page->count : 0;
}

struct vio_identity *vio_identity_page_at(const struct vio_identity_page *page, size_t at)
{
    return at < vio_identity_page_count(page) ? &page->identities[at] : NULL;
}

struct vio_identity *vio_identity_ref(struct vio_identity *identity)
{
    if (identity)
        vio__ref_get(&identity->page->ref);
    return identity;
}

void vio_identity_unref(struct vio_identity *identity)
{
    if (identity)
        vio_identity_page_unref(identity->page);
}

static void unref_identity(void *identity)
{
    vio_identity_unref(identity);
}

struct vio_identity_page *vio_req_get_identity_page(const struct vio_req *req)
{
    return req ? vio__req_result(req, "identities") : NULL;
}

struct vio_identity *vio_req_get_identity(const struct vio_req *req)
{
    return req ? vio__req_result(req, "identity") : NULL;
}

/* -- Looking ----------------------------------------------------------------------------------- */

static int give_identity(struct vio_req *req, const struct vio_identity_info *info)
{
    struct vio_identity_page *page;
    int status = new_page(vio__req_alloc(req), &page);

    if (status != 0)
        return status;
    status = append(page, info);
    if (status == 0)
        vio__req_set_result(req, "identity", &page->identities[0], unref_identity);
    else
        vio_identity_page_unref(page);
    return status;
}

static int look(struct vio_req *req, const struct vio_ledger *ledger,
                const struct vio_address *address)
{
    struct vio_identity_info info;

    vio__identities_look(vio__store_identities(vio__ledger_store(ledger)), address,
                         vio__ledger_now(ledger), &info);
    return give_identity(req, &info);
}

static int fill_page(struct vio_identity_page *page, const struct look_op *op,
                     const struct vio_ledger *ledger, const struct vio_pool_info *pool)
{
    struct vio_identities *identities = vio__store_identities(vio__ledger_store(ledger));
    const struct vio_address *after = op->address.kind != 0 ? &op->address : NULL;
    uint64_t now = vio__ledger_now(ledger);
    struct vio_identity_info info;
    int status = 0;

    while (status == 0 && page->count < op->limit &&
           vio__identities_next(identities, pool->uuid, after, op->state, now, &info)) {
        status = append(page, &info);
        if (status == 0)
            after = &page->identities[page->count - 1].info.address;
    }
    return status;
}

static int give_page(const struct look_op *op, const struct vio_ledger *ledger)
{
    struct vio_identities *identities = vio__store_identities(vio__ledger_store(ledger));
    struct vio_req *req = op->base.req;
    struct vio_identity_page *page;
    struct vio_pool_info *pool;
    uint8_t uuid[VIO_UUID_SIZE];
    int status = 0;

    pool = vio__uuid_parse(op->pool, uuid) == 0 ? vio__identities_pool(identities, uuid) : NULL;
    if (!pool)
        status = vio__identities_find_pool(identities, op->pool, &pool);
    if (status == VIO_ENOENT)
        vio__req_set_message(req, "there is no pool \"%s\"", op->pool);
    if (status == 0 && op->address.kind != 0 &&
        op->address.kind != vio__pool_address_kind(pool->purpose)) {
        vio__req_set_message(req, "the identities of pool \"%s\" are of another kind", pool->name);
        status = VIO_EADDR;
    }
    if (status == 0)
        status = new_page(vio__req_alloc(req), &page);
    if (status != 0)
        return status;
    status = fill_page(page, op, ledger, pool);
    if (status == 0)
        vio__req_set_result(req, "identities", page, unref_page);
    else
        vio_identity_page_unref(page);
    return status;
}

static void on_refreshed(void *user, int status)
{
    struct look_op *op = user;
    struct vio_ledger *ledger = vio__open_store_ledger(op->base.store);
    const char *text = vio__store_error(vio__ledger_store(ledger));

    if (status != 0 && *text)
        vio__req_set_message(op->base.req, "%s", text);
    if (status == 0)
        status = *op->pool ? give_page(op, ledger) : look(op->base.req, ledger, &op->address);
    vio__req_complete(op->base.req, status);
    vio__store_op_end(&op->base);
}

static void on_store_closes(struct vio_store_op *op, int why)
{
    vio__req_complete(op->req, why);
}

static void look_start(struct vio_req *req, void *user)
{
    struct look_op *op = user;
    int status = vio__store_op_begin(&op->base, req, on_store_closes);

    if (status == 0)
        status = vio__store_refresh(vio__ledger_store(vio__open_store_ledger(op->base.store)),
                                    on_refreshed, op);
    if (status != 0) {
        vio__req_complete(req, status);
        vio__store_op_end(&op->base);
    }
}

static void look_destroy(void *user)
{
    vio__store_op_release(&((struct look_op *)user)->base);
}

static const struct vio_req_class find_class = {
    .name = "identity find",
    .op_size = sizeof(struct look_op),
    .start = look_start,
    .destroy = look_destroy,
};

static const struct vio_req_class list_class = {
    .name = "identity list",
    .op_size = sizeof(struct look_op),
    .start = look_start,
    .destroy = look_destroy,
};

static int new_look(struct vio_store *store, const struct vio_req_class *cls, vio_req_cb cb,
                    void *user, struct vio_req **ret_req)
{
    int status = vio__open_store_check(store);

    if (status == 0)
        status = vio__req_new(vio__open_store_loop(store), cls, cb, user, ret_req);
    if (status == 0)
        ((struct look_op *)vio__req_op(*ret_req))->base.store = vio_store_ref(store);
    return status;
}

int vio_identity_find(struct vio_store *store, const struct vio_address *address, vio_req_cb cb,
                      void *user, struct vio_req **ret_req)
{
    struct vio_req *req;
    int status;

    if (!address)
        return VIO_EINVAL;
    if (!vio__hwaddr_is_valid(address))
        return VIO_EADDR;
    status = new_look(store, &find_class, cb, user, &req);
    if (status != 0)
        return status;
    ((struct look_op *)vio__req_op(req))->address = *address;
    return vio__req_submit(req, ret_req);
}

int vio_identity_list(struct vio_store *store, const char *pool, enum vio_identity_state state,
                      const struct vio_address *after, size_t limit, vio_req_cb cb, void *user,
                      struct vio_req **ret_req)
{
    struct vio_req *req;
    struct look_op *op;
    int status;

    if (!pool || !*pool || (int)state < 0 || state == VIO_IDENTITY_FREE ||
        state > VIO_IDENTITY_EXTERNAL || limit == 0 || limit > LONGEST_PAGE)
        return VIO_EINVAL;
    status = new_look(store, &list_class, cb, user, &req);
    if (status != 0)
        return status;
    op = vio__req_op(req);
    snprintf(op->pool, sizeof(op->pool), "%s", pool);
    if (after)
        op->address = *after;
    op->state = state;
    op->limit = limit;
    return vio__req_submit(req, ret_req);
}

/* -- Changing ---------------------------------------------------------------------------------- */

static const struct vio_req_class reserve_class = VIO_CHANGESET_CLASS("identity reserve");
static const struct vio_req_class release_class = VIO_CHANGESET_CLASS("identity release");

/* As it is when the change has ended, which still claims it; without it where there is no memory.
 */
static void give_reserved(struct vio_change *change)
{
    const struct vio_hold *hold = &change->kepts[0].hold;
    struct vio_identity_info info;

    vio__identities_look(vio__store_identities(vio__ledger_store(change->ledger)), &hold->address,
                         vio__ledger_now(change->ledger), &info);
    info.state = hold->state;
    memset(info.owner_uuid, 0, sizeof(info.owner_uuid));
    memcpy(info.owner, hold->owner, sizeof(info.owner));
    (void)give_identity(change->req, &info);
}

int vio_identity_reserve(struct vio_store *store, const char *pool,
                         const struct vio_address *address, const char *owner, vio_req_cb cb,
                         void *user, struct vio_req **ret_req)
{
    struct vio_changeset *changeset = NULL;
    int status = vio_changeset_new(store, &changeset);

    if (status == 0)
        status = vio_changeset_reserve(changeset, pool, address, owner);
    return vio__changeset_finish(changeset, status, &reserve_class, give_reserved, cb, user,
                                 ret_req);
}

int vio_identity_release(struct vio_store *store, const struct vio_address *address, vio_req_cb cb,
                         void *user, struct vio_req **ret_req)
{
    struct vio_changeset *changeset = NULL;
    int status = vio_changeset_new(store, &changeset);

    if (status == 0)
        status = vio_changeset_release(changeset, address);
    return vio__changeset_finish(changeset, status, &release_class, NULL, cb, user, ret_req);
}

/* -- What it is -------------------------------------------------------------------------------- */

int vio_identity_address(const struct vio_identity *identity, struct vio_address *ret_address)
{
    if (!identity || !ret_address)
        return VIO_EINVAL;
    *ret_address = identity->info.address;
    return 0;
}

enum vio_identity_state vio_identity_state(const struct vio_identity *identity)
{
    return identity ? identity->info.state : VIO_IDENTITY_UNKNOWN;
}

const char *vio_identity_pool(const struct vio_identity *identity)
{
    return identity ? identity->info.pool : NULL;
}

const char *vio_identity_owner(const struct vio_identity *identity)
{
    return identity ? identity->info.owner : NULL;
}

int vio_identity_owner_uuid(const struct vio_identity *identity, struct vio_address *ret_uuid)
{
    if (!identity || !ret_uuid)
        return VIO_EINVAL;
    if (vio__uuid_is_nil(identity->info.owner_uuid))
        return VIO_ENOENT;
    *ret_uuid = (struct vio_address){.kind = VIO_ADDRESS_UUID, .length = VIO_UUID_SIZE};
    memcpy(ret_uuid->bytes, identity->info.owner_uuid, VIO_UUID_SIZE);
    return 0;
}

const char *vio_identity_previous_owner(const struct vio_identity *identity)
{
    return identity ? identity->info.previous : NULL;
}

uint64_t vio_identity_until(const struct vio_identity *identity)
{
    return identity ? identity->info.until : 0;
}

const char *vio_identity_state_name(enum vio_identity_state state)
{
    static const char *const names[] = {
        [VIO_IDENTITY_FREE] = "free",         [VIO_IDENTITY_RESERVED] = "reserved",
        [VIO_IDENTITY_ASSIGNED] = "assigned", [VIO_IDENTITY_QUARANTINED] = "quarantined",
        [VIO_IDENTITY_EXCLUDED] = "excluded", [VIO_IDENTITY_EXTERNAL] = "external",
    };

    return (int)state > 0 && (size_t)state < sizeof(names) / sizeof(names[0]) ? names[state]
                                                                              : "unknown";
}
