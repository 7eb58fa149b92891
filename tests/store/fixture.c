/* SPDX-License-Identifier: MIT */
#include "tests/store/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/board.h"

/* -- Memory that runs out ---------------------------------------------------------------------- */

static bool fails(struct fixture *fixture)
{
    return fixture->fail_at != 0 && ++fixture->allocated == fixture->fail_at;
}

static void *scarce_malloc(size_t size, void *user)
{
    return fails(user) ? NULL : malloc(size);
}

static void *scarce_realloc(void *ptr, size_t size, void *user)
{
    return fails(user) ? NULL : realloc(ptr, size);
}

static void scarce_free(void *ptr, void *user)
{
    (void)user;
    free(ptr);
}

void fixture_loop_new(struct fixture *fixture)
{
    const struct vio_loop_config config = {
        .drive = VIO_LOOP_POLL,
        .alloc = {.malloc_fn = scarce_malloc,
                  .realloc_fn = scarce_realloc,
                  .free_fn = scarce_free,
                  .user = fixture},
        .queue_max = 16,
    };

    assert_int_equal(vio__loop_new(&config, &fixture->loop), 0);
    assert_int_equal(vio__loop_start(fixture->loop), 0);
}

void fixture_loop_free(struct fixture *fixture)
{
    board_loop_free(fixture->loop);
}

/* -- Opening ----------------------------------------------------------------------------------- */

struct opening {
    struct fixture *fixture;
    struct fixture_end end;
};

static void on_open(void *user, int status, const char *text)
{
    struct opening *opening = user;

    snprintf(opening->fixture->text, sizeof(opening->fixture->text), "%s", text);
    fixture_end(&opening->end, status);
}

int fixture_try_open(struct fixture *fixture)
{
    const struct vio_backend_config config = {.create = true};
    struct opening opening = {.fixture = fixture};
    int status = vio__store_open(fixture->loop, fixture->ops, fixture->location, &config, on_open,
                                 &opening, &fixture->store);

    if (status != 0)
        return status;
    status = fixture_await(fixture, &opening.end);
    if (status != 0)
        fixture_close(fixture);
    return status;
}

void fixture_open(struct fixture *fixture)
{
    assert_int_equal(fixture_try_open(fixture), 0);
}

void fixture_close(struct fixture *fixture)
{
    struct fixture_end end = {0};

    vio__store_close(fixture->store, fixture_end, &end);
    fixture_await(fixture, &end);
}

/* -- Calls ------------------------------------------------------------------------------------- */

void fixture_end(void *user, int status)
{
    static unsigned order;
    struct fixture_end *end = user;

    assert_false(end->done);
    end->done = true;
    end->status = status;
    end->order = ++order;
}

int fixture_await(struct fixture *fixture, struct fixture_end *end)
{
    board_await(fixture->loop, &end->done);
    return end->status;
}

int fixture_commit(struct fixture *fixture, const struct vio_record *records, size_t count)
{
    struct fixture_end end = {0};
    struct vio_commit commit = {
        .records = records, .count = count, .done = fixture_end, .user = &end};
    int status = vio__store_commit(fixture->store, &commit);

    return status != 0 ? status : fixture_await(fixture, &end);
}

int fixture_commit_one(struct fixture *fixture, struct vio_record record)
{
    return fixture_commit(fixture, &record, 1);
}

int fixture_refresh(struct fixture *fixture)
{
    struct fixture_end end = {0};
    int status = vio__store_refresh(fixture->store, fixture_end, &end);

    return status != 0 ? status : fixture_await(fixture, &end);
}

/* -- Objects ----------------------------------------------------------------------------------- */

struct vio_address fixture_mac(uint8_t mac)
{
    return (struct vio_address){
        .kind = VIO_ADDRESS_MAC48, .length = 6, .bytes = {2, 0, 0, 0, 0, mac}};
}

struct vio_vadapter_info *fixture_make(uint8_t uuid, const char *name, uint8_t mac)
{
    struct vio_vadapter_info *vadapter;

    assert_int_equal(vio__vadapter_new(NULL, &vadapter), 0);
    vadapter->uuid[0] = uuid;
    vadapter->generation = 1;
    vadapter->kind = VIO_VADAPTER_VNIC;
    vadapter->chassis[0] = 7;
    vadapter->server = 1;
    vadapter->adapter = 2;
    snprintf(vadapter->name, sizeof(vadapter->name), "%s", name);
    vadapter->address = fixture_mac(mac);
    return vadapter;
}

struct vio_vadapter_info *fixture_next(const struct vio_vadapter_info *vadapter, const char *name)
{
    struct vio_vadapter_info *next;

    assert_int_equal(vio__vadapter_copy(vadapter, &next), 0);
    next->generation++;
    snprintf(next->name, sizeof(next->name), "%s", name);
    return next;
}

struct vio_record fixture_put(const struct vio_vadapter_info *vadapter)
{
    struct vio_record record = {
        .kind = VIO_ROW_VADAPTER, .replaces = vadapter->generation - 1, .object = vadapter};

    memcpy(record.uuid, vadapter->uuid, sizeof(record.uuid));
    return record;
}

struct vio_record fixture_remove(const struct vio_vadapter_info *vadapter)
{
    struct vio_record record = {.kind = VIO_ROW_VADAPTER, .replaces = vadapter->generation};

    memcpy(record.uuid, vadapter->uuid, sizeof(record.uuid));
    return record;
}

bool fixture_has_name(struct fixture *fixture, const char *name)
{
    struct vio_vadapter_info *vadapter;
    int status = vio__store_find_name(fixture->store, name, &vadapter);

    if (status != 0) {
        assert_int_equal(status, VIO_ENOENT);
        return false;
    }
    assert_string_equal(vadapter->name, name);
    vio__vadapter_unref(vadapter);
    return true;
}

bool fixture_has_mac(struct fixture *fixture, uint8_t mac)
{
    const struct vio_address address = fixture_mac(mac);
    struct vio_vadapter_info *vadapter;
    int status = vio__store_find_address(fixture->store, &address, &vadapter);

    if (status != 0) {
        assert_int_equal(status, VIO_ENOENT);
        return false;
    }
    assert_memory_equal(&vadapter->address, &address, sizeof(address));
    vio__vadapter_unref(vadapter);
    return true;
}
