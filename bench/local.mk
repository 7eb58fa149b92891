# SPDX-License-Identifier: MIT
# Benchmarks print ratios against a baseline of the same run and assert no time. They are built by
# `make check`, so that they cannot rot, and run by `make bench`; docs/benchmarks.md says what they
# measure. To add one: bench/NOUN in bench_programs, and "bench_NOUN_LDADD = $(bench_libs)" below it.

bench_programs = \
	bench/create \
	bench/pool \
	bench/ring \
	bench/store \
	bench/submit \
	bench/vfio_user
bench_create_SOURCES = bench/create.c bench/keep.c bench/keep.h \
	bench/manager.c bench/manager.h bench/ovsdb.c bench/ovsdb.h
bench_create_LDADD = $(bench_libs)
bench_pool_LDADD = $(bench_libs)
bench_ring_LDADD = $(bench_libs)
bench_store_SOURCES = bench/store.c bench/keep.c bench/keep.h
bench_store_LDADD = $(bench_libs)
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
		VIO_BENCH_DATA=bench/$$(basename $$program).dat \
		LD_LIBRARY_PATH='$(abs_top_builddir)/.libs' ./$$program; \
	done
	@if command -v gnuplot >/dev/null; then \
		$(MKDIR_P) docs/pictures && \
		gnuplot -e "data='bench/store.dat'; picture='$(store_picture)'" $(srcdir)/bench/store-scale.gp && \
		echo "bench/store: the curve is in $(store_picture)"; \
	else \
		echo "gnuplot is not installed: no picture of bench/store"; \
	fi

store_picture = docs/pictures/store-scale.svg
EXTRA_DIST += bench/store-scale.gp
CLEANFILES += bench/store.dat
