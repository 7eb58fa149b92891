/* SPDX-License-Identifier: MIT */
/**
 * @file
 * All of libvio but the software chassis' own header, which is <libviosim/sim.h>'s library's.
 */
#ifndef LIBVIO_LIBVIO_H
#define LIBVIO_LIBVIO_H

#include <libvio/adapter.h>
#include <libvio/address.h>
#include <libvio/changeset.h>
#include <libvio/chassis.h>
#include <libvio/ctx.h>
#include <libvio/device.h>
#include <libvio/dump.h>
#include <libvio/error.h>
#include <libvio/event.h>
#include <libvio/export.h>
#include <libvio/function.h>
#include <libvio/history.h>
#include <libvio/identity.h>
#include <libvio/inventory.h>
#include <libvio/list.h>
#include <libvio/log.h>
#include <libvio/plan.h>
#include <libvio/pool.h>
#include <libvio/port.h>
#include <libvio/req.h>
#include <libvio/server.h>
#include <libvio/store.h>
#include <libvio/vadapter.h>
#include <libvio/version.h>

#endif
