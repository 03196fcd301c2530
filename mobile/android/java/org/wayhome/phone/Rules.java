package org.wayhome.phone;

/** Written by mobile/android/rules.py: not by hand. */
final class Rules {
    static final int VERSION = 1;
    static final int BUSY_MS = 3000;
    static final int LARGEST = 4194304;
    static final int CONNECT_MS = 8000;
    static final int READ_MS = 10000;
    static final int AGAIN_MS = 15000;
    static final int SAID_MS = 60000;
    static final int OFFICE_MS = 600000;
    static final int RESUME_MS = 3600000;
    static final int BACKOFF_MS = 10000;
    static final double LONGEST_WAIT_S = 60.0;
    static final double WAIT_SOS_S = 5.0;
    static final double OLDEST_S = 259200.0;
    static final double MISSED_S = 900.0;
    static final double OLDEST_FIX_S = 900.0;
    static final String LOG =
            "wayhome";
    static final String FOLDER =
            "wayhome";
    static final String FILE =
            "wayhome.sqlite3";
    static final String API =
            "/api/v1";
    static final String AGENT =
            "wayhome-phone";
    static final String PROBLEM =
            "(?:urn:wayhome:problem:|.*/api/v1/problems/)([a-z0-9-]+)";
    static final String MARK =
            "Wayhome-Api";
    static final String SOS =
            "sos";
    static final String SOS_PATH =
            "/alarms";
    static final String TITLE =
            "Your booking";
    static final String SCAN =
            "Hold the phone over the code";
    static final String WATCH_STARTS =
            "Connecting";
    static final String EXACT_CHANGED =
            "android.app.action.SCHEDULE_EXACT_ALARM_PERMISSION_STATE_CHANGED";
    static final String PUT =
            "INSERT INTO outbox (key, owner, kind, stream, path, body, stamp, sealed, "
            + "prio, blocks, due) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, ?8, ?9, ?10)";
    static final String PICK_SOS =
            "SELECT id, key, path, body, stamp, tries FROM outbox o WHERE state = 'queued' "
            + "AND owner = ?1 AND (prio = 0 OR NOT EXISTS ( SELECT 1 FROM outbox p WHERE "
            + "p.stream = o.stream AND p.blocks = 1 AND p.state IN ('queued', 'held') AND "
            + "p.id < o.id)) AND (o.kind <> 'stand_down' OR NOT EXISTS ( SELECT 1 FROM "
            + "outbox s WHERE s.owner = o.owner AND s.prio = 0 AND s.state IN ('queued', "
            + "'held') AND s.id < o.id)) AND (lease <= ?2 OR lease > ?2 + 45.0) AND (due <= "
            + "?2 OR due > ?2 + 60.0) AND (prio = 0 OR NOT 1) ORDER BY prio, id LIMIT 1";
    static final String CLAIM =
            "UPDATE outbox SET token = ?1, tries = tries + 1, lease = ?2 + 12.0 WHERE id = "
            + "?3";
    static final String SOONEST_SOS =
            "SELECT MIN(MAX(due, lease)) FROM outbox o WHERE state = 'queued' AND owner = "
            + "?1 AND (prio = 0 OR NOT EXISTS ( SELECT 1 FROM outbox p WHERE p.stream = "
            + "o.stream AND p.blocks = 1 AND p.state IN ('queued', 'held') AND p.id < o.id)) "
            + "AND (o.kind <> 'stand_down' OR NOT EXISTS ( SELECT 1 FROM outbox s WHERE "
            + "s.owner = o.owner AND s.prio = 0 AND s.state IN ('queued', 'held') AND s.id < "
            + "o.id)) AND prio = 0";
    static final String SETTLE =
            "UPDATE outbox SET state = ?1, verdict = ?2, detail = ?3, sealed = NULL, lease "
            + "= 0 WHERE id = ?4 AND state IN ('queued', 'held')";
    static final String RETRY =
            "UPDATE outbox SET due = ?1, lease = 0, verdict = ?2 WHERE id = ?3 AND token "
            + "IS ?4 AND state = 'queued'";
    static final String WAITS =
            "SELECT 1 FROM outbox WHERE kind = ?1 AND (stream = ?2 OR ?2 = '') AND owner = "
            + "?3 AND state IN ('queued', 'held') LIMIT 1";
    static final String KEPT =
            "SELECT value FROM kept WHERE kind = ?1 AND name = ?2";
    static final String ALL =
            "SELECT name, value FROM kept WHERE kind = ?1";
    static final String KEEP =
            "INSERT OR REPLACE INTO kept (kind, name, value, known_at) VALUES (?1, ?2, ?3, "
            + "0)";

    private Rules() {}

    static String channel(String name) {
        switch (name) {
            case "visit":
                return "Booking";
            case "reminder":
                return "Before it ends";
            case "due":
                return "When it is up";
            default:
                return name;
        }
    }

    static String button(String name) {
        switch (name) {
            case "extend":
                return "+15 min";
            case "safe":
                return "Done";
            case "sos":
                return "SOS";
            case "again":
                return "SOS now";
            default:
                return name;
        }
    }

    static String words(String name) {
        switch (name) {
            case "extend":
                return "More time asked for {at}: waiting for an answer";
            case "safe":
                return "Not finished yet ({at}): waiting for an answer";
            case "again":
                return "Tap SOS again to send it. Nothing is sent yet";
            case "sos":
                return "Kept on this phone {at}: sending";
            case "sos_office":
                return "Office has it {at}";
            case "signed_out":
                return "This phone is signed out. Ring 999 if you can";
            case "open":
                return "Tap to open, and type your PIN";
            case "not_kept":
                return "This phone could not store it. Tap to open";
            case "resume":
                return "Your booking may still be running. Tap to go on";
            default:
                return name;
        }
    }

    /** What is said after a button was pressed at a time. */
    static String tapped(String name, String at) {
        return words(name).replace("{at}", at);
    }
}
