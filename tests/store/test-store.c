/* SPDX-License-Identifier: MIT */
/* What a store promises, whatever its backend. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/store/fake.h"
#include "tests/store/fixture.h"
#include "tests/store/shelf.h"

static struct fixture fixture;
static char folder[256], path[300];

static int setup_loop(const struct vio_backend_ops *ops, const char *location)
{
    fixture = (struct fixture){.ops = ops, .location = location};
    fake_reset();
    fixture_loop_new(&fixture);
    fixture_open(&fixture);
    return 0;
}

static int setup_memory(void **state)
{
    (void)state;
    return setup_loop(&vio__backend_memory, "");
}

static int setup_fake(void **state)
{
    (void)state;
    return setup_loop(&fake_backend, "");
}

static int setup_sqlite(void **state)
{
    (void)state;
    shelf_folder(folder);
    snprintf(path, sizeof(path), "%s/store.db", folder);
    return setup_loop(&vio__backend_sqlite, path);
}

static int teardown(void **state)
{
    (void)state;
    fixture_close(&fixture);
    fixture_loop_free(&fixture);
    if (*folder)
        shelf_remove_folder(folder);
    *folder = '\0';
    return 0;
}

/* -- Any backend ------------------------------------------------------------------------------- */

static void what_is_committed_is_found_by_all_that_it_has(void **state)
{
    struct vio_vadapter_info *vadapter = fixture_make(1, "one", 1);
    struct vio_vadapter_info *found;

    (void)state;
    assert_false(fixture_has_name(&fixture, "one"));
    assert_int_equal(vio__store_generation(fixture.store, vadapter->uuid), 0);
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(vadapter)), 0);
    assert_int_equal(vio__store_find(fixture.store, vadapter->uuid, &found), 0);
    assert_true(vio__vadapter_equal(vadapter, found));
    assert_true(fixture_has_name(&fixture, "one"));
    assert_true(fixture_has_mac(&fixture, 1));
    assert_true(vio__store_has(fixture.store, vadapter->uuid));
    assert_int_equal(vio__store_generation(fixture.store, vadapter->uuid), 1);
    assert_int_equal(fixture_commit_one(&fixture, fixture_remove(vadapter)), 0);
    assert_false(fixture_has_name(&fixture, "one"));
    assert_false(fixture_has_mac(&fixture, 1));
    assert_int_equal(vio__store_count(fixture.store), 0);
    vio__vadapter_unref(found);
    vio__vadapter_unref(vadapter);
}

static size_t count_of(int status, struct vio_vadapter_info **const *list, const size_t *count)
{
    assert_int_equal(status, 0);
    vio__store_free_list(fixture.store, *list, *count);
    return *count;
}

static void lists_are_those_of_a_chassis_a_server_an_adapter(void **state)
{
    struct vio_vadapter_info *made[4], **list = NULL;
    struct vio_record records[4];
    size_t count = 0;

    (void)state;
    for (uint8_t i = 0; i < 4; i++) {
        char name[8];

        snprintf(name, sizeof(name), "v%u", i);
        made[i] = fixture_make((uint8_t)(i + 1), name, i);
        made[i]->chassis[0] = i < 3 ? 7 : 8;
        made[i]->server = i < 2 ? 1 : 5;
        made[i]->adapter = i;
        records[i] = fixture_put(made[i]);
    }
    assert_int_equal(fixture_commit(&fixture, records, 4), 0);
#define COUNT(call) count_of(call, &list, &count)
    assert_int_equal(COUNT(vio__store_list(fixture.store, NULL, &list, &count)), 4);
    assert_int_equal(COUNT(vio__store_list(fixture.store, made[0]->chassis, &list, &count)), 3);
    assert_int_equal(
        COUNT(vio__store_list_server(fixture.store, made[0]->chassis, 1, &list, &count)), 2);
    assert_int_equal(
        COUNT(vio__store_list_server(fixture.store, made[3]->chassis, 5, &list, &count)), 1);
    assert_int_equal(
        COUNT(vio__store_list_adapter(fixture.store, made[0]->chassis, 2, &list, &count)), 1);
    assert_int_equal(fixture_commit_one(&fixture, fixture_remove(made[0])), 0);
    assert_int_equal(
        COUNT(vio__store_list_server(fixture.store, made[0]->chassis, 1, &list, &count)), 1);
    assert_int_equal(
        COUNT(vio__store_list_adapter(fixture.store, made[0]->chassis, 0, &list, &count)), 0);
#undef COUNT
    for (size_t i = 0; i < 4; i++)
        vio__vadapter_unref(made[i]);
}

