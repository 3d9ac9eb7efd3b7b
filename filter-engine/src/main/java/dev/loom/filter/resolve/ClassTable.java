package dev.loom.filter.resolve;

import dev.loom.filter.analysis.SubroutineLimit;
import dev.loom.filter.classes.ClassFiles;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.classes.JdkClasses;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.InnerClassNode;
import org.objectweb.asm.tree.MethodNode;

/** The classes of one check, each read once and only when asked for. Not thread-safe; lives as long as one compilation. */
public final class ClassTable {

    /** Most nested classes of one class that are looked at. */
    private static final int MAX_NESTED = 2_000;

    private final ClassSource source;
    private final ClassSource jdk = JdkClasses.instance();
    private final Map<String, Optional<ClassNode>> read = new HashMap<>();
    private final Map<String, String> damaged = new HashMap<>();
    private final Map<String, NavigableSet<String>> packages = new HashMap<>();
    private @Nullable Set<String> names;

    public ClassTable(ClassSource source) {
        this.source = source;
    }

    /** Whether a class that is not here may still come. */
    public boolean mayGrow() {
        return source.mayGrow();
    }

    /** Internal names of the classes that the source can list. */
    Set<String> names() {
        if (names == null) {
            names = source.names();
        }
        return names;
    }

    /** A class that a filter may name: of the source, or of the JDK where the source is complete without it. */
    public Optional<ClassNode> find(String internalName) {
        Optional<ClassNode> own = read.computeIfAbsent(internalName, n -> read(source, n));
        return own.isEmpty() && !source.mayGrow() ? known(internalName) : own;
    }

    /** A class that something is only asked about: of the source, else the JDK's. */
    public Optional<ClassNode> known(String internalName) {
        Optional<ClassNode> own = read.computeIfAbsent(internalName, n -> read(source, n));
        return own.isPresent() ? own : read.computeIfAbsent("jdk:" + internalName, n -> read(jdk, internalName));
    }

