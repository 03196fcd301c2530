package org.wayhome.phone;

import android.content.BroadcastReceiver;
import android.util.Log;

/** Work of a receiver that must not hold up its thread. */
final class Aside {
    private Aside() {}

    static void run(BroadcastReceiver.PendingResult result, Runnable work) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                work.run();
                            } catch (RuntimeException fault) {
                                Log.w(Rules.LOG, "receiver", fault);
                            } finally {
                                result.finish();
                            }
                        });
        thread.start();
    }
}
