# SPDX-License-Identifier: MIT

unit_tests += \
	tests/hw/test-names \
	tests/hw/test-regs \
	tests/hw/test-ring

script_tests += \
	tests/hw/tables.sh

torture_tests += \
	tests/hw/test-regs \
	tests/hw/test-ring