    /** The class file of a class that {@link #known} would give; empty if it is not there or damaged. */
    public Optional<byte[]> file(String internalName) {
        if (known(internalName).isEmpty()) {
            return Optional.empty();
        }
        ClassSource from = read.get(internalName).isPresent() ? source : jdk;
        try {
            return from.find(internalName);
        } catch (RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    /** Internal names of the classes in the package of a class, as far as the source lists them; at most {@code most}. */
    public List<String> inPackageOf(String internalName, int most) {
        return packageOf(internalName).stream().limit(most).toList();
    }

    private NavigableSet<String> packageOf(String internalName) {
        return packages.computeIfAbsent(
                internalName.substring(0, internalName.lastIndexOf('/') + 1), name -> new TreeSet<>(source.inPackage(name)));
    }

    /**
     * Whether a class of the source may say something about a class of this name. No only if the name is nowhere in its file, which
     * is found out without reading what the file means.
     */
    public boolean mayName(String internalName, String other) {
        if (internalName.equals(other) || read.containsKey(internalName) || other.chars().anyMatch(c -> c >= 0x80)) {
            return true;
        }
        try {
            return source.find(internalName).map(f -> new String(f, StandardCharsets.ISO_8859_1).contains(other)).orElse(true);
        } catch (RuntimeException unreadable) {
            return true;
        }
    }

    /** Why a class file could not be read; null if it could, or is not there. */
    @Nullable String damage(String internalName) {
        return damaged.get(internalName);
    }

    private Optional<ClassNode> read(ClassSource from, String internalName) {
        Optional<byte[]> bytes;
        try {
            bytes = from.find(internalName);
        } catch (RuntimeException unreadable) {
            damaged.put(internalName, String.valueOf(unreadable.getMessage()));
            return Optional.empty();
        }
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            ClassFiles.check(bytes.get());
            ClassNode node = new ClassNode();
            new ClassReader(bytes.get()).accept(node, ClassReader.SKIP_FRAMES);
            node.methods.forEach(SubroutineLimit::check);
            if (!node.name.equals(internalName)) {
                damaged.put(internalName, "it holds the class " + Names.shown(node.name));
                return Optional.empty();
            }
            return Optional.of(node);
        } catch (RuntimeException | StackOverflowError malformed) {
            // ASM answers a malformed file with whatever its reading runs into
            String why = malformed.getMessage();
            damaged.put(internalName, why == null ? malformed.getClass().getSimpleName() : why);
            return Optional.empty();
        }
    }

    /** The class and all the classes nested in it that are here, the class first. */
    public Set<ClassNode> withNested(ClassNode top) {
        Map<String, ClassNode> found = new LinkedHashMap<>();
        Deque<ClassNode> open = new ArrayDeque<>();
        open.add(top);
        found.put(top.name, top);
        while (!open.isEmpty()) {
            for (String nested : nestedNames(open.remove())) {
                if (found.size() < MAX_NESTED && !found.containsKey(nested)) {
                    find(nested).ifPresent(node -> {
                        found.put(nested, node);
                        open.add(node);
                    });
                }
            }
        }
        return new LinkedHashSet<>(found.values());
    }

    /** Internal names of classes nested in this one that are named but not here. */
    Set<String> missingNested(ClassNode top) {
        Set<String> missing = new TreeSet<>();
        for (ClassNode node : withNested(top)) {
            for (String nested : attributedNames(node)) {
                if (find(nested).isEmpty()) {
                    missing.add(nested);
                }
            }
        }
        return missing;
    }

    private static Set<String> attributedNames(ClassNode node) {
        Set<String> nested = new TreeSet<>();
        String prefix = node.name + "$";
        for (InnerClassNode inner : node.innerClasses) {
            if (!inner.name.equals(node.name) && (node.name.equals(inner.outerName) || inner.name.startsWith(prefix))) {
                nested.add(inner.name);
            }
        }
        if (node.nestMembers != null) {
            node.nestMembers.stream().filter(n -> n.startsWith(prefix)).forEach(nested::add);
        }
        return nested;
    }

    private Set<String> nestedNames(ClassNode node) {
        Set<String> nested = attributedNames(node);
        // a class file need not have these attributes (old compilers, shrinkers); the list of names tells then
        nested.addAll(packageOf(node.name).subSet(node.name + "$", true, node.name + "%", false));
        return nested;
    }

    /** A field and the class that declares it. */
    record Field(ClassNode owner, FieldNode node) {
        boolean isStatic() {
            return (node.access & Opcodes.ACC_STATIC) != 0;
        }
    }

    /** Finds a field as the JVM does (JVMS 5.4.3.2): in the class, its interfaces, its superclasses. */
    Optional<Field> field(ClassNode from, String name) {
        Set<String> seen = new LinkedHashSet<>();
        Deque<ClassNode> open = new ArrayDeque<>();
        open.add(from);
        while (!open.isEmpty()) {
            ClassNode node = open.remove();
            for (FieldNode field : node.fields) {
                if (field.name.equals(name)) {
                    return Optional.of(new Field(node, field));
                }
            }
            for (String above : above(node)) {
                if (seen.add(above)) {
                    known(above).ifPresent(open::add);
                }
            }
        }
        return Optional.empty();
    }

    /** The method that a class inherits under a name: the nearest superclass, else interface, that declares it. */
    Optional<ClassNode> declaring(ClassNode from, String name) {
        Set<String> seen = new LinkedHashSet<>();
        Deque<ClassNode> open = new ArrayDeque<>();
        open.add(from);
        while (!open.isEmpty()) {
            ClassNode node = open.remove();
            for (MethodNode method : node.methods) {
                if (method.name.equals(name)) {
                    return Optional.of(node);
                }
            }
            for (String above : above(node)) {
                if (seen.add(above)) {
                    known(above).ifPresent(open::add);
                }
            }
        }
        return Optional.empty();
    }

    /** Whether {@code sub} is {@code top} or below it; empty if a class on the way is not known. */
    Optional<Boolean> isBelow(String sub, String top) {
        if (sub.equals(top) || top.equals("java/lang/Object")) {
            return Optional.of(true);
        }
        Set<String> seen = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>();
        open.add(sub);
        boolean complete = true;
        while (!open.isEmpty()) {
            String name = open.remove();
            if (name.equals(top)) {
                return Optional.of(true);
            }
            Optional<ClassNode> node = known(name);
            complete &= node.isPresent();
            node.ifPresent(n -> above(n).stream().filter(seen::add).forEach(open::add));
        }
        return complete ? Optional.of(false) : Optional.empty();
    }

    private static Set<String> above(ClassNode node) {
        Set<String> above = new LinkedHashSet<>();
        if (node.superName != null) {
            above.add(node.superName);
        }
        above.addAll(node.interfaces);
        return above;
    }
}
