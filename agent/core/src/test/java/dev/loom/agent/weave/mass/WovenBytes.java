package dev.loom.agent.weave.mass;

import dev.loom.filter.weave.ClassWeaver;
import dev.loom.filter.weave.ClassWeaving;
import dev.loom.filter.weave.MethodWeaving;
import dev.loom.filter.weave.body.CannotWeave;
import dev.loom.filter.weave.body.HookAbi;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;

/**
 * Fingerprints of what the weaver makes of published classes, to show that a change to the weaver changes no byte: {@code WovenBytes
 * [--classes] JAR…}. Prints a line for each jar and each way of weaving, with a SHA-256 over all classes; with {@code --classes} a line
 * for each class, to find the one that differs. Run it before and after, and compare the two.
 */
public final class WovenBytes {

    /** What is woven into each class. */
    private enum Way {
        /** Update points alone: what every class gets when it is loaded. */
        STATIC(true, 0),
        /** A version of each method without hooks: frames of others move in. */
        NEUTRAL(true, 0),
        POLLS(true, 1),
        REGIONS(true, 0),
        EVENTS(true, 0),
        /** Hooks in code that no frame leaves or enters on its way. */
        WITHOUT_POINTS(false, 0),
        ALL(true, 1 << 20);

        private final boolean points;
        private final int polls;

        Way(boolean points, int polls) {
            this.points = points;
            this.polls = polls;
        }

        Map<String, MethodWeaving> methods(ClassNode type) {
            return switch (this) {
                case STATIC, POLLS -> Map.of();
                case NEUTRAL -> SampleHooks.of(type, false, false);
                case REGIONS -> SampleHooks.of(type, true, false);
                case EVENTS -> SampleHooks.of(type, false, true);
                case WITHOUT_POINTS, ALL -> SampleHooks.of(type, true, true);
            };
        }
    }

    /** Over the classes of one jar, woven in one way. */
    private static final class Fingerprint {
        private final MessageDigest digest;
        private int woven;
        private int refused;

        Fingerprint() {
            try {
                digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError("every JDK has SHA-256", e);
            }
        }

        void add(byte[] bytes) {
            digest.update(bytes);
            woven++;
        }

        void refused(String message) {
            digest.update(message.getBytes(StandardCharsets.UTF_8));
            refused++;
        }

        @Override
        public String toString() {
            return HexFormat.of().formatHex(digest.digest()) + "  " + woven + " woven, " + refused + " refused";
        }
    }

    private final ClassWeaver weaver = new ClassWeaver(HookAbi.BOOTSTRAP);
    private final Map<String, byte[]> classes;

    private WovenBytes(Map<String, byte[]> classes) {
        this.classes = classes;
    }

    public static void main(String[] arguments) throws IOException {
        boolean byClass = arguments.length > 0 && arguments[0].equals("--classes");
        for (String jar : Arrays.copyOfRange(arguments, byClass ? 1 : 0, arguments.length)) {
            WovenBytes bytes = new WovenBytes(read(new File(jar)));
            for (Way way : Way.values()) {
                bytes.print(Path.of(jar).getFileName() + " " + way, way, byClass);
            }
        }
    }

    private void print(String title, Way way, boolean byClass) {
        Fingerprint all = new Fingerprint();
        classes.forEach((name, bytes) -> {
            Fingerprint one = byClass ? new Fingerprint() : all;
            ClassNode type = new ClassNode();
            new ClassReader(bytes).accept(type, ClassReader.EXPAND_FRAMES);
            weave(bytes, way, way.methods(type), one);
            if (byClass) {
                System.out.println(title + " " + name + " " + one);
            }
        });
        if (!byClass) {
            System.out.println(title + " " + all);
        }
    }

    /** Weaves a class; where a method cannot be woven, the others without it, by halves. */
    private void weave(byte[] bytes, Way way, Map<String, MethodWeaving> methods, Fingerprint into) {
        Function<String, Optional<byte[]>> finder = name -> find(name);
        try {
            byte[] woven = weaver.weave(bytes, new ClassWeaving(way.points, methods, way.polls), finder).bytes();
            if (woven != null) {
                into.add(woven);
            }
        } catch (CannotWeave e) {
            into.refused(e.getMessage());
            List<String> names = methods.keySet().stream().sorted().toList();
            if (names.size() > 1 && e.missing() == null) {
                for (List<String> half : List.of(names.subList(0, names.size() / 2), names.subList(names.size() / 2, names.size()))) {
                    weave(bytes, way, half.stream().collect(Collectors.toMap(Function.identity(), methods::get)), into);
                }
            }
        }
    }

    private Optional<byte[]> find(String name) {
        byte[] own = classes.get(name);
        if (own != null) {
            return Optional.of(own);
        }
        try (InputStream in = ClassLoader.getPlatformClassLoader().getResourceAsStream(name + ".class")) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** By internal name, in order. */
    private static Map<String, byte[]> read(File jar) throws IOException {
        Map<String, byte[]> classes = new LinkedHashMap<>();
        try (JarFile file = new JarFile(jar)) {
            List<String> names = new ArrayList<>(file.stream().map(ZipEntry::getName).toList());
            names.removeIf(name -> !name.endsWith(".class") || name.startsWith("META-INF/") || name.endsWith("-info.class"));
            names.sort(null);
            for (String name : names) {
                try (InputStream in = file.getInputStream(file.getEntry(name))) {
                    classes.put(name.substring(0, name.length() - ".class".length()), in.readAllBytes());
                }
            }
        }
        return classes;
    }
}
