/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tools/vioctl/vioctl.h"

#define TEXT_SIZE 2048

static const struct column value_columns[] = {
    {"name", "REGISTER", SHOW_TEXT},
    {"offset", "OFFSET", SHOW_TEXT},
    {"value", "VALUE", SHOW_TEXT},
    {NULL, NULL, SHOW_TEXT},
};

static json_t *hexadecimal(uint64_t value)
{
    char text[32];

    snprintf(text, sizeof text, "0x%06" PRIx64, value);
    return json_string(text);
}

static int list(struct vioctl *ctl, const struct arguments *args)
{
    static const struct column columns[] = {
        {"name", "REGISTER", SHOW_TEXT}, {"offset", "OFFSET", SHOW_TEXT},
        {"size", "BYTES", SHOW_TEXT},    {"access", "ACCESS", SHOW_TEXT},
        {"text", "MEANING", SHOW_TEXT},  {NULL, NULL, SHOW_TEXT},
    };
    const char *block = arguments_operand(args, 0);
    json_t *rows = json_array();

    for (size_t at = 0; at < vio_register_count(); at++) {
        const struct vio_register *reg = vio_register_at(at);
        char name[128];

        if (block != NULL && strcasecmp(block, vio_register_block(reg)) != 0)
            continue;
        snprintf(name, sizeof name, "%s.%s", vio_register_block(reg), vio_register_name(reg));
        json_array_append_new(rows,
                              json_pack("{s:s, s:o, s:I, s:s, s:s}", "name", name, "offset",
                                        hexadecimal(vio_register_offset(reg)), "size",
                                        (json_int_t)vio_register_size(reg), "access",
                                        vio_register_access(reg), "text", vio_register_text(reg)));
    }
    if (json_array_size(rows) == 0) {
        json_decref(rows);
        return misuse("there is no block '%s'; 'vioctl reg list' shows all registers", block);
    }
    return output_list(session_settings(ctl), rows, columns);
}

/* A name of the manual, or an offset. */
static int find(const char *name, const struct vio_register **ret_reg, uint64_t *ret_offset)
{
    const struct vio_register *reg = vio_register_find(name, ret_offset);
    uint64_t stride = 0;
    uint32_t instance = 0;
    char *end;

    if (reg == NULL && *name >= '0' && *name <= '9') {
        uint64_t offset = strtoull(name, &end, 0);

        reg = *end == '\0' ? vio_register_find_offset(offset, &instance) : NULL;
        vio_register_instances(reg, &stride);
        *ret_offset = vio_register_offset(reg) + instance * stride;
        if (reg != NULL && *ret_offset != offset)
            return misuse("%.80s is inside %s.%s, which begins at 0x%06" PRIx64, name,
                          vio_register_block(reg), vio_register_name(reg), *ret_offset);
    }
    if (reg == NULL)
        return misuse("there is no register '%.80s'; names are such as GLOBAL.BOOT_ID and "
                      "FUNCTION[12].STATE, 'vioctl reg list' shows them",
                      name);
    *ret_reg = reg;
    return EXIT_DONE;
}

static json_t *describe(const struct vio_register *reg, const char *name, uint64_t offset,
                        const uint8_t *bytes)
{
    char text[TEXT_SIZE];

    if (vio_register_decode(reg, bytes, text, sizeof text) < 0)
        return NULL;
    return json_pack("{s:s, s:o, s:s}", "name", name, "offset", hexadecimal(offset), "value", text);
}

static int read_one(struct vioctl *ctl, const char *name, json_t *rows)
{
    const struct vio_register *reg;
    uint64_t offset;
    struct vio_req *req = NULL;
    int status = find(name, &reg, &offset);

    if (status != EXIT_DONE)
        return status;
    int started =
        vio_device_read(session_chassis(ctl), offset, vio_register_size(reg), NULL, NULL, &req);
    status = session_wait(ctl, started, req, name);
    if (status == EXIT_DONE)
        json_array_append_new(rows, describe(reg, name, offset, vio_req_get_data(req, NULL)));
    vio_req_unref(req);
    return status;
}

static int read_registers(struct vioctl *ctl, const struct arguments *args)
{
    json_t *rows = json_array();
    int status = EXIT_DONE;

    for (size_t at = 0; status == EXIT_DONE && at < arguments_count(args); at++)
        status = read_one(ctl, arguments_operand(args, at), rows);
    if (status == EXIT_DONE)
        return output_list(session_settings(ctl), rows, value_columns);
    json_decref(rows);
    return status;
}

