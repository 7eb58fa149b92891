/* SPDX-License-Identifier: MIT */
/* What the parts of vioctl share. It uses libvio's public API alone. */
#ifndef VIO_TOOLS_VIOCTL_H
#define VIO_TOOLS_VIOCTL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libvio/libvio.h>

enum {
    EXIT_DONE = 0,
    EXIT_REFUSED = 1,
    EXIT_USAGE = 2,
};

enum access {
    ACCESS_NONE = 0, /* needs no chassis */
    ACCESS_READ = 1,
    ACCESS_WRITE = 2, /* as the chassis' owner */
};

/* An option of a verb: --name, with a value where `value` says what it is. */
struct option {
    const char *name;
    const char *value;
    const char *text;
};

struct arguments;
struct vioctl;

struct command {
    const char *noun;
    const char *verb;
    const char *operands; /* "NAME", "NAME [VALUE]", "[PATTERN]", "NAME..." or "" */
    const char *summary;
    enum access access;
    const struct option *options; /* ends with a NULL name; NULL: none */
    int (*run)(struct vioctl *ctl, const struct arguments *args);
};

/* main.c: all commands, ended by a NULL noun; each noun's own table is in its file. */
extern const struct command chassis_commands[];
extern const struct command server_commands[];
extern const struct command port_commands[];
extern const struct command adapter_commands[];
extern const struct command function_commands[];
extern const struct command vadapter_commands[];
extern const struct command event_commands[];
extern const struct command reg_commands[];

/* arguments.c */
struct settings {
    const char *uri;
    bool json;
    bool take_over;
    bool help;
    bool version;
    uint32_t wait_ms;
    uint32_t timeout_ms;
};

/*
 * Splits the command line. Options of the program may stand anywhere, those of
 * a verb behind it. Returns EXIT_DONE, or EXIT_USAGE after a line on standard
 * error. *ret_command is NULL when only --help or --version was asked for.
 */
int arguments_parse(int argc, char **argv, struct settings *settings,
                    const struct command **ret_command, struct arguments **ret_args);
void arguments_free(struct arguments *args);
size_t arguments_count(const struct arguments *args);
const char *arguments_operand(const struct arguments *args, size_t at); /* NULL beyond the last */
bool arguments_have_options(const struct arguments *args);              /* of the verb */
/* Value of the option's occurrence number `at`, "" for one without a value; NULL: not given. */
const char *arguments_option(const struct arguments *args, const char *name, size_t at);
void arguments_print_help(const struct command *command);

/* session.c: a context, a chassis, and requests waited for. */
struct vio_ctx *session_ctx(struct vioctl *ctl);
struct vio_chassis *session_chassis(struct vioctl *ctl);
const struct settings *session_settings(const struct vioctl *ctl);
int session_run(const struct settings *settings, const struct command *command,
                const struct arguments *args);
/*
 * Waits for a request that a call started with `started` and prints why it
 * failed, if it did; behind `what` where the message alone does not say whom it is about. Returns
 * EXIT_DONE or EXIT_REFUSED; the request stays with the caller.
 */
int session_wait(struct vioctl *ctl, int started, struct vio_req *req, const char *what);
/* The same without a deadline and a word: the request's status, or why it could not be started. */
int session_end(int started, struct vio_req *req);
/* Observes the chassis; the inventory is the caller's to unref. NULL after a line on standard
 * error. */
struct vio_inventory *session_observe(struct vioctl *ctl);
/* The server or adapter of that name; else a line that lists those there are, and NULL. */
struct vio_server *session_find_server(struct vio_inventory *inventory, const char *name);
struct vio_adapter *session_find_adapter(struct vio_inventory *inventory, const char *name);

/* complain.c: one line on standard error. */
int complain(const char *format, ...) __attribute__((format(printf, 1, 2))); /* EXIT_REFUSED */
int misuse(const char *format, ...) __attribute__((format(printf, 1, 2)));   /* EXIT_USAGE */

/* parse.c: values that people type. Each returns EXIT_DONE, or EXIT_USAGE after a line. */
int parse_number(const char *option, const char *text, uint64_t least, uint64_t most,
                 uint64_t *ret_value);
int parse_size(const char *option, const char *text, uint64_t *ret_bytes);
int parse_kind(const char *option, const char *text, enum vio_vadapter_kind *ret_kind);

/* output.c: objects as JSON, or as tables made from the same JSON. */
struct column {
    const char *key;
    const char *title;
    enum { SHOW_TEXT, SHOW_RATE, SHOW_BYTES, SHOW_YES_NO, SHOW_LIST } form;
};

/* Both take the reference of `value`; return EXIT_DONE or EXIT_REFUSED (out of memory, write
 * error). */
int output_list(const struct settings *settings, json_t *value, const struct column *columns);
int output_object(const struct settings *settings, json_t *value, const struct column *columns);
/* One object as one line, for streams; shown as text by the columns' values. */
int output_line(const struct settings *settings, json_t *value, const struct column *columns);
/* Writes text so that it cannot move the terminal's cursor. */
void output_text(const char *text, size_t *io_width);

/* list.c: the filter options of lists, and the walk through their pages. */
extern const struct option list_options[];
int list_run(struct vioctl *ctl, const struct arguments *args, enum vio_noun noun,
             json_t *(*describe)(struct vio_list *list, size_t at), const struct column *columns);

/* describe.c */
json_t *describe_address(const struct vio_address *address);
json_t *describe_bdf(uint32_t bdf);

#endif
