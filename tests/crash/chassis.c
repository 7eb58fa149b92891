/* SPDX-License-Identifier: MIT */
#include "tests/crash/chassis.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/hw/wire.h"
#include "tests/crash/server.h"
#include "tests/crash/trouble.h"

/* vfio-user, QEMU's docs/interop/vfio-user.rst: the two messages that reading registers takes. */
#define VERSION       1
#define REGION_READ   9
#define HEADER_SIZE   16
#define ACCESS_SIZE   16
#define FLAG_REPLY    1u
#define SIZE_OFFSET   4
#define FLAGS_OFFSET  8
#define RECORDS_SIZE  ((size_t)CHASSIS_FUNCTIONS * VIO_HW_FUNCTION_STRIDE)
#define ANSWER_LIMIT  65536
#define CONTROL_LIMIT 4096

void chassis_init(struct chassis *chassis, const char *program, const char *description,
                  const char *folder)
{
    *chassis = (struct chassis){
        .program = program, .description = description, .registers = -1, .orders = -1};
    snprintf(chassis->socket, sizeof chassis->socket, "%s/chassis", folder);
    snprintf(chassis->control, sizeof chassis->control, "%s/control", folder);
}

/* -- The process ------------------------------------------------------------------------------- */

static void become_daemon(const struct chassis *chassis, int out)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (chassis->trap != NULL)
        server_run(chassis->socket, chassis->control, chassis->description, chassis->trap, out);
    dup2(out, STDOUT_FILENO);
    execl(chassis->program, chassis->program, "--socket", chassis->socket, "--control",
          chassis->control, "--chassis", chassis->description, (char *)NULL);
    _exit(127);
}

void chassis_start(struct chassis *chassis)
{
    char ready[16] = "";
    int ends[2];

    check_system(pipe(ends), "pipe");
    chassis->process = fork();
    check_system(chassis->process, "fork");
    if (chassis->process == 0)
        become_daemon(chassis, ends[1]);
    close(ends[1]);
    if (read(ends[0], ready, sizeof ready - 1) < 5 || strncmp(ready, "ready", 5) != 0)
        trouble("%s does not start", chassis->program);
    close(ends[0]);
    chassis->generation++;
}

