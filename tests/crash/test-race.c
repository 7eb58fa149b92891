/* SPDX-License-Identifier: MIT */
/* Of those who change the same generation of an object exactly one wins. */
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libvio/libvio.h>

#include "tests/api/session.h"
#include "tests/support/test.h"

#define RACERS      4
#define PATIENCE_MS 30000
#define LIMIT_S     900 /* only a hang takes longer */
#define POOL        "prize"

/* Shared by the processes. */
struct course {
    pthread_barrier_t gate;
    unsigned rounds;
    char uri[200];
    uint64_t generation[RACERS]; /* as each read it */
    int status[RACERS];
    char found[RACERS][64]; /* description as each read it */
};

static int finish(int started, struct vio_req **req)
{
    int status = started == 0 ? vio_req_wait(*req, PATIENCE_MS) : started;

    return status == 0 ? vio_req_status(*req) : status;
}

/* -- Several processes at one pool ------------------------------------------------------------- */

static int open_store(struct vio_ctx *ctx, const char *uri, struct vio_store **ret_store)
{
    struct vio_req *req = NULL;
    int status = finish(vio_store_open(ctx, uri, NULL, NULL, NULL, &req), &req);

    if (status == 0)
        *ret_store = vio_store_ref(vio_req_get_store(req));
    vio_req_unref(req);
    return status;
}

static int create_pool(struct vio_store *store)
{
    struct vio_pool_spec *spec = NULL;
    struct vio_req *req = NULL;
    struct vio_address first, last;
    int status = vio_pool_spec_new(&spec);

    if (status == 0)
        status = vio_pool_spec_set_name(spec, POOL);
    if (status == 0)
        status = vio_pool_spec_set_purpose(spec, VIO_POOL_MAC);
    if (status == 0)
        status = vio_address_parse("02:00:00:00:00:00", VIO_ADDRESS_MAC48, &first);
    if (status == 0)
        status = vio_address_parse("02:00:00:00:00:ff", VIO_ADDRESS_MAC48, &last);
    if (status == 0)
        status = vio_pool_spec_add_range(spec, &first, &last);
    if (status == 0)
        status = finish(vio_pool_create(store, spec, NULL, NULL, &req), &req);
    vio_req_unref(req);
    vio_pool_spec_free(spec);
    return status;
}

static int look(struct vio_store *store, struct course *course, unsigned me)
{
    struct vio_req *req = NULL;
    int status = finish(vio_store_observe(store, NULL, NULL, &req), &req);
    const struct vio_pool *pool = vio_catalog_find_pool(vio_req_get_catalog(req), POOL);

    course->generation[me] = vio_pool_generation(pool);
    if (pool != NULL)
        snprintf(course->found[me], sizeof course->found[me], "%s", vio_pool_description(pool));
    vio_req_unref(req);
    return status;
}

static int change(struct vio_store *store, struct course *course, unsigned me, unsigned round)
{
    struct vio_pool_spec *spec = NULL;
    struct vio_req *req = NULL;
    char text[64];
    int status = vio_pool_spec_new(&spec);

    snprintf(text, sizeof text, "round %u: %u", round, me);
    if (status == 0)
        status = vio_pool_spec_set_description(spec, text);
    if (status == 0)
        status = vio_pool_spec_set_generation(spec, course->generation[me]);
    if (status == 0)
        status = finish(vio_pool_set(store, POOL, spec, NULL, NULL, &req), &req);
    vio_req_unref(req);
    vio_pool_spec_free(spec);
    return status;
}

/* Reads, waits for the others to have read, changes, and waits for the judge. */
static int race(struct course *course, unsigned me)
{
    struct vio_store *store = NULL;
    struct vio_ctx *ctx = NULL;
    int status = vio_ctx_new(NULL, &ctx);

    if (status == 0)
        status = open_store(ctx, course->uri, &store);
    for (unsigned round = 1; round <= course->rounds; round++) {
        if (status == 0)
            status = look(store, course, me);
        pthread_barrier_wait(&course->gate);
        course->status[me] = status == 0 ? change(store, course, me, round) : status;
        pthread_barrier_wait(&course->gate);
        pthread_barrier_wait(&course->gate);
    }
    if (status == 0)
        status = look(store, course, me);
    vio_store_unref(store);
    vio_ctx_stop(ctx);
    vio_ctx_unref(ctx);
    return status;
}

/* The number of the winner; fails the test unless there is exactly one. */
static unsigned judge(const struct course *course, unsigned round)
{
    unsigned winner = RACERS;

    for (unsigned i = 0; i < RACERS; i++) {
        assert_int_equal(course->generation[i], course->generation[0]);
        if (course->status[i] == 0 && winner == RACERS)
            winner = i;
        else if (course->status[i] != VIO_ESTALE)
            fail_msg("round %u: racer %u ended with %s, after racer %u won", round, i,
                     course->status[i] == 0 ? "success" : vio_error_name(course->status[i]),
                     winner);
    }
    assert_int_not_equal(winner, RACERS);
    return winner;
}

