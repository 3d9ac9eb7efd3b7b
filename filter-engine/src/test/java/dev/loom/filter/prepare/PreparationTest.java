package dev.loom.filter.prepare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.Sources;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.classes.PreparedMark;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Jars that are prepared before they are deployed")
class PreparationTest {

    private static final String LOOP = "public class Loop { public static void main(String[] a) { for (;;) { System.out.println(a); } } }";
    private static final byte[] CLASS = Sources.compile("Loop.java", LOOP).find("Loop").orElseThrow();
    private static final long TIME = 1_600_000_000_000L;
    private static final String MANIFEST = "Manifest-Version: 1.0\r\n";

    @TempDir
    Path directory;

    private static Preparation preparation(boolean removesSignatures) {
        return new Preparation(ClassSource.empty(), true, removesSignatures, Map.of("dev/loom/bootstrap/PreparedGuards.class", new byte[] {1}));
    }

    /** A jar in memory; what ends in .jar is stored. */
    private static byte[] zip(Object... namesAndContents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.setComment("of a tool");
            for (int i = 0; i < namesAndContents.length; i += 2) {
                ZipEntry entry = new ZipEntry((String) namesAndContents[i]);
                byte[] content = namesAndContents[i + 1] instanceof byte[] some
                        ? some : ((String) namesAndContents[i + 1]).getBytes(StandardCharsets.UTF_8);
                entry.setTime(TIME);
                entry.setComment("entry " + i);
                if (entry.getName().endsWith(".jar")) {
                    CRC32 sum = new CRC32();
                    sum.update(content);
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(content.length);
                    entry.setCrc(sum.getValue());
                }
                out.putNextEntry(entry);
                out.write(content);
            }
        }
        return bytes.toByteArray();
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(directory.resolve(name), content);
    }

    private static List<String> names(Path jar) throws IOException {
        try (ZipFile file = new ZipFile(jar.toFile())) {
            return file.stream().map(ZipEntry::getName).map(String.class::cast).toList();
        }
    }

    private static byte[] content(Path jar, String name) throws IOException {
        try (ZipFile file = new ZipFile(jar.toFile())) {
            return file.getInputStream(file.getEntry(name)).readAllBytes();
        }
    }

    private static boolean isPrepared(byte[] classFile) {
        return PreparedMark.of(classFile) != null;
    }

    @Test
    @DisplayName("keep order, times, comments and everything that is no class; the same input gives the same bytes; twice is once")
    void plainJar() throws IOException {
        Path jar = file("app.jar", zip("META-INF/MANIFEST.MF", MANIFEST, "z.txt", "text", "Loop.class", CLASS, "a.txt", "more", "Broken.class", "no class",
                "META-INF/versions/21/Loop.class", CLASS));
        byte[] before = Files.readAllBytes(jar);
        Path to = directory.resolve("out/app.jar");
        Tally tally = preparation(false).jar(jar, to);
        assertEquals(2, tally.done());
        assertEquals(1, tally.left().size());
        assertTrue(tally.left().get(0).startsWith("app.jar!/Broken.class: it is damaged"), tally.left().get(0));
        assertArrayEquals(before, Files.readAllBytes(jar), "the input was written to");
        assertEquals(names(jar), names(to));
        try (ZipFile file = new ZipFile(to.toFile())) {
            assertEquals("of a tool", file.getComment());
            ZipEntry entry = file.getEntry("Loop.class");
            assertEquals(TIME, entry.getTime());
            assertEquals("entry 4", entry.getComment());
        }
        assertTrue(isPrepared(content(to, "Loop.class")));
        assertTrue(isPrepared(content(to, "META-INF/versions/21/Loop.class")));
        assertEquals("no class", new String(content(to, "Broken.class"), StandardCharsets.UTF_8));
        // whoever reads it as a stream sees the same
        List<String> streamed = new ArrayList<>();
        try (JarInputStream in = new JarInputStream(Files.newInputStream(to))) {
            assertNotNull(in.getManifest());
            for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                streamed.add(entry.getName());
            }
        }
        assertEquals(names(to).subList(1, names(to).size()), streamed);
        Path again = directory.resolve("again/app.jar");
        preparation(false).jar(jar, again);
        assertArrayEquals(Files.readAllBytes(to), Files.readAllBytes(again));
        Path twice = directory.resolve("twice/app.jar");
        Tally second = preparation(false).jar(to, twice);
        assertEquals(0, second.done());
        assertEquals(2, second.already());
        assertArrayEquals(Files.readAllBytes(to), Files.readAllBytes(twice));
    }

    @Test
    @DisplayName("of Spring Boot keep their jars stored with the right sum, their launcher as it is, and the script in front; they carry the run-time part")
    void fatJar() throws IOException {
        byte[] library = zip("lib/Other.txt", "x", "Loop.class", CLASS);
        byte[] plain = zip("only.txt", "x");
        byte[] fat = zip("META-INF/MANIFEST.MF", MANIFEST + "Main-Class: org.springframework.boot.loader.launch.JarLauncher\r\n",
                "org/springframework/boot/loader/launch/JarLauncher.class", CLASS, "BOOT-INF/classes/Loop.class", CLASS,
                "BOOT-INF/lib/library.jar", library, "BOOT-INF/lib/plain.jar", plain, "BOOT-INF/lib/broken.jar", "no jar");
        ByteArrayOutputStream script = new ByteArrayOutputStream();
        script.writeBytes("#!/bin/sh\nexit 0\n".getBytes(StandardCharsets.UTF_8));
        script.writeBytes(fat);
        Path jar = file("fat.jar", script.toByteArray());
        Path to = directory.resolve("out/fat.jar");
        Tally tally = preparation(false).jar(jar, to);
        assertEquals(2, tally.done());
        assertEquals(List.of("fat.jar!/BOOT-INF/lib/broken.jar: fat.jar!/BOOT-INF/lib/broken.jar is not a jar"), tally.left());
        assertTrue(new String(Files.readAllBytes(to), StandardCharsets.ISO_8859_1).startsWith("#!/bin/sh"));
        List<String> expected = new ArrayList<>(names(jar));
        expected.add("BOOT-INF/classes/dev/loom/bootstrap/PreparedGuards.class");
        assertEquals(expected, names(to));
        assertFalse(isPrepared(content(to, "org/springframework/boot/loader/launch/JarLauncher.class")));
        assertArrayEquals(plain, content(to, "BOOT-INF/lib/plain.jar"));
        try (ZipFile file = new ZipFile(to.toFile())) {
            ZipEntry entry = file.getEntry("BOOT-INF/lib/library.jar");
            assertEquals(ZipEntry.STORED, entry.getMethod());
            byte[] inner = file.getInputStream(entry).readAllBytes();
            CRC32 sum = new CRC32();
            sum.update(inner);
            assertEquals(sum.getValue(), entry.getCrc());
            try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(inner))) {
                in.getNextJarEntry();
                in.getNextJarEntry();
                assertTrue(isPrepared(in.readAllBytes()));
            }
        }
        Path twice = directory.resolve("twice/fat.jar");
        preparation(false).jar(to, twice);
        assertArrayEquals(Files.readAllBytes(to), Files.readAllBytes(twice));
    }

    @Test
    @DisplayName("stay as they are where they are signed, unless the signatures are to go")
    void signedJar() throws IOException {
        Path jar = file("signed.jar", zip("META-INF/MANIFEST.MF", MANIFEST, "META-INF/ME.SF", "sf", "META-INF/ME.RSA", "rsa", "Loop.class", CLASS));
        Path to = directory.resolve("out/signed.jar");
        assertEquals(List.of("signed.jar"), preparation(false).jar(jar, to).signed());
        assertArrayEquals(Files.readAllBytes(jar), Files.readAllBytes(to));
        assertEquals(1, preparation(true).jar(jar, to).done());
        assertEquals(List.of("META-INF/MANIFEST.MF", "Loop.class"), names(to));
        assertTrue(isPrepared(content(to, "Loop.class")));
    }

    @Test
    @DisplayName("with a module descriptor keep it, and are named")
    void modularJar() throws IOException {
        byte[] descriptor = {1, 2, 3};
        Path jar = file("module.jar", zip("module-info.class", descriptor, "p/Loop.class", CLASS));
        Path to = directory.resolve("out/module.jar");
        Tally tally = preparation(false).jar(jar, to);
        assertEquals(List.of("module.jar!/module-info.class"), tally.modules());
        assertEquals(1, tally.done());
        assertArrayEquals(descriptor, content(to, "module-info.class"));
        assertFalse(tally.isWithRuntime());
    }

    @Test
    @DisplayName("are only looked at where nothing is to be written")
    void look() throws IOException {
        Path jar = file("app.jar", zip("Loop.class", CLASS));
        assertEquals(1, preparation(false).jar(jar, null).done());
        assertEquals(List.of("app.jar"), List.of(directory.toFile().list()));
    }

    @Test
    @DisplayName("that are none, or are damaged, are named, and nothing is written")
    void noJar() throws IOException {
        Path text = file("text.jar", "no jar".getBytes(StandardCharsets.UTF_8));
        IOException none = assertThrows(IOException.class, () -> preparation(false).jar(text, directory.resolve("out/text.jar")));
        assertEquals(text + " is not a jar", none.getMessage());
        byte[] whole = zip("Loop.class", CLASS, "b.txt", "text");
        whole[whole.length - 60] ^= 0x55;
        whole[0] = 0;
        Path damaged = file("damaged.jar", whole);
        assertThrows(IOException.class, () -> preparation(false).jar(damaged, directory.resolve("out/damaged.jar")));
        assertNull(directory.resolve("out").toFile().list());
    }

    @Test
    @DisplayName("and directories of classes are copied with all their files, or changed in place")
    void directories() throws IOException {
        Path classes = Files.createDirectories(directory.resolve("classes/p"));
        Files.write(classes.resolve("Loop.class"), CLASS);
        Files.writeString(classes.resolve("p.txt"), "text");
        Path to = directory.resolve("out/classes");
        assertEquals(1, preparation(false).directory(classes.getParent(), to).done());
        assertTrue(isPrepared(Files.readAllBytes(to.resolve("p/Loop.class"))));
        assertEquals("text", Files.readString(to.resolve("p/p.txt")));
        assertArrayEquals(CLASS, Files.readAllBytes(classes.resolve("Loop.class")));
        preparation(false).directory(classes.getParent(), classes.getParent());
        assertTrue(isPrepared(Files.readAllBytes(classes.resolve("Loop.class"))));
        assertEquals(1, preparation(false).directory(classes.getParent(), classes.getParent()).already());
    }
}
