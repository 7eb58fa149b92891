/* SPDX-License-Identifier: MIT */
#include "lib/domain/labels.h"

#include <stdbool.h>
#include <string.h>

#include <libvio/error.h>

/* Where the key is, or belongs. */
static size_t place_of(const struct vio_labels *labels, const char *key, bool *ret_found)
{
    size_t low = 0;
    size_t high = labels->count;

    *ret_found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(labels->label[middle].key, key);

        if (order == 0)
            *ret_found = true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int make_label(const struct vio_alloc *alloc, const char *key, const char *value,
                      struct vio_label *ret_label)
{
    size_t key_size = strlen(key) + 1;
    size_t value_size = strlen(value) + 1;
    char *text = vio__alloc(alloc, key_size + value_size);

    if (!text)
        return VIO_ENOMEM;
    memcpy(text, key, key_size);
    memcpy(text + key_size, value, value_size);
    *ret_label = (struct vio_label){.key = text, .value = text + key_size};
    return 0;
}

int vio__labels_set(const struct vio_alloc *alloc, struct vio_labels *labels, const char *key,
                    const char *value, size_t max)
{
    struct vio_label made;
    struct vio_label *grown;
    bool found;
    size_t at = place_of(labels, key, &found);

    if (!found && labels->count >= max)
        return VIO_ELIMIT;
    if (make_label(alloc, key, value, &made) != 0)
        return VIO_ENOMEM;
    if (found) {
        vio__free(alloc, labels->label[at].key);
        labels->label[at] = made;
        return 0;
    }
    grown = vio__realloc(alloc, labels->label, labels->count + 1, sizeof(*grown));
    if (!grown) {
        vio__free(alloc, made.key);
        return VIO_ENOMEM;
    }
    memmove(grown + at + 1, grown + at, (labels->count - at) * sizeof(*grown));
    grown[at] = made;
    labels->label = grown;
    labels->count++;
    return 0;
}

void vio__labels_remove(const struct vio_alloc *alloc, struct vio_labels *labels, const char *key)
{
    bool found;
    size_t at = place_of(labels, key, &found);

    if (!found)
        return;
    vio__free(alloc, labels->label[at].key);
    labels->count--;
    memmove(labels->label + at, labels->label + at + 1,
            (labels->count - at) * sizeof(labels->label[0]));
}

const char *vio__labels_get(const struct vio_labels *labels, const char *key)
{
    bool found;
    size_t at = place_of(labels, key, &found);

    return found ? labels->label[at].value : NULL;
}

int vio__labels_copy(const struct vio_alloc *alloc, const struct vio_labels *from,
                     struct vio_labels *labels)
{
    for (size_t i = 0; i < from->count; i++) {
        int status =
            vio__labels_set(alloc, labels, from->label[i].key, from->label[i].value, from->count);

        if (status != 0) {
            vio__labels_clear(alloc, labels);
            return status;
        }
    }
    return 0;
}

void vio__labels_clear(const struct vio_alloc *alloc, struct vio_labels *labels)
{
    for (size_t i = 0; i < labels->count; i++)
        vio__free(alloc, labels->label[i].key);
    vio__free(alloc, labels->label);
    *labels = (struct vio_labels){0};
}

bool vio__labels_equal(const struct vio_labels *a, const struct vio_labels *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->label[i].key, b->label[i].key) != 0 ||
            strcmp(a->label[i].value, b->label[i].value) != 0)
            return false;
    return true;
}
