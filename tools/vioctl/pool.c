/* SPDX-License-Identifier: MIT */
/* vioctl pool: the ranges from which identities are drawn. */
#include <stdio.h>

#include "tools/vioctl/pool.h"

/* A number that may be beyond what JSON's integers hold here. */
static json_t *describe_number(uint64_t number)
{
    return json_integer(number > INT64_MAX ? INT64_MAX : (json_int_t)number);
}

typedef size_t (*count_fn)(const struct vio_pool *pool);
typedef int (*range_fn)(const struct vio_pool *pool, size_t at, struct vio_address *ret_first,
                        struct vio_address *ret_last);

static json_t *describe_ranges(const struct vio_pool *pool, count_fn count, range_fn get)
{
    json_t *ranges = json_array();

    for (size_t at = 0; at < count(pool); at++) {
        struct vio_address first, last;

        if (get(pool, at, &first, &last) == 0)
            json_array_append_new(ranges, json_pack("{s:o, s:o}", "first", describe_address(&first),
                                                    "last", describe_address(&last)));
    }
    return ranges;
}

static json_t *describe_labels(const struct vio_pool *pool)
{
    json_t *labels = json_object();

    for (size_t at = 0; at < vio_pool_num_labels(pool); at++)
        json_object_set_new(labels, vio_pool_label_key(pool, at),
                            json_string(vio_pool_label_value(pool, at)));
    return labels;
}

static json_t *describe_pool(const struct vio_pool *pool)
{
    struct vio_address uuid;
    json_t *value = json_pack(
        "{s:s, s:o, s:s, s:s, s:I, s:o, s:o, s:o, s:o, s:s, s:o, s:I}", "name", vio_pool_name(pool),
        "uuid", vio_pool_uuid(pool, &uuid) == 0 ? describe_address(&uuid) : json_null(), "purpose",
        vio_pool_purpose_name(vio_pool_purpose(pool)), "order",
        vio_pool_order_name(vio_pool_order(pool)), "quarantine",
        (json_int_t)vio_pool_quarantine(pool), "ranges",
        describe_ranges(pool, vio_pool_num_ranges, vio_pool_range), "exclusions",
        describe_ranges(pool, vio_pool_num_exclusions, vio_pool_exclusion), "externals",
        describe_ranges(pool, vio_pool_num_externals, vio_pool_external), "size",
        describe_number(vio_pool_size(pool)), "description", vio_pool_description(pool), "labels",
        describe_labels(pool), "generation", (json_int_t)vio_pool_generation(pool));

    for (int state = VIO_IDENTITY_FREE; value != NULL && state <= VIO_IDENTITY_EXTERNAL; state++)
        json_object_set_new(value, vio_identity_state_name((enum vio_identity_state)state),
                            describe_number(vio_pool_count(pool, (enum vio_identity_state)state)));
    return value;
}

/* {"first": …, "last": …} as people give them. */
static json_t *join_ranges(const json_t *ranges)
{
    json_t *texts = json_array(), *range;
    size_t at;

    json_array_foreach(ranges, at, range)
    {
        const char *first = json_string_value(json_object_get(range, "first"));
        const char *last = json_string_value(json_object_get(range, "last"));

        json_array_append_new(texts, json_sprintf("%s-%s", first, last));
    }
    return texts;
}

static const struct column show_columns[] = {
    {"name", "Name", SHOW_TEXT},
    {"uuid", "UUID", SHOW_TEXT},
    {"purpose", "Purpose", SHOW_TEXT},
    {"order", "Order", SHOW_TEXT},
    {"quarantine", "Quarantine in s", SHOW_TEXT},
    {"ranges", "Ranges", SHOW_LIST},
    {"exclusions", "Excluded ranges", SHOW_LIST},
    {"externals", "External ranges", SHOW_LIST},
    {"size", "Identities", SHOW_TEXT},
    {"free", "Free", SHOW_TEXT},
    {"reserved", "Reserved", SHOW_TEXT},
    {"assigned", "Assigned", SHOW_TEXT},
    {"quarantined", "In quarantine", SHOW_TEXT},
    {"excluded", "Excluded", SHOW_TEXT},
    {"external", "External", SHOW_TEXT},
    {"description", "Description", SHOW_TEXT},
    {"labels", "Labels", SHOW_LIST},
    {"generation", "Generation", SHOW_TEXT},
    {NULL, NULL, SHOW_TEXT},
};

