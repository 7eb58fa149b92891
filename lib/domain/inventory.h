/* SPDX-License-Identifier: MIT */
/*
 * The join of what is observed and what is desired: an immutable snapshot with one reference count
 * for all that is in it. Objects are embedded, sorted by name, and point to the snapshot.
 */
#ifndef VIO_LIB_DOMAIN_INVENTORY_H
#define VIO_LIB_DOMAIN_INVENTORY_H

#include <stddef.h>
#include <stdint.h>

#include <libvio/inventory.h>
#include <libvio/list.h>

#include "lib/domain/observation.h"
#include "lib/domain/vadapter.h"

/*
 * `functions` (ascending numbers) are joined in place of those of the observation. Each vAdapter is
 * taken a reference of. VIO_ENOMEM.
 */
int vio__inventory_new(const struct vio_alloc *alloc, struct vio_observation *observation,
                       const struct vio_function_info *functions, size_t num_functions,
                       struct vio_vadapter_info *const *vadapters, size_t num_vadapters,
                       struct vio_inventory **ret_inventory);

/* A snapshot of one vAdapter alone and its function, which may be NULL: the observation serves for
 * names. At a cost that does not grow with the chassis. VIO_ENOMEM. */
int vio__inventory_single(const struct vio_alloc *alloc, struct vio_observation *observation,
                          const struct vio_function_info *function,
                          struct vio_vadapter_info *vadapter,
                          struct vio_vadapter **ret_vadapter); /* which holds the snapshot */

struct vio_inventory *vio__inventory_ref(struct vio_inventory *inventory);
void vio__inventory_unref(struct vio_inventory *inventory); /* NULL is fine */

const struct vio_chassis_info *vio__inventory_chassis(const struct vio_inventory *inventory);

/* Objects of a noun, in the order of their names (functions: of their numbers); NULL beyond the
 * last. The pointer is to a struct vio_port, vio_server, and so on. */
size_t vio__inventory_count(const struct vio_inventory *inventory, enum vio_noun noun);
void *vio__inventory_at(const struct vio_inventory *inventory, enum vio_noun noun, size_t at);
void *vio__inventory_find(const struct vio_inventory *inventory, enum vio_noun noun,
                          const char *name); /* not functions */
struct vio_function *vio__inventory_function(const struct vio_inventory *inventory, uint32_t index);

/* -- Objects: what was seen of them, and the snapshot that they hold --------------------------- */

struct vio_inventory *vio__port_inventory(const struct vio_port *port);
const struct vio_port_info *vio__port_info(const struct vio_port *port);
const char *vio__port_owner(const struct vio_port *port);
const char *vio__port_state(const struct vio_port *port);

struct vio_inventory *vio__server_inventory(const struct vio_server *server);
const struct vio_server_info *vio__server_info(const struct vio_server *server);
size_t vio__server_vadapters(const struct vio_server *server);
struct vio_port *vio__server_port(const struct vio_server *server, uint32_t at); /* NULL: none */
const char *vio__server_state(const struct vio_server *server);

struct vio_inventory *vio__adapter_inventory(const struct vio_adapter *adapter);
const struct vio_adapter_info *vio__adapter_info(const struct vio_adapter *adapter);
const char *vio__adapter_state(const struct vio_adapter *adapter);

struct vio_inventory *vio__function_inventory(const struct vio_function *function);
const struct vio_function_info *vio__function_info(const struct vio_function *function);
struct vio_vadapter *vio__function_vadapter(
    const struct vio_function *function); /* NULL: foreign */
const char *vio__function_adapter(const struct vio_function *function);
const char *vio__function_server(const struct vio_function *function);

struct vio_inventory *vio__vadapter_inventory(const struct vio_vadapter *vadapter);
const struct vio_vadapter_info *vio__vadapter_info(const struct vio_vadapter *vadapter);
const struct vio_function_info *vio__vadapter_actual(const struct vio_vadapter *vadapter);
enum vio_vadapter_state vio__vadapter_state(const struct vio_vadapter *vadapter);
const char *vio__vadapter_adapter(const struct vio_vadapter *vadapter);
const char *vio__vadapter_server(const struct vio_vadapter *vadapter);
const char *vio__vadapter_trunk(const struct vio_vadapter *vadapter);

const char *vio__function_state_name(enum vio_function_state state);
const char *vio__vadapter_state_name(enum vio_vadapter_state state);

#endif
