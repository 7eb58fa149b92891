# SPDX-License-Identifier: MIT
# How to add a test:
#   - of internal functions: write tests/AREA/test-NOUN.c with cmocka and add tests/AREA/test-NOUN to
#     unit_tests. It is linked with the convenience libraries, so it sees hidden functions.
#   - of the public API: write tests/api/test-NOUN.c and add tests/api/test-NOUN to api_tests, and
#     "tests_api_test_NOUN_LDADD = $(api_test_libs)" below it. It is linked with libvio.so and loads
#     libviosim.so.0 as a user's program would.
#   - with threads: add its name to threaded_tests too, unless it is of the public API. Those run under
#     the thread sanitizer.
#   - with loops that VIO_TEST_ROUNDS multiplies: add its name to torture_tests too.
#   - a script: add it to script_tests (executable; exit 0 passed, 77 skipped, else failed).
# More sources: tests_AREA_test_NOUN_SOURCES = each of them, the test's own file included.
# Tests include "tests/support/test.h" in place of cmocka.h. Helpers for several tests go into
# tests/support/ and test_support_sources.
#
# Environment of each test: top_srcdir, top_builddir (absolute), LD_LIBRARY_PATH with libvio.so and
# libviosim.so, VIO_SHARE_DIR (share/), VIO_SHARED (captured config-space dumps beside the tree) only
# where there are some, VIO_TEST_ROUNDS (factor for loops) where the caller sets it.

unit_tests = \
	tests/base/test-buf \
	tests/base/test-hash \
	tests/base/test-origin \
	tests/base/test-small \
	tests/base/test-version \
	tests/chassisd/test-dma \
	tests/chassisd/test-irq \
	tests/chassisd/test-listener \
	tests/chassisd/test-memory \
	tests/chassisd/test-options \
	tests/chassisd/test-session \
	tests/domain/test-diff \
	tests/domain/test-rules \
	tests/domain/test-spec \
	tests/driver/test-hostile \
	tests/driver/test-iove \
	tests/driver/test-memory \
	tests/driver/test-mishaps \
	tests/driver/test-queue \
	tests/driver/test-refuse \
	tests/driver/test-troubles \
	tests/engine/test-faults \
	tests/engine/test-session \
	tests/hw/test-names \
	tests/hw/test-regs \
	tests/hw/test-ring \
	tests/loop/test-close \
	tests/loop/test-drive \
	tests/loop/test-queue \
	tests/loop/test-req \
	tests/loop/test-time \
	tests/sim/test-adapter \
	tests/sim/test-cfgspace \
	tests/sim/test-chassis-file \
	tests/sim/test-commands \
	tests/sim/test-describe \
	tests/sim/test-device \
	tests/sim/test-dump \
	tests/sim/test-faults \
	tests/sim/test-hierarchy \
	tests/sim/test-lease \
	tests/sim/test-lspci \
	tests/sim/test-queue \
	tests/sim/test-random \
	tests/sim/test-registers \
	tests/sim/test-threads \
	tests/store/test-memory \
	tests/transport/test-sim \
	tests/transport/test-uri \
	tests/transport/test-vfio-user

engine_fixture = \
	tests/engine/fake.c \
	tests/engine/fake.h \
	tests/engine/fixture.c \
	tests/engine/fixture.h
tests_engine_test_faults_SOURCES = tests/engine/test-faults.c $(engine_fixture)
tests_engine_test_session_SOURCES = tests/engine/test-session.c $(engine_fixture)

api_tests = \
	tests/api/test-address \
	tests/api/test-chassis \
	tests/api/test-ctx \
	tests/api/test-error \
	tests/api/test-event \
	tests/api/test-faults \
	tests/api/test-list \
	tests/api/test-null \
	tests/api/test-vadapter
tests_api_test_address_LDADD = $(api_test_libs)
tests_api_test_ctx_LDADD = $(api_test_libs)
tests_api_test_error_LDADD = $(api_test_libs)
tests_api_test_faults_SOURCES = tests/api/test-faults.c tests/api/hand.c tests/api/hand.h
tests_api_test_faults_LDADD = $(api_sim_libs)

api_session = \
	tests/api/session.c \
	tests/api/session.h
