/* SPDX-License-Identifier: MIT */
/* Capabilities by name: tables say where each field goes (PCIe base 5.0, chapter 7 and 9.3.3). */
#include "sim/describe.h"

#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/hex.h"
#include "sim/pci.h"

/* How a number of the file becomes bits. */
enum encoding {
    PLAIN,
    FLAG,     /* a switch */
    LESS_ONE, /* a count: vectors */
    LOG2,     /* a power of two: 1, 2, 4 … */
    LOG2_128, /* a power of two from 128 on: payload */
    EIGHTHS,  /* an offset, a multiple of eight */
};

struct field {
    const char *key;
    uint8_t offset; /* in the capability */
    uint8_t shift, width;
    enum encoding encoding;
    uint32_t initial; /* the value in the file's terms where it says nothing */
};

#define FIELDS_MAX 20

struct capability {
    const char *name;
    uint16_t id;
    uint8_t size;
    struct field fields[FIELDS_MAX];
};

static const struct capability caps[] = {
    {"pm",
     PCI_CAP_PM,
     8,
     {{"version", 2, 0, 3, PLAIN, 3},
      {"device-specific-init", 2, 5, 1, FLAG, 0},
      {"aux-current", 2, 6, 3, PLAIN, 0},
      {"d1", 2, 9, 1, FLAG, 0},
      {"d2", 2, 10, 1, FLAG, 0},
      {"pme", 2, 11, 5, PLAIN, 0},
      {"keeps-state", 4, 3, 1, FLAG, 0}}},
    {"vpd", PCI_CAP_VPD, 8, {{0}}},
    {"msi",
     PCI_CAP_MSI,
     24,
     {{"vectors", 2, 1, 3, LOG2, 1}, {"wide", 2, 7, 1, FLAG, 1}, {"masks", 2, 8, 1, FLAG, 0}}},
    {"vendor", PCI_CAP_VENDOR, 0, {{0}}},
    {"express",
     PCI_CAP_EXPRESS,
     0x3c,
     {{"version", 2, 0, 4, PLAIN, 2},
      {"payload", 4, 0, 3, LOG2_128, 256},
      {"extended-tags", 4, 5, 1, FLAG, 0},
      {"l0s-latency", 4, 6, 3, PLAIN, 0},
      {"l1-latency", 4, 9, 3, PLAIN, 0},
      {"error-reporting", 4, 15, 1, FLAG, 1},
      {"function-reset", 4, 28, 1, FLAG, 0},
      {"speed", 0xc, 0, 4, PLAIN, 2},
      {"width", 0xc, 4, 6, PLAIN, 8},
      {"aspm", 0xc, 10, 2, PLAIN, 0},
      {"l0s-exit", 0xc, 12, 3, PLAIN, 0},
      {"l1-exit", 0xc, 15, 3, PLAIN, 0},
      {"clock-management", 0xc, 18, 1, FLAG, 0},
      {"port", 0xc, 24, 8, PLAIN, 0},
      {"timeout-ranges", 0x24, 0, 4, PLAIN, 0},
      {"timeout-disable", 0x24, 4, 1, FLAG, 0},
      {"latency-reporting", 0x24, 11, 1, FLAG, 0},
      {"ten-bit-tags", 0x24, 16, 1, FLAG, 0},
      {"speeds", 0x2c, 1, 7, PLAIN, 0}}},
    {"msix",
     PCI_CAP_MSIX,
     12,
     {{"vectors", 2, 0, 11, LESS_ONE, 1},
      {"table-bar", 4, 0, 3, PLAIN, 0},
      {"table-offset", 4, 0, 32, EIGHTHS, 0},
      {"pending-bar", 8, 0, 3, PLAIN, 0},
      {"pending-offset", 8, 0, 32, EIGHTHS, 0}}},
    {"af", PCI_CAP_AF, 8, {{"function-reset", 3, 1, 1, FLAG, 1}}},
};

