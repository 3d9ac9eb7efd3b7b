package dev.loom.filter.analysis;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.objectweb.asm.tree.MethodInsnNode;

/** The calls of a body, told apart as stack traces do: by line and by the name of what is called. */
final class Calls {

    private final Set<String> names = new TreeSet<>();
    private final Set<String> unsafeNames = new TreeSet<>();
    /** Whether all calls of a name on a line are safe. */
    private final Map<Integer, Map<String, Boolean>> safe = new HashMap<>();

    void add(int line, MethodInsnNode call, boolean isUnsafe) {
        String name = UnsafeLines.called(call.owner.replace('/', '.'), call.name);
        names.add(name);
        if (isUnsafe) {
            unsafeNames.add(name);
        }
        safe.computeIfAbsent(line, k -> new HashMap<>()).merge(name, !isUnsafe, Boolean::logicalAnd);
    }

    Set<String> names() {
        return names;
    }

    /** Names of which some call is unsafe. */
    Set<String> unsafeNames() {
        return unsafeNames;
    }

    /** By line, the names all of whose calls on it are safe. */
    Map<Integer, Set<String>> safeByLine() {
        Map<Integer, Set<String>> byLine = new HashMap<>();
        safe.forEach((line, calls) -> byLine.put(
                line,
                calls.entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey).collect(Collectors.toSet())));
        return byLine;
    }
}
