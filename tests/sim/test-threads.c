/* SPDX-License-Identifier: MIT */
/* Faults come from any thread while a client works. */
#include <pthread.h>
#include <stdatomic.h>

#include "tests/support/rig.h"
#include "tests/support/test.h"

struct saboteur {
    struct viosim *sim;
    atomic_bool stop;
};

static void *sabotage(void *data)
{
    struct saboteur *saboteur = data;
    char reply[VIOSIM_TEXT_SIZE];

    for (unsigned i = 0; !atomic_load(&saboteur->stop); i++) {
        viosim_link_set(saboteur->sim, "slot1", (int)(i & 1));
        viosim_event_burst(saboteur->sim, 3);
        viosim_server_power(saboteur->sim, "server1", (int)(i >> 1 & 1));
        if (i % 16 == 0)
            viosim_adapter_pull(saboteur->sim, "slot2");
        if (i % 16 == 8)
            viosim_adapter_insert(saboteur->sim, "slot2", NULL, NULL, 0);
        viosim_control(saboteur->sim, "stat", reply, sizeof reply);
    }
    return NULL;
}

static void faults_from_another_thread_disturb_no_client(void **state)
{
    struct saboteur saboteur = {0};
    struct rig rig;
    pthread_t thread;

    (void)state;
    rig_open(&rig, "?seed=1&hotplug=1us&training=1us");
    rig_enable(&rig, 64, 64, 0);
    saboteur.sim = rig.sim;
    assert_int_equal(pthread_create(&thread, NULL, sabotage, &saboteur), 0);
    assert_int_equal(rig_claim_lease(&rig, 5, 0), VIO_HW_STATUS_OK);
    for (uint32_t i = 0; i < 300; i++) {
        uint8_t record[VIO_HW_RECORD_SIZE];
        uint32_t function;

        rig_record(&rig, record, 0, 1);
        assert_int_equal(rig_create(&rig, record, &function), VIO_HW_STATUS_OK);
        rig_put64(&rig, VIO_HW_GLOBAL_LEASE_BEAT, 5);
        rig_bind(&rig, function, 0); /* may time out while the server's link is down */
        assert_int_equal(rig_unbind(&rig, function, VIO_HW_COMMAND_FORCE), VIO_HW_STATUS_OK);
        assert_int_equal(rig_target(&rig, VIO_HW_OP_FUNCTION_DESTROY, function, 0),
                         VIO_HW_STATUS_OK);
    }
    atomic_store(&saboteur.stop, true);
    pthread_join(thread, NULL);
    rig_pass(&rig, 1000000);
    assert_int_equal(viosim_stat(rig.sim, VIOSIM_STAT_LIVE_TWICE), 0);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_from_another_thread_disturb_no_client),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