/* What a write would change. */
static int compare(struct vioctl *ctl, const struct vio_register *reg, const char *name,
                   uint64_t offset, uint64_t value)
{
    static const struct column columns[] = {
        {"name", "REGISTER", SHOW_TEXT}, {"offset", "OFFSET", SHOW_TEXT},
        {"value", "BEFORE", SHOW_TEXT},  {"after", "AFTER", SHOW_TEXT},
        {NULL, NULL, SHOW_TEXT},
    };
    json_t *rows = json_array();
    uint8_t bytes[8];
    char after[TEXT_SIZE];

    for (size_t at = 0; at < sizeof bytes; at++)
        bytes[at] = (uint8_t)(value >> 8 * at);
    int status = read_one(ctl, name, rows);
    if (status == EXIT_DONE && vio_register_decode(reg, bytes, after, sizeof after) < 0)
        status = complain("0x%06" PRIx64 " cannot be decoded", offset);
    if (status == EXIT_DONE) {
        json_object_set_new(json_array_get(rows, 0), "after", json_string(after));
        return output_list(session_settings(ctl), rows, columns);
    }
    json_decref(rows);
    return status;
}

static int write_register(struct vioctl *ctl, const struct arguments *args)
{
    const char *name = arguments_operand(args, 0);
    const struct vio_register *reg;
    uint64_t offset, value;
    struct vio_req *req = NULL;
    int status = find(name, &reg, &offset);

    if (status != EXIT_DONE)
        return status;
    size_t size = vio_register_size(reg);
    if (size != 4 && size != 8)
        return misuse("%s is a byte string of %zu bytes; only numbers of 4 and 8 bytes can be "
                      "written",
                      name, size);
    if (strcmp(vio_register_access(reg), "RO") == 0)
        return misuse("%s is read only", name);
    status = parse_number("VALUE", arguments_operand(args, 1), 0,
                          size == 4 ? UINT32_MAX : UINT64_MAX, &value);
    if (status != EXIT_DONE)
        return status;
    if (session_is_dry_run(ctl))
        return compare(ctl, reg, name, offset, value);
    int started = vio_device_write(session_chassis(ctl), offset, value, size, NULL, NULL, &req);
    status = session_wait(ctl, started, req, name);
    vio_req_unref(req);
    return status;
}

/* Dumps one instance of a block, such as "GLOBAL" or "SLOT[2]". */
static int dump(struct vioctl *ctl, const struct arguments *args)
{
    const char *block = arguments_count(args) > 0 ? arguments_operand(args, 0) : "GLOBAL";
    size_t length = strcspn(block, "[");
    json_t *rows = json_array();
    int status = EXIT_DONE;

    for (size_t at = 0; status == EXIT_DONE && at < vio_register_count(); at++) {
        const struct vio_register *reg = vio_register_at(at);
        const char *of = vio_register_block(reg);
        char name[160];

        if (strlen(of) != length || strncasecmp(of, block, length) != 0 ||
            strcmp(vio_register_access(reg), "WO") == 0)
            continue;
        snprintf(name, sizeof name, "%.80s.%s", block, vio_register_name(reg));
        status = read_one(ctl, name, rows);
    }
    if (status == EXIT_DONE && json_array_size(rows) > 0)
        return output_list(session_settings(ctl), rows, value_columns);
    if (status == EXIT_DONE)
        status = misuse("there is no block '%.80s'; 'vioctl reg list' shows all registers", block);
    json_decref(rows);
    return status;
}

const struct command reg_commands[] = {
    {"reg", "list", "[BLOCK]", "lists the registers of the interface", NEEDS_NOTHING, NULL,
     .run = list},
    {"reg", "read", "NAME...", "reads registers by name or offset", NEEDS_CHASSIS, NULL,
     .run = read_registers},
    {"reg", "write", "NAME VALUE", "writes a register, past every check", NEEDS_CHASSIS_WRITE,
     dry_run_options, .run = write_register},
    {"reg", "dump", "[BLOCK]",
     "reads a block: GLOBAL, QUEUE[n], PORT[n], SERVER[n], SLOT[n], "
     "FUNCTION[n]",
     NEEDS_CHASSIS, NULL, .run = dump},
    {.noun = NULL},
};
