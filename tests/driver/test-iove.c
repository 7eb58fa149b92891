/* SPDX-License-Identifier: MIT */
/* The driver on a software chassis in which nothing goes wrong. */
#include <string.h>

#include "lib/driver/device.h"
#include "lib/hw/regs.h"
#include "lib/hw/wire.h"
#include "tests/support/board.h"
#include "tests/support/test.h"

#define URI "sim:?time=virtual&seed=1"
#define S   BOARD_SECOND

static void open_shows_the_whole_chassis(void **state)
{
    struct board board;
    struct vio_observation *o;

    (void)state;
    board_open(&board, URI);
    assert_int_equal(board_observe(&board, &o), 0);
    assert_string_equal(o->chassis.name, "vio-4000");
    assert_int_equal(o->num_servers, 16);
    assert_int_equal(o->num_adapters, 8);
    assert_int_equal(o->num_functions, 0);
    assert_string_equal(o->servers[15].name, "server16");
    assert_string_equal(o->adapters[0].name, "slot1");
    assert_int_equal(o->adapters[0].kind, VIO_VADAPTER_VNIC);
    assert_int_equal(o->adapters[0].sharing, VIO_SHARING_SRIOV);
    assert_int_equal(o->servers[0].paths, 2);
    assert_int_equal(o->ports[o->servers[0].port[1]].type, VIO_PORT_SERVER);
    assert_int_equal(o->chassis.lease, 0);
    vio__observation_unref(o);
    board_close(&board);
}

static void a_function_lives_from_create_to_destroy(void **state)
{
    struct board board;
    struct vio_function_info f;
    struct vio_outcome out;
    struct vio_step step = board_create(1);
    uint32_t index;

    (void)state;
    board_open(&board, URI);
    assert_int_equal(board_claim(&board, false), 0);
    assert_true(board.ops->owns(board.driver));
    out = board_step(&board, &step, S);
    assert_string_equal(out.text, "");
    assert_int_equal(out.status, 0);
    index = out.index;

    step = board_bind(index, 0);
    assert_int_equal(board_step(&board, &step, S).status, 0);
    assert_int_equal(board_read(&board, index, &f), 0);
    assert_int_equal(f.state, VIO_FUNCTION_BOUND);
    assert_int_equal(f.server, 0);
    assert_string_equal(f.label, "web0");
    assert_memory_equal(f.cookie, board_create(1).function.cookie, 16);
    assert_int_equal(f.address.bytes[5], 1);

    step = board_simple(VIO_STEP_UNBIND, index);
    assert_int_equal(board_step(&board, &step, S).status, 0);
    step = board_simple(VIO_STEP_DESTROY, index);
    assert_int_equal(board_step(&board, &step, S).status, 0);
    assert_int_equal(board_read(&board, index, &f), VIO_ENOENT);
    assert_int_equal(board_functions(&board), 0);
    assert_int_equal(board.notices[VIO_NOTICE_FUNCTION_CREATED], 1);
    assert_int_equal(board.notices[VIO_NOTICE_FUNCTION_BOUND], 1);
    assert_int_equal(board.notices[VIO_NOTICE_FUNCTION_DESTROYED], 1);
    assert_int_equal(board.notices[VIO_NOTICE_OVERFLOW], 0);
    board_close(&board);
}

static void settings_are_read_back_as_they_were_set(void **state)
{
    struct board board;
    struct vio_function_info f;
    struct vio_step step = board_create(1);
    uint32_t index;

    (void)state;
    board_open(&board, URI);
    board_claim(&board, false);
    index = board_step(&board, &step, S).index;

    step = board_simple(VIO_STEP_SET_VLAN, index);
    step.function.vlan = (struct vio_vlan_config){.mode = VIO_VLAN_ACCESS, .vlan = 100};
    assert_int_equal(board_step(&board, &step, S).status, 0);
    step = board_simple(VIO_STEP_SET_QOS, index);
    step.function.qos = (struct vio_qos_config){.tx = {.pir = 5000000000, .pbs = 65536},
                                                .weight = 7,
                                                .traffic_class = 3,
                                                .rx_police = true};
    assert_string_equal(board_step(&board, &step, S).text, "");
    step = board_simple(VIO_STEP_SET_LABEL, index);
    step.function.cookie[3] = 9;
    memcpy(step.function.label, "gr\xc3\xbc\xc3\x9f", 7);
    assert_int_equal(board_step(&board, &step, S).status, 0);
    step = board_simple(VIO_STEP_SET_ENABLED, index);
    assert_int_equal(board_step(&board, &step, S).status, 0);
    step = board_simple(VIO_STEP_SET_IDENTITY, index);
    step.function.address = board_create(77).function.address;
    assert_int_equal(board_step(&board, &step, S).status, 0);

    assert_int_equal(board_read(&board, index, &f), 0);
    assert_int_equal(f.vlan.mode, VIO_VLAN_ACCESS);
    assert_int_equal(f.vlan.vlan, 100);
    assert_int_equal(f.qos.tx.pir, 5000000000);
    assert_int_equal(f.qos.weight, 7);
    assert_int_equal(f.qos.traffic_class, 3);
    assert_true(f.qos.rx_police && !f.qos.tx_police);
    assert_int_equal(f.cookie[3], 9);
    assert_string_equal(f.label, "gr\xc3\xbc\xc3\x9f");
    assert_false(f.enabled);
    assert_int_equal(f.address.bytes[5], 77);
    board_close(&board);
}

