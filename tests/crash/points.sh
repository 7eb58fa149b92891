#!/bin/sh
# SPDX-License-Identifier: MIT
# Stops a program and its chassis at POINTS random instants, and at every STRIDEth thing that the
# program does; SEED=N begins with that seed. Without these, as VIO_TEST_ROUNDS asks for.
set -eu

rounds=${VIO_TEST_ROUNDS:-1}
stride=$((40 / rounds))
points=${POINTS:-$((200 * rounds))}
exec "$top_builddir/tests/crash/crash" -p "$points" -n "${STRIDE:-$((stride > 0 ? stride : 1))}" -s "${SEED:-1}"
