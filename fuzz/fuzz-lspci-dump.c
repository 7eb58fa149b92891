/* SPDX-License-Identifier: MIT */
/* A dump that a user brings, from its text to a server's config space. The first line may name the
 * function: "@03:00.0". */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"
#include "sim/adapter_parts.h"
#include "sim/dump.h"
#include "sim/hierarchy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Plugs a function of the card into a server, pokes it and dumps it. */
static void use(const struct sim_adapter *adapter, uint32_t value)
{
    static const struct sim_link link = {.speed = 3, .width = 8};
    struct sim_cfgspace *space;
    struct sim_hierarchy *hierarchy;
    struct vio_buf buf;
    if (sim_cfgspace_new(adapter, &space) ||
        sim_hierarchy_new(NULL, 1, &link, NULL, NULL, &hierarchy) ||
        sim_hierarchy_plug(hierarchy, 0, space, "fuzz"))
        abort();
    for (size_t offset = 0; offset < SIM_CONFIG_SIZE; offset += 4)
        sim_hierarchy_write(hierarchy, SIM_BDF(3, 0, 0), offset, &value, sizeof(value));
    vio__buf_init(&buf, NULL, 1 << 20);
    if (sim_hierarchy_dump(hierarchy, &buf))
        abort();
    vio__buf_free(&buf);
    sim_hierarchy_free(hierarchy);
    sim_cfgspace_free(space);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct sim_dump_address address;
    bool has_address =
        size && text[0] == '@' && sim_dump_address_parse(text + 1, size - 1, &address);
    struct sim_dump dump;
    struct sim_diag diag = {0};
    int err = sim_dump_parse("fuzz", text, size, has_address ? &address : NULL, &dump, &diag);
    if (err != diag.code || strchr(diag.text, '\n'))
        abort();
    if (err)
        return 0;
    struct sim_adapter_parts parts;
    struct sim_adapter *adapter;
    sim_adapter_parts_from_dump(&dump, NULL, &parts);
    sim_adapter_parts_number(&parts, 3);
    if (sim_adapter_new(NULL, &parts, &adapter))
        abort();
    use(adapter, 0xffffffff);
    use(adapter, 0x00000003);
    sim_adapter_free(adapter);
    return 0;
}