static void refusals_name_the_object_and_the_reason(void **state)
{
    struct board board;
    struct vio_step step = board_create(1);
    struct vio_outcome out;

    (void)state;
    board_open(&board, URI);
    out = board_step(&board, &step, S);
    assert_int_equal(out.status, VIO_ESTATE); /* nobody owns it */
    board_claim(&board, false);
    assert_int_equal(board_step(&board, &step, S).status, 0);
    out = board_step(&board, &step, S);
    assert_int_equal(out.status, VIO_EEXIST);
    assert_int_equal(out.device_status, VIO_HW_STATUS_EXISTS);
    assert_non_null(strstr(out.text, "slot 0"));
    step = board_simple(VIO_STEP_DESTROY, 900);
    out = board_step(&board, &step, S);
    assert_int_equal(out.status, VIO_ENOENT);
    assert_non_null(strstr(out.text, "function 900"));
    step = board_create(2);
    step.function.address = board_create(1).function.address;
    out = board_step(&board, &step, S);
    assert_int_equal(out.status, VIO_EDUPLICATE);
    step.action = VIO_STEP_UNKNOWN;
    assert_int_equal(board_step(&board, &step, S).status, VIO_EINVAL);
    board_close(&board);
}

static void ports_and_slots_are_switched(void **state)
{
    struct board board;
    struct vio_observation *o;
    struct vio_step step = board_simple(VIO_STEP_PORT, 0);

    (void)state;
    board_open(&board, URI);
    board_claim(&board, false);
    assert_int_equal(board_step(&board, &step, S).status, 0);
    step = board_simple(VIO_STEP_SLOT, 2);
    assert_int_equal(board_step(&board, &step, S).status, 0);
    assert_int_equal(board_observe(&board, &o), 0);
    assert_false(o->ports[0].enabled);
    assert_false(o->adapters[2].powered);
    vio__observation_unref(o);
    step.function.enabled = true;
    assert_int_equal(board_step(&board, &step, S).status, 0);
    assert_int_equal(board.notices[VIO_NOTICE_ADAPTER_REMOVED], 1);
    assert_int_equal(board.notices[VIO_NOTICE_ADAPTER_INSERTED], 1);
    assert_true(board.notices[VIO_NOTICE_PORT_DOWN] >= 1);
    board_close(&board);
}

static void an_outcome_is_known_by_its_tag_afterwards(void **state)
{
    struct board board;
    struct vio_step create = board_create(1);
    struct board_step step;
    struct vio_outcome out;

    (void)state;
    board_open(&board, URI);
    board_claim(&board, false);
    assert_int_equal(board_start(&board, &create, S, &step), 0);
    board_await(board.loop, &step.done);
    assert_int_equal(step.tag.number >= 1, 1);
    assert_int_equal(board_release(&board), 0);
    assert_false(board.ops->owns(board.driver));
    out = board_outcome(&board, step.tag);
    assert_int_equal(out.status, 0);
    assert_int_equal(out.index, step.outcome.index);
    step.tag.number += 1000;
    assert_int_equal(board_outcome(&board, step.tag).status, VIO_ENOENT);
    board_close(&board);
}

static void many_functions_are_read_in_pages(void **state)
{
    struct board board;
    static struct board_step steps[150];
    struct vio_observation *o;

    (void)state;
    board_open(&board, URI);
    board_claim(&board, false);
    for (unsigned i = 0; i < 150; i++) {
        struct vio_step step = board_create(i + 1);

        step.function.adapter = i % 3; /* two of them with 63 VFs, one that is proxied */
        assert_int_equal(board_start(&board, &step, S, &steps[i]), 0);
    }
    for (unsigned i = 0; i < 150; i++) {
        board_await(board.loop, &steps[i].done);
        if (i % 3 < 2 && steps[i].outcome.status)
            fail_msg("%u: %s", i, steps[i].outcome.text);
    }
    assert_int_equal(board_observe(&board, &o), 0);
    assert_in_range(o->num_functions, 100, 150);
    for (size_t i = 1; i < o->num_functions; i++)
        assert_true(o->functions[i].index > o->functions[i - 1].index);
    vio__observation_unref(o);
    board_close(&board);
}

static void two_clients_do_not_own_it_together(void **state)
{
    struct board board;

    (void)state;
    board_open(&board, URI);
    assert_int_equal(board_claim(&board, false), 0);
    assert_int_equal(board_claim(&board, false), VIO_ESTATE);
    assert_int_equal(board_release(&board), 0);
    assert_int_equal(board_release(&board), VIO_ESTATE);
    assert_int_equal(board_claim(&board, false), 0);
    board_close(&board);
}

/* -- Raw access -------------------------------------------------------------------------------- */

static void set_status(void *user, int status)
{
    int *at = user;

    *at = status;
}

