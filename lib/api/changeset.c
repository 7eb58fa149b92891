/* SPDX-License-Identifier: MIT */
#include "lib/api/changeset.h"

#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/api/chassis.h"
#include "lib/api/chassis_config.h"
#include "lib/domain/hwaddr.h"
#include "lib/domain/name.h"
#include "lib/domain/pool_spec.h"

struct edit {
    enum vio_edit edit;
    struct vio_chassis *chassis; /* a reference; NULL: about none */
    char target[VIO_NAME_SIZE];
    char server[VIO_NAME_SIZE];
    char owner[VIO_NAME_SIZE];
    bool misnamed; /* a name was too long to be one, and was cut */
    bool force;
    uint64_t expects;
    struct vio_vadapter_spec *spec;
    struct vio_pool_spec *pool_spec;
    struct vio_address address;
    uint32_t function;
};

struct vio_changeset {
    struct vio_store *store;
    uint8_t token[VIO_UUID_SIZE];
    char author[VIO_HOLDER_SIZE];
    char comment[VIO_DESCRIPTION_MAX + 1];
    struct edit *edits;
    size_t count;
};

/* -- Life -------------------------------------------------------------------------------------- */

int vio_changeset_new(struct vio_store *store, struct vio_changeset **ret_changeset)
{
    struct vio_changeset *changeset;
    int status = vio__open_store_check(store);

    if (status != 0 || !ret_changeset)
        return status != 0 ? status : VIO_EINVAL;
    changeset = vio__calloc(NULL, 1, sizeof(*changeset));
    if (!changeset)
        return VIO_ENOMEM;
    changeset->store = vio_store_ref(store);
    vio__holder_default(changeset->author);
    *ret_changeset = changeset;
    return 0;
}

static void drop_edit(struct edit *edit)
{
    vio_chassis_unref(edit->chassis);
    vio__spec_free(edit->spec);
    vio__pool_spec_free(edit->pool_spec);
}

void vio_changeset_clear(struct vio_changeset *changeset)
{
    if (!changeset)
        return;
    for (size_t i = 0; i < changeset->count; i++)
        drop_edit(&changeset->edits[i]);
    vio__free(NULL, changeset->edits);
    changeset->edits = NULL;
    changeset->count = 0;
    memset(changeset->token, 0, sizeof(changeset->token));
}

void vio_changeset_free(struct vio_changeset *changeset)
{
    if (!changeset)
        return;
    vio_changeset_clear(changeset);
    vio_store_unref(changeset->store);
    vio__free(NULL, changeset);
}

int vio_changeset_set_token(struct vio_changeset *changeset, const struct vio_address *token)
{
    if (!changeset)
        return VIO_EINVAL;
    if (token && (token->kind != VIO_ADDRESS_UUID || !vio__hwaddr_is_valid(token)))
        return VIO_EADDR;
    memset(changeset->token, 0, sizeof(changeset->token));
    if (token)
        memcpy(changeset->token, token->bytes, sizeof(changeset->token));
    return 0;
}

int vio_changeset_set_author(struct vio_changeset *changeset, const char *author)
{
    if (!changeset || !author)
        return VIO_EINVAL;
    if (!vio__text_is_valid(author, sizeof(changeset->author) - 1))
        return VIO_ENAME;
    snprintf(changeset->author, sizeof(changeset->author), "%s", author);
    return 0;
}

int vio_changeset_set_comment(struct vio_changeset *changeset, const char *comment)
{
    if (!changeset || !comment)
        return VIO_EINVAL;
    if (!vio__text_is_valid(comment, sizeof(changeset->comment) - 1))
        return VIO_ENAME;
    snprintf(changeset->comment, sizeof(changeset->comment), "%s", comment);
    return 0;
}

size_t vio_changeset_count(const struct vio_changeset *changeset)
{
    return changeset ? changeset->count : 0;
}

int vio_changeset_expect(struct vio_changeset *changeset, uint64_t generation)
{
    if (!changeset)
        return VIO_EINVAL;
    if (changeset->count == 0)
        return VIO_ESTATE;
    changeset->edits[changeset->count - 1].expects = generation;
    return 0;
}

/* -- Edits ------------------------------------------------------------------------------------- */

static void copy_name(struct edit *edit, char to[VIO_NAME_SIZE], const char *name)
{
    if (snprintf(to, VIO_NAME_SIZE, "%s", name) >= VIO_NAME_SIZE)
        edit->misnamed = true;
}

