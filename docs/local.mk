# SPDX-License-Identifier: MIT
# Documents, installed beside README.md: dist_doc_DATA += docs/NAME.md
dist_doc_DATA += docs/architecture.md
dist_doc_DATA += docs/benchmarks.md
dist_doc_DATA += docs/crash-tests.md
dist_doc_DATA += docs/decisions.md
dist_doc_DATA += docs/hardware-interface.md
dist_doc_DATA += docs/licences.md
dist_doc_DATA += docs/store.md
dist_doc_DATA += docs/testing.md

picturesdir = $(docdir)/pictures
dist_pictures_DATA = docs/pictures/store-scale.svg

# The tables of the register interface come from lib/hw/*.def: "make update-manual" writes them into
# these pages, and a test fails where they differ.
hw_pages = docs/hardware-interface.md man/vio-registers.7

noinst_PROGRAMS += tools/dev/hwtables
tools_dev_hwtables_SOURCES = tools/dev/hwtables.c tools/dev/hwtables.h tools/dev/hwexample.c
tools_dev_hwtables_LDADD = libviobase.la

.PHONY: update-manual
update-manual: tools/dev/hwtables
	$(AM_V_GEN)for page in $(hw_pages); do \
		tools/dev/hwtables <$(top_srcdir)/$$page >hwtables.new && \
		{ cmp -s hwtables.new $(top_srcdir)/$$page || cp hwtables.new $(top_srcdir)/$$page; } && \
		rm -f hwtables.new || exit 1; \
	done
