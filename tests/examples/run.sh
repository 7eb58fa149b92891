#!/bin/sh
# SPDX-License-Identifier: MIT
# Each way to drive a context lists the same servers of a software chassis, and says one line about a
# chassis that is not there. What the change set does is undone.
set -eu

fail() {
	echo "FAIL: $*" >&2
	exit 1
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

for name in own_loop poll; do
	program=$top_builddir/examples/$name
	test -x "$program" || { echo "SKIP: $name is not built"; exit 77; }
	"$program" sim: >"$tmp/$name" || fail "$name sim: exits with $?"
	grep -q '^server1 on$' "$tmp/$name" || fail "$name does not list server1: $(cat "$tmp/$name")"
	if "$program" "vfio-user:$tmp/missing" >"$tmp/out" 2>"$tmp/err"; then
		fail "$name does not fail without its chassis"
	fi
	test ! -s "$tmp/out" || fail "$name prints without its chassis"
	test "$(wc -l <"$tmp/err")" -eq 1 || fail "$name does not say one line: $(cat "$tmp/err")"
	grep -q "$tmp/missing" "$tmp/err" || fail "$name does not name the socket: $(cat "$tmp/err")"
done
cmp "$tmp/own_loop" "$tmp/poll" || fail "the examples disagree"

"$top_builddir/examples/changeset" sim: >"$tmp/changeset" || fail "changeset sim: exits with $?"
for line in '^This would be done:$' ': create net-server1 (disrupts: none) planned$' '^Done, as change 1:$' \
	': bind net-server1 (disrupts: [a-z-]*) done$' '^Undone, as change 2:$' ': destroy net-server1 (disrupts: [a-z-]*) done$'; do
	grep -q "$line" "$tmp/changeset" || fail "changeset does not say $line: $(cat "$tmp/changeset")"
done