static json_t *read_pool(struct vioctl *ctl, const char *name)
{
    static const char *const ranges[] = {"ranges", "exclusions", "externals"};
    struct vio_catalog *catalog = session_read_store(ctl);
    const struct vio_pool *pool = vio_catalog_find_pool(catalog, name);
    json_t *value = pool != NULL ? describe_pool(pool) : NULL;

    if (value != NULL && !session_settings(ctl)->json) {
        for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
            json_object_set_new(value, ranges[i], join_ranges(json_object_get(value, ranges[i])));
    }
    vio_catalog_unref(catalog);
    return value;
}

static const struct object_view pool_view = {read_pool, show_columns};

static int list(struct vioctl *ctl, const struct arguments *args)
{
    static const struct column columns[] = {
        {"name", "NAME", SHOW_TEXT},
        {"purpose", "PURPOSE", SHOW_TEXT},
        {"order", "ORDER", SHOW_TEXT},
        {"size", "IDENTITIES", SHOW_TEXT},
        {"free", "FREE", SHOW_TEXT},
        {"reserved", "RESERVED", SHOW_TEXT},
        {"assigned", "ASSIGNED", SHOW_TEXT},
        {"quarantined", "IN QUARANTINE", SHOW_TEXT},
        {"excluded", "EXCLUDED", SHOW_TEXT},
        {"external", "EXTERNAL", SHOW_TEXT},
        {NULL, NULL, SHOW_TEXT},
    };
    struct vio_catalog *catalog = session_read_store(ctl);
    json_t *rows = json_array();

    (void)args;
    for (size_t at = 0; at < vio_catalog_num_pools(catalog); at++)
        json_array_append_new(rows, describe_pool(vio_catalog_pool(catalog, at)));
    int status = catalog != NULL ? output_list(session_settings(ctl), json_incref(rows), columns)
                                 : EXIT_REFUSED;
    json_decref(rows);
    vio_catalog_unref(catalog);
    return status;
}

static int show(struct vioctl *ctl, const struct arguments *args)
{
    const char *name = arguments_operand(args, 0);
    json_t *value = read_pool(ctl, name);

    if (value == NULL)
        return complain("there is no pool '%.63s'; 'vioctl pool list' shows those there are", name);
    return output_object(session_settings(ctl), value, show_columns);
}

static int remove_pool(struct vioctl *ctl, const struct arguments *args, struct vio_changeset *set)
{
    (void)ctl;
    return change_added(vio_changeset_remove_pool(set, arguments_operand(args, 0)));
}

static const struct option remove_options[] = {
    GENERATION_OPTION,
    {NULL, NULL, NULL},
};

#define CHANGE(verb, summary, options, edit)                                              \
    {                                                                                     \
        "pool", verb, "NAME", summary, NEEDS_STORE_WRITE, options, NULL, edit, &pool_view \
    }

const struct command pool_commands[] = {
    CHANGE("create", "creates a pool of identities", create_pool_options, create_pool),
    {"pool", "list", "", "lists the pools", NEEDS_STORE, NULL, .run = list},
    {"pool", "show", "NAME", "shows a pool", NEEDS_STORE, NULL, .run = show},
    CHANGE("set", "changes a pool", set_pool_options, set_pool),
    CHANGE("remove", "removes a pool of which nothing is in use", remove_options, remove_pool),
    {.noun = NULL},
};
