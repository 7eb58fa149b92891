# SPDX-License-Identifier: MIT

script_tests += \
	tests/tools/owners.py \
	tests/tools/troubles.py \
	tests/tools/vioctl.py

tests_tools_holder_LDADD = libvio.la
