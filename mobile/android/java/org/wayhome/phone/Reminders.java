package org.wayhome.phone;

import android.app.AlarmManager;
import android.app.PendingIntent;
import android.content.Context;
import android.content.Intent;
import android.os.Build;
import android.os.SystemClock;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * The device's alarm clock. Reminders live in numbered slots, so that arming a new set takes away
 * the whole old one without remembering it.
 */
final class Reminders {
    static final int SLOTS = 16;

    private Reminders() {}

    static AlarmManager clock(Context context) {
        return (AlarmManager) context.getSystemService(Context.ALARM_SERVICE);
    }

    /** Whether they come on time: from Android 12 on that is hers to allow. */
    static boolean exact(Context context) {
        return Build.VERSION.SDK_INT < 31 || clock(context).canScheduleExactAlarms();
    }

    /** Have exactly these armed: [{key, in_s, title, text, visit, loudness}], soonest first. */
    static void arm(Context context, JSONArray reminders) throws JSONException {
        for (int slot = 0; slot < SLOTS; slot++) {
            JSONObject each = reminders.optJSONObject(slot);
            if (each == null) {
                clock(context).cancel(ring(context, slot, null));
            } else {
                set(context, each.getDouble("in_s"), ring(context, slot, each));
            }
        }
    }

    /** In the phone's ticks, which no clock moves and which go on while it sleeps. */
    private static void set(Context context, double inS, PendingIntent ring) {
        long at = SystemClock.elapsedRealtime() + (long) (inS * 1000);
        int kind = AlarmManager.ELAPSED_REALTIME_WAKEUP;
        if (exact(context)) {
            try {
                clock(context).setExactAndAllowWhileIdle(kind, at, ring);
                return;
            } catch (SecurityException takenBackJustNow) {
                // The inexact one needs no leave.
            }
        }
        clock(context).setAndAllowWhileIdle(kind, at, ring);
    }

    private static PendingIntent ring(Context context, int slot, JSONObject reminder) {
        Intent intent = new Intent(context, ReminderReceiver.class);
        if (reminder != null) {
            intent.putExtra("reminder", reminder.toString());
        }
        int flags = PendingIntent.FLAG_IMMUTABLE | PendingIntent.FLAG_UPDATE_CURRENT;
        return PendingIntent.getBroadcast(context, slot, intent, flags);
    }

    /** Show one whose time has come, with the buttons as they are allowed now. */
    static void show(Context context, Store store, JSONObject reminder) throws JSONException {
        JSONObject buttons = store == null ? null : store.kept("buttons", "");
        boolean opens = Buttons.opens(buttons, reminder.optString("visit"), store);
        JSONObject notice =
                new JSONObject()
                        .put("key", reminder.getString("key"))
                        .put("title", reminder.getString("title"))
                        .put("text", reminder.getString("text"))
                        .put("visit", reminder.optString("visit"))
                        .put("urgent", reminder.optInt("loudness") > 0)
                        .put("actions", new JSONArray().put("extend").put("safe").put("sos"));
        if (opens) {
            notice.put("opens", new JSONArray().put("extend").put("safe"));
        }
        Notices.show(context, notice);
    }
}