static void of_two_commits_on_one_generation_one_wins(void **state)
{
    struct vio_vadapter_info *first = fixture_make(1, "one", 1);
    struct vio_vadapter_info *second = fixture_next(first, "renamed");

    (void)state;
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(first)), 0);
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(first)), VIO_ESTALE);
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(second)), 0);
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(second)), VIO_ESTALE);
    assert_int_equal(fixture_commit_one(&fixture, fixture_remove(first)), VIO_ESTALE);
    assert_false(fixture_has_name(&fixture, "one"));
    assert_true(fixture_has_name(&fixture, "renamed"));
    vio__vadapter_unref(first);
    vio__vadapter_unref(second);
}

static void a_commit_is_all_or_nothing(void **state)
{
    struct vio_vadapter_info *a = fixture_make(1, "a", 1), *b = fixture_make(2, "b", 1),
                             *c = fixture_make(3, "a", 3);
    struct vio_record records[2] = {fixture_put(a), fixture_put(b)};

    (void)state;
    assert_int_equal(fixture_commit(&fixture, records, 2), VIO_EDUPLICATE); /* one identity twice */
    assert_int_equal(vio__store_count(fixture.store), 0);
    assert_null(vio__claims_who_named(vio__store_claims(fixture.store), "a"));
    records[1] = fixture_put(c);
    assert_int_equal(fixture_commit(&fixture, records, 2), VIO_EEXIST); /* one name twice */
    assert_int_equal(vio__store_count(fixture.store), 0);
    records[1] = fixture_put(b);
    b->address = fixture_mac(2);
    assert_int_equal(fixture_commit(&fixture, records, 2), 0);
    assert_int_equal(vio__store_count(fixture.store), 2);
    vio__vadapter_unref(a);
    vio__vadapter_unref(b);
    vio__vadapter_unref(c);
}

static void what_another_has_is_refused(void **state)
{
    struct vio_vadapter_info *a = fixture_make(1, "a", 1), *b = fixture_make(2, "a", 2);

    (void)state;
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(a)), 0);
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(b)), VIO_EEXIST);
    strcpy(b->name, "b");
    b->address = fixture_mac(1);
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(b)), VIO_EDUPLICATE);
    b->address = fixture_mac(2);
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(b)), 0);
    vio__vadapter_unref(a);
    vio__vadapter_unref(b);
}

static struct vio_address wwn(uint8_t last)
{
    return (struct vio_address){
        .kind = VIO_ADDRESS_WWN, .length = 8, .bytes = {0x50, 0, 0, 0, 0, 0, 0, last}};
}

static void a_node_name_is_unique_as_a_port_name_is(void **state)
{
    struct vio_vadapter_info *a = fixture_make(1, "a", 1), *b = fixture_make(2, "b", 2);
    struct vio_vadapter_info *found;
    struct vio_address node = wwn(9);

    (void)state;
    a->kind = b->kind = VIO_VADAPTER_VHBA;
    a->address = wwn(1);
    a->node_address = wwn(9);
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(a)), 0);
    assert_int_equal(vio__store_find_address(fixture.store, &node, &found), 0);
    assert_string_equal(found->name, "a");
    b->address = wwn(2);
    b->node_address = wwn(9);
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(b)), VIO_EDUPLICATE);
    b->node_address = wwn(1);
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(b)), VIO_EDUPLICATE);
    b->address = b->node_address = wwn(2); /* both its own */
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(b)), 0);
    vio__vadapter_unref(found);
    vio__vadapter_unref(a);
    vio__vadapter_unref(b);
}

