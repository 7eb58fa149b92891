/* SPDX-License-Identifier: MIT */
/* Documents from outside. */
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/hash.h"
#include "lib/domain/name.h"
#include "lib/store/dump_document.h"

#define OBJECTS_MAX ((size_t)1 << 24) /* of a kind */

enum { RULE_SIZE = 256 };

/* -- What no two objects may share ------------------------------------------------------------- */

struct seen {
    struct vio_hash *keys, *names; /* of one section */
    struct vio_hash *addresses;    /* of the document */
};

/* Where an object is, as the value of a hash. */
static void *place(size_t kind, size_t index)
{
    return (void *)(uintptr_t)(1 + index * VIO_DUMP_KINDS + kind);
}

/* `member` is what is complained of. */
static void put_once(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                     size_t kind, struct vio_hash *hash, const void *value, size_t size,
                     const char *member)
{
    const struct vio_dump_where inside = {.in = where, .key = member};
    size_t first = (size_t)(uintptr_t)vio__hash_get(hash, value, size);
    char text[RULE_SIZE];

    if (first == 0) {
        if (vio__hash_put(hash, value, size, place(kind, where->index)) != 0)
            reader->status = VIO_ENOMEM;
        return;
    }
    snprintf(text, sizeof text, "is that of %s[%zu] too; each may be there once",
             vio__dump_kinds[(first - 1) % VIO_DUMP_KINDS]->section, (first - 1) / VIO_DUMP_KINDS);
    vio__dump_problem(reader, &inside, VIO_EDUPLICATE, text);
}

static void check_unique(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                         size_t at, const struct seen *seen, const char *object)
{
    static const uint8_t nothing[sizeof(struct vio_address)];
    const struct vio_dump_kind *kind = vio__dump_kinds[at];

    if (kind->key != kind->addresses[0] && memcmp(object + kind->key, nothing, kind->key_size) != 0)
        put_once(reader, where, at, seen->keys, object + kind->key, kind->key_size, "uuid");
    if (kind->named_once && object[kind->name])
        put_once(reader, where, at, seen->names, object + kind->name, strlen(object + kind->name),
                 "name");
    for (unsigned i = 0; i < 2 && kind->addresses[i] != SIZE_MAX; i++) {
        const char *address = object + kind->addresses[i];

        if (memcmp(address, nothing, sizeof nothing) != 0)
            put_once(reader, where, at, seen->addresses, address, sizeof nothing,
                     kind->address_keys[i]);
    }
}

/* -- Sections ---------------------------------------------------------------------------------- */

static void read_object(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                        const json_t *value, size_t at, const struct seen *seen,
                        struct vio_dump *dump)
{
    const struct vio_dump_kind *kind = vio__dump_kinds[at];
    size_t problems = vio__dump_num_problems(reader);
    void *object;
    int status = kind->make(reader->alloc, &object);

    if (status == 0) {
        vio__dump_read_fields(reader, where, value, kind->fields, object);
        if (kind->check && problems == vio__dump_num_problems(reader))
            kind->check(reader, where, object);
        check_unique(reader, where, at, seen, object);
        status = vio__dump_add(dump, kind, object);
    }
    if (status != 0)
        reader->status = status;
}

static void read_section(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                         const json_t *value, size_t kind, struct vio_hash *addresses,
                         struct vio_dump *dump)
{
    struct seen seen = {.addresses = addresses};
    size_t at;
    json_t *element;

    if (!json_is_array(value) || json_array_size(value) > OBJECTS_MAX) {
        vio__dump_complain(reader, where, VIO_EPARSE, value,
                           "an array of at most 16777216 objects");
        return;
    }
    if (vio__hash_new(reader->alloc, OBJECTS_MAX, &seen.keys) != 0 ||
        vio__hash_new(reader->alloc, OBJECTS_MAX, &seen.names) != 0)
        reader->status = VIO_ENOMEM;
    json_array_foreach(value, at, element)
    {
        const struct vio_dump_where inside = {.in = where, .index = at};

        if (reader->status != 0)
            break;
        read_object(reader, &inside, element, kind, &seen, dump);
    }
    vio__hash_free(seen.keys, NULL);
    vio__hash_free(seen.names, NULL);
}

/* -- The document ------------------------------------------------------------------------------ */

static bool is_head(const char *key)
{
    return strcmp(key, "format") == 0 || strcmp(key, "version") == 0 || strcmp(key, "store") == 0;
}

