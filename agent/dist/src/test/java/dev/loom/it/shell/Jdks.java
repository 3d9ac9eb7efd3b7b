package dev.loom.it.shell;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The JDKs to test with: those of {@code LOOM_TEST_JDKS}, else the oldest from 17 on and the newest that are installed. */
final class Jdks {

    private Jdks() {}

    /** @param home its directory; @param version its feature release */
    record Jdk(Path home, int version) {

        String java() {
            return home.resolve("bin").resolve("java").toString();
        }

        @Override
        public String toString() {
            return "JDK " + version;
        }
    }

    static Stream<Jdk> all() throws IOException {
        String wanted = System.getenv("LOOM_TEST_JDKS");
        if (wanted != null && !wanted.isBlank()) {
            return Arrays.stream(wanted.split(File.pathSeparator)).map(home -> jdk(Path.of(home)));
        }
        TreeMap<Integer, Jdk> byVersion = new TreeMap<>();
        for (Path home : installed()) {
            Jdk jdk = jdk(home);
            if (jdk.version >= 17) {
                byVersion.putIfAbsent(jdk.version, jdk);
            }
        }
        Jdk oldest = byVersion.firstEntry().getValue();
        Jdk newest = byVersion.lastEntry().getValue();
        return oldest.equals(newest) ? Stream.of(oldest) : Stream.of(oldest, newest);
    }

    private static List<Path> installed() throws IOException {
        List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        Path usual = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(usual)) {
            try (Stream<Path> entries = Files.list(usual)) {
                entries.filter(home -> Files.isExecutable(home.resolve("bin/javac")) && Files.exists(home.resolve("release")))
                        .sorted(Comparator.naturalOrder())
                        .forEach(homes::add);
            }
        }
        return homes;
    }

    private static Jdk jdk(Path home) {
        Properties release = new Properties();
        try (Reader in = Files.newBufferedReader(home.resolve("release"))) {
            release.load(in);
        } catch (IOException e) {
            throw new IllegalStateException(home + " is not a JDK", e);
        }
        return new Jdk(home, Integer.parseInt(release.getProperty("JAVA_VERSION").replaceAll("[^0-9.]", "").split("\\.")[0]));
    }
}
