package dev.loom.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines of a program under test that carry a mark, {@code // @name}. A filter names them as {@code @name}, so that no test knows a
 * line number.
 */
public final class Marks {

    private static final Pattern MARK = Pattern.compile("@([A-Za-z][A-Za-z0-9-]*)");

    private Marks() {}

    /** By name, with the class in front, as filters write locations. */
    public static Map<String, Integer> of(Class<?> type) {
        Class<?> top = type;
        while (top.getEnclosingClass() != null) {
            top = top.getEnclosingClass();
        }
        return of(Path.of("src/test/java", top.getName().replace('.', '/') + ".java"));
    }

    private static Map<String, Integer> of(Path source) {
        try {
            Map<String, Integer> lines = new HashMap<>();
            List<String> text = Files.readAllLines(source);
            for (int i = 0; i < text.size(); i++) {
                int comment = text.get(i).indexOf("// @");
                if (comment >= 0) {
                    Matcher marks = MARK.matcher(text.get(i).substring(comment));
                    while (marks.find()) {
                        if (lines.put(marks.group(1), i + 1) != null) {
                            throw new IllegalStateException(source + ": mark @" + marks.group(1) + " is there twice");
                        }
                    }
                }
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A filter's text, with each {@code @name} replaced by its line in the program. */
    public static String fill(Class<?> type, String filter) {
        return fill(of(type), type.toString(), filter);
    }

    /** The same for a program in a file of its own. */
    public static String fill(Path source, String filter) {
        return fill(of(source), source.toString(), filter);
    }

    private static String fill(Map<String, Integer> lines, String where, String filter) {
        return MARK.matcher(filter).replaceAll(mark -> {
            Integer line = lines.get(mark.group(1));
            if (line == null) {
                throw new IllegalStateException(where + " has no mark @" + mark.group(1));
            }
            return line.toString();
        });
    }
}
