#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs each fuzz target over its corpus; a target without one has not been tried.
set -u

failed=0
for target in $fuzz_targets; do
    corpus=$top_srcdir/fuzz/corpus/${target#fuzz/fuzz-}
    if [ ! -d "$corpus" ] || [ -z "$(ls "$corpus")" ]; then
        echo "$target: no corpus in fuzz/corpus/${target#fuzz/fuzz-}"
        failed=1
    elif ! "$top_builddir/$target" "$corpus"/*; then
        echo "$target: failed on its corpus"
        failed=1
    fi
done
exit "$failed"
