/* SPDX-License-Identifier: MIT */
/* What a configuration says, for the making of a context. */
#ifndef VIO_API_CTX_CONFIG_H
#define VIO_API_CTX_CONFIG_H

#include <libvio/ctx.h>

#include "lib/loop/loop.h"

/* `config` may be NULL for the defaults. */
struct vio_loop_config vio__ctx_config_loop(const struct vio_ctx_config *config);

#endif
