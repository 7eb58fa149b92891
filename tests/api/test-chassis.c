/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/api/session.h"

static void bad_uris_are_told_apart(void **state)
{
    static const struct {
        const char *uri;
        int status;
        const char *text;
    } cases[] = {
        {"nothing:", VIO_EPARSE, "sim"},
        {"", VIO_EPARSE, "sim"},
        {"sim:/nonexistent/chassis.yaml", VIO_ENOENT, "/nonexistent/chassis.yaml"},
        {"vfio-user:/nonexistent/socket", VIO_ENOENT, "/nonexistent/socket"},
        {"sim:?time=never", VIO_EINVAL, "real or virtual"},
    };
    struct vio_ctx *ctx;

    (void)state;
    assert_int_equal(vio_ctx_new(NULL, &ctx), 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct vio_req *req;

        assert_int_equal(vio_chassis_open(ctx, cases[i].uri, NULL, NULL, NULL, &req), 0);
        assert_int_equal(vio_req_wait(req, -1), 0);
        if (vio_req_status(req) != cases[i].status || !strstr(vio_req_message(req), cases[i].text))
            fail_msg("%s: %s: %s", cases[i].uri, vio_error_name(vio_req_status(req)),
                     vio_req_message(req));
        assert_null(vio_req_get_chassis(req));
        vio_req_unref(req);
    }
    assert_int_equal(vio_ctx_stop(ctx), 0);
    vio_ctx_unref(ctx);
}

static void configurations_check_what_they_are_given(void **state)
{
    struct vio_chassis_config *config;
    char longest[66];

    (void)state;
    memset(longest, 'x', 65);
    longest[65] = '\0';
    assert_int_equal(vio_chassis_config_new(&config), 0);
    assert_int_equal(vio_chassis_config_set_wait(config, 3600001), VIO_EINVAL);
    assert_int_equal(vio_chassis_config_set_command_timeout(config, 0), VIO_EINVAL);
    assert_int_equal(vio_chassis_config_set_holder(config, ""), VIO_ENAME);
    assert_int_equal(vio_chassis_config_set_holder(config, longest), VIO_ENAME);
    assert_int_equal(vio_chassis_config_set_holder(config, "a\n"), VIO_ENAME);
    assert_int_equal(vio_chassis_config_set_holder(config, "a test"), 0);
    vio_chassis_config_free(config);
}

static void an_owner_is_named_to_readers(void **state)
{
    struct vio_chassis_config *config;
    struct vio_inventory *inventory;
    struct session session;

    (void)state;
    assert_int_equal(vio_chassis_config_new(&config), 0);
    assert_int_equal(vio_chassis_config_set_holder(config, "the owner"), 0);
    session_open_at(&session, SIM, config);
    inventory = session_observe(&session);
    assert_string_equal(vio_inventory_owner(inventory), "the owner");
    vio_inventory_unref(inventory);
    session_close(&session);

    assert_int_equal(vio_chassis_config_set_read_only(config, true), 0);
    session_open_at(&session, SIM, config);
    assert_true(vio_chassis_is_read_only(session.chassis));
    assert_int_equal(session_create(&session, "x", VIO_VADAPTER_VNIC, NULL, NULL), VIO_EPERM);
    inventory = session_observe(&session);
    assert_string_equal(vio_inventory_owner(inventory), "");
    vio_inventory_unref(inventory);
    session_close(&session);
    vio_chassis_config_free(config);
}

