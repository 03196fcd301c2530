package org.wayhome.phone;

import android.content.Context;
import android.util.Base64;
import android.util.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * Sends SOS, and nothing else, while Python may be dead. The same lease and the same key as Python's
 * sender: however many try, the server hears of one.
 */
final class Sender {
    private static final Pattern PROBLEM = Pattern.compile(Rules.PROBLEM);
    private final Context context;
    private final Store store;
    private final int connectMs;
    private final int readMs;

    /** `inAHurry`: for a receiver, which Android ends after 10 s; a job has more time. */
    Sender(Context context, Store store, boolean inAHurry) {
        this.context = context;
        this.store = store;
        this.connectMs = inAHurry ? Rules.CONNECT_MS / 2 : Rules.CONNECT_MS;
        this.readMs = inAHurry ? Rules.READ_MS / 2 : Rules.READ_MS;
    }

    /** Try whatever SOS is due, once each. */
    void send() throws JSONException {
        JSONObject identity = store.kept("identity", "");
        if (identity == null) {
            return;
        }
        Store.Row row;
        while ((row = store.claim(UUID.randomUUID().toString())) != null) {
            conclude(row, ask(identity, row));
        }
    }

    private void conclude(Store.Row row, Answer answer) throws JSONException {
        if (answer.taken) {
            settle(row, "sent", "done");
            String at = store.moment().clockTime();
            Notices.say(context, Rules.tapped("sos_office", at), Rules.OFFICE_MS);
        } else if (answer.signedOut) {
            settle(row, "refused", "signed-out");
            Notices.say(context, Rules.tapped("signed_out", ""), Rules.OFFICE_MS);
        } else {
            double waitS = Math.min(Math.pow(2, Math.min(row.tries, 10)), Rules.WAIT_SOS_S);
            store.retry(row, "later", waitS);
        }
    }

    private void settle(Store.Row row, String state, String verdict) throws JSONException {
        store.begin();
        try {
            store.settle(row, state, verdict);
            if (state.equals("sent")) {
                store.readAgain("/alarms/" + row.key);
                String visit = new JSONObject(row.body).optString("visit");
                if (!visit.isEmpty()) {
                    store.readAgain("/visits/" + visit);
                }
            }
            store.done();
        } finally {
            store.end();
        }
    }

    private Answer ask(JSONObject identity, Store.Row row) {
        HttpURLConnection line = null;
        try {
            byte[] body = body(row).toString().getBytes(StandardCharsets.UTF_8);
            URL url = new URL(identity.getString("address") + Rules.API + row.path);
            line = (HttpURLConnection) url.openConnection();
            line.setConnectTimeout(connectMs);
            line.setReadTimeout(readMs);
            line.setInstanceFollowRedirects(false);
            line.setRequestMethod("POST");
            line.setDoOutput(true);
            line.setRequestProperty("Content-Type", "application/json");
            line.setRequestProperty("Accept", "application/json");
            line.setRequestProperty("Authorization", "Bearer " + token(identity));
            line.setRequestProperty("User-Agent", Rules.AGENT);
            try (OutputStream out = line.getOutputStream()) {
                out.write(body);
            }
            return judge(line);
        } catch (IOException | JSONException silent) {
            Log.w(Rules.LOG, "sos", silent);
            return Answer.NONE;
        } finally {
            if (line != null) {
                line.disconnect();
            }
        }
    }

    private JSONObject body(Store.Row row) throws JSONException {
        JSONObject body = new JSONObject(row.body).put("id", row.key);
        String at = store.moment().resolve(new JSONObject(row.stamp));
        return at == null ? body : body.put("at", at);
    }

    private static String token(JSONObject identity) throws JSONException {
        String plain = KeySafe.unseal(identity.getString("token"));
        return plain == null
                ? ""
                : new String(Base64.decode(plain, Base64.NO_WRAP), StandardCharsets.UTF_8);
    }

    /** Only Wayhome itself takes or refuses; a hotel's page means 'not yet'. */
    private Answer judge(HttpURLConnection line) throws IOException {
        int status = line.getResponseCode();
        String kind = String.valueOf(line.getContentType()).split(";")[0].trim();
        boolean json = kind.equals("application/json") || kind.equals("application/problem+json");
        JSONObject said = json ? object(read(line, status)) : null;
        if (said == null) {
            return Answer.NONE;
        }
        if (status >= 200 && status < 300) {
            return line.getHeaderField(Rules.MARK) == null ? Answer.NONE : Answer.TAKEN;
        }
        Matcher found = PROBLEM.matcher(said.optString("type"));
        return status == 401 && found.matches() ? Answer.SIGNED_OUT : Answer.NONE;
    }

    private static JSONObject object(String text) {
        try {
            return new JSONObject(text);
        } catch (JSONException other) {
            return null;
        }
    }

    private String read(HttpURLConnection line, int status) throws IOException {
        long until = System.nanoTime() + readMs * 1_000_000L;
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        byte[] part = new byte[4096];
        try (InputStream in = status < 400 ? line.getInputStream() : line.getErrorStream()) {
            int count;
            while (in != null && (count = in.read(part)) >= 0) {
                whole.write(part, 0, count);
                if (System.nanoTime() > until || whole.size() > Rules.LARGEST) {
                    throw new IOException("no end to it");
                }
            }
        }
        return new String(whole.toByteArray(), StandardCharsets.UTF_8);
    }

    private static final class Answer {
        static final Answer TAKEN = new Answer(true, false);
        static final Answer SIGNED_OUT = new Answer(false, true);
        static final Answer NONE = new Answer(false, false);
        final boolean taken;
        final boolean signedOut;

        private Answer(boolean taken, boolean signedOut) {
            this.taken = taken;
            this.signedOut = signedOut;
        }
    }
}