static void what_is_claimed_is_refused_to_others(void **state)
{
    struct vio_claims *claims = vio__store_claims(fixture.store);
    struct vio_vadapter_info *vadapter = fixture_make(1, "wanted", 1);
    static const uint8_t other[VIO_UUID_SIZE] = {9};

    (void)state;
    assert_int_equal(vio__claims_name(claims, "wanted", other), 0);
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(vadapter)), VIO_EEXIST);
    vio__claims_drop_name(claims, "wanted");
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(vadapter)), 0);
    assert_int_equal(vio__claims_name(claims, "wanted", other), VIO_EEXIST);
    assert_int_equal(vio__claims_name(claims, "wanted", vadapter->uuid), 0);
    vio__claims_drop_name(claims, "wanted");
    vio__vadapter_unref(vadapter);
}

static void met_chassis_are_kept(void **state)
{
    const struct vio_met met = {
        .uuid = {3}, .name = "chassis", .uri = "sim:", .boot_id = 4, .first = 5, .last = 6};
    struct vio_record record = {.kind = VIO_ROW_CHASSIS, .uuid = {3}, .object = &met};
    struct vio_met found, *mets;
    size_t count;

    (void)state;
    assert_int_equal(vio__store_met(fixture.store, met.uuid, &found), VIO_ENOENT);
    assert_int_equal(fixture_commit_one(&fixture, record), 0);
    assert_int_equal(fixture_commit_one(&fixture, record), 0); /* no generations */
    assert_int_equal(vio__store_met(fixture.store, met.uuid, &found), 0);
    assert_memory_equal(&found, &met, sizeof(met));
    assert_int_equal(vio__store_mets(fixture.store, &mets, &count), 0);
    assert_int_equal(count, 1);
    assert_memory_equal(&mets[0], &met, sizeof(met));
    vio__free(vio__loop_alloc(fixture.loop), mets);
}

/* -- Pools and holds --------------------------------------------------------------------------- */

static void commit_together(struct vio_record *records, size_t count, int *ret_statuses);

static size_t count_pools(void)
{
    size_t kept = 0, count = vio__identities_num_pools(vio__store_identities(fixture.store));

    for (size_t i = 0; i < count; i++)
        kept += vio__identities_pool_at(vio__store_identities(fixture.store), i)->generation > 0;
    return kept;
}

static void a_default_pool_is_kept_with_its_first_use(void **state)
{
    struct vio_identities *identities = vio__store_identities(fixture.store);
    struct vio_vadapter_info *made[2];
    struct vio_record records[2];
    int statuses[2];

    (void)state;
    for (uint8_t i = 0; i < 2; i++) {
        struct vio_claimant claimant = {.name = ""};

        made[i] = fixture_make((uint8_t)(i + 1), i == 0 ? "a" : "b", 0);
        memcpy(claimant.uuid, made[i]->uuid, VIO_UUID_SIZE);
        assert_int_equal(vio__identities_draw(identities, NULL, VIO_POOL_MAC, &claimant, 0, NULL,
                                              NULL, &made[i]->address),
                         0);
        records[i] = fixture_put(made[i]);
    }
    assert_int_equal(count_pools(), 0);
    commit_together(records, 2, statuses);
    assert_int_equal(statuses[0], 0);
    assert_int_equal(statuses[1], 0);
    assert_int_equal(count_pools(), 1);
    for (size_t i = 0; i < 2; i++) {
        uint8_t owner[VIO_UUID_SIZE];

        vio__identities_drop(identities, &made[i]->address);
        assert_true(vio__identities_who_has(identities, &made[i]->address, owner));
        assert_memory_equal(owner, made[i]->uuid, VIO_UUID_SIZE);
    }
    assert_int_equal(fixture_commit_one(&fixture, fixture_remove(made[0])), 0);
    assert_int_equal(count_pools(), 1);
    if (fixture.ops != &vio__backend_memory) {
        fixture_close(&fixture);
        fixture_open(&fixture);
        assert_int_equal(count_pools(), 1);
        assert_int_equal(vio__store_count(fixture.store), 1);
    }
    vio__vadapter_unref(made[0]);
    vio__vadapter_unref(made[1]);
}

