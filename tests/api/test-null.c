/* SPDX-License-Identifier: MIT */
/* No argument at all: each public call of the nouns refuses it, or answers with nothing. */
#include "tests/api/session.h"

static void calls_refuse_null(void **state)
{
    (void)state;
    assert_int_equal(vio_adapter_factory_address(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_chassis_config_new(NULL), VIO_EINVAL);
    assert_int_equal(vio_chassis_config_set_read_only(NULL, false), VIO_EINVAL);
    assert_int_equal(vio_chassis_config_set_take_over(NULL, false), VIO_EINVAL);
    assert_int_equal(vio_chassis_config_set_wait(NULL, 0), VIO_EINVAL);
    assert_int_equal(vio_chassis_config_set_holder(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_chassis_config_set_command_timeout(NULL, 0), VIO_EINVAL);
    assert_int_equal(vio_chassis_config_set_store(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_chassis_config_set_adopt(NULL, false), VIO_EINVAL);
    assert_int_equal(vio_chassis_config_set_restore(NULL, false), VIO_EINVAL);
    assert_int_equal(vio_chassis_config_set_repair(NULL, true), VIO_EINVAL);
    assert_int_equal(vio_chassis_open(NULL, NULL, NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_chassis_close(NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_chassis_observe(NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_chassis_drift(NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_chassis_reconcile(NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_device_read(NULL, 0, 0, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_device_write(NULL, 0, 0, 0, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_device_config(NULL, (enum vio_config_space)0, 0, 0, 0, NULL, NULL, NULL),
                     VIO_EINVAL);
    assert_int_equal(vio_register_decode(NULL, NULL, NULL, 0), VIO_EINVAL);
    assert_int_equal(vio_subscription_new(NULL, 0, NULL), VIO_EINVAL);
    assert_int_equal(vio_subscription_wait(NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_subscription_take(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_event_vadapter(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_function_cookie(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_function_address(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_function_node_address(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_inventory_uuid(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_filter_new(NULL), VIO_EINVAL);
    assert_int_equal(vio_filter_set_name(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_filter_set_server(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_filter_set_adapter(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_filter_set_kind(NULL, (enum vio_vadapter_kind)0), VIO_EINVAL);
    assert_int_equal(vio_filter_set_state(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_filter_add_label(NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_filter_set_page(NULL, 0), VIO_EINVAL);
    assert_int_equal(vio_list_new(NULL, (enum vio_noun)0, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_list_next(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_server_uuid(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_spec_new(NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_spec_set_name(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_spec_set_kind(NULL, (enum vio_vadapter_kind)0), VIO_EINVAL);
    assert_int_equal(vio_vadapter_spec_set_server(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_spec_set_adapter(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_spec_set_path(NULL, 0), VIO_EINVAL);
    assert_int_equal(vio_vadapter_spec_set_address(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_spec_set_node_address(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_spec_set_pool(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_spec_set_node_pool(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_spec_set_generation(NULL, 0), VIO_EINVAL);
    assert_int_equal(vio_vadapter_spec_set_size(NULL, 0), VIO_EINVAL);
    assert_int_equal(vio_vadapter_spec_set_vlan_none(NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_spec_set_vlan_access(NULL, 0), VIO_EINVAL);
    assert_int_equal(vio_vadapter_spec_set_vlan_trunk(NULL, NULL, 0), VIO_EINVAL);
    assert_int_equal(vio_vadapter_spec_set_enabled(NULL, false), VIO_EINVAL);
    assert_int_equal(vio_vadapter_spec_set_description(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_spec_set_label(NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_create(NULL, NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_attach(NULL, NULL, NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_detach(NULL, NULL, false, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_enable(NULL, NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_disable(NULL, NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_set(NULL, NULL, NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_remove(NULL, NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_purge(NULL, NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_uuid(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_address(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_node_address(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_vadapter_factory_address(NULL, NULL), VIO_EINVAL);
}

static void objects_of_null_are_null(void **state)
{
    (void)state;
    assert_null(vio_adapter_ref(NULL));
    assert_null(vio_adapter_name(NULL));
    assert_null(vio_adapter_model(NULL));
    assert_null(vio_adapter_state_name(NULL));
    assert_null(vio_req_get_chassis(NULL));
    assert_null(vio_chassis_ref(NULL));
    assert_null(vio_chassis_uri(NULL));
    assert_null(vio_chassis_sim(NULL));
    assert_null(vio_chassis_store(NULL));
    assert_null(vio_req_get_data(NULL, NULL));
    assert_null(vio_register_find(NULL, NULL));
    assert_null(vio_register_block(NULL));
    assert_null(vio_register_name(NULL));
    assert_null(vio_register_text(NULL));
    assert_null(vio_register_access(NULL));
    assert_null(vio_subscription_ref(NULL));
    assert_null(vio_event_ref(NULL));
    assert_null(vio_event_object(NULL));
    assert_null(vio_event_server(NULL));
    assert_null(vio_event_adapter(NULL));
    assert_null(vio_function_ref(NULL));
    assert_null(vio_function_label(NULL));
    assert_null(vio_function_adapter(NULL));
    assert_null(vio_function_server(NULL));
    assert_null(vio_req_get_inventory(NULL));
    assert_null(vio_inventory_ref(NULL));
    assert_null(vio_inventory_name(NULL));
    assert_null(vio_inventory_model(NULL));
    assert_null(vio_inventory_serial(NULL));
    assert_null(vio_inventory_firmware(NULL));
    assert_null(vio_inventory_owner(NULL));
    assert_null(vio_inventory_find_port(NULL, NULL));
    assert_null(vio_inventory_find_server(NULL, NULL));
    assert_null(vio_inventory_find_adapter(NULL, NULL));
    assert_null(vio_inventory_find_vadapter(NULL, NULL));
    assert_null(vio_inventory_find_function(NULL, 0));
    assert_null(vio_list_ref(NULL));
    assert_null(vio_list_port(NULL, 0));
    assert_null(vio_list_server(NULL, 0));
    assert_null(vio_list_adapter(NULL, 0));
    assert_null(vio_list_function(NULL, 0));
    assert_null(vio_list_vadapter(NULL, 0));
    assert_null(vio_port_ref(NULL));
    assert_null(vio_port_name(NULL));
    assert_null(vio_port_owner(NULL));
    assert_null(vio_port_state_name(NULL));
    assert_null(vio_server_ref(NULL));
    assert_null(vio_server_name(NULL));
    assert_null(vio_server_state_name(NULL));
    assert_null(vio_server_port(NULL, 0));
    assert_null(vio_req_get_vadapter(NULL));
    assert_null(vio_vadapter_ref(NULL));
    assert_null(vio_vadapter_name(NULL));
    assert_null(vio_vadapter_server(NULL));
    assert_null(vio_vadapter_adapter(NULL));
    assert_null(vio_vadapter_vlan_trunk(NULL));
    assert_null(vio_vadapter_description(NULL));
    assert_null(vio_vadapter_label_key(NULL, 0));
    assert_null(vio_vadapter_label_value(NULL, 0));
    assert_null(vio_vadapter_label(NULL, NULL));
}

static void values_of_null_are_zero(void **state)
{
    (void)state;
    assert_true(vio_adapter_index(NULL) == 0);
    assert_true(vio_adapter_is_present(NULL) == 0);
    assert_true(vio_adapter_is_powered(NULL) == 0);
    assert_true(vio_adapter_is_faulty(NULL) == 0);
    assert_true(vio_adapter_kind(NULL) == 0);
    assert_true(vio_adapter_sharing(NULL) == 0);
    assert_true(vio_adapter_caps(NULL) == 0);
    assert_true(vio_adapter_vendor_id(NULL) == 0);
    assert_true(vio_adapter_device_id(NULL) == 0);
    assert_true(vio_adapter_subsystem_vendor_id(NULL) == 0);
    assert_true(vio_adapter_subsystem_id(NULL) == 0);
    assert_true(vio_adapter_class_code(NULL) == 0);
    assert_true(vio_adapter_revision(NULL) == 0);
    assert_true(vio_adapter_max_functions(NULL) == 0);
    assert_true(vio_adapter_used_functions(NULL) == 0);
    assert_true(vio_adapter_capacity(NULL) == 0);
    assert_true(vio_adapter_tx_committed(NULL) == 0);
    assert_true(vio_adapter_rx_committed(NULL) == 0);
    assert_true(vio_adapter_space(NULL) == 0);
    assert_true(vio_adapter_space_used(NULL) == 0);
    assert_true(vio_chassis_is_read_only(NULL) == 0);
    assert_true(vio_register_offset(NULL) == 0);
    assert_true(vio_register_size(NULL) == 0);
    assert_true(vio_register_instances(NULL, NULL) == 0);
    assert_true(vio_event_type(NULL) == 0);
    assert_true(vio_event_sequence(NULL) == 0);
    assert_true(vio_event_time(NULL) == 0);
    assert_true(vio_event_index(NULL) == 0);
    assert_true(vio_event_value(NULL) == 0);
    assert_true(vio_function_index(NULL) == 0);
    assert_true(vio_function_kind(NULL) == 0);
    assert_true(vio_function_state(NULL) == 0);
    assert_true(vio_function_is_enabled(NULL) == 0);
    assert_true(vio_function_is_link_up(NULL) == 0);
    assert_true(vio_function_is_foreign(NULL) == 0);
    assert_true(vio_function_path(NULL) == 0);
    assert_true(vio_function_bdf(NULL) == 0);
    assert_true(vio_function_vf(NULL) == 0);
    assert_true(vio_function_size(NULL) == 0);
    assert_true(vio_function_rx_bytes(NULL) == 0);
    assert_true(vio_function_rx_frames(NULL) == 0);
    assert_true(vio_function_rx_drops(NULL) == 0);
    assert_true(vio_function_tx_bytes(NULL) == 0);
    assert_true(vio_function_tx_frames(NULL) == 0);
    assert_true(vio_function_tx_drops(NULL) == 0);
    assert_true(vio_function_generation(NULL) == 0);
    assert_true(vio_inventory_version(NULL) == 0);
    assert_true(vio_inventory_boot_id(NULL) == 0);
    assert_true(vio_inventory_uptime(NULL) == 0);
    assert_true(vio_inventory_fault(NULL) == 0);
    assert_true(vio_inventory_max_functions(NULL) == 0);
    assert_true(vio_inventory_num_ports(NULL) == 0);
    assert_true(vio_inventory_num_servers(NULL) == 0);
    assert_true(vio_inventory_num_adapters(NULL) == 0);
    assert_true(vio_inventory_num_functions(NULL) == 0);
    assert_true(vio_inventory_num_vadapters(NULL) == 0);
    assert_true(vio_list_noun(NULL) == 0);
    assert_true(vio_list_count(NULL) == 0);
    assert_true(vio_list_total(NULL) == 0);
    assert_true(vio_port_index(NULL) == 0);
    assert_true(vio_port_type(NULL) == 0);
    assert_true(vio_port_path(NULL) == 0);
    assert_true(vio_port_is_enabled(NULL) == 0);
    assert_true(vio_port_is_link_up(NULL) == 0);
    assert_true(vio_port_width(NULL) == 0);
    assert_true(vio_port_max_width(NULL) == 0);
    assert_true(vio_port_speed(NULL) == 0);
    assert_true(vio_port_max_speed(NULL) == 0);
    assert_true(vio_port_capacity(NULL) == 0);
    assert_true(vio_port_tx_committed(NULL) == 0);
    assert_true(vio_port_rx_committed(NULL) == 0);
    assert_true(vio_port_tx_bytes(NULL) == 0);
    assert_true(vio_port_rx_bytes(NULL) == 0);
    assert_true(vio_port_correctable_errors(NULL) == 0);
    assert_true(vio_port_nonfatal_errors(NULL) == 0);
    assert_true(vio_port_fatal_errors(NULL) == 0);
    assert_true(vio_port_link_downs(NULL) == 0);
    assert_true(vio_server_index(NULL) == 0);
    assert_true(vio_server_is_present(NULL) == 0);
    assert_true(vio_server_is_powered(NULL) == 0);
    assert_true(vio_server_num_ports(NULL) == 0);
    assert_true(vio_server_hotplug_slots(NULL) == 0);
    assert_true(vio_server_hotplug_used(NULL) == 0);
    assert_true(vio_server_num_vadapters(NULL) == 0);
    assert_true(vio_server_capacity(NULL) == 0);
    assert_true(vio_server_tx_committed(NULL) == 0);
    assert_true(vio_server_rx_committed(NULL) == 0);
    assert_true(vio_vadapter_kind(NULL) == 0);
    assert_true(vio_vadapter_state(NULL) == 0);
    assert_true(vio_vadapter_is_enabled(NULL) == 0);
    assert_true(vio_vadapter_is_link_up(NULL) == 0);
    assert_true(vio_vadapter_size(NULL) == 0);
    assert_true(vio_vadapter_vlan_mode(NULL) == 0);
    assert_true(vio_vadapter_vlan(NULL) == 0);
    assert_true(vio_vadapter_function(NULL) == 0);
    assert_true(vio_vadapter_bdf(NULL) == 0);
    assert_true(vio_vadapter_num_labels(NULL) == 0);
    assert_true(vio_vadapter_generation(NULL) == 0);
}

static void null_is_given_back_without_effect(void **state)
{
    (void)state;
    vio_adapter_unref(NULL);
    vio_chassis_config_free(NULL);
    vio_chassis_unref(NULL);
    vio_subscription_unref(NULL);
    vio_event_unref(NULL);
    vio_function_unref(NULL);
    vio_inventory_unref(NULL);
    vio_filter_free(NULL);
    vio_list_unref(NULL);
    vio_port_unref(NULL);
    vio_server_unref(NULL);
    vio_vadapter_spec_free(NULL);
    vio_vadapter_unref(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_refuse_null),
        cmocka_unit_test(objects_of_null_are_null),
        cmocka_unit_test(values_of_null_are_zero),
        cmocka_unit_test(null_is_given_back_without_effect),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
