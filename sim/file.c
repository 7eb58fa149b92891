/* SPDX-License-Identifier: MIT */
#include "sim/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <libvio/error.h>

#include "lib/base/buf.h"
#include "lib/base/error.h"

static int fail(const char *path, int number, struct sim_diag *diag)
{
    int code = vio__error_from_errno(number);
    char text[128];
    const char *why = strerror_r(number, text, sizeof(text));
    return sim_diag_set(diag, code, "%s: cannot be read: %s", path, why);
}

static int read_all(int fd, const char *path, struct vio_buf *buf, struct sim_diag *diag)
{
    for (;;) {
        char chunk[16384];
        ssize_t n = read(fd, chunk, sizeof(chunk));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(path, errno, diag);
        if (n == 0)
            return 0;
        int err = vio__buf_append(buf, chunk, (size_t)n);
        if (err == VIO_ELIMIT)
            return sim_diag_set(diag, err, "%s: larger than %zu bytes, which are allowed", path,
                                buf->max);
        if (err)
            return sim_diag_set(diag, err, "%s: out of memory", path);
    }
}

int sim_file_read(const char *path, struct vio_buf *buf, struct sim_diag *diag)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return fail(path, errno, diag);
    int err = read_all(fd, path, buf, diag);
    close(fd);
    return err;
}
