/* SPDX-License-Identifier: MIT */
#include "tests/support/test.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hw/regs.h"
#include "lib/hw/wire.h"

/* A register has at most this many bytes, and its text this many characters. */
#define LONGEST_REGISTER 64
#define LONGEST_TEXT     512

static uint32_t draw(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

/* Where the registers of one instance end: the second page of a queue set is its window. */
static uint32_t instance_size(enum vio_hw_block block)
{
    return block == VIO_HW_BLOCK_QUEUE ? VIO_HW_WINDOW_OFFSET : vio__hw_block_stride(block);
}

static void blocks_lie_in_bar_0_side_by_side(void **state)
{
    uint64_t end = 0;

    (void)state;
    for (unsigned b = 0; b < VIO_HW_BLOCKS; b++) {
        assert_true(vio__hw_block_base(b) >= end);
        assert_int_equal(vio__hw_block_base(b) % vio__hw_block_stride(b), 0);
        end = vio__hw_block_base(b) + (uint64_t)vio__hw_block_stride(b) * vio__hw_block_count(b);
        assert_true(end <= VIO_HW_BAR0_SIZE);
    }
    assert_null(vio__hw_block_name(VIO_HW_BLOCKS));
    assert_int_equal(vio__hw_block_base(VIO_HW_BLOCKS), 0);
    assert_int_equal(vio__hw_block_stride(VIO_HW_BLOCKS), 0);
    assert_int_equal(vio__hw_block_count(VIO_HW_BLOCKS), 0);
}

static void registers_are_aligned_inside_and_apart(void **state)
{
    size_t count;
    const struct vio_hw_reg *regs = vio__hw_regs(&count);

    (void)state;
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        assert_true(regs[i].size >= 4 && regs[i].size <= LONGEST_REGISTER);
        assert_int_equal(regs[i].offset % (regs[i].size == 4 ? 4 : 8), 0);
        assert_true(regs[i].offset + regs[i].size <= instance_size(regs[i].block));
        if (i == 0)
            continue;
        assert_true(regs[i].block >= regs[i - 1].block);
        if (regs[i].block == regs[i - 1].block)
            assert_true(regs[i].offset >= regs[i - 1].offset + regs[i - 1].size);
    }
}

static void records_are_of_the_announced_size(void **state)
{
    size_t count;
    const struct vio_hw_reg *regs = vio__hw_regs(&count);

    (void)state;
    for (unsigned b = VIO_HW_BLOCK_PORT; b <= VIO_HW_BLOCK_FUNCTION; b++)
        assert_int_equal(vio__hw_block_stride(b), VIO_HW_RECORD_SIZE);
    for (size_t i = 0; i < count; i++) {
        assert_true(regs[i].offset + regs[i].size <= VIO_HW_RECORD_SIZE);
        if (strcmp(regs[i].name, "LABEL") == 0)
            assert_int_equal(regs[i].size, VIO_HW_LABEL_SIZE);
        if (strstr(regs[i].name, "ADDRESS"))
            assert_int_equal(regs[i].size, VIO_HW_ADDRESS_SIZE);
    }
    assert_int_equal(VIO_HW_FUNCTION_VLAN_RANGE_SIZE, 4 * VIO_HW_VLAN_RANGES);
}

static const struct vio_hw_reg *reg_with_full_name(const char *name)
{
    size_t count;
    const struct vio_hw_reg *regs = vio__hw_regs(&count);
    char full[64];

    for (size_t i = 0; i < count; i++) {
        snprintf(full, sizeof full, "%s_%s", vio__hw_block_name(regs[i].block), regs[i].name);
        if (strcmp(full, name) == 0)
            return &regs[i];
    }
    return NULL;
}

