/* SPDX-License-Identifier: MIT */
/* The values of lib/store/dump_codec.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/hwaddr.h"
#include "lib/domain/name.h"
#include "lib/store/dump_codec.h"

#define EXACT ((UINT64_C(1) << 53) - 1) /* RFC 8259, section 6: what a double keeps */

enum { RULE_SIZE = 512 };

/* -- Numbers ----------------------------------------------------------------------------------- */

json_t *vio__dump_write_number(uint64_t number)
{
    char text[24];

    if (number <= EXACT)
        return json_integer((json_int_t)number);
    snprintf(text, sizeof text, "%" PRIu64, number);
    return json_string_nocheck(text);
}

/* Digits only, no leading zero, and more than an exact number: one way to write each value. */
static bool parse_large(const char *text, uint64_t *ret_number)
{
    uint64_t number = 0;

    if (*text < '1' || *text > '9')
        return false;
    for (; *text; text++) {
        unsigned digit = (unsigned)(unsigned char)*text - '0';

        if (digit > 9 || number > (UINT64_MAX - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    *ret_number = number;
    return number > EXACT;
}

bool vio__dump_read_number(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                           const json_t *value, uint64_t least, uint64_t most, uint64_t *ret_number)
{
    char allowed[RULE_SIZE];
    uint64_t number = 0;
    bool read = false;

    if (json_is_integer(value)) {
        read = json_integer_value(value) >= 0 && (uint64_t)json_integer_value(value) <= EXACT;
        number = (uint64_t)json_integer_value(value);
    } else if (json_is_string(value)) {
        read = parse_large(json_string_value(value), &number);
    }
    if (read && number >= least && number <= most) {
        *ret_number = number;
        return true;
    }
    snprintf(allowed, sizeof allowed, "an integer from %" PRIu64 " to %" PRIu64 "%s", least, most,
             most > EXACT ? ", beyond 9007199254740991 as text" : "");
    vio__dump_complain(reader, where, VIO_EPARSE, value, allowed);
    return false;
}

bool vio__dump_read_boolean(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                            const json_t *value, bool *ret_boolean)
{
    if (json_is_boolean(value))
        *ret_boolean = json_is_true(value);
    else
        vio__dump_complain(reader, where, VIO_EPARSE, value, "true or false");
    return json_is_boolean(value);
}

/* -- Texts ------------------------------------------------------------------------------------- */

json_t *vio__dump_write_text(const char *text)
{
    return text && *text ? json_string(text) : json_null();
}

const char *vio__dump_read_text(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                                const json_t *value, size_t most)
{
    const char *text = json_string_value(value);
    char allowed[RULE_SIZE];

    if (text && *text && vio__text_is_valid(text, most))
        return text;
    snprintf(allowed, sizeof allowed, "1 to %zu bytes of UTF-8 without control characters", most);
    vio__dump_complain(reader, where, text ? VIO_ENAME : VIO_EPARSE, value, allowed);
    return NULL;
}

const char *vio__dump_read_name(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                                const json_t *value)
{
    const char *text = json_string_value(value);

    if (text && vio__name_is_valid(text))
        return text;
    vio__dump_complain(reader, where, text ? VIO_ENAME : VIO_EPARSE, value, VIO_NAME_RULE);
    return NULL;
}

json_t *vio__dump_write_word(const struct vio_dump_word *words, int value)
{
    for (; words->word; words++)
        if (words->value == value)
            return json_string_nocheck(words->word);
    return json_null();
}

bool vio__dump_read_word(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                         const json_t *value, const struct vio_dump_word *words, int *ret_value)
{
    const char *text = json_string_value(value);
    char allowed[RULE_SIZE];
    size_t used = 0;

    for (const struct vio_dump_word *at = words; text && at->word; at++) {
        if (strcmp(at->word, text) == 0) {
            *ret_value = at->value;
            return true;
        }
    }
    for (const struct vio_dump_word *at = words; at->word && used < sizeof allowed; at++)
        used += (size_t)snprintf(allowed + used, sizeof allowed - used, "%s\"%s\"",
                                 at > words ? ", " : "", at->word);
    vio__dump_complain(reader, where, VIO_EPARSE, value, allowed);
    return false;
}

/* -- Identities -------------------------------------------------------------------------------- */

json_t *vio__dump_write_uuid(const uint8_t uuid[VIO_UUID_SIZE])
{
    char text[VIO_UUID_TEXT_SIZE];

    if (vio__uuid_is_nil(uuid))
        return json_null();
    vio__uuid_format(uuid, text);
    return json_string_nocheck(text);
}

bool vio__dump_read_uuid(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                         const json_t *value, uint8_t ret_uuid[VIO_UUID_SIZE])
{
    const char *text = json_string_value(value);
    uint8_t uuid[VIO_UUID_SIZE];

    if (text && vio__uuid_parse(text, uuid) == 0 && !vio__uuid_is_nil(uuid)) {
        memcpy(ret_uuid, uuid, VIO_UUID_SIZE);
        return true;
    }
    vio__dump_complain(reader, where, VIO_EPARSE, value,
                       "the text of a UUID that is not nil, such as "
                       "\"123e4567-e89b-42d3-a456-426614174000\"");
    return false;
}

/* An EUI-64 is written with hyphens, as IEEE does: with colons, 8 bytes are a WWN. */
json_t *vio__dump_write_address(const struct vio_address *address)
{
    char text[3 * sizeof(address->bytes)];

    if (address->kind == VIO_ADDRESS_UNKNOWN)
        return json_null();
    if (vio__hwaddr_format(address, text, sizeof text) != 0)
        return NULL;
    for (char *at = text; address->kind == VIO_ADDRESS_EUI64 && *at; at++)
        if (*at == ':')
            *at = '-';
    return json_string_nocheck(text);
}

static int parse_address(const char *text, struct vio_address *ret_address)
{
    int status = VIO_EPARSE;

    if (strchr(text, '-'))
        status = vio__hwaddr_parse(text, VIO_ADDRESS_EUI64, ret_address);
    return status == VIO_EPARSE ? vio__hwaddr_parse(text, VIO_ADDRESS_UNKNOWN, ret_address)
                                : status;
}

bool vio__dump_read_address(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                            const json_t *value, struct vio_address *ret_address)
{
    const char *text = json_string_value(value);
    int status = text ? parse_address(text, ret_address) : VIO_EPARSE;

    if (status != 0)
        vio__dump_complain(
            reader, where, status, value,
            "a MAC-48 that is neither multicast nor zero, a WWN whose NAA is 1, 2, 5 "
            "or 6, or a UUID that is not nil");
    return status == 0;
}

/* -- Labels ------------------------------------------------------------------------------------ */

json_t *vio__dump_write_labels(const struct vio_labels *labels)
{
    json_t *written = labels->count > 0 ? json_object() : json_null();

    for (size_t i = 0; i < labels->count && written; i++) {
        json_t *value = json_string(labels->label[i].value);

        if (json_object_set_new(written, labels->label[i].key, value) != 0) {
            json_decref(written);
            return NULL;
        }
    }
    return written;
}

static void read_label(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                       const char *key, const json_t *value, struct vio_labels *labels)
{
    const struct vio_dump_where inside = {.in = where, .key = key};
    const char *text = json_string_value(value);

    if (!vio__name_is_valid(key)) {
        json_t *name = json_string(key);

        vio__dump_complain(reader, where, VIO_ENAME, name, "labels with keys of " VIO_NAME_RULE);
        json_decref(name);
    } else if (!text || !vio__text_is_valid(text, VIO_LABEL_VALUE_MAX)) {
        vio__dump_complain(reader, &inside, VIO_ENAME, value,
                           "at most 127 bytes of UTF-8 without control characters");
    } else if (vio__labels_set(reader->alloc, labels, key, text, VIO_LABELS_MAX) != 0) {
        reader->status = VIO_ENOMEM;
    }
}

void vio__dump_read_labels(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                           const json_t *value, struct vio_labels *labels)
{
    const char *key;
    json_t *member;

    if (!json_is_object(value) || json_object_size(value) > VIO_LABELS_MAX) {
        vio__dump_complain(reader, where, json_is_object(value) ? VIO_ELIMIT : VIO_EPARSE, value,
                           "an object of at most 32 keys with texts");
        return;
    }
    json_object_foreach((json_t *)value, key, member)
    {
        read_label(reader, where, key, member, labels);
    }
}
