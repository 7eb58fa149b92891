/* SPDX-License-Identifier: MIT */
/*
 * Records of the device as values and back. Reading checks every field: what contradicts the
 * interface is VIO_EPROTO, with one line in `error` that names the record and the field.
 */
#ifndef VIO_LIB_DRIVER_IOVE_RECORD_H
#define VIO_LIB_DRIVER_IOVE_RECORD_H

#include "lib/domain/observation.h"
#include "lib/driver/iove/limits.h"

/* A copy of one record's bytes, and what its numbers may refer to. */
struct vio_iove_record {
    const uint8_t *bytes; /* VIO_HW_RECORD_SIZE */
    const struct vio_iove_limits *limits;
    const char *noun; /* "port" */
    uint32_t index;
    char *error; /* VIO_IOVE_ERROR_SIZE bytes */
    int status;  /* the first failure; set by the readers below */
};

int vio__iove_record_chassis(struct vio_iove_record *record, struct vio_chassis_info *ret_info);
int vio__iove_record_port(struct vio_iove_record *record, struct vio_port_info *ret_info);
int vio__iove_record_server(struct vio_iove_record *record, struct vio_server_info *ret_info);
int vio__iove_record_adapter(struct vio_iove_record *record, struct vio_adapter_info *ret_info);
int vio__iove_record_function(struct vio_iove_record *record, struct vio_function_info *ret_info);

/* The data of FUNCTION_CREATE and FUNCTION_SET_x. */
void vio__iove_record_encode(const struct vio_function_info *info,
                             uint8_t ret_bytes[VIO_HW_RECORD_SIZE]);

/* -- For the readers: each takes one field, and fails the record where it is not allowed --------
 */

uint32_t vio__iove_record_u32(const struct vio_iove_record *record, uint32_t offset);
uint64_t vio__iove_record_u64(const struct vio_iove_record *record, uint32_t offset);

/* A number from `least` to `most`; 0 where it is not. */
uint32_t vio__iove_record_range(struct vio_iove_record *record, const char *field, uint32_t value,
                                uint32_t least, uint32_t most);

/* A number below `count`, or VIO_NO_INDEX where the device says "none". */
uint32_t vio__iove_record_ref(struct vio_iove_record *record, const char *field, uint32_t offset,
                              uint32_t count);
void vio__iove_record_text(struct vio_iove_record *record, const char *field, uint32_t offset,
                           char *ret_text, size_t size);
void vio__iove_record_address(struct vio_iove_record *record, const char *field, uint32_t offset,
                              struct vio_address *ret_address);
void vio__iove_record_fail(struct vio_iove_record *record, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
