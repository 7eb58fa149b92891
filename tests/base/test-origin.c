/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/origin.h"
#include "tests/support/test.h"

/* What `origin` says in a forked child; `deeper` forks from within children before it asks. */
static bool asked_in_child(const struct vio_origin *origin, int deeper)
{
    int status = -1;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0)
        _exit(deeper > 0 ? asked_in_child(origin, deeper - 1) : vio__origin_forked(origin));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status) != 0;
}

static void only_a_child_is_forked(void **state)
{
    struct vio_origin origin;

    (void)state;
    vio__origin_init(&origin);
    assert_false(vio__origin_forked(&origin));
    assert_true(asked_in_child(&origin, 0));
    assert_true(asked_in_child(&origin, 1));
    assert_false(vio__origin_forked(&origin));
    vio__origin_fini(&origin);
}

static void without_the_page_the_pid_tells(void **state)
{
    struct vio_origin origin = {.pid = getpid()};

    (void)state;
    assert_false(vio__origin_forked(&origin));
    assert_true(asked_in_child(&origin, 0));
    vio__origin_fini(&origin);
}

static void what_a_child_makes_is_its_own(void **state)
{
    int status = -1;
    pid_t pid = fork();

    (void)state;
    assert_true(pid >= 0);
    if (pid == 0) {
        struct vio_origin origin;

        vio__origin_init(&origin);
        _exit(vio__origin_forked(&origin));
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void errno_is_left_alone(void **state)
{
    struct vio_origin origin;

    (void)state;
    errno = EDOM;
    vio__origin_init(&origin);
    (void)vio__origin_forked(&origin);
    vio__origin_fini(&origin);
    assert_int_equal(errno, EDOM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_child_is_forked),
        cmocka_unit_test(without_the_page_the_pid_tells),
        cmocka_unit_test(what_a_child_makes_is_its_own),
        cmocka_unit_test(errno_is_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
