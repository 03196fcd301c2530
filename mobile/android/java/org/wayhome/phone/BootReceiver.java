package org.wayhome.phone;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.util.Log;
import java.util.ArrayList;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * The phone was switched on, the app was renewed, or exact alarms were allowed: alarms are lost then.
 * Arms them again from what is kept. The watch itself may not start unseen, so she is asked to tap.
 */
public final class BootReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent intent) {
        boolean started = !Rules.EXACT_CHANGED.equals(intent.getAction());
        Aside.run(goAsync(), () -> again(context, started));
    }

    private static void again(Context context, boolean started) {
        try (Store store = Store.open(context)) {
            if (store == null) {
                return;
            }
            arm(context, store);
            JSONObject buttons = store.kept("buttons", "");
            if (started && buttons != null) {
                resume(context, buttons);
            }
            if (store.waits(Rules.SOS, "")) {
                SendJob.schedule(context);
            }
        } catch (JSONException nonsense) {
            Log.w(Rules.LOG, "boot", nonsense);
        }
    }

    private static void arm(Context context, Store store) throws JSONException {
        double now = store.moment().now();
        List<JSONObject> kept = new ArrayList<>(store.all("reminder"));
        kept.sort((one, other) -> Double.compare(one.optDouble("at"), other.optDouble("at")));
        JSONArray ahead = new JSONArray();
        JSONObject missed = null;
        for (JSONObject each : kept) {
            double inS = each.optDouble("at") - now;
            if (inS > 0) {
                ahead.put(each.put("in_s", inS));
            } else if (inS > -Rules.MISSED_S) {
                missed = each;
            }
        }
        Reminders.arm(context, ahead);
        if (missed != null) {
            Reminders.show(context, store, missed);
        }
    }

    private static void resume(Context context, JSONObject buttons) throws JSONException {
        JSONObject notice =
                new JSONObject()
                        .put("key", "resume")
                        .put("title", buttons.optString("title"))
                        .put("text", Rules.tapped("resume", ""))
                        .put("visit", buttons.optString("visit"))
                        .put("actions", new JSONArray().put("sos"));
        Notices.show(context, notice);
    }
}
