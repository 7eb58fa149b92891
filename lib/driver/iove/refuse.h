/* SPDX-License-Identifier: MIT */
/* What a step is on the wire, and what the device's answer means to its caller. */
#ifndef VIO_LIB_DRIVER_IOVE_REFUSE_H
#define VIO_LIB_DRIVER_IOVE_REFUSE_H

#include "lib/driver/driver.h"
#include "lib/hw/ring.h"

/* The command of a step, without number and lease. *ret_data (VIO_HW_RECORD_SIZE bytes) is filled
 * and true stored in *ret_has_data where it has data. VIO_EINVAL for an action that is none. */
int vio__iove_step_encode(const struct vio_step *step, struct vio_hw_command *ret_command,
                          uint8_t *ret_data, bool *ret_has_data);

/* "function 12", "slot 3"; what a text about the step starts with. */
void vio__iove_step_object(const struct vio_step *step, char *ret_text, size_t size);

/* Fills the outcome for a completion whose status is not OK. */
void vio__iove_step_refused(const struct vio_step *step, const struct vio_hw_completion *completion,
                            struct vio_outcome *ret_outcome);

/* Fills an outcome that is not the device's answer. */
void vio__iove_step_failed(const struct vio_step *step, int status, const char *text,
                           struct vio_outcome *ret_outcome);

/* Whether the step's goal is what the chassis shows; its function's index where it is a function.
 */
bool vio__iove_step_reached(const struct vio_step *step, const struct vio_observation *observation,
                            uint32_t *ret_index);

#endif
