/* SPDX-License-Identifier: MIT */
/* Registers and fields as tables, and the way from an offset or a name to a register. */
#include "lib/hw/regs.h"

#include <string.h>
#include <strings.h>

static const struct {
    const char *name;
    uint32_t base, stride, count;
} blocks[] = {
#define B(name, base, stride, count, doc) {#name, base, stride, count},
#include "lib/hw/blocks.def"
#undef B
};

static const struct vio_hw_reg regs[] = {
#define R(name, offset, size, access, doc) {VIO_HW_BLOCK_GLOBAL, #name, offset, size, #access, doc},
#include "lib/hw/global.def"
#undef R
#define R(name, offset, size, access, doc) {VIO_HW_BLOCK_QUEUE, #name, offset, size, #access, doc},
#include "lib/hw/queue.def"
#undef R
#define R(name, offset, size, access, doc) {VIO_HW_BLOCK_PORT, #name, offset, size, #access, doc},
#include "lib/hw/port.def"
#undef R
#define R(name, offset, size, access, doc) {VIO_HW_BLOCK_SERVER, #name, offset, size, #access, doc},
#include "lib/hw/server.def"
#undef R
#define R(name, offset, size, access, doc) {VIO_HW_BLOCK_SLOT, #name, offset, size, #access, doc},
#include "lib/hw/slot.def"
#undef R
#define R(name, offset, size, access, doc) \
    {VIO_HW_BLOCK_FUNCTION, #name, offset, size, #access, doc},
#include "lib/hw/function.def"
#undef R
};

static const struct vio_hw_field_info fields[] = {
#define F(reg, field, shift, bits, doc) {#reg, #field, shift, bits, doc},
#include "lib/hw/fields.def"
#undef F
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

const struct vio_hw_reg *vio__hw_regs(size_t *ret_count)
{
    *ret_count = COUNT(regs);
    return regs;
}

const struct vio_hw_field_info *vio__hw_fields(size_t *ret_count)
{
    *ret_count = COUNT(fields);
    return fields;
}

const char *vio__hw_block_name(enum vio_hw_block block)
{
    return (size_t)block < COUNT(blocks) ? blocks[block].name : NULL;
}

uint32_t vio__hw_block_base(enum vio_hw_block block)
{
    return (size_t)block < COUNT(blocks) ? blocks[block].base : 0;
}

uint32_t vio__hw_block_stride(enum vio_hw_block block)
{
    return (size_t)block < COUNT(blocks) ? blocks[block].stride : 0;
}

uint32_t vio__hw_block_count(enum vio_hw_block block)
{
    return (size_t)block < COUNT(blocks) ? blocks[block].count : 0;
}

/* The register of `block` that covers `offset` of an instance: the table is sorted by both. */
static const struct vio_hw_reg *find_offset(enum vio_hw_block block, uint32_t offset)
{
    size_t low = 0, high = COUNT(regs);

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct vio_hw_reg *reg = &regs[middle];

        if (reg->block == block && offset >= reg->offset && offset - reg->offset < reg->size)
            return reg;
        if (reg->block < block || (reg->block == block && reg->offset <= offset))
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct vio_hw_reg *vio__hw_reg_at(uint32_t bar_offset, uint32_t *ret_instance)
{
    for (unsigned i = 0; i < COUNT(blocks); i++) {
        uint32_t within = bar_offset - blocks[i].base;

        if (bar_offset < blocks[i].base || within / blocks[i].stride >= blocks[i].count)
            continue;
        const struct vio_hw_reg *reg = find_offset((enum vio_hw_block)i, within % blocks[i].stride);

        if (reg && ret_instance)
            *ret_instance = within / blocks[i].stride;
        return reg;
    }
    return NULL;
}

static bool same_name(const char *text, size_t length, const char *name)
{
    return strlen(name) == length && strncasecmp(text, name, length) == 0;
}

/* Reads "[n]" from *text, which it moves behind it; false unless n is decimal and below `count`. */
static bool parse_index(const char **text, uint32_t count, uint32_t *ret_index)
{
    const char *at = *text + 1;
    uint32_t index = 0;

    if (*at < '0' || *at > '9')
        return false;
    for (; *at >= '0' && *at <= '9'; at++) {
        index = index * 10 + (uint32_t)(*at - '0');
        if (index >= count)
            return false;
    }
    if (*at != ']')
        return false;
    *text = at + 1;
    *ret_index = index;
    return true;
}

const struct vio_hw_reg *vio__hw_reg_named(const char *text, uint32_t *ret_bar_offset)
{
    size_t length = strcspn(text, "[.");
    uint32_t index = 0;
    unsigned block;

    for (block = 0; block < COUNT(blocks); block++)
        if (same_name(text, length, blocks[block].name))
            break;
    if (block == COUNT(blocks))
        return NULL;
    text += length;
    /* A block of many needs its index; the only GLOBAL needs none. */
    if (*text == '[' ? !parse_index(&text, blocks[block].count, &index) : blocks[block].count > 1)
        return NULL;
    if (*text++ != '.')
        return NULL;
    for (size_t i = 0; i < COUNT(regs); i++) {
        if (regs[i].block != (enum vio_hw_block)block ||
            !same_name(text, strlen(text), regs[i].name))
            continue;
        if (ret_bar_offset)
            *ret_bar_offset = blocks[block].base + index * blocks[block].stride + regs[i].offset;
        return &regs[i];
    }
    return NULL;
}
