package org.json;

/** Reads and writes JSON. */
final class Parser {
    private final String text;
    private int at;

    Parser(String text) throws JSONException {
        if (text == null) {
            throw new JSONException("nothing");
        }
        this.text = text;
    }

    Object whole() throws JSONException {
        Object found = value();
        skip();
        if (at < text.length()) {
            throw new JSONException("more than one value");
        }
        return found;
    }

    private void skip() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private char next() throws JSONException {
        skip();
        if (at >= text.length()) {
            throw new JSONException("too short");
        }
        return text.charAt(at);
    }

    private void expect(char wanted) throws JSONException {
        if (next() != wanted) {
            throw new JSONException("no " + wanted + " at " + at);
        }
        at++;
    }

    private Object value() throws JSONException {
        switch (next()) {
            case '{':
                return object();
            case '[':
                return array();
            case '"':
                return string();
            default:
                return plain();
        }
    }

    private JSONObject object() throws JSONException {
        JSONObject found = new JSONObject();
        expect('{');
        while (next() != '}') {
            String name = string();
            expect(':');
            found.held.put(name, value());
            if (next() == ',') {
                at++;
            }
        }
        at++;
        return found;
    }

    private JSONArray array() throws JSONException {
        JSONArray found = new JSONArray();
        expect('[');
        while (next() != ']') {
            found.held.add(value());
            if (next() == ',') {
                at++;
            }
        }
        at++;
        return found;
    }

    private String string() throws JSONException {
        expect('"');
        StringBuilder found = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            char each = text.charAt(at++);
            found.append(each == '\\' ? escaped() : each);
        }
        expect('"');
        return found.toString();
    }

    private char escaped() throws JSONException {
        char each = text.charAt(at++);
        int known = "nrtbf".indexOf(each);
        if (known >= 0) {
            return "\n\r\t\b\f".charAt(known);
        }
        if (each != 'u') {
            return each;
        }
        at += 4;
        return (char) Integer.parseInt(text.substring(at - 4, at), 16);
    }

    private Object plain() throws JSONException {
        int from = at;
        while (at < text.length() && ",]} \n\r\t".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(from, at);
        switch (word) {
            case "null":
                return JSONObject.NULL;
            case "true":
                return Boolean.TRUE;
            case "false":
                return Boolean.FALSE;
            default:
                return number(word);
        }
    }

    private static Object number(String word) throws JSONException {
        try {
            boolean whole = word.matches("-?[0-9]+");
            return whole ? (Object) Long.valueOf(word) : (Object) Double.valueOf(word);
        } catch (NumberFormatException fault) {
            throw new JSONException("no value: " + word);
        }
    }

    static String write(Object value) {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return String.valueOf(value);
        }
        boolean plain = value instanceof JSONObject || value instanceof JSONArray;
        return plain || value == JSONObject.NULL ? value.toString() : quote(value.toString());
    }

    static String quote(String text) {
        StringBuilder found = new StringBuilder("\"");
        for (char each : text.toCharArray()) {
            if (each == '"' || each == '\\' || each == '/') {
                found.append('\\').append(each);
            } else if (each < ' ' || each > '~') {
                found.append(String.format("\\u%04x", (int) each));
            } else {
                found.append(each);
            }
        }
        return found.append('"').toString();
    }
}
