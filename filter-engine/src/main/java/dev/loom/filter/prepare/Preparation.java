package dev.loom.filter.prepare;

import dev.loom.filter.classes.ClassSource;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Prepares all classes of jars and directories, those of jars inside too. Reads files that it never writes to; what it writes is in place
 * whole or not at all. Not thread-safe.
 *
 * <p>Signatures cannot hold over changed classes. So a signed jar stays as it is, unless its signatures are to be removed.
 */
public final class Preparation {

    /** Jars in jars in jars. */
    private static final int DEEPEST = 3;

    private static final List<String> APPLICATION = List.of("BOOT-INF/classes/", "WEB-INF/classes/");
    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    /** Starts Spring Boot applications; its classes do not see what the application has. */
    private static final String LAUNCHER = "org/springframework/boot/loader/";

    /** The run-time part as a library of the application. */
    private static final Pattern RUNTIME_JAR = Pattern.compile(".*/loom-runtime[^/]*\\.jar");

    private final Preparer preparer;
    private final boolean removesSignatures;
    private final Map<String, byte[]> runtime;

    /**
     * Says how to prepare.
     *
     * @param classes has other classes than the JDK's, for old class files
     * @param all whether methods whose frames are gone soon get update points too
     * @param removesSignatures whether signed jars are prepared and lose their signatures
     * @param runtime class files of the run-time part, by path: put into jars that nothing can be put beside; empty for none
     */
    public Preparation(ClassSource classes, boolean all, boolean removesSignatures, Map<String, byte[]> runtime) {
        preparer = new Preparer(name -> find(classes, name), all);
        this.removesSignatures = removesSignatures;
        this.runtime = new TreeMap<>(runtime);
    }

    private static Optional<byte[]> find(ClassSource classes, String name) {
        try {
            return classes.find(name);
        } catch (UncheckedIOException | IllegalArgumentException e) {
            return Optional.empty(); // as if it were not there
        }
    }

    /** Whether a jar has signatures. Throws like {@link #jar}. */
    public static boolean isSigned(Path jar) throws IOException {
        return open(jar).entries().stream().anyMatch(entry -> isSignature(entry.name()));
    }

    /**
     * Prepares a jar.
     *
     * @param to where to write, or null only to look; never the jar itself
     * @throws IOException if it cannot be read or written, or is no jar; the message names it
     */
    public Tally jar(Path jar, @Nullable Path to) throws IOException {
        Tally tally = new Tally();
        jar(jar, to, tally, jar.getFileName().toString());
        return tally;
    }

    private void jar(Path jar, @Nullable Path to, Tally tally, String shown) throws IOException {
        ZipImage image = open(jar);
        ZipImage.Changes changes = changes(image, shown, tally, 0);
        if (to != null) {
            replace(jar, to, out -> image.write(out, changes));
        }
    }

    private static ZipImage open(Path jar) throws IOException {
        try (FileChannel file = FileChannel.open(jar, StandardOpenOption.READ)) {
            if (file.size() > Integer.MAX_VALUE) {
                throw new IOException(jar + " is larger than 2 GiB, which is not supported");
            }
            return new ZipImage(jar.toString(), file.map(FileChannel.MapMode.READ_ONLY, 0, file.size()));
        }
    }

    /**
     * Prepares the classes in a directory, and in the jars in it.
     *
     * @param to where to write all of its files, or null only to look; the same directory replaces its files
     * @throws IOException if it cannot be read or written; the message names the file
     */
    public Tally directory(Path directory, @Nullable Path to) throws IOException {
        Tally tally = new Tally();
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    files.add(directory.relativize(file));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(null);
        for (Path file : files) {
            prepare(directory.resolve(file), to == null ? null : to.resolve(file.toString()), tally, file.toString().replace('\\', '/'));
        }
        return tally;
    }

    private void prepare(Path file, @Nullable Path to, Tally tally, String shown) throws IOException {
        boolean isPlace = to != null && Files.exists(to) && Files.isSameFile(file, to);
        if (isJar(shown)) {
            if (!isPlace) {
                jar(file, to, tally, shown);
            }
        } else {
            byte[] changed = isClass(shown) ? changed(shown, Files.readAllBytes(file), tally) : null;
            if (to != null && (changed != null || !isPlace)) {
                replace(file, to, out -> out.write(changed == null ? Files.readAllBytes(file) : changed));
            }
            if (runtime.containsKey(shown)) {
                tally.hasRuntime();
            }
        }
    }

    /** The prepared bytes of a class, or null if it stays as it is. */
    private byte @Nullable [] changed(String shown, byte[] content, Tally tally) {
        if (shown.endsWith("module-info.class")) {
            if (!shown.contains(".jar!/") || shown.indexOf("!/") == shown.lastIndexOf("!/")) {
                tally.module(shown); // those of jars inside count for nothing on a class path
            }
            return null;
        }
        if (shown.contains(LAUNCHER)) {
            tally.count(shown, new Prepared.NotNeeded());
            return null;
        }
        Prepared outcome = preparer.prepare(content);
        tally.count(shown, outcome);
        return outcome instanceof Prepared.Done done ? done.classFile() : null;
    }

