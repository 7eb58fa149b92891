/* SPDX-License-Identifier: MIT */
/* Pools: made, changed and removed in a store, and what a snapshot of one tells. */
#include <string.h>

#include "tests/api/session.h"

static struct session session;
static struct vio_store *store;

static int set_up(void **state)
{
    (void)state;
    session_open(&session);
    store = vio_chassis_store(session.chassis);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    session_close(&session);
    return 0;
}

static struct vio_address mac(uint8_t last)
{
    return (struct vio_address){
        .kind = VIO_ADDRESS_MAC48, .length = 6, .bytes = {2, 0xaa, 0, 0, 0, last}};
}

typedef int (*edit_fn)(struct vio_pool_spec *, const struct vio_address *,
                       const struct vio_address *);

static void edit(struct vio_pool_spec *spec, edit_fn what, uint8_t first, uint8_t last)
{
    struct vio_address from = mac(first);
    struct vio_address to = mac(last);

    assert_int_equal(what(spec, &from, &to), 0);
}

static struct vio_pool_spec *new_spec(const char *name, uint8_t first, uint8_t last)
{
    struct vio_pool_spec *spec;

    assert_int_equal(vio_pool_spec_new(&spec), 0);
    if (name) {
        assert_int_equal(vio_pool_spec_set_name(spec, name), 0);
        assert_int_equal(vio_pool_spec_set_purpose(spec, VIO_POOL_MAC), 0);
        edit(spec, vio_pool_spec_add_range, first, last);
    }
    return spec;
}

/* The pool that a request made, which the caller gives up. */
static struct vio_pool *pool_of(int submitted, struct vio_req **req)
{
    struct vio_pool *pool;

    assert_int_equal(submitted, 0);
    assert_int_equal(vio_req_wait(*req, 30000), 0);
    if (vio_req_status(*req) != 0)
        fail_msg("%s: %s", vio_req_name(*req), vio_req_message(*req));
    assert_non_null(vio_req_get_plan(*req));
    pool = vio_pool_ref(vio_req_get_pool(*req));
    assert_non_null(pool);
    vio_req_unref(*req);
    return pool;
}

static struct vio_pool *create(const char *name, uint8_t first, uint8_t last)
{
    struct vio_pool_spec *spec = new_spec(name, first, last);
    struct vio_req *req = NULL;
    struct vio_pool *pool = pool_of(vio_pool_create(store, spec, NULL, NULL, &req), &req);

    vio_pool_spec_free(spec);
    return pool;
}

/* Applies the description to the pool "blue"; the status. */
static int set(struct vio_pool_spec *spec)
{
    struct vio_req *req = NULL;
    int status = session_end(vio_pool_set(store, "blue", spec, NULL, NULL, &req), &req);

    vio_pool_spec_free(spec);
    return status;
}

static struct vio_catalog *observe(void)
{
    struct vio_catalog *catalog;
    struct vio_req *req;

    assert_int_equal(vio_store_observe(store, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, 30000), 0);
    assert_int_equal(vio_req_status(req), 0);
    catalog = vio_catalog_ref(vio_req_get_catalog(req));
    vio_req_unref(req);
    return catalog;
}

static void draw_from_blue(const char *name)
{
    struct vio_vadapter_spec *spec = session_spec(name, VIO_VADAPTER_VNIC, NULL, NULL);
    struct vio_req *req = NULL;

    assert_int_equal(vio_vadapter_spec_set_pool(spec, "blue"), 0);
    session_expect(vio_vadapter_create(session.chassis, spec, NULL, NULL, &req), &req, 0);
    vio_vadapter_spec_free(spec);
}

/* -- Snapshots --------------------------------------------------------------------------------- */