/* Appends an edit, which takes over what it refers to, or drops that. The array grows whenever the
 * count is a power of two. */
static int add(struct vio_changeset *changeset, const char *target, struct edit *edit, int status)
{
    size_t count = changeset->count;
    struct edit *edits = changeset->edits;

    if (status == 0 && count == VIO_CHANGE_MAX)
        status = VIO_ELIMIT;
    if (status == 0 && (count & (count - 1)) == 0) {
        edits = vio__realloc(NULL, edits, count == 0 ? 1 : 2 * count, sizeof(*edits));
        status = edits ? 0 : VIO_ENOMEM;
    }
    if (status != 0) {
        drop_edit(edit);
        return status;
    }
    copy_name(edit, edit->target, target);
    edits[count] = *edit;
    changeset->edits = edits;
    changeset->count++;
    return 0;
}

/* An edit of a vAdapter; VIO_EINVAL for NULL and for a chassis of another store. */
static int begin(const struct vio_changeset *changeset, struct vio_chassis *chassis,
                 const char *target, enum vio_edit what, struct edit *ret_edit)
{
    struct vio_address ours, theirs;

    if (!changeset || !chassis || !target ||
        vio_store_uuid(vio_chassis_store(chassis), &theirs) != 0 ||
        vio_store_uuid(changeset->store, &ours) != 0 || !vio_address_equal(&ours, &theirs) ||
        vio__chassis_loop(chassis) != vio__open_store_loop(changeset->store))
        return VIO_EINVAL;
    *ret_edit = (struct edit){.edit = what, .chassis = vio_chassis_ref(chassis)};
    return 0;
}

int vio_changeset_create_vadapter(struct vio_changeset *changeset, struct vio_chassis *chassis,
                                  const struct vio_vadapter_spec *spec)
{
    struct edit edit;
    int status = spec ? begin(changeset, chassis, "", VIO_EDIT_CREATE, &edit) : VIO_EINVAL;

    if (status != 0)
        return status;
    return add(changeset, "", &edit, vio__spec_copy(NULL, spec, &edit.spec));
}

int vio_changeset_set_vadapter(struct vio_changeset *changeset, struct vio_chassis *chassis,
                               const char *vadapter, const struct vio_vadapter_spec *spec)
{
    struct edit edit;
    int status = spec ? begin(changeset, chassis, vadapter, VIO_EDIT_SET, &edit) : VIO_EINVAL;

    if (status != 0)
        return status;
    edit.expects = vio__spec_generation(spec);
    return add(changeset, vadapter, &edit, vio__spec_copy(NULL, spec, &edit.spec));
}

int vio_changeset_attach(struct vio_changeset *changeset, struct vio_chassis *chassis,
                         const char *vadapter, const char *server)
{
    struct edit edit;
    int status = server ? begin(changeset, chassis, vadapter, VIO_EDIT_ATTACH, &edit) : VIO_EINVAL;

    if (status != 0)
        return status;
    copy_name(&edit, edit.server, server);
    return add(changeset, vadapter, &edit, 0);
}

int vio_changeset_detach(struct vio_changeset *changeset, struct vio_chassis *chassis,
                         const char *vadapter, bool force)
{
    struct edit edit;
    int status = begin(changeset, chassis, vadapter, VIO_EDIT_DETACH, &edit);

    if (status != 0)
        return status;
    edit.force = force;
    return add(changeset, vadapter, &edit, 0);
}

/* Enabling and disabling set one field. */
static int set_enabled(struct vio_changeset *changeset, struct vio_chassis *chassis,
                       const char *vadapter, bool enabled)
{
    struct edit edit;
    int status = begin(changeset, chassis, vadapter, VIO_EDIT_SET, &edit);

    if (status != 0)
        return status;
    status = vio__spec_new(NULL, &edit.spec);
    if (status == 0)
        status = vio__spec_set_enabled(edit.spec, enabled);
    return add(changeset, vadapter, &edit, status);
}

int vio_changeset_enable(struct vio_changeset *changeset, struct vio_chassis *chassis,
                         const char *vadapter)
{
    return set_enabled(changeset, chassis, vadapter, true);
}

int vio_changeset_disable(struct vio_changeset *changeset, struct vio_chassis *chassis,
                          const char *vadapter)
{
    return set_enabled(changeset, chassis, vadapter, false);
}

