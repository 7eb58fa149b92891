/* SPDX-License-Identifier: MIT */
/* All commands, and which of them two words of the command line mean. */
#include <stdio.h>
#include <string.h>

#include "tools/vioctl/vioctl.h"

static const struct command *const tables[] = {
    chassis_commands,  server_commands,   port_commands,      adapter_commands,
    function_commands, vadapter_commands, changeset_commands, drift_commands,
    undo_commands,     pool_commands,     identity_commands,  store_commands,
    dump_commands,     history_commands,  event_commands,     reg_commands,
};

const struct command *commands_at(size_t at)
{
    for (size_t table = 0; table < sizeof tables / sizeof *tables; table++)
        for (const struct command *c = tables[table]; c->noun != NULL; c++)
            if (at-- == 0)
                return c;
    return NULL;
}

static bool is_same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

const struct command *commands_find(const char *noun, const char *verb)
{
    const struct command *c;

    for (size_t at = 0; (c = commands_at(at)) != NULL; at++)
        if (strcmp(c->noun, noun) == 0 && is_same(c->verb, verb))
            return c;
    return NULL;
}

bool commands_have(const char *noun)
{
    const struct command *c;

    for (size_t at = 0; (c = commands_at(at)) != NULL; at++)
        if (strcmp(c->noun, noun) == 0)
            return true;
    return false;
}

int commands_complain(const char *noun, const char *verb)
{
    bool known = commands_have(noun);
    const char *last = NULL;
    const struct command *c;
    char there[512] = "";
    size_t used = 0;

    for (size_t at = 0; (c = commands_at(at)) != NULL && used < sizeof there; at++) {
        const char *word = known ? c->verb : c->noun;

        if ((known && strcmp(c->noun, noun) != 0) || is_same(word, last))
            continue;
        used += (size_t)snprintf(there + used, sizeof there - used, " %s", word);
        last = word;
    }
    if (!known)
        return misuse("there is no noun '%.80s'; there are:%s", noun, there);
    if (verb == NULL)
        return misuse("%s: which verb? there are:%s", noun, there);
    return misuse("%s has no verb '%.80s'; there are:%s", noun, verb, there);
}

const char *commands_name(const struct command *command, char *buf, size_t size)
{
    snprintf(buf, size, "%s%s%s", command->noun, command->verb != NULL ? " " : "",
             command->verb != NULL ? command->verb : "");
    return buf;
}
