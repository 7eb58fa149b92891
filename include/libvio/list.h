/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Lists: the objects of an inventory that pass a filter, a page at a time, all
 * pages from the one snapshot.
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
 * Makes a filter that lets everything pass, in pages of 1,000. Belongs to one
 * thread.
 *
 * @return 0, VIO_EINVAL, VIO_ENOMEM
 * @since 0.1.0
 */
VIO_EXPORT int vio_filter_new(struct vio_filter **ret_filter);

/** Frees a filter; NULL is fine. @since 0.1.0 */
VIO_EXPORT void vio_filter_free(struct vio_filter *filter);

/**
 * Lets pass what has this name; `*` and `?` stand for any text and any one
 * character. A property that a noun does not have lets none of its objects pass.
 *
 * @param pattern  copied; NULL lets every name pass
 * @return 0, VIO_EINVAL, VIO_ENAME (longer than 63 bytes or not UTF-8)
 * @since 0.1.0
 */
VIO_EXPORT int vio_filter_set_name(struct vio_filter *filter, const char *pattern);

/** Lets pass what is in, or belongs to, this server. @return as vio_filter_set_name() @since 0.1.0
 */
VIO_EXPORT int vio_filter_set_server(struct vio_filter *filter, const char *server);

/** Lets pass what is on this adapter. @return as vio_filter_set_name() @since 0.1.0 */
VIO_EXPORT int vio_filter_set_adapter(struct vio_filter *filter, const char *adapter);

/** Lets pass what is of this kind; UNKNOWN: any. @return 0, VIO_EINVAL @since 0.1.0 */
VIO_EXPORT int vio_filter_set_kind(struct vio_filter *filter, enum vio_vadapter_kind kind);

/**
 * Lets pass what is in this state, named as lists show it: vAdapters and
 * functions "detached", "attached", "fault" …; ports "up", "down", "disabled";
 * servers "on", "off", "absent"; adapters "ok", "empty", "off", "fault".
 *
 * @param state  copied; NULL: any
 * @return 0, VIO_EINVAL (no noun has such a state)
 * @since 0.1.0
 */
VIO_EXPORT int vio_filter_set_state(struct vio_filter *filter, const char *state);

/**
 * Lets pass what carries this label. Several labels must all be carried.
 *
 * @param key    copied
 * @param value  copied; NULL: with any value
 * @return 0, VIO_EINVAL, VIO_ENAME, VIO_ELIMIT (more than 16)
 * @since 0.1.0
 */
VIO_EXPORT int vio_filter_add_label(struct vio_filter *filter, const char *key, const char *value);

/** How many objects a page has, 1 to 100000. @return 0, VIO_EINVAL @since 0.1.0 */
VIO_EXPORT int vio_filter_set_page(struct vio_filter *filter, size_t objects);

/**
 * Lists the objects of a noun in the order of their names (functions: of their
 * numbers): the first page.
 *
 * @param filter    NULL: all, in pages of 1,000; read during the call only
 * @param ret_list  receives the list; vio_list_unref() it
 * @return 0, VIO_EINVAL, VIO_ENOMEM
 * @since 0.1.0
 */
VIO_EXPORT int vio_list_new(struct vio_inventory *inventory, enum vio_noun noun,
                            const struct vio_filter *filter, struct vio_list **ret_list);

/** Takes a reference. @return list; NULL for NULL @since 0.1.0 */
VIO_EXPORT struct vio_list *vio_list_ref(struct vio_list *list);

/** Gives a reference back; NULL is fine. @since 0.1.0 */
VIO_EXPORT void vio_list_unref(struct vio_list *list);

/** The noun that is listed. @since 0.1.0 */
VIO_EXPORT enum vio_noun vio_list_noun(const struct vio_list *list);

/** Objects on this page. @since 0.1.0 */
VIO_EXPORT size_t vio_list_count(const struct vio_list *list);

/** Objects on all pages. @since 0.1.0 */
VIO_EXPORT size_t vio_list_total(const struct vio_list *list);

/**
 * The next page, of the same snapshot.
 *
 * @return 0, VIO_ENOENT (this was the last), VIO_EINVAL, VIO_ENOMEM
 * @since 0.1.0
 */
VIO_EXPORT int vio_list_next(const struct vio_list *list, struct vio_list **ret_list);

/** The object at a place of the page, borrowed from the list; NULL beyond its end or for another
 * noun. @since 0.1.0 */
VIO_EXPORT struct vio_port *vio_list_port(const struct vio_list *list, size_t at);
/** @copydoc vio_list_port @since 0.1.0 */
VIO_EXPORT struct vio_server *vio_list_server(const struct vio_list *list, size_t at);
/** @copydoc vio_list_port @since 0.1.0 */
VIO_EXPORT struct vio_adapter *vio_list_adapter(const struct vio_list *list, size_t at);
/** @copydoc vio_list_port @since 0.1.0 */
VIO_EXPORT struct vio_function *vio_list_function(const struct vio_list *list, size_t at);
/** @copydoc vio_list_port @since 0.1.0 */
VIO_EXPORT struct vio_vadapter *vio_list_vadapter(const struct vio_list *list, size_t at);

#ifdef __cplusplus
}
#endif

#endif
