/* SPDX-License-Identifier: MIT */
#include "lib/engine/object.h"

const uint8_t *vio__object_uuid(const struct vio_object *object)
{
    return object->before ? object->before->uuid : object->after->uuid;
}

const uint8_t *vio__object_chassis(const struct vio_object *object)
{
    return object->before ? object->before->chassis : object->after->chassis;
}

void vio__object_clear(struct vio_object *object)
{
    vio__vadapter_unref(object->before);
    vio__vadapter_unref(object->after);
    vio__vadapter_unref(object->restore);
    object->before = object->after = object->restore = NULL;
}
