/* SPDX-License-Identifier: MIT */
/* The faults as lines of text, for a control socket. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>
#include <libvio/sim.h>

#include "sim/location.h"

#define WORDS_MAX 8

struct line {
    struct viosim *sim;
    char *word[WORDS_MAX];
    unsigned words;
    char *reply;
    size_t size;
};

static int say(struct line *line, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int say(struct line *line, int code, const char *format, ...)
{
    va_list args;

    if (!line->reply || !line->size)
        return code;
    va_start(args, format);
    vsnprintf(line->reply, line->size, format, args);
    va_end(args);
    return code;
}

/* One of two words; -1 for neither. */
static int choose(const char *word, const char *first, const char *second)
{
    return strcmp(word, first) == 0 ? 1 : strcmp(word, second) == 0 ? 0 : -1;
}

static int named(struct line *line, int err, const char *what)
{
    if (err == VIO_ENOENT)
        return say(line, err, "there is no %s \"%s\"", what, line->word[1]);
    return err;
}

static int do_link(struct line *line)
{
    int up = choose(line->word[2], "up", "down");

    if (up < 0)
        return say(line, VIO_EINVAL, "link PORT is up or down, not \"%s\"", line->word[2]);
    return named(line, viosim_link_set(line->sim, line->word[1], up), "port");
}

static int do_pull(struct line *line)
{
    int err = viosim_adapter_pull(line->sim, line->word[1]);

    if (err == VIO_ESTATE)
        return say(line, err, "slot \"%s\" is empty", line->word[1]);
    return named(line, err, "slot");
}

static int do_insert(struct line *line)
{
    return viosim_adapter_insert(line->sim, line->word[1], line->words > 2 ? line->word[2] : NULL,
                                 line->reply, line->size);
}

static int do_server(struct line *line)
{
    const char *name = line->word[1], *state = line->word[2];
    int on = choose(state, "on", "off"), stuck = choose(state, "stuck", "free");

    if (on >= 0)
        return named(line, viosim_server_power(line->sim, name, on), "server");
    if (stuck >= 0)
        return named(line, viosim_server_stick(line->sim, name, stuck), "server");
    return say(line, VIO_EINVAL, "server NAME is on, off, stuck or free, not \"%s\"", state);
}

static int do_power_cycle(struct line *line)
{
    viosim_power_cycle(line->sim);
    return 0;
}

static int do_vpc_reset(struct line *line)
{
    viosim_vpc_reset(line->sim);
    return 0;
}

static int do_vpc(struct line *line)
{
    int stuck = choose(line->word[1], "stuck", "free");

    if (stuck < 0)
        return say(line, VIO_EINVAL, "vpc is stuck or free, not \"%s\"", line->word[1]);
    viosim_stick(line->sim, stuck);
    return 0;
}

static int time_of(struct line *line, const char *text, uint64_t *ret_ns)
{
    if (sim_time_parse(text, ret_ns) == 0)
        return 0;
    return say(line, VIO_EINVAL, "\"%s\": a time is a number with ns, us, ms or s", text);
}

static int do_slow(struct line *line)
{
    uint64_t delay;
    int err = time_of(line, line->word[1], &delay);

    if (err == 0)
        viosim_slow(line->sim, delay);
    return err;
}

static int count_of(struct line *line, const char *text, uint32_t *ret_count)
{
    char *end;
    unsigned long long value;

    if (strcmp(text, "all") == 0) {
        *ret_count = UINT32_MAX;
        return 0;
    }
    value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || value > UINT32_MAX)
        return say(line, VIO_EINVAL, "\"%s\": a count is 0 to %u, or all", text, UINT32_MAX);
    *ret_count = (uint32_t)value;
    return 0;
}

static int do_events(struct line *line)
{
    uint32_t count;
    int err = count_of(line, line->word[1], &count);

    if (err == 0 && count > 1000000)
        return say(line, VIO_EINVAL, "at most 1000000 events at a time");
    if (err == 0)
        viosim_event_burst(line->sim, count);
    return err;
}

/* The number of a word in a list, from 1; 0 if it is none. */
static int word_in(const char *word, const char *const *list)
{
    for (int i = 0; list[i]; i++)
        if (strcmp(word, list[i]) == 0)
            return i + 1;
    return 0;
}

static const char *const whats[] = {"command", "completion", "event", "interrupt", NULL};
static const char *const mishaps[] = {"lost", "late", "corrupt", "doubled", NULL};

