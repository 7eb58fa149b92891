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

static const struct command *const nouns[] = {
    chassis_commands,  server_commands,   port_commands,  adapter_commands,
    function_commands, vadapter_commands, event_commands, reg_commands,
};

static const struct option program_options[] = {
    {"chassis", "URI", "the chassis: sim:, sim:FILE.yaml, vfio-user:SOCKET (default: VIO_CHASSIS)"},
    {"output", "FORMAT", "table (default) or json"},
    {"wait", "SECONDS", "how long to wait for a live owner to leave (default 5)"},
    {"take-over", NULL, "take the chassis over from a live owner, which is fenced"},
    {"timeout", "SECONDS", "how long the whole command may take (default 60)"},
    {"help", NULL, "show help; behind a noun or verb, that one's"},
    {"version", NULL, "show the version"},
    {NULL, NULL, NULL},
};

static const struct {
    char letter;
    const char *name;
} letters[] = {{'c', "chassis"}, {'o', "output"}, {'h', "help"}, {'V', "version"}};

static const struct option *find_option(const struct option *options, const char *name,
                                        size_t length)
{
    for (; options != NULL && options->name != NULL; options++)
        if (strlen(options->name) == length && strncmp(options->name, name, length) == 0)
            return options;
    return NULL;
}

static int find_command(const char *noun, const char *verb, const struct command **ret_command)
{
    const struct command *found = NULL;
    size_t used = 0;
    char there[256] = "";

    for (size_t n = 0; found == NULL && n < sizeof nouns / sizeof *nouns; n++) {
        if (strcmp(nouns[n]->noun, noun) == 0)
            found = nouns[n];
        else
            used += (size_t)snprintf(there + used, sizeof there - used, " %s", nouns[n]->noun);
    }
    if (found == NULL)
        return misuse("there is no noun '%s'; there are:%s", noun, there);
    if (verb == NULL)
        return misuse("%s: which verb? 'vioctl %s --help' lists them", noun, noun);
    used = 0;
    for (const struct command *c = found; c->noun != NULL; c++) {
        if (strcmp(c->verb, verb) == 0) {
            *ret_command = c;
            return EXIT_DONE;
        }
        used += (size_t)snprintf(there + used, sizeof there - used, " %s", c->verb);
    }
    return misuse("%s has no verb '%s'; there are:%s", noun, verb, there);
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

static int take_long(struct walk *walk, const char *text)
{
    const struct option *of_verb = walk->command != NULL ? walk->command->options : NULL;
    size_t length = strcspn(text, "=");
    const char *value = text[length] == '=' ? text + length + 1 : NULL;
    const struct option *option = find_option(of_verb, text, length);

    if (option != NULL)
        return take_option(walk, option, true, value);
    option = find_option(program_options, text, length);
    if (option != NULL)
        return take_option(walk, option, false, value);
    if (walk->command == NULL)
        return misuse("there is no option --%.*s; 'vioctl --help' lists them", (int)length, text);
    return misuse("%s %s has no option --%.*s; 'vioctl %s %s --help' lists them",
                  walk->command->noun, walk->command->verb, (int)length, text, walk->command->noun,
                  walk->command->verb);
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
        return EXIT_DONE;
    }
    if (walk->command == NULL)
        return find_command(walk->noun, word, &walk->command);
    if (walk->args->operands == MOST_OPERANDS)
        return misuse("more than %d operands", MOST_OPERANDS);
    walk->args->operand[walk->args->operands++] = word;
    return EXIT_DONE;
}

static int check_operands(const struct command *command, const struct arguments *args)
{
    size_t least = 0, most = 0;
    const char *word = command->operands;

    while (*word != '\0') {
        size_t length = strcspn(word, " ");

        most++;
        least += *word != '[';
        if (memchr(word, '.', length) != NULL)
            most = MOST_OPERANDS;
        word += length + (word[length] == ' ');
    }
    if (args->operands < least || args->operands > most)
        return misuse("%s %s takes %s; usage: vioctl %s %s %s [OPTION]...", command->noun,
                      command->verb, *command->operands != '\0' ? command->operands : "no operand",
                      command->noun, command->verb, command->operands);
    return EXIT_DONE;
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

static void print_verbs(const struct command *commands, const char *only)
{
    for (const struct command *c = commands; c->noun != NULL; c++) {
        char usage[80];

        if (only != NULL && strcmp(c->noun, only) != 0)
            continue;
        snprintf(usage, sizeof usage, "%s %s %s", c->noun, c->verb, c->operands);
        printf("  %-36s %s\n", usage, c->summary);
    }
}

static void print_options(const struct option *options)
{
    for (; options != NULL && options->name != NULL; options++) {
        char usage[80];

        snprintf(usage, sizeof usage, "--%s%s%s", options->name, options->value != NULL ? " " : "",
                 options->value != NULL ? options->value : "");
        printf("  %-24s %s\n", usage, options->text);
    }
}

static void print_overview(const char *noun)
{
    printf("Usage: vioctl [-c URI] [-o FORMAT] %s VERB ...\n\n", noun != NULL ? noun : "NOUN");
    for (size_t n = 0; n < sizeof nouns / sizeof *nouns; n++)
        print_verbs(nouns[n], noun);
    puts("\nOptions (-c, -o, -h and -V are short for the first letters):");
    print_options(program_options);
    puts("\nExit status: 0 done, 1 refused or failed, 2 wrong usage.");
}

void arguments_print_help(const struct command *command)
{
    printf("Usage: vioctl [-c URI] [-o FORMAT] %s %s %s [OPTION]...\n\n%s\n", command->noun,
           command->verb, command->operands, command->summary);
    if (command->options != NULL && command->options->name != NULL) {
        puts("\nOptions:");
        print_options(command->options);
    }
    puts("\nOptions of every command:");
    print_options(program_options);
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
            arguments_print_help(walk.command);
        else
            print_overview(walk.noun);
    } else if (status == EXIT_DONE && !settings->version) {
        if (walk.noun == NULL)
            status = misuse("what is to be done? 'vioctl --help' lists nouns and verbs");
        else if (walk.command == NULL)
            status = find_command(walk.noun, NULL, &walk.command);
        else
            status = check_operands(walk.command, args);
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

bool arguments_have_options(const struct arguments *args)
{
    return args->options > 0;
}

const char *arguments_option(const struct arguments *args, const char *name, size_t at)
{
    for (size_t i = 0; i < args->options; i++)
        if (strcmp(args->option[i].name, name) == 0 && at-- == 0)
            return args->option[i].value;
    return NULL;
}
