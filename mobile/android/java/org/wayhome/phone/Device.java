package org.wayhome.phone;

import android.app.Activity;
import android.content.Context;
import android.content.Intent;
import android.content.res.Configuration;
import android.net.ConnectivityManager;
import android.net.Network;
import android.net.NetworkCapabilities;
import android.net.Uri;
import android.os.Build;
import android.os.PowerManager;
import android.os.VibrationEffect;
import android.os.Vibrator;
import android.provider.Settings;
import android.telephony.TelephonyManager;
import android.view.accessibility.AccessibilityEvent;
import android.view.accessibility.AccessibilityManager;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * What mobile/platform/android.py asks of the device, in words and numbers. Called from Python's own
 * processes, so nothing here may open the store (see Store).
 */
public final class Device {
    private Device() {}

    public static boolean notificationsShown(Context context) {
        return Notices.manager(context).areNotificationsEnabled();
    }

    public static void show(Context context, String notice) throws JSONException {
        Notices.show(context, new JSONObject(notice));
    }

    public static void withdraw(Context context, String key) {
        Notices.withdraw(context, key);
    }

    public static boolean exact(Context context) {
        return Reminders.exact(context);
    }

    public static void arm(Context context, String reminders) throws JSONException {
        Reminders.arm(context, new JSONArray(reminders));
    }

    public static boolean mayLook(Context context) {
        return WatchService.mayLook(context);
    }

    /** Keep watching when the app is gone; only while it can be seen. */
    public static boolean watch(Context context) {
        return WatchService.wake(context);
    }

    public static void unwatch(Context context) {
        WatchService.end(context);
    }

    public static void look(Context context) {
        Where.start(context);
    }

    public static void stopLooking(Context context) {
        Where.stop(context);
    }

    public static double[] where(Context context) {
        return Where.last(context);
    }

    /** "data", "texts_only" or "none". */
    public static String signal(Context context) {
        ConnectivityManager networks =
                (ConnectivityManager) context.getSystemService(Context.CONNECTIVITY_SERVICE);
        NetworkCapabilities can = networks.getNetworkCapabilities(networks.getActiveNetwork());
        if (can != null && can.hasCapability(NetworkCapabilities.NET_CAPABILITY_INTERNET)) {
            return "data";
        }
        TelephonyManager phone =
                (TelephonyManager) context.getSystemService(Context.TELEPHONY_SERVICE);
        // Named only while the phone is registered with somebody.
        String network = phone == null ? null : phone.getNetworkOperator();
        return network == null || network.isEmpty() ? "none" : "texts_only";
    }

    public static void onNetwork(Context context, Runnable tell) {
        ConnectivityManager networks =
                (ConnectivityManager) context.getSystemService(Context.CONNECTIVITY_SERVICE);
        networks.registerDefaultNetworkCallback(
                new ConnectivityManager.NetworkCallback() {
                    @Override
                    public void onAvailable(Network network) {
                        tell.run();
                    }

                    @Override
                    public void onLost(Network network) {
                        tell.run();
                    }
                });
    }

    /** Open a text, written but not sent. */
    public static boolean composeText(Context context, String to, String text) {
        Intent intent = new Intent(Intent.ACTION_SENDTO, Uri.parse("smsto:" + Uri.encode(to)));
        return open(context, intent.putExtra("sms_body", text));
    }

    public static boolean dial(Context context, String number) {
        return open(context, new Intent(Intent.ACTION_DIAL, Uri.parse("tel:" + Uri.encode(number))));
    }

    private static boolean open(Context context, Intent intent) {
        try {
            context.startActivity(intent.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK));
            return true;
        } catch (RuntimeException nothingDoesThat) {
            return false;
        }
    }

    /** "0,200,100,200": pauses and buzzes in milliseconds. */
    public static void vibrate(Context context, String pattern) {
        Vibrator vibrator = (Vibrator) context.getSystemService(Context.VIBRATOR_SERVICE);
        String[] parts = pattern.split(",");
        long[] times = new long[parts.length];
        for (int i = 0; i < parts.length; i++) {
            times[i] = Long.parseLong(parts[i]);
        }
        if (vibrator != null) {
            vibrator.vibrate(VibrationEffect.createWaveform(times, -1));
        }
    }

    /** To a screen reader, if one is on; aloud to nobody else. */
    public static boolean say(Context context, String text) {
        AccessibilityManager reader =
                (AccessibilityManager) context.getSystemService(Context.ACCESSIBILITY_SERVICE);
        if (reader == null || !reader.isEnabled() || !reader.isTouchExplorationEnabled()) {
            return false;
        }
        AccessibilityEvent event =
                AccessibilityEvent.obtain(AccessibilityEvent.TYPE_ANNOUNCEMENT);
        event.setPackageName(context.getPackageName());
        event.setClassName(Device.class.getName());
        event.getText().add(text);
        reader.sendAccessibilityEvent(event);
        return true;
    }

    public static boolean dark(Context context) {
        int mode = context.getResources().getConfiguration().uiMode;
        return (mode & Configuration.UI_MODE_NIGHT_MASK) == Configuration.UI_MODE_NIGHT_YES;
    }

    private static PowerManager power(Context context) {
        return (PowerManager) context.getSystemService(Context.POWER_SERVICE);
    }

    public static boolean unrestricted(Context context) {
        return power(context).isIgnoringBatteryOptimizations(context.getPackageName());
    }

    public static boolean saving(Context context) {
        return power(context).isPowerSaveMode();
    }

    /** Whether anybody could be looking. */
    public static boolean screenOn(Context context) {
        return power(context).isInteractive();
    }

    /** Ask her, or open the device's page for it. */
    public static boolean ask(Activity activity, String need) {
        Uri us = Uri.parse("package:" + activity.getPackageName());
        switch (need) {
            case "notifications":
                return askNotifications(activity);
            case "location":
                return askPermissions(activity, Permissions.LOCATION);
            case "reminders":
                return Build.VERSION.SDK_INT >= 31
                        && open(activity, new Intent(Settings.ACTION_REQUEST_SCHEDULE_EXACT_ALARM, us));
            case "battery":
                return open(
                        activity,
                        new Intent(Settings.ACTION_IGNORE_BATTERY_OPTIMIZATION_SETTINGS));
            default:
                return false;
        }
    }

    private static boolean askNotifications(Activity activity) {
        String permission = Permissions.NOTIFICATIONS[0];
        // Asked twice in vain, Android shows nothing more: then only its own page helps.
        boolean canAsk =
                Build.VERSION.SDK_INT >= 33
                        && (!Permissions.asked || activity.shouldShowRequestPermissionRationale(permission));
        if (canAsk) {
            Permissions.asked = true;
            return askPermissions(activity, Permissions.NOTIFICATIONS);
        }
        Intent page =
                new Intent(Settings.ACTION_APP_NOTIFICATION_SETTINGS)
                        .putExtra(Settings.EXTRA_APP_PACKAGE, activity.getPackageName());
        return open(activity, page);
    }

    private static boolean askPermissions(Activity activity, String[] permissions) {
        activity.requestPermissions(permissions, 1);
        return true;
    }

    private static final class Permissions {
        static final String[] LOCATION = {
            "android.permission.ACCESS_FINE_LOCATION", "android.permission.ACCESS_COARSE_LOCATION",
        };
        static final String[] NOTIFICATIONS = {"android.permission.POST_NOTIFICATIONS"};
        static boolean asked;
    }
}
