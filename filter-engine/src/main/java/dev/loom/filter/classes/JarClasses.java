package dev.loom.filter.classes;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The classes of jars and directories, in the order of a class path: the first that has a class gives it. Of an application
 * jar (Spring Boot, or a WAR) the application's classes and the jars inside count. Holds where each package is, the names in a
 * package once one of them was asked for, and no class: what it needs depends on what is asked for, not on how large the
 * application is. Of a multi-release jar the classes count that the JVM which runs this would load. Thread-safe.
 */
public final class JarClasses implements ClassSource, Closeable {

    /** Largest class file that is read, bytes. */
    private static final int MAX_CLASS = ClassFiles.MAX_SIZE;

    /** Largest packed jar inside another that is unpacked, bytes. */
    private static final long MAX_NESTED = 1L << 30;

    private static final String META_INF = "META-INF/";
    private static final Pattern VERSIONED = Pattern.compile("META-INF/versions/([1-9]\\d{0,3})/((?!META-INF/).*)");

    /** By package ({@code com/acme/}), in the order of the class path. */
    private final Map<String, List<Part>> packages = new LinkedHashMap<>();

    /** Packages that were asked for: where each class is, by its name without the package. */
    private final Map<String, NavigableMap<String, Place>> known = new ConcurrentHashMap<>();

    private final List<FileChannel> files = new ArrayList<>();
    private final List<Path> temporary = new ArrayList<>();

    /** Bytes that may still be unpacked. */
    private long left;

    private JarClasses(long mostUnpacked) {
        left = mostUnpacked;
    }

    /** Where a class file is. */
    private sealed interface Place {
        /** @param at of its entry in the central directory */
        record InArchive(ZipArchive archive, int at) implements Place {}

        record InDirectory(Path file) implements Place {}
    }

    /** Where classes of a package are. */
    private sealed interface Part {
        /**
         * A stretch of an archive's central directory, in which entries that are no classes, or not of the package, may stand.
         *
         * @param directory what the names of the package's classes begin with in this archive
         */
        record InArchive(ZipArchive archive, byte[] directory, int from, int to) implements Part {}

        record InDirectory(Path file) implements Part {}
    }

    /**
     * Opens jars and directories; of a directory, its class files and the jars that lie directly in it.
     *
     * @throws IOException if one does not exist or is not a jar; the message names it
     */
    public static JarClasses open(List<Path> classPath) throws IOException {
        return open(classPath, Long.MAX_VALUE);
    }

