/* SPDX-License-Identifier: MIT */
#include "tests/api/hand.h"

#include <poll.h>
#include <string.h>

#include "tests/support/test.h"

#define MOST_TURNS 200000

static void turn(struct hand *hand)
{
    struct pollfd ready = {.fd = vio_ctx_fd(hand->ctx), .events = POLLIN};
    int wait = -1;

    if (hand->between != NULL)
        hand->between(hand, hand->user);
    assert_int_equal(vio_ctx_timeout(hand->ctx, &wait), 0);
    poll(&ready, 1, wait < 0 || wait > 10 ? 10 : wait);
    assert_int_equal(vio_ctx_dispatch(hand->ctx), 0);
}

int hand_wait(struct hand *hand, struct vio_req *req)
{
    for (int turns = 0; vio_req_status(req) == VIO_EPENDING; turns++) {
        if (turns == MOST_TURNS)
            fail_msg("%s never completes", vio_req_name(req));
        turn(hand);
    }
    return vio_req_status(req);
}

int hand_finish(struct hand *hand, int started, struct vio_req *req)
{
    int status = started == 0 ? hand_wait(hand, req) : started;

    assert_true(status <= 0);
    assert_string_not_equal(vio_error_name(status), "VIO_EUNKNOWN");
    if (started == 0)
        vio_req_unref(req);
    return status;
}

void hand_open(struct hand *hand, const char *uri)
{
    struct vio_ctx_config *config;
    struct vio_req *req = NULL;

    memset(hand, 0, sizeof *hand);
    assert_int_equal(vio_ctx_config_new(&config), 0);
    assert_int_equal(vio_ctx_config_set_drive(config, VIO_DRIVE_POLL), 0);
    assert_int_equal(vio_ctx_new(config, &hand->ctx), 0);
    vio_ctx_config_free(config);
    assert_int_equal(vio_chassis_open(hand->ctx, uri, NULL, NULL, NULL, &req), 0);
    if (hand_wait(hand, req) != 0)
        fail_msg("%s: %s", uri, vio_req_message(req));
    hand->chassis = vio_chassis_ref(vio_req_get_chassis(req));
    hand->sim = vio_chassis_sim(hand->chassis);
    vio_req_unref(req);
}

void hand_close(struct hand *hand)
{
    struct vio_req *req = NULL;

    hand->between = NULL;
    vio_chassis_unref(hand->chassis);
    assert_int_equal(vio_ctx_close(hand->ctx, NULL, NULL, &req), 0);
    assert_int_equal(hand_wait(hand, req), 0);
    vio_req_unref(req);
    vio_ctx_unref(hand->ctx);
}

struct vio_inventory *hand_observe(struct hand *hand)
{
    struct vio_inventory *inventory = NULL;
    struct vio_req *req = NULL;
    int started = vio_chassis_observe(hand->chassis, NULL, NULL, &req);

    if (started == 0 && hand_wait(hand, req) == 0)
        inventory = vio_inventory_ref(vio_req_get_inventory(req));
    vio_req_unref(req);
    return inventory;
}
