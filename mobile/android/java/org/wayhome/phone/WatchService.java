package org.wayhome.phone;

import android.Manifest;
import android.content.Context;
import android.content.Intent;
import android.content.pm.PackageManager;
import android.os.Bundle;
import android.util.Log;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;
import org.kivy.android.PythonService;

/**
 * What p4a's ServiceWatch is made from: the process of mobile/service/watch.py, which stands on a
 * notification of our own from its first moment.
 */
public class WatchService extends PythonService {
    @Override
    public int onStartCommand(Intent intent, int flags, int startId) {
        // One of ours carries nothing; p4a's carries where Python is.
        boolean bare = intent == null || !intent.hasExtra("serviceEntrypoint");
        return super.onStartCommand(bare ? getThisDefaultIntent(this, "") : intent, flags, startId);
    }

    @Override
    protected void doStartForeground(Bundle extras) {
        Notices.makeChannels(this);
        try {
            startForeground(Notices.STANDING, Notices.build(this, standing()));
        } catch (JSONException | SecurityException refused) {
            // Without leave to know where she is Android refuses the watch. Reminders and buttons
            // work without it.
            Log.w(Rules.LOG, "watch", refused);
            askHer();
            stopSelf();
        }
    }

    private void askHer() {
        try {
            Notices.say(this, Rules.tapped("resume", ""), Rules.RESUME_MS);
        } catch (JSONException | RuntimeException fault) {
            Log.w(Rules.LOG, "watch", fault);
        }
    }

    private static JSONObject standing() throws JSONException {
        return new JSONObject()
                .put("key", Notices.VISIT)
                .put("title", Rules.TITLE)
                .put("text", Rules.WATCH_STARTS)
                .put("actions", new JSONArray().put("sos"));
    }

    /** Start it, or do nothing where Android would not let it run. */
    static boolean wake(Context context) {
        if (!mayLook(context)) {
            return false;
        }
        Intent intent = new Intent();
        intent.setClassName(context.getPackageName(), context.getPackageName() + ".ServiceWatch");
        try {
            context.startForegroundService(intent);
            return true;
        } catch (IllegalStateException | SecurityException refused) {
            Log.w(Rules.LOG, "wake", refused);
            return false;
        }
    }

    static void end(Context context) {
        Intent intent = new Intent();
        intent.setClassName(context.getPackageName(), context.getPackageName() + ".ServiceWatch");
        context.stopService(intent);
    }

    static boolean mayLook(Context context) {
        return has(context, Manifest.permission.ACCESS_FINE_LOCATION)
                || has(context, Manifest.permission.ACCESS_COARSE_LOCATION);
    }

    private static boolean has(Context context, String permission) {
        return context.checkSelfPermission(permission) == PackageManager.PERMISSION_GRANTED;
    }
}
