package org.wayhome.phone;

import android.content.Context;
import android.location.Location;
import android.location.LocationListener;
import android.location.LocationManager;
import android.os.Bundle;
import android.os.Looper;
import android.os.SystemClock;
import android.util.Log;
import org.json.JSONException;
import org.json.JSONObject;

/** The newest fix that is worth having, from whichever source finds one. */
final class Where implements LocationListener {
    private static final long EVERY_MS = 60_000;
    private static final float EVERY_M = 25;
    private static final long STALE_NS = 120_000_000_000L;
    private static final String[] SOURCES = {"fused", "gps", "network"};
    private static final Where ONLY = new Where();
    private Location best;

    private static LocationManager manager(Context context) {
        return (LocationManager) context.getSystemService(Context.LOCATION_SERVICE);
    }

    static void start(Context context) {
        if (!WatchService.mayLook(context)) {
            return;
        }
        for (String source : SOURCES) {
            try {
                ONLY.take(manager(context).getLastKnownLocation(source));
                manager(context)
                        .requestLocationUpdates(
                                source, EVERY_MS, EVERY_M, ONLY, Looper.getMainLooper());
            } catch (IllegalArgumentException | SecurityException missing) {
                // Not every phone has each source, and she may allow only a rough one.
                Log.w(Rules.LOG, "where", missing);
            }
        }
    }

    static void stop(Context context) {
        manager(context).removeUpdates(ONLY);
        ONLY.forget();
    }

    /**
     * {lat, lon, metres (below nought: unknown), seconds old}: what we found while looking, else what
     * anybody on this phone found last; null where that is too old to send somebody there.
     */
    static double[] last(Context context) {
        double[] found = ONLY.now();
        return isFresh(found) ? found : known(context);
    }

    private static double[] known(Context context) {
        Where found = new Where();
        for (String source : SOURCES) {
            try {
                found.take(manager(context).getLastKnownLocation(source));
            } catch (IllegalArgumentException | SecurityException missing) {
                Log.w(Rules.LOG, "where", missing);
            }
        }
        double[] last = found.now();
        return isFresh(last) ? last : null;
    }

    private static boolean isFresh(double[] found) {
        return found != null && found[3] <= Rules.OLDEST_FIX_S;
    }

    /** The same as what an SOS says of it. */
    static JSONObject position(Context context) throws JSONException {
        double[] last = last(context);
        if (last == null) {
            return null;
        }
        JSONObject position = new JSONObject().put("lat", last[0]).put("lon", last[1]);
        return last[2] < 0 ? position : position.put("accuracy_m", last[2]);
    }

    private synchronized double[] now() {
        if (best == null) {
            return null;
        }
        double accuracy = best.hasAccuracy() ? best.getAccuracy() : -1.0;
        double age = (SystemClock.elapsedRealtimeNanos() - best.getElapsedRealtimeNanos()) / 1e9;
        return new double[] {best.getLatitude(), best.getLongitude(), accuracy, age};
    }

    private synchronized void forget() {
        best = null;
    }

    private synchronized void take(Location found) {
        if (found != null && (best == null || isBetter(found, best))) {
            best = found;
        }
    }

    /** A rough fix does not replace a good one that is still fresh. */
    private static boolean isBetter(Location found, Location known) {
        long newer = found.getElapsedRealtimeNanos() - known.getElapsedRealtimeNanos();
        if (newer > STALE_NS) {
            return true;
        }
        return newer >= 0 && found.getAccuracy() <= 2 * known.getAccuracy();
    }

    @Override
    public void onLocationChanged(Location found) {
        take(found);
    }

    // Older Androids call these and have no defaults for them.
    @Override
    public void onStatusChanged(String source, int status, Bundle extras) {}

    @Override
    public void onProviderEnabled(String source) {}

    @Override
    public void onProviderDisabled(String source) {}
}
