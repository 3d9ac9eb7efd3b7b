package dev.loom.filter;

import dev.loom.filter.plan.MethodId;
import dev.loom.filter.plan.MethodPlan;
import dev.loom.filter.plan.WeavingPlan;
import dev.loom.filter.syntax.FilterTree;
import dev.loom.filter.syntax.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.objectweb.asm.Type;

/** Writes the pins of a filter, and puts them into its text instead of those that are there. */
final class PinWriter {

    private PinWriter() {}

    static List<String> pins(WeavingPlan plan) {
        return plan.methods().stream().map(PinWriter::pin).distinct().toList();
    }

    private static String pin(MethodPlan method) {
        MethodId id = method.method();
        String types = Arrays.stream(Type.getArgumentTypes(id.desc())).map(Type::getClassName).collect(Collectors.joining(","));
        return "pin " + id.owner().replace('/', '.') + "#" + id.name() + "(" + types + ") " + method.bodyDigest();
    }

    /** The text without its pins; a line that held nothing else goes too. */
    static String withoutPins(FilterTree file, String text) {
        StringBuilder out = new StringBuilder(text);
        List<Statement> statements = file.statements();
        for (int i = statements.size() - 1; i >= 0; i--) {
            if (statements.get(i) instanceof Statement.Pin pin) {
                int from = pin.span().start();
                int to = pin.span().end();
                int lineStart = from;
                while (lineStart > 0 && isBlank(out.charAt(lineStart - 1))) {
                    lineStart--;
                }
                int lineEnd = to;
                while (lineEnd < out.length() && isBlank(out.charAt(lineEnd))) {
                    lineEnd++;
                }
                boolean alone = (lineStart == 0 || isEnd(out.charAt(lineStart - 1)))
                        && (lineEnd == out.length() || isEnd(out.charAt(lineEnd)));
                if (alone && lineEnd < out.length()) {
                    lineEnd += out.charAt(lineEnd) == '\r' && lineEnd + 1 < out.length()
                            && out.charAt(lineEnd + 1) == '\n' ? 2 : 1;
                }
                out.delete(alone ? lineStart : from, alone ? lineEnd : to);
            }
        }
        return out.toString();
    }

    /** The text with pins at its end, inside the wrapper if there is one. */
    static String withPins(FilterTree file, String text, List<String> pins) {
        boolean wrapped = file.name() != null;
        int at = wrapped ? file.span().end() - 1 : text.length();
        int lineStart = text.lastIndexOf('\n', at - 1) + 1;
        boolean braceAlone = wrapped && text.substring(lineStart, at).isBlank();
        StringBuilder lines = new StringBuilder();
        if (!braceAlone && at > 0 && text.charAt(at - 1) != '\n') {
            lines.append('\n');
        }
        pins.forEach(pin -> lines.append(wrapped ? "    " : "").append(pin).append('\n'));
        int where = braceAlone ? lineStart : at;
        return text.substring(0, where) + lines + text.substring(where);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isEnd(char c) {
        return c == '\n' || c == '\r';
    }
}
