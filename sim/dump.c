/* SPDX-License-Identifier: MIT */
#include "sim/dump.h"

#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/hex.h"
#include "sim/pci.h"

struct line {
    const char *at;
    size_t len;
    unsigned number;
};

struct reader {
    const char *name;
    const struct sim_dump_address *wanted;
    struct sim_diag *diag;
    unsigned line;
    bool is_open;  /* a headline was read: `now` is being filled */
    unsigned rank; /* of `best`, 0: none yet */
    struct sim_dump now, best;
};

static int fail(const struct reader *reader, const char *text)
{
    return sim_diag_set(reader->diag, VIO_EPARSE, "%s:%u: %s", reader->name, reader->line, text);
}

/* Reads 1 to `max` hex digits. Returns how many, 0 if there is none. */
static size_t read_hex(const char *text, size_t len, size_t max, uint64_t *ret_value)
{
    uint64_t value = 0;
    size_t n = 0;
    while (n < len && n < max && vio__hex_digit(text[n]) >= 0)
        value = value << 4 | (unsigned)vio__hex_digit(text[n++]);
    *ret_value = value;
    return n;
}

/* Reads hex digits and the character after them. Returns the length of both, 0 if they are not
 * there. */
static size_t read_part(const char *text, size_t len, size_t max, char end, uint64_t *ret_value)
{
    size_t n = read_hex(text, len, max, ret_value);
    return n && n < len && text[n] == end ? n + 1 : 0;
}

size_t sim_dump_address_parse(const char *text, size_t len, struct sim_dump_address *ret_address)
{
    uint64_t domain = 0, bus, device, function;
    size_t pos = read_part(text, len, 8, ':', &bus);
    size_t n = pos ? read_part(text + pos, len - pos, 2, ':', &device) : 0;
    if (n) { /* a second colon: the first number was the domain */
        domain = bus;
        bus = device;
        pos += n;
    }
    n = pos ? read_part(text + pos, len - pos, 2, '.', &device) : 0;
    if (!n)
        return 0;
    pos += n;
    n = read_hex(text + pos, len - pos, 1, &function);
    if (!n || bus > 0xff || device > 0x1f || function > 7)
        return 0;
    *ret_address = (struct sim_dump_address){(uint32_t)domain, (uint8_t)bus, (uint8_t)device,
                                             (uint8_t)function};
    return pos + n;
}

/* 0: not an adapter that is taken unasked. */
static unsigned rank_of(const struct sim_dump *dump)
{
    const uint8_t *image = dump->image;
    if ((image[PCI_HEADER_TYPE] & 0x7f) != 0 || sim_get16(image + PCI_VENDOR_ID) == 0xffff)
        return 0;
    if (image[PCI_CLASS + 2] == PCI_CLASS_NETWORK)
        return 3;
    if (sim_get16(image + PCI_CLASS + 1) == PCI_CLASS_FIBRE_CHANNEL)
        return 2;
    return image[PCI_CLASS + 2] == PCI_CLASS_STORAGE ? 1 : 0;
}

static bool is_wanted(const struct sim_dump_address *wanted, const struct sim_dump_address *address)
{
    return wanted->domain == address->domain && wanted->bus == address->bus &&
           wanted->device == address->device && wanted->function == address->function;
}

/* The function that was being read has ended. */
static int close_function(struct reader *reader)
{
    if (!reader->is_open)
        return 0;
    reader->is_open = false;
    const struct sim_dump *now = &reader->now;
    if (now->held == 0)
        return 0; /* lspci without -x, or a function that it could not read */
    if (now->held != 64 && now->held != 128 && now->held != 256 && now->held != SIM_CONFIG_SIZE) {
        char text[120];
        snprintf(text, sizeof(text),
                 "the dump ends at offset 0x%zx; allowed are 64, 128, 256 and 4096 bytes",
                 now->held);
        return fail(reader, text);
    }
    unsigned rank = !reader->wanted                            ? rank_of(now)
                    : is_wanted(reader->wanted, &now->address) ? 4
                                                               : 0;
    if (rank > reader->rank) {
        reader->best = *now;
        reader->rank = rank;
    }
    return 0;
}