static void fields_lie_in_their_register_and_apart(void **state)
{
    size_t count;
    const struct vio_hw_field_info *fields = vio__hw_fields(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        const struct vio_hw_reg *reg = reg_with_full_name(fields[i].reg);

        assert_non_null(reg);
        assert_true(reg->size == 4 || reg->size == 8);
        assert_true(fields[i].bits > 0 && fields[i].shift + fields[i].bits <= reg->size * 8);
        for (size_t j = 0; j < i; j++) {
            if (strcmp(fields[i].reg, fields[j].reg) != 0)
                continue;
            assert_true(fields[i].shift >= fields[j].shift + fields[j].bits ||
                        fields[j].shift >= fields[i].shift + fields[i].bits);
            assert_string_not_equal(fields[i].name, fields[j].name);
        }
    }
}

static void every_register_has_one_row_of_resets(void **state)
{
    enum { KEEP, ZERO, NEW, LIVE, NONE, RESET, FAULT, NA };
    static const struct {
        const char *reg;
        int set, vpc, power, removal;
    } resets[] = {
#define S(reg, set, vpc, power, removal) {#reg, set, vpc, power, removal},
#include "lib/hw/resets.def"
#undef S
    };
    size_t count;
    const struct vio_hw_reg *regs = vio__hw_regs(&count);

    (void)state;
    /* In the same order: so no row is missing, doubled or left over. */
    assert_int_equal(sizeof resets / sizeof resets[0], count);
    for (size_t i = 0; i < count; i++) {
        bool write_only = strcmp(regs[i].access, "WO") == 0;

        assert_ptr_equal(reg_with_full_name(resets[i].reg), &regs[i]);
        assert_int_equal(write_only, resets[i].vpc == NA);
        assert_int_equal(write_only, resets[i].power == NA);
        if (regs[i].block != VIO_HW_BLOCK_QUEUE && !write_only)
            assert_int_equal(resets[i].set, KEEP);
        if (resets[i].vpc == RESET || resets[i].power == RESET)
            assert_string_equal(regs[i].name, "IRQ_CAUSE");
    }
}

static void every_offset_of_a_register_finds_it(void **state)
{
    size_t count;
    const struct vio_hw_reg *regs = vio__hw_regs(&count);
    uint64_t seed = 1;

    (void)state;
    for (unsigned round = 0; round < test_rounds(20); round++) {
        for (size_t i = 0; i < count; i++) {
            enum vio_hw_block block = regs[i].block;
            uint32_t instance = draw(&seed) % vio__hw_block_count(block), found = VIO_HW_NONE;
            uint32_t offset =
                vio__hw_block_base(block) + instance * vio__hw_block_stride(block) + regs[i].offset;

            assert_ptr_equal(vio__hw_reg_at(offset, &found), &regs[i]);
            assert_int_equal(found, instance);
            assert_ptr_equal(vio__hw_reg_at(offset + draw(&seed) % regs[i].size, NULL), &regs[i]);
        }
    }
}

static void offsets_without_a_register_find_none(void **state)
{
    size_t count;
    const struct vio_hw_reg *regs = vio__hw_regs(&count);
    uint32_t instance = 77;

    (void)state;
    for (size_t i = 0; i < count; i++) {
        uint32_t end = regs[i].offset + regs[i].size;
        bool last = i + 1 == count || regs[i + 1].block != regs[i].block;

        if (end < (last ? instance_size(regs[i].block) : regs[i + 1].offset))
            assert_null(vio__hw_reg_at(vio__hw_block_base(regs[i].block) + end, &instance));
    }
    assert_null(vio__hw_reg_at(VIO_HW_GLOBAL_STRIDE, &instance));
    assert_null(vio__hw_reg_at(VIO_HW_QUEUE_BASE + VIO_HW_WINDOW_OFFSET, &instance));
    assert_null(
        vio__hw_reg_at(VIO_HW_QUEUE_BASE + VIO_HW_QUEUE_COUNT * VIO_HW_QUEUE_STRIDE, &instance));
    assert_null(vio__hw_reg_at(VIO_HW_BAR0_SIZE, &instance));
    assert_null(vio__hw_reg_at(UINT32_MAX, &instance));
    assert_int_equal(instance, 77);
}

