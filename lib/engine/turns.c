/* SPDX-License-Identifier: MIT */
#include "lib/engine/turns.h"

#include <libvio/error.h>

#include "lib/base/hash.h"

#define MAX_LINES (UINT32_C(1) << 20)

/* Those that wait for one name, the first of whom has it. */
struct vio_turn_line {
    struct vio_dlist places;
    char name[];
};

struct vio_turns {
    struct vio_loop *loop;
    struct vio_hash *lines;
};

int vio__turns_new(struct vio_loop *loop, struct vio_turns **ret_turns)
{
    const struct vio_alloc *alloc = vio__loop_alloc(loop);
    struct vio_turns *turns = vio__calloc(alloc, 1, sizeof(*turns));

    if (!turns)
        return VIO_ENOMEM;
    turns->loop = loop;
    if (vio__hash_new(alloc, MAX_LINES, &turns->lines) != 0) {
        vio__free(alloc, turns);
        return VIO_ENOMEM;
    }
    *ret_turns = turns;
    return 0;
}

void vio__turns_free(struct vio_turns *turns)
{
    if (!turns)
        return;
    vio__hash_free(turns->lines, NULL);
    vio__free(vio__loop_alloc(turns->loop), turns);
}

static struct vio_turn_line *line_of(struct vio_turns *turns, const char *name)
{
    const struct vio_alloc *alloc = vio__loop_alloc(turns->loop);
    struct vio_turn_line *line = vio__hash_get_str(turns->lines, name);
    size_t size = strlen(name) + 1;

    if (line)
        return line;
    line = vio__alloc(alloc, sizeof(*line) + size);
    if (!line)
        return NULL;
    vio__dlist_init(&line->places);
    memcpy(line->name, name, size);
    if (vio__hash_put_str(turns->lines, name, line) == 0)
        return line;
    vio__free(alloc, line);
    return NULL;
}

static void drop_line(struct vio_turns *turns, struct vio_turn_line *line)
{
    vio__hash_remove_str(turns->lines, line->name);
    vio__free(vio__loop_alloc(turns->loop), line);
}

static void run(struct vio_post *post)
{
    struct vio_turn *turn = VIO_CONTAINER_OF(post, struct vio_turn, post);

    turn->fn(turn);
}

static bool is_first(const struct vio_turn *turn)
{
    for (size_t i = 0; i < turn->places; i++)
        if (turn->place[i].line->places.next != &turn->place[i].node)
            return false;
    return true;
}

static void grant_ready(struct vio_turns *turns, struct vio_turn_group *group)
{
    while (group->granted < VIO_TURNS_MAX && !vio__dlist_empty(&group->ready)) {
        struct vio_turn *turn =
            VIO_CONTAINER_OF(vio__dlist_pop(&group->ready), struct vio_turn, ready);

        group->granted++;
        turn->granted = true;
        turn->post.fn = run;
        (void)vio__loop_post(turns->loop, &turn->post); /* the loop closes after all turns only */
    }
}

static void grant_if_first(struct vio_turns *turns, struct vio_turn *turn)
{
    if (turn->granted || !turn->waits || !vio__dlist_empty(&turn->ready) || !is_first(turn))
        return;
    vio__dlist_append(&turn->group->ready, &turn->ready);
    grant_ready(turns, turn->group);
}

void vio__turn_group_init(struct vio_turn_group *group)
{
    group->granted = 0;
    vio__dlist_init(&group->ready);
}

void vio__turn_init(struct vio_turn *turn, struct vio_turn_group *group,
                    struct vio_turn_place *places, void (*fn)(struct vio_turn *turn))
{
    *turn = (struct vio_turn){.place = places, .group = group, .fn = fn};
    vio__dlist_init(&turn->ready);
}

int vio__turns_enter(struct vio_turns *turns, struct vio_turn *turn, const char *name)
{
    struct vio_turn_line *line = line_of(turns, name);
    struct vio_turn_place *place = &turn->place[turn->places];

    if (!line)
        return VIO_ENOMEM;
    if (!vio__dlist_empty(&line->places) &&
        VIO_CONTAINER_OF(line->places.prev, struct vio_turn_place, node)->turn == turn)
        return 0; /* it stands there already */
    place->turn = turn;
    place->line = line;
    vio__dlist_append(&line->places, &place->node);
    turn->places++;
    return 0;
}

void vio__turns_wait(struct vio_turns *turns, struct vio_turn *turn)
{
    turn->waits = true;
    grant_if_first(turns, turn);
}

void vio__turns_leave(struct vio_turns *turns, struct vio_turn *turn)
{
    size_t places = turn->places;

    if (!turn->group) /* it never began */
        return;
    if (turn->granted)
        turn->group->granted--;
    turn->places = 0;
    turn->granted = turn->waits = false;
    vio__dlist_remove(&turn->ready);
    for (size_t i = 0; i < places; i++) {
        struct vio_turn_line *line = turn->place[i].line;

        vio__dlist_remove(&turn->place[i].node);
        if (vio__dlist_empty(&line->places))
            drop_line(turns, line);
        else
            grant_if_first(turns,
                           VIO_CONTAINER_OF(line->places.next, struct vio_turn_place, node)->turn);
    }
    grant_ready(turns, turn->group);
}

bool vio__turns_is_busy(const struct vio_turns *turns, const char *name)
{
    return vio__hash_get_str(turns->lines, name) != NULL;
}
