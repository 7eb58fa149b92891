# SPDX-License-Identifier: MIT
# libvio. A new source or private header is one line in the list of its layer; a public header is
# one line in libvio_headers; an exported function is one line in lib/libvio.map.

libvioincludedir = $(includedir)/libvio
libvioinclude_HEADERS = \
	include/libvio/adapter.h \
	include/libvio/address.h \
	include/libvio/changeset.h \
	include/libvio/chassis.h \
	include/libvio/ctx.h \
	include/libvio/device.h \
	include/libvio/dump.h \
	include/libvio/error.h \
	include/libvio/event.h \
	include/libvio/export.h \
	include/libvio/function.h \
	include/libvio/history.h \
	include/libvio/identity.h \
	include/libvio/inventory.h \
	include/libvio/libvio.h \
	include/libvio/list.h \
	include/libvio/log.h \
	include/libvio/plan.h \
	include/libvio/pool.h \
	include/libvio/port.h \
	include/libvio/req.h \
	include/libvio/server.h \
	include/libvio/store.h \
	include/libvio/vadapter.h \
	include/libvio/sim.h \
	include/libvio/version.h

# base: errors, log, allocation, buffers, hash tables, reference counts
libvio_base_sources = \
	lib/base/alloc.c \
	lib/base/alloc.h \
	lib/base/bitmap.c \
	lib/base/bitmap.h \
	lib/base/buf.c \
	lib/base/buf.h \
	lib/base/cursor.c \
	lib/base/cursor.h \
	lib/base/dlist.h \
	lib/base/error.c \
	lib/base/error.h \
	lib/base/hash.c \
	lib/base/hash.h \
	lib/base/heap.c \
	lib/base/heap.h \
	lib/base/hex.h \
	lib/base/log.c \
	lib/base/log.h \
	lib/base/origin.c \
	lib/base/origin.h \
	lib/base/random.c \
	lib/base/random.h \
	lib/base/ref.h \
	lib/base/uuid.c \
	lib/base/uuid.h \
	lib/base/version.c

# hw: the register map and the ring entries, pure
libvio_hw_sources = \
	lib/hw/answers.def \
	lib/hw/blocks.def \
	lib/hw/bus.h \
	lib/hw/commands.def \
	lib/hw/decode.c \
	lib/hw/events.def \
	lib/hw/fields.def \
	lib/hw/function.def \
	lib/hw/global.def \
	lib/hw/names.c \
	lib/hw/opcodes.def \
	lib/hw/port.def \
	lib/hw/queue.def \
	lib/hw/regs.c \
	lib/hw/regs.h \
	lib/hw/resets.def \
	lib/hw/ring.c \
	lib/hw/ring.h \
	lib/hw/server.def \
	lib/hw/slot.def \
	lib/hw/status.def \
	lib/hw/wire.h

# loop: context, requests, timers, completion queue
libvio_loop_sources = \
	lib/loop/clock.c \
	lib/loop/detail.c \
	lib/loop/detail.h \
	lib/loop/inbox.c \
	lib/loop/internal.h \
	lib/loop/loop.c \
	lib/loop/loop.h \
	lib/loop/progress.c \
	lib/loop/progress.h \
	lib/loop/queue.c \
	lib/loop/queue.h \
	lib/loop/req.c \
	lib/loop/req.h \
	lib/loop/runner.c \
	lib/loop/wait.c \
	lib/loop/watch.c \
	lib/loop/worker.c \
	lib/loop/worker.h

# transport: how registers are reached
libvio_transport_sources = \
	lib/transport/channel.c \
	lib/transport/channel.h \
	lib/transport/ops.h \
	lib/transport/pending.c \
	lib/transport/pending.h \
	lib/transport/region.c \
	lib/transport/region.h \
	lib/transport/sim.c \
	lib/transport/transport.c \
	lib/transport/transport.h \
	lib/transport/uri.c \
	lib/transport/uri.h \
	lib/transport/vfio_user.c

