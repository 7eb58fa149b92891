/* SPDX-License-Identifier: MIT */
/*
 * crash [-p POINTS] [-s SEED] [-l POINTS-PER-SCENARIO] [-j JOBS] [-n STRIDE] [-k KIND -a AT] [-c]
 *       [-v]
 *
 * Stops a program, over and over, and looks each time whether anything that was acknowledged is
 * lost, or anything else half there: at POINTS random instants, and at every STRIDEth thing that
 * the program does (0: at none); or at the ATth thing of one kind alone. The chassis is stopped,
 * too, with -c. -v prints all that happens. Exits with 0 if no rule was broken, 1 if one was, 2 in
 * case of trouble.
 */
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/crash/stops.h"
#include "tests/crash/strikes.h"
#include "tests/crash/trouble.h"

#define JOBS_MAX   16
#define FOLDER_MAX 80

struct settings {
    unsigned points, length, jobs, stride;
    unsigned kind, at; /* at 0: all */
    bool chassis, verbose;
    uint64_t seed;
    char daemon[PATH_MAX], description[PATH_MAX];
    const char *base; /* folder of the folders */
};

/* What a job did, in memory that it shares with its parent. */
struct job {
    struct trap trap;
    unsigned strikes[STRIKES], stops[STOPS];
    struct tally tally;
};

/* kill -9 loses nothing that was written, so the files may as well lie in memory. */
static const char *choose_base(void)
{
    const char *folder = getenv("TMPDIR");

    if (folder != NULL)
        return folder;
    return access("/dev/shm", W_OK) == 0 ? "/dev/shm" : P_tmpdir;
}

/* -- Jobs -------------------------------------------------------------------------------------- */

/* Scenarios with consecutive seeds, of which each job takes its share. */
static void run_strikes(const struct settings *settings, struct scenario_options *options,
                        unsigned number, struct job *job)
{
    unsigned scenarios = (settings->points + settings->length - 1) / settings->length;

    for (unsigned i = number; i < scenarios; i += settings->jobs) {
        unsigned left = settings->points - i * settings->length;

        options->seed = settings->seed + i;
        strikes_run(options, left < settings->length ? left : settings->length, job->strikes,
                    &job->tally);
    }
}

static void run_stops(const struct settings *settings, struct scenario_options *options,
                      unsigned number, struct job *job)
{
    options->trap = &job->trap;
    options->seed = settings->seed;
    if (settings->at > 0 && number == 0 && settings->kind < STOPS)
        stops_run_one(options, (enum stop)settings->kind, settings->at, &job->tally);
    for (unsigned stop = 0; stop < STOPS && settings->stride > 0; stop++)
        if (settings->chassis || !stops_chassis((enum stop)stop))
            stops_run(options, (enum stop)stop, settings->stride * settings->jobs,
                      settings->stride * number, &job->stops[stop], &job->tally);
}

static void run_job(const struct settings *settings, unsigned number, struct job *job)
{
    char folder[FOLDER_MAX];
    struct scenario_options options = {.folder = folder,
                                       .daemon = settings->daemon,
                                       .description = settings->description,
                                       .chassis = settings->chassis,
                                       .verbose = settings->verbose};

    snprintf(folder, sizeof folder, "%s/vio-crash-XXXXXX", settings->base);
    if (mkdtemp(folder) == NULL)
        trouble("no folder in %s", settings->base);
    run_strikes(settings, &options, number, job);
    run_stops(settings, &options, number, job);
    rmdir(folder);
}

static void add(struct job *sum, const struct job *job)
{
    for (unsigned i = 0; i < STRIKES; i++)
        sum->strikes[i] += job->strikes[i];
    for (unsigned i = 0; i < STOPS; i++)
        sum->stops[i] += job->stops[i];
    tally_add(&sum->tally, &job->tally);
}

/* False: one of them had trouble. */
static bool run_jobs(const struct settings *settings, struct job *sum)
{
    size_t size = settings->jobs * sizeof(struct job);
    struct job *jobs = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    bool fine = jobs != MAP_FAILED;
    int status;

    for (unsigned i = 0; fine && i < settings->jobs; i++) {
        pid_t process = fork();

        check_system(process, "fork");
        if (process == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            run_job(settings, i, &jobs[i]);
            exit(0);
        }
    }
    for (unsigned i = 0; fine && i < settings->jobs; i++) {
        check_system(wait(&status), "wait");
        fine = status == 0;
    }
    for (unsigned i = 0; fine && i < settings->jobs; i++)
        add(sum, &jobs[i]);
    return fine;
}

/* -- The outcome ------------------------------------------------------------------------------- */

static unsigned print_points(const struct job *job)
{
    unsigned sum = 0;

    for (unsigned i = 0; i < STRIKES; i++) {
        printf("%8u %s\n", job->strikes[i], strike_names[i]);
        sum += job->strikes[i];
    }
    for (unsigned i = 0; i < STOPS; i++) {
        printf("%8u %s\n", job->stops[i], stop_name((enum stop)i));
        sum += job->stops[i];
    }
    return sum;
}

static void report(const struct settings *settings, const struct job *job, double seconds)
{
    const struct tally *tally = &job->tally;
    unsigned points = print_points(job);

    printf("orders: %u acknowledged, %u refused, %u unanswered and finished, %u unanswered and "
           "undone; %u edits\n",
           tally->acknowledged, tally->refused, tally->finished, tally->undone, tally->edits);
    printf("%u points, %u violations, seeds from %llu, %.0f points/s\n", points, tally->violations,
           (unsigned long long)settings->seed, points / seconds);
}

static bool set_option(struct settings *settings, int option, const char *text)
{
    unsigned long long value = text != NULL ? strtoull(text, NULL, 10) : 0;

    if (option == 'p')
        settings->points = (unsigned)value;
    else if (option == 's')
        settings->seed = value;
    else if (option == 'n')
        settings->stride = (unsigned)value;
    else if (option == 'k')
        settings->kind = (unsigned)value;
    else if (option == 'a')
        settings->at = (unsigned)value;
    else if (option == 'c')
        settings->chassis = true;
    else if (option == 'v')
        settings->verbose = true;
    else if (option == 'l' && value > 0)
        settings->length = (unsigned)value;
    else if (option == 'j' && value > 0 && value <= JOBS_MAX)
        settings->jobs = (unsigned)value;
    else
        return false;
    return true;
}

int main(int argc, char **argv)
{
    const char *source = getenv("top_srcdir"), *build = getenv("top_builddir");
    static struct settings settings = {
        .points = 300, .length = 25, .jobs = 2, .seed = 1, .stride = 40};
    struct job sum = {.tally.violations = 0};
    uint64_t begin = clock_us();
    int option;

    while ((option = getopt(argc, argv, "p:s:l:j:n:k:a:cv")) != -1)
        if (option == '?' || !set_option(&settings, option, optarg))
            trouble("usage: crash [-p POINTS] [-s SEED] [-l POINTS-PER-SCENARIO] [-j JOBS] "
                    "[-n STRIDE] [-k KIND -a AT] [-c] [-v]");
    settings.base = choose_base();
    snprintf(settings.daemon, PATH_MAX, "%s/vio-chassisd", build != NULL ? build : ".");
    snprintf(settings.description, PATH_MAX, "%s/tests/crash/chassis.yaml",
             source != NULL ? source : ".");
    if (!run_jobs(&settings, &sum))
        return 2;
    report(&settings, &sum, (double)(clock_us() - begin) / 1e6);
    return sum.tally.violations > 0;
}
