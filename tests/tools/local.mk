# SPDX-License-Identifier: MIT

script_tests += \
	tests/tools/history.py \
	tests/tools/owners.py \
	tests/tools/plans.py \
	tests/tools/pools.py \
	tests/tools/store.py \
	tests/tools/troubles.py \
	tests/tools/vioctl.py

EXTRA_DIST += tests/tools/shell.py

tests_tools_holder_LDADD = libvio.la