static void pools_and_holds_come_and_go(void **state)
{
    const struct vio_pool_range range = {.first = fixture_mac(1), .last = fixture_mac(9)};
    struct vio_hold hold = {
        .address = fixture_mac(3), .state = VIO_IDENTITY_RESERVED, .owner = "me"};
    struct vio_vadapter_info *wanting = fixture_make(1, "wanting", 3);
    struct vio_pool_info *pool, *other;
    struct vio_record put_hold = {.kind = VIO_ROW_HOLD, .address = hold.address, .object = &hold};
    struct vio_record put_pool = {.kind = VIO_ROW_POOL, .uuid = {7}};
    struct vio_identity_info info;

    (void)state;
    assert_int_equal(vio__pool_new(NULL, &pool), 0);
    pool->uuid[0] = 7;
    pool->generation = 1;
    pool->purpose = VIO_POOL_MAC;
    strcpy(pool->name, "macs");
    assert_int_equal(vio__pool_ranges_append(NULL, &pool->ranges, &range), 0);
    put_pool.object = pool;
    assert_int_equal(fixture_commit_one(&fixture, put_pool), 0);
    assert_int_equal(fixture_commit_one(&fixture, put_pool), VIO_ESTALE);
    assert_int_equal(vio__pool_copy(pool, &other), 0);
    put_pool.uuid[0] = other->uuid[0] = 8;
    put_pool.object = other;
    assert_int_equal(fixture_commit_one(&fixture, put_pool), VIO_EEXIST); /* name and ranges */
    assert_int_equal(fixture_commit_one(&fixture, put_hold), 0);
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(wanting)), VIO_ESTATE);
    vio__identities_look(vio__store_identities(fixture.store), &hold.address, 0, &info);
    assert_int_equal(info.state, VIO_IDENTITY_RESERVED);
    assert_string_equal(info.pool, "macs");
    if (fixture.ops != &vio__backend_memory) {
        fixture_close(&fixture);
        fixture_open(&fixture);
    }
    put_hold.object = NULL;
    assert_int_equal(fixture_commit_one(&fixture, put_hold), 0);
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(wanting)), 0);
    put_pool.uuid[0] = 7;
    put_pool.replaces = 1;
    put_pool.object = NULL;
    assert_int_equal(fixture_commit_one(&fixture, put_pool), VIO_EBUSY); /* a value is used */
    assert_int_equal(fixture_commit_one(&fixture, fixture_remove(wanting)), 0);
    assert_int_equal(fixture_commit_one(&fixture, put_pool), 0);
    assert_int_equal(count_pools(), 0);
    vio__pool_unref(pool);
    vio__pool_unref(other);
    vio__vadapter_unref(wanting);
}

/* -- Transactions ------------------------------------------------------------------------------ */

#define MANY 8

