/* SPDX-License-Identifier: MIT */
#include "sim/bridge.h"

#include "sim/pci.h"

#define MEMORY_BASE   UINT64_C(0x40000000)
#define PREFETCH_BASE UINT64_C(0x90000000)
#define SPACE_SIZE    UINT64_C(0x50000000) /* of each of the two */
#define SLOT_MAX      UINT64_C(0x10000000) /* of one slot in each */
#define IO_BASE       UINT64_C(0x1000)
#define IO_SLOT       UINT64_C(0x1000) /* the granularity of a bridge */
#define IO_SLOTS      15u

struct sim_bridge_window sim_bridge_window(unsigned slots, unsigned first, unsigned count)
{
    uint64_t size = SLOT_MAX;
    while (size * slots > SPACE_SIZE)
        size /= 2;
    unsigned last = first + count < IO_SLOTS ? first + count : IO_SLOTS;
    unsigned io = first < last ? last - first : 0;
    return (struct sim_bridge_window){
        .io = {IO_BASE + first * IO_SLOT, io * IO_SLOT},
        .memory = {MEMORY_BASE + first * size, count * size},
        .prefetch = {PREFETCH_BASE + first * size, count * size},
    };
}

static uint64_t end_of(const struct sim_bridge_range *range)
{
    return range->base + range->size - 1;
}

void sim_bridge_open(struct sim_cfgspace *bridge, const struct sim_bridge_window *window)
{
    /* A base above its limit closes a window. */
    uint32_t io = window->io.size
                      ? (uint32_t)(window->io.base >> 8 | (end_of(&window->io) & 0xf000))
                      : 0x00f0;
    sim_cfgspace_put(bridge, PCI_IO_BASE, 2, io);
    sim_cfgspace_put(bridge, PCI_MEM_BASE, 2, (uint32_t)(window->memory.base >> 16));
    sim_cfgspace_put(bridge, PCI_MEM_LIMIT, 2, (uint32_t)(end_of(&window->memory) >> 16));
    sim_cfgspace_put(bridge, PCI_PREF_BASE, 2, (uint32_t)(window->prefetch.base >> 16) & 0xffff);
    sim_cfgspace_put(bridge, PCI_PREF_LIMIT, 2,
                     (uint32_t)(end_of(&window->prefetch) >> 16) & 0xffff);
    sim_cfgspace_put(bridge, PCI_PREF_BASE_HIGH, 4, (uint32_t)(window->prefetch.base >> 32));
    sim_cfgspace_put(bridge, PCI_PREF_LIMIT_HIGH, 4, (uint32_t)(end_of(&window->prefetch) >> 32));
    sim_cfgspace_put(bridge, PCI_COMMAND, 2,
                     PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
}

/* A base address register as its owner sees it by writing all ones. */
struct bar {
    unsigned offset;
    bool is_io, is_wide, is_prefetchable;
    uint64_t size; /* 0: not implemented */
};

static struct bar probe_bar(struct sim_cfgspace *endpoint, unsigned offset)
{
    struct bar bar = {.offset = offset};
    bool is_rom = offset == PCI_ROM;
    sim_cfgspace_put(endpoint, offset, 4, is_rom ? ~(uint32_t)PCI_ROM_ENABLE : UINT32_MAX);
    uint32_t low = sim_cfgspace_get(endpoint, offset, 4);
    uint32_t type = is_rom ? 0 : low & 0xf;
    bar.is_io = type & PCI_BAR_IO;
    bar.is_wide = !bar.is_io && (type & PCI_BAR_MEM64);
    bar.is_prefetchable = !bar.is_io && (type & PCI_BAR_PREFETCH);
    uint64_t mask = low & ~(uint32_t)(bar.is_io ? 0x3 : is_rom ? 0x7ff : 0xf);
    if (bar.is_wide) {
        sim_cfgspace_put(endpoint, offset + 4, 4, UINT32_MAX);
        mask |= (uint64_t)sim_cfgspace_get(endpoint, offset + 4, 4) << 32;
        sim_cfgspace_put(endpoint, offset + 4, 4, 0);
    } else if (mask) {
        mask |= UINT64_C(0xffffffff00000000);
    }
    sim_cfgspace_put(endpoint, offset, 4, 0);
    bar.size = mask ? ~mask + 1 : 0;
    return bar;
}

/* Takes `size` bytes, aligned to their size, from the front of `range`. */
static bool take(struct sim_bridge_range *range, uint64_t size, uint64_t *ret_base)
{
    uint64_t skip = -range->base & (size - 1);
    if (range->size < skip || range->size - skip < size)
        return false;
    *ret_base = range->base + skip;
    range->base += skip + size;
    range->size -= skip + size;
    return true;
}

static void place(struct sim_cfgspace *endpoint, const struct bar *bar,
                  struct sim_bridge_window *left)
{
    struct sim_bridge_range *range = bar->is_io                             ? &left->io
                                     : bar->is_wide && bar->is_prefetchable ? &left->prefetch
                                                                            : &left->memory;
    uint64_t base;
    if (!take(range, bar->size, &base))
        return;
    sim_cfgspace_put(endpoint, bar->offset, 4, (uint32_t)base);
    if (bar->is_wide)
        sim_cfgspace_put(endpoint, bar->offset + 4, 4, (uint32_t)(base >> 32));
}

void sim_bridge_assign(struct sim_cfgspace *endpoint, const struct sim_bridge_window *window)
{
    struct bar bars[SIM_BARS + 1];
    unsigned count = 0;
    for (unsigned i = 0; i < SIM_BARS; i++) {
        bars[count] = probe_bar(endpoint, PCI_BAR0 + 4 * i);
        i += bars[count].is_wide;
        count += bars[count].size != 0;
    }
    bars[count] = probe_bar(endpoint, PCI_ROM);
    count += bars[count].size != 0;

    struct sim_bridge_window left = *window;
    while (count) {
        unsigned largest = 0;
        for (unsigned i = 1; i < count; i++)
            if (bars[i].size > bars[largest].size)
                largest = i;
        place(endpoint, &bars[largest], &left);
        bars[largest] = bars[--count];
    }
    sim_cfgspace_put(endpoint, PCI_COMMAND, 2, PCI_COMMAND_IO | PCI_COMMAND_MEMORY);
    sim_cfgspace_put(endpoint, PCI_INTERRUPT_LINE, 1,
                     sim_cfgspace_get(endpoint, PCI_INTERRUPT_PIN, 1) ? 11 : 0);
}
