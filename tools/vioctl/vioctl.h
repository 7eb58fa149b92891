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
    EXIT_DIFFERENT = 3, /* what was compared is not the same */
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

/* Of verbs that change an object which is there already; change.c looks at it. */
#define GENERATION_OPTION                                         \
    {                                                             \
        "generation", "N", "refused if its generation is another" \
    }

struct arguments;
struct vio_changeset;
struct vioctl;

typedef int (*command_run)(struct vioctl *ctl, const struct arguments *args);
/* Adds what the verb is to change to a change set, which is then planned or applied. */
typedef int (*command_edit)(struct vioctl *ctl, const struct arguments *args,
                            struct vio_changeset *set);

/* A column of a table; tables are made from the same JSON that is shown as such. */
struct column {
    const char *key;
    const char *title;
    enum { SHOW_TEXT, SHOW_RATE, SHOW_BYTES, SHOW_YES_NO, SHOW_LIST } form;
};

/* How the object of an edit is read back, NULL if it is not there any more, and shown. */
struct object_view {
    json_t *(*read)(struct vioctl *ctl, const char *name);
    const struct column *columns;
};

struct command {
    const char *noun;
    const char *verb;     /* NULL: the noun stands alone, as in "vioctl drift" */
    const char *operands; /* "NAME", "NAME [VALUE]", "[PATTERN]", "NAME..." or "" */
    const char *summary;
    enum needs needs;
    const struct option *options; /* ends with a NULL name; NULL: none */
    command_run run;
    command_edit edit;              /* in place of run */
    const struct object_view *view; /* with edit: of the object that was changed */
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
extern const struct command changeset_commands[];
extern const struct command pool_commands[];
extern const struct command identity_commands[];
extern const struct command store_commands[];
extern const struct command dump_commands[];
extern const struct command history_commands[];
extern const struct command drift_commands[];
extern const struct command undo_commands[];

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
extern const struct option change_options[];  /* of each verb with an edit */
extern const struct option dry_run_options[]; /* of others that change something */

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
/* Whether one of these options is given, beside --generation. */
bool arguments_have_any(const struct arguments *args, const struct option *options);
void arguments_free(struct arguments *args);
size_t arguments_count(const struct arguments *args);
const char *arguments_operand(const struct arguments *args, size_t at); /* NULL beyond the last */
/* Value of the option's occurrence number `at`, "" for one without a value; NULL: not given. */
const char *arguments_option(const struct arguments *args, const char *name, size_t at);

/* session.c: a context, a store, chassis, and requests waited for. */
int session_run(const struct settings *settings, const struct command *command,
                struct arguments *args);
/* Opens what is not open yet; of a chassis, that one is in use then. */
int session_need(struct vioctl *ctl, enum needs needs, const char *uri);
struct vio_chassis *session_chassis(struct vioctl *ctl);
struct vio_store *session_store(struct vioctl *ctl);
const struct settings *session_settings(const struct vioctl *ctl);
bool session_is_dry_run(const struct vioctl *ctl);
/* What a chassis lost is not re-created as soon as it is opened. */
void session_leave_lost(struct vioctl *ctl);
/*
 * Waits for a request that a call started with `started` and prints why it
 * failed, if it did; behind `what` where the message alone does not say whom it is about. Returns
 * EXIT_DONE or EXIT_REFUSED; the request stays with the caller.
 */
int session_wait(struct vioctl *ctl, int started, struct vio_req *req, const char *what);
/* The same in two: the request's status, or why it could not be started; and the words. */
int session_call(struct vioctl *ctl, int started, struct vio_req *req);
int session_complain(const struct vio_req *req, int status, const char *what); /* EXIT_REFUSED */
/* Waits without a deadline and a word. */
int session_end(int started, struct vio_req *req);
/* Observes the chassis; the inventory is the caller's to unref. NULL after a line on standard
 * error. */
struct vio_inventory *session_observe(struct vioctl *ctl);
/* The same of the store. */
struct vio_catalog *session_read_store(struct vioctl *ctl);
/* The server or adapter of that name; else a line that lists those there are, and NULL. */
struct vio_server *session_find_server(struct vio_inventory *inventory, const char *name);
struct vio_adapter *session_find_adapter(struct vio_inventory *inventory, const char *name);

/* change.c: edits of one line, or of several, planned or applied as one change set. */
struct change_line {
    const struct command *command;
    struct arguments *args;
    const char *uri;  /* of its chassis */
    const char *file; /* where it is, for errors; NULL: the command line */
    size_t number;
};

int change_run(struct vioctl *ctl, const struct arguments *options, const struct change_line *lines,
               size_t count);
/* Waits for a request that changes something, and shows its plan, or what refused it. */
int change_report(struct vioctl *ctl, int started, struct vio_req *req, const char *what);
/* What an edit ends with whose call returned `error`. */
int change_added(int error);

/* plan.c */
json_t *plan_describe(const struct vio_plan *plan);
/* As tables: what changes in the store, and the steps on chassis. */
int plan_print(const struct settings *settings, const struct vio_plan *plan);
/* Objects with "fields" as rows of a table, one for each field. */
json_t *plan_flatten(json_t *objects);

/* complain.c: one line on standard error, behind "FILE:NUMBER: " where one is set. */
void complain_about(const char *file, size_t number); /* NULL: the command line */
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
int parse_uuid(const char *option, const char *text, struct vio_address *ret_uuid);
int parse_identity(const char *option, const char *text, struct vio_address *ret_address);
/* FIRST-LAST, or one address for both. */
int parse_range(const char *option, const char *text, struct vio_address *ret_first,
                struct vio_address *ret_last);
int parse_kind(const char *option, const char *text, enum vio_vadapter_kind *ret_kind);

/* file.c: the whole of a file, or of standard input for "-", zero-terminated; the caller's to free.
 */
int file_read(const char *name, size_t most, char **ret_text, size_t *ret_size);
/* Makes or replaces a file, or writes to standard output for "-". */
int file_write(const char *name, const char *text, size_t size);

/* labels.c */
int labels_set(const struct arguments *args, void *spec,
               int (*set)(void *spec, const char *key, const char *value));

/* output.c: these take the reference of `value`; return EXIT_DONE or EXIT_REFUSED (out of memory,
 * write error). */
int output_list(const struct settings *settings, json_t *value, const struct column *columns);
int output_object(const struct settings *settings, json_t *value, const struct column *columns);
int output_json(json_t *value);
/* One object as one line, for streams; shown as text by the columns' values. */
int output_line(const struct settings *settings, json_t *value, const struct column *columns);
/* Writes text so that it cannot move the terminal's cursor. */
void output_text(const char *text, size_t *io_width);

/* list.c: the filter options of lists, and the walk through their pages. */
extern const struct option list_options[];
/* All objects of a noun, as described; NULL after a line on standard error. */
json_t *list_describe(struct vioctl *ctl, enum vio_noun noun, const struct vio_filter *filter,
                      json_t *(*describe)(struct vio_list *list, size_t at));
int list_run(struct vioctl *ctl, const struct arguments *args, enum vio_noun noun,
             json_t *(*describe)(struct vio_list *list, size_t at), const struct column *columns);

/* function.c: all functions in hardware; NULL after a line. */
json_t *function_list(struct vioctl *ctl);

/* history.c: the change set of that number; NULL after a line. The caller's to unref. */
struct vio_plan *history_find(struct vioctl *ctl, uint64_t number);

/* describe.c */
json_t *describe_address(const struct vio_address *address);
json_t *describe_bdf(uint32_t bdf);

#endif
