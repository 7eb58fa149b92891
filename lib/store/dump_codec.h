/* SPDX-License-Identifier: MIT */
/*
 * Objects to JSON and back by tables of fields. A table serves both directions, so what is written
 * is what is read, and a key that is in no table is refused by its name. What is read comes from
 * outside: each value is bounded, and each complaint says where it is, what is there and what is
 * allowed.
 */
#ifndef VIO_LIB_STORE_DUMP_CODEC_H
#define VIO_LIB_STORE_DUMP_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include <libvio/address.h>

#include "lib/base/alloc.h"
#include "lib/base/uuid.h"
#include "lib/domain/labels.h"

/* How many problems are kept of one document; of the others only the number. */
#define VIO_DUMP_PROBLEMS_MAX 1000

struct vio_dump_problem {
    int code;
    char *path; /* "vadapters[3].vlan.mode"; "": the document itself */
    char *text; /* what is wrong and what is allowed */
};

struct vio_dump_problems {
    struct vio_dump_problem *problem;
    size_t count;
    size_t dropped;
};

/* A place in the document. */
struct vio_dump_where {
    const struct vio_dump_where *in; /* NULL: the document */
    const char *key;                 /* NULL: an element of an array */
    size_t index;
};

struct vio_dump_fields;
struct vio_dump_word;

struct vio_dump_reader {
    const struct vio_alloc *alloc;
    struct vio_dump_problems *problems;
    int status; /* VIO_ENOMEM, which sticks */
};

enum vio_dump_type {
    VIO_DUMP_NAME = 1,    /* char array: a name by the rules of lib/domain/name.h */
    VIO_DUMP_TEXT = 2,    /* char array: text that fits; "" is left out */
    VIO_DUMP_NUMBER = 3,  /* unsigned of 1, 2, 4 or 8 bytes, from `least` to `most` */
    VIO_DUMP_BOOLEAN = 4, /* bool */
    VIO_DUMP_WORD = 5,    /* enum, by `words` */
    VIO_DUMP_UUID = 6,    /* 16 bytes; nil is left out */
    VIO_DUMP_ADDRESS = 7, /* struct vio_address; kind 0 is left out */
    VIO_DUMP_OBJECT = 8,  /* struct, by `fields`; left out where all of them are */
    VIO_DUMP_STRING = 9,  /* char *: text of at most `most` bytes; NULL is left out */
    VIO_DUMP_LABELS = 10, /* struct vio_labels; none are left out */
    VIO_DUMP_OTHER = 11   /* anything, by `write` and `read` */
};

struct vio_dump_field {
    const char *key;
    enum vio_dump_type type;
    bool required;
    size_t offset, size;  /* of the member: VIO_DUMP_MEMBER() */
    uint64_t least, most; /* a number's bounds; a string's longest */
    uint64_t absent;      /* the number, boolean or word that is left out, if not required */
    const struct vio_dump_word *words;
    const struct vio_dump_fields *fields;
    /* Of the member, or of the whole object where there is none. A new value; json_null() for what
     * is left out; NULL without memory. */
    json_t *(*write)(const void *member);
    void (*read)(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                 const json_t *value, void *member);
};

struct vio_dump_fields {
    const struct vio_dump_field *field;
    size_t count;
};

#define VIO_DUMP_FIELDS(table)                    \
    {                                             \
        (table), sizeof(table) / sizeof(*(table)) \
    }
#define VIO_DUMP_MEMBER(type, member) \
    .offset = offsetof(type, member), .size = sizeof(((type *)0)->member)

/* A word and the value that it stands for; the last of a list has no word. */
struct vio_dump_word {
    const char *word;
    int value;
};

/* NULL without memory. An object without fields is written as json_null() where `optional`. */
json_t *vio__dump_write_fields(const struct vio_dump_fields *fields, const void *object,
                               bool optional);

/* Writes into an object that has the values of what is left out. */
void vio__dump_read_fields(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                           const json_t *value, const struct vio_dump_fields *fields, void *object);

/* `value` may be NULL, where nothing is there. Both texts are for people. */
void vio__dump_complain(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                        int code, const json_t *value, const char *allowed);
void vio__dump_problem(struct vio_dump_reader *reader, const struct vio_dump_where *where, int code,
                       const char *text);

/* Adds one last problem where some are not listed. */
void vio__dump_tell_dropped(struct vio_dump_reader *reader);

char *vio__dump_path(const struct vio_alloc *alloc, const struct vio_dump_where *where);
size_t vio__dump_num_problems(const struct vio_dump_reader *reader); /* until now */
void vio__dump_problems_clear(const struct vio_alloc *alloc, struct vio_dump_problems *problems);

/* -- Values. Each reader says whether it read one; else it has complained, and left *ret alone ---
 */

/* Numbers beyond 2^53 - 1 are decimal text in JSON, since many readers of JSON keep no more. */
json_t *vio__dump_write_number(uint64_t number);
bool vio__dump_read_number(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                           const json_t *value, uint64_t least, uint64_t most,
                           uint64_t *ret_number);

json_t *vio__dump_write_uuid(const uint8_t uuid[VIO_UUID_SIZE]); /* nil is left out */
bool vio__dump_read_uuid(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                         const json_t *value, uint8_t ret_uuid[VIO_UUID_SIZE]);

/* The kind is told by length and form. */
json_t *vio__dump_write_address(const struct vio_address *address); /* kind 0 is left out */
bool vio__dump_read_address(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                            const json_t *value, struct vio_address *ret_address);

json_t *vio__dump_write_word(const struct vio_dump_word *words, int value);
bool vio__dump_read_word(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                         const json_t *value, const struct vio_dump_word *words, int *ret_value);

/* Valid text of at most `most` bytes, or a name; NULL where it is not. "" is left out when written.
 * What is read lives as long as `value`. */
json_t *vio__dump_write_text(const char *text); /* NULL is "" */
const char *vio__dump_read_text(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                                const json_t *value, size_t most);
const char *vio__dump_read_name(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                                const json_t *value);

bool vio__dump_read_boolean(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                            const json_t *value, bool *ret_boolean);

json_t *vio__dump_write_labels(const struct vio_labels *labels); /* none are left out */
void vio__dump_read_labels(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                           const json_t *value, struct vio_labels *labels);

#endif
