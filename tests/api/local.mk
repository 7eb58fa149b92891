# SPDX-License-Identifier: MIT

api_tests += \
	tests/api/test-address \
	tests/api/test-changeset \
	tests/api/test-chassis \
	tests/api/test-ctx \
	tests/api/test-dump \
	tests/api/test-error \
	tests/api/test-event \
	tests/api/test-faults \
	tests/api/test-history \
	tests/api/test-identity \
	tests/api/test-list \
	tests/api/test-load \
	tests/api/test-null \
	tests/api/test-null-store \
	tests/api/test-plan \
	tests/api/test-pool \
	tests/api/test-reconcile \
	tests/api/test-store \
	tests/api/test-vadapter

torture_tests += \
	tests/api/test-faults

tests_api_test_address_LDADD = $(api_test_libs)
tests_api_test_ctx_LDADD = $(api_test_libs)
tests_api_test_dump_LDADD = $(api_test_libs)
tests_api_test_error_LDADD = $(api_test_libs)
tests_api_test_faults_SOURCES = tests/api/test-faults.c tests/api/hand.c tests/api/hand.h
tests_api_test_faults_LDADD = $(api_sim_libs)
api_session = \
	tests/api/session.c \
	tests/api/session.h
api_sim_libs = $(api_test_libs) libviosim.la
tests_api_test_chassis_SOURCES = tests/api/test-chassis.c $(api_session)
tests_api_test_chassis_LDADD = $(api_sim_libs)
tests_api_test_event_SOURCES = tests/api/test-event.c $(api_session)
tests_api_test_event_LDADD = $(api_sim_libs)
tests_api_test_reconcile_SOURCES = tests/api/test-reconcile.c $(api_session)
tests_api_test_reconcile_LDADD = $(api_sim_libs)
tests_api_test_list_SOURCES = tests/api/test-list.c $(api_session)
tests_api_test_list_LDADD = $(api_sim_libs)
tests_api_test_load_SOURCES = tests/api/test-load.c $(api_session)
tests_api_test_load_LDADD = $(api_sim_libs)
tests_api_test_null_SOURCES = tests/api/test-null.c $(api_session)
tests_api_test_null_LDADD = $(api_sim_libs)
tests_api_test_vadapter_SOURCES = tests/api/test-vadapter.c $(api_session)
tests_api_test_vadapter_LDADD = $(api_sim_libs)
tests_api_test_changeset_SOURCES = tests/api/test-changeset.c $(api_session)
tests_api_test_changeset_LDADD = $(api_sim_libs)
tests_api_test_history_SOURCES = tests/api/test-history.c $(api_session)
tests_api_test_history_LDADD = $(api_sim_libs)
tests_api_test_store_SOURCES = tests/api/test-store.c $(api_session)
tests_api_test_store_LDADD = $(api_sim_libs)
tests_api_test_identity_SOURCES = tests/api/test-identity.c $(api_session)
tests_api_test_identity_LDADD = $(api_sim_libs)
tests_api_test_pool_SOURCES = tests/api/test-pool.c $(api_session)
tests_api_test_pool_LDADD = $(api_sim_libs)
tests_api_test_null_store_SOURCES = tests/api/test-null-store.c $(api_session)
tests_api_test_null_store_LDADD = $(api_sim_libs)
tests_api_test_plan_SOURCES = tests/api/test-plan.c $(api_session)
tests_api_test_plan_LDADD = $(api_sim_libs)
