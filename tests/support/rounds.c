/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "tests/support/test.h"

unsigned test_rounds(unsigned usual)
{
    const char *factor = getenv("VIO_TEST_ROUNDS");
    unsigned long times = factor != NULL ? strtoul(factor, NULL, 10) : 1;

    return usual * (times > 0 ? (unsigned)times : 1);
}
