/* SPDX-License-Identifier: MIT */
/* Identities: found, listed, reserved and released. */
#include <string.h>

#include "tests/api/session.h"

static struct session session;
static struct vio_store *store;

static struct vio_address mac(uint8_t last)
{
    return (struct vio_address){
        .kind = VIO_ADDRESS_MAC48, .length = 6, .bytes = {2, 0xaa, 0, 0, 0, last}};
}

/* A pool "blue" of the MACs 10 to 29, of which 28 and 29 are excluded. */
static int set_up(void **state)
{
    struct vio_address first = mac(10), last = mac(29), excluded = mac(28);
    struct vio_pool_spec *spec;
    struct vio_req *req = NULL;

    (void)state;
    session_open(&session);
    store = vio_chassis_store(session.chassis);
    assert_int_equal(vio_pool_spec_new(&spec), 0);
    assert_int_equal(vio_pool_spec_set_name(spec, "blue"), 0);
    assert_int_equal(vio_pool_spec_set_purpose(spec, VIO_POOL_MAC), 0);
    assert_int_equal(vio_pool_spec_add_range(spec, &first, &last), 0);
    assert_int_equal(vio_pool_spec_add_exclusion(spec, &excluded, &last), 0);
    session_expect(vio_pool_create(store, spec, NULL, NULL, &req), &req, 0);
    vio_pool_spec_free(spec);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    session_close(&session);
    return 0;
}

/* The identity of a request, which the caller gives up. */
static struct vio_identity *identity_of(int submitted, struct vio_req **req)
{
    struct vio_identity *identity;

    assert_int_equal(submitted, 0);
    assert_int_equal(vio_req_wait(*req, 30000), 0);
    if (vio_req_status(*req) != 0)
        fail_msg("%s: %s", vio_req_name(*req), vio_req_message(*req));
    identity = vio_identity_ref(vio_req_get_identity(*req));
    assert_non_null(identity);
    vio_req_unref(*req);
    return identity;
}

static struct vio_identity *find(const struct vio_address *address)
{
    struct vio_req *req = NULL;

    return identity_of(vio_identity_find(store, address, NULL, NULL, &req), &req);
}

static struct vio_identity_page *list(enum vio_identity_state only, const struct vio_address *after,
                                      size_t limit)
{
    struct vio_identity_page *page;
    struct vio_req *req;

    assert_int_equal(vio_identity_list(store, "blue", only, after, limit, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, 30000), 0);
    if (vio_req_status(req) != 0)
        fail_msg("%s", vio_req_message(req));
    page = vio_identity_page_ref(vio_req_get_identity_page(req));
    vio_req_unref(req);
    return page;
}

static void reserve(uint8_t last, const char *owner)
{
    struct vio_address address = mac(last);
    struct vio_req *req = NULL;

    session_expect(vio_identity_reserve(store, NULL, &address, owner, NULL, NULL, &req), &req, 0);
}

/* -- Finding ----------------------------------------------------------------------------------- */

static void an_identity_is_free_until_somebody_has_it(void **state)
{
    struct vio_address address = mac(10), told;
    struct vio_identity *identity = find(&address);

    (void)state;
    assert_int_equal(vio_identity_state(identity), VIO_IDENTITY_FREE);
    assert_string_equal(vio_identity_pool(identity), "blue");
    assert_string_equal(vio_identity_owner(identity), "");
    assert_string_equal(vio_identity_previous_owner(identity), "");
    assert_int_equal(vio_identity_owner_uuid(identity, &told), VIO_ENOENT);
    assert_int_equal(vio_identity_address(identity, &told), 0);
    assert_true(vio_address_equal(&told, &address));
    assert_int_equal(vio_identity_until(identity), 0);
    vio_identity_unref(identity);
}

