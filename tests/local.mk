# SPDX-License-Identifier: MIT
# How to add a test:
#   - of internal functions: write tests/AREA/test-NOUN.c with cmocka and add tests/AREA/test-NOUN to
#     unit_tests. It is linked with the convenience libraries, so it sees hidden functions.
#   - of the public API: write tests/api/test-NOUN.c and add tests/api/test-NOUN to api_tests, and
#     "tests_api_test_NOUN_LDADD = $(api_test_libs)" below it. It is linked with libvio.so and loads
#     libviosim.so.0 as a user's program would.
#   - with threads: add its name to threaded_tests too. Those run under the thread sanitizer.
#   - a script: add it to script_tests (executable; exit 0 passed, 77 skipped, else failed).
# More sources: tests_AREA_test_NOUN_SOURCES = each of them, the test's own file included.
# Helpers for several tests go into tests/support/ and libviotest_la_SOURCES.
#
# Environment of each test: top_srcdir, top_builddir (absolute), LD_LIBRARY_PATH with libvio.so and
# libviosim.so, VIO_SHARED (captured config-space dumps beside the tree) only where there are some,
# VIO_TEST_ROUNDS (factor for loops) where the caller sets it.

unit_tests = \
	tests/base/test-version

api_tests =

threaded_tests =

script_tests =

unit_test_libs = $(test_support) libviosimcore.la libviocore.la libviobase.la \
	$(UV_LIBS) $(YAML_LIBS) $(JANSSON_LIBS) $(CMOCKA_LIBS)
api_test_libs = $(test_support) libvio.la $(UV_LIBS) $(JANSSON_LIBS) $(CMOCKA_LIBS)
sim_test_libs = $(test_support) libviosim.la $(CMOCKA_LIBS)

# What a program without its own _LDADD is linked with.
LDADD = $(unit_test_libs)

if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests) $(api_tests)
TESTS += $(unit_tests) $(api_tests)
endif
TESTS += $(script_tests)
dist_check_SCRIPTS += $(script_tests)

AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	CC='$(CC)'; export CC; \
	PYTHON='$(PYTHON)'; export PYTHON; \
	LD_LIBRARY_PATH='$(abs_top_builddir)/.libs'"$${LD_LIBRARY_PATH:+:$$LD_LIBRARY_PATH}"; \
	export LD_LIBRARY_PATH; \
	if test -z "$$VIO_SHARED" && test -d '$(abs_top_srcdir)/../shared/adapters'; then \
		VIO_SHARED='$(abs_top_srcdir)/../shared'; export VIO_SHARED; \
	fi;
