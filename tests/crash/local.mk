# SPDX-License-Identifier: MIT

unit_tests += \
	tests/crash/test-owners

threaded_tests += \
	tests/crash/test-owners

api_tests += \
	tests/crash/test-race

script_tests += \
	tests/crash/points.sh

torture_tests += \
	tests/crash/points.sh \
	tests/crash/test-race

crash_sources = \
	tests/crash/chassis.c \
	tests/crash/chassis.h \
	tests/crash/draw.c \
	tests/crash/file.c \
	tests/crash/file.h \
	tests/crash/judge.c \
	tests/crash/judge.h \
	tests/crash/model.c \
	tests/crash/model.h \
	tests/crash/program.c \
	tests/crash/program.h \
	tests/crash/request.c \
	tests/crash/request.h \
	tests/crash/scenario.c \
	tests/crash/scenario.h \
	tests/crash/server.c \
	tests/crash/server.h \
	tests/crash/tell.c \
	tests/crash/tell.h \
	tests/crash/trouble.c \
	tests/crash/trouble.h \
	tests/crash/words.h \
	tests/crash/worker.c \
	tests/crash/worker.h \
	tests/store/vfs.c \
	tests/store/vfs.h

check_PROGRAMS += tests/crash/crash
tests_crash_crash_SOURCES = \
	tests/crash/main.c \
	tests/crash/stops.c \
	tests/crash/stops.h \
	tests/crash/strikes.c \
	tests/crash/strikes.h \
	$(crash_sources)
tests_crash_crash_LDADD = libchassisd.la $(unit_test_libs)

tests_crash_test_owners_SOURCES = tests/crash/test-owners.c $(crash_sources)
tests_crash_test_owners_LDADD = libchassisd.la $(unit_test_libs)

tests_crash_test_race_SOURCES = tests/crash/test-race.c tests/api/session.c tests/api/session.h
tests_crash_test_race_LDADD = $(api_sim_libs)

EXTRA_DIST += tests/crash/chassis.yaml
