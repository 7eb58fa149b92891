/* SPDX-License-Identifier: MIT */
#include "lib/engine/kept.h"

#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/uuid.h"
#include "lib/domain/hwaddr.h"
#include "lib/domain/pool_spec.h"
#include "lib/engine/change.h"
#include "lib/engine/check.h"
#include "lib/engine/internal.h"

bool vio__kept_is(const struct vio_item *item)
{
    return (item->edit >= VIO_EDIT_POOL_CREATE && item->edit <= VIO_EDIT_RELEASE) ||
           item->edit == VIO_EDIT_POOL_RESTORE;
}

/* No name of a vAdapter has a blank. */
void vio__kept_key(const struct vio_item *item, char ret_key[VIO_KEPT_KEY_SIZE])
{
    char text[VIO_ADDRESS_TEXT_SIZE];

    if (item->address.kind != 0 && vio__hwaddr_format(&item->address, text, sizeof(text)) == 0)
        snprintf(ret_key, VIO_KEPT_KEY_SIZE, "identity %s", text);
    else
        snprintf(ret_key, VIO_KEPT_KEY_SIZE, "pool %s", item->name);
}

static void complain(void *user, int code, const char *text)
{
    struct vio_item *item = user;

    vio__check_problem(item, code, item->name, "%s", text);
}

/* What was complained of is a problem; all else ends the planning. */
static int judged(const struct vio_item *item, int status)
{
    return item->change->problem != 0 && status != VIO_ENOMEM && status != VIO_EIO ? 0 : status;
}

static struct vio_identities *identities_of(const struct vio_item *item)
{
    return vio__store_identities(item->change->ledger->store);
}

static uint64_t now_of(const struct vio_item *item)
{
    return vio__ledger_now(item->change->ledger);
}

static struct vio_kept *add(struct vio_item *item, enum vio_row_kind kind)
{
    struct vio_kept *kept = &item->change->kepts[item->change->num_kepts++];

    *kept = (struct vio_kept){.kind = kind};
    return kept;
}

/* -- Pools ------------------------------------------------------------------------------------- */

/* The pool that is edited; a problem where there is none. */
static int find_pool(struct vio_item *item, struct vio_kept *kept)
{
    int status = vio__identities_find_pool(identities_of(item), item->name, &kept->before);

    if (status == 0) {
        vio__pool_ref(kept->before);
        if (item->expects != 0 && item->expects != kept->before->generation)
            vio__check_problem(item, VIO_ESTALE, item->name,
                               "pool \"%s\" has generation %llu; the edit is of generation %llu",
                               item->name, (unsigned long long)kept->before->generation,
                               (unsigned long long)item->expects);
        return 0;
    }
    kept->before = NULL;
    if (status == VIO_ENOENT)
        vio__check_problem(item, VIO_ENOENT, item->name, "there is no pool \"%s\"", item->name);
    else if (status == VIO_EEXIST)
        vio__check_problem(item, VIO_EEXIST, item->name,
                           "another pool has values of the default pool \"%s\"", item->name);
    return judged(item, status);
}

static int judge_pool(struct vio_item *item, struct vio_kept *kept)
{
    const struct vio_pool_info *named = kept->after ? kept->after : kept->before;

    if (item->change->problem != 0)
        return 0;
    kept->commits = !kept->before || !kept->after || !vio__pool_equal(kept->before, kept->after);
    if (!kept->commits)
        return 0;
    return judged(item, vio__identities_check_pool(identities_of(item), named->uuid, kept->after,
                                                   now_of(item), complain, item));
}

static int create_pool(struct vio_item *item)
{
    struct vio_kept *kept = add(item, VIO_ROW_POOL);
    struct vio_pool_info *present;
    int status;

    if (vio__identities_find_pool(identities_of(item), item->name, &present) == 0) {
        vio__check_problem(item, VIO_EEXIST, item->name, "there is a pool \"%s\" already",
                           item->name);
        return 0;
    }
    status = vio__pool_new(item->change->ledger->alloc, &kept->after);
    if (status == 0)
        status = vio__uuid_random(kept->after->uuid);
    if (status == 0)
        status =
            judged(item, vio__pool_spec_apply(item->pool_spec, true, kept->after, complain, item));
    if (status != 0)
        return status;
    kept->after->generation = 1;
    return judge_pool(item, kept);
}

