/* SPDX-License-Identifier: MIT */
/* Descriptions of vAdapters: what each setter refuses, and what contradicts. */
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/inventory.h"
#include "lib/domain/spec.h"
#include "tests/support/test.h"

static const struct vio_address mac = {
    .kind = VIO_ADDRESS_MAC48, .length = 6, .bytes = {2, 0, 0, 0, 0, 1}};
static const struct vio_address wwn = {
    .kind = VIO_ADDRESS_WWN, .length = 8, .bytes = {0x50, 1, 2, 3, 4, 5, 6, 7}};

static struct vio_vadapter_spec *new_spec(void)
{
    struct vio_vadapter_spec *spec;

    assert_int_equal(vio__spec_new(NULL, &spec), 0);
    assert_int_equal(vio__spec_fields(spec), 0);
    return spec;
}

static void a_value_that_is_refused_changes_nothing(void **state)
{
    struct vio_address multicast = mac;
    struct vio_vadapter_spec *spec = new_spec();
    char text[2000];

    (void)state;
    multicast.bytes[0] = 1;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(vio__spec_set_name(spec, ""), VIO_ENAME);
    assert_int_equal(vio__spec_set_name(spec, text), VIO_ENAME);
    assert_int_equal(vio__spec_set_kind(spec, VIO_VADAPTER_UNKNOWN), VIO_EINVAL);
    assert_int_equal(vio__spec_set_server(spec, ""), VIO_ENAME);
    assert_int_equal(vio__spec_set_server(spec, text), VIO_ENAME);
    assert_int_equal(vio__spec_set_adapter(spec, "slot\n1"), VIO_ENAME);
    assert_int_equal(vio__spec_set_path(spec, 2), VIO_EINVAL);
    assert_int_equal(vio__spec_set_address(spec, &multicast), VIO_EADDR);
    assert_int_equal(vio__spec_set_node_address(spec, &mac), VIO_EADDR);
    assert_int_equal(vio__spec_set_size(spec, 1048575), VIO_EINVAL);
    assert_int_equal(vio__spec_set_size(spec, 1048577), VIO_EINVAL);
    assert_int_equal(vio__spec_set_vlan_access(spec, 0), VIO_EINVAL);
    assert_int_equal(vio__spec_set_vlan_access(spec, 4095), VIO_EINVAL);
    assert_int_equal(vio__spec_set_vlan_trunk(spec, "1-10", 4095), VIO_EINVAL);
    assert_int_not_equal(vio__spec_set_vlan_trunk(spec, "10-1", 0), 0);
    assert_int_equal(vio__spec_set_description(spec, text), VIO_ENAME);
    assert_int_equal(vio__spec_set_label(spec, "", "x"), VIO_ENAME);
    assert_int_equal(vio__spec_set_label(spec, "key", text), VIO_ENAME);
    assert_int_equal(vio__spec_fields(spec), 0);
    assert_string_equal(vio__spec_name(spec), "");
    vio__spec_free(spec);
}

/* -- Contradictions ---------------------------------------------------------------------------- */

struct complaints {
    unsigned count;
    int code;
    char text[256];
};

static void take(void *user, int code, const char *text)
{
    struct complaints *complaints = user;

    complaints->count++;
    complaints->code = code;
    snprintf(complaints->text, sizeof complaints->text, "%s", text);
}

/* That there is one complaint alone, of that code, which says `word`. */
static void complains(const struct vio_vadapter_spec *spec, enum vio_vadapter_kind kind,
                      bool creating, int code, const char *word)
{
    struct complaints complaints = {0};

    vio__spec_check(spec, kind, creating, take, &complaints);
    assert_int_equal(complaints.count, 1);
    assert_int_equal(complaints.code, code);
    if (!strstr(complaints.text, word))
        fail_msg("\"%s\" does not say \"%s\"", complaints.text, word);
}

static void fits(const struct vio_vadapter_spec *spec, enum vio_vadapter_kind kind, bool creating)
{
    struct complaints complaints = {0};

    vio__spec_check(spec, kind, creating, take, &complaints);
    if (complaints.count)
        fail_msg("%s", complaints.text);
}

static void what_is_made_needs_a_kind_and_what_belongs_to_it(void **state)
{
    struct vio_vadapter_spec *spec = new_spec();

    (void)state;
    complains(spec, VIO_VADAPTER_UNKNOWN, true, VIO_EINVAL, "a kind is needed");
    assert_int_equal(vio__spec_set_kind(spec, VIO_VADAPTER_VNIC), 0);
    fits(spec, VIO_VADAPTER_VNIC, true);
    assert_int_equal(vio__spec_set_path(spec, 1), 0);
    complains(spec, VIO_VADAPTER_VNIC, true, VIO_EINVAL, "give a server too");
    assert_int_equal(vio__spec_set_server(spec, "server1"), 0);
    fits(spec, VIO_VADAPTER_VNIC, true);
    complains(spec, VIO_VADAPTER_VDISK, true, VIO_EINVAL, "a vdisk needs a size");
    assert_int_equal(vio__spec_set_size(spec, 1048576), 0);
    fits(spec, VIO_VADAPTER_VDISK, true);
    complains(spec, VIO_VADAPTER_VNIC, true, VIO_EINVAL, "for a vdisk only");
    vio__spec_free(spec);
}