static void a_closed_chassis_refuses_every_call(void **state)
{
    struct vio_vadapter_spec *spec = session_spec("x", VIO_VADAPTER_VNIC, NULL, NULL);
    struct vio_subscription *subscription = NULL, *old;
    struct session session;
    struct vio_req *req = NULL, *waiting;
    struct vio_chassis *c;

    (void)state;
    session_open(&session);
    c = session.chassis;
    assert_int_equal(vio_subscription_new(c, 4, &old), 0);
    while (1) {
        struct vio_event *event;

        if (vio_subscription_take(old, &event) != 0)
            break;
        vio_event_unref(event);
    }
    assert_int_equal(vio_subscription_wait(old, NULL, NULL, &waiting), 0);
    session_expect(vio_chassis_close(c, NULL, NULL, &req), &req, 0);
    assert_int_equal(vio_req_wait(waiting, -1), 0);
    assert_true(vio_req_status(waiting) == VIO_ECLOSED || vio_req_status(waiting) == 0);
    vio_req_unref(waiting);
    vio_subscription_unref(old);

    assert_int_equal(vio_chassis_close(c, NULL, NULL, &req), VIO_ECLOSED);
    assert_int_equal(vio_chassis_observe(c, NULL, NULL, &req), VIO_ECLOSED);
    assert_null(vio_chassis_sim(c));
    assert_int_equal(vio_vadapter_create(c, spec, NULL, NULL, &req), VIO_ECLOSED);
    assert_int_equal(vio_vadapter_attach(c, "a", "b", NULL, NULL, &req), VIO_ECLOSED);
    assert_int_equal(vio_vadapter_detach(c, "a", false, NULL, NULL, &req), VIO_ECLOSED);
    assert_int_equal(vio_vadapter_enable(c, "a", NULL, NULL, &req), VIO_ECLOSED);
    assert_int_equal(vio_vadapter_disable(c, "a", NULL, NULL, &req), VIO_ECLOSED);
    assert_int_equal(vio_vadapter_set(c, "a", spec, NULL, NULL, &req), VIO_ECLOSED);
    assert_int_equal(vio_vadapter_remove(c, "a", NULL, NULL, &req), VIO_ECLOSED);
    assert_int_equal(vio_device_read(c, 0, 4, NULL, NULL, &req), VIO_ECLOSED);
    assert_int_equal(vio_device_write(c, 0, 0, 4, NULL, NULL, &req), VIO_ECLOSED);
    assert_int_equal(vio_device_config(c, VIO_CONFIG_CHASSIS, 0, 0, 64, NULL, NULL, &req),
                     VIO_ECLOSED);
    assert_int_equal(vio_subscription_new(c, 4, &subscription), VIO_ECLOSED);
    assert_string_equal(vio_chassis_uri(c), SIM);
    vio_vadapter_spec_free(spec);
    session_close(&session);
}

static void closing_ends_what_is_under_way(void **state)
{
    (void)state;
    for (int whole = 0; whole < 2; whole++) {
        struct vio_req *reqs[8];
        struct vio_req *req = NULL;
        struct session session;

        session_open(&session);
        for (int i = 0; i < 8; i++) {
            struct vio_vadapter_spec *spec = session_spec(NULL, VIO_VADAPTER_VNIC, NULL, "server1");

            assert_int_equal(vio_vadapter_create(session.chassis, spec, NULL, NULL, &reqs[i]), 0);
            vio_vadapter_spec_free(spec);
        }
        if (whole)
            assert_int_equal(vio_ctx_close(session.ctx, NULL, NULL, &req), 0);
        else
            assert_int_equal(vio_chassis_close(session.chassis, NULL, NULL, &req), 0);
        session_expect(0, &req, 0);
        for (int i = 0; i < 8; i++) {
            int status = session_end(0, &reqs[i]);

            assert_true(status == 0 || status == VIO_ECLOSED);
        }
        session_close(&session);
    }
}

static void *read_snapshot(void *user)
{
    struct vio_inventory *inventory = user;
    size_t *found = NULL;

    for (int round = 0; round < 100; round++) {
        struct vio_list *list;

        if (vio_list_new(inventory, VIO_NOUN_VADAPTER, NULL, &list) != 0)
            return NULL;
        for (size_t i = 0; i < vio_list_count(list); i++) {
            struct vio_vadapter *vadapter = vio_vadapter_ref(vio_list_vadapter(list, i));

            if (strcmp(vio_vadapter_server(vadapter), "server1") == 0)
                found = user;
            vio_vadapter_unref(vadapter);
        }
        vio_list_unref(list);
    }
    vio_inventory_unref(inventory);
    return found;
}

static void snapshots_are_read_on_any_thread_after_all_is_closed(void **state)
{
    struct vio_inventory *inventory;
    struct session session;
    pthread_t threads[4];

    (void)state;
    session_open(&session);
    assert_int_equal(session_create(&session, "web0", VIO_VADAPTER_VNIC, NULL, "server1"), 0);
    inventory = session_observe(&session);
    session_close(&session);
    for (int i = 0; i < 4; i++)
        assert_int_equal(
            pthread_create(&threads[i], NULL, read_snapshot, vio_inventory_ref(inventory)), 0);
    vio_inventory_unref(inventory);
    for (int i = 0; i < 4; i++) {
        void *found = NULL;

        assert_int_equal(pthread_join(threads[i], &found), 0);
        assert_non_null(found);
    }
}

static void the_context_may_be_given_up_before_the_chassis(void **state)
{
    struct session session;

    (void)state;
    session_open(&session);
    vio_ctx_unref(session.ctx);
    assert_int_equal(session_create(&session, "web0", VIO_VADAPTER_VNIC, NULL, NULL), 0);
    vio_chassis_unref(session.chassis);
}

