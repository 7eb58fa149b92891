/* SPDX-License-Identifier: MIT */
#include "lib/engine/records.h"

#include <string.h>

#include "lib/domain/hwaddr.h"
#include "lib/engine/change.h"
#include "lib/engine/internal.h"

/* Its own, and of each identity that it leaves or takes. */
#define PER_OBJECT 5

size_t vio__records_max(const struct vio_change *change)
{
    return PER_OBJECT * change->num_objects + change->num_kepts;
}

static struct vio_record *next(struct vio_change *change, size_t *count)
{
    return &change->records[(*count)++];
}

static void fill_vadapter(struct vio_record *record, const struct vio_object *object,
                          uint64_t replaces, const struct vio_vadapter_info *to)
{
    *record = (struct vio_record){.kind = VIO_ROW_VADAPTER, .replaces = replaces, .object = to};
    memcpy(record->uuid, vio__object_uuid(object), VIO_UUID_SIZE);
}

static void add_vadapter(struct vio_change *change, size_t *count, const struct vio_object *object,
                         const struct vio_vadapter_info *from, const struct vio_vadapter_info *to)
{
    fill_vadapter(next(change, count), object, from ? from->generation : 0, to);
}

static void add_hold(struct vio_change *change, size_t *count, const struct vio_address *address,
                     const struct vio_hold *hold)
{
    *next(change, count) =
        (struct vio_record){.kind = VIO_ROW_HOLD, .address = *address, .object = hold};
}

/* -- Identities -------------------------------------------------------------------------------- */

static const struct vio_address *address_of(const struct vio_vadapter_info *vadapter, int which)
{
    return which == 0 ? &vadapter->address : &vadapter->node_address;
}

static bool has(const struct vio_vadapter_info *vadapter, const struct vio_address *address)
{
    return vadapter && ((vadapter->address.kind != 0 &&
                         vio__hwaddr_compare(&vadapter->address, address) == 0) ||
                        (vadapter->node_address.kind != 0 &&
                         vio__hwaddr_compare(&vadapter->node_address, address) == 0));
}

/* What it does not have any more is quarantined where its pool says so. */
static void leave(struct vio_change *change, size_t *count, struct vio_object *object)
{
    struct vio_ledger *ledger = change->ledger;

    object->num_left = 0;
    for (int which = 0; object->before && which < 2; which++) {
        const struct vio_address *address = address_of(object->before, which);
        struct vio_hold *hold = &object->left[object->num_left];

        if (address->kind == 0 || has(object->after, address) ||
            !vio__identities_retire(vio__store_identities(ledger->store), address,
                                    object->before->uuid, object->before->name,
                                    vio__ledger_now(ledger), hold))
            continue;
        object->num_left++;
        add_hold(change, count, address, hold);
    }
}

/* A hold on what it is to have was for it, and is over. */
static void take(struct vio_change *change, size_t *count, struct vio_object *object)
{
    struct vio_ledger *ledger = change->ledger;

    object->num_taken = 0;
    for (int which = 0; object->after && which < 2; which++) {
        const struct vio_address *address = address_of(object->after, which);
        const struct vio_hold *hold;

        if (address->kind == 0 || has(object->before, address))
            continue;
        hold = vio__identities_hold(vio__store_identities(ledger->store), address,
                                    vio__ledger_now(ledger));
        if (!hold)
            continue;
        object->taken[object->num_taken++] = *hold;
        add_hold(change, count, address, NULL);
    }
}

/* -- All of them ------------------------------------------------------------------------------- */

size_t vio__records_make(struct vio_change *change)
{
    size_t count = 0;

    for (size_t i = 0; i < change->num_objects; i++) {
        struct vio_object *object = &change->objects[i];

        if (!object->commits)
            continue;
        add_vadapter(change, &count, object, object->before, object->after);
        leave(change, &count, object);
        take(change, &count, object);
    }
    for (size_t i = 0; i < change->num_kepts; i++)
        if (change->kepts[i].commits)
            vio__kept_record(&change->kepts[i], false, next(change, &count));
    return count;
}

size_t vio__records_restore(struct vio_change *change)
{
    size_t count = 0;

    for (size_t i = 0; i < change->num_objects; i++) {
        const struct vio_object *object = &change->objects[i];

        if (!object->commits || object->doubtful)
            continue;
        add_vadapter(change, &count, object, object->after, object->restore);
        for (size_t at = 0; at < object->num_left; at++)
            add_hold(change, &count, &object->left[at].address, NULL);
        for (size_t at = 0; at < object->num_taken; at++)
            add_hold(change, &count, &object->taken[at].address, &object->taken[at]);
    }
    for (size_t i = 0; i < change->num_kepts; i++)
        if (change->kepts[i].commits)
            vio__kept_record(&change->kepts[i], true, next(change, &count));
    return count;
}

/* -- Of a change that broke off ---------------------------------------------------------------- */

/* Whether the desired state is still what the change made of it. */
static bool stands(const struct vio_ledger *ledger, const struct vio_object *object)
{
    return vio__store_generation(ledger->store, vio__object_uuid(object)) ==
           (object->after ? object->after->generation : 0);
}

/* The object has again what it left behind, which so is not held any more. */
static size_t take_back(struct vio_ledger *ledger, const struct vio_object *object,
                        struct vio_record *records)
{
    size_t count = 0;

    for (int which = 0; object->restore && which < 2; which++) {
        const struct vio_address *address = address_of(object->restore, which);
        const struct vio_hold *hold;

        if (address->kind == 0 || has(object->after, address))
            continue;
        hold = vio__identities_hold(vio__store_identities(ledger->store), address,
                                    vio__ledger_now(ledger));
        if (hold && memcmp(hold->previous, object->restore->uuid, VIO_UUID_SIZE) == 0)
            records[count++] = (struct vio_record){.kind = VIO_ROW_HOLD, .address = *address};
    }
    return count;
}

/* One that came back by an undoing took its identities out of quarantine: there they go again. */
static size_t leave_behind(struct vio_ledger *ledger, struct vio_object *object,
                           struct vio_record *records)
{
    bool came_back = !object->before && object->after && object->after->generation > 1;

    object->num_left = 0;
    for (int which = 0; came_back && which < 2; which++) {
        const struct vio_address *address = address_of(object->after, which);
        struct vio_hold *hold = &object->left[object->num_left];

        if (address->kind == 0 ||
            !vio__identities_retire(vio__store_identities(ledger->store), address,
                                    object->after->uuid, object->after->name,
                                    vio__ledger_now(ledger), hold))
            continue;
        records[object->num_left++] =
            (struct vio_record){.kind = VIO_ROW_HOLD, .address = *address, .object = hold};
    }
    return object->num_left;
}

size_t vio__records_back(struct vio_ledger *ledger, struct vio_object *objects, size_t num_objects,
                         bool whole, struct vio_record *records)
{
    size_t count = 0;

    for (size_t i = 0; i < num_objects; i++) {
        struct vio_object *object = &objects[i];
        uint64_t present = vio__store_generation(ledger->store, vio__object_uuid(object));

        if (present == (object->before ? object->before->generation : 0) ||
            !(object->doubtful || (whole && object->commits && stands(ledger, object))))
            continue;
        if (object->restore)
            object->restore->generation =
                object->after ? present + 1 : object->before->generation + 2;
        fill_vadapter(&records[count++], object, present, object->restore);
        count += take_back(ledger, object, &records[count]);
        count += leave_behind(ledger, object, &records[count]);
    }
    return count;
}
