# SPDX-License-Identifier: MIT
# Benchmarks print ratios against a baseline of the same run and assert no time. They are built by
# `make check`, so that they cannot rot, and run by `make bench`.
#
#   bench_programs += bench/bench-ring          (source bench/bench-ring.c)

bench_programs =

check_PROGRAMS += $(bench_programs)

.PHONY: bench
bench: $(bench_programs)
	@set -e; for program in $(bench_programs); do \
		LD_LIBRARY_PATH='$(abs_top_builddir)/.libs' ./$$program; \
	done
