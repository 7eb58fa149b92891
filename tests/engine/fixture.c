/* SPDX-License-Identifier: MIT */
#include "tests/engine/fixture.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/engine/observe.h"
#include "tests/support/board.h"

static const struct vio_req_class change_class = {
    .name = "change",
    .op_size = sizeof(struct vio_change),
    .start = vio__change_start,
    .cancel = vio__change_cancel,
    .destroy = vio__change_destroy,
};

static const struct vio_req_class observe_class = {
    .name = "observe",
    .op_size = sizeof(struct vio_observe),
    .start = vio__observe_start,
    .cancel = vio__observe_cancel,
    .destroy = vio__observe_destroy,
};

static bool is_refused(void *user)
{
    struct fixture *fixture = user;

    return fixture->allocations++ == fixture->refuse_at;
}

static void *allocate(size_t size, void *user)
{
    return is_refused(user) ? NULL : malloc(size);
}

static void *reallocate(void *ptr, size_t size, void *user)
{
    return is_refused(user) ? NULL : realloc(ptr, size);
}

static void release(void *ptr, void *user)
{
    (void)user;
    free(ptr);
}

static void on_end(void *user, int status, const char *text)
{
    struct fixture *fixture = user;

    fixture->ended = true;
    fixture->status = status;
    snprintf(fixture->text, sizeof(fixture->text), "%s", text);
}

void fixture_run(struct fixture *fixture, const bool *done)
{
    for (unsigned turns = 0; !*done; turns++) {
        assert_true(turns < 100000);
        assert_int_equal(vio__loop_dispatch(fixture->loop), 0);
    }
}

void fixture_make(struct fixture *fixture)
{
    struct vio_loop_config config = {
        .drive = VIO_LOOP_POLL,
        .alloc = {allocate, reallocate, release, fixture},
        .queue_max = 16,
    };

    memset(fixture, 0, sizeof(*fixture));
    fixture->refuse_at = UINT_MAX;
    assert_int_equal(vio__loop_new(&config, &fixture->loop), 0);
    assert_int_equal(vio__loop_start(fixture->loop), 0);
    vio__loop_set_virtual(fixture->loop);
    assert_int_equal(vio__ledgers_new(fixture->loop, &fixture->ledgers), 0);
    fake_make(&fixture->fake, fixture->loop);
}

int fixture_new_engine(struct fixture *fixture, const struct vio_engine_config *config)
{
    struct vio_engine_config complete = *config;

    complete.ledgers = fixture->ledgers;
    return vio__engine_new(fixture->loop, &complete, &fixture->engine);
}

void fixture_open(struct fixture *fixture, const struct vio_engine_config *config)
{
    fixture->ended = false;
    assert_int_equal(fixture_new_engine(fixture, config), 0);
    assert_int_equal(vio__engine_open(fixture->engine, on_end, fixture), 0);
    vio__loop_hold(fixture->loop);
    fixture_run(fixture, &fixture->ended);
    vio__loop_release(fixture->loop);
    if (fixture->status != 0) {
        vio__engine_free(fixture->engine);
        fixture->engine = NULL;
    }
}

void fixture_ready(struct fixture *fixture)
{
    const struct vio_engine_config config = {
        .driver = &fake_driver_ops,
        .adopt = true,
        .uri = "fake:",
        .holder = "a test",
        .timeout = 1000000000,
    };

    fixture_make(fixture);
    fixture_open(fixture, &config);
    assert_int_equal(fixture->status, 0);
}

void fixture_close(struct fixture *fixture)
{
    fixture->ended = false;
    vio__engine_close(fixture->engine, on_end, fixture);
    fixture_run(fixture, &fixture->ended);
    vio__engine_free(fixture->engine);
    fixture->engine = NULL;
}

void fixture_drop(struct fixture *fixture)
{
    if (fixture->engine)
        fixture_close(fixture);
    assert_false(fixture->fake.open);
    vio__ledgers_free(fixture->ledgers);
    board_loop_free(fixture->loop);
    fake_drop(&fixture->fake);
}

struct vio_req *fixture_submit(struct fixture *fixture, enum vio_edit edit, const char *target,
                               const char *server, const struct vio_vadapter_spec *spec)
{
    struct vio_req *req;
    struct vio_req *mine;
    struct vio_change *change;
    struct vio_item *item;

    if (vio__req_new(fixture->loop, &change_class, NULL, NULL, &req) != 0)
        return NULL;
    change = vio__req_op(req);
    assert_int_equal(vio__change_set_count(change, vio__req_alloc(req), 1), 0);
    item = &change->items[0];
    item->engine = fixture->engine;
    item->edit = edit;
    snprintf(item->target, sizeof(item->target), "%s", target ? target : "");
    snprintf(item->server, sizeof(item->server), "%s", server ? server : "");
    if (spec)
        assert_int_equal(vio__spec_copy(NULL, spec, &item->spec), 0);
    assert_int_equal(vio__req_submit(req, &mine), 0);
    return mine;
}

int fixture_finish(struct fixture *fixture, struct vio_req *req)
{
    for (unsigned turns = 0; !vio__req_is_complete(req); turns++) {
        assert_true(turns < 100000);
        assert_int_equal(vio__loop_dispatch(fixture->loop), 0);
    }
    return vio__req_status(req);
}

int fixture_change(struct fixture *fixture, enum vio_edit edit, const char *target,
                   const char *server, const struct vio_vadapter_spec *spec)
{
    struct vio_req *req = fixture_submit(fixture, edit, target, server, spec);
    int status = fixture_finish(fixture, req);

    vio__req_unref(req);
    return status;
}

int fixture_observe(struct fixture *fixture, struct vio_inventory **ret_inventory)
{
    struct vio_req *req, *mine;
    struct vio_observe *observe;
    int status;

    assert_int_equal(vio__req_new(fixture->loop, &observe_class, NULL, NULL, &req), 0);
    observe = vio__req_op(req);
    observe->engine = fixture->engine;
    assert_int_equal(vio__req_submit(req, &mine), 0);
    status = fixture_finish(fixture, mine);
    if (status == 0)
        *ret_inventory = vio__inventory_ref(vio__req_result(mine, "inventory"));
    vio__req_unref(mine);
    return status;
}

struct vio_vadapter_spec *fixture_vnic(const char *name, const char *adapter, const char *server)
{
    struct vio_vadapter_spec *spec;

    assert_int_equal(vio__spec_new(NULL, &spec), 0);
    assert_int_equal(vio__spec_set_kind(spec, VIO_VADAPTER_VNIC), 0);
    if (name)
        assert_int_equal(vio__spec_set_name(spec, name), 0);
    assert_int_equal(vio__spec_set_adapter(spec, adapter), 0);
    assert_int_equal(vio__spec_set_server(spec, server), 0);
    return spec;
}
