/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SUPPORT_TEST_H
#define TESTS_SUPPORT_TEST_H

/* cmocka.h leaves it to its includer to bring these in first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* How often a loop goes round: `usual` times the environment\'s VIO_TEST_ROUNDS. */
unsigned test_rounds(unsigned usual);

#endif
