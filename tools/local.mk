# SPDX-License-Identifier: MIT
# vioctl (over the public API only) and vio-chassisd (over libviosim's public API only).
# A tool is a name in bin_PROGRAMS with its own _SOURCES and _LDADD; both land in the build's top.
#
#   bin_PROGRAMS += vioctl
#   vioctl_SOURCES = tools/vioctl/main.c
#   vioctl_LDADD = libvio.la $(JANSSON_LIBS)

# For who works on libvio; check and quickstart are built on these.
EXTRA_DIST += \
	quickstart \
	tools/dev/abi-news \
	tools/dev/build \
	tools/dev/coverage \
	tools/dev/demo \
	tools/dev/dist-complete \
	tools/dev/install-check \
	tools/dev/packages \
	tools/dev/run-tests \
	tools/dev/sizes \
	tools/dev/summary

# Not in EXTRA_DIST, which would take the script for the target `check` and run the tests.
dist-hook:
	cp -p $(srcdir)/check $(distdir)/check
