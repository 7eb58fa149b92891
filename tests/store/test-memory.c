/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/loop/loop.h"
#include "lib/store/store.h"
#include "tests/support/board.h"
#include "tests/support/test.h"

static struct vio_loop *loop;
static struct vio_store *store;

struct end {
    bool done;
    int status;
};

static void on_open(void *user, int status, const char *text)
{
    struct end *end = user;

    (void)text;
    end->done = true;
    end->status = status;
}

static void on_end(void *user, int status)
{
    struct end *end = user;

    end->done = true;
    end->status = status;
}

static int open_store(void **state)
{
    const struct vio_backend_config config = {.create = true};
    struct end end = {0};

    (void)state;
    loop = board_loop_new();
    assert_int_equal(
        vio__store_open(loop, &vio__backend_memory, "", &config, on_open, &end, &store), 0);
    board_await(loop, &end.done);
    assert_int_equal(end.status, 0);
    return 0;
}

static int close_store(void **state)
{
    struct end end = {0};

    (void)state;
    vio__store_close(store, on_end, &end);
    board_await(loop, &end.done);
    board_loop_free(loop);
    return 0;
}

static struct vio_vadapter_info *make(uint8_t uuid, const char *name, uint8_t mac)
{
    struct vio_vadapter_info *vadapter;

    assert_int_equal(vio__vadapter_new(NULL, &vadapter), 0);
    vadapter->uuid[0] = uuid;
    vadapter->generation = 1;
    snprintf(vadapter->name, sizeof(vadapter->name), "%s", name);
    vadapter->address =
        (struct vio_address){.kind = VIO_ADDRESS_MAC48, .length = 6, .bytes = {2, 0, 0, 0, 0, mac}};
    return vadapter;
}

static struct vio_record record_of(struct vio_vadapter_info *vadapter, uint64_t replaces)
{
    struct vio_record record = {.kind = VIO_ROW_VADAPTER, .replaces = replaces, .object = vadapter};

    memcpy(record.uuid, vadapter->uuid, sizeof(record.uuid));
    return record;
}

static bool is_named(const char *name)
{
    struct vio_vadapter_info *vadapter;
    int status = vio__store_find_name(store, name, &vadapter);

    if (status == 0)
        vio__vadapter_unref(vadapter);
    else
        assert_int_equal(status, VIO_ENOENT);
    return status == 0;
}

static int commit(const struct vio_record *records, size_t count)
{
    struct end end = {0};
    struct vio_commit commit = {.records = records, .count = count, .done = on_end, .user = &end};
    int status = vio__store_commit(store, &commit);

    if (status != 0)
        return status;
    board_await(loop, &end.done);
    return end.status;
}

static void what_is_committed_is_found(void **state)
{
    struct vio_vadapter_info *vadapter = make(1, "one", 1);
    struct vio_record record = record_of(vadapter, 0);
    struct vio_vadapter_info **list;
    size_t count;

    (void)state;
    assert_false(is_named("one"));
    assert_int_equal(commit(&record, 1), 0);
    assert_true(vio__store_has(store, vadapter->uuid));
    assert_true(is_named("one"));
    assert_int_equal(vio__store_list(store, NULL, &list, &count), 0);
    assert_int_equal(count, 1);
    vio__store_free_list(store, list, count);
    record.replaces = 1;
    record.object = NULL;
    assert_int_equal(commit(&record, 1), 0);
    assert_false(is_named("one"));
    assert_int_equal(vio__store_count(store), 0);
    vio__vadapter_unref(vadapter);
}

static void of_two_commits_on_one_generation_one_wins(void **state)
{
    struct vio_vadapter_info *first = make(1, "one", 1);
    struct vio_vadapter_info *second;
    struct vio_record record = record_of(first, 0);

    (void)state;
    assert_int_equal(commit(&record, 1), 0);
    assert_int_equal(commit(&record, 1), VIO_ESTALE);
    assert_int_equal(vio__vadapter_copy(first, &second), 0);
    second->generation = 2;
    snprintf(second->name, sizeof(second->name), "renamed");
    record = record_of(second, 1);
    assert_int_equal(commit(&record, 1), 0);
    assert_int_equal(commit(&record, 1), VIO_ESTALE);
    assert_false(is_named("one"));
    assert_true(is_named("renamed"));
    vio__vadapter_unref(first);
    vio__vadapter_unref(second);
}

static void a_commit_is_all_or_nothing(void **state)
{
    struct vio_vadapter_info *a = make(1, "a", 1), *b = make(2, "b", 1), *c = make(3, "a", 3);
    struct vio_record records[2] = {record_of(a, 0), record_of(b, 0)};

    (void)state;
    assert_int_equal(commit(records, 2), VIO_EDUPLICATE); /* one identity twice */
    assert_int_equal(vio__store_count(store), 0);
    assert_null(vio__claims_who_named(vio__store_claims(store), "a"));
    records[1] = record_of(c, 0);
    assert_int_equal(commit(records, 2), VIO_EEXIST); /* one name twice */
    assert_int_equal(vio__store_count(store), 0);
    vio__vadapter_unref(a);
    vio__vadapter_unref(b);
    vio__vadapter_unref(c);
}

static void what_is_claimed_is_refused_to_others(void **state)
{
    struct vio_claims *claims = vio__store_claims(store);
    struct vio_vadapter_info *vadapter = make(1, "wanted", 1);
    struct vio_record record = record_of(vadapter, 0);
    static const uint8_t other[16] = {9};

    (void)state;
    assert_int_equal(vio__claims_name(claims, "wanted", other), 0);
    assert_int_equal(commit(&record, 1), VIO_EEXIST);
    vio__claims_drop_name(claims, "wanted");
    assert_int_equal(commit(&record, 1), 0);
    assert_int_equal(vio__claims_name(claims, "wanted", other), VIO_EEXIST);
    vio__vadapter_unref(vadapter);
}

static void commits_keep_their_order(void **state)
{
    struct vio_vadapter_info *first = make(1, "one", 1), *second;
    struct vio_record records[2];
    struct end ends[2] = {{0}, {0}};
    struct vio_commit commits[2];

    (void)state;
    assert_int_equal(vio__vadapter_copy(first, &second), 0);
    second->uuid[0] = 2;
    second->address.bytes[5] = 2;
    snprintf(second->name, sizeof(second->name), "two");
    for (int i = 0; i < 2; i++) {
        records[i] = record_of(i == 0 ? first : second, 0);
        commits[i] = (struct vio_commit){
            .records = &records[i], .count = 1, .done = on_end, .user = &ends[i]};
        assert_int_equal(vio__store_commit(store, &commits[i]), 0);
    }
    board_await(loop, &ends[1].done);
    assert_true(ends[0].done);
    assert_int_equal(vio__store_count(store), 2);
    vio__vadapter_unref(first);
    vio__vadapter_unref(second);
}

int main(void)
{
#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, open_store, close_store)
    const struct CMUnitTest tests[] = {
        WITH_STORE(what_is_committed_is_found),
        WITH_STORE(of_two_commits_on_one_generation_one_wins),
        WITH_STORE(a_commit_is_all_or_nothing),
        WITH_STORE(what_is_claimed_is_refused_to_others),
        WITH_STORE(commits_keep_their_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