# domain: the nouns and their rules, pure
libvio_domain_sources = \
	lib/domain/actual.c \
	lib/domain/actual.h \
	lib/domain/diff.c \
	lib/domain/diff.h \
	lib/domain/fields.c \
	lib/domain/fields.h \
	lib/domain/filter.c \
	lib/domain/filter.h \
	lib/domain/hwaddr.c \
	lib/domain/hwaddr.h \
	lib/domain/identity.c \
	lib/domain/identity.h \
	lib/domain/inventory.c \
	lib/domain/inventory.h \
	lib/domain/inventory_parts.h \
	lib/domain/labels.c \
	lib/domain/labels.h \
	lib/domain/name.c \
	lib/domain/name.h \
	lib/domain/objects.c \
	lib/domain/observation.c \
	lib/domain/observation.h \
	lib/domain/placement.c \
	lib/domain/placement.h \
	lib/domain/plan.c \
	lib/domain/plan.h \
	lib/domain/plan_codec.c \
	lib/domain/plan_codec.h \
	lib/domain/plan_names.c \
	lib/domain/pool.c \
	lib/domain/pool.h \
	lib/domain/pool_check.c \
	lib/domain/pool_ranges.c \
	lib/domain/pool_spec.c \
	lib/domain/pool_spec.h \
	lib/domain/pools.c \
	lib/domain/pools.h \
	lib/domain/pools_change.c \
	lib/domain/pools_check.c \
	lib/domain/pools_parts.h \
	lib/domain/qos.c \
	lib/domain/qos.h \
	lib/domain/spec.c \
	lib/domain/spec.h \
	lib/domain/state.c \
	lib/domain/step.h \
	lib/domain/vadapter.c \
	lib/domain/vadapter.h \
	lib/domain/vlan.c \
	lib/domain/vlan.h

# driver: how one kind of chassis is managed
libvio_driver_sources = \
	lib/driver/device.h \
	lib/driver/driver.c \
	lib/driver/driver.h

# driver/iove: the register interface's driver
libvio_driver_iove_sources = \
	lib/driver/iove/ask.c \
	lib/driver/iove/ask.h \
	lib/driver/iove/claim.c \
	lib/driver/iove/claim.h \
	lib/driver/iove/events.c \
	lib/driver/iove/events.h \
	lib/driver/iove/inquiry.c \
	lib/driver/iove/inquiry.h \
	lib/driver/iove/iove.c \
	lib/driver/iove/lease.c \
	lib/driver/iove/lease.h \
	lib/driver/iove/limits.c \
	lib/driver/iove/limits.h \
	lib/driver/iove/look.c \
	lib/driver/iove/look.h \
	lib/driver/iove/observe.c \
	lib/driver/iove/observe.h \
	lib/driver/iove/part.c \
	lib/driver/iove/part.h \
	lib/driver/iove/queue.c \
	lib/driver/iove/queue.h \
	lib/driver/iove/raw.c \
	lib/driver/iove/raw.h \
	lib/driver/iove/record.c \
	lib/driver/iove/record.h \
	lib/driver/iove/record_function.c \
	lib/driver/iove/refuse.c \
	lib/driver/iove/refuse.h \
	lib/driver/iove/session.c \
	lib/driver/iove/session.h \
	lib/driver/iove/slots.c \
	lib/driver/iove/slots.h \
	lib/driver/iove/step.c \
	lib/driver/iove/step.h

# store: where the desired state lives
libvio_store_sources = \
	lib/store/backend.h \
	lib/store/claims.c \
	lib/store/claims.h \
	lib/store/codec.c \
	lib/store/codec.h \
	lib/store/codec_kinds.h \
	lib/store/codec_pool.c \
	lib/store/codec_vadapter.c \
	lib/store/commit.c \
	lib/store/effect.c \
	lib/store/effect.h \
	lib/store/foreign.c \
	lib/store/identities.c \
	lib/store/identities.h \
	lib/store/identities_parts.h \
	lib/store/identity_holds.c \
	lib/store/identity_pools.c \
	lib/store/identity_table.c \
	lib/store/identity_table.h \
	lib/store/index.c \
	lib/store/index.h \
	lib/store/index_grow.c \
	lib/store/index_parts.h \
	lib/store/internal.h \
	lib/store/item.c \
	lib/store/item.h \
	lib/store/memory.c \
	lib/store/objects.h \
	lib/store/parts.c \
	lib/store/parts.h \
	lib/store/place.c \
	lib/store/place.h \
	lib/store/slab.c \
	lib/store/slab.h \
	lib/store/store.c \
	lib/store/store.h \
	lib/store/table.c \
	lib/store/table.h \
	lib/store/task.c

# store: dumps of a store as JSON
libvio_dump_sources = \
	lib/store/dump_document.c \
	lib/store/dump_document.h \
	lib/store/dump_codec.c \
	lib/store/dump_codec.h \
	lib/store/dump_diff.c \
	lib/store/dump_diff.h \
	lib/store/dump_gather.c \
	lib/store/dump_gather.h \
	lib/store/dump_hold.c \
	lib/store/dump_objects.h \
	lib/store/dump_parse.c \
	lib/store/dump_plan.c \
	lib/store/dump_plan.h \
	lib/store/dump_pool.c \
	lib/store/dump_vadapter.c \
	lib/store/dump_values.c
schemadir = $(pkgdatadir)/schema
dist_schema_DATA = share/schema/store-1.json

# store/sqlite: the backend on a file
libvio_store_sqlite_sources = \
	lib/store/sqlite/connection.c \
	lib/store/sqlite/error.c \
	lib/store/sqlite/file.h \
	lib/store/sqlite/history.c \
	lib/store/sqlite/keep.c \
	lib/store/sqlite/lock.c \
	lib/store/sqlite/log.c \
	lib/store/sqlite/open.c \
	lib/store/sqlite/rows.c \
	lib/store/sqlite/schema.c \
	lib/store/sqlite/sqlite.c

