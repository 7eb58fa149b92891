/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <string.h>

#include <libvio/address.h>
#include <libvio/error.h>

#include "tests/support/test.h"

struct good {
    const char *text;
    int kind; /* asked for */
    int found;
    const char *canonical;
};

static const struct good good[] = {
    {"02:00:5e:10:00:01", VIO_ADDRESS_MAC48, VIO_ADDRESS_MAC48, "02:00:5e:10:00:01"},
    {"02-00-5E-10-00-01", VIO_ADDRESS_UNKNOWN, VIO_ADDRESS_MAC48, "02:00:5e:10:00:01"},
    {"0200.5e10.0001", VIO_ADDRESS_UNKNOWN, VIO_ADDRESS_MAC48, "02:00:5e:10:00:01"},
    {"02005E100001", VIO_ADDRESS_UNKNOWN, VIO_ADDRESS_MAC48, "02:00:5e:10:00:01"},
    {"50:01:43:80:12:34:56:78", VIO_ADDRESS_UNKNOWN, VIO_ADDRESS_WWN, "50:01:43:80:12:34:56:78"},
    {"0x2000001b32112233", VIO_ADDRESS_WWN, VIO_ADDRESS_WWN, "20:00:00:1b:32:11:22:33"},
    {"0X6001438012345678", VIO_ADDRESS_UNKNOWN, VIO_ADDRESS_WWN, "60:01:43:80:12:34:56:78"},
    {"1000006069001122", VIO_ADDRESS_WWN, VIO_ADDRESS_WWN, "10:00:00:60:69:00:11:22"},
    {"02-00-5e-ff-fe-10-00-01", VIO_ADDRESS_EUI64, VIO_ADDRESS_EUI64, "02:00:5e:ff:fe:10:00:01"},
    {"6BA7B810-9DAD-11D1-80B4-00C04FD430C8", VIO_ADDRESS_UNKNOWN, VIO_ADDRESS_UUID,
     "6ba7b810-9dad-11d1-80b4-00c04fd430c8"},
    {"80:00:02:08:fe:80:00:00:00:00:00:00:00:02:c9:03:00:00:10:11", VIO_ADDRESS_UNKNOWN,
     VIO_ADDRESS_IPOIB, "80:00:02:08:fe:80:00:00:00:00:00:00:00:02:c9:03:00:00:10:11"},
};

static void every_accepted_form_gives_its_canonical_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct vio_address address;
        struct vio_address again;
        char text[VIO_ADDRESS_TEXT_SIZE];

        memset(&address, 0xee, sizeof(address));
        assert_int_equal(vio_address_parse(good[i].text, good[i].kind, &address), 0);
        assert_int_equal(address.kind, good[i].found);
        assert_true(vio_address_is_valid(&address));
        assert_int_equal(vio_address_format(&address, text, sizeof(text)), 0);
        assert_string_equal(text, good[i].canonical);
        assert_int_equal(vio_address_parse(text, good[i].found, &again), 0);
        assert_true(vio_address_equal(&address, &again));
        assert_memory_equal(&address, &again, sizeof(address));
        assert_int_equal(
            vio_address_from_bytes(address.kind, address.bytes, address.length, &again), 0);
        assert_memory_equal(&address, &again, sizeof(address));
    }
}

struct bad {
    const char *text;
    int kind;
    int code;
};

static const struct bad bad[] = {
    {"", 0, VIO_EPARSE},
    {"x", 0, VIO_EPARSE},
    {"02:00:5e:10:00", 0, VIO_EPARSE},
    {"02:00:5e:10:00:01:", 0, VIO_EPARSE},
    {":02:00:5e:10:00:01", 0, VIO_EPARSE},
    {"02:00-5e:10:00:01", 0, VIO_EPARSE},
    {"2:0:5e:10:0:1", 0, VIO_EPARSE},
    {" 02:00:5e:10:00:01", 0, VIO_EPARSE},
    {"02:00:5e:10:00:0g", 0, VIO_EPARSE},
    {"0200.5e10.0001.0002", 0, VIO_EPARSE},
    {"0x02005e100001", 0, VIO_EPARSE},
    {"0x50014380123456", VIO_ADDRESS_WWN, VIO_EPARSE},
    {"02:00:5e:10:00:01", VIO_ADDRESS_WWN, VIO_EPARSE},
    {"02:00:5e:10:00:01", VIO_ADDRESS_UUID, VIO_EPARSE},
    {"6ba7b8109dad11d180b400c04fd430c8", VIO_ADDRESS_UUID, VIO_EPARSE},
    {"6ba7b810-9dad-11d1-80b4-00c04fd430c8", VIO_ADDRESS_MAC48, VIO_EPARSE},
    {"6ba7b810-9dad-11d1-80b4-00c04fd430c8x", 0, VIO_EPARSE},
    {"00112233445566778899aabbccddeeff0011223344556677", 0, VIO_EPARSE},
    {"01:00:5e:00:00:01", 0, VIO_EADDR},
    {"ff:ff:ff:ff:ff:ff", 0, VIO_EADDR},
    {"00:00:00:00:00:00", 0, VIO_EADDR},
    {"01:00:5e:ff:fe:00:00:01", VIO_ADDRESS_EUI64, VIO_EADDR},
    {"00:01:43:80:12:34:56:78", VIO_ADDRESS_WWN, VIO_EADDR},
    {"30:01:43:80:12:34:56:78", VIO_ADDRESS_WWN, VIO_EADDR},
    {"40:01:43:80:12:34:56:78", VIO_ADDRESS_WWN, VIO_EADDR},
    {"70:01:43:80:12:34:56:78", VIO_ADDRESS_WWN, VIO_EADDR},
    {"f0:01:43:80:12:34:56:78", VIO_ADDRESS_WWN, VIO_EADDR},
    {"00000000-0000-0000-0000-000000000000", 0, VIO_EADDR},
    {"02:00:5e:10:00:01", 6, VIO_EINVAL},
    {"02:00:5e:10:00:01", -1, VIO_EINVAL},
    {"02:00:5e:10:00:01", 257, VIO_EINVAL},
};

