/* SPDX-License-Identifier: MIT */
/* Which objects of a snapshot a list shows. */
#ifndef VIO_LIB_DOMAIN_FILTER_H
#define VIO_LIB_DOMAIN_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include <libvio/list.h>

#include "lib/base/alloc.h"

#define VIO_FILTER_LABELS_MAX 16
#define VIO_FILTER_PAGE       1000
#define VIO_FILTER_PAGE_MAX   100000

int vio__filter_new(const struct vio_alloc *alloc, struct vio_filter **ret_filter);
void vio__filter_free(struct vio_filter *filter);

/* As <libvio/list.h> says of each; NULL: any. */
int vio__filter_set_name(struct vio_filter *filter, const char *pattern);
int vio__filter_set_server(struct vio_filter *filter, const char *server);
int vio__filter_set_adapter(struct vio_filter *filter, const char *adapter);
int vio__filter_set_kind(struct vio_filter *filter, enum vio_vadapter_kind kind);
int vio__filter_set_state(struct vio_filter *filter, const char *state);
int vio__filter_add_label(struct vio_filter *filter, const char *key, const char *value);
int vio__filter_set_page(struct vio_filter *filter, size_t objects);
size_t vio__filter_page(const struct vio_filter *filter);

/* Whether an object of a snapshot passes. */
bool vio__filter_passes(const struct vio_filter *filter, enum vio_noun noun, const void *object);

#endif
