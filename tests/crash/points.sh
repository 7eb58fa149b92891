#!/bin/sh
# SPDX-License-Identifier: MIT
# Stops a program at POINTS random instants, and at every STRIDEth thing that it does; SEED=N begins
# with that seed. Without these, as VIO_TEST_ROUNDS asks for: from 2 on its chassis is stopped, too.
set -eu

rounds=${VIO_TEST_ROUNDS:-1}
stride=$((40 / rounds))
points=${POINTS:-$((200 * rounds))}
test "$rounds" -gt 1 && chassis=-c || chassis=
exec "$top_builddir/tests/crash/crash" $chassis -p "$points" -n "${STRIDE:-$((stride > 0 ? stride : 1))}" -s "${SEED:-1}"
