# SPDX-License-Identifier: MIT

unit_tests += \
	tests/store/test-memory
