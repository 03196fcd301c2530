package org.wayhome.phone;

import android.app.job.JobInfo;
import android.app.job.JobParameters;
import android.app.job.JobScheduler;
import android.app.job.JobService;
import android.content.ComponentName;
import android.content.Context;
import android.os.Build;
import android.util.Log;
import org.json.JSONException;

/**
 * Goes on trying to send an SOS: begins when there is a network, outlives the app and a switching
 * off, and ends when none waits.
 */
public final class SendJob extends JobService {
    private static final int ID = 1;
    private volatile boolean stopped;

    static void schedule(Context context) {
        ComponentName name = new ComponentName(context, SendJob.class);
        JobInfo.Builder builder =
                new JobInfo.Builder(ID, name)
                        .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
                        .setBackoffCriteria(Rules.BACKOFF_MS, JobInfo.BACKOFF_POLICY_LINEAR)
                        .setPersisted(true);
        if (Build.VERSION.SDK_INT >= 31) {
            builder.setExpedited(true);
        }
        scheduler(context).schedule(builder.build());
    }

    private static JobScheduler scheduler(Context context) {
        return (JobScheduler) context.getSystemService(Context.JOB_SCHEDULER_SERVICE);
    }

    @Override
    public boolean onStartJob(JobParameters job) {
        stopped = false;
        new Thread(() -> jobFinished(job, run())).start();
        return true;
    }

    @Override
    public boolean onStopJob(JobParameters job) {
        stopped = true;
        return true;
    }

    /** Whether one still waits. */
    boolean run() {
        try (Store store = Store.open(this)) {
            if (store == null) {
                return false;
            }
            Sender sender = new Sender(this, store, false);
            double waitS = store.sosWaitS();
            while (waitS >= 0 && !stopped) {
                Thread.sleep((long) (waitS * 1000));
                sender.send();
                waitS = store.sosWaitS();
            }
            return waitS >= 0;
        } catch (RuntimeException | JSONException fault) {
            Log.w(Rules.LOG, "job", fault);
            return true;
        } catch (InterruptedException ended) {
            return true;
        }
    }
}
