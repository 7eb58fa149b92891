/* SPDX-License-Identifier: MIT */
/**
 * @file event.h
 * @brief Events: what happens on a chassis, in order, with losses made visible.
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
 * @brief Subscribe to the events of a chassis from now on.
 * @param chassis          The chassis.
 * @param depth            How many events are kept for the subscriber, 1 to 65,536.
 * @param ret_subscription Where the subscription goes, with one reference for the caller, who gives
 *                         it up with vio_subscription_unref().
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_subscription_new(struct vio_chassis *chassis, size_t depth,
                                    struct vio_subscription **ret_subscription);

/**
 * @brief Take another reference.
 * @param subscription The subscription, or NULL.
 * @return *subscription*.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_subscription *vio_subscription_ref(struct vio_subscription *subscription);

/**
 * @brief Give up a reference; the last one ends the subscription.
 * @param subscription The subscription, or NULL for no effect.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT void vio_subscription_unref(struct vio_subscription *subscription);

/**
 * @brief Have a request complete as soon as there is an event to take.
 * @param subscription The subscription.
 * @param cb           Called once, on the loop's thread, if this returns 0; NULL for none,
 *                     vio_ctx_queue for the completion queue.
 * @param user         Passed to *cb*.
 * @param ret_req      Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends with 0, VIO_EBUSY if another one waits for this
 *         subscription already, VIO_ECLOSED, VIO_ECANCELED or VIO_ETIMEDOUT.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_subscription_wait(struct vio_subscription *subscription, vio_req_cb cb,
                                     void *user, struct vio_req **ret_req);

/**
 * @brief Take the oldest event, without waiting.
 * @param subscription The subscription.
 * @param ret_event    Where the event goes, with one reference for the caller, who gives it up with
 *                     vio_event_unref().
 * @return 0; VIO_EAGAIN while there is none; VIO_ENOMEM, VIO_EINVAL, VIO_EFORK.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_subscription_take(struct vio_subscription *subscription,
                                     struct vio_event **ret_event);

/**
 * @brief Take another reference.
 * @param event The event, or NULL.
 * @return *event*.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_event *vio_event_ref(struct vio_event *event);

/**
 * @brief Give up a reference.
 * @param event The event, or NULL for no effect.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT void vio_event_unref(struct vio_event *event);

/**
 * @brief Tell what happened.
 * @param event The event, or NULL.
 * @return The type; VIO_EVENT_UNKNOWN for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT enum vio_event_type vio_event_type(const struct vio_event *event);

/**
 * @brief Get the number of an event.
 * @param event The event, or NULL.
 * @return The number; 0 for NULL.
 *
 * Each event of a chassis has one more than the one before it; a gap comes with an event of type
 * VIO_EVENT_OVERFLOW. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_event_sequence(const struct vio_event *event);

/**
 * @brief Tell when an event was received.
 * @param event The event, or NULL.
 * @return ns of CLOCK_REALTIME; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_event_time(const struct vio_event *event);

/**
 * @brief Get the name of the port, server or adapter that an event is about, or the label of the
 *        function.
 * @param event The event, or NULL.
 * @return UTF-8 text that lives as long as the event, "" where it is about the chassis or not
 *         known; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_event_object(const struct vio_event *event);

/**
 * @brief Get the number of the object that an event is about.
 * @param event The event, or NULL.
 * @return The number; 0 where it is about the chassis, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_event_index(const struct vio_event *event);

/**
 * @brief Get the name of the server of the function that an event is about.
 * @param event The event, or NULL.
 * @return UTF-8 text that lives as long as the event, "" otherwise; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_event_server(const struct vio_event *event);

/**
 * @brief Get the name of the adapter of the function that an event is about.
 * @param event The event, or NULL.
 * @return UTF-8 text that lives as long as the event, "" otherwise; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_event_adapter(const struct vio_event *event);

/**
 * @brief Get the number that comes with an event.
 * @param event The event, or NULL.
 * @return VIO_EVENT_OVERFLOW: how many events were lost, 0 when it is not known;
 *         VIO_EVENT_FUNCTION_LINK: 1 for up, 0 for down; 0 otherwise and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_event_value(const struct vio_event *event);

/**
 * @brief Get the UUID of the vAdapter that a function's event is about.
 * @param event    The event.
 * @param ret_uuid Where the UUID goes, an address of kind VIO_ADDRESS_UUID.
 * @return 0; VIO_EINVAL for NULL; VIO_ENOENT for another event.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_event_vadapter(const struct vio_event *event, struct vio_address *ret_uuid);

/**
 * @brief Get the name of a type of event.
 * @param type One of enum vio_event_type.
 * @return "port-up", "function-bound", "overflow" and so on, "unknown" otherwise: static text,
 *         never NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_event_type_name(enum vio_event_type type);

#ifdef __cplusplus
}
#endif

#endif