    private ZipImage.Changes changes(ZipImage image, String shown, Tally tally, int depth) throws IOException {
        Map<Integer, byte[]> contents = new HashMap<>();
        Set<Integer> dropped = new HashSet<>();
        List<ZipImage.Entry> entries = image.entries();
        for (int i = 0; i < entries.size(); i++) {
            if (isSignature(entries.get(i).name())) {
                dropped.add(i);
            }
        }
        if (!dropped.isEmpty() && !removesSignatures) {
            tally.signed(shown);
            return new ZipImage.Changes(Map.of(), Set.of(), Map.of());
        }
        for (int i = 0; i < entries.size(); i++) {
            ZipImage.Entry entry = entries.get(i);
            String place = shown + "!/" + entry.name();
            if (entry.isPlain() && isClass(entry.name())) {
                byte[] changed = changed(place, bytes(image.content(entry)), tally);
                if (changed != null) {
                    contents.put(i, changed);
                }
            } else if (entry.isPlain() && isJar(entry.name()) && depth < DEEPEST) {
                byte[] changed = nested(image.content(entry), place, tally, depth);
                if (changed != null) {
                    contents.put(i, changed);
                }
            }
        }
        return new ZipImage.Changes(contents, dropped, depth > 0 ? Map.of() : runtimeFor(image, tally));
    }

    private byte @Nullable [] nested(ByteBuffer content, String place, Tally tally, int depth) throws IOException {
        ZipImage inner;
        try {
            inner = new ZipImage(place, content);
        } catch (IOException e) {
            tally.count(place, new Prepared.Left(e.getMessage()));
            return null;
        }
        ZipImage.Changes changes = changes(inner, place, tally, depth + 1);
        if (changes.isEmpty()) {
            return null;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.remaining());
        inner.write(out, changes);
        return out.toByteArray();
    }

    /** The run-time part goes into jars that are started by themselves: nothing can be put beside them on the class path. */
    private Map<String, byte[]> runtimeFor(ZipImage image, Tally tally) throws IOException {
        Set<String> names = new HashSet<>();
        image.entries().forEach(entry -> names.add(entry.name()));
        String root = null;
        for (String application : APPLICATION) {
            if (names.stream().anyMatch(name -> name.startsWith(application))) {
                root = application;
            }
        }
        if (root == null) {
            root = isExecutable(image) && !names.contains("module-info.class") ? "" : null;
        }
        if (root == null || runtime.isEmpty()) {
            return Map.of();
        }
        tally.hasRuntime();
        Map<String, byte[]> added = new TreeMap<>();
        if (names.stream().anyMatch(RUNTIME_JAR.asMatchPredicate())) {
            return added;
        }
        for (Map.Entry<String, byte[]> one : runtime.entrySet()) {
            if (!names.contains(root + one.getKey())) {
                added.put(root + one.getKey(), one.getValue());
            }
        }
        return added;
    }

    private static boolean isExecutable(ZipImage image) throws IOException {
        for (ZipImage.Entry entry : image.entries()) {
            if (entry.name().equals(MANIFEST) && entry.isPlain()) {
                Manifest manifest = new Manifest(new ByteArrayInputStream(bytes(image.content(entry))));
                return manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS) != null;
            }
        }
        return false;
    }

    private static byte[] bytes(ByteBuffer some) {
        byte[] all = new byte[some.remaining()];
        some.duplicate().get(all);
        return all;
    }

    private static boolean isClass(String name) {
        return name.endsWith(".class");
    }

    private static boolean isJar(String name) {
        return name.endsWith(".jar") || name.endsWith(".war");
    }

    /** As the JDK tells them (JAR File Specification, "Signed JAR File"). */
    private static boolean isSignature(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.startsWith("META-INF/") && upper.indexOf('/', "META-INF/".length()) < 0
                && (upper.endsWith(".SF") || upper.endsWith(".RSA") || upper.endsWith(".DSA") || upper.endsWith(".EC")
                        || upper.startsWith("META-INF/SIG-"));
    }

    /** The class files of the run-time part, by path, as its jar has them. */
    public static Map<String, byte[]> runtime(InputStream jar) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (JarInputStream in = new JarInputStream(jar, false)) {
            for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                if (isClass(entry.getName())) {
                    files.put(entry.getName(), in.readAllBytes());
                }
            }
        }
        return files;
    }

    private interface Writer {
        void write(OutputStream out) throws IOException;
    }

    /** Writes a file beside its place and moves it there, with the times and permissions of the one that it was made from. */
    private static void replace(Path from, Path to, Writer writer) throws IOException {
        Files.createDirectories(to.toAbsolutePath().getParent());
        Path fresh = Files.createTempFile(to.toAbsolutePath().getParent(), ".loom-", ".tmp");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(fresh), 1 << 16)) {
                writer.write(out);
            }
            PosixFileAttributeView permissions = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
            if (permissions != null) {
                permissions.setPermissions(Files.getPosixFilePermissions(from));
            }
            Files.setLastModifiedTime(fresh, Files.getLastModifiedTime(from));
            Files.move(fresh, to, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
