# SPDX-License-Identifier: MIT

unit_tests += \
	tests/driver/test-hostile \
	tests/driver/test-iove \
	tests/driver/test-memory \
	tests/driver/test-mishaps \
	tests/driver/test-queue \
	tests/driver/test-refuse \
	tests/driver/test-troubles

torture_tests += \
	tests/driver/test-mishaps

# A transport of its own takes the place of the library's.
tests_driver_test_memory_SOURCES = tests/driver/test-memory.c tests/driver/fake.c \
	tests/driver/fake.h
tests_driver_test_hostile_SOURCES = tests/driver/test-hostile.c tests/driver/fake.c \
	tests/driver/fake.h
