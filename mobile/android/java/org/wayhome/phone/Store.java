package org.wayhome.phone;

import android.content.Context;
import android.database.Cursor;
import android.database.sqlite.SQLiteDatabase;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * The phone's one SQLite file, as the receivers use it: the statements are Python's own (Rules).
 *
 * <p>Only ever opened in the process ":hand". Python brings an SQLite of its own, and two of them in
 * one process would drop each other's locks on the file.
 */
final class Store implements AutoCloseable {
    private final SQLiteDatabase sql;

    private Store(SQLiteDatabase sql) {
        this.sql = sql;
    }

    /** Null where there is none yet, or one of a newer make. */
    static Store open(Context context) {
        File file = new File(new File(context.getFilesDir(), Rules.FOLDER), Rules.FILE);
        if (!file.exists()) {
            return null;
        }
        // Android's own handler deletes a file that seems damaged: ours leaves it to Python, which
        // puts it aside and says so.
        SQLiteDatabase sql =
                SQLiteDatabase.openDatabase(
                        file.getPath(),
                        null,
                        SQLiteDatabase.OPEN_READWRITE | SQLiteDatabase.ENABLE_WRITE_AHEAD_LOGGING,
                        broken -> {});
        Store store = new Store(sql);
        store.pragma("PRAGMA busy_timeout = " + Rules.BUSY_MS);
        store.pragma("PRAGMA synchronous = FULL");
        store.pragma("PRAGMA secure_delete = ON");
        if (sql.getVersion() != Rules.VERSION) {
            store.close();
            return null;
        }
        return store;
    }

    private void pragma(String statement) {
        // Some pragmas answer with a row, which execSQL refuses.
        try (Cursor ignored = sql.rawQuery(statement, null)) {
            ignored.moveToFirst();
        }
    }

    /** All of what happens until `end` is stored, or none of it. */
    void begin() {
        sql.beginTransaction();
    }

    void done() {
        sql.setTransactionSuccessful();
    }

    void end() {
        sql.endTransaction();
    }

    /** A kept value; null where there is none or it cannot be read. */
    JSONObject kept(String kind, String name) {
        try (Cursor row = sql.rawQuery(Rules.KEPT, new String[] {kind, name})) {
            return row.moveToFirst() ? new JSONObject(row.getString(0)) : null;
        } catch (JSONException nonsense) {
            return null;
        }
    }

    /** All kept values of a kind, each with its name as "key". */
    List<JSONObject> all(String kind) {
        List<JSONObject> found = new ArrayList<>();
        try (Cursor rows = sql.rawQuery(Rules.ALL, new String[] {kind})) {
            while (rows.moveToNext()) {
                try {
                    found.add(new JSONObject(rows.getString(1)).put("key", rows.getString(0)));
                } catch (JSONException nonsense) {
                    continue;
                }
            }
        }
        return found;
    }

    /** Have a path read again by whoever talks to the server next. */
    void readAgain(String path) {
        sql.execSQL(Rules.KEEP, new Object[] {"again", path, "true"});
    }

    Moment moment() {
        JSONObject me = kept("me", "");
        JSONObject team = me == null ? null : me.optJSONObject("team");
        String zone = team == null ? "" : team.optString("timezone");
        return new Moment(kept("clock", ""), zone.isEmpty() ? "Europe/London" : zone);
    }

    /** Her id; "" where it is nobody's phone. */
    String owner() {
        JSONObject identity = kept("identity", "");
        return identity == null ? "" : identity.optString("person");
    }

    /** Whether something of a kind waits to be sent for a stream ("": for any). */
    boolean waits(String kind, String stream) {
        try (Cursor row = sql.rawQuery(Rules.WAITS, new String[] {kind, stream, owner()})) {
            return row.moveToFirst();
        }
    }

    /** Keep an act for sending; `act` as mobile/core/buttons.py has planned it. */
    void put(JSONObject act, String key, Moment moment) throws JSONException {
        String stream = act.optString("stream");
        double waitS = act.optDouble("wait_s", 0.0);
        boolean sos = act.getString("kind").equals(Rules.SOS);
        Object[] values = {
            key,
            owner(),
            act.getString("kind"),
            stream.isEmpty() ? key : stream,
            act.getString("path"),
            act.getJSONObject("body").toString(),
            moment.stamp().toString(),
            sos ? 0 : 1,
            1,
            waitS > 0 ? moment.ticks + waitS : 0.0,
        };
        sql.execSQL(Rules.PUT, values);
    }

    /** The next SOS to be sent, which is nobody else's for the length of its lease; or null. */
    Row claim(String token) {
        Moment moment = moment();
        String[] asked = {owner(), Double.toString(moment.ticks)};
        begin();
        try (Cursor row = sql.rawQuery(Rules.PICK_SOS, asked)) {
            Row found = row.moveToFirst() ? new Row(row, token) : null;
            if (found != null) {
                sql.execSQL(Rules.CLAIM, new Object[] {token, moment.ticks, found.id});
            }
            done();
            return found;
        } finally {
            end();
        }
    }

    /** Seconds until an SOS may be tried; below nought: none waits. */
    double sosWaitS() {
        double ticks = moment().ticks;
        try (Cursor row = sql.rawQuery(Rules.SOONEST_SOS, new String[] {owner()})) {
            if (!row.moveToFirst() || row.isNull(0)) {
                return -1.0;
            }
            double waitS = row.getDouble(0) - ticks;
            return waitS > 0 && waitS <= Rules.LONGEST_WAIT_S ? waitS : 0.0;
        }
    }

    void settle(Row row, String state, String verdict) {
        sql.execSQL(Rules.SETTLE, new Object[] {state, verdict, "", row.id});
    }

    void retry(Row row, String verdict, double waitS) {
        double due = moment().ticks + waitS;
        sql.execSQL(Rules.RETRY, new Object[] {due, verdict, row.id, row.token});
    }

    @Override
    public void close() {
        sql.close();
    }

    /** One SOS. */
    static final class Row {
        final long id;
        final String key;
        final String path;
        final String body;
        final String stamp;
        final int tries;
        final String token;

        Row(Cursor row, String token) {
            this.id = row.getLong(0);
            this.key = row.getString(1);
            this.path = row.getString(2);
            this.body = row.getString(3);
            this.stamp = row.getString(4);
            this.tries = row.getInt(5) + 1;
            this.token = token;
        }
    }
}
