/* SPDX-License-Identifier: MIT */
/* Commits against other processes, files that fail, and memory that runs out. */
#include <stdio.h>
#include <string.h>

#include "lib/domain/pool.h"
#include "lib/store/codec.h"
#include "tests/store/fake.h"
#include "tests/store/fixture.h"

static struct fixture fixture;

static int setup(void **state)
{
    (void)state;
    fixture = (struct fixture){.ops = &fake_backend, .location = ""};
    fake_reset();
    fixture_loop_new(&fixture);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fixture_loop_free(&fixture);
    return 0;
}

static int setup_open(void **state)
{
    setup(state);
    fixture_open(&fixture);
    return 0;
}

static int teardown_open(void **state)
{
    fixture_close(&fixture);
    return teardown(state);
}

/* What another process writes. */
static uint64_t foreign(uint64_t row, const struct vio_vadapter_info *vadapter)
{
    struct vio_buf buf;

    vio__buf_init(&buf, NULL, FAKE_BODY);
    assert_int_equal(vio__codec_encode(VIO_ROW_VADAPTER, vadapter, &buf), 0);
    if (row == 0)
        row = fake_foreign_add(VIO_ROW_VADAPTER, buf.data, buf.size);
    else
        fake_foreign_set(row, VIO_ROW_VADAPTER, buf.data, buf.size);
    vio__buf_free(&buf);
    return row;
}

struct waiting {
    struct vio_record record;
    struct vio_commit commit;
    struct fixture_end end;
};

static void queue(struct waiting *waiting, struct vio_record record, bool lazy)
{
    *waiting = (struct waiting){.record = record};
    waiting->commit = (struct vio_commit){.records = &waiting->record,
                                          .count = 1,
                                          .lazy = lazy,
                                          .done = fixture_end,
                                          .user = &waiting->end};
    assert_int_equal(vio__store_commit(fixture.store, &waiting->commit), 0);
}

/* -- Other processes --------------------------------------------------------------------------- */

static void rows_of_others_are_seen_after_a_refresh(void **state)
{
    struct vio_vadapter_info *a = fixture_make(1, "a", 1), *b = fixture_make(2, "b", 2);
    uint64_t row_a = foreign(0, a), row_b = foreign(0, b);

    (void)state;
    assert_int_equal(fixture_refresh(&fixture), 0);
    assert_true(fixture_has_name(&fixture, "a") && fixture_has_mac(&fixture, 2));
    strcpy(a->name, "b"); /* they exchange their names and identities */
    strcpy(b->name, "a");
    a->address = fixture_mac(2);
    b->address = fixture_mac(1);
    a->generation = b->generation = 2;
    foreign(row_a, a);
    foreign(row_b, b);
    assert_int_equal(fixture_refresh(&fixture), 0);
    assert_int_equal(vio__store_count(fixture.store), 2);
    assert_int_equal(vio__store_generation(fixture.store, a->uuid), 2);
    fake_foreign_set(row_a, VIO_ROW_VADAPTER, NULL, 0);
    assert_int_equal(fixture_refresh(&fixture), 0);
    assert_false(fixture_has_name(&fixture, "b"));
    assert_true(fixture_has_mac(&fixture, 1));
    vio__vadapter_unref(a);
    vio__vadapter_unref(b);
}

static void a_row_that_was_given_anew_is_another_object(void **state)
{
    struct vio_vadapter_info *a = fixture_make(1, "a", 1), *b = fixture_make(2, "a", 1);
    uint64_t row = foreign(0, a);

    (void)state;
    assert_int_equal(fixture_refresh(&fixture), 0);
    foreign(row, b);
    assert_int_equal(fixture_refresh(&fixture), 0);
    assert_false(vio__store_has(fixture.store, a->uuid));
    assert_true(vio__store_has(fixture.store, b->uuid));
    vio__vadapter_unref(a);
    vio__vadapter_unref(b);
}

static uint64_t foreign_pool(uint64_t row, uint8_t uuid, const char *name, uint8_t first,
                             uint8_t last)
{
    const struct vio_pool_range range = {.first = fixture_mac(first), .last = fixture_mac(last)};
    struct vio_pool_info *pool;
    struct vio_buf buf;

    assert_int_equal(vio__pool_new(NULL, &pool), 0);
    pool->uuid[0] = uuid;
    pool->generation = 1;
    pool->purpose = VIO_POOL_MAC;
    strcpy(pool->name, name);
    assert_int_equal(vio__pool_ranges_append(NULL, &pool->ranges, &range), 0);
    vio__buf_init(&buf, NULL, FAKE_BODY);
    assert_int_equal(vio__codec_encode(VIO_ROW_POOL, pool, &buf), 0);
    if (row == 0)
        row = fake_foreign_add(VIO_ROW_POOL, buf.data, buf.size);
    else
        fake_foreign_set(row, VIO_ROW_POOL, buf.data, buf.size);
    vio__buf_free(&buf);
    vio__pool_unref(pool);
    return row;
}

