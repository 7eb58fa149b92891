# SPDX-License-Identifier: MIT

script_tests += \
	tests/examples/run.sh