static void a_pool_that_is_made_tells_what_it_is(void **state)
{
    struct vio_pool_spec *spec = new_spec("blue", 10, 19);
    struct vio_address first, last, expected = mac(10);
    struct vio_pool *pool;
    struct vio_req *req = NULL;

    (void)state;
    edit(spec, vio_pool_spec_add_exclusion, 12, 13);
    edit(spec, vio_pool_spec_add_external, 19, 19);
    assert_int_equal(vio_pool_spec_set_order(spec, VIO_POOL_ORDER_LOWEST), 0);
    assert_int_equal(vio_pool_spec_set_quarantine(spec, 60), 0);
    assert_int_equal(vio_pool_spec_set_description(spec, "front"), 0);
    assert_int_equal(vio_pool_spec_set_label(spec, "rack", "7"), 0);
    pool = pool_of(vio_pool_create(store, spec, NULL, NULL, &req), &req);
    vio_pool_spec_free(spec);
    assert_string_equal(vio_pool_name(pool), "blue");
    assert_int_equal(vio_pool_uuid(pool, &first), 0);
    assert_true(vio_address_is_valid(&first));
    assert_int_equal(vio_pool_purpose(pool), VIO_POOL_MAC);
    assert_int_equal(vio_pool_order(pool), VIO_POOL_ORDER_LOWEST);
    assert_int_equal(vio_pool_quarantine(pool), 60);
    assert_int_equal(vio_pool_size(pool), 10);
    assert_int_equal(vio_pool_count(pool, VIO_IDENTITY_FREE), 7);
    assert_int_equal(vio_pool_count(pool, VIO_IDENTITY_EXCLUDED), 2);
    assert_int_equal(vio_pool_count(pool, VIO_IDENTITY_EXTERNAL), 1);
    assert_int_equal(vio_pool_count(pool, (enum vio_identity_state)99), 0);
    assert_int_equal(vio_pool_num_ranges(pool), 1);
    assert_int_equal(vio_pool_range(pool, 0, &first, &last), 0);
    assert_true(vio_address_equal(&first, &expected));
    assert_int_equal(vio_pool_range(pool, 1, &first, &last), VIO_ENOENT);
    assert_int_equal(vio_pool_num_exclusions(pool), 1);
    assert_int_equal(vio_pool_exclusion(pool, 0, &first, &last), 0);
    assert_int_equal(vio_pool_num_externals(pool), 1);
    assert_int_equal(vio_pool_external(pool, 0, &first, &last), 0);
    assert_string_equal(vio_pool_description(pool), "front");
    assert_int_equal(vio_pool_num_labels(pool), 1);
    assert_string_equal(vio_pool_label_key(pool, 0), "rack");
    assert_string_equal(vio_pool_label_value(pool, 0), "7");
    assert_string_equal(vio_pool_label(pool, "rack"), "7");
    assert_null(vio_pool_label(pool, "row"));
    assert_int_equal(vio_pool_generation(pool), 1);
    vio_pool_unref(pool);
}

static void a_catalog_has_pools_by_name_and_what_was_met(void **state)
{
    struct vio_pool *red = create("red10", 10, 19);
    struct vio_catalog *catalog, *later;
    struct vio_address uuid;
    char text[VIO_ADDRESS_TEXT_SIZE];

    (void)state;
    vio_pool_unref(create("red9", 30, 39));
    vio_pool_unref(create("blue", 50, 59));
    draw_from_blue("vnic0");
    catalog = observe();
    assert_int_equal(vio_catalog_num_vadapters(catalog), 1);
    assert_string_equal(vio_pool_name(vio_catalog_pool(catalog, 0)), "blue");
    assert_string_equal(vio_pool_name(vio_catalog_pool(catalog, 1)), "red9");
    assert_string_equal(vio_pool_name(vio_catalog_pool(catalog, 2)), "red10");
    assert_int_equal(vio_pool_count(vio_catalog_pool(catalog, 0), VIO_IDENTITY_ASSIGNED), 1);
    assert_int_equal(vio_pool_uuid(red, &uuid), 0);
    assert_int_equal(vio_address_format(&uuid, text, sizeof(text)), 0);
    assert_string_equal(vio_pool_name(vio_catalog_find_pool(catalog, text)), "red10");
    assert_null(vio_catalog_find_pool(catalog, "green"));
    assert_null(vio_catalog_pool(catalog, vio_catalog_num_pools(catalog)));
    draw_from_blue("vnic1");
    later = observe();
    assert_true(vio_catalog_version(later) > vio_catalog_version(catalog));
    assert_int_equal(vio_pool_count(vio_catalog_pool(catalog, 0), VIO_IDENTITY_ASSIGNED), 1);
    assert_int_equal(vio_pool_count(vio_catalog_pool(later, 0), VIO_IDENTITY_ASSIGNED), 2);
    vio_catalog_unref(later);
    vio_catalog_unref(catalog);
    vio_pool_unref(red);
}

/* -- Changes ----------------------------------------------------------------------------------- */

static void what_overlaps_or_lacks_something_is_refused(void **state)
{
    struct vio_pool_spec *spec = new_spec("red", 15, 25);
    struct vio_req *req = NULL;

    (void)state;
    vio_pool_unref(create("blue", 10, 19));
    session_expect(vio_pool_create(store, spec, NULL, NULL, &req), &req, VIO_EEXIST);
    vio_pool_spec_free(spec);
    spec = new_spec("blue", 30, 39);
    session_expect(vio_pool_create(store, spec, NULL, NULL, &req), &req, VIO_EEXIST);
    vio_pool_spec_free(spec);
    spec = new_spec(NULL, 0, 0);
    session_expect(vio_pool_create(store, spec, NULL, NULL, &req), &req, VIO_EINVAL);
    vio_pool_spec_free(spec);
}