static void place_and_kind_are_given_at_creation_only(void **state)
{
    struct vio_vadapter_spec *spec = new_spec();

    (void)state;
    assert_int_equal(vio__spec_set_description(spec, "changed"), 0);
    fits(spec, VIO_VADAPTER_VNIC, false);
    assert_int_equal(vio__spec_set_adapter(spec, NULL), 0);
    complains(spec, VIO_VADAPTER_VNIC, false, VIO_EINVAL, "at creation only");
    vio__spec_free(spec);
}

static void a_pool_is_named_in_place_of_what_is_drawn_from_it(void **state)
{
    struct vio_vadapter_spec *spec = new_spec();

    (void)state;
    assert_int_equal(vio__spec_set_pool(spec, "a\nb"), VIO_ENAME);
    assert_int_equal(vio__spec_set_pool(spec, "blue"), 0);
    assert_string_equal(vio__spec_pool(spec), "blue");
    fits(spec, VIO_VADAPTER_VNIC, false);
    assert_int_equal(vio__spec_set_address(spec, &mac), 0);
    complains(spec, VIO_VADAPTER_VNIC, false, VIO_EINVAL, "exclude each other");
    vio__spec_free(spec);
    spec = new_spec();
    assert_int_equal(vio__spec_set_node_pool(spec, NULL), 0);
    assert_string_equal(vio__spec_node_pool(spec), "");
    fits(spec, VIO_VADAPTER_VHBA, false);
    complains(spec, VIO_VADAPTER_VNIC, false, VIO_EINVAL, "for a vhba only");
    assert_int_equal(vio__spec_set_node_address(spec, &wwn), 0);
    complains(spec, VIO_VADAPTER_VHBA, false, VIO_EINVAL, "exclude each other");
    vio__spec_set_generation(spec, 7);
    assert_int_equal(vio__spec_generation(spec), 7);
    vio__spec_free(spec);
}

static void an_identity_is_of_the_sort_that_the_kind_carries(void **state)
{
    struct vio_vadapter_spec *spec = new_spec();

    (void)state;
    assert_int_equal(vio__spec_set_address(spec, &mac), 0);
    fits(spec, VIO_VADAPTER_VNIC, false);
    complains(spec, VIO_VADAPTER_VHBA, false, VIO_EADDR, "a vhba is a WWN");
    complains(spec, VIO_VADAPTER_VDISK, false, VIO_EADDR, "a vdisk is a UUID");
    assert_int_equal(vio__spec_set_address(spec, &wwn), 0);
    fits(spec, VIO_VADAPTER_VHBA, false);
    complains(spec, VIO_VADAPTER_VNIC, false, VIO_EADDR, "a vnic is a MAC-48");
    assert_int_equal(vio__spec_set_node_address(spec, &wwn), 0);
    fits(spec, VIO_VADAPTER_VHBA, false);
    vio__spec_free(spec);

    spec = new_spec();
    assert_int_equal(vio__spec_set_node_address(spec, &wwn), 0);
    complains(spec, VIO_VADAPTER_VNIC, false, VIO_EINVAL, "for a vhba only");
    vio__spec_free(spec);
}

static void vlans_are_for_vnics(void **state)
{
    struct vio_vadapter_spec *spec = new_spec();

    (void)state;
    assert_int_equal(vio__spec_set_vlan_trunk(spec, "1-10,20", 1), 0);
    fits(spec, VIO_VADAPTER_VNIC, false);
    complains(spec, VIO_VADAPTER_VHBA, false, VIO_ENOTSUP, "on a vnic only");
    assert_int_equal(vio__spec_set_vlan_none(spec), 0);
    fits(spec, VIO_VADAPTER_VHBA, false);
    vio__spec_free(spec);
}

/* -- States ------------------------------------------------------------------------------------ */

static void each_state_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = VIO_VADAPTER_STATE_DETACHED; i <= VIO_VADAPTER_STATE_LOST; i++)
        for (int j = VIO_VADAPTER_STATE_UNKNOWN; j < i; j++)
            assert_string_not_equal(vio__vadapter_state_name((enum vio_vadapter_state)i),
                                    vio__vadapter_state_name((enum vio_vadapter_state)j));
    for (int i = VIO_FUNCTION_DETACHED; i <= VIO_FUNCTION_FAULT; i++)
        for (int j = VIO_FUNCTION_UNKNOWN; j < i; j++)
            assert_string_not_equal(vio__function_state_name((enum vio_function_state)i),
                                    vio__function_state_name((enum vio_function_state)j));
    assert_string_equal(vio__vadapter_state_name((enum vio_vadapter_state)99), "unknown");
    assert_string_equal(vio__function_state_name((enum vio_function_state)99), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_that_is_refused_changes_nothing),
        cmocka_unit_test(what_is_made_needs_a_kind_and_what_belongs_to_it),
        cmocka_unit_test(place_and_kind_are_given_at_creation_only),
        cmocka_unit_test(a_pool_is_named_in_place_of_what_is_drawn_from_it),
        cmocka_unit_test(an_identity_is_of_the_sort_that_the_kind_carries),
        cmocka_unit_test(vlans_are_for_vnics),
        cmocka_unit_test(each_state_has_a_name_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
