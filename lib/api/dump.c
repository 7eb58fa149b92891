/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <libvio/dump.h>
#include <libvio/error.h>

#include "lib/domain/hwaddr.h"
#include "lib/store/dump_diff.h"
#include "lib/store/dump_document.h"

int vio_dump_parse(const char *text, size_t size, struct vio_dump **ret_dump)
{
    if (!text || !ret_dump)
        return VIO_EINVAL;
    return vio__dump_parse(NULL, text, size, ret_dump);
}

struct vio_dump *vio_dump_ref(struct vio_dump *dump)
{
    return dump ? vio__dump_ref(dump) : NULL;
}

void vio_dump_unref(struct vio_dump *dump)
{
    vio__dump_unref(dump);
}

int vio_dump_status(const struct vio_dump *dump)
{
    return dump ? dump->status : VIO_EINVAL;
}

size_t vio_dump_num_problems(const struct vio_dump *dump)
{
    return dump ? dump->problems.count : 0;
}

static const struct vio_dump_problem *problem_at(const struct vio_dump *dump, size_t at)
{
    return dump && at < dump->problems.count ? &dump->problems.problem[at] : NULL;
}

int vio_dump_problem_code(const struct vio_dump *dump, size_t at)
{
    const struct vio_dump_problem *problem = problem_at(dump, at);

    return problem ? problem->code : 0;
}

const char *vio_dump_problem_path(const struct vio_dump *dump, size_t at)
{
    const struct vio_dump_problem *problem = problem_at(dump, at);

    return problem ? problem->path : NULL;
}

const char *vio_dump_problem_text(const struct vio_dump *dump, size_t at)
{
    const struct vio_dump_problem *problem = problem_at(dump, at);

    return problem ? problem->text : NULL;
}

const char *vio_dump_text(const struct vio_dump *dump, size_t *ret_size)
{
    if (!dump || !dump->text)
        return NULL;
    if (ret_size)
        *ret_size = dump->size;
    return dump->text;
}

int vio_dump_store_uuid(const struct vio_dump *dump, struct vio_address *ret_uuid)
{
    if (!dump || !ret_uuid)
        return VIO_EINVAL;
    if (dump->status != 0)
        return VIO_EPARSE;
    return vio__hwaddr_from_bytes(VIO_ADDRESS_UUID, dump->store, VIO_UUID_SIZE, ret_uuid);
}

/* -- Differences ------------------------------------------------------------------------------- */

int vio_dump_diff(const struct vio_dump *before, const struct vio_dump *after,
                  struct vio_dump_differences **ret_differences)
{
    if (!before || !after || !ret_differences)
        return VIO_EINVAL;
    if (before->status != 0 || after->status != 0)
        return VIO_EPARSE;
    return vio__dump_diff(NULL, before, after, ret_differences);
}

struct vio_dump_differences *vio_dump_differences_ref(struct vio_dump_differences *differences)
{
    return differences ? vio__dump_differences_ref(differences) : NULL;
}

void vio_dump_differences_unref(struct vio_dump_differences *differences)
{
    vio__dump_differences_unref(differences);
}

size_t vio_dump_differences_count(const struct vio_dump_differences *differences)
{
    return differences ? differences->count : 0;
}

static struct vio_difference difference_at(const struct vio_dump_differences *differences,
                                           size_t at)
{
    if (!differences || at >= differences->count)
        return (struct vio_difference){0};
    return differences->difference[at];
}

const char *vio_dump_differences_noun(const struct vio_dump_differences *differences, size_t at)
{
    return difference_at(differences, at).noun;
}

const char *vio_dump_differences_name(const struct vio_dump_differences *differences, size_t at)
{
    return difference_at(differences, at).name;
}

const char *vio_dump_differences_field(const struct vio_dump_differences *differences, size_t at)
{
    return difference_at(differences, at).field;
}

const char *vio_dump_differences_before(const struct vio_dump_differences *differences, size_t at)
{
    return difference_at(differences, at).before;
}

const char *vio_dump_differences_after(const struct vio_dump_differences *differences, size_t at)
{
    return difference_at(differences, at).after;
}
