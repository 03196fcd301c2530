package org.wayhome.phone;

import android.os.SystemClock;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.text.SimpleDateFormat;
import java.util.Date;
import java.util.Locale;
import java.util.TimeZone;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * This moment, by the server's time as well as it is known: mobile/core/clock.py in small. It reads
 * the bearing that Python has kept and never makes one.
 */
final class Moment {
    final double ticks;
    final double wall;
    final String boot;
    private final JSONObject bearing;
    private final String zone;

    Moment(JSONObject bearing, String zone) {
        this.ticks = SystemClock.elapsedRealtime() / 1000.0;
        this.wall = System.currentTimeMillis() / 1000.0;
        this.boot = boot();
        this.bearing = bearing;
        this.zone = zone;
    }

    /** Whether the server's time is known since the phone was last started. */
    boolean sure() {
        return bearing != null && !boot.isEmpty() && boot.equals(bearing.optString("boot"));
    }

    /** Seconds since the epoch. */
    double now() {
        if (bearing == null) {
            return wall;
        }
        return sure() ? ticks + bearing.optDouble("offset_s") : wall + bearing.optDouble("wall_off_s");
    }

    /** What is kept with something that happens now. */
    JSONObject stamp() throws JSONException {
        return new JSONObject()
                .put("ticks", ticks)
                .put("boot", boot)
                .put("wall", wall)
                .put("at", now())
                .put("sure", sure());
    }

    /** The true time of a stamp as RFC 3339, or null where nothing can be said. */
    String resolve(JSONObject stamp) {
        double ticksThen = stamp.optDouble("ticks");
        String bootThen = stamp.optString("boot");
        if (sure() && boot.equals(bootThen) && ticksThen <= ticks) {
            return rfc3339(Math.min(now(), ticksThen + bearing.optDouble("offset_s")));
        }
        if (stamp.optBoolean("sure")) {
            return rfc3339(Math.min(now(), stamp.optDouble("at")));
        }
        if (!sure()) {
            return null;
        }
        double guess = stamp.optDouble("wall") + bearing.optDouble("wall_off_s");
        boolean likely = guess <= now() && guess >= now() - Rules.OLDEST_S;
        return likely ? rfc3339(guess) : null;
    }

    /** As the clocks of her team show it: 14:02. */
    String clockTime() {
        SimpleDateFormat format = new SimpleDateFormat("HH:mm", Locale.UK);
        format.setTimeZone(TimeZone.getTimeZone(zone));
        return format.format(new Date((long) (now() * 1000)));
    }

    static String rfc3339(double seconds) {
        SimpleDateFormat format =
                new SimpleDateFormat("yyyy-MM-dd'T'HH:mm:ss.SSS'+00:00'", Locale.ROOT);
        format.setTimeZone(TimeZone.getTimeZone("UTC"));
        return format.format(new Date(Math.round(seconds * 1000)));
    }

    private static String boot() {
        try (BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(
                                new FileInputStream("/proc/sys/kernel/random/boot_id"),
                                StandardCharsets.US_ASCII))) {
            String line = in.readLine();
            return line == null ? "" : line.trim();
        } catch (IOException missing) {
            return "";
        }
    }
}
