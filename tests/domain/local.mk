# SPDX-License-Identifier: MIT

unit_tests += \
	tests/domain/test-diff \
	tests/domain/test-fields \
	tests/domain/test-plan \
	tests/domain/test-pool-spec \
	tests/domain/test-pool \
	tests/domain/test-rules \
	tests/domain/test-spec

torture_tests += \
	tests/domain/test-diff \
	tests/domain/test-pool
