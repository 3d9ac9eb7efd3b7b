package dev.loom.it.harness;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;

/** The agent under test: what {@code -Dloom.agent.jar} or {@code LOOM_AGENT_JAR} names, else the module's, as Maven resolved it. */
public final class AgentJar {

    private AgentJar() {}

    public static Path path() {
        String given = System.getProperty("loom.agent.jar", System.getenv("LOOM_AGENT_JAR"));
        if (given != null) {
            return Path.of(given).toAbsolutePath();
        }
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (entry.contains("loom-agent") && entry.endsWith(".jar") && isAgent(Path.of(entry))) {
                return Path.of(entry).toAbsolutePath();
            }
        }
        Path built = Path.of("../dist/target/loom-agent.jar").toAbsolutePath().normalize();
        if (Files.exists(built)) {
            return built;
        }
        throw new IllegalStateException("the agent's jar is not on the class path: build agent/dist first (mvn package)");
    }

    private static boolean isAgent(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest() != null && file.getManifest().getMainAttributes().getValue("Premain-Class") != null;
        } catch (IOException e) {
            return false;
        }
    }
}
