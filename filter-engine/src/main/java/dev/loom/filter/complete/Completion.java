package dev.loom.filter.complete;

import dev.loom.filter.classes.ClassFiles;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.diagnostic.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Names for what has been typed so far: {@code com.acme.B} and {@code Ban} give classes, {@code com.acme.Bank#tr} gives methods. Answers are as a
 * filter writes them, {@code com.acme.Bank#transfer}; of an overloaded method also with the parameters. {@code com.acme.Bank:4} and {@code
 * com.acme.Bank#transfer:4} give lines that have code; {@code com.acme.Bank#transfer by th} and {@code com.acme.Bank:42 by th} give keys alone, each
 * with its type behind a tab. Nothing is loaded.
 */
public final class Completion {

    /** A line, or a key behind a method or a line. */
    private static final Pattern PLACE =
            Pattern.compile("(?<type>[^#:\\s]+)(?:#(?<method>[^#:\\s(]+)(?:\\([^)]*\\))?)?(?::(?<line>\\d{0,6}))?(?: by (?<key>\\S*))?");

    /** Most of what is typed that is looked at. */
    private static final int MAX_TYPED = 500;

    private Completion() {}

    /**
     * The names that begin so.
     *
     * @param wanted whether a class, by its internal name, is offered
     * @param most names at most
     */
    public static List<String> of(String typed, ClassSource classes, Predicate<String> wanted, int most) {
        if (typed.length() > MAX_TYPED) {
            return List.of();
        }
        Matcher place = PLACE.matcher(typed);
        if (place.matches() && (place.group("line") != null || place.group("key") != null && place.group("method") != null)) {
            return places(place, classes, wanted, most);
        }
        int hash = typed.indexOf('#');
        return hash < 0 ? classes(typed, classes, wanted, most)
                : members(typed.substring(0, hash), typed.substring(hash + 1), classes, wanted, most);
    }

    private static List<String> places(Matcher place, ClassSource classes, Predicate<String> wanted, int most) {
        Optional<byte[]> file = file(place.group("type"), classes, wanted);
        if (file.isEmpty()) {
            return List.of();
        }
        String method = place.group("method");
        String line = place.group("line");
        String key = place.group("key");
        if (key != null) {
            return PlaceCompletion.keys(file.get(), method, line == null || line.isEmpty() ? 0 : Integer.parseInt(line)).stream()
                    .filter(k -> k.startsWith(key)).limit(most).toList();
        }
        String before = place.group("type") + (method == null ? "" : "#" + method) + ":";
        return PlaceCompletion.lines(file.get(), method).stream().map(String::valueOf).filter(l -> l.startsWith(line)).limit(most).map(l -> before + l).toList();
    }

    private static List<String> classes(String typed, ClassSource classes, Predicate<String> wanted, int most) {
        // the shortest first: whoever has typed Bank means Bank rather than BankHolidayCalendar
        Comparator<String> order = Comparator.comparingInt((String n) -> n.length() - n.lastIndexOf('.')).thenComparing(n -> n);
        PriorityQueue<String> best = new PriorityQueue<>(order.reversed());
        for (String internal : classes.names()) {
            String name = internal.replace('/', '.');
            if (fits(name, typed) && isNamed(internal) && wanted.test(internal)) {
                best.add(name);
                if (best.size() > most) {
                    best.remove();
                }
            }
        }
        return best.stream().sorted(order).toList();
    }

    private static boolean fits(String name, String typed) {
        if (name.startsWith(typed)) {
            return true;
        }
        int simple = name.lastIndexOf('.') + 1;
        if (name.startsWith(typed, simple)) {
            return true;
        }
        int nested = name.lastIndexOf('$') + 1;
        return nested > simple && name.startsWith(typed, nested) || name.indexOf('$') > 0 && name.replace('$', '.').startsWith(typed);
    }

    /** Whether someone may write the name of a class: it is not anonymous or local, and can be shown. */
    public static boolean isNamed(String internalName) {
        for (int i = internalName.indexOf('$'); i >= 0; i = internalName.indexOf('$', i + 1)) {
            if (i + 1 < internalName.length() && Character.isDigit(internalName.charAt(i + 1))) {
                return false;
            }
        }
        return !internalName.endsWith("package-info") && internalName.codePoints().allMatch(Printable::isHarmless);
    }

    private static List<String> members(String type, String begun, ClassSource classes, Predicate<String> wanted, int most) {
        Optional<byte[]> file = file(type, classes, wanted);
        return file.isEmpty() ? List.of()
                : methods(file.get()).stream().filter(m -> m.startsWith(begun)).limit(most).map(m -> type + '#' + m).toList();
    }

    private static Optional<byte[]> file(String type, ClassSource classes, Predicate<String> wanted) {
        String name = type.replace('.', '/');
        while (true) {
            Optional<byte[]> file = wanted.test(name) ? find(name, classes) : Optional.empty();
            int slash = name.lastIndexOf('/');
            if (file.isPresent() || slash < 0) {
                return file;
            }
            name = name.substring(0, slash) + '$' + name.substring(slash + 1); // Outer.Inner
        }
    }

    private static Optional<byte[]> find(String name, ClassSource classes) {
        try {
            return classes.find(name);
        } catch (RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    /** The methods of a class that a region can name, by name; overloads follow with their parameters. Empty for a damaged class. */
    public static List<String> methods(byte[] classFile) {
        Map<String, List<String>> byName = new LinkedHashMap<>();
        try {
            ClassFiles.check(classFile);
            new ClassReader(classFile).accept(new ClassVisitor(Opcodes.ASM9) {
                @Override
                public MethodVisitor visitMethod(int access, String name, String desc, String signature, String[] exceptions) {
                    boolean hasBody = (access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0;
                    boolean isWritten = (access & Opcodes.ACC_SYNTHETIC) == 0 || name.startsWith("lambda$");
                    if (hasBody && isWritten && !name.equals("<clinit>") && name.codePoints().allMatch(Printable::isHarmless)) {
                        byName.computeIfAbsent(name, k -> new ArrayList<>()).add(desc);
                    }
                    return null;
                }
            }, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        } catch (RuntimeException malformed) {
            return List.of();
        }
        List<String> methods = new ArrayList<>();
        byName.forEach((name, overloads) -> {
            methods.add(name);
            if (overloads.size() > 1) {
                overloads.forEach(desc -> methods.add(name + parameters(desc)));
            }
        });
        methods.sort(null);
        return methods;
    }

    private static String parameters(String desc) {
        return List.of(Type.getArgumentTypes(desc)).stream()
                .map(Type::getClassName)
                .map(n -> n.startsWith("java.lang.") && n.indexOf('.', 10) < 0 ? n.substring(10) : n)
                .collect(Collectors.joining(",", "(", ")"));
    }
}