static void bad_text_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct vio_address address;
        struct vio_address before;

        memset(&address, 0xee, sizeof(address));
        before = address;
        assert_int_equal(vio_address_parse(bad[i].text, bad[i].kind, &address), bad[i].code);
        assert_memory_equal(&address, &before, sizeof(address));
    }
}

static void wwn_of_each_naa_is_accepted_or_refused_as_the_standard_says(void **state)
{
    (void)state;
    for (unsigned naa = 0; naa < 16; naa++) {
        uint8_t bytes[8] = {(uint8_t)(naa << 4), 1, 2, 3, 4, 5, 6, 7};
        struct vio_address address;
        bool allowed = naa == 1 || naa == 2 || naa == 5 || naa == 6;

        assert_int_equal(vio_address_from_bytes(VIO_ADDRESS_WWN, bytes, 8, &address),
                         allowed ? 0 : VIO_EADDR);
    }
}

static void stray_bytes_make_an_address_invalid(void **state)
{
    struct vio_address address;
    struct vio_address changed;

    (void)state;
    assert_int_equal(vio_address_parse("02:00:5e:10:00:01", 0, &address), 0);
    for (size_t i = 1; i < sizeof(address); i++) {
        uint8_t *byte = (uint8_t *)&changed + i;

        if (i >= 8 && i < 14)
            continue; /* the address itself */
        changed = address;
        *byte ^= 0x40;
        assert_false(vio_address_is_valid(&changed));
    }
    changed = address;
    changed.kind = 99;
    assert_false(vio_address_is_valid(&changed));
}

static void order_is_by_kind_then_by_number(void **state)
{
    struct vio_address low;
    struct vio_address high;
    struct vio_address wwn;

    (void)state;
    assert_int_equal(vio_address_parse("02:00:00:00:00:ff", 0, &low), 0);
    assert_int_equal(vio_address_parse("02:00:00:00:01:00", 0, &high), 0);
    assert_int_equal(vio_address_parse("1000006069001122", 0, &wwn), 0);
    assert_true(vio_address_compare(&low, &high) < 0);
    assert_true(vio_address_compare(&high, &low) > 0);
    assert_true(vio_address_compare(&high, &wwn) < 0);
    assert_true(vio_address_compare(&wwn, &high) > 0);
    assert_int_equal(vio_address_compare(&low, &low), 0);
    assert_true(vio_address_compare(NULL, &low) < 0);
    assert_true(vio_address_compare(&low, NULL) > 0);
    assert_int_equal(vio_address_compare(NULL, NULL), 0);
}

static void buffer_that_is_too_small_is_left_alone(void **state)
{
    struct vio_address address;
    char text[VIO_ADDRESS_TEXT_SIZE] = "before";

    (void)state;
    assert_int_equal(vio_address_parse("02:00:5e:10:00:01", 0, &address), 0);
    for (size_t size = 0; size < 18; size++)
        assert_int_equal(vio_address_format(&address, text, size), VIO_ENOSPC);
    assert_string_equal(text, "before");
    assert_int_equal(vio_address_format(&address, text, 18), 0);
    address.kind = VIO_ADDRESS_UUID;
    assert_int_equal(vio_address_format(&address, text, sizeof(text)), VIO_EADDR);
}

static void null_and_wrong_sizes_are_refused(void **state)
{
    struct vio_address address = {0};
    const uint8_t bytes[20] = {2};
    char text[VIO_ADDRESS_TEXT_SIZE];

    (void)state;
    assert_int_equal(vio_address_parse(NULL, 0, &address), VIO_EINVAL);
    assert_int_equal(vio_address_parse("02:00:5e:10:00:01", 0, NULL), VIO_EINVAL);
    assert_int_equal(vio_address_format(NULL, text, sizeof(text)), VIO_EINVAL);
    assert_int_equal(vio_address_format(&address, NULL, 64), VIO_EINVAL);
    assert_int_equal(vio_address_from_bytes(VIO_ADDRESS_MAC48, NULL, 6, &address), VIO_EINVAL);
    assert_int_equal(vio_address_from_bytes(VIO_ADDRESS_MAC48, bytes, 7, &address), VIO_EINVAL);
    assert_int_equal(vio_address_from_bytes(VIO_ADDRESS_MAC48, bytes, 0, &address), VIO_EINVAL);
    assert_int_equal(vio_address_from_bytes(VIO_ADDRESS_UNKNOWN, bytes, 0, &address), VIO_EINVAL);
    assert_int_equal(vio_address_from_bytes(VIO_ADDRESS_MAC48, bytes, 6, NULL), VIO_EINVAL);
    assert_int_equal(vio_address_is_valid(NULL), 0);
    assert_int_equal(vio_address_equal(NULL, NULL), 0);
    assert_int_equal(vio_address_equal(&address, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_accepted_form_gives_its_canonical_text),
        cmocka_unit_test(bad_text_is_refused_and_changes_nothing),
        cmocka_unit_test(wwn_of_each_naa_is_accepted_or_refused_as_the_standard_says),
        cmocka_unit_test(stray_bytes_make_an_address_invalid),
        cmocka_unit_test(order_is_by_kind_then_by_number),
        cmocka_unit_test(buffer_that_is_too_small_is_left_alone),
        cmocka_unit_test(null_and_wrong_sizes_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
