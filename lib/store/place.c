/* SPDX-License-Identifier: MIT */
#include "lib/store/place.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libvio/error.h>

#include "lib/base/buf.h"

#define PATH_LIMIT 4096

static const char system_folder[] = VIO_LOCALSTATEDIR "/lib/vio/";

/* Where a variable names one; the specification has relative ones ignored. */
static const char *absolute(const char *variable)
{
    const char *value = secure_getenv(variable);

    return value != NULL && value[0] == '/' ? value : NULL;
}

int vio__place_default(const struct vio_alloc *alloc, char **ret_path)
{
    const char *state = absolute("XDG_STATE_HOME");
    const char *home = absolute("HOME");
    struct vio_buf path;
    char *text;

    if (geteuid() != 0 && state == NULL && home == NULL)
        return VIO_ENOENT;
    vio__buf_init(&path, alloc, PATH_LIMIT);
    if (geteuid() == 0)
        vio__buf_printf(&path, "%sstore.db", system_folder);
    else if (state != NULL)
        vio__buf_printf(&path, "%s/vio/store.db", state);
    else
        vio__buf_printf(&path, "%s/.local/state/vio/store.db", home);
    text = vio__buf_steal(&path);
    vio__buf_free(&path);
    if (text == NULL)
        return VIO_ENOMEM;
    *ret_path = text;
    return 0;
}

bool vio__place_is_system(const char *path)
{
    return strncmp(path, system_folder, sizeof(system_folder) - 1) == 0;
}

/* The system's is for the group of those who may read it. */
static void open_to_group(const char *folder)
{
    struct group group, *found = NULL;
    char buffer[4096];

    if (getgrnam_r("vio", &group, buffer, sizeof(buffer), &found) == 0 && found != NULL &&
        chown(folder, (uid_t)-1, group.gr_gid) == 0)
        chmod(folder, S_IRWXU | S_IRGRP | S_IXGRP);
}

static int make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        bool last = strchr(slash + 1, '/') == NULL;
        int made;

        *slash = '\0';
        made = mkdir(path, S_IRWXU | (last ? 0 : S_IRGRP | S_IXGRP | S_IROTH | S_IXOTH));
        if (made != 0 && errno != EEXIST)
            return errno;
        if (made == 0 && last && strncmp(path, system_folder, strlen(path)) == 0)
            open_to_group(path);
        *slash = '/';
    }
    return 0;
}

int vio__place_prepare(const struct vio_alloc *alloc, const char *path)
{
    char *usual = NULL;
    int error = 0;

    if (vio__place_default(alloc, &usual) == 0 && strcmp(usual, path) == 0)
        error = make_folders(usual);
    vio__free(alloc, usual);
    return error;
}
