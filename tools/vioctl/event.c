/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <time.h>

#include "tools/vioctl/vioctl.h"

/* What is known of the chassis. Who only reads has to look at what others made after it looked. */
struct view {
    struct vioctl *ctl;
    struct vio_inventory *inventory; /* NULL: none yet */
};

static struct vio_vadapter *find_vadapter(const struct view *view, const struct vio_event *event)
{
    char text[VIO_ADDRESS_TEXT_SIZE];
    struct vio_address uuid;

    if (vio_event_vadapter(event, &uuid) != 0 || vio_address_format(&uuid, text, sizeof text) != 0)
        return NULL;
    return vio_vadapter_ref(vio_inventory_find_vadapter(view->inventory, text));
}

/* Looks again where the event is about what is not known, or was changed. */
static struct vio_vadapter *look(struct view *view, const struct vio_event *event)
{
    enum vio_event_type type = vio_event_type(event);
    struct vio_vadapter *known = find_vadapter(view, event);
    struct vio_inventory *fresh = NULL;
    struct vio_address uuid;

    if (vio_event_vadapter(event, &uuid) != 0 ||
        (known != NULL && type != VIO_EVENT_FUNCTION_CREATED && type != VIO_EVENT_FUNCTION_BOUND))
        return known;
    fresh = session_observe(view->ctl);
    if (fresh == NULL)
        return known;
    vio_inventory_unref(view->inventory);
    view->inventory = fresh;
    vio_vadapter_unref(known);
    return find_vadapter(view, event);
}

static const char *either(const char *text, const char *other)
{
    return text[0] == '\0' && other != NULL ? other : text;
}

static json_t *describe(struct view *view, const struct vio_event *event)
{
    struct vio_vadapter *vadapter = look(view, event);
    struct vio_address uuid;
    json_t *value = json_pack(
        "{s:I, s:o, s:s, s:s, s:I, s:s, s:s, s:I, s:o}", "sequence",
        (json_int_t)vio_event_sequence(event), "time", when_describe(vio_event_time(event)), "type",
        vio_event_type_name(vio_event_type(event)), "object",
        either(vio_event_object(event), vio_vadapter_name(vadapter)), "index",
        (json_int_t)vio_event_index(event), "server",
        either(vio_event_server(event), vio_vadapter_server(vadapter)), "adapter",
        either(vio_event_adapter(event), vio_vadapter_adapter(vadapter)), "value",
        (json_int_t)vio_event_value(event), "vadapter",
        vio_event_vadapter(event, &uuid) == 0 ? describe_address(&uuid) : json_null());

    vio_vadapter_unref(vadapter);
    return value;
}

static int print_waiting(struct view *view, struct vio_subscription *subscription, uint64_t most,
                         uint64_t *io_printed)
{
    static const struct column columns[] = {
        {"time", "0000-00-00T00:00:00.000000Z", SHOW_TEXT},
        {"sequence", "SEQUENCE", SHOW_TEXT},
        {"type", "function-destroyed", SHOW_TEXT},
        {"object", "server16/0", SHOW_TEXT},
        {"server", "server16", SHOW_TEXT},
        {"adapter", "slot8", SHOW_TEXT},
        {NULL, NULL, SHOW_TEXT},
    };
    struct vio_event *event;

    while (*io_printed < most && vio_subscription_take(subscription, &event) == 0) {
        int status = output_line(session_settings(view->ctl), describe(view, event), columns);

        vio_event_unref(event);
        ++*io_printed;
        if (status != EXIT_DONE)
            return status;
    }
    return EXIT_DONE;
}

static int follow(struct view *view, struct vio_subscription *subscription, uint64_t most,
                  int limit_ms)
{
    uint64_t printed = 0;
    int status = EXIT_DONE;
    struct timespec start, now;

    clock_gettime(CLOCK_MONOTONIC, &start);
    while (status == EXIT_DONE && printed < most) {
        struct vio_req *req = NULL;
        int left = -1;

        clock_gettime(CLOCK_MONOTONIC, &now);
        if (limit_ms >= 0)
            left = limit_ms - (int)((now.tv_sec - start.tv_sec) * 1000 +
                                    (now.tv_nsec - start.tv_nsec) / 1000000);
        if (limit_ms >= 0 && left <= 0)
            break;
        int error = vio_subscription_wait(subscription, NULL, NULL, &req);
        if (error == 0 && left >= 0)
            vio_req_set_deadline(req, (uint32_t)left);
        error = session_end(error, req);
        vio_req_unref(req);
        if (error == 0)
            status = print_waiting(view, subscription, most, &printed);
        else if (error != VIO_ETIMEDOUT)
            status =
                complain("waiting for events: %s (%s)", vio_strerror(error), vio_error_name(error));
    }
    return status;
}

static int watch(struct vioctl *ctl, const struct arguments *args)
{
    const char *count = arguments_option(args, "count", 0);
    const char *limit = arguments_option(args, "for", 0);
    uint64_t most = UINT64_MAX, seconds = 0;
    struct view view = {.ctl = ctl};
    struct vio_subscription *subscription;

    if (count != NULL && parse_number("--count", count, 1, UINT32_MAX, &most) != EXIT_DONE)
        return EXIT_USAGE;
    if (limit != NULL && parse_number("--for", limit, 0, 1000000, &seconds) != EXIT_DONE)
        return EXIT_USAGE;
    int error = vio_subscription_new(session_chassis(ctl), 4096, &subscription);
    if (error != 0)
        return complain("subscribing to events: %s", vio_strerror(error));
    int status = follow(&view, subscription, most, limit != NULL ? (int)seconds * 1000 : -1);
    vio_inventory_unref(view.inventory);
    vio_subscription_unref(subscription);
    return status;
}

static const struct option watch_options[] = {
    {"count", "N", "ends after N events"},
    {"for", "SECONDS", "ends after this time"},
    {NULL, NULL, NULL},
};

const struct command event_commands[] = {
    {"event", "watch", "", "shows events as they come, a line (or a JSON object) each",
     NEEDS_CHASSIS, watch_options, .run = watch},
    {.noun = NULL},
};
