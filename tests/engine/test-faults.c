/* SPDX-License-Identifier: MIT */
/* Each kind of change, with each kind of fault at each of its steps: afterwards it has happened, or
 * everything is as it was, and the next change works. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/diff.h"
#include "tests/engine/fixture.h"

struct scenario {
    const char *name;
    enum vio_edit edit;
    const char *target, *server;
    bool described; /* takes the description of that name */
};

/* "att" is in server1, "det" is detached. */
static const struct scenario scenarios[] = {
    {"create detached", VIO_EDIT_CREATE, NULL, NULL, true},
    {"create attached", VIO_EDIT_CREATE, NULL, NULL, true},
    {"attach", VIO_EDIT_ATTACH, "det", "server2", false},
    {"detach", VIO_EDIT_DETACH, "att", NULL, false},
    {"set of a detached one", VIO_EDIT_SET, "det", NULL, true},
    {"set of an attached one", VIO_EDIT_SET, "att", NULL, true},
    {"remove", VIO_EDIT_REMOVE, "det", NULL, false},
};

#define SCENARIOS (sizeof(scenarios) / sizeof(scenarios[0]))

static struct vio_vadapter_spec *describe(size_t which)
{
    struct vio_vadapter_spec *spec;
    struct vio_address mac = {.kind = VIO_ADDRESS_MAC48, .length = 6, .bytes = {2, 0, 0, 0, 0, 9}};

    if (!scenarios[which].described)
        return NULL;
    if (scenarios[which].edit == VIO_EDIT_CREATE)
        return fixture_vnic("new", "nic1", which == 1 ? "server2" : NULL);
    assert_int_equal(vio__spec_new(NULL, &spec), 0);
    assert_int_equal(vio__spec_set_name(spec, "renamed"), 0);
    assert_int_equal(vio__spec_set_address(spec, &mac), 0);
    assert_int_equal(vio__spec_set_vlan_access(spec, 7), 0);
    assert_int_equal(vio__spec_set_enabled(spec, false), 0);
    assert_int_equal(vio__spec_set_label(spec, "tier", "web"), 0);
    return spec;
}

static void populate(struct fixture *fixture)
{
    struct vio_vadapter_spec *attached = fixture_vnic("att", "nic0", "server1");
    struct vio_vadapter_spec *detached = fixture_vnic("det", "nic0", NULL);

    assert_int_equal(fixture_change(fixture, VIO_EDIT_CREATE, NULL, NULL, attached), 0);
    assert_int_equal(fixture_change(fixture, VIO_EDIT_CREATE, NULL, NULL, detached), 0);
    vio__spec_free(attached);
    vio__spec_free(detached);
    fixture->fake.steps = 0;
}

/* All that users see of a snapshot, as text. */
static void print(struct fixture *fixture, char *text, size_t size)
{
    struct vio_inventory *inventory;
    size_t used = 0;

    assert_int_equal(fixture_observe(fixture, &inventory), 0);
    for (size_t i = 0; i < vio__inventory_count(inventory, VIO_NOUN_VADAPTER); i++) {
        const struct vio_vadapter *v = vio__inventory_at(inventory, VIO_NOUN_VADAPTER, i);
        const struct vio_vadapter_info *info = vio__vadapter_info(v);

        used += (size_t)snprintf(text + used, size - used, "%s %d '%s' %s %02x%02x %d %d %zu;",
                                 info->name, (int)vio__vadapter_state(v), vio__vadapter_server(v),
                                 vio__vadapter_adapter(v), info->address.bytes[4],
                                 info->address.bytes[5], info->vlan.vlan, info->enabled,
                                 info->labels.count);
    }
    snprintf(text + used, size - used, " functions %zu",
             vio__inventory_count(inventory, VIO_NOUN_FUNCTION));
    vio__inventory_unref(inventory);
}

/* Desired and actual state agree. */
static void check_no_drift(struct fixture *fixture)
{
    struct vio_inventory *inventory;

    assert_int_equal(fixture_observe(fixture, &inventory), 0);
    assert_int_equal(vio__inventory_count(inventory, VIO_NOUN_VADAPTER),
                     fake_count(&fixture->fake));
    for (size_t i = 0; i < vio__inventory_count(inventory, VIO_NOUN_VADAPTER); i++) {
        const struct vio_vadapter *v = vio__inventory_at(inventory, VIO_NOUN_VADAPTER, i);
        struct vio_function_info desired;
        struct vio_diff diff;

        vio__vadapter_function(vio__vadapter_info(v), &desired);
        vio__diff(&desired, vio__vadapter_actual(v), &diff);
        assert_int_equal(diff.count, 0);
    }
    vio__inventory_unref(inventory);
}