static int do_mishap(struct line *line)
{
    int what = word_in(line->word[1], whats), mishap = word_in(line->word[2], mishaps), err = 0;
    uint32_t skip = 0, count = 1;
    uint64_t delay = 0;

    if (!what)
        return say(line, VIO_EINVAL, "\"%s\": there are command, completion, event, interrupt",
                   line->word[1]);
    if (!mishap)
        return say(line, VIO_EINVAL, "\"%s\": there are lost, late, corrupt, doubled",
                   line->word[2]);
    for (unsigned i = 3; err == 0 && i < line->words; i++) {
        const char *word = line->word[i];

        if (strncmp(word, "skip=", 5) == 0)
            err = count_of(line, word + 5, &skip);
        else if (strncmp(word, "count=", 6) == 0)
            err = count_of(line, word + 6, &count);
        else if (strncmp(word, "delay=", 6) == 0)
            err = time_of(line, word + 6, &delay);
        else
            err = say(line, VIO_EINVAL, "\"%s\": there are skip=N, count=N, delay=TIME", word);
    }
    if (err != 0)
        return err;
    return viosim_mishap(line->sim, (enum viosim_what)what, (enum viosim_mishap)mishap, skip, count,
                         delay);
}

static int do_stat(struct line *line)
{
    static const char *const names[] = {"commands",   "changes", "completions", "events",
                                        "interrupts", "writes",  "functions",   "bound",
                                        "live-twice", "queues",  "replays",     NULL};
    size_t used = 0;

    for (int i = 0; names[i] && used < line->size; i++) {
        int n = snprintf(line->reply + used, line->size - used, "%s%s=%llu", i ? " " : "", names[i],
                         (unsigned long long)viosim_stat(line->sim, (enum viosim_stat)(i + 1)));

        used += n > 0 ? (size_t)n : 0;
    }
    return 0;
}

static int do_help(struct line *line);

static const struct {
    const char *name, *arguments;
    unsigned least, most; /* words, the name included */
    int (*run)(struct line *line);
} commands[] = {
    {"link", "PORT up|down", 3, 3, do_link},
    {"pull", "SLOT", 2, 2, do_pull},
    {"insert", "SLOT [FILE]", 2, 3, do_insert},
    {"server", "NAME on|off|stuck|free", 3, 3, do_server},
    {"power-cycle", "", 1, 1, do_power_cycle},
    {"vpc-reset", "", 1, 1, do_vpc_reset},
    {"vpc", "stuck|free", 2, 2, do_vpc},
    {"slow", "TIME", 2, 2, do_slow},
    {"events", "COUNT", 2, 2, do_events},
    {"mishap",
     "command|completion|event|interrupt lost|late|corrupt|doubled [skip=N] [count=N] "
     "[delay=TIME]",
     3, 6, do_mishap},
    {"stat", "", 1, 1, do_stat},
    {"help", "", 1, 1, do_help},
};

#define COMMANDS (sizeof commands / sizeof commands[0])

static int do_help(struct line *line)
{
    size_t used = 0;

    for (size_t i = 0; i < COMMANDS && used < line->size; i++) {
        int n =
            snprintf(line->reply + used, line->size - used, "%s%s%s%s", i ? "; " : "",
                     commands[i].name, *commands[i].arguments ? " " : "", commands[i].arguments);

        used += n > 0 ? (size_t)n : 0;
    }
    return 0;
}

static int run(struct line *line)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(line->word[0], commands[i].name) != 0)
            continue;
        if (line->words < commands[i].least || line->words > commands[i].most)
            return say(line, VIO_EINVAL, "usage: %s %s", commands[i].name, commands[i].arguments);
        return commands[i].run(line);
    }
    return say(line, VIO_EINVAL, "\"%.40s\": no such command; help lists them", line->word[0]);
}

int viosim_control(struct viosim *sim, const char *text, char *reply, size_t size)
{
    struct line line = {.sim = sim, .reply = reply, .size = reply ? size : 0};
    char *copy, *save = NULL;
    int err;

    if (line.size)
        reply[0] = '\0';
    if (!text)
        return say(&line, VIO_EINVAL, "no command; help lists them");
    copy = strdup(text);
    if (!copy)
        return say(&line, VIO_ENOMEM, "out of memory");
    for (char *word = strtok_r(copy, " \t\r\n", &save); word && line.words < WORDS_MAX;
         word = strtok_r(NULL, " \t\r\n", &save))
        line.word[line.words++] = word;
    err = line.words ? run(&line) : say(&line, VIO_EINVAL, "no command; help lists them");
    free(copy);
    return err;
}