static void an_assigned_identity_tells_its_vadapter(void **state)
{
    struct vio_address address, uuid, told;
    struct vio_identity *identity;
    struct vio_vadapter *vadapter;

    (void)state;
    assert_int_equal(session_create(&session, "vnic0", VIO_VADAPTER_VNIC, NULL, NULL), 0);
    vadapter = session_find(&session, "vnic0");
    assert_int_equal(vio_vadapter_address(vadapter, &address), 0);
    assert_int_equal(vio_vadapter_uuid(vadapter, &uuid), 0);
    vio_vadapter_unref(vadapter);
    identity = find(&address);
    assert_int_equal(vio_identity_state(identity), VIO_IDENTITY_ASSIGNED);
    assert_string_equal(vio_identity_owner(identity), "vnic0");
    assert_string_equal(vio_identity_pool(identity), "default-mac");
    assert_int_equal(vio_identity_owner_uuid(identity, &told), 0);
    assert_true(vio_address_equal(&told, &uuid));
    vio_identity_unref(identity);
}

static void what_a_removed_vadapter_had_is_quarantined(void **state)
{
    struct vio_address address;
    struct vio_identity *identity;
    struct vio_vadapter *vadapter;
    struct vio_req *req = NULL;

    (void)state;
    assert_int_equal(session_create(&session, "vnic0", VIO_VADAPTER_VNIC, NULL, NULL), 0);
    vadapter = session_find(&session, "vnic0");
    assert_int_equal(vio_vadapter_address(vadapter, &address), 0);
    vio_vadapter_unref(vadapter);
    session_expect(vio_vadapter_remove(session.chassis, "vnic0", NULL, NULL, &req), &req, 0);
    identity = find(&address);
    assert_int_equal(vio_identity_state(identity), VIO_IDENTITY_QUARANTINED);
    assert_string_equal(vio_identity_previous_owner(identity), "vnic0");
    assert_true(vio_identity_until(identity) > 0);
    vio_identity_unref(identity);
    session_expect(vio_identity_release(store, &address, NULL, NULL, &req), &req, 0);
    identity = find(&address);
    assert_int_equal(vio_identity_state(identity), VIO_IDENTITY_FREE);
    vio_identity_unref(identity);
}

static void what_may_not_be_given_is_no_identity(void **state)
{
    struct vio_address multicast = mac(1);
    struct vio_req *req;

    (void)state;
    multicast.bytes[0] = 1;
    assert_int_equal(vio_identity_find(store, &multicast, NULL, NULL, &req), VIO_EADDR);
}

/* -- Reserving --------------------------------------------------------------------------------- */

static void a_reserved_identity_is_kept_until_it_is_released(void **state)
{
    struct vio_address address = mac(11);
    struct vio_identity *identity;
    struct vio_req *req = NULL;

    (void)state;
    reserve(11, "backup server");
    identity = find(&address);
    assert_int_equal(vio_identity_state(identity), VIO_IDENTITY_RESERVED);
    assert_string_equal(vio_identity_owner(identity), "backup server");
    vio_identity_unref(identity);
    session_expect(vio_identity_reserve(store, NULL, &address, "other", NULL, NULL, &req), &req,
                   VIO_ESTATE);
    session_expect(vio_identity_release(store, &address, NULL, NULL, &req), &req, 0);
    session_expect(vio_identity_release(store, &address, NULL, NULL, &req), &req, VIO_ENOENT);
}

static void one_is_drawn_from_a_pool_and_told(void **state)
{
    struct vio_req *req = NULL;
    struct vio_identity *identity =
        identity_of(vio_identity_reserve(store, "blue", NULL, "backup", NULL, NULL, &req), &req);
    struct vio_address address;

    (void)state;
    assert_int_equal(vio_identity_state(identity), VIO_IDENTITY_RESERVED);
    assert_string_equal(vio_identity_owner(identity), "backup");
    assert_string_equal(vio_identity_pool(identity), "blue");
    assert_int_equal(vio_identity_address(identity, &address), 0);
    assert_int_equal(address.kind, VIO_ADDRESS_MAC48);
    vio_identity_unref(identity);
    session_expect(vio_identity_reserve(store, "green", NULL, "x", NULL, NULL, &req), &req,
                   VIO_ENOENT);
}

