# SPDX-License-Identifier: MIT
# Manual pages: dist_man_MANS += man/NAME.SECTION
dist_man_MANS += man/vio-chassisd.8
dist_man_MANS += man/vio-registers.7
dist_man_MANS += man/vio-adapter.5
dist_man_MANS += man/vio-chassis.5
dist_man_MANS += man/vio_error.3
dist_man_MANS += man/vio_address.3
dist_man_MANS += man/vio_req.3
dist_man_MANS += man/vio_ctx.3
dist_man_MANS += man/vioctl.1
