package dev.loom.filter.suggest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON as far as thread dumps and what a console answers need it: objects, arrays and texts; numbers and words are texts too. Never throws. */
public final class JsonText {

    private static final int MAX_DEPTH = 100;

    private final String text;
    private int at;

    private JsonText(String text) {
        this.text = text;
    }

    /** The value at the start of a text: a map, a list or a text. What is malformed ends where it is. */
    public static Object parse(String text) {
        return new JsonText(text).value(0);
    }

    private Object value(int depth) {
        blanks();
        if (at >= text.length() || depth > MAX_DEPTH) {
            at = text.length();
            return "";
        }
        return switch (text.charAt(at)) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> quoted();
            default -> word();
        };
    }

    private Map<String, Object> object(int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        at++;
        while (more('}')) {
            if (text.charAt(at) != '"') {
                at++;
                continue;
            }
            String name = quoted();
            blanks();
            if (at < text.length() && text.charAt(at) == ':') {
                at++;
                map.put(name, value(depth + 1));
            }
        }
        return map;
    }

    private List<Object> array(int depth) {
        List<Object> list = new ArrayList<>();
        at++;
        while (more(']')) {
            if (text.charAt(at) == ',') {
                at++;
            } else {
                list.add(value(depth + 1));
            }
        }
        return list;
    }

    /** Whether something stands before the closing sign, which is stepped over. */
    private boolean more(char close) {
        blanks();
        if (at < text.length() && text.charAt(at) == close) {
            at++;
            return false;
        }
        return at < text.length();
    }

    private String quoted() {
        int from = ++at;
        while (at < text.length() && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        String content = text.substring(from, Math.min(at, text.length()));
        at = Math.min(text.length(), at + 1);
        return unescaped(content);
    }

    private String word() {
        int from = at++;
        while (at < text.length() && ",]}: \t\r\n\"".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at);
    }

    private void blanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    /** The content of a quoted text without its escapes. */
    static String unescaped(String content) {
        StringBuilder out = new StringBuilder(content.length());
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            if (c != '\\' || i + 1 == content.length()) {
                out.append(c);
                continue;
            }
            char escape = content.charAt(++i);
            switch (escape) {
                case 'n' -> out.append('\n');
                case 't' -> out.append('\t');
                case 'r', 'b', 'f' -> {
                    // nothing to read
                }
                case 'u' -> {
                    String digits = content.substring(i + 1, Math.min(content.length(), i + 5));
                    if (digits.matches("[0-9a-fA-F]{4}")) {
                        out.append((char) Integer.parseInt(digits, 16));
                        i += 4;
                    }
                }
                default -> out.append(escape);
            }
        }
        return out.toString();
    }
}
