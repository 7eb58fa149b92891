/* SPDX-License-Identifier: MIT */
#include "lib/store/parts.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/domain/hwaddr.h"
#include "lib/domain/name.h"

void vio__part_take_text(struct vio_cursor *cursor, size_t length, size_t max, char *ret_text)
{
    ret_text[0] = '\0';
    if (length > max) {
        cursor->failed = true;
        return;
    }
    if (!vio__cursor_copy(cursor, ret_text, length))
        return;
    ret_text[length] = '\0';
    if (strlen(ret_text) != length)
        cursor->failed = true;
}

void vio__part_put_address(struct vio_buf *buf, const struct vio_address *address)
{
    vio__buf_append_u8(buf, address->kind);
    vio__buf_append(buf, address->bytes, vio__hwaddr_length(address->kind));
}

void vio__part_take_address(struct vio_cursor *cursor, struct vio_address *ret_address)
{
    uint8_t kind = vio__cursor_u8(cursor);
    size_t length = vio__hwaddr_length(kind);

    *ret_address = (struct vio_address){0};
    if (kind == VIO_ADDRESS_UNKNOWN)
        return;
    ret_address->kind = kind;
    ret_address->length = (uint8_t)length;
    if (length == 0)
        cursor->failed = true;
    vio__cursor_copy(cursor, ret_address->bytes, length);
}

static void put_text(struct vio_buf *buf, const char *text)
{
    vio__buf_append_u8(buf, (uint8_t)strlen(text));
    vio__buf_append_str(buf, text);
}

/* Texts that people gave. */
static void take_valid(struct vio_cursor *cursor, size_t max, char *ret_text)
{
    vio__part_take_text(cursor, vio__cursor_u8(cursor), max, ret_text);
    if (!cursor->failed && !vio__text_is_valid(ret_text, max))
        cursor->failed = true;
}

void vio__part_put_texts(struct vio_buf *buf, const char *description,
                         const struct vio_labels *labels)
{
    put_text(buf, description ? description : "");
    vio__buf_append_u8(buf, (uint8_t)labels->count);
    for (size_t i = 0; i < labels->count; i++) {
        put_text(buf, labels->label[i].key);
        put_text(buf, labels->label[i].value);
    }
}

static int take_labels(struct vio_cursor *cursor, const struct vio_alloc *alloc,
                       struct vio_labels *labels)
{
    char former[VIO_NAME_MAX + 1] = "";
    char key[VIO_NAME_MAX + 1];
    char value[VIO_LABEL_VALUE_MAX + 1];
    size_t count = vio__cursor_u8(cursor);
    int status = 0;

    if (count > VIO_LABELS_MAX)
        cursor->failed = true;
    for (size_t i = 0; i < count && status == 0 && !cursor->failed; i++) {
        take_valid(cursor, VIO_NAME_MAX, key);
        take_valid(cursor, VIO_LABEL_VALUE_MAX, value);
        if (strcmp(key, former) <= 0)
            cursor->failed = true;
        else if (!cursor->failed && alloc)
            status = vio__labels_set(alloc, labels, key, value, VIO_LABELS_MAX);
        memcpy(former, key, sizeof(former));
    }
    return status;
}

int vio__part_take_texts(struct vio_cursor *cursor, const struct vio_alloc *alloc,
                         char **ret_description, struct vio_labels *ret_labels)
{
    struct vio_labels labels = {0};
    char text[VIO_DESCRIPTION_MAX + 1];
    char *description = NULL;
    int status;

    take_valid(cursor, VIO_DESCRIPTION_MAX, text);
    status = take_labels(cursor, alloc, &labels);
    if (status == 0 && alloc && *text && !cursor->failed) {
        description = vio__strdup(alloc, text);
        status = description ? 0 : VIO_ENOMEM;
    }
    if (status != 0 || cursor->failed) {
        vio__labels_clear(alloc, &labels);
        return status;
    }
    *ret_description = description;
    *ret_labels = labels;
    return 0;
}