static void commits_of_one_turn_share_a_transaction_and_keep_their_order(void **state)
{
    struct vio_vadapter_info *made[MANY];
    struct fixture_end ends[MANY] = {{0}};
    struct vio_record records[MANY];
    struct vio_commit commits[MANY];

    (void)state;
    for (uint8_t i = 0; i < MANY; i++) {
        char name[8];

        snprintf(name, sizeof(name), "v%u", i);
        made[i] = fixture_make((uint8_t)(i + 1), name, i);
        records[i] = fixture_put(made[i]);
        commits[i] = (struct vio_commit){
            .records = &records[i], .count = 1, .done = fixture_end, .user = &ends[i]};
        assert_int_equal(vio__store_commit(fixture.store, &commits[i]), 0);
        assert_false(fixture_has_name(&fixture, name));
    }
    assert_int_equal(fixture_await(&fixture, &ends[MANY - 1]), 0);
    for (size_t i = 0; i < MANY; i++) {
        assert_true(ends[i].done && ends[i].status == 0);
        assert_true(i == 0 || ends[i - 1].order < ends[i].order);
        vio__vadapter_unref(made[i]);
    }
    assert_int_equal(vio__store_count(fixture.store), MANY);
    if (fixture.ops == &fake_backend)
        assert_int_equal(fake_file.transactions, 1);
}

/* Commits in one turn: what each of them says. */
static void commit_together(struct vio_record *records, size_t count, int *ret_statuses)
{
    struct fixture_end ends[MANY] = {{0}};
    struct vio_commit commits[MANY];

    for (size_t i = 0; i < count; i++) {
        commits[i] = (struct vio_commit){
            .records = &records[i], .count = 1, .done = fixture_end, .user = &ends[i]};
        ret_statuses[i] = vio__store_commit(fixture.store, &commits[i]);
        ends[i].done = false;
    }
    for (size_t i = 0; i < count; i++)
        if (ret_statuses[i] == 0)
            ret_statuses[i] = fixture_await(&fixture, &ends[i]);
}

static void an_object_changed_again_in_a_transaction_is_written_once(void **state)
{
    struct vio_vadapter_info *first = fixture_make(1, "one", 1);
    struct vio_vadapter_info *second = fixture_next(first, "two");
    struct vio_record records[3] = {fixture_put(first), fixture_put(second), fixture_put(second)};
    int statuses[3];

    (void)state;
    commit_together(records, 3, statuses);
    assert_int_equal(statuses[0], 0);
    assert_int_equal(statuses[1], 0);
    assert_int_equal(statuses[2], VIO_ESTALE);
    assert_int_equal(vio__store_generation(fixture.store, first->uuid), 2);
    assert_false(fixture_has_name(&fixture, "one"));
    assert_true(fixture_has_name(&fixture, "two"));
    if (fixture.ops == &fake_backend)
        assert_int_equal(fake_file.rows_written, 1);
    vio__vadapter_unref(first);
    vio__vadapter_unref(second);
}

static void an_object_made_and_removed_in_a_transaction_is_not_written(void **state)
{
    struct vio_vadapter_info *vadapter = fixture_make(1, "one", 1);
    struct vio_record records[2] = {fixture_put(vadapter), fixture_remove(vadapter)};
    int statuses[2];

    (void)state;
    commit_together(records, 2, statuses);
    assert_int_equal(statuses[0], 0);
    assert_int_equal(statuses[1], 0);
    assert_int_equal(vio__store_count(fixture.store), 0);
    assert_int_equal(fixture_commit_one(&fixture, fixture_put(vadapter)), 0);
    if (fixture.ops == &fake_backend)
        assert_int_equal(fake_file.rows_written, 1);
    vio__vadapter_unref(vadapter);
}

/* -- Change sets ------------------------------------------------------------------------------- */

struct seen {
    struct fixture_end end;
    size_t count;
    uint64_t first;
    enum vio_entry_state state;
};

static int see(void *user, const struct vio_entry *entry)
{
    struct seen *seen = user;

    if (seen->count++ == 0) {
        seen->first = entry->id;
        seen->state = entry->state;
    }
    return 0;
}

static size_t look_back(struct vio_history_query query, struct seen *seen)
{
    *seen = (struct seen){0};
    assert_int_equal(vio__store_history(fixture.store, &query, see, fixture_end, &seen->end), 0);
    assert_int_equal(fixture_await(&fixture, &seen->end), 0);
    return seen->count;
}

