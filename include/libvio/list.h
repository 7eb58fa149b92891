/* SPDX-License-Identifier: MIT */
/**
 * @file list.h
 * @brief Lists: the objects of an inventory that pass a filter, a page at a time, all pages from
 *        the one snapshot.
 */
#ifndef LIBVIO_LIST_H
#define LIBVIO_LIST_H

#include <stddef.h>
#include <stdint.h>

#include <libvio/export.h>
#include <libvio/vadapter.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_adapter;
struct vio_filter;
struct vio_function;
struct vio_inventory;
struct vio_list;
struct vio_port;
struct vio_server;
struct vio_vadapter;

/** The nouns that can be listed. */
enum vio_noun {
    VIO_NOUN_UNKNOWN = 0,
    VIO_NOUN_PORT = 1,
    VIO_NOUN_SERVER = 2,
    VIO_NOUN_ADAPTER = 3,
    VIO_NOUN_FUNCTION = 4,
    VIO_NOUN_VADAPTER = 5,
};

/**
 * @brief Make a filter that lets everything pass, in pages of 1,000. It belongs to one thread.
 * @param ret_filter Where the filter goes; the caller frees it with vio_filter_free().
 * @return 0; VIO_EINVAL for NULL, VIO_ENOMEM.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_filter_new(struct vio_filter **ret_filter);

/**
 * @brief Free a filter.
 * @param filter The filter, or NULL for no effect.
 *
 * On the thread that the filter belongs to.
 * @since 0.1.0
 */
VIO_EXPORT void vio_filter_free(struct vio_filter *filter);

