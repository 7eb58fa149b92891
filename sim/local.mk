# SPDX-License-Identifier: MIT
# libviosim: the software chassis. A new source or private header is one line in libviosim_sources;
# an exported function is one line in sim/libviosim.map.

libviosim_sources = \
	sim/adapter.c \
	sim/adapter.h \
	sim/adapter_dump.c \
	sim/adapter_load.c \
	sim/adapter_parts.h \
	sim/batch.c \
	sim/bridge.c \
	sim/bridge.h \
	sim/bus.c \
	sim/cfgspace.c \
	sim/cfgspace.h \
	sim/chassis_file.c \
	sim/chassis_file.h \
	sim/client.c \
	sim/command.c \
	sim/command.h \
	sim/control.c \
	sim/describe.c \
	sim/describe.h \
	sim/describe_caps.c \
	sim/device.c \
	sim/device.h \
	sim/diag.c \
	sim/diag.h \
	sim/dump.c \
	sim/dump.h \
	sim/event.c \
	sim/faults.c \
	sim/file.c \
	sim/file.h \
	sim/function.c \
	sim/guarantee.c \
	sim/hierarchy.c \
	sim/hierarchy.h \
	sim/hierarchy_dump.c \
	sim/hotplug.c \
	sim/interrupt.c \
	sim/job.c \
	sim/keys.c \
	sim/keys.h \
	sim/late.c \
	sim/layout.c \
	sim/layout.h \
	sim/layout_function.c \
	sim/lease.c \
	sim/location.c \
	sim/location.h \
	sim/management.c \
	sim/mishap.h \
	sim/outcome.c \
	sim/outcome.h \
	sim/parts.c \
	sim/pci.c \
	sim/pci.h \
	sim/pcie_port.c \
	sim/pcie_port.h \
	sim/port.c \
	sim/query.c \
	sim/queue.c \
	sim/registers.c \
	sim/ring.c \
	sim/server.c \
	sim/setting.c \
	sim/share.c \
	sim/share.h \
	sim/slot.c \
	sim/state.h \
	sim/text.c \
	sim/timer.c \
	sim/timer.h \
	sim/window.c \
	sim/yaml.c \
	sim/yaml.h

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
dist_adapters_DATA = \
	share/adapters/intel-82576.yaml \
	share/adapters/intel-82599es.yaml \
	share/adapters/lsi-sas2008.yaml \
	share/adapters/mellanox-connectx3-pro.yaml \
	share/adapters/myricom-10g.yaml \
	share/adapters/qlogic-isp2532.yaml \
	share/adapters/samsung-pm1743.yaml
chassisdir = $(pkgdatadir)/chassis
dist_chassis_DATA = share/chassis/vio-4000.yaml

# What was built finds them without being installed (sim/share.c).
all-local: share/libvio
share/libvio:
	$(AM_V_at)$(MKDIR_P) share && rm -f $@ && $(LN_S) '$(abs_top_srcdir)/share' $@
clean-local: clean-share
.PHONY: clean-share
clean-share:
	rm -f share/libvio