static void pools_of_others_are_taken_in_after_what_uses_them(void **state)
{
    struct vio_identities *identities = vio__store_identities(fixture.store);
    struct vio_vadapter_info *vadapter = fixture_make(1, "one", 5);
    struct vio_address address = fixture_mac(5);
    struct vio_identity_info info;
    uint64_t row, low, high;

    (void)state;
    low = foreign_pool(0, 1, "low", 1, 3);
    high = foreign_pool(0, 2, "high", 4, 9);
    row = foreign(0, vadapter);
    assert_int_equal(fixture_refresh(&fixture), 0);
    vio__identities_look(identities, &address, 0, &info);
    assert_string_equal(info.pool, "high");
    assert_int_equal(info.state, VIO_IDENTITY_ASSIGNED);
    foreign_pool(low, 1, "low", 1, 6); /* what the other one gives up, and nobody uses any more */
    foreign_pool(high, 2, "high", 7, 9);
    fake_foreign_set(row, VIO_ROW_VADAPTER, NULL, 0);
    assert_int_equal(fixture_refresh(&fixture), 0);
    vio__identities_look(identities, &address, 0, &info);
    assert_string_equal(info.pool, "low");
    assert_int_equal(info.state, VIO_IDENTITY_FREE);
    fake_foreign_set(low, VIO_ROW_POOL, NULL, 0);
    assert_int_equal(fixture_refresh(&fixture), 0);
    assert_int_equal(vio__identities_num_pools(identities), 1);
    vio__vadapter_unref(vadapter);
}

static void commits_that_others_contradict_fail_alone(void **state)
{
    struct vio_vadapter_info *mine = fixture_make(1, "mine", 1), *changed;
    struct vio_vadapter_info *name = fixture_make(2, "taken", 2), *identity;
    struct vio_vadapter_info *good = fixture_make(4, "good", 4), *theirs;
    struct waiting stale, named, doubled, fine;

    (void)state;
    identity = fixture_make(3, "free", 9);
    theirs = fixture_make(8, "taken", 9);
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(mine)), 0);
    changed = fixture_next(mine, "changed");
    queue(&stale, fixture_put(changed), false);
    queue(&named, fixture_put(name), false);
    queue(&doubled, fixture_put(identity), false);
    queue(&fine, fixture_put(good), false);
    strcpy(changed->name, "elsewhere");
    foreign(1, changed);
    strcpy(changed->name, "changed");
    foreign(0, theirs);
    assert_int_equal(fixture_await(&fixture, &stale.end), VIO_ESTALE);
    assert_int_equal(fixture_await(&fixture, &named.end), VIO_EEXIST);
    assert_int_equal(fixture_await(&fixture, &doubled.end), VIO_EDUPLICATE);
    assert_int_equal(fixture_await(&fixture, &fine.end), 0);
    assert_true(fixture_has_name(&fixture, "elsewhere"));
    assert_true(fixture_has_name(&fixture, "good"));
    assert_false(fixture_has_name(&fixture, "free"));
    assert_int_equal(vio__store_count(fixture.store), 3);
    assert_int_equal(fake_count(), 3);
    vio__vadapter_unref(mine);
    vio__vadapter_unref(changed);
    vio__vadapter_unref(name);
    vio__vadapter_unref(identity);
    vio__vadapter_unref(good);
    vio__vadapter_unref(theirs);
}

static void a_damaged_row_of_others_stops_the_writing(void **state)
{
    struct vio_vadapter_info *vadapter = fixture_make(1, "one", 1);

    (void)state;
    fake_foreign_add(VIO_ROW_VADAPTER, "rubbish", 7);
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(vadapter)), VIO_EVERSION);
    assert_non_null(strstr(vio__store_error(fixture.store), "row 1"));
    assert_int_equal(vio__store_count(fixture.store), 0);
    vio__vadapter_unref(vadapter);
}

/* -- Transactions ------------------------------------------------------------------------------ */

static struct vio_vadapter_info *later[3];
static struct waiting waiting[3];

static void queue_later(void)
{
    for (size_t i = 0; i < 3; i++)
        queue(&waiting[i], fixture_put(later[i]), false);
}

static void free_later(void)
{
    for (size_t i = 0; i < 3; i++)
        vio__vadapter_unref(later[i]);
}

