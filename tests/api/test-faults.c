/* SPDX-License-Identifier: MIT */
/*
 * A user's whole day on a chassis that fails: each command, completion, event and interrupt lost,
 * late, corrupt or doubled in turn, and hardware that goes away in the middle of each command.
 *
 * Whatever happens, every request ends with success or a named error, what was acknowledged is what
 * the chassis reports afterwards, what failed left things as they were, and no identity is live
 * twice.
 */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/api/hand.h"

#define URI       "sim:?time=virtual&seed=7"
#define DELAY_NS  20000000u /* a late entry */
#define SERVER_1  "server1"
#define SERVER_2  "server2"
#define NOT_THERE "-"

/* What the user may believe of vAdapter "web0". */
struct belief {
    bool there;
    bool enabled;
    uint16_t vlan;
    const char *server; /* "" while detached */
};

struct day {
    struct hand hand;
    struct belief now;
    bool doubt; /* a step ended in doubt: only its two outcomes are possible */
    struct belief other;
};

/* -- The day: eight steps ---------------------------------------------------------------------- */

static int create(struct day *day, struct vio_req **ret_req)
{
    struct vio_vadapter_spec *spec;
    struct vio_address mac;
    int status;

    assert_int_equal(vio_address_parse("02:00:00:00:00:77", VIO_ADDRESS_MAC48, &mac), 0);
    assert_int_equal(vio_vadapter_spec_new(&spec), 0);
    assert_int_equal(vio_vadapter_spec_set_name(spec, "web0"), 0);
    assert_int_equal(vio_vadapter_spec_set_kind(spec, VIO_VADAPTER_VNIC), 0);
    assert_int_equal(vio_vadapter_spec_set_server(spec, SERVER_1), 0);
    assert_int_equal(vio_vadapter_spec_set_adapter(spec, "slot1"), 0);
    assert_int_equal(vio_vadapter_spec_set_address(spec, &mac), 0);
    status = vio_vadapter_create(day->hand.chassis, spec, NULL, NULL, ret_req);
    vio_vadapter_spec_free(spec);
    return status;
}

static int disable(struct day *day, struct vio_req **ret_req)
{
    return vio_vadapter_disable(day->hand.chassis, "web0", NULL, NULL, ret_req);
}

static int enable(struct day *day, struct vio_req **ret_req)
{
    return vio_vadapter_enable(day->hand.chassis, "web0", NULL, NULL, ret_req);
}

static int set_vlan(struct day *day, struct vio_req **ret_req)
{
    struct vio_vadapter_spec *spec;
    int status;

    assert_int_equal(vio_vadapter_spec_new(&spec), 0);
    assert_int_equal(vio_vadapter_spec_set_vlan_access(spec, 42), 0);
    status = vio_vadapter_set(day->hand.chassis, "web0", spec, NULL, NULL, ret_req);
    vio_vadapter_spec_free(spec);
    return status;
}

static int detach(struct day *day, struct vio_req **ret_req)
{
    return vio_vadapter_detach(day->hand.chassis, "web0", false, NULL, NULL, ret_req);
}

static int attach(struct day *day, struct vio_req **ret_req)
{
    return vio_vadapter_attach(day->hand.chassis, "web0", SERVER_2, NULL, NULL, ret_req);
}

static int delete (struct day *day, struct vio_req **ret_req)
{
    return vio_vadapter_remove(day->hand.chassis, "web0", NULL, NULL, ret_req);
}

static const struct step {
    const char *name;
    int (*start)(struct day *day, struct vio_req **ret_req);
    struct belief before, after;
} steps[] = {
    {"create", create, {false, false, 0, NOT_THERE}, {true, true, 0, SERVER_1}},
    {"disable", disable, {true, true, 0, SERVER_1}, {true, false, 0, SERVER_1}},
    {"enable", enable, {true, false, 0, SERVER_1}, {true, true, 0, SERVER_1}},
    {"set", set_vlan, {true, true, 0, SERVER_1}, {true, true, 42, SERVER_1}},
    {"detach", detach, {true, true, 42, SERVER_1}, {true, true, 42, ""}},
    {"attach", attach, {true, true, 42, ""}, {true, true, 42, SERVER_2}},
    {"detach again", detach, {true, true, 42, SERVER_2}, {true, true, 42, ""}},
    {"remove", delete, {true, true, 42, ""}, {false, false, 0, NOT_THERE}},
};