static const struct capability ext_caps[] = {
    {"aer",
     PCI_EXT_AER,
     0x38,
     {{"ecrc-generation", 0x18, 5, 1, FLAG, 0}, {"ecrc-check", 0x18, 7, 1, FLAG, 0}}},
    {"serial", PCI_EXT_SERIAL, 12, {{0}}},
    {"acs", PCI_EXT_ACS, 8, {{"abilities", 4, 0, 7, PLAIN, 0}}},
    {"ari", PCI_EXT_ARI, 8, {{"next-function", 4, 8, 8, PLAIN, 0}}},
    {"ats", PCI_EXT_ATS, 8, {{"queue-depth", 4, 0, 5, PLAIN, 0}}},
    {"sriov", PCI_EXT_SRIOV, 0x40, {{"pages", 0x1c, 0, 32, PLAIN, 0x553}}},
    {"ltr", PCI_EXT_LTR, 8, {{0}}},
    {"secondary", PCI_EXT_SECONDARY, 0x2c, {{0}}},
};

/* One list being written: where the chain is, and which dwords are in use. */
struct chain {
    struct sim_adapter_parts *parts;
    struct sim_diag *diag;
    const struct capability *table;
    unsigned table_len;
    bool is_extended;
    unsigned last; /* offset of the capability before, 0: none */
    bool used[SIM_CONFIG_SIZE / 4];
};

static bool encode(const struct field *field, uint64_t value, uint32_t *ret_bits)
{
    uint64_t bits = value;
    uint64_t log = 0;
    while (log < 63 && UINT64_C(1) << log < value)
        log++;
    bool is_power = value && UINT64_C(1) << log == value;
    switch (field->encoding) {
    case PLAIN:
    case FLAG:
        break;
    case LESS_ONE:
        if (!value)
            return false;
        bits = value - 1;
        break;
    case LOG2:
        if (!is_power || log > 5)
            return false;
        bits = log;
        break;
    case LOG2_128:
        if (!is_power || log < 7 || log > 12)
            return false;
        bits = log - 7;
        break;
    case EIGHTHS:
        if (value & 7)
            return false;
        break;
    }
    *ret_bits = (uint32_t)bits;
    return bits < UINT64_C(1) << field->width;
}

static int write_field(const struct chain *chain, const struct sim_yaml_node *node,
                       const struct field *field, unsigned offset)
{
    uint64_t value = field->initial;
    uint32_t bits;
    int err;
    if (field->encoding == FLAG) {
        bool on = field->initial;
        err = sim_yaml_switch(node, field->key, &on, chain->diag);
        value = on;
    } else {
        err = sim_yaml_number(node, field->key, 0, UINT32_MAX, &value, chain->diag);
    }
    if (err)
        return err;
    if (!encode(field, value, &bits)) {
        static const char *const rules[] = {
            [PLAIN] = "a number",
            [FLAG] = "on and off",
            [LESS_ONE] = "a count from 1 on",
            [LOG2] = "1, 2, 4, 8, 16 and 32",
            [LOG2_128] = "128, 256, 512, 1024, 2048 and 4096",
            [EIGHTHS] = "a multiple of 8",
        };
        return sim_yaml_error(sim_yaml_get(node, field->key), chain->diag,
                              "%s is %llu; allowed is %s, in a register of %u bits", field->key,
                              (unsigned long long)value, rules[field->encoding], field->width);
    }
    uint8_t *at = chain->parts->image + offset + field->offset;
    uint64_t old = sim_get32(at);
    sim_put32(at, (uint32_t)(old | (uint64_t)bits << field->shift));
    return 0;
}

static unsigned size_of(const struct chain *chain, const struct capability *cap, unsigned offset)
{
    const uint8_t *at = chain->parts->image + offset;
    uint16_t control = sim_get16(at + 2);
    if (!chain->is_extended && cap->id == PCI_CAP_MSI)
        return 10u + (control & 0x80 ? 4 : 0) + (control & 0x100 ? 10 : 0);
    if (!chain->is_extended && cap->id == PCI_CAP_EXPRESS)
        return (control & 0xf) < 2 ? 0x14 : 0x3c;
    return cap->size;
}

