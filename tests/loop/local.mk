# SPDX-License-Identifier: MIT

unit_tests += \
	tests/loop/test-close \
	tests/loop/test-drive \
	tests/loop/test-queue \
	tests/loop/test-req \
	tests/loop/test-time

threaded_tests += \
	tests/loop/test-close \
	tests/loop/test-drive \
	tests/loop/test-queue \
	tests/loop/test-req

torture_tests += \
	tests/loop/test-close \
	tests/loop/test-queue \
	tests/loop/test-req
