/* SPDX-License-Identifier: MIT */
/*
 * The root covers what the numbers that were put in so far have in common; it gets another level
 * above it when one lies outside. A child that is NULL has no number in; empty ones are freed.
 */
#include "lib/base/bitmap.h"

#include <libvio/error.h>

#define WORD      64u /* bits of a word, children of a node */
#define WORD_BITS 6u
#define WORDS     32u
#define LEAF_BITS 11u /* a leaf has 2^11 numbers */
#define HEIGHT    9u  /* of inner nodes, at most: 11 + 9 * 6 > 64 */

struct leaf {
    uint64_t word[WORDS];
};

struct node {
    uint64_t full; /* bit i: all numbers of child i are in */
    uint64_t any;  /* bit i: child i is there */
    void *child[WORD];
};

struct vio_bitmap {
    struct vio_alloc alloc;
    void *root;      /* a leaf at height 0; NULL: the set is empty */
    unsigned height; /* inner nodes above a leaf */
    uint64_t base;   /* the lowest number that the root covers */
};

/* Bits of a number that a tree of that height covers. */
static unsigned bits_of(unsigned height)
{
    return LEAF_BITS + height * WORD_BITS;
}

/* The number without its lowest bits. */
static uint64_t floor_to(uint64_t number, unsigned bits)
{
    return bits >= 64 ? 0 : number >> bits << bits;
}

static bool is_covered(const struct vio_bitmap *bitmap, uint64_t number)
{
    return bitmap->root && floor_to(number, bits_of(bitmap->height)) == bitmap->base;
}

/* Which child of a node of that height has a number. */
static unsigned child_of(uint64_t number, unsigned height)
{
    return number >> bits_of(height - 1) & (WORD - 1);
}

static uint64_t bit(uint64_t number)
{
    return UINT64_C(1) << number % WORD;
}

static size_t word_of(uint64_t number)
{
    return number / WORD % WORDS;
}

int vio__bitmap_new(const struct vio_alloc *alloc, struct vio_bitmap **ret_bitmap)
{
    struct vio_bitmap *bitmap = vio__calloc(alloc, 1, sizeof(*bitmap));

    if (!bitmap)
        return VIO_ENOMEM;
    bitmap->alloc = alloc ? *alloc : vio__alloc_default();
    *ret_bitmap = bitmap;
    return 0;
}

/* As deep as the tree is high: at most HEIGHT. */
static void free_tree(struct vio_bitmap *bitmap, void *tree, unsigned height)
{
    if (tree && height > 0) {
        struct node *node = tree;

        for (uint64_t any = node->any; any != 0; any &= any - 1)
            free_tree(bitmap, node->child[__builtin_ctzll(any)], height - 1);
    }
    vio__free(&bitmap->alloc, tree);
}

void vio__bitmap_free(struct vio_bitmap *bitmap)
{
    struct vio_alloc alloc;

    if (!bitmap)
        return;
    alloc = bitmap->alloc;
    free_tree(bitmap, bitmap->root, bitmap->height);
    vio__free(&alloc, bitmap);
}

/* -- One number -------------------------------------------------------------------------------- */

/* The way from the root to a number: node[h] is the inner node of height h. */
struct path {
    struct node *node[HEIGHT + 1];
    struct leaf *leaf; /* NULL: there is none */
};

static void walk(const struct vio_bitmap *bitmap, uint64_t number, struct path *ret_path)
{
    void *tree = is_covered(bitmap, number) ? bitmap->root : NULL;

    for (unsigned height = bitmap->height; height > 0 && tree; height--) {
        ret_path->node[height] = tree;
        tree = ret_path->node[height]->child[child_of(number, height)];
    }
    ret_path->leaf = tree;
}

static bool leaf_is(const struct leaf *leaf, uint64_t all)
{
    for (size_t i = 0; i < WORDS; i++)
        if (leaf->word[i] != all)
            return false;
    return true;
}

