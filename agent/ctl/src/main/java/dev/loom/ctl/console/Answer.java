package dev.loom.ctl.console;

import dev.loom.filter.suggest.JsonText;
import java.util.List;
import java.util.Map;

/** What stands in an answer: members of a JSON object, each empty where it is not there. */
record Answer(Map<?, ?> members) {

    static Answer of(String json) {
        return of(JsonText.parse(json));
    }

    static Answer of(Object value) {
        return new Answer(value instanceof Map<?, ?> map ? map : Map.of());
    }

    String text(String name) {
        Object value = members.get(name);
        return value instanceof String text && !text.equals("null") ? text : "";
    }

    long number(String name) {
        try {
            return Long.parseLong(text(name));
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    double share(String name) {
        try {
            return Double.parseDouble(text(name));
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    Answer member(String name) {
        return of(members.get(name));
    }

    List<Answer> items(String name) {
        return members.get(name) instanceof List<?> list ? list.stream().map(Answer::of).toList() : List.of();
    }

    List<String> texts(String name) {
        return members.get(name) instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
    }
}