#define STEPS (sizeof steps / sizeof *steps)

static bool same(const struct belief *a, const struct belief *b)
{
    return a->there == b->there && (!a->there || (a->enabled == b->enabled && a->vlan == b->vlan &&
                                                  strcmp(a->server, b->server) == 0));
}

static struct belief look(const struct vio_inventory *inventory)
{
    const struct vio_vadapter *web0 = vio_inventory_find_vadapter(inventory, "web0");
    const char *server = web0 != NULL ? vio_vadapter_server(web0) : NOT_THERE;

    if (web0 == NULL || vio_vadapter_state(web0) == VIO_VADAPTER_STATE_LOST)
        return (struct belief){.server = NOT_THERE};
    return (struct belief){true, vio_vadapter_is_enabled(web0), vio_vadapter_vlan(web0),
                           strcmp(server, SERVER_1) == 0   ? SERVER_1
                           : strcmp(server, SERVER_2) == 0 ? SERVER_2
                                                           : ""};
}

/* Reading may fail for as long as a fault is armed, but not for ever. */
static struct vio_inventory *observe_at_last(struct day *day)
{
    for (int tries = 0; tries < 20; tries++) {
        struct vio_inventory *inventory = hand_observe(&day->hand);

        if (inventory != NULL)
            return inventory;
    }
    fail_msg("the chassis cannot be read any more");
    return NULL;
}

static void check_belief(struct day *day, const char *where)
{
    struct vio_inventory *inventory = observe_at_last(day);
    struct belief seen = look(inventory);

    if (!same(&seen, &day->now) && !(day->doubt && same(&seen, &day->other)))
        fail_msg("%s: acknowledged %d/%d/%u/%s, there is %d/%d/%u/%s", where, day->now.there,
                 day->now.enabled, day->now.vlan, day->now.server, seen.there, seen.enabled,
                 seen.vlan, seen.server);
    assert_int_equal(vio_inventory_num_functions(inventory), seen.there ? 1 : 0);
    assert_int_equal(viosim_stat(day->hand.sim, VIOSIM_STAT_LIVE_TWICE), 0);
    day->now = seen;
    day->doubt = false;
    vio_inventory_unref(inventory);
}

static void run_step(struct day *day, const struct step *step)
{
    struct vio_req *req = NULL;
    int started, status;

    if (!same(&day->now, &step->before))
        return; /* an earlier step failed */
    started = step->start(day, &req);
    status = hand_finish(&day->hand, started, req);
    if (status == 0)
        day->now = step->after;
    day->doubt = status == VIO_EINDOUBT;
    day->other = step->after;
    check_belief(day, step->name);
}

/* Takes web0 away, whatever the faults left of it. */
static void clean_up(struct day *day)
{
    struct vio_req *req = NULL;

    if (day->now.there && day->now.server[0] != '\0') {
        int started = vio_vadapter_detach(day->hand.chassis, "web0", true, NULL, NULL, &req);

        assert_int_equal(hand_finish(&day->hand, started, req), 0);
    }
    if (day->now.there) {
        int started = delete (day, &req);

        assert_int_equal(hand_finish(&day->hand, started, req), 0);
    }
    assert_int_equal(viosim_stat(day->hand.sim, VIOSIM_STAT_FUNCTIONS), 0);
}

static void begin(struct day *day)
{
    memset(day, 0, sizeof *day);
    day->now = steps[0].before;
    hand_open(&day->hand, URI);
    assert_non_null(day->hand.sim);
}

/* -- Each entry lost, late, corrupt, doubled --------------------------------------------------- */

static uint32_t entries_of_a_day(enum viosim_what what)
{
    static const enum viosim_stat stats[] = {
        [VIOSIM_COMMAND] = VIOSIM_STAT_COMMANDS,
        [VIOSIM_COMPLETION] = VIOSIM_STAT_COMPLETIONS,
        [VIOSIM_EVENT] = VIOSIM_STAT_EVENTS,
        [VIOSIM_INTERRUPT] = VIOSIM_STAT_INTERRUPTS,
    };
    struct day day;
    uint64_t before;

    begin(&day);
    before = viosim_stat(day.hand.sim, stats[what]);
    for (size_t i = 0; i < STEPS; i++)
        run_step(&day, &steps[i]);
    before = viosim_stat(day.hand.sim, stats[what]) - before;
    assert_true(before > 0);
    hand_close(&day.hand);
    return (uint32_t)before;
}