static void every_name_finds_its_register(void **state)
{
    size_t count;
    const struct vio_hw_reg *regs = vio__hw_regs(&count);
    uint64_t seed = 2;
    char name[96];

    (void)state;
    for (unsigned round = 0; round < test_rounds(20); round++) {
        for (size_t i = 0; i < count; i++) {
            enum vio_hw_block block = regs[i].block;
            uint32_t instance = draw(&seed) % vio__hw_block_count(block), offset = 0;

            if (vio__hw_block_count(block) == 1 && round % 2)
                snprintf(name, sizeof name, "%s.%s", vio__hw_block_name(block), regs[i].name);
            else
                snprintf(name, sizeof name, "%s[%u].%s", vio__hw_block_name(block), instance,
                         regs[i].name);
            for (char *at = name; *at; at++)
                if (draw(&seed) % 2)
                    *at = (char)tolower((unsigned char)*at);
            assert_ptr_equal(vio__hw_reg_named(name, &offset), &regs[i]);
            assert_ptr_equal(vio__hw_reg_at(offset, &instance), &regs[i]);
            assert_ptr_equal(vio__hw_reg_named(name, NULL), &regs[i]);
        }
    }
}

static void names_that_are_none_are_refused(void **state)
{
    static const char *const wrong[] = {
        "",
        ".",
        "[",
        "GLOBAL",
        "GLOBAL.",
        "GLOBAL.NOTHING",
        "GLOBAL.MAGI",
        "GLOBAL.MAGICS",
        "GLOBAL.MAGIC ",
        " GLOBAL.MAGIC",
        "GLOBAL[1].MAGIC",
        "NOTHING[0].STATE",
        "FUNCTION.STATE",
        "FUNCTION[].STATE",
        "FUNCTION[-1].STATE",
        "FUNCTION[+1].STATE",
        "FUNCTION[ 1].STATE",
        "FUNCTION[0x1].STATE",
        "FUNCTION[16384].STATE",
        "FUNCTION[4294967296].STATE",
        "FUNCTION[99999999999999999999].STATE",
        "FUNCTION[1STATE",
        "FUNCTION[1]STATE",
        "FUNCTION[1].STATE.LIFE",
    };
    uint32_t offset = 5;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_null(vio__hw_reg_named(wrong[i], &offset));
    assert_int_equal(offset, 5);
}

static const char *decode(const char *name, const void *raw, size_t size, char *text)
{
    const struct vio_hw_reg *reg = vio__hw_reg_named(name, NULL);

    assert_non_null(reg);
    assert_int_equal(reg->size, size);
    int length = vio__hw_decode(reg, raw, text, LONGEST_TEXT);

    assert_int_equal(length, strlen(text));
    return text;
}

static void numbers_are_decoded_with_their_fields(void **state)
{
    char text[LONGEST_TEXT];
    uint8_t raw[8];

    (void)state;
    vio__hw_put32(raw, 0x13);
    assert_string_equal(decode("FUNCTION[0].STATE", raw, 4, text), "0x00000013 LIFE=3 ENABLED=1");
    vio__hw_put32(raw, 0x00010002);
    assert_string_equal(decode("GLOBAL.VERSION", raw, 4, text), "0x00010002 MINOR=2 MAJOR=1");
    vio__hw_put32(raw, 0);
    assert_string_equal(decode("PORT[9].STATE", raw, 4, text), "0x00000000");
    vio__hw_put64(raw, UINT64_C(0x0000030000070003));
    assert_string_equal(decode("QUEUE[1].WINDOW", raw, 8, text),
                        "0x0000030000070003 KIND=3 INDEX=7 BDF=768");
    vio__hw_put64(raw, UINT64_C(0xfedcba9876543210));
    assert_string_equal(decode("GLOBAL.BOOT_ID", raw, 8, text), "0xfedcba9876543210");
}

