/* SPDX-License-Identifier: MIT */
#include "tests/engine/sets.h"

#include "tests/engine/fixture.h"

#define EDITS 6

static struct vio_vadapter_spec *change_settings(void)
{
    struct vio_address mac = {.kind = VIO_ADDRESS_MAC48, .length = 6, .bytes = {2, 0, 0, 0, 9, 9}};
    struct vio_vadapter_spec *spec;

    assert_int_equal(vio__spec_new(NULL, &spec), 0);
    assert_int_equal(vio__spec_set_name(spec, "renamed"), 0);
    assert_int_equal(vio__spec_set_address(spec, &mac), 0);
    assert_int_equal(vio__spec_set_vlan_access(spec, 7), 0);
    assert_int_equal(vio__spec_set_label(spec, "tier", "web"), 0);
    return spec;
}

/* What no chassis knows of. */
static struct vio_vadapter_spec *change_labels(void)
{
    struct vio_vadapter_spec *spec;

    assert_int_equal(vio__spec_new(NULL, &spec), 0);
    assert_int_equal(vio__spec_set_label(spec, "tier", "web"), 0);
    return spec;
}

struct parts {
    struct vio_vadapter_spec *attached, *detached, *settings, *labels;
};

static size_t fill(size_t set, const struct parts *parts, struct edit edits[EDITS])
{
    const struct edit sets[NUM_SETS][EDITS] = {
        /* of everything, on both */
        {{.edit = VIO_EDIT_CREATE, .chassis = 0, .spec = parts->attached},
         {.edit = VIO_EDIT_CREATE, .chassis = 1, .spec = parts->detached},
         {.edit = VIO_EDIT_DETACH, .chassis = 0, .target = "a"},
         {.edit = VIO_EDIT_ATTACH, .chassis = 1, .target = "d", .server = "server2"},
         {.edit = VIO_EDIT_SET, .chassis = 0, .target = "b", .spec = parts->settings},
         {.edit = VIO_EDIT_SET, .chassis = 1, .target = "c", .spec = parts->labels}},
        /* moves, each on its chassis */
        {{.edit = VIO_EDIT_DETACH, .chassis = 0, .target = "a"},
         {.edit = VIO_EDIT_ATTACH, .chassis = 0, .target = "a", .server = "server2"},
         {.edit = VIO_EDIT_DETACH, .chassis = 1, .target = "c"},
         {.edit = VIO_EDIT_ATTACH, .chassis = 1, .target = "c", .server = "server2"}},
        /* one takes the place that another one leaves */
        {{.edit = VIO_EDIT_ATTACH, .chassis = 1, .target = "d", .server = "server1"},
         {.edit = VIO_EDIT_DETACH, .chassis = 1, .target = "c"},
         {.edit = VIO_EDIT_REMOVE, .chassis = 0, .target = "b"},
         {.edit = VIO_EDIT_CREATE, .chassis = 0, .spec = parts->attached}},
        /* more than one edit of one object, by its new name, and one that is made and used */
        {{.edit = VIO_EDIT_SET, .chassis = 0, .target = "b", .spec = parts->settings},
         {.edit = VIO_EDIT_ATTACH, .chassis = 0, .target = "renamed", .server = "server1"},
         {.edit = VIO_EDIT_CREATE, .chassis = 1, .spec = parts->detached},
         {.edit = VIO_EDIT_ATTACH, .chassis = 1, .target = "new1", .server = "server1"}},
    };
    size_t count = 0;

    while (count < EDITS && sets[set][count].edit != 0) {
        edits[count] = sets[set][count];
        count++;
    }
    return count;
}

struct vio_change *sets_prepare(struct world *world, size_t set, struct vio_req **ret_req)
{
    struct parts parts = {
        .attached = fixture_vnic("new0", "nic1", "server2"),
        .detached = fixture_vnic("new1", "nic1", NULL),
        .settings = change_settings(),
        .labels = change_labels(),
    };
    struct edit edits[EDITS];
    size_t count = fill(set, &parts, edits);
    struct vio_change *change = world_prepare(world, edits, count, ret_req);

    vio__spec_free(parts.attached);
    vio__spec_free(parts.detached);
    vio__spec_free(parts.settings);
    vio__spec_free(parts.labels);
    return change;
}

struct vio_req *sets_submit(struct world *world, size_t set)
{
    struct vio_req *req, *mine;

    if (!sets_prepare(world, set, &req))
        return NULL;
    assert_int_equal(vio__req_submit(req, &mine), 0);
    return mine;
}

int sets_apply(struct world *world, size_t set)
{
    struct vio_req *req = sets_submit(world, set);
    int status = world_finish(world, req);

    if (status != 0)
        print_message("%d: %s\n", status, vio_req_message(req));
    vio__req_unref(req);
    return status;
}

static void create(struct world *world, unsigned chassis, const char *name, const char *adapter,
                   const char *server)
{
    struct vio_vadapter_spec *spec = fixture_vnic(name, adapter, server);
    const struct edit edit = {.edit = VIO_EDIT_CREATE, .chassis = chassis, .spec = spec};

    assert_int_equal(world_apply(world, &edit, 1), 0);
    vio__spec_free(spec);
}

void sets_populate(struct world *world)
{
    for (unsigned i = 0; i < CHASSIS; i++)
        world_open(world, i);
    create(world, 0, "a", "nic0", "server1");
    create(world, 0, "b", "nic0", NULL);
    create(world, 1, "c", "nic1", "server1");
    create(world, 1, "d", "nic1", NULL);
    for (unsigned i = 0; i < CHASSIS; i++)
        world->fakes[i].steps = 0;
}
