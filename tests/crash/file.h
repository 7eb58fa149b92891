/* SPDX-License-Identifier: MIT */
/* The store's file, read without the library that wrote it. */
#ifndef TESTS_CRASH_FILE_H
#define TESTS_CRASH_FILE_H

#include "tests/crash/judge.h"

/* What is in the file agrees with what the API shows: no change set is open, nothing is missing and
 * nothing is left over. The program that has it open is idle. */
void file_judge(struct judge *judge, const char *path, const struct sight *api);

#endif
