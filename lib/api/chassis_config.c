/* SPDX-License-Identifier: MIT */
#include "lib/api/chassis_config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <libvio/error.h>
#include <libvio/store.h>

#include "lib/api/store_config.h"
#include "lib/base/alloc.h"
#include "lib/domain/name.h"

#define LONGEST_MS      3600000u
#define COMMAND_MS      5000u
#define NS_PER_MS       UINT64_C(1000000)
#define HOST_BYTES      64
#define PROGRAM_IN_NAME 16 /* bytes of either name that the default holder shows */

struct vio_chassis_config {
    bool read_only, take_over;
    uint32_t wait_ms, command_ms;
    char holder[VIO_HOLDER_SIZE]; /* "": the default one */
    struct vio_store *store;      /* a reference; NULL: one of the chassis' own */
    bool adopt, adopt_is_set;
    bool keep_lost, repair;
};

static const struct vio_chassis_config defaults = {.command_ms = COMMAND_MS};

int vio_chassis_config_new(struct vio_chassis_config **ret_config)
{
    struct vio_chassis_config *config;

    if (!ret_config)
        return VIO_EINVAL;
    config = vio__memdup(NULL, &defaults, sizeof(defaults));
    if (!config)
        return VIO_ENOMEM;
    *ret_config = config;
    return 0;
}

void vio_chassis_config_free(struct vio_chassis_config *config)
{
    if (!config)
        return;
    vio_store_unref(config->store);
    vio__free(NULL, config);
}

int vio_chassis_config_set_read_only(struct vio_chassis_config *config, bool read_only)
{
    if (!config)
        return VIO_EINVAL;
    config->read_only = read_only;
    return 0;
}

int vio_chassis_config_set_take_over(struct vio_chassis_config *config, bool take_over)
{
    if (!config)
        return VIO_EINVAL;
    config->take_over = take_over;
    return 0;
}

int vio_chassis_config_set_wait(struct vio_chassis_config *config, uint32_t milliseconds)
{
    if (!config || milliseconds > LONGEST_MS)
        return VIO_EINVAL;
    config->wait_ms = milliseconds;
    return 0;
}

int vio_chassis_config_set_holder(struct vio_chassis_config *config, const char *holder)
{
    if (!config || !holder)
        return VIO_EINVAL;
    if (!*holder || !vio__text_is_valid(holder, VIO_HOLDER_SIZE - 1))
        return VIO_ENAME;
    snprintf(config->holder, sizeof(config->holder), "%s", holder);
    return 0;
}

int vio_chassis_config_set_command_timeout(struct vio_chassis_config *config, uint32_t milliseconds)
{
    if (!config || milliseconds == 0 || milliseconds > LONGEST_MS)
        return VIO_EINVAL;
    config->command_ms = milliseconds;
    return 0;
}

int vio_chassis_config_set_store(struct vio_chassis_config *config, struct vio_store *store)
{
    if (!config)
        return VIO_EINVAL;
    vio_store_ref(store);
    vio_store_unref(config->store);
    config->store = store;
    return 0;
}

int vio_chassis_config_set_adopt(struct vio_chassis_config *config, bool adopt)
{
    if (!config)
        return VIO_EINVAL;
    config->adopt = adopt;
    config->adopt_is_set = true;
    return 0;
}

int vio_chassis_config_set_restore(struct vio_chassis_config *config, bool restore)
{
    if (!config)
        return VIO_EINVAL;
    config->keep_lost = !restore;
    return 0;
}

int vio_chassis_config_set_repair(struct vio_chassis_config *config, bool repair)
{
    if (!config)
        return VIO_EINVAL;
    config->repair = repair;
    return 0;
}

/* "PROGRAM pid N on HOST", or less of it where a name is no text. */
void vio__holder_default(char holder[VIO_HOLDER_SIZE])
{
    char host[HOST_BYTES] = "";
    int saved = errno;

    if (gethostname(host, sizeof(host) - 1) != 0)
        host[0] = '\0';
    errno = saved;
    snprintf(holder, VIO_HOLDER_SIZE, "%.*s pid %ld on %.*s", PROGRAM_IN_NAME,
             program_invocation_short_name, (long)getpid(), PROGRAM_IN_NAME, host);
    if (!vio__text_is_valid(holder, VIO_HOLDER_SIZE - 1))
        snprintf(holder, VIO_HOLDER_SIZE, "pid %ld", (long)getpid());
}

struct vio_store *vio__chassis_config_store(const struct vio_chassis_config *config)
{
    return config ? config->store : NULL;
}

bool vio__chassis_config_is_read_only(const struct vio_chassis_config *config)
{
    return config && config->read_only;
}

void vio__chassis_config_fill(const struct vio_chassis_config *config, const char *store_uri,
                              char ret_holder[VIO_HOLDER_SIZE],
                              struct vio_engine_config *ret_engine)
{
    if (!config)
        config = &defaults;
    memcpy(ret_holder, config->holder, VIO_HOLDER_SIZE);
    if (!*ret_holder)
        vio__holder_default(ret_holder);
    *ret_engine = (struct vio_engine_config){
        .holder = ret_holder,
        .store = store_uri,
        .read_only = config->read_only,
        .take_over = config->take_over,
        .wait = config->wait_ms * NS_PER_MS,
        .timeout = config->command_ms * NS_PER_MS,
        .keep_lost = config->keep_lost,
        .repair = config->repair,
        .adopt = config->adopt_is_set ? config->adopt : vio__store_is_memory(store_uri),
    };
}
