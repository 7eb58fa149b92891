# SPDX-License-Identifier: MIT

unit_tests += \
	tests/transport/test-sim \
	tests/transport/test-uri \
	tests/transport/test-vfio-user

threaded_tests += \
	tests/transport/test-vfio-user