/* Bytes as "0a 1b …" or "0a-1b-…", up to `max` of them. Returns how many, or -1. */
static int read_bytes(const char *text, uint8_t *bytes, int max)
{
    int count = 0;
    while (*text) {
        int high = vio__hex_digit(text[0]);
        int low = high < 0 ? -1 : vio__hex_digit(text[1]);
        if (low < 0 || count == max)
            return -1;
        bytes[count++] = (uint8_t)(high << 4 | low);
        text += 2;
        if ((*text == ' ' || *text == '-') && text[1])
            text++;
    }
    return count;
}

/* The bytes after the header of a vendor's capability; its length counts all of it. */
static int write_vendor(const struct chain *chain, const struct sim_yaml_node *node,
                        unsigned offset, unsigned *ret_size)
{
    char text[256 * 3] = "";
    uint8_t bytes[0xc0 - 3];
    int err = sim_yaml_text(node, "data", text, sizeof(text), chain->diag);
    if (err)
        return err;
    int count = read_bytes(text, bytes, (int)sizeof(bytes));
    if (count < 0 || offset + 3 + (unsigned)count > 0x100)
        return sim_yaml_error(node, chain->diag,
                              "data has to be hexadecimal bytes, up to the end of the space");
    uint8_t *at = chain->parts->image + offset;
    at[2] = (uint8_t)(count + 3);
    memcpy(at + 3, bytes, (size_t)count);
    *ret_size = at[2];
    return 0;
}

/* The serial number is written most significant byte first (7.9.3), and stored the other way. */
static int write_serial(const struct chain *chain, const struct sim_yaml_node *node,
                        unsigned offset)
{
    char text[24 + 1] = "";
    uint8_t bytes[8];
    int err = sim_yaml_text(node, "number", text, sizeof(text), chain->diag);
    if (err)
        return err;
    if (read_bytes(text, bytes, 8) != 8)
        return sim_yaml_error(node, chain->diag,
                              "number has to be 8 bytes, as 00-1b-21-ff-ff-2b-46-e0");
    for (unsigned i = 0; i < 8; i++)
        chain->parts->image[offset + 4 + i] = bytes[7 - i];
    return 0;
}

static int write_sriov(const struct chain *chain, const struct sim_yaml_node *node, unsigned offset)
{
    uint64_t vfs = 0, first = 0, stride = 1, device = 0;
    struct sim_sriov *sriov = &chain->parts->sriov;
    int err = sim_yaml_number(node, "vfs", 1, SIM_ADAPTER_FUNCTIONS_MAX, &vfs, chain->diag);
    if (!err)
        err = sim_yaml_number(node, "vf-offset", 1, 0xffff, &first, chain->diag);
    if (!err)
        err = sim_yaml_number(node, "vf-stride", 1, 0xffff, &stride, chain->diag);
    if (!err)
        err = sim_yaml_number(node, "vf-device-id", 0, 0xfffe, &device, chain->diag);
    if (!err)
        err = sim_describe_bars(sim_yaml_get(node, "bars"), sriov->bar, chain->diag);
    if (err)
        return err;
    if (!vfs || !first || !device)
        return sim_yaml_error(node, chain->diag, "sriov needs vfs, vf-offset and vf-device-id");
    sriov->total_vfs = (uint16_t)vfs;
    sriov->vf_offset = (uint16_t)first;
    sriov->vf_stride = (uint16_t)stride;
    sriov->vf_device_id = (uint16_t)device;
    uint8_t *at = chain->parts->image + offset;
    sim_put16(at + 0x0c, sriov->total_vfs); /* initial VFs */
    sim_put16(at + 0x0e, sriov->total_vfs);
    sim_put16(at + 0x14, sriov->vf_offset);
    sim_put16(at + 0x16, sriov->vf_stride);
    sim_put16(at + 0x1a, sriov->vf_device_id);
    sim_put32(at + 0x20, 1); /* 4 KiB pages */
    for (unsigned i = 0; i < SIM_BARS; i++)
        sim_put32(at + 0x24 + 4 * i, (sriov->bar[i].type == SIM_BAR_MEM64 ? PCI_BAR_MEM64 : 0) |
                                         (sriov->bar[i].prefetchable ? PCI_BAR_PREFETCH : 0));
    return 0;
}

