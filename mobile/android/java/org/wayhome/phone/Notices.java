package org.wayhome.phone;

import android.app.Notification;
import android.app.NotificationChannel;
import android.app.NotificationManager;
import android.app.PendingIntent;
import android.content.Context;
import android.content.Intent;
import android.graphics.drawable.Icon;
import android.net.Uri;
import android.os.Build;
import java.util.ArrayList;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/** Notifications. Anybody may read them on a lock screen, so none names a place or a person. */
final class Notices {
    /** The notification that the foreground service stands on; p4a gives its first service this id. */
    static final int STANDING = 1;

    static final String VISIT = "visit";
    private static final long[] SHORT = {0, 200};
    private static final long[] LONG = {0, 400, 200, 400, 200, 400};

    private Notices() {}

    static NotificationManager manager(Context context) {
        return (NotificationManager) context.getSystemService(Context.NOTIFICATION_SERVICE);
    }

    /** Our own sorts: p4a's has no importance at all. */
    static void makeChannels(Context context) {
        int high = NotificationManager.IMPORTANCE_HIGH;
        makeChannel(context, VISIT, NotificationManager.IMPORTANCE_LOW, null);
        makeChannel(context, "reminder", high, SHORT);
        makeChannel(context, "due", high, LONG);
    }

    private static void makeChannel(Context context, String id, int importance, long[] pattern) {
        NotificationChannel channel =
                new NotificationChannel(id, Rules.channel(id), importance);
        channel.setLockscreenVisibility(Notification.VISIBILITY_PUBLIC);
        channel.setShowBadge(false);
        if (!id.equals("due")) {
            channel.setSound(null, null);
        }
        channel.enableVibration(pattern != null);
        if (pattern != null) {
            channel.setVibrationPattern(pattern);
        }
        manager(context).createNotificationChannel(channel);
    }

    /** Show a notice of Python's: {key, title, text, actions, opens, urgent, visit}. */
    static void show(Context context, JSONObject notice) throws JSONException {
        makeChannels(context);
        String key = notice.getString("key");
        Notification built = build(context, notice);
        if (key.equals(VISIT)) {
            manager(context).notify(STANDING, built);
        } else {
            manager(context).notify(key, 0, built);
        }
    }

    static void withdraw(Context context, String key) {
        if (key.equals(VISIT)) {
            manager(context).cancel(STANDING);
        } else {
            manager(context).cancel(key, 0);
        }
    }

    /** A line about what was pressed, which opens the app and goes by itself. */
    static void say(Context context, String text, long forMs) throws JSONException {
        show(context, new JSONObject().put("key", "said").put("title", Rules.TITLE)
                .put("text", text).put("urgent", false).put("for_ms", forMs));
    }

    static Notification build(Context context, JSONObject notice) throws JSONException {
        boolean stands = notice.getString("key").equals(VISIT);
        boolean urgent = notice.optBoolean("urgent");
        String channel = urgent ? "due" : stands ? VISIT : "reminder";
        Notification.Builder builder =
                new Notification.Builder(context, channel)
                        .setSmallIcon(icon(context))
                        .setContentTitle(notice.getString("title"))
                        .setContentText(notice.getString("text"))
                        .setContentIntent(openApp(context))
                        .setVisibility(Notification.VISIBILITY_PUBLIC)
                        .setCategory(Notification.CATEGORY_REMINDER)
                        .setOnlyAlertOnce(true)
                        .setOngoing(stands)
                        .setAutoCancel(!stands)
                        .setShowWhen(false);
        if (notice.has("for_ms")) {
            builder.setTimeoutAfter(notice.getLong("for_ms"));
        }
        for (Notification.Action each : actions(context, notice)) {
            builder.addAction(each);
        }
        return builder.build();
    }

    private static List<Notification.Action> actions(Context context, JSONObject notice)
            throws JSONException {
        List<Notification.Action> found = new ArrayList<>();
        JSONArray names = notice.optJSONArray("actions");
        String opens = String.valueOf(notice.optJSONArray("opens"));
        for (int i = 0; names != null && i < names.length(); i++) {
            String name = names.getString(i);
            boolean inApp = opens.contains('"' + name + '"');
            PendingIntent does = inApp ? openApp(context) : tap(context, name, notice);
            Notification.Action.Builder builder =
                    new Notification.Action.Builder(icon(context), Rules.button(name), does);
            // Whoever holds a locked phone may call for help or ask for time, but not end the watch.
            if (name.equals("safe") && Build.VERSION.SDK_INT >= 31) {
                builder.setAuthenticationRequired(true);
            }
            found.add(builder.build());
        }
        return found;
    }

    private static PendingIntent tap(Context context, String name, JSONObject notice) {
        String visit = notice.optString("visit");
        Intent intent =
                new Intent(context, ActionReceiver.class)
                        .setAction(name)
                        .setData(Uri.parse("wayhome:" + name + "/" + visit))
                        .putExtra("visit", visit)
                        .putExtra("key", notice.optString("key"));
        int flags = PendingIntent.FLAG_IMMUTABLE | PendingIntent.FLAG_UPDATE_CURRENT;
        return PendingIntent.getBroadcast(context, 0, intent, flags);
    }

    /** A receiver may not open the app itself (Android 12), a notification may. */
    private static PendingIntent openApp(Context context) {
        Intent intent =
                context.getPackageManager().getLaunchIntentForPackage(context.getPackageName());
        int flags = PendingIntent.FLAG_IMMUTABLE | PendingIntent.FLAG_UPDATE_CURRENT;
        return PendingIntent.getActivity(context, 0, intent, flags);
    }

    private static Icon icon(Context context) {
        return Icon.createWithResource(context, android.R.drawable.ic_popup_reminder);
    }
}
