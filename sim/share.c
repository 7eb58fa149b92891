/* SPDX-License-Identifier: MIT */
#include "sim/share.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Relative to where this code was loaded from: an installation that was moved, and a build tree. */
static const char *const beside[] = {"../share/libvio", "share/libvio"};

static bool find_beside(char path[SIM_SHARE_SIZE])
{
    Dl_info info;
    const char *slash;

    if (!dladdr((const void *)beside, &info) || !info.dli_fname ||
        !(slash = strrchr(info.dli_fname, '/')))
        return false;
    for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
        int n = snprintf(path, SIM_SHARE_SIZE, "%.*s/%s", (int)(slash - info.dli_fname),
                         info.dli_fname, beside[i]);

        if (n < SIM_SHARE_SIZE && access(path, X_OK) == 0)
            return true;
    }
    return false;
}

void sim_share_find(char path[SIM_SHARE_SIZE])
{
    const char *dir = secure_getenv("VIO_SHARE_DIR");

    if (dir && *dir)
        snprintf(path, SIM_SHARE_SIZE, "%s", dir);
    else if (!find_beside(path))
        snprintf(path, SIM_SHARE_SIZE, "%s", VIO_PKGDATADIR);
}