static void a_pool_grows_and_shrinks_over_what_is_free(void **state)
{
    struct vio_pool_spec *spec = new_spec(NULL, 0, 0);
    struct vio_catalog *catalog;

    (void)state;
    vio_pool_unref(create("blue", 10, 19));
    edit(spec, vio_pool_spec_add_range, 20, 29);
    assert_int_equal(set(spec), 0);
    draw_from_blue("vnic0");
    spec = new_spec(NULL, 0, 0);
    edit(spec, vio_pool_spec_remove_range, 10, 14);
    assert_int_equal(set(spec), VIO_EBUSY);
    spec = new_spec(NULL, 0, 0);
    edit(spec, vio_pool_spec_remove_range, 25, 29);
    assert_int_equal(set(spec), 0);
    catalog = observe();
    assert_int_equal(vio_pool_size(vio_catalog_find_pool(catalog, "blue")), 15);
    vio_catalog_unref(catalog);
}

static void a_stale_generation_is_refused(void **state)
{
    struct vio_pool *pool = create("blue", 10, 19);
    struct vio_pool_spec *spec = new_spec(NULL, 0, 0);

    (void)state;
    assert_int_equal(vio_pool_spec_set_generation(spec, vio_pool_generation(pool)), 0);
    assert_int_equal(vio_pool_spec_set_quarantine(spec, 1), 0);
    assert_int_equal(set(spec), 0);
    spec = new_spec(NULL, 0, 0);
    assert_int_equal(vio_pool_spec_set_generation(spec, vio_pool_generation(pool)), 0);
    assert_int_equal(vio_pool_spec_set_quarantine(spec, 2), 0);
    assert_int_equal(set(spec), VIO_ESTALE);
    vio_pool_unref(pool);
}

static void only_an_unused_pool_is_removed(void **state)
{
    struct vio_req *req = NULL;
    struct vio_catalog *catalog;

    (void)state;
    session_expect(vio_pool_remove(store, "blue", NULL, NULL, &req), &req, VIO_ENOENT);
    vio_pool_unref(create("blue", 10, 19));
    vio_pool_unref(create("red", 30, 39));
    draw_from_blue("vnic0");
    session_expect(vio_pool_remove(store, "blue", NULL, NULL, &req), &req, VIO_EBUSY);
    session_expect(vio_pool_remove(store, "red", NULL, NULL, &req), &req, 0);
    catalog = observe();
    assert_non_null(vio_catalog_find_pool(catalog, "blue"));
    assert_null(vio_catalog_find_pool(catalog, "red"));
    vio_catalog_unref(catalog);
}

static void pools_are_edited_with_vadapters_in_one_set(void **state)
{
    struct vio_pool_spec *pool = new_spec("blue", 10, 19);
    struct vio_vadapter_spec *spec = session_spec("vnic0", VIO_VADAPTER_VNIC, NULL, NULL);
    struct vio_changeset *changeset;
    struct vio_req *req;

    (void)state;
    assert_int_equal(vio_changeset_new(store, &changeset), 0);
    assert_int_equal(vio_changeset_create_pool(changeset, pool), 0);
    assert_int_equal(vio_changeset_create_vadapter(changeset, session.chassis, spec), 0);
    assert_int_equal(vio_changeset_apply(changeset, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, 30000), 0);
    assert_int_equal(vio_req_status(req), 0);
    assert_int_equal(vio_plan_num_edits(vio_req_get_plan(req)), 2);
    vio_req_unref(req);
    vio_changeset_free(changeset);
    vio_vadapter_spec_free(spec);
    vio_pool_spec_free(pool);
}

static void words_have_names(void **state)
{
    (void)state;
    assert_string_equal(vio_pool_purpose_name(VIO_POOL_WWN), "wwn");
    assert_string_equal(vio_pool_purpose_name(VIO_POOL_UNKNOWN), "unknown");
    assert_string_equal(vio_pool_order_name(VIO_POOL_ORDER_LOWEST), "lowest");
    assert_string_equal(vio_pool_order_name((enum vio_pool_order)9), "unknown");
}

int main(void)
{
    const struct CMUnitTest pools[] = {
        cmocka_unit_test_setup_teardown(a_pool_that_is_made_tells_what_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_catalog_has_pools_by_name_and_what_was_met, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_overlaps_or_lacks_something_is_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_pool_grows_and_shrinks_over_what_is_free, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_stale_generation_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_an_unused_pool_is_removed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pools_are_edited_with_vadapters_in_one_set, set_up,
                                        tear_down),
        cmocka_unit_test(words_have_names),
    };

    return cmocka_run_group_tests(pools, NULL, NULL);
}