static void one_mishap(enum viosim_what what, enum viosim_mishap mishap, uint32_t skip)
{
    struct day day;

    begin(&day);
    assert_int_equal(viosim_mishap(day.hand.sim, what, mishap, skip, 1, DELAY_NS), 0);
    for (size_t i = 0; i < STEPS; i++)
        run_step(&day, &steps[i]);
    viosim_mishap(day.hand.sim, what, mishap, 0, 0, 0);
    clean_up(&day);
    hand_close(&day.hand);
}

static void every_mishap(enum viosim_what what)
{
    uint32_t entries = entries_of_a_day(what);
    uint32_t stride = entries / test_rounds(24) + 1; /* all of them in 24 rounds at the most */

    for (int mishap = VIOSIM_LOST; mishap <= VIOSIM_DOUBLED; mishap++)
        for (uint32_t skip = 0; skip < entries; skip += stride)
            one_mishap(what, (enum viosim_mishap)mishap, skip);
}

static void a_day_without_faults_goes_as_planned(void **state)
{
    struct day day;

    (void)state;
    begin(&day);
    for (size_t i = 0; i < STEPS; i++) {
        run_step(&day, &steps[i]);
        assert_true(same(&day.now, &steps[i].after));
    }
    clean_up(&day);
    hand_close(&day.hand);
}

static void commands_may_be_lost_late_corrupt_or_doubled(void **state)
{
    (void)state;
    every_mishap(VIOSIM_COMMAND);
}

static void completions_may_be_lost_late_corrupt_or_doubled(void **state)
{
    (void)state;
    every_mishap(VIOSIM_COMPLETION);
}

static void events_may_be_lost_late_corrupt_or_doubled(void **state)
{
    (void)state;
    every_mishap(VIOSIM_EVENT);
}

static void interrupts_may_be_lost_late_corrupt_or_doubled(void **state)
{
    (void)state;
    every_mishap(VIOSIM_INTERRUPT);
}

/* -- Hardware that goes away in the middle of a command ---------------------------------------- */

struct strike {
    void (*hit)(struct viosim *sim);
    void (*mend)(struct viosim *sim);
    uint64_t at; /* after this many commands */
    bool done;
};

static void pull_adapter(struct viosim *sim)
{
    assert_int_equal(viosim_adapter_pull(sim, "slot1"), 0);
}

static void insert_adapter(struct viosim *sim)
{
    char error[VIOSIM_TEXT_SIZE];

    assert_int_equal(viosim_adapter_insert(sim, "slot1", NULL, error, sizeof error), 0);
}

static void cut_power(struct viosim *sim)
{
    assert_int_equal(viosim_server_power(sim, SERVER_1, 0), 0);
}

static void restore_power(struct viosim *sim)
{
    assert_int_equal(viosim_server_power(sim, SERVER_1, 1), 0);
}

static void cut_link(struct viosim *sim)
{
    assert_int_equal(viosim_link_set(sim, "server1/0", 0), 0);
}

static void restore_link(struct viosim *sim)
{
    assert_int_equal(viosim_link_set(sim, "server1/0", 1), 0);
}

static void nothing(struct viosim *sim)
{
    (void)sim;
}

static void strike_in_time(struct hand *hand, void *user)
{
    struct strike *strike = user;

    if (strike->done || viosim_stat(hand->sim, VIOSIM_STAT_COMMANDS) < strike->at)
        return;
    strike->done = true;
    strike->hit(hand->sim);
}

/* What is true after the hardware came back is read from the chassis: requests may have failed. */
static void one_strike(void (*hit)(struct viosim *), void (*mend)(struct viosim *), uint64_t after)
{
    struct day day;
    struct strike strike = {.hit = hit, .mend = mend};

    begin(&day);
    viosim_slow(day.hand.sim, 1000000);
    strike.at = viosim_stat(day.hand.sim, VIOSIM_STAT_COMMANDS) + after;
    day.hand.user = &strike;
    day.hand.between = strike_in_time;
    for (size_t i = 0; i < STEPS; i++)
        run_step(&day, &steps[i]);
    day.hand.between = NULL;
    viosim_slow(day.hand.sim, 0);
    strike.mend(day.hand.sim);
    check_belief(&day, "after the hardware came back");
    clean_up(&day);
    hand_close(&day.hand);
}