static int raw(struct board *board, int *status, int started)
{
    if (started)
        return started;
    while (*status == 1)
        board_sleep(board->loop, 1000);
    return *status;
}

static void registers_are_read_and_written(void **state)
{
    struct board board;
    struct vio_device *device;
    const struct vio_device_ops *ops;
    uint8_t bytes[8] = {0};
    int s = 1;

    (void)state;
    board_open(&board, URI);
    device = board.ops->device(board.driver);
    ops = vio__device_ops(device);
    assert_int_equal(raw(&board, &s, ops->read(device, 0, bytes, 4, set_status, &s)), 0);
    assert_int_equal(vio__hw_get32(bytes), VIO_HW_MAGIC);
    assert_int_equal(ops->read(device, 2, bytes, 4, set_status, &s), VIO_EINVAL);
    assert_int_equal(ops->read(device, VIO_HW_BAR0_SIZE, bytes, 4, set_status, &s), VIO_EINVAL);
    assert_int_equal(ops->write(device, 0, bytes, 4, set_status, &s), VIO_EPERM);
    vio__hw_put32(bytes, 4);
    s = 1;
    assert_int_equal(
        raw(&board, &s, ops->write(device, VIO_HW_GLOBAL_IRQ_MASK, bytes, 4, set_status, &s)), 0);
    s = 1;
    memset(bytes, 0, sizeof bytes);
    assert_int_equal(
        raw(&board, &s, ops->read(device, VIO_HW_GLOBAL_IRQ_MASK, bytes, 4, set_status, &s)), 0);
    assert_int_equal(vio__hw_get32(bytes), 4);
    board_close(&board);
}

static int config(struct board *board, enum vio_config_space space, uint32_t index, uint16_t bdf,
                  unsigned offset, void *data, size_t size)
{
    struct vio_device *device = board->ops->device(board->driver);
    int s = 1;

    return raw(board, &s,
               vio__device_ops(device)->config_read(device, space, index, bdf, offset, data, size,
                                                    set_status, &s));
}

static void configuration_spaces_are_read_through_the_window(void **state)
{
    struct board board;
    uint8_t bytes[256];
    unsigned found = 0;

    (void)state;
    board_open(&board, URI);
    assert_int_equal(config(&board, VIO_CONFIG_ADAPTER, 0, 0, 0, bytes, 256), 0);
    assert_int_equal(vio__hw_get16(bytes), 0x8086);
    assert_int_equal(config(&board, VIO_CONFIG_CHASSIS, 0, 0, 0, bytes, 64), 0);
    assert_int_equal(vio__hw_get16(bytes), VIO_HW_PCI_VENDOR);
    assert_int_equal(config(&board, VIO_CONFIG_FUNCTION, 5, 0, 0, bytes, 64), VIO_ENOENT);
    assert_int_equal(config(&board, VIO_CONFIG_ADAPTER, 70000, 0, 0, bytes, 64), VIO_ENOENT);
    assert_int_equal(config(&board, VIO_CONFIG_UNKNOWN, 0, 0, 0, bytes, 64), VIO_EINVAL);
    assert_int_equal(config(&board, VIO_CONFIG_ADAPTER, 0, 0, 4090, bytes, 8), VIO_EINVAL);
    for (uint16_t bdf = 0; bdf < 256; bdf++)
        found += config(&board, VIO_CONFIG_SERVER, 0, bdf, 0, bytes, 64) == 0;
    assert_in_range(found, 1, 255);
    board_close(&board);
}

static void windows_asked_for_together_do_not_mix(void **state)
{
    struct board board;
    struct vio_device *device;
    uint8_t bytes[8][64];
    int s[8];

    (void)state;
    board_open(&board, URI);
    device = board.ops->device(board.driver);
    for (uint32_t i = 0; i < 8; i++) {
        s[i] = 1;
        assert_int_equal(vio__device_ops(device)->config_read(device, VIO_CONFIG_ADAPTER, i, 0, 0,
                                                              bytes[i], 64, set_status, &s[i]),
                         0);
    }
    for (uint32_t i = 0; i < 8; i++) {
        uint8_t alone[64];

        assert_int_equal(raw(&board, &s[i], 0), 0);
        assert_int_equal(config(&board, VIO_CONFIG_ADAPTER, i, 0, 0, alone, 64), 0);
        assert_memory_equal(bytes[i], alone, 64);
    }
    board_close(&board);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_shows_the_whole_chassis),
        cmocka_unit_test(a_function_lives_from_create_to_destroy),
        cmocka_unit_test(settings_are_read_back_as_they_were_set),
        cmocka_unit_test(refusals_name_the_object_and_the_reason),
        cmocka_unit_test(ports_and_slots_are_switched),
        cmocka_unit_test(an_outcome_is_known_by_its_tag_afterwards),
        cmocka_unit_test(many_functions_are_read_in_pages),
        cmocka_unit_test(two_clients_do_not_own_it_together),
        cmocka_unit_test(registers_are_read_and_written),
        cmocka_unit_test(configuration_spaces_are_read_through_the_window),
        cmocka_unit_test(windows_asked_for_together_do_not_mix),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
