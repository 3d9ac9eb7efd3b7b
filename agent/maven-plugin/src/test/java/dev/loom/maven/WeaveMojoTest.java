package dev.loom.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.classes.PreparedMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs Maven on a small project, offline: with a local repository in which Loom's artifacts are those just built, and everything else is
 * that of the user who builds.
 */
@DisplayName("The Maven plugin's goal weave")
class WeaveMojoTest {

    private static final String VERSION = "0.1.0";

    private static final String POM = """
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
              <parent><groupId>dev.loom</groupId><artifactId>loom-parent</artifactId><version>%s</version><relativePath/></parent>
              <groupId>com.acme</groupId><artifactId>shop</artifactId><version>1</version>
              <build><plugins>
                <plugin><groupId>com.diffplug.spotless</groupId><artifactId>spotless-maven-plugin</artifactId><configuration><skip>true</skip></configuration></plugin>
                <plugin>
                  <groupId>dev.loom</groupId><artifactId>loom-maven-plugin</artifactId><version>%s</version>
                  <executions><execution><goals><goal>weave</goal></goals></execution></executions>
                </plugin>
              </plugins></build>
            </project>
            """.formatted(VERSION, VERSION);

    private static final String LOOP = """
            package com.acme;
            public class Loop {
                public static void serve(java.util.concurrent.BlockingQueue<Runnable> jobs) throws InterruptedException {
                    while (true) {
                        jobs.take().run();
                    }
                }
            }
            """;

    /** A loop in which nobody can be for long. */
    private static final String BRIEF = """
            package com.acme;
            public class Brief {
                public static void main(String[] words) {
                    for (String word : words) {
                        System.out.println(word);
                    }
                }
            }
            """;

    @TempDir
    Path directory;

    private Path project;
    private Path repository;

    @BeforeEach
    void setUp() throws IOException {
        project = Files.createDirectories(directory.resolve("shop"));
        Files.writeString(project.resolve("pom.xml"), POM);
        Path sources = Files.createDirectories(project.resolve("src/main/java/com/acme"));
        Files.writeString(sources.resolve("Loop.java"), LOOP);
        Files.writeString(sources.resolve("Brief.java"), BRIEF);
        Files.writeString(sources.resolve("Plain.java"), "package com.acme; class Plain { int a(int b) { return b; } }");
        repository = Files.createDirectories(directory.resolve("repository"));
        Path users = Path.of(System.getProperty("maven.repo.local", System.getProperty("user.home") + "/.m2/repository"));
        link(users, repository, "dev");
        link(users.resolve("dev"), Files.createDirectories(repository.resolve("dev")), "loom");
        Path root = Path.of("../..").toAbsolutePath().normalize();
        install("loom-parent", root.resolve("pom.xml"), null);
        install("loom-filter-engine", root.resolve("filter-engine/pom.xml"), root.resolve("filter-engine/target"));
        install("loom-maven-plugin", Path.of("pom.xml"), Path.of("target"));
    }

    /** Before the directory goes: what they lead to is the user's. */
    @AfterEach
    void removeLinks() throws IOException {
        for (Path place : List.of(repository, repository.resolve("dev"))) {
            try (Stream<Path> all = Files.list(place)) {
                for (Path one : all.filter(Files::isSymbolicLink).toList()) {
                    Files.delete(one);
                }
            }
        }
    }

    private static void link(Path from, Path to, String except) throws IOException {
        if (Files.isDirectory(from)) {
            try (Stream<Path> all = Files.list(from)) {
                for (Path one : all.filter(path -> !path.getFileName().toString().equals(except)).toList()) {
                    Files.createSymbolicLink(to.resolve(one.getFileName()), one);
                }
            }
        }
    }

    private void install(String artifact, Path pom, Path built) throws IOException {
        Path place = Files.createDirectories(repository.resolve("dev/loom").resolve(artifact).resolve(VERSION));
        Files.copy(pom, place.resolve(artifact + "-" + VERSION + ".pom"));
        if (built != null) {
            Path jar = built.resolve(artifact + "-" + VERSION + ".jar");
            assertTrue(Files.exists(jar), () -> jar + " is not there: run mvn verify, which packages before it tests");
            Files.copy(jar, place.resolve(jar.getFileName()));
        }
    }

    private String maven(int status, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("mvn", "-o", "-B", "-ntp", "-Dmaven.repo.local=" + repository, "-DskipTests"));
        command.addAll(List.of(arguments));
        Path log = directory.resolve("maven.log");
        ProcessBuilder builder = new ProcessBuilder(command).directory(project.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().keySet().removeIf(name -> name.startsWith("MAVEN_"));
        Process maven = builder.start();
        try {
            assertTrue(maven.waitFor(5, TimeUnit.MINUTES), () -> "Maven does not end");
        } finally {
            maven.destroyForcibly();
        }
        String said = Files.readString(log);
        assertEquals(status, maven.exitValue(), said);
        return said;
    }

    private PreparedMark mark(String name) throws IOException {
        return PreparedMark.of(Files.readAllBytes(project.resolve("target/classes/com/acme").resolve(name)));
    }

    @Test
    @DisplayName("prepares what the project compiles, before it is packaged, and nothing twice")
    void preparesTheProject() throws IOException, InterruptedException {
        String first = maven(0, "prepare-package");
        assertTrue(first.contains("prepared 1 classes; 0 were, 2 need nothing"), first);
        assertNotNull(mark("Loop.class"), first);
        String second = maven(0, "prepare-package");
        assertTrue(second.contains("prepared 0 classes; 1 were, 2 need nothing"), second);
        String all = maven(0, "prepare-package", "-Dloom.weave.all=true");
        assertTrue(all.contains("prepared 1 classes; 1 were, 1 need nothing"), all);
        assertNotNull(mark("Brief.class"), all);
        String skipped = maven(0, "prepare-package", "-Dloom.weave.skip=true");
        assertTrue(skipped.contains("skipped"), skipped);
    }

    @Test
    @DisplayName("names a class that cannot be prepared, and fails the build where that is asked for")
    void damagedClass() throws IOException, InterruptedException {
        Files.createDirectories(project.resolve("src/main/resources"));
        Files.writeString(project.resolve("src/main/resources/Broken.class"), "no class");
        String said = maven(0, "prepare-package");
        assertTrue(said.contains("left as it is: Broken.class: it is damaged"), said);
        String failed = maven(1, "prepare-package", "-Dloom.weave.strict=true");
        assertTrue(failed.contains("1 classes cannot be prepared: Broken.class"), failed);
    }
}
