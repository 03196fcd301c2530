package org.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** As Android's, as far as the receivers go; its `optString` of null is "null", as there. */
public class JSONObject {
    public static final Object NULL =
            new Object() {
                @Override
                public String toString() {
                    return "null";
                }
            };

    final Map<String, Object> held = new LinkedHashMap<>();

    public JSONObject() {}

    public JSONObject(Map<String, ?> values) {
        held.putAll(values);
    }

    public JSONObject(String json) throws JSONException {
        Object found = new Parser(json).whole();
        if (!(found instanceof JSONObject)) {
            throw new JSONException("no object");
        }
        held.putAll(((JSONObject) found).held);
    }

    public JSONObject put(String name, Object value) throws JSONException {
        if (value == null) {
            held.remove(name);
        } else {
            held.put(name, value);
        }
        return this;
    }

    public boolean has(String name) {
        return held.containsKey(name);
    }

    public Object opt(String name) {
        return held.get(name);
    }

    private Object get(String name) throws JSONException {
        if (!has(name)) {
            throw new JSONException("no " + name);
        }
        return opt(name);
    }

    public String getString(String name) throws JSONException {
        return String.valueOf(get(name));
    }

    public double getDouble(String name) throws JSONException {
        return ((Number) get(name)).doubleValue();
    }

    public long getLong(String name) throws JSONException {
        return ((Number) get(name)).longValue();
    }

    public JSONObject getJSONObject(String name) throws JSONException {
        return (JSONObject) get(name);
    }

    public JSONArray getJSONArray(String name) throws JSONException {
        return (JSONArray) get(name);
    }

    public String optString(String name) {
        return optString(name, "");
    }

    public String optString(String name, String otherwise) {
        return has(name) ? String.valueOf(opt(name)) : otherwise;
    }

    public double optDouble(String name) {
        return optDouble(name, Double.NaN);
    }

    public double optDouble(String name, double otherwise) {
        return opt(name) instanceof Number ? ((Number) opt(name)).doubleValue() : otherwise;
    }

    public int optInt(String name) {
        return optInt(name, 0);
    }

    public int optInt(String name, int otherwise) {
        return (int) optDouble(name, otherwise);
    }

    public boolean optBoolean(String name) {
        return optBoolean(name, false);
    }

    public boolean optBoolean(String name, boolean otherwise) {
        return opt(name) instanceof Boolean ? (Boolean) opt(name) : otherwise;
    }

    public JSONObject optJSONObject(String name) {
        return opt(name) instanceof JSONObject ? (JSONObject) opt(name) : null;
    }

    public JSONArray optJSONArray(String name) {
        return opt(name) instanceof JSONArray ? (JSONArray) opt(name) : null;
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        held.forEach((name, value) -> parts.add(Parser.quote(name) + ":" + Parser.write(value)));
        return "{" + String.join(",", parts) + "}";
    }
}
