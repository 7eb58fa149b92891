# SPDX-License-Identifier: MIT

unit_tests += \
	tests/base/test-bitmap \
	tests/base/test-buf \
	tests/base/test-hash \
	tests/base/test-origin \
	tests/base/test-small \
	tests/base/test-version

torture_tests += \
	tests/base/test-bitmap \
	tests/base/test-hash \
	tests/base/test-small
