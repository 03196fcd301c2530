package org.wayhome.phone;

import org.json.JSONObject;

/** What mobile/core/buttons.py has planned for the buttons, and whether it may be done here. */
final class Buttons {
    private Buttons() {}

    /** Whether 'extend' and 'safe' of a visit open the app: a PIN may be asked for, or it is another
     * visit's, another person's, or unknown. */
    static boolean opens(JSONObject buttons, String visit, Store store) {
        if (buttons == null || store == null || visit.isEmpty()) {
            return true;
        }
        boolean same =
                visit.equals(buttons.optString("visit"))
                        && store.owner().equals(buttons.optString("owner"));
        return !same || store.moment().now() >= buttons.optDouble("opens_at", 0.0);
    }

    /** The act behind a button; null where none is planned. */
    static JSONObject act(JSONObject buttons, String name) {
        JSONObject acts = buttons == null ? null : buttons.optJSONObject("acts");
        return acts == null ? null : acts.optJSONObject(name);
    }
}
