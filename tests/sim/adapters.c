/* SPDX-License-Identifier: MIT */
#include "tests/sim/adapters.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/test.h"

const char *const test_descriptions[] = {
    "intel-82576", "intel-82599es",  "lsi-sas2008",    "mellanox-connectx3-pro",
    "myricom-10g", "qlogic-isp2532", "samsung-pm1743", NULL};

const char *const test_dumps[] = {"intel-82576-sriov.lspci",     "intel-82599es.lspci",
                                  "lsi-sas2008.lspci",           "mellanox-mt27520.lspci",
                                  "myricom-myri10g.lspci",       "samsung-pm174x-nvme-sriov.lspci",
                                  "tree-x58-nf200-switch.lspci", NULL};

struct sim_adapter *test_load(const char *where)
{
    struct sim_adapter *adapter = NULL;
    struct sim_diag diag = {0};
    if (sim_adapter_load(NULL, where, NULL, &adapter, &diag))
        fail_msg("%s: %s", where, diag.text);
    return adapter;
}

char *test_captured(const char *name)
{
    const char *shared = getenv("VIO_SHARED");
    char *path = NULL;
    if (!shared || asprintf(&path, "%s/adapters/%s", shared, name) < 0)
        return NULL;
    if (access(path, R_OK) == 0)
        return path;
    free(path);
    return NULL;
}

uint32_t test_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 32);
}
