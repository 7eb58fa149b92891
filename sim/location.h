/* SPDX-License-Identifier: MIT */
/* What follows "sim:" in a URI: FILE?OPTION=VALUE&… */
#ifndef SIM_LOCATION_H
#define SIM_LOCATION_H

#include <stdint.h>

#include "sim/device.h"

/* Reads a time such as "250us": a whole number with ns, us, ms or s, at most an hour, in ns.
 * Returns 0 or VIO_EINVAL. */
int sim_time_parse(const char *text, uint64_t *ret_ns);

/* Splits a location. *ret_path is "" for the default chassis; the caller frees it. Returns 0,
 * VIO_EINVAL (diag names the option and what is allowed), VIO_ENOMEM. */
int sim_location_parse(const char *location, char **ret_path, struct sim_options *ret_options,
                       struct sim_diag *diag);

#endif
