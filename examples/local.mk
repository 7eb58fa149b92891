# SPDX-License-Identifier: MIT
# Examples use the public API only; tests compile and run them.
#
#   example_programs += examples/first
#   examples_first_LDADD = $(example_libs)

example_programs = \
	examples/own_loop \
	examples/poll
example_libs = libvio.la $(UV_LIBS)

example_programs += examples/changeset
examples_changeset_LDADD = $(example_libs)
example_programs += examples/first
examples_first_LDADD = $(example_libs)

examples_own_loop_LDADD = $(example_libs)
examples_poll_LDADD = $(example_libs)

noinst_PROGRAMS += $(example_programs)