static void change_sets_are_kept_with_their_commits(void **state)
{
    struct vio_vadapter_info *vadapter = fixture_make(1, "one", 1);
    struct vio_record record = fixture_put(vadapter);
    struct vio_entry entry = {
        .state = VIO_ENTRY_OPEN, .time = 100, .token = {5}, .body = "plan", .size = 4};
    struct fixture_end end = {0}, lazy_end = {0};
    struct vio_commit commit = {
        .records = &record, .count = 1, .entry = &entry, .done = fixture_end, .user = &end};
    struct vio_commit lazy = {
        .entry = &entry, .lazy = true, .done = fixture_end, .user = &lazy_end};
    struct seen seen;

    (void)state;
    assert_int_equal(vio__store_commit(fixture.store, &commit), 0);
    assert_int_equal(fixture_await(&fixture, &end), 0);
    assert_int_not_equal(entry.id, 0);
    assert_int_equal(look_back((struct vio_history_query){.token = {5}}, &seen), 1);
    assert_int_equal(seen.first, entry.id);
    assert_int_equal(seen.state, VIO_ENTRY_OPEN);
    entry.state = VIO_ENTRY_DONE;
    assert_int_equal(vio__store_commit(fixture.store, &lazy), 0);
    assert_int_equal(look_back((struct vio_history_query){.limit = 1}, &seen), 1);
    assert_true(lazy_end.done);
    assert_int_equal(seen.state, VIO_ENTRY_DONE);
    assert_int_equal(look_back((struct vio_history_query){.token = {6}}, &seen), 0);
    assert_int_equal(look_back((struct vio_history_query){.since = 101}, &seen), 0);
    assert_int_equal(look_back((struct vio_history_query){.until = 100}, &seen), 0);
    assert_int_equal(look_back((struct vio_history_query){.before = entry.id}, &seen), 0);
    vio__vadapter_unref(vadapter);
}

static void an_end_that_is_not_told_of_is_forgotten_by_prune(void **state)
{
    struct vio_entry entries[3] = {{.state = VIO_ENTRY_DONE, .time = 1},
                                   {.state = VIO_ENTRY_OPEN, .time = 2},
                                   {.state = VIO_ENTRY_UNDONE, .time = 3}};
    struct seen seen;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct fixture_end end = {0};
        struct vio_commit commit = {.entry = &entries[i], .done = fixture_end, .user = &end};

        entries[i].body = "";
        assert_int_equal(vio__store_commit(fixture.store, &commit), 0);
        assert_int_equal(fixture_await(&fixture, &end), 0);
    }
    seen = (struct seen){0};
    assert_int_equal(vio__store_prune(fixture.store, 3, 0, fixture_end, &seen.end), 0);
    assert_int_equal(fixture_await(&fixture, &seen.end), 0);
    assert_int_equal(look_back((struct vio_history_query){0}, &seen), 2);
    seen = (struct seen){0};
    assert_int_equal(vio__store_prune(fixture.store, 0, 0, fixture_end, &seen.end), 0);
    assert_int_equal(fixture_await(&fixture, &seen.end), 0);
    assert_int_equal(look_back((struct vio_history_query){0}, &seen), 1);
    assert_int_equal(seen.state, VIO_ENTRY_OPEN);
}

/* -- Kept ones --------------------------------------------------------------------------------- */

static void what_was_committed_is_there_when_it_is_opened_again(void **state)
{
    struct vio_vadapter_info *a = fixture_make(1, "a", 1), *b = fixture_make(2, "b", 2);
    struct vio_record records[2] = {fixture_put(a), fixture_put(b)};
    struct vio_entry entry = {.state = VIO_ENTRY_OPEN, .body = "plan", .size = 4};
    struct fixture_end end = {0};
    struct vio_commit commit = {
        .records = records, .count = 2, .entry = &entry, .done = fixture_end, .user = &end};
    const struct vio_entry *open;
    size_t count;

    (void)state;
    assert_int_equal(vio__store_commit(fixture.store, &commit), 0);
    assert_int_equal(fixture_await(&fixture, &end), 0);
    assert_int_equal(fixture_commit_one(&fixture, fixture_remove(a)), 0);
    fixture_close(&fixture);
    fixture_open(&fixture);
    assert_int_equal(vio__store_count(fixture.store), 1);
    assert_true(fixture_has_name(&fixture, "b"));
    assert_true(fixture_has_mac(&fixture, 2));
    open = vio__store_open_entries(fixture.store, &count);
    assert_int_equal(count, 1);
    assert_int_equal(open[0].id, entry.id);
    vio__vadapter_unref(a);
    vio__vadapter_unref(b);
}

