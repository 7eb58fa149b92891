/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "tools/chassisd/dma.h"

#define BOTH (VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE)

static int memory(size_t size)
{
    int fd = memfd_create("dma", MFD_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, (off_t)size), 0);
    return fd;
}

static int map(struct vfu_dma *dma, uint64_t address, uint64_t size, uint64_t offset,
               uint32_t flags, int fd)
{
    const struct vfu_dma_map m = {sizeof m, flags, offset, address, size};

    return vfu_dma_map(dma, &m, fd);
}

static int unmap(struct vfu_dma *dma, uint64_t address, uint64_t size, uint32_t flags)
{
    const struct vfu_dma_unmap u = {sizeof u, flags, address, size};

    return vfu_dma_unmap(dma, &u);
}

static int make(void **state)
{
    *state = vfu_dma_new();
    return *state ? 0 : -1;
}

static int drop(void **state)
{
    vfu_dma_free(*state);
    return 0;
}

static void transfer_spans_neighbouring_mappings(void **state)
{
    struct vfu_dma *dma = *state;
    char back[8] = "";

    assert_int_equal(map(dma, 0x2000, 0x1000, 0, BOTH, memory(0x1000)), 0);
    assert_int_equal(map(dma, 0x1000, 0x1000, 0x3000, BOTH, memory(0x4000)), 0);
    assert_int_equal(vfu_dma_write(dma, 0x1ffd, "spanned", 8), 0);
    assert_int_equal(vfu_dma_read(dma, 0x1ffd, back, 8), 0);
    assert_string_equal(back, "spanned");
}

static void transfer_outside_every_mapping_is_refused(void **state)
{
    struct vfu_dma *dma = *state;
    char byte[2] = {0};

    assert_int_equal(vfu_dma_read(dma, 0, byte, 1), EFAULT);
    assert_int_equal(map(dma, 0x1000, 0x1000, 0, BOTH, memory(0x1000)), 0);
    assert_int_equal(vfu_dma_read(dma, 0xfff, byte, 2), EFAULT);
    assert_int_equal(vfu_dma_read(dma, 0x1fff, byte, 2), EFAULT);
    assert_int_equal(vfu_dma_write(dma, UINT64_MAX, byte, 2), EFAULT);
    assert_int_equal(vfu_dma_read(dma, 0x1fff, byte, 1), 0);
}

static void transfer_obeys_the_direction_of_the_mapping(void **state)
{
    struct vfu_dma *dma = *state;
    char byte = 0;

    assert_int_equal(map(dma, 0, 0x1000, 0, VFIO_DMA_MAP_FLAG_READ, memory(0x1000)), 0);
    assert_int_equal(map(dma, 0x1000, 0x1000, 0, VFIO_DMA_MAP_FLAG_WRITE, memory(0x1000)), 0);
    assert_int_equal(vfu_dma_write(dma, 0, &byte, 1), EACCES);
    assert_int_equal(vfu_dma_read(dma, 0x1000, &byte, 1), EACCES);
}

static void transfer_without_a_descriptor_is_unsupported(void **state)
{
    char byte = 0;

    assert_int_equal(map(*state, 0, 0x1000, 0, BOTH, -1), 0);
    assert_int_equal(vfu_dma_read(*state, 0, &byte, 1), ENOTSUP);
}

static void truncated_file_is_an_error_and_no_signal(void **state)
{
    int fd = memory(0x2000);
    int other = dup(fd);
    char byte = 0;

    assert_int_equal(map(*state, 0, 0x2000, 0, BOTH, fd), 0);
    assert_int_equal(ftruncate(other, 0x1000), 0);
    assert_int_equal(vfu_dma_read(*state, 0x1000, &byte, 1), EIO);
    close(other);
}

static void overlap_is_refused_and_leaves_the_descriptor(void **state)
{
    struct vfu_dma *dma = *state;
    int fd = memory(0x4000);

    assert_int_equal(map(dma, 0x2000, 0x2000, 0, BOTH, -1), 0);
    assert_int_equal(map(dma, 0x2000, 0x2000, 0, BOTH, fd), EEXIST);
    assert_int_equal(map(dma, 0x1000, 0x1001, 0, BOTH, fd), EEXIST);
    assert_int_equal(map(dma, 0x3fff, 0x1000, 0, BOTH, fd), EEXIST);
    assert_int_equal(map(dma, 0x2800, 0x10, 0, BOTH, fd), EEXIST);
    assert_int_equal(map(dma, 0, UINT64_MAX, 0, BOTH, -1), EEXIST);
    assert_int_equal(map(dma, 0x1000, 0x1000, 0, BOTH, -1), 0);
    assert_int_equal(map(dma, 0x4000, 0x1000, 0, BOTH, -1), 0);
    assert_int_equal(close(fd), 0);
}

