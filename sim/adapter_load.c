/* SPDX-License-Identifier: MIT */
/* Finding the file of a card, and what kind of file it is. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libvio/error.h>

#include "lib/base/buf.h"
#include "sim/adapter_parts.h"
#include "sim/describe.h"
#include "sim/dump.h"
#include "sim/file.h"
#include "sim/pci.h"
#include "sim/share.h"

#define PATH_SIZE (SIM_SHARE_SIZE + 300) /* a description's file in the share directory */

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), end_len = strlen(end);
    return len >= end_len && !strcmp(text + len - end_len, end);
}

static bool is_description(const char *path)
{
    return ends_with(path, ".yaml") || ends_with(path, ".yml");
}

/* The file's name without directories and ending. */
static void name_after(const char *path, char *name, size_t size)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    const char *dot = strrchr(base, '.');
    size_t len = dot && dot != base ? (size_t)(dot - base) : strlen(base);
    if (len >= size)
        len = size - 1;
    while (len && ((unsigned char)base[len] & 0xc0) == 0x80)
        len--; /* do not end inside a character */
    memcpy(name, base, len);
    name[len] = '\0';
}

static int load_description(const struct vio_alloc *alloc, const char *path,
                            struct sim_adapter_parts *ret_parts, struct sim_diag *diag)
{
    struct vio_buf buf;
    vio__buf_init(&buf, alloc, SIM_YAML_SIZE_MAX);
    int err = sim_file_read(path, &buf, diag);
    if (!err)
        err = sim_describe_parse(alloc, path, buf.data ? (const char *)buf.data : "", buf.size,
                                 ret_parts, diag);
    vio__buf_free(&buf);
    if (err)
        return err;
    name_after(path, ret_parts->name, sizeof(ret_parts->name));
    if (!ret_parts->model[0])
        memcpy(ret_parts->model, ret_parts->name, sizeof(ret_parts->model));
    return 0;
}

static int only_descriptions(const struct dirent *entry)
{
    return ends_with(entry->d_name, ".yaml");
}

/* Names of the descriptions in a directory, in the order of the alphabet. Returns how many. */
static int list_descriptions(const char *dir, struct dirent ***ret_entries)
{
    *ret_entries = NULL;
    int count = scandir(dir, ret_entries, only_descriptions, alphasort);
    return count < 0 ? 0 : count;
}

static void free_list(struct dirent **entries, int count)
{
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
}

/* Looks for the description of the card that a dump is of; a file that cannot be read is not it.
 * Returns 1 or 0 for found or not, VIO_ENOMEM. */
static int find_description(const struct vio_alloc *alloc, const char *share_dir,
                            const uint8_t *image, struct sim_adapter_parts *ret_parts)
{
    char dir[PATH_SIZE], path[PATH_SIZE + 300];
    snprintf(dir, sizeof(dir), "%s/adapters", share_dir);
    struct dirent **entries;
    int count = list_descriptions(dir, &entries);
    int found = 0;
    for (int i = 0; i < count && !found; i++) {
        struct sim_adapter_parts parts;
        snprintf(path, sizeof(path), "%s/%s", dir, entries[i]->d_name);
        int err = load_description(alloc, path, &parts, NULL);
        if (err == VIO_ENOMEM)
            found = err;
        else if (!err && sim_get32(parts.image + PCI_VENDOR_ID) == sim_get32(image + PCI_VENDOR_ID))
            found = 1;
        if (found == 1)
            *ret_parts = parts;
    }
    free_list(entries, count);
    return found;
}

