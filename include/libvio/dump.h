/* SPDX-License-Identifier: MIT */
/**
 * @file dump.h
 * @brief A dump: the content of a store as one JSON document, to be kept, compared, and loaded into
 *        another store.
 *
 * The document is described by the JSON schema store-1.json, which is installed in
 * share/libvio/schema. Two dumps of the same content are the same bytes. Generations are no
 * content: they count the changes of one store.
 */
#ifndef LIBVIO_DUMP_H
#define LIBVIO_DUMP_H

#include <stdbool.h>
#include <stddef.h>

#include <libvio/address.h>
#include <libvio/export.h>
#include <libvio/req.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_dump;
struct vio_dump_differences;
struct vio_store;

/**
 * @brief Dump a store: all that is committed, also by other processes; vio_req_get_dump() has it
 *        then.
 * @param store   The store.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends with 0, VIO_ENOMEM, VIO_ELIMIT (the document would be
 *         longer than 2 GiB), VIO_ECLOSED, VIO_EBUSY, VIO_EIO, VIO_EGONE or VIO_ECORRUPT.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_store_dump(struct vio_store *store, vio_req_cb cb, void *user,
                              struct vio_req **ret_req);

/**
 * @brief Get the dump that a request made.
 * @param req A request of vio_store_dump(), or NULL.
 * @return The dump, which lives as long as the request: vio_dump_ref() it to keep it; NULL while
 *         the request is under way, where it failed, for other requests and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_dump *vio_req_get_dump(const struct vio_req *req);

/**
 * @brief Load a dump into a store, all of it or nothing; vio_req_get_plan() has what was done then.
 *
 * Objects that the store does not have are created, with their UUIDs and identities, and with
 * generation 1. Those that it has and that differ are changed; its chassis, and what the dump does
 * not have, are left alone. Kind, chassis, adapter and size of a vAdapter and the purpose of a pool
 * cannot change. No chassis is told: where a vAdapter that is on one changed, that is drift, which
 * reconciling removes. It cannot be undone; dump the store before, and load that.
 * @param store   The store.
 * @param dump    A valid dump; kept until the request ends.
 * @param dry_run true: only plan it.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL for a null argument; VIO_EPARSE for a dump that is not valid; VIO_ENOMEM,
 *         VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue has no place. The request
 *         ends with 0; VIO_ESTATE (something that cannot change would), VIO_EEXIST (name) or
 *         VIO_EDUPLICATE (identity of an object that the dump does not have):
 * vio_req_problem_code() and the plan have every problem; VIO_EBUSY (a vAdapter is being changed,
 * or waits for recovery), VIO_EPERM (opened for reading only), VIO_ELIMIT (more than the history
 * can keep: some 100,000 objects), VIO_ENOMEM, VIO_ECLOSED, VIO_EDISK, VIO_EIO, VIO_EGONE or
 *         VIO_ECORRUPT. Once it has begun, it cannot be canceled.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_store_load(struct vio_store *store, struct vio_dump *dump, bool dry_run,
                              vio_req_cb cb, void *user, struct vio_req **ret_req);

/**
 * @brief Read a document. One that is not valid makes a dump too, which has its problems and no
 *        text.
 * @param text     The document, UTF-8; copied. It need not end in a zero.
 * @param size     Its bytes.
 * @param ret_dump Where the dump goes, with a reference for the caller: vio_dump_unref().
 * @return 0, also where the document is not valid: see vio_dump_status(); VIO_EINVAL for a null
 *         argument, VIO_ENOMEM.
 *
 * Callable from any thread and in callbacks; takes some 10 us for each vAdapter.
 * @since 0.1.0
 */
VIO_EXPORT int vio_dump_parse(const char *text, size_t size, struct vio_dump **ret_dump);

