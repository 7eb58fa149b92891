/* SPDX-License-Identifier: MIT */
#ifndef TOOLS_DEV_HWTABLES_H
#define TOOLS_DEV_HWTABLES_H

#include <stdbool.h>
#include <stdio.h>

/* Prints the manual's worked example: the bytes of each entry, from the encoders of lib/hw. */
bool hwtables_example(FILE *out);

#endif
