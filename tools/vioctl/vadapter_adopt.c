/* SPDX-License-Identifier: MIT */
/* vioctl vadapter adopt: a function that the store does not know becomes a vAdapter. */
#include "tools/vioctl/vadapter.h"

/* By its cookie, which is its UUID then, it is given another name in the same change set. */
static int rename_adopted(struct vioctl *ctl, const struct vio_function *function, const char *name,
                          struct vio_changeset *set)
{
    char text[VIO_ADDRESS_TEXT_SIZE];
    struct vio_address cookie;
    struct vio_vadapter_spec *spec;

    if (vio_function_cookie(function, &cookie) != 0 ||
        vio_address_format(&cookie, text, sizeof text) < 0)
        return complain("--name: this function says not whose it is");
    if (vio_vadapter_spec_new(&spec) != 0)
        return complain("out of memory");
    int status = EXIT_DONE;
    if (vio_vadapter_spec_set_name(spec, name) != 0)
        status = misuse("--name: '%.80s' is not allowed; names have 1 to 63 bytes, begin with a "
                        "letter or digit and go on with letters, digits, '.', '_', '-' or ':'",
                        name);
    else
        status = change_added(vio_changeset_set_vadapter(set, session_chassis(ctl), text, spec));
    vio_vadapter_spec_free(spec);
    return status;
}

int adopt_vadapter(struct vioctl *ctl, const struct arguments *args, struct vio_changeset *set)
{
    const char *name = arguments_option(args, "name", 0);
    uint64_t index;
    int status =
        parse_number("the function's number", arguments_operand(args, 0), 0, UINT32_MAX, &index);

    if (status != EXIT_DONE)
        return status;
    struct vio_inventory *inventory = session_observe(ctl);
    const struct vio_function *function = vio_inventory_find_function(inventory, (uint32_t)index);
    if (inventory == NULL)
        return EXIT_REFUSED;
    if (function == NULL || !vio_function_is_foreign(function))
        status = complain("function %s is not foreign; 'vioctl drift' lists those that are",
                          arguments_operand(args, 0));
    if (status == EXIT_DONE)
        status =
            change_added(vio_changeset_adopt_function(set, session_chassis(ctl), (uint32_t)index));
    if (status == EXIT_DONE && name != NULL)
        status = rename_adopted(ctl, function, name, set);
    vio_inventory_unref(inventory);
    return status;
}