static void commits_gather_while_one_is_written(void **state)
{
    struct vio_vadapter_info *first = fixture_make(9, "first", 9);

    (void)state;
    for (uint8_t i = 0; i < 3; i++) {
        char name[8];

        snprintf(name, sizeof(name), "v%u", i);
        later[i] = fixture_make((uint8_t)(i + 1), name, i);
    }
    fake_file.meanwhile = queue_later;
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(first)), 0);
    assert_int_equal(fixture_await(&fixture, &waiting[2].end), 0);
    assert_int_equal(fake_file.transactions, 2);
    assert_int_equal(vio__store_count(fixture.store), 4);
    vio__vadapter_unref(first);
    free_later();
}

static void a_lazy_commit_waits_for_company(void **state)
{
    struct vio_vadapter_info *a = fixture_make(1, "a", 1), *b = fixture_make(2, "b", 2);
    struct waiting lazy, eager;

    (void)state;
    queue(&lazy, fixture_put(a), true);
    for (int i = 0; i < 10; i++)
        vio__loop_dispatch(fixture.loop);
    assert_false(lazy.end.done);
    assert_int_equal(fake_file.transactions, 0);
    queue(&eager, fixture_put(b), false);
    assert_int_equal(fixture_await(&fixture, &eager.end), 0);
    assert_true(lazy.end.done && lazy.end.status == 0);
    assert_true(lazy.end.order < eager.end.order);
    assert_int_equal(fake_file.transactions, 1);
    vio__vadapter_unref(a);
    vio__vadapter_unref(b);
}

static void what_builds_on_a_failed_transaction_fails_too(void **state)
{
    struct vio_vadapter_info *a = fixture_make(1, "a", 1);

    (void)state;
    later[0] = fixture_next(a, "next");
    later[1] = fixture_next(later[0], "after-next");
    later[2] = fixture_make(2, "other", 2);
    fake_file.fail_at = 3; /* after opening and loading */
    fake_file.fail_late = true;
    fake_file.meanwhile = queue_later;
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(a)), VIO_EIO);
    assert_int_equal(fixture_await(&fixture, &waiting[0].end), VIO_ESTALE);
    assert_int_equal(fixture_await(&fixture, &waiting[1].end), VIO_ESTALE);
    assert_int_equal(fixture_await(&fixture, &waiting[2].end), 0);
    assert_int_equal(vio__store_count(fixture.store), 1);
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(a)), 0);
    vio__vadapter_unref(a);
    free_later();
}

/* -- Files that are not as they should be ------------------------------------------------------ */

static void add_row(uint64_t id, const struct vio_vadapter_info *vadapter)
{
    fake_file.last_row = id - 1;
    foreign(0, vadapter);
}

static void what_contradicts_itself_is_refused_by_its_row(void **state)
{
    struct vio_vadapter_info *a = fixture_make(1, "a", 1), *b = fixture_make(2, "b", 2);

    (void)state;
    add_row(3, a);
    add_row(7, b);
    fake_find(7)->body[4] = 1; /* the UUID's first byte */
    assert_int_equal(fixture_try_open(&fixture), VIO_ECORRUPT);
    assert_non_null(strstr(fixture.text, "row 7"));
    assert_non_null(strstr(fixture.text, "UUID of row 3"));
    strcpy(b->name, "a");
    foreign(7, b);
    assert_int_equal(fixture_try_open(&fixture), VIO_ECORRUPT);
    assert_non_null(strstr(fixture.text, "name of row 3"));
    strcpy(b->name, "b");
    b->address = fixture_mac(1);
    foreign(7, b);
    assert_int_equal(fixture_try_open(&fixture), VIO_ECORRUPT);
    assert_non_null(strstr(fixture.text, "identity of row 3"));
    fake_foreign_set(7, VIO_ROW_VADAPTER, NULL, 0);
    assert_int_equal(fixture_try_open(&fixture), 0);
    fixture_close(&fixture);
    vio__vadapter_unref(a);
    vio__vadapter_unref(b);
}

static void damaged_and_later_rows_are_refused_by_name(void **state)
{
    struct vio_vadapter_info *a = fixture_make(1, "a", 1);

    (void)state;
    add_row(3, a);
    fake_find(3)->size--;
    assert_int_equal(fixture_try_open(&fixture), VIO_ECORRUPT);
    assert_non_null(strstr(fixture.text, "row 3 of kind 1 is damaged"));
    fake_find(3)->size++;
    fake_find(3)->body[0] = 2; /* the version */
    assert_int_equal(fixture_try_open(&fixture), VIO_EVERSION);
    assert_non_null(strstr(fixture.text, "row 3"));
    fake_find(3)->body[0] = 1;
    fake_find(3)->kind = (enum vio_row_kind)99;
    assert_int_equal(fixture_try_open(&fixture), VIO_EVERSION);
    vio__vadapter_unref(a);
}

/* -- Everything in turn ------------------------------------------------------------------------ */

