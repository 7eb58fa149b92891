/* SPDX-License-Identifier: MIT */
#include "bench/manager.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <libvio/libvio.h>

#include "bench/bench.h"

enum { SLOTS = 64, CARD = 256, PATH_SIZE = 512 };

struct manager {
    struct vio_ctx *ctx;
    struct vio_store *store;
    struct vio_chassis *chassis;
    struct vio_changeset *set;
    size_t created; /* "vnic0" and so on are there */
    size_t pending;
    char chassis_file[PATH_SIZE], adapter_file[PATH_SIZE];
};

/* -- A chassis with room ----------------------------------------------------------------------- */

static FILE *write_file(char path[PATH_SIZE], const char *directory, const char *name)
{
    FILE *file;

    snprintf(path, PATH_SIZE, "%s/%s", directory, name);
    file = fopen(path, "w");
    if (!file)
        bench_fail("a file cannot be written");
    return file;
}

static void close_file(FILE *file)
{
    if (fclose(file) != 0)
        bench_fail("a file cannot be written");
}

static void write_adapter(struct manager *manager, const char *directory)
{
    FILE *file = write_file(manager->adapter_file, directory, "card.yaml");

    fprintf(file,
            "model: a card for many\nvendor-id: 0x14c1\ndevice-id: 0x0008\n"
            "subsystem-vendor-id: 0x14c1\nsubsystem-id: 0x0009\nclass: 0x020000\n"
            "identity: \"00:60:dd:47:10:10\"\nfunctions: 256\nports: 1\nport-speed: 10000\n"
            "bars:\n  - {bar: 0, type: mem64, prefetchable: yes, size: 16M}\n"
            "capabilities:\n  - {id: pm, offset: 0x54}\n"
            "  - {id: express, offset: 0x5c, version: 1, payload: 4096, speed: 1, width: 8}\n");
    close_file(file);
}

static void write_chassis(struct manager *manager, const char *directory)
{
    FILE *file = write_file(manager->chassis_file, directory, "chassis.yaml");

    write_adapter(manager, directory);
    fprintf(file,
            "name: bench\nuuid: 5f2c1d9e-0000-4000-8000-00000000be4c\n"
            "limits:\n  functions: %d\ntiming:\n  command: 0\n  hotplug: 0\n"
            "servers:\n  - {name: server1, paths: 1, hotplug-slots: 16, power: on, speed: 3, "
            "lanes: 8}\nslots:\n",
            MANAGER_MOST);
    for (int slot = 0; slot < SLOTS; slot++)
        fprintf(file, "  - {name: slot%d, adapter: %s, speed: 3, lanes: 8}\n", slot,
                manager->adapter_file);
    close_file(file);
}

/* -- Opening ----------------------------------------------------------------------------------- */

static void finish(struct vio_req *req, const char *what)
{
    int status = vio_req_wait(req, -1);

    if (status == 0)
        status = vio_req_status(req);
    if (status != 0) {
        fprintf(stderr, "bench: %s: %s\n", what, vio_req_message(req));
        exit(EXIT_FAILURE);
    }
}

static void check(int status, const char *what)
{
    if (status != 0) {
        fprintf(stderr, "bench: %s: %s\n", what, vio_strerror(status));
        exit(EXIT_FAILURE);
    }
}

static void open_ctx(struct manager *manager)
{
    struct vio_ctx_config *config;

    check(vio_ctx_config_new(&config), "context");
    check(vio_ctx_config_set_drive(config, VIO_DRIVE_POLL), "context");
    check(vio_ctx_new(config, &manager->ctx), "context");
    vio_ctx_config_free(config);
}

static void open_chassis(struct manager *manager)
{
    struct vio_chassis_config *config;
    struct vio_req *req;
    char uri[PATH_SIZE + 8];

    snprintf(uri, sizeof uri, "sim:%s", manager->chassis_file);
    check(vio_chassis_config_new(&config), "chassis");
    check(vio_chassis_config_set_store(config, manager->store), "chassis");
    check(vio_chassis_open(manager->ctx, uri, config, NULL, NULL, &req), "chassis");
    finish(req, "chassis");
    manager->chassis = vio_chassis_ref(vio_req_get_chassis(req));
    vio_req_unref(req);
    vio_chassis_config_free(config);
}

