/* SPDX-License-Identifier: MIT */
#include "lib/domain/filter.h"

#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/inventory.h"
#include "lib/domain/labels.h"
#include "lib/domain/name.h"

struct vio_filter {
    struct vio_alloc alloc;
    bool by_name, by_server, by_adapter, by_state;
    char name[VIO_NAME_SIZE];
    char server[VIO_NAME_SIZE];
    char adapter[VIO_NAME_SIZE];
    const char *state; /* static */
    enum vio_vadapter_kind kind;
    struct vio_labels labels;    /* with these values */
    struct vio_labels any_value; /* with any value */
    size_t page;
};

/* What a filter looks at, of any object. */
struct view {
    const char *name;
    const char *state;
    const char *server, *adapter; /* NULL: it has none such */
    enum vio_vadapter_kind kind;
    const struct vio_labels *labels;
};

int vio__filter_new(const struct vio_alloc *alloc, struct vio_filter **ret_filter)
{
    struct vio_filter *filter = vio__calloc(alloc, 1, sizeof(*filter));

    if (!filter)
        return VIO_ENOMEM;
    filter->alloc = alloc ? *alloc : vio__alloc_default();
    filter->page = VIO_FILTER_PAGE;
    *ret_filter = filter;
    return 0;
}

void vio__filter_free(struct vio_filter *filter)
{
    struct vio_alloc alloc;

    if (!filter)
        return;
    alloc = filter->alloc;
    vio__labels_clear(&alloc, &filter->labels);
    vio__labels_clear(&alloc, &filter->any_value);
    vio__free(&alloc, filter);
}

static int set_text(bool *by, char target[VIO_NAME_SIZE], const char *text)
{
    if (text && !vio__text_is_valid(text, VIO_NAME_MAX))
        return VIO_ENAME;
    *by = text != NULL;
    snprintf(target, VIO_NAME_SIZE, "%s", text ? text : "");
    return 0;
}

int vio__filter_set_name(struct vio_filter *filter, const char *pattern)
{
    return set_text(&filter->by_name, filter->name, pattern);
}

int vio__filter_set_server(struct vio_filter *filter, const char *server)
{
    return set_text(&filter->by_server, filter->server, server);
}

int vio__filter_set_adapter(struct vio_filter *filter, const char *adapter)
{
    return set_text(&filter->by_adapter, filter->adapter, adapter);
}

int vio__filter_set_kind(struct vio_filter *filter, enum vio_vadapter_kind kind)
{
    if ((int)kind < 0 || kind > VIO_VADAPTER_VDISK)
        return VIO_EINVAL;
    filter->kind = kind;
    return 0;
}

int vio__filter_set_state(struct vio_filter *filter, const char *state)
{
    static const char *const states[] = {
        "detached", "attaching", "attached",  "detaching", "fault", "lost",
        "binding",  "bound",     "unbinding", "up",        "down",  "disabled",
        "on",       "off",       "absent",    "ok",        "empty",
    };

    if (!state) {
        filter->by_state = false;
        return 0;
    }
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        if (strcmp(states[i], state) == 0) {
            filter->state = states[i];
            filter->by_state = true;
            return 0;
        }
    }
    return VIO_EINVAL;
}

int vio__filter_add_label(struct vio_filter *filter, const char *key, const char *value)
{
    struct vio_labels *labels = value ? &filter->labels : &filter->any_value;

    if (!vio__name_is_valid(key) || (value && !vio__text_is_valid(value, VIO_LABEL_VALUE_MAX)))
        return VIO_ENAME;
    if (filter->labels.count + filter->any_value.count >= VIO_FILTER_LABELS_MAX)
        return VIO_ELIMIT;
    return vio__labels_set(&filter->alloc, labels, key, value ? value : "", VIO_FILTER_LABELS_MAX);
}

int vio__filter_set_page(struct vio_filter *filter, size_t objects)
{
    if (objects < 1 || objects > VIO_FILTER_PAGE_MAX)
        return VIO_EINVAL;
    filter->page = objects;
    return 0;
}

size_t vio__filter_page(const struct vio_filter *filter)
{
    return filter->page;
}

static struct view view_port(const struct vio_port *port)
{
    const struct vio_port_info *info = vio__port_info(port);
    bool server = info->type == VIO_PORT_SERVER;

    return (struct view){
        .name = info->name,
        .state = vio__port_state(port),
        .server = server ? vio__port_owner(port) : NULL,
        .adapter = server ? NULL : vio__port_owner(port),
    };
}

static struct view view_function(const struct vio_function *function)
{
    const struct vio_function_info *info = vio__function_info(function);

    return (struct view){
        .name = info->label,
        .state = vio__function_state_name(info->state),
        .server = vio__function_server(function),
        .adapter = vio__function_adapter(function),
        .kind = info->kind,
    };
}

static struct view view_vadapter(const struct vio_vadapter *vadapter)
{
    const struct vio_vadapter_info *info = vio__vadapter_info(vadapter);

    return (struct view){
        .name = info->name,
        .state = vio__vadapter_state_name(vio__vadapter_state(vadapter)),
        .server = vio__vadapter_server(vadapter),
        .adapter = vio__vadapter_adapter(vadapter),
        .kind = info->kind,
        .labels = &info->labels,
    };
}

static struct view view_of(enum vio_noun noun, const void *object)
{
    switch (noun) {
    case VIO_NOUN_PORT:
        return view_port(object);
    case VIO_NOUN_SERVER:
        return (struct view){.name = vio__server_info(object)->name,
                             .state = vio__server_state(object),
                             .server = vio__server_info(object)->name};
    case VIO_NOUN_ADAPTER:
        return (struct view){.name = vio__adapter_info(object)->name,
                             .state = vio__adapter_state(object),
                             .adapter = vio__adapter_info(object)->name,
                             .kind = vio__adapter_info(object)->kind};
    case VIO_NOUN_FUNCTION:
        return view_function(object);
    case VIO_NOUN_VADAPTER:
        return view_vadapter(object);
    case VIO_NOUN_UNKNOWN:
        break;
    }
    return (struct view){.name = "", .state = ""};
}

static bool labels_pass(const struct vio_filter *filter, const struct vio_labels *carried)
{
    static const struct vio_labels none = {0};

    if (!carried)
        carried = &none;
    for (size_t i = 0; i < filter->any_value.count; i++)
        if (!vio__labels_get(carried, filter->any_value.label[i].key))
            return false;
    for (size_t i = 0; i < filter->labels.count; i++) {
        const char *value = vio__labels_get(carried, filter->labels.label[i].key);

        if (!value || strcmp(value, filter->labels.label[i].value) != 0)
            return false;
    }
    return true;
}

static bool place_passes(bool by, const char *wanted, const char *place)
{
    return !by || (place && strcmp(place, wanted) == 0);
}

bool vio__filter_passes(const struct vio_filter *filter, enum vio_noun noun, const void *object)
{
    struct view view = view_of(noun, object);

    return (!filter->by_name || vio__name_matches(view.name, filter->name)) &&
           place_passes(filter->by_server, filter->server, view.server) &&
           place_passes(filter->by_adapter, filter->adapter, view.adapter) &&
           (filter->kind == VIO_VADAPTER_UNKNOWN || view.kind == filter->kind) &&
           (!filter->by_state || strcmp(view.state, filter->state) == 0) &&
           labels_pass(filter, view.labels);
}
