/* SPDX-License-Identifier: MIT */
/**
 * @file sim.h
 * @brief The software chassis, libviosim: a whole chassis inside a program, and how to break it.
 *
 * A program that opened a `sim:` URI gets the chassis behind it with vio_chassis_sim(). Whatever is
 * done here happens to the device at once; its clients learn of it as they would from hardware,
 * through registers, events and interrupts. All functions but viosim_new(), viosim_unref() and
 * viosim_step() may be called from any thread and from any callback except the ring hook. Results
 * of type int are 0 or a negative VIO_E… of <libvio/error.h>.
 */
#ifndef LIBVIO_SIM_H
#define LIBVIO_SIM_H

#include <stddef.h>
#include <stdint.h>

#include <libvio/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One software chassis. Opaque; counted references. */
struct viosim;

/** Longest reply of viosim_control() and longest error text, terminating zero included. */
#define VIOSIM_TEXT_SIZE 1024

/** What a mishap befalls. */
enum viosim_what {
    VIOSIM_COMMAND = 1,    /**< a command entry, between the ring and its execution */
    VIOSIM_COMPLETION = 2, /**< a completion entry, between the execution and the ring */
    VIOSIM_EVENT = 3,      /**< an event entry, on its way to each ring */
    VIOSIM_INTERRUPT = 4   /**< an interrupt, on its way to a client */
};

/** What happens to it. */
enum viosim_mishap {
    VIOSIM_LOST = 1,    /**< it is never seen again */
    VIOSIM_LATE = 2,    /**< it comes after the delay; what follows may overtake it */
    VIOSIM_CORRUPT = 3, /**< a byte of it is another one; an interrupt comes on another vector */
    VIOSIM_DOUBLED = 4  /**< it comes twice */
};

/** What viosim_stat() counts. Since viosim_new() or the last chassis power cycle. */
enum viosim_stat {
    VIOSIM_STAT_COMMANDS = 1,    /**< commands executed */
    VIOSIM_STAT_CHANGES = 2,     /**< of those, commands that changed state and succeeded */
    VIOSIM_STAT_COMPLETIONS = 3, /**< completions written to rings */
    VIOSIM_STAT_EVENTS = 4,      /**< events that happened, whether or not a ring took them */
    VIOSIM_STAT_INTERRUPTS = 5,  /**< interrupts raised */
    VIOSIM_STAT_WRITES = 6,      /**< register writes */
    VIOSIM_STAT_FUNCTIONS = 7,   /**< functions there are now, detached ones included */
    VIOSIM_STAT_BOUND = 8,       /**< functions that are in a server now */
    VIOSIM_STAT_LIVE_TWICE = 9,  /**< most functions ever in servers with an identity that another
                                      one there had as well: must be 0 */
    VIOSIM_STAT_QUEUES = 10,     /**< queue sets claimed now */
    VIOSIM_STAT_REPLAYS = 11     /**< commands answered from the record of outcomes */
};

/**
 * @brief Make a chassis.
 * @param location   What follows "sim:" in a URI: a chassis file, or nothing for the default one,
 *                   then options after "?", joined by "&". "seed=N": every random number comes
 *                   from N, 0 to 2^64-1. "time=real" (the default) or "time=virtual": for the
 *                   caller's clock, the device itself takes any. "latency=T": time of one command
 *                   instead of the file's, a number with ns, us, ms or s. "hotplug=T": the same
 *                   for a server's consent to plugging and unplugging. "training=T": the same for
 *                   the training of a link.
 * @param ret_sim    Where the chassis goes; the caller owns one reference.
 * @param error      Where one line about a failure goes; may be NULL.
 * @param error_size Size of *error* in bytes.
 * @return 0; VIO_EINVAL for an option that is none; VIO_ENOENT for a file that is not there;
 *         VIO_EPARSE or VIO_EINVAL for one that is no chassis; VIO_EIO; VIO_ENOMEM.
 *
 * Callable from any thread.
 * @since 0.1.0
 */
VIOSIM_EXPORT int viosim_new(const char *location, struct viosim **ret_sim, char *error,
                             size_t error_size);

/**
 * @brief Take one more reference.
 * @param sim A chassis.
 * @return *sim*.
 *
 * Callable from any thread and in callbacks but the ring hook.
 * @since 0.1.0
 */
VIOSIM_EXPORT struct viosim *viosim_ref(struct viosim *sim);

/**
 * @brief Give a reference back; the last one frees the chassis.
 * @param sim A chassis, or NULL, which does nothing.
 *
 * Callable from any thread and in callbacks but the ring hook.
 * @since 0.1.0
 */
