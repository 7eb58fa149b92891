/* SPDX-License-Identifier: MIT */
#include "lib/base/origin.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

/* A page that the kernel gives to a child filled with zeros, so that asking is one load: it is
 * asked in each public call. */
static volatile char *new_page(void)
{
    char *page = NULL;
#ifdef MADV_WIPEONFORK
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    int saved = errno;

    page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) {
        page = NULL;
    } else if (madvise(page, size, MADV_WIPEONFORK) != 0) {
        munmap(page, size);
        page = NULL;
    } else {
        *page = 1;
    }
    errno = saved;
#endif
    return page;
}

void vio__origin_init(struct vio_origin *origin)
{
    origin->pid = getpid();
    origin->page = new_page();
}

void vio__origin_fini(struct vio_origin *origin)
{
    if (origin->page != NULL)
        munmap((void *)origin->page, (size_t)sysconf(_SC_PAGESIZE));
    origin->page = NULL;
}

bool vio__origin_forked(const struct vio_origin *origin)
{
    return origin->page != NULL ? *origin->page == 0 : getpid() != origin->pid;
}