static int load_dump(const struct vio_alloc *alloc, const char *path,
                     const struct sim_dump_address *wanted, const char *share_dir,
                     struct sim_adapter_parts *ret_parts, struct sim_diag *diag)
{
    struct vio_buf buf;
    struct sim_dump dump;
    vio__buf_init(&buf, alloc, SIM_DUMP_SIZE_MAX);
    int err = sim_file_read(path, &buf, diag);
    if (!err)
        err = sim_dump_parse(path, buf.data ? (const char *)buf.data : "", buf.size, wanted, &dump,
                             diag);
    vio__buf_free(&buf);
    if (err)
        return err;
    struct sim_adapter_parts description;
    int found = find_description(alloc, share_dir, dump.image, &description);
    if (found < 0)
        return sim_diag_set(diag, found, "%s: out of memory", path);
    sim_adapter_parts_from_dump(&dump, found ? &description : NULL, ret_parts);
    name_after(path, ret_parts->name, sizeof(ret_parts->name));
    if (!ret_parts->model[0])
        memcpy(ret_parts->model, ret_parts->name, sizeof(ret_parts->model));
    return 0;
}

static int fail_unknown(const char *where, const char *share_dir, struct sim_diag *diag)
{
    char dir[PATH_SIZE], known[300] = "none";
    snprintf(dir, sizeof(dir), "%s/adapters", share_dir);
    struct dirent **entries;
    int count = list_descriptions(dir, &entries);
    size_t len = 0;
    for (int i = 0; i < count && len < sizeof(known); i++)
        len += (size_t)snprintf(known + len, sizeof(known) - len, "%s%.*s", i ? ", " : "",
                                (int)strlen(entries[i]->d_name) - 5, entries[i]->d_name);
    free_list(entries, count);
    return sim_diag_set(diag, VIO_ENOENT,
                        "adapter \"%.200s\": no such file or description; known in %.100s are %s",
                        where, dir, known);
}

/* Splits "DUMP@BDF". A file that has such a name itself is meant as a whole. */
static bool split_address(const char *where, char *path, size_t size,
                          struct sim_dump_address *ret_address)
{
    const char *at = strrchr(where, '@');
    size_t len = at ? (size_t)(at - where) : 0;
    size_t n = at ? strlen(at + 1) : 0;
    bool has_address = at && n && len && len < size && access(where, F_OK) != 0 &&
                       sim_dump_address_parse(at + 1, n, ret_address) == n;
    snprintf(path, size, "%.*s", has_address ? (int)len : (int)size - 1, where);
    return has_address;
}

static int load_parts(const struct vio_alloc *alloc, const char *where, const char *share_dir,
                      struct sim_adapter_parts *ret_parts, struct sim_diag *diag)
{
    char path[PATH_SIZE];
    struct sim_dump_address address;
    if (strlen(where) >= PATH_SIZE - 300)
        return sim_diag_set(diag, VIO_ENOENT, "adapter \"%.40s…\": the path is too long", where);
    if (!strchr(where, '/')) {
        int length = snprintf(path, sizeof(path), "%s/adapters/%s.yaml", share_dir, where);

        if (length < (int)sizeof(path) && access(path, F_OK) == 0)
            return load_description(alloc, path, ret_parts, diag);
    }
    bool has_address = split_address(where, path, sizeof(path), &address);
    if (access(path, F_OK) != 0)
        return fail_unknown(where, share_dir, diag);
    if (is_description(path))
        return load_description(alloc, path, ret_parts, diag);
    return load_dump(alloc, path, has_address ? &address : NULL, share_dir, ret_parts, diag);
}

int sim_adapter_load_number(const struct vio_alloc *alloc, const char *where, const char *share_dir,
                            unsigned slot, unsigned copy, struct sim_adapter **ret_adapter,
                            struct sim_diag *diag)
{
    struct sim_adapter_parts parts;
    char found[SIM_SHARE_SIZE];
    if (!share_dir)
        sim_share_find(found);
    int err = load_parts(alloc, where, share_dir ? share_dir : found, &parts, diag);
    if (err)
        return err;
    sim_adapter_parts_number(&parts, parts.is_own_identity ? copy : slot);
    err = sim_adapter_new(alloc, &parts, ret_adapter);
    return err ? sim_diag_set(diag, err, "adapter \"%.200s\": out of memory", where) : 0;
}

int sim_adapter_load(const struct vio_alloc *alloc, const char *where, const char *share_dir,
                     struct sim_adapter **ret_adapter, struct sim_diag *diag)
{
    return sim_adapter_load_number(alloc, where, share_dir, 0, 0, ret_adapter, diag);
}