static void lazy_commits_are_kept_when_the_store_closes(void **state)
{
    struct vio_vadapter_info *vadapter = fixture_make(1, "one", 1);
    struct vio_record record = fixture_put(vadapter);
    struct fixture_end end = {0};
    struct vio_commit commit = {
        .records = &record, .count = 1, .lazy = true, .done = fixture_end, .user = &end};

    (void)state;
    assert_int_equal(vio__store_commit(fixture.store, &commit), 0);
    fixture_close(&fixture);
    assert_true(end.done && end.status == 0);
    fixture_open(&fixture);
    assert_true(fixture_has_name(&fixture, "one"));
    vio__vadapter_unref(vadapter);
}

static void nothing_is_committed_to_a_store_that_closes(void **state)
{
    struct vio_vadapter_info *vadapter = fixture_make(1, "one", 1);
    struct vio_record record = fixture_put(vadapter);
    struct fixture_end end = {0};
    struct vio_commit commit = {.records = &record, .count = 1, .done = fixture_end, .user = &end};

    (void)state;
    vio__store_close(fixture.store, fixture_end, &end);
    assert_int_equal(vio__store_commit(fixture.store, &commit), VIO_ECLOSED);
    assert_int_equal(vio__store_refresh(fixture.store, fixture_end, NULL), VIO_ECLOSED);
    fixture_await(&fixture, &end);
    fixture_open(&fixture);
    vio__vadapter_unref(vadapter);
}

int main(void)
{
#define ANY(test)                                                    \
    cmocka_unit_test_setup_teardown(test, setup_memory, teardown),   \
        cmocka_unit_test_setup_teardown(test, setup_fake, teardown), \
        cmocka_unit_test_setup_teardown(test, setup_sqlite, teardown)
#define KEPT(test)                                               \
    cmocka_unit_test_setup_teardown(test, setup_fake, teardown), \
        cmocka_unit_test_setup_teardown(test, setup_sqlite, teardown)
#define HISTORY(test)                                              \
    cmocka_unit_test_setup_teardown(test, setup_memory, teardown), \
        cmocka_unit_test_setup_teardown(test, setup_sqlite, teardown)
    const struct CMUnitTest tests[] = {
        ANY(what_is_committed_is_found_by_all_that_it_has),
        ANY(lists_are_those_of_a_chassis_a_server_an_adapter),
        ANY(of_two_commits_on_one_generation_one_wins),
        ANY(a_commit_is_all_or_nothing),
        ANY(what_another_has_is_refused),
        ANY(a_node_name_is_unique_as_a_port_name_is),
        ANY(what_is_claimed_is_refused_to_others),
        ANY(met_chassis_are_kept),
        ANY(a_default_pool_is_kept_with_its_first_use),
        ANY(pools_and_holds_come_and_go),
        ANY(commits_of_one_turn_share_a_transaction_and_keep_their_order),
        ANY(an_object_changed_again_in_a_transaction_is_written_once),
        ANY(an_object_made_and_removed_in_a_transaction_is_not_written),
        ANY(nothing_is_committed_to_a_store_that_closes),
        HISTORY(change_sets_are_kept_with_their_commits),
        HISTORY(an_end_that_is_not_told_of_is_forgotten_by_prune),
        KEPT(what_was_committed_is_there_when_it_is_opened_again),
        KEPT(lazy_commits_are_kept_when_the_store_closes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