static bool starts_with(const struct line *line, size_t pos, const char *text)
{
    size_t len = strlen(text);
    return pos <= line->len && line->len - pos >= len && !memcmp(line->at + pos, text, len);
}

/* Where `text` first occurs in the line, or -1. */
static long find(const struct line *line, const char *text)
{
    for (size_t pos = 0; pos < line->len; pos++)
        if (starts_with(line, pos, text))
            return (long)pos;
    return -1;
}

/* The name of the card: what follows the class, without "(rev 01)" and the like. */
static void read_title(const struct line *line, size_t pos, char *title)
{
    long colon = find(line, ": ");
    size_t start = colon >= (long)pos ? (size_t)colon + 2 : pos;
    size_t end = line->len;
    long rev = find(line, " (rev ");
    long prog = find(line, " (prog-if ");
    if (rev >= (long)start)
        end = (size_t)rev;
    if (prog >= (long)start && (size_t)prog < end)
        end = (size_t)prog;
    size_t n = end > start ? end - start : 0;
    if (n > SIM_ADAPTER_NAME_MAX)
        n = SIM_ADAPTER_NAME_MAX;
    while (n && start + n < end && ((unsigned char)line->at[start + n] & 0xc0) == 0x80)
        n--; /* do not end inside a character */
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)line->at[start + i];
        title[i] = c < 0x20 || c == 0x7f ? '?' : (char)c;
    }
    title[n] = '\0';
}

static int open_function(struct reader *reader, const struct line *line,
                         const struct sim_dump_address *address, size_t pos)
{
    int err = close_function(reader);
    if (err)
        return err;
    memset(&reader->now, 0, sizeof(reader->now));
    reader->now.address = *address;
    reader->now.line = line->number;
    read_title(line, pos, reader->now.title);
    reader->is_open = true;
    return 0;
}

/* "10: 0c 00 …": sixteen bytes at the next offset. `pos` is after the colon. */
static int read_hex_line(struct reader *reader, const struct line *line, uint64_t offset,
                         size_t pos)
{
    struct sim_dump *now = &reader->now;
    char text[120];
    if (!reader->is_open)
        return fail(reader, "bytes before the first headline (\"03:00.0 Ethernet controller: …\")");
    if (offset != now->held || now->held == SIM_CONFIG_SIZE) {
        snprintf(text, sizeof(text), "offset 0x%llx where 0x%zx or another function is due",
                 (unsigned long long)offset, now->held);
        return fail(reader, text);
    }
    for (unsigned i = 0; i < 16; i++) {
        uint64_t byte;
        if (line->len - pos < 3 || line->at[pos] != ' ' ||
            read_hex(line->at + pos + 1, line->len - pos - 1, 2, &byte) != 2) {
            snprintf(text, sizeof(text),
                     "byte %u is missing or not two hex digits; 16 bytes have to follow the offset",
                     i);
            return fail(reader, text);
        }
        now->image[now->held + i] = (uint8_t)byte;
        pos += 3;
    }
    while (pos < line->len && (line->at[pos] == ' ' || line->at[pos] == '\t'))
        pos++;
    if (pos < line->len)
        return fail(reader, "more than 16 bytes in a line");
    now->held += 16;
    return 0;
}

/* "[size=4M]" anywhere in the line; 0: there is none. */
static uint64_t read_size(const struct line *line)
{
    long at = find(line, "[size=");
    if (at < 0)
        return 0;
    uint64_t size = 0;
    size_t pos = (size_t)at + 6;
    while (pos < line->len && line->at[pos] >= '0' && line->at[pos] <= '9' && size < 1u << 20)
        size = size * 10 + (unsigned)(line->at[pos++] - '0');
    const char *unit = pos < line->len ? memchr("KMGT", line->at[pos], 4) : NULL;
    for (const char *u = "KMGT"; unit && u <= unit; u++)
        size <<= 10;
    return size;
}

/* Lines that begin with a tab: "Region 0: Memory at f0000000 (…) [size=4M]" of -vv, the same
 * without "Region 0: " of -v, and "Expansion ROM at …". Deeper lines are of capabilities. */
