/* SPDX-License-Identifier: MIT */
/* vioctl identity: what became of each MAC, WWN and UUID. */
#include <string.h>

#include "tools/vioctl/vioctl.h"

enum { PAGE = 10000 };

static json_t *describe_identity(const struct vio_identity *identity)
{
    struct vio_address address, owner;

    return json_pack(
        "{s:o, s:s, s:s, s:s, s:o, s:s, s:o}", "address",
        vio_identity_address(identity, &address) == 0 ? describe_address(&address) : json_null(),
        "state", vio_identity_state_name(vio_identity_state(identity)), "pool",
        vio_identity_pool(identity), "owner", vio_identity_owner(identity), "owner_uuid",
        vio_identity_owner_uuid(identity, &owner) == 0 ? describe_address(&owner) : json_null(),
        "previous_owner", vio_identity_previous_owner(identity), "until",
        when_describe(vio_identity_until(identity)));
}

static const struct column show_columns[] = {
    {"address", "Address", SHOW_TEXT},
    {"state", "State", SHOW_TEXT},
    {"pool", "Pool", SHOW_TEXT},
    {"owner", "Owner", SHOW_TEXT},
    {"owner_uuid", "UUID of the owner", SHOW_TEXT},
    {"previous_owner", "Previous owner", SHOW_TEXT},
    {"until", "In quarantine until", SHOW_TEXT},
    {NULL, NULL, SHOW_TEXT},
};

static json_t *find(struct vioctl *ctl, const struct vio_address *address)
{
    struct vio_req *req = NULL;
    json_t *value = NULL;
    int started = vio_identity_find(session_store(ctl), address, NULL, NULL, &req);

    if (session_wait(ctl, started, req, NULL) == EXIT_DONE)
        value = describe_identity(vio_req_get_identity(req));
    vio_req_unref(req);
    return value;
}

static json_t *read_identity(struct vioctl *ctl, const char *text)
{
    struct vio_address address;

    if (vio_address_parse(text, VIO_ADDRESS_UNKNOWN, &address) != 0)
        return NULL;
    return find(ctl, &address);
}

static const struct object_view identity_view = {read_identity, show_columns};

static int show(struct vioctl *ctl, const struct arguments *args)
{
    struct vio_address address;
    int status = parse_identity("ADDRESS", arguments_operand(args, 0), &address);

    if (status != EXIT_DONE)
        return status;
    json_t *value = find(ctl, &address);
    return value != NULL ? output_object(session_settings(ctl), value, show_columns) : EXIT_REFUSED;
}

/* All pages of one pool. */
static int append_pool(struct vioctl *ctl, const char *pool, enum vio_identity_state state,
                       json_t *rows)
{
    struct vio_address after;
    size_t count = PAGE;
    int status = EXIT_DONE;

    for (bool first = true; status == EXIT_DONE && count == PAGE; first = false) {
        struct vio_req *req = NULL;
        int started = vio_identity_list(session_store(ctl), pool, state, first ? NULL : &after,
                                        PAGE, NULL, NULL, &req);

        status = session_wait(ctl, started, req, pool);
        const struct vio_identity_page *page = vio_req_get_identity_page(req);
        count = vio_identity_page_count(page);
        for (size_t at = 0; at < count; at++)
            json_array_append_new(rows, describe_identity(vio_identity_page_at(page, at)));
        if (count > 0)
            vio_identity_address(vio_identity_page_at(page, count - 1), &after);
        vio_req_unref(req);
    }
    return status;
}

static int append_all(struct vioctl *ctl, enum vio_identity_state state, json_t *rows)
{
    struct vio_catalog *catalog = session_read_store(ctl);
    int status = catalog != NULL ? EXIT_DONE : EXIT_REFUSED;

    for (size_t at = 0; status == EXIT_DONE && at < vio_catalog_num_pools(catalog); at++)
        status = append_pool(ctl, vio_pool_name(vio_catalog_pool(catalog, at)), state, rows);
    vio_catalog_unref(catalog);
    return status;
}

