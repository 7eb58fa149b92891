/* SPDX-License-Identifier: MIT */
#include "lib/api/store_config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libvio/error.h>

#include "lib/base/alloc.h"
#include "lib/base/buf.h"
#include "lib/store/place.h"

#define URI_MAX 4096

struct vio_store_config {
    bool read_only, create;
};

static const struct vio_store_config defaults = {.create = true};

int vio_store_config_new(struct vio_store_config **ret_config)
{
    struct vio_store_config *config;

    if (!ret_config)
        return VIO_EINVAL;
    config = vio__memdup(NULL, &defaults, sizeof(defaults));
    if (!config)
        return VIO_ENOMEM;
    *ret_config = config;
    return 0;
}

void vio_store_config_free(struct vio_store_config *config)
{
    vio__free(NULL, config);
}

int vio_store_config_set_read_only(struct vio_store_config *config, bool read_only)
{
    if (!config)
        return VIO_EINVAL;
    config->read_only = read_only;
    return 0;
}

int vio_store_config_set_create(struct vio_store_config *config, bool create)
{
    if (!config)
        return VIO_EINVAL;
    config->create = create;
    return 0;
}

void vio__store_config_fill(const struct vio_store_config *config,
                            struct vio_ledger_config *ret_config)
{
    if (!config)
        config = &defaults;
    *ret_config = (struct vio_ledger_config){
        .read_only = config->read_only,
        .create = config->create && !config->read_only,
    };
}

int vio__store_config_default(const struct vio_alloc *alloc, char **ret_uri)
{
    const char *given = secure_getenv("VIO_STORE");
    struct vio_buf uri;
    char *path;
    int status;

    if (given && *given) {
        *ret_uri = vio__strdup(alloc, given);
        return *ret_uri ? 0 : VIO_ENOMEM;
    }
    status = vio__place_default(alloc, &path);
    if (status != 0)
        return status;
    vio__buf_init(&uri, alloc, URI_MAX);
    vio__buf_printf(&uri, "sqlite:%s", path);
    vio__free(alloc, path);
    path = vio__buf_steal(&uri);
    vio__buf_free(&uri);
    if (!path)
        return VIO_ENOMEM;
    *ret_uri = path;
    return 0;
}

static bool has_scheme(const char *uri, const char *scheme)
{
    return strncmp(uri, scheme, strlen(scheme)) == 0;
}

static bool is_there(const char *path)
{
    int saved = errno;
    bool there = access(path, F_OK) == 0;

    errno = saved;
    return there;
}

bool vio__store_is_memory(const char *uri)
{
    return has_scheme(uri, "memory:");
}

int vio__store_config_default_for(const struct vio_alloc *alloc, const char *chassis,
                                  bool read_only, char **ret_uri)
{
    char *uri = NULL;
    int status = 0;

    if (!has_scheme(chassis, "sim:"))
        status = vio__store_config_default(alloc, &uri);
    if (status != 0)
        return status;
    if (uri && read_only && has_scheme(uri, "sqlite:") && !is_there(uri + strlen("sqlite:"))) {
        vio__free(alloc, uri);
        uri = NULL;
    }
    if (!uri)
        uri = vio__strdup(alloc, "memory:");
    if (!uri)
        return VIO_ENOMEM;
    *ret_uri = uri;
    return 0;
}
