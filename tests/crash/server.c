/* SPDX-License-Identifier: MIT */
#include "tests/crash/server.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/chassis_file.h"
#include "sim/device.h"
#include "tests/crash/trouble.h"
#include "tools/chassisd/clients.h"
#include "tools/chassisd/control.h"
#include "tools/chassisd/identity.h"
#include "tools/chassisd/listener.h"
#include "tools/chassisd/ticker.h"

/* Inside the device, at each entry of a ring. */
static void spring(void *data, enum viosim_what what, void *entry, size_t size)
{
    struct trap *trap = data;

    (void)entry;
    (void)size;
    trap->seen[what]++;
    if (what != trap->what || trap->left == 0 || --trap->left > 0)
        return;
    while (trap->victim == TRAP_UNKNOWN)
        sched_yield();
    kill(trap->victim != 0 ? trap->victim : getpid(), SIGKILL);
}

static struct viosim *make_device(const char *socket, const char *description)
{
    const struct sim_options options = SIM_OPTIONS_DEFAULT;
    struct sim_diag diag = {.code = 0};
    struct sim_chassis_spec *spec = NULL;
    struct viosim *sim = NULL;
    uint8_t uuid[16];

    if (sim_chassis_spec_load(NULL, description, NULL, &spec, &diag) != 0)
        trouble("%s", diag.text);
    identity_of_socket(socket, uuid);
    sim_chassis_spec_set_uuid(spec, uuid);
    if (sim_device_new(spec, &options, &sim, &diag) != 0)
        trouble("%s", diag.text);
    sim_chassis_spec_free(spec);
    return sim;
}

static struct listener *listen_at(const char *path)
{
    char error[SIM_DIAG_TEXT_MAX];
    struct listener *listener = listener_new(path, 0600, error, sizeof error);

    if (listener == NULL)
        trouble("%s", error);
    return listener;
}

void server_run(const char *socket, const char *control, const char *description, struct trap *trap,
                int out)
{
    struct viosim *sim = make_device(socket, description);
    uv_loop_t loop;

    signal(SIGPIPE, SIG_IGN);
    viosim_ring_hook(sim, spring, trap);
    if (uv_loop_init(&loop) != 0 || ticker_new(&loop, sim) == NULL ||
        clients_new(&loop, listen_at(socket), sim) == NULL ||
        control_new(&loop, listen_at(control), sim) == NULL)
        trouble("the chassis cannot be served");
    if (write(out, "ready\n", 6) != 6)
        trouble("nobody waits for the chassis");
    close(out);
    uv_run(&loop, UV_RUN_DEFAULT);
    exit(0);
}