static struct course *open_course(const char *folder)
{
    struct course *course =
        mmap(NULL, sizeof *course, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_barrierattr_t shared;

    assert_true(course != MAP_FAILED);
    assert_int_equal(pthread_barrierattr_init(&shared), 0);
    assert_int_equal(pthread_barrierattr_setpshared(&shared, PTHREAD_PROCESS_SHARED), 0);
    assert_int_equal(pthread_barrier_init(&course->gate, &shared, RACERS + 1), 0);
    snprintf(course->uri, sizeof course->uri, "sqlite:%s/store.db", folder);
    course->rounds = test_rounds(100);
    return course;
}

/* In a process of its own: a context does not survive a fork. */
static void prepare_store(const struct course *course)
{
    pid_t process = fork();
    int status = 0;

    assert_true(process >= 0);
    if (process == 0) {
        struct vio_store *store = NULL;
        struct vio_ctx *ctx = NULL;

        status = vio_ctx_new(NULL, &ctx);
        if (status == 0)
            status = open_store(ctx, course->uri, &store);
        if (status == 0)
            status = create_pool(store);
        vio_store_unref(store);
        vio_ctx_stop(ctx);
        vio_ctx_unref(ctx);
        _exit(status != 0);
    }
    assert_int_equal(waitpid(process, &status, 0), process);
    assert_int_equal(status, 0);
}

/* What the last winner wrote. */
static void run_rounds(struct course *course, char expected[64])
{
    uint64_t generation = 0;

    for (unsigned round = 1; round <= course->rounds; round++) {
        pthread_barrier_wait(&course->gate);
        pthread_barrier_wait(&course->gate);
        for (unsigned i = 0; i < RACERS && round > 1; i++)
            assert_string_equal(course->found[i], expected);
        if (round > 1)
            assert_int_equal(course->generation[0], generation + 1);
        generation = course->generation[0];
        snprintf(expected, 64, "round %u: %u", round, judge(course, round));
        pthread_barrier_wait(&course->gate);
    }
}

static void remove_folder(const char *folder)
{
    DIR *files = opendir(folder);
    struct dirent *entry;

    assert_non_null(files);
    while ((entry = readdir(files)) != NULL)
        if (entry->d_name[0] != '.')
            assert_int_equal(unlinkat(dirfd(files), entry->d_name, 0), 0);
    closedir(files);
    assert_int_equal(rmdir(folder), 0);
}

static void start_racers(struct course *course)
{
    for (unsigned i = 0; i < RACERS; i++) {
        pid_t process = fork();

        assert_true(process >= 0);
        if (process == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL); /* or it would wait at the gate for ever */
            _exit(race(course, i) != 0);
        }
    }
}

static void of_several_processes_that_change_one_object_exactly_one_wins(void **state)
{
    const char *base = getenv("TMPDIR");
    char folder[100], expected[64] = "";
    struct course *course;
    int status;

    (void)state;
    snprintf(folder, sizeof folder, "%s/vio-race-XXXXXX", base != NULL ? base : P_tmpdir);
    assert_non_null(mkdtemp(folder));
    course = open_course(folder);
    prepare_store(course);
    alarm(LIMIT_S);
    start_racers(course);
    run_rounds(course, expected);
    for (unsigned i = 0; i < RACERS; i++) {
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    alarm(0);
    for (unsigned i = 0; i < RACERS; i++)
        assert_string_equal(course->found[i], expected);
    munmap(course, sizeof *course);
    remove_folder(folder);
}

/* -- Several requests at one vAdapter ---------------------------------------------------------- */

#define REQUESTS 8

static uint64_t generation_of(struct vio_chassis *chassis, const char *name)
{
    struct vio_req *req = NULL;
    uint64_t generation;

    assert_int_equal(finish(vio_chassis_observe(chassis, NULL, NULL, &req), &req), 0);
    generation =
        vio_vadapter_generation(vio_inventory_find_vadapter(vio_req_get_inventory(req), name));
    vio_req_unref(req);
    assert_true(generation > 0);
    return generation;
}

static void change_at_once(struct vio_chassis *chassis, unsigned round)
{
    uint64_t generation = generation_of(chassis, "a");
    struct vio_req *req[REQUESTS] = {NULL};
    unsigned winners = 0;

    for (unsigned i = 0; i < REQUESTS; i++) {
        struct vio_vadapter_spec *spec;

        assert_int_equal(vio_vadapter_spec_new(&spec), 0);
        assert_int_equal(
            vio_vadapter_spec_set_vlan_access(spec, (uint16_t)(1 + (round * REQUESTS + i) % 4094)),
            0);
        assert_int_equal(vio_vadapter_spec_set_generation(spec, generation), 0);
        assert_int_equal(vio_vadapter_set(chassis, "a", spec, NULL, NULL, &req[i]), 0);
        vio_vadapter_spec_free(spec);
    }
    for (unsigned i = 0; i < REQUESTS; i++) {
        int status = finish(0, &req[i]);

        winners += status == 0;
        if (status != 0)
            assert_int_equal(status, VIO_ESTALE);
        vio_req_unref(req[i]);
    }
    assert_int_equal(winners, 1);
    assert_int_equal(generation_of(chassis, "a"), generation + 1);
}

static void of_several_requests_that_change_one_generation_exactly_one_wins(void **state)
{
    unsigned rounds = test_rounds(100);
    struct session session;

    (void)state;
    session_open(&session);
    assert_int_equal(session_create(&session, "a", VIO_VADAPTER_VNIC, NULL, "server1"), 0);
    for (unsigned round = 0; round < rounds; round++)
        change_at_once(session.chassis, round);
    session_close(&session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_several_processes_that_change_one_object_exactly_one_wins),
        cmocka_unit_test(of_several_requests_that_change_one_generation_exactly_one_wins),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
