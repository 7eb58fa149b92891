/* SPDX-License-Identifier: MIT */
/*
 * The bodies of rows: compact, each with its version in the first byte. A body comes from outside:
 * VIO_ECORRUPT for one that is damaged, VIO_EVERSION for one that a later version has written.
 */
#ifndef VIO_LIB_STORE_CODEC_H
#define VIO_LIB_STORE_CODEC_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/alloc.h"
#include "lib/base/buf.h"
#include "lib/domain/vadapter.h"
#include "lib/store/backend.h"
#include "lib/store/objects.h"

struct vio_pool_info;

#define VIO_BODY_MAX ((UINT32_C(1) << 24) - 1) /* bytes */

/* Appends the body of an object of that kind. VIO_EINVAL for one that could not be read back;
 * VIO_ENOMEM, VIO_ELIMIT. */
int vio__codec_encode(enum vio_row_kind kind, const void *object, struct vio_buf *buf);

/* Whether a body can be read; makes nothing. */
int vio__codec_check(enum vio_row_kind kind, const void *body, size_t size);

/* VIO_ENOMEM too. */
int vio__codec_vadapter(const struct vio_alloc *alloc, const void *body, size_t size,
                        struct vio_vadapter_info **ret_vadapter);
int vio__codec_pool(const struct vio_alloc *alloc, const void *body, size_t size,
                    struct vio_pool_info **ret_pool);
int vio__codec_hold(const void *body, size_t size, struct vio_hold *ret_hold);
int vio__codec_met(const void *body, size_t size, struct vio_met *ret_met);

/* -- Keys -------------------------------------------------------------------------------------- */

/* By what rows are found. */
enum vio_key_kind {
    VIO_KEY_ID = 0, /* UUID; of a hold, its address */
    VIO_KEY_NAME = 1,
    VIO_KEY_ADDRESS = 2,
    VIO_KEY_NODE = 3, /* address of a vHBA's node */
    VIO_KEY_CHASSIS = 4,
    VIO_KEY_SERVER = 5,  /* chassis and server */
    VIO_KEY_ADAPTER = 6, /* adapter and chassis */
};
#define VIO_KEYS 7

struct vio_key {
    const uint8_t *data;
    size_t size; /* 0: there is none */
};

/* In a body that was checked, which it points into. */
struct vio_key vio__codec_key(enum vio_row_kind kind, const void *body, enum vio_key_kind key);
uint64_t vio__codec_generation(enum vio_row_kind kind, const void *body); /* 0: it has none */

/* Keys as they are in bodies. */
#define VIO_KEY_SIZE 36
size_t vio__codec_address_key(const struct vio_address *address, uint8_t ret_key[VIO_KEY_SIZE]);
size_t vio__codec_server_key(const uint8_t chassis[VIO_UUID_SIZE], uint32_t server,
                             uint8_t ret_key[VIO_KEY_SIZE]);
size_t vio__codec_adapter_key(const uint8_t chassis[VIO_UUID_SIZE], uint32_t adapter,
                              uint8_t ret_key[VIO_KEY_SIZE]);

#endif