struct manager *manager_new(const char *store, const char *directory)
{
    struct manager *manager = calloc(1, sizeof(*manager));
    struct vio_req *req;

    if (!manager)
        bench_fail("no memory");
    write_chassis(manager, directory);
    open_ctx(manager);
    check(vio_store_open(manager->ctx, store, NULL, NULL, NULL, &req), store);
    finish(req, store);
    manager->store = vio_store_ref(vio_req_get_store(req));
    vio_req_unref(req);
    open_chassis(manager);
    check(vio_changeset_new(manager->store, &manager->set), "change set");
    return manager;
}

void manager_free(struct manager *manager)
{
    vio_changeset_free(manager->set);
    vio_chassis_unref(manager->chassis);
    vio_store_unref(manager->store);
    check(vio_ctx_stop(manager->ctx), "context");
    vio_ctx_unref(manager->ctx);
    unlink(manager->chassis_file);
    unlink(manager->adapter_file);
    free(manager);
}

/* -- Creating ---------------------------------------------------------------------------------- */

/* The next vNIC, on the cards in turn. */
static struct vio_vadapter_spec *next_spec(struct manager *manager)
{
    struct vio_vadapter_spec *spec;
    char name[32], adapter[32];

    snprintf(name, sizeof name, "vnic%zu", manager->created);
    snprintf(adapter, sizeof adapter, "slot%zu", manager->created % SLOTS);
    manager->created++;
    check(vio_vadapter_spec_new(&spec), "description");
    check(vio_vadapter_spec_set_name(spec, name), "description");
    check(vio_vadapter_spec_set_kind(spec, VIO_VADAPTER_VNIC), "description");
    check(vio_vadapter_spec_set_adapter(spec, adapter), "description");
    return spec;
}

void manager_create_each(struct manager *manager, size_t count)
{
    for (; count > 0; count--) {
        struct vio_vadapter_spec *spec = next_spec(manager);
        struct vio_req *req;

        check(vio_vadapter_create(manager->chassis, spec, NULL, NULL, &req), "create");
        finish(req, "create");
        vio_req_unref(req);
        vio_vadapter_spec_free(spec);
    }
}

static void one_less(struct vio_req *req, int status, void *user)
{
    struct manager *manager = user;

    if (status != 0) {
        fprintf(stderr, "bench: %s: %s\n", vio_req_name(req), vio_req_message(req));
        exit(EXIT_FAILURE);
    }
    manager->pending--;
}

/* The last one to be submitted need not be the last one to end. */
static void finish_all(struct manager *manager, struct vio_req *last)
{
    finish(last, "the last of many");
    vio_req_unref(last);
    while (manager->pending > 0)
        check(vio_ctx_dispatch(manager->ctx), "dispatch");
}

void manager_create_all(struct manager *manager, size_t count)
{
    struct vio_req *last = NULL;

    manager->pending = count;
    for (; count > 0; count--) {
        struct vio_vadapter_spec *spec = next_spec(manager);

        check(vio_vadapter_create(manager->chassis, spec, one_less, manager,
                                  count == 1 ? &last : NULL),
              "create");
        vio_vadapter_spec_free(spec);
    }
    finish_all(manager, last);
}

void manager_create_sets(struct manager *manager, size_t sets, size_t size)
{
    for (; sets > 0; sets--) {
        struct vio_req *req;

        vio_changeset_clear(manager->set);
        for (size_t i = 0; i < size; i++) {
            struct vio_vadapter_spec *spec = next_spec(manager);

            check(vio_changeset_create_vadapter(manager->set, manager->chassis, spec), "edit");
            vio_vadapter_spec_free(spec);
        }
        check(vio_changeset_apply(manager->set, NULL, NULL, &req), "apply");
        finish(req, "apply");
        vio_req_unref(req);
    }
}

void manager_remove_all(struct manager *manager)
{
    struct vio_req *last = NULL;

    if (manager->created == 0)
        return;
    manager->pending = manager->created;
    while (manager->created > 0) {
        char name[32];

        snprintf(name, sizeof name, "vnic%zu", --manager->created);
        check(vio_vadapter_remove(manager->chassis, name, one_less, manager,
                                  manager->created == 0 ? &last : NULL),
              "remove");
    }
    finish_all(manager, last);
}
