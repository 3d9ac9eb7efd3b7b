package dev.loom.filter.suggest;

import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.suggest.ReportedRace.Step;
import dev.loom.filter.suggest.StackTrace.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Finds the methods that places in sources are in, of the classes at hand. */
final class SourceLines {

    /** Characters of a path; all its ends are looked for. */
    private static final int MAX_PATH = 1_000;

    private final ClassSource classes;
    private final FrameMethods bodies;
    /** The classes made of a source, by its path. */
    private final Map<String, List<ClassNode>> ofFile = new HashMap<>();
    /** Classes by the last part of their name, {@code Bank$Worker}; made when it is first needed. */
    private @Nullable Map<String, List<String>> bySimpleName;

    SourceLines(ClassSource classes) {
        this.classes = classes;
        this.bodies = new FrameMethods(classes);
    }

    /** Names that the class of a source may have: its package is the end of its directory. */
    static Stream<String> mainTypes(String path) {
        String name = path.replace('\\', '/').replaceAll("\\.\\w++$", "").replaceAll("^(?:\\./|/)++", "");
        if (name.length() > MAX_PATH) {
            return Stream.of();
        }
        List<String> types = new ArrayList<>();
        for (String type = name; !type.isEmpty(); type = type.indexOf('/') < 0 ? "" : type.substring(type.indexOf('/') + 1)) {
            types.add(type.replace('/', '.'));
        }
        return types.stream();
    }

    /** A stack of the places of one side, the innermost first; those that are in none of the classes are left out. */
    StackTrace stack(String name, List<Step> steps) {
        List<Frame> frames = new ArrayList<>();
        for (Step step : steps) {
            Frame frame = frame(step);
            if (frame != null) {
                frames.add(0, frame);
            }
        }
        return new StackTrace(name, "", frames, List.of(), false);
    }

    private @Nullable Frame frame(Step step) {
        Frame found = best(step, madeOf(step.file(), false));
        if (found == null && !step.type().isEmpty()) {
            found = best(step, named(step.type()));
        }
        return found == null ? best(step, madeOf(step.file(), true)) : found;
    }

    /** The method that has the line, first the one that is called as the report says; else the one of that name, without a line. */
    private static @Nullable Frame best(Step step, List<ClassNode> among) {
        Frame best = null;
        int most = 0;
        for (ClassNode type : among) {
            for (MethodNode method : type.methods) {
                if (method.instructions.size() == 0 || !FrameMethods.isWritten(method)) {
                    continue;
                }
                boolean hasLine = FrameMethods.hasLine(method, step.line());
                boolean hasName = method.name.equals(step.method());
                boolean hasType = isCalled(type, step.type());
                int fits = (hasLine ? 4 : 0) + (hasName && hasType ? 3 : hasName && step.type().isEmpty() ? 1 : 0) + (hasType ? 1 : 0);
                if ((hasLine || hasName && hasType) && fits > most) {
                    most = fits;
                    best = new Frame(type.name.replace('/', '.'), method.name, hasLine ? step.line() : -1, List.of(), "", "");
                }
            }
        }
        return best;
    }

    private static boolean isCalled(ClassNode type, String told) {
        String name = type.name.replace('/', '.');
        return !told.isEmpty() && (name.equals(told) || name.endsWith("." + told));
    }

    /**
     * The classes of a source: its directory ends with their package, but where Kotlin leaves that out.
     *
     * @param any also those whose names do not begin with the source's, for which the whole package is read
     */
    private List<ClassNode> madeOf(String path, boolean any) {
        return path.isEmpty() || path.length() > MAX_PATH ? List.of() : ofFile.computeIfAbsent(path + (any ? "*" : ""), key -> {
            String file = path.replace('\\', '/').replaceAll("^(?:\\./|/)++", "");
            String name = file.substring(file.lastIndexOf('/') + 1);
            String directory = file.substring(0, file.length() - name.length());
            String beginning = any ? "" : name.substring(0, Math.max(0, name.lastIndexOf('.')));
            while (true) {
                String start = directory + beginning;
                List<ClassNode> made = classes.inPackage(directory).stream().filter(n -> n.startsWith(start)).sorted()
                        .flatMap(n -> bodies.find(n).stream()).filter(n -> name.equals(n.sourceFile)).toList();
                if (!made.isEmpty() || directory.isEmpty()) {
                    return made;
                }
                directory = directory.substring(directory.indexOf('/') + 1);
            }
        });
    }

    private List<ClassNode> named(String told) {
        String simple = told.substring(told.lastIndexOf('.') + 1);
        if (bySimpleName == null) {
            bySimpleName = new HashMap<>();
            for (String name : classes.names()) {
                bySimpleName.computeIfAbsent(name.substring(name.lastIndexOf('/') + 1), n -> new ArrayList<>(1)).add(name);
            }
        }
        return bySimpleName.getOrDefault(simple, List.of()).stream().sorted().flatMap(n -> bodies.find(n).stream())
                .filter(n -> isCalled(n, told)).toList();
    }
}