static void every_strike(void (*hit)(struct viosim *), void (*mend)(struct viosim *))
{
    uint32_t commands = entries_of_a_day(VIOSIM_COMMAND);
    uint32_t stride = commands / test_rounds(40) + 1;

    for (uint32_t after = 0; after < commands; after += stride)
        one_strike(hit, mend, after);
}

static void an_adapter_may_be_pulled_in_the_middle_of_each_command(void **state)
{
    (void)state;
    every_strike(pull_adapter, insert_adapter);
}

static void a_server_may_lose_power_in_the_middle_of_each_command(void **state)
{
    (void)state;
    every_strike(cut_power, restore_power);
}

static void a_link_may_go_down_in_the_middle_of_each_command(void **state)
{
    (void)state;
    every_strike(cut_link, restore_link);
}

/* -- Everything gone ----------------------------------------------------------------------------
 */

/* Functions are gone after these: web0 is lost or removed, and a new day can begin. */
static void one_reset(void (*hit)(struct viosim *), uint64_t after)
{
    struct day day;
    struct strike strike = {.hit = hit, .mend = nothing};
    struct vio_inventory *inventory;
    struct vio_req *req = NULL;

    begin(&day);
    viosim_slow(day.hand.sim, 1000000);
    strike.at = viosim_stat(day.hand.sim, VIOSIM_STAT_COMMANDS) + after;
    day.hand.user = &strike;
    day.hand.between = strike_in_time;
    for (size_t i = 0; i < STEPS && !strike.done; i++) {
        int started = steps[i].start(&day, &req);

        hand_finish(&day.hand, started, req);
    }
    day.hand.between = NULL;
    viosim_slow(day.hand.sim, 0);
    inventory = observe_at_last(&day);
    assert_int_equal(vio_inventory_num_functions(inventory),
                     viosim_stat(day.hand.sim, VIOSIM_STAT_FUNCTIONS));
    vio_inventory_unref(inventory);
    assert_int_equal(viosim_stat(day.hand.sim, VIOSIM_STAT_LIVE_TWICE), 0);
    hand_close(&day.hand);
}

static void every_reset(void (*hit)(struct viosim *))
{
    uint32_t commands = entries_of_a_day(VIOSIM_COMMAND);
    uint32_t stride = commands / test_rounds(40) + 1;

    for (uint32_t after = 0; after < commands; after += stride)
        one_reset(hit, after);
}

static void the_vpc_may_be_reset_in_the_middle_of_each_command(void **state)
{
    (void)state;
    every_reset(viosim_vpc_reset);
}

static void the_chassis_may_lose_power_in_the_middle_of_each_command(void **state)
{
    (void)state;
    every_reset(viosim_power_cycle);
}

static void a_stuck_device_ends_in_time_outs_and_comes_back(void **state)
{
    struct day day;
    struct vio_req *req = NULL;
    int started, status;

    (void)state;
    begin(&day);
    viosim_stick(day.hand.sim, 1);
    started = create(&day, &req);
    status = hand_finish(&day.hand, started, req);
    assert_true(status == VIO_ETIMEDOUT || status == VIO_EINDOUBT || status == VIO_EDEVICE);
    viosim_stick(day.hand.sim, 0);
    day.doubt = true;
    day.other = steps[0].after;
    check_belief(&day, "after the device came back");
    clean_up(&day);
    hand_close(&day.hand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_without_faults_goes_as_planned),
        cmocka_unit_test(commands_may_be_lost_late_corrupt_or_doubled),
        cmocka_unit_test(completions_may_be_lost_late_corrupt_or_doubled),
        cmocka_unit_test(events_may_be_lost_late_corrupt_or_doubled),
        cmocka_unit_test(interrupts_may_be_lost_late_corrupt_or_doubled),
        cmocka_unit_test(an_adapter_may_be_pulled_in_the_middle_of_each_command),
        cmocka_unit_test(a_server_may_lose_power_in_the_middle_of_each_command),
        cmocka_unit_test(a_link_may_go_down_in_the_middle_of_each_command),
        cmocka_unit_test(the_vpc_may_be_reset_in_the_middle_of_each_command),
        cmocka_unit_test(the_chassis_may_lose_power_in_the_middle_of_each_command),
        cmocka_unit_test(a_stuck_device_ends_in_time_outs_and_comes_back),
    };

    return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}
