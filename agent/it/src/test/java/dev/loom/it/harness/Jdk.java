package dev.loom.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * An installed JDK.
 *
 * @param feature 17, 25, …
 */
public record Jdk(int feature, Path home) {

    /** The oldest that the agent supports. */
    private static final int OLDEST = 17;

    /**
     * The JDKs that agent tests run on: those of {@code LOOM_TEST_JDKS} (homes, separated by {@code :}), else 17 and the newest
     * under {@code /usr/lib/jvm}, else the one that runs the tests. On a build server two are required.
     */
    public static List<Jdk> all() {
        String given = System.getenv("LOOM_TEST_JDKS");
        List<Jdk> found = given == null || given.isBlank() ? oldestAndNewest() : listed(given);
        if ("true".equals(System.getenv("CI")) && (found.size() < 2 || found.get(0).feature() != OLDEST)) {
            throw new IllegalStateException("on a build server the agent is tested with JDK 17 and a newer one; found " + found);
        }
        return found;
    }

    /** The newest of {@link #all()}. */
    public static Jdk newest() {
        return all().get(all().size() - 1);
    }

    /** The one that runs this. */
    public static Jdk current() {
        return of(Path.of(System.getProperty("java.home"))).orElseThrow();
    }

    private static List<Jdk> listed(String homes) {
        List<Jdk> found = new ArrayList<>();
        for (String home : homes.split(":")) {
            found.add(of(Path.of(home.strip()))
                    .orElseThrow(() -> new IllegalStateException("LOOM_TEST_JDKS: there is no JDK in " + home)));
        }
        found.sort(Comparator.comparingInt(Jdk::feature));
        return found;
    }

    private static List<Jdk> oldestAndNewest() {
        List<Jdk> installed = new ArrayList<>();
        Path parent = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(parent)) {
            try (Stream<Path> homes = Files.list(parent)) {
                homes.map(Jdk::of).flatMap(Optional::stream).forEach(installed::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        installed.sort(Comparator.comparingInt(Jdk::feature));
        List<Jdk> chosen = new ArrayList<>();
        installed.stream().filter(jdk -> jdk.feature() == OLDEST).findFirst().ifPresent(chosen::add);
        if (!installed.isEmpty()) {
            Jdk newest = installed.get(installed.size() - 1);
            if (newest.feature() > OLDEST) {
                chosen.add(newest);
            }
        }
        if (chosen.isEmpty()) {
            chosen.add(current());
        }
        return chosen;
    }

    private static Optional<Jdk> of(Path home) {
        try {
            Path real = home.toRealPath();
            if (!Files.isExecutable(real.resolve("bin/java")) || !Files.isExecutable(real.resolve("bin/jcmd"))) {
                return Optional.empty();
            }
            Properties release = new Properties();
            try (var in = Files.newInputStream(real.resolve("release"))) {
                release.load(in);
            }
            String version = release.getProperty("JAVA_VERSION", "\"0\"").replace("\"", "");
            int feature = Runtime.Version.parse(version).feature();
            return feature >= OLDEST ? Optional.of(new Jdk(feature, real)) : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public Path tool(String name) {
        return home.resolve("bin").resolve(name);
    }

    /** Whether it has virtual threads. */
    public boolean hasVirtualThreads() {
        return feature >= 21;
    }

    @Override
    public String toString() {
        return "JDK " + feature;
    }
}