static void read_detail(struct reader *reader, const struct line *line)
{
    struct sim_dump *now = &reader->now;
    uint64_t size = read_size(line);
    if (!reader->is_open || !size)
        return;
    bool is_region = starts_with(line, 0, "\tRegion ");
    bool is_rom = starts_with(line, 0, "\tExpansion ROM ");
    bool is_plain = starts_with(line, 0, "\tMemory at ") || starts_with(line, 0, "\tI/O ports at ");
    if (!is_region && !is_rom && !is_plain)
        return;
    struct sim_dump_region region = {.index = -1, .size = size};
    if (is_region && line->len > 8)
        region.index = vio__hex_digit(line->at[8]);
    if ((size & (size - 1)) || size > UINT64_C(1) << 40 || region.index >= SIM_BARS ||
        now->region_count > SIM_BARS) {
        now->bad_line = line->number;
        return;
    }
    if (is_rom) {
        now->rom_size = size;
        return;
    }
    long at = find(line, " at ");
    if (at >= 0)
        read_hex(line->at + at + 4, line->len - (size_t)at - 4, 16, &region.address);
    now->regions[now->region_count++] = region;
}

static int read_line(struct reader *reader, const struct line *line)
{
    struct sim_dump_address address;
    uint64_t offset;
    if (!line->len)
        return close_function(reader);
    if (line->at[0] == '\t' || line->at[0] == ' ') {
        read_detail(reader, line);
        return 0;
    }
    size_t pos = sim_dump_address_parse(line->at, line->len, &address);
    if (pos && pos < line->len && line->at[pos] == ' ')
        return open_function(reader, line, &address, pos + 1);
    pos = read_part(line->at, line->len, 3, ':', &offset);
    if (pos)
        return read_hex_line(reader, line, offset, pos);
    /* Notes, and what lspci says about itself. A line of digits is meant as bytes. */
    if (vio__hex_digit(line->at[0]) >= 0 && line->len >= 3 && vio__hex_digit(line->at[1]) >= 0 &&
        (line->at[2] == ' ' || vio__hex_digit(line->at[2]) >= 0))
        return fail(reader, "neither a headline (\"03:00.0 …\") nor bytes (\"10: 0c 00 …\")");
    return 0;
}

static int read_lines(struct reader *reader, const char *text, size_t len)
{
    for (size_t pos = 0; pos < len;) {
        const char *end = memchr(text + pos, '\n', len - pos);
        size_t n = end ? (size_t)(end - (text + pos)) : len - pos;
        struct line line = {text + pos, n, ++reader->line};
        if (line.len && line.at[line.len - 1] == '\r')
            line.len--;
        int err = read_line(reader, &line);
        if (err)
            return err;
        pos += n + 1;
    }
    return close_function(reader);
}

/* What was picked has to be something that an adapter can be made of. */
static int check(struct reader *reader)
{
    const struct sim_dump *best = &reader->best;
    if (!reader->rank && reader->wanted)
        return sim_diag_set(reader->diag, VIO_ENOENT,
                            "%s: no bytes of function %04x:%02x:%02x.%x in it", reader->name,
                            reader->wanted->domain, reader->wanted->bus, reader->wanted->device,
                            reader->wanted->function);
    if (!reader->rank)
        return sim_diag_set(
            reader->diag, VIO_ENOENT,
            "%s: no network, Fibre Channel or storage function with its bytes in it "
            "(lspci -xxxx); name another one as FILE@BUS:DEVICE.FUNCTION",
            reader->name);
    reader->line = best->bad_line;
    if (reader->line)
        return fail(reader, "a function has regions 0 to 5, each with a power of two up to 1T");
    reader->line = best->line;
    if ((best->image[PCI_HEADER_TYPE] & 0x7f) != 0)
        return fail(reader, "this is a bridge; an adapter's function has header type 0");
    if (sim_get16(best->image) == 0xffff || sim_get16(best->image) == 0)
        return fail(reader, "no function answered there: its vendor id is 0000 or ffff");
    return 0;
}

int sim_dump_parse(const char *name, const char *text, size_t len,
                   const struct sim_dump_address *wanted, struct sim_dump *ret_dump,
                   struct sim_diag *diag)
{
    struct reader reader = {.name = name, .wanted = wanted, .diag = diag};
    int err = read_lines(&reader, text, len);
    if (!err)
        err = check(&reader);
    if (err)
        return err;
    *ret_dump = reader.best;
    return 0;
}
