/* SPDX-License-Identifier: MIT */
/* UUIDs (RFC 4122): 16 bytes in the order of their text. */
#ifndef VIO_BASE_UUID_H
#define VIO_BASE_UUID_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/random.h"

#define VIO_UUID_SIZE      16
#define VIO_UUID_TEXT_SIZE 37 /* with the terminating zero */

int vio__uuid_random(uint8_t ret_uuid[VIO_UUID_SIZE]); /* version 4; VIO_EIO */
void vio__uuid_from_prng(struct vio_prng *prng, uint8_t ret_uuid[VIO_UUID_SIZE]);
void vio__uuid_format(const uint8_t uuid[VIO_UUID_SIZE], char ret_text[VIO_UUID_TEXT_SIZE]);
int vio__uuid_parse(const char *text, uint8_t ret_uuid[VIO_UUID_SIZE]); /* VIO_EPARSE */
bool vio__uuid_is_nil(const uint8_t uuid[VIO_UUID_SIZE]);

#endif
