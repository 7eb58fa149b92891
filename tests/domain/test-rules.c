/* SPDX-License-Identifier: MIT */
/* Names, texts, VLANs, labels, made identities. */
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/hwaddr.h"
#include "lib/domain/identity.h"
#include "lib/domain/labels.h"
#include "lib/domain/name.h"
#include "lib/domain/vlan.h"
#include "tests/support/test.h"

static void names_follow_their_rule(void **state)
{
    static const char *const good[] = {"a", "web0", "A.b_c-d:e", "9", "Größe", "日本"};
    static const char *const bad[] = {"",
                                      "-a",
                                      ".a",
                                      "a b",
                                      "a/b",
                                      "a\n",
                                      "\xff",
                                      "a\xc0\x80",
                                      "\xed\xa0\x80",
                                      "\xc2\x80",
                                      "\xf4\x90\x80\x80",
                                      "123e4567-e89b-42d3-a456-426614174000"};
    char longest[66];

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_true(vio__name_is_valid(good[i]));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (vio__name_is_valid(bad[i]))
            fail_msg("name %zu is none", i);
    memset(longest, 'a', sizeof(longest));
    longest[63] = '\0';
    assert_true(vio__name_is_valid(longest));
    longest[63] = 'a';
    longest[64] = '\0';
    assert_false(vio__name_is_valid(longest));
}

static void texts_have_no_control_characters(void **state)
{
    (void)state;
    assert_true(vio__text_is_valid("", 0));
    assert_true(vio__text_is_valid("free text, with é", 255));
    assert_false(vio__text_is_valid("a\tb", 255));
    assert_false(vio__text_is_valid("a\x7f", 255));
    assert_false(vio__text_is_valid("abc", 2));
    assert_false(vio__text_is_valid("a\xe2\x82", 255));
}

static void names_sort_as_people_count(void **state)
{
    static const char *const sorted[] = {"a",    "a01", "a1",      "a2",      "a10",
                                         "a10b", "b",   "server2", "server10"};

    (void)state;
    for (size_t i = 0; i < sizeof(sorted) / sizeof(sorted[0]); i++) {
        for (size_t k = 0; k < sizeof(sorted) / sizeof(sorted[0]); k++) {
            int order = vio__name_compare(sorted[i], sorted[k]);

            assert_true(i < k ? order < 0 : i > k ? order > 0 : order == 0);
        }
    }
}

static void patterns_match(void **state)
{
    (void)state;
    assert_true(vio__name_matches("web0", "web0"));
    assert_true(vio__name_matches("web0", "w*0"));
    assert_true(vio__name_matches("web0", "*"));
    assert_true(vio__name_matches("", "*"));
    assert_true(vio__name_matches("wéb", "w?b"));
    assert_true(vio__name_matches("aXbXc", "a*b*c"));
    assert_true(vio__name_matches("web00", "*0"));
    assert_false(vio__name_matches("web0", "web"));
    assert_false(vio__name_matches("web", "web?"));
    assert_false(vio__name_matches("web0", "b*"));
}

static void vlans_are_sorted_and_joined(void **state)
{
    struct vio_vlan_config vlan = {.mode = VIO_VLAN_TRUNK};
    char text[VIO_VLAN_TEXT_SIZE];

    (void)state;
    assert_int_equal(vio__vlan_parse("30,10-12,13,4094,12-20", &vlan), 0);
    vio__vlan_format(&vlan, text);
    assert_string_equal(text, "10-20,30,4094");
    assert_int_equal(vio__vlan_parse("1-4094", &vlan), 0);
    assert_int_equal(vlan.ranges, 1);
    assert_int_equal(
        vio__vlan_parse("1000,1002,1004,1006,1008,1010,1012,1014,1016,1018,1020,1022,1024,"
                        "1026,1028-1029,1031-1032",
                        &vlan),
        0);
    vio__vlan_format(&vlan, text);
    assert_int_equal(vlan.ranges, VIO_VLAN_RANGES);
    assert_non_null(strstr(text, "1031-1032"));
}

