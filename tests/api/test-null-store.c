/* SPDX-License-Identifier: MIT */
/* No argument at all: each public call of the nouns of a store refuses it, or answers with nothing.
 */
#include "tests/api/session.h"

static void calls_refuse_null(void **state)
{
    (void)state;
    assert_int_equal(vio_store_config_new(NULL), VIO_EINVAL);
    assert_int_equal(vio_store_config_set_read_only(NULL, false), VIO_EINVAL);
    assert_int_equal(vio_store_config_set_create(NULL, false), VIO_EINVAL);
    assert_int_equal(vio_store_open(NULL, NULL, NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_store_close(NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_store_uuid(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_store_observe(NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_store_backup(NULL, NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_store_check(NULL, false, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_catalog_chassis_uuid(NULL, 0, NULL), VIO_EINVAL);
    assert_int_equal(vio_pool_spec_new(NULL), VIO_EINVAL);
    assert_int_equal(vio_pool_spec_set_name(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_pool_spec_set_purpose(NULL, (enum vio_pool_purpose)0), VIO_EINVAL);
    assert_int_equal(vio_pool_spec_set_order(NULL, (enum vio_pool_order)0), VIO_EINVAL);
    assert_int_equal(vio_pool_spec_set_quarantine(NULL, 0), VIO_EINVAL);
    assert_int_equal(vio_pool_spec_set_description(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_pool_spec_set_label(NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_pool_spec_set_generation(NULL, 0), VIO_EINVAL);
    assert_int_equal(vio_pool_spec_add_range(NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_pool_spec_remove_range(NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_pool_spec_add_exclusion(NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_pool_spec_remove_exclusion(NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_pool_spec_add_external(NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_pool_spec_remove_external(NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_pool_create(NULL, NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_pool_set(NULL, NULL, NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_pool_remove(NULL, NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_pool_uuid(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_pool_range(NULL, 0, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_pool_exclusion(NULL, 0, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_pool_external(NULL, 0, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_identity_find(NULL, NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(
        vio_identity_list(NULL, NULL, (enum vio_identity_state)0, NULL, 0, NULL, NULL, NULL),
        VIO_EINVAL);
    assert_int_equal(vio_identity_reserve(NULL, NULL, NULL, NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_identity_release(NULL, NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_identity_address(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_identity_owner_uuid(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_changeset_new(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_changeset_set_token(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_changeset_set_author(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_changeset_set_comment(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_changeset_create_vadapter(NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_changeset_set_vadapter(NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_changeset_attach(NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_changeset_detach(NULL, NULL, NULL, false), VIO_EINVAL);
    assert_int_equal(vio_changeset_enable(NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_changeset_disable(NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_changeset_remove_vadapter(NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_changeset_purge_vadapter(NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_changeset_adopt_function(NULL, NULL, 0), VIO_EINVAL);
    assert_int_equal(vio_changeset_create_pool(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_changeset_set_pool(NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_changeset_remove_pool(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_changeset_reserve(NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_changeset_release(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_changeset_expect(NULL, 0), VIO_EINVAL);
    assert_int_equal(vio_changeset_plan(NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_changeset_apply(NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_plan_token(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_plan_status(NULL), VIO_EINVAL);
    assert_int_equal(vio_history_filter_new(NULL), VIO_EINVAL);
    assert_int_equal(vio_history_filter_set_token(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_history_filter_set_object(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_history_filter_set_since(NULL, 0), VIO_EINVAL);
    assert_int_equal(vio_history_filter_set_until(NULL, 0), VIO_EINVAL);
    assert_int_equal(vio_history_filter_set_before(NULL, 0), VIO_EINVAL);
    assert_int_equal(vio_history_filter_set_limit(NULL, 0), VIO_EINVAL);
    assert_int_equal(vio_history_list(NULL, NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_history_prune(NULL, 0, 0, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_history_undo(NULL, 0, false, NULL, NULL, NULL), VIO_EINVAL);
}

static void objects_of_null_are_null(void **state)
{
    (void)state;
    assert_null(vio_req_get_store(NULL));
    assert_null(vio_store_ref(NULL));
    assert_null(vio_store_uri(NULL));
    assert_null(vio_req_get_catalog(NULL));
    assert_null(vio_catalog_ref(NULL));
    assert_null(vio_catalog_pool(NULL, 0));
    assert_null(vio_catalog_find_pool(NULL, NULL));
    assert_null(vio_catalog_chassis_name(NULL, 0));
    assert_null(vio_catalog_chassis_uri(NULL, 0));
    assert_null(vio_req_get_pool(NULL));
    assert_null(vio_pool_ref(NULL));
    assert_null(vio_pool_name(NULL));
    assert_null(vio_pool_description(NULL));
    assert_null(vio_pool_label_key(NULL, 0));
    assert_null(vio_pool_label_value(NULL, 0));
    assert_null(vio_pool_label(NULL, NULL));
    assert_null(vio_req_get_identity(NULL));
    assert_null(vio_req_get_identity_page(NULL));
    assert_null(vio_identity_page_ref(NULL));
    assert_null(vio_identity_page_at(NULL, 0));
    assert_null(vio_identity_ref(NULL));
    assert_null(vio_identity_pool(NULL));
    assert_null(vio_identity_owner(NULL));
    assert_null(vio_identity_previous_owner(NULL));
    assert_null(vio_req_get_plan(NULL));
    assert_null(vio_plan_ref(NULL));
    assert_null(vio_plan_author(NULL));
    assert_null(vio_plan_comment(NULL));
    assert_null(vio_plan_message(NULL));
    assert_null(vio_plan_edit_name(NULL, 0));
    assert_null(vio_plan_edit_field(NULL, 0, 0));
    assert_null(vio_plan_edit_before(NULL, 0, 0));
    assert_null(vio_plan_edit_after(NULL, 0, 0));
    assert_null(vio_plan_step_chassis(NULL, 0));
    assert_null(vio_plan_step_object(NULL, 0));
    assert_null(vio_plan_step_field(NULL, 0, 0));
    assert_null(vio_plan_step_before(NULL, 0, 0));
    assert_null(vio_plan_step_after(NULL, 0, 0));
    assert_null(vio_req_get_history(NULL));
    assert_null(vio_history_ref(NULL));
    assert_null(vio_history_plan(NULL, 0));
}

static void texts_of_problems_of_null_are_empty(void **state)
{
    (void)state;
    assert_string_equal(vio_plan_problem_object(NULL, 0), "");
    assert_string_equal(vio_plan_problem_text(NULL, 0), "");
}

static void values_of_null_are_zero(void **state)
{
    (void)state;
    assert_true(vio_store_is_read_only(NULL) == 0);
    assert_true(vio_catalog_version(NULL) == 0);
    assert_true(vio_catalog_num_vadapters(NULL) == 0);
    assert_true(vio_catalog_num_pools(NULL) == 0);
    assert_true(vio_catalog_num_chassis(NULL) == 0);
    assert_true(vio_catalog_chassis_boot_id(NULL, 0) == 0);
    assert_true(vio_catalog_chassis_first(NULL, 0) == 0);
    assert_true(vio_catalog_chassis_last(NULL, 0) == 0);
    assert_true(vio_pool_purpose(NULL) == 0);
    assert_true(vio_pool_order(NULL) == 0);
    assert_true(vio_pool_quarantine(NULL) == 0);
    assert_true(vio_pool_size(NULL) == 0);
    assert_true(vio_pool_count(NULL, (enum vio_identity_state)0) == 0);
    assert_true(vio_pool_num_ranges(NULL) == 0);
    assert_true(vio_pool_num_exclusions(NULL) == 0);
    assert_true(vio_pool_num_externals(NULL) == 0);
    assert_true(vio_pool_num_labels(NULL) == 0);
    assert_true(vio_pool_generation(NULL) == 0);
    assert_true(vio_identity_page_count(NULL) == 0);
    assert_true(vio_identity_state(NULL) == 0);
    assert_true(vio_identity_until(NULL) == 0);
    assert_true(vio_changeset_count(NULL) == 0);
    assert_true(vio_plan_number(NULL) == 0);
    assert_true(vio_plan_time(NULL) == 0);
    assert_true(vio_plan_state(NULL) == 0);
    assert_true(vio_plan_undoes(NULL) == 0);
    assert_true(vio_plan_disruption(NULL) == 0);
    assert_true(vio_plan_num_edits(NULL) == 0);
    assert_true(vio_plan_edit_object(NULL, 0) == 0);
    assert_true(vio_plan_edit_action(NULL, 0) == 0);
    assert_true(vio_plan_edit_num_fields(NULL, 0) == 0);
    assert_true(vio_plan_num_steps(NULL) == 0);
    assert_true(vio_plan_step_action(NULL, 0) == 0);
    assert_true(vio_plan_step_disruption(NULL, 0) == 0);
    assert_true(vio_plan_step_state(NULL, 0) == 0);
    assert_true(vio_plan_step_num_fields(NULL, 0) == 0);
    assert_true(vio_plan_num_problems(NULL) == 0);
    assert_true(vio_plan_problem_code(NULL, 0) == 0);
    assert_true(vio_history_count(NULL) == 0);
}

static void null_is_given_back_without_effect(void **state)
{
    (void)state;
    vio_store_config_free(NULL);
    vio_store_unref(NULL);
    vio_catalog_unref(NULL);
    vio_pool_spec_free(NULL);
    vio_pool_unref(NULL);
    vio_identity_page_unref(NULL);
    vio_identity_unref(NULL);
    vio_changeset_free(NULL);
    vio_changeset_clear(NULL);
    vio_plan_unref(NULL);
    vio_history_filter_free(NULL);
    vio_history_unref(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_refuse_null),
        cmocka_unit_test(objects_of_null_are_null),
        cmocka_unit_test(texts_of_problems_of_null_are_empty),
        cmocka_unit_test(values_of_null_are_zero),
        cmocka_unit_test(null_is_given_back_without_effect),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
