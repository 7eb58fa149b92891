/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/vioctl/vioctl.h"

#define MOST_OPERANDS 64
#define MOST_OPTIONS  64

struct arguments {
    const char *operand[MOST_OPERANDS];
    size_t operands;
    struct {
        const char *name;
        const char *value;
    } option[MOST_OPTIONS];
    size_t options;
};

const struct option program_options[] = {
    {"chassis", "URI", "the chassis: sim:, sim:FILE.yaml, vfio-user:SOCKET (default: VIO_CHASSIS)"},
    {"store", "STORE", "where vAdapters live: sqlite:FILE, memory: (default: VIO_STORE)"},
    {"output", "FORMAT", "table (default) or json"},
    {"wait", "SECONDS", "how long to wait for a live owner to leave (default 5)"},
    {"take-over", NULL, "take the chassis over from a live owner, which is fenced"},
    {"timeout", "SECONDS", "how long the whole command may take (default 60)"},
    {"help", NULL, "show help; behind a noun or verb, that one's"},
    {"version", NULL, "show the version"},
    {NULL, NULL, NULL},
};

const struct option change_options[] = {
    {"dry-run", NULL, "show the plan and change nothing"},
    {"token", "UUID", "applied once only: the same token again gets the first outcome"},
    {"comment", "TEXT", "kept in the history"},
    {NULL, NULL, NULL},
};

const struct option dry_run_options[] = {
    {"dry-run", NULL, "show the plan and change nothing"},
    {NULL, NULL, NULL},
};

static const struct {
    char letter;
    const char *name;
} letters[] = {{'c', "chassis"}, {'s', "store"}, {'o', "output"}, {'h', "help"}, {'V', "version"}};

static const struct option *find_option(const struct option *options, const char *name,
                                        size_t length)
{
    for (; options != NULL && options->name != NULL; options++)
        if (strlen(options->name) == length && strncmp(options->name, name, length) == 0)
            return options;
    return NULL;
}

static int seconds(const char *option, const char *text, uint32_t *ret_ms)
{
    uint64_t value;
    int status = parse_number(option, text, 0, 3600, &value);

    if (status == EXIT_DONE)
        *ret_ms = (uint32_t)(value * 1000);
    return status;
}

static int set_program_option(struct settings *settings, const char *name, const char *value)
{
    if (strcmp(name, "chassis") == 0) {
        settings->uri = value;
    } else if (strcmp(name, "store") == 0) {
        settings->store = value;
    } else if (strcmp(name, "output") == 0) {
        settings->json = strcmp(value, "json") == 0;
        if (!settings->json && strcmp(value, "table") != 0)
            return misuse("--output: there is no format '%s'; there are table and json", value);
    } else if (strcmp(name, "wait") == 0) {
        return seconds("--wait", value, &settings->wait_ms);
    } else if (strcmp(name, "timeout") == 0) {
        return seconds("--timeout", value, &settings->timeout_ms);
    } else if (strcmp(name, "take-over") == 0) {
        settings->take_over = true;
    } else if (strcmp(name, "help") == 0) {
        settings->help = true;
    } else {
        settings->version = true;
    }
    return EXIT_DONE;
}

/* What the walk along the command line knows so far. */
struct walk {
    int argc, at;
    char **argv;
    const char *noun;
    const struct command *command;
    struct settings *settings;
    struct arguments *args;
};

static int take_option(struct walk *walk, const struct option *option, bool of_verb,
                       const char *value)
{
    struct arguments *args = walk->args;

    if (option->value == NULL && value != NULL)
        return misuse("--%s takes no value", option->name);
    if (option->value != NULL && value == NULL) {
        if (walk->at + 1 >= walk->argc)
            return misuse("--%s wants %s: %s", option->name, option->value, option->text);
        value = walk->argv[++walk->at];
    }
    if (!of_verb)
        return set_program_option(walk->settings, option->name, value);
    if (args->options == MOST_OPTIONS)
        return misuse("more than %d options", MOST_OPTIONS);
    args->option[args->options].name = option->name;
    args->option[args->options++].value = value != NULL ? value : "";
    return EXIT_DONE;
}

/* A noun alone, or with options behind it, lists. */
static void assume_list(struct walk *walk)
{
    if (walk->command == NULL && walk->noun != NULL)
        walk->command = commands_find(walk->noun, "list");
}

static int complain_option(const struct walk *walk, const char *text, size_t length)
{
    char name[COMMAND_NAME];

    if (walk->command == NULL)
        return misuse("there is no option --%.*s here; 'vioctl --help' lists those there are",
                      (int)length, text);
    commands_name(walk->command, name, sizeof name);
    return misuse("%s has no option --%.*s; 'vioctl %s --help' lists them", name, (int)length, text,
                  name);
}

