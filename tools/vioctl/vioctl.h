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

/* What has to be open for a verb. */
enum needs {
    NEEDS_NOTHING = 0,
    NEEDS_STORE = 1,         /* for reading */
    NEEDS_STORE_WRITE = 2,   /* for writing */
    NEEDS_CHASSIS = 3,       /* with its store, both for reading */
    NEEDS_CHASSIS_WRITE = 4, /* as the chassis' owner, with its store for writing */
};

/* An option of a verb: --name, with a value where `value` says what it is. */
struct option {
    const char *name;
    const char *value;
    const char *text;
};

struct arguments;
struct vio_changeset;
struct vioctl;

typedef int (*command_run)(struct vioctl *ctl, const struct arguments *args);
/* Adds what the verb is to change to a change set, which is then planned or applied. */
typedef int (*command_edit)(struct vioctl *ctl, const struct arguments *args,
                            struct vio_changeset *set);

struct command {
    const char *noun;
    const char *verb;     /* NULL: the noun stands alone, as in "vioctl drift" */
    const char *operands; /* "NAME", "NAME [VALUE]", "[PATTERN]", "NAME..." or "" */
    const char *summary;
    enum needs needs;
    const struct option *options; /* ends with a NULL name; NULL: none */
    command_run run;
    command_edit edit; /* in place of run */
};

/* Each noun's commands, ended by a NULL noun. */
extern const struct command chassis_commands[];
extern const struct command server_commands[];
extern const struct command port_commands[];
extern const struct command adapter_commands[];
extern const struct command function_commands[];
extern const struct command vadapter_commands[];
extern const struct command event_commands[];
extern const struct command reg_commands[];

/* commands.c: all of them. */
enum { COMMAND_NAME = 64 };
const struct command *commands_at(size_t at); /* NULL beyond the last */
const struct command *commands_find(const char *noun, const char *verb);
bool commands_have(const char *noun);
int commands_complain(const char *noun, const char *verb); /* EXIT_USAGE; lists what there is */
const char *commands_name(const struct command *command, char *buf, size_t size);

/* help.c */
void help_print_overview(const char *noun); /* NULL: of all */
void help_print_command(const struct command *command);

/* arguments.c */
extern const struct option program_options[];
extern const struct option change_options[]; /* of each verb with an edit */

struct settings {
    const char *uri;
    const char *store;
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

/* words.c: splits a line as a shell does: blanks, quotes, backslashes, # for a comment; in place.
 * Returns EXIT_DONE, or EXIT_USAGE after a line. */
int words_split(char *line, char **words, size_t most, size_t *ret_count);

/* when.c: points in time in ns since 1970, UTC. Each parser as in parse.c. */
int when_parse(const char *option, const char *text, uint64_t *ret_time);
int when_parse_duration(const char *option, const char *text, uint64_t *ret_seconds);
json_t *when_describe(uint64_t time); /* null for 0 */

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
