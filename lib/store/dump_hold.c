/* SPDX-License-Identifier: MIT */
/* Holds on identities, and chassis that were met, as JSON. */
#include <libvio/error.h>

#include "lib/store/dump_objects.h"
#include "lib/store/objects.h"

static int make_hold(const struct vio_alloc *alloc, void **ret_object)
{
    *ret_object = vio__calloc(alloc, 1, sizeof(struct vio_hold));
    return *ret_object ? 0 : VIO_ENOMEM;
}

static int make_chassis(const struct vio_alloc *alloc, void **ret_object)
{
    *ret_object = vio__calloc(alloc, 1, sizeof(struct vio_met));
    return *ret_object ? 0 : VIO_ENOMEM;
}

static void drop(const struct vio_alloc *alloc, void *object)
{
    vio__free(alloc, object);
}

static int copy_hold(const struct vio_alloc *alloc, const void *object, const void *before,
                     void **ret_object)
{
    (void)before;
    *ret_object = vio__memdup(alloc, object, sizeof(struct vio_hold));
    return *ret_object ? 0 : VIO_ENOMEM;
}

static int copy_chassis(const struct vio_alloc *alloc, const void *object, const void *before,
                        void **ret_object)
{
    (void)before;
    *ret_object = vio__memdup(alloc, object, sizeof(struct vio_met));
    return *ret_object ? 0 : VIO_ENOMEM;
}

static bool is_over(const void *object, uint64_t now)
{
    const struct vio_hold *hold = object;

    return hold->until != 0 && hold->until <= now;
}

static const struct vio_dump_word states[] = {{"reserved", VIO_IDENTITY_RESERVED},
                                              {"quarantined", VIO_IDENTITY_QUARANTINED},
                                              {"external", VIO_IDENTITY_EXTERNAL},
                                              {NULL, 0}};

#define HOLD(name) VIO_DUMP_MEMBER(struct vio_hold, name)

static const struct vio_dump_field hold_field[] = {
    {.key = "address", .type = VIO_DUMP_ADDRESS, .required = true, HOLD(address)},
    {.key = "state", .type = VIO_DUMP_WORD, .required = true, .words = states, HOLD(state)},
    {.key = "until", .type = VIO_DUMP_NUMBER, .most = UINT64_MAX, HOLD(until)},
    {.key = "owner", .type = VIO_DUMP_TEXT, HOLD(owner)},
    {.key = "previous", .type = VIO_DUMP_UUID, HOLD(previous)},
};
static const struct vio_dump_fields hold_fields = VIO_DUMP_FIELDS(hold_field);

const struct vio_dump_kind vio__dump_hold = {
    .row = VIO_ROW_HOLD,
    .section = "holds",
    .noun = "hold",
    .fields = &hold_fields,
    .make = make_hold,
    .drop = drop,
    .copy = copy_hold,
    .over = is_over,
    .key = offsetof(struct vio_hold, address),
    .key_size = sizeof(struct vio_address),
    .name = SIZE_MAX,
    .addresses = {offsetof(struct vio_hold, address), SIZE_MAX},
    .address_keys = {"address"},
};

#define MET(name) VIO_DUMP_MEMBER(struct vio_met, name)

static const struct vio_dump_field chassis_field[] = {
    {.key = "name", .type = VIO_DUMP_TEXT, MET(name)},
    {.key = "uuid", .type = VIO_DUMP_UUID, .required = true, MET(uuid)},
    {.key = "uri", .type = VIO_DUMP_TEXT, MET(uri)},
    {.key = "boot_id", .type = VIO_DUMP_NUMBER, .most = UINT64_MAX, MET(boot_id)},
    {.key = "first", .type = VIO_DUMP_NUMBER, .most = UINT64_MAX, MET(first)},
    {.key = "last", .type = VIO_DUMP_NUMBER, .most = UINT64_MAX, MET(last)},
};
static const struct vio_dump_fields chassis_fields = VIO_DUMP_FIELDS(chassis_field);

const struct vio_dump_kind vio__dump_chassis = {
    .row = VIO_ROW_CHASSIS,
    .section = "chassis",
    .noun = "chassis",
    .fields = &chassis_fields,
    .make = make_chassis,
    .drop = drop,
    .copy = copy_chassis,
    .passing = "last",
    .keeps = true,
    .key = offsetof(struct vio_met, uuid),
    .key_size = VIO_UUID_SIZE,
    .name = offsetof(struct vio_met, name),
    .addresses = {SIZE_MAX, SIZE_MAX},
};