api_sim_libs = $(api_test_libs) libviosim.la

tests_api_test_chassis_SOURCES = tests/api/test-chassis.c $(api_session)
tests_api_test_chassis_LDADD = $(api_sim_libs)
tests_api_test_event_SOURCES = tests/api/test-event.c $(api_session)
tests_api_test_event_LDADD = $(api_sim_libs)
tests_api_test_list_SOURCES = tests/api/test-list.c $(api_session)
tests_api_test_list_LDADD = $(api_sim_libs)
tests_api_test_null_SOURCES = tests/api/test-null.c $(api_session)
tests_api_test_null_LDADD = $(api_sim_libs)
tests_api_test_vadapter_SOURCES = tests/api/test-vadapter.c $(api_session)
tests_api_test_vadapter_LDADD = $(api_sim_libs)

# Each context of the API's tests has a thread of its own.
threaded_tests = \
	$(api_tests) \
	tests/loop/test-close \
	tests/loop/test-drive \
	tests/loop/test-queue \
	tests/loop/test-req \
	tests/sim/test-threads \
	tests/transport/test-vfio-user

script_tests = \
	tests/examples/run.sh \
	tests/chassisd/daemon.py \
	tests/chassisd/protocol.py \
	tests/chassisd/qemu.py \
	tests/conformance/run.py \
	tests/hw/tables.sh \
	tests/structure/abi.py \
	tests/structure/docs.py \
	tests/structure/format.py \
	tests/structure/headers.py \
	tests/structure/layers.py \
	tests/structure/licences.py \
	tests/structure/manners.py \
	tests/structure/needed.py \
	tests/structure/readme.py \
	tests/structure/symbols.py \
	tests/structure/text.py \
	tests/tools/owners.py \
	tests/tools/troubles.py \
	tests/tools/vioctl.py

test_support_sources = \
	tests/support/board.c \
	tests/support/board.h \
	tests/support/rig.c \
	tests/support/rig.h \
	tests/support/ops.c \
	tests/support/ops.h \
	tests/support/rounds.c \
	tests/support/test.h

check_LTLIBRARIES += libviotest.la
libviotest_la_SOURCES = $(test_support_sources)

unit_test_libs = libviotest.la libviosimcore.la libviocore.la libviobase.la \
	$(UV_LIBS) $(YAML_LIBS) $(JANSSON_LIBS) $(CMOCKA_LIBS)
api_test_libs = libviotest.la libvio.la $(UV_LIBS) $(JANSSON_LIBS) $(CMOCKA_LIBS)
sim_test_libs = libviotest.la libviosim.la $(CMOCKA_LIBS)

# A transport of its own takes the place of the library's.
tests_driver_test_memory_SOURCES = tests/driver/test-memory.c tests/driver/fake.c \
	tests/driver/fake.h
tests_driver_test_hostile_SOURCES = tests/driver/test-hostile.c tests/driver/fake.c \
	tests/driver/fake.h

sim_adapter_tests = tests/sim/adapters.c tests/sim/adapters.h
tests_sim_test_adapter_SOURCES = tests/sim/test-adapter.c $(sim_adapter_tests)
tests_sim_test_cfgspace_SOURCES = tests/sim/test-cfgspace.c $(sim_adapter_tests)
tests_sim_test_chassis_file_SOURCES = tests/sim/test-chassis-file.c $(sim_adapter_tests)
tests_sim_test_describe_SOURCES = tests/sim/test-describe.c $(sim_adapter_tests)
tests_sim_test_dump_SOURCES = tests/sim/test-dump.c $(sim_adapter_tests)
tests_sim_test_hierarchy_SOURCES = tests/sim/test-hierarchy.c $(sim_adapter_tests)
tests_sim_test_lspci_SOURCES = tests/sim/test-lspci.c $(sim_adapter_tests)

# What a program without its own _LDADD is linked with.
LDADD = $(unit_test_libs)

if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests) $(api_tests)
TESTS += $(unit_tests) $(api_tests)
endif
check_PROGRAMS += tests/tools/holder
tests_tools_holder_LDADD = libvio.la
TESTS += $(script_tests)
EXTRA_DIST += $(script_tests) abi
EXTRA_DIST += tests/structure/tree.py

