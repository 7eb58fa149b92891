/* SPDX-License-Identifier: MIT */
/* vioctl changeset: the edits of a file, a line each, as one change set. */
#include <stdlib.h>
#include <string.h>

#include "tools/vioctl/vioctl.h"

enum {
    MOST_LINES = 1024, /* as many edits as a change set takes */
    MOST_WORDS = 128,
    MOST_BYTES = 16 << 20,
};

struct script {
    const char *name;
    char *text; /* cut into lines and words, to which the lines' arguments point */
    struct change_line *lines;
    size_t count;
};

/* A line is an edit; of the program's options, it may name its chassis. */
static int check_line(const struct settings *whole, const struct settings *settings,
                      const struct command *command, const struct arguments *args)
{
    char name[COMMAND_NAME];

    if (command == NULL)
        return misuse("a line of a change set is an edit, such as 'vadapter attach NAME'");
    if (command->edit == NULL)
        return misuse("%s is no edit of a change set", commands_name(command, name, sizeof name));
    if (settings->json != whole->json || settings->take_over != whole->take_over ||
        settings->store != whole->store || settings->wait_ms != whole->wait_ms ||
        settings->timeout_ms != whole->timeout_ms)
        return misuse("of the program's options, a line of a change set takes -c alone");
    for (const struct option *o = change_options; o->name != NULL; o++)
        if (arguments_option(args, o->name, 0) != NULL)
            return misuse("--%s is for the whole change set", o->name);
    return EXIT_DONE;
}

static int take_line(struct script *script, const struct settings *whole, char *text, size_t number)
{
    struct settings settings = *whole;
    struct change_line *line = &script->lines[script->count];
    struct arguments *args = NULL;
    char *words[MOST_WORDS + 1] = {"vioctl"};
    size_t count = 0;
    int status = words_split(text, words + 1, MOST_WORDS, &count);

    if (status != EXIT_DONE || count == 0)
        return status;
    if (script->count == MOST_LINES)
        return misuse("more than %d edits", MOST_LINES);
    settings.help = settings.version = false;
    status = arguments_parse((int)count + 1, words, &settings, &line->command, &args);
    if (status == EXIT_DONE)
        status = check_line(whole, &settings, line->command, args);
    if (status != EXIT_DONE) {
        arguments_free(args);
        return status;
    }
    line->args = args;
    line->uri = settings.uri;
    line->file = script->name;
    line->number = number;
    script->count++;
    return EXIT_DONE;
}

static int take_lines(struct script *script, const struct settings *whole)
{
    char *text = script->text, *next;
    int status = EXIT_DONE;

    for (size_t number = 1; status == EXIT_DONE && text != NULL; number++, text = next) {
        next = strchr(text, '\n');
        if (next != NULL)
            *next++ = '\0';
        complain_about(script->name, number);
        status = take_line(script, whole, text, number);
    }
    complain_about(NULL, 0);
    if (status == EXIT_DONE && script->count == 0)
        return misuse("%s: there is no edit in it", script->name);
    return status;
}

static int run(struct vioctl *ctl, const struct arguments *args)
{
    struct script script = {.name = arguments_operand(args, 0)};
    size_t size;
    int status = file_read(script.name, MOST_BYTES, &script.text, &size);

    if (status == EXIT_DONE && strlen(script.text) != size)
        status = complain("%s: is no text", script.name);
    if (status != EXIT_DONE) {
        free(script.text);
        return status;
    }
    script.lines = calloc(MOST_LINES + 1, sizeof *script.lines);
    if (script.lines == NULL)
        status = complain("out of memory");
    if (status == EXIT_DONE)
        status = take_lines(&script, session_settings(ctl));
    if (status == EXIT_DONE)
        status = change_run(ctl, args, script.lines, script.count);
    while (script.count > 0)
        arguments_free(script.lines[--script.count].args);
    free(script.lines);
    free(script.text);
    return status;
}

const struct command changeset_commands[] = {
    {"changeset", NULL, "FILE", "makes the changes that FILE (or -) has on its lines, all or none",
     NEEDS_NOTHING, change_options, .run = run},
    {.noun = NULL},
};
