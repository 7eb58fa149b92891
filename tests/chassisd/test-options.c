/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "tests/support/test.h"
#include "tools/chassisd/options.h"

#define WORDS_MAX 160

/* Splits at blanks; a command line of tests holds no quotes. */
static int parse(const char *line, struct options *ret_options, char *error, size_t size)
{
    static char copy[4096];
    char *words[WORDS_MAX] = {"vio-chassisd"};
    int count = 1;

    assert_true(strlen(line) < sizeof copy);
    strcpy(copy, line);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
        words[count++] = word;
    return options_parse(count, words, ret_options, error, size);
}

static void every_option_is_understood(void **state)
{
    struct options options;
    char error[200];

    (void)state;
    assert_int_equal(
        parse("--socket a --control=b --chassis c --adapter slot1=d --adapter slot2=e=f "
              "--mode 0660 --latency 5us --hotplug 2ms --training 60s --seed 7",
              &options, error, sizeof error),
        0);
    assert_string_equal(options.socket, "a");
    assert_string_equal(options.control, "b");
    assert_string_equal(options.chassis, "c");
    assert_int_equal(options.adapter_count, 2);
    assert_string_equal(options.adapters[0].slot, "slot1");
    assert_string_equal(options.adapters[0].where, "d");
    assert_string_equal(options.adapters[1].where, "e=f");
    assert_int_equal(options.mode, 0660);
    assert_int_equal(options.device.latency_ns, 5000);
    assert_int_equal(options.device.hotplug_ns, 2000000);
    assert_int_equal(options.device.training_ns, 60000000000);
    assert_int_equal(options.device.seed, 7);
}

static void what_is_not_given_is_left_to_the_chassis(void **state)
{
    struct options options;
    char error[200];

    (void)state;
    assert_int_equal(parse("--socket a", &options, error, sizeof error), 0);
    assert_null(options.control);
    assert_null(options.chassis);
    assert_int_equal(options.mode, 0600);
    assert_int_equal(options.adapter_count, 0);
    assert_true(options.device.latency_ns == UINT64_MAX && options.device.seed == UINT64_MAX);
}

static void help_and_version_need_nothing_else(void **state)
{
    struct options options;
    char error[200];

    (void)state;
    assert_int_equal(parse("--help", &options, error, sizeof error), 0);
    assert_true(options.help);
    assert_int_equal(parse("--version", &options, error, sizeof error), 0);
    assert_true(options.version);
    assert_non_null(strstr(options_help(), "--socket PATH"));
}

static void wrong_usage_names_what_is_allowed(void **state)
{
    static const struct {
        const char *line;
        const char *says;
    } wrong[] = {
        {"", "--socket PATH is needed"},
        {"--socket", "needs a value"},
        {"--socket a b", "unexpected argument 'b'"},
        {"--socket a --control a", "different paths"},
        {"--sockets a", "unknown option '--sockets'"},
        {"--socket a -x", "unknown option"},
        {"--socket a --mode 888", "octal"},
        {"--socket a --mode 1777", "octal"},
        {"--socket a --latency 5", "a time"},
        {"--socket a --latency 61s", "a time"},
        {"--socket a --latency -1s", "a time"},
        {"--socket a --hotplug 99999999999999999999s", "a time"},
        {"--socket a --training us", "a time"},
        {"--socket a --seed 1x", "a number"},
        {"--socket a --seed 18446744073709551615", "a number"},
        {"--socket a --adapter slot1", "SLOT=FILE"},
        {"--socket a --adapter =x", "SLOT=FILE"},
        {"--socket a --adapter slot1=", "SLOT=FILE"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct options options = {.socket = "untouched"};
        char error[200] = "";

        assert_int_equal(parse(wrong[i].line, &options, error, sizeof error), -1);
        assert_non_null(strstr(error, wrong[i].says));
        assert_null(strchr(error, '\n'));
        assert_string_equal(options.socket, "untouched");
    }
}

static void adapters_are_as_many_as_slots(void **state)
{
    struct options options;
    char error[200], line[4096] = "--socket a";

    (void)state;
    for (unsigned i = 0; i < OPTIONS_ADAPTERS_MAX; i++)
        strcat(line, " --adapter=s=f");
    assert_int_equal(parse(line, &options, error, sizeof error), 0);
    strcat(line, " --adapter=s=f");
    assert_int_equal(parse(line, &options, error, sizeof error), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_is_understood),
        cmocka_unit_test(what_is_not_given_is_left_to_the_chassis),
        cmocka_unit_test(help_and_version_need_nothing_else),
        cmocka_unit_test(wrong_usage_names_what_is_allowed),
        cmocka_unit_test(adapters_are_as_many_as_slots),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
