/* SPDX-License-Identifier: MIT */
#include "tests/crash/file.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "lib/store/codec.h"
#include "tests/crash/trouble.h"

struct reader {
    struct judge *judge;
    sqlite3 *file;
    struct sight *sight;
};

static void complain(struct reader *reader, const char *what)
{
    judge_complain(reader->judge, "the store's file: %s", what);
}

/* -- Rows -------------------------------------------------------------------------------------- */

static void read_vadapter(struct reader *reader, const void *body, size_t size)
{
    const struct vio_alloc alloc = vio__alloc_default();
    struct answer answer = {.report = REPORT_SEEN};
    struct thing *thing = &answer.thing;
    struct vio_vadapter_info *vadapter = NULL;

    if (vio__codec_vadapter(&alloc, body, size, &vadapter) != 0) {
        complain(reader, "a vAdapter cannot be read");
        return;
    }
    thing->noun = NOUN_VADAPTER;
    thing->exists = true;
    thing->kind = vadapter->kind;
    thing->enabled = vadapter->enabled;
    thing->vlan = vadapter->vlan.vlan;
    thing->size = vadapter->size;
    thing->address = vadapter->address;
    thing->node = vadapter->node_address;
    vio_address_from_bytes(VIO_ADDRESS_UUID, vadapter->uuid, sizeof vadapter->uuid, &thing->uuid);
    snprintf(thing->name, NAME_SIZE, "%s", vadapter->name);
    snprintf(thing->adapter, NAME_SIZE, "slot%u", vadapter->adapter + 1);
    if (vadapter->server != VIO_NO_INDEX)
        snprintf(thing->server, NAME_SIZE, "server%u", vadapter->server + 1);
    if (vadapter->description != NULL)
        snprintf(thing->text, NAME_SIZE, "%s", vadapter->description);
    vio__vadapter_unref(vadapter);
    sight_add(reader->sight, &answer);
}

static void read_hold(struct reader *reader, const void *body, size_t size)
{
    struct answer answer = {.report = REPORT_IDENTITY};
    struct vio_hold hold;

    if (vio__codec_hold(body, size, &hold) != 0) {
        complain(reader, "a hold cannot be read");
        return;
    }
    answer.state = hold.state;
    answer.thing.address = hold.address;
    snprintf(answer.thing.name, NAME_SIZE, "%s", hold.owner);
    sight_add(reader->sight, &answer);
}

static void read_rows(struct reader *reader)
{
    sqlite3_stmt *rows = NULL;

    if (sqlite3_prepare_v2(reader->file, "SELECT kind, body FROM object", -1, &rows, NULL) !=
        SQLITE_OK) {
        complain(reader, sqlite3_errmsg(reader->file));
        return;
    }
    while (sqlite3_step(rows) == SQLITE_ROW) {
        const void *body = sqlite3_column_blob(rows, 1);
        size_t size = (size_t)sqlite3_column_bytes(rows, 1);

        if (sqlite3_column_int(rows, 0) == VIO_ROW_VADAPTER)
            read_vadapter(reader, body, size);
        else if (sqlite3_column_int(rows, 0) == VIO_ROW_HOLD)
            read_hold(reader, body, size);
    }
    sqlite3_finalize(rows);
}

/* -- The file against the API ------------------------------------------------------------------ */

static void compare_vadapters(struct reader *reader, const struct sight *api)
{
    for (size_t i = 0; i < api->num_things; i++) {
        const struct thing *shown = &api->thing[i];
        struct thing kept = {.exists = false};
        const struct thing *found = sight_find(reader->sight, NOUN_VADAPTER, shown->name);
        const char *what;

        if (shown->noun != NOUN_VADAPTER)
            continue;
        if (found != NULL)
            kept = *found;
        kept.retired = shown->retired; /* the file has no word of its own for it */
        if (!thing_matches(shown, &kept, &what))
            judge_complain(reader->judge, "%s is another one in the file: %s", shown->name, what);
    }
    for (size_t i = 0; i < reader->sight->num_things; i++)
        if (reader->sight->thing[i].noun == NOUN_VADAPTER &&
            sight_find(api, NOUN_VADAPTER, reader->sight->thing[i].name) == NULL)
            judge_complain(reader->judge, "%s is in the file only", reader->sight->thing[i].name);
}

