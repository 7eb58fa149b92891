/* SPDX-License-Identifier: MIT */
/* vioctl: libvio for people at a shell. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tools/vioctl/vioctl.h"

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

/* An empty variable is as good as none. */
static const char *from_environment(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && *value != '\0' ? value : NULL;
}

int main(int argc, char **argv)
{
    struct settings settings = {
        .uri = from_environment("VIO_CHASSIS"),
        .store = from_environment("VIO_STORE"),
        .wait_ms = 5000,
        .timeout_ms = 60000,
    };
    const struct command *command;
    struct arguments *args;

    keep_standard_streams();
    int status = arguments_parse(argc, argv, &settings, &command, &args);

    if (status == EXIT_DONE && settings.version)
        printf("vioctl %s (libvio %s)\n", VIO_VERSION_STRING, vio_version_string());
    if (command != NULL)
        status = session_run(&settings, command, args);
    arguments_free(args);
    if (fflush(stdout) != 0 && status == EXIT_DONE)
        status = complain("standard output cannot be written");
    return status;
}
