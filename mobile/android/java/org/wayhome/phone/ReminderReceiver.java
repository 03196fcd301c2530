package org.wayhome.phone;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.util.Log;
import org.json.JSONException;
import org.json.JSONObject;

/** The device's alarm clock rings: shows the reminder, though no Python is running. */
public final class ReminderReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent intent) {
        String reminder = intent.getStringExtra("reminder");
        if (reminder != null) {
            Aside.run(goAsync(), () -> show(context, reminder));
        }
    }

    private static void show(Context context, String text) {
        try {
            JSONObject reminder = new JSONObject(text);
            try (Store store = Store.open(context)) {
                Reminders.show(context, store, reminder);
            } catch (RuntimeException unreadable) {
                // A store that cannot be read is no reason to stay silent.
                Log.w(Rules.LOG, "store", unreadable);
                Reminders.show(context, null, reminder);
            }
        } catch (JSONException nonsense) {
            Log.w(Rules.LOG, "reminder", nonsense);
        }
    }
}
