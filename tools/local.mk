# SPDX-License-Identifier: MIT
# vioctl (over the public API only) and vio-chassisd (over libviosim's public API only).
# A tool is a name in bin_PROGRAMS with its own _SOURCES and _LDADD; both land in the build's top.
#
#   bin_PROGRAMS += vioctl
#   vioctl_SOURCES = tools/vioctl/main.c
#   vioctl_LDADD = libvio.la $(JANSSON_LIBS)
