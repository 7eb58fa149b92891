# SPDX-License-Identifier: MIT

unit_tests += \
	tests/sim/test-adapter \
	tests/sim/test-cfgspace \
	tests/sim/test-chassis-file \
	tests/sim/test-commands \
	tests/sim/test-describe \
	tests/sim/test-device \
	tests/sim/test-dump \
	tests/sim/test-faults \
	tests/sim/test-hierarchy \
	tests/sim/test-lease \
	tests/sim/test-lspci \
	tests/sim/test-queue \
	tests/sim/test-random \
	tests/sim/test-registers \
	tests/sim/test-threads

threaded_tests += \
	tests/sim/test-threads

torture_tests += \
	tests/sim/test-cfgspace \
	tests/sim/test-chassis-file \
	tests/sim/test-dump \
	tests/sim/test-hierarchy \
	tests/sim/test-random

sim_adapter_tests = tests/sim/adapters.c tests/sim/adapters.h
tests_sim_test_adapter_SOURCES = tests/sim/test-adapter.c $(sim_adapter_tests)
tests_sim_test_cfgspace_SOURCES = tests/sim/test-cfgspace.c $(sim_adapter_tests)
tests_sim_test_chassis_file_SOURCES = tests/sim/test-chassis-file.c $(sim_adapter_tests)
tests_sim_test_describe_SOURCES = tests/sim/test-describe.c $(sim_adapter_tests)
tests_sim_test_dump_SOURCES = tests/sim/test-dump.c $(sim_adapter_tests)
tests_sim_test_hierarchy_SOURCES = tests/sim/test-hierarchy.c $(sim_adapter_tests)
tests_sim_test_lspci_SOURCES = tests/sim/test-lspci.c $(sim_adapter_tests)