static int take_long(struct walk *walk, const char *text)
{
    size_t length = strcspn(text, "=");
    const char *value = text[length] == '=' ? text + length + 1 : NULL;
    const struct option *option = find_option(program_options, text, length);

    if (option == NULL)
        assume_list(walk);
    if (walk->command != NULL) {
        const struct option *of_verb = find_option(walk->command->options, text, length);

        if (of_verb == NULL && walk->command->edit != NULL)
            of_verb = find_option(change_options, text, length);
        if (of_verb != NULL)
            return take_option(walk, of_verb, true, value);
    }
    if (option != NULL)
        return take_option(walk, option, false, value);
    return complain_option(walk, text, length);
}

static int take_short(struct walk *walk, const char *text)
{
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        const struct option *option;

        if (*text != letters[i].letter)
            continue;
        option = find_option(program_options, letters[i].name, strlen(letters[i].name));
        return take_option(walk, option, false, text[1] != '\0' ? text + 1 : NULL);
    }
    return misuse("there is no option -%s; 'vioctl --help' lists them", text);
}

static int take_word(struct walk *walk, const char *word)
{
    if (walk->noun == NULL) {
        walk->noun = word;
        walk->command = commands_find(word, NULL);
        return commands_have(word) ? EXIT_DONE : commands_complain(word, NULL);
    }
    if (walk->command == NULL) {
        walk->command = commands_find(walk->noun, word);
        return walk->command != NULL ? EXIT_DONE : commands_complain(walk->noun, word);
    }
    if (walk->args->operands == MOST_OPERANDS)
        return misuse("more than %d operands", MOST_OPERANDS);
    walk->args->operand[walk->args->operands++] = word;
    return EXIT_DONE;
}

static int check_operands(const struct command *command, const struct arguments *args)
{
    size_t least = 0, most = 0;
    const char *word = command->operands;
    char name[COMMAND_NAME];

    while (*word != '\0') {
        size_t length = strcspn(word, " ");

        most++;
        least += *word != '[';
        if (memchr(word, '.', length) != NULL)
            most = MOST_OPERANDS;
        word += length + (word[length] == ' ');
    }
    if (args->operands >= least && args->operands <= most)
        return EXIT_DONE;
    commands_name(command, name, sizeof name);
    return misuse("%s takes %s; usage: vioctl %s %s [OPTION]...", name,
                  *command->operands != '\0' ? command->operands : "no operand", name,
                  command->operands);
}

static int walk_line(struct walk *walk)
{
    bool only_words = false;

    for (walk->at = 1; walk->at < walk->argc; walk->at++) {
        const char *word = walk->argv[walk->at];
        int status;

        if (!only_words && strcmp(word, "--") == 0) {
            only_words = true;
            continue;
        }
        if (!only_words && strncmp(word, "--", 2) == 0)
            status = take_long(walk, word + 2);
        else if (!only_words && *word == '-' && word[1] != '\0')
            status = take_short(walk, word + 1);
        else
            status = take_word(walk, word);
        if (status != EXIT_DONE)
            return status;
    }
    return EXIT_DONE;
}

/* What the line lacks as a whole. */
static int check_line(struct walk *walk)
{
    if (walk->noun == NULL)
        return misuse("what is to be done? 'vioctl --help' lists nouns and verbs");
    assume_list(walk);
    if (walk->command == NULL)
        return commands_complain(walk->noun, NULL);
    return check_operands(walk->command, walk->args);
}

int arguments_parse(int argc, char **argv, struct settings *settings,
                    const struct command **ret_command, struct arguments **ret_args)
{
    struct arguments *args = calloc(1, sizeof *args);
    struct walk walk = {.argc = argc, .argv = argv, .settings = settings, .args = args};

    if (args == NULL)
        return complain("out of memory");
    int status = walk_line(&walk);
    if (status == EXIT_DONE && settings->help) {
        if (walk.command != NULL)
            help_print_command(walk.command);
        else
            help_print_overview(walk.noun);
    } else if (status == EXIT_DONE && !settings->version) {
        status = check_line(&walk);
    }
    if (status != EXIT_DONE || settings->help || settings->version) {
        free(args);
        args = NULL;
        walk.command = NULL;
    }
    *ret_command = walk.command;
    *ret_args = args;
    return status;
}

void arguments_free(struct arguments *args)
{
    free(args);
}

size_t arguments_count(const struct arguments *args)
{
    return args->operands;
}

const char *arguments_operand(const struct arguments *args, size_t at)
{
    return at < args->operands ? args->operand[at] : NULL;
}

bool arguments_have_any(const struct arguments *args, const struct option *options)
{
    for (; options->name != NULL; options++)
        if (strcmp(options->name, "generation") != 0 &&
            arguments_option(args, options->name, 0) != NULL)
            return true;
    return false;
}

const char *arguments_option(const struct arguments *args, const char *name, size_t at)
{
    for (size_t i = 0; i < args->options; i++)
        if (strcmp(args->option[i].name, name) == 0 && at-- == 0)
            return args->option[i].value;
    return NULL;
}