/**
 * @brief Let pass what has this name.
 * @param filter  The filter.
 * @param pattern Zero-terminated UTF-8, at most 63 bytes, copied; "*" stands for any text, "?" for
 *                any one character. NULL lets every name pass.
 * @return 0; VIO_EINVAL for a null filter; VIO_ENAME for text longer than 63 bytes or not UTF-8.
 *
 * A property that a noun does not have lets none of its objects pass. On the thread that the filter
 * belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_filter_set_name(struct vio_filter *filter, const char *pattern);

/**
 * @brief Let pass what is in, or belongs to, this server.
 * @param filter The filter.
 * @param server Its name, zero-terminated UTF-8, at most 63 bytes, copied; NULL lets all pass.
 * @return 0; VIO_EINVAL for a null filter; VIO_ENAME for text longer than 63 bytes or not UTF-8.
 *
 * On the thread that the filter belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_filter_set_server(struct vio_filter *filter, const char *server);

/**
 * @brief Let pass what is on this adapter.
 * @param filter  The filter.
 * @param adapter Its name, zero-terminated UTF-8, at most 63 bytes, copied; NULL lets all pass.
 * @return 0; VIO_EINVAL for a null filter; VIO_ENAME for text longer than 63 bytes or not UTF-8.
 *
 * On the thread that the filter belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_filter_set_adapter(struct vio_filter *filter, const char *adapter);

/**
 * @brief Let pass what is of this kind.
 * @param filter The filter.
 * @param kind   The kind; VIO_VADAPTER_UNKNOWN for any.
 * @return 0; VIO_EINVAL for a null filter or an unknown kind.
 *
 * On the thread that the filter belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_filter_set_kind(struct vio_filter *filter, enum vio_vadapter_kind kind);

/**
 * @brief Let pass what is in this state, named as lists show it.
 * @param filter The filter.
 * @param state  vAdapters and functions: "detached", "attached", "fault" and so on; ports: "up",
 *               "down", "disabled"; servers: "on", "off", "absent"; adapters: "ok", "empty", "off",
 *               "fault". Copied; NULL for any.
 * @return 0; VIO_EINVAL for a null filter or a word that is no noun's state.
 *
 * On the thread that the filter belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_filter_set_state(struct vio_filter *filter, const char *state);

/**
 * @brief Let pass what carries this label; of several, all must be carried.
 * @param filter The filter.
 * @param key    The label's key, zero-terminated UTF-8; copied.
 * @param value  Its value, zero-terminated UTF-8, copied; NULL for any value.
 * @return 0; VIO_EINVAL for a null filter or key; VIO_ENAME for a key or value that is none;
 *         VIO_ELIMIT for more than 16 labels; VIO_ENOMEM.
 *
 * On the thread that the filter belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_filter_add_label(struct vio_filter *filter, const char *key, const char *value);

/**
 * @brief Set how many objects a page has.
 * @param filter  The filter.
 * @param objects 1 to 100,000.
 * @return 0; VIO_EINVAL for a null filter or another number.
 *
 * On the thread that the filter belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_filter_set_page(struct vio_filter *filter, size_t objects);

/**
 * @brief List the objects of a noun in the order of their names, functions in that of their
 *        numbers: the first page.
 * @param inventory The snapshot, which the list keeps.
 * @param noun      What to list, one of enum vio_noun.
 * @param filter    What passes, and how many on a page; NULL for all, in pages of 1,000. Read
 *                  during the call only.
 * @param ret_list  Where the list goes, with one reference for the caller, who gives it up with
 *                  vio_list_unref().
 * @return 0; VIO_EINVAL for a null pointer or an unknown noun; VIO_ENOMEM.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_list_new(struct vio_inventory *inventory, enum vio_noun noun,
                            const struct vio_filter *filter, struct vio_list **ret_list);

/**
 * @brief Take another reference.
 * @param list The page, or NULL.
 * @return *list*.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_list *vio_list_ref(struct vio_list *list);

/**
 * @brief Give up a reference.
 * @param list The list, or NULL for no effect.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT void vio_list_unref(struct vio_list *list);

/**
 * @brief Tell which noun is listed.
 * @param list The page, or NULL.
 * @return The noun; VIO_NOUN_UNKNOWN for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT enum vio_noun vio_list_noun(const struct vio_list *list);

/**
 * @brief Tell how many objects are on this page.
 * @param list The page, or NULL.
 * @return Their number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_list_count(const struct vio_list *list);

/**
 * @brief Tell how many objects are on all pages.
 * @param list The page, or NULL.
 * @return Their number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_list_total(const struct vio_list *list);

/**
 * @brief Get the next page, of the same snapshot.
 * @param list     A page; it stays as it is.
 * @param ret_list Where the next page goes, with one reference for the caller, who gives it up with
 *                 vio_list_unref().
 * @return 0; VIO_ENOENT if this is the last page; VIO_EINVAL for a null pointer; VIO_ENOMEM.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_list_next(const struct vio_list *list, struct vio_list **ret_list);

/**
 * @brief Get a port of the page.
 * @param list The page, or NULL.
 * @param at   Its place on the page, 0 to vio_list_count() - 1.
 * @return The port, which lives as long as the list: vio_port_ref() it to keep it; NULL beyond the
 *         page's end, in a list of another noun, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_port *vio_list_port(const struct vio_list *list, size_t at);

/**
 * @brief Get a server of the page.
 * @param list The page, or NULL.
 * @param at   Its place on the page, 0 to vio_list_count() - 1.
 * @return The server, which lives as long as the list: vio_server_ref() it to keep it; NULL beyond
 *         the page's end, in a list of another noun, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_server *vio_list_server(const struct vio_list *list, size_t at);

/**
 * @brief Get an adapter of the page.
 * @param list The page, or NULL.
 * @param at   Its place on the page, 0 to vio_list_count() - 1.
 * @return The adapter, which lives as long as the list: vio_adapter_ref() it to keep it; NULL
 *         beyond the page's end, in a list of another noun, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_adapter *vio_list_adapter(const struct vio_list *list, size_t at);

/**
 * @brief Get a function of the page.
 * @param list The page, or NULL.
 * @param at   Its place on the page, 0 to vio_list_count() - 1.
 * @return The function, which lives as long as the list: vio_function_ref() it to keep it; NULL
 *         beyond the page's end, in a list of another noun, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_function *vio_list_function(const struct vio_list *list, size_t at);

/**
 * @brief Get a vAdapter of the page.
 * @param list The page, or NULL.
 * @param at   Its place on the page, 0 to vio_list_count() - 1.
 * @return The vAdapter, which lives as long as the list: vio_vadapter_ref() it to keep it; NULL
 *         beyond the page's end, in a list of another noun, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_vadapter *vio_list_vadapter(const struct vio_list *list, size_t at);

#ifdef __cplusplus
}
#endif

#endif
