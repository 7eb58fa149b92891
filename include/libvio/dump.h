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

#include <stddef.h>

#include <libvio/address.h>
#include <libvio/export.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_dump;
struct vio_dump_differences;

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
