/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/vioctl/vioctl.h"

int parse_number(const char *option, const char *text, uint64_t least, uint64_t most,
                 uint64_t *ret_value)
{
    char *end;

    errno = 0;
    unsigned long long value = strtoull(text, &end, 0);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || value < least || value > most)
        return misuse("%s: '%s' is not a number from %" PRIu64 " to %" PRIu64, option, text, least,
                      most);
    *ret_value = value;
    return EXIT_DONE;
}

int parse_size(const char *option, const char *text, uint64_t *ret_bytes)
{
    static const char units[] = "KMGT";
    char *end;

    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    bool valid = *text >= '0' && *text <= '9' && errno == 0;
    const char *unit = *end == '\0' ? NULL : strchr(units, *end);
    unsigned shift = unit == NULL ? 0 : 10 * (unsigned)(unit - units + 1);

    if (unit != NULL && (strcmp(end + 1, "iB") == 0 || strcmp(end + 1, "B") == 0 || end[1] == '\0'))
        end += strlen(end);
    if (!valid || *end != '\0' || value > UINT64_MAX >> shift)
        return misuse("%s: '%s' is not a size; give bytes or a number with K, M, G or T "
                      "(powers of 1024), such as 10G",
                      option, text);
    *ret_bytes = (uint64_t)value << shift;
    return EXIT_DONE;
}

int parse_kind(const char *option, const char *text, enum vio_vadapter_kind *ret_kind)
{
    static const enum vio_vadapter_kind kinds[] = {VIO_VADAPTER_VNIC, VIO_VADAPTER_VHBA,
                                                   VIO_VADAPTER_VDISK};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(text, vio_vadapter_kind_name(kinds[i])) == 0) {
            *ret_kind = kinds[i];
            return EXIT_DONE;
        }
    }
    return misuse("%s: '%s' is no kind of vAdapter; there are vnic, vhba and vdisk", option, text);
}
