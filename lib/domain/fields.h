/* SPDX-License-Identifier: MIT */
/*
 * The fields of objects by name, with their values as text: what plans, drift and the history show
 * of a change. One table per kind of object; the names are those of exported files.
 */
#ifndef VIO_LIB_DOMAIN_FIELDS_H
#define VIO_LIB_DOMAIN_FIELDS_H

#include "lib/domain/observation.h"
#include "lib/domain/pool.h"
#include "lib/domain/vadapter.h"

/* Takes one field that differs; "": nothing. Texts are valid during the call only. */
typedef void (*vio_field_differs)(void *user, const char *field, const char *before,
                                  const char *after);

/*
 * Tell each field in which two objects differ, in the order of the table. Either may be NULL: there
 * is none. `seen` has the names of servers and adapters; NULL: their numbers are told. VIO_ENOMEM,
 * then some may not have been told.
 */
int vio__fields_of_vadapter(const struct vio_vadapter_info *before,
                            const struct vio_vadapter_info *after,
                            const struct vio_observation *seen, vio_field_differs differs,
                            void *user);

/* Only what can be set, as vio__diff() compares it: a path that is to be any is none that differs.
 */
int vio__fields_of_function(const struct vio_function_info *before,
                            const struct vio_function_info *after,
                            const struct vio_observation *seen, vio_field_differs differs,
                            void *user);

/* Of a list of ranges the whole one, before and after. */
int vio__fields_of_pool(const struct vio_pool_info *before, const struct vio_pool_info *after,
                        vio_field_differs differs, void *user);

#endif
