# SPDX-License-Identifier: MIT
# vioctl (over the public API only) and vio-chassisd (over the device of sim/, which it serves).
# A tool is a name in bin_PROGRAMS with its own _SOURCES and _LDADD; both land in the build's top.
#
#   bin_PROGRAMS += vioctl
#   vioctl_SOURCES = tools/vioctl/main.c
#   vioctl_LDADD = libvio.la $(JANSSON_LIBS)

# vio-chassisd without its main(), so that tests reach every part of it.
noinst_LTLIBRARIES += libchassisd.la
libchassisd_la_SOURCES = \
	tools/chassisd/clients.c \
	tools/chassisd/clients.h \
	tools/chassisd/control.c \
	tools/chassisd/control.h \
	tools/chassisd/dma.c \
	tools/chassisd/dma.h \
	tools/chassisd/identity.c \
	tools/chassisd/identity.h \
	tools/chassisd/irq.c \
	tools/chassisd/irq.h \
	tools/chassisd/listener.c \
	tools/chassisd/listener.h \
	tools/chassisd/options.c \
	tools/chassisd/options.h \
	tools/chassisd/session.c \
	tools/chassisd/session.h \
	tools/chassisd/stream.c \
	tools/chassisd/stream.h \
	tools/chassisd/ticker.c \
	tools/chassisd/ticker.h \
	tools/chassisd/version.c \
	tools/chassisd/version.h \
	tools/chassisd/wire.h

bin_PROGRAMS += vio-chassisd
vio_chassisd_SOURCES = tools/chassisd/main.c
vio_chassisd_LDADD = libchassisd.la libviosimcore.la libviobase.la $(UV_LIBS) $(JANSSON_LIBS) $(YAML_LIBS)

bin_PROGRAMS += vioctl
vioctl_SOURCES = \
	tools/vioctl/adapter.c \
	tools/vioctl/arguments.c \
	tools/vioctl/change.c \
	tools/vioctl/changeset.c \
	tools/vioctl/chassis.c \
	tools/vioctl/commands.c \
	tools/vioctl/complain.c \
	tools/vioctl/config_space.c \
	tools/vioctl/config_space.h \
	tools/vioctl/describe.c \
	tools/vioctl/drift.c \
	tools/vioctl/dump.c \
	tools/vioctl/event.c \
	tools/vioctl/file.c \
	tools/vioctl/function.c \
	tools/vioctl/help.c \
	tools/vioctl/history.c \
	tools/vioctl/identity.c \
	tools/vioctl/labels.c \
	tools/vioctl/list.c \
	tools/vioctl/main.c \
	tools/vioctl/output.c \
	tools/vioctl/parse.c \
	tools/vioctl/plan.c \
	tools/vioctl/pool.c \
	tools/vioctl/pool.h \
	tools/vioctl/pool_spec.c \
	tools/vioctl/port.c \
	tools/vioctl/reg.c \
	tools/vioctl/server.c \
	tools/vioctl/session.c \
	tools/vioctl/store.c \
	tools/vioctl/undo.c \
	tools/vioctl/vadapter.c \
	tools/vioctl/vadapter.h \
	tools/vioctl/vadapter_adopt.c \
	tools/vioctl/vadapter_spec.c \
	tools/vioctl/vioctl.h \
	tools/vioctl/when.c \
	tools/vioctl/words.c
vioctl_LDADD = libvio.la $(JANSSON_LIBS)

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