VIOSIM_EXPORT void viosim_unref(struct viosim *sim);

/**
 * @brief Tell when the chassis wants viosim_step().
 * @param sim A chassis.
 * @return Time in ns of the caller's clock, which may be past; UINT64_MAX for never.
 *
 * Who opened the chassis through a URI need not care: libvio steps it. Callable from any thread and
 * in callbacks.
 * @since 0.1.0
 */
VIOSIM_EXPORT uint64_t viosim_next(struct viosim *sim);

/**
 * @brief Do what is due.
 * @param sim A chassis.
 * @param now Time in ns of a clock that never goes back; an earlier time than before is taken as
 *            that one.
 *
 * To be called on the thread of the chassis' clients, whose interrupts it delivers.
 * @since 0.1.0
 */
VIOSIM_EXPORT void viosim_step(struct viosim *sim, uint64_t now);

/**
 * @brief Obey one line of text: all that this header offers, for a control socket.
 * @param sim   A chassis.
 * @param line  A command and its words, such as "link server1/0 down"; "help" lists them.
 * @param reply Where the answer goes, zero-terminated, without a newline at its end: on success
 * what was asked or nothing, on failure one line that says what was wrong. At most VIOSIM_TEXT_SIZE
 * bytes.
 * @param size  Size of *reply* in bytes.
 * @return 0; VIO_EINVAL for a line that is no command; what the function of that name returns.
 *
 * Callable from any thread and in callbacks but the ring hook.
 * @since 0.1.0
 */
VIOSIM_EXPORT int viosim_control(struct viosim *sim, const char *line, char *reply, size_t size);

/**
 * @brief Cut or mend the link of a port.
 * @param sim  A chassis.
 * @param port Its label, such as "server1/0" or "slot3", or its number.
 * @param up   0 cuts; else it trains and comes up, if nothing else keeps it down.
 * @return 0; VIO_ENOENT if there is no such port.
 *
 * Callable from any thread and in callbacks but the ring hook.
 * @since 0.1.0
 */
VIOSIM_EXPORT int viosim_link_set(struct viosim *sim, const char *port, int up);

/**
 * @brief Pull the adapter out of a slot without asking anybody.
 * @param sim  A chassis.
 * @param slot Its name or number.
 * @return 0; VIO_ENOENT if there is no such slot; VIO_ESTATE if it is empty.
 *
 * Callable from any thread and in callbacks but the ring hook.
 * @since 0.1.0
 */
VIOSIM_EXPORT int viosim_adapter_pull(struct viosim *sim, const char *slot);

/**
 * @brief Plug an adapter into an empty slot.
 * @param sim        A chassis.
 * @param slot       Its name or number.
 * @param where      A description or dump, as in a chassis file; NULL: the adapter that was pulled.
 * @param error      Where one line about a failure goes; may be NULL.
 * @param error_size Size of *error* in bytes.
 * @return 0; VIO_ENOENT if there is no such slot or file; VIO_ESTATE if the slot is full, or
 * *where* is NULL and it never held one; VIO_EINVAL, VIO_EPARSE, VIO_EIO, VIO_ENOMEM for the file.
 *
 * Callable from any thread and in callbacks but the ring hook.
 * @since 0.1.0
 */
VIOSIM_EXPORT int viosim_adapter_insert(struct viosim *sim, const char *slot, const char *where,
                                        char *error, size_t error_size);

/**
 * @brief Switch a server on or off.
 * @param sim    A chassis.
 * @param server Its name or number.
 * @param on     0 takes its power.
 * @return 0; VIO_ENOENT if there is no such server.
 *
 * Callable from any thread and in callbacks but the ring hook.
 * @since 0.1.0
 */
VIOSIM_EXPORT int viosim_server_power(struct viosim *sim, const char *server, int on);

/**
 * @brief Make a server deaf: it never consents to an unplug, which then ends in TIMEOUT.
 * @param sim    A chassis.
 * @param server Its name or number.
 * @param stuck  0 heals it.
 * @return 0; VIO_ENOENT if there is no such server.
 *
 * Callable from any thread and in callbacks but the ring hook.
 * @since 0.1.0
 */
VIOSIM_EXPORT int viosim_server_stick(struct viosim *sim, const char *server, int stuck);

/**
 * @brief Switch the chassis off and on: all of its memory is lost, servers stay as they are.
 * @param sim A chassis.
 *
 * Callable from any thread and in callbacks but the ring hook.
 * @since 0.1.0
 */
VIOSIM_EXPORT void viosim_power_cycle(struct viosim *sim);

