/* SPDX-License-Identifier: MIT */
/* The rules of hardware addresses; the public calls of <libvio/address.h> are these plus argument
 * checks. No pointer here may be NULL. */
#ifndef VIO_DOMAIN_HWADDR_H
#define VIO_DOMAIN_HWADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libvio/address.h>

/* Bytes of an address of that kind, 0 for no kind. */
size_t vio__hwaddr_length(int kind);

/* VIO_EINVAL, VIO_EPARSE, VIO_EADDR as vio_address_parse() says. */
int vio__hwaddr_parse(const char *text, int kind, struct vio_address *ret_address);

/* VIO_EINVAL for a kind or size, VIO_EADDR for an address that may not be given. */
int vio__hwaddr_from_bytes(int kind, const uint8_t *bytes, size_t size,
                           struct vio_address *ret_address);

/* VIO_EADDR, VIO_ENOSPC. */
int vio__hwaddr_format(const struct vio_address *address, char *buf, size_t size);

bool vio__hwaddr_is_valid(const struct vio_address *address);
int vio__hwaddr_compare(const struct vio_address *a, const struct vio_address *b);

/* The bytes of an address as a big-endian number, of which the last 16 count, and back. */
void vio__hwaddr_split(const struct vio_address *address, uint64_t *ret_high, uint64_t *ret_low);
void vio__hwaddr_join(int kind, uint64_t high, uint64_t low, struct vio_address *ret_address);

#endif
