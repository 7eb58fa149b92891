/* SPDX-License-Identifier: MIT */
/* The options --label and --unlabel, of every noun that has labels. */
#include <string.h>

#include "tools/vioctl/vioctl.h"

static int set_label(const char *label, bool removal, void *spec,
                     int (*set)(void *spec, const char *key, const char *value))
{
    const char *option = removal ? "--unlabel" : "--label";
    char key[64];
    size_t length = removal ? strlen(label) : strcspn(label, "=");

    if (length >= sizeof key)
        return misuse("%s: a key has at most 63 bytes", option);
    if (!removal && label[length] != '=')
        return misuse("%s: '%.80s' has no value; give KEY=VALUE", option, label);
    memcpy(key, label, length);
    key[length] = '\0';
    switch (set(spec, key, removal ? NULL : label + length + 1)) {
    case 0:
        return EXIT_DONE;
    case VIO_ELIMIT:
        return misuse("%s: '%.80s' is one too many; there are at most 32 labels", option, label);
    case VIO_ENAME:
        return misuse("%s: '%.80s' is not allowed; keys have 1 to 63 bytes, begin with a letter or "
                      "digit and go on with letters, digits, '.', '_', '-' or ':'; values have at "
                      "most 127 bytes and no control characters",
                      option, label);
    default:
        return complain("out of memory");
    }
}

int labels_set(const struct arguments *args, void *spec,
               int (*set)(void *spec, const char *key, const char *value))
{
    const char *label;
    int status = EXIT_DONE;

    for (size_t at = 0; status == EXIT_DONE && (label = arguments_option(args, "label", at)); at++)
        status = set_label(label, false, spec, set);
    for (size_t at = 0; status == EXIT_DONE && (label = arguments_option(args, "unlabel", at));
         at++)
        status = set_label(label, true, spec, set);
    return status;
}
