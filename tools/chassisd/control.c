/* SPDX-License-Identifier: MIT */
#include "tools/chassisd/control.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/error.h"

#define REPLY_MAX   (2 * VIOSIM_TEXT_SIZE + 64)
#define PENDING_MAX 65536u /* bytes of replies that a client may leave unread */

struct connection {
    uv_pipe_t pipe;
    struct control *control;
    char line[CONTROL_LINE_MAX];
    size_t used;
    bool too_long; /* skip to the end of this line */
};

struct control {
    uv_poll_t poll;
    uv_loop_t *loop;
    struct listener *listener;
    struct viosim *sim;
    struct connection *slots[CONTROL_CLIENTS_MAX];
};

struct reply {
    uv_write_t request;
    size_t size;
    char text[REPLY_MAX];
};

static void on_connection_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void end_connection(struct connection *connection)
{
    struct control *control = connection->control;

    if (uv_is_closing((uv_handle_t *)&connection->pipe))
        return;
    for (unsigned i = 0; i < CONTROL_CLIENTS_MAX; i++) {
        if (control->slots[i] == connection)
            control->slots[i] = NULL;
    }
    uv_close((uv_handle_t *)&connection->pipe, on_connection_closed);
}

static void on_written(uv_write_t *request, int status)
{
    (void)status; /* a failure shows up at the reading end as well */
    free(request->data);
}

/* Text first, the verdict last. A line of text that reads like a verdict is indented. */
static void append_text(struct reply *reply, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        bool verdict = strncmp(text, "ok", 2) == 0 || strncmp(text, "error", 5) == 0;

        reply->size += (size_t)snprintf(reply->text + reply->size, REPLY_MAX - reply->size,
                                        "%s%.*s\n", verdict ? " " : "", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

static void obey(struct control *control, const char *line, struct reply *reply)
{
    char text[VIOSIM_TEXT_SIZE] = "";
    int error = viosim_control(control->sim, line, text, sizeof text);

    if (error) {
        text[strcspn(text, "\n")] = '\0';
        reply->size = (size_t)snprintf(reply->text, REPLY_MAX, "error: %s\n",
                                       text[0] ? text : vio__error_text(error));
        return;
    }
    append_text(reply, text);
    memcpy(reply->text + reply->size, "ok\n", 3);
    reply->size += 3;
}

static void answer_line(struct connection *connection, bool too_long)
{
    struct reply *reply = calloc(1, sizeof *reply);
    uv_stream_t *stream = (uv_stream_t *)&connection->pipe;
    uv_buf_t buffer;

    if (!reply) {
        end_connection(connection);
        return;
    }
    if (too_long)
        reply->size = (size_t)snprintf(
            reply->text, REPLY_MAX, "error: a line has at most %d bytes\n", CONTROL_LINE_MAX - 1);
    else
        obey(connection->control, connection->line, reply);
    reply->request.data = reply;
    buffer = uv_buf_init(reply->text, (unsigned)reply->size);
    if (uv_write(&reply->request, stream, &buffer, 1, on_written) != 0) {
        free(reply);
        end_connection(connection);
    } else if (uv_stream_get_write_queue_size(stream) > PENDING_MAX) {
        end_connection(connection);
    }
}

/* Empty lines are passed over, so a person may press return. */
static void end_line(struct connection *connection)
{
    bool too_long = connection->too_long;

    while (connection->used > 0 && strchr(" \t\r", connection->line[connection->used - 1]))
        connection->used--;
    connection->line[connection->used] = '\0';
    if (too_long || connection->used > 0)
        answer_line(connection, too_long);
    connection->used = 0;
    connection->too_long = false;
}

static void take_byte(struct connection *connection, char byte)
{
    if (byte == '\n')
        end_line(connection);
    else if (connection->used == sizeof connection->line - 1)
        connection->too_long = true;
    else
        connection->line[connection->used++] = byte ? byte : '?';
}

static void on_shutdown(uv_shutdown_t *request, int status)
{
    struct connection *connection = request->data;

    free(request);
    if (status != UV_ECANCELED)
        end_connection(connection);
}

/* The client has said all it wants to; what it has not read yet is still sent. */
static void drain(struct connection *connection)
{
    uv_shutdown_t *request = calloc(1, sizeof *request);

    uv_read_stop((uv_stream_t *)&connection->pipe);
    if (!request) {
        end_connection(connection);
        return;
    }
    request->data = connection;
    if (uv_shutdown(request, (uv_stream_t *)&connection->pipe, on_shutdown) != 0) {
        free(request);
        end_connection(connection);
    }
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_buffer)
{
    (void)handle;
    (void)suggested;
    *ret_buffer = uv_buf_init(malloc(CONTROL_LINE_MAX), CONTROL_LINE_MAX);
    if (!ret_buffer->base)
        ret_buffer->len = 0;
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct connection *connection = stream->data;

    for (ssize_t i = 0; i < size && !uv_is_closing((uv_handle_t *)stream); i++)
        take_byte(connection, buffer->base[i]);
    free(buffer->base);
    if (size == UV_EOF) {
        if (connection->used > 0 || connection->too_long)
            end_line(connection);
        if (!uv_is_closing((uv_handle_t *)stream))
            drain(connection);
    } else if (size < 0) {
        end_connection(connection);
    }
}

static void start_connection(struct control *control, int fd, unsigned slot)
{
    struct connection *connection = calloc(1, sizeof *connection);

    if (!connection || uv_pipe_init(control->loop, &connection->pipe, 0) != 0) {
        free(connection);
        close(fd);
        return;
    }
    connection->control = control;
    connection->pipe.data = connection;
    control->slots[slot] = connection;
    if (uv_pipe_open(&connection->pipe, fd) != 0) {
        close(fd);
        end_connection(connection);
    } else if (uv_read_start((uv_stream_t *)&connection->pipe, on_alloc, on_read) != 0) {
        end_connection(connection);
    }
}

static void on_connection(uv_poll_t *poll, int status, int events)
{
    struct control *control = poll->data;
    int fd = listener_accept(control->listener);
    unsigned slot = 0;

    (void)status;
    (void)events;
    if (fd < 0)
        return;
    while (slot < CONTROL_CLIENTS_MAX && control->slots[slot])
        slot++;
    if (slot == CONTROL_CLIENTS_MAX)
        close(fd);
    else
        start_connection(control, fd, slot);
}

static void on_control_closed(uv_handle_t *handle)
{
    free(handle->data);
}

struct control *control_new(uv_loop_t *loop, struct listener *listener, struct viosim *sim)
{
    struct control *control = calloc(1, sizeof *control);

    if (!control)
        return NULL;
    control->loop = loop;
    control->listener = listener;
    control->sim = sim;
    if (uv_poll_init(loop, &control->poll, listener_fd(listener)) != 0) {
        free(control);
        return NULL;
    }
    control->poll.data = control;
    if (uv_poll_start(&control->poll, UV_READABLE, on_connection) != 0) {
        control_close(control);
        return NULL;
    }
    return control;
}

void control_close(struct control *control)
{
    for (unsigned i = 0; i < CONTROL_CLIENTS_MAX; i++) {
        if (control->slots[i])
            end_connection(control->slots[i]);
    }
    uv_close((uv_handle_t *)&control->poll, on_control_closed);
}
