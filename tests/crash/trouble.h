/* SPDX-License-Identifier: MIT */
/* Troubles of the test itself, which say nothing about what is tested: they end the program. */
#ifndef TESTS_CRASH_TROUBLE_H
#define TESTS_CRASH_TROUBLE_H

/* One line on standard error, then exit status 2. */
_Noreturn void trouble(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Trouble with errno's text if `result` is negative. */
void check_system(long result, const char *what);

#endif
