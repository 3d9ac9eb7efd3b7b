package dev.loom.filter.classes;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The classes of jars and directories, in the order of a class path: the first that has a class gives it. Of an application
 * jar (Spring Boot, or a WAR) the application's classes and the jars inside count. Holds the names of the classes and reads a
 * class file when it is asked for. Classes for particular JDK versions ({@code META-INF/versions}) are left out. Thread-safe.
 */
public final class JarClasses implements ClassSource, Closeable {

    /** Largest class file that is read, bytes. */
    private static final int MAX_CLASS = ClassFiles.MAX_SIZE;

    /** Largest packed jar inside another that is unpacked, bytes. */
    private static final long MAX_NESTED = 1L << 30;

    private static final List<String> CLASS_ROOTS = List.of("BOOT-INF/classes/", "WEB-INF/classes/");

    private static final List<String> LIBRARY_ROOTS = List.of("BOOT-INF/lib/", "WEB-INF/lib/", "WEB-INF/lib-provided/", "lib/");

    private final TreeMap<String, Place> places = new TreeMap<>();
    private final List<FileChannel> files = new ArrayList<>();
    private final List<Path> temporary = new ArrayList<>();

    private JarClasses() {}

    /** Where a class file is. */
    private sealed interface Place {
        record InArchive(ZipArchive archive, ZipArchive.Entry entry) implements Place {}

        record InDirectory(Path file) implements Place {}
    }

    /**
     * Opens jars and directories; of a directory, its class files and the jars that lie directly in it.
     *
     * @throws IOException if one does not exist or is not a jar; the message names it
     */
    public static JarClasses open(List<Path> classPath) throws IOException {
        JarClasses classes = new JarClasses();
        try {
            for (Path path : classPath) {
                if (Files.isDirectory(path)) {
                    classes.addDirectory(path);
                } else if (Files.exists(path)) {
                    classes.addJar(path);
                } else {
                    throw new NoSuchFileException(path.toString(), null, "there is no such file or directory");
                }
            }
            return classes;
        } catch (IOException | RuntimeException e) {
            classes.close();
            throw e;
        }
    }

    @Override
    public Optional<byte[]> find(String internalName) {
        Place place = places.get(internalName);
        if (place == null) {
            return Optional.empty();
        }
        try (InputStream in = place instanceof Place.InArchive a
                ? a.archive().open(a.entry())
                : Files.newInputStream(((Place.InDirectory) place).file())) {
            byte[] bytes = in.readNBytes(MAX_CLASS + 1);
            if (bytes.length > MAX_CLASS) {
                throw new IOException("it is larger than " + (MAX_CLASS >> 20) + " MiB");
            }
            return Optional.of(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public SortedSet<String> names() {
        return Collections.unmodifiableNavigableSet(places.navigableKeySet());
    }

    /** Closes the files. Classes can then no longer be read. */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (FileChannel file : files) {
            try {
                file.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        for (Path copy : temporary) {
            try {
                Files.deleteIfExists(copy);
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void addDirectory(Path directory) throws IOException {
        List<Path> jars = new ArrayList<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) all::iterator) {
                if (file.getParent() != null && file.getParent().equals(directory) && isJar(file.toString())
                        && Files.isRegularFile(file)) {
                    jars.add(file);
                } else {
                    String name = directory.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
                    add(name, new Place.InDirectory(file));
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        Collections.sort(jars);
        for (Path jar : jars) {
            addJar(jar);
        }
    }

    private void addJar(Path jar) throws IOException {
        FileChannel file = FileChannel.open(jar, StandardOpenOption.READ);
        files.add(file);
        ZipArchive archive = new ZipArchive(jar.toString(), file, 0, file.size());
        List<ZipArchive.Entry> nested = new ArrayList<>();
        Map<String, Place> plain = new HashMap<>();
        for (ZipArchive.Entry entry : archive.entries(n -> n.endsWith(".class") || isJar(n))) {
            String name = entry.name();
            if (isJar(name)) {
                if (LIBRARY_ROOTS.stream().anyMatch(name::startsWith)) {
                    nested.add(entry);
                }
                continue;
            }
            Optional<String> root = CLASS_ROOTS.stream().filter(name::startsWith).findFirst();
            if (root.isPresent()) {
                add(name.substring(root.get().length()), new Place.InArchive(archive, entry));
            } else {
                plain.put(name, new Place.InArchive(archive, entry));
            }
        }
        // the application's own classes go before those at the top, which are the launcher's in a Spring Boot jar
        plain.forEach(this::add);
        for (ZipArchive.Entry entry : nested) {
            ZipArchive inner = entry.isStored() ? archive.nested(entry) : unpacked(archive, entry);
            for (ZipArchive.Entry one : inner.entries(n -> n.endsWith(".class"))) {
                add(one.name(), new Place.InArchive(inner, one));
            }
        }
    }

    /** A copy of a packed jar (WARs pack their libraries) that can be read in any order. */
    private ZipArchive unpacked(ZipArchive archive, ZipArchive.Entry entry) throws IOException {
        Path copy = Files.createTempFile("loom-classes", ".jar");
        temporary.add(copy);
        if (entry.size() > MAX_NESTED) {
            throw new IOException(entry.name() + " is too large: " + entry.size() + " bytes");
        }
        try (InputStream in = archive.open(entry);
                InputStream bounded = new Bounded(in, MAX_NESTED)) {
            Files.copy(bounded, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        FileChannel file = FileChannel.open(copy, StandardOpenOption.READ);
        files.add(file);
        return new ZipArchive(entry.name(), file, 0, file.size());
    }

    private void add(String file, Place place) {
        if (file.endsWith(".class") && !file.startsWith("META-INF/") && !file.endsWith("module-info.class")) {
            places.putIfAbsent(file.substring(0, file.length() - ".class".length()), place);
        }
    }

    private static boolean isJar(String name) {
        return name.endsWith(".jar") || name.endsWith(".war");
    }

    /** Fails when more comes than was announced. */
    private static final class Bounded extends java.io.FilterInputStream {

        private long left;

        Bounded(InputStream in, long most) {
            super(in);
            left = most;
        }

        @Override
        public int read() throws IOException {
            int c = super.read();
            return counted(c < 0 ? -1 : 1) < 0 ? -1 : c;
        }

        @Override
        public int read(byte[] into, int offset, int size) throws IOException {
            return counted(super.read(into, offset, size));
        }

        private int counted(int count) throws IOException {
            left -= Math.max(0, count);
            if (left < 0) {
                throw new IOException("a jar inside is larger than it says");
            }
            return count;
        }
    }
}
