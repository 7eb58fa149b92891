/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "tools/chassisd/irq.h"

#define VECTORS 4
#define NONE    VFIO_IRQ_SET_DATA_NONE
#define BOOL    VFIO_IRQ_SET_DATA_BOOL
#define FD      VFIO_IRQ_SET_DATA_EVENTFD
#define MASK    VFIO_IRQ_SET_ACTION_MASK
#define UNMASK  VFIO_IRQ_SET_ACTION_UNMASK
#define TRIGGER VFIO_IRQ_SET_ACTION_TRIGGER

static int set(struct vfu_irq *irq, uint32_t flags, uint32_t start, uint32_t count, int *fds,
               unsigned fd_count)
{
    const struct vfu_irq_set s = {sizeof s, flags, VFIO_PCI_MSIX_IRQ_INDEX, start, count};

    return vfu_irq_set(irq, &s, NULL, 0, fds, fd_count);
}

/* Enables a vector and returns our end of its counter. */
static int enable(struct vfu_irq *irq, uint32_t vector)
{
    int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    int theirs = fcntl(fd, F_DUPFD_CLOEXEC, 0);

    assert_int_equal(set(irq, FD | TRIGGER, vector, 1, &theirs, 1), 0);
    assert_int_equal(theirs, -1);
    return fd;
}

static uint64_t counted(int fd)
{
    uint64_t value = 0;

    return read(fd, &value, sizeof value) == sizeof value ? value : 0;
}

static int make(void **state)
{
    *state = vfu_irq_new(VECTORS);
    return *state ? 0 : -1;
}

static int drop(void **state)
{
    vfu_irq_free(*state);
    return 0;
}

static void enabled_vector_is_signalled(void **state)
{
    int fd = enable(*state, 2);

    vfu_irq_trigger(*state, 2);
    vfu_irq_trigger(*state, 1);
    vfu_irq_trigger(*state, VECTORS);
    assert_int_equal(counted(fd), 1);
    close(fd);
}

static void disabled_vector_is_not_signalled(void **state)
{
    int one = enable(*state, 1), two = enable(*state, 2);

    assert_int_equal(set(*state, FD | TRIGGER, 1, 1, NULL, 0), 0);
    vfu_irq_trigger(*state, 1);
    vfu_irq_trigger(*state, 2);
    assert_int_equal(counted(one), 0);
    assert_int_equal(counted(two), 1);
    assert_int_equal(set(*state, NONE | TRIGGER, 0, 0, NULL, 0), 0);
    vfu_irq_trigger(*state, 2);
    assert_int_equal(counted(two), 0);
    close(one);
    close(two);
}

static void masked_vector_is_signalled_once_when_unmasked(void **state)
{
    int fd = enable(*state, 3);

    assert_int_equal(set(*state, NONE | MASK, 3, 1, NULL, 0), 0);
    vfu_irq_trigger(*state, 3);
    vfu_irq_trigger(*state, 3);
    assert_int_equal(counted(fd), 0);
    assert_int_equal(set(*state, NONE | UNMASK, 3, 1, NULL, 0), 0);
    assert_int_equal(counted(fd), 1);
    assert_int_equal(set(*state, NONE | UNMASK, 3, 1, NULL, 0), 0);
    assert_int_equal(counted(fd), 0);
    close(fd);
}

static void client_may_trigger_a_selection(void **state)
{
    const struct vfu_irq_set s = {sizeof s, BOOL | TRIGGER, VFIO_PCI_MSIX_IRQ_INDEX, 0, 2};
    const uint8_t data[] = {0, 1};
    int zero = enable(*state, 0), one = enable(*state, 1);

    assert_int_equal(vfu_irq_set(*state, &s, data, 1, NULL, 0), EINVAL);
    assert_int_equal(vfu_irq_set(*state, &s, data, 2, NULL, 0), 0);
    assert_int_equal(counted(zero), 0);
    assert_int_equal(counted(one), 1);
    close(zero);
    close(one);
}

