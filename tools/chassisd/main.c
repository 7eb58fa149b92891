/* SPDX-License-Identifier: MIT */
/* vio-chassisd: a software chassis as a process of its own, for any vfio-user client. */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <libvio/error.h>
#include <libvio/version.h>

#include "lib/base/uuid.h"
#include "tools/chassisd/clients.h"
#include "tools/chassisd/control.h"
#include "tools/chassisd/identity.h"
#include "tools/chassisd/options.h"
#include "tools/chassisd/ticker.h"

enum exit_code { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

struct daemon {
    uv_loop_t loop;
    uv_signal_t signals[2]; /* SIGTERM, SIGINT */
    struct viosim *sim;
    struct listener *listener;
    struct listener *control_listener; /* NULL: none */
    struct clients *clients;
    struct control *control;
    struct ticker *ticker;
};

static void complain(const char *text)
{
    fprintf(stderr, "vio-chassisd: %s\n", text);
}

static void give_identity(const struct options *options, struct sim_chassis_spec *spec)
{
    uint8_t uuid[VIO_UUID_SIZE];

    if (!vio__uuid_is_nil(sim_chassis_spec_uuid(spec)) || options->device.seed != UINT64_MAX)
        return;
    identity_of_socket(options->socket, uuid);
    sim_chassis_spec_set_uuid(spec, uuid);
}

/* A slot that the chassis has not got is wrong usage; a broken file is not. */
static enum exit_code make_chassis(const struct options *options, struct viosim **ret_sim)
{
    struct sim_chassis_spec *spec = NULL;
    struct sim_diag diag = {.code = 0};
    enum exit_code result = EXIT_FAILED;
    int error = sim_chassis_spec_load(NULL, options->chassis, NULL, &spec, &diag);

    for (unsigned i = 0; i < options->adapter_count && !error; i++) {
        error = sim_chassis_spec_set_adapter(spec, options->adapters[i].slot,
                                             options->adapters[i].where, &diag);
        if (error == VIO_ENOENT)
            result = EXIT_USAGE;
    }
    if (!error) {
        give_identity(options, spec);
        error = sim_device_new(spec, &options->device, ret_sim, &diag);
    }
    sim_chassis_spec_free(spec);
    if (!error)
        return EXIT_DONE;
    complain(diag.text);
    return result;
}

static bool listen_all(struct daemon *daemon, const struct options *options)
{
    char error[SIM_DIAG_TEXT_MAX];

    daemon->listener = listener_new(options->socket, options->mode, error, sizeof error);
    if (daemon->listener && options->control)
        daemon->control_listener =
            listener_new(options->control, options->mode, error, sizeof error);
    if (daemon->listener && (!options->control || daemon->control_listener))
        return true;
    complain(error);
    return false;
}

static void stop(struct daemon *daemon)
{
    for (unsigned i = 0; i < 2; i++) {
        if (daemon->signals[i].data)
            uv_close((uv_handle_t *)&daemon->signals[i], NULL);
        daemon->signals[i].data = NULL;
    }
    if (daemon->clients)
        clients_close(daemon->clients);
    if (daemon->control)
        control_close(daemon->control);
    if (daemon->ticker)
        ticker_close(daemon->ticker);
    daemon->clients = NULL;
    daemon->control = NULL;
    daemon->ticker = NULL;
}

static void on_signal(uv_signal_t *signal, int number)
{
    (void)number;
    stop(signal->data);
}

static bool watch_signals(struct daemon *daemon)
{
    static const int numbers[] = {SIGTERM, SIGINT};

    for (unsigned i = 0; i < 2; i++) {
        if (uv_signal_init(&daemon->loop, &daemon->signals[i]) != 0)
            return false;
        daemon->signals[i].data = daemon;
        if (uv_signal_start(&daemon->signals[i], on_signal, numbers[i]) != 0)
            return false;
    }
    return true;
}

/* Signals first: from here on, one of them removes the sockets. */
static bool start(struct daemon *daemon, const struct options *options)
{
    bool started = watch_signals(daemon);

    if (started && !listen_all(daemon, options))
        return false;
    if (started) {
        daemon->ticker = ticker_new(&daemon->loop, daemon->sim);
        daemon->clients = clients_new(&daemon->loop, daemon->listener, daemon->sim);
        if (daemon->control_listener)
            daemon->control = control_new(&daemon->loop, daemon->control_listener, daemon->sim);
        started = daemon->ticker && daemon->clients && (daemon->control || !options->control);
    }
    if (!started)
        complain("out of memory or of file descriptors");
    return started;
}

static enum exit_code run(struct daemon *daemon, const struct options *options)
{
    bool started;

    if (uv_loop_init(&daemon->loop) != 0) {
        complain("cannot make an event loop");
        return EXIT_FAILED;
    }
    started = start(daemon, options);
    if (started) {
        puts("ready");
        fflush(stdout);
    } else {
        stop(daemon);
    }
    uv_run(&daemon->loop, UV_RUN_DEFAULT);
    uv_loop_close(&daemon->loop);
    return started ? EXIT_DONE : EXIT_FAILED;
}

/* Each client may have thousands of descriptors mapped for DMA. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static enum exit_code serve(const struct options *options)
{
    struct daemon daemon = {.sim = NULL};
    enum exit_code result = make_chassis(options, &daemon.sim);

    if (result != EXIT_DONE)
        return result;
    result = run(&daemon, options);
    listener_free(daemon.control_listener);
    listener_free(daemon.listener);
    viosim_unref(daemon.sim);
    return result;
}

/* A standard stream that was closed would be taken by the next descriptor that is opened. */
static void keep_standard_streams(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

int main(int argc, char **argv)
{
    struct options options;
    char error[SIM_DIAG_TEXT_MAX];

    keep_standard_streams();
    if (options_parse(argc, argv, &options, error, sizeof error) != 0) {
        complain(error);
        return EXIT_USAGE;
    }
    if (options.help || options.version) {
        if (options.help)
            fputs(options_help(), stdout);
        else
            printf("vio-chassisd %s\n", VIO_VERSION_STRING);
        return fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
    }
    signal(SIGPIPE, SIG_IGN);
    raise_descriptor_limit();
    return serve(&options);
}
