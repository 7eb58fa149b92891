/* SPDX-License-Identifier: MIT */
/* A register's bytes as one line of text for people. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/hw/regs.h"
#include "lib/hw/wire.h"

/* Text that grows past the end of its buffer is counted but not written, as snprintf does it. */
struct text {
    char *buf;
    size_t size;
    size_t length;
};

__attribute__((format(printf, 2, 3))) static void append(struct text *text, const char *format, ...)
{
    size_t room = text->length < text->size ? text->size - text->length : 0;
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(room ? text->buf + text->length : NULL, room, format, arguments);
    va_end(arguments);
    if (length > 0)
        text->length += (size_t)length;
}

static void append_fields(struct text *text, const struct vio_hw_reg *reg, uint64_t value)
{
    const char *block = vio__hw_block_name(reg->block);
    size_t prefix = strlen(block), count;
    const struct vio_hw_field_info *fields = vio__hw_fields(&count);

    for (size_t i = 0; i < count; i++) {
        uint64_t field = vio__hw_field(value, fields[i].shift, fields[i].bits);

        if (field && strncmp(fields[i].reg, block, prefix) == 0 && fields[i].reg[prefix] == '_' &&
            strcmp(fields[i].reg + prefix + 1, reg->name) == 0)
            append(text, " %s=%" PRIu64, fields[i].name, field);
    }
}

static void append_uuid(struct text *text, const uint8_t *raw)
{
    for (unsigned i = 0; i < 16; i++)
        append(text, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", raw[i]);
}

static void append_address(struct text *text, const uint8_t *raw)
{
    static const char *const kinds[] = {
        [VIO_HW_ADDRESS_NONE] = "none",   [VIO_HW_ADDRESS_MAC48] = "mac48",
        [VIO_HW_ADDRESS_EUI64] = "eui64", [VIO_HW_ADDRESS_WWN] = "wwn",
        [VIO_HW_ADDRESS_UUID] = "uuid",   [VIO_HW_ADDRESS_IPOIB] = "ipoib",
    };
    unsigned kind = raw[0], length = raw[1];

    if (kind < sizeof kinds / sizeof kinds[0])
        append(text, "%s", kinds[kind]);
    else
        append(text, "kind %u", kind);
    if (length > VIO_HW_ADDRESS_SIZE - VIO_HW_ADDRESS_HEADER) {
        append(text, ", length %u", length);
        return;
    }
    if (length)
        append(text, " ");
    if (kind == VIO_HW_ADDRESS_UUID && length == 16) {
        append_uuid(text, raw + VIO_HW_ADDRESS_HEADER);
        return;
    }
    for (unsigned i = 0; i < length; i++)
        append(text, "%s%02x", i ? ":" : "", raw[VIO_HW_ADDRESS_HEADER + i]);
}

static void append_ranges(struct text *text, const uint8_t *raw)
{
    const char *separator = "";

    for (unsigned i = 0; i < VIO_HW_VLAN_RANGES; i++) {
        unsigned first = vio__hw_get16(raw + 4 * i), last = vio__hw_get16(raw + 4 * i + 2);

        if (!first && !last)
            continue;
        append(text, first == last ? "%s%u" : "%s%u-%u", separator, first, last);
        separator = ",";
    }
}

/* Quoted up to the first NUL. What a terminal could take for a command is written as \xNN. */
static void append_string(struct text *text, const uint8_t *raw, size_t size)
{
    append(text, "\"");
    for (size_t i = 0; i < size && raw[i]; i++) {
        if (raw[i] < 0x20 || raw[i] > 0x7e || raw[i] == '"' || raw[i] == '\\')
            append(text, "\\x%02x", raw[i]);
        else
            append(text, "%c", raw[i]);
    }
    append(text, "\"");
}

int vio__hw_decode(const struct vio_hw_reg *reg, const uint8_t *raw, char *buf, size_t size)
{
    struct text text = {buf, size, 0};

    if (size)
        buf[0] = '\0';
    if (reg->size == 4) {
        append(&text, "0x%08" PRIx32, vio__hw_get32(raw));
        append_fields(&text, reg, vio__hw_get32(raw));
    } else if (reg->size == 8) {
        append(&text, "0x%016" PRIx64, vio__hw_get64(raw));
        append_fields(&text, reg, vio__hw_get64(raw));
    } else if (reg->size == 16) {
        append_uuid(&text, raw);
    } else if (reg->size == VIO_HW_ADDRESS_SIZE) {
        append_address(&text, raw);
    } else if (strcmp(reg->name, "VLAN_RANGE") == 0) {
        append_ranges(&text, raw);
    } else {
        append_string(&text, raw, reg->size);
    }
    return (int)text.length;
}
