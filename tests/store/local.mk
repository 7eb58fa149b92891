# SPDX-License-Identifier: MIT

unit_tests += \
	tests/store/test-codec \
	tests/store/test-commit \
	tests/store/test-dump \
	tests/store/test-dump-diff \
	tests/store/test-dump-plan \
	tests/store/test-identities \
	tests/store/test-index \
	tests/store/test-sqlite \
	tests/store/test-sqlite-crash \
	tests/store/test-sqlite-errors \
	tests/store/test-sqlite-processes \
	tests/store/test-store

threaded_tests += \
	tests/store/test-sqlite \
	tests/store/test-store \
	tests/store/test-sqlite-crash

torture_tests += \
	tests/store/test-codec \
	tests/store/test-index \
	tests/store/test-identities \
	tests/store/test-sqlite \
	tests/store/test-sqlite-crash \
	tests/store/test-sqlite-processes

dumps_sources = tests/store/dumps.c tests/store/dumps.h
tests_store_test_dump_SOURCES = tests/store/test-dump.c $(dumps_sources)
tests_store_test_dump_diff_SOURCES = tests/store/test-dump-diff.c $(dumps_sources)
tests_store_test_dump_plan_SOURCES = tests/store/test-dump-plan.c $(dumps_sources)

script_tests += tests/store/schema.py
check_PROGRAMS += tests/store/dumper
tests_store_dumper_SOURCES = tests/store/dumper.c $(dumps_sources)

shelf_sources = tests/store/shelf.c tests/store/shelf.h
tests_store_test_sqlite_SOURCES = tests/store/test-sqlite.c $(shelf_sources)
tests_store_test_sqlite_crash_SOURCES = tests/store/test-sqlite-crash.c tests/store/vfs.c tests/store/vfs.h \
	$(shelf_sources)
tests_store_test_sqlite_errors_SOURCES = tests/store/test-sqlite-errors.c $(shelf_sources)
tests_store_test_sqlite_processes_SOURCES = tests/store/test-sqlite-processes.c $(shelf_sources)

store_fixture = \
	tests/store/fake.c \
	tests/store/fake.h \
	tests/store/fixture.c \
	tests/store/fixture.h
tests_store_test_store_SOURCES = tests/store/test-store.c $(store_fixture) $(shelf_sources)
tests_store_test_commit_SOURCES = tests/store/test-commit.c $(store_fixture)