static void impossible_mappings_are_refused(void **state)
{
    struct vfu_dma *dma = *state;
    const struct vfu_dma_map small = {sizeof small - 1, BOTH, 0, 0, 0x1000};
    int fd = memory(0x1000), pipes[2];

    assert_int_equal(pipe(pipes), 0);
    assert_int_equal(vfu_dma_map(dma, &small, -1), EINVAL);
    assert_int_equal(map(dma, 0, 0, 0, BOTH, -1), EINVAL);
    assert_int_equal(map(dma, 0x1000, UINT64_MAX, 0, BOTH, -1), EINVAL);
    assert_int_equal(map(dma, 0, 0x1000, UINT64_MAX, BOTH, fd), EINVAL);
    assert_int_equal(map(dma, 0, 0x1000, INT64_MAX, BOTH, fd), EINVAL);
    assert_int_equal(map(dma, 0, 0x1000, 0, BOTH | 4, fd), EINVAL);
    assert_int_equal(map(dma, 0, 0x1000, 0, BOTH, pipes[0]), EINVAL);
    close(fd);
    close(pipes[0]);
    close(pipes[1]);
}

static void unmap_needs_the_exact_mapping(void **state)
{
    struct vfu_dma *dma = *state;
    int fd = memory(0x1000);

    assert_int_equal(map(dma, 0x1000, 0x1000, 0, BOTH, fd), 0);
    assert_int_equal(map(dma, 0x3000, 0x1000, 0, BOTH, -1), 0);
    assert_int_equal(unmap(dma, 0x1000, 0x800, 0), ENOENT);
    assert_int_equal(unmap(dma, 0x1800, 0x800, 0), ENOENT);
    assert_int_equal(unmap(dma, 0x4000, 0x1000, 0), ENOENT);
    assert_int_equal(unmap(dma, 0x1000, 0x1000, VFIO_DMA_UNMAP_FLAG_ALL), EINVAL);
    assert_int_equal(unmap(dma, 0x1000, 0x1000, VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP), EINVAL);
    assert_int_equal(unmap(dma, 0x1000, 0x1000, 0), 0);
    assert_int_equal(fcntl(fd, F_GETFD), -1);
    assert_int_equal(unmap(dma, 0x1000, 0x1000, 0), ENOENT);
    assert_int_equal(unmap(dma, 0, 0, VFIO_DMA_UNMAP_FLAG_ALL), 0);
    assert_int_equal(unmap(dma, 0x3000, 0x1000, 0), ENOENT);
}

static void table_is_bounded_and_stays_sorted(void **state)
{
    struct vfu_dma *dma = *state;

    for (uint64_t i = 0; i < VFU_DMA_MAPS_MAX; i++) {
        uint64_t scattered = i * 2654435761u % VFU_DMA_MAPS_MAX;

        assert_int_equal(map(dma, scattered << 12, 0x1000, 0, BOTH, -1), 0);
    }
    assert_int_equal(map(dma, UINT64_C(1) << 40, 0x1000, 0, BOTH, -1), ENOSPC);
    for (uint64_t i = 0; i < VFU_DMA_MAPS_MAX; i++)
        assert_int_equal(unmap(dma, i << 12, 0x1000, 0), 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, make, drop)
    const struct CMUnitTest tests[] = {
        T(transfer_spans_neighbouring_mappings),
        T(transfer_outside_every_mapping_is_refused),
        T(transfer_obeys_the_direction_of_the_mapping),
        T(transfer_without_a_descriptor_is_unsupported),
        T(truncated_file_is_an_error_and_no_signal),
        T(overlap_is_refused_and_leaves_the_descriptor),
        T(impossible_mappings_are_refused),
        T(unmap_needs_the_exact_mapping),
        T(table_is_bounded_and_stays_sorted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
