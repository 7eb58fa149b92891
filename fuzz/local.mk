# SPDX-License-Identifier: MIT
# A fuzz target: fuzz/fuzz-NOUN.c with LLVMFuzzerTestOneInput() and its corpus in fuzz/corpus/NOUN/.
# Add fuzz/fuzz-NOUN to fuzz_targets, the source to its _SOURCES as shown, and the corpus' files are
# found by name. With --enable-fuzzers (clang) the targets are real fuzzers; else each is linked with
# fuzz/replay.c, which runs the files it is given, and `make check` gives it its corpus.
#
#   fuzz_targets += fuzz/fuzz-uri
#   fuzz_fuzz_uri_SOURCES = fuzz/fuzz-uri.c $(fuzz_main)
#   fuzz_fuzz_uri_LDFLAGS = $(fuzz_ldflags)

fuzz_targets =

fuzz_ldflags = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
if ENABLE_FUZZERS
fuzz_main =
else
fuzz_main = fuzz/replay.c
endif

check_PROGRAMS += $(fuzz_targets)