static void vlans_that_are_none_are_refused(void **state)
{
    static const char *const bad[] = {"",    "0",   "4095", "10-",  "-10",   "20-10", "10,",
                                      ",10", "10 ", "a",    "1--2", "99999", "1,2x"};
    struct vio_vlan_config vlan = {.mode = VIO_VLAN_TRUNK, .ranges = 7};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (vio__vlan_parse(bad[i], &vlan) != VIO_EPARSE)
            fail_msg("\"%s\" is no VLAN", bad[i]);
    assert_int_equal(vio__vlan_parse("1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31,33", &vlan),
                     VIO_ELIMIT);
    assert_int_equal(vlan.ranges, 7);
}

static void labels_are_sorted_and_bounded(void **state)
{
    struct vio_labels labels = {0}, copy = {0};

    (void)state;
    assert_int_equal(vio__labels_set(NULL, &labels, "b", "1", 3), 0);
    assert_int_equal(vio__labels_set(NULL, &labels, "a", "2", 3), 0);
    assert_int_equal(vio__labels_set(NULL, &labels, "c", "3", 3), 0);
    assert_int_equal(vio__labels_set(NULL, &labels, "d", "4", 3), VIO_ELIMIT);
    assert_int_equal(vio__labels_set(NULL, &labels, "b", "5", 3), 0);
    assert_string_equal(labels.label[0].key, "a");
    assert_string_equal(vio__labels_get(&labels, "b"), "5");
    assert_int_equal(vio__labels_copy(NULL, &labels, &copy), 0);
    vio__labels_remove(NULL, &labels, "b");
    vio__labels_remove(NULL, &labels, "none");
    assert_null(vio__labels_get(&labels, "b"));
    assert_int_equal(labels.count, 2);
    assert_int_equal(copy.count, 3);
    vio__labels_clear(NULL, &labels);
    vio__labels_clear(NULL, &copy);
}

static void made_identities_are_valid_and_differ_between_stores(void **state)
{
    static const uint8_t store[16] = {0xff, 0xff, 0xff}, other[16] = {0xff, 0xff, 0xfb};
    static const uint8_t random[16] = {0, 0, 3, 1, 2, 3, 0x40, 4, 0x80, 5};
    struct vio_address a, b;

    (void)state;
    vio__identity_mac(store, 5, &a);
    assert_true(vio__hwaddr_is_valid(&a));
    assert_int_equal(a.bytes[0] & 3, 2);
    assert_int_equal(a.bytes[5], 5);
    vio__identity_mac(other, 5, &b);
    assert_int_not_equal(vio__hwaddr_compare(&a, &b), 0);
    vio__identity_mac(store, 5 + VIO_IDENTITY_MACS, &b);
    assert_int_equal(vio__hwaddr_compare(&a, &b), 0);

    vio__identity_wwpn(store, 6, &a);
    assert_true(vio__hwaddr_is_valid(&a));
    assert_int_equal(a.bytes[0] >> 4, 5);
    vio__identity_wwnn(store, 6, &b);
    assert_true(vio__hwaddr_is_valid(&b));
    assert_int_equal(b.bytes[0] >> 4, 2);

    vio__identity_uuid(store, random, &a);
    vio__identity_uuid(other, random, &b);
    assert_true(vio__hwaddr_is_valid(&a));
    assert_int_equal(a.bytes[6], 0x40);
    assert_int_equal(a.bytes[2] & 3, 3);
    assert_int_not_equal(vio__hwaddr_compare(&a, &b), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_follow_their_rule),
        cmocka_unit_test(texts_have_no_control_characters),
        cmocka_unit_test(names_sort_as_people_count),
        cmocka_unit_test(patterns_match),
        cmocka_unit_test(vlans_are_sorted_and_joined),
        cmocka_unit_test(vlans_that_are_none_are_refused),
        cmocka_unit_test(labels_are_sorted_and_bounded),
        cmocka_unit_test(made_identities_are_valid_and_differ_between_stores),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
