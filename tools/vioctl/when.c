/* SPDX-License-Identifier: MIT */
/* Points in time and durations, as people write and read them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/vioctl/vioctl.h"

#define SECOND UINT64_C(1000000000)

static bool parse_seconds(const char *text, uint64_t *ret_seconds)
{
    static const struct {
        char unit;
        uint32_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
    char *end;
    unsigned long value = strtoul(text, &end, 10);

    if (*text < '0' || *text > '9' || end - text > 9)
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if ((*end == units[i].unit && end[1] == '\0') || (i == 0 && *end == '\0')) {
            *ret_seconds = (uint64_t)value * units[i].seconds;
            return true;
        }
    }
    return false;
}

int when_parse_duration(const char *option, const char *text, uint64_t *ret_seconds)
{
    if (parse_seconds(text, ret_seconds))
        return EXIT_DONE;
    return misuse("%s: '%.80s' is no time; give seconds, or a number with s, m, h, d or w, such "
                  "as 90s or 7d",
                  option, text);
}

static bool parse_date(const char *text, uint64_t *ret_time)
{
    static const char *const forms[] = {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d"};

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct tm parts = {.tm_isdst = -1};
        const char *end = strptime(text, forms[i], &parts);
        uint64_t nanoseconds = 0;

        if (end != NULL && *end == '.' && i == 0) {
            uint64_t digit = SECOND / 10;

            for (end++; *end >= '0' && *end <= '9'; end++, digit /= 10)
                nanoseconds += digit * (uint64_t)(*end - '0');
        }
        if (end == NULL || (*end != '\0' && strcmp(end, "Z") != 0))
            continue;
        time_t seconds = timegm(&parts);
        if (seconds < 0)
            return false;
        *ret_time = (uint64_t)seconds * SECOND + nanoseconds;
        return true;
    }
    return false;
}

int when_parse(const char *option, const char *text, uint64_t *ret_time)
{
    uint64_t ago;
    struct timespec now;

    if (parse_date(text, ret_time))
        return EXIT_DONE;
    if (!parse_seconds(text, &ago))
        return misuse("%s: '%.80s' is no time; give one in UTC such as 2026-11-23T18:00:00Z or "
                      "2026-11-23, or how long ago, such as 90s, 2h or 7d",
                      option, text);
    clock_gettime(CLOCK_REALTIME, &now);
    ago = (uint64_t)now.tv_sec > ago ? (uint64_t)now.tv_sec - ago : 0;
    *ret_time = ago * SECOND + (uint64_t)now.tv_nsec;
    return EXIT_DONE;
}

json_t *when_describe(uint64_t time)
{
    char text[64], day[32];
    time_t seconds = (time_t)(time / SECOND);
    struct tm parts;

    if (time == 0 || gmtime_r(&seconds, &parts) == NULL)
        return json_null();
    strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(text, sizeof text, "%s.%06uZ", day, (unsigned)(time % SECOND / 1000));
    return json_string(text);
}
