# SPDX-License-Identifier: MIT
# How to add a fuzz target: fuzz/fuzz-NOUN.c with LLVMFuzzerTestOneInput(), at least one file in
# fuzz/corpus/NOUN/, fuzz/fuzz-NOUN in fuzz_targets, and below it
# "fuzz_fuzz_NOUN_LDADD = $(fuzz_libs)". A target may abort(): that is how it reports.
#
# With --enable-fuzzers (clang) the targets are fuzzers, and `make fuzz` runs each for $(FUZZ_SECONDS).
# Else each is linked with fuzz/replay.c, and `make check` runs it over its corpus.

fuzz_targets = \
	fuzz/fuzz-chassis-yaml \
	fuzz/fuzz-device \
	fuzz/fuzz-dump \
	fuzz/fuzz-iove-device \
	fuzz/fuzz-location \
	fuzz/fuzz-lspci-dump \
	fuzz/fuzz-ring \
	fuzz/fuzz-row \
	fuzz/fuzz-uri \
	fuzz/fuzz-vfio-user-client \
	fuzz/fuzz-vfio-user-server
fuzz_fuzz_chassis_yaml_LDADD = $(fuzz_libs)
fuzz_fuzz_device_LDADD = $(fuzz_libs)
fuzz_fuzz_dump_LDADD = $(fuzz_libs)
fuzz_fuzz_iove_device_SOURCES = fuzz/fuzz-iove-device.c tests/driver/fake.c tests/driver/fake.h
fuzz_fuzz_iove_device_LDADD = $(fuzz_libs)
fuzz_fuzz_location_LDADD = $(fuzz_libs)
fuzz_fuzz_lspci_dump_LDADD = $(fuzz_libs)
fuzz_fuzz_ring_LDADD = $(fuzz_libs)
fuzz_fuzz_row_LDADD = $(fuzz_libs)
fuzz_fuzz_uri_LDADD = $(fuzz_libs)
fuzz_fuzz_vfio_user_client_LDADD = $(fuzz_libs)
fuzz_fuzz_vfio_user_server_LDADD = libchassisd.la $(fuzz_libs)

fuzz_libs = $(FUZZ_LDFLAGS) libvioreplay.la $(unit_test_libs)

check_LTLIBRARIES += libvioreplay.la
libvioreplay_la_SOURCES =
if !ENABLE_FUZZERS
libvioreplay_la_SOURCES += fuzz/replay.c
endif

check_PROGRAMS += $(fuzz_targets)
script_tests += tests/fuzz-corpus.sh
EXTRA_DIST += fuzz/corpus

FUZZ_SECONDS = 60
fuzz_dictionary = `test -f $(srcdir)/fuzz/$$noun.dict && echo -dict=$(srcdir)/fuzz/$$noun.dict`

# What a fuzzer finds new goes to the build's fuzz/found/; what is worth keeping is copied by hand.
.PHONY: fuzz
fuzz: $(fuzz_targets)
	@set -e; for target in $(fuzz_targets); do \
		noun=$${target#fuzz/fuzz-}; \
		mkdir -p fuzz/found/$$noun; \
		echo "$$target: $(FUZZ_SECONDS) s"; \
		VIO_SHARE_DIR='$(abs_top_srcdir)/share' ./libtool --mode=execute $$target \
			-max_total_time=$(FUZZ_SECONDS) -timeout=10 -max_len=65536 \
			-verbosity=0 -print_final_stats=1 -artifact_prefix=fuzz/found/ $(fuzz_dictionary) \
			fuzz/found/$$noun $(srcdir)/fuzz/corpus/$$noun; \
	done