static int set_pool(struct vio_item *item)
{
    struct vio_kept *kept = add(item, VIO_ROW_POOL);
    int status = find_pool(item, kept);

    if (status != 0 || !kept->before)
        return status;
    status = vio__pool_copy(kept->before, &kept->after);
    if (status == 0)
        status =
            judged(item, vio__pool_spec_apply(item->pool_spec, false, kept->after, complain, item));
    if (status != 0)
        return status;
    kept->after->generation++;
    return judge_pool(item, kept);
}

static int remove_pool(struct vio_item *item)
{
    struct vio_kept *kept = add(item, VIO_ROW_POOL);
    int status = find_pool(item, kept);

    if (status != 0 || !kept->before)
        return status;
    if (kept->before->generation == 0) {
        vio__check_problem(item, VIO_ESTATE, item->name,
                           "pool \"%s\" is a default pool that was never used or changed",
                           item->name);
        return 0;
    }
    return judge_pool(item, kept);
}

/* A pool becomes what it was before a change that is undone. */
static int restore_pool(struct vio_item *item)
{
    struct vio_kept *kept = add(item, VIO_ROW_POOL);
    struct vio_pool_info *present;
    int status;

    if (item->expects != 0) {
        status = find_pool(item, kept);
        if (status != 0 || !kept->before)
            return status;
    } else if (vio__identities_find_pool(identities_of(item), item->name, &present) == 0) {
        vio__check_problem(item, VIO_EEXIST, item->name, "there is a pool \"%s\" again",
                           item->name);
        return 0;
    }
    if (!item->pool)
        return judge_pool(item, kept);
    status = vio__pool_copy(item->pool, &kept->after);
    if (status != 0)
        return status;
    kept->after->generation = (kept->before ? kept->before : item->pool)->generation + 1;
    return judge_pool(item, kept);
}

/* -- Holds ------------------------------------------------------------------------------------- */

/* Claims the identity that is to be reserved: the one given, or one that is drawn. */
static int claim(struct vio_item *item, struct vio_kept *kept)
{
    struct vio_identities *identities = identities_of(item);
    struct vio_claimant claimant = {.name = item->owner};
    struct vio_pool_info *pool;
    int status = vio__uuid_random(claimant.uuid);

    if (status != 0)
        return status;
    if (item->address.kind != 0) {
        kept->hold.address = item->address;
        return vio__identities_take(identities, &item->address, &claimant, now_of(item), complain,
                                    item);
    }
    status = vio__identities_find_pool(identities, item->name, &pool);
    if (status == VIO_ENOENT)
        vio__check_problem(item, VIO_ENOENT, item->name, "there is no pool \"%s\"", item->name);
    if (status != 0)
        return status;
    return vio__identities_draw(identities, item->name,
                                pool->purpose == VIO_POOL_WWN ? VIO_POOL_WWPN : pool->purpose,
                                &claimant, now_of(item), complain, item, &kept->hold.address);
}

static int reserve(struct vio_item *item)
{
    struct vio_kept *kept = add(item, VIO_ROW_HOLD);
    const struct vio_hold *present;
    int status = claim(item, kept);

    kept->claimed = status == 0;
    if (status != 0)
        return judged(item, status);
    present = vio__identities_hold(identities_of(item), &kept->hold.address, now_of(item));
    if (present && present->state != VIO_IDENTITY_QUARANTINED) {
        vio__check_problem(item, VIO_EEXIST, item->name, "it is reserved for \"%s\" already",
                           present->owner);
        return 0;
    }
    kept->hold.state = VIO_IDENTITY_RESERVED;
    memcpy(kept->hold.owner, item->owner, sizeof(kept->hold.owner));
    kept->has = kept->commits = true;
    return 0;
}

