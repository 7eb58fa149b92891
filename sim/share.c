/* SPDX-License-Identifier: MIT */
#include "sim/share.h"

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Relative to where this code was loaded from: an installation that was moved, and a build tree. */
static const char *const beside[] = {"../share/libvio", "share/libvio"};

static bool find_beside(const char *file, char path[SIM_SHARE_SIZE])
{
    const char *slash = strrchr(file, '/');

    for (size_t i = 0; slash && i < sizeof(beside) / sizeof(beside[0]); i++) {
        int n = snprintf(path, SIM_SHARE_SIZE, "%.*s/%s", (int)(slash - file), file, beside[i]);

        if (n < SIM_SHARE_SIZE && access(path, X_OK) == 0)
            return true;
    }
    return false;
}

/* A library's name is where it was loaded from; a program's is what it was called by, so one that
 * was found through PATH or a link is asked of the kernel. */
static bool find_beside_this_code(char path[SIM_SHARE_SIZE])
{
    char program[SIM_SHARE_SIZE];
    struct link_map *map = NULL;
    Dl_info info;
    ssize_t n;

    if (!dladdr1((const void *)beside, &info, (void **)&map, RTLD_DL_LINKMAP) || !map)
        return false;
    if (map->l_name[0])
        return find_beside(map->l_name, path);
    n = readlink("/proc/self/exe", program, sizeof(program) - 1);
    if (n < 0)
        return false;
    program[n] = '\0';
    return find_beside(program, path);
}

void sim_share_find(char path[SIM_SHARE_SIZE])
{
    const char *dir = secure_getenv("VIO_SHARE_DIR");

    if (dir && *dir)
        snprintf(path, SIM_SHARE_SIZE, "%s", dir);
    else if (!find_beside_this_code(path))
        snprintf(path, SIM_SHARE_SIZE, "%s", VIO_PKGDATADIR);
}
