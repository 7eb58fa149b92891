# SPDX-License-Identifier: MIT
# Benchmarks print ratios against a baseline of the same run and assert no time. They are built by
# `make check`, so that they cannot rot, and run by `make bench`; docs/benchmarks.md says what they
# measure. To add one: bench/NOUN in bench_programs, and "bench_NOUN_LDADD = $(bench_libs)" below it.

bench_programs = \
	bench/ring \
	bench/submit \
	bench/vfio_user
bench_ring_LDADD = $(bench_libs)
bench_submit_LDADD = $(bench_libs)
bench_vfio_user_LDADD = $(bench_libs)

check_LTLIBRARIES += libviobench.la
libviobench_la_SOURCES = bench/bench.c bench/bench.h

# The libraries inside out, as the unit tests have them.
bench_libs = libviobench.la libviosimcore.la libviocore.la libviobase.la \
	$(UV_LIBS) $(YAML_LIBS) $(JANSSON_LIBS) $(SQLITE_LIBS)

check_PROGRAMS += $(bench_programs)

.PHONY: bench
bench: $(bench_programs) vio-chassisd$(EXEEXT)
	@set -e; for program in $(bench_programs); do \
		VIO_CHASSISD='$(abs_top_builddir)/vio-chassisd' \
		VIO_SHARE_DIR='$(abs_top_srcdir)/share' \
		LD_LIBRARY_PATH='$(abs_top_builddir)/.libs' ./$$program; \
	done
