# SPDX-License-Identifier: MIT

unit_tests += \
	tests/loop/test-close \
	tests/loop/test-drive \
	tests/loop/test-queue \
	tests/loop/test-req \
	tests/loop/test-time \
	tests/loop/test-worker

threaded_tests += \
	tests/loop/test-close \
	tests/loop/test-drive \
	tests/loop/test-queue \
	tests/loop/test-req \
	tests/loop/test-worker

torture_tests += \
	tests/loop/test-close \
	tests/loop/test-queue \
	tests/loop/test-req \
	tests/loop/test-worker
