/* SPDX-License-Identifier: MIT */
/* A YAML file that a user brings, read as a chassis and as an adapter. */
#include <stdlib.h>
#include <string.h>

#include "sim/chassis_file.h"
#include "sim/describe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int err, const struct sim_diag *diag)
{
    if (err != diag->code || (err && !diag->text[0]) || strchr(diag->text, '\n'))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sim_chassis_spec *spec;
    struct sim_diag diag = {0};
    int err =
        sim_chassis_spec_parse(NULL, "fuzz", (const char *)data, size, "/nowhere", &spec, &diag);
    check(err, &diag);
    if (!err) {
        for (unsigned i = 0; i < sim_chassis_spec_servers(spec); i++)
            if (!sim_chassis_spec_server(spec, i)->name[0])
                abort();
        sim_chassis_spec_free(spec);
    }

    struct sim_adapter_parts parts;
    struct sim_adapter *adapter;
    struct sim_cfgspace *space;
    diag = (struct sim_diag){0};
    err = sim_describe_parse(NULL, "fuzz", (const char *)data, size, &parts, &diag);
    check(err, &diag);
    if (err)
        return 0;
    if (sim_adapter_new(NULL, &parts, &adapter) || sim_cfgspace_new(adapter, &space))
        abort();
    sim_cfgspace_put(space, 0x10, 4, 0xffffffff);
    sim_cfgspace_free(space);
    sim_adapter_free(adapter);
    return 0;
}
