# SPDX-License-Identifier: MIT
# How to add a test:
#   - of internal functions: write tests/AREA/test-NOUN.c with cmocka and add tests/AREA/test-NOUN to
#     unit_tests in tests/AREA/local.mk. It is linked with the convenience libraries, so it sees hidden functions.
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
# where there are some, VIO_STORE (memory:, so that no test touches the machine's own store),
# VIO_TEST_ROUNDS (factor for loops) where the caller sets it.

unit_tests =
api_tests =
script_tests =
torture_tests =

# Each context of the API's tests has a thread of its own.
threaded_tests = $(api_tests)

# One list per area.
include tests/api/local.mk
include tests/base/local.mk
include tests/chassisd/local.mk
include tests/conformance/local.mk
include tests/crash/local.mk
include tests/domain/local.mk
include tests/driver/local.mk
include tests/engine/local.mk
include tests/examples/local.mk
include tests/hw/local.mk
include tests/loop/local.mk
include tests/sim/local.mk
include tests/store/local.mk
include tests/structure/local.mk
include tests/tools/local.mk
include tests/transport/local.mk

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
	$(UV_LIBS) $(YAML_LIBS) $(JANSSON_LIBS) $(SQLITE_LIBS) $(CMOCKA_LIBS)
api_test_libs = libviotest.la libvio.la $(UV_LIBS) $(JANSSON_LIBS) $(CMOCKA_LIBS)
sim_test_libs = libviotest.la libviosim.la $(CMOCKA_LIBS)

# What a program without its own _LDADD is linked with.
LDADD = $(unit_test_libs)

if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests) $(api_tests)
TESTS += $(unit_tests) $(api_tests)
endif
check_PROGRAMS += tests/tools/holder
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
	VIO_STORE=memory:; export VIO_STORE; \
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

# The tests whose loops VIO_TEST_ROUNDS multiplies, at length; POINTS=N stops programs at as many
# random instants (tests/crash).
TORTURE_ROUNDS = 100

.PHONY: torture
torture:
	VIO_TEST_ROUNDS=$(TORTURE_ROUNDS) $(MAKE) $(AM_MAKEFLAGS) check TESTS='$(torture_tests)'; \
	failed=$$?; cat tests/crash/points.sh.log; exit $$failed

CLEANFILES += $(unit_tests:=.valgrind.log)

