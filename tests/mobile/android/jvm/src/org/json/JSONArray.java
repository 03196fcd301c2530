package org.json;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** As Android's, as far as the receivers go. */
public class JSONArray {
    final List<Object> held = new ArrayList<>();

    public JSONArray() {}

    public JSONArray(Collection<?> values) {
        held.addAll(values);
    }

    public JSONArray(Object array) {
        for (int i = 0; i < java.lang.reflect.Array.getLength(array); i++) {
            held.add(java.lang.reflect.Array.get(array, i));
        }
    }

    public JSONArray(String json) throws JSONException {
        Object found = new Parser(json).whole();
        if (!(found instanceof JSONArray)) {
            throw new JSONException("no array");
        }
        held.addAll(((JSONArray) found).held);
    }

    public int length() {
        return held.size();
    }

    public JSONArray put(Object value) {
        held.add(value);
        return this;
    }

    public Object opt(int index) {
        return index < 0 || index >= held.size() ? null : held.get(index);
    }

    public JSONObject optJSONObject(int index) {
        return opt(index) instanceof JSONObject ? (JSONObject) opt(index) : null;
    }

    public JSONArray optJSONArray(int index) {
        return opt(index) instanceof JSONArray ? (JSONArray) opt(index) : null;
    }

    public String getString(int index) throws JSONException {
        if (opt(index) == null) {
            throw new JSONException("nothing at " + index);
        }
        return String.valueOf(opt(index));
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        for (Object each : held) {
            parts.add(Parser.write(each));
        }
        return "[" + String.join(",", parts) + "]";
    }
}
