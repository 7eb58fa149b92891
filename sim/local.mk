# SPDX-License-Identifier: MIT
# libviosim: the software chassis. A new source or private header is one line in libviosim_sources;
# an exported function is one line in sim/libviosim.map.

libviosim_sources =

noinst_LTLIBRARIES += libviosimcore.la
libviosimcore_la_SOURCES = $(libviosim_sources)

lib_LTLIBRARIES += libviosim.la
libviosim_la_SOURCES =
libviosim_la_LDFLAGS = $(AM_LDFLAGS) $(VIO_LIB_LDFLAGS) \
	-version-info $(LIBVIOSIM_VERSION_INFO) \
	-Wl,--version-script=$(top_srcdir)/sim/libviosim.map
libviosim_la_LIBADD = libviosimcore.la libviobase.la $(YAML_LIBS)
EXTRA_libviosim_la_DEPENDENCIES = $(top_srcdir)/sim/libviosim.map
EXTRA_DIST += sim/libviosim.map

# The adapters and chassis that `sim:` and vio-chassisd know by name.
adaptersdir = $(pkgdatadir)/adapters
dist_adapters_DATA =
chassisdir = $(pkgdatadir)/chassis
dist_chassis_DATA =
