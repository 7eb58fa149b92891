/* SPDX-License-Identifier: MIT */
/* What the device's answers mean to a caller, and when a step's goal is what the chassis shows. */
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/driver/iove/refuse.h"
#include "lib/hw/regs.h"
#include "tests/support/test.h"

static struct vio_outcome refused(enum vio_step_action action, unsigned status, uint32_t result,
                                  uint32_t detail)
{
    struct vio_hw_completion completion = {
        .status = (uint16_t)status, .result = result, .detail = detail};
    struct vio_step step = {.action = action, .index = 12, .function.adapter = 3};
    struct vio_outcome outcome;

    vio__iove_step_refused(&step, &completion, &outcome);
    assert_int_equal(outcome.device_status, status);
    return outcome;
}

static void a_refusal_that_is_asked_for_by_its_tag_claims_no_object(void **state)
{
    struct vio_outcome outcome = refused(VIO_STEP_UNKNOWN, VIO_HW_STATUS_TIMEOUT, 0, 0);

    (void)state;
    assert_int_equal(outcome.status, VIO_ETIMEDOUT);
    assert_memory_equal(outcome.text, "the step: ", 10);
}

static void each_status_has_the_code_of_its_meaning(void **state)
{
    static const int codes[] = {
        [VIO_HW_STATUS_INVALID_OPCODE] = VIO_EDEVICE,
        [VIO_HW_STATUS_INVALID_FIELD] = VIO_EINVAL,
        [VIO_HW_STATUS_INVALID_TARGET] = VIO_ENOENT,
        [VIO_HW_STATUS_INVALID_DATA] = VIO_EINVAL,
        [VIO_HW_STATUS_DATA_RANGE] = VIO_EDEVICE,
        [VIO_HW_STATUS_NOT_LEASED] = VIO_EFENCED,
        [VIO_HW_STATUS_STALE] = VIO_ESTALE,
        [VIO_HW_STATUS_EXISTS] = VIO_EEXIST,
        [VIO_HW_STATUS_ADDRESS_IN_USE] = VIO_EDUPLICATE,
        [VIO_HW_STATUS_ADDRESS_INVALID] = VIO_EADDR,
        [VIO_HW_STATUS_NO_FUNCTION] = VIO_EFULL,
        [VIO_HW_STATUS_NO_VF] = VIO_EFULL,
        [VIO_HW_STATUS_NO_SPACE] = VIO_EFULL,
        [VIO_HW_STATUS_NO_HOTPLUG_SLOT] = VIO_EFULL,
        [VIO_HW_STATUS_NO_CAPACITY] = VIO_ECAPACITY,
        [VIO_HW_STATUS_BUSY] = VIO_EBUSY,
        [VIO_HW_STATUS_STATE] = VIO_ESTATE,
        [VIO_HW_STATUS_NOT_SUPPORTED] = VIO_ENOTSUP,
        [VIO_HW_STATUS_ADAPTER_GONE] = VIO_EGONE,
        [VIO_HW_STATUS_SERVER_GONE] = VIO_EGONE,
        [VIO_HW_STATUS_ABORTED] = VIO_ERESET,
        [VIO_HW_STATUS_TIMEOUT] = VIO_ETIMEDOUT,
        [VIO_HW_STATUS_INTERNAL] = VIO_EDEVICE,
    };

    (void)state;
    for (unsigned status = 1; status < sizeof codes / sizeof codes[0]; status++) {
        struct vio_outcome outcome = refused(VIO_STEP_UNBIND, status, 0, 0);

        if (codes[status] == 0)
            continue; /* never the answer to a step */
        if (outcome.status != codes[status])
            fail_msg("%s: %s, not %s", vio__hw_status_text(status), vio_error_name(outcome.status),
                     vio_error_name(codes[status]));
        assert_non_null(strstr(outcome.text, "function 12: "));
    }
}

static void a_status_of_a_later_interface_is_the_devices_failure(void **state)
{
    struct vio_outcome outcome = refused(VIO_STEP_BIND, 0x7fff, 0, 0);

    (void)state;
    assert_int_equal(outcome.status, VIO_EDEVICE);
    assert_string_equal(outcome.text, "function 12: unknown status");
}

static void a_refusal_names_what_the_device_pointed_at(void **state)
{
    struct vio_outcome outcome;

    (void)state;
    outcome = refused(VIO_STEP_CREATE, VIO_HW_STATUS_INVALID_DATA, 0, VIO_HW_FUNCTION_SIZE);
    assert_non_null(strstr(outcome.text, "new function on slot 3: "));
    assert_non_null(strstr(outcome.text, "SIZE)"));
    outcome = refused(VIO_STEP_CREATE, VIO_HW_STATUS_INVALID_DATA, 0, UINT32_MAX);
    assert_int_equal(outcome.status, VIO_EINVAL);
    assert_null(strchr(outcome.text, '('));
    outcome = refused(VIO_STEP_SET_IDENTITY, VIO_HW_STATUS_ADDRESS_IN_USE, 77, 0);
    assert_non_null(strstr(outcome.text, "(function 77)"));
    outcome = refused(VIO_STEP_SET_QOS, VIO_HW_STATUS_NO_CAPACITY, 5, 0);
    assert_non_null(strstr(outcome.text, "(port 5)"));
    outcome = refused(VIO_STEP_PORT, VIO_HW_STATUS_STATE, 5, 0);
    assert_non_null(strstr(outcome.text, "port 12: "));
    outcome = refused(VIO_STEP_SLOT, VIO_HW_STATUS_STATE, 5, 0);
    assert_non_null(strstr(outcome.text, "slot 12: "));
}

/* -- Reading back ------------------------------------------------------------------------------ */

