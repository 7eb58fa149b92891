/* SPDX-License-Identifier: MIT */
/* vioctl store export, import and diff: the content of a store as a document. */
#include <stdlib.h>

#include "tools/vioctl/vioctl.h"

#define MOST_BYTES ((size_t)1 << 31) /* as libvio reads */

static int complain_document(const char *name, const struct vio_dump *dump)
{
    for (size_t at = 0; at < vio_dump_num_problems(dump); at++) {
        const char *path = vio_dump_problem_path(dump, at);

        complain("%s: %s%s%s (%s)", name, path, *path != '\0' ? ": " : "",
                 vio_dump_problem_text(dump, at), vio_error_name(vio_dump_problem_code(dump, at)));
    }
    return EXIT_REFUSED;
}

static int read_dump(const char *name, struct vio_dump **ret_dump)
{
    struct vio_dump *dump;
    char *text;
    size_t size;
    int status = file_read(name, MOST_BYTES, &text, &size);

    if (status != EXIT_DONE)
        return status;
    int error = vio_dump_parse(text, size, &dump);
    free(text);
    if (error != 0)
        return complain("%s: %s (%s)", name, vio_strerror(error), vio_error_name(error));
    if (vio_dump_status(dump) == 0) {
        *ret_dump = dump;
        return EXIT_DONE;
    }
    status = complain_document(name, dump);
    vio_dump_unref(dump);
    return status;
}

static int export_store(struct vioctl *ctl, const struct arguments *args)
{
    struct vio_req *req = NULL;
    int started = vio_store_dump(session_store(ctl), NULL, NULL, &req);
    int status = session_wait(ctl, started, req, "export");

    if (status == EXIT_DONE) {
        size_t size;
        const char *text = vio_dump_text(vio_req_get_dump(req), &size);

        status = file_write(arguments_operand(args, 0), text, size);
    }
    vio_req_unref(req);
    return status;
}

static int import_store(struct vioctl *ctl, const struct arguments *args)
{
    struct vio_dump *dump = NULL;
    struct vio_req *req = NULL;
    int status = read_dump(arguments_operand(args, 0), &dump);

    if (status != EXIT_DONE)
        return status;
    int started =
        vio_store_load(session_store(ctl), dump, session_is_dry_run(ctl), NULL, NULL, &req);
    status = change_report(ctl, started, req, "import");
    vio_req_unref(req);
    vio_dump_unref(dump);
    return status;
}

static json_t *describe_differences(const struct vio_dump_differences *differences)
{
    json_t *rows = json_array();

    for (size_t at = 0; at < vio_dump_differences_count(differences); at++)
        json_array_append_new(rows, json_pack("{s:s, s:s, s:s?, s:s?, s:s?}", "object",
                                              vio_dump_differences_noun(differences, at), "name",
                                              vio_dump_differences_name(differences, at), "field",
                                              vio_dump_differences_field(differences, at), "before",
                                              vio_dump_differences_before(differences, at), "after",
                                              vio_dump_differences_after(differences, at)));
    return rows;
}

static int show_differences(const struct settings *settings, const struct vio_dump *before,
                            const struct vio_dump *after)
{
    static const struct column columns[] = {
        {"object", "OBJECT", SHOW_TEXT}, {"name", "NAME", SHOW_TEXT},
        {"field", "FIELD", SHOW_TEXT},   {"before", "BEFORE", SHOW_TEXT},
        {"after", "AFTER", SHOW_TEXT},   {NULL, NULL, SHOW_TEXT},
    };
    struct vio_dump_differences *differences;
    int error = vio_dump_diff(before, after, &differences);

    if (error != 0)
        return complain("%s", vio_strerror(error));
    bool differ = vio_dump_differences_count(differences) > 0;
    int status = EXIT_DONE;
    if (differ || settings->json)
        status = output_list(settings, describe_differences(differences), columns);
    vio_dump_differences_unref(differences);
    return status == EXIT_DONE && differ ? EXIT_DIFFERENT : status;
}

static int diff(struct vioctl *ctl, const struct arguments *args)
{
    struct vio_dump *before = NULL, *after = NULL;
    int status = read_dump(arguments_operand(args, 0), &before);

    if (status == EXIT_DONE)
        status = read_dump(arguments_operand(args, 1), &after);
    if (status == EXIT_DONE)
        status = show_differences(session_settings(ctl), before, after);
    vio_dump_unref(before);
    vio_dump_unref(after);
    return status;
}

#define EXPORT "FILE", "writes what the store keeps, but its history, as JSON", NEEDS_STORE, NULL
#define IMPORT \
    "FILE", "makes what an export has, and leaves all else", NEEDS_STORE_WRITE, dry_run_options

const struct command dump_commands[] = {
    {"store", "export", EXPORT, .run = export_store},
    {"store", "import", IMPORT, .run = import_store},
    {"store", "diff", "FILE FILE", "compares two exports; exits with 3 where they differ",
     NEEDS_NOTHING, NULL, .run = diff},
    {"export", NULL, EXPORT, .run = export_store},
    {"import", NULL, IMPORT, .run = import_store},
    {.noun = NULL},
};