/**
 * @brief Reset the VPC as its register does.
 * @param sim A chassis.
 *
 * Callable from any thread and in callbacks but the ring hook.
 * @since 0.1.0
 */
VIOSIM_EXPORT void viosim_vpc_reset(struct viosim *sim);

/**
 * @brief Let the VPC hang: commands are fetched, none completes.
 * @param sim   A chassis.
 * @param stuck 0 lets it go on; what was held up is executed then. A VPC reset and a power cycle
 * also heal it.
 *
 * Callable from any thread and in callbacks but the ring hook.
 * @since 0.1.0
 */
VIOSIM_EXPORT void viosim_stick(struct viosim *sim, int stuck);

/**
 * @brief Make every command take longer.
 * @param sim   A chassis.
 * @param delay Time in ns on top of the usual; 0: none.
 *
 * Callable from any thread and in callbacks but the ring hook.
 * @since 0.1.0
 */
VIOSIM_EXPORT void viosim_slow(struct viosim *sim, uint64_t delay);

/**
 * @brief Arm a mishap.
 * @param sim    A chassis.
 * @param what   What it befalls. One mishap per kind is armed; another one replaces it.
 * @param mishap What happens.
 * @param skip   How many pass unharmed first.
 * @param count  How many are hit after these; UINT32_MAX: all. 0 disarms.
 * @param delay  With VIOSIM_LATE: ns.
 * @return 0; VIO_EINVAL for an unknown *what* or *mishap*.
 *
 * Callable from any thread and in callbacks but the ring hook.
 * @since 0.1.0
 */
VIOSIM_EXPORT int viosim_mishap(struct viosim *sim, enum viosim_what what,
                                enum viosim_mishap mishap, uint32_t skip, uint32_t count,
                                uint64_t delay);

/**
 * @brief Make many events happen that mean nothing, so that rings overflow.
 * @param sim   A chassis.
 * @param count How many PORT_CHANGED events of port 0.
 *
 * Callable from any thread and in callbacks but the ring hook.
 * @since 0.1.0
 */
VIOSIM_EXPORT void viosim_event_burst(struct viosim *sim, uint32_t count);

/**
 * @brief Let a function carry traffic.
 * @param sim       A chassis.
 * @param function  Its number.
 * @param rx_bytes  Bytes to the server.
 * @param rx_frames Frames to the server.
 * @param tx_bytes  Bytes from the server.
 * @param tx_frames Frames from the server.
 * @return 0; VIO_ENOENT if there is no such function; VIO_ESTATE if it is not bound, enabled and
 *         linked, and so carries none.
 *
 * The counters of the function and of the ports on its way grow. Callable from any thread and in
 * callbacks but the ring hook.
 * @since 0.1.0
 */
VIOSIM_EXPORT int viosim_traffic(struct viosim *sim, uint32_t function, uint64_t rx_bytes,
                                 uint64_t rx_frames, uint64_t tx_bytes, uint64_t tx_frames);

/**
 * @brief Read a counter of the chassis itself.
 * @param sim  A chassis.
 * @param stat Which.
 * @return Its value; 0 for an unknown one.
 *
 * Callable from any thread and in callbacks but the ring hook.
 * @since 0.1.0
 */
VIOSIM_EXPORT uint64_t viosim_stat(struct viosim *sim, enum viosim_stat stat);

/**
 * @brief Called at each ring entry, so that a test can rewrite it at the worst moment.
 * @param data  As given to viosim_ring_hook().
 * @param what  VIOSIM_COMMAND: the device has just copied this entry; VIOSIM_COMPLETION or
 *              VIOSIM_EVENT: the device has just written it.
 * @param entry The entry itself, in the ring.
 * @param size  Its bytes.
 */
typedef void (*viosim_ring_fn)(void *data, enum viosim_what what, void *entry, size_t size);

/**
 * @brief Have a function called at each entry of a ring in BAR 2.
 * @param sim  A chassis.
 * @param fn   The function; NULL ends it. It runs inside the device, on any thread that enters it,
 *             and must not call into the device.
 * @param data Handed to *fn*.
 *
 * @since 0.1.0
 */
VIOSIM_EXPORT void viosim_ring_hook(struct viosim *sim, viosim_ring_fn fn, void *data);

struct vio_bus_ops;

/**
 * @brief Give libvio the table of operations through which it drives the chassis in process.
 * @param version Version of the table that is wanted.
 * @return A static table, or NULL if that version is not offered. Its layout is private to libvio.
 *
 * Callable from any thread.
 * @since 0.1.0
 */
VIOSIM_EXPORT const struct vio_bus_ops *viosim_bus_entry(uint32_t version);

#ifdef __cplusplus
}
#endif

#endif
