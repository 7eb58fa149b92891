# SPDX-License-Identifier: MIT

unit_tests += \
	tests/engine/test-changeset \
	tests/engine/test-data \
	tests/engine/test-drift \
	tests/engine/test-faults \
	tests/engine/test-journal \
	tests/engine/test-pools \
	tests/engine/test-recovery \
	tests/engine/test-restore \
	tests/engine/test-session \
	tests/engine/test-turns \
	tests/engine/test-undo

engine_fixture = \
	tests/engine/fake.c \
	tests/engine/fake.h \
	tests/engine/fixture.c \
	tests/engine/fixture.h
engine_world = \
	$(engine_fixture) \
	tests/engine/sets.c \
	tests/engine/sets.h \
	tests/engine/vault.c \
	tests/engine/vault.h \
	tests/engine/world.c \
	tests/engine/world.h
tests_engine_test_changeset_SOURCES = tests/engine/test-changeset.c $(engine_world)
tests_engine_test_data_SOURCES = tests/engine/test-data.c $(engine_world)
tests_engine_test_drift_SOURCES = tests/engine/test-drift.c $(engine_world)
tests_engine_test_faults_SOURCES = tests/engine/test-faults.c $(engine_fixture)
tests_engine_test_journal_SOURCES = tests/engine/test-journal.c $(engine_world)
tests_engine_test_pools_SOURCES = tests/engine/test-pools.c $(engine_world)
tests_engine_test_recovery_SOURCES = tests/engine/test-recovery.c $(engine_world)
tests_engine_test_restore_SOURCES = tests/engine/test-restore.c $(engine_world)
tests_engine_test_session_SOURCES = tests/engine/test-session.c $(engine_fixture)
tests_engine_test_undo_SOURCES = tests/engine/test-undo.c $(engine_world)