    /**
     * Like the other, of jars that nobody trusts.
     *
     * @param mostUnpacked bytes that packed jars inside may take on disk while these classes are open
     */
    public static JarClasses open(List<Path> classPath, long mostUnpacked) throws IOException {
        JarClasses classes = new JarClasses(mostUnpacked);
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
        Place place = place(internalName);
        if (place == null) {
            return Optional.empty();
        }
        try (InputStream in = place instanceof Place.InArchive a
                ? a.archive().open(a.archive().entry(a.at()))
                : Files.newInputStream(((Place.InDirectory) place).file())) {
            byte[] bytes = in.readNBytes(MAX_CLASS + 1);
            if (bytes.length > MAX_CLASS) {
                throw new IOException("it is larger than " + (MAX_CLASS >> 20) + " MiB");
            }
            return Optional.of(PreparedForm.original(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private @Nullable Place place(String internalName) {
        int simple = internalName.lastIndexOf('/') + 1;
        return places(internalName.substring(0, simple)).get(internalName.substring(simple));
    }

    private NavigableMap<String, Place> places(String packageName) {
        return packages.containsKey(packageName) ? known.computeIfAbsent(packageName, this::read) : Collections.emptyNavigableMap();
    }

    /** Where the classes of a package are, by name without the package. */
    private NavigableMap<String, Place> read(String packageName) {
        NavigableMap<String, Place> places = new TreeMap<>();
        each(packageName, (simple, archive, at) -> places.putIfAbsent(simple, new Place.InArchive(archive, at)),
                (simple, file) -> places.putIfAbsent(simple, new Place.InDirectory(file)));
        return places;
    }

    /** Is told of a class in an archive. */
    private interface Packed {
        void at(String simple, ZipArchive archive, int at);
    }

    /** Goes through the classes of a package in the order of the class path. */
    private void each(String packageName, Packed packed, BiConsumer<String, Path> plain) {
        try {
            for (Part part : packages.get(packageName)) {
                if (part instanceof Part.InDirectory in) {
                    plain.accept(simple(in.file().getFileName().toString()), in.file());
                } else if (part instanceof Part.InArchive in) {
                    int skipped = in.directory().length;
                    in.archive().scan(in.from(), in.to(), (bytes, name, length, at, end) -> {
                        if (EntryNames.isClass(bytes, name, length) && EntryNames.isIn(in.directory(), bytes, name, length)) {
                            packed.at(new String(bytes, name + skipped, length - skipped - EntryNames.ENDING, StandardCharsets.UTF_8), in.archive(), at);
                        }
                    });
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private static String simple(String file) {
        return file.substring(0, file.length() - EntryNames.ENDING);
    }

    /** A view: goes through the archives whenever it is gone through, so that the names need no memory. */
    @Override
    public Set<String> names() {
        return new AbstractSet<>() {
            @Override
            public Spliterator<String> spliterator() {
                return packages.keySet().stream().flatMap(p -> inPackage(p).stream()).spliterator();
            }

            @Override
            public Iterator<String> iterator() {
                return Spliterators.iterator(spliterator());
            }

            @Override
            public int size() {
                return packages.keySet().stream().mapToInt(p -> inPackage(p).size()).sum();
            }

            @Override
            public boolean contains(Object name) {
                return name instanceof String text && place(text) != null;
            }
        };
    }

    @Override
    public List<String> inPackage(String packageName) {
        Collection<String> simple = List.of();
        NavigableMap<String, Place> places = known.get(packageName);
        List<Part> parts = packages.get(packageName);
        if (places != null) {
            simple = places.keySet();
        } else if (parts != null) {
            Collection<String> found = parts.size() == 1 ? new ArrayList<>() : new LinkedHashSet<>();
            each(packageName, (name, archive, at) -> found.add(name), (name, file) -> found.add(name));
            simple = found;
        }
        List<String> names = new ArrayList<>(simple.size());
        simple.forEach(name -> names.add(packageName + name));
        return names;
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
                    if (name.endsWith(".class") && !name.endsWith("module-info.class") && !name.startsWith(META_INF)) {
                        add(name.substring(0, name.lastIndexOf('/') + 1), new Part.InDirectory(file));
                    }
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
        Runs own = new Runs(archive);
        Runs plain = new Runs(archive);
        List<Integer> nested = new ArrayList<>();
        archive.scan((bytes, name, length, at, end) -> {
            if (EntryNames.isClass(bytes, name, length)) {
                int root = EntryNames.classRoot(bytes, name, length);
                (root > 0 ? own : plain).add(bytes, name, length, root, at, end);
            } else if (EntryNames.isLibrary(bytes, name, length)) {
                nested.add(at);
            } else {
                plain.other(bytes, name, length, at);
            }
        });
        // the application's own classes go before those at the top, which are the launcher's in a Spring Boot jar
        own.end();
        plain.end();
        for (int at : nested) {
            ZipArchive.Entry entry = archive.entry(at);
            ZipArchive inner = entry.isStored() ? archive.nested(entry) : unpacked(archive, entry);
            Runs runs = new Runs(inner);
            inner.scan((bytes, name, length, from, end) -> {
                if (EntryNames.isClass(bytes, name, length)) {
                    runs.add(bytes, name, length, 0, from, end);
                } else {
                    runs.other(bytes, name, length, from);
                }
            });
            runs.end();
        }
    }

    /** Puts entries of one package that follow each other, as they mostly do, into one stretch. */
    private final class Runs {

        private final ZipArchive archive;
        private final Map<String, List<Part>> found = new LinkedHashMap<>();
        /** Those of META-INF/versions that this JVM would load, the newest version first. */
        private final NavigableMap<Integer, Map<String, List<Part>>> versions = new TreeMap<>(Comparator.reverseOrder());
        private byte[] directory = {};
        private String packageName = "";
        private int from = -1;
        private int to;
        /** Place of the archive's manifest; -1 if none was seen. */
        private int manifest = -1;

        Runs(ZipArchive archive) {
            this.archive = archive;
        }

        void add(byte[] bytes, int name, int length, int root, int at, int end) {
            if (from < 0 || !EntryNames.isIn(directory, bytes, name, length)) {
                keep();
                directory = Arrays.copyOfRange(bytes, name, name + EntryNames.slash(bytes, name, length));
                packageName = new String(directory, root, directory.length - root, StandardCharsets.UTF_8);
                from = at;
            }
            to = end;
        }

        private void keep() {
            if (from >= 0) {
                Matcher versioned = VERSIONED.matcher(packageName);
                Part part = new Part.InArchive(archive, directory, from, to);
                if (!packageName.startsWith(META_INF)) {
                    found.computeIfAbsent(packageName, k -> new ArrayList<>(1)).add(part);
                } else if (versioned.matches() && Integer.parseInt(versioned.group(1)) <= Runtime.version().feature()) {
                    versions.computeIfAbsent(Integer.valueOf(versioned.group(1)), k -> new LinkedHashMap<>())
                            .computeIfAbsent(versioned.group(2), k -> new ArrayList<>(1)).add(part);
                }
            }
        }

        /** Is told of what is no class. */
        void other(byte[] bytes, int name, int length, int at) {
            if (EntryNames.isManifest(bytes, name, length)) {
                manifest = at;
            }
        }

        private boolean isMultiRelease() {
            if (manifest < 0) {
                return false;
            }
            try (InputStream in = archive.open(archive.entry(manifest))) {
                return "true".equalsIgnoreCase(new Manifest(in).getMainAttributes().getValue("Multi-Release"));
            } catch (IOException unreadable) {
                return false; // as for the JVM, its classes still count
            }
        }

        void end() {
            keep();
            if (isMultiRelease()) {
                versions.values().forEach(version -> version.forEach((name, parts) -> parts.forEach(part -> JarClasses.this.add(name, part))));
            }
            found.forEach((name, parts) -> parts.forEach(part -> JarClasses.this.add(name, part)));
        }
    }

    /** A copy of a packed jar (WARs pack their libraries) that can be read in any order. */
    private ZipArchive unpacked(ZipArchive archive, ZipArchive.Entry entry) throws IOException {
        Path copy = Files.createTempFile("loom-classes", ".jar");
        temporary.add(copy);
        long most = Math.min(MAX_NESTED, left);
        if (entry.size() > most) {
            throw new IOException(entry.name() + " is too large: " + entry.size() + " bytes");
        }
        try (InputStream in = archive.open(entry);
                InputStream bounded = new Bounded(in, most)) {
            left -= Files.copy(bounded, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        FileChannel file = FileChannel.open(copy, StandardOpenOption.READ);
        files.add(file);
        return new ZipArchive(entry.name(), file, 0, file.size());
    }

    private void add(String packageName, Part part) {
        packages.computeIfAbsent(packageName, k -> new ArrayList<>(1)).add(part);
    }

    private static boolean isJar(String name) {
        return name.endsWith(".jar") || name.endsWith(".war");
    }
}
