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

int parse_uuid(const char *option, const char *text, struct vio_address *ret_uuid)
{
    if (vio_address_parse(text, VIO_ADDRESS_UUID, ret_uuid) == 0)
        return EXIT_DONE;
    return misuse("%s: '%.80s' is no UUID, such as 123e4567-e89b-42d3-a456-426614174000", option,
                  text);
}

int parse_identity(const char *option, const char *text, struct vio_address *ret_address)
{
    int error = vio_address_parse(text, VIO_ADDRESS_UNKNOWN, ret_address);

    if (error == 0)
        return EXIT_DONE;
    if (error == VIO_EADDR)
        return misuse("%s: '%.80s' cannot be an identity; a MAC is neither multicast nor zero, a "
                      "WWN begins with 1, 2, 5 or 6",
                      option, text);
    return misuse("%s: '%.80s' is no MAC (six bytes such as 02:00:00:12:34:56), WWN (eight bytes "
                  "such as 21:00:00:24:ff:2c:7f:9a) or UUID",
                  option, text);
}

int parse_range(const char *option, const char *text, struct vio_address *ret_first,
                struct vio_address *ret_last)
{
    char first[VIO_ADDRESS_TEXT_SIZE];

    /* Addresses have dashes themselves: that one parts which leaves an address on both sides. */
    for (const char *dash = strchr(text, '-'); dash != NULL; dash = strchr(dash + 1, '-')) {
        size_t length = (size_t)(dash - text);

        if (length >= sizeof first)
            break;
        memcpy(first, text, length);
        first[length] = '\0';
        if (vio_address_parse(first, VIO_ADDRESS_UNKNOWN, ret_first) == 0 &&
            vio_address_parse(dash + 1, VIO_ADDRESS_UNKNOWN, ret_last) == 0)
            return EXIT_DONE;
    }
    if (vio_address_parse(text, VIO_ADDRESS_UNKNOWN, ret_first) != 0)
        return misuse("%s: '%.100s' is no range of identities; give FIRST-LAST, such as "
                      "02:00:00:00:00:01-02:00:00:00:ff:ff",
                      option, text);
    *ret_last = *ret_first;
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
