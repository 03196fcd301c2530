package org.wayhome.phone;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.os.SystemClock;
import android.util.Log;
import java.util.UUID;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * A button of a notification was pressed. What it does goes into the outbox before anything is said,
 * and then whoever sends is woken. An SOS is sent from here as well.
 */
public final class ActionReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent intent) {
        String name = String.valueOf(intent.getAction());
        String visit = String.valueOf(intent.getStringExtra("visit"));
        String key = String.valueOf(intent.getStringExtra("key"));
        Aside.run(goAsync(), () -> tapped(context, name, visit, key));
    }

    private static void tapped(Context context, String name, String visit, String key) {
        try {
            if (name.equals("sos")) {
                askAgain(context, visit);
                return;
            }
            try (Store store = Store.open(context)) {
                if (name.equals("again")) {
                    sos(context, store);
                } else if (store != null) {
                    act(context, store, name, visit, key);
                }
            } catch (RuntimeException fault) {
                Log.w(Rules.LOG, "not kept", fault);
                Notices.say(context, Rules.tapped("not_kept", ""), Rules.SAID_MS);
            }
        } catch (JSONException nonsense) {
            Log.w(Rules.LOG, "tapped", nonsense);
        }
    }

    /** A pocket presses once. The second button is another notification's, gone after a while. */
    private static void askAgain(Context context, String visit) throws JSONException {
        JSONObject notice =
                new JSONObject()
                        .put("key", "again/" + SystemClock.elapsedRealtime())
                        .put("title", Rules.TITLE)
                        .put("text", Rules.tapped("again", ""))
                        .put("visit", visit)
                        .put("urgent", true)
                        .put("for_ms", Rules.AGAIN_MS)
                        .put("actions", new JSONArray().put("again"));
        Notices.show(context, notice);
    }

    private static void sos(Context context, Store store) throws JSONException {
        if (store == null || store.owner().isEmpty()) {
            Notices.say(context, Rules.tapped("signed_out", ""), Rules.SAID_MS);
            return;
        }
        String at = store.moment().clockTime();
        // One that has not been sent yet is not made twice.
        if (!store.waits(Rules.SOS, "")) {
            store.put(with(Where.position(context), sosAct(store)), UUID.randomUUID().toString(), store.moment());
        }
        Notices.say(context, Rules.tapped("sos", at), Rules.SAID_MS);
        SendJob.schedule(context);
        WatchService.wake(context);
        new Sender(context, store, true).send();
    }

    /** As planned, with its visit; without one where nothing is planned for her. */
    private static JSONObject sosAct(Store store) throws JSONException {
        JSONObject buttons = store.kept("buttons", "");
        boolean hers = buttons != null && store.owner().equals(buttons.optString("owner"));
        JSONObject planned = hers ? Buttons.act(buttons, "sos") : null;
        if (planned != null) {
            return planned;
        }
        return new JSONObject()
                .put("kind", Rules.SOS)
                .put("path", Rules.SOS_PATH)
                .put("body", new JSONObject().put("kind", Rules.SOS));
    }

    /** An SOS says where she is, if the phone knows that and she lets it. */
    private static JSONObject with(JSONObject position, JSONObject act) throws JSONException {
        if (position != null) {
            act.getJSONObject("body").put("position", position);
        }
        return act;
    }

    private static void act(Context context, Store store, String name, String visit, String key)
            throws JSONException {
        JSONObject buttons = store.kept("buttons", "");
        JSONObject act = Buttons.act(buttons, name);
        if (act == null || Buttons.opens(buttons, visit, store)) {
            Notices.say(context, Rules.tapped("open", ""), Rules.SAID_MS);
            return;
        }
        boolean closing = act.getString("kind").equals("close");
        if (!closing || !store.waits("close", visit)) {
            store.put(act, UUID.randomUUID().toString(), store.moment());
        }
        if (!key.equals(Notices.VISIT)) {
            Notices.withdraw(context, key);
        }
        String at = store.moment().clockTime();
        Notices.say(context, Rules.tapped(name, at), Rules.SAID_MS);
        WatchService.wake(context);
    }
}
