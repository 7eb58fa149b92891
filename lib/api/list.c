/* SPDX-License-Identifier: MIT */
#include <libvio/error.h>
#include <libvio/list.h>

#include "lib/base/alloc.h"
#include "lib/base/ref.h"
#include "lib/domain/filter.h"
#include "lib/domain/inventory.h"

/* What passed the filter, shared by all pages. */
struct selection {
    struct vio_ref ref;
    struct vio_inventory *inventory;
    enum vio_noun noun;
    size_t page;
    size_t count;
    void *objects[];
};

struct vio_list {
    struct vio_ref ref;
    struct selection *selection;
    size_t first; /* of this page */
};

static void unref_selection(struct selection *selection)
{
    if (!vio__ref_put(&selection->ref))
        return;
    vio__inventory_unref(selection->inventory);
    vio__free(NULL, selection);
}

static int select_objects(struct vio_inventory *inventory, enum vio_noun noun,
                          const struct vio_filter *filter, struct selection **ret_selection)
{
    size_t all = vio__inventory_count(inventory, noun);
    struct selection *selection =
        vio__calloc(NULL, 1, sizeof(*selection) + all * sizeof(selection->objects[0]));

    if (!selection)
        return VIO_ENOMEM;
    vio__ref_init(&selection->ref);
    selection->inventory = vio__inventory_ref(inventory);
    selection->noun = noun;
    selection->page = filter ? vio__filter_page(filter) : VIO_FILTER_PAGE;
    for (size_t i = 0; i < all; i++) {
        void *object = vio__inventory_at(inventory, noun, i);

        if (!filter || vio__filter_passes(filter, noun, object))
            selection->objects[selection->count++] = object;
    }
    *ret_selection = selection;
    return 0;
}

/* Takes over a reference of the selection, also on failure. */
static int new_page(struct selection *selection, size_t first, struct vio_list **ret_list)
{
    struct vio_list *list = vio__calloc(NULL, 1, sizeof(*list));

    if (!list) {
        unref_selection(selection);
        return VIO_ENOMEM;
    }
    vio__ref_init(&list->ref);
    list->selection = selection;
    list->first = first;
    *ret_list = list;
    return 0;
}

int vio_list_new(struct vio_inventory *inventory, enum vio_noun noun,
                 const struct vio_filter *filter, struct vio_list **ret_list)
{
    struct selection *selection;
    int status;

    if (!inventory || !ret_list || (int)noun < VIO_NOUN_PORT || noun > VIO_NOUN_VADAPTER)
        return VIO_EINVAL;
    status = select_objects(inventory, noun, filter, &selection);
    return status == 0 ? new_page(selection, 0, ret_list) : status;
}

struct vio_list *vio_list_ref(struct vio_list *list)
{
    if (list)
        vio__ref_get(&list->ref);
    return list;
}

void vio_list_unref(struct vio_list *list)
{
    if (!list || !vio__ref_put(&list->ref))
        return;
    unref_selection(list->selection);
    vio__free(NULL, list);
}

enum vio_noun vio_list_noun(const struct vio_list *list)
{
    return list ? list->selection->noun : VIO_NOUN_UNKNOWN;
}

size_t vio_list_count(const struct vio_list *list)
{
    size_t left = list ? list->selection->count - list->first : 0;

    return list && left > list->selection->page ? list->selection->page : left;
}

size_t vio_list_total(const struct vio_list *list)
{
    return list ? list->selection->count : 0;
}

int vio_list_next(const struct vio_list *list, struct vio_list **ret_list)
{
    size_t next;

    if (!list || !ret_list)
        return VIO_EINVAL;
    next = list->first + vio_list_count(list);
    if (next == list->selection->count)
        return VIO_ENOENT;
    vio__ref_get(&list->selection->ref);
    return new_page(list->selection, next, ret_list);
}

static void *object_at(const struct vio_list *list, enum vio_noun noun, size_t at)
{
    return vio_list_noun(list) == noun && at < vio_list_count(list)
               ? list->selection->objects[list->first + at]
               : NULL;
}

struct vio_port *vio_list_port(const struct vio_list *list, size_t at)
{
    return object_at(list, VIO_NOUN_PORT, at);
}

struct vio_server *vio_list_server(const struct vio_list *list, size_t at)
{
    return object_at(list, VIO_NOUN_SERVER, at);
}

struct vio_adapter *vio_list_adapter(const struct vio_list *list, size_t at)
{
    return object_at(list, VIO_NOUN_ADAPTER, at);
}

struct vio_function *vio_list_function(const struct vio_list *list, size_t at)
{
    return object_at(list, VIO_NOUN_FUNCTION, at);
}

struct vio_vadapter *vio_list_vadapter(const struct vio_list *list, size_t at)
{
    return object_at(list, VIO_NOUN_VADAPTER, at);
}

/* -- Filters ----------------------------------------------------------------------------------- */

int vio_filter_new(struct vio_filter **ret_filter)
{
    return ret_filter ? vio__filter_new(NULL, ret_filter) : VIO_EINVAL;
}

void vio_filter_free(struct vio_filter *filter)
{
    vio__filter_free(filter);
}

int vio_filter_set_name(struct vio_filter *filter, const char *pattern)
{
    return filter ? vio__filter_set_name(filter, pattern) : VIO_EINVAL;
}

int vio_filter_set_server(struct vio_filter *filter, const char *server)
{
    return filter ? vio__filter_set_server(filter, server) : VIO_EINVAL;
}

int vio_filter_set_adapter(struct vio_filter *filter, const char *adapter)
{
    return filter ? vio__filter_set_adapter(filter, adapter) : VIO_EINVAL;
}

int vio_filter_set_kind(struct vio_filter *filter, enum vio_vadapter_kind kind)
{
    return filter ? vio__filter_set_kind(filter, kind) : VIO_EINVAL;
}

int vio_filter_set_state(struct vio_filter *filter, const char *state)
{
    return filter ? vio__filter_set_state(filter, state) : VIO_EINVAL;
}

int vio_filter_add_label(struct vio_filter *filter, const char *key, const char *value)
{
    return filter && key ? vio__filter_add_label(filter, key, value) : VIO_EINVAL;
}

int vio_filter_set_page(struct vio_filter *filter, size_t objects)
{
    return filter ? vio__filter_set_page(filter, objects) : VIO_EINVAL;
}
