/* SPDX-License-Identifier: MIT */
/* An ovsdb-server of Open vSwitch, started for a benchmark and spoken to over its socket (RFC
 * 7047). */
#ifndef BENCH_OVSDB_H
#define BENCH_OVSDB_H

struct ovsdb;

/* Its files go into the directory. NULL, with a line on stdout, where there is none to start. */
struct ovsdb *ovsdb_start(const char *directory);
void ovsdb_stop(struct ovsdb *ovsdb); /* NULL is fine */

/* One transaction, durable when it returns: an Interface, its QoS and the Port that has both, in
 * the bridge. 0 or -1. */
int ovsdb_insert(struct ovsdb *ovsdb);

#endif