static void full_counter_does_not_block(void **state)
{
    const uint64_t full = UINT64_MAX - 1;
    int fd = eventfd(0, EFD_CLOEXEC); /* blocking, as a careless client's */
    int theirs = fcntl(fd, F_DUPFD_CLOEXEC, 0);

    assert_int_equal(set(*state, FD | TRIGGER, 0, 1, &theirs, 1), 0);
    assert_int_equal(write(fd, &full, sizeof full), sizeof full);
    vfu_irq_trigger(*state, 0);
    assert_int_equal(counted(fd), full);
    close(fd);
}

static void several_descriptors_come_at_once(void **state)
{
    int fds[VECTORS], ours[VECTORS];

    for (unsigned i = 0; i < VECTORS; i++) {
        ours[i] = eventfd(0, EFD_NONBLOCK);
        fds[i] = dup(ours[i]);
    }
    assert_int_equal(set(*state, FD | TRIGGER, 0, VECTORS, fds, 3), EINVAL);
    assert_int_equal(set(*state, FD | TRIGGER, 1, VECTORS, fds, VECTORS), EINVAL);
    assert_true(fds[0] >= 0);
    assert_int_equal(set(*state, FD | TRIGGER, 0, VECTORS, fds, VECTORS), 0);
    vfu_irq_trigger(*state, 3);
    assert_int_equal(counted(ours[3]), 1);
    for (unsigned i = 0; i < VECTORS; i++)
        close(ours[i]);
}

static void other_files_than_eventfds_are_refused(void **state)
{
    int pipes[2];

    assert_int_equal(pipe(pipes), 0);
    assert_int_equal(set(*state, FD | TRIGGER, 0, 1, &pipes[1], 1), EINVAL);
    assert_int_equal(close(pipes[0]), 0);
    assert_int_equal(close(pipes[1]), 0);
}

static void wrong_flags_and_ranges_are_refused(void **state)
{
    static const uint32_t wrong[] = {
        0,
        NONE,
        TRIGGER,
        NONE | BOOL | TRIGGER,
        NONE | MASK | UNMASK,
        1024,
        NONE | TRIGGER | 64,
        FD | NONE | TRIGGER,
    };
    const struct vfu_irq_set small = {sizeof small - 1, NONE | TRIGGER, 0, 0, 1};

    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(set(*state, wrong[i], 0, 1, NULL, 0), EINVAL);
    assert_int_equal(vfu_irq_set(*state, &small, NULL, 0, NULL, 0), EINVAL);
    assert_int_equal(set(*state, NONE | TRIGGER, VECTORS + 1, 0, NULL, 0), EINVAL);
    assert_int_equal(set(*state, NONE | TRIGGER, 1, UINT32_MAX, NULL, 0), EINVAL);
    assert_int_equal(set(*state, NONE | TRIGGER, 1, 0, NULL, 0), EINVAL);
    assert_int_equal(set(*state, NONE | MASK, 0, 0, NULL, 0), EINVAL);
    assert_int_equal(set(*state, FD | MASK, 0, 1, NULL, 0), ENOTSUP);
}

static void kind_without_vectors_takes_only_disable_all(void **state)
{
    struct vfu_irq *none = vfu_irq_new(0);

    (void)state;
    assert_int_equal(vfu_irq_count(none), 0);
    assert_int_equal(set(none, NONE | TRIGGER, 0, 0, NULL, 0), 0);
    assert_int_equal(set(none, NONE | TRIGGER, 0, 1, NULL, 0), EINVAL);
    vfu_irq_free(none);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, make, drop)
    const struct CMUnitTest tests[] = {
        T(enabled_vector_is_signalled),
        T(disabled_vector_is_not_signalled),
        T(masked_vector_is_signalled_once_when_unmasked),
        T(client_may_trigger_a_selection),
        T(full_counter_does_not_block),
        T(several_descriptors_come_at_once),
        T(other_files_than_eventfds_are_refused),
        T(wrong_flags_and_ranges_are_refused),
        T(kind_without_vectors_takes_only_disable_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