if INSTRUMENTED
instrumented = yes
endif

AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	VIO_SHARE_DIR='$(abs_top_srcdir)/share'; export VIO_SHARE_DIR; \
	CC='$(CC)'; export CC; \
	fuzz_targets='$(fuzz_targets)'; export fuzz_targets; \
	VIO_INSTRUMENTED='$(instrumented)'; export VIO_INSTRUMENTED; \
	PYTHONDONTWRITEBYTECODE=1; export PYTHONDONTWRITEBYTECODE; \
	LD_LIBRARY_PATH='$(abs_top_builddir)/.libs'"$${LD_LIBRARY_PATH:+:$$LD_LIBRARY_PATH}"; \
	export LD_LIBRARY_PATH; \
	if test -z "$$VIO_SHARED" && test -d '$(abs_top_srcdir)/../shared/adapters'; then \
		VIO_SHARED='$(abs_top_srcdir)/../shared'; export VIO_SHARED; \
	fi;

# Writes the baselines of the ABI test anew, from a gcc build; NEWS.md is changed in the same commit.
.PHONY: abi-baseline
abi-baseline: libvio.la libviosim.la
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) $(srcdir)/tests/structure/abi.py --update

# The tests of internal functions under valgrind, except those with threads and forked children: the
# sanitizers watch these.
valgrind = valgrind -q --error-exitcode=9 --leak-check=full --show-leak-kinds=definite,indirect \
	--errors-for-leak-kinds=definite,indirect

.PHONY: check-valgrind
check-valgrind: $(unit_tests)
	@$(AM_TESTS_ENVIRONMENT) failed=; \
	for program in $(unit_tests); do \
		case ' $(threaded_tests) ' in *" $$program "*) continue ;; esac; \
		log=$$program.valgrind.log; \
		if VIO_TEST_ROUNDS=$${VIO_TEST_ROUNDS:-1} ./libtool --mode=execute $(valgrind) $$program >$$log 2>&1; then \
			echo "PASS: $$program"; \
		else \
			echo "FAIL: $$program"; cat $$log; failed=yes; \
		fi; \
	done; \
	test -z "$$failed"

# The tests named in threaded_tests alone, for a build with the thread sanitizer.
.PHONY: check-threaded
check-threaded:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(threaded_tests)'

# The tests whose loops VIO_TEST_ROUNDS multiplies, at length.
TORTURE_ROUNDS = 100
torture_tests = \
	tests/api/test-faults \
	tests/base/test-hash \
	tests/base/test-small \
	tests/domain/test-diff \
	tests/driver/test-mishaps \
	tests/hw/test-regs \
	tests/hw/test-ring \
	tests/loop/test-close \
	tests/loop/test-queue \
	tests/loop/test-req \
	tests/sim/test-cfgspace \
	tests/sim/test-chassis-file \
	tests/sim/test-dump \
	tests/sim/test-hierarchy \
	tests/sim/test-random \
	tests/chassisd/protocol.py

.PHONY: torture
torture:
	VIO_TEST_ROUNDS=$(TORTURE_ROUNDS) $(MAKE) $(AM_MAKEFLAGS) check TESTS='$(torture_tests)'

CLEANFILES += $(unit_tests:=.valgrind.log)

EXTRA_DIST += tests/chassisd/vfio_user_client.py
EXTRA_DIST += \
	tests/conformance/chassis.py \
	tests/conformance/functions.py \
	tests/conformance/leases.py \
	tests/conformance/manual.py \
	tests/conformance/queues.py \
	tests/conformance/registers.py \
	tests/conformance/resets.py
chassisd_test_libs = libchassisd.la $(unit_test_libs)
tests_chassisd_test_dma_LDADD = $(chassisd_test_libs)
tests_chassisd_test_irq_LDADD = $(chassisd_test_libs)
tests_chassisd_test_listener_LDADD = $(chassisd_test_libs)
tests_chassisd_test_memory_LDADD = $(chassisd_test_libs)
tests_chassisd_test_memory_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=calloc,--wrap=realloc
tests_chassisd_test_options_LDADD = $(chassisd_test_libs)
tests_chassisd_test_session_LDADD = $(chassisd_test_libs)
