package dev.loom.races.runner;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the filter of a race says of its library. */
final class Library {

    /** Parts of a package's name that stand for the library. */
    private static final int PARTS = 3;

    private static final Pattern USE = Pattern.compile("^\\s*use\\s+([\\w.$]+)(?:\\s+as\\s+(\\w+))?", Pattern.MULTILINE);
    private static final Pattern MEMBER = Pattern.compile("([\\w.$]+)(?:#([\\w$]+)|:\\d+)");

    private Library() {}

    /** The pattern of the library that a filter is about. */
    static String pattern(String filter) {
        // a side of some filters is in the application, which is the load
        String type = members(filter).stream().filter(member -> !member.startsWith("dev.loom.")).sorted().findFirst().orElseThrow();
        String[] parts = type.split("#")[0].split("\\.");
        return String.join(".", List.of(parts).subList(0, Math.min(PARTS, parts.length - 1))) + ".**";
    }

    /** {@code com.acme.Bank#pay}, or the class alone where the filter names lines. */
    static Set<String> members(String filter) {
        String text = filter.replaceAll("(?m)//.*$|\"[^\"]*\"", "");
        Map<String, String> names = new HashMap<>();
        for (Matcher use = USE.matcher(text); use.find(); ) {
            String type = use.group(1);
            names.put(type.substring(type.lastIndexOf('.') + 1), type);
            if (use.group(2) != null) {
                names.put(use.group(2), type);
            }
        }
        Set<String> members = new HashSet<>();
        for (Matcher member = MEMBER.matcher(text); member.find(); ) {
            String type = names.getOrDefault(member.group(1), member.group(1));
            if (type.contains(".")) {
                members.add(member.group(2) == null ? type : type + "#" + member.group(2));
            }
        }
        return members;
    }
}
