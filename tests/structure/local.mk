# SPDX-License-Identifier: MIT

script_tests += \
	tests/structure/abi.py \
	tests/structure/docs.py \
	tests/structure/format.py \
	tests/structure/headers.py \
	tests/structure/layers.py \
	tests/structure/licences.py \
	tests/structure/manners.py \
	tests/structure/needed.py \
	tests/structure/readme.py \
	tests/structure/symbols.py \
	tests/structure/text.py
