# SPDX-License-Identifier: MIT
# Manual pages: dist_man_MANS += man/NAME.SECTION
dist_man_MANS += man/vio-chassisd.8
dist_man_MANS += man/vio-registers.7
dist_man_MANS += man/vio-adapter.5
dist_man_MANS += man/vio-chassis.5