static void strings_of_bytes_are_decoded_as_what_they_are(void **state)
{
    char text[LONGEST_TEXT];
    uint8_t uuid[16], address[VIO_HW_ADDRESS_SIZE] = {0}, label[64] = "a\"b\x1b[0m\xc3\xbc\\";
    uint8_t ranges[64] = {1, 0, 1, 0, 10, 0, 20, 0, 0xa0, 0x0f, 0xfe, 0x0f};

    (void)state;
    for (unsigned i = 0; i < sizeof uuid; i++)
        uuid[i] = (uint8_t)(i * 17);
    assert_string_equal(decode("GLOBAL.UUID", uuid, 16, text),
                        "00112233-4455-6677-8899-aabbccddeeff");
    assert_string_equal(decode("FUNCTION[0].LABEL", label, 64, text),
                        "\"a\\x22b\\x1b[0m\\xc3\\xbc\\x5c\"");
    assert_string_equal(decode("FUNCTION[0].VLAN_RANGE", ranges, 64, text), "1,10-20,4000-4094");
    assert_string_equal(decode("FUNCTION[0].ADDRESS", address, 40, text), "none");
    address[0] = VIO_HW_ADDRESS_MAC48, address[1] = 6;
    memcpy(address + VIO_HW_ADDRESS_HEADER, uuid, 16);
    assert_string_equal(decode("FUNCTION[0].ADDRESS", address, 40, text),
                        "mac48 00:11:22:33:44:55");
    address[0] = VIO_HW_ADDRESS_UUID, address[1] = 16;
    assert_string_equal(decode("FUNCTION[0].ADDRESS", address, 40, text),
                        "uuid 00112233-4455-6677-8899-aabbccddeeff");
    address[0] = 99, address[1] = 33;
    assert_string_equal(decode("FUNCTION[0].ADDRESS", address, 40, text), "kind 99, length 33");
}

static void decoding_stays_in_its_buffer_and_in_ascii(void **state)
{
    size_t count;
    const struct vio_hw_reg *regs = vio__hw_regs(&count);
    uint64_t seed = 3;

    (void)state;
    for (unsigned round = 0; round < test_rounds(4); round++) {
        for (size_t i = 0; i < count; i++) {
            /* Of the exact size on the heap, so that a sanitizer sees a byte too many. */
            uint8_t *raw = malloc(regs[i].size);
            char whole[LONGEST_TEXT];

            assert_non_null(raw);
            for (uint32_t b = 0; b < regs[i].size; b++)
                raw[b] = round == 0 ? 0xff : (uint8_t)draw(&seed);
            int length = vio__hw_decode(&regs[i], raw, whole, sizeof whole);

            assert_true(length >= 0 && (size_t)length < sizeof whole);
            assert_int_equal(strlen(whole), length);
            for (const char *at = whole; *at; at++)
                assert_true(*at >= 0x20 && *at < 0x7f);
            for (size_t size = 0; size <= (size_t)length + 1; size++) {
                char *text = malloc(size + 1);

                assert_non_null(text);
                text[size] = 'X';
                assert_int_equal(vio__hw_decode(&regs[i], raw, text, size), length);
                assert_int_equal(text[size], 'X');
                if (size) {
                    assert_int_equal(strlen(text), size - 1);
                    assert_memory_equal(text, whole, size - 1);
                }
                free(text);
            }
            free(raw);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_lie_in_bar_0_side_by_side),
        cmocka_unit_test(registers_are_aligned_inside_and_apart),
        cmocka_unit_test(records_are_of_the_announced_size),
        cmocka_unit_test(fields_lie_in_their_register_and_apart),
        cmocka_unit_test(every_register_has_one_row_of_resets),
        cmocka_unit_test(every_offset_of_a_register_finds_it),
        cmocka_unit_test(offsets_without_a_register_find_none),
        cmocka_unit_test(every_name_finds_its_register),
        cmocka_unit_test(names_that_are_none_are_refused),
        cmocka_unit_test(numbers_are_decoded_with_their_fields),
        cmocka_unit_test(strings_of_bytes_are_decoded_as_what_they_are),
        cmocka_unit_test(decoding_stays_in_its_buffer_and_in_ascii),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
