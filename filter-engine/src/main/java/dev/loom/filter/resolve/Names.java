package dev.loom.filter.resolve;

import java.util.ArrayList;
import java.util.List;

/** Names of classes and members in their different spellings. */
final class Names {

    private Names() {}

    /** {@code com.acme.Bank$Worker} for {@code com/acme/Bank$Worker}. */
    static String shown(String internalName) {
        return internalName.replace('/', '.');
    }

    /** What stands behind the last dot. */
    static String simple(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** What stands behind the last slash of an internal name: {@code Bank$Worker}. */
    static String unqualified(String internalName) {
        return internalName.substring(internalName.lastIndexOf('/') + 1);
    }

    /** What stands before the last slash of an internal name. */
    static String packageOf(String internalName) {
        return internalName.substring(0, Math.max(0, internalName.lastIndexOf('/')));
    }

    /** {@code a, b and c}. */
    static String list(List<String> names) {
        if (names.size() <= 1) {
            return String.join("", names);
        }
        return String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.get(names.size() - 1);
    }

    /** {@link #list} of at most so many, and how many more there are. */
    static String list(List<String> names, int most) {
        if (names.size() <= most) {
            return list(names);
        }
        List<String> shown = new ArrayList<>(names.subList(0, most));
        shown.add((names.size() - most) + " more");
        return list(shown);
    }
}