/* Puts nodes above the root until it covers the number. */
static int grow(struct vio_bitmap *bitmap, uint64_t number)
{
    while (!is_covered(bitmap, number)) {
        struct node *node = vio__calloc(&bitmap->alloc, 1, sizeof(*node));
        unsigned child = child_of(bitmap->base, bitmap->height + 1);

        if (!node)
            return VIO_ENOMEM;
        node->child[child] = bitmap->root;
        node->any = bit(child);
        if (bitmap->height == 0 ? leaf_is(bitmap->root, UINT64_MAX)
                                : ((struct node *)bitmap->root)->full == UINT64_MAX)
            node->full = bit(child);
        bitmap->root = node;
        bitmap->height++;
        bitmap->base = floor_to(bitmap->base, bits_of(bitmap->height));
    }
    return 0;
}

/* Frees the lowest nodes of a path as far as they are empty. */
static void prune(struct vio_bitmap *bitmap, uint64_t number, const struct path *path)
{
    void *tree = path->leaf;
    unsigned height = 0;

    if (tree && !leaf_is(tree, 0))
        return;
    for (;;) {
        struct node *above;

        vio__free(&bitmap->alloc, tree);
        if (height++ == bitmap->height)
            break;
        above = path->node[height];
        above->child[child_of(number, height)] = NULL;
        above->any &= ~bit(child_of(number, height));
        if (above->any != 0)
            return;
        tree = above;
    }
    bitmap->root = NULL;
    bitmap->height = 0;
}

/* Makes what is missing of the way to a number. Where that fails, what it made stays, empty. */
static int extend(struct vio_bitmap *bitmap, uint64_t number, struct path *path)
{
    void **place = &bitmap->root;

    if (!bitmap->root)
        bitmap->base = floor_to(number, LEAF_BITS);
    else if (grow(bitmap, number) != 0)
        return VIO_ENOMEM;
    for (unsigned height = bitmap->height;; height--) {
        if (!*place) {
            *place = vio__calloc(&bitmap->alloc, 1,
                                 height > 0 ? sizeof(struct node) : sizeof(struct leaf));
            if (*place && height < bitmap->height)
                path->node[height + 1]->any |= bit(child_of(number, height + 1));
        }
        if (!*place)
            return VIO_ENOMEM;
        if (height == 0)
            break;
        path->node[height] = *place;
        place = &path->node[height]->child[child_of(number, height)];
    }
    path->leaf = *place;
    return 0;
}

int vio__bitmap_set(struct vio_bitmap *bitmap, uint64_t number)
{
    struct path path;
    uint64_t *word;

    walk(bitmap, number, &path);
    if (!path.leaf && extend(bitmap, number, &path) != 0)
        return VIO_ENOMEM;
    word = &path.leaf->word[word_of(number)];
    *word |= bit(number);
    if (*word != UINT64_MAX || !leaf_is(path.leaf, UINT64_MAX))
        return 0;
    for (unsigned height = 1; height <= bitmap->height; height++) {
        path.node[height]->full |= bit(child_of(number, height));
        if (path.node[height]->full != UINT64_MAX)
            break;
    }
    return 0;
}

bool vio__bitmap_clear(struct vio_bitmap *bitmap, uint64_t number)
{
    struct path path;
    uint64_t *word;

    walk(bitmap, number, &path);
    if (!path.leaf)
        return false;
    word = &path.leaf->word[word_of(number)];
    if (!(*word & bit(number)))
        return false;
    *word &= ~bit(number);
    for (unsigned height = 1; height <= bitmap->height; height++) {
        uint64_t child = bit(child_of(number, height));

        if (!(path.node[height]->full & child))
            break;
        path.node[height]->full &= ~child;
    }
    if (*word == 0 && leaf_is(path.leaf, 0))
        prune(bitmap, number, &path);
    return true;
}

bool vio__bitmap_has(const struct vio_bitmap *bitmap, uint64_t number)
{
    struct path path;

    walk(bitmap, number, &path);
    return path.leaf && path.leaf->word[word_of(number)] & bit(number);
}

/* -- Many numbers ------------------------------------------------------------------------------ */

/* The part of a tree that begins at `base`, from `first` to `last`, both of which it covers. */
struct part {
    const void *tree; /* NULL: an empty one */
    unsigned height;
    uint64_t base, first, last;
};

/* The part of one child. */
static struct part child_part(const struct part *part, unsigned child)
{
    const struct node *node = part->tree;
    unsigned bits = bits_of(part->height - 1);
    uint64_t base = part->base + ((uint64_t)child << bits);
    uint64_t last = base + ((UINT64_C(1) << bits) - 1);