static struct vio_req *submit(struct fixture *fixture, size_t which)
{
    const struct scenario *scenario = &scenarios[which];
    struct vio_vadapter_spec *spec = describe(which);
    struct vio_req *req =
        fixture_submit(fixture, scenario->edit, scenario->target, scenario->server, spec);

    vio__spec_free(spec);
    return req;
}

static unsigned count_steps(size_t which)
{
    struct fixture fixture;
    struct vio_req *req;
    unsigned steps;

    fixture_ready(&fixture);
    populate(&fixture);
    req = submit(&fixture, which);
    assert_int_equal(fixture_finish(&fixture, req), 0);
    steps = fixture.fake.steps;
    check_no_drift(&fixture);
    vio__req_unref(req);
    fixture_drop(&fixture);
    return steps;
}

static bool works_in_the_end(enum fake_fault fault)
{
    return fault == FAKE_WORKS || fault == FAKE_ANSWERED_LATE || fault == FAKE_DOUBT_DONE;
}

static void run_fault(size_t which, enum fake_fault fault, unsigned at)
{
    struct fixture fixture;
    struct vio_req *req;
    char before[1024], after[1024];
    int status;

    fixture_ready(&fixture);
    populate(&fixture);
    print(&fixture, before, sizeof(before));
    fixture.fake.fault = fault;
    fixture.fake.fault_at = at;
    req = submit(&fixture, which);
    status = fixture_finish(&fixture, req);
    if (works_in_the_end(fault) != (status == 0))
        fail_msg("%s, fault %d at %u: %d %s", scenarios[which].name, (int)fault, at, status,
                 vio_req_message(req));
    vio__req_unref(req);
    print(&fixture, after, sizeof(after));
    if (status != 0)
        assert_string_equal(before, after);
    check_no_drift(&fixture);
    if (status != 0) {
        req = submit(&fixture, which);
        assert_int_equal(fixture_finish(&fixture, req), 0);
        vio__req_unref(req);
        check_no_drift(&fixture);
    }
    fixture_drop(&fixture);
}

static void each_fault_at_each_step_is_whole_or_nothing(void **state)
{
    (void)state;
    for (size_t which = 0; which < SCENARIOS; which++) {
        unsigned steps = count_steps(which);

        assert_true(steps > 0);
        for (enum fake_fault fault = FAKE_WORKS; fault < FAKE_FAULTS; fault++)
            for (unsigned at = 0; at < steps; at++)
                run_fault(which, fault, at);
    }
}

static void a_change_nobody_can_tell_of_blocks_until_the_next_observation(void **state)
{
    (void)state;
    for (size_t which = 0; which < SCENARIOS; which++) {
        for (int done = 0; done < 2; done++) {
            struct fixture fixture;
            struct vio_inventory *inventory;
            struct vio_req *req;
            char before[1024], after[1024];

            fixture_ready(&fixture);
            populate(&fixture);
            print(&fixture, before, sizeof(before));
            fixture.fake.fault = done ? FAKE_DOUBT_DONE : FAKE_DOUBT_LOST;
            fixture.fake.fault_at = 0;
            fixture.fake.read_status = VIO_ETRANSPORT;
            req = submit(&fixture, which);
            assert_int_equal(fixture_finish(&fixture, req), VIO_EINDOUBT);
            vio__req_unref(req);
            assert_int_not_equal(fixture_observe(&fixture, &inventory), 0);

            fixture.fake.read_status = 0;
            fixture.fake.fault_at = UINT_MAX;
            req = submit(&fixture, which);
            assert_int_equal(fixture_finish(&fixture, req), VIO_EBLOCKED);
            vio__req_unref(req);
            print(&fixture, after, sizeof(after));
            assert_string_equal(before, after);
            check_no_drift(&fixture);
            req = submit(&fixture, which);
            assert_int_equal(fixture_finish(&fixture, req), 0);
            vio__req_unref(req);
            check_no_drift(&fixture);
            fixture_drop(&fixture);
        }
    }
}

