# SPDX-License-Identifier: MIT

unit_tests += \
	tests/chassisd/test-dma \
	tests/chassisd/test-irq \
	tests/chassisd/test-listener \
	tests/chassisd/test-memory \
	tests/chassisd/test-options \
	tests/chassisd/test-session

script_tests += \
	tests/chassisd/daemon.py \
	tests/chassisd/protocol.py \
	tests/chassisd/qemu.py

torture_tests += \
	tests/chassisd/protocol.py

EXTRA_DIST += tests/chassisd/vfio_user_client.py
chassisd_test_libs = libchassisd.la $(unit_test_libs)
tests_chassisd_test_dma_LDADD = $(chassisd_test_libs)
tests_chassisd_test_irq_LDADD = $(chassisd_test_libs)
tests_chassisd_test_listener_LDADD = $(chassisd_test_libs)
tests_chassisd_test_memory_LDADD = $(chassisd_test_libs)
tests_chassisd_test_memory_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=calloc,--wrap=realloc
tests_chassisd_test_options_LDADD = $(chassisd_test_libs)
tests_chassisd_test_session_LDADD = $(chassisd_test_libs)