static void a_dispatched_context_goes_with_its_last_chassis(void **state)
{
    struct vio_ctx_config *config;
    struct vio_chassis *chassis;
    struct vio_ctx *ctx;
    struct vio_req *req;

    (void)state;
    assert_int_equal(vio_ctx_config_new(&config), 0);
    assert_int_equal(vio_ctx_config_set_drive(config, VIO_DRIVE_POLL), 0);
    assert_int_equal(vio_ctx_new(config, &ctx), 0);
    vio_ctx_config_free(config);
    assert_int_equal(vio_chassis_open(ctx, SIM, NULL, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, -1), 0);
    assert_int_equal(vio_req_status(req), 0);
    chassis = vio_chassis_ref(vio_req_get_chassis(req));
    vio_req_unref(req);
    vio_ctx_unref(ctx);
    assert_int_equal(vio_chassis_observe(chassis, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, -1), 0);
    vio_req_unref(req);
    vio_chassis_unref(chassis);
}

/* An allocator that counts what is live. */
static void *live_malloc(size_t size, void *user)
{
    atomic_fetch_add((atomic_long *)user, 1);
    return malloc(size);
}

static void *live_realloc(void *ptr, size_t size, void *user)
{
    atomic_fetch_add((atomic_long *)user, ptr == NULL);
    return realloc(ptr, size);
}

static void live_free(void *ptr, void *user)
{
    atomic_fetch_sub((atomic_long *)user, 1);
    free(ptr);
}

static struct vio_ctx *counted_ctx(enum vio_drive drive, atomic_long *live)
{
    struct vio_ctx_config *config;
    struct vio_ctx *ctx;

    assert_int_equal(vio_ctx_config_new(&config), 0);
    assert_int_equal(vio_ctx_config_set_drive(config, drive), 0);
    assert_int_equal(
        vio_ctx_config_set_allocator(config, live_malloc, live_realloc, live_free, live), 0);
    assert_int_equal(vio_ctx_new(config, &ctx), 0);
    vio_ctx_config_free(config);
    return ctx;
}

/* In the child; the number of the first call that is not refused, or 0. */
static int calls_of_a_child(struct vio_chassis *chassis, struct vio_subscription *subscription)
{
    struct vio_event *event;
    struct vio_req *req;

    if (vio_chassis_observe(chassis, NULL, NULL, &req) != VIO_EFORK)
        return 1;
    if (vio_vadapter_remove(chassis, "x", NULL, NULL, &req) != VIO_EFORK)
        return 2;
    if (vio_subscription_take(subscription, &event) != VIO_EFORK)
        return 3;
    if (vio_subscription_wait(subscription, NULL, NULL, &req) != VIO_EFORK)
        return 4;
    if (vio_chassis_close(chassis, NULL, NULL, &req) != VIO_EFORK)
        return 5;
    vio_chassis_unref(chassis);
    return 0;
}

/* Another thread may have held a lock of the library, or the allocator's, at the fork. */
static void a_forked_child_gives_up_without_freeing(void **state)
{
    atomic_long live = 0;
    struct session session = {.ctx = counted_ctx(VIO_DRIVE_THREAD, &live)};
    struct vio_subscription *subscription;
    struct vio_req *req;
    int outcome;
    pid_t child;

    (void)state;
    assert_int_equal(vio_chassis_open(session.ctx, SIM, NULL, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, -1), 0);
    session.chassis = vio_chassis_ref(vio_req_get_chassis(req));
    assert_int_equal(vio_subscription_new(session.chassis, 4, &subscription), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        long before = live;

        vio_subscription_unref(subscription);
        vio_req_unref(req);
        vio_chassis_unref(session.chassis);
        vio_ctx_unref(session.ctx);
        _exit(live == before ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &outcome, 0), child);
    assert_true(WIFEXITED(outcome));
    assert_int_equal(WEXITSTATUS(outcome), 0);
    vio_subscription_unref(subscription);
    vio_req_unref(req);
    session_close(&session);
}

