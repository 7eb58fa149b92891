/* SPDX-License-Identifier: MIT */
/* vioctl history: the change sets that were applied. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/vioctl/vioctl.h"

enum { PAGE = 1000 };

/* Which change sets are wanted, beside those of the filter, and those found. */
struct search {
    struct vio_history_filter *filter;
    const char *author; /* a part of it; NULL: any */
    uint64_t skip;      /* how many of the newest are left out */
    uint64_t before;    /* older than this, where it is not 0 */
    bool is_over;       /* neither open nor blocked */
    uint64_t most;
    json_t *rows;
};

static json_t *describe_first(const json_t *edits)
{
    const json_t *edit = json_array_get(edits, 0);
    size_t count = json_array_size(edits);

    if (edit == NULL)
        return json_null();
    const char *action = json_string_value(json_object_get(edit, "action"));
    const char *object = json_string_value(json_object_get(edit, "object"));
    const char *name = json_string_value(json_object_get(edit, "name"));
    if (count == 1)
        return json_sprintf("%s %s %s", action, object, name);
    return json_sprintf("%s %s %s and %d more", action, object, name, (int)count - 1);
}

static bool is_wanted(struct search *search, const struct vio_plan *plan)
{
    enum vio_plan_state state = vio_plan_state(plan);

    if (search->author != NULL && strstr(vio_plan_author(plan), search->author) == NULL)
        return false;
    if (search->skip > 0) {
        search->skip--;
        return false;
    }
    if (search->before != 0 && vio_plan_time(plan) >= search->before)
        return false;
    return !search->is_over || (state != VIO_PLAN_STATE_OPEN && state != VIO_PLAN_STATE_BLOCKED);
}

static int take_page(struct vioctl *ctl, struct search *search, size_t *ret_count)
{
    struct vio_req *req = NULL;
    int started = vio_history_list(session_store(ctl), search->filter, NULL, NULL, &req);
    int status = session_wait(ctl, started, req, "reading the history");
    const struct vio_history *page = vio_req_get_history(req);

    for (size_t at = 0; at < vio_history_count(page) && search->most > 0; at++) {
        const struct vio_plan *plan = vio_history_plan(page, at);

        vio_history_filter_set_before(search->filter, vio_plan_number(plan));
        if (is_wanted(search, plan)) {
            json_array_append_new(search->rows, plan_describe(plan));
            search->most--;
        }
    }
    *ret_count = vio_history_count(page);
    vio_req_unref(req);
    return status;
}

static int run_search(struct vioctl *ctl, struct search *search)
{
    size_t count = PAGE;
    int status = EXIT_DONE;

    vio_history_filter_set_limit(search->filter, PAGE);
    while (status == EXIT_DONE && count == PAGE && search->most > 0)
        status = take_page(ctl, search, &count);
    return status;
}

static int set_times(struct vio_history_filter *filter, const struct arguments *args)
{
    static const struct {
        const char *option;
        int (*set)(struct vio_history_filter *, uint64_t);
    } times[] = {{"--since", vio_history_filter_set_since},
                 {"--until", vio_history_filter_set_until}};

    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        const char *text = arguments_option(args, times[i].option + 2, 0);
        uint64_t time;

        if (text == NULL)
            continue;
        if (when_parse(times[i].option, text, &time) != EXIT_DONE)
            return EXIT_USAGE;
        times[i].set(filter, time);
    }
    return EXIT_DONE;
}

static int make_filter(const struct arguments *args, struct vio_history_filter **ret_filter)
{
    const char *object = arguments_option(args, "object", 0);
    const char *token = arguments_option(args, "token", 0);
    struct vio_history_filter *filter;
    struct vio_address uuid;

    if (vio_history_filter_new(&filter) != 0)
        return complain("out of memory");
    int status = set_times(filter, args);
    if (status == EXIT_DONE && vio_history_filter_set_object(filter, object) != 0)
        status = misuse("--object: '%.80s' is no name; names have at most 63 bytes", object);
    if (status == EXIT_DONE && token != NULL) {
        status = parse_uuid("--token", token, &uuid);
        if (status == EXIT_DONE)
            vio_history_filter_set_token(filter, &uuid);
    }
    if (status == EXIT_DONE)
        *ret_filter = filter;
    else
        vio_history_filter_free(filter);
    return status;
}

static int print_rows(struct vioctl *ctl, json_t *rows)
{
    static const struct column columns[] = {
        {"number", "NUMBER", SHOW_TEXT},   {"time", "TIME", SHOW_TEXT},
        {"state", "STATE", SHOW_TEXT},     {"first", "CHANGES", SHOW_TEXT},
        {"undoes", "UNDOES", SHOW_TEXT},   {"author", "AUTHOR", SHOW_TEXT},
        {"comment", "COMMENT", SHOW_TEXT}, {NULL, NULL, SHOW_TEXT},
    };
    size_t at;
    json_t *row;

    json_array_foreach(rows, at, row)
    {
        if (!session_settings(ctl)->json)
            json_object_set_new(row, "first", describe_first(json_object_get(row, "edits")));
    }
    return output_list(session_settings(ctl), rows, columns);
}