static const struct vio_function_info settled = {
    .index = 7,
    .cookie = {1, 2, 3},
    .label = "web0",
    .state = VIO_FUNCTION_BOUND,
    .enabled = true,
    .server = 2,
    .address = {.kind = VIO_ADDRESS_MAC48, .length = 6, .bytes = {2, 0, 0, 0, 0, 1}},
    .vlan = {.mode = VIO_VLAN_ACCESS, .vlan = 100},
    .qos = {.tx = {.cir = 1000}, .weight = 4},
};

static bool reached_by(enum vio_step_action action, const struct vio_function_info *want,
                       const struct vio_function_info *shown)
{
    struct vio_step step = {.action = action, .index = 7, .function = *want};
    struct vio_function_info functions[2] = {{.index = 3}};
    struct vio_observation observation = {.functions = functions, .num_functions = shown ? 2 : 1};
    uint32_t index = 0;
    bool reached;

    if (shown)
        functions[1] = *shown;
    reached = vio__iove_step_reached(&step, &observation, &index);
    if (action == VIO_STEP_CREATE && reached)
        assert_int_equal(index, shown->index);
    return reached;
}

static void each_step_is_reached_where_what_it_sets_is_shown(void **state)
{
    static const enum vio_step_action actions[] = {
        VIO_STEP_CREATE,   VIO_STEP_BIND,      VIO_STEP_SET_IDENTITY, VIO_STEP_SET_QOS,
        VIO_STEP_SET_VLAN, VIO_STEP_SET_LABEL, VIO_STEP_SET_ENABLED,
    };

    (void)state;
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        assert_true(reached_by(actions[i], &settled, &settled));
        assert_false(reached_by(actions[i], &settled, NULL));
    }
    assert_false(reached_by(VIO_STEP_DESTROY, &settled, &settled));
    assert_true(reached_by(VIO_STEP_DESTROY, &settled, NULL));
    assert_false(reached_by(VIO_STEP_UNBIND, &settled, &settled));
    assert_false(reached_by(VIO_STEP_UNBIND, &settled, NULL));
}

/* Only the step that sets what differs has not reached its goal. */
static void only_reached_by(enum vio_step_action action, const struct vio_function_info *shown)
{
    for (int other = VIO_STEP_SET_IDENTITY; other <= VIO_STEP_SET_ENABLED; other++)
        assert_int_equal(reached_by((enum vio_step_action)other, &settled, shown),
                         other != (int)action);
}

static void a_setting_that_differs_was_not_reached(void **state)
{
    struct vio_function_info shown;

    (void)state;
    shown = settled;
    shown.address.bytes[5] = 2;
    only_reached_by(VIO_STEP_SET_IDENTITY, &shown);
    shown = settled;
    shown.node_address = settled.address;
    only_reached_by(VIO_STEP_SET_IDENTITY, &shown);
    shown = settled;
    shown.qos.rx.pbs = 1;
    only_reached_by(VIO_STEP_SET_QOS, &shown);
    shown = settled;
    shown.qos.rx_police = true;
    only_reached_by(VIO_STEP_SET_QOS, &shown);
    shown = settled;
    shown.vlan.vlan = 101;
    only_reached_by(VIO_STEP_SET_VLAN, &shown);
    shown = settled;
    shown.label[0] = 'W';
    only_reached_by(VIO_STEP_SET_LABEL, &shown);
    shown = settled;
    shown.cookie[15] = 1;
    only_reached_by(VIO_STEP_SET_LABEL, &shown);
    shown = settled;
    shown.enabled = false;
    only_reached_by(VIO_STEP_SET_ENABLED, &shown);
}

static void a_function_is_bound_to_the_server_asked_for_or_not_at_all(void **state)
{
    struct vio_function_info shown = settled;

    (void)state;
    shown.server = 3;
    assert_false(reached_by(VIO_STEP_BIND, &settled, &shown));
    shown = settled;
    shown.state = VIO_FUNCTION_BINDING;
    assert_false(reached_by(VIO_STEP_BIND, &settled, &shown));
    shown.state = VIO_FUNCTION_UNBINDING;
    assert_false(reached_by(VIO_STEP_UNBIND, &settled, &shown));
    shown.state = VIO_FUNCTION_DETACHED;
    assert_true(reached_by(VIO_STEP_UNBIND, &settled, &shown));
}

static void ports_and_slots_are_read_back_too(void **state)
{
    struct vio_port_info ports[2] = {{.enabled = false}, {.enabled = true}};
    struct vio_adapter_info adapters[2] = {{.powered = true}, {.powered = false}};
    struct vio_observation shown = {
        .num_ports = 2, .num_adapters = 2, .ports = ports, .adapters = adapters};
    uint32_t index;

    (void)state;
    for (uint32_t i = 0; i < 3; i++) {
        struct vio_step step = {.action = VIO_STEP_PORT, .index = i, .function.enabled = true};

        assert_int_equal(vio__iove_step_reached(&step, &shown, &index), i == 1);
        step.action = VIO_STEP_SLOT;
        assert_int_equal(vio__iove_step_reached(&step, &shown, &index), i == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refusal_that_is_asked_for_by_its_tag_claims_no_object),
        cmocka_unit_test(each_status_has_the_code_of_its_meaning),
        cmocka_unit_test(a_status_of_a_later_interface_is_the_devices_failure),
        cmocka_unit_test(a_refusal_names_what_the_device_pointed_at),
        cmocka_unit_test(each_step_is_reached_where_what_it_sets_is_shown),
        cmocka_unit_test(a_setting_that_differs_was_not_reached),
        cmocka_unit_test(a_function_is_bound_to_the_server_asked_for_or_not_at_all),
        cmocka_unit_test(ports_and_slots_are_read_back_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