static void hang_up(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void chassis_hang_up(struct chassis *chassis)
{
    hang_up(&chassis->registers);
    hang_up(&chassis->orders);
}

void chassis_strike(struct chassis *chassis)
{
    if (chassis->process > 0)
        kill(chassis->process, SIGKILL);
}

void chassis_kill(struct chassis *chassis)
{
    chassis_strike(chassis);
    if (chassis->process > 0)
        check_system(waitpid(chassis->process, NULL, 0), "waitpid");
    chassis->process = 0;
    chassis_hang_up(chassis);
}

static int dial(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    check_system(fd, "socket");
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        trouble("%s: %s", path, strerror(errno));
    return fd;
}

static void send_all(int fd, const void *data, size_t size)
{
    if (send(fd, data, size, MSG_NOSIGNAL) != (ssize_t)size)
        trouble("the chassis does not take what is sent: %s", strerror(errno));
}

static void take(int fd, void *data, size_t size)
{
    if (recv(fd, data, size, MSG_WAITALL) != (ssize_t)size)
        trouble("the chassis hung up");
}

/* -- Registers --------------------------------------------------------------------------------- */

static void put_header(uint8_t *message, unsigned command, size_t size)
{
    memset(message, 0, HEADER_SIZE);
    vio__hw_put16(message + 2, (uint16_t)command);
    vio__hw_put32(message + SIZE_OFFSET, (uint32_t)size);
}

/* The size of what follows a reply's header. */
static size_t take_header(int fd, unsigned command)
{
    uint8_t header[HEADER_SIZE];

    take(fd, header, sizeof header);
    if (vio__hw_get16(header + 2) != command || vio__hw_get32(header + FLAGS_OFFSET) != FLAG_REPLY)
        trouble("the chassis refuses to be read");
    return vio__hw_get32(header + SIZE_OFFSET) - HEADER_SIZE;
}

static void negotiate(int fd)
{
    static const char text[] = "{\"capabilities\": {\"max_data_xfer_size\": 1048576}}";
    uint8_t message[HEADER_SIZE + 4 + sizeof text] = {0}, answer[ANSWER_LIMIT];
    size_t size;

    put_header(message, VERSION, sizeof message);
    memcpy(message + HEADER_SIZE + 4, text, sizeof text);
    send_all(fd, message, sizeof message);
    size = take_header(fd, VERSION);
    if (size > sizeof answer)
        trouble("the chassis says too much about its version");
    take(fd, answer, size);
}

static void read_registers(struct chassis *chassis, uint64_t offset, void *data, size_t size)
{
    uint8_t message[HEADER_SIZE + ACCESS_SIZE];

    if (chassis->registers < 0) {
        chassis->registers = dial(chassis->socket);
        negotiate(chassis->registers);
    }
    put_header(message, REGION_READ, sizeof message);
    vio__hw_put64(message + HEADER_SIZE, offset);
    vio__hw_put32(message + HEADER_SIZE + 8, VIO_HW_BAR_REGISTERS);
    vio__hw_put32(message + HEADER_SIZE + 12, (uint32_t)size);
    send_all(chassis->registers, message, sizeof message);
    if (take_header(chassis->registers, REGION_READ) != ACCESS_SIZE + size)
        trouble("the chassis answers with another size than was asked for");
    take(chassis->registers, message, ACCESS_SIZE);
    take(chassis->registers, data, size);
}

static void decode(const uint8_t *record, uint32_t index, struct chassis_function *function)
{
    uint32_t state = vio__hw_get32(record + VIO_HW_FUNCTION_STATE);
    uint32_t vlan = vio__hw_get32(record + VIO_HW_FUNCTION_VLAN);

    function->index = index;
    function->life = (unsigned)VIO_HW_GET(FUNCTION_STATE, LIFE, state);
    function->enabled = VIO_HW_GET(FUNCTION_STATE, ENABLED, state) != 0;
    function->kind = vio__hw_get32(record + VIO_HW_FUNCTION_KIND);
    function->slot = vio__hw_get32(record + VIO_HW_FUNCTION_SLOT);
    function->server = vio__hw_get32(record + VIO_HW_FUNCTION_SERVER);
    memcpy(function->cookie, record + VIO_HW_FUNCTION_COOKIE, sizeof function->cookie);
    memcpy(function->label, record + VIO_HW_FUNCTION_LABEL, sizeof function->label);
    function->label[sizeof function->label - 1] = '\0';
    memcpy(function->address, record + VIO_HW_FUNCTION_ADDRESS, sizeof function->address);
    memcpy(function->node_address, record + VIO_HW_FUNCTION_NODE_ADDRESS,
           sizeof function->node_address);
    function->size = vio__hw_get64(record + VIO_HW_FUNCTION_SIZE);
    function->vlan_mode = (unsigned)VIO_HW_GET(FUNCTION_VLAN, MODE, vlan);
    function->vlan = (unsigned)VIO_HW_GET(FUNCTION_VLAN, VLAN, vlan);
}

size_t chassis_read(struct chassis *chassis, struct chassis_function functions[CHASSIS_FUNCTIONS])
{
    uint8_t records[RECORDS_SIZE];
    size_t count = 0;

    read_registers(chassis, VIO_HW_FUNCTION_BASE, records, sizeof records);
    for (uint32_t i = 0; i < CHASSIS_FUNCTIONS; i++) {
        decode(records + (size_t)i * VIO_HW_FUNCTION_STRIDE, i, &functions[count]);
        count += functions[count].life != VIO_HW_LIFE_FREE;
    }
    return count;
}

uint64_t chassis_boot(struct chassis *chassis)
{
    uint8_t boot[8];

    read_registers(chassis, VIO_HW_GLOBAL_BOOT_ID, boot, sizeof boot);
    return vio__hw_get64(boot);
}

/* -- Orders ------------------------------------------------------------------------------------ */

bool chassis_order(struct chassis *chassis, const char *line, char *reply, size_t size)
{
    char text[CONTROL_LIMIT];
    size_t used = 0;

    if (chassis->orders < 0)
        chassis->orders = dial(chassis->control);
    send_all(chassis->orders, line, strlen(line));
    send_all(chassis->orders, "\n", 1);
    for (;;) {
        size_t begin = used;

        do {
            if (used == sizeof text - 1)
                trouble("\"%s\": too long an answer", line);
            take(chassis->orders, &text[used], 1);
        } while (text[used++] != '\n');
        text[used - 1] = '\0';
        if (strcmp(text + begin, "ok") == 0 || strncmp(text + begin, "error", 5) == 0) {
            if (reply != NULL)
                snprintf(reply, size, "%s", text);
            return text[begin] == 'o';
        }
        text[used - 1] = begin == 0 ? '\0' : '\n';
    }
}

uint64_t chassis_stat(struct chassis *chassis, const char *name)
{
    char reply[CONTROL_LIMIT], word[40];
    const char *at;

    if (!chassis_order(chassis, "stat", reply, sizeof reply))
        trouble("stat: %s", reply);
    snprintf(word, sizeof word, "%s=", name);
    at = strstr(reply, word);
    if (at == NULL)
        trouble("stat does not tell %s", name);
    return strtoull(at + strlen(word), NULL, 10);
}