static int add_plain(struct vio_changeset *changeset, struct vio_chassis *chassis,
                     const char *vadapter, enum vio_edit what)
{
    struct edit edit;
    int status = begin(changeset, chassis, vadapter, what, &edit);

    return status == 0 ? add(changeset, vadapter, &edit, 0) : status;
}

int vio_changeset_remove_vadapter(struct vio_changeset *changeset, struct vio_chassis *chassis,
                                  const char *vadapter)
{
    return add_plain(changeset, chassis, vadapter, VIO_EDIT_REMOVE);
}

int vio_changeset_purge_vadapter(struct vio_changeset *changeset, struct vio_chassis *chassis,
                                 const char *vadapter)
{
    return add_plain(changeset, chassis, vadapter, VIO_EDIT_PURGE);
}

int vio_changeset_adopt_function(struct vio_changeset *changeset, struct vio_chassis *chassis,
                                 uint32_t function)
{
    struct edit edit;
    int status = begin(changeset, chassis, "", VIO_EDIT_ADOPT, &edit);

    if (status != 0)
        return status;
    edit.function = function;
    return add(changeset, "", &edit, 0);
}

int vio_changeset_create_pool(struct vio_changeset *changeset, const struct vio_pool_spec *spec)
{
    struct edit edit = {.edit = VIO_EDIT_POOL_CREATE};

    if (!changeset || !spec)
        return VIO_EINVAL;
    return add(changeset, vio__pool_spec_name(spec), &edit,
               vio__pool_spec_copy(NULL, spec, &edit.pool_spec));
}

int vio_changeset_set_pool(struct vio_changeset *changeset, const char *pool,
                           const struct vio_pool_spec *spec)
{
    struct edit edit = {.edit = VIO_EDIT_POOL_SET};

    if (!changeset || !pool || !spec)
        return VIO_EINVAL;
    edit.expects = vio__pool_spec_generation(spec);
    return add(changeset, pool, &edit, vio__pool_spec_copy(NULL, spec, &edit.pool_spec));
}

int vio_changeset_remove_pool(struct vio_changeset *changeset, const char *pool)
{
    struct edit edit = {.edit = VIO_EDIT_POOL_REMOVE};

    return changeset && pool ? add(changeset, pool, &edit, 0) : VIO_EINVAL;
}

int vio_changeset_reserve(struct vio_changeset *changeset, const char *pool,
                          const struct vio_address *address, const char *owner)
{
    struct edit edit = {.edit = VIO_EDIT_RESERVE};

    if (!changeset || !owner || !pool == !address)
        return VIO_EINVAL;
    if (address)
        edit.address = *address;
    copy_name(&edit, edit.owner, owner);
    return add(changeset, pool ? pool : "", &edit, 0);
}

int vio_changeset_release(struct vio_changeset *changeset, const struct vio_address *address)
{
    struct edit edit = {.edit = VIO_EDIT_RELEASE};

    if (!changeset || !address)
        return VIO_EINVAL;
    edit.address = *address;
    return add(changeset, "", &edit, 0);
}

/* -- Requests ---------------------------------------------------------------------------------- */

static void drop_chassis(struct vio_changeset_op *op)
{
    while (op->num_chassis > 0)
        vio_chassis_unref(op->chassis[--op->num_chassis]);
    vio__free(NULL, op->chassis);
    op->chassis = NULL;
}

/* The engine's last word about the change. */
static void on_ended(void *user)
{
    struct vio_changeset_op *op = user;

    drop_chassis(op);
    vio__store_op_end(&op->base);
}

static void on_store_closes(struct vio_store_op *base, int why)
{
    struct vio_changeset_op *op = VIO_CONTAINER_OF(base, struct vio_changeset_op, base);

    vio__change_cancel(base->req, &op->change, why);
}

void vio__changeset_start(struct vio_req *req, void *user)
{
    struct vio_changeset_op *op = user;
    int status = vio__store_op_begin(&op->base, req, on_store_closes);

    if (status != 0) {
        vio__req_complete(req, status);
        return;
    }
    if (vio_store_is_read_only(op->base.store) && !op->change.dry_run) {
        vio__req_fail(req, VIO_EPERM, "the store %s was opened for reading only",
                      vio_store_uri(op->base.store));
        vio__store_op_end(&op->base);
        return;
    }
    op->change.ledger = vio__open_store_ledger(op->base.store);
    op->change.owner = op;
    op->change.release = on_ended;
    vio__change_start(req, &op->change);
}

void vio__changeset_cancel(struct vio_req *req, void *user, int why)
{
    struct vio_changeset_op *op = user;

    vio__change_cancel(req, &op->change, why);
}

