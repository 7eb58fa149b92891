# SPDX-License-Identifier: MIT
# Examples use the public API only; tests compile and run them.
#
#   example_programs += examples/first
#   examples_first_LDADD = $(example_libs)

example_programs =
example_libs = libvio.la $(UV_LIBS)

example_programs += examples/first
examples_first_LDADD = $(example_libs)

noinst_PROGRAMS += $(example_programs)
EXTRA_DIST += examples/own_loop.c examples/poll.c
