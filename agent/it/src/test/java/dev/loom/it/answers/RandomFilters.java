package dev.loom.it.answers;

import dev.loom.filter.classes.JarClasses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodNode;

/** Filters about the classes of some jars, right ones and wrong ones; the same for the same seed. */
final class RandomFilters {

    /** Classes of the JDK that filters name, some of which no hook may stand in. */
    private static final List<String> OF_THE_JDK = List.of(
            "java.lang.StringBuffer#append", "java.util.HashMap#put", "java.util.Vector#addElement", "java.util.logging.Logger#log",
            "java.util.concurrent.ConcurrentHashMap#put", "java.util.concurrent.locks.ReentrantLock#lock", "java.util.Hashtable#put",
            "java.util.concurrent.LinkedBlockingQueue#take", "java.text.SimpleDateFormat#format", "java.util.Collections$SynchronizedMap#put",
            "java.util.concurrent.CopyOnWriteArrayList#add", "java.lang.Thread#run", "java.util.Timer#cancel", "java.net.URL#openStream",
            "java.util.Collections#sort", "java.util.TreeMap#put", "java.util.LinkedList#add", "java.lang.invoke.MethodHandles#lookup",
            "java.util.concurrent.ThreadPoolExecutor#execute", "java.io.PrintStream#println", "java.util.Observable#notifyObservers");

    private final Random random;
    private final JarClasses classes;
    private final List<String> names;

    /** @param names internal names of the classes to choose from */
    RandomFilters(JarClasses classes, List<String> names, long seed) {
        this.classes = classes;
        this.names = names;
        random = new Random(seed);
    }

    /** A method of a class that was chosen. */
    private record Place(ClassNode owner, MethodNode method) {

        String type() {
            return owner.name.replace('/', '.');
        }

        List<Integer> lines() {
            TreeSet<Integer> lines = new TreeSet<>();
            for (AbstractInsnNode node : method.instructions) {
                if (node instanceof LineNumberNode number) {
                    lines.add(number.line);
                }
            }
            return List.copyOf(lines);
        }

        String member(boolean full) {
            String types = Arrays.stream(Type.getArgumentTypes(method.desc)).map(Type::getClassName).collect(Collectors.joining(",", "(", ")"));
            return type() + "#" + method.name + (full ? types : "");
        }
    }

    String next() {
        StringBuilder text = new StringBuilder();
        int constraints = random.nextInt(8) == 0 ? 2 : 1;
        for (int i = 0; i < constraints; i++) {
            text.append(random.nextInt(12) == 0 ? "observe " : "").append(constraint()).append('\n');
        }
        return text.toString();
    }

    private String constraint() {
        Place one = place();
        Place other = random.nextInt(3) > 0 ? neighbour(one) : place();
        boolean keyed = random.nextInt(3) == 0;
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> "atomic " + region(one) + (keyed ? key(one) : "");
            case 4, 5, 6 -> region(one) + (keyed ? key(one) : "") + " <> " + region(other) + (keyed ? key(other) : "");
            case 7 -> "shared " + region(one) + (keyed ? key(one) : "") + " <> " + region(other) + (keyed ? key(other) : "");
            case 8 -> event(one) + (keyed ? key(one) : "") + " > " + event(other) + (keyed ? key(other) : "")
                    + (random.nextBoolean() ? " within 2s" : "");
            default -> region(one) + " <> *";
        };
    }

    private String region(Place place) {
        List<Integer> lines = place.lines();
        if (random.nextInt(25) == 0) {
            return OF_THE_JDK.get(random.nextInt(OF_THE_JDK.size()));
        }
        if (lines.isEmpty() || random.nextInt(3) == 0) {
            return place.member(random.nextBoolean());
        }
        int at = random.nextInt(lines.size());
        int from = lines.get(at) + (random.nextInt(30) == 0 ? 1 : 0);
        int to = lines.get(Math.min(lines.size() - 1, at + random.nextInt(8)));
        String type = random.nextInt(3) == 0 ? place.member(false) : place.type();
        return random.nextInt(4) == 0 ? type + ":" + from : "{ " + type + ":" + from + " ; " + type + ":" + to + " }";
    }

    private String event(Place place) {
        List<Integer> lines = place.lines();
        return (random.nextBoolean() ? place.member(false) : place.type()) + ":"
                + (lines.isEmpty() ? 1 + random.nextInt(100) : lines.get(random.nextInt(lines.size())));
    }

    private String key(Place place) {
        return switch (random.nextInt(6)) {
            case 0 -> " by $1";
            case 1 -> place.owner().fields.isEmpty() ? " by this"
                    : " by this." + place.owner().fields.get(random.nextInt(place.owner().fields.size())).name;
            case 2 -> place.method().localVariables == null || place.method().localVariables.isEmpty() ? " by this"
                    : " by " + place.method().localVariables.get(random.nextInt(place.method().localVariables.size())).name;
            default -> " by this";
        };
    }

    private Place place() {
        while (true) {
            Optional<Place> place = in(names.get(random.nextInt(names.size())));
            if (place.isPresent()) {
                return place.get();
            }
        }
    }

    private Place neighbour(Place of) {
        return in(of.owner().name).orElse(of);
    }

    private Optional<Place> in(String name) {
        ClassNode node = new ClassNode();
        new ClassReader(classes.find(name).orElseThrow()).accept(node, ClassReader.SKIP_FRAMES);
        List<MethodNode> methods = new ArrayList<>(node.methods);
        methods.removeIf(m -> m.name.matches(".*[^\\w$<>].*"));
        return methods.isEmpty() || node.name.matches(".*[^\\w$/].*") ? Optional.empty()
                : Optional.of(new Place(node, methods.get(random.nextInt(methods.size()))));
    }
}
