/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Events: what happens on a chassis, in order, with losses made visible.
 *
 * A subscription keeps a bounded number of events. When more come than are taken, the oldest are
 * dropped and one event of type VIO_EVENT_OVERFLOW stands in their place: observe the chassis anew
 * then.
 */
#ifndef LIBVIO_EVENT_H
#define LIBVIO_EVENT_H

#include <libvio/address.h>
#include <libvio/export.h>
#include <libvio/req.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_chassis;
struct vio_event;
struct vio_subscription;

/** What happened. */
enum vio_event_type {
    VIO_EVENT_UNKNOWN = 0,
    VIO_EVENT_PORT_UP = 1,
    VIO_EVENT_PORT_DOWN = 2,
    VIO_EVENT_PORT_CHANGED = 3,
    VIO_EVENT_SERVER_ON = 4,
    VIO_EVENT_SERVER_OFF = 5,
    VIO_EVENT_ADAPTER_INSERTED = 6,
    VIO_EVENT_ADAPTER_REMOVED = 7,
    VIO_EVENT_ADAPTER_FAULT = 8,
    VIO_EVENT_FUNCTION_CREATED = 9,
    VIO_EVENT_FUNCTION_BOUND = 10,
    VIO_EVENT_FUNCTION_UNBOUND = 11,
    VIO_EVENT_FUNCTION_DESTROYED = 12,
    VIO_EVENT_FUNCTION_CHANGED = 13,
    VIO_EVENT_FUNCTION_FAULT = 14,
    VIO_EVENT_FUNCTION_LINK = 15,
    VIO_EVENT_OWNER_CHANGED = 16, /**< the chassis got, lost or changed its owner */
    VIO_EVENT_FENCED = 17,        /**< we are not its owner any more */
    VIO_EVENT_RESET = 18,         /**< every function is gone */
    VIO_EVENT_OVERFLOW = 19,      /**< events were lost: observe anew */
    VIO_EVENT_LOST = 20,          /**< the chassis cannot be reached */
    VIO_EVENT_RESTORED = 21,      /**< it can be reached again: observe anew */
};

/**
 * Subscribes to a chassis' events from now on. Any thread.
 *
 * @param depth  how many events are kept for the subscriber, 1 to 65536
 * @param ret_subscription  receives the subscription; vio_subscription_unref() it
 * @return 0, VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK
 * @since 0.1.0
 */
VIO_EXPORT int vio_subscription_new(struct vio_chassis *chassis, size_t depth,
                                    struct vio_subscription **ret_subscription);

/** Takes a reference. @return subscription; NULL for NULL @since 0.1.0 */
VIO_EXPORT struct vio_subscription *vio_subscription_ref(struct vio_subscription *subscription);
/** Gives a reference back; NULL is fine; the last one ends the subscription. @since 0.1.0 */
VIO_EXPORT void vio_subscription_unref(struct vio_subscription *subscription);

/**
 * Completes as soon as there is an event to take; at most one such request per subscription waits
 * at a time.
 *
 * @return 0, VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK. The request ends with 0, VIO_EBUSY
 * (another waits), VIO_ECLOSED, VIO_ECANCELED, VIO_ETIMEDOUT
 * @since 0.1.0
 */
VIO_EXPORT int vio_subscription_wait(struct vio_subscription *subscription, vio_req_cb cb,
                                     void *user, struct vio_req **ret_req);

/**
 * Takes the oldest event. Any thread; never blocks.
 *
 * @param ret_event  receives the event; vio_event_unref() it
 * @return 0, VIO_EAGAIN (there is none now), VIO_EINVAL, VIO_EFORK
 * @since 0.1.0
 */
VIO_EXPORT int vio_subscription_take(struct vio_subscription *subscription,
                                     struct vio_event **ret_event);

/** Takes a reference, which keeps the whole snapshot. @return event; NULL for NULL @since 0.1.0 */
VIO_EXPORT struct vio_event *vio_event_ref(struct vio_event *event);
/** Gives a reference back; NULL is fine. @since 0.1.0 */
VIO_EXPORT void vio_event_unref(struct vio_event *event);

/** What happened. @since 0.1.0 */
VIO_EXPORT enum vio_event_type vio_event_type(const struct vio_event *event);
/** Its number: each event of a chassis is one more than the one before it; a gap comes with an
 * OVERFLOW event. @since 0.1.0 */
VIO_EXPORT uint64_t vio_event_sequence(const struct vio_event *event);
/** When it was received, ns of CLOCK_REALTIME. @since 0.1.0 */
VIO_EXPORT uint64_t vio_event_time(const struct vio_event *event);
/** Name of the port, server or adapter, or label of the function; "" where it is about the chassis
 * or not known. @since 0.1.0 */
VIO_EXPORT const char *vio_event_object(const struct vio_event *event);
/** Number of that object. @since 0.1.0 */
VIO_EXPORT uint32_t vio_event_index(const struct vio_event *event);
/** Name of the function's server, "" otherwise. @since 0.1.0 */
VIO_EXPORT const char *vio_event_server(const struct vio_event *event);
/** Name of the function's adapter, "" otherwise. @since 0.1.0 */
VIO_EXPORT const char *vio_event_adapter(const struct vio_event *event);
/** OVERFLOW: how many events were lost, 0 when it is not known; FUNCTION_LINK: 1 up, 0 down. @since
 * 0.1.0 */
VIO_EXPORT uint64_t vio_event_value(const struct vio_event *event);

/** UUID of the vAdapter that a function event is about. @return 0, VIO_EINVAL, VIO_ENOENT (another
 * event) @since 0.1.0 */
VIO_EXPORT int vio_event_vadapter(const struct vio_event *event, struct vio_address *ret_uuid);
/** "port-up", "function-bound", "overflow" …; "unknown" otherwise. @since 0.1.0 */
VIO_EXPORT const char *vio_event_type_name(enum vio_event_type type);

#ifdef __cplusplus
}
#endif

#endif
