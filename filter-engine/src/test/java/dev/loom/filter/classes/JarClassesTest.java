package dev.loom.filter.classes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.Packed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JarClassesTest {

    private static final byte[] BANK = "bank".repeat(1_000).getBytes();
    private static final byte[] OTHER = {1, 2, 3};

    @TempDir
    Path directory;

    @Test
    void classesOfAJarAreFoundWhetherPackedOrNot() throws IOException {
        for (boolean stored : new boolean[] {true, false}) {
            Path jar = write("a.jar", Packed.zip(Map.of("com/acme/Bank.class", BANK, "README", OTHER, "module-info.class", OTHER),
                    stored));

            try (JarClasses classes = JarClasses.open(List.of(jar))) {
                assertEquals(Set.of("com/acme/Bank"), classes.names());
                assertArrayEquals(BANK, classes.find("com/acme/Bank").orElseThrow());
                assertTrue(classes.find("com/acme/Bnak").isEmpty());
                assertTrue(!classes.mayGrow());
            }
        }
    }

    @Test
    void ofAMultiReleaseJarTheClassesOfThisJvmCount() throws IOException {
        byte[] manifest = "Manifest-Version: 1.0\r\nMulti-Release: true\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Path jar = write("multi.jar", Packed.zip(Map.of(
                "META-INF/MANIFEST.MF", manifest, "a/A.class", BANK, "META-INF/versions/9/a/A.class", BANK, "META-INF/versions/11/a/A.class", OTHER,
                "META-INF/versions/999/a/A.class", BANK, "META-INF/versions/11/only/New.class", OTHER), false));
        try (JarClasses classes = JarClasses.open(List.of(jar))) {
            assertArrayEquals(OTHER, classes.find("a/A").orElseThrow(), "the newest that this JVM loads");
            assertArrayEquals(OTHER, classes.find("only/New").orElseThrow());
            assertEquals(2, classes.names().size(), classes.names().toString());
        }
    }

    @Test
    void versionsForParticularJdksAreLeftOutOfAJarThatIsNotMultiRelease() throws IOException {
        Path jar = write("a.jar", Packed.zip(Map.of("A.class", BANK, "META-INF/versions/17/A.class", OTHER), false));

        try (JarClasses classes = JarClasses.open(List.of(jar))) {
            assertEquals(Set.of("A"), classes.names());
            assertArrayEquals(BANK, classes.find("A").orElseThrow());
        }
    }

    @Test
    void anApplicationJarGivesItsClassesAndThoseOfTheJarsInside() throws IOException {
        for (boolean stored : new boolean[] {true, false}) {
            byte[] library = Packed.zip(Map.of("org/lib/Pool.class", BANK, "com/acme/Bank.class", OTHER), false);
            Map<String, byte[]> content = new LinkedHashMap<>();
            content.put("org/springframework/boot/loader/Launcher.class", OTHER);
            content.put("BOOT-INF/classes/com/acme/Bank.class", BANK);
            content.put("BOOT-INF/lib/pool.jar", library);
            Path jar = write("app.jar", Packed.zip(content, stored));

            try (JarClasses classes = JarClasses.open(List.of(jar))) {
                assertEquals(Set.of("com/acme/Bank", "org/lib/Pool", "org/springframework/boot/loader/Launcher"),
                        classes.names());
                assertArrayEquals(BANK, classes.find("com/acme/Bank").orElseThrow());
                assertArrayEquals(BANK, classes.find("org/lib/Pool").orElseThrow());
            }
        }
    }

    @Test
    void aPackageThatIsScatteredOverAJarAndOverTwoIsWholeAndTheFirstOfANameGivesIt() throws IOException {
        Map<String, byte[]> scattered = new LinkedHashMap<>();
        for (String name : List.of("a/A.class", "b/A.class", "a/README", "a/B.class", "a/c/A.class", "a/C.class", "D.class", "ä/Ö.class")) {
            scattered.put(name, BANK);
        }
        Path first = write("first.jar", Packed.zip(scattered, false));
        Path second = write("second.jar", Packed.zip(Map.of("a/C.class", OTHER, "a/E.class", OTHER), true));

        try (JarClasses classes = JarClasses.open(List.of(first, second))) {
            assertEquals(Set.of("a/A", "a/B", "a/C", "a/E"), Set.copyOf(classes.inPackage("a/")));
            assertEquals(List.of("D"), classes.inPackage(""));
            assertEquals(List.of(), classes.inPackage("a"));
            assertEquals(Set.of("a/A", "a/B", "a/C", "a/E", "b/A", "a/c/A", "D", "ä/Ö"), classes.names());
            assertArrayEquals(BANK, classes.find("a/C").orElseThrow());
            assertArrayEquals(OTHER, classes.find("a/E").orElseThrow());
            assertArrayEquals(BANK, classes.find("ä/Ö").orElseThrow());
            assertTrue(classes.names().contains("a/E") && !classes.names().contains("a/F"));
        }
    }

    @Test
    void jarsInsideThatWouldUnpackToMoreThanIsAllowedAreRefused() throws IOException {
        byte[] inside = Packed.zip(Map.of("A.class", BANK), false);
        Path jar = write("app.jar", Packed.zip(Map.of("BOOT-INF/lib/a.jar", inside, "BOOT-INF/lib/b.jar", inside), false));

        JarClasses.open(List.of(jar), 2L * inside.length).close();
        assertThrows(IOException.class, () -> JarClasses.open(List.of(jar), 2L * inside.length - 1));
    }

    @Test
    void aJarBehindAScriptIsRead() throws IOException {
        byte[] zip = Packed.zip(Map.of("A.class", BANK), false);
        ByteArrayOutputStream executable = new ByteArrayOutputStream();
        executable.write("#!/bin/sh\nexec java -jar $0\n".getBytes());
        executable.write(zip);

        try (JarClasses classes = JarClasses.open(List.of(write("run.jar", executable.toByteArray())))) {
            assertArrayEquals(BANK, classes.find("A").orElseThrow());
        }
    }

    @Test
    void aJarWithMoreEntriesThanTheOldFormatCountsIsRead() throws IOException {
        Map<String, byte[]> content = new LinkedHashMap<>();
        for (int i = 0; i < 70_000; i++) {
            content.put("p/C" + i + ".class", OTHER);
        }

        try (JarClasses classes = JarClasses.open(List.of(write("big.jar", Packed.zip(content, false))))) {
            assertEquals(70_000, classes.names().size());
            assertArrayEquals(OTHER, classes.find("p/C69999").orElseThrow());
        }
    }

    @Test
    void aDirectoryGivesItsClassesAndItsJars() throws IOException {
        Files.createDirectories(directory.resolve("com/acme"));
        Files.write(directory.resolve("com/acme/Bank.class"), BANK);
        write("lib.jar", Packed.zip(Map.of("org/lib/Pool.class", OTHER, "com/acme/Bank.class", OTHER), false));

        try (JarClasses classes = JarClasses.open(List.of(directory))) {
            assertEquals(Set.of("com/acme/Bank", "org/lib/Pool"), new TreeSet<>(classes.names()));
            assertArrayEquals(BANK, classes.find("com/acme/Bank").orElseThrow());
        }
    }

    @Test
    void whatIsNoJarIsSaidToBeNone() throws IOException {
        Path text = write("a.jar", "not a jar at all, but long enough to be one".getBytes());
        assertEquals(text + " is not a jar", assertThrows(IOException.class, () -> JarClasses.open(List.of(text))).getMessage());
        Path empty = write("b.jar", new byte[0]);
        assertEquals(empty + " is not a jar",
                assertThrows(IOException.class, () -> JarClasses.open(List.of(empty))).getMessage());
        Path none = directory.resolve("none.jar");
        assertTrue(assertThrows(IOException.class, () -> JarClasses.open(List.of(none))).getMessage().contains("none.jar"));
    }

    @Test
    void damagedJarsFailWithAnIoExceptionAndNothingElse() throws IOException {
        byte[] whole = Packed.zip(Map.of("A.class", BANK, "BOOT-INF/lib/x.jar", Packed.zip(Map.of("B.class", OTHER), true)), true);
        Random random = new Random(42);
        for (int round = 0; round < 2_000; round++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Path jar = write("damaged.jar", random.nextInt(4) == 0
                    ? java.util.Arrays.copyOf(damaged, random.nextInt(damaged.length)) : damaged);
            try (JarClasses classes = JarClasses.open(List.of(jar))) {
                classes.names().forEach(classes::find);
            } catch (IOException | UncheckedIOException expected) {
                // said, not thrown as something else
            }
        }
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(directory.resolve(name), content);
    }
}
