/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "tools/vioctl/vioctl.h"

static const char *blank_before(const char *word)
{
    return word != NULL && *word != '\0' ? " " : "";
}

static void print_verbs(const char *noun)
{
    const struct command *c;

    for (size_t at = 0; (c = commands_at(at)) != NULL; at++) {
        char name[COMMAND_NAME], usage[120];

        if (noun != NULL && strcmp(c->noun, noun) != 0)
            continue;
        snprintf(usage, sizeof usage, "%s %s", commands_name(c, name, sizeof name), c->operands);
        printf("  %-36s %s\n", usage, c->summary);
    }
}

static void print_options(const struct option *options)
{
    for (; options != NULL && options->name != NULL; options++) {
        char usage[80];

        snprintf(usage, sizeof usage, "--%s%s%s", options->name, blank_before(options->value),
                 options->value != NULL ? options->value : "");
        printf("  %-28s %s\n", usage, options->text);
    }
}

void help_print_overview(const char *noun)
{
    printf("Usage: vioctl [-c URI] [-s STORE] [-o FORMAT] %s VERB ...\n\n",
           noun != NULL ? noun : "NOUN");
    print_verbs(noun);
    puts("\nA noun alone lists. Options (-c, -s, -o, -h and -V are short for the first letters):");
    print_options(program_options);
    puts("\nExit status: 0 done, 1 refused or failed, 2 wrong usage, 3 what was compared differs.");
}

void help_print_command(const struct command *command)
{
    char name[COMMAND_NAME];

    printf("Usage: vioctl [-c URI] [-s STORE] [-o FORMAT] %s%s%s [OPTION]...\n\n%s\n",
           commands_name(command, name, sizeof name), blank_before(command->operands),
           command->operands, command->summary);
    if (command->options != NULL || command->edit != NULL)
        puts("\nOptions:");
    print_options(command->options);
    if (command->edit != NULL)
        print_options(change_options);
    puts("\nOptions of every command:");
    print_options(program_options);
}
