#!/bin/sh
# SPDX-License-Identifier: MIT
# The pages' tables are those of lib/hw/*.def, and hwtables refuses a page that it does not understand.
set -eu
tool=$top_builddir/tools/dev/hwtables
status=0

for page in docs/hardware-interface.md man/vio-registers.7; do
	if "$tool" <"$top_srcdir/$page" | cmp -s - "$top_srcdir/$page"; then
		echo "ok: $page"
	else
		echo "$page: its tables are not those of lib/hw/*.def: run make update-manual"
		status=1
	fi
done

refuses() {
	if printf '%b' "$1" | "$tool" >/dev/null 2>&1; then
		echo "hwtables took: $1"
		status=1
	fi
}
refuses '<!-- table: nonsense -->\n<!-- end -->\n'
refuses '<!-- table: command NONSENSE -->\n<!-- end -->\n'
refuses '<!-- table: global -->\n'

changed=$(printf '<!-- table: status -->\nwrong\n<!-- end -->\n' | "$tool" | grep -c 'wrong' || :)
if [ "$changed" != 0 ]; then
	echo "hwtables left a wrong row"
	status=1
fi
exit $status
