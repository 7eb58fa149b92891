/* SPDX-License-Identifier: MIT */
#include <libvio/device.h>

#include <string.h>

#include <libvio/error.h>

#include "lib/api/chassis.h"
#include "lib/driver/device.h"
#include "lib/hw/regs.h"
#include "lib/loop/req.h"

#define LARGEST_READ 65536
#define REG_ALIGN    4

/* Bytes that were read: the result of a request. */
struct data {
    struct vio_alloc alloc; /* a copy: it may outlive its context */
    size_t size;
    uint8_t bytes[];
};

enum access { DEVICE_READ, DEVICE_WRITE, DEVICE_CONFIG };

struct device_op {
    struct vio_chassis *chassis;
    struct vio_req *req;
    enum access access;
    uint64_t offset;
    size_t size;
    uint8_t value[8];
    enum vio_config_space space;
    uint32_t index;
    uint16_t bdf;
    struct data *data;
    int why; /* it was canceled with this */
};

static void free_data(void *object)
{
    struct data *data = object;
    struct vio_alloc alloc;

    if (!data)
        return;
    alloc = data->alloc;
    vio__free(&alloc, data);
}

static void release_chassis(struct device_op *op)
{
    struct vio_chassis *chassis = op->chassis;

    op->chassis = NULL;
    vio_chassis_unref(chassis);
}

/* The device writes to the operation's memory, so that nothing ends it but its answer. */
static void on_done(void *user, int status)
{
    struct device_op *op = user;

    if (op->why != 0)
        status = op->why;
    if (status == 0 && op->data) {
        vio__req_set_result(op->req, "data", op->data, free_data);
        op->data = NULL;
    }
    release_chassis(op);
    vio__req_complete(op->req, status);
}

static int begin(struct device_op *op, struct vio_device *device)
{
    const struct vio_device_ops *ops = device ? vio__device_ops(device) : NULL;

    if (op->access == DEVICE_READ && ops && ops->read)
        return ops->read(device, op->offset, op->data->bytes, op->size, on_done, op);
    if (op->access == DEVICE_WRITE && ops && ops->write)
        return ops->write(device, op->offset, op->value, op->size, on_done, op);
    if (op->access == DEVICE_CONFIG && ops && ops->config_read)
        return ops->config_read(device, op->space, op->index, op->bdf, 0, op->data->bytes, op->size,
                                on_done, op);
    return VIO_ENOTSUP;
}

static void device_start(struct vio_req *req, void *user)
{
    struct device_op *op = user;
    struct vio_engine *engine = vio__chassis_engine(op->chassis);
    const struct vio_driver_ops *ops = vio__engine_ops(engine);
    int status = 0;

    op->req = req;
    if (vio__engine_is_closing(engine)) {
        status = VIO_ECLOSED;
    } else if (op->access == DEVICE_WRITE && vio__engine_is_read_only(engine)) {
        vio__req_set_message(req, "the chassis was opened for reading only");
        status = VIO_EPERM;
    }
    if (status == 0)
        status = begin(op, ops->device ? ops->device(vio__engine_driver(engine)) : NULL);
    if (status != 0)
        on_done(op, status);
}

static void device_cancel(struct vio_req *req, void *user, int why)
{
    struct device_op *op = user;

    (void)req;
    op->why = why;
}

static void device_destroy(void *user)
{
    struct device_op *op = user;

    free_data(op->data);
    release_chassis(op);
}

static const struct vio_req_class read_class = {"device read", sizeof(struct device_op),
                                                device_start, device_cancel, device_destroy};
static const struct vio_req_class write_class = {"device write", sizeof(struct device_op),
                                                 device_start, device_cancel, device_destroy};
static const struct vio_req_class config_class = {"device config", sizeof(struct device_op),
                                                  device_start, device_cancel, device_destroy};

static int make_data(struct vio_req *req, size_t size, struct data **ret_data)
{
    struct data *data = vio__calloc(vio__req_alloc(req), 1, sizeof(*data) + size);

    if (!data)
        return VIO_ENOMEM;
    data->alloc = *vio__req_alloc(req);
    data->size = size;
    *ret_data = data;
    return 0;
}

/* Submits a request of this class with the operation's arguments. */
static int submit(struct vio_chassis *chassis, const struct vio_req_class *cls,
                  const struct device_op *arguments, vio_req_cb cb, void *user,
                  struct vio_req **ret_req)
{
    struct device_op *op;
    struct vio_req *req;
    int status = vio__req_new(vio__chassis_loop(chassis), cls, cb, user, &req);

    if (status != 0)
        return status;
    op = vio__req_op(req);
    *op = *arguments;
    op->chassis = vio_chassis_ref(chassis);
    if (op->access != DEVICE_WRITE)
        status = make_data(req, op->size, &op->data);
    if (status != 0) {
        vio__req_unref(req);
        return status;
    }
    return vio__req_submit(req, ret_req);
}

