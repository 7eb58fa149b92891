/* SPDX-License-Identifier: MIT */
#include "lib/domain/vlan.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

/* One bit per VLAN sorts and joins ranges by itself. */
struct vlan_set {
    uint64_t word[(VIO_VLAN_MAX + 64) / 64];
};

static bool contains(const struct vlan_set *set, unsigned vlan)
{
    return vlan <= VIO_VLAN_MAX && (set->word[vlan / 64] >> vlan % 64 & 1);
}

/* Reads a VLAN at *at and moves beyond it; 0 where there is none. */
static unsigned read_vlan(const char **at)
{
    unsigned vlan = 0;
    const char *begin = *at;

    while (**at >= '0' && **at <= '9' && *at - begin < 4)
        vlan = vlan * 10 + (unsigned)(*(*at)++ - '0');
    return vlan <= VIO_VLAN_MAX ? vlan : 0;
}

/* Reads "N" or "N-M". */
static int read_range(const char **at, struct vlan_set *set)
{
    unsigned first = read_vlan(at);
    unsigned last = first;

    if (**at == '-') {
        ++*at;
        last = read_vlan(at);
    }
    if (first == 0 || last < first)
        return VIO_EPARSE;
    for (unsigned vlan = first; vlan <= last; vlan++)
        set->word[vlan / 64] |= UINT64_C(1) << vlan % 64;
    return 0;
}

static int collect(const struct vlan_set *set, struct vio_vlan_config *vlan)
{
    vlan->ranges = 0;
    for (unsigned first = 1; first <= VIO_VLAN_MAX; first++) {
        unsigned last = first;

        if (!contains(set, first))
            continue;
        while (contains(set, last + 1))
            last++;
        if (vlan->ranges == VIO_VLAN_RANGES)
            return VIO_ELIMIT;
        vlan->range[vlan->ranges++] =
            (struct vio_vlan_range){.first = (uint16_t)first, .last = (uint16_t)last};
        first = last;
    }
    return 0;
}

int vio__vlan_parse(const char *text, struct vio_vlan_config *ret_vlan)
{
    struct vlan_set set = {{0}};
    struct vio_vlan_config vlan = *ret_vlan;
    int status;

    do {
        status = read_range(&text, &set);
        if (status != 0)
            return status;
    } while (*text++ == ',');
    if (text[-1] != '\0')
        return VIO_EPARSE;
    memset(vlan.range, 0, sizeof(vlan.range));
    status = collect(&set, &vlan);
    if (status == 0)
        *ret_vlan = vlan;
    return status;
}

void vio__vlan_format(const struct vio_vlan_config *vlan, char ret_text[VIO_VLAN_TEXT_SIZE])
{
    size_t used = 0;

    ret_text[0] = '\0';
    for (uint32_t i = 0; i < vlan->ranges && i < VIO_VLAN_RANGES; i++) {
        unsigned first = vlan->range[i].first % 10000u;
        unsigned last = vlan->range[i].last % 10000u;
        const char *comma = i > 0 ? "," : "";

        if (first == last)
            used +=
                (size_t)snprintf(ret_text + used, VIO_VLAN_TEXT_SIZE - used, "%s%u", comma, first);
        else
            used += (size_t)snprintf(ret_text + used, VIO_VLAN_TEXT_SIZE - used, "%s%u-%u", comma,
                                     first, last);
    }
}

static enum vio_vlan_mode mode_of(const struct vio_vlan_config *vlan)
{
    return vlan->mode == VIO_VLAN_UNKNOWN ? VIO_VLAN_NONE : vlan->mode;
}

bool vio__vlan_equal(const struct vio_vlan_config *a, const struct vio_vlan_config *b)
{
    if (mode_of(a) != mode_of(b))
        return false;
    if (mode_of(a) == VIO_VLAN_NONE)
        return true;
    if (a->vlan != b->vlan)
        return false;
    if (a->mode != VIO_VLAN_TRUNK)
        return true;
    return a->ranges == b->ranges &&
           memcmp(a->range, b->range, a->ranges * sizeof(a->range[0])) == 0;
}
