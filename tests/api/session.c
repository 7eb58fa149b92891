/* SPDX-License-Identifier: MIT */
#include "tests/api/session.h"

#include <stdio.h>

#define PATIENCE_MS 30000

void session_open_at(struct session *session, const char *uri,
                     const struct vio_chassis_config *config)
{
    struct vio_req *req = NULL;

    assert_int_equal(vio_ctx_new(NULL, &session->ctx), 0);
    assert_int_equal(vio_chassis_open(session->ctx, uri, config, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, PATIENCE_MS), 0);
    if (vio_req_status(req) != 0)
        fail_msg("%s: %s", uri, vio_req_message(req));
    session->chassis = vio_chassis_ref(vio_req_get_chassis(req));
    assert_non_null(session->chassis);
    vio_req_unref(req);
    session->sim = vio_chassis_sim(session->chassis);
}

void session_open(struct session *session)
{
    session_open_at(session, SIM, NULL);
    assert_non_null(session->sim);
}

void session_close(struct session *session)
{
    vio_chassis_unref(session->chassis);
    assert_int_equal(vio_ctx_stop(session->ctx), 0);
    vio_ctx_unref(session->ctx);
}

int session_end(int submitted, struct vio_req **req)
{
    int status;

    assert_int_equal(submitted, 0);
    assert_int_equal(vio_req_wait(*req, PATIENCE_MS), 0);
    status = vio_req_status(*req);
    vio_req_unref(*req);
    return status;
}

void session_expect(int submitted, struct vio_req **req, int status)
{
    assert_int_equal(submitted, 0);
    assert_int_equal(vio_req_wait(*req, PATIENCE_MS), 0);
    if (vio_req_status(*req) != status)
        fail_msg("%s: %s, not %s: %s", vio_req_name(*req), vio_error_name(vio_req_status(*req)),
                 vio_error_name(status), vio_req_message(*req));
    vio_req_unref(*req);
}

struct vio_inventory *session_observe(struct session *session)
{
    struct vio_inventory *inventory;
    struct vio_req *req;

    assert_int_equal(vio_chassis_observe(session->chassis, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, PATIENCE_MS), 0);
    if (vio_req_status(req) != 0)
        fail_msg("observe: %s", vio_req_message(req));
    inventory = vio_inventory_ref(vio_req_get_inventory(req));
    vio_req_unref(req);
    return inventory;
}

struct vio_vadapter_spec *session_spec(const char *name, enum vio_vadapter_kind kind,
                                       const char *adapter, const char *server)
{
    struct vio_vadapter_spec *spec;

    assert_int_equal(vio_vadapter_spec_new(&spec), 0);
    if (name)
        assert_int_equal(vio_vadapter_spec_set_name(spec, name), 0);
    assert_int_equal(vio_vadapter_spec_set_kind(spec, kind), 0);
    assert_int_equal(vio_vadapter_spec_set_adapter(spec, adapter), 0);
    assert_int_equal(vio_vadapter_spec_set_server(spec, server), 0);
    if (kind == VIO_VADAPTER_VDISK)
        assert_int_equal(vio_vadapter_spec_set_size(spec, UINT64_C(1) << 30), 0);
    return spec;
}

int session_create(struct session *session, const char *name, enum vio_vadapter_kind kind,
                   const char *adapter, const char *server)
{
    struct vio_vadapter_spec *spec = session_spec(name, kind, adapter, server);
    struct vio_req *req = NULL;
    int submitted = vio_vadapter_create(session->chassis, spec, NULL, NULL, &req);

    vio_vadapter_spec_free(spec);
    return session_end(submitted, &req);
}

struct vio_vadapter *session_find(struct session *session, const char *name)
{
    struct vio_inventory *inventory = session_observe(session);
    struct vio_vadapter *found = vio_vadapter_ref(vio_inventory_find_vadapter(inventory, name));

    vio_inventory_unref(inventory);
    return found;
}
