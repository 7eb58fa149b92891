# SPDX-License-Identifier: MIT
# Manual pages: dist_man_MANS += man/NAME.SECTION
dist_man_MANS += man/vio-chassisd.8
dist_man_MANS += man/vio-registers.7
