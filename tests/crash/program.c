/* SPDX-License-Identifier: MIT */
#include "tests/crash/program.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/crash/trouble.h"

#define SECOND_US UINT64_C(1000000)

uint64_t clock_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * SECOND_US + (uint64_t)now.tv_nsec / 1000;
}

void program_start(struct program *program, const struct worker_options *options,
                   struct chassis *chassis)
{
    int ends[2];

    fflush(stdout);
    check_system(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), "socketpair");
    program->process = fork();
    check_system(program->process, "fork");
    if (program->process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(ends[0]);
        chassis_hang_up(chassis);
        worker_run(options, ends[1]);
    }
    close(ends[1]);
    program->socket = ends[0];
}

enum receipt program_receive(struct program *program, uint64_t until, struct answer *ret_answer)
{
    struct pollfd ready = {.fd = program->socket, .events = POLLIN};
    uint64_t now = clock_us(), wait = until > now ? until - now : 0;
    struct timespec time = {.tv_sec = (time_t)(wait / SECOND_US),
                            .tv_nsec = (long)(wait % SECOND_US) * 1000};
    int count = ppoll(&ready, 1, &time, NULL);

    check_system(count, "ppoll");
    if (count == 0)
        return RECEIPT_NONE;
    if (recv(program->socket, ret_answer, sizeof *ret_answer, 0) == (ssize_t)sizeof *ret_answer)
        return RECEIPT_ANSWER;
    return RECEIPT_GONE;
}

void program_send(struct program *program, const struct order *order)
{
    send(program->socket, order, sizeof *order, MSG_NOSIGNAL);
}

int program_wait(struct program *program)
{
    int status = 0;

    if (program->process > 0)
        check_system(waitpid(program->process, &status, 0), "waitpid");
    program->process = 0;
    return status;
}

void program_kill(struct program *program)
{
    if (program->process > 0)
        kill(program->process, SIGKILL);
    program_wait(program);
}

void program_forget(struct program *program)
{
    close(program->socket);
    program->socket = -1;
}