/* Registers that follow from others, or that hardware sets. */
static void write_defaults(const struct chain *chain, const struct capability *cap, unsigned offset)
{
    uint8_t *at = chain->parts->image + offset;
    if (chain->is_extended && cap->id == PCI_EXT_AER) {
        sim_put32(at + PCI_AER_UNCOR_SEVER, PCI_AER_UNCOR_FATAL);
        sim_put32(at + PCI_AER_COR_MASK, PCI_AER_COR_ADVISORY);
    }
    if (!chain->is_extended && cap->id == PCI_CAP_EXPRESS) {
        uint32_t link = sim_get32(at + PCI_EXP_LNKCAP);
        sim_put16(at + PCI_EXP_DEVCTL, 0x2810); /* relaxed ordering, no-snoop, 512-byte reads */
        sim_put16(at + PCI_EXP_LNKSTA, (uint16_t)((link & 0x3ff) | PCI_EXP_LNKSTA_CLOCK));
        if ((sim_get16(at + PCI_EXP_FLAGS) & 0xf) >= 2)
            sim_put16(at + PCI_EXP_LNKCTL2, link & 0xf);
    }
}

static int check_keys(const struct chain *chain, const struct sim_yaml_node *node,
                      const struct capability *cap)
{
    const char *keys[FIELDS_MAX + 12] = {"id", "offset"};
    unsigned count = 2;
    for (const struct field *field = cap->fields; field < cap->fields + FIELDS_MAX && field->key;
         field++)
        keys[count++] = field->key;
    if (chain->is_extended)
        keys[count++] = "version";
    if (chain->is_extended && cap->id == PCI_EXT_SERIAL)
        keys[count++] = "number";
    if (chain->is_extended && cap->id == PCI_EXT_SRIOV) {
        static const char *const more[] = {"vfs", "vf-offset", "vf-stride", "vf-device-id", "bars"};
        for (unsigned i = 0; i < sizeof(more) / sizeof(more[0]); i++)
            keys[count++] = more[i];
    }
    if (!chain->is_extended && cap->id == PCI_CAP_VENDOR)
        keys[count++] = "data";
    char what[40];
    snprintf(what, sizeof(what), "capability %s", cap->name);
    return sim_yaml_expect_keys(node, what, keys, chain->diag);
}

/* Links the capability and marks its bytes, which must be free. */
static int claim(struct chain *chain, const struct sim_yaml_node *node,
                 const struct capability *cap, unsigned offset, unsigned size, unsigned version)
{
    unsigned end = chain->is_extended ? SIM_CONFIG_SIZE : 0x100;
    if (offset + size > end)
        return sim_yaml_error(node, chain->diag, "%s at 0x%x does not fit: it has %u bytes",
                              cap->name, offset, size);
    for (unsigned i = offset / 4; i < (offset + size + 3) / 4; i++) {
        if (chain->used[i])
            return sim_yaml_error(node, chain->diag, "%s at 0x%x overlaps another capability",
                                  cap->name, offset);
        chain->used[i] = true;
    }
    uint8_t *image = chain->parts->image;
    if (chain->is_extended) {
        sim_put32(image + offset, cap->id | version << 16);
        if (chain->last)
            sim_put32(image + chain->last, sim_get32(image + chain->last) | offset << 20);
        else if (offset != 0x100)
            return sim_yaml_error(node, chain->diag, "the first one has to be at 0x100");
    } else {
        image[offset] = (uint8_t)cap->id;
        image[chain->last ? chain->last + 1 : PCI_CAPABILITIES] = (uint8_t)offset;
        image[PCI_STATUS] |= PCI_STATUS_CAPS;
    }
    chain->last = offset;
    return 0;
}

