/* SPDX-License-Identifier: MIT */
/* Numbers on the wire: little-endian, at any alignment. */
#ifndef VIO_LIB_HW_WIRE_H
#define VIO_LIB_HW_WIRE_H

#include <stdint.h>

static inline uint16_t vio__hw_get16(const void *at)
{
    const uint8_t *p = at;
    return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t vio__hw_get32(const void *at)
{
    const uint8_t *p = at;
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t vio__hw_get64(const void *at)
{
    const uint8_t *p = at;
    return (uint64_t)vio__hw_get32(p) | (uint64_t)vio__hw_get32(p + 4) << 32;
}

static inline void vio__hw_put16(void *at, uint16_t v)
{
    uint8_t *p = at;
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

static inline void vio__hw_put32(void *at, uint32_t v)
{
    vio__hw_put16(at, (uint16_t)v);
    vio__hw_put16((uint8_t *)at + 2, (uint16_t)(v >> 16));
}

static inline void vio__hw_put64(void *at, uint64_t v)
{
    vio__hw_put32(at, (uint32_t)v);
    vio__hw_put32((uint8_t *)at + 4, (uint32_t)(v >> 32));
}

#endif