static int release(struct vio_item *item)
{
    struct vio_kept *kept = add(item, VIO_ROW_HOLD);
    const struct vio_hold *present =
        vio__identities_hold(identities_of(item), &item->address, now_of(item));
    struct vio_identity_info info;

    if (present) {
        kept->hold = *present;
        kept->had = kept->commits = true;
        return 0;
    }
    vio__identities_look(identities_of(item), &item->address, now_of(item), &info);
    if (info.state == VIO_IDENTITY_ASSIGNED)
        vio__check_problem(item, VIO_ESTATE, item->name,
                           "it is the identity of \"%s\", and goes with that", info.owner);
    else
        vio__check_problem(item, VIO_ENOENT, item->name, "nobody has reserved it");
    return 0;
}

/* -- All of them ------------------------------------------------------------------------------- */

int vio__kept_plan(struct vio_item *item)
{
    if (item->address.kind != 0)
        (void)vio__hwaddr_format(&item->address, item->name, sizeof(item->name));
    switch (item->edit) {
    case VIO_EDIT_POOL_CREATE:
        return create_pool(item);
    case VIO_EDIT_POOL_SET:
        return set_pool(item);
    case VIO_EDIT_POOL_REMOVE:
        return remove_pool(item);
    case VIO_EDIT_POOL_RESTORE:
        return restore_pool(item);
    case VIO_EDIT_RESERVE:
        return reserve(item);
    default:
        return release(item);
    }
}

void vio__kept_record(const struct vio_kept *kept, bool back, struct vio_record *ret_record)
{
    const struct vio_pool_info *from = back ? kept->after : kept->before;
    const struct vio_pool_info *to = back ? kept->before : kept->after;

    *ret_record = (struct vio_record){.kind = kept->kind};
    if (kept->kind == VIO_ROW_HOLD) {
        ret_record->address = kept->hold.address;
        ret_record->object = (back ? kept->had : kept->has) ? &kept->hold : NULL;
        return;
    }
    memcpy(ret_record->uuid, (from ? from : to)->uuid, VIO_UUID_SIZE);
    ret_record->replaces = from ? from->generation : 0;
    ret_record->object = to && to->generation != 0 ? to : NULL; /* a default pool is not kept */
}

/* Whether the hold on its identity is as the change made it, and not somebody else's since. */
static bool is_hold_made(struct vio_identities *identities, const struct vio_kept *kept,
                         uint64_t now)
{
    const struct vio_hold *present = vio__identities_hold(identities, &kept->hold.address, now);

    if (!kept->has)
        return !present;
    return present && present->state == kept->hold.state &&
           strcmp(present->owner, kept->hold.owner) == 0;
}

bool vio__kept_restore(const struct vio__store *store, const struct vio_kept *kept, uint64_t now,
                       struct vio_record *ret_record)
{
    struct vio_identities *identities = vio__store_identities(store);
    const struct vio_pool_info *named = kept->after ? kept->after : kept->before;
    const struct vio_pool_info *present;
    bool is_made;

    if (kept->kind == VIO_ROW_HOLD) {
        is_made = is_hold_made(identities, kept, now);
    } else {
        present = vio__identities_pool(identities, named->uuid);
        is_made =
            (present ? present->generation : 0) == (kept->after ? kept->after->generation : 0);
    }
    if (is_made)
        vio__kept_record(kept, true, ret_record);
    return is_made;
}

void vio__kept_clear(struct vio_kept *kept)
{
    vio__pool_unref(kept->before);
    vio__pool_unref(kept->after);
    kept->before = kept->after = NULL;
}

void vio__kept_unclaim(struct vio_change *change)
{
    struct vio_identities *identities = vio__store_identities(change->ledger->store);

    for (size_t i = 0; i < change->num_kepts; i++) {
        if (change->kepts[i].claimed)
            vio__identities_drop(identities, &change->kepts[i].hold.address);
        change->kepts[i].claimed = false;
    }
}

void vio__kept_drop(struct vio_change *change)
{
    vio__kept_unclaim(change);
    for (size_t i = 0; i < change->num_kepts; i++)
        vio__kept_clear(&change->kepts[i]);
    change->num_kepts = 0;
}
