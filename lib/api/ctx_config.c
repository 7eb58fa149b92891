/* SPDX-License-Identifier: MIT */
#include "lib/api/ctx_config.h"

#include <libvio/error.h>

#define NS_PER_MS UINT64_C(1000000)

enum { QUEUE_MAX_DEFAULT = 4096 };

/* The drives have the same numbers on both sides. */
_Static_assert((int)VIO_DRIVE_THREAD == (int)VIO_LOOP_THREAD, "drives differ");
_Static_assert((int)VIO_DRIVE_POLL == (int)VIO_LOOP_POLL, "drives differ");
_Static_assert((int)VIO_DRIVE_UV == (int)VIO_LOOP_UV, "drives differ");

struct vio_ctx_config {
    struct vio_loop_config loop;
};

struct vio_loop_config vio__ctx_config_loop(const struct vio_ctx_config *config)
{
    if (config != NULL)
        return config->loop;
    return (struct vio_loop_config){.drive = VIO_LOOP_THREAD,
                                    .alloc = vio__alloc_default(),
                                    .queue_max = QUEUE_MAX_DEFAULT,
                                    .queue_cb = vio_ctx_queue};
}

int vio_ctx_config_new(struct vio_ctx_config **ret_config)
{
    struct vio_ctx_config *config;

    if (ret_config == NULL)
        return VIO_EINVAL;
    config = vio__alloc(NULL, sizeof(*config));
    if (config == NULL)
        return VIO_ENOMEM;
    config->loop = vio__ctx_config_loop(NULL);
    *ret_config = config;
    return 0;
}

void vio_ctx_config_free(struct vio_ctx_config *config)
{
    vio__free(NULL, config);
}

int vio_ctx_config_set_drive(struct vio_ctx_config *config, int drive)
{
    if (config == NULL || (drive != VIO_DRIVE_THREAD && drive != VIO_DRIVE_POLL))
        return VIO_EINVAL;
    config->loop.drive = drive;
    config->loop.uv = NULL;
    return 0;
}

int vio_ctx_config_set_uv_loop(struct vio_ctx_config *config, struct uv_loop_s *uv)
{
    if (config == NULL || uv == NULL)
        return VIO_EINVAL;
    config->loop.drive = VIO_LOOP_UV;
    config->loop.uv = uv;
    return 0;
}

int vio_ctx_config_set_log(struct vio_ctx_config *config, vio_log_fn fn, void *user, int level)
{
    if (config == NULL || level < VIO_LOG_NONE || level > VIO_LOG_DEBUG)
        return VIO_EINVAL;
    config->loop.log = (struct vio_log){.fn = fn, .user = user, .level = level};
    return 0;
}

int vio_ctx_config_set_allocator(struct vio_ctx_config *config,
                                 void *(*malloc_fn)(size_t size, void *user),
                                 void *(*realloc_fn)(void *ptr, size_t size, void *user),
                                 void (*free_fn)(void *ptr, void *user), void *user)
{
    if (config == NULL || malloc_fn == NULL || realloc_fn == NULL || free_fn == NULL)
        return VIO_EINVAL;
    config->loop.alloc = (struct vio_alloc){malloc_fn, realloc_fn, free_fn, user};
    return 0;
}

int vio_ctx_config_set_timeout(struct vio_ctx_config *config, uint32_t timeout_ms)
{
    if (config == NULL)
        return VIO_EINVAL;
    config->loop.timeout = timeout_ms * NS_PER_MS;
    return 0;
}

int vio_ctx_config_set_queue_max(struct vio_ctx_config *config, uint32_t max)
{
    if (config == NULL || max < 1 || max > VIO_QUEUE_MAX_LIMIT)
        return VIO_EINVAL;
    config->loop.queue_max = max;
    return 0;
}