static void read_member(struct vio_dump_reader *reader, const char *key, const json_t *value,
                        struct vio_hash *addresses, struct vio_dump *dump)
{
    const struct vio_dump_where where = {.key = key};
    char allowed[RULE_SIZE] = "format, version, store";
    json_t *name;

    for (size_t kind = 0; kind < VIO_DUMP_KINDS; kind++) {
        size_t used = strlen(allowed);

        if (strcmp(vio__dump_kinds[kind]->section, key) == 0) {
            read_section(reader, &where, value, kind, addresses, dump);
            return;
        }
        snprintf(allowed + used, sizeof allowed - used, ", %s", vio__dump_kinds[kind]->section);
    }
    name = json_string(key);
    vio__dump_complain(reader, NULL, VIO_EPARSE, name, allowed);
    json_decref(name);
}

/* Whether it is a document of this format at all; of another one nothing more is said. */
static bool check_head(struct vio_dump_reader *reader, const json_t *root, struct vio_dump *dump)
{
    static const struct vio_dump_where format = {.key = "format"}, version = {.key = "version"},
                                       store = {.key = "store"};
    const json_t *value = json_object_get(root, "format");
    uint64_t number;

    if (!value || !json_is_string(value) ||
        strcmp(json_string_value(value), VIO_DUMP_FORMAT) != 0) {
        vio__dump_complain(reader, json_is_object(root) ? &format : NULL, VIO_EPARSE,
                           json_is_object(root) ? value : root,
                           json_is_object(root) ? "\"" VIO_DUMP_FORMAT "\"" : "an object");
        return false;
    }
    value = json_object_get(root, "version");
    if (!vio__dump_read_number(reader, &version, value, VIO_DUMP_VERSION, VIO_DUMP_VERSION,
                               &number))
        return false;
    vio__dump_read_uuid(reader, &store, json_object_get(root, "store"), dump->store);
    return true;
}

static void read_document(struct vio_dump_reader *reader, const json_t *root, struct vio_dump *dump)
{
    struct vio_hash *addresses = NULL;
    const char *key;
    json_t *value;

    if (!check_head(reader, root, dump))
        return;
    reader->status = vio__hash_new(reader->alloc, 4 * OBJECTS_MAX, &addresses);
    json_object_foreach((json_t *)root, key, value)
    {
        if (reader->status == 0 && !is_head(key))
            read_member(reader, key, value, addresses, dump);
    }
    vio__hash_free(addresses, NULL);
}

/* jansson's message may quote the document. */
static void refuse_text(struct vio_dump_reader *reader, const json_error_t *error)
{
    char text[RULE_SIZE];
    bool quotable = vio__text_is_valid(error->text, JSON_ERROR_TEXT_LENGTH);

    snprintf(text, sizeof text, "line %d, column %d: %s", error->line, error->column,
             quotable ? error->text : "this is not JSON (RFC 8259)");
    vio__dump_problem(reader, NULL, VIO_EPARSE, text);
}

static int parse(struct vio_dump *dump, const char *text, size_t size)
{
    struct vio_dump_reader reader = {.alloc = &dump->alloc, .problems = &dump->problems};
    json_error_t error;
    json_t *root = NULL;

    if (size > VIO_DUMP_TEXT_MAX) {
        vio__dump_problem(&reader, NULL, VIO_ELIMIT, "the document is longer than 2 GiB");
    } else {
        root = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
        if (!root && json_error_code(&error) == json_error_out_of_memory)
            return VIO_ENOMEM;
        if (root)
            read_document(&reader, root, dump);
        else
            refuse_text(&reader, &error);
    }
    json_decref(root);
    vio__dump_tell_dropped(&reader);
    if (dump->problems.count > 0)
        dump->status = dump->problems.problem[0].code;
    return reader.status;
}

int vio__dump_parse(const struct vio_alloc *alloc, const char *text, size_t size,
                    struct vio_dump **ret_dump)
{
    static const uint8_t nil[VIO_UUID_SIZE];
    struct vio_dump *dump;
    int status = vio__dump_new(alloc, nil, &dump);

    if (status != 0)
        return status;
    status = parse(dump, text, size);
    if (status == 0 && dump->status == 0)
        status = vio__dump_finish(dump);
    if (status != 0) {
        vio__dump_unref(dump);
        return status;
    }
    *ret_dump = dump;
    return 0;
}