void vio__changeset_destroy(void *user)
{
    struct vio_changeset_op *op = user;

    vio__change_destroy(&op->change);
    drop_chassis(op);
    vio__store_op_release(&op->base);
}

int vio__changeset_request(struct vio_store *store, const struct vio_req_class *cls, vio_req_cb cb,
                           void *user, struct vio_req **ret_req)
{
    struct vio_changeset_op *op;
    int status = vio__open_store_check(store);

    if (status == 0)
        status = vio__req_new(vio__open_store_loop(store), cls, cb, user, ret_req);
    if (status != 0)
        return status;
    op = vio__req_op(*ret_req);
    op->base.store = vio_store_ref(store);
    return 0;
}

static int copy_edit(const struct edit *edit, const struct vio_alloc *alloc, struct vio_item *item)
{
    int status = 0;

    item->edit = edit->edit;
    item->engine = edit->chassis ? vio__chassis_engine(edit->chassis) : NULL;
    memcpy(item->target, edit->target, sizeof(item->target));
    memcpy(item->server, edit->server, sizeof(item->server));
    memcpy(item->owner, edit->owner, sizeof(item->owner));
    item->misnamed = edit->misnamed;
    item->force = edit->force;
    item->expects = edit->expects;
    item->address = edit->address;
    item->function = edit->function;
    if (edit->spec)
        status = vio__spec_copy(alloc, edit->spec, &item->spec);
    if (status == 0 && edit->pool_spec)
        status = vio__pool_spec_copy(alloc, edit->pool_spec, &item->pool_spec);
    return status;
}

static int copy_edits(const struct vio_changeset *changeset, struct vio_req *req)
{
    struct vio_changeset_op *op = vio__req_op(req);
    const struct vio_alloc *alloc = vio__req_alloc(req);
    int status = vio__change_set_count(&op->change, alloc, changeset->count);

    if (status != 0)
        return status;
    op->chassis = vio__calloc(NULL, changeset->count, sizeof(struct vio_chassis *));
    if (!op->chassis)
        return VIO_ENOMEM;
    for (size_t i = 0; i < changeset->count && status == 0; i++) {
        if (changeset->edits[i].chassis)
            op->chassis[op->num_chassis++] = vio_chassis_ref(changeset->edits[i].chassis);
        status = copy_edit(&changeset->edits[i], alloc, &op->change.items[i]);
    }
    return status;
}

static int submit(const struct vio_changeset *changeset, const struct vio_req_class *cls,
                  bool dry_run, void (*give)(struct vio_change *change), vio_req_cb cb, void *user,
                  struct vio_req **ret_req)
{
    struct vio_req *req;
    struct vio_change *change;
    int status;

    if (!changeset || changeset->count == 0)
        return VIO_EINVAL;
    status = vio__changeset_request(changeset->store, cls, cb, user, &req);
    if (status != 0)
        return status;
    change = &((struct vio_changeset_op *)vio__req_op(req))->change;
    change->dry_run = dry_run;
    change->give = give;
    memcpy(change->token, changeset->token, sizeof(change->token));
    snprintf(change->author, sizeof(change->author), "%s", changeset->author);
    snprintf(change->comment, sizeof(change->comment), "%s", changeset->comment);
    status = copy_edits(changeset, req);
    if (status != 0) {
        vio__req_unref(req);
        return status;
    }
    return vio__req_submit(req, ret_req);
}

int vio__changeset_finish(struct vio_changeset *changeset, int status,
                          const struct vio_req_class *cls, void (*give)(struct vio_change *change),
                          vio_req_cb cb, void *user, struct vio_req **ret_req)
{
    if (status == 0)
        status = submit(changeset, cls, false, give, cb, user, ret_req);
    vio_changeset_free(changeset);
    return status;
}

static const struct vio_req_class plan_class = VIO_CHANGESET_CLASS("changeset plan");
static const struct vio_req_class apply_class = VIO_CHANGESET_CLASS("changeset apply");

int vio_changeset_plan(struct vio_changeset *changeset, vio_req_cb cb, void *user,
                       struct vio_req **ret_req)
{
    return submit(changeset, &plan_class, true, NULL, cb, user, ret_req);
}

int vio_changeset_apply(struct vio_changeset *changeset, vio_req_cb cb, void *user,
                        struct vio_req **ret_req)
{
    return submit(changeset, &apply_class, false, NULL, cb, user, ret_req);
}