static void a_forked_child_is_refused(void **state)
{
    struct vio_subscription *subscription;
    struct session session;
    int outcome;
    pid_t child;

    (void)state;
    session_open(&session);
    assert_int_equal(vio_subscription_new(session.chassis, 4, &subscription), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(calls_of_a_child(session.chassis, subscription));
    assert_int_equal(waitpid(child, &outcome, 0), child);
    assert_true(WIFEXITED(outcome));
    assert_int_equal(WEXITSTATUS(outcome), 0);
    vio_subscription_unref(subscription);
    session_close(&session);
}

static void an_opening_can_be_canceled(void **state)
{
    struct vio_ctx *ctx;

    (void)state;
    assert_int_equal(vio_ctx_new(NULL, &ctx), 0);
    for (int i = 0; i < 20; i++) {
        struct vio_req *req;
        int status;

        assert_int_equal(vio_chassis_open(ctx, SIM, NULL, NULL, NULL, &req), 0);
        assert_int_equal(vio_req_cancel(req), 0);
        status = session_end(0, &req);
        assert_true(status == 0 || status == VIO_ECANCELED);
    }
    assert_int_equal(vio_ctx_stop(ctx), 0);
    vio_ctx_unref(ctx);
}

/* Requests that do nothing, one after the other: each takes one round of the loop. After `left` of
 * them the context closes, in the middle of whatever else is under way. */
struct hops {
    struct vio_ctx *ctx;
    int left;
    int taken;
    struct vio_req *closing;
};

static void hop(struct vio_req *req, int status, void *user)
{
    struct hops *hops = user;

    (void)req;
    (void)status;
    hops->taken++;
    if (--hops->left == 0)
        assert_int_equal(vio_ctx_close(hops->ctx, NULL, NULL, &hops->closing), 0);
    else if (hops->left > 0)
        assert_int_equal(vio_chassis_open(hops->ctx, "none", NULL, hop, hops, NULL), 0);
}

/* Opens a chassis beside `left` hops; returns how many were taken when it was open. */
static int open_beside_hops(int left, atomic_long *live)
{
    struct hops hops = {.ctx = counted_ctx(VIO_DRIVE_POLL, live), .left = left};
    struct vio_req *opening;

    assert_int_equal(vio_chassis_open(hops.ctx, "sim:", NULL, NULL, NULL, &opening), 0);
    assert_int_equal(vio_chassis_open(hops.ctx, "none", NULL, hop, &hops, NULL), 0);
    assert_int_equal(vio_req_wait(opening, 20000), 0);
    left = hops.taken;
    hops.left = 0;
    vio_req_unref(opening);
    if (hops.closing == NULL)
        assert_int_equal(vio_ctx_stop(hops.ctx), 0);
    else
        assert_int_equal(vio_req_wait(hops.closing, 20000), 0);
    vio_req_unref(hops.closing);
    vio_ctx_unref(hops.ctx);
    return left;
}

static void a_context_closes_at_any_moment_of_an_opening(void **state)
{
    atomic_long live = 0;
    int taken = open_beside_hops(INT_MAX, &live);

    (void)state;
    assert_int_equal(live, 0);
    for (int left = 1; left <= taken; left++) {
        open_beside_hops(left, &live);
        assert_int_equal(live, 0);
    }
}

static void registers_and_config_spaces_are_read(void **state)
{
    struct session session;
    struct vio_req *req;
    uint64_t offset = 0;
    size_t size = 0;
    const struct vio_register *reg = vio_register_find("global.boot_id", &offset);
    char text[64];

    (void)state;
    assert_non_null(reg);
    assert_string_equal(vio_register_block(reg), "GLOBAL");
    assert_string_equal(vio_register_name(reg), "BOOT_ID");
    assert_int_equal(vio_register_size(reg), 8);
    assert_int_equal(vio_register_offset(reg), offset);
    assert_ptr_equal(vio_register_find_offset(offset, NULL), reg);
    assert_non_null(vio_register_at(0));
    assert_null(vio_register_at(vio_register_count()));
    session_open(&session);
    assert_int_equal(vio_device_read(session.chassis, offset, 8, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, -1), 0);
    assert_int_equal(vio_req_status(req), 0);
    assert_non_null(vio_req_get_data(req, &size));
    assert_int_equal(size, 8);
    assert_true(vio_register_decode(reg, vio_req_get_data(req, NULL), text, sizeof(text)) > 0);
    vio_req_unref(req);
    assert_int_equal(
        vio_device_config(session.chassis, VIO_CONFIG_CHASSIS, 0, 0, 256, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, -1), 0);
    assert_int_equal(vio_req_status(req), 0);
    assert_int_equal(vio_req_get_data(req, &size)[0], 0x68);
    vio_req_unref(req);
    assert_int_equal(vio_device_read(session.chassis, 2, 4, NULL, NULL, &req), VIO_EINVAL);
    assert_int_equal(vio_device_read(session.chassis, 0, 65540, NULL, NULL, &req), VIO_EINVAL);
    assert_int_equal(vio_device_write(session.chassis, 0, 0, 3, NULL, NULL, &req), VIO_EINVAL);
    session_close(&session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_uris_are_told_apart),
        cmocka_unit_test(configurations_check_what_they_are_given),
        cmocka_unit_test(an_owner_is_named_to_readers),
        cmocka_unit_test(a_closed_chassis_refuses_every_call),
        cmocka_unit_test(closing_ends_what_is_under_way),
        cmocka_unit_test(snapshots_are_read_on_any_thread_after_all_is_closed),
        cmocka_unit_test(the_context_may_be_given_up_before_the_chassis),
        cmocka_unit_test(a_dispatched_context_goes_with_its_last_chassis),
        cmocka_unit_test(a_forked_child_is_refused),
        cmocka_unit_test(a_forked_child_gives_up_without_freeing),
        cmocka_unit_test(an_opening_can_be_canceled),
        cmocka_unit_test(a_context_closes_at_any_moment_of_an_opening),
        cmocka_unit_test(registers_and_config_spaces_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