    return (struct part){.tree = node->child[child],
                         .height = part->height - 1,
                         .base = base,
                         .first = part->first > base ? part->first : base,
                         .last = part->last < last ? part->last : last};
}

/* Bits `from` to `to` of a word. */
static uint64_t span(unsigned from, unsigned to)
{
    return UINT64_MAX << from & UINT64_MAX >> (WORD - 1 - to);
}

static bool search_leaf(const struct part *part, bool set, uint64_t *ret_number)
{
    const struct leaf *leaf = part->tree;
    size_t last = word_of(part->last);

    for (size_t i = word_of(part->first); i <= last; i++) {
        uint64_t found = set ? leaf->word[i] : ~leaf->word[i];

        if (i == word_of(part->first))
            found &= span(part->first % WORD, WORD - 1);
        if (i == last)
            found &= span(0, part->last % WORD);
        if (found != 0) {
            *ret_number = part->base + i * WORD + (unsigned)__builtin_ctzll(found);
            return true;
        }
    }
    return false;
}

/* The first number that is in (`set`) or not. All but the first and the last child that come into
 * question have one for sure. */
static bool search(const struct part *part, bool set, uint64_t *ret_number)
{
    const struct node *node = part->tree;
    uint64_t found;

    if (!node) {
        *ret_number = part->first;
        return !set;
    }
    if (part->height == 0)
        return search_leaf(part, set, ret_number);
    found = (set ? node->any : ~node->full) &
            span(child_of(part->first, part->height), child_of(part->last, part->height));
    for (; found != 0; found &= found - 1) {
        struct part child = child_part(part, (unsigned)__builtin_ctzll(found));

        if (search(&child, set, ret_number))
            return true;
    }
    return false;
}

static uint64_t count_part(const struct part *part)
{
    const struct node *node = part->tree;
    uint64_t count = 0;

    if (!node)
        return 0;
    if (part->height == 0) {
        const struct leaf *leaf = part->tree;
        size_t first = word_of(part->first);
        size_t last = word_of(part->last);

        for (size_t i = first; i <= last; i++)
            count += (unsigned)__builtin_popcountll(leaf->word[i] &
                                                    span(i == first ? part->first % WORD : 0,
                                                         i == last ? part->last % WORD : WORD - 1));
        return count;
    }
    for (uint64_t any = node->any & span(child_of(part->first, part->height),
                                         child_of(part->last, part->height));
         any != 0; any &= any - 1) {
        struct part child = child_part(part, (unsigned)__builtin_ctzll(any));

        count += count_part(&child);
    }
    return count;
}

/* The last number that the root covers. */
static uint64_t end_of(const struct vio_bitmap *bitmap)
{
    unsigned bits = bits_of(bitmap->height);

    return bits >= 64 ? UINT64_MAX : bitmap->base + ((UINT64_C(1) << bits) - 1);
}

/* What the root covers of `first` to `last`; false: nothing. */
static bool root_part(const struct vio_bitmap *bitmap, uint64_t first, uint64_t last,
                      struct part *ret_part)
{
    uint64_t end = end_of(bitmap);

    if (!bitmap->root || first > last || last < bitmap->base || first > end)
        return false;
    *ret_part = (struct part){.tree = bitmap->root,
                              .height = bitmap->height,
                              .base = bitmap->base,
                              .first = first > bitmap->base ? first : bitmap->base,
                              .last = last < end ? last : end};
    return true;
}

bool vio__bitmap_next_set(const struct vio_bitmap *bitmap, uint64_t first, uint64_t last,
                          uint64_t *ret_number)
{
    struct part part;

    return root_part(bitmap, first, last, &part) && search(&part, true, ret_number);
}

bool vio__bitmap_next_clear(const struct vio_bitmap *bitmap, uint64_t first, uint64_t last,
                            uint64_t *ret_number)
{
    struct part part;

    if (first > last)
        return false;
    if (!root_part(bitmap, first, last, &part) || first < part.first) {
        *ret_number = first;
        return true;
    }
    if (search(&part, false, ret_number))
        return true;
    if (part.last == last)
        return false;
    *ret_number = part.last + 1;
    return true;
}

uint64_t vio__bitmap_count(const struct vio_bitmap *bitmap, uint64_t first, uint64_t last)
{
    struct part part;

    return root_part(bitmap, first, last, &part) ? count_part(&part) : 0;
}