/* Searches, and shows what was found. */
static int run_list(struct vioctl *ctl, struct search *search)
{
    search->rows = json_array();
    int status = run_search(ctl, search);

    if (status == EXIT_DONE)
        status = print_rows(ctl, json_incref(search->rows));
    json_decref(search->rows);
    return status;
}

static int list(struct vioctl *ctl, const struct arguments *args)
{
    const char *limit = arguments_option(args, "limit", 0);
    struct search search = {.author = arguments_option(args, "author", 0), .most = 100};

    if (limit != NULL && parse_number("--limit", limit, 1, UINT32_MAX, &search.most) != EXIT_DONE)
        return EXIT_USAGE;
    int status = make_filter(args, &search.filter);
    if (status == EXIT_DONE)
        status = run_list(ctl, &search);
    vio_history_filter_free(search.filter);
    return status;
}

struct vio_plan *history_find(struct vioctl *ctl, uint64_t number)
{
    struct vio_history_filter *filter;
    struct vio_req *req = NULL;
    struct vio_plan *plan = NULL;

    if (vio_history_filter_new(&filter) != 0)
        return NULL;
    vio_history_filter_set_before(filter, number + 1);
    vio_history_filter_set_limit(filter, 1);
    int started = vio_history_list(session_store(ctl), filter, NULL, NULL, &req);
    if (session_wait(ctl, started, req, "reading the history") == EXIT_DONE) {
        plan = vio_history_plan(vio_req_get_history(req), 0);
        if (vio_plan_number(plan) == number)
            vio_plan_ref(plan);
        else
            plan = NULL;
        if (plan == NULL)
            complain("there is no change set %" PRIu64 "; 'vioctl history list' shows those there "
                     "are",
                     number);
    }
    vio_req_unref(req);
    vio_history_filter_free(filter);
    return plan;
}

static int show(struct vioctl *ctl, const struct arguments *args)
{
    static const struct column columns[] = {
        {"number", "Number", SHOW_TEXT},   {"time", "Time", SHOW_TEXT},
        {"author", "Author", SHOW_TEXT},   {"comment", "Comment", SHOW_TEXT},
        {"token", "Token", SHOW_TEXT},     {"state", "State", SHOW_TEXT},
        {"message", "Message", SHOW_TEXT}, {"undoes", "Undoes", SHOW_TEXT},
        {NULL, NULL, SHOW_TEXT},
    };
    const struct settings *settings = session_settings(ctl);
    uint64_t number;
    int status = parse_number("NUMBER", arguments_operand(args, 0), 1, INT64_MAX, &number);

    if (status != EXIT_DONE)
        return status;
    struct vio_plan *plan = history_find(ctl, number);
    if (plan == NULL)
        return EXIT_REFUSED;
    status = output_object(settings, plan_describe(plan), columns);
    if (status == EXIT_DONE && !settings->json) {
        putchar('\n');
        status = plan_print(settings, plan);
    }
    vio_plan_unref(plan);
    return status;
}

/* Shows what it forgets. */
static int prune(struct vioctl *ctl, const struct arguments *args)
{
    const char *keep = arguments_option(args, "keep", 0);
    const char *before = arguments_option(args, "before", 0);
    struct search search = {.is_over = true, .most = UINT64_MAX};

    if (keep == NULL && before == NULL)
        return misuse("prune: what is to be forgotten? give --before TIME, --keep N or both");
    if (keep != NULL && parse_number("--keep", keep, 0, UINT32_MAX, &search.skip) != EXIT_DONE)
        return EXIT_USAGE;
    if (before != NULL && when_parse("--before", before, &search.before) != EXIT_DONE)
        return EXIT_USAGE;
    uint64_t kept = search.skip;
    if (vio_history_filter_new(&search.filter) != 0)
        return complain("out of memory");
    int status = run_list(ctl, &search);
    vio_history_filter_free(search.filter);
    if (status == EXIT_DONE && !session_is_dry_run(ctl)) {
        struct vio_req *req = NULL;
        int started =
            vio_history_prune(session_store(ctl), search.before, (size_t)kept, NULL, NULL, &req);

        status = session_wait(ctl, started, req, "forgetting");
        vio_req_unref(req);
    }
    return status;
}

static const struct option list_history_options[] = {
    {"object", "NAME", "only those that changed this vAdapter, pool or identity"},
    {"since", "TIME", "only those from then on: 2026-11-23T18:00Z, or how long ago, such as 2h"},
    {"until", "TIME", "only those before then"},
    {"author", "TEXT", "only those whose author has this in his name"},
    {"token", "UUID", "only the one with this token"},
    {"limit", "N", "the N newest of them (default 100)"},
    {NULL, NULL, NULL},
};

static const struct option prune_options[] = {
    {"before", "TIME", "those older than this: 2026-11-23T18:00Z, or how long ago, such as 90d"},
    {"keep", "N", "but the N newest"},
    {"dry-run", NULL, "show what would be forgotten"},
    {NULL, NULL, NULL},
};

const struct command history_commands[] = {
    {"history", "list", "", "lists the change sets that were applied, the newest first",
     NEEDS_STORE, list_history_options, .run = list},
    {"history", "show", "NUMBER", "shows what a change set changed and did", NEEDS_STORE, NULL,
     .run = show},
    {"history", "prune", "", "forgets old change sets, and shows which", NEEDS_STORE_WRITE,
     prune_options, .run = prune},
    {.noun = NULL},
};
