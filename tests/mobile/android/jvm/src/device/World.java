package device;

import android.app.PendingIntent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/** The pretend device. Speaks to the test in lines of JSON; the test runs its SQL for it. */
public final class World {
    public static final BufferedReader IN = new BufferedReader(new InputStreamReader(System.in));
    public static final PrintStream OUT = System.out;

    public static String files = "";
    public static String signal = "data";
    public static volatile long elapsedMs;
    public static boolean exact = true;
    public static boolean exactTakenBack;
    public static boolean notifications = true;
    public static boolean reader;
    public static String camera = "";
    public static long fixAgeMs = 30_000;
    public static Set<String> denied = new HashSet<>();
    public static Map<Integer, JSONObject> alarms = new TreeMap<>();
    public static Map<String, JSONObject> notices = new TreeMap<>();
    public static Map<String, JSONObject> channels = new TreeMap<>();
    private static CountDownLatch working = new CountDownLatch(0);

    private World() {}

    public static void put(JSONObject into, String name, Object value) {
        try {
            into.put(name, value);
        } catch (JSONException fault) {
            throw new IllegalStateException(fault);
        }
    }

    public static synchronized void event(String what, String name, Object value) {
        JSONObject line = new JSONObject();
        put(line, "event", what);
        put(line, name, value);
        OUT.println(line);
    }

    public static void alarm(String how, int type, long atMs, PendingIntent ring) {
        JSONObject said = ring.describe();
        put(said, "how", how);
        put(said, "type", type);
        put(said, "at_ms", atMs);
        alarms.put(ring.code, said);
    }

    public static JSONObject sql(String statement, Object[] values) {
        return sql(statement, values, 0);
    }

    public static synchronized JSONObject sql(String statement, Object[] values, int id) {
        JSONObject line = new JSONObject();
        put(line, "sql", statement);
        put(line, "id", id);
        JSONArray given = new JSONArray();
        for (Object each : values == null ? new Object[0] : values) {
            given.put(each);
        }
        put(line, "values", given);
        OUT.println(line);
        try {
            return new JSONObject(IN.readLine());
        } catch (IOException | JSONException fault) {
            throw new IllegalStateException(fault);
        }
    }

    public static void begin() {
        working = new CountDownLatch(1);
    }

    public static void finished() {
        working.countDown();
    }

    public static void await() throws InterruptedException {
        working.await();
    }
}