int vio_device_read(struct vio_chassis *chassis, uint64_t offset, size_t size, vio_req_cb cb,
                    void *user, struct vio_req **ret_req)
{
    const struct device_op op = {.access = DEVICE_READ, .offset = offset, .size = size};
    int status = vio__chassis_check(chassis);

    if (status == 0 &&
        (offset % REG_ALIGN != 0 || size == 0 || size % REG_ALIGN != 0 || size > LARGEST_READ))
        status = VIO_EINVAL;
    return status == 0 ? submit(chassis, &read_class, &op, cb, user, ret_req) : status;
}

int vio_device_write(struct vio_chassis *chassis, uint64_t offset, uint64_t value, size_t size,
                     vio_req_cb cb, void *user, struct vio_req **ret_req)
{
    struct device_op op = {.access = DEVICE_WRITE, .offset = offset, .size = size};
    int status = vio__chassis_check(chassis);

    if (status == 0 &&
        ((size != 4 && size != 8) || offset % size != 0 || (size == 4 && value > UINT32_MAX)))
        status = VIO_EINVAL;
    for (size_t i = 0; i < sizeof(op.value); i++)
        op.value[i] = (uint8_t)(value >> 8 * i);
    return status == 0 ? submit(chassis, &write_class, &op, cb, user, ret_req) : status;
}

int vio_device_config(struct vio_chassis *chassis, enum vio_config_space space, uint32_t index,
                      uint16_t bdf, size_t size, vio_req_cb cb, void *user,
                      struct vio_req **ret_req)
{
    const struct device_op op = {
        .access = DEVICE_CONFIG, .space = space, .index = index, .bdf = bdf, .size = size};
    int status = vio__chassis_check(chassis);

    if (status == 0 && ((int)space < VIO_CONFIG_ADAPTER || space > VIO_CONFIG_CHASSIS ||
                        (size != 64 && size != 256 && size != 4096)))
        status = VIO_EINVAL;
    return status == 0 ? submit(chassis, &config_class, &op, cb, user, ret_req) : status;
}

const uint8_t *vio_req_get_data(const struct vio_req *req, size_t *ret_size)
{
    const struct data *data = req ? vio__req_result(req, "data") : NULL;

    if (data && ret_size)
        *ret_size = data->size;
    return data ? data->bytes : NULL;
}

/* -- Registers: a struct vio_register is a struct vio_hw_reg ------------------------------------
 */

static const struct vio_hw_reg *hw_of(const struct vio_register *reg)
{
    return (const struct vio_hw_reg *)(const void *)reg;
}

static const struct vio_register *reg_of(const struct vio_hw_reg *reg)
{
    return (const struct vio_register *)(const void *)reg;
}

size_t vio_register_count(void)
{
    size_t count;

    vio__hw_regs(&count);
    return count;
}

const struct vio_register *vio_register_at(size_t at)
{
    size_t count;
    const struct vio_hw_reg *regs = vio__hw_regs(&count);

    return at < count ? reg_of(&regs[at]) : NULL;
}

const struct vio_register *vio_register_find(const char *name, uint64_t *ret_offset)
{
    uint32_t offset;
    const struct vio_hw_reg *reg = name ? vio__hw_reg_named(name, &offset) : NULL;

    if (reg && ret_offset)
        *ret_offset = offset;
    return reg_of(reg);
}

const struct vio_register *vio_register_find_offset(uint64_t offset, uint32_t *ret_instance)
{
    return offset <= UINT32_MAX ? reg_of(vio__hw_reg_at((uint32_t)offset, ret_instance)) : NULL;
}

const char *vio_register_block(const struct vio_register *reg)
{
    return reg ? vio__hw_block_name(hw_of(reg)->block) : NULL;
}

const char *vio_register_name(const struct vio_register *reg)
{
    return reg ? hw_of(reg)->name : NULL;
}

const char *vio_register_text(const struct vio_register *reg)
{
    return reg ? hw_of(reg)->doc : NULL;
}

const char *vio_register_access(const struct vio_register *reg)
{
    return reg ? hw_of(reg)->access : NULL;
}

uint64_t vio_register_offset(const struct vio_register *reg)
{
    return reg ? (uint64_t)vio__hw_block_base(hw_of(reg)->block) + hw_of(reg)->offset : 0;
}

size_t vio_register_size(const struct vio_register *reg)
{
    return reg ? hw_of(reg)->size : 0;
}

uint32_t vio_register_instances(const struct vio_register *reg, uint64_t *ret_stride)
{
    if (!reg)
        return 0;
    if (ret_stride)
        *ret_stride = vio__hw_block_stride(hw_of(reg)->block);
    return vio__hw_block_count(hw_of(reg)->block);
}

int vio_register_decode(const struct vio_register *reg, const uint8_t *bytes, char *text,
                        size_t size)
{
    if (!reg || !bytes || (!text && size > 0))
        return VIO_EINVAL;
    return vio__hw_decode(hw_of(reg), bytes, text, size);
}
