/* SPDX-License-Identifier: MIT */
/*
 * The driver on a device whose registers, records, completions and events come from the input. What
 * it must not do is hang, crash or leak; each call ends, and closing ends everything.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/driver/driver.h"
#include "lib/hw/wire.h"
#include "lib/loop/loop.h"
#include "tests/driver/fake.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SECOND     UINT64_C(1000000000)
#define TURNS_MOST 200000 /* of the loop: more is a hang */

static const uint8_t *input;
static size_t left;

static uint8_t next_byte(void)
{
    if (left == 0)
        return 0;
    left--;
    return *input++;
}

static void next_bytes(uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = next_byte();
}

/* Changes some bytes, at places that the input names. */
static void scribble(uint8_t *bytes, size_t size)
{
    for (unsigned n = next_byte() & 7; n > 0 && size > 0; n--) {
        size_t at = (next_byte() | (size_t)next_byte() << 8) % size;

        bytes[at] = next_byte();
    }
}

static bool tamper(struct fake *f, const struct vio_hw_command *command,
                   struct vio_hw_completion *completion, uint8_t *bytes, size_t size)
{
    uint8_t how = next_byte(), entry[VIO_HW_EVENT_SIZE];

    (void)command;
    if (how & 1)
        scribble(bytes, size);
    if (how & 2) {
        vio__hw_completion_encode(completion, entry);
        scribble(entry, VIO_HW_COMPLETION_SIZE);
        vio__hw_completion_decode(entry, completion);
    }
    if (how & 4) {
        next_bytes(entry, VIO_HW_COMPLETION_SIZE);
        fake_complete(entry);
    }
    if (how & 8) {
        next_bytes(entry, sizeof entry);
        fake_event(entry);
    }
    if (how & 16)
        scribble(f->regs, 0x90);
    if (how & 32)
        scribble(f->global, sizeof f->global);
    if (how & 64)
        fake_interrupt(next_byte() & 63);
    return !(how & 128);
}

/* -- Driving ----------------------------------------------------------------------------------- */

static bool ended;

static void on_done(void *user, int status)
{
    *(int *)user = status;
    ended = true;
}

static void on_observed(void *user, int status, struct vio_observation *observation)
{
    vio__observation_unref(observation);
    on_done(user, status);
}

static void on_stepped(void *user, const struct vio_outcome *outcome)
{
    if (outcome->status && !outcome->text[0])
        abort();
    on_done(user, outcome->status);
}

static void on_notice(void *user, const struct vio_notice *notice)
{
    (void)user;
    (void)notice;
}

static void run(struct vio_loop *loop)
{
    vio__loop_hold(loop);
    for (unsigned turns = 0; !ended; turns++) {
        vio__loop_dispatch(loop);
        if (turns > TURNS_MOST)
            abort();
    }
    vio__loop_release(loop);
    ended = false;
}

static void use(struct vio_loop *loop, const struct vio_driver_ops *ops, struct vio_driver *driver)
{
    struct vio_step step = {.action = VIO_STEP_BIND, .index = 2};
    struct vio_tag tag;
    int status = 0;

    for (unsigned i = 0; i < 3; i++) {
        if (ops->observe(driver, on_observed, &status) == 0)
            run(loop);
        if (ops->claim(driver, true, on_done, &status) == 0)
            run(loop);
        step.action = (enum vio_step_action)(1 + next_byte() % VIO_STEP_SLOT);
        if (ops->step(driver, &step, vio__loop_now(loop) + SECOND, on_stepped, &status, &tag) == 0)
            run(loop);
    }
}

static void on_closed(void *user)
{
    (void)user;
    ended = true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct vio_loop_config config = {
        .drive = VIO_LOOP_POLL, .alloc = vio__alloc_default(), .queue_max = 1};
    struct vio_driver_config driver_config = {
        .uri = "sim:", .timeout_ns = SECOND, .listener = {.notice = on_notice}};
    const struct vio_driver_ops *ops = &vio__iove_driver_ops;
    struct vio_driver *driver;
    struct vio_loop *loop;
    int status = 0;

    input = data;
    left = size;
    fake_reset();
    fake.unmapped = next_byte() & 1;
    scribble(fake.global, sizeof fake.global);
    scribble(fake.regs, 0x90);
    fake.tamper = tamper;
    if (vio__loop_new(&config, &loop) != 0 || vio__loop_start(loop) != 0)
        abort();
    if (ops->open(loop, &driver_config, on_done, &status, &driver) != 0)
        abort();
    run(loop);
    if (status == 0)
        use(loop, ops, driver);
    ops->close(driver, on_done, &status);
    run(loop);
    vio__loop_close(loop, on_closed, NULL);
    run(loop);
    vio__loop_dispose(loop);
    vio__loop_unref(loop);
    return 0;
}