# engine: check, plan, commit, apply, verify
libvio_engine_sources = \
	lib/engine/adopt.c \
	lib/engine/apply.c \
	lib/engine/apply.h \
	lib/engine/change.c \
	lib/engine/change.h \
	lib/engine/check.c \
	lib/engine/check.h \
	lib/engine/claim.c \
	lib/engine/claim.h \
	lib/engine/commit.c \
	lib/engine/edit.c \
	lib/engine/edit.h \
	lib/engine/edit_back.c \
	lib/engine/engine.c \
	lib/engine/engine.h \
	lib/engine/expiry.c \
	lib/engine/expiry.h \
	lib/engine/heal.c \
	lib/engine/heal.h \
	lib/engine/hub.c \
	lib/engine/hub.h \
	lib/engine/internal.h \
	lib/engine/journal.c \
	lib/engine/journal.h \
	lib/engine/journal_kept.c \
	lib/engine/kept.c \
	lib/engine/kept.h \
	lib/engine/ledger.c \
	lib/engine/ledger.h \
	lib/engine/load.c \
	lib/engine/load.h \
	lib/engine/look.c \
	lib/engine/look.h \
	lib/engine/lookup.c \
	lib/engine/meet.c \
	lib/engine/meet.h \
	lib/engine/notices.c \
	lib/engine/object.c \
	lib/engine/object.h \
	lib/engine/observe.c \
	lib/engine/observe.h \
	lib/engine/outline.c \
	lib/engine/outline.h \
	lib/engine/perform.c \
	lib/engine/perform.h \
	lib/engine/plan.c \
	lib/engine/reconcile.c \
	lib/engine/reconcile.h \
	lib/engine/records.c \
	lib/engine/records.h \
	lib/engine/session.c \
	lib/engine/study.c \
	lib/engine/token.c \
	lib/engine/turns.c \
	lib/engine/turns.h \
	lib/engine/undo.c \
	lib/engine/unfinished.c \
	lib/engine/unfinished.h

# api: one file per public header
libvio_api_sources = \
	lib/api/adapter.c \
	lib/api/address.c \
	lib/api/catalog.c \
	lib/api/changeset.c \
	lib/api/changeset.h \
	lib/api/chassis.c \
	lib/api/chassis.h \
	lib/api/chassis_config.c \
	lib/api/chassis_config.h \
	lib/api/ctx.c \
	lib/api/ctx.h \
	lib/api/ctx_config.c \
	lib/api/ctx_config.h \
	lib/api/device.c \
	lib/api/dump.c \
	lib/api/error.c \
	lib/api/event.c \
	lib/api/function.c \
	lib/api/identity.c \
	lib/api/history.c \
	lib/api/inventory.c \
	lib/api/list.c \
	lib/api/pool.c \
	lib/api/pool.h \
	lib/api/pool_change.c \
	lib/api/pool_spec.c \
	lib/api/plan.c \
	lib/api/port.c \
	lib/api/req.c \
	lib/api/server.c \
	lib/api/store.c \
	lib/api/store.h \
	lib/api/store_care.c \
	lib/api/store_config.c \
	lib/api/store_config.h \
	lib/api/store_dump.c \
	lib/api/vadapter.c \
	lib/api/vadapter_change.c \
	lib/api/vadapter_spec.c

# Shared with libviosim: base and hw, nothing else.
noinst_LTLIBRARIES += libviobase.la
libviobase_la_SOURCES = \
	$(libvio_base_sources) \
	$(libvio_hw_sources)

noinst_LTLIBRARIES += libviocore.la
libviocore_la_SOURCES = \
	$(libvio_loop_sources) \
	$(libvio_transport_sources) \
	$(libvio_domain_sources) \
	$(libvio_driver_sources) \
	$(libvio_driver_iove_sources) \
	$(libvio_store_sources) \
	$(libvio_dump_sources) \
	$(libvio_store_sqlite_sources) \
	$(libvio_engine_sources) \
	$(libvio_api_sources)

lib_LTLIBRARIES += libvio.la
libvio_la_SOURCES =
libvio_la_LDFLAGS = $(AM_LDFLAGS) $(VIO_LIB_LDFLAGS) \
	-version-info $(LIBVIO_VERSION_INFO) \
	-Wl,--version-script=$(top_srcdir)/lib/libvio.map
libvio_la_LIBADD = libviocore.la libviobase.la $(UV_LIBS) $(JANSSON_LIBS) $(SQLITE_LIBS)
EXTRA_libvio_la_DEPENDENCIES = $(top_srcdir)/lib/libvio.map
EXTRA_DIST += lib/libvio.map