static bool has_owner(const struct sight *sight, const struct vio_address *address)
{
    for (size_t i = 0; i < sight->num_things; i++)
        if (sight->thing[i].noun == NOUN_VADAPTER &&
            (vio_address_equal(&sight->thing[i].address, address) ||
             vio_address_equal(&sight->thing[i].node, address)))
            return true;
    return false;
}

static const struct answer *find_identity(const struct sight *sight,
                                          const struct vio_address *address)
{
    for (size_t i = 0; i < sight->num_identities; i++)
        if (vio_address_equal(&sight->identity[i].thing.address, address))
            return &sight->identity[i];
    return NULL;
}

static void compare_holds(struct reader *reader, const struct sight *api)
{
    for (size_t i = 0; i < reader->sight->num_identities; i++) {
        const struct answer *hold = &reader->sight->identity[i];
        const struct answer *shown = find_identity(api, &hold->thing.address);
        char text[VIO_ADDRESS_TEXT_SIZE] = "";

        vio_address_format(&hold->thing.address, text, sizeof text);
        if (has_owner(reader->sight, &hold->thing.address))
            judge_complain(reader->judge, "%s is %s in the file, and a vAdapter has it", text,
                           vio_identity_state_name(hold->state));
        else if (shown == NULL || shown->state != hold->state)
            judge_complain(reader->judge, "%s is %s in the file only", text,
                           vio_identity_state_name(hold->state));
    }
    for (size_t i = 0; i < api->num_identities; i++) {
        const struct answer *shown = &api->identity[i];

        if ((shown->state == VIO_IDENTITY_RESERVED || shown->state == VIO_IDENTITY_QUARANTINED) &&
            find_identity(reader->sight, &shown->thing.address) == NULL)
            judge_complain(reader->judge, "an identity of %s is %s, but not in the file",
                           shown->thing.name, vio_identity_state_name(shown->state));
    }
}

/* -- The file itself --------------------------------------------------------------------------- */

/* The text that a query's first column gives, "" for none. */
static void ask(struct reader *reader, const char *query, char *text, size_t size)
{
    sqlite3_stmt *statement = NULL;
    const unsigned char *found = NULL;

    if (sqlite3_prepare_v2(reader->file, query, -1, &statement, NULL) != SQLITE_OK)
        complain(reader, sqlite3_errmsg(reader->file));
    else if (sqlite3_step(statement) == SQLITE_ROW)
        found = sqlite3_column_text(statement, 0);
    snprintf(text, size, "%s", found != NULL ? (const char *)found : "");
    sqlite3_finalize(statement);
}

static void judge_file(struct reader *reader)
{
    char text[200];

    ask(reader,
        "SELECT group_concat(id || ' in state ' || state) FROM change WHERE state IN (1, 4)", text,
        sizeof text);
    if (text[0] != '\0')
        judge_complain(reader->judge, "change sets are left: %s", text);
    ask(reader, "PRAGMA quick_check", text, sizeof text);
    if (strcmp(text, "ok") != 0)
        judge_complain(reader->judge, "the store's file is damaged: %s", text);
}

void file_judge(struct judge *judge, const char *path, const struct sight *api)
{
    static struct sight sight; /* large */
    struct reader reader = {.judge = judge, .sight = &sight};

    sight.through = "the file";
    sight.num_things = sight.num_identities = 0;
    if (sqlite3_open_v2(path, &reader.file, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK) {
        judge_file(&reader);
        read_rows(&reader);
        compare_vadapters(&reader, api);
        compare_holds(&reader, api);
    } else {
        complain(&reader, "it cannot be opened");
    }
    sqlite3_close(reader.file);
}