/**
 * @brief Take another reference.
 * @param dump The dump, or NULL.
 * @return *dump*.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_dump *vio_dump_ref(struct vio_dump *dump);

/**
 * @brief Give up a reference; the last one frees the dump.
 * @param dump The dump, or NULL for no effect.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT void vio_dump_unref(struct vio_dump *dump);

/**
 * @brief Tell whether a dump is valid.
 * @param dump The dump, or NULL.
 * @return 0, or the code of its first problem: VIO_EPARSE (no JSON, another format or version, a
 *         key or value that is not allowed), VIO_ENAME, VIO_EADDR, VIO_EINVAL, VIO_EEXIST,
 *         VIO_EDUPLICATE (two objects share what they must not) or VIO_ELIMIT; VIO_EINVAL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_dump_status(const struct vio_dump *dump);

/**
 * @brief Count the problems of a document that was read.
 * @param dump The dump, or NULL.
 * @return How many problems there are, 0 for a valid dump and for NULL; beyond 1,000, one last
 *         problem says how many more there are.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_dump_num_problems(const struct vio_dump *dump);

/**
 * @brief Tell the code of a problem.
 * @param dump The dump, or NULL.
 * @param at   Which one, 0 to vio_dump_num_problems() - 1.
 * @return Its code, as vio_dump_status() says; 0 beyond the last one and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_dump_problem_code(const struct vio_dump *dump, size_t at);

/**
 * @brief Tell where in the document a problem is.
 * @param dump The dump, or NULL.
 * @param at   Which one, 0 to vio_dump_num_problems() - 1.
 * @return Its place, such as "vadapters[3].vlan.mode", "" for the document itself, which lives as
 *         long as the dump; NULL beyond the last one and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_dump_problem_path(const struct vio_dump *dump, size_t at);

/**
 * @brief Tell what is wrong and what is allowed.
 * @param dump The dump, or NULL.
 * @param at   Which one, 0 to vio_dump_num_problems() - 1.
 * @return One line of English, UTF-8 without control characters, which lives as long as the dump;
 *         NULL beyond the last one and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_dump_problem_text(const struct vio_dump *dump, size_t at);

/**
 * @brief Get the document as libvio writes it.
 * @param dump     The dump, or NULL.
 * @param ret_size Where its bytes go, without the terminating zero; NULL for none.
 * @return The document, zero-terminated UTF-8 that ends in a newline, which lives as long as the
 *         dump; NULL where it is not valid, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_dump_text(const struct vio_dump *dump, size_t *ret_size);

/**
 * @brief Tell which store was dumped.
 * @param dump     The dump.
 * @param ret_uuid Where its UUID goes.
 * @return 0; VIO_EINVAL for a null argument; VIO_EPARSE for a dump that is not valid.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_dump_store_uuid(const struct vio_dump *dump, struct vio_address *ret_uuid);

/**
 * @brief Compare two dumps. Objects are the same by their UUIDs, holds by their addresses.
 * @param before          The older dump; read during the call only.
 * @param after           The newer dump; read during the call only.
 * @param ret_differences Where the differences go, with a reference for the caller:
 *                        vio_dump_differences_unref().
 * @return 0; VIO_EINVAL for a null argument; VIO_EPARSE where one of them is not valid; VIO_ENOMEM.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_dump_diff(const struct vio_dump *before, const struct vio_dump *after,
                             struct vio_dump_differences **ret_differences);

/**
 * @brief Take another reference.
 * @param differences The differences, or NULL.
 * @return *differences*.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_dump_differences *vio_dump_differences_ref(
    struct vio_dump_differences *differences);

/**
 * @brief Give up a reference; the last one frees the differences.
 * @param differences The differences, or NULL for no effect.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT void vio_dump_differences_unref(struct vio_dump_differences *differences);

/**
 * @brief Count the differences: one for each field, or for an object that is in one dump alone.
 * @param differences The differences, or NULL.
 * @return How many there are; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_dump_differences_count(const struct vio_dump_differences *differences);

/**
 * @brief Tell what kind of object a difference is of.
 * @param differences The differences, or NULL.
 * @param at          Which one, 0 to vio_dump_differences_count() - 1.
 * @return "chassis", "pool", "hold" or "vadapter", static text; NULL beyond the last one and for
 *         NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_dump_differences_noun(const struct vio_dump_differences *differences,
                                                 size_t at);

/**
 * @brief Tell the name of the object.
 * @param differences The differences, or NULL.
 * @param at          Which one, 0 to vio_dump_differences_count() - 1.
 * @return Its name as it is afterwards, or the text of a hold's address, or of the UUID of what has
 *         no name; lives as long as the differences; NULL beyond the last one and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_dump_differences_name(const struct vio_dump_differences *differences,
                                                 size_t at);

/**
 * @brief Tell which field differs.
 * @param differences The differences, or NULL.
 * @param at          Which one, 0 to vio_dump_differences_count() - 1.
 * @return The field as the document has it, such as "vlan.mode" or "labels.env", which lives as
 *         long as the differences; NULL for an object that is in one dump alone, beyond the last
 *         one and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_dump_differences_field(const struct vio_dump_differences *differences,
                                                  size_t at);

/**
 * @brief Tell the older value.
 * @param differences The differences, or NULL.
 * @param at          Which one, 0 to vio_dump_differences_count() - 1.
 * @return Text as it is, numbers, lists and whole objects as JSON; lives as long as the
 *         differences. NULL where the older dump has none, beyond the last one and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_dump_differences_before(const struct vio_dump_differences *differences,
                                                   size_t at);

/**
 * @brief Tell the newer value.
 * @param differences The differences, or NULL.
 * @param at          Which one, 0 to vio_dump_differences_count() - 1.
 * @return As vio_dump_differences_before(), of the newer dump.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_dump_differences_after(const struct vio_dump_differences *differences,
                                                  size_t at);

#ifdef __cplusplus
}
#endif

#endif