/* What the store shows is what the file has. */
static void check_against_file(void)
{
    size_t vadapters = 0;

    for (size_t i = 0; i < FAKE_ROWS; i++) {
        const struct fake_row *row = &fake_file.rows[i];
        struct vio_vadapter_info *kept, *shown;

        if (row->id == 0 || row->kind != VIO_ROW_VADAPTER)
            continue;
        vadapters++;
        assert_int_equal(vio__codec_vadapter(NULL, row->body, row->size, &kept), 0);
        assert_int_equal(vio__store_find_name(fixture.store, kept->name, &shown), 0);
        assert_true(vio__vadapter_equal(kept, shown));
        assert_int_equal(kept->generation, shown->generation);
        assert_true(fixture_has_mac(&fixture, kept->address.bytes[5]));
        vio__vadapter_unref(kept);
        vio__vadapter_unref(shown);
    }
    assert_int_equal(vio__store_count(fixture.store), vadapters);
}

struct objects {
    struct vio_vadapter_info *a, *b, *a2, *theirs;
};

/* Some of everything; what fails changes nothing, and the rest goes on. */
static void live(struct objects *objects)
{
    const struct vio_met met = {.uuid = {5}, .name = "chassis"};
    struct vio_record records[3] = {fixture_put(objects->a),
                                    fixture_put(objects->b),
                                    {.kind = VIO_ROW_CHASSIS, .uuid = {5}, .object = &met}};
    struct vio_vadapter_info **list;
    size_t count;
    int status;

    if (fixture_try_open(&fixture) != 0)
        return;
    status = fixture_commit(&fixture, records, 3);
    assert_int_equal(vio__store_count(fixture.store), status == 0 ? 2 : 0);
    status = fixture_commit_one(&fixture, fixture_put(objects->a2));
    assert_int_equal(vio__store_generation(fixture.store, objects->a->uuid) == 2, status == 0);
    if (fake_file.num_foreign == 0 && !fake_find(40))
        add_row(40, objects->theirs);
    (void)fixture_refresh(&fixture);
    if (fixture_commit_one(&fixture, fixture_remove(objects->b)) == 0)
        assert_false(vio__store_has(fixture.store, objects->b->uuid));
    if (vio__store_list(fixture.store, objects->a->chassis, &list, &count) == 0)
        vio__store_free_list(fixture.store, list, count);
    fixture.fail_at = 0;
    fake_file.fail_at = 0;
    assert_int_equal(fixture_refresh(&fixture), 0);
    check_against_file();
    fixture_close(&fixture);
    assert_int_equal(fixture_try_open(&fixture), 0);
    check_against_file();
    fixture_close(&fixture);
}

static struct objects make_objects(void)
{
    struct objects objects = {.a = fixture_make(1, "a", 1), .b = fixture_make(2, "b", 2)};

    objects.a2 = fixture_next(objects.a, "a2");
    objects.theirs = fixture_make(9, "theirs", 9);
    return objects;
}

static void free_objects(struct objects *objects)
{
    vio__vadapter_unref(objects->a);
    vio__vadapter_unref(objects->b);
    vio__vadapter_unref(objects->a2);
    vio__vadapter_unref(objects->theirs);
}

static void any_allocation_may_fail(void **state)
{
    struct objects objects = make_objects();
    unsigned long at = 0, reached;

    (void)state;
    do {
        fake_reset();
        fixture.fail_at = ++at;
        fixture.allocated = 0;
        live(&objects);
        reached = fixture.allocated;
        fixture.fail_at = 0;
    } while (reached >= at);
    assert_true(at > 20);
    free_objects(&objects);
}

static void any_call_of_the_backend_may_fail(void **state)
{
    struct objects objects = make_objects();

    (void)state;
    for (unsigned at = 1; at <= 7; at++) {
        for (int late = 0; late <= 1; late++) {
            fake_reset();
            fake_file.fail_at = at;
            fake_file.fail_late = late;
            live(&objects);
        }
    }
    free_objects(&objects);
}

int main(void)
{
#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, setup_open, teardown_open)
#define WITH_LOOP(test)  cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_STORE(rows_of_others_are_seen_after_a_refresh),
        WITH_STORE(a_row_that_was_given_anew_is_another_object),
        WITH_STORE(pools_of_others_are_taken_in_after_what_uses_them),
        WITH_STORE(commits_that_others_contradict_fail_alone),
        WITH_STORE(a_damaged_row_of_others_stops_the_writing),
        WITH_STORE(commits_gather_while_one_is_written),
        WITH_STORE(a_lazy_commit_waits_for_company),
        WITH_STORE(what_builds_on_a_failed_transaction_fails_too),
        WITH_LOOP(what_contradicts_itself_is_refused_by_its_row),
        WITH_LOOP(damaged_and_later_rows_are_refused_by_name),
        WITH_LOOP(any_allocation_may_fail),
        WITH_LOOP(any_call_of_the_backend_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