static const struct capability *find(const struct chain *chain, const struct sim_yaml_node *node)
{
    const struct sim_yaml_node *child = sim_yaml_get(node, "id");
    const char *name = child ? sim_yaml_scalar(child) : NULL;
    for (unsigned i = 0; name && i < chain->table_len; i++)
        if (!strcmp(chain->table[i].name, name))
            return &chain->table[i];
    char known[200] = "";
    for (unsigned i = 0, len = 0; i < chain->table_len && len < sizeof(known); i++)
        len += (unsigned)snprintf(known + len, sizeof(known) - len, "%s%s", i ? ", " : "",
                                  chain->table[i].name);
    sim_yaml_error(child ? child : node, chain->diag, "a capability needs an id; allowed are %s",
                   known);
    return NULL;
}

static int write_special(const struct chain *chain, const struct sim_yaml_node *node,
                         const struct capability *cap, unsigned offset, unsigned *ret_size)
{
    if (chain->is_extended && cap->id == PCI_EXT_SERIAL)
        return write_serial(chain, node, offset);
    if (chain->is_extended && cap->id == PCI_EXT_SRIOV)
        return write_sriov(chain, node, offset);
    if (!chain->is_extended && cap->id == PCI_CAP_VENDOR)
        return write_vendor(chain, node, offset, ret_size);
    return 0;
}

static int write_cap(struct chain *chain, const struct sim_yaml_node *node)
{
    const struct capability *cap = find(chain, node);
    if (!cap)
        return VIO_EPARSE;
    uint64_t offset = 0, version = 1;
    uint64_t min = chain->is_extended ? 0x100 : 0x40;
    uint64_t max = chain->is_extended ? 0xfc0 : 0xf8;
    int err = check_keys(chain, node, cap);
    if (!err)
        err = sim_yaml_number(node, "offset", min, max, &offset, chain->diag);
    if (!err && chain->is_extended)
        err = sim_yaml_number(node, "version", 1, 15, &version, chain->diag);
    if (!err && (!offset || (offset & 3)))
        err = sim_yaml_error(node, chain->diag, "%s needs an offset that is a multiple of 4",
                             cap->name);
    unsigned at = (unsigned)offset;
    for (unsigned i = 0; !err && i < FIELDS_MAX && cap->fields[i].key; i++)
        err = write_field(chain, node, &cap->fields[i], at);
    unsigned size = err ? 0 : size_of(chain, cap, at);
    if (!err)
        err = write_special(chain, node, cap, at, &size);
    if (err)
        return err;
    write_defaults(chain, cap, at);
    return claim(chain, node, cap, at, size, (unsigned)version);
}

static int write_chain(struct chain *chain, const struct sim_yaml_node *list, const char *what)
{
    int err = list ? sim_yaml_expect_sequence(list, what, chain->diag) : 0;
    if (!list || err)
        return err;
    for (const struct sim_yaml_node *node = sim_yaml_first(list); node; node = sim_yaml_next(node))
        if ((err = write_cap(chain, node)))
            return err;
    return 0;
}

int sim_describe_caps(const struct sim_yaml_node *list, struct sim_adapter_parts *parts,
                      struct sim_diag *diag)
{
    struct chain chain = {
        .parts = parts, .diag = diag, .table = caps, .table_len = sizeof(caps) / sizeof(caps[0])};
    return write_chain(&chain, list, "capabilities");
}

int sim_describe_ext_caps(const struct sim_yaml_node *list, struct sim_adapter_parts *parts,
                          struct sim_diag *diag)
{
    struct chain chain = {.parts = parts,
                          .diag = diag,
                          .table = ext_caps,
                          .table_len = sizeof(ext_caps) / sizeof(ext_caps[0]),
                          .is_extended = true};
    return write_chain(&chain, list, "extended-capabilities");
}