/* Submits with the nth allocation refused; false when that many are not needed. */
static bool run_without_memory(size_t which, unsigned at)
{
    struct fixture fixture;
    struct vio_req *req;
    char before[1024], after[1024];
    bool reached;
    int status;

    fixture_ready(&fixture);
    populate(&fixture);
    print(&fixture, before, sizeof(before));
    fixture.refuse_at = fixture.allocations + at;
    req = submit(&fixture, which);
    status = req ? fixture_finish(&fixture, req) : VIO_ENOMEM;
    reached = fixture.allocations > fixture.refuse_at;
    fixture.refuse_at = UINT_MAX;
    assert_true(status == 0 || status == VIO_ENOMEM);
    vio__req_unref(req);
    print(&fixture, after, sizeof(after));
    assert_true((strcmp(before, after) == 0) == (status != 0));
    check_no_drift(&fixture);
    fixture_drop(&fixture);
    return reached;
}

static void a_change_without_memory_is_whole_or_nothing(void **state)
{
    (void)state;
    for (size_t which = 0; which < SCENARIOS; which++) {
        unsigned at = 0;

        while (run_without_memory(which, at))
            at++;
        assert_true(at > 0);
    }
}

struct canceler {
    struct vio_req *req;
    unsigned at, seen;
};

static void cancel_at(void *user, const struct vio_step *step)
{
    struct canceler *canceler = user;

    (void)step;
    if (canceler->seen++ == canceler->at)
        vio__req_cancel(canceler->req);
}

static void a_change_canceled_at_any_step_leaves_what_was(void **state)
{
    (void)state;
    for (size_t which = 0; which < SCENARIOS; which++) {
        unsigned steps = count_steps(which);

        for (unsigned at = 0; at < steps; at++) {
            struct canceler canceler = {.at = at};
            struct fixture fixture;
            char before[1024], after[1024];

            fixture_ready(&fixture);
            populate(&fixture);
            print(&fixture, before, sizeof(before));
            canceler.req = submit(&fixture, which);
            fixture.fake.stepping = cancel_at;
            fixture.fake.user = &canceler;
            assert_int_equal(fixture_finish(&fixture, canceler.req), VIO_ECANCELED);
            fixture.fake.stepping = NULL;
            vio__req_unref(canceler.req);
            print(&fixture, after, sizeof(after));
            assert_string_equal(before, after);
            check_no_drift(&fixture);
            fixture_drop(&fixture);
        }
    }
}

/* Canceled after so many turns of the loop, wherever it is then. */
static void a_change_canceled_at_any_time_is_whole_or_nothing(void **state)
{
    (void)state;
    for (size_t which = 0; which < SCENARIOS; which++) {
        for (unsigned turns = 0; turns < 24; turns++) {
            struct fixture fixture;
            struct vio_req *req;
            char before[1024], after[1024];
            int status;

            fixture_ready(&fixture);
            populate(&fixture);
            print(&fixture, before, sizeof(before));
            req = submit(&fixture, which);
            for (unsigned i = 0; i < turns; i++)
                assert_int_equal(vio__loop_dispatch(fixture.loop), 0);
            vio__req_cancel(req);
            status = fixture_finish(&fixture, req);
            assert_true(status == 0 || status == VIO_ECANCELED);
            vio__req_unref(req);
            print(&fixture, after, sizeof(after));
            assert_true((strcmp(before, after) == 0) == (status != 0));
            check_no_drift(&fixture);
            fixture_drop(&fixture);
        }
    }
}

static void closing_at_any_time_ends_the_change_and_leaves_nothing_half_made(void **state)
{
    (void)state;
    for (size_t which = 0; which < SCENARIOS; which++) {
        for (unsigned turns = 0; turns < 24; turns++) {
            struct fixture fixture;
            struct vio_req *req;
            unsigned before;
            int status;

            fixture_ready(&fixture);
            populate(&fixture);
            before = fake_count(&fixture.fake);
            req = submit(&fixture, which);
            for (unsigned i = 0; i < turns; i++)
                assert_int_equal(vio__loop_dispatch(fixture.loop), 0);
            fixture_close(&fixture);
            status = fixture_finish(&fixture, req);
            assert_true(status == 0 || status == VIO_ECLOSED);
            if (status != 0)
                assert_int_equal(fake_count(&fixture.fake), before);
            vio__req_unref(req);
            assert_false(fixture.fake.owned);
            fixture_drop(&fixture);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_at_each_step_is_whole_or_nothing),
        cmocka_unit_test(a_change_nobody_can_tell_of_blocks_until_the_next_observation),
        cmocka_unit_test(a_change_without_memory_is_whole_or_nothing),
        cmocka_unit_test(a_change_canceled_at_any_step_leaves_what_was),
        cmocka_unit_test(a_change_canceled_at_any_time_is_whole_or_nothing),
        cmocka_unit_test(closing_at_any_time_ends_the_change_and_leaves_nothing_half_made),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
