package dev.loom.ctl;

import dev.loom.ctl.failure.CommandFailure;
import dev.loom.ctl.output.Printer;
import dev.loom.filter.plan.MethodId;
import dev.loom.filter.plan.MethodPlan;
import dev.loom.filter.plan.WeavingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/** Writes {@code pin} lines into a filter's file, instead of those that are there. */
final class Pins {

    private static final Pattern PIN = Pattern.compile("\\s*pin\\s+\\S+.*sha256:[0-9a-f]+\\s*");

    private Pins() {}

    static void write(FilterFile filter, WeavingPlan plan, Printer printer) {
        List<String> pins = plan.methods().stream().map(Pins::pin).sorted().distinct().toList();
        Path file = filter.file();
        try {
            Path fresh = Files.createTempFile(file.toAbsolutePath().getParent(), "." + file.getFileName(), ".tmp");
            Files.writeString(fresh, insert(filter.text(), pins));
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw CommandFailure.failed("the pins cannot be written to " + file + ": " + e.getMessage(), "");
        }
        pins.forEach(pin -> printer.note(file + ": " + pin));
    }

    /** Puts the pins before the brace that closes the filter, or at the end of a file without a wrapper. */
    static String insert(String text, List<String> pins) {
        List<String> lines = new ArrayList<>(text.lines().filter(line -> !PIN.matcher(line).matches()).toList());
        int last = lines.size() - 1;
        while (last >= 0 && lines.get(last).isBlank()) {
            last--;
        }
        boolean wrapped = last >= 0 && lines.get(last).strip().equals("}");
        int at = wrapped ? last : last + 1;
        List<String> all = new ArrayList<>(lines.subList(0, at));
        pins.forEach(pin -> all.add((wrapped ? "    " : "") + pin));
        all.addAll(lines.subList(at, last + 1));
        return String.join("\n", all) + "\n";
    }

    private static String pin(MethodPlan method) {
        return "pin " + member(method.method()) + " " + method.bodyDigest();
    }

    /** As the language writes a method: {@code com.acme.Bank#transfer(com.acme.Account,long)}. */
    static String member(MethodId method) {
        StringJoiner types = new StringJoiner(",", "(", ")");
        String desc = method.desc();
        for (int i = 1; desc.charAt(i) != ')'; ) {
            int dimensions = 0;
            while (desc.charAt(i) == '[') {
                dimensions++;
                i++;
            }
            int end = desc.charAt(i) == 'L' ? desc.indexOf(';', i) + 1 : i + 1;
            types.add(type(desc.substring(i, end)) + "[]".repeat(dimensions));
            i = end;
        }
        return method.owner().replace('/', '.') + "#" + method.name() + types;
    }

    private static String type(String desc) {
        return switch (desc.charAt(0)) {
            case 'Z' -> "boolean";
            case 'B' -> "byte";
            case 'C' -> "char";
            case 'S' -> "short";
            case 'I' -> "int";
            case 'J' -> "long";
            case 'F' -> "float";
            case 'D' -> "double";
            default -> desc.substring(1, desc.length() - 1).replace('/', '.');
        };
    }
}
