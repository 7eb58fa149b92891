# SPDX-License-Identifier: MIT

script_tests += \
	tests/conformance/run.py

EXTRA_DIST += \
	tests/conformance/chassis.py \
	tests/conformance/functions.py \
	tests/conformance/leases.py \
	tests/conformance/manual.py \
	tests/conformance/queues.py \
	tests/conformance/registers.py \
	tests/conformance/resets.py