static int parse_state(const char *text, enum vio_identity_state *ret_state)
{
    for (int state = VIO_IDENTITY_RESERVED; state <= VIO_IDENTITY_EXTERNAL; state++) {
        if (strcmp(text, vio_identity_state_name((enum vio_identity_state)state)) == 0) {
            *ret_state = (enum vio_identity_state)state;
            return EXIT_DONE;
        }
    }
    return misuse("--state: '%.80s' is none that can be listed; there are reserved, assigned, "
                  "quarantined, excluded and external",
                  text);
}

static int list(struct vioctl *ctl, const struct arguments *args)
{
    static const struct column columns[] = {
        {"address", "ADDRESS", SHOW_TEXT},
        {"state", "STATE", SHOW_TEXT},
        {"pool", "POOL", SHOW_TEXT},
        {"owner", "OWNER", SHOW_TEXT},
        {"previous_owner", "PREVIOUS OWNER", SHOW_TEXT},
        {"until", "UNTIL", SHOW_TEXT},
        {NULL, NULL, SHOW_TEXT},
    };
    const char *pool = arguments_operand(args, 0);
    const char *text = arguments_option(args, "state", 0);
    enum vio_identity_state state = VIO_IDENTITY_UNKNOWN;
    int status = text != NULL ? parse_state(text, &state) : EXIT_DONE;
    json_t *rows = json_array();

    if (status == EXIT_DONE && pool != NULL)
        status = append_pool(ctl, pool, state, rows);
    else if (status == EXIT_DONE)
        status = append_all(ctl, state, rows);
    if (status == EXIT_DONE)
        return output_list(session_settings(ctl), rows, columns);
    json_decref(rows);
    return status;
}

static int reserve(struct vioctl *ctl, const struct arguments *args, struct vio_changeset *set)
{
    const char *text = arguments_operand(args, 0);
    const char *pool = arguments_option(args, "pool", 0);
    const char *owner = arguments_option(args, "owner", 0);
    struct vio_address address;

    (void)ctl;
    if ((text == NULL) == (pool == NULL))
        return misuse("reserve: which one? give either its ADDRESS, or --pool NAME to draw one");
    if (owner == NULL)
        return misuse("reserve: for whom? give --owner TEXT");
    if (text != NULL && parse_identity("ADDRESS", text, &address) != EXIT_DONE)
        return EXIT_USAGE;
    return change_added(vio_changeset_reserve(set, pool, text != NULL ? &address : NULL, owner));
}

static int release(struct vioctl *ctl, const struct arguments *args, struct vio_changeset *set)
{
    struct vio_address address;
    int status = parse_identity("ADDRESS", arguments_operand(args, 0), &address);

    (void)ctl;
    return status == EXIT_DONE ? change_added(vio_changeset_release(set, &address)) : status;
}

static const struct option list_identities_options[] = {
    {"state", "STATE", "only reserved, assigned, quarantined, excluded or external ones"},
    {NULL, NULL, NULL},
};

static const struct option reserve_options[] = {
    {"pool", "NAME", "the pool from which one is drawn, in place of ADDRESS"},
    {"owner", "TEXT", "who wants it (required); as the name of a vAdapter, that one may have it"},
    {NULL, NULL, NULL},
};

#define CHANGE(verb, operands, summary, options, edit)                               \
    {                                                                                \
        "identity", verb, operands, summary, NEEDS_STORE_WRITE, options, NULL, edit, \
            &identity_view                                                           \
    }

const struct command identity_commands[] = {
    {"identity", "list", "[POOL]", "lists identities that are not free", NEEDS_STORE,
     list_identities_options, .run = list},
    {"identity", "show", "ADDRESS", "shows whose an identity is", NEEDS_STORE, NULL, .run = show},
    CHANGE("reserve", "[ADDRESS]", "keeps an identity", reserve_options, reserve),
    CHANGE("release", "ADDRESS", "gives a kept identity up, or ends its quarantine", NULL, release),
    {.noun = NULL},
};