static void exactly_one_of_pool_and_address_is_given(void **state)
{
    struct vio_address address = mac(11);
    struct vio_req *req;

    (void)state;
    assert_int_equal(vio_identity_reserve(store, NULL, NULL, "x", NULL, NULL, &req), VIO_EINVAL);
    assert_int_equal(vio_identity_reserve(store, "blue", &address, "x", NULL, NULL, &req),
                     VIO_EINVAL);
}

/* -- Listing ----------------------------------------------------------------------------------- */

static void pages_follow_each_other_without_gaps(void **state)
{
    struct vio_identity_page *page;
    struct vio_identity *identity;
    struct vio_address at;

    (void)state;
    for (uint8_t i = 12; i < 17; i++)
        reserve(i, "x");
    page = list(VIO_IDENTITY_UNKNOWN, NULL, 3);
    assert_int_equal(vio_identity_page_count(page), 3);
    assert_null(vio_identity_page_at(page, 3));
    identity = vio_identity_ref(vio_identity_page_at(page, 2));
    vio_identity_page_unref(page);
    assert_int_equal(vio_identity_address(identity, &at), 0);
    assert_int_equal(at.bytes[5], 14);
    vio_identity_unref(identity);
    page = list(VIO_IDENTITY_UNKNOWN, &at, 100);
    assert_int_equal(vio_identity_page_count(page), 4); /* 15, 16, and the two excluded */
    vio_identity_page_unref(page);
    page = list(VIO_IDENTITY_EXCLUDED, NULL, 100);
    assert_int_equal(vio_identity_page_count(page), 2);
    assert_int_equal(vio_identity_state(vio_identity_page_at(page, 0)), VIO_IDENTITY_EXCLUDED);
    vio_identity_page_unref(page);
    page = list(VIO_IDENTITY_ASSIGNED, NULL, 100);
    assert_int_equal(vio_identity_page_count(page), 0);
    vio_identity_page_unref(page);
}

static void lists_of_nothing_are_refused(void **state)
{
    struct vio_address wwn = {
        .kind = VIO_ADDRESS_WWN, .length = 8, .bytes = {0x50, 1, 2, 3, 4, 5, 6, 7}};
    struct vio_req *req = NULL;

    (void)state;
    assert_int_equal(vio_identity_list(store, "blue", VIO_IDENTITY_FREE, NULL, 1, NULL, NULL, &req),
                     VIO_EINVAL);
    assert_int_equal(
        vio_identity_list(store, "blue", (enum vio_identity_state)0, NULL, 0, NULL, NULL, &req),
        VIO_EINVAL);
    session_expect(
        vio_identity_list(store, "green", (enum vio_identity_state)0, NULL, 1, NULL, NULL, &req),
        &req, VIO_ENOENT);
    session_expect(
        vio_identity_list(store, "blue", (enum vio_identity_state)0, &wwn, 1, NULL, NULL, &req),
        &req, VIO_EADDR);
}

static void states_have_names(void **state)
{
    (void)state;
    for (int i = VIO_IDENTITY_FREE; i <= VIO_IDENTITY_EXTERNAL; i++)
        assert_string_not_equal(vio_identity_state_name((enum vio_identity_state)i), "unknown");
    assert_string_equal(vio_identity_state_name((enum vio_identity_state)77), "unknown");
}

int main(void)
{
    const struct CMUnitTest identities[] = {
        cmocka_unit_test_setup_teardown(an_identity_is_free_until_somebody_has_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_assigned_identity_tells_its_vadapter, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_a_removed_vadapter_had_is_quarantined, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_may_not_be_given_is_no_identity, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reserved_identity_is_kept_until_it_is_released, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(one_is_drawn_from_a_pool_and_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(exactly_one_of_pool_and_address_is_given, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(pages_follow_each_other_without_gaps, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lists_of_nothing_are_refused, set_up, tear_down),
        cmocka_unit_test(states_have_names),
    };

    return cmocka_run_group_tests(identities, NULL, NULL);
}
